#pragma once

#include "emptor/core/export.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::learn {

/// Rows to learn from and rows to try the result on, both ascending.
struct Fold {
  std::vector<std::size_t> train{};
  std::vector<std::size_t> test{};
};

/// Every row is tried once, by a model that saw no row of its key: the fold of a row is a hash of
/// its key and the seed, so it does not depend on the other rows.
/// @throws InvalidArgument for fewer than 2 folds.
EMPTOR_EXPORT std::vector<Fold> grouped_folds(std::span<const std::uint64_t> key, int folds,
                                              std::uint64_t seed);

/// Rows are tried as they would have come: a fold tries the rows known at one moment (`known_at`)
/// with a model of rows whose outcome was complete by then (`outcome_at` at or before it). With
/// groups > 1 the rows of a moment are parted by key as in grouped_folds and learnt from by those
/// of other keys only. Moments before which fewer than `min_train` rows were complete have none.
/// @throws InvalidArgument if an outcome is complete before its row was known.
EMPTOR_EXPORT std::vector<Fold> time_ordered_folds(std::span<const std::int64_t> known_at,
                                                   std::span<const std::int64_t> outcome_at,
                                                   std::span<const std::uint64_t> key,
                                                   int groups = 1, std::uint64_t seed = 1,
                                                   std::size_t min_train = 1);

}  // namespace emptor::learn
