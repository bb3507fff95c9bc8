#include "emptor/learn/additive_model.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "core/random.hpp"
#include "learn/boost_kernels.hpp"
#include "learn/boost_steps.hpp"
#include "learn/boosted_bag.hpp"
#include "learn/purify.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

namespace emptor::learn {
namespace {

constexpr std::size_t kScreenRows = 200000;
constexpr std::size_t kRowsOfBags = 100000;
constexpr std::int64_t kFew = 50;  // events or others under which the status is small_sample

void check(const AdditiveOptions& options, std::size_t features) {
  const auto fail = [](const std::string& what) {
    throw InvalidArgument("additive_model: " + what);
  };
  if (options.max_bins < 2 || options.max_bins > 255) fail("max_bins must be 2 to 255");
  if (options.max_leaves < 2) fail("max_leaves must be 2 or more");
  if (options.max_pairs < 0) fail("max_pairs must be 0 or more");
  if (options.max_rounds < 1) fail("max_rounds must be 1 or more");
  if (!(options.learning_rate > 0 && options.learning_rate <= 1))
    fail("learning_rate must lie in (0, 1], as 0.1");
  if (!(options.penalty > 0)) fail("penalty must be above 0");
  if (!(options.min_leaf >= 0)) fail("min_leaf must be 0 or more");
  if (!(options.min_gain >= 0)) fail("min_gain must be 0 or more");
  if (!(options.validation > 0 && options.validation < 1))
    fail("validation must lie between 0 and 1, as 0.15");
  if (options.patience < 1) fail("patience must be 1 or more");
  if (options.bags < 0) fail("bags must be 0 (chosen by the number of rows) or more");
  if (!options.monotone.empty() && options.monotone.size() != features)
    fail("monotone has " + std::to_string(options.monotone.size()) +
         " values; give one per column, " + std::to_string(features));
  for (const int direction : options.monotone)
    if (direction < -1 || direction > 1) fail("monotone must be 1, -1 or 0 for each column");
}

std::size_t bags_of(const AdditiveOptions& options, std::size_t rows) {
  if (options.bags > 0) return static_cast<std::size_t>(options.bags);
  return std::clamp<std::size_t>(kRowsOfBags / std::max<std::size_t>(rows, 1), 1, 16);
}

void check_memory(const Context& context, std::size_t rows, std::size_t columns, std::size_t bags) {
  // Bins once, and of every bag bins, outcome, weight and score; sorting a sample of numbers.
  const std::size_t bytes = rows * columns + bags * rows * (columns + 16) + (4U << 20U);
  if (context.memory_limit > 0 && bytes > context.memory_limit)
    throw MemoryLimit("additive_model: needs about " + std::to_string(bytes) +
                      " bytes, memory_limit is " + std::to_string(context.memory_limit) +
                      "; raise it, or take fewer bags or columns");
}

/// Rows by bin of one column or of one pair's cells.
std::vector<double> weights_of(std::span<const std::uint8_t> bin, std::span<const double> weight,
                               std::size_t bins) {
  std::vector<double> sums(bins, 0.0);
  for (std::size_t i = 0; i < bin.size(); ++i) sums[bin[i]] += weight.empty() ? 1.0 : weight[i];
  return sums;
}

/// The cells that bins have in pairs: numbers into 15 of about equal weight, categories one each,
/// the rarest together with missing.
void set_cells(FeatureBins& feature, const std::vector<double>& weight) {
  const std::size_t bins = feature.bins();
  feature.cell.assign(bins, 0);
  if (!feature.info.category) {
    double total = 0;
    for (std::size_t b = 1; b < bins; ++b) total += weight[b];
    double below = 0;
    for (std::size_t b = 1; b < bins; ++b) {
      const double middle = (below + 0.5 * weight[b]) / std::max(total, 1e-300);
      const std::size_t cell =
          bins <= kCells ? b : 1 + static_cast<std::size_t>(middle * (kCells - 1));
      feature.cell[b] = static_cast<std::uint8_t>(std::min(cell, kCells - 1));
      below += weight[b];
    }
    return;
  }
  std::vector<std::size_t> order(bins - 1);
  std::iota(order.begin(), order.end(), std::size_t{1});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return weight[a] > weight[b]; });
  for (std::size_t i = 0; i < std::min(order.size(), kCells - 1); ++i)
    feature.cell[order[i]] = static_cast<std::uint8_t>(i + 1);
}

std::vector<std::uint8_t> cells_of(const FeatureBins& a, const FeatureBins& b,
                                   std::span<const std::uint8_t> first,
                                   std::span<const std::uint8_t> second) {
  std::vector<std::uint8_t> cells(first.size());
  for (std::size_t i = 0; i < cells.size(); ++i)
    cells[i] = static_cast<std::uint8_t>(kCells * a.cell[first[i]] + b.cell[second[i]]);
  return cells;
}

struct Candidate {
  double gain = 0;
  std::int32_t first = 0, second = 0;
};

/// The pairs that would gain most on top of the single columns, by one step each (FAST of Lou et
/// al. 2013, with gradients of the log-likelihood).
std::vector<Candidate> best_pairs(const AdditiveModel& model, std::span<const std::uint8_t> bins,
                                  std::span<const float> score, const std::vector<float>& outcome,
                                  const std::vector<float>& weight, const AdditiveOptions& options,
                                  const Context& context) {
  const std::size_t rows = outcome.size();
  // At most a sample of evenly spread rows.
  const std::size_t stride = (rows + kScreenRows - 1) / kScreenRows;
  std::vector<std::size_t> row;
  for (std::size_t i = 0; i < rows; i += stride) row.push_back(i);
  std::vector<double> gradient(row.size()), curvature(row.size());
  for (std::size_t k = 0; k < row.size(); ++k) {
    const std::size_t i = row[k];
    const double p = 1 / (1 + std::exp(-static_cast<double>(score[i])));
    gradient[k] = weight[i] * (outcome[i] - p);
    curvature[k] = weight[i] * p * (1 - p);
  }
  std::vector<std::size_t> free;
  for (std::size_t f = 0; f < model.features.size(); ++f)
    if ((options.monotone.empty() || options.monotone[f] == 0) && model.features[f].bins() > 2)
      free.push_back(f);
  std::vector<std::vector<std::uint8_t>> cell(free.size());
  core::parallel_for(context, free.size(), [&](std::size_t k) {
    cell[k].resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i)
      cell[k][i] = model.features[free[k]].cell[bins[free[k] * rows + row[i]]];
  });
  std::vector<Candidate> pairs;
  for (std::size_t a = 0; a < free.size(); ++a)
    for (std::size_t b = a + 1; b < free.size(); ++b)
      pairs.push_back({0, static_cast<std::int32_t>(a), static_cast<std::int32_t>(b)});
  const StepRule rule{options.penalty, options.min_leaf, 1, 2, options.min_gain};
  core::parallel_for(context, pairs.size(), [&](std::size_t k) {
    const auto a = static_cast<std::size_t>(pairs[k].first);
    const auto b = static_cast<std::size_t>(pairs[k].second);
    std::vector<double> sums(2 * kMaxBins, 0.0);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::size_t c = kCells * cell[a][i] + cell[b][i];
      sums[2 * c] += gradient[i];
      sums[2 * c + 1] += curvature[i];
    }
    pairs[k] = {pair_step(sums, model.features[free[a]].info.category,
                          model.features[free[b]].info.category, rule, {}),
                static_cast<std::int32_t>(free[a]), static_cast<std::int32_t>(free[b])};
  });
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Candidate& x, const Candidate& y) { return x.gain > y.gain; });
  pairs.resize(std::min(pairs.size(), static_cast<std::size_t>(options.max_pairs)));
  std::erase_if(pairs, [](const Candidate& pair) { return pair.gain <= 0; });
  return pairs;
}

/// One class, or no row: nothing but the share itself.
AdditiveModel intercept_only(AdditiveModel model) {
  model.status = Status::not_enough_data;
  const auto n = static_cast<double>(model.n), events = static_cast<double>(model.n_events);
  model.intercept = std::log((events + 0.5) / (n - events + 0.5));
  return model;
}

void name_terms(AdditiveModel& model) {
  std::stable_sort(
      model.terms.begin() + static_cast<std::ptrdiff_t>(model.features.size()), model.terms.end(),
      [](const AdditiveTerm& a, const AdditiveTerm& b) { return a.importance > b.importance; });
  for (const AdditiveTerm& term : model.terms) {
    std::string name = model.features[static_cast<std::size_t>(term.first)].info.name;
    if (term.second >= 0)
      name += " x " + model.features[static_cast<std::size_t>(term.second)].info.name;
    model.term.push_back(std::move(name));
    model.importance.push_back(term.importance);
  }
}

}  // namespace

AdditiveModel additive_model(const TrainingView& view, const AdditiveOptions& options,
                             const Context& context) {
  learn::check(view, "additive_model");
  check(options, view.features.size());
  const std::size_t rows = view.rows(), columns = view.features.size();
  const std::size_t bags = bags_of(options, rows);
  const auto pairs_at_most = static_cast<std::size_t>(options.max_pairs);
  check_memory(context, rows, columns + pairs_at_most, bags);
  AdditiveModel model;
  model.n = static_cast<std::int64_t>(rows);
  for (const std::uint8_t y : view.outcome) model.n_events += y;
  if (columns == 0 || model.n_events == 0 || model.n_events == model.n)
    return intercept_only(std::move(model));
  if (std::min(model.n_events, model.n - model.n_events) < kFew)
    model.status = Status::small_sample;
  Context quiet = context;
  quiet.progress = nullptr;
  model.features = make_bins(view, options.max_bins, quiet);
  std::vector<FeatureInfo> info;
  for (const FeatureBins& feature : model.features) info.push_back(feature.info);
  const MatchedFeatures given = match(info, view.features, "additive_model");
  std::vector<std::uint8_t> bins = binned(model.features, given, quiet);
  const auto column = [&](std::size_t f) { return std::span(bins).subspan(f * rows, rows); };
  std::vector<BoostColumn> single(columns);
  for (std::size_t f = 0; f < columns; ++f) {
    const auto weight = weights_of(column(f), view.weight, model.features[f].bins());
    set_cells(model.features[f], weight);
    single[f] = {column(f),
                 model.features[f].bins(),
                 model.features[f].info.category,
                 false,
                 options.monotone.empty() ? 0 : options.monotone[f],
                 false};
    model.terms.push_back({static_cast<std::int32_t>(f), -1, {}, weight, 0});
  }
  std::vector<float> outcome(view.outcome.begin(), view.outcome.end());
  std::vector<float> weight(rows, 1.0F);
  for (std::size_t i = 0; i < view.weight.size(); ++i)
    weight[i] = static_cast<float>(view.weight[i]);

  // ---- single columns -------------------------------------------------------------------------
  std::vector<BoostedBag> bag(bags);
  const auto boost = [&](std::span<const BoostColumn> given_columns) {
    Context one = quiet;
    if (bags > 1) one.threads = 1;
    core::parallel_for(bags > 1 ? quiet : one, bags,
                       [&](std::size_t b) { bag[b].boost(given_columns, options, one); });
  };
  core::parallel_for(
      quiet, bags, [&](std::size_t b) { bag[b].part_rows(view.key, outcome, weight, options, b); });
  boost(single);
  std::vector<float> score(rows, 0.0F);
  for (std::size_t f = 0; f < columns; ++f) {
    model.terms[f].score = mean_score(bag, f);
    for (std::size_t i = 0; i < rows; ++i)
      score[i] += static_cast<float>(model.terms[f].score[column(f)[i]]);
  }
  const double start = mean_start(bag);
  for (float& s : score) s += static_cast<float>(start);
  for (const BoostedBag& one : bag) model.rounds += one.rounds() / static_cast<double>(bags);

  // ---- pairs ----------------------------------------------------------------------------------
  if (context.progress) context.progress(0.7);
  const auto pairs = best_pairs(model, bins, score, outcome, weight, options, quiet);
  std::vector<std::vector<std::uint8_t>> cells(pairs.size());
  std::vector<BoostColumn> paired;
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    const auto a = static_cast<std::size_t>(pairs[k].first);
    const auto b = static_cast<std::size_t>(pairs[k].second);
    cells[k] = cells_of(model.features[a], model.features[b], column(a), column(b));
    paired.push_back({cells[k], kMaxBins, model.features[a].info.category,
                      model.features[b].info.category, 0, true});
    model.terms.push_back(
        {pairs[k].first, pairs[k].second, {}, weights_of(cells[k], view.weight, kMaxBins), 0});
  }
  if (!paired.empty()) {
    boost(paired);
    for (std::size_t k = 0; k < pairs.size(); ++k)
      model.terms[columns + k].score = mean_score(bag, k);
    for (const BoostedBag& one : bag) model.pair_rounds += one.rounds() / static_cast<double>(bags);
  }
  for (const BoostedBag& one : bag)
    model.validation_log_loss += one.loss() / static_cast<double>(bags);
  model.bags = static_cast<std::int64_t>(bags);
  model.intercept = start;
  purify(model);
  name_terms(model);
  return model;
}

}  // namespace emptor::learn
