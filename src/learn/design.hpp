#pragma once

#include "emptor/learn/logistic_regression.hpp"

#include <Eigen/Core>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace emptor::learn {

/// The columns of a logistic model's design, centred and scaled by the rows of the fit. A constant
/// column has scale 0.
std::vector<DesignColumn> make_design(const TrainingView& view, const MatchedFeatures& given,
                                      std::span<const FeatureInfo> info);

/// (x - centre) / scale of a row; 0 for a constant column and for what the fit cannot place.
double design_value(const DesignColumn& column, const MatchedFeatures& given, bool missing_known,
                    std::size_t row) noexcept;

/// Per feature, whether its missing values have a column of their own.
std::vector<bool> missing_columns(std::span<const DesignColumn> design, std::size_t features);

/// "tenure", "tenure is missing", "Contract = One year".
std::string design_name(const DesignColumn& column, std::span<const FeatureInfo> info);

/// Which columns are not constant and not a sum of those before them (Cholesky, column by column),
/// from the sums of their products; the first is the intercept.
std::vector<bool> independent_columns(const Eigen::MatrixXd& products);

}  // namespace emptor::learn
