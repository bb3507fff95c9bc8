#pragma once

#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/learn/additive_model.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::learn {

/// Where a column may go from what a row has.
enum class Movement : std::uint8_t { any, up, down, fixed };

struct CounterfactualOptions {
  double target = 0;    ///< the log-odds to come down to
  int max_changes = 2;  ///< columns that may change together, 1 to 3
  /// Per column of the model; of categories any or fixed. Empty: all may move.
  std::vector<Movement> movement{};
};

/// A column of a row put into another bin.
struct Change {
  std::int32_t feature = 0;
  std::int32_t bin = 0;  ///< of the model's FeatureBins
};

/// Per row, the smallest change that brings its log-odds to the target or below.
struct Counterfactuals {
  std::vector<double> log_odds{};             ///< now
  std::vector<double> log_odds_after{};       ///< NaN where no change gets there
  std::vector<double> size{};                 ///< of all changes; 0 where none is needed
  std::vector<std::vector<Change>> change{};  ///< none where none is needed, or gets there
  std::vector<Status> status{};               ///< undefined: no change gets there
};

/// What is the least that would have to differ for the model to say less?
///
/// Fewest columns first, then the smallest sum of sizes: of numbers the share of the fit's rows
/// that lie between the bins (half of each bin itself), of categories the share of rows that are
/// not at the new level. Exact: no smaller change of bins gets there (branch and bound over the
/// changes that nothing cheaper beats). Bins without rows, missing values, and columns missing in
/// the row stay as they are. A monotone column moves only in the direction that helps by itself.
/// @throws InvalidArgument for options that cannot be; DataError as additive_scores().
EMPTOR_EXPORT Counterfactuals counterfactuals(const AdditiveModel& model,
                                              std::span<const Feature> features,
                                              const CounterfactualOptions& options = {},
                                              const Context& context = {});

}  // namespace emptor::learn
