#pragma once

#include "emptor/customers/churn.hpp"
#include "emptor/data/plain_columns.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace emptor::customers {

/// Probabilities, band and reasons of rows whose columns fit the model. Ids, names and moment are
/// left to the caller. @throws DataError with the difference to the fit
ChurnScores score_rows(const ChurnFit& fit, std::span<const learn::Feature> features,
                       std::size_t rows, const Context& context);

/// What a row has in a column, as people read it: "7", "monthly", "missing".
std::string value_text(const learn::Feature& feature, std::size_t row);

/// Rows of a table as a fit of a table reads them: types as at the fit, ids as codes.
struct TableRows {
  std::vector<data::PlainColumn> columns{};
  std::vector<std::int32_t> customer{};
  std::shared_ptr<const Dictionary> ids{};
  [[nodiscard]] std::vector<learn::Feature> features() const;
};

/// @throws InvalidArgument for a fit of sales, DataError for ids that cannot be read
TableRows table_rows(const ChurnFit& fit, const data::InputTable& table, const char* function,
                     const Context& context);

/// The options of the classifier and of its metrics. @throws InvalidArgument for a monotone column
/// that `features` does not have
learn::ClassifierOptions classifier_options(const ChurnOptions& options,
                                            std::span<const learn::Feature> features);

/// What keeping each row's customer is worth; empty where `value` names no column.
/// @throws InvalidArgument, DataError naming the row.
std::vector<double> value_of_rows(const ChurnOptions& options,
                                  std::span<const learn::Feature> features);

}  // namespace emptor::customers
