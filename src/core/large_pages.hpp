#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace emptor::core {

inline constexpr std::size_t kLargePage = std::size_t{2} << 20;
/// Shorter arrays are left alone.
inline constexpr std::size_t kLeastForLargePages = std::size_t{1} << 19;

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

/// The system's allocator has written a few bytes in front of an array it laid on large pages, and
/// with that the first one is small pages: makes them a large one.
inline void join_first_pages([[maybe_unused]] void* memory,
                             [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr int kCollapse = 25;  // MADV_COLLAPSE of Linux 6.1; other systems refuse it
  constexpr std::size_t kMostInFront = 64;
  const std::size_t before = reinterpret_cast<std::uintptr_t>(memory) % kLargePage;
  if (before > kMostInFront || before + bytes + kMostInFront < kLargePage) return;
  static_cast<void>(::madvise(static_cast<char*>(memory) - before, kLargePage, kCollapse));
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
  join_first_pages(values.data(), values.capacity() * sizeof(T));
}

/// vector.resize(n) of an empty vector that may be reserved.
template <typename T>
void resize_in_large_pages(std::vector<T>& values, std::size_t n) {
  if (values.capacity() < n) reserve_in_large_pages(values, n);
  populate(values.data(), n * sizeof(T));
  values.resize(n);
}

/// A long array of plain values that are written before they are read, on large pages of its own:
/// what is asked of the system's allocator may lie anywhere, and begin and end in small pages.
template <typename T>
class LargeArray {
  static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= 16);

 public:
  LargeArray() = default;
  /// @throws std::bad_alloc
  explicit LargeArray(std::size_t n) : size_(n) {
    if (n > std::numeric_limits<std::size_t>::max() / sizeof(T) - kLargePage)
      throw std::bad_alloc();
    const std::size_t bytes = n * sizeof(T);
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    if (bytes >= kLeastForLargePages) {
      mapped_ = (bytes + kLargePage - 1) / kLargePage * kLargePage + kLargePage;
      map_ = ::mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (map_ == MAP_FAILED) {
        mapped_ = 0;
        throw std::bad_alloc();
      }
      const std::size_t before = reinterpret_cast<std::uintptr_t>(map_) % kLargePage;
      void* const begin = static_cast<char*>(map_) + (kLargePage - before) % kLargePage;
      values_ = static_cast<T*>(begin);
      ask_for_large_pages(begin, mapped_ - kLargePage);
      return;
    }
#endif
    values_ = static_cast<T*>(::operator new(bytes));
  }
  LargeArray(LargeArray&& other) noexcept { swap(other); }
  LargeArray& operator=(LargeArray&& other) noexcept {
    LargeArray moved(std::move(other));
    swap(moved);
    return *this;
  }
  LargeArray(const LargeArray&) = delete;
  LargeArray& operator=(const LargeArray&) = delete;
  ~LargeArray() {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    if (mapped_ > 0) {
      ::munmap(map_, mapped_);
      return;
    }
#endif
    ::operator delete(values_);
  }

  [[nodiscard]] T* data() noexcept { return values_; }
  [[nodiscard]] const T* data() const noexcept { return values_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] T& operator[](std::size_t i) noexcept { return values_[i]; }
  [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return values_[i]; }

 private:
  void swap(LargeArray& other) noexcept {
    std::swap(values_, other.values_);
    std::swap(size_, other.size_);
    std::swap(map_, other.map_);
    std::swap(mapped_, other.mapped_);
  }
  T* values_ = nullptr;
  std::size_t size_ = 0;
  void* map_ = nullptr;
  std::size_t mapped_ = 0;  // bytes; 0: from the system's allocator
};

}  // namespace emptor::core
