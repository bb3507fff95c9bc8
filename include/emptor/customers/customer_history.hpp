#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::customers {

/// What one customer did, a row per day with any line, days ascending.
struct CustomerHistory {
  std::vector<data::Day> day{};
  std::vector<std::int64_t> orders{};    ///< distinct orders with goods bought and kept
  std::vector<std::int64_t> products{};  ///< distinct products of them
  std::vector<double> quantity{};        ///< units of them
  std::vector<double> amount{};          ///< net amount of all lines, returns and fees included
  std::vector<double> returned{};        ///< given back that day, as a positive amount
  std::vector<double> gap_days{};        ///< since the purchase before; NaN where there is none
  std::vector<std::uint8_t> purchase{};  ///< whether goods were bought for money and kept

  std::int32_t customer = -1;
  std::string id{};
  std::string name{};
  std::int64_t purchases = 0;               ///< days with a purchase
  data::Day first_purchase = data::kNoDay;  ///< kNoDay without one
  data::Day last_purchase = data::kNoDay;   ///< kNoDay without one
  double usual_gap_days = 0;                ///< median of gap_days; NaN under two purchases
  double days_since = 0;                    ///< from the last purchase to the moment; NaN likewise
  double share_of_gaps_exceeded = 0;        ///< own gaps shorter than days_since; NaN likewise
  double revenue = 0;                       ///< net amount of all lines
  double returned_total = 0;                ///< given back, as a positive amount
  data::Day last_day = data::kNoDay;        ///< the moment
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// What one customer buys, the favourite first: most days, then most money.
struct CustomerProducts {
  std::vector<std::int32_t> product{};
  std::vector<std::string> name{};
  std::vector<std::int64_t> days{};      ///< distinct days it was bought and kept
  std::vector<double> quantity{};        ///< units bought and kept
  std::vector<double> amount{};          ///< paid for them
  std::vector<data::Day> last_bought{};  ///< last day it was bought
  std::vector<double> days_since{};      ///< from then to the moment
  std::vector<double> usual_gap_days{};  ///< median days between; NaN under two days
  std::shared_ptr<const Dictionary> ids{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// What has one customer done, day by day?
///
/// `customer` is an id, or a name only one customer has. A row is a day with any order line: what
/// was bought and kept as of the moment, what came back, and the days since the purchase before.
/// Beside it the rhythm: the usual gap, the days since the last purchase, and the share of the
/// customer's own gaps that were shorter. These numbers describe; `declining` says whether a
/// silence is unusual.
/// @throws InvalidArgument if no customer has that id or name, or several have the name; DataError
/// without orders.
EMPTOR_EXPORT CustomerHistory customer_history(const data::Sales& sales, std::string_view customer);

/// What does one customer buy, and how often? Goods bought for money and kept, the favourite first.
/// @throws as customer_history.
EMPTOR_EXPORT CustomerProducts customer_products(const data::Sales& sales,
                                                 std::string_view customer);

}  // namespace emptor::customers
