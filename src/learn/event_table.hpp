#pragma once

#include "emptor/core/context.hpp"
#include "emptor/learn/survival.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace emptor::learn {

/// Who leaves when, in one group: one row per distinct time at which somebody leaves, rising.
struct EventTable {
  std::vector<double> time{};
  std::vector<std::int64_t> at_risk{};   ///< watched just before the time
  std::vector<std::int64_t> events{};    ///< of any cause
  std::vector<std::int64_t> censored{};  ///< they are at risk at their time
  std::vector<std::int64_t> by_cause{};  ///< row-major, `causes` a row; filled with causes > 1
  std::size_t causes = 1;
  std::int64_t n = 0;
  std::int64_t n_events = 0;
  [[nodiscard]] std::size_t size() const noexcept { return time.size(); }
  [[nodiscard]] std::int64_t of(std::size_t row, std::size_t cause) const noexcept {
    return causes == 1 ? events[row] : by_cause[row * causes + cause];
  }
};

/// One table per group. Events are 0 (censored) to `causes`; with causes == 1 any event above 0 is
/// the one. The view must have been checked.
std::vector<EventTable> event_tables(const SurvivalView& view, std::size_t causes,
                                     const Context& context, std::string_view function);

}  // namespace emptor::learn
