#include "emptor/learn/counterfactuals.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"
#include "learn/known_truth.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace emptor::learn {
namespace {

/// A small model drawn at random: numbers x0.. with cuts 0, 1, .., one column of categories, pairs
/// with coarse cells, bins without rows.
AdditiveModel drawn(core::Random& random, std::size_t numbers) {
  AdditiveModel model;
  const std::size_t columns = numbers + 1;
  for (std::size_t f = 0; f < columns; ++f) {
    FeatureBins bins;
    bins.info.name = "x" + std::to_string(f);
    bins.info.category = f == numbers;
    if (bins.info.category) {
      bins.info.levels = {"a", "b", "c"};
    } else {
      for (std::size_t c = 0; c < 2 + random.below(3); ++c)
        bins.cuts.push_back(static_cast<double>(c) + .5);
    }
    AdditiveTerm term;
    term.first = static_cast<std::int32_t>(f);
    for (std::size_t b = 0; b < bins.bins(); ++b) {
      bins.cell.push_back(static_cast<std::uint8_t>(random.below(3)));
      term.score.push_back(std::round(4 * random.normal()) / 4);
      term.weight.push_back(static_cast<double>(random.below(5)));
    }
    model.features.push_back(bins);
    model.terms.push_back(term);
  }
  for (std::size_t p = 0; p < random.below(4); ++p) {
    AdditiveTerm pair;
    pair.first = static_cast<std::int32_t>(random.below(columns - 1));
    pair.second = static_cast<std::int32_t>(columns - 1);
    if (pair.first > 0 && random.below(2) == 1) pair.second = pair.first - 1;
    for (int k = 0; k < 256; ++k) pair.score.push_back(std::round(4 * random.normal()) / 4);
    pair.weight.assign(256, 1.0);
    model.terms.push_back(pair);
  }
  model.intercept = random.normal();
  return model;
}

double log_odds(const AdditiveModel& model, const std::vector<std::size_t>& bin) {
  double z = model.intercept;
  for (const AdditiveTerm& term : model.terms) {
    const auto a = static_cast<std::size_t>(term.first);
    if (term.second < 0) {
      z += term.score[bin[a]];
    } else {
      const auto b = static_cast<std::size_t>(term.second);
      z += term.score[16U * model.features[a].cell[bin[a]] + model.features[b].cell[bin[b]]];
    }
  }
  return z;
}

double size_of(const AdditiveModel& model, std::size_t f, std::size_t from, std::size_t to) {
  const auto& w = model.terms[f].weight;
  double total = 0, between = w[from] / 2 + w[to] / 2;
  for (std::size_t b = 1; b < w.size(); ++b) total += w[b];
  if (model.features[f].info.category) return 1 - w[to] / total;
  for (std::size_t b = std::min(from, to) + 1; b < std::max(from, to); ++b) between += w[b];
  return between / total;
}

struct Least {
  int changes = 99;
  double size = 0;
};

/// Every combination of bins.
Least by_trying_all(const AdditiveModel& model, const std::vector<std::size_t>& bin,
                    const CounterfactualOptions& options) {
  Least least;
  std::vector<std::size_t> at(bin);
  const auto visit = [&](const auto& self, std::size_t f, int changes, double size) -> void {
    if (f == bin.size()) {
      if (changes == 0 || changes > options.max_changes) return;
      if (log_odds(model, at) > options.target) return;
      if (changes < least.changes || (changes == least.changes && size < least.size - 1e-12))
        least = {changes, size};
      return;
    }
    self(self, f + 1, changes, size);
    if (bin[f] == 0) return;
    for (std::size_t b = 1; b < model.features[f].bins(); ++b) {
      const Movement way = options.movement[f];
      if (b == bin[f] || !(model.terms[f].weight[b] > 0) || way == Movement::fixed) continue;
      if ((way == Movement::up && b < bin[f]) || (way == Movement::down && b > bin[f])) continue;
      at[f] = b;
      self(self, f + 1, changes + 1, size + size_of(model, f, bin[f], b));
    }
    at[f] = bin[f];
  };
  visit(visit, 0, 0, 0);
  return least;
}

TEST(Counterfactuals, NoSmallerChangeGetsThere) {
  core::Random random(1);
  const auto levels = Dictionary::from_texts({"a", "b", "c"});
  int found_by_changes[5]{};
  for (int trial = 0; trial < 14000; ++trial) {
    const AdditiveModel model = drawn(random, 3);
    CounterfactualOptions options;
    options.max_changes = trial % 2 == 0 ? 3 : 1 + static_cast<int>(random.below(2));
    for (std::size_t f = 0; f < 4; ++f)
      options.movement.push_back(f == 3 || random.below(2) == 0
                                     ? (random.below(4) == 0 ? Movement::fixed : Movement::any)
                                     : static_cast<Movement>(random.below(4)));
    std::vector<std::vector<double>> number(3);
    std::vector<std::size_t> bin;
    for (std::size_t f = 0; f < 3; ++f) {
      bin.push_back(random.below(model.features[f].bins()));
      number[f] = {bin[f] == 0 ? std::numeric_limits<double>::quiet_NaN()
                               : static_cast<double>(bin[f] - 1)};
    }
    const std::vector<std::int32_t> code{static_cast<std::int32_t>(random.below(4)) - 1};
    bin.push_back(static_cast<std::size_t>(code[0] + 1));
    const std::vector<Feature> row{{"x0", number[0], {}, nullptr},
                                   {"x1", number[1], {}, nullptr},
                                   {"x2", number[2], {}, nullptr},
                                   {"x3", {}, code, levels.get()}};
    options.target = log_odds(model, bin) - 0.01 - 5 * random.uniform();
    const Counterfactuals c = counterfactuals(model, row, options, {.threads = 1});
    const Least least = by_trying_all(model, bin, options);
    if (least.changes > 3) {
      ASSERT_EQ(c.status[0], Status::undefined);
      ASSERT_TRUE(c.change[0].empty());
      ++found_by_changes[0];
      continue;
    }
    ASSERT_EQ(c.status[0], Status::ok) << trial;
    ASSERT_EQ(static_cast<int>(c.change[0].size()), least.changes) << trial;
    ASSERT_NEAR(c.size[0], least.size, 1e-9) << trial;
    for (const Change& change : c.change[0])
      bin[static_cast<std::size_t>(change.feature)] = static_cast<std::size_t>(change.bin);
    ASSERT_EQ(c.log_odds_after[0], log_odds(model, bin));
    ASSERT_LE(c.log_odds_after[0], options.target);
    ++found_by_changes[least.changes];
  }
  for (int k = 0; k <= 3; ++k) EXPECT_GT(found_by_changes[k], 50) << k;
}

TEST(Counterfactuals, OfAFittedModelOnAnyNumberOfThreads) {
  const KnownTruth truth(3000, 2);
  const auto features = truth.features();
  AdditiveOptions how;
  how.monotone = {1, 0, 0, 0, 0, 0, 0};
  const AdditiveModel model = additive_model({features, truth.outcome, {}, {}}, how);
  CounterfactualOptions options;
  options.target = -1.5;
  options.movement.assign(7, Movement::any);
  options.movement[3] = Movement::fixed;
  const Counterfactuals one = counterfactuals(model, features, options, {.threads = 1});
  for (const int threads : {2, 3, 8}) {
    const Counterfactuals many = counterfactuals(model, features, options, {.threads = threads});
    for (std::size_t i = 0; i < 3000; ++i) {
      ASSERT_EQ(one.status[i], many.status[i]);
      ASSERT_EQ(one.change[i].size(), many.change[i].size());
      if (one.status[i] == Status::ok) {
        ASSERT_EQ(one.size[i], many.size[i]);
      }
    }
  }
  int needed = 0;
  for (std::size_t i = 0; i < 3000; ++i) {
    if (one.log_odds[i] <= options.target) {
      EXPECT_TRUE(one.change[i].empty());
      EXPECT_EQ(one.size[i], 0);
      continue;
    }
    ++needed;
    for (const Change& change : one.change[i]) EXPECT_NE(change.feature, 3);
  }
  EXPECT_GT(needed, 500);
}

TEST(Counterfactuals, RefusesWhatCannotBe) {
  core::Random random(3);
  const AdditiveModel model = drawn(random, 1);
  const auto levels = Dictionary::from_texts({"a", "b", "c"});
  const std::vector<double> number{0};
  const std::vector<std::int32_t> code{0};
  const std::vector<Feature> row{{"x0", number, {}, nullptr}, {"x1", {}, code, levels.get()}};
  const auto message = [&](const CounterfactualOptions& options) -> std::string {
    try {
      counterfactuals(model, row, options);
    } catch (const InvalidArgument& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(message({.max_changes = 4}), "counterfactuals: max_changes must be 1 to 3, found 4");
  EXPECT_EQ(message({.target = std::nan("")}), "counterfactuals: target must be a number");
  EXPECT_EQ(message({.movement = {Movement::any}}),
            "counterfactuals: movement has 1 values, the model 2 columns");
  EXPECT_EQ(
      message({.movement = {Movement::any, Movement::up}}),
      "counterfactuals: movement of 'x1' must be any or fixed: categories have no up or down");
}

}  // namespace
}  // namespace emptor::learn
