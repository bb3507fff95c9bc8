#include "emptor/core/estimate.hpp"

#include <array>

namespace emptor {

std::span<const std::string_view> status_labels() noexcept {
  static constexpr std::array<std::string_view, 7> labels{
      "ok",       "small_sample", "not_enough_data", "not_converged",
      "boundary", "extrapolated", "undefined"};
  return labels;
}

}  // namespace emptor
