#include "emptor/core/error.hpp"
#include "emptor/mining/substitutes.hpp"

#include <array>
#include <string>

namespace emptor::mining {

Relation parse_relation(std::string_view text) {
  if (text == "substitutes") return Relation::substitutes;
  if (text == "complements") return Relation::complements;
  throw InvalidArgument("relation: '" + std::string(text.substr(0, 40)) +
                        "' is not a relation of two items; write \"substitutes\" (less often in "
                        "one visit than usual) or \"complements\" (more often)");
}

std::span<const std::string_view> occasion_labels() noexcept {
  static constexpr std::array<std::string_view, 3> labels{"same", "different", "unknown"};
  return labels;
}

std::vector<Column> Substitutes::columns() const {
  std::vector<Column> all;
  const auto hidden = [&](Column column) { all.push_back(column.hidden()); };
  all.emplace_back("grade", grade, grade_labels(), "how far the pair may be trusted");
  if (items) {
    hidden({"item_a", item_a, *items, "id of item a; item_a < item_b"});
    hidden({"item_b", item_b, *items, "id of item b"});
    all.emplace_back("name_a", name_a, "name of item a");
    all.emplace_back("name_b", name_b, "name of item b");
  }
  all.emplace_back("n_together", n_together, "visits with both items, of those compared");
  all.emplace_back("expected", expected, "... usual for the same customers' visits");
  all.emplace_back("ratio", ratio, "n_together / expected; below 1: bought instead of each other");
  all.emplace_back("ratio_low", ratio_low, "its lower limit, clustered by customer");
  all.emplace_back("ratio_high", ratio_high, "its upper limit");
  all.emplace_back("occasion", occasion, occasion_labels(),
                   "whether the two are bought beside the same other items");
  all.emplace_back("q_value", q_value, "false-discovery rate over all testable pairs");
  all.emplace_back("n", n, "customers who bought both items within a period");
  hidden({"status", status, status_labels(), "what stands behind ratio"});
  all.emplace_back("companions", companions,
                   "of what goes with one of the two, the share that goes with the other too");
  all.emplace_back(
      "switched", switched,
      "while one was visibly absent: visits of its customers with the other, over usual");
  all.emplace_back("availability_seen", availability_seen,
                   "whether absences shorter than a period show for both items");
  all.emplace_back("same_family", same_family, "whether the two are variants of one product");
  hidden({"n_a", n_a, "their visits with item a"});
  hidden({"n_b", n_b, "their visits with item b"});
  hidden({"p_value", p_value, "one-sided, beyond min_effect, customers as the unit"});
  hidden({"max_customer_share", max_customer_share,
          "largest share of one customer in the difference"});
  hidden({"companions_low", companions_low, "lower limit of companions"});
  hidden({"companions_high", companions_high, "upper limit of companions"});
  hidden({"companions_n", companions_n, "items that go with one of the two"});
  hidden({"unseen_days", unseen_days, "days of absence that would be noticed for both items"});
  hidden({"switched_low", switched_low, "lower limit of switched"});
  hidden({"switched_high", switched_high, "upper limit of switched"});
  hidden({"switched_n", switched_n, "visits with the other item in such absences"});
  hidden({"switched_status", switched_status, status_labels(), "what stands behind switched"});
  return all;
}

std::vector<Scalar> Substitutes::info() const {
  std::vector<Scalar> all{
      {"relation", std::string(relation == Relation::substitutes ? "substitutes" : "complements"),
       "which side of chance was looked for"},
      {"period", data::to_string(period),
       "visits of a customer are compared within so long a time"},
      {"fdr", fdr, "false-discovery rate of grade proven"},
      {"level", level, "confidence of the intervals"},
      {"n_customers", n_customers, "customers with purchases"},
      {"n_visits", n_visits, "their distinct days"},
      {"n_visits_compared", n_visits_compared, "of them, with another one in the same period"},
      {"n_testable", n_testable,
       "pairs with enough customers and expected visits: q-values are "
       "over these"},
      {"n_untestable", n_untestable, "other pairs some customer bought within a period"},
      {"n_proven", n_proven, "pairs of grade proven"},
      {"n_likely", n_likely, "pairs of grade likely"},
      {"n_different_occasions", n_different_occasions,
       "pairs with q at most fdr that belong to different occasions"},
      {"n_unknown_occasions", n_unknown_occasions,
       "pairs with q at most fdr where the occasion cannot be told"},
      {"ratio_all", ratio_all, "visits together over expected, all testable pairs"},
      {"share_below_05", share_below_05, "of testable pairs, with p below .05"},
      {"n_absences", n_absences, "visible absences of items between their first and last sale"},
      {"n_items_partly_on_sale", n_items_partly_on_sale,
       "items left out of some comparisons because they were not on sale throughout"},
      {"truncated", truncated, "whether top cut the list"},
  };
  if (items) {
    all.push_back({"item", item_level, "level of the items"});
    all.push_back({"coverage", coverage.share(), "share of net revenue the result rests on"});
    all.push_back({"coverage_lines", coverage.lines_used, "order lines it rests on"});
  }
  return all;
}

}  // namespace emptor::mining
