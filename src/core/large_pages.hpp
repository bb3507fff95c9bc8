#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace emptor::core {

/// Asks for memory in large pages where the system has them: a long array that is written once
/// spends more time on the faults of small pages than on its values. Memory that was never touched
/// profits; nothing else changes.
inline void ask_for_large_pages(void* memory, std::size_t bytes) noexcept {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr std::size_t kLarge = std::size_t{2} << 20;
  constexpr std::size_t kSmall = 4096;
  if (bytes < 2 * kLarge) return;
  const std::size_t skip = (kSmall - reinterpret_cast<std::uintptr_t>(memory) % kSmall) % kSmall;
  static_cast<void>(::madvise(static_cast<char*>(memory) + skip, (bytes - skip) / kSmall * kSmall,
                              MADV_HUGEPAGE));
#else
  static_cast<void>(memory);
  static_cast<void>(bytes);
#endif
}

/// vector.resize(n) of an empty vector, in large pages.
template <typename T>
void resize_in_large_pages(std::vector<T>& values, std::size_t n) {
  values.reserve(n);
  ask_for_large_pages(values.data(), n * sizeof(T));
  values.resize(n);
}

}  // namespace emptor::core
