#pragma once

#include "emptor/customers/declining.hpp"

#include "customers/exposure.hpp"
#include "customers/rate_prior.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace emptor::customers {

/// The two windows a decline is judged by.
struct DeclineWindows {
  DayRange baseline;
  DayRange window;
  bool cut = false;
};

inline int length(const DayRange& range) { return range.last - range.first + 1; }

/// One eligible customer.
struct DeclineCandidate {
  std::int32_t code = 0;
  BaselineHistory history{};
  int n1 = 0;  ///< occasions that count towards the rate: not the first one ever
  int n2 = 0;
  std::int64_t orders = 0;  ///< all in the baseline
  double spend = 0;
  double mean_log_spend = 0;
  double e1 = 0;
};

struct DeclineCohort {
  std::vector<DeclineCandidate> candidates;
  std::int64_t customers = 0;
  double within = 0;  ///< squared deviations of log spend from the customers' means
  std::int64_t within_freedom = 0;
};

/// The customers with at least `min_orders` occasions in the baseline, as of the window's end.
DeclineCohort select_candidates(const DecliningView& view, const DeclineWindows& w, int min_orders);

/// DeclineActivity per day of the baseline, and exposures of the window and of the one after it.
struct DeclineActivity {
  std::vector<double> baseline;     ///< per day
  std::vector<double> window_days;  ///< per day; against peers without the market's change
  double window = 0;
  double next = 0;
  std::string season = "none";
};

DeclineActivity activity(const DecliningView& view, const DeclineWindows& w,
                         const DeclineCohort& cohort, RelativeTo relative_to);
/// Sets e1 of every candidate: the activity of the baseline's days after his first occasion ever.
void expose(DeclineCohort& cohort, const DeclineActivity& activity);

/// A share of deviations needs this many customers.
inline constexpr std::int64_t kFewestForPhi = 30;
Dispersion estimate_dispersion(const DeclineCohort& cohort, const DeclineWindows& w,
                               std::span<const double> activity);

/// Rows of equal history, and the row of each candidate.
std::pair<std::vector<RatioRow>, std::vector<std::size_t>> collapse(const DeclineCohort& cohort,
                                                                    double e2, int min_orders);

}  // namespace emptor::customers
