#include "mining/occasion_pairs.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace emptor::mining {
namespace {

constexpr std::size_t kBlocks = 256;

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

struct Place {  // an item in a stratum
  std::uint32_t stratum = 0;
  std::int32_t index = 0;
};

// Where every item is, by stratum.
struct Places {
  std::vector<std::size_t> begin{};
  std::vector<Place> place{};
};

Places places_of(const Occasions& occasions, std::int32_t n_items) {
  Places places;
  places.begin.assign(at(n_items) + 1, 0);
  for (const auto& item : occasions.item) ++places.begin[at(item.code) + 1];
  for (std::size_t i = 1; i < places.begin.size(); ++i) places.begin[i] += places.begin[i - 1];
  places.place.resize(occasions.item.size());
  auto next = places.begin;
  for (std::size_t s = 0; s < occasions.stratum.size(); ++s) {
    const auto items = occasions.items_of(occasions.stratum[s]);
    for (std::size_t i = 0; i < items.size(); ++i) {
      places.place[next[at(items[i].code)]++] = {static_cast<std::uint32_t>(s),
                                                 static_cast<std::int32_t>(i)};
    }
  }
  return places;
}

// Sums of an item with all items of higher code.
struct Row {
  struct Sums {
    OccasionPair pair{};
    double clustered = 0;
    double customer = 0;  // together less expected, of the customer at hand
    bool seen = false;    // with the customer at hand
    bool touched = false;
  };
  explicit Row(std::size_t n_items) : sums(n_items) {}
  std::vector<Sums> sums;                // per code
  std::vector<std::int32_t> touched{};   // by the item
  std::vector<std::int32_t> customer{};  // by the customer at hand
};

void end_customer(Row& row) {
  for (const auto b : row.customer) {
    Row::Sums& sums = row.sums[at(b)];
    sums.clustered += sums.customer * sums.customer;
    sums.pair.fewest = std::min(sums.pair.fewest, sums.customer);
    sums.pair.most = std::max(sums.pair.most, sums.customer);
    ++sums.pair.n_customers;
    sums.customer = 0;
    sums.seen = false;
  }
  row.customer.clear();
}

int shared_visits(const std::uint64_t* x, const std::uint64_t* y, std::int32_t words) {
  int n = 0;
  for (std::int32_t w = 0; w < words; ++w) n += std::popcount(x[w] & y[w]);
  return n;
}

// Counts what is held, and ends the computation beyond the limit.
class Budget {
 public:
  explicit Budget(const Context& context) : limit_(context.memory_limit) {}
  void take(std::size_t bytes) {
    const std::size_t held = held_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    if (limit_ == 0 || held <= limit_) return;
    throw MemoryLimit("substitutes: more than memory_limit, " + std::to_string(limit_ / 1000000) +
                      " MB, would be held; raise it or min_customers, or take a coarser item");
  }

 private:
  std::size_t limit_;
  std::atomic<std::size_t> held_{0};
};

// `half` is 0 for every other customer, and 1 for the rest.
void add_stratum(const Occasions& o, const Occasions::Stratum& s, std::size_t index,
                 std::span<const std::int32_t> group, std::size_t half, Row& row) {
  const auto items = o.items_of(s);
  const Occasions::Item& own = items[index];
  const auto* const chances = o.table.data() + s.table + at(own.kind) * at(s.classes);
  const std::uint64_t* const masks = o.mask.data() + s.mask;
  const std::uint64_t* const mask = masks + index * at(s.words);
  const std::int32_t own_group = group.empty() ? 0 : group[at(own.code)];
  for (std::size_t i = index + 1; i < items.size(); ++i) {
    const Occasions::Item& other = items[i];
    if (!group.empty() && group[at(other.code)] != own_group) continue;
    const Occasions::Chance& chance = chances[at(other.kind)];
    if (chance.variance <= 0) continue;
    const int together = shared_visits(mask, masks + i * at(s.words), s.words);
    Row::Sums& sums = row.sums[at(other.code)];
    if (!sums.touched) row.touched.push_back(other.code);
    if (!sums.seen) row.customer.push_back(other.code);
    sums.touched = sums.seen = true;
    sums.pair.n_together += together;
    sums.pair.n_a += own.visits;
    sums.pair.n_b += other.visits;
    sums.pair.expected += chance.expected;
    sums.pair.variance += chance.variance;
    sums.customer += together - chance.expected;
    sums.pair.half[half] += together - chance.expected;
    sums.pair.half_variance[half] += chance.variance;
  }
}

}  // namespace

OccasionPairs scan_occasions(const Occasions& occasions, std::int32_t n_items, int min_customers,
                             double min_expected, std::span<const std::int32_t> group,
                             const Context& context) {
  Budget budget(context);
  budget.take(occasions.item.size() * (sizeof(Occasions::Item) + sizeof(Place)) +
              occasions.mask.size() * sizeof(occasions.mask[0]));
  const Places places = places_of(occasions, n_items);
  std::vector<std::uint8_t> half;  // per stratum
  for (std::size_t s = 0; s < occasions.stratum.size(); ++s) {
    const bool same = s > 0 && occasions.stratum[s].customer == occasions.stratum[s - 1].customer;
    half.push_back(same || s == 0 ? (s == 0 ? 0 : half.back()) : 1 - half.back());
  }
  // Blocks of about as many places each.
  std::vector<std::int32_t> block_begin{0};
  for (std::int32_t a = 0; a < n_items; ++a) {
    const double done = static_cast<double>(places.begin[at(a) + 1]) /
                        std::max(1.0, static_cast<double>(places.place.size()));
    if (a + 1 == n_items || done * kBlocks >= static_cast<double>(block_begin.size())) {
      block_begin.push_back(a + 1);
    }
  }
  std::vector<OccasionPairs> blocks(block_begin.size() - 1);
  std::mutex mutex;
  std::vector<std::unique_ptr<Row>> idle;
  core::parallel_for(context, blocks.size(), [&](std::size_t block) {
    std::unique_ptr<Row> row;
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) {
        row = std::move(idle.back());
        idle.pop_back();
      }
    }
    if (!row) {
      budget.take(at(n_items) * sizeof(Row::Sums));
      row = std::make_unique<Row>(at(n_items));
    }
    for (std::int32_t a = block_begin[block]; a < block_begin[block + 1]; ++a) {
      if (!group.empty() && group[at(a)] < 0) continue;
      std::int32_t customer = -1;
      for (std::size_t k = places.begin[at(a)]; k < places.begin[at(a) + 1]; ++k) {
        const Place& place = places.place[k];
        const Occasions::Stratum& stratum = occasions.stratum[place.stratum];
        if (stratum.customer != customer) end_customer(*row);
        customer = stratum.customer;
        add_stratum(occasions, stratum, at(place.index), group, half[place.stratum], *row);
      }
      end_customer(*row);
      std::sort(row->touched.begin(), row->touched.end());
      for (const auto b : row->touched) {
        Row::Sums& sums = row->sums[at(b)];
        const bool testable =
            sums.pair.n_customers >= min_customers && sums.pair.expected >= min_expected;
        if (testable) {
          sums.pair.a = a;
          sums.pair.b = b;
          sums.pair.variance = std::max(sums.pair.variance, sums.clustered);
          budget.take(3 * sizeof(OccasionPair));  // here, among all, and with its test
          blocks[block].pair.push_back(sums.pair);
        } else {
          ++blocks[block].n_untestable;
        }
        sums = {};
      }
      row->touched.clear();
    }
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(row));
  });
  OccasionPairs all;
  for (const OccasionPairs& block : blocks) {
    all.pair.insert(all.pair.end(), block.pair.begin(), block.pair.end());
    all.n_untestable += block.n_untestable;
  }
  return all;
}

}  // namespace emptor::mining
