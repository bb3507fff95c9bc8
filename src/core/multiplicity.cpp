#include "emptor/core/multiplicity.hpp"

#include "emptor/core/error.hpp"

#include "core/order.hpp"
#include "core/shortest.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

namespace emptor {
namespace {

// Positions of the p-values that are not NaN, smallest first (equal ones in order), and the number
// of tests.
std::vector<std::uint32_t> ascending(const char* function, std::span<const double> p,
                                     std::int64_t& n_tests) {
  std::vector<std::uint32_t> positions;
  std::vector<double> values;
  positions.reserve(p.size());
  values.reserve(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (std::isnan(p[i])) continue;
    if (p[i] < 0 || p[i] > 1) {
      throw InvalidArgument(std::string(function) + ": p[" + std::to_string(i) +
                            "] must lie in [0, 1]; found " + std::to_string(p[i]));
    }
    positions.push_back(static_cast<std::uint32_t>(i));
    values.push_back(p[i]);
  }
  const auto given = static_cast<std::int64_t>(positions.size());
  if (n_tests == 0) n_tests = given;
  if (n_tests < given) {
    throw InvalidArgument(std::string(function) +
                          ": n_tests must be at least the number of p-values, " +
                          std::to_string(given) + "; found " + std::to_string(n_tests));
  }
  std::vector<std::uint32_t> order = core::ascending_order(values);
  for (std::uint32_t& i : order) i = positions[i];
  return order;
}

}  // namespace

std::vector<double> benjamini_hochberg(std::span<const double> p, std::int64_t n_tests) {
  const auto order = ascending("benjamini_hochberg", p, n_tests);
  std::vector<double> q(p.size(), std::numeric_limits<double>::quiet_NaN());
  double smallest = 1;
  for (std::size_t rank = order.size(); rank > 0; --rank) {
    const std::size_t i = order[rank - 1];
    smallest =
        std::min(smallest, p[i] * (static_cast<double>(n_tests) / static_cast<double>(rank)));
    q[i] = smallest;
  }
  return q;
}

std::vector<double> holm(std::span<const double> p, std::int64_t n_tests) {
  const auto order = ascending("holm", p, n_tests);
  std::vector<double> adjusted(p.size(), std::numeric_limits<double>::quiet_NaN());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const std::size_t i = order[rank];
    largest = std::max(
        largest,
        std::min(1.0, p[i] * static_cast<double>(n_tests - static_cast<std::int64_t>(rank))));
    adjusted[i] = largest;
  }
  return adjusted;
}

std::int64_t bayesian_fdr(std::span<const double> local_fdr, double level) {
  if (!(level >= 0 && level <= 1)) {
    throw InvalidArgument("bayesian_fdr: level must lie in [0, 1]; found " + core::shortest(level));
  }
  std::int64_t ignored = 0;
  const auto order = ascending("bayesian_fdr", local_fdr, ignored);
  double sum = 0;
  std::int64_t listed = 0;
  for (const std::size_t i : order) {
    sum += local_fdr[i];
    if (sum > level * static_cast<double>(listed + 1)) break;
    ++listed;
  }
  return listed;
}

}  // namespace emptor
