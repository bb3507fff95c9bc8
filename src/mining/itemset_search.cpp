#include "mining/itemset_search.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <numeric>
#include <utility>

namespace emptor::mining::sets {
namespace {

// The whole database as one matrix, where that is cheaper than rows.
struct RootBits {
  std::vector<std::uint64_t> plane{}, count{};
  std::vector<std::uint32_t> item{};
  std::vector<std::uint16_t> cell{};
  std::vector<std::uint64_t> all{};  // every row, with cells
  Bits bits{};
};

bool root_bits_are_cheaper(const Database& db, std::size_t limit) {
  const auto columns = static_cast<double>(db.code.size());
  double held = static_cast<double>(db.row.size());
  const double rows = std::max(1.0, static_cast<double>(db.n_rows));
  const double words = (rows + 63) / 64;
  const double length = held / rows;
  const double bytes = columns * words * 8;
  return db.row_weight.empty() &&
         columns * columns / 2 * words * kBitCost <=
             rows * length * length * kSweepCost + columns * kColumnCost &&
         bytes <= 64e6 && (limit == 0 || bytes < static_cast<double>(limit) / 2);
}

// Whether sorting the rows by the items [first, first + n_items) leaves words
// full enough: how many words there are then. `mask` is which of these items a
// row holds, `rows` how many hold the same.
std::uint32_t sorted_words(const std::vector<std::uint32_t>& rows, unsigned n_items) {
  std::uint32_t words = 0;
  const std::uint32_t cells = 1U << n_items;
  for (std::uint32_t m = 0; m < cells; ++m) {
    std::uint32_t n = 0;  // items beyond n_items do not matter
    for (std::size_t k = m; k < rows.size(); k += cells) n += rows[k];
    words += (n + 63) / 64;
  }
  return words;
}

// Chooses the items of Bits::cell and places the rows by them; returns the
// place of every row.
std::vector<std::uint32_t> sort_rows(const Database& db, std::uint32_t n_perfect, RootBits& root,
                                     std::vector<std::uint32_t>& items) {
  const auto n = static_cast<std::uint32_t>(db.code.size());
  std::vector<std::uint32_t> place(db.n_rows);
  std::vector<std::uint16_t> mask(db.n_rows, 0);
  std::vector<std::uint32_t> rows(std::size_t{1} << kMostCellItems, 0);
  const std::uint32_t most = std::min(kMostCellItems, n - n_perfect);
  for (std::uint32_t i = 0; i < most; ++i) {
    const std::uint32_t rank = n_perfect + i;
    for (std::uint32_t k = db.begin[rank]; k < db.begin[rank + 1]; ++k)
      mask[db.row[k]] = static_cast<std::uint16_t>(mask[db.row[k]] | 1U << i);
  }
  for (const std::uint16_t m : mask) ++rows[m];
  const std::uint32_t words = (db.n_rows + 63) / 64;
  unsigned n_items = most;
  while (n_items >= kLeastCellItems && sorted_words(rows, n_items) > words * 3 / 2 + 32) --n_items;
  if (n_items < kLeastCellItems) return {};
  const std::uint32_t cells = 1U << n_items;
  std::vector<std::uint32_t> next(cells, 0);
  for (std::uint16_t& m : mask) {
    m = static_cast<std::uint16_t>(m & (cells - 1));
    ++next[m];
  }
  for (std::uint32_t m = 0; m < cells; ++m) {
    const std::uint32_t held =
        std::exchange(next[m], static_cast<std::uint32_t>(root.cell.size()) * 64);
    root.cell.insert(root.cell.end(), (held + 63) / 64, static_cast<std::uint16_t>(m));
  }
  root.all.assign(root.cell.size(), 0);
  for (std::uint32_t r = 0; r < db.n_rows; ++r) {
    place[r] = next[mask[r]]++;
    root.all[place[r] / 64] |= std::uint64_t{1} << (place[r] % 64);
  }
  for (unsigned i = 0; i < n_items; ++i) items.push_back(n_perfect + i);
  root.bits.words = static_cast<std::uint32_t>(root.cell.size());
  root.bits.cell = root.cell.data();
  return place;
}

// The columns are all items but those of Bits::cell, the rarest first.
void fill_root_bits(const Database& db, std::uint32_t n_perfect, bool sorts, RootBits& root,
                    std::vector<std::uint32_t>& items) {
  Bits& bits = root.bits;
  std::vector<std::uint32_t> place;
  if (sorts) place = sort_rows(db, n_perfect, root, items);
  if (items.empty()) {
    place.resize(db.n_rows);
    std::iota(place.begin(), place.end(), 0U);
    bits.words = (db.n_rows + 63) / 64;
  }
  const auto n = static_cast<std::uint32_t>(db.code.size());
  const auto n_cells = static_cast<std::uint32_t>(items.size());
  bits.columns = n - n_cells;
  bits.stride = (bits.columns + 7) / 8 * 8;
  root.plane.assign(std::size_t{bits.words} * bits.stride + 8, 0);
  root.count.resize(bits.columns + 8U);
  root.item.resize(bits.columns + 8U);
  std::uint32_t c = 0;
  for (std::uint32_t rank = n; rank-- > 0;) {
    if (rank >= n_perfect && rank < n_perfect + n_cells) continue;
    root.count[c] = db.count[rank];
    root.item[c] = rank;
    for (std::uint32_t k = db.begin[rank]; k < db.begin[rank + 1]; ++k) {
      const std::uint32_t at = place[db.row[k]];
      root.plane[std::size_t{at / 64} * bits.stride + c] |= std::uint64_t{1} << (at % 64);
    }
    ++c;
  }
  bits.plane = root.plane.data();
  bits.count = root.count.data();
  bits.item = root.item.data();
}

// Ranges of items of about the same work, whatever the number of threads.
std::vector<std::uint32_t> blocks_of(const Database& db, std::uint32_t first) {
  constexpr std::uint64_t kBlocks = 256;
  const auto n = static_cast<std::uint32_t>(db.code.size());
  std::vector<std::uint64_t> work(n, 0);
  std::uint64_t total = 0;
  for (std::uint32_t i = first; i < n; ++i) {
    work[i] = 64;
    for (std::uint32_t k = db.begin[i]; k < db.begin[i + 1]; ++k)
      work[i] += db.occurrence[k].at - db.occurrence[k].start;
    total += work[i];
  }
  std::vector<std::uint32_t> begin{first};
  std::uint64_t sum = 0;
  for (std::uint32_t i = first; i < n; ++i) {
    sum += work[i];
    if (sum >= total / kBlocks + 1 || i + 1 == n) {
      begin.push_back(i + 1);
      sum = 0;
    }
  }
  return begin;
}

template <ItemsetKind kind>
std::vector<Chunk> search_kind(Shared& shared) {
  const Database& db = shared.db;
  const auto n = static_cast<std::uint32_t>(db.code.size());
  std::uint32_t n_perfect = 0;
  while (n_perfect < n && db.count[n_perfect] == db.base_count) ++n_perfect;
  RootBits root;
  const bool dense =
      n > 1 && shared.plan.form != Form::rows && db.row_weight.empty() &&
      (shared.plan.form == Form::bits || root_bits_are_cheaper(db, shared.context.memory_limit));
  std::vector<std::uint32_t> begin;
  if (dense) {
    // Many sets of the most frequent items are counted at once where no set is
    // too large or too rare to be wanted.
    const bool sorts = kind == ItemsetKind::all && shared.plan.best == 0 &&
                       shared.plan.max_items > 2 * kMostCellItems;
    fill_root_bits(db, n_perfect, sorts, root, shared.cell_items);
    shared.memory += root.plane.size() * 8;
    const std::uint32_t extended =
        n - n_perfect - static_cast<std::uint32_t>(shared.cell_items.size());
    for (std::uint32_t i = 0; i <= extended; ++i) begin.push_back(i);
  } else {
    begin = blocks_of(db, n_perfect);
  }
  const Lists lists = db.lists();
  std::vector<Chunk> chunks(begin.size());  // the last is the root's
  std::mutex mutex;
  std::vector<std::unique_ptr<Search<kind>>> idle;
  const auto take = [&] {
    const std::lock_guard lock(mutex);
    if (idle.empty()) return std::make_unique<Search<kind>>(shared);
    auto one = std::move(idle.back());
    idle.pop_back();
    return one;
  };
  core::parallel_for(shared.context, begin.size(), [&](std::size_t block) {
    auto one = take();
    // Frequent items come first where only the best sets are wanted: they raise
    // what is enough.
    if (dense && shared.plan.best > 0) block = begin.size() - 1 - block;
    one->begin(chunks[block]);
    if (block + 1 == begin.size()) {
      one->root(n_perfect);
      if constexpr (kind == ItemsetKind::all)
        if (!shared.cell_items.empty()) one->emit_cells(root.bits, root.all.data(), db.base_count);
    } else {
      for (std::uint32_t i = begin[block]; i < begin[block + 1]; ++i) {
        if (dense && root.bits.cell != nullptr) {
          if constexpr (kind == ItemsetKind::all) one->extend_cells(root.bits, i);
        } else if (dense) {
          one->extend(root.bits, i);
        } else {
          one->extend(lists, i);
        }
      }
    }
    one->end();
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(one));
  });
  return chunks;
}

}  // namespace

std::vector<Chunk> search(const Database& db, const Plan& plan, const Context& context) {
  const BitKernel& kernel = plan.kernel != nullptr ? *plan.kernel : *bit_kernels().front();
  Shared shared{db, plan, context, kernel, {plan.best > 0 ? plan.best : kMany, plan.min_count}};
  switch (plan.kind) {
    case ItemsetKind::closed:
      return search_kind<ItemsetKind::closed>(shared);
    case ItemsetKind::maximal:
      return search_kind<ItemsetKind::maximal>(shared);
    case ItemsetKind::generators:
      return search_kind<ItemsetKind::generators>(shared);
    case ItemsetKind::all:
      break;
  }
  return search_kind<ItemsetKind::all>(shared);
}

}  // namespace emptor::mining::sets
