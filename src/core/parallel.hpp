#pragma once

#include "emptor/core/context.hpp"

#include <cstddef>
#include <functional>
#include <vector>

namespace emptor::core {

/// How many threads `context` gives for `blocks` blocks of work.
int thread_count(const Context& context, std::size_t blocks);

/// Runs `work(block)` for every block in [0, blocks), on as many threads as the context gives, in
/// any order. Blocks are fixed by the caller and not by the number of threads, so partial results
/// kept per block and combined in block order have the same bits on any number of threads. The
/// first exception is rethrown after all threads have ended; the stop token is looked at, and
/// progress reported, between blocks. @throws Cancelled
void parallel_for(const Context& context, std::size_t blocks,
                  const std::function<void(std::size_t)>& work);

/// parallel_for over [0, n) in blocks of `block` items: `work(begin, end)`.
void parallel_ranges(const Context& context, std::size_t n, std::size_t block,
                     const std::function<void(std::size_t, std::size_t)>& work);

/// One partial result per block of [0, n), in block order.
template <typename Partial, typename Map>
std::vector<Partial> parallel_map(const Context& context, std::size_t n, std::size_t block,
                                  Map&& map) {
  std::vector<Partial> partials((n + block - 1) / block);
  parallel_ranges(context, n, block, [&](std::size_t begin, std::size_t end) {
    partials[begin / block] = map(begin, end);
  });
  return partials;
}

}  // namespace emptor::core
