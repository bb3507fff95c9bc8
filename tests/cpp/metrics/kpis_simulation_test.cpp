#include "emptor/metrics/kpis.hpp"

#include "metrics/shop.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <vector>

namespace emptor::metrics {
namespace {

int scaled(int runs) { return runs * testing::simulation_scale(); }

// Customers of a firm over two months: each has an own rate of orders, an own level of spending, an
// own number of items and an own inclination to give goods back, all of them unequal, so that the
// orders of one customer resemble each other.
struct Setting {
  const char* name;
  int customers;
  double shape;  // of the gamma laws; small is unequal
};

test::Shop simulate(const Setting& setting, std::uint64_t seed) {
  core::Random random(seed, 11);
  std::vector<test::Line> lines;
  std::int32_t order = 0;
  const data::Day start = test::day_of("2011-03-01");  // March and April, one order a day
  for (std::int32_t c = 0; c < setting.customers; ++c) {
    const double level = random.gamma(setting.shape) / setting.shape;
    const double rate = random.gamma(setting.shape) / setting.shape * (1 + level);
    const double wide = 2 * random.uniform();
    const double fussy = 0.2 * random.uniform();
    for (const data::Day month : {start, start + 31}) {
      const auto orders = random.poisson(rate);
      for (std::int64_t o = 0; o < orders; ++o, ++order) {
        const data::Day day = month + static_cast<data::Day>(random.below(30));
        const auto items = 1 + random.poisson(wide);
        for (std::int64_t i = 0; i < items; ++i) {
          const double amount = std::ceil(1000 * (level + 0.2) * (random.gamma(2) + 0.1)) / 100;
          const auto product = static_cast<std::int32_t>(i);
          lines.push_back({c, order, product, day, 1, amount});
          if (random.uniform() < fussy) {
            lines.push_back({c, order, product, day, -1, -amount, data::kReturn});
          }
        }
      }
    }
  }
  return test::Shop(std::move(lines), start, start + 60);
}

constexpr std::array kMeasured{
    Kpi::average_order_value, Kpi::median_order_value, Kpi::items_per_order, Kpi::units_per_order,
    Kpi::repeat_rate,         Kpi::return_share,       Kpi::top_tenth_share};
constexpr std::array kChanges{Kpi::revenue,
                              Kpi::orders,
                              Kpi::customers,
                              Kpi::average_order_value,
                              Kpi::median_order_value,
                              Kpi::repeat_rate,
                              Kpi::return_share,
                              Kpi::top_tenth_share};

struct Tally {
  int covered = 0;
  int made = 0;
  void add(bool hit) {
    covered += hit ? 1 : 0;
    ++made;
  }
  [[nodiscard]] double share() const { return made > 0 ? static_cast<double>(covered) / made : 1; }
};

// The values the figures have in a firm without end: one of very many customers.
std::map<Kpi, double> truth_of(const Setting& setting) {
  const test::Shop shop = simulate({setting.name, 60000, setting.shape}, 1);
  const Kpis found = kpis(shop.view);
  std::map<Kpi, double> truth;
  for (const Kpi kpi : kMeasured) truth[kpi] = found[kpi].value[0];
  return truth;
}

// Nominal 95 %; nothing changes between the months but chance, so changes must cover 0. Mean
// coverage over settings and figures must lie in 93 to 97 %, widened by three standard errors of
// the runs made; figures of one run are counted as one, as they are not independent.
TEST(KpisSimulation, IntervalsCover) {
  const std::vector<Setting> settings{{"40 customers, even", 40, 5},
                                      {"100 customers, even", 100, 5},
                                      {"100 customers, unequal", 100, 1},
                                      {"400 customers, even", 400, 5},
                                      {"400 customers, unequal", 400, 1}};
  const int runs = scaled(80);
  double levels = 0;
  double changes = 0;
  std::printf("coverage at nominal 95 %%, %d runs each; c: changes between months\n", runs);
  for (const Setting& setting : settings) {
    const auto truth = truth_of(setting);
    std::map<Kpi, Tally> covered;
    std::map<Kpi, Tally> covered_change;
    for (int run = 0; run < runs; ++run) {
      const test::Shop shop = simulate(setting, 100 + static_cast<std::uint64_t>(run));
      const Kpis found = kpis(shop.view);
      for (const auto& [kpi, value] : truth) {
        if (found[kpi].status[0] == Status::not_enough_data) continue;
        covered[kpi].add(found[kpi].low[0] <= value && value <= found[kpi].high[0]);
      }
      for (const Kpi kpi : kChanges) {
        const KpiChange& change = found[kpi].previous;
        if (change.status[1] == Status::not_enough_data) continue;
        covered_change[kpi].add(change.low[1] <= 0 && 0 <= change.high[1]);
      }
    }
    std::printf("%s\n", setting.name);
    const auto print = [&](const char* mark, const std::map<Kpi, Tally>& counts, double& sum) {
      for (const auto& [kpi, count] : counts) {
        const double share = count.share();
        std::printf("  %s %-20s %.3f\n", mark,
                    std::string(kpi_names()[static_cast<std::size_t>(kpi)]).c_str(), share);
        sum += share / static_cast<double>(counts.size() * settings.size());
      }
    };
    print(" ", covered, levels);
    print("c", covered_change, changes);
  }
  std::printf("mean: levels %.3f, changes %.3f\n", levels, changes);
  const double margin = 3 * std::sqrt(.95 * .05 / static_cast<double>(settings.size()) / runs);
  EXPECT_GE(levels, .93 - margin);
  EXPECT_LE(levels, .97 + margin);
  EXPECT_GE(changes, .93 - margin);
  EXPECT_LE(changes, .97 + margin);
}

}  // namespace
}  // namespace emptor::metrics
