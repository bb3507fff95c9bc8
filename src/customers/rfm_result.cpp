#include "emptor/customers/rfm.hpp"

#include <array>
#include <string>

namespace emptor::customers {
std::vector<Column> RfmCuts::columns() const {
  return {{"cut", cut, "between score k and k + 1"},
          {"share", share, "share of customers at or below"},
          {"recency_days", recency_column, "more days than this: one score less"},
          {"frequency", frequency_column, "more orders than this: one score more"},
          {"monetary", monetary_column, "more than this: one score more"}};
}

std::vector<Scalar> RfmCuts::info() const { return {}; }

std::vector<Column> RfmResult::columns() const {
  return {
      {"customer", customer, *ids, "customer id"},
      {"name", name, "customer name, or else the id"},
      {"recency_days", recency_days, "days since the last purchase"},
      {"frequency", frequency, "days with a purchase"},
      {"monetary", monetary, "net amount of all lines, returns included"},
      {"r", r, "recency score, 5 the most recent"},
      {"f", f, "frequency score, 5 the most frequent"},
      {"m", m, "monetary score, 5 the highest"},
      {"segment", segment, rfm_segment_labels(), "in words, compared with the other customers"},
      Column::dates("first_order", first_order, "first day with a purchase").hidden(),
      Column::dates("last_order", last_order, "last day with a purchase").hidden(),
      Column("usual_gap_days", usual_gap_days, "median days between orders").hidden(),
  };
}

std::vector<Scalar> RfmResult::info() const {
  const auto cut_text = [](const std::array<double, 4>& values) {
    std::string text;
    for (const double cut : values) {
      std::string value = std::to_string(cut);
      text += (text.empty() ? "" : ", ") + value.substr(0, value.find('.') + 3);
    }
    return text;
  };
  return {{"n", static_cast<std::int64_t>(customer.size()), "customers"},
          {"n_one_order", n_one_order, "... with a single order"},
          {"n_without_purchase", n_without_purchase, "left out: nothing bought and kept"},
          {"moment", last_day == data::kNoDay ? std::string() : data::iso_date(last_day),
           "the day recency counts from"},
          {"cuts_recency_days", cut_text(cuts.recency_days), "between the scores"},
          {"cuts_frequency", cut_text(cuts.frequency), "between the scores"},
          {"cuts_monetary", cut_text(cuts.monetary), "between the scores"},
          {"coverage", coverage.share(), "share of net revenue with a customer"}};
}

std::vector<Column> RfmSegmentsResult::columns() const {
  return {
      {"segment", segment, rfm_segment_labels(), "in words, compared with the other customers"},
      {"customers", customers, "customers in it"},
      {"customer_share", customer_share, "share of customers"},
      {"revenue", revenue, "their net amount"},
      {"revenue_share", revenue_share, "share of the customers' net amount"},
      {"revenue_share_low", revenue_share_low, "lower end of its interval"},
      {"revenue_share_high", revenue_share_high, "upper end of its interval"},
      Column("n", n, "customers the share rests on").hidden(),
      Column("status", status, status_labels(), "small_sample under 10 customers").hidden(),
      {"median_recency_days", median_recency_days, "days since the last purchase"},
      {"mean_frequency", mean_frequency, "days with a purchase"},
  };
}

std::vector<Scalar> RfmSegmentsResult::info() const {
  return {{"moment", last_day == data::kNoDay ? std::string() : data::iso_date(last_day),
           "the day recency counts from"},
          {"level", level, "confidence of the intervals"},
          {"coverage", coverage.share(), "share of net revenue with a customer"}};
}

}  // namespace emptor::customers
