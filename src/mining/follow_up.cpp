#include "mining/follow_up.hpp"

#include "emptor/core/interval.hpp"

#include "core/special.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace emptor::mining::next {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

// A beta law with the mean and second moment of a product of independent betas.
class BetaProduct {
 public:
  void multiply(double a, double b) {
    first_ *= a / (a + b);
    second_ *= a * (a + 1) / ((a + b) * (a + b + 1));
  }
  [[nodiscard]] double quantile(double p) const {
    const double variance = second_ - first_ * first_;
    if (first_ <= 0) return 0;
    if (variance <= 0) return first_;
    const double size = first_ * (1 - first_) / variance - 1;
    return core::beta_quantile(p, first_ * size, (1 - first_) * size);
  }

 private:
  double first_ = 1, second_ = 1;
};

}  // namespace

std::vector<Followed> at_risk(const Visits& visits, const BuyersOf& consequent,
                              std::span<const std::int32_t> index) {
  std::vector<Followed> people;
  people.reserve(index.size());
  for (const auto v : index) {
    const auto with_b = consequent.visits_of(visits.customer[at(v)]);
    if (!with_b.empty() && with_b.front() <= v) continue;
    if (!with_b.empty() && with_b.front() < visits.window_end[at(v)])
      people.push_back({v, visits.day[at(with_b.front())] - visits.day[at(v)], true});
    else
      people.push_back({v, visits.follow[at(v)], false});
  }
  return people;
}

Within kaplan_meier(std::span<const Followed> people, int horizon, double level) {
  Within within;
  Estimate& share = within.share;
  share.level = level;
  share.n = static_cast<std::int64_t>(people.size());
  within.median_days = kNaN;
  if (people.empty()) {
    share.status = Status::not_enough_data;
    return within;
  }
  std::vector<std::int64_t> events(at(horizon) + 1, 0), exits(at(horizon) + 1, 0);
  std::int64_t n_events = 0;
  for (const auto& person : people) {
    ++(person.event ? events : exits)[at(person.days)];
    n_events += person.event ? 1 : 0;
  }
  double survival = 1, greenwood = 0;
  BetaProduct upper;
  std::vector<double> curve;
  std::int64_t n = share.n;
  for (int t = 0; t <= horizon; ++t) {
    const auto d = events[at(t)];
    if (d > 0) {
      survival *= 1 - static_cast<double>(d) / static_cast<double>(n);
      greenwood += static_cast<double>(d) / (static_cast<double>(n) * static_cast<double>(n - d));
      upper.multiply(static_cast<double>(n - d + 1), static_cast<double>(d));
    }
    curve.push_back(survival);
    n -= d;
    if (t < horizon) n -= exits[at(t)];
  }
  // n now counts the people followed to the end without the event.
  BetaProduct lower = upper;
  if (n > 0) lower.multiply(static_cast<double>(n), 1);
  share.value = 1 - survival;
  const double tail = (1 - level) / 2;
  if (n_events >= 30 && survival > 0) {
    const double log_survival = std::log(survival);
    const double step = normal_half_width(level) * std::sqrt(greenwood) / std::abs(log_survival);
    share.low = 1 - std::exp(log_survival * std::exp(-step));
    share.high = 1 - std::exp(log_survival * std::exp(step));
  } else {
    share.low = n_events == 0 ? 0 : 1 - upper.quantile(1 - tail);
    share.high = n == 0 ? 1 : 1 - lower.quantile(tail);
  }
  if (n == 0 && survival > 0) {
    share.status = Status::extrapolated;
    share.high = 1;
  } else if (n_events < 10) {
    share.status = Status::small_sample;
  }
  for (std::int64_t t = 0; n_events > 0 && t <= horizon; ++t)
    if (1 - curve[at(t)] >= share.value / 2) {
      within.median_days = static_cast<double>(t);
      break;
    }
  return within;
}

double usual_share(const Visits& visits, const ItemProbability& probability,
                   std::span<const Followed> people) {
  const int horizon = visits.horizon;
  std::vector<double> bought(at(horizon) + 1, 0.0), leaving(at(horizon) + 2, 0.0);
  double at_start = 0;
  for (const auto& person : people) {
    const auto v = at(person.visit);
    double survival = 1;
    for (auto j = v + 1; j < at(visits.window_end[v]); ++j) {
      const auto t = at(visits.day[j] - visits.day[v]);
      const double buys = survival * static_cast<double>(probability(j));
      bought[t] += buys;
      leaving[t + 1] += buys;
      survival -= buys;
    }
    at_start += 1;
    if (visits.follow[v] < horizon) leaving[at(visits.follow[v]) + 1] += survival;
  }
  double survival = 1, n = at_start;
  for (std::size_t t = 0; t <= at(horizon); ++t) {
    n -= leaving[t];
    if (bought[t] > 0 && n > 0) survival *= 1 - std::min(1.0, bought[t] / n);
  }
  return people.empty() ? kNaN : 1 - survival;
}

}  // namespace emptor::mining::next
