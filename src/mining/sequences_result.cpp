#include "emptor/mining/sequences.hpp"

#include <string>
#include <vector>

namespace emptor::mining {

std::vector<Column> Sequences::columns() const {
  std::vector<Column> all{
      {"sequence", sequence, "items of one day joined by +, later days after >"},
      {"count", count, "customers who bought it in this order within the limits of time"},
      {"support", support, "their share of all customers"},
      {"support_low", support_low, "lower limit of the share"},
      {"support_high", support_high, "upper limit of the share"},
  };
  const auto hidden = [&](Column column) { all.push_back(column.hidden()); };
  if (gap_offset.back() > 0 || size() == 0) {
    all.push_back({"median_days", median_days, "days from the first to the last element, median"});
    hidden({"days_25", days_25, "... of the fastest quarter at most"});
    hidden({"days_75", days_75, "... of three quarters at most"});
    all.push_back(Column::lists("gap_days", gap_offset, gap_days,
                                "median days from each element to the next"));
  }
  hidden({"length", length, "elements: days"});
  hidden(items ? Column::lists("items", offset, item, *items, "ids of the items in order")
               : Column::lists("items", offset, item, "codes of the items in order"));
  hidden(Column::lists("element", offset, element, "to which element each item belongs, from 1"));
  return all;
}

std::vector<Scalar> Sequences::info() const {
  const auto limit = [](const std::optional<data::Span>& span) {
    return span ? data::to_string(*span) : std::string("none");
  };
  static constexpr std::string_view kinds[]{"all", "closed", "maximal"};
  std::vector<Scalar> all{
      {"n_customers", n_customers, "customers with purchases: support is a share of these"},
      {"n_visits", n_visits, "their distinct days"},
      {"n_purchases", n_purchases, "distinct customer, day and item"},
      {"n_items", n_items, "items with enough customers"},
      {"min_count", min_count, "customers a sequence needs"},
      {"lowest_count", lowest_count, "the same after top raised it"},
      {"truncated", truncated, "whether top cut the list"},
      {"kind", std::string(kinds[static_cast<std::size_t>(kind)]), "which sequences are listed"},
      {"max_gap", limit(max_gap), "longest time from one element to the next"},
      {"min_gap", limit(min_gap), "shortest time from one element to the next"},
      {"max_span", limit(max_span), "longest time from the first element to the last"},
      {"level", level, "confidence of the interval"},
  };
  if (!item_level.empty()) {
    all.push_back({"item", item_level, "level of the items"});
    all.push_back({"coverage", coverage.share(), "share of net revenue the result rests on"});
    all.push_back({"coverage_lines", coverage.lines_used, "order lines it rests on"});
  }
  return all;
}

}  // namespace emptor::mining
