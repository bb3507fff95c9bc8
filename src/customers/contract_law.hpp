#pragma once

#include "emptor/customers/fit_contracts.hpp"

#include "core/jet.hpp"

#include <array>
#include <cstddef>

namespace emptor::customers {

/// ln S(t), the logarithm of the share of customers who renew t times, with its derivatives by the
/// logarithms of alpha, beta and c: S(t) = B(alpha, beta + t^c) / B(alpha, beta).
struct LogSurvival {
  double value = 0;
  std::array<double, 3> slope{};
  std::array<std::array<double, 3>, 3> curve{};
};
LogSurvival log_survival(double alpha, double beta, double c, double t);

using ContractGradient = core::Jet<3>;

/// The same of a fit, with slopes alone; c is 1 in the sbg and then has none.
ContractGradient log_survival_of(const ContractFit& fit, double t);

/// The standard error that how well the parameters are known gives a quantity of this gradient.
double standard_error(const ContractGradient& value, const ContractFit& fit);

}  // namespace emptor::customers
