#include "metrics/cells.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <numeric>
#include <string>

namespace emptor::metrics {
namespace {

constexpr std::size_t kClustersPerBlock = 256;

// Lines of one cluster: positions [begin, end) of `line`.
struct Clusters {
  std::vector<std::int64_t> line{};   // lines, those without a customer sorted by order
  std::vector<std::int64_t> begin{};  // clusters + 1
};

Clusters make_clusters(const KpisView& view) {
  const std::size_t n = view.customer.size();
  Clusters clusters;
  clusters.line.resize(n);
  std::iota(clusters.line.begin(), clusters.line.end(), std::int64_t{0});
  const auto known = std::find_if(view.customer.begin(), view.customer.end(),
                                  [](std::int32_t c) { return c >= 0; });
  const auto order_of = [&](std::int64_t i) { return view.order[static_cast<std::size_t>(i)]; };
  std::stable_sort(clusters.line.begin(), clusters.line.begin() + (known - view.customer.begin()),
                   [&](std::int64_t a, std::int64_t b) { return order_of(a) < order_of(b); });
  for (std::size_t i = 0; i < n; ++i) {
    const auto at = static_cast<std::size_t>(clusters.line[i]);
    const auto before = i > 0 ? static_cast<std::size_t>(clusters.line[i - 1]) : 0;
    const bool same = i > 0 && view.customer[at] == view.customer[before] &&
                      (view.customer[at] >= 0 || view.order[at] == view.order[before]);
    if (!same) clusters.begin.push_back(static_cast<std::int64_t>(i));
  }
  clusters.begin.push_back(static_cast<std::int64_t>(n));
  return clusters;
}

// Which windows a day lies in: of[offset[d]] .. of[offset[d + 1]).
struct WindowsOfDay {
  std::vector<std::int32_t> offset{};
  std::vector<std::int32_t> of{};
  WindowsOfDay(std::span<const Window> windows, data::Day first, data::Day last) : first_(first) {
    const auto days = static_cast<std::size_t>(last - first + 1);
    offset.assign(days + 1, 0);
    const auto each = [&](auto visit) {
      for (std::size_t w = 0; w < windows.size(); ++w) {
        const data::Day end = std::min(windows[w].last, last);
        for (data::Day d = std::max(windows[w].first, first); d <= end; ++d) {
          visit(static_cast<std::size_t>(d - first), static_cast<std::int32_t>(w));
        }
      }
    };
    each([&](std::size_t d, std::int32_t) { ++offset[d + 1]; });
    std::partial_sum(offset.begin(), offset.end(), offset.begin());
    of.resize(static_cast<std::size_t>(offset.back()));
    std::vector<std::int32_t> next(offset.begin(), offset.end() - 1);
    each([&](std::size_t d, std::int32_t w) { of[static_cast<std::size_t>(next[d]++)] = w; });
  }
  [[nodiscard]] std::span<const std::int32_t> operator()(data::Day day) const noexcept {
    const auto d = static_cast<std::size_t>(day - first_);
    return std::span(of).subspan(static_cast<std::size_t>(offset[d]),
                                 static_cast<std::size_t>(offset[d + 1] - offset[d]));
  }

 private:
  data::Day first_;
};

// One line in one slot. `ordered` entries belong to a counted order and stand where its first day
// is; the others carry the line's money and stand where the line's own day is.
struct Entry {
  std::int32_t slot;
  std::int32_t order;
  std::int32_t product;
  std::int32_t line;
  bool operator<(const Entry& o) const noexcept {
    if (slot != o.slot) return slot < o.slot;
    if (order != o.order) return order < o.order;
    if (product != o.product) return product < o.product;
    return line < o.line;
  }
};

class Summing {
 public:
  Summing(const KpisView& view, const OrderFacts& facts, const WindowsOfDay& windows,
          std::span<const Window> bounds, std::int32_t groups)
      : view_(view), facts_(facts), windows_(windows), bounds_(bounds), groups_(groups) {}

  void cluster(std::span<const std::int64_t> lines, std::int64_t id) {
    money_.clear();
    ordered_.clear();
    for (const std::int64_t position : lines) {
      const auto i = static_cast<std::size_t>(position);
      const std::int32_t group = view_.group.empty() ? 0 : view_.group[i] + (view_.groups ? 1 : 0);
      const Entry entry{group, view_.order[i], view_.product[i], static_cast<std::int32_t>(i)};
      enter(money_, entry, view_.day[i]);
      if (counts_as_order(view_, i)) {
        enter(ordered_, entry, facts_.order_day[static_cast<std::size_t>(view_.order[i])]);
      }
    }
    for (auto* entries : {&money_, &ordered_}) {
      if (!std::is_sorted(entries->begin(), entries->end())) {
        std::sort(entries->begin(), entries->end());
      }
    }
    merge(id, view_.customer[static_cast<std::size_t>(lines.front())]);
  }

  std::vector<Cell> cells{};
  std::vector<data::Money> values{};

 private:
  void enter(std::vector<Entry>& entries, Entry entry, data::Day day) const {
    const std::int32_t group = entry.slot;
    for (const std::int32_t w : windows_(day)) {
      entry.slot = w * groups_ + group;
      entries.push_back(entry);
    }
  }

  // Both lists are sorted by slot: one cell for each slot that occurs in either.
  void merge(std::int64_t id, std::int32_t customer) {
    auto money = money_.begin();
    auto ordered = ordered_.begin();
    while (money != money_.end() || ordered != ordered_.end()) {
      Cell cell;
      cell.cluster = id;
      cell.slot =
          ordered == ordered_.end() || (money != money_.end() && money->slot < ordered->slot)
              ? money->slot
              : ordered->slot;
      cell.known = customer >= 0;
      cell.first_value = static_cast<std::int64_t>(values.size());
      for (; money != money_.end() && money->slot == cell.slot; ++money) add_money(cell, *money);
      const auto first = ordered;
      while (ordered != ordered_.end() && ordered->slot == cell.slot) ++ordered;
      add_orders(cell, {first, ordered});
      if (cell.known && cell.orders > 0) {
        const Window& window = bounds_[static_cast<std::size_t>(cell.slot / groups_)];
        const data::Day day = facts_.first_day[static_cast<std::size_t>(customer)];
        cell.fresh = window.first <= day && day <= window.last;
      }
      cells.push_back(cell);
    }
  }

  void add_money(Cell& cell, const Entry& entry) const {
    const auto i = static_cast<std::size_t>(entry.line);
    const data::Money amount = view_.amount[i];
    const unsigned flags = view_.flags[i];
    ++cell.lines;
    if ((flags & data::kNotGoods) != 0) {
      cell.other += amount;
    } else if ((flags & data::kReturn) != 0) {
      cell.returned -= amount;
    } else {
      const data::Money discount = view_.discount.empty() ? 0 : view_.discount[i];
      cell.gross += amount + discount;
      cell.discount += discount;
    }
  }

  void add_orders(Cell& cell, std::span<const Entry> entries) {
    days_.clear();
    for (std::size_t e = 0; e < entries.size(); ++e) {
      const auto i = static_cast<std::size_t>(entries[e].line);
      const bool new_order = e == 0 || entries[e].order != entries[e - 1].order;
      if (new_order) {
        ++cell.orders;
        values.push_back(0);
        days_.push_back(facts_.order_day[static_cast<std::size_t>(entries[e].order)]);
      }
      if (new_order || entries[e].product != entries[e - 1].product) ++cell.items;
      values.back() += view_.amount[i];
      cell.order_value += view_.amount[i];
      cell.units += view_.quantity[i];
    }
    std::sort(days_.begin(), days_.end());
    cell.order_days =
        static_cast<std::int32_t>(std::unique(days_.begin(), days_.end()) - days_.begin());
  }

  const KpisView& view_;
  const OrderFacts& facts_;
  const WindowsOfDay& windows_;
  std::span<const Window> bounds_;
  std::int32_t groups_;
  std::vector<Entry> money_{};
  std::vector<Entry> ordered_{};
  std::vector<data::Day> days_{};
};

struct Partial {
  std::vector<Cell> cells{};
  std::vector<data::Money> values{};
};

// Cells of all blocks by slot; within a slot in block order, so by cluster.
Cells by_slot(std::vector<Partial>& partials, std::size_t slots) {
  Cells all;
  all.offset.assign(slots + 1, 0);
  std::size_t n_values = 0;
  for (const Partial& partial : partials) {
    for (const Cell& cell : partial.cells) ++all.offset[static_cast<std::size_t>(cell.slot) + 1];
    n_values += partial.values.size();
  }
  std::partial_sum(all.offset.begin(), all.offset.end(), all.offset.begin());
  all.cells.resize(static_cast<std::size_t>(all.offset.back()));
  all.values.reserve(n_values);
  std::vector<std::int64_t> next(all.offset.begin(), all.offset.end() - 1);
  for (Partial& partial : partials) {
    const auto shift = static_cast<std::int64_t>(all.values.size());
    all.values.insert(all.values.end(), partial.values.begin(), partial.values.end());
    for (Cell& cell : partial.cells) {
      cell.first_value += shift;
      all.cells[static_cast<std::size_t>(next[static_cast<std::size_t>(cell.slot)]++)] = cell;
    }
    partial = {};
  }
  return all;
}

}  // namespace

OrderFacts order_facts(const KpisView& view) {
  OrderFacts facts;
  facts.order_day.assign(static_cast<std::size_t>(view.n_orders), data::kNoDay);
  facts.trades.assign(static_cast<std::size_t>(view.last_day - view.first_day + 1), 0);
  for (std::size_t i = 0; i < view.order.size(); ++i) {
    if (!counts_as_order(view, i)) continue;
    data::Day& day = facts.order_day[static_cast<std::size_t>(view.order[i])];
    if (day == data::kNoDay || view.day[i] < day) day = view.day[i];
  }
  const std::int32_t last = view.customer.empty() ? -1 : view.customer.back();
  facts.first_day.assign(static_cast<std::size_t>(last + 1), data::kNoDay);
  for (std::size_t i = 0; i < view.order.size(); ++i) {
    if (!counts_as_order(view, i)) continue;
    const data::Day day = facts.order_day[static_cast<std::size_t>(view.order[i])];
    facts.trades[static_cast<std::size_t>(day - view.first_day)] = 1;
    if (view.customer[i] < 0) continue;
    data::Day& first = facts.first_day[static_cast<std::size_t>(view.customer[i])];
    if (first == data::kNoDay || day < first) first = day;
  }
  return facts;
}

Cells make_cells(const KpisView& view, const OrderFacts& facts, std::span<const Window> windows,
                 std::int32_t groups, const Context& context) {
  const Clusters clusters = make_clusters(view);
  const WindowsOfDay windows_of_day(windows, view.first_day, view.last_day);
  const std::size_t n_clusters = clusters.begin.size() - 1;
  auto partials = core::parallel_map<Partial>(
      context, n_clusters, kClustersPerBlock, [&](std::size_t begin, std::size_t end) {
        Summing summing(view, facts, windows_of_day, windows, groups);
        for (std::size_t c = begin; c < end; ++c) {
          const auto first = static_cast<std::size_t>(clusters.begin[c]);
          const auto size = static_cast<std::size_t>(clusters.begin[c + 1]) - first;
          summing.cluster(std::span(clusters.line).subspan(first, size),
                          static_cast<std::int64_t>(c));
        }
        return Partial{std::move(summing.cells), std::move(summing.values)};
      });
  std::size_t bytes = clusters.line.size() * sizeof(std::int64_t);
  for (const Partial& p : partials) {
    bytes += 2 * (p.cells.size() * sizeof(Cell) + p.values.size() * sizeof(data::Money));
  }
  if (context.memory_limit > 0 && bytes > context.memory_limit) {
    throw MemoryLimit("kpis: needs " + std::to_string(bytes) +
                      " bytes, more than memory_limit = " + std::to_string(context.memory_limit) +
                      "; take a longer period or fewer groups");
  }
  return by_slot(partials, windows.size() * static_cast<std::size_t>(groups));
}

}  // namespace emptor::metrics
