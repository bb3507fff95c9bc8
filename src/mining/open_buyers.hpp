#pragma once

#include "emptor/mining/bought_next.hpp"

#include <span>

namespace emptor::mining::next {

/// Fills n_open and expected_open of every row: who bought the antecedent so lately that the window
/// is still open on the last day, and never the consequent; and how many of them would still buy it
/// if those who buy came evenly over the window. `parts` and `codes` as in search_and_list.
void count_open_buyers(std::span<const PurchasesView> parts, std::span<const std::int32_t> codes,
                       const data::Span& window, BoughtNext& result);

}  // namespace emptor::mining::next
