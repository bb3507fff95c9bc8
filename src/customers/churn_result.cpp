#include "emptor/core/error.hpp"
#include "emptor/customers/churn.hpp"

#include <charconv>
#include <cmath>
#include <limits>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::string number_text(double value) {
  char buffer[32];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::general, 6);
  return {buffer, end.ptr};
}

/// "up to 2", "2 to 5", "above 60".
std::string range_text(double from, double to) {
  if (std::isnan(from) && std::isnan(to)) return "any";
  if (std::isnan(from)) return "up to " + number_text(to);
  if (std::isnan(to)) return "above " + number_text(from);
  return number_text(from) + " to " + number_text(to);
}

}  // namespace

ChurnTerm churn_term(const ChurnFit& fit, const std::string& column) {
  if (fit.options.model != learn::ClassifierKind::additive)
    throw InvalidArgument("churn_term: only the additive model has curves; see the coefficients");
  const learn::AdditiveModel& model = fit.classifier.additive;
  std::size_t f = 0;
  while (f < model.features.size() && model.features[f].info.name != column) ++f;
  if (f == model.features.size()) {
    std::string names;
    for (const auto& feature : model.features)
      names += (names.empty() ? "" : ", ") + feature.info.name;
    throw InvalidArgument("churn_term: the model has no column '" + column.substr(0, 40) +
                          "'; it has " + names);
  }
  const learn::FeatureBins& bins = model.features[f];
  const learn::AdditiveTerm& term = model.terms[f];
  ChurnTerm result;
  for (std::size_t b = 0; b < bins.bins(); ++b) {
    // Nothing is known of bins without rows: missing values that never were.
    if (term.weight[b] <= 0) continue;
    double from = kNaN, to = kNaN;
    if (!bins.info.category && b > 0) {
      from = b > 1 ? bins.cuts[b - 2] : kNaN;
      to = b - 1 < bins.cuts.size() ? bins.cuts[b - 1] : kNaN;
    }
    result.value.push_back(b == 0               ? "missing"
                           : bins.info.category ? bins.info.levels[b - 1]
                                                : range_text(from, to));
    result.from.push_back(from);
    result.to.push_back(to);
    result.effect.push_back(term.score[b]);
    result.odds_ratio.push_back(std::exp(term.score[b]));
    result.n.push_back(std::llround(term.weight[b]));
  }
  return result;
}

std::vector<Column> ChurnTerm::columns() const {
  return {{"value", value, "a level, missing, or the numbers of a bin"},
          Column("from", from, "numbers above this").hidden(),
          Column("to", to, "up to this").hidden(),
          {"effect", effect, "added to the log-odds; 0 on average"},
          {"odds_ratio", odds_ratio, "odds against the average of the fit"},
          {"n", n, "rows of the fit"}};
}

std::vector<Scalar> ChurnTerm::info() const { return {}; }

std::vector<Column> ChurnScores::columns() const {
  static constexpr std::string_view kCode[3]{"reason_1", "reason_2", "reason_3"};
  static constexpr std::string_view kValue[3]{"reason_1_value", "reason_2_value", "reason_3_value"};
  static constexpr std::string_view kEffect[3]{"reason_1_effect", "reason_2_effect",
                                               "reason_3_effect"};
  std::vector<Column> all{
      {"customer", customer, *ids, "customer id"},
      Column("name", name, "customer name, or else the id").hidden(),
      {"probability", probability, "of leaving, calibrated"},
      {"probability_low", probability_low, "lower of the two probabilities of Venn-Abers"},
      {"probability_high", probability_high, "higher of the two"},
      Column("n", n, "held-out cases behind the band").hidden(),
      Column("status", status, status_labels(), "of the probability").hidden()};
  for (std::size_t r = 0; r < 3; ++r) {
    all.push_back(Column(kCode[r], reason_code[r], "column or pair that moves the odds").hidden());
    all.push_back(Column(kValue[r], reason_value[r], "what the customer has there").hidden());
    all.push_back(Column(kEffect[r], reason_effect[r], "added to the log-odds").hidden());
  }
  return all;
}

std::vector<Scalar> ChurnScores::info() const {
  return {{"n", static_cast<std::int64_t>(customer.size()), "customers"},
          {"moment", moment, "the day up to which everything is known; empty for a table"},
          {"diff", diff, "how the table differs from that of the fit"}};
}

std::vector<Column> ChurnFit::columns() const {
  return {
      Column::dates("snapshot", snapshot, "day customers were looked at"),
      {"customers", snapshot_customers, "active on that day"},
      {"share", snapshot_share, "of them who bought nothing in the horizon after it"},
      {"tried", snapshot_tried, "whether their outcomes were forecast by models of earlier ones"}};
}

std::vector<Scalar> ChurnFit::info() const {
  std::int64_t tried = 0;
  for (const std::uint8_t t : snapshot_tried) tried += t;
  const learn::MaximumProfit& profit = classifier.profit;
  return {
      {"model", classifier.name(), "additive, logistic, or the library that learnt"},
      {"time_ordered", of_sales,
       "metrics come from later times; else later performance is not known"},
      {"n", classifier.n, "rows learnt from"},
      {"n_events", classifier.n_events, "... who left"},
      {"n_tried", classifier.metrics.n, "rows the metrics rest on"},
      {"folds", classifier.folds, "models behind the metrics"},
      {"snapshots", static_cast<std::int64_t>(snapshot.size()), "days customers were looked at"},
      {"snapshots_tried", tried, "... whose outcomes were forecast"},
      {"horizon", of_sales ? data::to_string(options.horizon) : std::string(),
       "time without a purchase that counts as leaving"},
      {"calibration",
       std::string(
           learn::calibration_labels()[static_cast<std::size_t>(classifier.calibration.kind)]),
       "how scores became probabilities"},
      {"expected_maximum_profit", profit.expected, "EMPC, per customer, of a retention offer"},
      {"contacted_fraction", profit.expected_fraction, "share of customers it contacts"},
      {"value", options.value, "column of what keeping a customer is worth; empty: all the same"},
      {"status", std::string(status_labels()[static_cast<std::size_t>(classifier.status)]),
       "of the fit"}};
}

}  // namespace emptor::customers
