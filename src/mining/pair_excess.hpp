#pragma once

#include "mining/pair_search.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining::next {

/// Buyers of B among those at risk, beyond the usual ones as far as each was followed.
struct Excess {
  double value = 0;     ///< events less expected buyers
  double variance = 0;  ///< the larger of the customers' own and the binomial one
};

/// Every antecedent's index visits, those with much in their windows first: few of them tell most
/// of an expected sum.
std::vector<std::vector<std::int32_t>> heaviest_first(const Search& search, const Context& context);

/// Works out excesses of one consequent after many antecedents.
class ExcessOf {
 public:
  explicit ExcessOf(const Search& search) : search_(search) {}
  void choose(std::int32_t consequent);  ///< number in the plan
  [[nodiscard]] Excess operator()(std::span<const std::int32_t> index) const;
  /// Whether value - z * sqrt(variance) is certainly below `least`, with so many `events`:
  /// customers at risk who bought B in their windows. The index visits may come in any order; it is
  /// decided soonest if they are heaviest_first.
  [[nodiscard]] bool is_below(std::span<const std::int32_t> index, std::int64_t events, double z,
                              double least) const;

 private:
  /// Calls each(hazard of buying B in the window, whether he did) for the customers at risk with
  /// visits in the window, until it returns false.
  template <typename Each>
  void for_people(std::span<const std::int32_t> index, Each&& each) const;

  const Search& search_;
  std::vector<std::int32_t> first_{};  // per customer the first visit with B
  std::vector<double> theta_{};        // per bin
};

/// Plain counts over the index visits.
struct PairTally {
  std::int64_t same_day = 0, naive_buyers = 0, visits = 0;
};
PairTally tally(const Visits& visits, const BuyersOf& consequent,
                std::span<const std::int32_t> index);

}  // namespace emptor::mining::next
