#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/occasions.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"
#include "emptor/learn/features.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::customers {

/// What the purchase models need to know of customers, as the caller's own arrays of equal length.
/// Times are in `unit`, counted from the customer's first purchase.
struct PurchaseSummaryView {
  std::span<const std::int64_t> frequency{};  ///< purchase occasions after the first
  std::span<const double> recency{};          ///< time of the last occasion, 0 if there is one only
  std::span<const double> T{};                ///< time watched
  std::span<const double> monetary_value{};   ///< mean spend of the occasions after the first
  std::span<const double> log_gaps{};         ///< sum of ln(time between occasions); may be empty
  data::Span::Unit unit = data::Span::Unit::weeks;
  /// What else is known of the customers and does not change: columns of numbers or categories.
  std::span<const learn::Feature> covariates{};
  [[nodiscard]] std::size_t size() const noexcept { return frequency.size(); }
};

/// Throws unless the columns fit together and every row can be: 0 <= recency <= T, recency 0
/// exactly where frequency is. `function` and the row are named. @throws InvalidArgument
EMPTOR_EXPORT void check(const PurchaseSummaryView& view, std::string_view function);

/// "days", "weeks", "months" (of 365.2425 / 12 days) or "years". @throws InvalidArgument
EMPTOR_EXPORT data::Span::Unit parse_time_unit(std::string_view text,
                                               std::string_view argument = "unit");
EMPTOR_EXPORT std::string_view to_string(data::Span::Unit unit) noexcept;
/// A span in another unit, months as 365.2425 / 12 days: "78 weeks" are 546 days.
EMPTOR_EXPORT double in_units(const data::Span& span, data::Span::Unit unit) noexcept;

struct PurchaseSummaryOptions {
  /// Keeps the last so much of the data back: the summary then ends where the holdout begins, and
  /// what was bought in it stands beside.
  std::optional<data::Span> holdout{};
  data::Span::Unit unit = data::Span::Unit::weeks;  ///< of recency, T and the gaps
};

/// Occasions of customers and the day until which they were watched; with a holdout, those known
/// later.
struct PurchaseHistories {
  OccasionsView occasions{};
  data::Day last_day = data::kNoDay;
  OccasionsView later{};  ///< of the same customers; occasions up to last_day are passed over
  data::Day later_last_day = data::kNoDay;  ///< kNoDay: no holdout
};

/// One row per customer with an occasion, in the order of their ids.
struct PurchaseSummary {
  std::vector<std::int32_t> customer{};
  std::vector<std::int64_t> frequency{};
  std::vector<double> recency{};
  std::vector<double> T{};
  std::vector<double> monetary_value{};  ///< NaN where frequency is 0
  std::vector<double> log_gaps{};
  std::vector<data::Day> first_order{};
  std::vector<std::int64_t> holdout_frequency{};  ///< empty without a holdout, as holdout_spend
  std::vector<double> holdout_spend{};

  data::Span::Unit unit = data::Span::Unit::weeks;
  data::Day last_day = data::kNoDay;    ///< until which frequency, recency and T look
  double holdout_T = 0;                 ///< length of the holdout in `unit`
  std::int64_t n_repeat = 0;            ///< customers with more than one occasion
  std::int64_t n_without_purchase = 0;  ///< left out: nothing bought and kept, or only later
  std::shared_ptr<const Dictionary> ids{};
  data::Coverage coverage{};

  [[nodiscard]] PurchaseSummaryView view() const noexcept {
    return {frequency, recency, T, monetary_value, log_gaps, unit, {}};
  }
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// When and how often each customer bought: what the purchase models are fitted to.
///
/// A purchase occasion is a day on which goods were bought and not fully given back since: two
/// orders on one day are one occasion, a day of returns is none. `frequency` counts occasions after
/// the first, `recency` is the time from the first to the last of them, `T` the time from the first
/// to the moment, `monetary_value` the mean spend of the occasions after the first, `log_gaps` the
/// sum of the logarithms of the times between them, by which regular buyers are told. Times are in
/// `unit`, which the summary carries to the fit and to every horizon.
///
/// With `holdout` the summary sees what was known when the holdout began, and no more;
/// `holdout_frequency` and `holdout_spend` count what its customers bought after.
/// @throws InvalidArgument for a holdout that leaves nothing, DataError without orders.
EMPTOR_EXPORT PurchaseSummary purchase_summary(const PurchaseHistories& histories,
                                               const PurchaseSummaryOptions& options = {},
                                               const Context& context = {});
EMPTOR_EXPORT PurchaseSummary purchase_summary(const data::Sales& sales,
                                               const PurchaseSummaryOptions& options = {},
                                               const Context& context = {});

}  // namespace emptor::customers
