#include "emptor/customers/declining.hpp"

#include "customers/ratio_mixture.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

namespace emptor::customers {
namespace {

constexpr std::array<std::string_view, 4> kLists{"proven", "likely", "watch", "none"};
constexpr std::array<std::string_view, 3> kReasons{"none_came", "fewer_came", "as_usual"};
constexpr std::array<std::string_view, kRatioLaws> kLaws{
    "unchanged", "stopped", "0-0.25", "0-0.5", "0-0.75", "0-1", "0.2-1",
    "0.4-1",     "0.6-1",   "0.8-1",  "1-1.5", "1-2",    "1-3", "1-6"};
constexpr std::size_t kFavourites = 3;

/// The names of the products a customer bought on the most days, then for the most money.
std::string favourites(const data::Lines& lines, const data::Products& products,
                       std::int32_t customer) {
  struct Bought {
    std::int64_t days = 0;
    data::Day last = data::kNoDay;
    data::Money amount = 0;
  };
  std::map<std::int32_t, Bought> bought;
  const auto c = static_cast<std::size_t>(customer);
  for (auto i = static_cast<std::size_t>(lines.customer_begin[c]);
       i < static_cast<std::size_t>(lines.customer_begin[c + 1]); ++i) {
    if (lines.product.empty() || lines.product[i] < 0 || !lines.is_goods_purchase(i)) continue;
    Bought& product = bought[lines.product[i]];
    if (product.last != lines.day[i]) ++product.days;
    product.last = lines.day[i];
    product.amount += lines.amount[i];
  }
  std::vector<std::pair<std::int32_t, Bought>> ranked(bought.begin(), bought.end());
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
    return std::pair(a.second.days, a.second.amount) > std::pair(b.second.days, b.second.amount);
  });
  std::string text;
  for (std::size_t i = 0; i < std::min(kFavourites, ranked.size()); ++i) {
    if (i > 0) text += "; ";
    text += products.label(ranked[i].first);
  }
  return text;
}

}  // namespace

std::span<const std::string_view> decline_list_labels() noexcept { return kLists; }
std::span<const std::string_view> decline_reason_labels() noexcept { return kReasons; }
std::span<const std::string_view> ratio_law_names() noexcept { return kLaws; }

DecliningResult declining(const data::Sales& sales, const DecliningOptions& options,
                          const Context& context) {
  const Occasions bought = occasions(sales, "declining");
  DecliningResult result =
      declining({bought.view(), sales.first_day(), sales.last_day()}, options, context);
  result.ids = sales.customers().ids;
  result.coverage = sales.behaviour_coverage();
  const data::Lines& lines = sales.lines("declining");
  for (std::size_t i = 0; i < result.customer.size(); ++i) {
    const std::int32_t customer = result.customer[i];
    result.name[i] = sales.customers().label(customer);
    if (result.list[i] != DeclineList::none)
      result.favourite_products[i] = favourites(lines, sales.products(), customer);
  }
  return result;
}

std::vector<Column> DecliningResult::columns() const {
  return {
      {"customer", customer, *ids, "customer id"},
      {"name", name, "customer name, or else the id"},
      {"list", list, kLists, "proven, likely or watch: how far the data speak for a drop"},
      {"drop", drop, "share of the buying rate that is gone; 1 is stopped, below 0 is a rise"},
      {"drop_low", drop_low, "lower end of the interval of drop"},
      {"drop_high", drop_high, "upper end of the interval of drop"},
      Column("n", n, "orders (days with a purchase) in baseline and window").hidden(),
      Column("status", status, status_labels(), "what stands behind the estimates").hidden(),
      {"probability", probability, "that the drop is at least min_drop"},
      Column("probability_low", probability_low, "the same under the most cautious weights")
          .hidden(),
      Column("probability_high", probability_high, "the same under the least cautious weights")
          .hidden(),
      Column("local_fdr", local_fdr,
             "1 - probability_low; their mean over a list is its false share")
          .hidden(),
      {"expected_lost_revenue", expected_lost_revenue,
       "net revenue the drop is expected to cost over the next window"},
      {"expected_lost_revenue_low", expected_lost_revenue_low, "under the most cautious weights"},
      {"expected_lost_revenue_high", expected_lost_revenue_high,
       "under the least cautious weights"},
      {"baseline_orders", baseline_orders, "days with a purchase in the baseline"},
      Column("baseline_spend", baseline_spend, "spend on these days, returned goods left out")
          .hidden(),
      {"window_orders", window_orders, "days with a purchase in the window"},
      {"expected_orders", expected_orders, "to be expected in the window had nothing changed"},
      Column("order_value", order_value, "spend per order, drawn towards the typical customer's")
          .hidden(),
      Column::dates("last_order", last_order, "last day with a purchase"),
      {"usual_gap_days", usual_gap_days, "median days between orders before the window"},
      {"favourite_products", favourite_products, "the three bought on the most days"},
      {"reason_code", reason, kReasons, "what the counts show"},
  };
}

std::vector<Scalar> DecliningResult::info() const {
  std::vector<Scalar> scalars{
      {"headline", headline, "proven, likely, none_proven or not_enough_data"},
      {"status", std::string(status_labels()[static_cast<std::size_t>(fit_status)]), "of the fit"},
      {"n_customers", n_customers, "customers with a purchase before the window"},
      {"n_eligible", n_eligible, "... with enough orders in the baseline: those looked at"},
      {"n_proven", listed[0], "customers on the proven list"},
      {"n_likely", listed[1], "customers on the likely list"},
      {"n_watch", listed[2], "customers on the watch list"},
      {"false_alarms_proven", expected_false_alarms[0],
       "how many of the proven list are expected not to have dropped by min_drop"},
      {"false_alarms_likely", expected_false_alarms[1], "... of the likely list"},
      {"false_alarms_watch", expected_false_alarms[2], "... of the watch list"},
      {"market_change", market_change,
       "the median customer's rate in the window over the baseline's"},
      {"share_declined", share_declined, "share of eligible customers down by min_drop or more"},
      {"share_declined_low", share_declined_low, "the least the data allow"},
      {"share_declined_high", share_declined_high, "the most the data allow"},
      {"min_drop", min_drop, "what counts as declining"},
      {"relative_to", std::string(relative_to == RelativeTo::peers ? "peers" : "own"),
       "what a drop is measured against"},
      {"season", season, "what exposure was weighted by: none, yearly or market"},
      {"dispersion", phi, "how much more than at random orders scatter; counts were divided by it"},
      {"rate_shape", rate_shape, "shape of the gamma law of buying rates"},
      {"rate_scale", rate_scale, "its rate parameter, days"},
      {"certificate", certificate, "proven bound of what the log-likelihood could still gain"},
      {"coverage", coverage.share(), "share of net revenue this rests on"},
      {"baseline_cut", baseline_cut, "whether the data begin inside the baseline"},
  };
  const auto date = [&](std::string_view label, data::Day day, std::string_view doc) {
    scalars.push_back({label, data::iso_date(day), doc});
  };
  date("baseline_first", baseline.first, "first day of the baseline");
  date("baseline_last", baseline.last, "last day of the baseline");
  date("window_first", window.first, "first day of the window");
  date("window_last", window.last, "last day of the window");
  const auto describe = [](const std::vector<double>& w) {
    std::string text;
    for (std::size_t k = 0; k < w.size(); ++k) {
      if (w[k] < 0.0005) continue;
      if (!text.empty()) text += ", ";
      std::string share = std::to_string(w[k]);
      text += std::string(kLaws[k]) + " " + share.substr(0, share.find('.') + 4);
    }
    return text;
  };
  scalars.push_back({"weights", describe(weights), "share of customers by ratio of rates"});
  scalars.push_back(
      {"weights_low", describe(weights_low), "... with the least drops near the maximum"});
  scalars.push_back({"weights_high", describe(weights_high), "... with the most drops"});
  return scalars;
}

}  // namespace emptor::customers
