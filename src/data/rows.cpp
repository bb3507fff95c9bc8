#include "data/rows.hpp"

#include <cstdint>

#if defined(__linux__)
#include <sys/mman.h>
#endif
#if defined(__linux__) && defined(__x86_64__)
#include <cpuid.h>
#endif

namespace emptor::data {
namespace {

/// Large pages spare most faults of a column's first use. In a virtual machine whose host takes
/// free memory back they are the ones it took: each is fetched from the host and cleared twice,
/// which costs more than the small pages that processes hand each other (docs/benchmarks/data.md).
bool large_pages_are_cheap() noexcept {
#if defined(__linux__) && defined(__x86_64__)
  static const bool on_hardware = [] {
    constexpr unsigned kHypervisor = 1U << 31;
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & kHypervisor) == 0;
  }();
  return on_hardware;
#else
  return false;
#endif
}

}  // namespace

void* allocate_pages(std::size_t bytes) {
  void* const memory = ::operator new(bytes);
#if defined(__linux__)
  constexpr std::size_t kPage = 4096;
  constexpr std::size_t kLarge = std::size_t{1} << 22;
  if (bytes >= kLarge && large_pages_are_cheap()) {
    const std::size_t skip = kPage - reinterpret_cast<std::uintptr_t>(memory) % kPage;
    (void)::madvise(static_cast<char*>(memory) + skip, bytes - skip, MADV_HUGEPAGE);
  }
#endif
  return memory;
}

void free_pages(void* memory) noexcept { ::operator delete(memory); }

}  // namespace emptor::data
