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

/// One antecedent and one of its buyers: which of his windows begin at the index visit and at the
/// placebo's. Numbered from the customer's first; the number of his windows stands for none.
struct Start {
  std::int32_t antecedent = 0;  ///< number in the list
  std::int32_t row = 0, placebo = 0;
};

/// The starts of all antecedents that have a window, each customer's together.
struct Starts {
  std::vector<std::size_t> customer_begin{};  ///< customers + 1
  std::vector<Start> start{};

  [[nodiscard]] std::span<const Start> of(std::size_t customer) const noexcept {
    return std::span(start).subspan(customer_begin[customer],
                                    customer_begin[customer + 1] - customer_begin[customer]);
  }
};

/// `index`: index visits per antecedent; `placebo`: as many placebo visits, or none at all.
Starts make_starts(const Visits& visits, const Windows& windows,
                   std::span<const std::vector<std::int32_t>> index,
                   std::span<const std::vector<std::int32_t>> placebo);

}  // namespace emptor::mining::next
