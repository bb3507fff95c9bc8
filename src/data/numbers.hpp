#pragma once

#include "emptor/core/context.hpp"

#include "data/findings.hpp"
#include "data/reader.hpp"
#include "data/rows.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::data {

/// A number as people write it: "1,234.50", "1.234,50", "£12", "(3.20)", "12-", "1 234". `decimal`
/// is the decimal separator; the other of '.' and ',' may only group thousands. Nothing if it is
/// not one. `currency` receives a sign or code beside the digits.
std::optional<double> parse_number(std::string_view text, char decimal,
                                   std::string_view* currency = nullptr);

/// A column of numbers; NaN where missing, unreadable or not finite.
struct NumberColumn {
  Rows<double> value{};
  Tally missing{};
  Tally unreadable{};
  Tally not_finite{};
  std::vector<std::string> currencies{};  ///< three-letter codes seen beside the digits, sorted
};

/// One number column on its way in and what messages call it: `orders.quantity ("Quantity")`.
struct NumberSource {
  const ColumnReader* reader = nullptr;
  std::string name{};
};

/// Reads columns of one table, which share one decimal separator: `asked`, or the one the texts
/// show. @throws DataError when they show none or two.
std::vector<NumberColumn> read_numbers(std::span<const NumberSource> sources, char asked,
                                       const Positions& positions, const Context& context);

}  // namespace emptor::data
