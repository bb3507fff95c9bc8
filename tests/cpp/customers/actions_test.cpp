#include "emptor/customers/actions.hpp"

#include "emptor/customers/expected_purchases.hpp"
#include "emptor/customers/p_alive.hpp"

#include "core/random.hpp"
#include "data/make_sales.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace emptor::customers {
namespace {

/// A shop of a year: customers buy at gamma rates and a fifth of them stops half way.
std::string shop_csv(std::uint64_t seed, int customers = 300) {
  core::Random random(seed);
  std::string csv = "order,customer,date,product,quantity,amount\n";
  int order = 0;
  for (int c = 0; c < customers; ++c) {
    const double rate = random.gamma(1.5) * 0.03, spend = 5 + 20 * random.uniform();
    const double end = random.uniform() < 0.2 ? 180 : 365;
    for (double day = random.exponential() / rate * 0.2; day < end;
         day += random.exponential() / rate) {
      char line[80];
      std::snprintf(
          line, sizeof line, "%d,c%03d,%s,p%d,1,%.2f\n", ++order, c,
          data::iso_date(data::parse_date("2024-01-01") + static_cast<data::Day>(day)).c_str(),
          static_cast<int>(random.below(5)), spend * (0.5 + random.uniform()));
      csv += line;
    }
  }
  return csv;
}

std::map<std::string, std::size_t> rows_of(const ActionsResult& found) {
  std::map<std::string, std::size_t> rows;
  for (std::size_t i = 0; i < found.name.size(); ++i) rows[found.name[i]] = i;
  return rows;
}

std::string message(const data::Sales& sales, const ActionsOptions& options) {
  try {
    actions(sales, options);
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST(Actions, EveryRowSaysWhatItsSourcesSay) {
  const data::Sales sales = data::sales_from(shop_csv(1));
  const ActionsResult found = actions(sales);
  ASSERT_GT(found.customer.size(), 20u);
  const DecliningResult fell = declining(sales, {.all = true});
  const PurchaseSummary summary = purchase_summary(sales);
  const PurchaseFit fit = fit_purchases(summary.view());
  const PAliveResult alive = p_alive(fit, summary.view());
  const ExpectedPurchasesResult expected =
      expected_purchases(fit, summary.view(), {.horizon = {90, data::Span::Unit::days}});
  std::map<std::int32_t, std::size_t> at, declined;
  for (std::size_t i = 0; i < summary.customer.size(); ++i) at[summary.customer[i]] = i;
  for (std::size_t i = 0; i < fell.customer.size(); ++i) declined[fell.customer[i]] = i;
  std::set<std::int32_t> listed;
  for (std::size_t i = 0; i < found.customer.size(); ++i) {
    listed.insert(found.customer[i]);
    const std::size_t j = at.at(found.customer[i]);
    EXPECT_EQ(found.p_alive[i], alive.p_alive[j]);
    EXPECT_EQ(found.expected_purchases[i], expected.expected_purchases[j]);
    EXPECT_EQ(found.purchases_high[i], expected.purchases_high[j]);
    EXPECT_LE(found.expected_revenue_low[i], found.expected_revenue[i]);
    EXPECT_GE(found.expected_revenue_high[i], found.expected_revenue[i]);
    EXPECT_LE(found.value_at_risk_low[i], found.value_at_risk[i]);
    EXPECT_GE(found.value_at_risk_high[i], found.value_at_risk[i]);
    if (found.grade[i] == ActionGrade::due) {
      EXPECT_EQ(found.due_now[i], 1);
      EXPECT_GT(found.days_since[i], found.usual_gap_days[i]);
      EXPECT_NEAR(found.value_at_risk[i], found.expected_revenue[i] * (1 / found.p_alive[i] - 1),
                  1e-9);
    } else {
      const std::size_t d = declined.at(found.customer[i]);
      EXPECT_EQ(static_cast<int>(found.grade[i]), static_cast<int>(fell.list[d]));
      EXPECT_EQ(found.value_at_risk[i], fell.expected_lost_revenue[d]);
      EXPECT_EQ(found.p_fell[i], fell.probability[d]);
    }
    if (i > 0) {
      EXPECT_GE(found.value_at_risk[i - 1], found.value_at_risk[i]);
    }
  }
  // Nobody on a list of declining is missing.
  for (std::size_t i = 0; i < fell.customer.size(); ++i)
    if (fell.list[i] != DeclineList::none) {
      EXPECT_EQ(listed.count(fell.customer[i]), 1u);
    }
}

TEST(Actions, TheBudgetCutsTheListAtOnePlace) {
  const data::Sales sales = data::sales_from(shop_csv(1));
  const ActionsResult all = actions(sales);
  const ActionsResult some = actions(sales, {.budget = 10});
  ASSERT_EQ(some.customer.size(), 10u);
  EXPECT_TRUE(std::equal(some.customer.begin(), some.customer.end(), all.customer.begin()));
  EXPECT_EQ(some.n_over_budget, all.n_candidates - 10);
  EXPECT_EQ(some.total_cost, 10);
  // Those held back cost nothing and stand among those contacted, never below the cut.
  const ActionsResult trial = actions(sales, {.budget = 10, .control = 0.3});
  EXPECT_EQ(trial.total_cost, 10);
  EXPECT_EQ(static_cast<std::int64_t>(trial.customer.size()), 10 + trial.n_control);
  EXPECT_TRUE(std::equal(trial.customer.begin(), trial.customer.end(), all.customer.begin()));
}

TEST(Actions, WhoIsHeldBackDependsOnTheIdAlone) {
  const ActionsResult one = actions(data::sales_from(shop_csv(1)), {.control = 0.2});
  const data::Sales more = data::sales_from(shop_csv(1) + "9999,new,2024-12-01,p1,1,5\n");
  const ActionsResult two = actions(more, {.control = 0.2});
  const auto rows = rows_of(two);
  std::int64_t held = 0;
  for (std::size_t i = 0; i < one.name.size(); ++i) {
    held += one.control[i];
    const auto same = rows.find(one.name[i]);
    if (same != rows.end()) {
      EXPECT_EQ(two.control[same->second], one.control[i]);
    }
  }
  EXPECT_EQ(held, one.n_control);
  const double share = static_cast<double>(held) / static_cast<double>(one.name.size());
  EXPECT_NEAR(share, 0.2, 0.12);
  const ActionsResult other = actions(data::sales_from(shop_csv(1)), {.control = 0.2, .seed = 7});
  EXPECT_NE(other.control, one.control);
}

TEST(Actions, NobodyIsListedWhoOptedOut) {
  data::Tables tables;
  tables.orders = data::parse_csv(shop_csv(1), "orders.csv");
  std::string contacts = "customer,email_consent,phone_consent,opted_out_at\n";
  for (int c = 0; c < 300; ++c) {
    char line[60];
    std::snprintf(line, sizeof line, "c%03d,%s,no,%s\n", c, c % 3 == 0 ? "no" : "yes",
                  c % 5 == 0 ? "2024-06-01" : "");
    contacts += line;
  }
  tables.contacts = data::parse_csv(std::move(contacts), "contacts.csv");
  const data::Sales sales(tables);
  const ActionsResult found =
      actions(sales, {.channels = {data::Channel::phone, data::Channel::email}, .cost = {4, 0.5}});
  ASSERT_GT(found.customer.size(), 0u);
  for (std::size_t i = 0; i < found.name.size(); ++i) {
    const int c = std::stoi(found.name[i].substr(1));
    EXPECT_NE(c % 3, 0) << "refused by e-mail and phone";
    EXPECT_NE(c % 5, 0) << "opted out of everything";
    EXPECT_EQ(found.channel[i], RecommendedChannel::email);
    EXPECT_EQ(found.cost[i], 0.5);
  }
  EXPECT_EQ(found.n_candidates,
            static_cast<std::int64_t>(found.name.size()) + found.n_not_reachable);
  EXPECT_TRUE(found.consent_known);
}

TEST(Actions, TheFutureMovesNothing) {
  const std::string csv = shop_csv(3);
  const data::Day day = data::parse_date("2024-09-30");
  std::string early;
  std::size_t begin = 0;
  for (std::size_t end = csv.find('\n'); end != std::string::npos; end = csv.find('\n', begin)) {
    const std::string line = csv.substr(begin, end + 1 - begin);
    const std::size_t date = line.find("2024-");
    if (date == std::string::npos || line.substr(date, 10) <= "2024-09-30") early += line;
    begin = end + 1;
  }
  const ActionsResult one = actions(data::sales_from(early).as_of_day(day));
  const ActionsResult two = actions(data::sales_from(csv).as_of_day(day));
  EXPECT_EQ(one.name, two.name);
  EXPECT_EQ(one.value_at_risk, two.value_at_risk);
  EXPECT_EQ(one.expected_revenue, two.expected_revenue);
  EXPECT_EQ(one.favourite_products, two.favourite_products);
}

TEST(Actions, SameBitsOnAnyNumberOfThreads) {
  const data::Sales sales = data::sales_from(shop_csv(2));
  const ActionsResult one = actions(sales, {}, {.threads = 1});
  for (const int threads : {2, 3, 8}) {
    const ActionsResult more = actions(sales, {}, {.threads = threads});
    EXPECT_EQ(one.customer, more.customer);
    EXPECT_EQ(one.value_at_risk, more.value_at_risk);
    EXPECT_EQ(one.expected_revenue_high, more.expected_revenue_high);
  }
}

TEST(Actions, SmallShopsAndBadOptions) {
  const data::Sales tiny = data::sales_from(
      "order,customer,date,product,quantity,amount\n1,a,2024-01-01,tea,1,5\n2,b,2024-03-01,tea,1,"
      "5\n");
  EXPECT_TRUE(actions(tiny).customer.empty());
  EXPECT_EQ(message(tiny, {.budget = -1}), "actions: budget must be 0 or more; 0 is no limit");
  EXPECT_EQ(message(tiny, {.cost = {1, 2}}),
            "actions: cost has 2 values for 3 channels; give one for each");
  EXPECT_EQ(message(tiny, {.control = 1}),
            "actions: control must lie in [0, 1), as 0.1 for a tenth held back");
}

}  // namespace emptor::customers
