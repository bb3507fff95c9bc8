#include "mining/itemset_lists.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <utility>

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

// Whether the items of every basket are distinct and ascending: if so, an item that is no larger
// than the one before it is the first of its basket.
bool is_ascending(const data::BasketsView& view) {
  std::size_t falls = 0;
  for (std::size_t k = 1; k < view.item.size(); ++k)
    falls += view.item[k] <= view.item[k - 1] ? 1 : 0;
  std::size_t first = 0;
  for (std::size_t b = 1; b < view.size(); ++b) {
    const auto k = at(view.offset[b]);
    if (k == 0 || k == at(view.offset[b + 1])) continue;
    first += view.item[k] <= view.item[k - 1] ? 1 : 0;
  }
  return falls == first;
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

// What a block of baskets takes in.
struct Part {
  std::vector<std::uint32_t> n_rows{};    // per code, then per rank: how many of its rows hold it
  std::vector<std::uint64_t> weighted{};  // per code
  std::uint64_t weight = 0;
  std::vector<std::uint32_t>
      start{};               // per row that holds anything: its place in the block's items
  std::uint32_t places = 0;  // items, and ends of rows
  std::uint32_t first_row = 0, first_place = 0;  // of the block
};

// Baskets per block: few blocks, and all of their tables by item are a part of the baskets' size.
std::size_t baskets_per_block(const Rows& rows, std::size_t n) {
  constexpr std::size_t kLeast = 8192;
  constexpr std::size_t kMostBlocks = 16;
  const std::size_t table = 4 * std::max<std::size_t>(1, at(rows.n_items()));
  const std::size_t blocks = std::clamp<std::size_t>(rows.n_entries() / table, 1, kMostBlocks);
  return std::max(kLeast, (n + blocks - 1) / blocks);
}

Part count_items(const Rows& rows, std::span<const std::uint32_t> chosen) {
  Part part;
  part.n_rows.resize(at(rows.n_items()), 0);
  if (rows.weighted()) part.weighted.resize(at(rows.n_items()), 0);
  for (const std::uint32_t b : chosen) {
    const std::uint64_t weight = rows.weight(b);
    part.weight += weight;
    for (const std::int32_t item : rows.row(b)) ++part.n_rows[at(item)];
    if (!rows.weighted()) continue;
    for (const std::int32_t item : rows.row(b)) part.weighted[at(item)] += weight;
  }
  return part;
}

// Numbers the frequent items from the most frequent on; gives the number of every code, kRowEnd for
// the others. `n_rows` of the parts then go by these numbers, and db.begin sums them.
std::vector<std::uint32_t> rank_items(const Rows& rows, std::vector<Part>& parts,
                                      std::uint64_t min_count,
                                      const std::vector<std::uint8_t>& left_out, Database& db) {
  const auto n = at(rows.n_items());
  std::vector<std::uint64_t> n_rows(n, 0);
  std::vector<std::uint64_t> weighted(rows.weighted() ? n : 0, 0);
  for (const Part& part : parts) {
    db.base_count += part.weight;
    for (std::size_t code = 0; code < n; ++code) n_rows[code] += part.n_rows[code];
    for (std::size_t code = 0; code < weighted.size(); ++code)
      weighted[code] += part.weighted[code];
  }
  const std::vector<std::uint64_t>& count = rows.weighted() ? weighted : n_rows;
  for (std::int32_t code = 0; code < rows.n_items(); ++code) {
    if (!left_out.empty() && left_out[at(code)] != 0) continue;
    if (n_rows[at(code)] > 0 && count[at(code)] >= min_count) db.code.push_back(code);
  }
  std::stable_sort(db.code.begin(), db.code.end(),
                   [&](std::int32_t a, std::int32_t b) { return count[at(a)] > count[at(b)]; });
  db.rank.resize(db.code.size());
  std::iota(db.rank.begin(), db.rank.end(), 0U);
  std::vector<std::uint32_t> rank_of(n, kRowEnd);
  std::uint64_t total = 0;
  db.begin.push_back(0);
  for (const std::int32_t code : db.code) {
    rank_of[at(code)] = static_cast<std::uint32_t>(db.count.size());
    db.count.push_back(count[at(code)]);
    total += n_rows[at(code)];
    db.begin.push_back(static_cast<std::uint32_t>(std::min<std::uint64_t>(total, kRowEnd)));
  }
  for (Part& part : parts) {
    std::vector<std::uint32_t> by_rank;
    by_rank.reserve(db.code.size());
    for (const std::int32_t code : db.code) by_rank.push_back(part.n_rows[at(code)]);
    part.n_rows = std::move(by_rank);
    part.weighted = {};
  }
  return rank_of;
}

// Occurrences by item, as rows of the block; n_rows becomes where each item's end.
void scatter(const Rows& rows, std::span<const std::uint32_t> chosen,
             const std::vector<std::uint32_t>& rank_of, Part& part, Database& db) {
  for (const std::uint32_t b : chosen) {
    const auto r = static_cast<std::uint32_t>(part.start.size());
    const std::uint32_t before = part.places;
    for (const std::int32_t item : rows.row(b)) {
      const std::uint32_t rank = rank_of[at(item)];
      if (rank == kRowEnd) continue;
      db.row[part.n_rows[rank]++] = r;
      ++part.places;
    }
    if (part.places == before) continue;
    part.start.push_back(before);
    ++part.places;
  }
}

// Fills the rows of a block item by item, which leaves them ascending.
void fill_rows(const Part& part, const std::vector<std::uint32_t>& first, Database& db) {
  std::vector<std::uint32_t> start = part.start;
  for (std::uint32_t& place : start) place += part.first_place;
  std::vector<std::uint32_t> cursor = start;
  for (std::uint32_t rank = 0; rank < first.size(); ++rank) {
    for (std::uint32_t k = first[rank]; k < part.n_rows[rank]; ++k) {
      const std::uint32_t r = db.row[k];
      db.row[k] = r + part.first_row;
      db.occurrence[k] = {start[r], cursor[r]};
      db.item[cursor[r]++] = rank;
    }
  }
  for (const std::uint32_t end : cursor) db.item[end] = kRowEnd;
}

void add_weights(const Rows& rows, const std::vector<std::uint32_t>& chosen,
                 const std::vector<std::uint32_t>& rank_of, Database& db) {
  for (const std::uint32_t b : chosen) {
    const auto row = rows.row(b);
    if (std::any_of(row.begin(), row.end(),
                    [&](std::int32_t item) { return rank_of[at(item)] != kRowEnd; }))
      db.row_weight.push_back(rows.weight(b));
  }
  db.weight.resize(db.row.size());
  for (std::size_t k = 0; k < db.weight.size(); ++k) db.weight[k] = db.row_weight[db.row[k]];
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
  const std::size_t block = baskets_per_block(rows, chosen.size());
  const auto block_of = [&](std::size_t begin, std::size_t end) {
    return std::span(chosen).subspan(begin, end - begin);
  };
  auto parts = core::parallel_map<Part>(
      context, chosen.size(), block,
      [&](std::size_t begin, std::size_t end) { return count_items(rows, block_of(begin, end)); });
  const std::vector<std::uint32_t> rank_of = rank_items(rows, parts, min_count, hidden, db);
  const std::uint64_t total = db.begin.back();
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

  // Every block has a stretch of every item's occurrences, and one of the rows.
  std::vector<std::vector<std::uint32_t>> first;  // per block and rank
  std::vector<std::uint32_t> next(db.begin.begin(), db.begin.end() - 1);
  for (Part& part : parts) {
    first.push_back(next);
    for (std::size_t rank = 0; rank < next.size(); ++rank) next[rank] += part.n_rows[rank];
    part.n_rows = first.back();
  }
  db.row = core::LargeArray<std::uint32_t>(total);
  core::parallel_ranges(context, chosen.size(), block, [&](std::size_t begin, std::size_t end) {
    scatter(rows, block_of(begin, end), rank_of, parts[begin / block], db);
  });
  std::uint32_t places = 0;
  for (Part& part : parts) {
    part.first_row = db.n_rows;
    part.first_place = places;
    db.n_rows += static_cast<std::uint32_t>(part.start.size());
    places += part.places;
  }
  db.item = core::LargeArray<std::uint32_t>(places);
  db.occurrence = core::LargeArray<Occurrence>(total);
  core::parallel_for(context, parts.size(),
                     [&](std::size_t b) { fill_rows(parts[b], first[b], db); });
  if (rows.weighted()) add_weights(rows, chosen, rank_of, db);
  return db;
}

}  // namespace emptor::mining::sets
