#include "mining/pair_triangle.hpp"

#include "core/parallel.hpp"

#include <memory>
#include <mutex>
#include <utility>

namespace emptor::mining {
namespace {

constexpr std::size_t kBaskets = std::size_t{1} << 16U;  // a block

}  // namespace

PairTriangle::PairTriangle(const data::BasketsView& view, std::span<const std::int32_t> rank_of,
                           std::size_t n_ranks, const Context& context)
    : n_ranks_(n_ranks) {
  // The rank of b is added to the beginning of a's row, less what stands before a + 1 in it.
  std::vector<std::size_t> begin(n_ranks);
  for (std::size_t a = 0; a < n_ranks; ++a) begin[a] = first(a) - a - 1;
  // Whole numbers: which thread counted what does not show in the sum.
  std::mutex mutex;
  std::vector<std::vector<std::uint32_t>> idle;
  core::parallel_ranges(context, view.size(), kBaskets, [&](std::size_t from, std::size_t to) {
    std::vector<std::uint32_t> own;
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) {
        own = std::move(idle.back());
        idle.pop_back();
      }
    }
    if (own.empty()) own.assign(n_ranks * (n_ranks - 1) / 2 + 1, 0);
    std::uint32_t* const count = own.data();
    std::vector<std::size_t> before(n_ranks);
    for (std::size_t i = from; i < to; ++i) {
      std::size_t n = 0;
      for (std::int64_t k = view.offset[i]; k < view.offset[i + 1]; ++k) {
        const std::int32_t r =
            rank_of[static_cast<std::size_t>(view.item[static_cast<std::size_t>(k)])];
        if (r < 0) continue;
        const auto rank = static_cast<std::size_t>(r);
        for (std::size_t j = 0; j < n; ++j) ++count[before[j] + rank];
        before[n++] = begin[rank];
      }
    }
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(own));
  });
  count_.assign(n_ranks * (n_ranks - 1) / 2 + 1, 0);
  if (!idle.empty()) count_ = std::move(idle.back());
  for (std::size_t t = 0; t + 1 < idle.size(); ++t) {
    for (std::size_t i = 0; i < count_.size(); ++i) count_[i] += idle[t][i];
  }
}

}  // namespace emptor::mining
