#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/learn/features.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace emptor::learn {

struct AdditiveOptions {
  int max_bins = 255;          ///< of a column of numbers, one more holds missing; at most 255
  int max_leaves = 3;          ///< steps a single round may add to a column
  int max_pairs = 10;          ///< how many pairs of columns may have a term of their own
  int max_rounds = 1000;       ///< over all columns, and again over all pairs
  double learning_rate = 0.1;  ///< share of a round's step that is taken, in (0, 1]
  double penalty = 1;          ///< pulls a step towards 0, as that much p (1 - p) would
  double min_leaf = 2;         ///< least sum of p (1 - p) behind a step
  /// Twice the log-likelihood a cut must gain, before shrinking; what gains less is left alone.
  double min_gain = 5;
  double validation = 0.15;  ///< share of rows that only say when to stop
  int patience = 10;         ///< rounds without gain before stopping
  /// Models on different validation rows, averaged; 0 takes as many as 100,000 rows hold the table,
  /// at least 1, at most 16.
  int bags = 0;
  /// Per column: 1 where the score may only rise with it, -1 fall, 0 free. Empty: all free. A
  /// column that is bound has no pairs.
  std::vector<int> monotone{};
  std::uint64_t seed = 1;
};

/// A column as the model cuts it. Bin 0 holds missing, unseen and rest; of numbers bin b > 0 holds
/// what lies above cut b - 2 up to cut b - 1; of categories level b - 1.
struct FeatureBins {
  FeatureInfo info{};  ///< levels: those with a bin of their own
  std::vector<double> cuts{};
  std::vector<std::uint8_t> cell{};  ///< per bin: the coarser cell, 0 to 15, it has in pairs
  [[nodiscard]] std::size_t bins() const noexcept {
    return 1 + (info.category ? info.levels.size() : cuts.size() + 1);
  }
};

/// A term: what a column, or a pair of columns, adds to the log-odds.
struct AdditiveTerm {
  std::int32_t first = 0;
  std::int32_t second = -1;      ///< -1: of one column
  std::vector<double> score{};   ///< per bin; of a pair per cell, 16 * first's + second's
  std::vector<double> weight{};  ///< rows behind each
  double importance = 0;         ///< mean size of its share of the log-odds
};

/// log-odds = intercept + sum of terms. Every term has mean 0 over the rows of the fit, and pairs
/// hold nothing that their single columns could say.
struct AdditiveModel {
  std::vector<FeatureBins> features{};
  std::vector<AdditiveTerm> terms{};  ///< of columns in their order, then pairs by importance
  double intercept = 0;
  std::int64_t n = 0;
  std::int64_t n_events = 0;
  std::int64_t bags = 0;
  double rounds = 0;               ///< mean over bags, of single columns
  double pair_rounds = 0;          ///< ... of pairs
  double validation_log_loss = 0;  ///< mean over bags, per row
  Status status = Status::ok;      ///< not_enough_data: one class only; the intercept alone
  // The terms as columns.
  std::vector<std::string> term{};
  std::vector<double> importance{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Boosted additive model of a yes or no: P(event) = 1 / (1 + exp(-(intercept + sum of terms))),
/// with one step function per column and per chosen pair (generalised additive model with pairwise
/// terms; Lou, Caruana et al. 2012, 2013). Columns take turns; each turn adds the best few steps of
/// a Newton boost (Friedman 2001), shrunk, until rows set aside stop gaining. Pairs are found by
/// what they would gain on top. The same bits on any number of threads.
/// @throws InvalidArgument, Cancelled, MemoryLimit
EMPTOR_EXPORT AdditiveModel additive_model(const TrainingView& view,
                                           const AdditiveOptions& options = {},
                                           const Context& context = {});

/// Log-odds of rows; `contributions` also says what each term adds. Columns go by name; categories
/// the fit did not see count as missing.
/// @throws DataError with the difference if columns are missing or of another type.
EMPTOR_EXPORT ModelScores additive_scores(const AdditiveModel& model,
                                          std::span<const Feature> features,
                                          bool contributions = false, const Context& context = {});

}  // namespace emptor::learn
