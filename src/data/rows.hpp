#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace emptor::data {

/// Memory that is written before it is read: not zeroed, and in large pages where they pay, since
/// mapping a column page by page takes as long as the work on it.
/// @throws std::bad_alloc
void* allocate_pages(std::size_t bytes);
void free_pages(void* memory) noexcept;

/// std::allocator whose new entries are left as they are instead of zeroed: every entry of a column
/// is written anyway, and touching it twice costs as much as the work on it.
template <typename T>
struct RowAllocator : std::allocator<T> {
  template <typename U>
  struct rebind {
    using other = RowAllocator<U>;
  };
  using std::allocator<T>::allocator;

  [[nodiscard]] T* allocate(std::size_t n) {
    if (n > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_array_new_length();
    return static_cast<T*>(allocate_pages(n * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t) noexcept { free_pages(memory); }

  template <typename U>
  void construct(U* at) noexcept {
    ::new (static_cast<void*>(at)) U;
  }
  template <typename U, typename... Args>
  void construct(U* at, Args&&... args) {
    ::new (static_cast<void*>(at)) U(std::forward<Args>(args)...);
  }
};

/// A column with one entry per row. Mind: `Rows<int> r(n)` and `resize` do not set the entries.
template <typename T>
using Rows = std::vector<T, RowAllocator<T>>;

}  // namespace emptor::data
