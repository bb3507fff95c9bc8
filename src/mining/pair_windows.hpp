#pragma once

#include "mining/visits.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining::next {

/// The visits that may be index visits and are followed by others in their window. Only these can
/// say anything of what comes next, so only these are rows of what a scan works on.
struct Windows {
  std::vector<std::int32_t> visit{};           ///< per row, ascending
  std::vector<std::int32_t> row{};             ///< per visit: its row, or -1
  std::vector<std::size_t> customer_begin{0};  ///< customers + 1: a customer's rows are a range

  [[nodiscard]] std::size_t size() const noexcept { return visit.size(); }
};

Windows make_windows(const Visits& visits);

/// The rows of those index visits that have one.
std::vector<std::int32_t> rows_of(const Windows& windows, std::span<const std::int32_t> index);

}  // namespace emptor::mining::next
