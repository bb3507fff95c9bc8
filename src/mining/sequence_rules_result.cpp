#include "emptor/mining/sequence_rules.hpp"

#include <string>
#include <vector>

namespace emptor::mining {

std::vector<Column> SequenceRules::columns() const {
  std::vector<Column> all;
  const auto hidden = [&](Column column) { all.push_back(column.hidden()); };
  all.emplace_back("grade", grade, grade_labels(), "how far the rule may be trusted");
  if (groups) all.emplace_back("group", group, *groups, "value of the column split by");
  all.emplace_back("antecedent_name", antecedent_name, "all of these bought, on any days");
  all.emplace_back("consequent_name", consequent_name, "bought on a later day");
  all.emplace_back("p_within", p_within,
                   "share of those at risk who buy the consequent within the window, Kaplan-Meier");
  all.emplace_back("p_within_low", p_within_low, "its lower limit");
  all.emplace_back("p_within_high", p_within_high, "its upper limit");
  all.emplace_back("usual", usual, "share expected of the same people with the same visits");
  all.emplace_back("part_name", part_name, "the part of the set that is hardest to beat");
  all.emplace_back("part_within", part_within, "p_within of those who bought this part");
  all.emplace_back("n", n, "customers at risk: without the consequent up to that day");
  hidden({"status", status, status_labels(), "what stands behind p_within"});
  all.emplace_back("excess", excess, "buyers of the consequent above the usual ones, so far");
  all.emplace_back("excess_low", excess_low, "its lower limit, clustered by customer");
  all.emplace_back("excess_high", excess_high, "its upper limit");
  all.emplace_back("median_days", median_days, "days to the consequent, of those who buy it");
  all.emplace_back("q_value", q_value, "affinity: false-discovery rate over all testable rules");
  all.emplace_back("timing_q", timing_q, "timing: the same; missing if not testable");
  all.emplace_back("same_family", same_family, "whether the consequent is a variant of an item");
  if (items) {
    hidden(Column::lists("antecedent", offset, antecedent, *items, "ids of the set"));
    hidden(Column("consequent", consequent, *items, "id of the consequent"));
  } else {
    hidden(Column::lists("antecedent", offset, antecedent, "codes of the set"));
  }
  hidden({"p_value", p_value, "the larger of affinity_p and part_p; missing if not testable"});
  hidden({"affinity_p", affinity_p, "those who completed the set against all visits, one-sided"});
  hidden({"part_p", part_p, "... against those who bought the part; missing for one item"});
  hidden({"events", events, "customers at risk who first bought the consequent in the window"});
  hidden({"n_followed", n_followed, "customers at risk observed for the whole window"});
  hidden({"n_antecedent", n_antecedent, "customers who completed the set"});
  hidden({"same_day", same_day, "of them, with the consequent on the same day"});
  hidden({"naive_buyers", naive_buyers, "of them, with any consequent within the window"});
  hidden({"naive_confidence", naive_confidence, "their share; too low where few are followed yet"});
  hidden({"visits", visits, "visits in the window that have the consequent"});
  hidden({"expected_visits", expected_visits, "visits expected to have it, by size and month"});
  hidden({"timing_p", timing_p, "timing, one-sided; missing if not testable"});
  hidden({"timing_part_p", timing_part_p,
          "... against the same customer with a part alone; missing for one item"});
  hidden({"timing_part_name", timing_part_name, "the part that is hardest to beat in timing"});
  hidden(
      {"odds_ratio", odds_ratio, "odds of the consequent after against before, within customer"});
  hidden({"odds_ratio_low", odds_ratio_low, "its lower profile limit"});
  hidden({"odds_ratio_high", odds_ratio_high, "its upper profile limit"});
  hidden({"odds_ratio_n", odds_ratio_n, "customers that inform it"});
  hidden(
      {"odds_ratio_status", odds_ratio_status, status_labels(), "what stands behind odds_ratio"});
  hidden({"customer_share", customer_share, "largest share of one customer in the excess"});
  return all;
}

std::vector<Scalar> SequenceRules::info() const {
  std::vector<Scalar> all{
      {"window", data::to_string(window), "the consequent counts on the days (a, a + window]"},
      {"washout", data::to_string(washout), "days of data before a completion counts"},
      {"completion", completion ? data::to_string(*completion) : std::string("none"),
       "all of a set is bought within so long"},
      {"evidence", std::string(evidence == Evidence::affinity ? "affinity" : "timing"),
       "what decides the grade"},
      {"fdr", fdr, "false-discovery rate of grade proven"},
      {"n_completions", n_completions, "completions that count, of all antecedents"},
      {"n_completions_followed", n_completions_followed, "of them, observed for the whole window"},
      {"window_status", std::string(status_labels()[static_cast<std::size_t>(window_status)]),
       "small_sample: under half are; extrapolated: none, shares are lower bounds"},
      {"level", level, "confidence of the intervals"},
      {"n_customers", n_customers, "customers with purchases"},
      {"n_visits", n_visits, "their distinct days"},
      {"n_purchases", n_purchases, "distinct customer, day and item"},
      {"n_items", n_items, "antecedents of one item with enough customers"},
      {"n_sets", n_sets, "antecedents of more items with enough customers"},
      {"sets_cut", sets_cut, "whether there were more of them than max_sets"},
      {"n_possible", n_possible, "antecedents times other items"},
      {"n_testable", n_testable, "rules with enough expected visits: q-values are over these"},
      {"n_timing_testable", n_timing_testable, "rules with enough information on timing"},
      {"n_redundant", n_redundant, "sets that would be listed but do no better than a part"},
      {"n_hanging_on_one_customer", n_hanging_on_one_customer, "rules not listed for it"},
      {"n_discoveries", n_discoveries, "rules with affinity q at most fdr, listed or not"},
      {"timing_discoveries", timing_discoveries, "rules with timing q at most fdr, listed or not"},
      {"placebo_discoveries", placebo_discoveries,
       "the same with random index visits, sets not held against their parts"},
      {"n_proven", n_proven, "rules of grade proven"},
      {"n_likely", n_likely, "rules of grade likely"},
      {"share_below_05", share_below_05, "of testable rules, with affinity p below .05"},
      {"truncated", truncated, "whether top cut the list"},
  };
  const auto date = [](data::Day day) {
    return day == data::kNoDay ? std::string() : data::iso_date(day);
  };
  all.push_back({"first_day", date(first_day), "first day observed"});
  all.push_back({"last_day", date(last_day), "last day observed: the day of the moment"});
  if (items) {
    all.push_back({"item", item_level, "level of the items"});
    all.push_back({"coverage", coverage.share(), "share of net revenue the result rests on"});
    all.push_back({"coverage_lines", coverage.lines_used, "order lines it rests on"});
  }
  if (check) {
    all.push_back({"check_split", date(check->split), "last day of the first part"});
    all.push_back({"check_found", check->n_found, "rules proven in the first part"});
    all.push_back({"check_testable", check->n_testable, "of them, testable in the rest"});
    all.push_back({"check_confirmed", check->n_confirmed, "of them, with p below .05 in the rest"});
    all.push_back({"check_ratio", check->ratio, "their observed over expected visits in the rest"});
    all.push_back({"check_ratio_all", check->ratio_all, "the same over all testable rules"});
  }
  return all;
}

}  // namespace emptor::mining
