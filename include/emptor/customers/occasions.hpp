#pragma once

#include "emptor/core/export.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace emptor::customers {

/// Purchase occasions as the caller's own arrays. An occasion is a distinct day on which a customer
/// spent something: two orders on one day are one occasion, a day of returns is none. Customer c's
/// occasions are [customer_begin[c], customer_begin[c + 1]), days ascending and distinct.
struct OccasionsView {
  std::span<const std::int64_t> customer_begin{};  ///< customers + 1
  std::span<const data::Day> day{};
  std::span<const double> spend{};  ///< per occasion, above 0
  [[nodiscard]] std::size_t customers() const noexcept {
    return customer_begin.empty() ? 0 : customer_begin.size() - 1;
  }
};

/// Owned occasions of the customers of a Sales, by customer code.
struct Occasions {
  std::vector<std::int64_t> customer_begin{0};
  std::vector<data::Day> day{};
  std::vector<double> spend{};  ///< goods bought that day and not fully given back by the moment
  std::vector<double> net{};  ///< per customer: net amount of all lines, returns and fees included
  [[nodiscard]] OccasionsView view() const noexcept { return {customer_begin, day, spend}; }
};

/// The occasions known at the moment: days with goods bought for money and not fully given back
/// since. `function` is named in errors. @throws DataError if there is no orders table.
EMPTOR_EXPORT Occasions occasions(const data::Sales& sales,
                                  std::string_view function = "occasions");

/// Throws unless offsets start at 0, never fall and end at the size of the columns, and days rise
/// strictly within each customer. @throws InvalidArgument naming the place.
EMPTOR_EXPORT void check(const OccasionsView& view, std::string_view function);

}  // namespace emptor::customers
