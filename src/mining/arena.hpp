#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace emptor::mining::sets {

/// Memory of a recursion, one per thread: taken from the top, given back to a mark. Blocks stay
/// for the next time, so the recursion itself allocates nothing.
class Arena {
 public:
  struct Mark {
    std::size_t block, used;
  };
  [[nodiscard]] Mark mark() const noexcept { return {block_, used_}; }
  void release(Mark mark) noexcept {
    block_ = mark.block;
    used_ = mark.used;
  }
  /// Room for n values of a plain type, on a cache line of its own, uninitialised. The 64 bytes
  /// behind it may be written too.
  template <typename T>
  T* take(std::size_t n) {
    return reinterpret_cast<T*>(bytes(n * sizeof(T) + 64));
  }
  /// Memory held.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  static constexpr std::size_t kLine = 64;
  static constexpr std::size_t kBlock = std::size_t{1} << 20;
  struct Block {
    std::unique_ptr<std::byte[]> memory;
    std::size_t begin, end;  // aligned
  };

  std::byte* bytes(std::size_t n) {
    n = (n + kLine - 1) / kLine * kLine;
    while (block_ < blocks_.size()) {
      Block& block = blocks_[block_];
      if (block.begin + used_ + n <= block.end) {
        std::byte* place = block.memory.get() + block.begin + used_;
        used_ += n;
        return place;
      }
      if (used_ == 0 && block_ + 1 == blocks_.size()) {  // empty, and too small
        size_ -= block.end;
        blocks_.pop_back();
        break;
      }
      ++block_;
      used_ = 0;
    }
    const std::size_t wanted = (n > kBlock ? n : kBlock) + kLine;
    Block block{std::unique_ptr<std::byte[]>(new std::byte[wanted]), 0, wanted};
    block.begin = (kLine - reinterpret_cast<std::uintptr_t>(block.memory.get()) % kLine) % kLine;
    blocks_.push_back(std::move(block));
    size_ += wanted;
    block_ = blocks_.size() - 1;
    used_ = n;
    return blocks_.back().memory.get() + blocks_.back().begin;
  }

  std::vector<Block> blocks_{};
  std::size_t block_ = 0, used_ = 0, size_ = 0;
};

}  // namespace emptor::mining::sets
