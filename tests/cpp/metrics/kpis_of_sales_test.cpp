#include "emptor/core/error.hpp"
#include "emptor/metrics/kpis.hpp"
#include "emptor/metrics/revenue_bridge.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

namespace emptor::metrics {
namespace {

// Twelve customers over four months; customer 3 gives back in April what was bought in March.
struct Orders {
  std::vector<std::int64_t> order, customer;
  std::vector<std::string_view> product, region;
  std::vector<std::int32_t> day;
  std::vector<double> quantity, amount;

  Orders() {
    std::int64_t number = 0;
    for (int month = 0; month < 4; ++month) {
      for (std::int64_t c = 0; c < 12; ++c) {
        add(number++, c, c % 2 == 0 ? "tea" : "cup", c % 3 == 0 ? "north" : "south",
            data::from_civil(2021, 1 + month, 2 + static_cast<int>(c) * 2), 2,
            10.0 + month + static_cast<double>(c));
      }
    }
    add(number++, 3, "cup", "north", data::from_civil(2021, 4, 20), -2, -15.0);
  }
  void add(std::int64_t o, std::int64_t c, std::string_view p, std::string_view r, std::int32_t d,
           double q, double a) {
    order.push_back(o);
    customer.push_back(c);
    product.push_back(p);
    region.push_back(r);
    day.push_back(d);
    quantity.push_back(q);
    amount.push_back(a);
  }
  [[nodiscard]] data::Sales sales() const {
    data::Tables tables;
    tables.orders =
        data::table({data::column("order", std::span<const std::int64_t>(order)),
                     data::column("customer", std::span<const std::int64_t>(customer)),
                     data::column("product", std::span<const std::string_view>(product)),
                     data::column("region", std::span<const std::string_view>(region)),
                     data::date_column("date", day),
                     data::column("quantity", std::span<const double>(quantity)),
                     data::column("amount", std::span<const double>(amount))});
    data::SalesOptions options;
    options.amount_is = "line";
    return data::Sales(tables, options);
  }
};

TEST(KpisOfSales, FiguresAndGroups) {
  const data::Sales sales = Orders().sales();
  const Kpis found = kpis(sales);
  ASSERT_EQ(found.start.size(), 4U);
  EXPECT_EQ(found[Kpi::orders].count, (std::vector<std::int64_t>{12, 12, 11, 12}));
  EXPECT_DOUBLE_EQ(found[Kpi::revenue].value[0], 12 * 10 + 66);
  EXPECT_DOUBLE_EQ(found[Kpi::revenue].value[3], 12 * 13 + 66 - 15);
  EXPECT_DOUBLE_EQ(found.coverage.share(), 1);
  const Kpis groups = kpis(sales, {.by = "region"});
  ASSERT_EQ(groups.start.size(), 8U);
  EXPECT_EQ(groups.groups->text(groups.group[0]), "north");
  EXPECT_EQ(groups[Kpi::customers].count[0], 4);
  EXPECT_EQ(groups[Kpi::customers].count[4], 8);
}

// What happened after the moment may be anything: an April that never was changes no March.
TEST(KpisOfSales, AsOfAMomentSeesNothingAfterIt) {
  const Orders orders;
  Orders other = orders;
  for (std::size_t i = 0; i < other.day.size(); ++i) {
    if (other.day[i] <= data::from_civil(2021, 3, 31)) continue;
    other.amount[i] *= 3;
    other.customer[i] = 11 - other.customer[i];
  }
  const data::Day moment = data::from_civil(2021, 3, 31);
  const Kpis a = kpis(orders.sales().as_of_day(moment));
  const Kpis b = kpis(other.sales().as_of_day(moment));
  ASSERT_EQ(a.start, b.start);
  const auto same = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
  for (std::size_t k = 0; k < kKpis; ++k) {
    for (std::size_t row = 0; row < a.start.size(); ++row) {
      EXPECT_TRUE(same(a.figures[k].value[row], b.figures[k].value[row]));
      EXPECT_TRUE(same(a.figures[k].previous.high[row], b.figures[k].previous.high[row]));
    }
  }
  const data::Span month{1, data::Span::Unit::months};
  const RevenueBridge bridge = revenue_bridge(orders.sales().as_of_day(moment), {.window = month});
  EXPECT_EQ(bridge.exact, revenue_bridge(other.sales().as_of_day(moment), {.window = month}).exact);
  EXPECT_NE(kpis(orders.sales())[Kpi::revenue].value[3],
            kpis(other.sales())[Kpi::revenue].value[3]);
}

TEST(KpisOfSales, SaysWhatIsMissing) {
  EXPECT_THROW(kpis(data::Sales()), DataError);
  EXPECT_THROW(revenue_bridge(data::Sales()), DataError);
  EXPECT_THROW(kpis(Orders().sales(), {.by = "colour"}), DataError);
}

}  // namespace
}  // namespace emptor::metrics
