#include "emptor/core/error.hpp"
#include "emptor/metrics/kpis.hpp"

#include <gtest/gtest.h>

#include <string>

namespace emptor::metrics {
namespace {

std::string message(const char* name) {
  try {
    explain(name);
  } catch (const InvalidArgument& e) {
    return e.what();
  }
  return "no error";
}

TEST(Explain, EveryFigureIsExplained) {
  EXPECT_EQ(kpi_names().size(), kKpis);
  for (const std::string_view name : kpi_names()) {
    const std::string text = explain(name);
    EXPECT_EQ(text.rfind(std::string(name) + " = ", 0), 0U);
    EXPECT_NE(text.find("\n  interval: "), std::string::npos);
  }
  EXPECT_EQ(explain("repeat_rate"),
            "repeat_rate = customers who ordered on two or more days of the period / customers of "
            "the period\n"
            "  interval: Wilson (1927); every customer counts once.\n"
            "  mind: grows with the length of the period: compare equal periods only; n is "
            "customers");
  EXPECT_EQ(message("aov"),
            "explain: no key figure 'aov'; there are revenue, gross_revenue, discounts, returned, "
            "other_revenue, orders, customers, new_customers, returning_customers, "
            "average_order_value, median_order_value, items_per_order, units_per_order, "
            "repeat_rate, return_share, top_tenth_share");
}

}  // namespace
}  // namespace emptor::metrics
