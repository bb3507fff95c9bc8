#pragma once

#include "emptor/core/export.hpp"

#include <cstdint>

namespace emptor {

/// Two ends of an interval.
struct Interval {
  double low = 0;
  double high = 0;
};

/// Wilson score interval of a proportion (Wilson 1927). `successes` in [0, n]; both ends NaN if n
/// is 0.
EMPTOR_EXPORT Interval wilson(double successes, double n, double level = 0.95);

/// Exact (Clopper and Pearson 1934) interval of a proportion: covers at least `level` everywhere.
EMPTOR_EXPORT Interval clopper_pearson(std::int64_t successes, std::int64_t n, double level = 0.95);

/// Exact (Garwood 1936) interval of a Poisson mean from its count.
EMPTOR_EXPORT Interval garwood(std::int64_t count, double level = 0.95);

/// Byar's approximation to Garwood's interval; also for counts that are not whole.
EMPTOR_EXPORT Interval byar(double count, double level = 0.95);

/// Newcombe's hybrid score interval (1998, method 10) of a difference of proportions x1/n1 - x2/n2.
EMPTOR_EXPORT Interval newcombe(double successes1, double n1, double successes2, double n2,
                                double level = 0.95);

/// Delta-method interval of exp(log_value) whose logarithm has the given variance: positive ratios.
EMPTOR_EXPORT Interval log_delta(double log_value, double variance, double level = 0.95);

/// z such that a standard normal lies in (-z, z) with probability `level`.
EMPTOR_EXPORT double normal_half_width(double level);

}  // namespace emptor
