#pragma once

#include "emptor/customers/declining.hpp"

#include "core/random.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace emptor::customers::testing {

/// How a cohort buys. Rates are occasions a day; the window is the last 90 days, the baseline the
/// 180 before.
struct CohortPlan {
  std::string name{};
  int customers = 5000;
  int history = 540;            ///< days of data
  std::string rates = "gamma";  ///< "gamma", "lognormal", "two-point", "uniform" or "dense" (gamma)
  double mean_rate = 0.03;
  double falls = 0;     ///< share whose rate falls by 50 to 100 % where the window begins
  double market = 0.8;  ///< factor on all rates in the window
  double season = 0;    ///< amplitude of a yearly wave on all rates
  double erlang = 1;    ///< shape of the gaps: under 1 clumpy, above 1 regular
  double others = 0;    ///< that shape for every second customer; 0 is the same for all
  double wander = 0;    ///< sd of the log of every rate's change where the window begins
  double death = 0;     ///< chance a day of stopping for good
  int window = 90;
  int baseline = 180;
};

struct Cohort {
  Occasions occasions{};
  /// True occasions a day in the window over those in the baseline, season taken out; against what
  /// the same customer would do had only the market changed, and as it is.
  std::vector<double> ratio_to_peers{};
  std::vector<double> ratio_to_own{};
  std::vector<double> lost{};  ///< true occasions a window holds fewer than it would unchanged
  data::Day first_day = 0;
  data::Day last_day = 0;
  [[nodiscard]] DecliningView view() const { return {occasions.view(), first_day, last_day}; }
};

inline double draw_rate(const CohortPlan& plan, core::Random& random) {
  if (plan.rates == "lognormal") return plan.mean_rate * std::exp(0.8 * random.normal() - 0.32);
  if (plan.rates == "two-point") return plan.mean_rate * (random.uniform() < 0.7 ? 0.5 : 13.0 / 6);
  if (plan.rates == "uniform") return plan.mean_rate * 2 * random.uniform();
  return plan.mean_rate * random.gamma(1.5) / 1.5;
}

inline Cohort simulate(const CohortPlan& plan, std::uint64_t seed) {
  Cohort cohort;
  cohort.first_day = 15000;
  cohort.last_day = cohort.first_day + plan.history - 1;
  const int window = plan.history - plan.window;
  const int baseline = window - plan.baseline;
  for (int c = 0; c < plan.customers; ++c) {
    core::Random random(seed, core::hash_integer(static_cast<std::uint64_t>(c)));
    const double rate = draw_rate(plan, random);
    const int entry = static_cast<int>(random.uniform() * window);
    double change = random.uniform() < plan.falls ? 0.5 * random.uniform() : 1;
    if (plan.wander > 0) change *= std::exp(plan.wander * random.normal());
    const int end =
        plan.death > 0 ? entry + static_cast<int>(random.exponential() / plan.death) : plan.history;
    // Gaps are drawn in units of the customer's own clock, which runs with his rate.
    const double shape = plan.others > 0 && c % 2 == 1 ? plan.others : plan.erlang;
    const auto gap = [&] { return random.gamma(shape) / shape; };
    double clock = 0, next = gap(), before = 0, during = 0, unchanged = 0;
    for (int d = entry; d < plan.history; ++d) {
      const double own = d > end ? 0 : d >= window ? rate * change : rate;
      // Occasions are days, so what counts is the chance of at least one purchase on a day.
      if (d >= window) {
        during += -std::expm1(-own * plan.market);
        unchanged += -std::expm1(-rate * plan.market);
      } else if (d > std::max(entry, baseline - 1)) {
        before += -std::expm1(-own);
      }
      bool came = d == entry;
      if (d > entry) {
        clock += own * (d >= window ? plan.market : 1) *
                 (1 + plan.season * std::sin(2 * M_PI * d / 365.2425));
        for (; clock >= next; next += gap()) came = true;
      }
      if (!came) continue;
      cohort.occasions.day.push_back(cohort.first_day + d);
      cohort.occasions.spend.push_back(20 * std::exp(0.5 * random.normal()));
    }
    const int exposed = window - std::max(entry + 1, baseline);
    const double base = before > 0 ? before / exposed : 1;
    const double level =
        before > 0 ? base / -std::expm1(-rate) : 1;  // of death inside the baseline
    cohort.ratio_to_own.push_back(during / plan.window / base);
    cohort.lost.push_back(std::max(0.0, unchanged - during));
    cohort.ratio_to_peers.push_back(during / unchanged / level);
    cohort.occasions.customer_begin.push_back(
        static_cast<std::int64_t>(cohort.occasions.day.size()));
  }
  return cohort;
}

}  // namespace emptor::customers::testing
