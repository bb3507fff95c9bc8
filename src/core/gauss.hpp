#pragma once

#include <vector>

namespace emptor::core {

/// Nodes in (0, 1), rising, and their weights, which sum to 1.
struct QuadratureRule {
  std::vector<double> node;
  std::vector<double> weight;
};

/// Gauss and Legendre's rule of 10, 20 or 30 nodes; exact for polynomials of twice that degree less
/// one.
const QuadratureRule& gauss_legendre(int nodes);

}  // namespace emptor::core
