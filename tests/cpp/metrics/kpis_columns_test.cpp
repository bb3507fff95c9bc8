#include "emptor/metrics/kpis.hpp"

#include "metrics/shop.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

namespace emptor::metrics {
namespace {

TEST(KpisColumns, NamesAreDistinctAndEveryColumnIsAsLongAsTheRest) {
  for (const std::int32_t groups : {0, 3}) {
    const test::Shop shop = test::random_shop(3, groups);
    const Kpis found = kpis(shop.view, {.by = groups > 0 ? "colour" : ""});
    std::set<std::string_view> names;
    for (const Column& column : found.columns()) {
      EXPECT_TRUE(names.insert(column.name).second) << column.name;
      EXPECT_EQ(column.size, found.start.size()) << column.name;
      EXPECT_FALSE(column.kind != ColumnKind::label && column.doc.empty()) << column.name;
    }
    EXPECT_EQ(names.count("colour"), groups > 0 ? 1U : 0U);
    for (const std::string_view kpi : kpi_names()) {
      EXPECT_EQ(names.count(kpi), 1U);
      EXPECT_EQ(names.count(std::string(kpi) + "_change_low"), 1U);
      EXPECT_EQ(names.count(std::string(kpi) + "_year_change_status"), 1U);
    }
  }
}

// A table without rows has the same columns of the same kinds as one with rows.
TEST(KpisColumns, NoRowsKeepTheirKinds) {
  const test::Shop none({}, data::kNoDay, data::kNoDay);
  const test::Shop some = test::random_shop(3);
  const Kpis empty = kpis(none.view);
  const Kpis full = kpis(some.view);
  const auto a = empty.columns();
  const auto b = full.columns();
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].name, b[i].name);
    EXPECT_EQ(a[i].kind, b[i].kind) << a[i].name;
    EXPECT_EQ(a[i].shown, b[i].shown);
  }
}

TEST(KpisColumns, DescriptionsAreTheFormulas) {
  const test::Shop shop = test::random_shop(3);
  const Kpis found = kpis(shop.view);
  const auto columns = found.columns();
  const auto at = std::find_if(columns.begin(), columns.end(),
                               [](const Column& c) { return c.name == "items_per_order"; });
  ASSERT_NE(at, columns.end());
  EXPECT_EQ(at->doc, "distinct products of the orders / orders");
}

TEST(KpisColumns, Info) {
  const test::Shop shop = test::random_shop(3);
  const Kpis found = kpis(shop.view);
  const auto info = found.info();
  EXPECT_EQ(info[0].name, "period");
  EXPECT_EQ(std::get<std::string>(info[0].value), "month");
  EXPECT_EQ(std::get<std::string>(info[4].value), "2011-05-19");  // 180 days after 2010-11-20
}

}  // namespace
}  // namespace emptor::metrics
