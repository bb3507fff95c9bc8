#pragma once

#include <algorithm>
#include <cstdlib>

namespace emptor::testing {

/// How many times as long simulations run: EMPTOR_SIMULATION_SCALE, 1 where it is not set.
inline int simulation_scale() {
  const char* text = std::getenv("EMPTOR_SIMULATION_SCALE");
  return text == nullptr ? 1 : std::max(1, std::atoi(text));
}

}  // namespace emptor::testing
