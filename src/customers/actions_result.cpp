#include "emptor/customers/actions.hpp"

#include <array>

namespace emptor::customers {

std::vector<Column> ActionsResult::columns() const {
  const auto hidden = [](Column column) { return column.hidden(); };
  return {
      {"customer", customer, *ids, "customer id"},
      {"name", name, "customer name, or else the id"},
      {"grade", grade, action_grade_labels(),
       "how sure a fall is; due: only his usual gap is over"},
      {"due_now", due_now, "his usual gap is over and he probably still buys"},
      {"value_at_risk", value_at_risk, "revenue of the next window not expected any more"},
      {"value_at_risk_low", value_at_risk_low, "lower end"},
      {"value_at_risk_high", value_at_risk_high, "upper end"},
      {"channel", channel, recommended_channel_labels(),
       "allowed, and where an answer is likeliest"},
      {"contact", contact, "id of the contact who allows it"},
      {"control", control, "held back: not to be contacted"},
      Column::dates("last_order", last_order, "last day with a purchase"),
      Column::dates("next_due", next_due, "last order and usual gap"),
      {"p_alive", p_alive, "chance that he still buys at all"},
      hidden({"p_alive_low", p_alive_low, "lower end"}),
      hidden({"p_alive_high", p_alive_high, "upper end"}),
      {"p_fell", p_fell, "chance that his rate fell by half or more"},
      hidden({"p_fell_low", p_fell_low, "lower end"}),
      hidden({"p_fell_high", p_fell_high, "upper end"}),
      {"expected_purchases", expected_purchases, "in the next window"},
      hidden({"expected_purchases_low", expected_purchases_low, "how well the mean is known"}),
      hidden({"expected_purchases_high", expected_purchases_high, "how well the mean is known"}),
      hidden({"purchases_low", purchases_low, "of the count itself"}),
      hidden({"purchases_high", purchases_high, "of the count itself"}),
      {"expected_revenue", expected_revenue, "in the next window"},
      hidden({"expected_revenue_low", expected_revenue_low, "how well the mean is known"}),
      hidden({"expected_revenue_high", expected_revenue_high, "how well the mean is known"}),
      hidden({"n", n, "days with a purchase it rests on"}),
      hidden({"status", status, status_labels(), "of expected purchases and revenue"}),
      hidden({"usual_gap_days", usual_gap_days, "median days between his purchases"}),
      hidden({"days_since", days_since, "days since the last order"}),
      {"favourite_products", favourite_products, "bought on the most days"},
      hidden({"response", response, "expected share of answers on the channel"}),
      hidden({"cost", cost, "of the contact; 0 for those held back"}),
      hidden({"reason_code", reason, decline_reason_labels(), "what the counts show"}),
      hidden({"baseline_orders", baseline_orders, "orders before; 0 if on no list of declining"}),
      hidden({"window_orders", window_orders, "orders in the window"}),
      hidden({"expected_orders", expected_orders, "orders the window would have had"}),
      hidden(Column::dates("change_date", change_date, "likeliest day the rate fell, if clear")),
      hidden(Column::dates("change_date_low", change_date_low, "lower end of its interval")),
      hidden(Column::dates("change_date_high", change_date_high, "upper end of its interval")),
      hidden({"p_gap", p_gap, "share of his gaps that get as long as the present silence"}),
  };
}

std::vector<Scalar> ActionsResult::info() const {
  const auto dated = [](data::Day day) {
    return day == data::kNoDay ? std::string() : data::iso_date(day);
  };
  return {{"last_day", dated(last_day), "the moment"},
          {"horizon", horizon, "how far ahead values look"},
          {"consent_known", consent_known, "whether there is a table of contacts"},
          {"n_candidates", n_candidates, "customers worth contacting, before consent and budget"},
          {"n_not_reachable", n_not_reachable, "left out: no channel is allowed"},
          {"n_over_budget", n_over_budget, "left out: the budget is spent"},
          {"n_control", n_control, "held back"},
          {"total_cost", total_cost, "of the listed"},
          {"total_at_risk", total_at_risk, "of the listed"},
          {"fit_status", std::string(status_labels()[static_cast<std::size_t>(fit_status)]),
           "of the purchase model"},
          {"fit_reason",
           std::string(purchase_fit_reason_labels()[static_cast<std::size_t>(fit_reason)]),
           "no_leaving: P(alive) cannot rank"},
          {"baseline_first", dated(baseline.first), "first day of the baseline"},
          {"baseline_last", dated(baseline.last), "last day of the baseline"},
          {"window_first", dated(window.first), "first day of the window"},
          {"window_last", dated(window.last), "last day of the window"},
          {"coverage", coverage.share(), "share of net revenue this rests on"},
          {"level", level}};
}

}  // namespace emptor::customers
