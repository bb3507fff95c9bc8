// Where the time of the customer analyses goes, from occasions in memory.
#include "emptor/customers/declining.hpp"
#include "emptor/customers/rfm.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

namespace {

using emptor::Context;
namespace customers = emptor::customers;

/// Customers with gamma rates who come over two years; every tenth falls by 70 % at the end.
customers::Occasions shop(std::int64_t n) {
  customers::Occasions result;
  std::mt19937_64 engine(1);
  std::gamma_distribution<double> rate(1.5, 0.02 / 1.5);
  std::uniform_real_distribution<double> uniform(0, 1);
  std::exponential_distribution<double> gap(1);
  for (std::int64_t c = 0; c < n; ++c) {
    const double lambda = rate(engine);
    const bool falls = c % 10 == 0;
    double day = 640 * uniform(engine);
    int last = -1;
    while (day < 730) {
      if (static_cast<int>(day) > last) {
        last = static_cast<int>(day);
        result.day.push_back(last);
        result.spend.push_back(20 + 30 * uniform(engine));
      }
      day += gap(engine) / (falls && day > 640 ? 0.3 * lambda : lambda);
    }
    result.customer_begin.push_back(static_cast<std::int64_t>(result.day.size()));
  }
  return result;
}

const customers::Occasions& cached(std::int64_t n) {
  static std::map<std::int64_t, customers::Occasions> shops;
  const auto found = shops.find(n);
  return found != shops.end() ? found->second : shops.emplace(n, shop(n)).first->second;
}

void declining(benchmark::State& state) {
  const auto& occasions = cached(state.range(0));
  Context context;
  context.threads = static_cast<int>(state.range(1));
  std::int64_t eligible = 0, listed = 0;
  for (auto _ : state) {
    const auto result = customers::declining({occasions.view(), 0, 729}, {}, context);
    eligible = result.n_eligible;
    listed = result.listed[0];
    benchmark::DoNotOptimize(result.drop.data());
  }
  state.counters["eligible"] = static_cast<double>(eligible);
  state.counters["proven"] = static_cast<double>(listed);
}
BENCHMARK(declining)
    ->ArgNames({"customers", "threads"})
    ->ArgsProduct({{10000, 100000, 1000000}, {1, 2}})
    ->Unit(benchmark::kMillisecond);

void rfm(benchmark::State& state) {
  const auto& occasions = cached(state.range(0));
  for (auto _ : state) {
    const auto result = customers::rfm({occasions.view(), {}, 729});
    benchmark::DoNotOptimize(result.r.data());
  }
}
BENCHMARK(rfm)->ArgName("customers")->Arg(100000)->Arg(1000000)->Unit(benchmark::kMillisecond);

}  // namespace
