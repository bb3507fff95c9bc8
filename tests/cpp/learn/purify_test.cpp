#include "learn/purify.hpp"

#include "core/random.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace emptor::learn {
namespace {

TEST(Purify, KeepsScoresAndLeavesNothingOfColumnsInPairs) {
  core::Random random(1);
  AdditiveModel model;
  for (int f = 0; f < 2; ++f) {
    FeatureBins bins;
    for (int k = 0; k < 19; ++k) bins.cuts.push_back(k);
    for (std::size_t b = 0; b < bins.bins(); ++b)
      bins.cell.push_back(static_cast<std::uint8_t>(b * 15 / 20));
    AdditiveTerm term{f, -1, {}, {}, 0};
    for (std::size_t b = 0; b < bins.bins(); ++b) {
      term.score.push_back(random.normal());
      term.weight.push_back(static_cast<double>(random.below(50)));
    }
    model.features.push_back(bins);
    model.terms.push_back(term);
  }
  AdditiveTerm pair{0, 1, {}, {}, 0};
  for (int c = 0; c < 256; ++c) {
    pair.score.push_back(random.normal());
    pair.weight.push_back(static_cast<double>(random.below(9)));
  }
  model.terms.push_back(pair);
  const auto score = [](const AdditiveModel& m, std::size_t a, std::size_t b) {
    return m.intercept + m.terms[0].score[a] + m.terms[1].score[b] +
           m.terms[2].score[16U * m.features[0].cell[a] + m.features[1].cell[b]];
  };
  AdditiveModel after = model;
  purify(after);
  for (std::size_t a = 0; a < 21; ++a)
    for (std::size_t b = 0; b < 21; ++b) EXPECT_NEAR(score(model, a, b), score(after, a, b), 1e-9);
  const AdditiveTerm& left = after.terms[2];
  for (std::size_t line = 0; line < 16; ++line) {
    double row = 0, column = 0;
    for (std::size_t k = 0; k < 16; ++k) {
      row += left.score[16 * line + k] * left.weight[16 * line + k];
      column += left.score[16 * k + line] * left.weight[16 * k + line];
    }
    EXPECT_NEAR(row, 0, 1e-8);
    EXPECT_NEAR(column, 0, 1e-8);
  }
  for (int f = 0; f < 2; ++f) {
    double mean = 0;
    for (std::size_t b = 0; b < 21; ++b)
      mean += after.terms[static_cast<std::size_t>(f)].score[b] *
              after.terms[static_cast<std::size_t>(f)].weight[b];
    EXPECT_NEAR(mean, 0, 1e-8);
  }
}

}  // namespace
}  // namespace emptor::learn
