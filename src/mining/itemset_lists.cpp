#include "mining/itemset_lists.hpp"

#include "emptor/core/error.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>

namespace emptor::mining::sets {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

[[noreturn]] void fail(const std::string& what) {
  throw InvalidArgument("frequent_itemsets: " + what);
}

void check_offsets(const data::BasketsView& view) {
  if (view.offset.empty()) {
    if (!view.item.empty()) fail("offset is empty, but there are items; write baskets + 1 offsets");
    return;
  }
  if (view.offset.front() != 0 ||
      view.offset.back() != static_cast<std::int64_t>(view.item.size())) {
    fail("offset must begin with 0 and end with the number of items, " +
         std::to_string(view.item.size()));
  }
  for (std::size_t i = 0; i < view.size(); ++i)
    if (view.offset[i + 1] < view.offset[i]) fail("offset falls after basket " + std::to_string(i));
}

// Whether the items of every basket are distinct and ascending.
bool is_ascending(const data::BasketsView& view) {
  for (std::size_t b = 0; b < view.size(); ++b) {
    const auto end = at(view.offset[b + 1]);
    bool falls = false;
    for (std::size_t k = at(view.offset[b]) + 1; k < end; ++k)
      falls |= view.item[k] <= view.item[k - 1];
    if (falls) return false;
  }
  return true;
}

std::uint64_t total_weight(const data::BasketsView& view) {
  if (view.weight.empty()) return view.size();
  if (view.weight.size() != view.size()) {
    fail("weight has " + std::to_string(view.weight.size()) + " entries for " +
         std::to_string(view.size()) + " baskets; write one per basket, or none at all");
  }
  std::int64_t total = 0;
  for (std::size_t b = 0; b < view.size(); ++b) {
    if (view.weight[b] < 0) {
      fail("basket " + std::to_string(b) + " has the weight " + std::to_string(view.weight[b]) +
           "; write how often the basket was seen, 0 or more");
    }
    if (view.weight[b] > std::numeric_limits<std::int64_t>::max() - total)
      fail("the weights sum to more than 9,223,372,036,854,775,807");
    total += view.weight[b];
  }
  return static_cast<std::uint64_t>(total);
}

}  // namespace

Rows::Rows(const data::BasketsView& view)
    : view_(view), item_(view.item.data()), offset_(view.offset.data()) {
  check_offsets(view);
  total_ = total_weight(view);
  if (view.n_items < 0) fail("n_items is negative");
  std::int32_t low = 0;
  std::int32_t high = -1;
  for (const std::int32_t item : view.item) {
    low = std::min(low, item);
    high = std::max(high, item);
  }
  n_items_ = view.n_items;
  if (view.n_items == 0) n_items_ = high < std::numeric_limits<std::int32_t>::max() ? high + 1 : 0;
  if (low < 0 || high >= n_items_) {
    const auto wrong = static_cast<std::int64_t>(
        std::find_if(view.item.begin(), view.item.end(),
                     [&](std::int32_t item) { return item < 0 || item >= n_items_; }) -
        view.item.begin());
    const auto basket = std::upper_bound(view.offset.begin(), view.offset.end(), wrong) - 1;
    fail("basket " + std::to_string(basket - view.offset.begin()) + " holds item " +
         std::to_string(view.item[at(wrong)]) + "; items are 0 to n_items - 1" +
         (n_items_ > 0 ? " = " + std::to_string(n_items_ - 1) : ""));
  }
  if (is_ascending(view)) return;
  own_offset_.push_back(0);
  own_item_.reserve(view.item.size());
  for (std::size_t b = 0; b < view.size(); ++b) {
    const auto row = static_cast<std::ptrdiff_t>(own_item_.size());
    own_item_.insert(own_item_.end(), view.item.begin() + view.offset[b],
                     view.item.begin() + view.offset[b + 1]);
    std::sort(own_item_.begin() + row, own_item_.end());
    own_item_.erase(std::unique(own_item_.begin() + row, own_item_.end()), own_item_.end());
    own_offset_.push_back(static_cast<std::int64_t>(own_item_.size()));
  }
  item_ = own_item_.data();
  offset_ = own_offset_.data();
}

namespace {

// The baskets that hold every item of `base`, all of them where there is none.
std::vector<std::uint32_t> baskets_with(const Rows& rows, const std::vector<std::int32_t>& base) {
  std::vector<std::uint32_t> chosen;
  chosen.reserve(rows.size());
  for (std::size_t b = 0; b < rows.size(); ++b) {
    const auto row = rows.row(b);
    const bool all = std::all_of(base.begin(), base.end(), [&](std::int32_t item) {
      return std::binary_search(row.begin(), row.end(), item);
    });
    if (all && rows.weight(b) > 0) chosen.push_back(static_cast<std::uint32_t>(b));
  }
  return chosen;
}

struct Ranking {
  std::vector<std::uint32_t> rank_of{};  // per code; kRowEnd: not frequent
  std::vector<std::uint32_t> n_rows{};   // per rank
};

Ranking rank_items(const Rows& rows, const std::vector<std::uint32_t>& chosen,
                   std::uint64_t min_count, const std::vector<std::uint8_t>& left_out,
                   Database& db) {
  const auto n = at(rows.n_items());
  std::vector<std::uint32_t> n_rows(n, 0);
  std::vector<std::uint64_t> weighted(rows.weighted() ? n : 0, 0);
  for (const std::uint32_t b : chosen) {
    const std::uint64_t weight = rows.weight(b);
    db.base_count += weight;
    for (const std::int32_t item : rows.row(b)) ++n_rows[at(item)];
    if (!rows.weighted()) continue;
    for (const std::int32_t item : rows.row(b)) weighted[at(item)] += weight;
  }
  const auto count = [&](std::int32_t code) {
    return rows.weighted() ? weighted[at(code)] : n_rows[at(code)];
  };
  for (std::int32_t code = 0; code < rows.n_items(); ++code) {
    if (!left_out.empty() && left_out[at(code)] != 0) continue;
    if (n_rows[at(code)] > 0 && count(code) >= min_count) db.code.push_back(code);
  }
  std::stable_sort(db.code.begin(), db.code.end(),
                   [&](std::int32_t a, std::int32_t b) { return count(a) > count(b); });
  Ranking ranking{std::vector<std::uint32_t>(n, kRowEnd), {}};
  for (const std::int32_t code : db.code) {
    ranking.rank_of[at(code)] = static_cast<std::uint32_t>(ranking.n_rows.size());
    ranking.n_rows.push_back(n_rows[at(code)]);
    db.count.push_back(count(code));
  }
  db.rank.resize(db.code.size());
  std::iota(db.rank.begin(), db.rank.end(), 0U);
  return ranking;
}

}  // namespace

Database make_database(const Rows& rows, std::uint64_t min_count,
                       const std::vector<std::int32_t>& base,
                       const std::vector<std::uint8_t>& left_out, const Context& context) {
  Database db;
  db.base = base;
  db.total = rows.total();
  std::vector<std::uint8_t> hidden = left_out;
  if (!base.empty()) {
    hidden.resize(at(rows.n_items()), 0);
    for (const std::int32_t code : base) hidden[at(code)] = 1;
  }
  const std::vector<std::uint32_t> chosen = baskets_with(rows, base);
  const Ranking ranking = rank_items(rows, chosen, min_count, hidden, db);
  const std::size_t n = db.code.size();
  db.begin.assign(n + 1, 0);
  std::uint64_t total = 0;
  for (std::size_t r = 0; r < n; ++r) {
    total += ranking.n_rows[r];
    db.begin[r + 1] = static_cast<std::uint32_t>(total);
  }
  if (total + chosen.size() >= kRowEnd)
    fail(
        "more than 4,294,967,294 items in baskets are frequent; raise "
        "min_count");
  const std::size_t bytes = total * (16 + (rows.weighted() ? 8 : 0)) + chosen.size() * 12;
  if (context.memory_limit > 0 && bytes > context.memory_limit) {
    throw MemoryLimit("frequent_itemsets: the baskets take about " +
                      std::to_string(bytes / 1000000 + 1) + " MB, the limit is " +
                      std::to_string(context.memory_limit / 1000000) +
                      " MB; raise memory_limit or min_count");
  }
  if (context.stop.stop_requested()) throw Cancelled();

  // Occurrences by item; then rows filled item by item, which leaves them
  // ascending.
  db.row = core::LargeArray<std::uint32_t>(total);
  std::vector<std::uint32_t> next(db.begin.begin(), db.begin.end() - 1);
  std::vector<std::uint32_t> start;
  start.reserve(chosen.size());
  std::uint32_t place = 0;
  for (const std::uint32_t b : chosen) {
    const auto r = static_cast<std::uint32_t>(start.size());
    std::uint32_t length = 0;
    for (const std::int32_t item : rows.row(b)) {
      const std::uint32_t rank = ranking.rank_of[at(item)];
      if (rank == kRowEnd) continue;
      db.row[next[rank]++] = r;
      ++length;
    }
    if (length == 0) continue;
    start.push_back(place);
    place += length + 1;
    if (rows.weighted()) db.row_weight.push_back(rows.weight(b));
  }
  db.n_rows = static_cast<std::uint32_t>(start.size());
  db.item = core::LargeArray<std::uint32_t>(place);
  db.occurrence = core::LargeArray<Occurrence>(total);
  if (rows.weighted()) db.weight.resize(total);
  std::vector<std::uint32_t> cursor = start;
  for (std::uint32_t rank = 0; rank < n; ++rank) {
    for (std::uint32_t k = db.begin[rank]; k < db.begin[rank + 1]; ++k) {
      const std::uint32_t r = db.row[k];
      db.occurrence[k] = {start[r], cursor[r]};
      db.item[cursor[r]++] = rank;
      if (rows.weighted()) db.weight[k] = db.row_weight[r];
    }
  }
  for (const std::uint32_t end : cursor) db.item[end] = kRowEnd;
  return db;
}

}  // namespace emptor::mining::sets
