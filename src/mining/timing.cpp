#include "mining/timing.hpp"

#include "emptor/core/interval.hpp"

#include "mining/pair_scan.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace emptor::mining::next {
namespace {

// Elementary symmetric polynomials of odds, up to a factor: only their ratios matter, and products
// of hundreds of odds would leave the range of a double. Odds are at most twice the number of
// visits, so that 16 of them cannot, whatever was scaled before.
class Symmetric {
 public:
  void start(int degree) {
    e_.assign(static_cast<std::size_t>(degree) + 1, 0.0);
    e_[0] = 1;
    filled_ = 0;
  }
  /// The odds of visits, by their bins.
  void multiply(std::span<const std::int32_t> bins, std::span<const double> odds) {
    if (e_.size() == 1) return;
    if (e_.size() == 2) {  // the most frequent: a sum
      for (const auto bin : bins) e_[1] += odds[static_cast<std::size_t>(bin)];
      return;
    }
    for (std::size_t begin = 0; begin < bins.size(); begin += kAtOnce) {
      for (const auto bin : bins.subspan(begin, std::min(kAtOnce, bins.size() - begin))) {
        const double own = odds[static_cast<std::size_t>(bin)];
        filled_ = std::min(filled_ + 1, e_.size() - 1);
        for (std::size_t k = filled_; k > 0; --k) e_[k] += own * e_[k - 1];
      }
      const double largest = *std::max_element(e_.begin(), e_.end());
      if (largest > kLargest)
        for (double& value : e_) value /= largest;
    }
  }
  [[nodiscard]] double operator[](int degree) const { return e_[static_cast<std::size_t>(degree)]; }

 private:
  static constexpr std::size_t kAtOnce = 16;
  static constexpr double kLargest = 1e50;
  std::vector<double> e_;
  std::size_t filled_ = 0;
};

/// Laws of the customers, anchored at what was observed, for many values of beta.
class Likelihood {
 public:
  explicit Likelihood(const TimingCustomers& customers) : customers_(customers) {
    for (std::size_t c = 0; c < customers.size(); ++c) {
      const auto& customer = customers.customer[c];
      const int low = customer.low - customer.observed;
      low_ = std::min(low_, low);
      high_ = std::max(high_, low + static_cast<int>(customers.weights(c).size()) - 1);
    }
    powers_.resize(static_cast<std::size_t>(high_ - low_) + 1);
  }

  struct Value {
    double log = 0, score = 0, information = 0;
  };
  /// Up to a constant, with its first and minus its second derivative.
  Value operator()(double beta) {
    // Steps are limited so that no power of the odds ratio leaves the range of a double.
    const double ratio = std::exp(beta);
    const auto zero = static_cast<std::size_t>(-low_);
    powers_[zero] = 1;
    for (std::size_t k = zero + 1; k < powers_.size(); ++k) powers_[k] = powers_[k - 1] * ratio;
    for (std::size_t k = zero; k > 0; --k) powers_[k - 1] = powers_[k] / ratio;
    Value value;
    for (std::size_t c = 0; c < customers_.size(); ++c) {
      const auto& customer = customers_.customer[c];
      const auto weight = customers_.weights(c);
      const int low = customer.low - customer.observed;
      const double* power = &powers_[static_cast<std::size_t>(low - low_)];
      double sum = 0, first = 0, second = 0;
      for (std::size_t i = 0; i < weight.size(); ++i) {
        const double k = low + static_cast<double>(i);
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
  const TimingCustomers& customers_;
  std::vector<double> powers_;
  int low_ = 0, high_ = 0;
};

// Root of f, which is positive at `inner` and falls (in the direction of `outer`) through 0: Newton
// from `start`, halving the bracket where a step leaves it. A step so small that it cannot matter
// ends the search wherever it leads: next to the root rounding may point out of the bracket. `f`
// returns value and slope.
template <typename Function>
double root(Function&& f, double inner, double outer, double start) {
  constexpr double kSmall = 1e-10;
  double x = start;
  for (int step = 0; step < 80; ++step) {
    const auto [value, slope] = f(x);
    if (slope != 0 && std::abs(value / slope) < kSmall) return x - value / slope;
    (value >= 0 ? inner : outer) = x;
    double moved = slope != 0 ? x - value / slope : (inner + outer) / 2;
    if (!(moved > std::min(inner, outer) && moved < std::max(inner, outer)))
      moved = (inner + outer) / 2;
    const bool done = std::abs(moved - x) < kSmall;
    x = moved;
    if (done) break;
  }
  return x;
}

}  // namespace

namespace {

/// Visits [from, to) of a customer.
struct Range {
  std::int32_t from = 0, to = 0;
  [[nodiscard]] int size() const noexcept { return to - from; }
};

/// Adds customers with their laws.
class Laws {
 public:
  Laws(const Visits& visits, const Rates& rates, std::size_t b) : visits_(visits) {
    for (int bin = 0; bin < visits.n_bins; ++bin) {
      const double share = rates.share(bin, b);
      odds_.push_back(share / (1 - share));
    }
  }
  /// `positives` of the visits of both have B, `observed` of them inside. Nothing is added unless
  /// some visits have B and some do not, and some are inside and some are not.
  void add(Range inside, std::array<Range, 2> outside, int positives, int observed) {
    const int n_inside = inside.size();
    const int n_outside = outside[0].size() + outside[1].size();
    if (positives == 0 || positives == n_inside + n_outside || n_inside == 0 || n_outside == 0)
      return;
    const int low = std::max(0, positives - n_outside);
    const int high = std::min(positives, n_inside);
    inside_.start(high);
    inside_.multiply(bins(inside), odds_);
    outside_.start(positives - low);
    for (const Range& range : outside) outside_.multiply(bins(range), odds_);
    auto& weight = customers_.weight;
    const auto first = weight.size();
    customers_.customer.push_back({low, observed, first});
    double largest = 0;
    for (int k = low; k <= high; ++k) {
      weight.push_back(inside_[k] * outside_[positives - k]);
      largest = std::max(largest, weight.back());
    }
    for (auto i = first; i < weight.size(); ++i) weight[i] /= largest;
  }
  TimingCustomers customers() && { return std::move(customers_); }

 private:
  [[nodiscard]] std::span<const std::int32_t> bins(Range range) const {
    return std::span(visits_.bin)
        .subspan(static_cast<std::size_t>(range.from), static_cast<std::size_t>(range.size()));
  }

  const Visits& visits_;
  std::vector<double> odds_;  // per bin
  Symmetric inside_, outside_;
  TimingCustomers customers_;
};

}  // namespace

TimingCustomers timing_customers(const Visits& visits, const Rates& rates, std::size_t b,
                                 const BuyersOf& consequent, std::span<const std::int32_t> index) {
  Laws laws(visits, rates, b);
  for (const auto v : index) {
    const auto customer = visits.customer[static_cast<std::size_t>(v)];
    const auto with_b = consequent.visits_of(customer);
    if (with_b.empty()) continue;
    const auto c = static_cast<std::size_t>(customer);
    const auto begin = visits.first_visit[c];
    const auto end = visits.first_visit[c + 1];
    const auto window_end = visits.window_end[static_cast<std::size_t>(v)];
    int positives = 0, observed = 0;
    for (const auto with : with_b) {
      positives += with != v ? 1 : 0;
      observed += static_cast<int>(with > v) & static_cast<int>(with < window_end);
    }
    laws.add({v + 1, window_end}, {Range{begin, v}, Range{window_end, end}}, positives, observed);
  }
  return std::move(laws).customers();
}

TimingCustomers part_timing_customers(const Visits& visits, const Rates& rates, std::size_t b,
                                      std::int32_t consequent, std::span<const std::int32_t> whole,
                                      std::span<const std::int32_t> part) {
  Laws laws(visits, rates, b);
  const auto with_b = visits.visits_of(consequent);
  const auto count = [&](Range range) {
    const auto first = std::lower_bound(with_b.begin(), with_b.end(), range.from);
    return static_cast<int>(std::lower_bound(first, with_b.end(), range.to) - first);
  };
  auto next = part.begin();
  for (const auto v : whole) {
    const auto c = static_cast<std::size_t>(visits.customer[static_cast<std::size_t>(v)]);
    next = first_from(next, part.end(), visits.first_visit[c]);
    if (next == part.end()) break;
    if (*next >= v) continue;
    const Range inside{v + 1, visits.window_end[static_cast<std::size_t>(v)]};
    const Range before{*next + 1, std::min(v, visits.window_end[static_cast<std::size_t>(*next)])};
    const int observed = count(inside);
    laws.add(inside, {before, Range{}}, observed + count(before), observed);
  }
  return std::move(laws).customers();
}

double timing_p(const TimingCustomers& customers) {
  double score = 0, information = 0, squares = 0;
  for (std::size_t c = 0; c < customers.size(); ++c) {
    double sum = 0, first = 0, second = 0;
    double k = customers.customer[c].low;
    for (const double weight : customers.weights(c)) {
      sum += weight;
      first += weight * k;
      second += weight * k * k;
      ++k;
    }
    const double mean = first / sum;
    const double rest = customers.customer[c].observed - mean;
    score += rest;
    information += std::max(0.0, second / sum - mean * mean);
    squares += rest * rest;
  }
  const TimingSums sums{static_cast<float>(score), static_cast<float>(information),
                        static_cast<float>(squares)};
  const double p = sums.p();
  return sums.needs_exact() ? std::max(p, timing_tail(customers).p) : p;
}

TimingTail timing_tail(const TimingCustomers& customers) {
  std::vector<double> law{1.0}, sum;
  int low = 0, observed = 0;
  for (std::size_t c = 0; c < customers.size(); ++c) {
    const auto own = customers.weights(c);
    const double total = std::accumulate(own.begin(), own.end(), 0.0);
    sum.assign(law.size() + own.size() - 1, 0.0);
    for (std::size_t i = 0; i < law.size(); ++i)
      for (std::size_t k = 0; k < own.size(); ++k) sum[i + k] += law[i] * own[k] / total;
    law.swap(sum);
    low += customers.customer[c].low;
    observed += customers.customer[c].observed;
  }
  TimingTail tail{0, 0};
  const auto from = static_cast<std::size_t>(observed - low);
  // From the far end, so that the small terms are not lost.
  for (std::size_t i = law.size(); i-- > from;) tail.p += law[i];
  tail.p = std::min(1.0, tail.p);
  tail.mid_p = tail.p - law[from] / 2;
  return tail;
}

Estimate timing_odds_ratio(const TimingCustomers& customers, double level) {
  Estimate estimate;
  estimate.level = level;
  estimate.n = static_cast<std::int64_t>(customers.size());
  bool at_low = true, at_high = true;
  for (std::size_t c = 0; c < customers.size(); ++c) {
    const auto& customer = customers.customer[c];
    const auto n = static_cast<int>(customers.weights(c).size());
    at_low = at_low && customer.observed == customer.low;
    at_high = at_high && customer.observed + 1 == customer.low + n;
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
