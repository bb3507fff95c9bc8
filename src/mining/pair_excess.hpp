#pragma once

#include "mining/pair_search.hpp"

#include <cstdint>
#include <vector>

namespace emptor::mining::next {

/// Buyers of B among those at risk, beyond the usual ones as far as each was followed.
struct Excess {
  double value = 0;     ///< events less expected buyers
  double variance = 0;  ///< the larger of the customers' own and the binomial one
};

/// Works out excesses of one consequent after many antecedents: choose both, then ask.
class ExcessOf {
 public:
  explicit ExcessOf(const Search& search) : search_(search) {}
  void choose(std::int32_t consequent);  ///< number in the plan
  /// False, and there is nothing to ask, once it is certain that the excess is below `least`: with
  /// so many `events`, customers at risk who bought B in their windows.
  bool choose_index(const std::vector<std::int32_t>& index, std::int64_t events, double least);
  [[nodiscard]] Excess operator()() const;

 private:
  const Search& search_;
  std::vector<std::int32_t> first_{};  // per customer the first visit with B
  std::vector<double> theta_{};        // per bin
  struct AtRisk {
    double hazard;  // of buying B in the window
    bool event;
  };
  std::vector<AtRisk> people_{};  // those with visits in the window
};

/// Plain counts over the index visits.
struct PairTally {
  std::int64_t same_day = 0, naive_buyers = 0, visits = 0;
};
PairTally tally(const Visits& visits, std::int32_t consequent,
                const std::vector<std::int32_t>& index);

}  // namespace emptor::mining::next
