#pragma once

#include "mining/pair_expected.hpp"
#include "mining/pair_scan.hpp"
#include "mining/pair_terms.hpp"
#include "mining/pair_windows.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining::next {

/// What the scans of all blocks share.
struct ScanSetting {
  const Visits& visits;
  const Rates& rates;
  const ScanPlan& plan;
  Windows windows{};
  Starts starts{};
  std::vector<std::vector<std::int32_t>> rows{};  ///< per antecedent
  std::vector<double> loads{};                    ///< bin x antecedent: sizes of visits in windows
  Screen screen{};
  TailLimit kept, placebo_kept, below_05;

  ScanSetting(const Visits& v, const Rates& r, const ScanPlan& p)
      : visits(v),
        rates(r),
        plan(p),
        kept(p.kept_p),
        placebo_kept(p.placebo_kept_p),
        below_05(std::nextafter(0.05, 0.0)) {}
};

/// Scans blocks of kBlock consequents: of each the pairs with all antecedents. Sums of one
/// consequent are few enough to stay near the processor, and a buyer's terms are worked out once
/// for all antecedents that he bought.
class BlockScan {
 public:
  explicit BlockScan(const ScanSetting& setting);
  void add(std::size_t block, Scan& scan);  ///< consequents [block * kBlock, ...) of the plan

  /// Memory of one such object.
  [[nodiscard]] static std::size_t bytes(std::size_t n_antecedents, std::size_t n_windows) noexcept;

 private:
  void sum_expected(std::size_t first, std::size_t width);
  [[nodiscard]] std::vector<double> largest_thetas(std::size_t first, std::size_t width) const;
  void bound_expected(std::size_t first, std::size_t width);
  void sum_terms(std::size_t b);
  void end_run(bool first);
  void take_totals();
  void forget_own(std::size_t b);
  void look_at(std::size_t a, std::size_t b, std::uint8_t finding, Scan& scan);
  [[nodiscard]] double expected_visits(std::size_t a, std::size_t b) const;
  [[nodiscard]] double customer_share(std::size_t a, double expected) const;
  void add_candidate(std::size_t a, std::size_t b, double z, Scan& scan) const;
  [[nodiscard]] std::span<const std::int32_t> antecedents_with(std::int32_t item) const noexcept;

  const ScanSetting& s_;
  std::size_t n_;  // antecedents, and some more that fill the last sixteen
  ExpectedBlock table_;
  WindowTerms terms_;
  std::vector<Term> sums_;
  std::vector<TimingTerm> placebo_;
  std::vector<std::array<double, 8>> total_;
  std::vector<std::array<double, 4>> placebo_total_;
  std::vector<double> at_most_;            // per antecedent: of expected visits in the block
  std::vector<float> expected_, squares_;  // consequent of the block x antecedent
  bool expected_are_zero_ = true;
  std::vector<std::uint8_t> findings_;
  std::vector<std::size_t> own_begin_;  // per item the antecedents with it, in own_
  std::vector<std::int32_t> own_;
};

}  // namespace emptor::mining::next
