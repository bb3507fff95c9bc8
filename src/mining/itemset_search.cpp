#include "mining/itemset_search.hpp"

#include "core/parallel.hpp"

#include <memory>
#include <mutex>

namespace emptor::mining::sets {
namespace {

// The whole database as one matrix, where that is cheaper than rows.
struct RootBits {
  std::vector<std::uint64_t> plane{}, count{};
  std::vector<std::uint32_t> item{};
  std::vector<std::uint8_t> shift{};
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

void fill_root_bits(const Database& db, RootBits& root) {
  const auto n = static_cast<std::uint32_t>(db.code.size());
  Bits& bits = root.bits;
  bits.columns = n;
  bits.words = (db.n_rows + 63) / 64;
  bits.stride = (n + 7) / 8 * 8;
  root.plane.assign(std::size_t{bits.words} * bits.stride + 8, 0);
  root.count.resize(n + 8U);
  root.item.resize(n + 8U);
  for (std::uint32_t rank = 0; rank < n; ++rank) {
    const std::uint32_t c = n - 1 - rank;  // the rarest first
    root.count[c] = db.count[rank];
    root.item[c] = rank;
    for (std::uint32_t k = db.begin[rank]; k < db.begin[rank + 1]; ++k) {
      const std::uint32_t r = db.row[k];
      root.plane[std::size_t{r / 64} * bits.stride + c] |= std::uint64_t{1} << (r % 64);
    }
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
    fill_root_bits(db, root);
    shared.memory += root.plane.size() * 8;
    for (std::uint32_t i = 0; i <= n - n_perfect; ++i) begin.push_back(i);
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
    // Frequent items come first where only the best sets are wanted: they raise what is enough.
    if (dense && shared.plan.best > 0) block = begin.size() - 1 - block;
    one->begin(chunks[block]);
    if (block + 1 == begin.size()) {
      one->root(n_perfect);
    } else {
      for (std::uint32_t i = begin[block]; i < begin[block + 1]; ++i) {
        if (dense) {
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
