#include "emptor/mining/offers.hpp"

#include "core/random.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

namespace {

using namespace emptor;

// 50,000 items with 64 neighbours each, as in a large shop.
const mining::OfferTable& table() {
  static const mining::OfferTable made = [] {
    constexpr std::int32_t kItems = 50000;
    core::Random random(1, 1);
    mining::OfferParts parts;
    std::vector<std::int64_t> ids;
    for (std::int32_t i = 0; i < kItems; ++i) ids.push_back(i);
    parts.items = Dictionary::from_integers(ids);
    parts.names.assign(kItems, "item");
    parts.amount.assign(kItems, 1);
    for (std::int32_t i = 0; i < kItems; ++i) {
      std::set<std::int32_t> to;
      while (to.size() < 64) to.insert(static_cast<std::int32_t>(random.below(kItems)));
      for (const std::int32_t other : to) {
        const double p = random.uniform();
        parts.pairs.push_back({i, other, p, p / 2});
      }
    }
    return mining::OfferTable(parts, 64);
  }();
  return made;
}

// p50 and p99 of single look-ups, in microseconds, for baskets of so many items.
void recommend(benchmark::State& state) {
  const auto& offers = table();
  core::Random random(2, 2);
  std::vector<double> times;
  std::vector<std::int32_t> basket(static_cast<std::size_t>(state.range(0)));
  std::array<mining::Offer, 5> out{};
  for (auto _ : state) {
    for (auto& item : basket) item = static_cast<std::int32_t>(random.below(50000));
    const auto begin = std::chrono::steady_clock::now();
    benchmark::DoNotOptimize(offers.recommend(basket, out, mining::OfferValue::amount));
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
    times.push_back(took.count());
  }
  std::sort(times.begin(), times.end());
  state.counters["p50_us"] = times[times.size() / 2];
  state.counters["p99_us"] = times[times.size() * 99 / 100];
}

BENCHMARK(recommend)->Arg(1)->Arg(10)->Arg(50);

}  // namespace
