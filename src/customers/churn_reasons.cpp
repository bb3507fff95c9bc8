#include "customers/churn_reasons.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kReasons = 3;
constexpr std::size_t kBlock = 1024;
// Fewer held-out cases than this leave a band wide.
constexpr std::int64_t kFewHeldOut = 200;

/// The columns of a term, by position in the model's schema.
std::array<std::int32_t, 2> columns_of(const learn::Classifier& classifier, std::size_t term) {
  if (classifier.model != learn::ClassifierKind::additive)
    return {static_cast<std::int32_t>(term), -1};
  const learn::AdditiveTerm& t = classifier.additive.terms[term];
  return {t.first, t.second};
}

/// The largest contributions of a row, by size.
std::array<std::size_t, kReasons> largest(std::span<const double> contribution) {
  std::array<std::size_t, kReasons> best;
  best.fill(contribution.size());
  for (std::size_t t = 0; t < contribution.size(); ++t) {
    std::size_t candidate = t;
    for (std::size_t& place : best) {
      if (place == contribution.size()) {
        std::swap(place, candidate);
        break;
      }
      if (std::fabs(contribution[candidate]) > std::fabs(contribution[place]))
        std::swap(place, candidate);
    }
  }
  return best;
}

}  // namespace

std::string value_text(const learn::Feature& feature, std::size_t row) {
  if (feature.is_category())
    return feature.code[row] < 0 ? "missing" : feature.categories->to_string(feature.code[row]);
  if (std::isnan(feature.number[row])) return "missing";
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, feature.number[row],
                                 std::chars_format::general, 4);
  std::string text(buffer, end.ptr);
  // Four digits are enough, but an exponent is not what people read where digits fit.
  if (text.find('e') != std::string::npos && std::fabs(feature.number[row]) < 1e15)
    text = std::to_string(std::llround(feature.number[row]));
  return text;
}

learn::ClassifierOptions classifier_options(const ChurnOptions& options,
                                            std::span<const learn::Feature> features) {
  learn::ClassifierOptions result;
  result.model = options.model;
  result.back_end = options.back_end;
  result.calibration = options.calibration;
  result.metrics.level = options.level;
  result.metrics.customer_value = options.customer_value;
  result.metrics.incentive_cost = options.incentive_cost;
  result.metrics.contact_cost = options.contact_cost;
  result.additive.seed = options.seed;
  result.additive.max_pairs = options.max_pairs;
  result.logistic.penalty = options.penalty;
  result.logistic.level = options.level;
  if (options.monotone.empty()) return result;
  result.additive.monotone.assign(features.size(), 0);
  for (const auto& [name, direction] : options.monotone) {
    std::size_t f = 0;
    while (f < features.size() && features[f].name != name) ++f;
    if (f == features.size() || features[f].is_category())
      throw InvalidArgument("churn: monotone names '" + name.substr(0, 40) +
                            "', which is not a column of numbers to learn from");
    result.additive.monotone[f] = direction;
  }
  return result;
}

std::vector<double> value_of_rows(const ChurnOptions& options,
                                  std::span<const learn::Feature> features) {
  if (options.value.empty()) return {};
  for (const learn::Feature& feature : features) {
    if (feature.name != options.value || feature.is_category()) continue;
    for (std::size_t i = 0; i < feature.size(); ++i)
      if (std::isnan(feature.number[i]))
        throw DataError("churn: value names column '" + options.value.substr(0, 40) +
                        "', which is missing in row " + std::to_string(i) +
                        "; say what keeping that customer is worth");
    return {feature.number.begin(), feature.number.end()};
  }
  std::string numbers;
  for (const learn::Feature& feature : features)
    if (!feature.is_category())
      numbers += (numbers.empty() ? "" : ", ") + std::string(feature.name);
  throw InvalidArgument("churn: value names '" + options.value.substr(0, 40) +
                        "', which is not a column of numbers" +
                        (numbers.empty() ? "" : "; those are " + numbers));
}

ChurnScores score_rows(const ChurnFit& fit, std::span<const learn::Feature> features,
                       std::size_t rows, const Context& context) {
  const std::vector<learn::FeatureInfo> schema = fit.classifier.schema();
  const learn::MatchedFeatures given = learn::match(schema, features, "churn_scores");
  const learn::ClassifierScores scores = learn::classify(fit.classifier, features, true, context);
  ChurnScores result;
  result.diff = given.diff.to_string();
  const bool known = fit.classifier.status != Status::not_enough_data;
  result.probability = known ? scores.probability : std::vector<double>(rows, kNaN);
  result.probability_low = known ? scores.low : std::vector<double>(rows, kNaN);
  result.probability_high = known ? scores.high : std::vector<double>(rows, kNaN);
  result.probability.resize(rows, kNaN);
  result.probability_low.resize(rows, kNaN);
  result.probability_high.resize(rows, kNaN);
  result.n.assign(rows, fit.classifier.venn_abers.n);
  Status status = fit.classifier.status;
  if (status == Status::ok && fit.classifier.venn_abers.n < kFewHeldOut)
    status = Status::small_sample;
  result.status.assign(rows, status);
  const std::vector<std::string> terms = fit.classifier.terms();
  for (std::size_t r = 0; r < kReasons; ++r) {
    result.reason_code[r].resize(rows);
    result.reason_value[r].resize(rows);
    result.reason_effect[r].assign(rows, kNaN);
  }
  if (!known || scores.terms == 0) return result;
  core::parallel_ranges(context, rows, kBlock, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      const auto part = std::span(scores.contribution).subspan(i * scores.terms, scores.terms);
      const auto best = largest(part);
      for (std::size_t r = 0; r < kReasons; ++r) {
        if (best[r] == part.size() || part[best[r]] == 0) continue;
        const auto columns = columns_of(fit.classifier, best[r]);
        result.reason_code[r][i] = terms[best[r]];
        result.reason_effect[r][i] = part[best[r]];
        std::string& value = result.reason_value[r][i];
        value = value_text(given.features[static_cast<std::size_t>(columns[0])], i);
        if (columns[1] >= 0)
          value += ", " + value_text(given.features[static_cast<std::size_t>(columns[1])], i);
      }
    }
  });
  return result;
}

}  // namespace emptor::customers
