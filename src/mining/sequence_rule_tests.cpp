#include "core/parallel.hpp"
#include "core/special.hpp"
#include "mining/pair_q.hpp"
#include "mining/sequence_rule_parts.hpp"
#include "mining/timing.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace emptor::mining::timed {
namespace {

using next::Candidate;
using next::Search;

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

/// The largest p-values that can be discoveries before sets are tested against their parts; -1: no
/// p-value can.
struct Limits {
  double affinity = -1, timing = -1;
};

/// Of one test: `scores` of single items, p-values of sets.
double limit_of(const std::vector<double>& scores, const std::vector<double>& sets,
                std::int64_t n_tests, double fdr) {
  auto p = next::p_that_matter(scores, sets.size(), n_tests, fdr);
  p.insert(p.end(), sets.begin(), sets.end());
  return next::QValues(std::move(p), n_tests).threshold(fdr);
}

Limits limits_of(const std::vector<Search>& groups, double fdr) {
  std::vector<double> affinity, timing, affinity_sets, timing_sets;
  std::int64_t n = 0, n_timing = 0;
  const auto add = [](std::vector<double>& to, double p) {
    if (!std::isnan(p)) to.push_back(p);
  };
  for (const Search& group : groups) {
    const auto& scan = group.scan;
    n += scan.n_testable;
    n_timing += scan.timing.n_testable;
    affinity.insert(affinity.end(), scan.z.begin(), scan.z.end());
    timing.insert(timing.end(), scan.timing.z.begin(), scan.timing.z.end());
    for (const auto& pair : scan.timing.pending) timing.push_back(pair.z);
    for (const Candidate& c : scan.candidates) {
      if (!is_set(group, c)) continue;
      add(affinity_sets, core::normal_sf(c.z));
      add(timing_sets, c.timing.p());
    }
  }
  return {limit_of(affinity, affinity_sets, n, fdr), limit_of(timing, timing_sets, n_timing, fdr)};
}

/// Tests candidates of one set, which share its parts.
class SetTest {
 public:
  SetTest(const Search& search, const Completions& completions, const Limits& limits, bool all)
      : search_(search), completions_(completions), limits_(limits), all_(all) {}

  void operator()(std::span<Candidate> rules) const {
    const auto open = [&](const Candidate& c) { return by_affinity(c) || by_timing(c); };
    if (std::none_of(rules.begin(), rules.end(), open)) return;
    const auto set = search_.plan.items_of(rules.front().antecedent);
    const auto& whole = search_.plan.index[at(rules.front().antecedent)];
    std::vector<HardestPart> affinity(rules.size()), timing(rules.size());
    for (std::int32_t mask = 1; mask < (1 << set.size()) - 1; ++mask) {
      const auto part = completions_(part_of(set, mask));
      for (std::size_t i = 0; i < rules.size(); ++i) {
        const auto b = at(rules[i].consequent);
        const auto consequent = search_.plan.consequents[b];
        if (by_affinity(rules[i]))
          affinity[i].add(test_part(search_.visits, *search_.rates, b, consequent, whole, part).p,
                          mask);
        if (!by_timing(rules[i])) continue;
        const double p = next::timing_p(next::part_timing_customers(search_.visits, *search_.rates,
                                                                    b, consequent, whole, part));
        timing[i].add(std::isnan(p) ? 1 : p, mask);
      }
    }
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (by_affinity(rules[i])) {
        rules[i].part_p = affinity[i].p;
        rules[i].part = affinity[i].mask;
      }
      if (!by_timing(rules[i])) continue;
      rules[i].timing_part_p = timing[i].p;
      rules[i].timing_part = timing[i].mask;
    }
  }

 private:
  [[nodiscard]] bool by_affinity(const Candidate& c) const {
    return all_ || core::normal_sf(c.z) <= limits_.affinity;
  }
  [[nodiscard]] bool by_timing(const Candidate& c) const {
    return all_ || c.timing.p() <= limits_.timing;
  }

  const Search& search_;
  const Completions& completions_;
  const Limits& limits_;
  bool all_;
};

void test_group(Search& group, const Limits& limits, bool all, const Completions& completions,
                const Context& context) {
  auto& rules = group.scan.candidates;
  std::vector<std::size_t> begin;  // of sets; candidates come by antecedent
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (is_set(group, rules[i]) && (i == 0 || rules[i].antecedent != rules[i - 1].antecedent))
      begin.push_back(i);
  const SetTest test(group, completions, limits, all);
  core::parallel_for(context, begin.size(), [&](std::size_t k) {
    const auto end = k + 1 < begin.size() ? begin[k + 1] : rules.size();
    test(std::span(rules).subspan(begin[k], end - begin[k]));
  });
}

}  // namespace

std::int64_t test_parts(std::vector<Search>& groups, const BoughtNextOptions& options,
                        const SequenceRulesOptions& sets, const Context& context) {
  const Limits limits = limits_of(groups, options.likely_fdr);
  const bool affinity = options.evidence == Evidence::affinity;
  std::int64_t n_redundant = 0;
  for (Search& group : groups) {
    const Completions completions(group.visits, sets.completion);
    test_group(group, limits, options.all_pairs, completions, context);
    auto& scan = group.scan;
    for (const Candidate& c : scan.candidates) {
      if (!is_set(group, c)) continue;
      if (!std::isnan(c.part_p) && !std::isnan(c.z)) scan.p.push_back(rule_p(group, c));
      if (!std::isnan(c.timing_part_p) && !std::isnan(c.timing.p()))
        scan.timing.p.push_back(timing_rule_p(group, c));
      if (affinity ? is_redundant(c.part_p) && core::normal_sf(c.z) <= limits.affinity
                   : is_redundant(c.timing_part_p) && c.timing.p() <= limits.timing)
        ++n_redundant;
    }
    std::erase_if(scan.candidates, [&](const Candidate& c) {
      if (!is_set(group, c)) return false;
      const double part_p = affinity ? c.part_p : c.timing_part_p;
      return std::isnan(part_p) || (!sets.redundant && is_redundant(part_p));
    });
  }
  return n_redundant;
}

}  // namespace emptor::mining::timed
