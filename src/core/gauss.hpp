#pragma once

#include <vector>

namespace emptor::core {

/// Nodes in (0, 1), rising, and their weights, which sum to 1.
struct QuadratureRule {
  std::vector<double> node;
  std::vector<double> weight;
};

inline constexpr int kMostGaussNodes = 32;

/// Gauss and Legendre's rule of 1 to kMostGaussNodes nodes; exact for polynomials of twice that
/// degree less one. Made once.
const QuadratureRule& gauss_legendre(int nodes);

}  // namespace emptor::core
