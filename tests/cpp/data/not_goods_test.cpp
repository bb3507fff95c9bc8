#include "data/not_goods.hpp"

#include "data/make_sales.hpp"

#include <gtest/gtest.h>

namespace emptor::data {
namespace {

TEST(NotGoods, NamesOfServicesAndOfGoodsThatSoundLikeThem) {
  for (const char* name : {"POSTAGE",
                           "DOTCOM POSTAGE",
                           "CARRIAGE",
                           "Next Day Carriage",
                           "Manual",
                           "Discount",
                           "SAMPLES",
                           "Bank Charges",
                           "AMAZON FEE",
                           "CRUK Commission",
                           "Adjust bad debt",
                           "PACKING CHARGE",
                           "Shipping",
                           "UK Standard Shipping",
                           "COUPONS/STORE & MFG",
                           "Versandkosten",
                           "Gift Voucher",
                           "adjustment",
                           "Tax",
                           "BOTTLE DEPOSITS",
                           "Handling fee"}) {
    EXPECT_TRUE(names_service(name)) << name;
  }
  for (const char* name :
       {"FRENCH CARRIAGE LANTERN", "BLACK BAROQUE CARRIAGE CLOCK", "COFFEE MUG", "",
        "ZINC HEART LATTICE CHARGER LARGE", "Manual coffee grinder", "SET OF 3 CAKE TINS", "card",
        "Port wine tawny", "Next", "2", "POST OFFICE PLAYSET TOY", "gift set"}) {
    EXPECT_FALSE(names_service(name)) << name;
  }
}

TEST(NotGoods, FuelByVolumeAndCouponsNeedTheirQuantities) {
  Tables tables;
  tables.orders = parse_csv(
      "order,customer,product,date,quantity,amount\n"
      "1,7,1,2024-01-01,10000,25\n2,7,2,2024-01-02,1,15\n3,7,3,2024-01-03,1,4\n"
      "4,7,4,2024-01-04,2000,9\n5,7,5,2024-01-05,1,10\n",
      "orders.csv");
  tables.products = parse_csv(
      "product,category,type\n1,COUPON/MISC ITEMS,GASOLINE-REG UNLEADED\n"
      "2,FUEL,GASOLINE-REG UNLEADED\n3,COUPON/MISC ITEMS,MEAT SUPPLIES\n"
      "4,COUPON/MISC ITEMS,SOMETHING\n5,MISC,ELECTRONIC GIFT CARDS ACTIVATI\n",
      "products.csv");
  const Sales sales(tables);
  const auto goods = sales.products().not_goods;
  EXPECT_EQ(std::vector<int>(goods.begin(), goods.end()), (std::vector<int>{1, 0, 0, 1, 1}));
  const Quality quality = sales.quality();
  EXPECT_EQ(message_of(quality, "not_goods"),
            "2 products are not goods but coupons or gift cards; left out of mining. ['4': 1 line; "
            "'5': 1 line]");
  EXPECT_EQ(quality.message.back(),
            "1 product is not goods but sold by volume, not by piece; left out of mining.");
  SalesOptions options;
  options.exclude_products = "none";
  const Sales all(tables, options);
  for (const std::uint8_t one : all.products().not_goods) EXPECT_EQ(one, 0);
}

TEST(NotGoods, AreToldInOneLineWithAllOfThemAsDetails) {
  std::string orders = "order,customer,product,date,quantity,price,description\n";
  for (int p = 1; p <= 7; ++p) {
    for (int line = 0; line < p; ++line) {
      orders += std::to_string(line) + ",7,P" + std::to_string(p) + ",2024-01-0" +
                std::to_string(line + 1) + ",1,5,Postage\n";
    }
  }
  const Quality quality = sales_from(orders + "9,7,LAMP,2024-01-09,1,5,Lamp\n").quality();
  ASSERT_EQ(quality.code.back(), "not_goods");
  EXPECT_EQ(quality.n.back(), 28);
  EXPECT_EQ(quality.message.back(),
            "7 products are not goods but services, payments or corrections; left out of mining.");
  EXPECT_EQ(quality.examples.back(),
            "'P7' ('Postage'): 7 lines; 'P6' ('Postage'): 6 lines; 'P5' ('Postage'): 5 lines; "
            "'P4' ('Postage'): 4 lines; 'P3' ('Postage'): 3 lines");
  EXPECT_EQ(quality.details.back(),
            quality.examples.back() + "; 'P2' ('Postage'): 2 lines; 'P1' ('Postage'): 1 line");
}

TEST(NotGoods, ANegativePriceIsToldOnce) {
  const Sales sales = sales_from(
      "order,customer,product,date,quantity,price,description\n"
      "1,7,B,2024-01-01,1,11,Adjust bad debt\n2,,B,2024-01-02,1,-11,Adjust bad debt\n"
      "3,7,A,2024-01-02,2,5,Lamp\n4,7,A,2024-01-03,-1,5,Lamp\n5,7,C,2024-01-03,-1,5,Chair\n");
  const Quality quality = sales.quality();
  EXPECT_EQ(message_of(quality, "negative_price"),
            "1 line has a negative price: an adjustment, not goods. [line 3]");
  EXPECT_EQ(count_of(quality, "not_goods"), 1);
  EXPECT_EQ(count_of(quality, "returns"), 2);
  EXPECT_EQ(count_of(quality, "unmatched_return"), 1);
  EXPECT_EQ(sales_from("order,customer,product,date,quantity,price\n1,7,B,2024-01-01,1,-11\n")
                .quality()
                .n.size(),
            1U);
}

TEST(NotGoods, AColumnOfTheLinesTellsAsOneOfTheProductsDoes) {
  const Sales sales = sales_from(
      "order,customer,product,date,amount,category\n1,7,A,2024-01-01,5,Gift cards\n"
      "2,7,B,2024-01-01,5,Toys\n");
  EXPECT_EQ(sales.products().not_goods[0], 1);
  EXPECT_EQ(sales.products().not_goods[1], 0);
}

TEST(NotGoods, IsJudgedByWhatIsKnownAtTheMoment) {
  const Sales sales = sales_from(
      "order,customer,product,date,quantity,price,description\n"
      "1,7,A,2024-01-01,1,5,Lamp\n2,7,A,2024-02-01,1,5,postage\n3,7,A,2024-02-02,1,5,postage\n");
  EXPECT_EQ(sales.products().not_goods[0], 1);
  EXPECT_EQ(sales.as_of_day(parse_date("2024-01-31")).products().not_goods[0], 0);
}

}  // namespace
}  // namespace emptor::data
