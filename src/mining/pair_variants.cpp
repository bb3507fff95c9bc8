#include "mining/pair_variants.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>
#include <utility>

namespace emptor::mining::next {
namespace {

// One score per entry of `out`, which are among them unless they were too small to be kept.
void take_out(std::vector<double>& z, const std::vector<double>& out) {
  std::multiset<double> left(out.begin(), out.end());
  std::erase_if(z, [&](double value) {
    const auto found = left.find(value);
    if (found == left.end()) return false;
    left.erase(found);
    return true;
  });
}

std::int64_t leave_out(Search& group, const ItemVariants& variants) {
  const auto is_variant = [&](const Candidate& c) {
    return variants.same(group.plan.antecedents[static_cast<std::size_t>(c.antecedent)],
                         group.plan.consequents[static_cast<std::size_t>(c.consequent)]);
  };
  std::vector<double> affinity;
  std::vector<double> timing;
  std::set<std::pair<std::int32_t, std::int32_t>> pending;
  Scan& scan = group.scan;
  const std::int64_t before = static_cast<std::int64_t>(scan.candidates.size());
  std::erase_if(scan.candidates, [&](const Candidate& c) {
    if (!is_variant(c)) return false;
    if (!std::isnan(c.z)) affinity.push_back(c.z);
    if (c.timing.needs_exact())
      pending.emplace(c.antecedent, c.consequent);
    else if (!std::isnan(c.timing.z()))
      timing.push_back(c.timing.z());
    return true;
  });
  take_out(scan.z, affinity);
  take_out(scan.timing.z, timing);
  std::erase_if(scan.timing.pending, [&](const PendingTiming& pair) {
    return pending.contains({pair.antecedent, pair.consequent});
  });
  return before - static_cast<std::int64_t>(scan.candidates.size());
}

}  // namespace

std::int64_t leave_out_variants(std::vector<Search>& groups, const ItemVariants& variants) {
  std::int64_t n = 0;
  for (Search& group : groups) n += leave_out(group, variants);
  return n;
}

}  // namespace emptor::mining::next
