#include "data/rows.hpp"

#include "core/large_pages.hpp"

namespace emptor::data {

void* allocate_pages(std::size_t bytes) {
  void* const memory = ::operator new(bytes);
  core::ask_for_large_pages(memory, bytes);
  return memory;
}

void free_pages(void* memory) noexcept { ::operator delete(memory); }

}  // namespace emptor::data
