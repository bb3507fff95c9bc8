#pragma once

#include <memory>
#include <utility>
#include <vector>

namespace emptor::data {

/// std::allocator whose new entries are left as they are instead of zeroed: every entry of a column
/// is written anyway, and touching it twice costs as much as the work on it.
template <typename T>
struct RowAllocator : std::allocator<T> {
  template <typename U>
  struct rebind {
    using other = RowAllocator<U>;
  };
  using std::allocator<T>::allocator;

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
