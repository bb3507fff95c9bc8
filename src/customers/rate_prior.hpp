#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::customers {

/// Customers with the same history, collapsed.
struct RatioRow {
  int n1 = 0;              ///< occasions in the baseline while exposed
  double e1 = 0;           ///< exposure in the baseline, days of average activity
  int n2 = 0;              ///< occasions in the window
  double e2 = 0;           ///< exposure in the window
  int selected = 0;        ///< such customers are only seen if n1 >= selected
  std::int64_t count = 0;  ///< how many customers
};

/// Gamma(shape, rate), mean shape / rate per day, of a share of the customers.
struct RateLaw {
  double share = 1;
  double shape = 1;
  double rate = 1;
};

/// How buying rates spread over customers, for counts divided by the dispersion phi: a gamma law,
/// or two of them where the counts clearly say so, as with two kinds of customers.
struct RatePrior {
  std::vector<RateLaw> laws{{}};
  double shape = 1;  ///< of the one gamma law nearest to the counts
  double rate = 1;
  double log_likelihood = 0;  ///< of `laws`
  int iterations = 0;
  bool converged = false;
  bool boundary = false;  ///< shape at the edge of [0.02, 1000]: all alike, or a few buy all
};

/// Maximum likelihood of the negative binomial (or the mixture of two) of n1 given e1, truncated at
/// n1 >= selected. Counts divided by phi lie on the lattice j / phi, over which the truncated law
/// sums to one up to `max_count`, the most that can happen (the days of the baseline).
RatePrior fit_rate_prior(std::span<const RatioRow> rows, double phi, int max_count);

}  // namespace emptor::customers
