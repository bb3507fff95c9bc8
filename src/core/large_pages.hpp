#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace emptor::core {

inline constexpr std::size_t kLargePage = std::size_t{2} << 20;
/// Shorter arrays are left alone.
inline constexpr std::size_t kLeastForLargePages = std::size_t{1} << 20;

/// Asks for memory in large pages where the system has them: a long array that is written once
/// spends more time on the faults of small pages than on its values. Memory that was never touched
/// profits; nothing else changes.
inline void ask_for_large_pages(void* memory, std::size_t bytes) noexcept {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr std::size_t kSmall = 4096;
  if (bytes < kLeastForLargePages) return;
  const std::size_t skip = (kSmall - reinterpret_cast<std::uintptr_t>(memory) % kSmall) % kSmall;
  static_cast<void>(::madvise(static_cast<char*>(memory) + skip, (bytes - skip) / kSmall * kSmall,
                              MADV_HUGEPAGE));
#else
  static_cast<void>(memory);
  static_cast<void>(bytes);
#endif
}

/// Makes all of a long array present in one call, in place of a fault per page; for what is written
/// whole. Without that call in the system nothing happens.
inline void populate(void* memory, std::size_t bytes) noexcept {
#if defined(__linux__) && defined(MADV_POPULATE_WRITE)
  constexpr std::size_t kSmall = 4096;
  if (bytes < kLeastForLargePages) return;
  const std::size_t skip = (kSmall - reinterpret_cast<std::uintptr_t>(memory) % kSmall) % kSmall;
  static_cast<void>(::madvise(static_cast<char*>(memory) + skip, (bytes - skip) / kSmall * kSmall,
                              MADV_POPULATE_WRITE));
#else
  static_cast<void>(memory);
  static_cast<void>(bytes);
#endif
}

/// Room for `bytes` that the system's allocator will lay on whole large pages: a multiple of them
/// less the few bytes it keeps in front. Other sizes would begin and end in small pages.
inline std::size_t fill_large_pages(std::size_t bytes) noexcept {
  constexpr std::size_t kInFront = 64;
  if (bytes < kLeastForLargePages) return bytes;
  return (bytes + kInFront + kLargePage - 1) / kLargePage * kLargePage - kInFront;
}

/// vector.reserve(n) of an empty vector, in large pages.
template <typename T>
void reserve_in_large_pages(std::vector<T>& values, std::size_t n) {
  values.reserve(fill_large_pages(n * sizeof(T)) / sizeof(T));
  ask_for_large_pages(values.data(), values.capacity() * sizeof(T));
}

/// vector.resize(n) of an empty vector, in large pages.
template <typename T>
void resize_in_large_pages(std::vector<T>& values, std::size_t n) {
  reserve_in_large_pages(values, n);
  populate(values.data(), n * sizeof(T));
  values.resize(n);
}

}  // namespace emptor::core
