#include "emptor/learn/validation.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace emptor::learn {
namespace {

std::size_t group_of(std::uint64_t key, std::uint64_t seed, int groups) {
  const std::uint64_t salt = core::hash_integer(seed + 0xA0761D6478BD642FULL);
  return core::hash_integer(key ^ salt) % static_cast<std::uint64_t>(groups);
}

}  // namespace

std::vector<Fold> grouped_folds(std::span<const std::uint64_t> key, int folds, std::uint64_t seed) {
  if (folds < 2)
    throw InvalidArgument("grouped_folds: folds must be 2 or more, found " + std::to_string(folds));
  std::vector<Fold> result(static_cast<std::size_t>(folds));
  for (std::size_t i = 0; i < key.size(); ++i) {
    const std::size_t own = group_of(key[i], seed, folds);
    for (std::size_t f = 0; f < result.size(); ++f)
      (f == own ? result[f].test : result[f].train).push_back(i);
  }
  return result;
}

std::vector<Fold> time_ordered_folds(std::span<const std::int64_t> known_at,
                                     std::span<const std::int64_t> outcome_at,
                                     std::span<const std::uint64_t> key, int groups,
                                     std::uint64_t seed, std::size_t min_train) {
  const std::size_t n = known_at.size();
  if (outcome_at.size() != n || key.size() != n)
    throw InvalidArgument("time_ordered_folds: known_at, outcome_at and key must have equal sizes");
  if (groups < 1)
    throw InvalidArgument("time_ordered_folds: groups must be 1 or more, found " +
                          std::to_string(groups));
  for (std::size_t i = 0; i < n; ++i)
    if (outcome_at[i] < known_at[i])
      throw InvalidArgument("time_ordered_folds: row " + std::to_string(i) +
                            " has its outcome before it was known");
  std::vector<std::int64_t> moments(known_at.begin(), known_at.end());
  std::sort(moments.begin(), moments.end());
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  std::vector<Fold> result;
  for (const std::int64_t moment : moments)
    for (std::size_t g = 0; g < static_cast<std::size_t>(groups); ++g) {
      Fold fold;
      for (std::size_t i = 0; i < n; ++i) {
        const bool own = group_of(key[i], seed, groups) == g;
        if (known_at[i] == moment && own) fold.test.push_back(i);
        if (outcome_at[i] <= moment && known_at[i] < moment && (groups == 1 || !own))
          fold.train.push_back(i);
      }
      if (!fold.test.empty() && fold.train.size() >= std::max<std::size_t>(1, min_train))
        result.push_back(std::move(fold));
    }
  return result;
}

}  // namespace emptor::learn
