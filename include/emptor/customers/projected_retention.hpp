#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/discount_rate.hpp"
#include "emptor/customers/fit_contracts.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::customers {

struct ProjectedRetentionOptions {
  int horizon = 12;     ///< how many renewals ahead of a new customer
  double level = 0.95;  ///< confidence of the intervals
};

/// One row per renewal from 1 on.
struct ProjectedRetentionResult {
  std::vector<std::int64_t> period{};
  std::vector<double> survival{}, survival_low{}, survival_high{};
  std::vector<double> retention{}, retention_low{}, retention_high{};
  std::vector<std::int64_t> n{};  ///< customers the fit rests on
  std::vector<Status> status{};
  data::Span length{};  ///< of a period
  double level = 0.95;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// What share of a cohort will still be there after each renewal?
///
/// `survival` is the share left, `retention` the share of those there who renew. Intervals say how
/// well the parameters are known, not what chance does to a cohort of a given size. Periods beyond
/// the latest renewal that was seen have status "extrapolated".
/// @throws InvalidArgument for a horizon below 1.
EMPTOR_EXPORT ProjectedRetentionResult
projected_retention(const ContractFit& fit, const ProjectedRetentionOptions& options = {},
                    const Context& context = {});

struct ResidualLifetimeOptions {
  DiscountRate discount{0.1, data::Span::Unit::years};  ///< by how much less later renewals count
  int horizon = 0;      ///< within so many renewals; 0: all that are to come
  double level = 0.95;  ///< confidence of the intervals
};

/// One row per tenure given.
struct ResidualLifetimeResult {
  std::vector<std::int64_t> tenure{};
  std::vector<double> residual_lifetime{}, residual_lifetime_low{}, residual_lifetime_high{};
  std::vector<double> p_renew{}, p_renew_low{}, p_renew_high{};
  std::vector<std::int64_t> n{};  ///< customers the fit rests on
  std::vector<Status> status{};
  DiscountRate discount{};
  int horizon = 0;
  data::Span length{};
  double level = 0.95;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// How many periods customers who are still there will stay, discounted.
///
/// `tenure` is how often a customer has renewed. `residual_lifetime` is the number of renewals to
/// come, seen just before the next one, which counts in full; later ones are discounted: Fader and
/// Hardie's discounted expected residual lifetime. Times the margin of a period it is what the
/// customer is still worth. `p_renew` is his chance of renewing next. Who stayed long is likelier
/// to stay, whoever he is.
/// @throws InvalidArgument for a negative tenure, or with neither discount nor horizon, when the
/// lifetimes to come may have no mean.
EMPTOR_EXPORT ResidualLifetimeResult residual_lifetime(const ContractFit& fit,
                                                       std::span<const std::int64_t> tenure,
                                                       const ResidualLifetimeOptions& options = {},
                                                       const Context& context = {});

}  // namespace emptor::customers
