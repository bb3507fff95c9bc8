#pragma once

#include "emptor/core/context.hpp"
#include "emptor/learn/additive_model.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::learn {

inline constexpr std::size_t kCells = 16;  ///< per side of a pair

/// How to cut the columns of a table: numbers at midpoints between neighbouring values, or into
/// bins of about equal counts where there are more values than bins (of at most 200,000 rows, those
/// of the lowest key hashes); categories by level, the rarest beyond the bins left to bin 0.
std::vector<FeatureBins> make_bins(const TrainingView& view, int max_bins, const Context& context);

/// The bin of a number: 0 for missing.
std::uint8_t bin_of(const FeatureBins& feature, double value) noexcept;

/// Bins of all rows, column after column: [column * rows + row].
std::vector<std::uint8_t> binned(std::span<const FeatureBins> features,
                                 const MatchedFeatures& given, const Context& context);

}  // namespace emptor::learn
