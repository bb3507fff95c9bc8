#include "data/make_sales.hpp"

#include <gtest/gtest.h>

#include <map>

// Small files in the shape of the exports of shop systems, with what goes wrong in them.

namespace emptor::data {
namespace {

/// "#1001 ann@example.org Tea 2 x 4.50" per line, in the order of the file.
std::vector<std::string> told(const Sales& sales) {
  const Lines& lines = sales.lines();
  std::map<std::int64_t, std::string> out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    char text[200];
    std::snprintf(text, sizeof text, "%s %s %s %g %.2f %s",
                  sales.order_ids()->to_string(lines.order[i]).c_str(),
                  sales.customers().ids->to_string(lines.customer[i]).c_str(),
                  sales.products().label(lines.product[i]).c_str(), lines.quantity[i],
                  to_double(lines.amount[i]), iso_date(lines.day[i]).c_str());
    out[lines.row[i]] = text;
  }
  std::vector<std::string> texts;
  for (const auto& [row, text] : out) texts.push_back(text);
  return texts;
}

std::string sources(const Sales& sales) {
  std::string out;
  for (const Recognised& one : sales.recognised()) out += one.column + '=' + one.source + "; ";
  return out;
}

// Shopify writes an order's own columns on its first line only: status, totals, country; the
// number, the e-mail address and the date on all.
constexpr std::string_view kShopifyHead =
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,"
    "Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,"
    "Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,"
    "Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,"
    "Billing Name,Billing Country,Shipping Name,Shipping Country,Notes,Cancelled at,"
    "Payment Method,Refunded Amount,Vendor,Id,Tags,Source,Lineitem discount,Phone\n";

std::string shopify(const std::string& sku_of_mug = "MUG-1",
                    const std::string& sku_of_tea = "TEA") {
  return std::string(kShopifyHead) +
         "#1001,ann@example.org,paid,2024-03-01 10:16:02 +0100,fulfilled,2024-03-02 09:00:00 "
         "+0100,no,EUR,17.40,4.90,3.56,22.30,,0.00,Standard,2024-03-01 10:15:32 +0100,2,Tea,4.50,,"
         "TEA,true,true,fulfilled,Ann Lee,DE,Ann Lee,DE,,,Shopify Payments,0.00,Leaf,5001,,web,"
         "0.00,\n"
         "#1001,ann@example.org,,,,,,,,,,,,,,2024-03-01 10:15:32 +0100,1,\"Mug, blue\",8.40,9.90," +
         sku_of_mug +
         ",true,true,fulfilled,,,,,,,,,Clay,,,,0.00,\n"
         "#1002,bob@example.org,refunded,2024-03-31 00:20:00 +0100,,,yes,EUR,4.05,0.00,0.65,4.05,"
         "SPRING,0.00,Standard,2024-03-31 00:20:00 +0100,1,Tea,4.50,," +
         sku_of_tea +
         ",true,true,pending,Bob Ray,AT,Bob Ray,AT,,,PayPal,4.05,Leaf,5002,,web,0.45,\n";
}

TEST(ShopExports, ShopifyIsReadLineByLineWithTheOrdersColumnsCarriedDown) {
  SalesOptions options;
  options.timezone = {"Europe/Berlin", {}, {}};
  const Sales sales = sales_from(shopify(), options);
  EXPECT_EQ(told(sales),
            (std::vector<std::string>{"#1001 ann@example.org Tea 2 9.00 2024-03-01",
                                      "#1001 ann@example.org Mug, blue 1 8.40 2024-03-01",
                                      "#1002 bob@example.org Tea 1 4.05 2024-03-30"}));
  EXPECT_EQ(sales.currency(), "EUR");
  EXPECT_EQ(sales.amount_rule(),
            "amount = Lineitem quantity \xC3\x97 Lineitem price; less \"Lineitem discount\"; less "
            "\"Discount Amount\", spread over the lines of its order");
  const Attribute country = sales.line_attribute("Billing Country", "test");
  const Attribute vendor = sales.line_attribute("Vendor", "test");
  const Lines& lines = sales.lines();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(country.values->to_string(country.code[i]), lines.row[i] < 2 ? "DE" : "AT");
    EXPECT_EQ(vendor.values->to_string(vendor.code[i]), lines.row[i] == 1 ? "Clay" : "Leaf");
  }
  const Quality quality = sales.quality();
  EXPECT_EQ(quality.rows_kept, 3);
  EXPECT_EQ(message_of(quality, "order_status"),
            "1 line is of an order marked 'refunded' (1) and counts as sold: such a file does not "
            "say when and which lines were given back. Leave these orders out, or add lines with "
            "negative quantities. [line 4]");
  EXPECT_EQ(count_of(quality, "missing_product"), 0);
}

TEST(ShopExports, ShopifyWithoutArticleNumbersGoesByNames) {
  std::string text = shopify("", "");
  text.replace(text.find(",TEA,"), 5, ",,");
  const Sales sales = sales_from(text);
  EXPECT_NE(sources(sales).find("product=Lineitem name;"), std::string::npos) << sources(sales);
  EXPECT_EQ(told(sales)[1], "#1001 ann@example.org Mug, blue 1 8.40 2024-03-01");
  EXPECT_EQ(message_of(sales_from(shopify("")).quality(), "missing_product"),
            "1 line has no product; to go by names instead, write columns={\"product\": \"Lineitem "
            "name\"}. [line 3]");
}

TEST(ShopExports, AnOrdersDateAndCustomerAreCarriedDownFromItsFirstLine) {
  const Sales sales = sales_from(
      "Order ID,Customer,Created at,SKU,Quantity,Price\n1,Ann,2024-03-01 10:15,A,1,2\n"
      "1,,,B,2,3\n2,,,A,1,2\n3,Bob,2024-03-02 11:00,A,1,2\n3,,2024-03-03 11:00,B,1,2\n"
      "3,,,C,1,2\n");
  EXPECT_EQ(told(sales),
            (std::vector<std::string>{"1 Ann A 1 2.00 2024-03-01", "1 Ann B 2 6.00 2024-03-01",
                                      "3 Bob A 1 2.00 2024-03-02", "3  B 1 2.00 2024-03-03"}));
  const Quality quality = sales.quality();
  EXPECT_EQ(message_of(quality, "filled_from_order"),
            "1 line takes its missing time from the other lines of the order. [line 3]");
  EXPECT_EQ(message_of(quality, "missing_date"),
            "2 lines have no date and are left out. [line 4: ''; line 7: '']");
}

// A line per item; the order's columns stand on every line, money as the plug-in names it.
TEST(ShopExports, WooCommerceByLines) {
  const Sales sales = sales_from(
      "Order Number,Order Status,Order Date,Customer Note,First Name (Billing),Last Name "
      "(Billing),Company (Billing),Address 1&2 (Billing),City (Billing),Postcode (Billing),Country "
      "Code (Billing),Email (Billing),Phone (Billing),Payment Method Title,Cart Discount "
      "Amount,Order Subtotal Amount,Shipping Method Title,Order Shipping Amount,Order Refund "
      "Amount,Order Total Amount,Order Total Tax Amount,SKU,Item #,Item Name,Quantity (- "
      "Refund),Item Cost,Coupon Code,Discount Amount,Discount Amount Tax\n"
      "812,Completed,2024-03-01 10:15,,Ann,Lee,,\"Elm 1\",Ulm,89073,DE,ann@example.org,01,PayPal,0,"
      "17.4,Flat rate,4.9,0,22.3,3.56,TEA,1,Tea,2,4.5,,,\n"
      "812,Completed,2024-03-01 10:15,,Ann,Lee,,\"Elm 1\",Ulm,89073,DE,ann@example.org,01,PayPal,0,"
      "17.4,Flat rate,4.9,0,22.3,3.56,MUG,2,\"Mug, blue\",1,8.4,,,\n"
      "813,Cancelled,2024-03-02 08:00,,Bob,Ray,,\"Oak 2\",Linz,4020,AT,bob@example.org,02,PayPal,0,"
      "4.5,Flat rate,0,0,4.5,0.75,TEA,1,Tea,1,4.5,,,\n");
  EXPECT_EQ(told(sales),
            (std::vector<std::string>{"812 ann@example.org Tea 2 9.00 2024-03-01",
                                      "812 ann@example.org Mug, blue 1 8.40 2024-03-01",
                                      "813 bob@example.org Tea 1 4.50 2024-03-02"}));
  EXPECT_EQ(count_of(sales.quality(), "order_status"), 1);
}

// The other usual plug-in: ids beside numbers, the item's own id beside its article number.
TEST(ShopExports, WooCommerceByItems) {
  const Sales sales = sales_from(
      "order_id,order_number,date,status,shipping_total,order_total,customer_id,billing_email,"
      "billing_country,item_id,item_product_id,item_name,item_sku,item_quantity,item_subtotal,"
      "item_total,item_refunded\n"
      "77,WEB-77,2024-03-01 10:15:00,completed,4.9,22.3,5,ann@example.org,DE,901,14,Tea,TEA,2,10,9,"
      "0\n"
      "77,WEB-77,2024-03-01 10:15:00,completed,4.9,22.3,5,ann@example.org,DE,902,15,Mug,MUG,1,8.4,"
      "8.4,0\n"
      "78,WEB-78,2024-03-02 09:00:00,completed,0,5,0,bob@example.org,DE,903,14,Tea,TEA,1,5,5,0\n"
      "79,WEB-79,2024-03-02 09:30:00,completed,0,5,0,cy@example.org,DE,904,14,Tea,TEA,1,5,5,0\n");
  // Guests share the customer id 0 and are told apart by their e-mail.
  EXPECT_EQ(told(sales), (std::vector<std::string>{"77 ann@example.org Tea 2 9.00 2024-03-01",
                                                   "77 ann@example.org Mug 1 8.40 2024-03-01",
                                                   "78 bob@example.org Tea 1 5.00 2024-03-02",
                                                   "79 cy@example.org Tea 1 5.00 2024-03-02"}));
  EXPECT_EQ(sales.amount_rule(), "amount = item_total, the total of the line; no discount column");
  EXPECT_EQ(count_of(sales.quality(), "order_status"), 0);
}

}  // namespace
}  // namespace emptor::data
