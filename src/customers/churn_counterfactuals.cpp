#include "emptor/customers/churn_counterfactuals.hpp"

#include "emptor/core/error.hpp"
#include "emptor/learn/counterfactuals.hpp"

#include "customers/churn_reasons.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <span>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kFarLogOdds = 40;  // probabilities beyond are 0 and 1
constexpr const char* kName = "churn_counterfactuals";

std::string number_text(double value) {
  char buffer[32];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::general, 6);
  return {buffer, end.ptr};
}

double probability_of(const learn::Calibration& calibration, double log_odds) {
  return learn::calibrate(calibration, std::span(&log_odds, 1)).front();
}

/// The highest log-odds whose probability is not above the threshold; -inf if there are none.
double target_of(const learn::Calibration& calibration, double threshold) {
  double low = -kFarLogOdds, high = kFarLogOdds;
  // A calibration that falls says that the scores rank the wrong way round: nothing to go by.
  if (probability_of(calibration, low) > threshold ||
      probability_of(calibration, high) < probability_of(calibration, low))
    return -std::numeric_limits<double>::infinity();
  if (probability_of(calibration, high) <= threshold) return high;
  for (int step = 0; step < 100; ++step) {
    const double middle = low + (high - low) / 2;
    (probability_of(calibration, middle) <= threshold ? low : high) = middle;
  }
  return low;
}

std::size_t place_of(const learn::AdditiveModel& model, const std::string& name,
                     const char* argument) {
  std::string names;
  for (std::size_t f = 0; f < model.features.size(); ++f) {
    if (model.features[f].info.name == name) return f;
    names += (names.empty() ? "" : ", ") + model.features[f].info.name;
  }
  throw InvalidArgument(std::string(kName) + ": " + argument + " names '" + name.substr(0, 40) +
                        "', which is not a column of the model; it has " + names);
}

learn::CounterfactualOptions options_of(const ChurnFit& fit,
                                        const ChurnCounterfactualsOptions& options,
                                        double threshold) {
  const learn::AdditiveModel& model = fit.classifier.additive;
  learn::CounterfactualOptions result;
  result.target = target_of(fit.classifier.calibration, threshold);
  result.max_changes = options.max_changes;
  result.movement.assign(model.features.size(), learn::Movement::any);
  for (const auto& [name, direction] : options.directions) {
    const std::size_t f = place_of(model, name, "directions");
    if (model.features[f].info.category || (direction != 1 && direction != -1))
      throw InvalidArgument(std::string(kName) + ": directions of '" + name.substr(0, 40) +
                            "' must be 1 (up) or -1 (down), of a column of numbers");
    result.movement[f] = direction == 1 ? learn::Movement::up : learn::Movement::down;
  }
  for (const std::string& name : options.fixed)
    result.movement[place_of(model, name, "fixed")] = learn::Movement::fixed;
  return result;
}

/// "at most 3.5", "above 24", or a category; `low` says that the number goes down.
std::string bin_text(const learn::FeatureBins& feature, std::size_t bin, bool down) {
  if (feature.info.category) return feature.info.levels[bin - 1];
  return down ? "at most " + number_text(feature.cuts[bin - 1])
              : "above " + number_text(feature.cuts[bin - 2]);
}

/// Whether a number lies above the bin.
bool above(const learn::FeatureBins& feature, std::size_t bin, double number) {
  return bin - 1 < feature.cuts.size() && number > feature.cuts[bin - 1];
}

double threshold_of(const ChurnFit& fit, const ChurnCounterfactualsOptions& options) {
  if (fit.classifier.model != learn::ClassifierKind::additive)
    throw InvalidArgument(std::string(kName) +
                          ": only the additive model can be searched; fit "
                          "with model=\"additive\"");
  if (!(options.threshold >= 0 && options.threshold < 1))
    throw InvalidArgument(std::string(kName) +
                          ": threshold must lie between 0 and 1, as 0.2; 0 is the share who left");
  if (options.threshold > 0) return options.threshold;
  return static_cast<double>(fit.classifier.n_events) / static_cast<double>(fit.classifier.n);
}

/// Rows are those of `features`; ids are left to the caller, who is given the rows by number.
ChurnCounterfactuals of_rows(const ChurnFit& fit, std::span<const learn::Feature> features,
                             const ChurnCounterfactualsOptions& options, const Context& context) {
  const double threshold = threshold_of(fit, options);
  const learn::AdditiveModel& model = fit.classifier.additive;
  const auto given = learn::match(fit.classifier.schema(), features, kName);
  const learn::Counterfactuals found =
      learn::counterfactuals(model, features, options_of(fit, options, threshold), context);
  const auto now = learn::calibrate(fit.classifier.calibration, found.log_odds);
  std::vector<double> log_odds_after = found.log_odds_after;
  for (double& z : log_odds_after)
    if (std::isnan(z)) z = 0;  // not read
  const auto after = learn::calibrate(fit.classifier.calibration, log_odds_after);
  ChurnCounterfactuals result;
  result.threshold = threshold;
  result.diff = given.diff.to_string();
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (now[i] <= threshold) {
      ++result.n_below;
      continue;
    }
    result.customer.push_back(static_cast<std::int32_t>(i));
    result.probability.push_back(now[i]);
    const bool there = found.status[i] == Status::ok;
    result.probability_after.push_back(there ? after[i] : kNaN);
    result.changes.push_back(static_cast<std::int64_t>(found.change[i].size()));
    result.size.push_back(found.size[i]);
    result.status.push_back(found.status[i]);
    for (std::size_t k = 0; k < 3; ++k) {
      const bool has = k < found.change[i].size();
      const auto f = has ? static_cast<std::size_t>(found.change[i][k].feature) : 0;
      const auto bin = has ? static_cast<std::size_t>(found.change[i][k].bin) : 0;
      const bool down = has && !model.features[f].info.category &&
                        above(model.features[f], bin, given.features[f].number[i]);
      result.change_code[k].push_back(has ? model.features[f].info.name : "");
      result.change_from[k].push_back(has ? value_text(given.features[f], i) : "");
      result.change_to[k].push_back(has ? bin_text(model.features[f], bin, down) : "");
    }
  }
  return result;
}

/// Puts the codes of customers in place of row numbers.
void put_ids(ChurnCounterfactuals& result, const std::vector<std::int32_t>& customer,
             std::shared_ptr<const Dictionary> ids) {
  for (std::int32_t& row : result.customer) row = customer[static_cast<std::size_t>(row)];
  result.ids = std::move(ids);
}

}  // namespace

ChurnCounterfactuals churn_counterfactuals(const ChurnFit& fit, const data::Sales& sales,
                                           const ChurnCounterfactualsOptions& options,
                                           const Context& context) {
  if (!fit.of_sales)
    throw InvalidArgument(std::string(kName) +
                          ": this model was fitted on a table; give it a table");
  const ChurnFeatures known = churn_features(sales, {}, context);
  ChurnCounterfactuals result = of_rows(fit, known.features(), options, context);
  put_ids(result, known.customer, known.ids);
  for (const std::int32_t customer : result.customer)
    result.name.push_back(sales.customers().label(customer));
  return result;
}

ChurnCounterfactuals churn_counterfactuals(const ChurnFit& fit, const data::InputTable& table,
                                           const ChurnCounterfactualsOptions& options,
                                           const Context& context) {
  const TableRows rows = table_rows(fit, table, kName, context);
  ChurnCounterfactuals result = of_rows(fit, rows.features(), options, context);
  put_ids(result, rows.customer, rows.ids);
  for (const std::int32_t customer : result.customer)
    result.name.push_back(result.ids->to_string(customer));
  return result;
}

std::vector<Column> ChurnCounterfactuals::columns() const {
  static constexpr std::string_view kCode[3]{"change_1", "change_2", "change_3"};
  static constexpr std::string_view kFrom[3]{"change_1_from", "change_2_from", "change_3_from"};
  static constexpr std::string_view kTo[3]{"change_1_to", "change_2_to", "change_3_to"};
  std::vector<Column> all{
      {"customer", customer, *ids, "customer id"},
      Column("name", name, "customer name, or else the id").hidden(),
      {"probability", probability, "of leaving, calibrated"},
      {"probability_after", probability_after, "with the changes; missing if none gets there"},
      {"changes", changes, "columns that would have to be otherwise"},
      Column("size", size, "sum over columns: share of customers that are passed by").hidden(),
      Column("status", status, status_labels(), "undefined: no change gets there").hidden()};
  for (std::size_t k = 0; k < 3; ++k) {
    all.push_back(Column(kCode[k], change_code[k], "column that would have to differ").hidden());
    all.push_back(Column(kFrom[k], change_from[k], "what the customer has there").hidden());
    all.push_back(Column(kTo[k], change_to[k], "what would do").hidden());
  }
  return all;
}

std::vector<Scalar> ChurnCounterfactuals::info() const {
  return {{"n", static_cast<std::int64_t>(customer.size()), "customers above the threshold"},
          {"n_below", n_below, "customers at or below it"},
          {"threshold", threshold, "the probability to come down to"},
          {"diff", diff, "how the table differs from that of the fit"}};
}

}  // namespace emptor::customers
