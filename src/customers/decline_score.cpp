#include "customers/decline_score.hpp"

#include "emptor/customers/fit_purchases.hpp"
#include "emptor/customers/p_alive.hpp"
#include "emptor/learn/logistic_regression.hpp"

#include "core/special.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kFewestLearnt = 100;  // customers of the earlier snapshot
constexpr std::int64_t kFewestEach = 20;     // of them with and without a fall
constexpr std::int64_t kSmallSample = 500;
constexpr int kShortestBaseline = 28;
constexpr double kLeastChance = 1e-6;  // signs are cut there: beyond it models cannot be believed
constexpr double kDaysOfWeek = 7;

double log_odds(double p) {
  const double within = std::clamp(p, kLeastChance, 1 - kLeastChance);
  return std::log(within / (1 - within));
}

/// P(alive) of the customers at the end of the window, by code; NaN where not defined.
std::vector<double> alive_at(const OccasionsView& occasions, data::Day last,
                             const Context& context) {
  std::vector<std::int64_t> frequency;
  std::vector<double> recency, watched;
  std::vector<std::size_t> customer;
  for (std::size_t c = 0; c < occasions.customers(); ++c) {
    const auto begin = occasions.day.begin() + occasions.customer_begin[c];
    const auto end =
        std::upper_bound(begin, occasions.day.begin() + occasions.customer_begin[c + 1], last);
    if (begin == end) continue;
    customer.push_back(c);
    frequency.push_back(end - begin - 1);
    recency.push_back((*(end - 1) - *begin) / kDaysOfWeek);
    watched.push_back((last - *begin) / kDaysOfWeek);
  }
  std::vector<double> alive(occasions.customers(), kNaN);
  const PurchaseSummaryView summary{frequency, recency, watched, {}, {}, data::Span::Unit::weeks};
  const PurchaseFit fit = fit_purchases(summary, {}, context);
  const PAliveResult found = p_alive(fit, summary, {.intervals = false}, context);
  for (std::size_t i = 0; i < customer.size(); ++i) alive[customer[i]] = found.p_alive[i];
  return alive;
}

/// The snapshot one window earlier; its baseline may be cut where the data begin.
DeclineWindows one_window_earlier(const DecliningView& view, const DeclineWindows& w) {
  DeclineWindows earlier;
  earlier.window = {w.window.first - length(w.window), w.window.first - 1};
  earlier.baseline = {earlier.window.first - length(w.baseline), earlier.window.first - 1};
  if (view.first_day != data::kNoDay && earlier.baseline.first < view.first_day) {
    earlier.cut = true;
    earlier.baseline.first = view.first_day;
  }
  return earlier;
}

std::vector<learn::Feature> features(const DeclineSigns& signs) {
  const std::array columns{&signs.fewer,   &signs.days_since, &signs.tail,  &signs.p_alive,
                           &signs.silence, &signs.rate,       &signs.missed};
  std::vector<learn::Feature> all;
  for (std::size_t k = 0; k < kDeclineSigns.size(); ++k)
    all.push_back({kDeclineSigns[k], *columns[k], {}, nullptr});
  return all;
}

/// Who of a snapshot bought at most (1 - min_drop) of his old rate afterwards, the market's change
/// taken out against peers.
std::vector<std::uint8_t> fell_afterwards(const OccasionsView& occasions,
                                          const DeclineCohort& cohort, const DeclineSigns& signs,
                                          const DayRange& after, const DecliningOptions& options) {
  std::vector<double> came, expected;
  double all_came = 0, all_expected = 0;
  for (std::size_t i = 0; i < cohort.candidates.size(); ++i) {
    const auto c = static_cast<std::size_t>(cohort.candidates[i].code);
    const auto begin = occasions.day.begin() + occasions.customer_begin[c];
    const auto end = occasions.day.begin() + occasions.customer_begin[c + 1];
    came.push_back(static_cast<double>(std::upper_bound(begin, end, after.last) -
                                       std::lower_bound(begin, end, after.first)));
    expected.push_back(signs.expected_day[i] * length(after));
    all_came += came.back();
    all_expected += expected.back();
  }
  const double market = options.relative_to == RelativeTo::peers ? all_came / all_expected : 1;
  std::vector<std::uint8_t> fell;
  for (std::size_t i = 0; i < came.size(); ++i)
    fell.push_back(came[i] <= (1 - options.min_drop) * market * expected[i]);
  return fell;
}

}  // namespace

RateAfterBaseline::RateAfterBaseline(const DeclineCandidate& candidate,
                                     std::span<const RateLaw> laws, double phi, double own_phi)
    : count_(laws.size()), phi_(own_phi) {
  const double n = candidate.n1 / own_phi;
  double most = 0, sum = 0;
  for (std::size_t l = 0; l < count_; ++l) {
    const double rate = laws[l].rate * own_phi / phi;
    size_[l] = laws[l].shape + n;
    exposure_[l] = rate + candidate.e1;
    share_[l] = std::log(laws[l].share) + core::log_gamma(size_[l]) -
                core::log_gamma(laws[l].shape) + laws[l].shape * std::log(rate) -
                size_[l] * std::log(exposure_[l]);
    most = l == 0 ? share_[l] : std::max(most, share_[l]);
  }
  for (std::size_t l = 0; l < count_; ++l) sum += share_[l] = std::exp(share_[l] - most);
  for (std::size_t l = 0; l < count_; ++l) share_[l] /= sum;
}

double RateAfterBaseline::mean() const {
  double value = 0;
  for (std::size_t l = 0; l < count_; ++l) value += share_[l] * size_[l] / exposure_[l];
  return value * phi_;
}

double RateAfterBaseline::mid_p(int n, double exposure) const {
  double value = 0;
  for (std::size_t l = 0; l < count_; ++l) {
    const double mean = exposure * size_[l] / exposure_[l];
    // Counts over phi lie between whole numbers, where the law's beta form goes on smoothly.
    const auto below = [&](int count) {
      return count < 0 ? 0.0
                       : core::beta_cdf(size_[l] / (size_[l] + mean), size_[l], count / phi_ + 1);
    };
    value += share_[l] * (below(n) + below(n - 1)) / 2;
  }
  return value;
}

double RateAfterBaseline::p_none(double exposure) const {
  double value = 0;
  for (std::size_t l = 0; l < count_; ++l)
    value += share_[l] * std::pow(exposure_[l] / (exposure_[l] + exposure), size_[l]);
  return value;
}

DeclineSigns decline_signs(const DecliningView& view, const DeclineWindows& w,
                           const DeclineCohort& cohort, const DeclineActivity& activity,
                           const RatePrior& prior, double phi, RelativeTo relative_to,
                           const Context& context) {
  DeclineSigns signs;
  const OccasionsView& occasions = view.occasions;
  const std::vector<double> alive = alive_at(occasions, w.window.last, context);
  std::vector<RateAfterBaseline> rates;
  double came = 0, expected = 0;
  for (const DeclineCandidate& c : cohort.candidates) {
    rates.emplace_back(c, prior.laws, phi, phi);
    came += c.n2;
    expected += rates.back().mean() * activity.window;
  }
  const double market =
      relative_to == RelativeTo::peers ? std::max(came, 0.5) / std::max(expected, 1e-9) : 1;
  const double per_day = activity.window / length(w.window);
  for (std::size_t i = 0; i < cohort.candidates.size(); ++i) {
    const DeclineCandidate& c = cohort.candidates[i];
    const RateAfterBaseline& rate = rates[i];
    const auto code = static_cast<std::size_t>(c.code);
    const auto end = occasions.day.begin() + occasions.customer_begin[code + 1];
    const auto last = std::upper_bound(occasions.day.begin() + occasions.customer_begin[code], end,
                                       w.window.last);
    const double since = w.window.last - *(last - 1);
    const double exposure = activity.window * market;
    signs.fewer.push_back(std::log((c.n2 + 0.5) / exposure) -
                          std::log((c.n1 + 0.5) / std::max(c.e1, 1.0)));
    signs.days_since.push_back(std::log1p(since));
    signs.tail.push_back(log_odds(rate.mid_p(c.n2, exposure)));
    signs.p_alive.push_back(std::isnan(alive[code]) ? kNaN : log_odds(alive[code]));
    signs.silence.push_back(
        std::log(std::max(rate.p_none(since * per_day * market), kLeastChance)));
    signs.rate.push_back(std::log(rate.mean()));
    signs.missed.push_back(std::max(0.0, rate.mean() * exposure - c.n2));
    signs.expected_day.push_back(rate.mean() * per_day);
  }
  return signs;
}

DeclineScores decline_scores(const DecliningView& view, const DeclineWindows& w,
                             const DeclineCohort& cohort, const DeclineActivity& activity,
                             const RatePrior& prior, double phi, const DecliningOptions& options,
                             const Context& context) {
  DeclineScores result;
  result.score.assign(cohort.candidates.size(), kNaN);
  const DeclineWindows earlier = one_window_earlier(view, w);
  result.learnt_window = earlier.window;
  if (length(earlier.baseline) < kShortestBaseline) return result;
  DeclineCohort before = select_candidates(view, earlier, options.min_baseline_orders);
  result.n = static_cast<std::int64_t>(before.candidates.size());
  if (result.n < kFewestLearnt) return result;
  const DeclineActivity then = customers::activity(view, earlier, before, options.relative_to);
  expose(before, then);
  const Dispersion clumps = estimate_dispersion(before, earlier, then.baseline);
  const auto rows = collapse(before, then.window, options.min_baseline_orders).first;
  const RatePrior rates = fit_rate_prior(rows, clumps.phi, length(earlier.baseline));
  const DeclineSigns learnt =
      decline_signs(view, earlier, before, then, rates, clumps.phi, options.relative_to, context);
  const std::vector<std::uint8_t> fell =
      fell_afterwards(view.occasions, before, learnt, w.window, options);
  const std::int64_t fallen = std::count(fell.begin(), fell.end(), 1);
  result.share = static_cast<double>(fallen) / static_cast<double>(result.n);
  if (std::min(fallen, result.n - fallen) < kFewestEach) return result;
  const std::vector<learn::Feature> known = features(learnt);
  const learn::LogisticModel model = learn::logistic_regression({known, fell, {}, {}}, {}, context);
  const DeclineSigns now =
      decline_signs(view, w, cohort, activity, prior, phi, options.relative_to, context);
  const learn::ModelScores scores = learn::logistic_scores(model, features(now), false, context);
  for (std::size_t i = 0; i < scores.log_odds.size(); ++i)
    result.score[i] = 1 / (1 + std::exp(-scores.log_odds[i]));
  result.status = model.status != Status::ok ? model.status
                  : result.n < kSmallSample  ? Status::small_sample
                                             : Status::ok;
  return result;
}

}  // namespace emptor::customers
