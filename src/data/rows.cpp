#include "data/rows.hpp"

#include <cstdint>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace emptor::data {

void* allocate_pages(std::size_t bytes) {
  void* const memory = ::operator new(bytes);
#if defined(__linux__)
  constexpr std::size_t kPage = 4096;
  constexpr std::size_t kLarge = std::size_t{1} << 22;
  if (bytes >= kLarge) {
    const std::size_t skip = kPage - reinterpret_cast<std::uintptr_t>(memory) % kPage;
    (void)::madvise(static_cast<char*>(memory) + skip, bytes - skip, MADV_HUGEPAGE);
  }
#endif
  return memory;
}

void free_pages(void* memory) noexcept { ::operator delete(memory); }

}  // namespace emptor::data
