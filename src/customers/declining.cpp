#include "emptor/customers/declining.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/multiplicity.hpp"

#include "customers/exposure.hpp"
#include "customers/occasions_view.hpp"
#include "customers/ratio_mixture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>
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
constexpr std::int64_t kFewestForPhi = 30;
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

DayRange check(const DayRange& range, const char* name) {
  if (range.first == data::kNoDay || range.last == data::kNoDay || range.last < range.first)
    invalid(std::string(name) + " must be two days, the first not after the second");
  return range;
}

struct Windows {
  DayRange baseline;
  DayRange window;
  bool cut = false;
};

Windows windows(const DecliningView& view, const DecliningOptions& options) {
  Windows result;
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

int length(const DayRange& range) { return range.last - range.first + 1; }

/// One eligible customer.
struct Candidate {
  std::int32_t code = 0;
  BaselineHistory history{};
  int n1 = 0;  ///< occasions that count towards the rate: not the first one ever
  int n2 = 0;
  std::int64_t orders = 0;  ///< all in the baseline
  double spend = 0;
  double mean_log_spend = 0;
  double e1 = 0;
};

struct Cohort {
  std::vector<Candidate> candidates;
  std::int64_t customers = 0;
  double within = 0;  ///< squared deviations of log spend from the customers' means
  std::int64_t within_freedom = 0;
};

Cohort select(const DecliningView& view, const Windows& w, int min_orders) {
  Cohort cohort;
  const OccasionsView& occasions = view.occasions;
  for (std::size_t c = 0; c < occasions.customers(); ++c) {
    const auto begin = occasions.day.begin() + occasions.customer_begin[c];
    const auto end = occasions.day.begin() + occasions.customer_begin[c + 1];
    if (begin == end || *begin > w.baseline.last) continue;
    ++cohort.customers;
    const auto first = std::lower_bound(begin, end, w.baseline.first);
    const auto last = std::upper_bound(first, end, w.baseline.last);
    if (last - first < min_orders) continue;
    Candidate candidate;
    candidate.code = static_cast<std::int32_t>(c);
    candidate.orders = last - first;
    const bool entered = first == begin;
    candidate.history.entry = entered ? *first - w.baseline.first : -1;
    candidate.history.days = {first + (entered ? 1 : 0), last};
    candidate.n1 = static_cast<int>(candidate.history.days.size());
    candidate.n2 = static_cast<int>(std::upper_bound(last, end, w.window.last) -
                                    std::lower_bound(last, end, w.window.first));
    double squares = 0;
    for (auto i = first; i != last; ++i) {
      const double spend = occasions.spend[static_cast<std::size_t>(i - occasions.day.begin())];
      candidate.spend += spend;
      candidate.mean_log_spend += std::log(spend);
      squares += std::log(spend) * std::log(spend);
    }
    const auto orders = static_cast<double>(candidate.orders);
    cohort.within += squares - candidate.mean_log_spend * candidate.mean_log_spend / orders;
    cohort.within_freedom += candidate.orders - 1;
    candidate.mean_log_spend /= orders;
    // One order at the end of the baseline has no exposure after it.
    if (candidate.n1 > 0 || !entered || candidate.history.entry + 1 < length(w.baseline))
      cohort.candidates.push_back(candidate);
  }
  return cohort;
}

/// Spend per order to be expected of each candidate: his mean, drawn towards the typical customer's
/// by credibility weights (Buehlmann) on the logarithms, where single large orders do not rule.
std::vector<double> order_values(const Cohort& cohort) {
  const auto n = static_cast<double>(cohort.candidates.size());
  const double within =
      cohort.within / static_cast<double>(std::max<std::int64_t>(1, cohort.within_freedom));
  double center = 0, spread = 0, noise = 0;
  for (const Candidate& c : cohort.candidates) center += c.mean_log_spend / n;
  for (const Candidate& c : cohort.candidates) {
    spread += (c.mean_log_spend - center) * (c.mean_log_spend - center) / std::max(n - 1, 1.0);
    noise += within / static_cast<double>(c.orders) / n;
  }
  const double between = std::max(spread - noise, 0.0);
  double typical = 0;
  for (const Candidate& c : cohort.candidates)
    typical += std::log(c.spend / static_cast<double>(c.orders)) / n;
  std::vector<double> values;
  for (const Candidate& c : cohort.candidates) {
    const auto orders = static_cast<double>(c.orders);
    const double own = std::log(c.spend / orders);
    const double trust = between > 0 ? between / (between + within / orders) : 0;
    values.push_back(std::exp(trust * own + (1 - trust) * typical));
  }
  return values;
}

/// Activity per day of the baseline, and exposures of the window and of the one after it.
struct Activity {
  std::vector<double> baseline;
  double window = 0;
  double next = 0;
  std::string season = "none";
};

Season yearly_season(const DecliningView& view, const Windows& w) {
  if (view.first_day == data::kNoDay || w.window.last < view.first_day) return {};
  std::vector<double> per_day(static_cast<std::size_t>(w.window.last - view.first_day + 1), 0.0);
  const OccasionsView& occasions = view.occasions;
  for (std::size_t c = 0; c < occasions.customers(); ++c)
    for (auto i = static_cast<std::size_t>(occasions.customer_begin[c]) + 1;
         i < static_cast<std::size_t>(occasions.customer_begin[c + 1]); ++i) {
      const data::Day day = occasions.day[i];
      if (day >= view.first_day && day <= w.window.last)
        per_day[static_cast<std::size_t>(day - view.first_day)] += 1;
    }
  return {view.first_day, per_day};
}

Activity activity(const DecliningView& view, const Windows& w, const Cohort& cohort,
                  RelativeTo relative_to) {
  Activity result;
  const Season season = yearly_season(view, w);
  const auto sum = [&](data::Day first, int days) {
    double total = 0;
    for (int d = 0; d < days; ++d) total += season.at(first + d);
    return total;
  };
  const int days = length(w.window);
  const double next_share = sum(w.window.last + 1, days) / sum(w.window.first, days);
  if (relative_to == RelativeTo::peers) {
    std::vector<BaselineHistory> histories;
    for (const Candidate& c : cohort.candidates) histories.push_back(c.history);
    result.baseline = market_profile(histories, w.baseline.first, length(w.baseline));
    result.season = "market";
    result.window = days;  // its level is the market's change, estimated as g
  } else {
    const double mean = sum(w.baseline.first, length(w.baseline)) / length(w.baseline);
    for (data::Day d = w.baseline.first; d <= w.baseline.last; ++d)
      result.baseline.push_back(season.at(d) / mean);
    result.window = sum(w.window.first, days) / mean;
    if (season.known()) result.season = "yearly";
  }
  result.next = result.window * next_share;
  return result;
}

Dispersion estimate_dispersion(const Cohort& cohort, const Windows& w,
                               std::span<const double> activity) {
  std::vector<BaselineHistory> histories;
  for (const Candidate& c : cohort.candidates) histories.push_back(c.history);
  const double whole = length(w.baseline), window = length(w.window);
  const int parts = std::clamp(static_cast<int>(std::lround(whole / window)), 2, 6);
  Dispersion result = dispersion(histories, w.baseline.first, activity, parts, whole / 2);
  if (result.n < kFewestForPhi)
    result = dispersion(histories, w.baseline.first, activity, parts, 0);
  return result;
}

/// Rows of equal history, and the row of each candidate.
std::pair<std::vector<RatioRow>, std::vector<std::size_t>> collapse(const Cohort& cohort, double e2,
                                                                    int min_orders) {
  const auto key = [](const RatioRow& r) { return std::tuple(r.n1, r.e1, r.n2, r.selected); };
  std::vector<RatioRow> all;
  for (const Candidate& c : cohort.candidates)
    all.push_back({c.n1, c.e1, c.n2, e2, min_orders - (c.history.entry >= 0 ? 1 : 0), 1});
  std::vector<std::size_t> order(all.size()), row_of(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tuple_cat(key(all[a]), std::tuple(a)) < std::tuple_cat(key(all[b]), std::tuple(b));
  });
  std::vector<RatioRow> rows;
  for (const std::size_t i : order) {
    if (rows.empty() || key(rows.back()) != key(all[i])) {
      rows.push_back(all[i]);
    } else {
      ++rows.back().count;
    }
    row_of[i] = rows.size() - 1;
  }
  return {std::move(rows), std::move(row_of)};
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

void append(DecliningResult& result, const DecliningView& view, const Windows& w,
            const Candidate& candidate, const RatioPosterior& posterior, DeclineList list,
            double order_value, double lost_per_unit) {
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
  result.usual_gap_days.push_back(median_gap(occasions, code, w.baseline.last));
  result.reason.push_back(candidate.n2 == 0                   ? DeclineReason::none_came
                          : candidate.n2 < posterior.expected ? DeclineReason::fewer_came
                                                              : DeclineReason::as_usual);
}

/// Customers who buy more evenly than chance are judged as if they did not, which keeps innocent
/// ones off the lists but bends the market's change. Its interval then also takes in the one of
/// counts divided by how little they scatter.
void widen_change(RatioMixture& mixture, std::span<const RatioRow> rows, const Dispersion& phi,
                  const Windows& w, const RatioMixtureOptions& options, const Context& context) {
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
RatioMixture fit(DecliningResult& result, const Cohort& cohort, std::span<const RatioRow> rows,
                 const Dispersion& phi, const DecliningOptions& options, const Windows& w,
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

/// Candidates in the order of the result: proven and likely by expected loss, then the watch list
/// by its high end.
std::vector<std::size_t> ranking(std::span<const DeclineList> lists, std::span<const double> middle,
                                 std::span<const double> high) {
  std::vector<std::size_t> order(lists.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (lists[a] != lists[b]) return lists[a] < lists[b];
    return lists[a] < DeclineList::watch ? middle[a] > middle[b] : high[a] > high[b];
  });
  return order;
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

DecliningResult declining(const DecliningView& view, const DecliningOptions& options,
                          const Context& context) {
  check(options);
  check(view.occasions, "declining");
  if (view.last_day == data::kNoDay) invalid("last_day is not set; give the last day observed");
  const Windows w = windows(view, options);
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
  Cohort cohort = select(view, w, options.min_baseline_orders);
  result.n_customers = cohort.customers;
  result.n_eligible = static_cast<std::int64_t>(cohort.candidates.size());
  result.headline = "not_enough_data";
  result.fit_status = Status::not_enough_data;
  result.season = "none";
  if (result.n_eligible < kFewestCustomers) return result;

  const Activity exposure = activity(view, w, cohort, options.relative_to);
  result.season = exposure.season;
  std::vector<double> after(exposure.baseline.size() + 1, 0.0);
  for (std::size_t d = exposure.baseline.size(); d-- > 0;)
    after[d] = after[d + 1] + exposure.baseline[d];
  for (Candidate& c : cohort.candidates)
    c.e1 = after[static_cast<std::size_t>(c.history.entry + 1)];
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
  std::vector<double> local_fdr(n), middle(n), high(n);
  for (std::size_t i = 0; i < n; ++i) {
    const RatioPosterior& posterior = posteriors[row_of[i]];
    local_fdr[i] = 1 - posterior.probability_low;
    middle[i] = posterior.loss * values[i] * exposure.next;
    high[i] = posterior.loss_high * values[i] * exposure.next;
  }
  std::vector<DeclineList> lists(n, DeclineList::none);
  // A cap on the proven leaves the likely list, whose share must hold for itself, the customers it
  // needs to average with.
  label(lists, local_fdr, DeclineList::proven, options.fdr, 2 * options.fdr);
  label(lists, local_fdr, DeclineList::likely, options.fdr_likely, kMoreLikelyNot);
  std::vector<std::size_t> order = ranking(lists, middle, high);
  const auto rest = std::find_if(order.begin(), order.end(),
                                 [&](std::size_t i) { return lists[i] == DeclineList::none; });
  const auto watch = std::min<std::ptrdiff_t>(options.watch, order.end() - rest);
  for (auto i = rest; i != rest + watch; ++i) lists[*i] = DeclineList::watch;
  for (const std::size_t i : order) {
    if (lists[i] == DeclineList::none && !options.all) break;
    append(result, view, w, cohort.candidates[i], posteriors[row_of[i]], lists[i], values[i],
           values[i] * exposure.next);
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
