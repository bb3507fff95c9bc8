#pragma once

#include "mining/pair_search.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining::next {

/// p-values up to this are kept, or up to `likely_fdr` if that is more: larger ones can neither be
/// discoveries nor lower a q-value up to it, and count as 1.
inline constexpr double kKeptP = 0.25;

/// The p-values of those normal scores that, with `n_others` more tests kept and `n_tests` in all,
/// may have a q-value below `most`. The others' only lower bounds are worked out: most scores have
/// a q-value of 1, and need no error function for it.
std::vector<double> p_that_matter(std::span<const double> z, std::size_t n_others,
                                  std::int64_t n_tests, double most = 1);

/// q-values of Benjamini and Hochberg as a step function of p: `kept` are the p-values of testable
/// hypotheses up to some p, `n_tests` how many were testable in all. Other p-values have 1.
class QValues {
 public:
  QValues(std::vector<double> kept, std::int64_t n_tests);
  [[nodiscard]] double operator()(double p) const;  ///< NaN for NaN
  [[nodiscard]] std::int64_t discoveries(double fdr) const;
  /// The largest p with a q-value of at most `fdr`; -1 if there is none.
  [[nodiscard]] double threshold(double fdr) const;

 private:
  std::vector<double> p_, q_;
};

/// The p-value of a candidate's timing, the exact law where it is needed; NaN: not testable.
double timing_p(const Search& search, const Candidate& candidate);

/// Whether the antecedent has more than one item.
[[nodiscard]] bool is_set(const Search& search, const Candidate& candidate);
/// A candidate's p-values: of sets the larger of that of the set and that against its parts, 1
/// without a test against them. NaN: not testable.
double rule_p(const Search& search, const Candidate& candidate);
double timing_rule_p(const Search& search, const Candidate& candidate);

/// q-values over all testable pairs of all groups. Exact laws of timing are worked out only for
/// p-values that would else have a q-value up to `kept_p`: the exact law can only raise them, so
/// the q-values of all others are larger, and count as 1.
struct PairQ {
  QValues affinity, timing, placebo;
  double settled = -1;  ///< up to this p-value of the normal law

  [[nodiscard]] double of_affinity(const Search& search, const Candidate& c) const;
  [[nodiscard]] double of_timing(const Search& search, const Candidate& c) const;
};
PairQ q_values(const std::vector<Search>& groups, double kept_p, const Context& context);

}  // namespace emptor::mining::next
