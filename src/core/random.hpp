#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace emptor::core {

/// Philox4x32-10, the counter-based generator of Salmon et al. (SC 2011): the block of random bits
/// is a pure function of (seed, stream, index), so it does not matter who draws first.
class Random {
 public:
  /// `stream` is the hash of the id the numbers belong to; streams are independent.
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0) noexcept
      : seed_(seed), stream_(stream) {}

  std::uint64_t bits() noexcept;
  double uniform() noexcept;            ///< in (0, 1)
  double normal() noexcept;             ///< standard normal, by inversion
  double exponential() noexcept;        ///< mean 1
  double gamma(double shape) noexcept;  ///< scale 1; shape > 0
  std::int64_t poisson(double mean) noexcept;
  std::uint64_t below(std::uint64_t n) noexcept;  ///< uniform in [0, n), n > 0

 private:
  std::uint64_t seed_;
  std::uint64_t stream_;
  std::uint64_t index_ = 0;
  std::array<std::uint32_t, 4> block_{};
  int used_ = 4;
};

/// The Philox4x32-10 block itself, for its known-answer tests.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key) noexcept;

/// A 64-bit hash of bytes, the same on every machine.
std::uint64_t hash_bytes(const void* data, std::size_t size) noexcept;
/// A 64-bit hash of an integer (splitmix64's finaliser).
std::uint64_t hash_integer(std::uint64_t value) noexcept;

}  // namespace emptor::core
