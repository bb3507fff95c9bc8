#include "customers/change_date.hpp"

#include "core/special.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace emptor::customers {
namespace {

constexpr double kClear = 3;
constexpr int kMostSteps = 128;      // of the days that come into question
constexpr double kLeastSize = 1.05;  // of the rate's law before the fall: under 1 it has no mean
constexpr std::size_t kMostLaws = 2;

/// One customer's occasions after the first, and the laws of his rate given all of them.
class Evidence {
 public:
  Evidence(std::span<const data::Day> days, const ActivityClock& clock,
           std::span<const RateLaw> laws, double phi, double regularity)
      : days_(days), clock_(clock), laws_(laws), regularity_(regularity), phi_(phi) {
    const double n = regularity * static_cast<double>(days.size() - 1);
    const double exposure = clock.between(days.front(), clock.last());
    double most = 0, sum = 0;
    for (std::size_t l = 0; l < laws.size(); ++l) {
      const double rate = rate_of(l), size = laws[l].shape + n;
      weight_[l] = std::log(laws[l].share) + laws[l].shape * std::log(rate) +
                   core::log_gamma(size) - core::log_gamma(laws[l].shape) -
                   size * std::log(rate + exposure);
      most = l == 0 ? weight_[l] : std::max(most, weight_[l]);
    }
    for (std::size_t l = 0; l < laws.size(); ++l) sum += weight_[l] = std::exp(weight_[l] - most);
    for (std::size_t l = 0; l < laws.size(); ++l) weight_[l] /= sum;
  }

  /// For a fall right after the day `eve`, up to which `before` occasions came, over none.
  [[nodiscard]] double of(std::size_t before, data::Day eve) const {
    const double n1 = regularity_ * static_cast<double>(before);
    const double n2 = regularity_ * static_cast<double>(days_.size() - 1 - before);
    const double e1 = clock_.between(days_.front(), eve), e2 = clock_.between(eve, clock_.last());
    if (!(e2 > 0)) return 0;
    double sum = 0;
    for (std::size_t l = 0; l < laws_.size(); ++l) {
      const double size = laws_[l].shape + n1;
      if (size < kLeastSize) continue;
      const double a = rate_of(l) + e1;
      const double log_value = (size + n2) * std::log1p(e2 / a) + (n2 + 1) * std::log(a / e2) +
                               core::log_beta(n2 + 1, size - 1) +
                               std::log(core::beta_cdf(e2 / (a + e2), n2 + 1, size - 1));
      sum += weight_[l] * std::exp(log_value);
    }
    return sum;
  }

  /// The greatest over all days: while no occasion comes the evidence only falls, so it is right
  /// after one.
  [[nodiscard]] double greatest() const {
    double most = 0;
    for (std::size_t i = 1; i < days_.size() && days_[i] < clock_.last(); ++i)
      most = std::max(most, of(i, days_[i]));
    return most;
  }

 private:
  [[nodiscard]] double rate_of(std::size_t law) const {
    return laws_[law].rate / (phi_ * regularity_);
  }
  std::span<const data::Day> days_;
  const ActivityClock& clock_;
  std::span<const RateLaw> laws_;
  double regularity_, phi_;
  std::array<double, kMostLaws> weight_{};
};

/// The shortest run of steps that holds `level` of the weights, and the greatest of them.
std::pair<std::size_t, std::size_t> shortest(std::span<const double> weight, double level,
                                             std::size_t best) {
  std::size_t low = 0, high = weight.size() - 1, begin = 0;
  double held = 0;
  for (std::size_t end = 0; end < weight.size(); ++end) {
    held += weight[end];
    while (begin < end && held - weight[begin] >= level) held -= weight[begin++];
    if (held >= level && end - begin < high - low) {
      low = begin;
      high = end;
    }
  }
  return {std::min(low, best), std::max(high, best)};
}

}  // namespace

ChangeDate change_date(std::span<const data::Day> days, const ActivityClock& clock,
                       std::span<const RateLaw> laws, double phi, double regularity, double level) {
  ChangeDate result;
  if (days.size() < 2) return result;
  // The rate before is known from one occasion after the first at least.
  const data::Day opened = days[1], last = clock.last();
  const int span = last - opened;
  if (span < 2) return result;
  const Evidence evidence(days, clock, laws, phi, regularity);
  result.bayes_factor = evidence.greatest();
  if (result.bayes_factor < kClear) return result;
  const int step = (span + kMostSteps - 1) / kMostSteps;
  const auto steps = static_cast<std::size_t>((span + step - 1) / step);
  std::vector<double> weight(steps);
  std::size_t came = 1;
  double sum = 0;
  for (std::size_t i = 0; i < steps; ++i) {
    const data::Day eve = opened + step * static_cast<data::Day>(i);
    while (came < days.size() && days[came] <= eve) ++came;
    sum += weight[i] = evidence.of(came - 1, eve);
  }
  result.bayes_factor = sum / static_cast<double>(steps);
  if (result.bayes_factor < kClear) return result;
  for (double& one : weight) one /= sum;
  const auto best =
      static_cast<std::size_t>(std::max_element(weight.begin(), weight.end()) - weight.begin());
  const auto [low, high] = shortest(weight, level, best);
  if (2 * (high - low + 1) > steps) return result;
  const auto day = [&](std::size_t i) { return opened + 1 + step * static_cast<data::Day>(i); };
  result.day = day(best);
  result.low = day(low);
  result.high = std::min(day(high) + step - 1, last);
  return result;
}

}  // namespace emptor::customers
