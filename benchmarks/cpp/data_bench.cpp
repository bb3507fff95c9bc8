#include "emptor/data/csv.hpp"
#include "emptor/data/sales.hpp"

#include "data/csv_scan.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>

namespace {

using namespace emptor;

/// The file of Online Retail if it is there, else made orders of the same shape.
const std::string& orders() {
  static const std::string text = [] {
    const std::string path = EMPTOR_SHARED_DATA "/online_retail/online_retail.csv";
    if (std::filesystem::exists(path)) {
      std::ostringstream all;
      all << std::ifstream(path, std::ios::binary).rdbuf();
      return all.str();
    }
    std::mt19937_64 random(1);
    std::string made =
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID\n";
    for (int i = 0; i < 500000; ++i) {
      const int month = 1 + i / 50000;
      made += std::to_string(500000 + i / 20) + ',' + std::to_string(random() % 4000) +
              ",SOME HOUSEHOLD THING IN RED," + std::to_string(1 + random() % 12) + ",2011-" +
              (month < 10 ? "0" : "") + std::to_string(month) + "-15 10:00:00,2.55," +
              std::to_string(12000 + random() % 4000) + '\n';
    }
    return made;
  }();
  return text;
}

void scan(benchmark::State& state) {
  const std::string& text = orders();
  for (auto _ : state) {
    std::uint64_t ends = 0;
    data::csv::for_each_word(
        text.data(), text.data() + text.size(), ',',
        [&](const data::csv::Masks& m, std::size_t) { ends ^= m.structural() ^ m.quote; });
    benchmark::DoNotOptimize(ends);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(scan)->Unit(benchmark::kMillisecond);

void split_csv(benchmark::State& state) {
  const Context context{.threads = static_cast<int>(state.range(0))};
  for (auto _ : state) {
    state.PauseTiming();
    std::string text = orders();
    state.ResumeTiming();
    benchmark::DoNotOptimize(data::parse_csv(std::move(text), "orders.csv", {}, context));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(orders().size()));
}
BENCHMARK(split_csv)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void split_csv_with_stray_quotes(benchmark::State& state) {
  std::string stray = orders();
  stray[stray.find("HOUSEHOLD") != std::string::npos ? stray.find("HOUSEHOLD")
                                                     : stray.find("METAL")] = '"';
  for (auto _ : state) {
    state.PauseTiming();
    std::string text = stray;
    state.ResumeTiming();
    benchmark::DoNotOptimize(data::parse_csv(std::move(text), "orders.csv", {}, {.threads = 1}));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(orders().size()));
}
BENCHMARK(split_csv_with_stray_quotes)->Unit(benchmark::kMillisecond)->UseRealTime();

void csv_to_sales(benchmark::State& state) {
  const Context context{.threads = static_cast<int>(state.range(0))};
  for (auto _ : state) {
    state.PauseTiming();
    std::string text = orders();
    state.ResumeTiming();
    data::Tables tables;
    tables.orders = data::parse_csv(std::move(text), "orders.csv", {}, context);
    benchmark::DoNotOptimize(data::Sales(tables, {}, context));
  }
}
BENCHMARK(csv_to_sales)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
