#include "mining/sequence_rule_sets.hpp"

#include "core/parallel.hpp"
#include "mining/sequence_miner.hpp"

#include <algorithm>
#include <numeric>

namespace emptor::mining::timed {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

/// Sets of two and more items that most customers bought, each customer being one basket.
std::vector<Items> frequent_sets(const PurchasesView& p, const std::vector<std::uint8_t>& wanted,
                                 const SequenceRulesOptions& o, bool& cut, const Context& context) {
  std::vector<std::int32_t> customer, item;
  std::vector<std::int32_t> last(at(p.n_items), -1), own;
  for (std::size_t begin = 0, end = 0; begin < p.item.size(); begin = end) {
    own.clear();
    for (; end < p.item.size() && p.customer[end] == p.customer[begin]; ++end) {
      const auto i = at(p.item[end]);
      if (last[i] == p.customer[begin] || (!wanted.empty() && wanted[i] == 0)) continue;
      last[i] = p.customer[begin];
      own.push_back(p.item[end]);
    }
    std::sort(own.begin(), own.end());
    item.insert(item.end(), own.begin(), own.end());
    customer.insert(customer.end(), own.size(), p.customer[begin]);
  }
  const std::vector<data::Day> day(item.size(), 0);
  SequencesOptions baskets;
  baskets.min_count = o.min_antecedent;
  baskets.max_gap.reset();
  baskets.max_span.reset();
  const auto data = seq::make_sequence_data(
      {customer, day, item, p.n_items, data::kNoDay, data::kNoDay, {}, {}}, {}, baskets);
  seq::MinePlan plan;
  plan.max_length = 1;
  plan.max_items = o.max_antecedent;
  // Sets of one item are among the most bought; with room for them all others asked for are there,
  // and one more tells whether any was cut.
  plan.top = o.max_sets + static_cast<std::int64_t>(data.code.size()) + 1;
  const auto mined = seq::mine(data, plan, context);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < mined.patterns.size(); ++i)
    if (mined.patterns.row(i).size() > 1) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
    return mined.patterns.count[x] > mined.patterns.count[y];
  });
  cut = order.size() > at(o.max_sets);
  if (cut) order.resize(at(o.max_sets));
  std::vector<Items> sets;
  for (const auto i : order) {
    Items& set = sets.emplace_back();
    for (const auto place : mined.patterns.row(i)) set.push_back(data.code[at(place / 2)]);
  }
  return sets;
}

}  // namespace

Completions::Completions(const Visits& visits, std::optional<data::Span> within)
    : visits_(visits), within_(within) {
  if (!within_) return;
  for (const auto day : visits.day) close_.push_back(data::add(day, *within_));
}

std::vector<std::int32_t> Completions::operator()(std::span<const std::int32_t> items) const {
  auto visits = within_ && items.size() > 1 ? within_span(items) : first_of_all(items);
  std::erase_if(visits, [&](std::int32_t v) { return visits_.eligible[at(v)] == 0; });
  return visits;
}

std::vector<std::int32_t> Completions::first_of_all(std::span<const std::int32_t> items) const {
  std::vector<std::int32_t> complete;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto with = visits_.visits_of(items[i]);
    std::vector<std::int32_t> joined;
    std::size_t k = 0;
    std::int32_t customer = -1;
    for (const auto v : with) {
      const auto c = visits_.customer[at(v)];
      if (c == customer) continue;
      customer = c;
      if (i == 0) {
        joined.push_back(v);
        continue;
      }
      while (k < complete.size() && visits_.customer[at(complete[k])] < c) ++k;
      if (k < complete.size() && visits_.customer[at(complete[k])] == c)
        joined.push_back(std::max(v, complete[k]));
    }
    complete.swap(joined);
  }
  return complete;
}

std::vector<std::int32_t> Completions::within_span(std::span<const std::int32_t> items) const {
  std::vector<std::int32_t> complete;
  std::vector<std::size_t> next(items.size(), 0);
  std::vector<std::int32_t> last(items.size(), -1);  // the latest purchase of each item so far
  for (const auto first : first_of_all(items)) {
    const auto c = at(visits_.customer[at(first)]);
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto with = visits_.visits_of(items[i]);
      while (next[i] < with.size() && with[next[i]] < visits_.first_visit[c]) ++next[i];
    }
    // Visits with any of the items, from that on that has the last of them for the first time.
    for (auto v = first; v < visits_.first_visit[c + 1]; ++v) {
      bool any = false;
      data::Day close = visits_.last_day + 1;
      for (std::size_t i = 0; i < items.size(); ++i) {
        const auto with = visits_.visits_of(items[i]);
        while (next[i] < with.size() && with[next[i]] <= v) last[i] = with[next[i]++];
        any = any || last[i] == v;
        close = std::min(close, close_[at(last[i])]);
      }
      if (!any || visits_.day[at(v)] > close) continue;
      complete.push_back(v);
      break;
    }
  }
  return complete;
}

RuleSets completed_sets(std::vector<Items> asked, const Completions& completions,
                        int min_antecedent, const Context& context) {
  RuleSets sets;
  std::vector<std::vector<std::int32_t>> index(asked.size());
  core::parallel_ranges(context, asked.size(), 64, [&](std::size_t begin, std::size_t end) {
    for (auto i = begin; i < end; ++i) index[i] = completions(asked[i]);
  });
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (static_cast<int>(index[i].size()) < min_antecedent) continue;
    sets.items.push_back(std::move(asked[i]));
    sets.index.push_back(std::move(index[i]));
  }
  return sets;
}

RuleSets make_rule_sets(const PurchasesView& purchases, const Completions& completions,
                        const Visits& visits, const std::vector<std::uint8_t>& wanted,
                        const SequenceRulesOptions& o, const Context& context) {
  bool cut = false;
  std::vector<Items> asked;
  for (std::int32_t i = 0; i < visits.n_items; ++i)
    if ((wanted.empty() || wanted[at(i)] != 0) && visits.buyers[at(i)] >= o.min_antecedent)
      asked.push_back({i});
  if (o.max_antecedent > 1 && o.max_sets > 0) {
    auto larger = frequent_sets(purchases, wanted, o, cut, context);
    std::move(larger.begin(), larger.end(), std::back_inserter(asked));
  }
  auto sets = completed_sets(std::move(asked), completions, o.min_antecedent, context);
  sets.cut = cut;
  return sets;
}

}  // namespace emptor::mining::timed
