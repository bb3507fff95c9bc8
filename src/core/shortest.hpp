#pragma once

#include <charconv>
#include <string>

namespace emptor::core {

/// A number as people write it, in the fewest digits that give it back: 11, 7.5, 0.05.
inline std::string shortest(double value) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

}  // namespace emptor::core
