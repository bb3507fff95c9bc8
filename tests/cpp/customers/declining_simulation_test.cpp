#include "emptor/customers/declining.hpp"

#include "customers/simulated_cohort.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace emptor::customers {
namespace {

using testing::Cohort;
using testing::CohortPlan;
using testing::simulate;

int runs() { return emptor::testing::simulation_scale(); }

/// A quick look takes smaller cohorts than the table of the docs.
int cohort_size() { return runs() < 5 ? 1600 : 5000; }

constexpr std::array kNominal{0.05, 0.10, 0.20};

/// Lists of one setting, summed over runs.
struct Tally {
  std::array<double, 3> listed{};  ///< at 5, 10 and 20 % of all eligible customers
  std::array<double, 3> wrong{};
  std::array<double, 2> labelled{};  ///< rows labelled proven and likely
  std::array<double, 2> labelled_wrong{};
  double eligible = 0;
  double fallen = 0;
  double covered = 0;
  double phi = 0;
  double g = 0;
};

/// The largest list whose mean local fdr is at most `level`, and how many of it have not fallen.
std::pair<double, double> list(std::vector<std::pair<double, bool>> customers, double level) {
  std::sort(customers.begin(), customers.end());
  double sum = 0;
  std::size_t size = 0;
  for (std::size_t i = 0; i < customers.size(); ++i) {
    sum += customers[i].first;
    if (sum <= level * static_cast<double>(i + 1)) size = i + 1;
  }
  double wrong = 0;
  for (std::size_t i = 0; i < size; ++i) wrong += customers[i].second ? 0 : 1;
  return {static_cast<double>(size), wrong};
}

/// A customer has fallen if his true rate in the window, the season and (against peers) the
/// market's change taken out, is at most half of that in the baseline.
Tally tally(const CohortPlan& plan, RelativeTo relative_to, int repeats = runs()) {
  Tally result;
  for (int run = 0; run < repeats; ++run) {
    const Cohort cohort = simulate(plan, 100 + static_cast<std::uint64_t>(run));
    DecliningOptions options;
    options.relative_to = relative_to;
    options.all = true;
    options.watch = 0;
    const DecliningResult found = declining(cohort.view(), options);
    EXPECT_LT(found.certificate, 1e-5) << plan.name;
    const bool own = relative_to == RelativeTo::own;
    std::vector<double> ratios;
    for (const std::int32_t c : found.customer)
      ratios.push_back(
          (own ? cohort.ratio_to_own : cohort.ratio_to_peers)[static_cast<std::size_t>(c)]);
    // Where all rates wander, the median customer stands for the market.
    auto sorted = ratios;
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<long>(sorted.size() / 2),
                     sorted.end());
    const double median = plan.wander > 0 && !own ? sorted[sorted.size() / 2] : 1;
    std::vector<std::pair<double, bool>> customers;
    for (std::size_t i = 0; i < ratios.size(); ++i) {
      const double drop = 1 - ratios[i] / median;
      customers.emplace_back(found.local_fdr[i], drop >= 0.5);
      result.fallen += drop >= 0.5 ? 1 : 0;
      if (found.list[i] <= DeclineList::likely) {
        const auto name = static_cast<std::size_t>(found.list[i]);
        result.labelled[name] += 1;
        result.labelled_wrong[name] += drop >= 0.5 ? 0 : 1;
      }
      result.covered +=
          drop >= found.drop_low[i] - 1e-9 && drop <= found.drop_high[i] + 1e-9 ? 1 : 0;
    }
    for (std::size_t q = 0; q < kNominal.size(); ++q) {
      const auto [size, wrong] = list(customers, kNominal[q]);
      result.listed[q] += size;
      result.wrong[q] += wrong;
    }
    result.eligible += static_cast<double>(ratios.size());
    result.phi += found.phi;
    result.g += found.market_change.value;
  }
  return result;
}

void print(const CohortPlan& plan, const Tally& t, int repeats = runs()) {
  const double n = repeats;
  std::printf("| %s | %.0f | %.0f |", plan.name.c_str(), t.eligible / n, t.fallen / n);
  const auto cell = [&](double listed, double wrong) {
    if (listed > 0) {
      std::printf(" %.1f / %.2f |", listed / n, wrong / listed);
    } else {
      std::printf(" 0 |");
    }
  };
  for (std::size_t q = 0; q < kNominal.size(); ++q) cell(t.listed[q], t.wrong[q]);
  for (std::size_t l = 0; l < 2; ++l) cell(t.labelled[l], t.labelled_wrong[l]);
  std::printf(" %.3f | %.2f | %.2f |\n", t.covered / t.eligible, t.phi / n, t.g / n);
}

void header(const char* what) {
  std::printf(
      "\n%s, %d runs of %d customers: listed a run / false share of the largest lists at a "
      "nominal\n"
      "mean share of 5, 10 and 20 %%, and of the rows labelled proven and likely\n\n"
      "| setting | eligible | fell | 5 %% | 10 %% | 20 %% | proven | likely | coverage | phi | "
      "market |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
      what, runs(), cohort_size());
}

/// The false share must hold up to the noise of that many runs.
void expect_holds(const CohortPlan& plan, const Tally& t) {
  for (std::size_t q = 0; q < kNominal.size(); ++q) {
    const double allowed = kNominal[q] * t.listed[q];
    EXPECT_LE(t.wrong[q], allowed + 3 * std::sqrt(allowed) + 1)
        << plan.name << " at " << kNominal[q] << ": " << t.listed[q] << " listed";
  }
  for (std::size_t l = 0; l < 2; ++l) {
    const double allowed = (l == 0 ? kNominal[0] : kNominal[2]) * t.labelled[l];
    EXPECT_LE(t.labelled_wrong[l], allowed + 3 * std::sqrt(allowed) + 1)
        << plan.name << (l == 0 ? ", proven" : ", likely");
  }
}

CohortPlan plan(std::string name, double falls) {
  CohortPlan p;
  p.name = std::move(name);
  p.falls = falls;
  p.customers = cohort_size();
  return p;
}

std::vector<CohortPlan> holding_plans() {
  std::vector<CohortPlan> plans{plan("nobody fell", 0), plan("5 % fell", 0.05),
                                plan("20 % fell", 0.2), plan("50 % fell", 0.5)};
  const auto add = [&](std::string name, double falls, auto&& change) {
    plans.push_back(plan(std::move(name), falls));
    change(plans.back());
  };
  add("nobody fell, market up 20 %", 0, [](CohortPlan& p) { p.market = 1.2; });
  add("20 % fell, market up 20 %", 0.2, [](CohortPlan& p) { p.market = 1.2; });
  add("nobody fell, 0.1 a day", 0, [](CohortPlan& p) { p.mean_rate = 0.1; });
  add("5 % fell, 0.1 a day", 0.05, [](CohortPlan& p) { p.mean_rate = 0.1; });
  add("20 % fell, 0.1 a day", 0.2, [](CohortPlan& p) { p.mean_rate = 0.1; });
  add("nobody fell, clumpy (Erlang 0.5)", 0, [](CohortPlan& p) { p.erlang = 0.5; });
  add("20 % fell, clumpy (Erlang 0.5)", 0.2, [](CohortPlan& p) { p.erlang = 0.5; });
  add("20 % fell, regular (Erlang 3)", 0.2, [](CohortPlan& p) { p.erlang = 3; });
  add("20 % fell, regular (Erlang 3), 0.1 a day", 0.2, [](CohortPlan& p) {
    p.erlang = 3;
    p.mean_rate = 0.1;
  });
  add("20 % fell, half regular (Erlang 3)", 0.2, [](CohortPlan& p) {
    p.erlang = 3;
    p.others = 1;
  });
  add("nobody fell, two rates", 0, [](CohortPlan& p) { p.rates = "two-point"; });
  add("5 % fell, two rates", 0.05, [](CohortPlan& p) { p.rates = "two-point"; });
  add("5 % fell, two rates, 0.1 a day", 0.05, [](CohortPlan& p) {
    p.rates = "two-point";
    p.mean_rate = 0.1;
  });
  add("5 % fell, uniform rates, 0.1 a day", 0.05, [](CohortPlan& p) {
    p.rates = "uniform";
    p.mean_rate = 0.1;
  });
  add("20 % fell, log-normal rates", 0.2, [](CohortPlan& p) { p.rates = "lognormal"; });
  add("20 % fell, two rates", 0.2, [](CohortPlan& p) { p.rates = "two-point"; });
  add("20 % fell, uniform rates", 0.2, [](CohortPlan& p) { p.rates = "uniform"; });
  add("20 % fell, death 1/300 a day", 0.2, [](CohortPlan& p) { p.death = 1.0 / 300; });
  add("20 % fell, 400 customers", 0.2, [](CohortPlan& p) { p.customers = 400; });
  return plans;
}

}  // namespace

TEST(DecliningSimulation, PeersHoldTheirFalseShare) {
  std::vector<CohortPlan> plans = holding_plans();
  const auto season = [&](std::string name, double falls, int history) {
    plans.push_back(plan(std::move(name), falls));
    plans.back().season = 0.4;
    plans.back().history = history;
  };
  season("nobody fell, season rising", 0, 540);
  season("20 % fell, season rising", 0.2, 540);
  season("nobody fell, season falling", 0, 720);
  season("20 % fell, season falling", 0.2, 720);
  header("relative_to=\"peers\"");
  double covered = 0, eligible = 0;
  for (const CohortPlan& p : plans) {
    const Tally t = tally(p, RelativeTo::peers);
    print(p, t);
    expect_holds(p, t);
    covered += t.covered;
    eligible += t.eligible;
    if (p.name == "20 % fell, 0.1 a day") {
      EXPECT_GT(t.listed[2] - t.wrong[2], 0.3 * t.fallen) << "too little power";
    }
  }
  EXPECT_GT(covered / eligible, 0.93);
}

TEST(DecliningSimulation, LossesOfListedCustomersLieInTheirIntervals) {
  std::printf("\nlosses of listed customers: setting, customers, share inside the interval\n");
  double covered = 0, all = 0;
  for (const double rate : {0.03, 0.1})
    for (const double falls : {0.2, 0.5}) {
      CohortPlan plan;
      plan.customers = 2000;
      plan.mean_rate = rate;
      plan.falls = falls;
      double inside = 0, listed = 0;
      for (int run = 0; run < 2 * runs(); ++run) {
        const Cohort cohort = simulate(plan, 900 + static_cast<std::uint64_t>(run));
        const DecliningResult found = declining(cohort.view());
        for (std::size_t i = 0; i < found.customer.size(); ++i) {
          if (found.list[i] > DeclineList::likely) continue;
          const double lost = cohort.lost[static_cast<std::size_t>(found.customer[i])];
          const double value = found.order_value[i];
          ++listed;
          inside += lost >= found.expected_lost_revenue_low[i] / value &&
                            lost <= found.expected_lost_revenue_high[i] / value
                        ? 1
                        : 0;
        }
      }
      std::printf("%.2f a day, %.0f %% fell  %6.0f  %.3f\n", rate, 100 * falls, listed,
                  inside / listed);
      covered += inside;
      all += listed;
    }
  EXPECT_GT(covered / all, 0.93);
}

TEST(DecliningSimulation, OwnHoldsItsFalseShare) {
  std::vector<CohortPlan> plans = holding_plans();
  plans.push_back(plan("20 % fell, season falling, 3 years", 0.2));
  plans.back().season = 0.4;
  plans.back().history = 1085;
  plans.push_back(plan("nobody fell, season falling, 3 years", 0));
  plans.back().season = 0.4;
  plans.back().history = 1085;
  header("relative_to=\"own\"");
  double covered = 0, eligible = 0;
  for (const CohortPlan& p : plans) {
    const Tally t = tally(p, RelativeTo::own);
    print(p, t);
    expect_holds(p, t);
    covered += t.covered;
    eligible += t.eligible;
  }
  EXPECT_GT(covered / eligible, 0.93);
}

// Dense buyers' days change less than their purchases do, and the market's change is known so well
// that they would lie outside its interval.
TEST(DecliningSimulation, OwnCoversDenseBuyers) {
  for (const char* rates : {"gamma", "two-point"}) {
    CohortPlan p;
    p.name = std::string("5 % fell, 0.15 a day, rates ") + rates;
    p.rates = rates;
    p.mean_rate = 0.15;
    p.falls = 0.05;
    const int repeats = std::max(runs(), 3);
    const Tally t = tally(p, RelativeTo::own, repeats);
    print(p, t, repeats);
    EXPECT_GT(t.covered / t.eligible, 0.93) << p.name;
  }
}

// Rates that all wander are not of the model: nobody is unchanged. What happens is printed, and the
// lists must stay next to empty rather than name hundreds.
TEST(DecliningSimulation, WanderingRatesNameNextToNobody) {
  for (const RelativeTo relative_to : {RelativeTo::own, RelativeTo::peers}) {
    header(relative_to == RelativeTo::own ? "wandering rates, own" : "wandering rates, peers");
    for (const double sd : {0.3, 0.5}) {
      for (const double rate : {0.03, 0.1}) {
        CohortPlan p = plan("all rates wander, sd " + std::to_string(sd).substr(0, 3) +
                                (rate > 0.05 ? ", 0.1 a day" : ""),
                            0);
        p.wander = sd;
        p.mean_rate = rate;
        const Tally t = tally(p, relative_to);
        print(p, t);
        EXPECT_LE(t.wrong[2], 0.01 * t.eligible);
      }
    }
  }
}

namespace {

/// Counts and silence together, and the day of the fall, over all runs of a setting.
struct EvidenceTally {
  std::array<double, 3> listed{}, wrong{};
  double unchanged = 0, long_gap = 0, dated_wrongly = 0;
  double fallen = 0, dated = 0, covered = 0;
};

EvidenceTally evidence_of(const CohortPlan& plan) {
  EvidenceTally t;
  for (int run = 0; run < runs(); ++run) {
    const Cohort cohort = simulate(plan, 300 + static_cast<std::uint64_t>(run));
    DecliningOptions options;
    options.all = true;
    const DecliningResult r = declining(cohort.view(), options);
    for (std::size_t i = 0; i < r.customer.size(); ++i) {
      const bool fell = cohort.ratio_to_peers[static_cast<std::size_t>(r.customer[i])] < 0.95;
      for (std::size_t q = 0; q < kNominal.size(); ++q)
        if (r.q_value[i] <= kNominal[q]) {
          t.listed[q] += 1;
          t.wrong[q] += fell ? 0 : 1;
        }
      const bool dated = r.change_date[i] != data::kNoDay;
      if (!fell) {
        t.unchanged += 1;
        t.long_gap += r.p_gap[i] <= 0.1 ? 1 : 0;
        t.dated_wrongly += dated ? 1 : 0;
        continue;
      }
      t.fallen += 1;
      t.dated += dated ? 1 : 0;
      t.covered +=
          dated && r.change_date_low[i] <= r.window.first && r.window.first <= r.change_date_high[i]
              ? 1
              : 0;
    }
  }
  return t;
}

}  // namespace

TEST(DecliningSimulation, EvidenceHoldsItsFalseShareAndDatesItsLevel) {
  std::vector<CohortPlan> plans = holding_plans();
  const auto season = [&](std::string name, double falls, int history) {
    plans.push_back(plan(std::move(name), falls));
    plans.back().season = 0.4;
    plans.back().history = history;
  };
  season("nobody fell, season rising", 0, 540);
  season("20 % fell, season rising", 0.2, 540);
  season("20 % fell, season falling", 0.2, 720);
  std::printf(
      "\ncounts and silence together, %d runs of %d customers: listed a run / false share at "
      "q_value up\nto 5, 10 and 20 %%; unchanged customers with p_gap up to .1, and with a date; "
      "fallen ones with a\ndate, and dates within their interval\n\n"
      "| setting | 5 %% | 10 %% | 20 %% | p_gap | dated | fallen dated | covered |\n"
      "|---|---|---|---|---|---|---|---|\n",
      runs(), cohort_size());
  double dated = 0, covered = 0;
  for (const CohortPlan& p : plans) {
    const EvidenceTally t = evidence_of(p);
    std::printf("| %s |", p.name.c_str());
    for (std::size_t q = 0; q < kNominal.size(); ++q) {
      if (t.listed[q] > 0) {
        std::printf(" %.1f / %.2f |", t.listed[q] / runs(), t.wrong[q] / t.listed[q]);
      } else {
        std::printf(" 0 |");
      }
      const double allowed = kNominal[q] * t.listed[q];
      EXPECT_LE(t.wrong[q], allowed + 3 * std::sqrt(allowed) + 1) << p.name << " " << kNominal[q];
    }
    std::printf(" %.3f | %.4f | %.3f | %.2f |\n", t.long_gap / t.unchanged,
                t.dated_wrongly / t.unchanged, t.fallen > 0 ? t.dated / t.fallen : 0.0,
                t.dated > 0 ? t.covered / t.dated : 0.0);
    // A Bayes factor of 3 comes by chance at most once in three; a clear date far more rarely.
    EXPECT_LE(t.dated_wrongly, 0.05 * t.unchanged) << p.name;
    if (p.erlang == 1 && p.death == 0) {
      EXPECT_NEAR(t.long_gap / t.unchanged, 0.1, 0.04) << p.name;
      dated += t.dated;
      covered += t.covered;
    }
  }
  EXPECT_GT(covered / dated, 0.92);
}

}  // namespace emptor::customers
