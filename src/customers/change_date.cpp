#include "customers/change_date.hpp"

#include "core/special.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace emptor::customers {
namespace {

constexpr double kStrong = 10;
constexpr int kMostSteps = 128;       // of the days that come into question
constexpr double kNegligible = 1e-6;  // of the greatest: its direction does not matter
constexpr std::size_t kMostLaws = 2;

/// Evidence of a stretch of time with a count, and the posterior of its rate under each law.
struct Segment {
  double log_evidence = 0;
  std::array<double, kMostLaws> weight{};  ///< of the laws, summing to 1
  std::array<double, kMostLaws> size{}, exposure{};
};

class Evidence {
 public:
  Evidence(std::span<const RateLaw> laws, double phi, double regularity, std::size_t most)
      : laws_(laws), scale_(phi * regularity), regularity_(regularity) {
    for (std::size_t l = 0; l < laws_.size(); ++l) {
      const RateLaw& law = laws_[l];
      const double base = std::log(law.share) + law.shape * std::log(law.rate / scale_) -
                          core::log_gamma(law.shape);
      for (std::size_t n = 0; n <= most; ++n)
        constant_[l].push_back(base +
                               core::log_gamma(law.shape + regularity_ * static_cast<double>(n)));
    }
  }

  [[nodiscard]] Segment of(std::size_t count, double exposure) const {
    Segment segment;
    double most = 0;
    for (std::size_t l = 0; l < laws_.size(); ++l) {
      segment.size[l] = laws_[l].shape + regularity_ * static_cast<double>(count);
      segment.exposure[l] = laws_[l].rate / scale_ + exposure;
      segment.weight[l] = constant_[l][count] - segment.size[l] * std::log(segment.exposure[l]);
      most = l == 0 ? segment.weight[l] : std::max(most, segment.weight[l]);
    }
    double sum = 0;
    for (std::size_t l = 0; l < laws_.size(); ++l)
      sum += segment.weight[l] = std::exp(segment.weight[l] - most);
    for (std::size_t l = 0; l < laws_.size(); ++l) segment.weight[l] /= sum;
    segment.log_evidence = most + std::log(sum);
    return segment;
  }

  /// That the rate of `after` is below that of `before`.
  [[nodiscard]] double falls(const Segment& before, const Segment& after) const {
    double chance = 0;
    for (std::size_t a = 0; a < laws_.size(); ++a)
      for (std::size_t b = 0; b < laws_.size(); ++b)
        chance += before.weight[a] * after.weight[b] *
                  core::beta_cdf(after.exposure[b] / (before.exposure[a] + after.exposure[b]),
                                 after.size[b], before.size[a]);
    return chance;
  }

 private:
  std::span<const RateLaw> laws_;
  double scale_, regularity_;
  std::array<std::vector<double>, kMostLaws> constant_{};  ///< what the exposure does not change
};

/// The greatest evidence of a change over that of none: between two occasions it falls and rises
/// again, so for a fall it is greatest right after one.
double greatest(const Evidence& evidence, std::span<const data::Day> days,
                const ActivityClock& clock, double steady) {
  double most = 0;
  for (std::size_t i = 0; i < days.size(); ++i) {
    const data::Day eve = std::max(days[i], days.front() + 1);
    if (eve >= clock.last()) break;
    if (i + 1 < days.size() && days[i + 1] <= eve) continue;
    const double both =
        evidence.of(i, clock.between(days.front(), eve)).log_evidence +
        evidence.of(days.size() - 1 - i, clock.between(eve, clock.last())).log_evidence;
    most = std::max(most, std::exp(both - steady));
  }
  return most;
}

/// The shortest run of steps that holds `level` of the weights and the greatest of them.
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
  const data::Day opened = days.front(), last = clock.last();
  const int span = last - opened - 1;  // the new rate begins on day opened + 2 at the earliest
  if (span < 2) return result;
  const std::size_t count = days.size() - 1;
  const Evidence evidence(laws, phi, regularity, count);
  const double steady = evidence.of(count, clock.between(opened, last)).log_evidence;
  // Beforehand a rise is as likely as a fall, hence the 2.
  result.bayes_factor = 2 * greatest(evidence, days, clock, steady);
  if (result.bayes_factor < kStrong) return result;
  const int step = (span + kMostSteps - 1) / kMostSteps;
  const auto steps = static_cast<std::size_t>((span + step - 1) / step);
  std::vector<Segment> before(steps), after(steps);
  std::vector<double> weight(steps);
  std::size_t came = 1;
  double most = 0;
  for (std::size_t i = 0; i < steps; ++i) {
    const data::Day eve = opened + 1 + step * static_cast<data::Day>(i);
    while (came < days.size() && days[came] <= eve) ++came;
    before[i] = evidence.of(came - 1, clock.between(opened, eve));
    after[i] = evidence.of(count + 1 - came, clock.between(eve, last));
    weight[i] = std::exp(before[i].log_evidence + after[i].log_evidence - steady);
    most = std::max(most, weight[i]);
  }
  double sum = 0;
  for (std::size_t i = 0; i < steps; ++i) {
    if (weight[i] > kNegligible * most) weight[i] *= 2 * evidence.falls(before[i], after[i]);
    sum += weight[i];
  }
  result.bayes_factor = sum / static_cast<double>(steps);
  if (result.bayes_factor < kStrong) return result;
  for (double& one : weight) one /= sum;
  const auto best =
      static_cast<std::size_t>(std::max_element(weight.begin(), weight.end()) - weight.begin());
  const auto [low, high] = shortest(weight, level, best);
  if (2 * (high - low + 1) > steps) return result;
  const auto day = [&](std::size_t i) { return opened + 2 + step * static_cast<data::Day>(i); };
  result.day = day(best);
  result.low = day(low);
  result.high = std::min(day(high) + step - 1, last);
  return result;
}

}  // namespace emptor::customers
