#include "mining/sequence_days.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace emptor::mining::seq {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

/// A visit that may be the last one of a sequence so far.
struct Step {
  std::int32_t visit = 0;
  std::int32_t start = 0;     // the latest visit it can have begun at
  std::int32_t previous = 0;  // place in the list of the element before
};

/// Visits that hold all items of an element, ascending.
std::vector<std::int32_t> visits_with(const SequenceData& d,
                                      std::span<const std::int32_t> element) {
  const auto rarest = *std::min_element(element.begin(), element.end(), [&](auto x, auto y) {
    return d.purchases_of(at(x / 2)).size() < d.purchases_of(at(y / 2)).size();
  });
  std::vector<std::int32_t> visits;
  for (const auto k : d.purchases_of(at(rarest / 2))) {
    const auto v = at(d.visit[at(k)]);
    const auto* first = d.item.data() + d.begin[v];
    const auto* last = d.item.data() + d.begin[v + 1];
    if (std::all_of(element.begin(), element.end(),
                    [&](auto place) { return std::binary_search(first, last, place / 2); }))
      visits.push_back(d.visit[at(k)]);
  }
  return visits;
}

std::vector<Step> next_steps(const SequenceData& d, const std::vector<Step>& before,
                             const std::vector<std::int32_t>& visits) {
  std::vector<Step> steps;
  std::size_t i = 0;
  for (const auto w : visits) {
    // The last end that w may follow leaves most time. (from[] ascends over all visits.)
    while (i < before.size() && d.from[at(before[i].visit)] <= w) ++i;
    if (i == 0) continue;
    const Step& e = before[i - 1];
    if (e.visit < w && w < d.to[at(e.visit)] && w < d.span_to[at(e.start)])
      steps.push_back({w, e.start, static_cast<std::int32_t>(i - 1)});
  }
  return steps;
}

double quantile(std::vector<std::int32_t>& sorted, double p) {
  const double place = p * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const auto high = std::min(low + 1, sorted.size() - 1);
  const double rest = place - static_cast<double>(low);
  return sorted[low] + rest * (sorted[high] - sorted[low]);
}

}  // namespace

SequenceDays days_of(const SequenceData& d, std::span<const std::int32_t> row) {
  std::vector<std::vector<Step>> lists;
  for (std::size_t i = 0; i < row.size();) {
    std::size_t end = i + 1;
    while (end < row.size() && row[end] % 2 == 0) ++end;
    const auto visits = visits_with(d, row.subspan(i, end - i));
    if (lists.empty()) {
      lists.emplace_back();
      for (const auto v : visits) lists.back().push_back({v, v, -1});
    } else {
      lists.push_back(next_steps(d, lists.back(), visits));
    }
    i = end;
  }
  std::vector<std::vector<std::int32_t>> gaps(lists.size() - 1);
  std::vector<std::int32_t> whole;
  std::int32_t customer = -1;
  for (const Step& last : lists.back()) {
    if (d.customer[at(last.visit)] == customer) continue;
    customer = d.customer[at(last.visit)];
    const Step* step = &last;
    for (std::size_t j = lists.size() - 1; j > 0; --j) {
      const Step& before = lists[j - 1][at(step->previous)];
      gaps[j - 1].push_back(d.day[at(step->visit)] - d.day[at(before.visit)]);
      step = &before;
    }
    whole.push_back(d.day[at(last.visit)] - d.day[at(step->visit)]);
  }
  SequenceDays days;
  days.customers = static_cast<std::int64_t>(whole.size());
  std::sort(whole.begin(), whole.end());
  days.median = quantile(whole, 0.5);
  days.quartile_25 = quantile(whole, 0.25);
  days.quartile_75 = quantile(whole, 0.75);
  for (auto& gap : gaps) {
    const auto middle = gap.begin() + static_cast<std::ptrdiff_t>((gap.size() - 1) / 2);
    std::nth_element(gap.begin(), middle, gap.end());
    days.gaps.push_back(*middle);
  }
  return days;
}

}  // namespace emptor::mining::seq
