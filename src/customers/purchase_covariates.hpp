#pragma once

#include "emptor/core/context.hpp"
#include "emptor/customers/fit_purchases.hpp"
#include "emptor/customers/purchase_summary.hpp"

#include "core/optimize.hpp"
#include "customers/purchase_rows.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace emptor::customers {

/// By how much an effect of z = 1 and coefficient 1 moves the logarithms of the four parameters.
std::array<double, 4> direction_of(PurchaseModel model, CovariateRole role);

/// "buying: channel = web", "leaving: age".
std::string effect_name(const CovariateEffect& effect,
                        std::span<const learn::FeatureInfo> covariates);

/// What the covariates of a summary come to for each effect of a fit: the number, or 1 in the
/// effect's category and 0 elsewhere.
class CovariateValues {
 public:
  /// @throws DataError for a column that is missing or of another type than at the fit,
  /// InvalidArgument naming column and row of what is missing or was not seen by the fit.
  CovariateValues(std::span<const learn::FeatureInfo> covariates,
                  std::span<const CovariateEffect> effects, const PurchaseSummaryView& summary,
                  std::string_view function);
  [[nodiscard]] double operator()(std::size_t row, std::size_t effect) const {
    const CovariateEffect& of = effects_[effect];
    const auto column = static_cast<std::size_t>(of.covariate);
    if (of.level < 0) return given_.features[column].number[row];
    return given_.level_of(column, row) == of.level ? 1 : 0;
  }

 private:
  std::vector<CovariateEffect> effects_{};
  learn::MatchedFeatures given_{};
};

/// Customers parted by the values of their covariates, and those of each group, centred and scaled
/// over customers. Sorted, so that the order of rows does not move a bit.
class CovariateGroups {
 public:
  /// @throws InvalidArgument naming a covariate that is the same for all, that follows from others
  /// before it, or whose numbers lie too far from 0 for how they differ.
  CovariateGroups(const CovariateValues& values, std::span<const learn::FeatureInfo> covariates,
                  std::vector<CovariateEffect> effects, const PurchaseSummaryView& summary);

  [[nodiscard]] const std::vector<CovariateEffect>& effects() const { return effects_; }
  [[nodiscard]] std::span<const double> scale() const { return scale_; }
  [[nodiscard]] std::span<const double> centre() const { return centre_; }

  /// Minus the log-likelihood by the logarithms of the parameters and the coefficients of centred,
  /// scaled covariates. Both the groups and the context must outlive it.
  [[nodiscard]] core::SecondOrder objective(PurchaseModel model, const Context& context) const;
  /// The same groups without the effects that `model` does not have.
  [[nodiscard]] CovariateGroups without_leaving() const;

 private:
  CovariateGroups() = default;
  void collapse(std::span<const double> values, const PurchaseSummaryView& summary);
  void check_distinct(std::span<const learn::FeatureInfo> covariates) const;
  [[nodiscard]] PurchaseGroup group(std::size_t g) const;
  [[nodiscard]] std::size_t size() const { return customers_.size(); }

  std::vector<CovariateEffect> effects_{};
  std::vector<double> centre_{}, scale_{};
  std::vector<double> z_{};  ///< groups x effects
  std::vector<PurchaseRows::Row> rows_{};
  std::vector<std::pair<double, double>> counts_{};
  std::vector<std::size_t> row_begin_{0}, count_begin_{0};
  std::vector<double> customers_{};
};

/// Customers by the named covariates, which `covariates` comes to describe; a category has an
/// effect for each level but the most frequent.
/// @throws InvalidArgument for names that are unknown or given twice, and as CovariateGroups.
CovariateGroups groups_of(const PurchaseCovariates& names, const PurchaseSummaryView& summary,
                          std::vector<learn::FeatureInfo>& covariates);

/// Gives a fit its effects, and forgets covariates that none of them needs.
void take_effects(PurchaseFit& fit, std::vector<CovariateEffect> effects);

/// From coefficients of centred, scaled covariates to those of the covariates as they are, and the
/// parameters with them.
void take_as_given(PurchaseFit& fit, const CovariateGroups& groups);

}  // namespace emptor::customers
