#include "metrics/cells.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>

namespace emptor::metrics {
namespace {

constexpr std::size_t kClustersPerBlock = 256;

// Lines of one cluster: positions [begin[c], begin[c + 1]), looked up in `line` unless that is
// empty and positions are lines.
struct Clusters {
  std::vector<std::int32_t> line{};
  std::vector<std::int64_t> begin{};  // clusters + 1
};

// Whether the lines of every order without a customer stand together, as they do where an order has
// one time.
bool orders_stand_together(const KpisView& view, std::size_t unknown) {
  std::vector<std::uint8_t> seen(static_cast<std::size_t>(view.n_orders));
  for (std::size_t i = 0; i < unknown; ++i) {
    if (i > 0 && view.order[i] == view.order[i - 1]) continue;
    if (std::exchange(seen[static_cast<std::size_t>(view.order[i])], std::uint8_t{1}) != 0) {
      return false;
    }
  }
  return true;
}

Clusters make_clusters(const KpisView& view) {
  const std::size_t n = view.customer.size();
  const auto known = std::find_if(view.customer.begin(), view.customer.end(),
                                  [](std::int32_t c) { return c >= 0; });
  const auto unknown = known - view.customer.begin();
  Clusters clusters;
  if (!orders_stand_together(view, static_cast<std::size_t>(unknown))) {
    clusters.line.resize(n);
    std::iota(clusters.line.begin(), clusters.line.end(), 0);
    const auto order_of = [&](std::int32_t i) { return view.order[static_cast<std::size_t>(i)]; };
    std::stable_sort(clusters.line.begin(), clusters.line.begin() + unknown,
                     [&](std::int32_t a, std::int32_t b) { return order_of(a) < order_of(b); });
  }
  const auto line = [&](std::size_t i) {
    return clusters.line.empty() ? i : static_cast<std::size_t>(clusters.line[i]);
  };
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t at = line(i);
    const bool same = i > 0 && view.customer[at] == view.customer[line(i - 1)] &&
                      (view.customer[at] >= 0 || view.order[at] == view.order[line(i - 1)]);
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

// The money of neighbouring lines of one day and group.
struct DayMoney {
  data::Day day;
  std::int32_t group;
  std::int32_t lines = 0;
  data::Money gross = 0, discount = 0, returned = 0, other = 0;
};

// What of one order lies in one group.
struct OrderPart {
  data::Day day;  // of the order
  std::int32_t group;
  std::int32_t items = 0;
  double units = 0;
  data::Money value = 0;
};

// A line that makes its order count.
struct Counted {
  std::int32_t group, order, product, line;
  bool operator<(const Counted& o) const noexcept {
    return std::tie(group, order, product, line) < std::tie(o.group, o.order, o.product, o.line);
  }
};

// A DayMoney or OrderPart in one of the windows it lies in.
struct Entry {
  std::int32_t slot, index;
  bool operator<(const Entry& o) const noexcept {
    return std::tie(slot, index) < std::tie(o.slot, o.index);
  }
};

// Sums one cluster after the other: first by day and by order, then into the slots.
class Summing {
 public:
  Summing(const KpisView& view, const OrderFacts& facts, const WindowsOfDay& windows,
          std::span<const Window> bounds, std::int32_t groups)
      : view_(view), facts_(facts), windows_(windows), bounds_(bounds), groups_(groups) {}

  // `line(k)` is the k-th of the cluster's `size` lines.
  template <typename LineAt>
  void cluster(std::size_t size, LineAt line, std::int64_t id) {
    days_.clear();
    counted_.clear();
    for (std::size_t k = 0; k < size; ++k) {
      const std::size_t i = line(k);
      const std::int32_t group = view_.group.empty() ? 0 : view_.group[i] + (view_.groups ? 1 : 0);
      add_money(i, group);
      if (counts_as_order(view_, i)) {
        counted_.push_back({group, view_.order[i], view_.product[i], static_cast<std::int32_t>(i)});
      }
    }
    make_orders();
    enter(days_, day_entries_);
    enter(orders_, order_entries_);
    merge(id, view_.customer[line(0)]);
  }

  std::vector<Cell> cells{};
  std::vector<data::Money> values{};

 private:
  void add_money(std::size_t i, std::int32_t group) {
    if (days_.empty() || days_.back().day != view_.day[i] || days_.back().group != group) {
      days_.push_back({view_.day[i], group});
    }
    DayMoney& day = days_.back();
    const data::Money amount = view_.amount[i];
    const unsigned flags = view_.flags[i];
    ++day.lines;
    if ((flags & data::kNotGoods) != 0) {
      day.other += amount;
    } else if ((flags & data::kReturn) != 0) {
      day.returned -= amount;
    } else {
      const data::Money discount = view_.discount.empty() ? 0 : view_.discount[i];
      day.gross += amount + discount;
      day.discount += discount;
    }
  }

  void make_orders() {
    if (!std::is_sorted(counted_.begin(), counted_.end())) {
      std::sort(counted_.begin(), counted_.end());
    }
    orders_.clear();
    for (std::size_t k = 0; k < counted_.size(); ++k) {
      const Counted& c = counted_[k];
      const auto i = static_cast<std::size_t>(c.line);
      const bool same =
          k > 0 && c.order == counted_[k - 1].order && c.group == counted_[k - 1].group;
      if (!same) {
        orders_.push_back({facts_.order_day[static_cast<std::size_t>(c.order)], c.group});
      }
      OrderPart& order = orders_.back();
      if (!same || c.product != counted_[k - 1].product) ++order.items;
      order.units += view_.quantity[i];
      order.value += view_.amount[i];
    }
  }

  template <typename Record>
  void enter(const std::vector<Record>& records, std::vector<Entry>& entries) const {
    entries.clear();
    for (std::size_t r = 0; r < records.size(); ++r) {
      for (const std::int32_t w : windows_(records[r].day)) {
        entries.push_back({w * groups_ + records[r].group, static_cast<std::int32_t>(r)});
      }
    }
    if (!std::is_sorted(entries.begin(), entries.end())) std::sort(entries.begin(), entries.end());
  }

  // Both lists are sorted by slot: one cell for each slot that occurs in either.
  void merge(std::int64_t id, std::int32_t customer) {
    auto day = day_entries_.begin();
    auto order = order_entries_.begin();
    while (day != day_entries_.end() || order != order_entries_.end()) {
      Cell cell;
      cell.cluster = id;
      const bool by_day =
          order == order_entries_.end() || (day != day_entries_.end() && day->slot < order->slot);
      cell.slot = by_day ? day->slot : order->slot;
      cell.known = customer >= 0;
      cell.first_value = static_cast<std::int64_t>(values.size());
      for (; day != day_entries_.end() && day->slot == cell.slot; ++day) {
        const DayMoney& d = days_[static_cast<std::size_t>(day->index)];
        cell.lines += d.lines;
        cell.gross += d.gross;
        cell.discount += d.discount;
        cell.returned += d.returned;
        cell.other += d.other;
      }
      order_days_.clear();
      for (; order != order_entries_.end() && order->slot == cell.slot; ++order) {
        const OrderPart& o = orders_[static_cast<std::size_t>(order->index)];
        ++cell.orders;
        cell.items += o.items;
        cell.units += o.units;
        cell.order_value += o.value;
        values.push_back(o.value);
        order_days_.push_back(o.day);
      }
      std::sort(order_days_.begin(), order_days_.end());
      cell.order_days = static_cast<std::int32_t>(
          std::unique(order_days_.begin(), order_days_.end()) - order_days_.begin());
      if (cell.known && cell.orders > 0) {
        const Window& window = bounds_[static_cast<std::size_t>(cell.slot / groups_)];
        const data::Day first = facts_.first_day[static_cast<std::size_t>(customer)];
        cell.fresh = window.first <= first && first <= window.last;
      }
      cells.push_back(cell);
    }
  }

  const KpisView& view_;
  const OrderFacts& facts_;
  const WindowsOfDay& windows_;
  std::span<const Window> bounds_;
  std::int32_t groups_;
  std::vector<DayMoney> days_{};
  std::vector<Counted> counted_{};
  std::vector<OrderPart> orders_{};
  std::vector<Entry> day_entries_{};
  std::vector<Entry> order_entries_{};
  std::vector<data::Day> order_days_{};
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
          const auto id = static_cast<std::int64_t>(c);
          if (clusters.line.empty()) {
            summing.cluster(
                size, [&](std::size_t k) { return first + k; }, id);
          } else {
            const auto line = [&](std::size_t k) {
              return static_cast<std::size_t>(clusters.line[first + k]);
            };
            summing.cluster(size, line, id);
          }
        }
        return Partial{std::move(summing.cells), std::move(summing.values)};
      });
  std::size_t bytes = clusters.line.size() * sizeof(std::int32_t);
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
