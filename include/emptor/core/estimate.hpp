#pragma once

#include "emptor/core/export.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace emptor {

/// What stands behind an estimate. Too little data is a status, never a 0 % or a 100 %.
enum class Status : std::uint8_t {
  ok,
  small_sample,     ///< usable, but the interval is wide
  not_enough_data,  ///< no estimate; the value is NaN
  not_converged,    ///< the optimiser stopped early
  boundary,         ///< the estimate lies on the edge of what the model allows
  extrapolated,     ///< asked beyond what the data cover; a bound, not an estimate
  undefined,        ///< the quantity does not exist here, as a ratio over zero
};

/// "ok", "small_sample", ... in the order of Status.
EMPTOR_EXPORT std::span<const std::string_view> status_labels() noexcept;

/// A number with its uncertainty. `level` is a confidence, .95 meaning 95 %.
struct Estimate {
  double value = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
  double level = 0.95;
  std::int64_t n = 0;  ///< how many observations it rests on
  Status status = Status::ok;
};

}  // namespace emptor
