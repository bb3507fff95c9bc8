#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/occasions.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace emptor::customers {

/// A list of customers of whom some were held back at random.
struct ActionTrial {
  std::span<const std::string> customer{};  ///< ids, as text
  std::span<const std::uint8_t> control{};  ///< 1: held back, not contacted
  data::Day day = data::kNoDay;             ///< the list was made at the end of this day
};

struct EvaluateActionsOptions {
  data::Span horizon{90, data::Span::Unit::days};  ///< counted from the day of the list
  double level = 0.95;
};

/// A row per measure: share who bought, purchases, revenue; each per customer.
struct EvaluateActionsResult {
  std::vector<std::string> measure{};
  std::vector<double> contacted{};   ///< mean of those contacted
  std::vector<double> control{};     ///< mean of those held back
  std::vector<double> difference{};  ///< contacted - control
  std::vector<double> difference_low{};
  std::vector<double> difference_high{};
  std::vector<double> total{};  ///< difference times the number contacted
  std::vector<double> total_low{};
  std::vector<double> total_high{};
  std::vector<std::int64_t> n{};  ///< customers contacted
  std::vector<std::int64_t> n_control{};
  std::vector<Status> status{};  ///< small_sample under 30 held back or contacted

  data::Day first_day = data::kNoDay;  ///< of the days counted
  data::Day last_day = data::kNoDay;
  double level = 0.95;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Did contacting pay? What customers on a list bought afterwards, beside those held back at
/// random.
///
/// The difference is the effect of being on the list and contacted, and not of anything else,
/// because chance alone decided who was held back. The share who bought has Newcombe's interval,
/// means have Welch's. Everybody counts who was to be contacted, reached or not.
/// @throws InvalidArgument unless there is one flag per customer, a customer stands twice, or the
/// data end before the horizon is over; DataError without orders. A customer who never bought
/// counts as 0.
EMPTOR_EXPORT EvaluateActionsResult evaluate_actions(const data::Sales& sales,
                                                     const ActionTrial& trial,
                                                     const EvaluateActionsOptions& options = {},
                                                     const Context& context = {});

}  // namespace emptor::customers
