#include "mining/odds_ratio.hpp"

#include "emptor/core/error.hpp"

#include "core/special.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace emptor::mining {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Fisher's noncentral hypergeometric law: how many of `a` baskets with X are among `b` with Y when
// the odds ratio is psi and the margins are given.
class Noncentral {
 public:
  Noncentral(double a, double b, double n)
      : least_(std::max(0.0, a + b - n)), most_(std::min(a, b)) {
    for (double k = least_; k <= most_; ++k) {
      log_weight_.push_back(core::log_choose(a, k) + core::log_choose(n - a, b - k));
    }
  }
  [[nodiscard]] double least() const { return least_; }
  [[nodiscard]] double most() const { return most_; }
  // P(K >= k) if `upper`, else P(K <= k).
  [[nodiscard]] double tail(double k, double log_psi, bool upper) const {
    double top = -kInfinity;
    for (std::size_t i = 0; i < log_weight_.size(); ++i) {
      top = std::max(top, log_weight_[i] + static_cast<double>(i) * log_psi);
    }
    double all = 0;
    double part = 0;
    for (std::size_t i = 0; i < log_weight_.size(); ++i) {
      const double w = std::exp(log_weight_[i] + static_cast<double>(i) * log_psi - top);
      const double value = least_ + static_cast<double>(i);
      all += w;
      if (upper ? value >= k : value <= k) part += w;
    }
    return part / all;
  }

 private:
  double least_, most_;
  std::vector<double> log_weight_;
};

// The log odds ratio at which the tail is as large as `target`; both tails are monotone.
double solve(const Noncentral& law, double k, double target, bool upper) {
  double low = -50;
  double high = 50;
  for (int i = 0; i < 100 && high - low > 1e-12 * std::max(1.0, std::abs(low)); ++i) {
    const double middle = 0.5 * (low + high);
    const double p = law.tail(k, middle, upper);
    if ((p > target) == upper) {
      high = middle;
    } else {
      low = middle;
    }
  }
  return std::exp(0.5 * (low + high));
}

Interval exact(double n11, double n10, double n01, double n00, double level) {
  const Noncentral law(n11 + n10, n11 + n01, n11 + n10 + n01 + n00);
  const double tail = 0.5 * (1 - level);
  return {n11 <= law.least() ? 0 : solve(law, n11, tail, true),
          n11 >= law.most() ? kInfinity : solve(law, n11, tail, false)};
}

}  // namespace

Interval odds_ratio_interval_at(double n11, double n10, double n01, double n00,
                                OddsRatioInterval method, double level, double z) {
  if (method == OddsRatioInterval::exact) return exact(n11, n10, n01, n00, level);
  const bool empty_cell = std::min(std::min(n11, n10), std::min(n01, n00)) == 0;
  const double more = method == OddsRatioInterval::gart || empty_cell ? 0.5 : 0.0;
  const double log_ratio = std::log((n11 + more) * (n00 + more) / ((n10 + more) * (n01 + more)));
  const double half =
      z * std::sqrt(1 / (n11 + more) + 1 / (n10 + more) + 1 / (n01 + more) + 1 / (n00 + more));
  Interval interval{std::exp(log_ratio - half), std::exp(log_ratio + half)};
  if (method == OddsRatioInterval::woolf) {  // an estimate of 0 or infinity lies in its interval
    if (n11 == 0 || n00 == 0) interval.low = 0;
    if (n10 == 0 || n01 == 0) interval.high = kInfinity;
  }
  return interval;
}

OddsRatioInterval parse_odds_ratio_interval(std::string_view text) {
  if (text == "woolf") return OddsRatioInterval::woolf;
  if (text == "gart") return OddsRatioInterval::gart;
  if (text == "exact") return OddsRatioInterval::exact;
  throw InvalidArgument("odds_ratio_interval: '" + std::string(text.substr(0, 40)) +
                        "' is none; write \"woolf\", \"gart\" or \"exact\"");
}

Interval odds_ratio_interval(std::int64_t n11, std::int64_t n10, std::int64_t n01, std::int64_t n00,
                             OddsRatioInterval method, double level) {
  for (const std::int64_t cell : {n11, n10, n01, n00}) {
    if (cell < 0) {
      throw InvalidArgument("odds_ratio_interval: a cell is " + std::to_string(cell) +
                            "; write counts of 0 or more");
    }
  }
  const auto d = [](std::int64_t x) { return static_cast<double>(x); };
  return odds_ratio_interval_at(d(n11), d(n10), d(n01), d(n00), method, level,
                                normal_half_width(level));
}

}  // namespace emptor::mining
