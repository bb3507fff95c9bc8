#include "emptor/learn/back_end.hpp"

#include "emptor/core/error.hpp"
#include "emptor/learn/validation.hpp"

#include "core/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace emptor::learn {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kParts = 7;                      // one of these parts of the rows is set aside
constexpr std::size_t kImportanceRows = 2000;  // explaining is slower than scoring

/// The table of a match, of all rows or of those named.
PlainMatrix plain(const MatchedFeatures& given, std::span<const FeatureInfo> info,
                  const std::vector<std::size_t>& rows) {
  PlainMatrix table;
  table.rows = rows.size();
  for (const FeatureInfo& feature : info) {
    table.name.push_back(feature.name);
    table.category.push_back(feature.category ? 1 : 0);
    table.levels.push_back(static_cast<std::int64_t>(feature.levels.size()));
  }
  const std::size_t width = info.size();
  table.value.resize(rows.size() * width);
  for (std::size_t f = 0; f < width; ++f) {
    for (std::size_t k = 0; k < rows.size(); ++k) {
      double value = 0;
      if (info[f].category) {
        const std::int32_t level = given.level_of(f, rows[k]);
        value = level < 0 ? kNaN : level;
      } else {
        value = given.features[f].number[rows[k]];
      }
      table.value[k * width + f] = value;
    }
  }
  return table;
}

std::vector<std::size_t> all_rows(std::size_t n) {
  std::vector<std::size_t> rows(n);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

std::vector<std::uint64_t> keys_of(const TrainingView& view) {
  if (!view.key.empty()) return {view.key.begin(), view.key.end()};
  std::vector<std::uint64_t> key(view.rows());
  std::iota(key.begin(), key.end(), std::uint64_t{0});
  return key;
}

ModelScores scored(const BackEndModel& model, const PlainMatrix& table, bool contributions,
                   const Context& context) {
  ModelScores scores = model.back_end->score(model.bytes, table, contributions, context);
  scores.terms = table.columns();
  const std::size_t wanted = contributions ? table.rows * table.columns() : 0;
  if (scores.log_odds.size() != table.rows || scores.contribution.size() != wanted)
    throw Error(
        "back_end_scores: " + model.name + " gave " + std::to_string(scores.log_odds.size()) +
        " scores and " + std::to_string(scores.contribution.size()) + " contributions for " +
        std::to_string(table.rows) + " rows of " + std::to_string(table.columns()) + " columns");
  for (const double z : scores.log_odds)
    if (!std::isfinite(z))
      throw Error("back_end_scores: " + model.name +
                  " gave scores that are "
                  "not finite");
  return scores;
}

/// Rows whose contributions stand for all: those of the lowest hashes of their keys.
std::vector<std::size_t> sample(const std::vector<std::uint64_t>& key) {
  std::vector<std::size_t> rows = all_rows(key.size());
  if (rows.size() <= kImportanceRows) return rows;
  const auto hash = [&](std::size_t i) { return core::hash_integer(key[i]); };
  std::nth_element(
      rows.begin(), rows.begin() + kImportanceRows, rows.end(),
      [&](std::size_t a, std::size_t b) { return std::pair(hash(a), a) < std::pair(hash(b), b); });
  rows.resize(kImportanceRows);
  std::sort(rows.begin(), rows.end());
  return rows;
}

std::vector<double> importance_of(const BackEndModel& model, const MatchedFeatures& given,
                                  const std::vector<std::uint64_t>& key, const Context& context) {
  const std::vector<std::size_t> rows = sample(key);
  const PlainMatrix table = plain(given, model.features, rows);
  const ModelScores scores = scored(model, table, true, context);
  std::vector<double> importance(table.columns());
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t f = 0; f < importance.size(); ++f)
      importance[f] += std::fabs(scores.contribution[i * importance.size() + f]);
  for (double& one : importance) one /= static_cast<double>(rows.size());
  return importance;
}

}  // namespace

BackEndModel fit_back_end(const TrainingView& view, std::shared_ptr<const BackEnd> back_end,
                          std::uint64_t seed, bool importance, const Context& context) {
  check(view, "fit_back_end");
  if (!back_end) throw InvalidArgument("fit_back_end: back_end is missing");
  BackEndModel model;
  model.name = back_end->name();
  model.back_end = std::move(back_end);
  model.features = remember(view.features);
  model.n = static_cast<std::int64_t>(view.rows());
  for (const std::uint8_t y : view.outcome) model.n_events += y;
  for (const FeatureInfo& feature : model.features) model.term.push_back(feature.name);
  model.importance.assign(model.features.size(), importance ? 0.0 : kNaN);
  if (model.n_events == 0 || model.n_events == model.n || model.features.empty()) {
    model.status = Status::not_enough_data;
    const auto events = static_cast<double>(model.n_events);
    model.intercept = std::log((events + 0.5) / (static_cast<double>(model.n) - events + 0.5));
    return model;
  }
  const MatchedFeatures given = match(model.features, view.features, "fit_back_end");
  const std::vector<std::uint64_t> key = keys_of(view);
  BackEndRows rows;
  rows.table = plain(given, model.features, all_rows(view.rows()));
  rows.outcome.assign(view.outcome.begin(), view.outcome.end());
  rows.weight.assign(view.weight.begin(), view.weight.end());
  rows.set_aside.assign(view.rows(), 0);
  const std::vector<Fold> parts = grouped_folds(key, kParts, seed);
  for (const std::size_t i : parts.front().test) rows.set_aside[i] = 1;
  model.bytes = model.back_end->fit(rows, context);
  if (importance) model.importance = importance_of(model, given, key, context);
  return model;
}

ModelScores back_end_scores(const BackEndModel& model, std::span<const Feature> features,
                            bool contributions, const Context& context) {
  const MatchedFeatures given = match(model.features, features, "back_end_scores");
  const std::size_t rows = features.empty() ? 0 : features.front().size();
  ModelScores scores;
  if (model.status == Status::not_enough_data || rows == 0) {
    scores.log_odds.assign(rows, model.intercept);
    scores.terms = model.features.size();
    if (contributions) scores.contribution.assign(rows * scores.terms, 0.0);
  } else {
    if (!model.back_end)
      throw InvalidArgument("back_end_scores: the model is one of " + model.name +
                            "; set its back_end first");
    scores = scored(model, plain(given, model.features, all_rows(rows)), contributions, context);
  }
  scores.diff = given.diff;
  return scores;
}

std::vector<Column> BackEndModel::columns() const {
  return {{"term", term, "a column"},
          {"importance", importance, "mean size of what it adds to the log-odds"}};
}

std::vector<Scalar> BackEndModel::info() const {
  return {{"n", n, "rows of the fit"},
          {"n_events", n_events, "... with the event"},
          {"back_end", name, "the library that learnt"},
          {"status", std::string(status_labels()[static_cast<std::size_t>(status)]), "of the fit"}};
}

}  // namespace emptor::learn
