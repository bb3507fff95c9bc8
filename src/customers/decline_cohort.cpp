#include "customers/decline_cohort.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace emptor::customers {
namespace {

Season yearly_season(const DecliningView& view, const DeclineWindows& w) {
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

}  // namespace

DeclineCohort select_candidates(const DecliningView& view, const DeclineWindows& w,
                                int min_orders) {
  DeclineCohort cohort;
  const OccasionsView& occasions = view.occasions;
  for (std::size_t c = 0; c < occasions.customers(); ++c) {
    const auto begin = occasions.day.begin() + occasions.customer_begin[c];
    const auto end = occasions.day.begin() + occasions.customer_begin[c + 1];
    if (begin == end || *begin > w.baseline.last) continue;
    ++cohort.customers;
    const auto first = std::lower_bound(begin, end, w.baseline.first);
    const auto last = std::upper_bound(first, end, w.baseline.last);
    if (last - first < min_orders) continue;
    DeclineCandidate candidate;
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

DeclineActivity activity(const DecliningView& view, const DeclineWindows& w,
                         const DeclineCohort& cohort, RelativeTo relative_to) {
  DeclineActivity result;
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
    for (const DeclineCandidate& c : cohort.candidates) histories.push_back(c.history);
    result.baseline = market_profile(histories, w.baseline.first, length(w.baseline));
    result.season = "market";
    result.window = days;  // its level is the market's change, estimated as g
    result.window_days.assign(static_cast<std::size_t>(days), 1.0);
  } else {
    const double mean = sum(w.baseline.first, length(w.baseline)) / length(w.baseline);
    for (data::Day d = w.baseline.first; d <= w.baseline.last; ++d)
      result.baseline.push_back(season.at(d) / mean);
    result.window = sum(w.window.first, days) / mean;
    for (data::Day d = w.window.first; d <= w.window.last; ++d)
      result.window_days.push_back(season.at(d) / mean);
    if (season.known()) result.season = "yearly";
  }
  result.next = result.window * next_share;
  return result;
}

void expose(DeclineCohort& cohort, const DeclineActivity& activity) {
  std::vector<double> after(activity.baseline.size() + 1, 0.0);
  for (std::size_t d = activity.baseline.size(); d-- > 0;)
    after[d] = after[d + 1] + activity.baseline[d];
  for (DeclineCandidate& c : cohort.candidates)
    c.e1 = after[static_cast<std::size_t>(c.history.entry + 1)];
}

Dispersion estimate_dispersion(const DeclineCohort& cohort, const DeclineWindows& w,
                               std::span<const double> activity) {
  std::vector<BaselineHistory> histories;
  for (const DeclineCandidate& c : cohort.candidates) histories.push_back(c.history);
  const double whole = length(w.baseline), window = length(w.window);
  const int parts = std::clamp(static_cast<int>(std::lround(whole / window)), 2, 6);
  Dispersion result = dispersion(histories, w.baseline.first, activity, parts, whole / 2);
  if (result.n < kFewestForPhi)
    result = dispersion(histories, w.baseline.first, activity, parts, 0);
  return result;
}

std::pair<std::vector<RatioRow>, std::vector<std::size_t>> collapse(const DeclineCohort& cohort,
                                                                    double e2, int min_orders) {
  const auto key = [](const RatioRow& r) { return std::tuple(r.n1, r.e1, r.n2, r.selected); };
  std::vector<RatioRow> all;
  for (const DeclineCandidate& c : cohort.candidates)
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

}  // namespace emptor::customers
