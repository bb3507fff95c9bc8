#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/churn.hpp"
#include "emptor/data/input.hpp"
#include "emptor/data/sales.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace emptor::customers {

struct ChurnCounterfactualsOptions {
  /// The probability to come down to; 0: the share of the fit's rows who left.
  double threshold = 0;
  int max_changes = 2;               ///< columns that may differ together, 1 to 3
  std::vector<std::string> fixed{};  ///< columns nobody can act on, as "age"
  /// Columns of numbers that can only go up (1) or down (-1), by name.
  std::vector<std::pair<std::string, int>> directions{};
};

/// One row per customer above the threshold.
struct ChurnCounterfactuals {
  std::vector<std::int32_t> customer{};
  std::vector<std::string> name{};
  std::vector<double> probability{};
  std::vector<double> probability_after{};  ///< NaN where no change gets there
  std::vector<std::int64_t> changes{};      ///< columns that differ; 0 where none gets there
  std::vector<double> size{};    ///< sum over columns: share of customers that are passed by
  std::vector<Status> status{};  ///< undefined: no change of these columns gets there
  // Up to three changes: the column, what the customer has, and what would do.
  std::vector<std::string> change_code[3]{};
  std::vector<std::string> change_from[3]{};
  std::vector<std::string> change_to[3]{};  ///< "at most 3.5", "above 24", or a category
  std::shared_ptr<const Dictionary> ids{};
  double threshold = 0;
  std::int64_t n_below = 0;  ///< customers already at or below the threshold
  std::string diff{};        ///< how the table differs from that of the fit
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// What is the least that would have to be otherwise for the model to see a customer below a
/// probability?
///
/// Exact for the additive model: fewest columns first, then the smallest sum of sizes; see
/// learn::counterfactuals. It reads the model, not the world: nothing here says that changing a
/// column changes what a customer does. Name the columns nobody can act on in `fixed`.
/// @throws InvalidArgument for other models and for names that are not columns; DataError as
/// churn_scores().
EMPTOR_EXPORT ChurnCounterfactuals
churn_counterfactuals(const ChurnFit& fit, const data::Sales& sales,
                      const ChurnCounterfactualsOptions& options = {}, const Context& context = {});
EMPTOR_EXPORT ChurnCounterfactuals
churn_counterfactuals(const ChurnFit& fit, const data::InputTable& table,
                      const ChurnCounterfactualsOptions& options = {}, const Context& context = {});

}  // namespace emptor::customers
