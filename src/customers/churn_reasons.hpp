#pragma once

#include "emptor/customers/churn.hpp"

#include <cstddef>
#include <span>

namespace emptor::customers {

/// Probabilities, band and reasons of rows whose columns fit the model. Ids, names and moment are
/// left to the caller. @throws DataError with the difference to the fit
ChurnScores score_rows(const ChurnFit& fit, std::span<const learn::Feature> features,
                       std::size_t rows, const Context& context);

/// The options of the classifier and of its metrics. @throws InvalidArgument for a monotone column
/// that `features` does not have
learn::ClassifierOptions classifier_options(const ChurnOptions& options,
                                            std::span<const learn::Feature> features);

/// What keeping each row's customer is worth; empty where `value` names no column.
/// @throws InvalidArgument, DataError naming the row.
std::vector<double> value_of_rows(const ChurnOptions& options,
                                  std::span<const learn::Feature> features);

}  // namespace emptor::customers
