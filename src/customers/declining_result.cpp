#include "emptor/customers/declining.hpp"

#include <string>

namespace emptor::customers {
namespace {

std::string_view sort_name(DeclineSort sort) {
  switch (sort) {
    case DeclineSort::probability:
      return "probability";
    case DeclineSort::score:
      return "score";
    default:
      return "expected_loss";
  }
}

}  // namespace

std::vector<Column> DecliningResult::columns() const {
  return {
      {"customer", customer, *ids, "customer id"},
      {"name", name, "customer name, or else the id"},
      {"list", list, decline_list_labels(),
       "proven, likely or watch: how far the data speak for a drop"},
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
      {"expected_lost_revenue_low", expected_lost_revenue_low,
       "its lower end, under the most cautious weights"},
      {"expected_lost_revenue_high", expected_lost_revenue_high,
       "its upper end, under the least cautious weights"},
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
      Column::dates("change_date", change_date, "likeliest day the rate fell; none where unclear"),
      Column::dates("change_date_low", change_date_low, "lower end of its interval").hidden(),
      Column::dates("change_date_high", change_date_high, "upper end of its interval").hidden(),
      {"p_gap", p_gap, "share of his gaps that get as long as the present silence"},
      Column("regularity", regularity, "shape of his gaps: 1 at random, above it more alike")
          .hidden(),
      Column("p_steady", p_steady, "of so few orders and so long a silence had nothing changed")
          .hidden(),
      Column("q_value", q_value, "false share of the list up to here by p_steady").hidden(),
      {"score", score, "chance of buying at most 1 - min_drop as often over the next window"},
      Column("reason_code", reason, decline_reason_labels(), "what the counts show").hidden(),
      Column::dates("baseline_first", baseline_first, "first day of the baseline").hidden(),
      Column::dates("baseline_last", baseline_last, "last day of the baseline").hidden(),
      Column::dates("window_first", window_first, "first day of the window").hidden(),
      Column::dates("window_last", window_last, "last day of the window").hidden(),
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
      {"n_evidence", n_evidence, "eligible customers with q_value up to fdr"},
      {"score_status", std::string(status_labels()[static_cast<std::size_t>(score_status)]),
       "of the score"},
      {"score_n", score_n, "customers the score was learnt on"},
      {"score_share", score_share, "share of them who bought so little afterwards"},
      {"sort", std::string(sort_name(sort)), "what rows are sorted by within a list"},
      {"share_declined", share_declined, "share of eligible customers down by min_drop or more"},
      {"share_declined_low", share_declined_low, "the least the data allow"},
      {"share_declined_high", share_declined_high, "the most the data allow"},
      {"window_days", static_cast<std::int64_t>(window.last - window.first + 1),
       "length of the window, and of the one the expected losses are for"},
      {"min_drop", min_drop, "what counts as declining"},
      {"relative_to", std::string(relative_to == RelativeTo::peers ? "peers" : "own"),
       "what a drop is measured against"},
      {"season", season, "what exposure was weighted by: none, yearly or market"},
      {"dispersion", phi, "how much more than at random orders scatter; counts were divided by it"},
      {"rate_shape", rate_shape, "shape of the gamma law nearest to the buying rates"},
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
  if (score_window.first != data::kNoDay) {
    date("score_window_first", score_window.first, "first day of the window it was learnt on");
    date("score_window_last", score_window.last, "its last day; what followed is the outcome");
  }
  const auto describe = [](const std::vector<double>& w) {
    std::string text;
    for (std::size_t k = 0; k < w.size(); ++k) {
      if (w[k] < 0.0005) continue;
      if (!text.empty()) text += ", ";
      std::string share = std::to_string(w[k]);
      text += std::string(ratio_law_names()[k]) + " " + share.substr(0, share.find('.') + 4);
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
