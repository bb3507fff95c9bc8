#pragma once

#include "emptor/core/context.hpp"
#include "emptor/customers/fit_spend.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace emptor::customers {

/// Customers who bought again, those of one frequency side by side: the gamma functions of the
/// likelihood depend on the frequency alone, so they cost nothing a customer.
struct SpendRows {
  std::vector<double> total{};        ///< frequency times mean spend, in units of `scale`
  std::vector<double> frequency{};    ///< distinct, rising
  std::vector<std::size_t> begin{0};  ///< rows of a frequency are [begin[k], begin[k + 1])
  double scale = 1;                   ///< mean spend of all
  double log_spend = 0;               ///< sum of ln(mean spend), in units of `scale`
  double weighted_log_total = 0;      ///< sum of frequency times ln(total)
  [[nodiscard]] std::size_t size() const noexcept { return total.size(); }
};

SpendRows spend_rows(const SpendView& view);
/// Every `step`-th row.
SpendRows thinned(const SpendRows& rows, std::size_t step);

/// Log-likelihood with slopes and curvature by (ln p, ln(q - 1), ln v), v in units of the scale.
struct SpendLikelihood {
  double value = 0;
  std::array<double, 3> gradient{};
  std::array<double, 9> hessian{};
};

SpendLikelihood spend_likelihood(const SpendRows& rows, const std::array<double, 3>& at,
                                 const Context& context);

}  // namespace emptor::customers
