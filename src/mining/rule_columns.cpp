#include "emptor/core/error.hpp"
#include "emptor/mining/association_rules.hpp"

#include <array>
#include <string>

namespace emptor::mining {
namespace {

constexpr std::array<std::string_view, 6> kSignificance{
    "none", "bh", "holm", "tarone", "westfall_young", "holdout"};

}  // namespace

Significance parse_significance(std::string_view text) {
  for (std::size_t i = 0; i < kSignificance.size(); ++i) {
    if (text == kSignificance[i]) return static_cast<Significance>(i);
  }
  throw InvalidArgument("significance: '" + std::string(text.substr(0, 40)) +
                        "' is no way to correct for many tests; write \"bh\", \"holm\", "
                        "\"tarone\", \"westfall_young\", \"holdout\" or \"none\"");
}

std::vector<Column> AssociationRules::columns() const {
  std::vector<Column> list;
  const auto hide = [&list](const Column& column) { list.push_back(column.hidden()); };
  const auto side = [&](const char* name, const std::vector<std::int64_t>& offset,
                        const std::vector<std::int32_t>& codes, const Dictionary& dictionary,
                        const char* doc, bool one, bool shown) {
    Column column = one ? Column(name, codes, dictionary, doc)
                        : Column::lists(name, offset, codes, dictionary, doc);
    column.shown = shown;
    list.push_back(column);
  };
  if (names) {
    side("antecedent_name", antecedent_offset, antecedent_name, *names, "items of the antecedent",
         false, true);
    side("consequent_name", consequent_offset, consequent_name, *names,
         "what they come with more often than usual", single, true);
  }
  side("antecedent", antecedent_offset, antecedent, *items, "ids of the antecedent", false, !names);
  side("consequent", consequent_offset, consequent, *items, "id of the consequent", single, !names);
  list.emplace_back("n_baskets", n_baskets, "baskets with all of them");
  list.emplace_back("expected", expected,
                    status.empty() ? "n_antecedent * n_consequent / baskets"
                                   : "such baskets that would be usual at the same basket sizes");
  list.emplace_back("excess", excess, "n_baskets - expected");
  for (Column column : measures.columns()) {
    const bool end = column.name.ends_with("_low") || column.name.ends_with("_high");
    column.shown = !end || column.name.starts_with("lift");
    list.push_back(column);
  }
  if (tested) {
    list.emplace_back("q_value", q_value, "p_value corrected for all rules that were looked at");
  }
  if (!status.empty()) {
    list.emplace_back("status", status, status_labels(), "what stands behind the row");
  }
  if (!same_family.empty()) {
    list.emplace_back("same_family", same_family, "the consequent is a variant of an antecedent");
  }
  if (tested) {
    hide({"p_value", p_value, "what q_value is made from; the largest of the parts' p-values"});
    hide({"p_association", p_association, "of the antecedent as a whole; one-sided"});
  }
  hide({"n_antecedent", n_antecedent, "baskets with the antecedent"});
  hide({"n_consequent", n_consequent, "baskets with the consequent"});
  if (!status.empty()) {
    bool asked = false;
    for (const MeasureColumn& column : measures.measures) {
      asked = asked || column.measure->name == "fisher_p";
    }
    if (!asked) hide({"fisher_p", fisher_p, "Fisher's exact test, one-sided; for comparison only"});
    hide({"n_customers", n_customers, "customers with such a basket; unknown ones count each"});
    hide({"max_customer_share", max_customer_share, "share of n_baskets of one customer, at most"});
  }
  return list;
}

std::vector<Scalar> AssociationRules::info() const {
  std::vector<Scalar> list;
  if (from_sales) list.push_back({"item", item_level, "what an item is"});
  list.push_back({"baskets", baskets, "baskets looked at"});
  if (!status.empty() || tested) {
    list.push_back({"customers", customers, "known customers among them"});
    list.push_back({"min_count", min_count, "least baskets of a listed rule"});
    list.push_back({"n_counted", n_counted, "rules in min_count baskets"});
  }
  if (tested) {
    list.push_back({"significance",
                    std::string(kSignificance[static_cast<std::size_t>(significance)]),
                    "how q_value makes up for many tests"});
    list.push_back({"n_testable", n_testable,
                    "rules whose antecedent and consequent are each in "
                    "min_count baskets; all of "
                    "them are made up for"});
    if (significance == Significance::tarone || significance == Significance::westfall_young) {
      list.push_back({"effective_tests", effective_tests, "what alpha was divided by"});
    }
    if (significance == Significance::holdout) {
      list.push_back(
          {"n_explored", n_explored, "found in the first baskets and tested in the rest"});
    }
    list.push_back({"alpha", alpha, "largest q_value of a listed rule"});
  }
  list.push_back({"n_found", n_found, "before `top` cut them"});
  list.push_back({"truncated", truncated, "whether `top` left out some that were found"});
  if (from_sales) {
    std::int64_t variants = 0;
    for (const std::uint8_t same : same_family) variants += same;
    list.push_back({"n_same_family", variants, "listed rules between variants"});
    if (leaves_out) {
      list.push_back({"n_left_out", n_left_out,
                      "rules between variants that were found, and left out by same_family"});
    }
    list.push_back({"coverage", coverage.share(), "share of net revenue in these baskets"});
  }
  return list;
}

}  // namespace emptor::mining
