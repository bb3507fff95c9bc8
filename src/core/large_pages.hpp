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

#if defined(__linux__)
/// madvise for the pages that an array touches.
inline void advise_pages(void* memory, std::size_t bytes, int advice) noexcept {
  constexpr std::size_t kSmall = 4096;
  if (bytes < kLeastForLargePages) return;
  const std::size_t before = reinterpret_cast<std::uintptr_t>(memory) % kSmall;
  static_cast<void>(::madvise(static_cast<char*>(memory) - before,
                              (before + bytes + kSmall - 1) / kSmall * kSmall, advice));
}
#endif

/// Asks for memory in large pages where the system has them: a long array that is written once
/// spends more time on the faults of small pages than on its values. Memory that was never touched
/// profits; nothing else changes. The page before the first value is meant too: with it, arrays
/// that lie side by side are one piece, and large pages reach across.
inline void ask_for_large_pages([[maybe_unused]] void* memory,
                                [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  advise_pages(memory, bytes, MADV_HUGEPAGE);
#endif
}

/// Makes all of a long array present in one call, in place of a fault per page; for what is written
/// whole. Without that call in the system nothing happens.
inline void populate([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(__linux__) && defined(MADV_POPULATE_WRITE)
  advise_pages(memory, bytes, MADV_POPULATE_WRITE);
#endif
}

/// Room for `bytes` that the system's allocator will lay on whole large pages: a multiple of them
/// less the few bytes it keeps in front. Other sizes would begin and end in small pages.
inline std::size_t fill_large_pages(std::size_t bytes) noexcept {
  constexpr std::size_t kInFront = 64;
  if (bytes < kLeastForLargePages) return bytes;
  return (bytes + kInFront + kLargePage - 1) / kLargePage * kLargePage - kInFront;
}

/// vector.reserve(n) of an empty vector, in large pages. Reserve several vectors before the first
/// of them is filled: where they lie side by side a large page may reach from one into the next.
template <typename T>
void reserve_in_large_pages(std::vector<T>& values, std::size_t n) {
  values.reserve(fill_large_pages(n * sizeof(T)) / sizeof(T));
  ask_for_large_pages(values.data(), values.capacity() * sizeof(T));
}

/// vector.resize(n) of an empty vector that may be reserved.
template <typename T>
void resize_in_large_pages(std::vector<T>& values, std::size_t n) {
  if (values.capacity() < n) reserve_in_large_pages(values, n);
  populate(values.data(), n * sizeof(T));
  values.resize(n);
}

}  // namespace emptor::core
