#include "emptor/customers/evaluate_actions.hpp"

#include "core/random.hpp"
#include "data/make_sales.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace emptor::customers {
namespace {

const std::string kHead = "order,customer,date,product,quantity,amount\n";

std::string message(const data::Sales& sales, const ActionTrial& trial,
                    const EvaluateActionsOptions& options = {}) {
  try {
    evaluate_actions(sales, trial, options);
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST(EvaluateActions, ByHand) {
  const data::Sales sales =
      data::sales_from(kHead +
                       "1,a,2024-01-01,tea,1,100\n"  // before the list
                       "2,a,2024-02-01,tea,1,100\n"  // on its day: not counted
                       "3,a,2024-02-02,tea,1,10\n4,a,2024-02-02,milk,1,2\n5,a,2024-02-20,tea,1,10\n"
                       "6,b,2024-02-05,tea,1,7\n"
                       "7,c,2024-03-02,tea,1,50\n"  // the last day counted
                       "8,d,2024-03-03,tea,1,50\n"  // a day late
                       "9,e,2024-02-10,tea,1,9\n9,e,2024-02-11,tea,-1,-9\n");
  const std::vector<std::string> customer{"a", "b", "c", "d", "e", "nobody"};
  const std::vector<std::uint8_t> control{0, 0, 1, 1, 0, 1};
  const ActionTrial trial{customer, control, data::parse_date("2024-02-01")};
  const auto found = evaluate_actions(sales, trial, {.horizon = {30, data::Span::Unit::days}});
  EXPECT_EQ(found.measure, (std::vector<std::string>{"share who bought", "purchases", "revenue"}));
  EXPECT_EQ(found.n[0], 3);
  EXPECT_EQ(found.n_control[0], 3);
  EXPECT_DOUBLE_EQ(found.contacted[0], 2.0 / 3);  // e gave all back
  EXPECT_DOUBLE_EQ(found.control[0], 1.0 / 3);
  EXPECT_DOUBLE_EQ(found.contacted[1], 1);
  EXPECT_DOUBLE_EQ(found.contacted[2], 29.0 / 3);
  EXPECT_DOUBLE_EQ(found.control[2], 50.0 / 3);
  EXPECT_DOUBLE_EQ(found.total[2], 29 - 50);
  EXPECT_EQ(found.status[2], Status::small_sample);
  EXPECT_EQ(data::iso_date(found.last_day), "2024-03-02");
}

// SciPy 1.17.1, ttest_ind([22, 7, 0], [50, 0, 0], equal_var=False).confidence_interval(.95).
TEST(EvaluateActions, WelchsInterval) {
  const data::Sales sales =
      data::sales_from(kHead +
                       "1,a,2024-02-02,tea,1,22\n2,b,2024-02-05,tea,1,7\n3,c,2024-02-03,tea,1,50\n"
                       "4,x,2024-04-01,tea,1,1\n");
  const std::vector<std::string> customer{"a", "b", "e", "c", "d", "f"};
  const std::vector<std::uint8_t> control{0, 0, 0, 1, 1, 1};
  const auto found = evaluate_actions(sales, {customer, control, data::parse_date("2024-02-01")},
                                      {.horizon = {30, data::Span::Unit::days}});
  EXPECT_NEAR(found.difference[2], -7, 1e-12);
  EXPECT_NEAR(found.difference_low[2], -69.3268258403894, 1e-9);
  EXPECT_NEAR(found.difference_high[2], 55.326825840389404, 1e-9);
}

// Half are held back at random; contacting adds a fifth of purchases: differences cover their
// truth.
TEST(EvaluateActionsSimulation, DifferencesCoverThePlantedEffect) {
  int purchases_held = 0, share_held = 0, runs = 150;
  const int n = 160;
  const double base = 0.8, effect = 0.25;
  for (int run = 0; run < runs; ++run) {
    core::Random random(5, static_cast<std::uint64_t>(run));
    std::string csv = kHead + "0,z,2024-12-31,tea,1,1\n";
    std::vector<std::string> customer;
    std::vector<std::uint8_t> control;
    int order = 0;
    for (int c = 0; c < n; ++c) {
      customer.push_back("c" + std::to_string(c));
      control.push_back(random.uniform() < 0.5);
      const auto days = random.poisson(base + (control.back() != 0 ? 0 : effect));
      for (int d = 0; d < days; ++d) {
        char line[80];
        std::snprintf(line, sizeof line, "%d,%s,2024-03-%02d,tea,1,5\n", ++order,
                      customer.back().c_str(), d + 1);
        csv += line;
      }
    }
    const auto found = evaluate_actions(data::sales_from(csv),
                                        {customer, control, data::parse_date("2024-02-15")}, {});
    purchases_held += found.difference_low[1] <= effect && effect <= found.difference_high[1];
    const double truth = std::exp(-base) - std::exp(-base - effect);
    share_held += found.difference_low[0] <= truth && truth <= found.difference_high[0];
  }
  EXPECT_GE(purchases_held, 0.90 * runs);
  EXPECT_LE(purchases_held, 0.99 * runs);
  EXPECT_GE(share_held, 0.90 * runs);
}

TEST(EvaluateActions, BadInputIsTold) {
  const data::Sales sales = data::sales_from(kHead + "1,a,2024-01-01,tea,1,100\n");
  const std::vector<std::string> two{"a", "a"}, one{"a"};
  const std::vector<std::uint8_t> flags{0, 1}, odd{2};
  const data::Day day = data::parse_date("2023-01-01");
  EXPECT_EQ(message(sales, {one, flags, day}),
            "evaluate_actions: customer has 1 values and control 2; give one flag per customer");
  EXPECT_EQ(message(sales, {two, flags, day}),
            "evaluate_actions: customer 'a' stands on the list twice");
  EXPECT_EQ(message(sales, {one, odd, day}),
            "evaluate_actions: control must be 0 or 1; row 0 is not");
  EXPECT_EQ(message(sales, {one, {flags.data(), 1}}),
            "evaluate_actions: day is not set; give the day the list was made");
  EXPECT_EQ(message(sales, {one, {flags.data(), 1}, data::parse_date("2023-12-01")}),
            "evaluate_actions: the data end on 2024-01-01, before the horizon is over on "
            "2024-02-29; give later sales or a shorter horizon");
  const auto alone = evaluate_actions(sales, {one, {flags.data(), 1}, day});
  EXPECT_EQ(alone.status[0], Status::not_enough_data);
  EXPECT_TRUE(std::isnan(alone.difference[0]));
}

}  // namespace emptor::customers
