#pragma once

#include "emptor/core/context.hpp"
#include "emptor/data/sales.hpp"

#include "data/rows.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::data {

/// What matching returns to purchases found.
struct ReturnMatches {
  /// Share of each line's quantity that later returns give back, 0 to 1; empty if there are no
  /// returns at all.
  Rows<float> given_back{};
  std::int64_t returns = 0;
  std::int64_t partly_matched = 0;  ///< returns that found a purchase for part of their quantity
  std::int64_t ambiguous = 0;       ///< returns with more than one purchase to choose from
};

/// Matches every return to purchases and sets kUndone, kPartlyUndone and kUnmatchedReturn in
/// `flags`. A return undoes the latest earlier line of the same customer, product and price of one
/// that has quantity left, then the one before it, until its own quantity is used up. "Earlier"
/// counts lines of the same instant; the latest is the last in the canonical order of lines, which
/// is total. Lines without a customer match within their own order only. A return without quantity
/// (money back alone) undoes nothing.
///
/// `derived_price`: amounts came as totals, so the price of one is compared to the hundredth; else
/// to the ten-thousandth. `gross`: the discount was subtracted from the amount and is not part of
/// the price.
ReturnMatches match_returns(const Lines& lines, bool derived_price, bool gross,
                            std::span<std::uint16_t> flags, const Context& context);

}  // namespace emptor::data
