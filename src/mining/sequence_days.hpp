#pragma once

#include "mining/sequence_data.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining::seq {

/// How long one sequence took, over each customer's first completion on its shortest way: the
/// earliest day it ends on, and back from there always the latest day that fits.
struct SequenceDays {
  double median = 0, quartile_25 = 0, quartile_75 = 0;  ///< first to last element
  std::vector<std::int32_t> gaps{};  ///< median per pair of neighbours, the lower of two
  std::int64_t customers = 0;
};

/// `row` is a row of Patterns. Work: the purchases of its items.
SequenceDays days_of(const SequenceData& data, std::span<const std::int32_t> row);

}  // namespace emptor::mining::seq
