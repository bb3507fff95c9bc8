#include "emptor/mining/bought_together.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace emptor;

struct Baskets {
  std::vector<std::int64_t> offset{0};
  std::vector<std::int32_t> item{};
  std::vector<std::int32_t> customer{};
};

// A file of the FIMI repository: a basket a line. Five baskets in a row make a customer.
Baskets read(const std::string& name) {
  Baskets baskets;
  std::ifstream in(std::string(EMPTOR_SHARED_DATA) + "/baskets/" + name);
  for (std::string line; std::getline(in, line);) {
    std::istringstream fields(line);
    const auto begin = static_cast<std::ptrdiff_t>(baskets.item.size());
    for (std::int32_t item = 0; fields >> item;) baskets.item.push_back(item);
    std::sort(baskets.item.begin() + begin, baskets.item.end());
    baskets.item.erase(std::unique(baskets.item.begin() + begin, baskets.item.end()),
                       baskets.item.end());
    baskets.customer.push_back(static_cast<std::int32_t>(baskets.customer.size() / 5));
    baskets.offset.push_back(static_cast<std::int64_t>(baskets.item.size()));
  }
  return baskets;
}

void bought_together(benchmark::State& state, const char* file, bool customers, double fdr) {
  const Baskets baskets = read(file);
  if (baskets.customer.empty()) {
    state.SkipWithError("the file is not there");
    return;
  }
  data::BasketsView view{baskets.offset, baskets.item, {}, 0};
  if (customers) view.customer = baskets.customer;
  Context context;
  context.threads = static_cast<int>(state.range(0));
  for (auto _ : state) {
    benchmark::DoNotOptimize(mining::bought_together(view, {.min_count = 20, .fdr = fdr}, context));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(baskets.item.size()));
}

BENCHMARK_CAPTURE(bought_together, retail, "retail.dat", false, 0.05)->Arg(1)->Arg(2);
BENCHMARK_CAPTURE(bought_together, retail_customers, "retail.dat", true, 0.05)->Arg(1)->Arg(2);
BENCHMARK_CAPTURE(bought_together, retail_every_pair, "retail.dat", false, 1.0)->Arg(1);
BENCHMARK_CAPTURE(bought_together, t10, "T10I4D100K.dat", false, 0.05)->Arg(1)->Arg(2);
BENCHMARK_CAPTURE(bought_together, t10_customers, "T10I4D100K.dat", true, 0.05)->Arg(1)->Arg(2);

}  // namespace
