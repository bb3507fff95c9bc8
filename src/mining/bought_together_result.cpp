#include "emptor/mining/bought_together.hpp"

#include <string>

namespace emptor::mining {

std::vector<Column> BoughtTogether::columns() const {
  std::vector<Column> list;
  if (groups) list.emplace_back("group", group, *groups, "value of the column split by");
  if (names) {
    list.emplace_back("name_a", name_a, *names, "name of item a");
    list.emplace_back("name_b", name_b, *names, "name of item b");
  }
  list.emplace_back("item_a", item_a, *items, "id of item a; item_a < item_b");
  list.emplace_back("item_b", item_b, *items, "id of item b");
  if (names) list[list.size() - 2].shown = list.back().shown = false;
  list.emplace_back("n_baskets", n_baskets, "baskets with both items");
  list.emplace_back("expected", expected,
                    "baskets with both that would be usual at the same basket sizes");
  list.emplace_back("excess", excess, "n_baskets - expected");
  list.emplace_back("confidence_ab", confidence_ab, "share of the baskets with a that hold b");
  list.emplace_back("confidence_ba", confidence_ba, "share of the baskets with b that hold a");
  list.emplace_back("lift", lift, "n_baskets * baskets / (n_a * n_b); ignores basket sizes");
  list.emplace_back("lift_low", lift_low, "lower end of its interval");
  list.emplace_back("lift_high", lift_high, "upper end of its interval");
  list.emplace_back("q_value", q_value,
                    "share of chance among pairs at most this p-value (Benjamini and Hochberg over "
                    "all testable pairs)");
  list.emplace_back("status", status, status_labels(), "what stands behind the row");
  list.emplace_back("same_family", same_family, "the names are variants of one product");
  const auto hide = [&list](const Column& column) { list.push_back(column.hidden()); };
  hide({"p_value", p_value, "Mantel-Haenszel by basket size, customers as the unit, one-sided"});
  if (with_fisher) {
    hide({"fisher_p", fisher_p, "Fisher's exact test, one-sided; for comparison only"});
  }
  hide({"n_a", n_a, "baskets with a"});
  hide({"n_b", n_b, "baskets with b"});
  hide({"support", support, "n_baskets over all baskets"});
  hide({"confidence_ab_low", confidence_ab_low, "lower end of its interval"});
  hide({"confidence_ab_high", confidence_ab_high, "upper end of its interval"});
  hide({"confidence_ba_low", confidence_ba_low, "lower end of its interval"});
  hide({"confidence_ba_high", confidence_ba_high, "upper end of its interval"});
  hide({"n_customers", n_customers, "customers with such a basket; unknown ones count each"});
  hide({"max_customer_share", max_customer_share, "share of n_baskets of one customer, at most"});
  return list;
}

std::vector<Scalar> BoughtTogether::info() const {
  std::vector<Scalar> list{
      {"min_count", std::int64_t{min_count}, "least shared baskets of a listed pair"},
      {"fdr", fdr, "largest q_value of a listed pair"},
      {"level", confidence_level, "confidence of the intervals"},
      {"baskets", baskets, "baskets looked at, of any size"},
      {"customers", customers, "known customers among them"},
      {"n_testable", n_testable,
       "pairs of items that are both in min_count baskets of two or more items: q-values are over "
       "these"},
      {"n_untestable", n_untestable, "pairs of bought items that are too rare"},
      {"n_counted", n_counted, "testable pairs that share min_count baskets"},
      {"n_found", n_found, "of them, with q_value at most fdr"},
      {"truncated", truncated, "whether top cut the list"},
  };
  if (names) {
    list.push_back({"n_same_family", n_same_family, "listed pairs of variants of one product"});
    if (leaves_out) {
      list.push_back({"n_left_out", n_left_out,
                      "pairs of variants with q_value at most fdr that same_family left out"});
    }
    list.push_back({"item", item_level, "level of the items"});
    list.push_back({"coverage", coverage.share(), "share of net revenue in these baskets"});
    list.push_back({"coverage_lines", coverage.lines_used, "order lines it rests on"});
  }
  return list;
}

}  // namespace emptor::mining
