#pragma once

#include "emptor/customers/fit_purchases.hpp"
#include "emptor/customers/purchase_summary.hpp"

#include "customers/purchase_covariates.hpp"
#include "customers/purchase_law.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace emptor::customers {

/// What a fit says of one customer's buying: its own parameters, or those his covariates make of
/// them, with how well they are known.
struct CustomerLaw {
  PurchaseLaw<double> plain{};
  PurchaseLaw<Gradient> law{};          ///< slopes by the logarithms of his parameters
  std::array<double, 16> covariance{};  ///< of these logarithms; row by row, 0 where there is none
};

/// The standard error that how well the parameters are known gives a quantity of this gradient.
double standard_error(const Gradient& value, const CustomerLaw& law);

/// The laws of the customers of a summary by a fit.
class CustomerLaws {
 public:
  /// @throws InvalidArgument, DataError where the fit has covariates and the summary lacks them, as
  /// CovariateValues.
  CustomerLaws(const PurchaseFit& fit, const PurchaseSummaryView& summary,
               std::string_view function);
  CustomerLaws(const CustomerLaws&) = delete;

  /// Whether all customers have one law.
  [[nodiscard]] bool same() const { return !values_; }
  [[nodiscard]] PurchaseLaw<double> plain(std::size_t row) const;
  /// The law of a row, kept in `room` unless it is that of all.
  const CustomerLaw& at(std::size_t row, CustomerLaw& room) const;
  /// Adds to `sum` the gradient of a row's quantity by the fit's own logarithms of parameters and
  /// coefficients, in the order of PurchaseFit::log_covariance.
  void add_gradient(std::size_t row, const Gradient& value, double weight,
                    std::span<double> sum) const;

 private:
  std::size_t parameters_;
  CustomerLaw all_{};
  std::vector<double> covariance_{};
  std::vector<double> coefficients_{};
  std::vector<std::array<double, 4>> direction_{};  ///< of each effect
  std::optional<CovariateValues> values_{};
};

}  // namespace emptor::customers
