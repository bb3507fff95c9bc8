#include "mining/timing.hpp"

#include "emptor/core/interval.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace emptor::mining::next {
namespace {

// Elementary symmetric polynomials of the odds up to `degree`, scaled to a largest entry of 1: only
// their ratios matter, and products of hundreds of small odds would underflow.
std::vector<double> symmetric(std::span<const double> odds, int degree) {
  std::vector<double> e(static_cast<std::size_t>(degree) + 1, 0.0);
  e[0] = 1;
  int filled = 0;
  for (const double o : odds) {
    filled = std::min(filled + 1, degree);
    double largest = 0;
    for (auto k = static_cast<std::size_t>(filled); k > 0; --k) {
      e[k] += o * e[k - 1];
      largest = std::max(largest, e[k]);
    }
    if (largest > 1e100)
      for (double& value : e) value *= 1e-100;
  }
  return e;
}

/// Laws of the customers, anchored at what was observed, for many values of beta.
class Likelihood {
 public:
  explicit Likelihood(std::span<const TimingCustomer> customers) {
    for (const auto& customer : customers) {
      const double largest =
          *std::max_element(customer.log_weight.begin(), customer.log_weight.end());
      rows_.push_back({customer.low - customer.observed, weight_.size()});
      low_ = std::min(low_, customer.low - customer.observed);
      for (const double value : customer.log_weight) weight_.push_back(std::exp(value - largest));
      high_ = std::max(high_, rows_.back().low + static_cast<int>(customer.log_weight.size()) - 1);
    }
    rows_.push_back({0, weight_.size()});
  }

  struct Value {
    double log = 0, score = 0, information = 0;
  };
  /// Up to a constant, with its first and minus its second derivative.
  Value operator()(double beta) {
    // Steps are limited so that no power of the odds ratio leaves the range of a double.
    powers_.clear();
    for (int k = low_; k <= high_; ++k) powers_.push_back(std::exp(beta * k));
    Value value;
    for (std::size_t c = 0; c + 1 < rows_.size(); ++c) {
      const double* power = &powers_[static_cast<std::size_t>(rows_[c].low - low_)];
      const double* weight = &weight_[rows_[c].begin];
      double sum = 0, first = 0, second = 0;
      for (std::size_t i = 0; i < rows_[c + 1].begin - rows_[c].begin; ++i) {
        const double k = rows_[c].low + static_cast<double>(i);
        const double w = weight[i] * power[i];
        sum += w;
        first += w * k;
        second += w * k * k;
      }
      const double mean = first / sum;
      value.log -= std::log(sum);
      value.score -= mean;
      value.information += std::max(0.0, second / sum - mean * mean);
    }
    return value;
  }
  /// The largest |beta| that can be asked for.
  [[nodiscard]] double limit() const {
    return std::min(kLargestLogOdds, 600.0 / std::max({1, high_, -low_}));
  }

 private:
  static constexpr double kLargestLogOdds = 15;
  struct Row {
    int low;  // of k, minus the observed one
    std::size_t begin;
  };
  std::vector<Row> rows_;
  std::vector<double> weight_, powers_;
  int low_ = 0, high_ = 0;
};

// Root of f, which is positive at `inner` and falls (in the direction of `outer`) through 0: Newton
// from `start`, halving the bracket where a step leaves it. `f` returns value and slope.
template <typename Function>
double root(Function&& f, double inner, double outer, double start) {
  double x = start;
  for (int step = 0; step < 80; ++step) {
    const auto [value, slope] = f(x);
    (value >= 0 ? inner : outer) = x;
    double moved = slope != 0 ? x - value / slope : (inner + outer) / 2;
    if (!(moved > std::min(inner, outer) && moved < std::max(inner, outer)))
      moved = (inner + outer) / 2;
    const bool done = std::abs(moved - x) < 1e-10;
    x = moved;
    if (done) break;
  }
  return x;
}

}  // namespace

std::vector<TimingCustomer> timing_customers(const Visits& visits, const Rates& rates,
                                             std::size_t b, std::int32_t consequent,
                                             std::span<const std::int32_t> index) {
  std::vector<TimingCustomer> customers;
  const auto with_b = visits.visits_of(consequent);
  auto next = with_b.begin();
  std::vector<double> inside, outside;
  for (const auto v : index) {
    const auto c = static_cast<std::size_t>(visits.customer[static_cast<std::size_t>(v)]);
    const auto begin = visits.first_visit[c];
    const auto end = visits.first_visit[c + 1];
    const auto window_end = visits.window_end[static_cast<std::size_t>(v)];
    next = first_from(next, with_b.end(), begin);
    int positives = 0, observed = 0;
    for (; next != with_b.end() && *next < end; ++next) {
      positives += *next != v ? 1 : 0;
      observed += *next > v && *next < window_end ? 1 : 0;
    }
    const int n = end - begin - 1;
    const int n_inside = window_end - v - 1;
    if (positives == 0 || positives == n || n_inside == 0 || n_inside == n) continue;
    inside.clear();
    outside.clear();
    for (auto i = begin; i < end; ++i) {
      if (i == v) continue;
      const double share = rates.share(visits.bin[static_cast<std::size_t>(i)], b);
      (i > v && i < window_end ? inside : outside).push_back(share / (1 - share));
    }
    const int low = std::max(0, positives - (n - n_inside));
    const int high = std::min(positives, n_inside);
    const auto e_in = symmetric(inside, high);
    const auto e_out = symmetric(outside, positives - low);
    TimingCustomer customer{low, observed, {}};
    for (int k = low; k <= high; ++k)
      customer.log_weight.push_back(std::log(e_in[static_cast<std::size_t>(k)]) +
                                    std::log(e_out[static_cast<std::size_t>(positives - k)]));
    customers.push_back(std::move(customer));
  }
  return customers;
}

TimingTail timing_tail(std::span<const TimingCustomer> customers) {
  std::vector<double> law{1.0}, sum, own;
  int low = 0, observed = 0;
  for (const auto& customer : customers) {
    const double largest =
        *std::max_element(customer.log_weight.begin(), customer.log_weight.end());
    own.clear();
    double total = 0;
    for (const double weight : customer.log_weight)
      total += own.emplace_back(std::exp(weight - largest));
    sum.assign(law.size() + own.size() - 1, 0.0);
    for (std::size_t i = 0; i < law.size(); ++i)
      for (std::size_t k = 0; k < own.size(); ++k) sum[i + k] += law[i] * own[k] / total;
    law.swap(sum);
    low += customer.low;
    observed += customer.observed;
  }
  TimingTail tail{0, 0};
  const auto from = static_cast<std::size_t>(observed - low);
  // From the far end, so that the small terms are not lost.
  for (std::size_t i = law.size(); i-- > from;) tail.p += law[i];
  tail.p = std::min(1.0, tail.p);
  tail.mid_p = tail.p - law[from] / 2;
  return tail;
}

Estimate timing_odds_ratio(std::span<const TimingCustomer> customers, double level) {
  Estimate estimate;
  estimate.level = level;
  estimate.n = static_cast<std::int64_t>(customers.size());
  bool at_low = true, at_high = true;
  for (const auto& customer : customers) {
    at_low = at_low && customer.observed == customer.low;
    at_high = at_high &&
              customer.observed + 1 == customer.low + static_cast<int>(customer.log_weight.size());
  }
  if (at_low && at_high) {  // also: no customers
    estimate.status = Status::not_enough_data;
    return estimate;
  }
  Likelihood likelihood(customers);
  const double limit = likelihood.limit();
  double beta = at_low ? -limit : limit;
  if (at_low || at_high) {
    estimate.status = Status::boundary;
  } else {
    beta = root(
        [&](double x) {
          const auto at = likelihood(x);
          return std::pair(at.score, -at.information);
        },
        -limit, limit, 0);
  }
  const double z = normal_half_width(level);
  const auto top = likelihood(beta);
  const double floor = top.log - z * z / 2;
  const auto above = [&](double x) {
    const auto at = likelihood(x);
    return std::pair(at.log - floor, at.score);
  };
  const double wald = top.information > 0 ? z / std::sqrt(top.information) : limit;
  const double infinity = std::numeric_limits<double>::infinity();
  estimate.value = at_low ? 0 : at_high ? infinity : std::exp(beta);
  estimate.low = at_low ? 0 : std::exp(root(above, beta, -limit, std::max(beta - wald, -limit)));
  estimate.high =
      at_high ? infinity : std::exp(root(above, beta, limit, std::min(beta + wald, limit)));
  return estimate;
}

}  // namespace emptor::mining::next
