#include "core/gauss.hpp"

#include "emptor/core/error.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>

namespace emptor::core {
namespace {

QuadratureRule rule_of(int n) {
  QuadratureRule rule;
  for (int i = 0; i < n; ++i) {
    // Newton's method on the Legendre polynomial, from where its i-th root nearly is.
    double x = -std::cos(std::numbers::pi * (i + 0.75) / (n + 0.5)), slope = 0;
    for (int step = 0; step < 8; ++step) {
      double p = 1, before = 0;
      for (int k = 1; k <= n; ++k) {
        const double next = ((2 * k - 1) * x * p - (k - 1) * before) / k;
        before = p;
        p = next;
      }
      slope = n * (x * p - before) / (x * x - 1);
      x -= p / slope;
    }
    rule.node.push_back(0.5 * (1 + x));
    rule.weight.push_back(1 / ((1 - x * x) * slope * slope));
  }
  return rule;
}

}  // namespace

const QuadratureRule& gauss_legendre(int nodes) {
  static const auto rules = [] {
    std::array<QuadratureRule, kMostGaussNodes + 1> all;
    for (int n = 1; n <= kMostGaussNodes; ++n) all[static_cast<std::size_t>(n)] = rule_of(n);
    return all;
  }();
  if (nodes < 1 || nodes > kMostGaussNodes)
    throw InvalidArgument("gauss_legendre: nodes must be 1 to " + std::to_string(kMostGaussNodes) +
                          ", got " + std::to_string(nodes));
  return rules[static_cast<std::size_t>(nodes)];
}

}  // namespace emptor::core
