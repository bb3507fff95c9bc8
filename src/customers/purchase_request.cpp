#include "customers/purchase_request.hpp"

#include "emptor/core/error.hpp"

#include <string>

namespace emptor::customers {

void check_fit(std::string_view function, const PurchaseFit& fit, double level) {
  const std::size_t p = parameter_names(fit.model).size(), all = p + fit.coefficients.size();
  if (fit.parameters.size() != p || fit.log_covariance.size() != all * all ||
      fit.effects.size() != fit.coefficients.size())
    throw InvalidArgument(std::string(function) + ": the fit has " +
                          std::to_string(fit.parameters.size()) + " parameters, \"" +
                          std::string(to_string(fit.model)) + "\" has " + std::to_string(p) +
                          "; make it with fit_purchases or purchase_fit");
  if (!(level > 0 && level < 1))
    throw InvalidArgument(std::string(function) + ": level must lie between 0 and 1, as 0.95");
}

void check_no_covariates(std::string_view function, const PurchaseFit& fit,
                         std::string_view instead) {
  if (!fit.coefficients.empty())
    throw InvalidArgument(std::string(function) + ": the fit has covariates; " +
                          std::string(instead));
}

void check_request(std::string_view function, const PurchaseFit& fit,
                   const PurchaseSummaryView& summary, double level) {
  check_fit(function, fit, level);
  check(summary, function);
}

double horizon_of(std::string_view function, const PurchaseFit& fit, const data::Span& horizon) {
  if (horizon.count < 1)
    throw InvalidArgument(std::string(function) + ": horizon is " + data::to_string(horizon) +
                          "; write a span such as \"39 weeks\"");
  return in_units(horizon, fit.unit);
}

}  // namespace emptor::customers
