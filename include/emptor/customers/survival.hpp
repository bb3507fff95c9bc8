#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"
#include "emptor/learn/survival.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::customers {

/// What a customer is followed up to.
enum class SurvivalEvent : std::uint8_t {
  second_purchase,  ///< the first purchase on a later day
  inactive,         ///< the day on which `inactive_after` has passed without a purchase
};
/// @throws InvalidArgument unless "second_purchase" or "inactive".
EMPTOR_EXPORT SurvivalEvent parse_survival_event(std::string_view text);

struct SurvivalDurationsOptions {
  /// "second_purchase": the next day with a purchase. "inactive": the first day on which
  /// `inactive_after` has passed without one, however many purchases came before.
  SurvivalEvent until = SurvivalEvent::second_purchase;
  data::Span inactive_after{180, data::Span::Unit::days};  ///< the silence that counts as gone
  std::string by{};  ///< a column of orders, customers or products, as at the first purchase
  /// Who first bought within this time from the first day of the data is left out: nobody knows
  /// whether he bought before.
  data::Span new_after{180, data::Span::Unit::days};
};

/// One row per customer whose first purchase was seen, by customer code.
struct SurvivalDurations {
  std::vector<std::int32_t> customer{};
  std::vector<double> duration{};     ///< days from the first purchase to the event or the moment
  std::vector<std::int32_t> event{};  ///< 1 seen, 0 not by the moment
  std::vector<std::uint8_t> seen{};   ///< the same as a boolean column
  std::vector<std::int32_t> group{};  ///< empty without `by`; -1 missing
  std::vector<data::Day> first_order{};
  std::shared_ptr<const Dictionary> ids{};
  std::shared_ptr<const Dictionary> groups{};
  std::string by{};
  data::Day new_from = data::kNoDay;
  data::Day last_day = data::kNoDay;
  std::int64_t n_left_out = 0;  ///< first seen before new_from
  data::Coverage coverage{};
  /// What learn::survival_curve and its like take; valid as long as this is.
  [[nodiscard]] EMPTOR_EXPORT learn::SurvivalView view() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// How long was each new customer watched, and had he come back, or fallen silent, by then?
///
/// Days run from the first purchase; an event is dated by the day on which it could be known: "gone
/// silent" by the day the silence was long enough, not by the last purchase before it, whose
/// meaning only the future tells. So whoever has no event yet is censored at the moment for no
/// reason of his own, and survival curves of these rows are honest.
/// @throws DataError without orders or for an unknown column in `by`.
EMPTOR_EXPORT SurvivalDurations survival_durations(const data::Sales& sales,
                                                   const SurvivalDurationsOptions& options = {},
                                                   const Context& context = {});

}  // namespace emptor::customers
