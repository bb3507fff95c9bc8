#pragma once

#include "emptor/mining/sequences.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining::seq {

using data::Day;

/// Purchases laid out for mining: only items with enough customers, numbered in the order of their
/// codes, and for every visit the range of visits that may follow it. Visits are numbered in
/// (customer, day) order, so all of these are index ranges.
struct SequenceData {
  std::vector<std::int32_t> code{};      ///< per item: the caller's code
  std::vector<std::int32_t> support{};   ///< per item: its customers
  std::vector<std::int32_t> item{};      ///< per purchase
  std::vector<std::int32_t> visit{};     ///< per purchase
  std::vector<std::int32_t> begin{};     ///< visits + 1, into item
  std::vector<std::int32_t> customer{};  ///< per visit: 0, 1, ... in order of appearance
  std::vector<Day> day{};                ///< per visit
  /// The next element of a sequence lies in the visits [from[v], to[v]), its last one before
  /// span_to[v] if its first one is v.
  std::vector<std::int32_t> from{}, to{}, span_to{};
  std::vector<std::int32_t> item_begin{};     ///< items + 1
  std::vector<std::int32_t> item_purchase{};  ///< per item its purchases, ascending
  std::vector<std::uint8_t> wanted{};         ///< per item: must be in every listed sequence
  std::int64_t n_wanted = 0;                  ///< ... of which there are
  bool one_item_visits = true;
  std::int64_t n_customers = 0, n_visits = 0;  ///< of all purchases
  std::int64_t min_count = 0;

  [[nodiscard]] std::span<const std::int32_t> purchases_of(std::size_t i) const noexcept {
    return {item_purchase.data() + item_begin[i],
            static_cast<std::size_t>(item_begin[i + 1] - item_begin[i])};
  }
};

/// Per code: whether it is left out, or must be there; empty: none is.
struct ItemFilter {
  std::vector<std::uint8_t> exclude{}, must_contain{};
};

/// Checks purchases and options and lays them out. @throws InvalidArgument
SequenceData make_sequence_data(const PurchasesView& purchases, const ItemFilter& filter,
                                const SequencesOptions& options);

/// @throws InvalidArgument naming the option.
void check_options(const SequencesOptions& options);

}  // namespace emptor::mining::seq
