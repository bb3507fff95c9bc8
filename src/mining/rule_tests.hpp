#pragma once

#include "mining/rule_data.hpp"
#include "mining/stretched_poisson.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining {

/// What is usual in one table per stratum: mean and variance of the baskets with both.
struct Usual {
  double expected = 0;
  double variance = 0;
  template <typename N, typename A, typename B>
  void add(N baskets, A with_a, B with_b, double taken, double size_factor) {
    const auto n = static_cast<double>(baskets);
    const auto a = static_cast<double>(with_a);
    const auto b = static_cast<double>(with_b);
    if (a == 0 || b == 0) return;
    const double p = a / n;
    const double q = b / n;
    expected += size_factor * a * q * (1 - taken);
    if (n > 1) {
      variance += n * n / (n - 1) * p * q *
                  ((1 - p) * (1 - q) - taken * (1 - 2 * p) * (1 - 2 * q) - p * q * taken * taken);
    }
  }
};

/// Numbers of clusters that every consequent needs.
struct ClusterSums {
  explicit ClusterSums(const RuleData& data);
  std::vector<double> squares{};  ///< [g * strata + h]: sum over clusters of
                                  ///< baskets in g times in h
};

/// Tests rules with one consequent after the other.
class RuleTester {
 public:
  struct Result {
    std::int64_t n = 0;        ///< baskets with antecedent and consequent
    double expected = 0;       ///< usual ones
    double p_association = 1;  ///< of the antecedent as a whole
    double p_value = 1;        ///< the largest of it and of every part's
  };
  RuleTester(const RuleData& data, const ClusterSums& sums);

  /// The consequent, by rank, of what follows.
  void take(std::int32_t consequent);
  /// X => the consequent; ranks ascending, without the consequent. With `parts` every part Z of X
  /// is tested too, in the baskets that hold the rest W: Z must add to W. So is every more general
  /// antecedent in the place of W, and every ancestor of the consequent.
  Result test(std::span<const std::int32_t> antecedent, bool parts);
  /// The largest confidence of the consequent after a part of X, the empty one included, or after a
  /// more general antecedent.
  double part_confidence(std::span<const std::int32_t> antecedent);
  /// Baskets with all items, ascending; valid until the next call.
  std::span<const RuleData::Position> baskets_with(std::span<const std::int32_t> items);

 private:
  using List = std::span<const RuleData::Position>;
  void list_parts(std::span<const std::int32_t> antecedent);
  double association(List x, std::span<const std::int32_t> antecedent, Result& result);
  /// A test among the baskets w only: do those with X, x of which there are `a` per stratum, hold
  /// the consequent more often? taken(h) is the share of its baskets that what X says more than w
  /// keeps it from.
  template <typename Taken>
  double part(List w, List x, const std::vector<double>& a, double n, Taken taken);
  double general_parts(List x, double n, std::span<const std::int32_t> antecedent);
  double cluster_squares(List x) const;

  const RuleData& data_;
  const ClusterSums& sums_;
  std::size_t strata_;
  std::int32_t consequent_ = -1;
  std::vector<std::uint8_t> mark_{};                   // per basket: holds the consequent
  std::vector<double> q_{};                            // per stratum: its share
  std::vector<double> quadratic_{};                    // sum over clusters of v v', v = baskets
                                                       // with it - usual ones
  std::vector<double> n_, a_, b_, x_, p_, own_, all_;  // per stratum
  std::vector<std::vector<RuleData::Position>> stored_{};
  std::array<std::vector<RuleData::Position>, 2> common_{};  // of baskets_with, by turns
  std::vector<RuleData::Position> both_{};
  std::vector<std::int32_t> added_{}, given_{};
  std::vector<List> lists_{};  // per part of the antecedent, by mask
};

}  // namespace emptor::mining
