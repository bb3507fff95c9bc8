#pragma once

#include "customers/count_law.hpp"
#include "customers/spend_posterior.hpp"

#include <span>
#include <vector>

namespace emptor::customers {

/// What a customer in fact spends within a horizon: N orders of one law, each Gamma(p, nu) with his
/// own nu ~ Gamma(shape, rate). Given N = n their sum over `rate` is beta prime with p n and shape,
/// so its distribution is a sum of incomplete beta functions over n, exact. The error with which
/// the parameters of spend are known is an even mixture of one standard error either way, as the
/// laws of N may be.
class ValueLaw {
 public:
  /// `precision` is the chance that counts beyond the last may have together.
  ValueLaw(std::span<CountLaw> counts, const SpendPosterior& spend, double p, double precision);
  /// P(sum <= s).
  [[nodiscard]] double cdf(double s) const;
  /// Smallest s, to six digits, with cdf(s) >= chance; 0 where nothing bought is as likely.
  [[nodiscard]] double quantile(double chance) const;

 private:
  std::vector<double> chance_{};  ///< of n orders
  SpendPosterior spend_;
  double p_;
  double mean_ = 0;
};

}  // namespace emptor::customers
