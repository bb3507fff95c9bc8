#pragma once

#include "mining/itemset_found.hpp"

#include <cstdint>
#include <vector>

namespace emptor::mining::sets {

/// The least count of which search() found every set, where it looked for the plan's `best` alone.
std::uint64_t complete_from(const std::vector<Chunk>& chunks, const Plan& plan);
/// Sets of at least that count and of the plan's sizes.
std::uint64_t sets_from(std::uint64_t least, const std::vector<Chunk>& chunks, const Plan& plan);

/// search() for the best sets of which `keep` keeps only some: with more and more best ones until
/// the plan's `best` are certain among keep(what was found). `wide` is what is searched.
template <typename Keep>
std::vector<Chunk> search_best(const Database& db, Plan wide, const Plan& plan, Keep keep,
                               const Context& context) {
  if (plan.best == 0) return keep(search(db, wide, context));
  for (wide.best = plus(plan.best, plan.best);; wide.best = plus(wide.best, 3 * wide.best)) {
    const std::vector<Chunk> all = search(db, wide, context);
    std::vector<Chunk> kept = keep(all);
    const std::uint64_t least = complete_from(all, wide);
    if (least <= wide.min_count || sets_from(least, kept, plan) >= plan.best) return kept;
  }
}

}  // namespace emptor::mining::sets
