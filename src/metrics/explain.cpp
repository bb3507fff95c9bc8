#include "emptor/core/error.hpp"
#include "emptor/metrics/kpis.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace emptor::metrics {
namespace {

struct Definition {
  std::string_view name;
  std::string_view formula;
  std::string_view interval;
  std::string_view mind;
};

constexpr std::string_view kCounted =
    "none: it is counted. Its changes have one, clustered by customer.";
constexpr std::string_view kRatio =
    "clustered by customer: ratio of sums linearised on the log scale, Student's t.";

// The one catalogue of definitions, in the order of Kpi. "An order" is an order number with at
// least one line of goods that was bought for money and not fully given back by the moment.
constexpr std::array<Definition, kKpis> kCatalogue{{
    {"revenue",
     "sum of all amounts of the period = gross_revenue - discounts - returned + other_revenue",
     kCounted, "net: a return counts when it is made, not when the goods were bought"},
    {"gross_revenue", "amounts of goods sold, before discounts and returns", kCounted,
     "discounts are added back only where the data have a discount column"},
    {"discounts", "discounts given on goods sold", kCounted,
     "0 where the data have no discount column"},
    {"returned", "amounts of goods given back in the period", kCounted,
     "also returns of what was bought before the period or before the data begin"},
    {"other_revenue",
     "amounts of lines that are not goods: postage, fees, manual entries, corrections", kCounted,
     "sales.quality() lists which lines these are; may be negative"},
    {"orders",
     "orders with at least one line of goods bought for money and not fully given back by the "
     "moment",
     kCounted, "an order counts on the day of its first such line"},
    {"customers", "distinct known customers with an order in the period", kCounted,
     "orders without a customer are not in it"},
    {"new_customers", "customers whose first order of all lies in the period", kCounted,
     "undefined for the first stretch of the data (new_after, 180 days by default), where nobody "
     "knows who bought before; with by=, new to the shop, not to the group"},
    {"returning_customers", "customers - new_customers", kCounted,
     "undefined where new_customers is"},
    {"average_order_value", "amounts of the goods of the orders / orders", kRatio,
     "lines fully given back are left out, lines given back in part count whole; n is orders"},
    {"median_order_value", "the middle one of the orders' values",
     "clustered by customer: Woodruff (1952), the share of orders under the median, turned into "
     "values.",
     "half of the orders are smaller, whatever the largest ones do; n is orders"},
    {"items_per_order", "distinct products of the orders / orders", kRatio,
     "six of the same cup are one item and six units; n is orders"},
    {"units_per_order", "units of the orders / orders", kRatio, "n is orders"},
    {"repeat_rate",
     "customers who ordered on two or more days of the period / customers of the period",
     "Wilson (1927); every customer counts once.",
     "grows with the length of the period: compare equal periods only; n is customers"},
    {"return_share", "returned / (gross_revenue - discounts)", kRatio,
     "returns of earlier periods' goods are in it; without any return only the 0 is known, not how "
     "high it may be; n is customers and orders without one"},
    {"top_tenth_share",
     "what the tenth of the period's customers who bought most paid for goods / what all of them "
     "paid",
     "customers left out one by one (jackknife) on the logit scale, Student's t.",
     "rests on that tenth: not_enough_data under 30 customers, small_sample under 300; n is "
     "customers"},
}};

}  // namespace

std::span<const std::string_view> kpi_names() noexcept {
  static constexpr auto names = [] {
    std::array<std::string_view, kKpis> made{};
    for (std::size_t i = 0; i < kKpis; ++i) made[i] = kCatalogue[i].name;
    return made;
  }();
  return names;
}

std::string explain(std::string_view name) {
  for (const Definition& d : kCatalogue) {
    if (d.name != name) continue;
    std::string text(d.name);
    text.append(" = ").append(d.formula);
    text.append("\n  interval: ").append(d.interval);
    text.append("\n  mind: ").append(d.mind);
    return text;
  }
  std::string names;
  for (const Definition& d : kCatalogue) {
    names.append(names.empty() ? "" : ", ").append(d.name);
  }
  throw InvalidArgument("explain: no key figure '" + std::string(name.substr(0, 40)) +
                        "'; there are " + names);
}

}  // namespace emptor::metrics
