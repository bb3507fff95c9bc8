#include "emptor/core/error.hpp"
#include "emptor/mining/bought_next.hpp"

#include <array>
#include <limits>
#include <string>

namespace emptor::mining {

std::optional<data::Span> parse_washout(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (text == "none" || text == "0 days") return data::Span{0, data::Span::Unit::days};
  return data::parse_span(text, "washout");
}

Evidence parse_evidence(std::string_view text) {
  if (text == "affinity") return Evidence::affinity;
  if (text == "timing") return Evidence::timing;
  throw InvalidArgument("evidence: '" + std::string(text.substr(0, 40)) +
                        "' is not a kind of evidence; write \"affinity\" (A-buyers buy B later "
                        "more than such visits do) or \"timing\" (the same customer buys B after "
                        "A more than before)");
}

std::span<const std::string_view> grade_labels() noexcept {
  static constexpr std::array<std::string_view, 4> labels{"proven", "likely", "watch", "none"};
  return labels;
}

std::vector<Column> BoughtNext::columns() const {
  std::vector<Column> all;
  all.emplace_back("grade", grade, grade_labels(), "how far the pair may be trusted");
  if (groups) all.emplace_back("group", group, *groups, "value of the column split by");
  if (items) {
    const Column a("antecedent", antecedent, *items, "bought first: id");
    const Column b("consequent", consequent, *items, "bought on a later day: id");
    all.push_back(a.hidden());
    all.push_back(b.hidden());
    all.emplace_back("antecedent_name", antecedent_name, "bought first");
    all.emplace_back("consequent_name", consequent_name, "bought on a later day");
  }
  all.emplace_back("p_within", p_within,
                   "share of those at risk who buy the consequent within the window, Kaplan-Meier");
  all.emplace_back("p_within_low", p_within_low, "its lower limit");
  all.emplace_back("p_within_high", p_within_high, "its upper limit");
  all.emplace_back("usual", usual, "share expected of the same people with the same visits");
  all.emplace_back("n", n, "customers at risk: without the consequent up to that day");
  all.emplace_back(
      Column("status", status, status_labels(), "what stands behind p_within").hidden());
  all.emplace_back("excess", excess, "buyers of the consequent above the usual ones, so far");
  all.emplace_back("excess_low", excess_low, "its lower limit, clustered by customer");
  all.emplace_back("excess_high", excess_high, "its upper limit");
  all.emplace_back("median_days", median_days, "days to the consequent, of those who buy it");
  all.emplace_back("q_value", q_value, "affinity: false-discovery rate over all testable pairs");
  all.emplace_back("timing_q", timing_q, "timing: the same; missing if not testable");
  all.emplace_back("same_family", same_family, "whether the two are variants of one product");
  const auto hidden = [&](Column column) { all.push_back(column.hidden()); };
  hidden({"events", events, "customers at risk who first bought the consequent in the window"});
  hidden({"n_followed", n_followed, "customers at risk observed for the whole window"});
  hidden({"n_antecedent", n_antecedent, "customers with a first purchase of the antecedent"});
  hidden({"same_day", same_day, "of them, with the consequent on the same day"});
  hidden({"naive_buyers", naive_buyers, "of them, with any consequent within the window"});
  hidden({"naive_confidence", naive_confidence, "their share; too low where few are followed yet"});
  hidden({"visits", visits, "visits in the window that have the consequent"});
  hidden({"expected_visits", expected_visits, "visits expected to have it, by size and month"});
  hidden({"p_value", p_value, "affinity, one-sided; missing if not testable"});
  hidden({"timing_p", timing_p, "timing, one-sided; missing if not testable"});
  hidden({"timing_mid_p", timing_mid_p, "timing by the exact law with half the observed mass"});
  hidden(
      {"odds_ratio", odds_ratio, "odds of the consequent after against before, within customer"});
  hidden({"odds_ratio_low", odds_ratio_low, "its lower profile limit"});
  hidden({"odds_ratio_high", odds_ratio_high, "its upper profile limit"});
  hidden({"odds_ratio_n", odds_ratio_n, "customers that inform it"});
  all.push_back(Column("odds_ratio_status", odds_ratio_status, status_labels(),
                       "what stands behind odds_ratio")
                    .hidden());
  hidden({"customer_share", customer_share, "largest share of one customer in the excess"});
  if (items) {
    hidden({"n_open", n_open, "customers whose window is open, without the consequent"});
    hidden({"expected_open", expected_open, "of them, who would still buy it as others did"});
    hidden({"spend", spend, "mean net amount paid for the consequent per visit"});
  }
  return all;
}

std::vector<Scalar> BoughtNext::info() const {
  std::vector<Scalar> all{
      {"window", data::to_string(window), "the consequent counts on the days (a, a + window]"},
      {"washout", data::to_string(washout), "days of data before a first purchase counts"},
      {"evidence", std::string(evidence == Evidence::affinity ? "affinity" : "timing"),
       "what decides the grade"},
      {"fdr", fdr, "false-discovery rate of grade proven"},
      {"level", level, "confidence of the intervals"},
      {"n_first_purchases", n_first_purchases, "first purchases that count, of all antecedents"},
      {"n_first_purchases_followed", n_first_purchases_followed,
       "of them, observed for the whole window"},
      {"window_status", std::string(status_labels()[static_cast<std::size_t>(window_status)]),
       "small_sample: under half are; extrapolated: none, shares are lower bounds"},
      {"n_customers", n_customers, "customers with purchases"},
      {"n_visits", n_visits, "their distinct days"},
      {"n_purchases", n_purchases, "distinct customer, day and item"},
      {"n_pairs_possible", n_pairs_possible, "antecedents with enough buyers times other items"},
      {"n_testable", n_testable, "pairs with enough expected visits: q-values are over these"},
      {"n_untestable", n_untestable, "the other possible pairs"},
      {"n_timing_testable", n_timing_testable, "pairs with enough information on timing"},
      {"n_hanging_on_one_customer", n_hanging_on_one_customer, "pairs not listed for it"},
      {"n_left_out", n_left_out, "pairs of variants that same_family left out"},
      {"n_discoveries", n_discoveries, "pairs with affinity q at most fdr, listed or not"},
      {"n_proven", n_proven, "listed pairs of grade proven"},
      {"n_likely", n_likely, "listed pairs of grade likely"},
      {"share_below_05", share_below_05, "of testable pairs, with affinity p below .05"},
      {"timing_discoveries", timing_discoveries, "pairs with timing q at most fdr, listed or not"},
      {"placebo_discoveries", placebo_discoveries, "the same with random index visits"},
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
    all.push_back({"check_found", check->n_found, "pairs proven in the first part"});
    all.push_back({"check_testable", check->n_testable, "of them, testable in the rest"});
    all.push_back({"check_confirmed", check->n_confirmed, "of them, with p below .05 in the rest"});
    all.push_back({"check_ratio", check->ratio, "their observed over expected visits in the rest"});
    all.push_back({"check_ratio_all", check->ratio_all, "the same over all testable pairs"});
  }
  return all;
}

}  // namespace emptor::mining
