#include "data/order_discounts.hpp"

#include "core/random.hpp"
#include "data/make_sales.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace emptor::data {
namespace {

constexpr std::string_view kHead =
    "Name,Email,Created at,Subtotal,Discount Amount,Lineitem quantity,Lineitem name,Lineitem "
    "price,Lineitem discount\n";

/// "Tea 6.41 (2.59)": amount and discount of every line, in the order of the file.
std::vector<std::string> told(const Sales& sales) {
  const Lines& lines = sales.lines();
  std::vector<std::string> out(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    char text[100];
    std::snprintf(text, sizeof text, "%s %.10g (%.10g)",
                  sales.products().label(lines.product[i]).c_str(), to_double(lines.amount[i]),
                  to_double(lines.discount[i]));
    out[static_cast<std::size_t>(lines.row[i])] = text;
  }
  return out;
}

std::vector<std::string> told(const std::string& rows, const SalesOptions& options = {}) {
  return told(sales_from(std::string(kHead) + rows, options));
}

using Texts = std::vector<std::string>;

}  // namespace

TEST(Apportion, AddsUpInProportionOnRandomAmounts) {
  core::Random random(7);
  for (int run = 0; run < 20'000; ++run) {
    const bool cents = random.below(2) == 0;
    const Money unit = cents ? 100 : 1;
    std::vector<Money> amounts(1 + random.below(12));
    for (Money& amount : amounts) {
      const auto size = static_cast<std::uint64_t>(1) << random.below(50);
      amount = (1 + static_cast<Money>(random.below(size))) * unit;
    }
    const Money total = std::accumulate(amounts.begin(), amounts.end(), Money{0});
    const auto most = static_cast<std::uint64_t>(total / unit);
    const Money discount = static_cast<Money>(random.below(most + 1)) * unit;
    const std::vector<Money> shares = apportion(discount, amounts);
    EXPECT_EQ(std::accumulate(shares.begin(), shares.end(), Money{0}), discount);
    for (std::size_t i = 0; i < shares.size(); ++i) {
      EXPECT_GE(shares[i], 0);
      EXPECT_LE(shares[i], amounts[i]);
      EXPECT_EQ(shares[i] % unit, 0);
      const double exact = static_cast<double>(discount) * static_cast<double>(amounts[i]) /
                           static_cast<double>(total);
      EXPECT_NEAR(static_cast<double>(shares[i]), exact, static_cast<double>(unit) + 1e-12 * exact);
    }
  }
}

TEST(Apportion, LargestRemaindersFirstThenTheOrderGiven) {
  EXPECT_EQ(apportion(100, std::vector<Money>{30'000, 30'000, 30'000}),
            (std::vector<Money>{100, 0, 0}));
  EXPECT_EQ(apportion(50'000, std::vector<Money>{90'000, 84'000}),
            (std::vector<Money>{25'900, 24'100}));  // 2.5862 and 2.4138
  // Not whole cents: ten-thousandths are shared.
  EXPECT_EQ(apportion(101, std::vector<Money>{100, 200}), (std::vector<Money>{34, 67}));
  EXPECT_EQ(apportion(300, std::vector<Money>{100, 200}), (std::vector<Money>{100, 200}));
  EXPECT_EQ(apportion(0, std::vector<Money>{5}), (std::vector<Money>{0}));
}

TEST(OrderDiscounts, AreTakenOffTheLinesOfTheirOrderToTheCent) {
  EXPECT_EQ(told("#1,a@x.org,2024-03-01,12.40,5.00,2,Tea,4.50,0\n"
                 "#1,a@x.org,2024-03-01,,,1,Mug,8.40,0\n"
                 "#2,b@x.org,2024-03-02,4.50,0.00,1,Tea,4.50,0\n"),
            (Texts{"Tea 6.41 (2.59)", "Mug 5.99 (2.41)", "Tea 4.5 (0)"}));
  // On every line of the order, and with a sign: the same.
  EXPECT_EQ(told("#1,a@x.org,2024-03-01,12.40,-5.00,2,Tea,4.50,0\n"
                 "#1,a@x.org,2024-03-01,12.40,-5.00,1,Mug,8.40,0\n"),
            (Texts{"Tea 6.41 (2.59)", "Mug 5.99 (2.41)"}));
  // In thirds, what is left over goes to the line that costs most.
  EXPECT_EQ(told("#1,a@x.org,2024-03-01,8.00,1.00,1,A,2.99,0\n#1,a@x.org,2024-03-01,,,1,B,3.01,0\n"
                 "#1,a@x.org,2024-03-01,,,1,C,3.00,0\n"),
            (Texts{"A 2.66 (0.33)", "B 2.67 (0.34)", "C 2.67 (0.33)"}));
}

TEST(OrderDiscounts, TheSubtotalTellsWhatTheyWereGivenOn) {
  // The order's discount contains the line's own.
  EXPECT_EQ(told("#1,a@x.org,2024-03-01,7.00,3.00,1,Tea,4.00,1\n"
                 "#1,a@x.org,2024-03-01,,,1,Mug,6.00,0\n"),
            (Texts{"Tea 2.33 (1.67)", "Mug 4.67 (1.33)"}));
  // It does not.
  EXPECT_EQ(told("#1,a@x.org,2024-03-01,6.00,3.00,1,Tea,4.00,1\n"
                 "#1,a@x.org,2024-03-01,,,1,Mug,6.00,0\n"),
            (Texts{"Tea 2 (2)", "Mug 4 (2)"}));
  // It was given on shipping.
  const Sales shipping =
      sales_from(std::string(kHead) + "#1,a@x.org,2024-03-01,4.00,4.90,1,Tea,4.00,0\n");
  EXPECT_EQ(told(shipping), (Texts{"Tea 4 (0)"}));
  EXPECT_EQ(message_of(shipping.quality(), "order_discount_on_shipping"),
            "1 order has a discount that the subtotal does not contain: given on shipping, and not "
            "taken off the lines. [line 2]");
  // A subtotal that fits nothing tells nothing.
  EXPECT_EQ(told("#1,a@x.org,2024-03-01,99.00,1.00,1,Tea,4.00,0\n"), (Texts{"Tea 3 (1)"}));
}

TEST(OrderDiscounts, DoubtsAreCounted) {
  const Sales sales = sales_from(std::string(kHead) +
                                 "#1,a@x.org,2024-03-01,,1.00,1,Tea,4.00,0\n"
                                 "#1,a@x.org,2024-03-01,,2.00,1,Mug,6.00,0\n"
                                 "#2,a@x.org,2024-03-02,,9.00,1,Tea,4.00,0\n"
                                 "#3,b@x.org,2024-03-02,,1.00,2,Tea,4.00,0\n"
                                 "#3,b@x.org,2024-03-02,,,-1,Mug,4.00,0\n"
                                 "#4,b@x.org,2024-03-03,,-0.50,1,Tea,4.00,0\n");
  EXPECT_EQ(told(sales),
            (Texts{"Tea 4 (0)", "Mug 6 (0)", "Tea 0 (4)", "Tea 7 (1)", "Mug -4 (0)", "Tea 4 (0)"}));
  EXPECT_EQ(
      message_of(sales.quality(), "order_discounts_differ"),
      "1 order gives several discounts of the whole order; none was taken off. If they are of "
      "the lines, write columns={\"discount\": \"Discount Amount\"}. [line 2]");
  EXPECT_EQ(message_of(sales.quality(), "order_discount_large"),
            "1 order has a discount larger than the amounts of its lines, which now are 0. "
            "[line 4]");
  EXPECT_EQ(
      message_of(sales.quality(), "order_discount"),
      "2 orders have discounts of the whole order, taken off its lines in proportion to their "
      "amounts. [line 4; line 5]");
  EXPECT_EQ(message_of(sales.quality(), "discount_sign"),
            "1 discount of an order has the opposite sign of the others: taken as 0. [line 7]");
}

TEST(OrderDiscounts, AnyColumnCanBeNamed) {
  SalesOptions options;
  options.columns = {{"order_discount", "Rabatt"}};
  const std::string file =
      "order,customer,product,date,qty,price,Rabatt\n1,7,A,2024-01-01,1,3,2\n1,7,B,2024-01-01,1,1,"
      "2\n";
  const Sales sales = sales_from(file, options);
  EXPECT_EQ(told(sales), (Texts{"A 1.5 (1.5)", "B 0.5 (0.5)"}));
  EXPECT_EQ(sales.amount_rule(),
            "amount = qty \xC3\x97 price; less \"Rabatt\", spread over the lines of its order");
  // Totals of lines have it in already, unless the caller says that they do not.
  const std::string totals =
      "order,customer,product,date,amount,Rabatt\n1,7,A,2024-01-01,3,2\n1,7,B,2024-01-01,1,2\n";
  EXPECT_EQ(sales_from(totals, options).amount_rule(),
            "amount = amount, the total of the line; already net of \"Rabatt\"");
  options.discount_is = "gross";
  EXPECT_EQ(told(sales_from(totals, options)), (Texts{"A 1.5 (1.5)", "B 0.5 (0.5)"}));
  EXPECT_EQ(
      sales_from(file,
                 {.columns = {{"order_discount", "Rabatt"}, {"unit_price", ""}, {"amount", ""}}})
          .amount_rule(),
      "no amount column; amounts are 0");
  options.columns.emplace_back("order", "");
  EXPECT_EQ(
      error_of(totals, options),
      "columns: \"order_discount\" is the discount of a whole order, and orders has no column "
      "of order ids; write columns={\"order\": \"...\"}");
}

// Lines added to an order later do not change what its first lines cost.
TEST(OrderDiscounts, DependOnNothingLater) {
  const std::string first =
      "#1,a@x.org,2024-03-01 10:00,,2.00,1,Tea,4.00,0\n#1,a@x.org,2024-03-01 "
      "10:00,,,1,Mug,6.00,0\n";
  const Sales sales =
      sales_from(std::string(kHead) + first + "#1,a@x.org,2024-03-05 10:00,,9.00,1,Cup,5.00,0\n");
  EXPECT_EQ(told(sales), (Texts{"Tea 3.2 (0.8)", "Mug 4.8 (1.2)", "Cup 5 (0)"}));
}

TEST(OrderDiscounts, TheOrderOfRowsDoesNotMatter) {
  std::vector<std::string> rows;
  core::Random random(5);
  for (int order = 0; order < 40; ++order) {
    const std::string head = "#" + std::to_string(order) + ",a@x.org,2024-03-01,,";
    for (int line = 0; line < 4; ++line) {
      rows.push_back(head + (line == 0 ? "1.00" : "") + "," + std::to_string(1 + random.below(2)) +
                     ",P" + std::to_string(line) + "," + std::to_string(1 + random.below(2)) +
                     ",0\n");
    }
  }
  const auto file = [&] { return std::accumulate(rows.begin(), rows.end(), std::string(kHead)); };
  const std::string before = written(sales_from(file()));
  for (int shuffle = 0; shuffle < 5; ++shuffle) {
    for (std::size_t i = rows.size() - 1; i > 0; --i) {
      std::swap(rows[i], rows[random.below(i + 1)]);
    }
    EXPECT_EQ(written(sales_from(file())), before);
  }
}

}  // namespace emptor::data
