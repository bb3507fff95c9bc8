#include "mining/sequence_list.hpp"

#include "emptor/core/interval.hpp"

#include "core/parallel.hpp"
#include "mining/sequence_days.hpp"
#include "mining/sequence_kinds.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace emptor::mining::seq {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

/// The sequences of the kind asked for; with `top`, all that can be among the first `top`.
Mined mine_kind(const SequenceData& data, const SequencesOptions& options, const Context& context) {
  MinePlan plan = plan_of(options, data);
  if (options.kind == SequenceKind::all) {
    plan.top = options.top == 0 ? 0 : options.top + 1;  // one more tells whether any was cut
    return mine(data, plan, context);
  }
  if (options.kind == SequenceKind::maximal) {
    // Whether a longer one has enough customers is only seen at min_count itself.
    Mined mined = mine(data, plan, context);
    mined.patterns = maximal_of(mined.patterns, context);
    return mined;
  }
  // A longer sequence with the same customers is as frequent, so what is closed among the most
  // frequent ones is closed. Twice as many are looked at until enough of them are.
  for (plan.top = options.top == 0 ? 0 : 2 * options.top + 2;; plan.top *= 2) {
    Mined mined = mine(data, plan, context);
    const bool all = mined.lowest_count <= std::max<std::int64_t>(1, data.min_count);
    mined.patterns = closed_of(mined.patterns, context);
    if (all || static_cast<std::int64_t>(mined.patterns.size()) > options.top) return mined;
  }
}

/// Rows by falling count; rows of equal count stay in the order of their items.
std::vector<std::size_t> by_count(const Patterns& patterns) {
  std::vector<std::size_t> order(patterns.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
    return patterns.count[x] > patterns.count[y];
  });
  return order;
}

void add_row(Sequences& r, const SequenceData& data, std::span<const std::int32_t> row) {
  std::int32_t element = 0;
  for (const auto place : row) {
    element += place % 2;
    r.item.push_back(data.code[at(place / 2)]);
    r.element.push_back(element);
  }
  r.offset.push_back(static_cast<std::int64_t>(r.item.size()));
  r.length.push_back(element);
  r.gap_offset.push_back(r.gap_offset.back() + element - 1);
}

std::string wording(const Sequences& r, std::size_t i, const std::vector<std::string>& names) {
  std::string text;
  for (auto k = at(r.offset[i]); k < at(r.offset[i + 1]); ++k) {
    if (k > at(r.offset[i])) text += r.element[k] == r.element[k - 1] ? " + " : " > ";
    text += names.empty() ? std::to_string(r.item[k]) : names[at(r.item[k])];
  }
  return text;
}

}  // namespace

Sequences list_sequences(const PurchasesView& purchases, const ItemFilter& filter,
                         const std::vector<std::string>& names, const SequencesOptions& options,
                         const Context& context) {
  check_options(options);
  const SequenceData data = make_sequence_data(purchases, filter, options);
  const Mined mined = mine_kind(data, options, context);
  const Patterns& patterns = mined.patterns;
  auto order = by_count(patterns);
  Sequences r;
  if (options.top > 0 && order.size() > at(options.top)) order.resize(at(options.top));
  r.truncated = order.size() < patterns.size();
  const std::size_t n = order.size();
  const auto n_customers = static_cast<double>(data.n_customers);
  for (const auto i : order) {
    add_row(r, data, patterns.row(i));
    r.count.push_back(patterns.count[i]);
  }
  r.sequence.resize(n);
  for (auto* column : {&r.support, &r.support_low, &r.support_high}) column->resize(n);
  for (auto* column : {&r.median_days, &r.days_25, &r.days_75}) column->assign(n, kNaN);
  if (options.days)
    r.gap_days.resize(at(r.gap_offset.back()));
  else
    r.gap_offset.assign(n + 1, 0);
  core::parallel_ranges(context, n, 256, [&](std::size_t begin, std::size_t end) {
    for (auto i = begin; i < end; ++i) {
      const auto interval = wilson(static_cast<double>(r.count[i]), n_customers, options.level);
      r.support[i] = static_cast<double>(r.count[i]) / n_customers;
      r.support_low[i] = interval.low;
      r.support_high[i] = interval.high;
      r.sequence[i] = wording(r, i, names);
      if (!options.days) continue;
      const auto days = days_of(data, patterns.row(order[i]));
      r.median_days[i] = days.median;
      r.days_25[i] = days.quartile_25;
      r.days_75[i] = days.quartile_75;
      std::copy(days.gaps.begin(), days.gaps.end(), r.gap_days.begin() + r.gap_offset[i]);
    }
  });
  r.n_customers = data.n_customers;
  r.n_visits = data.n_visits;
  r.n_purchases = static_cast<std::int64_t>(purchases.item.size());
  r.min_count = data.min_count;
  r.lowest_count = mined.lowest_count;
  r.n_items = static_cast<std::int64_t>(data.code.size());
  r.max_gap = options.max_gap;
  r.min_gap = options.min_gap;
  r.max_span = options.max_span;
  r.kind = options.kind;
  r.level = options.level;
  return r;
}

}  // namespace emptor::mining::seq
