#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/learn/features.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace emptor::learn {

/// A table as other libraries take it: one number per cell.
struct PlainMatrix {
  std::vector<double> value{};  ///< row-major; categories as the level's place, missing is NaN
  std::vector<std::string> name{};
  std::vector<std::uint8_t> category{};  ///< per column: 1 for categories
  std::vector<std::int64_t> levels{};    ///< per column: how many categories; 0 for numbers
  std::size_t rows = 0;
  [[nodiscard]] std::size_t columns() const noexcept { return name.size(); }
};

/// Rows for a back end to learn from.
struct BackEndRows {
  PlainMatrix table{};
  std::vector<std::uint8_t> outcome{};
  std::vector<double> weight{};  ///< empty: all 1
  /// About a seventh of the rows, by a hash of their key: they say when to stop.
  std::vector<std::uint8_t> set_aside{};
};

/// A model of another library, as boosted trees. What it says is calibrated, measured and explained
/// here like that of a model of ours. Its calls come one at a time, from a thread of their own.
class BackEnd {
 public:
  BackEnd() = default;
  BackEnd(const BackEnd&) = delete;
  BackEnd& operator=(const BackEnd&) = delete;
  BackEnd(BackEnd&&) = delete;
  BackEnd& operator=(BackEnd&&) = delete;
  virtual ~BackEnd() = default;
  /// As "lightgbm"; fits remember it.
  [[nodiscard]] virtual std::string name() const = 0;
  /// Learns, and gives the model as bytes that score() takes.
  [[nodiscard]] virtual std::string fit(const BackEndRows& rows, const Context& context) const = 0;
  /// Log-odds of rows, and what each column adds to them where `contributions` are asked for:
  /// rows x columns, with the baseline of the model they sum to the log-odds.
  [[nodiscard]] virtual ModelScores score(const std::string& model, const PlainMatrix& table,
                                          bool contributions, const Context& context) const = 0;
};

/// What a back end learnt, and what is needed to use it.
struct BackEndModel {
  std::string name{};                   ///< of the back end
  std::vector<FeatureInfo> features{};  ///< columns of the fit
  std::string bytes{};                  ///< the model, as the back end wrote it
  double intercept = 0;                 ///< log-odds of all rows where there is one class only
  std::vector<std::string> term{};      ///< the columns' names
  std::vector<double> importance{};     ///< per column: mean size of what it adds; NaN unless asked
  std::int64_t n = 0;
  std::int64_t n_events = 0;
  Status status = Status::ok;  ///< not_enough_data: one class only; nothing was learnt
  /// Who scores; not kept in files, so set it after loading a fit.
  std::shared_ptr<const BackEnd> back_end{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Hands the rows to the back end. `importance` asks it for the contributions of up to 2,000 rows,
/// chosen by their keys.
/// @throws InvalidArgument, and whatever the back end throws; Error if it answers with scores of
/// another size.
EMPTOR_EXPORT BackEndModel fit_back_end(const TrainingView& view,
                                        std::shared_ptr<const BackEnd> back_end,
                                        std::uint64_t seed = 1, bool importance = true,
                                        const Context& context = {});

/// Log-odds of rows; columns go by name, unseen categories count as missing.
/// @throws DataError with the difference if columns are missing or of another type;
/// InvalidArgument if the model has no back end set.
EMPTOR_EXPORT ModelScores back_end_scores(const BackEndModel& model,
                                          std::span<const Feature> features,
                                          bool contributions = false, const Context& context = {});

}  // namespace emptor::learn
