#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/declining.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace emptor::customers {

struct DeclineStabilityOptions {
  data::Span window{90, data::Span::Unit::days};     ///< as of declining
  data::Span baseline{180, data::Span::Unit::days};  ///< as of declining
  double min_drop = 0.5;                             ///< as of declining
  RelativeTo relative_to = RelativeTo::peers;        ///< as of declining
  /// As of declining: what the watch list is chosen by.
  DeclineSort sort = DeclineSort::expected_loss;
  data::Span step{7, data::Span::Unit::days};  ///< between snapshots
  int snapshots = 4;                           ///< how many to look back
};

/// Which customers of a list are compared.
enum class DeclineListed : std::uint8_t {
  named,  ///< proven or likely
  all,    ///< watch too
};
EMPTOR_EXPORT std::span<const std::string_view> decline_listed_labels() noexcept;

/// Two rows per earlier snapshot, the latest first: those named, and all on a list.
struct DeclineStabilityResult {
  std::vector<data::Day> snapshot{};  ///< the day the earlier list is of
  std::vector<DeclineListed> listed{};
  std::vector<std::int64_t> n_then{};    ///< customers on the earlier list
  std::vector<std::int64_t> n{};         ///< customers on the list of the moment
  std::vector<std::int64_t> n_both{};    ///< on both
  std::vector<std::int64_t> n_joined{};  ///< on the list of the moment only
  std::vector<std::int64_t> n_left{};    ///< on the earlier list only
  std::vector<double> share_there{};     ///< of the list of the moment; NaN where it is empty
  std::vector<double> share_stayed{};    ///< of the earlier list; NaN where it is empty
  data::Day last_day = data::kNoDay;     ///< the moment
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Can the lists of declining be worked through, or are they others every week?
///
/// The lists of the moment are set beside those that `declining` would have given one step ago, two
/// steps ago, and so on, each from what was known then. `share_there` says how much of today's list
/// was on the earlier one, `share_stayed` how much of the earlier one is on it still. The shares
/// are counts of these lists, no estimates. Who joined or left, and why, is what a comparison of
/// two lists says.
/// @throws InvalidArgument for options out of range, DataError without orders.
EMPTOR_EXPORT DeclineStabilityResult decline_stability(const data::Sales& sales,
                                                       const DeclineStabilityOptions& options = {},
                                                       const Context& context = {});

}  // namespace emptor::customers
