#include "emptor/customers/decline_stability.hpp"

#include "emptor/core/error.hpp"

#include "customers/simulated_cohort.hpp"
#include "data/make_sales.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

namespace emptor::customers {
namespace {

data::Sales shop() {
  testing::CohortPlan plan;
  plan.customers = 300;
  plan.mean_rate = 0.08;
  plan.falls = 0.3;
  plan.market = 1;
  const testing::Cohort cohort = testing::simulate(plan, 12);
  std::string text = "customer,order,product,date,quantity,price\n";
  int order = 0;
  for (std::size_t c = 0; c + 1 < cohort.occasions.customer_begin.size(); ++c)
    for (auto i = static_cast<std::size_t>(cohort.occasions.customer_begin[c]);
         i < static_cast<std::size_t>(cohort.occasions.customer_begin[c + 1]); ++i)
      text += std::to_string(c) + "," + std::to_string(++order) + ",tea," +
              data::iso_date(cohort.occasions.day[i]) + ",1," +
              std::to_string(1 + static_cast<int>(cohort.occasions.spend[i])) + "\n";
  return data::sales_from(text);
}

std::set<std::int32_t> listed(const data::Sales& sales, DeclineList most) {
  const DecliningResult found = declining(sales);
  std::set<std::int32_t> customers;
  for (std::size_t i = 0; i < found.customer.size(); ++i)
    if (found.list[i] <= most) customers.insert(found.customer[i]);
  return customers;
}

std::string message(const data::Sales& sales, const DeclineStabilityOptions& options) {
  try {
    decline_stability(sales, options);
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST(DeclineStability, CountsTheListsOfThen) {
  const data::Sales sales = shop();
  DeclineStabilityOptions options;
  options.snapshots = 3;
  const DeclineStabilityResult found = decline_stability(sales, options);
  ASSERT_EQ(found.snapshot.size(), 6U);
  std::int64_t named = 0;
  for (std::size_t i = 0; i < found.snapshot.size(); ++i) {
    EXPECT_EQ(found.snapshot[i], sales.last_day() - 7 * static_cast<data::Day>(i / 2 + 1));
    EXPECT_EQ(found.listed[i], i % 2 == 0 ? DeclineListed::named : DeclineListed::all);
    const DeclineList most = i % 2 == 0 ? DeclineList::likely : DeclineList::watch;
    const auto now = listed(sales, most), then = listed(sales.as_of_day(found.snapshot[i]), most);
    std::int64_t both = 0;
    for (const std::int32_t customer : now) both += then.count(customer) > 0 ? 1 : 0;
    EXPECT_EQ(found.n[i], static_cast<std::int64_t>(now.size()));
    EXPECT_EQ(found.n_then[i], static_cast<std::int64_t>(then.size()));
    EXPECT_EQ(found.n_both[i], both);
    EXPECT_EQ(found.n_joined[i] + both, found.n[i]);
    EXPECT_EQ(found.n_left[i] + both, found.n_then[i]);
    if (found.n[i] > 0) {
      EXPECT_DOUBLE_EQ(found.share_there[i],
                       static_cast<double>(both) / static_cast<double>(found.n[i]));
    }
    if (i % 2 == 0) named += found.n_then[i];
  }
  EXPECT_GT(found.n[0] + named, 5) << "nobody named: nothing is tested";
  EXPECT_GT(found.share_there[1], 0.4);
}

TEST(DeclineStability, EmptyListsHaveNoShareAndLookingBackEndsWithTheData) {
  const auto sales = data::sales_from(
      "customer,order,product,date,quantity,price\na,1,tea,2024-01-01,1,10\n"
      "a,2,tea,2024-01-20,1,10\n");
  const DeclineStabilityResult found = decline_stability(sales);
  ASSERT_EQ(found.snapshot.size(), 4U) << "two steps of seven days reach back into the data";
  for (const double share : found.share_there) EXPECT_TRUE(std::isnan(share));
  for (const double share : found.share_stayed) EXPECT_TRUE(std::isnan(share));
}

TEST(DeclineStability, SaysWhatIsWrong) {
  const auto sales =
      data::sales_from("customer,order,product,date,quantity,price\na,1,tea,2024-01-01,1,10\n");
  DeclineStabilityOptions options;
  options.snapshots = 0;
  EXPECT_EQ(message(sales, options), "decline_stability: snapshots must be at least 1, found 0");
  options.snapshots = 1;
  options.step.count = 0;
  EXPECT_EQ(message(sales, options),
            "decline_stability: step must be at least a day, as \"7 days\"");
}

}  // namespace emptor::customers
