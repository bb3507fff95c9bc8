#pragma once

#include "emptor/mining/bought_next.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining::next {

using data::Day;

/// Length of the calendar bins that carry season, launches and growth, from the first day observed.
inline constexpr int kBinDays = 30;

/// Purchases as visits, with for every visit what a window that begins there would see. Visits are
/// numbered in (customer, day) order, so a customer's visits and his window are index ranges.
struct Visits {
  std::span<const std::int32_t>
      item{};                         ///< the purchases' items; visit v has [begin[v], begin[v+1])
  std::vector<std::int64_t> begin{};  ///< visits + 1
  std::vector<std::int32_t> customer{};     ///< per visit: 0, 1, ... in order of appearance
  std::vector<std::int32_t> code{};         ///< per such customer: the caller's code
  std::vector<std::int32_t> first_visit{};  ///< customers + 1
  std::vector<Day> day{};
  std::vector<std::int32_t> bin{};
  std::vector<std::int32_t> window_end{};  ///< the window's visits are (v, window_end[v])
  /// Days followed after the visit: `horizon` if the whole window is observed, else up to last_day.
  std::vector<std::int32_t> follow{};
  std::vector<std::uint8_t> eligible{};  ///< washout of data lies before: may be an index visit

  std::vector<std::int64_t> item_begin{};  ///< items + 1
  std::vector<std::int32_t> item_visit{};  ///< per item its visits, ascending
  std::vector<std::int32_t> buyers{};      ///< per item

  /// Sizes of the visits in v's window summed by bin: [load_begin[v], load_begin[v + 1]).
  std::vector<std::int64_t> load_begin{};
  std::vector<std::int32_t> load_bin{};
  std::vector<double> load_size{};

  std::int32_t n_items = 0;
  int n_bins = 0;
  int horizon = 0;  ///< the longest window in days (months differ)
  Day first_day = 0, last_day = 0;

  [[nodiscard]] std::size_t size() const noexcept { return day.size(); }
  [[nodiscard]] std::int32_t visit_size(std::size_t v) const noexcept {
    return static_cast<std::int32_t>(begin[v + 1] - begin[v]);
  }
  [[nodiscard]] std::span<const std::int32_t> visits_of(std::int32_t item_code) const noexcept {
    const auto i = static_cast<std::size_t>(item_code);
    return {item_visit.data() + item_begin[i],
            static_cast<std::size_t>(item_begin[i + 1] - item_begin[i])};
  }
};

/// The first of the ascending visits [next, end) that is at least v: a few steps on, as a rule.
template <typename Iterator>
Iterator first_from(Iterator next, Iterator end, std::int32_t v) noexcept {
  while (next != end && *next < v) ++next;
  return next;
}

/// Calls `each(customer, visits)` for every buyer of an item, customers ascending.
template <typename Each>
void for_buyers(const Visits& visits, std::int32_t item, Each&& each) {
  const auto all = visits.visits_of(item);
  const auto customer_of = [&](std::size_t i) {
    return visits.customer[static_cast<std::size_t>(all[i])];
  };
  for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    const auto customer = customer_of(begin);
    while (end < all.size() && customer_of(end) == customer) ++end;
    each(static_cast<std::size_t>(customer), all.subspan(begin, end - begin));
  }
}

/// The visits with one item at a time, looked up by customer.
class BuyersOf {
 public:
  explicit BuyersOf(const Visits& visits) : visits_(visits), own_(visits.code.size()) {}
  BuyersOf(const Visits& visits, std::int32_t item) : BuyersOf(visits) { choose(item); }
  void choose(std::int32_t item);
  /// Ascending; empty for who never bought it.
  [[nodiscard]] std::span<const std::int32_t> visits_of(std::int32_t customer) const noexcept {
    const auto& own = own_[static_cast<std::size_t>(customer)];
    return {with_.data() + own.begin, own.n};
  }

 private:
  struct Range {
    std::uint32_t begin = 0, n = 0;
  };
  const Visits& visits_;
  std::span<const std::int32_t> with_{};
  std::vector<Range> own_;  // per customer, in with_
};

/// Checks the purchases and lays them out. @throws InvalidArgument naming `function` and the row.
Visits make_visits(const PurchasesView& purchases, const data::Span& window,
                   const data::Span& washout, const char* function = "bought_next");

/// The visits with each customer's first purchase of the item that are eligible, one per customer.
std::vector<std::int32_t> index_visits(const Visits& visits, std::int32_t item);

/// For each index visit another eligible visit of the same customer, drawn at random from a stream
/// keyed by customer and items: where nothing should be found.
std::vector<std::int32_t> placebo_visits(const Visits& visits, const PurchasesView& purchases,
                                         std::span<const std::int32_t> index,
                                         std::span<const std::int32_t> items, std::uint64_t seed);

}  // namespace emptor::mining::next
