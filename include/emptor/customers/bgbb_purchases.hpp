#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/fit_bgbb.hpp"

#include <cstdint>
#include <vector>

namespace emptor::customers {

struct BgbbPurchasesOptions {
  int horizon = 1;      ///< how many occasions ahead
  double level = 0.95;  ///< confidence of the intervals
};

/// One row per row of the summary.
struct BgbbPurchasesResult {
  std::vector<double> expected_purchases{};
  std::vector<double> expected_purchases_low{}, expected_purchases_high{};
  std::vector<double> p_none{};   ///< chance of none within the horizon
  std::vector<double> p_alive{};  ///< chance of being there at the next occasion
  std::vector<double> p_alive_low{}, p_alive_high{};
  std::vector<std::int64_t> n{};  ///< customers the fit rests on
  std::vector<Status> status{};
  int horizon = 1;
  double level = 0.95;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// How many of the next occasions each customer will use, and whether he is still there.
///
/// `p_alive` is the chance that he is there at the next occasion. `expected_purchases` is a mean
/// over `horizon` occasions, the chance that he leaves taken in. Their intervals say how well the
/// parameters are known. A row with 0 of 0 occasions is a new customer. A horizon of more occasions
/// than any customer had has status "extrapolated".
/// @throws InvalidArgument for rows that cannot be, naming the first, or a horizon below 1.
EMPTOR_EXPORT BgbbPurchasesResult bgbb_purchases(const BgbbFit& fit, const BgbbView& summary,
                                                 const BgbbPurchasesOptions& options = {},
                                                 const Context& context = {});

}  // namespace emptor::customers
