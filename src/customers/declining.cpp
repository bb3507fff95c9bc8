#include "emptor/customers/declining.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/multiplicity.hpp"

#include "customers/decline_cohort.hpp"
#include "customers/decline_evidence.hpp"
#include "customers/decline_score.hpp"
#include "customers/occasions_view.hpp"
#include "customers/ratio_mixture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace emptor::customers {
namespace {

constexpr std::array<std::string_view, 4> kLists{"proven", "likely", "watch", "none"};
constexpr std::array<std::string_view, 3> kReasons{"none_came", "fewer_came", "as_usual"};
constexpr std::array<std::string_view, kRatioLaws> kLaws{
    "unchanged", "stopped", "0-0.25", "0-0.5", "0-0.75", "0-1", "0.2-1",
    "0.4-1",     "0.6-1",   "0.8-1",  "1-1.5", "1-2",    "1-3", "1-6"};
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kFewestCustomers = 10;  // under it nothing is estimated
constexpr std::int64_t kSmallSample = 100;     // under it the result says small_sample
constexpr double kMoreLikelyNot = 0.5;

[[noreturn]] void invalid(const std::string& what) { throw InvalidArgument("declining: " + what); }

std::string number(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

void check(const DecliningOptions& options) {
  const auto share = [](double value, const char* name) {
    if (!(value > 0 && value < 1))
      invalid(std::string(name) + " must lie between 0 and 1, found " + number(value));
  };
  share(options.min_drop, "min_drop");
  share(options.fdr, "fdr");
  share(options.fdr_likely, "fdr_likely");
  share(options.level, "level");
  if (options.min_baseline_orders < 1)
    invalid("min_baseline_orders must be at least 1, found " +
            std::to_string(options.min_baseline_orders));
  if (options.watch < 0) invalid("watch must be 0 or more, found " + std::to_string(options.watch));
  if (!(options.likelihood_drop >= 0))
    invalid("likelihood_drop must be 0 or more, found " + number(options.likelihood_drop));
}

std::string day_text(data::Day day) { return day == data::kNoDay ? "none" : data::iso_date(day); }

DayRange check(const DayRange& range, const char* name) {
  if (range.first == data::kNoDay || range.last == data::kNoDay || range.last < range.first)
    invalid(std::string(name) + " must be two days, the first not after the second; found " +
            day_text(range.first) + " and " + day_text(range.last));
  return range;
}

DeclineWindows windows(const DecliningView& view, const DecliningOptions& options) {
  DeclineWindows result;
  if (options.window.count <= 0) invalid("window must be longer than 0 days");
  if (options.baseline.count <= 0) invalid("baseline must be longer than 0 days");
  if (options.window_days) {
    result.window = check(*options.window_days, "window");
    if (result.window.last > view.last_day)
      invalid("window ends on " + data::iso_date(result.window.last) +
              ", after the last day known, " + data::iso_date(view.last_day));
  } else {
    result.window = {data::subtract(view.last_day, options.window) + 1, view.last_day};
  }
  if (options.baseline_days) {
    result.baseline = check(*options.baseline_days, "baseline");
  } else {
    const data::Day last = result.window.first - 1;
    result.baseline = {data::subtract(last, options.baseline) + 1, last};
  }
  if (result.baseline.last >= result.window.first)
    invalid("baseline ends on " + data::iso_date(result.baseline.last) +
            ", but must end before the window begins on " + data::iso_date(result.window.first));
  if (view.first_day != data::kNoDay && result.baseline.first < view.first_day) {
    result.cut = true;
    result.baseline.first = std::min(view.first_day, result.baseline.last);
  }
  return result;
}

/// Spend per order to be expected of each candidate: his mean, drawn towards the typical customer's
/// by credibility weights (Buehlmann) on the logarithms, where single large orders do not rule.
std::vector<double> order_values(const DeclineCohort& cohort) {
  const auto n = static_cast<double>(cohort.candidates.size());
  const double within =
      cohort.within / static_cast<double>(std::max<std::int64_t>(1, cohort.within_freedom));
  double center = 0, spread = 0, noise = 0;
  for (const DeclineCandidate& c : cohort.candidates) center += c.mean_log_spend / n;
  for (const DeclineCandidate& c : cohort.candidates) {
    spread += (c.mean_log_spend - center) * (c.mean_log_spend - center) / std::max(n - 1, 1.0);
    noise += within / static_cast<double>(c.orders) / n;
  }
  const double between = std::max(spread - noise, 0.0);
  double typical = 0;
  for (const DeclineCandidate& c : cohort.candidates)
    typical += std::log(c.spend / static_cast<double>(c.orders)) / n;
  std::vector<double> values;
  for (const DeclineCandidate& c : cohort.candidates) {
    const auto orders = static_cast<double>(c.orders);
    const double own = std::log(c.spend / orders);
    const double trust = between > 0 ? between / (between + within / orders) : 0;
    values.push_back(std::exp(trust * own + (1 - trust) * typical));
  }
  return values;
}

/// Labels, of those on no list yet, the most whose mean local fdr is at most `level`, each at most
/// `cap`, customers of equal local fdr together.
void label(std::vector<DeclineList>& lists, std::span<const double> local_fdr, DeclineList name,
           double level, double cap) {
  std::vector<double> open;
  for (std::size_t i = 0; i < lists.size(); ++i)
    if (lists[i] == DeclineList::none && local_fdr[i] <= cap) open.push_back(local_fdr[i]);
  auto size = static_cast<std::size_t>(bayesian_fdr(open, level));
  std::sort(open.begin(), open.end());
  while (size > 0 && size < open.size() && open[size - 1] == open[size]) --size;
  if (size == 0) return;
  for (std::size_t i = 0; i < lists.size(); ++i)
    if (lists[i] == DeclineList::none && local_fdr[i] <= open[size - 1]) lists[i] = name;
}

void append(DecliningResult& result, const DecliningView& view, const DeclineWindows& w,
            const DeclineCandidate& candidate, const RatioPosterior& posterior, DeclineList list,
            double order_value, double lost_per_unit, const DeclineEvidence& evidence,
            double score) {
  const OccasionsView& occasions = view.occasions;
  const auto code = static_cast<std::size_t>(candidate.code);
  result.customer.push_back(candidate.code);
  result.name.push_back(result.ids->to_string(candidate.code));
  result.favourite_products.emplace_back();
  result.list.push_back(list);
  result.drop.push_back(posterior.drop);
  result.drop_low.push_back(posterior.drop_low);
  result.drop_high.push_back(posterior.drop_high);
  result.n.push_back(candidate.orders + candidate.n2);
  result.status.push_back(result.fit_status);
  result.probability.push_back(posterior.probability);
  result.probability_low.push_back(posterior.probability_low);
  result.probability_high.push_back(posterior.probability_high);
  result.local_fdr.push_back(1 - posterior.probability_low);
  result.expected_lost_revenue.push_back(posterior.loss * lost_per_unit);
  result.expected_lost_revenue_low.push_back(posterior.loss_low * lost_per_unit);
  result.expected_lost_revenue_high.push_back(posterior.loss_high * lost_per_unit);
  result.baseline_orders.push_back(candidate.orders);
  result.baseline_spend.push_back(candidate.spend);
  result.window_orders.push_back(candidate.n2);
  result.expected_orders.push_back(posterior.expected);
  result.order_value.push_back(order_value);
  const auto end = static_cast<std::size_t>(occasions.customer_begin[code + 1]);
  std::size_t last = end;
  while (occasions.day[last - 1] > view.last_day) --last;
  result.last_order.push_back(occasions.day[last - 1]);
  result.baseline_first.push_back(w.baseline.first);
  result.baseline_last.push_back(w.baseline.last);
  result.window_first.push_back(w.window.first);
  result.window_last.push_back(w.window.last);
  result.p_gap.push_back(evidence.rhythm.p_gap);
  result.regularity.push_back(evidence.rhythm.shape);
  result.p_steady.push_back(evidence.p_steady);
  result.q_value.push_back(evidence.q_value);
  result.change_date.push_back(evidence.change.day);
  result.change_date_low.push_back(evidence.change.low);
  result.change_date_high.push_back(evidence.change.high);
  result.score.push_back(score);
  result.usual_gap_days.push_back(median_gap(occasions, code, w.baseline.last));
  result.reason.push_back(candidate.n2 == 0                   ? DeclineReason::none_came
                          : candidate.n2 < posterior.expected ? DeclineReason::fewer_came
                                                              : DeclineReason::as_usual);
}

/// Customers who buy more evenly than chance are judged as if they did not, which keeps innocent
/// ones off the lists but bends the market's change. Its interval then also takes in the one of
/// counts divided by how little they scatter.
void widen_change(RatioMixture& mixture, std::span<const RatioRow> rows, const Dispersion& phi,
                  const DeclineWindows& w, const RatioMixtureOptions& options,
                  const Context& context) {
  constexpr double kEven = 0.97;  // chance alone reaches down to it
  constexpr double kLeastPhi = 0.3;
  if (options.relative_to_median || phi.n < kFewestForPhi || phi.raw > kEven) return;
  const double even = std::max(phi.raw, kLeastPhi);
  const RatioMixture other = fit_ratio_mixture(rows, fit_rate_prior(rows, even, length(w.baseline)),
                                               even, options, context);
  mixture.g_low = std::min(mixture.g_low, other.g_low);
  mixture.g_high = std::max(mixture.g_high, other.g_high);
}

/// Fits the mixture and writes what it says of all candidates together.
RatioMixture fit(DecliningResult& result, const DeclineCohort& cohort,
                 std::span<const RatioRow> rows, const Dispersion& phi,
                 const DecliningOptions& options, const DeclineWindows& w,
                 const RatioMixtureOptions& mixture_options, const Context& context) {
  const RatePrior prior = fit_rate_prior(rows, phi.phi, length(w.baseline));
  RatioMixture mixture = fit_ratio_mixture(rows, prior, phi.phi, mixture_options, context);
  widen_change(mixture, rows, phi, w, mixture_options, context);
  const double scale =
      options.relative_to == RelativeTo::peers ? mixture.reference : ratio_median(mixture.weights);
  const double cut = (1 - options.min_drop) * mixture.reference;
  result.market_change = {mixture.g * scale,
                          mixture.g_low * scale,
                          mixture.g_high * scale,
                          options.level,
                          static_cast<std::int64_t>(cohort.candidates.size()),
                          Status::ok};
  result.share_declined = ratio_cdf(mixture.weights, cut);
  result.share_declined_low = std::min(ratio_cdf(mixture.guard, cut), result.share_declined);
  result.share_declined_high = std::max(ratio_cdf(mixture.mirror, cut), result.share_declined);
  result.rate_shape = prior.shape;
  result.rate_scale = prior.rate;
  result.weights.assign(mixture.weights.begin(), mixture.weights.end());
  result.weights_low.assign(mixture.guard.begin(), mixture.guard.end());
  result.weights_high.assign(mixture.mirror.begin(), mixture.mirror.end());
  result.certificate = mixture.gap;
  result.fit_status = !mixture.converged                 ? Status::not_converged
                      : result.n_eligible < kSmallSample ? Status::small_sample
                                                         : Status::ok;
  return mixture;
}

/// What candidates on a list and those not on one are ranked by.
struct Ranking {
  std::vector<double> listed, open;
};

/// Candidates in the order of the result: proven and likely, then the others.
std::vector<std::size_t> ranking(std::span<const DeclineList> lists, const Ranking& by) {
  std::vector<std::size_t> order(lists.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (lists[a] != lists[b]) return lists[a] < lists[b];
    return lists[a] < DeclineList::watch ? by.listed[a] > by.listed[b] : by.open[a] > by.open[b];
  });
  return order;
}

void tell_of(DecliningResult& result, const DeclineScores& scores,
             std::span<const DeclineEvidence> evidence, double fdr) {
  result.score_status = scores.status;
  result.score_window = scores.learnt_window;
  result.score_n = scores.n;
  result.score_share = scores.share;
  for (const DeclineEvidence& one : evidence) result.n_evidence += one.q_value <= fdr ? 1 : 0;
}

}  // namespace

std::span<const std::string_view> decline_list_labels() noexcept { return kLists; }
std::span<const std::string_view> decline_reason_labels() noexcept { return kReasons; }
std::span<const std::string_view> ratio_law_names() noexcept { return kLaws; }

RelativeTo parse_relative_to(std::string_view text) {
  if (text == "peers") return RelativeTo::peers;
  if (text == "own") return RelativeTo::own;
  invalid("relative_to must be \"peers\" or \"own\", found '" + std::string(text.substr(0, 40)) +
          "'");
}

DeclineSort parse_decline_sort(std::string_view text) {
  if (text == "expected_loss") return DeclineSort::expected_loss;
  if (text == "probability") return DeclineSort::probability;
  if (text == "score") return DeclineSort::score;
  invalid("sort must be \"expected_loss\", \"probability\" or \"score\", found '" +
          std::string(text.substr(0, 40)) + "'");
}

DecliningResult declining(const DecliningView& view, const DecliningOptions& options,
                          const Context& context) {
  check(options);
  check(view.occasions, "declining");
  if (view.last_day == data::kNoDay) invalid("last_day is not set; give the last day observed");
  const DeclineWindows w = windows(view, options);
  DecliningResult result;
  std::vector<std::int64_t> positions(view.occasions.customers());
  std::iota(positions.begin(), positions.end(), std::int64_t{0});
  result.ids = Dictionary::from_integers(std::move(positions));
  result.baseline = w.baseline;
  result.window = w.window;
  result.baseline_cut = w.cut;
  result.min_drop = options.min_drop;
  result.relative_to = options.relative_to;
  result.market_change = {kNaN, kNaN, kNaN, options.level, 0, Status::not_enough_data};
  DeclineCohort cohort = select_candidates(view, w, options.min_baseline_orders);
  result.n_customers = cohort.customers;
  result.n_eligible = static_cast<std::int64_t>(cohort.candidates.size());
  result.headline = "not_enough_data";
  result.fit_status = Status::not_enough_data;
  result.season = "none";
  if (result.n_eligible < kFewestCustomers) return result;

  const DeclineActivity exposure = activity(view, w, cohort, options.relative_to);
  result.season = exposure.season;
  expose(cohort, exposure);
  const Dispersion phi = estimate_dispersion(cohort, w, exposure.baseline);
  result.phi = phi.phi;
  const auto [rows, row_of] = collapse(cohort, exposure.window, options.min_baseline_orders);
  const RatioMixtureOptions mixture_options{options.min_drop,
                                            options.relative_to == RelativeTo::peers,
                                            options.likelihood_drop, options.level};
  const RatioMixture mixture = fit(result, cohort, rows, phi, options, w, mixture_options, context);
  const auto posteriors = ratio_posteriors(rows, mixture, mixture_options, context);

  const std::size_t n = cohort.candidates.size();
  const std::vector<double> values = order_values(cohort);
  const RatePrior& prior = mixture.prior;
  const double market =
      options.relative_to == RelativeTo::peers ? mixture.g * mixture.reference : 1;
  const auto evidence =
      decline_evidence(view, w, cohort, exposure, prior, phi.phi, market, options.level, context);
  const DeclineScores scores =
      decline_scores(view, w, cohort, exposure, prior, phi.phi, options, context);
  tell_of(result, scores, evidence, options.fdr);
  result.sort = options.sort;
  std::vector<double> local_fdr(n);
  Ranking by{std::vector<double>(n), std::vector<double>(n)};
  for (std::size_t i = 0; i < n; ++i) {
    const RatioPosterior& posterior = posteriors[row_of[i]];
    local_fdr[i] = 1 - posterior.probability_low;
    const double worth = values[i] * exposure.next;
    const bool scored = options.sort == DeclineSort::score && !std::isnan(scores.score[i]);
    const bool by_loss = options.sort == DeclineSort::expected_loss;
    by.listed[i] = scored    ? scores.score[i]
                   : by_loss ? posterior.loss * worth
                             : posterior.probability;
    by.open[i] = scored    ? scores.score[i]
                 : by_loss ? posterior.loss_high * worth
                           : posterior.probability_high;
  }
  std::vector<DeclineList> lists(n, DeclineList::none);
  // A cap on the proven leaves the likely list, whose share must hold for itself, the customers it
  // needs to average with.
  label(lists, local_fdr, DeclineList::proven, options.fdr, 2 * options.fdr);
  label(lists, local_fdr, DeclineList::likely, options.fdr_likely, kMoreLikelyNot);
  std::vector<std::size_t> order = ranking(lists, by);
  const auto rest = std::find_if(order.begin(), order.end(),
                                 [&](std::size_t i) { return lists[i] == DeclineList::none; });
  const auto watch = std::min<std::ptrdiff_t>(options.watch, order.end() - rest);
  for (auto i = rest; i != rest + watch; ++i) lists[*i] = DeclineList::watch;
  for (const std::size_t i : order) {
    if (lists[i] == DeclineList::none && !options.all) break;
    append(result, view, w, cohort.candidates[i], posteriors[row_of[i]], lists[i], values[i],
           values[i] * exposure.next, evidence[i], scores.score[i]);
    if (lists[i] == DeclineList::none) continue;
    const auto list = static_cast<std::size_t>(lists[i]);
    ++result.listed[list];
    result.expected_false_alarms[list] += local_fdr[i];
  }
  result.headline = result.listed[0] > 0   ? "proven"
                    : result.listed[1] > 0 ? "likely"
                                           : "none_proven";
  return result;
}

}  // namespace emptor::customers
