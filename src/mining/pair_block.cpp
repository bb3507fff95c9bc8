#include "mining/pair_block.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

namespace emptor::mining::next {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
/// Buyers summed in single precision before the sums go into double precision.
constexpr std::size_t kRun = 1024;

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

bool keeps_largest(std::size_t lane) noexcept { return lane % 4 == 3; }

template <typename Sums, typename Total>
void add_run(std::vector<Sums>& sums, std::vector<Total>& totals, bool first) {
  for (std::size_t a = 0; a < sums.size(); ++a)
    for (std::size_t k = 0; k < totals[a].size(); ++k) {
      if (keeps_largest(k)) continue;  // stays where it is
      totals[a][k] = (first ? 0 : totals[a][k]) + static_cast<double>(sums[a].lane[k]);
      sums[a].lane[k] = 0;
    }
}

template <typename Sums, typename Total>
void take(std::vector<Sums>& sums, const std::vector<Total>& totals) {
  for (std::size_t a = 0; a < sums.size(); ++a)
    for (std::size_t k = 0; k < totals[a].size(); ++k)
      if (!keeps_largest(k)) sums[a].lane[k] = static_cast<float>(totals[a][k]);
}

}  // namespace

BlockScan::BlockScan(const ScanSetting& setting)
    : s_(setting),
      n_((setting.plan.antecedents.size() + kBlock - 1) / kBlock * kBlock),
      table_(setting.visits, setting.windows, setting.rates, kernels()),
      terms_(setting.visits, setting.windows, setting.rates),
      sums_(n_),
      placebo_(n_),
      total_(n_),
      placebo_total_(n_),
      expected_(n_ * kBlock),
      squares_(n_ * kBlock),
      findings_(n_),
      own_begin_(at(setting.visits.n_items) + 1, 0) {
  const auto for_items = [&](auto&& each) {
    for (std::size_t a = 0; a < s_.plan.antecedents.size(); ++a)
      for (const auto item : s_.plan.items_of(static_cast<std::int32_t>(a)))
        each(at(item), static_cast<std::int32_t>(a));
  };
  for_items([&](std::size_t item, std::int32_t) { ++own_begin_[item + 1]; });
  std::partial_sum(own_begin_.begin(), own_begin_.end(), own_begin_.begin());
  own_.resize(own_begin_.back());
  auto next = own_begin_;
  for_items([&](std::size_t item, std::int32_t a) { own_[next[item]++] = a; });
}

std::span<const std::int32_t> BlockScan::antecedents_with(std::int32_t item) const noexcept {
  const auto begin = own_begin_[at(item)];
  return std::span(own_).subspan(begin, own_begin_[at(item) + 1] - begin);
}

std::size_t BlockScan::bytes(std::size_t n_antecedents, std::size_t n_windows) noexcept {
  return n_windows * kBlock * sizeof(float) +
         n_antecedents * (sizeof(Term) + sizeof(TimingTerm) + 12 * sizeof(double) +
                          2 * kBlock * sizeof(float) + sizeof(std::uint8_t));
}

void BlockScan::add(std::size_t block, Scan& scan) {
  const std::size_t first = block * kBlock;
  const std::size_t width = std::min(kBlock, s_.plan.consequents.size() - first);
  sum_expected(first, width);
  for (std::size_t i = 0; i < width; ++i) {
    sum_terms(first + i);
    const float* expected = expected_.data() + i * n_;
    forget_own(first + i);
    Screened screened;
    kernels().screen({sums_.data(), placebo_.data(), expected, squares_.data() + i * n_, n_},
                     s_.screen, findings_.data(), screened);
    scan.n_testable += screened.n_testable;
    scan.timing.n_testable += screened.n_timing_testable;
    if (!s_.plan.placebo.empty()) scan.placebo.n_testable += screened.n_placebo_testable;
    scan.observed += screened.observed;
    scan.expected += screened.expected;
    for (std::size_t a = 0; a < n_; a += 8) {
      std::uint64_t eight;  // most have no finding
      std::memcpy(&eight, &findings_[a], sizeof(eight));
      if (eight == 0) continue;
      for (std::size_t k = a; k < a + 8; ++k)
        if (findings_[k] != 0) look_at(k, first + i, findings_[k], scan);
    }
  }
}

/// Expected visits of the pairs that may be testable.
void BlockScan::sum_expected(std::size_t first, std::size_t width) {
  bound_expected(first, width);
  bool filled = false;
  const bool testable = std::any_of(at_most_.begin(), at_most_.end(),
                                    [&](double most) { return most >= s_.plan.min_expected; });
  if (!testable && expected_are_zero_) return;
  expected_are_zero_ = !testable;
  for (std::size_t a = 0; a < s_.plan.antecedents.size(); ++a) {
    Sixteen sums;
    if (at_most_[a] >= s_.plan.min_expected) {
      if (!filled) table_.fill(first, width);
      filled = true;
      sums = table_.sum(s_.rows[a]);
    }
    for (std::size_t i = 0; i < width; ++i) {
      expected_[i * n_ + a] = sums.sum[i];
      squares_[i * n_ + a] = sums.squares[i];
    }
  }
}

std::vector<double> BlockScan::largest_thetas(std::size_t first, std::size_t width) const {
  std::vector<double> largest(at(s_.visits.n_bins), 0.0);
  for (std::size_t bin = 0; bin < largest.size(); ++bin)
    for (std::size_t b = first; b < first + width; ++b)
      largest[bin] = std::max(largest[bin], s_.rates.theta(static_cast<int>(bin), b));
  return largest;
}

/// Upper bounds of the expected visits of any pair of an antecedent and the block: 1 - exp(-x) <=
/// x, with room for rounding.
void BlockScan::bound_expected(std::size_t first, std::size_t width) {
  const auto largest = largest_thetas(first, width);
  const std::size_t n = s_.plan.antecedents.size();
  at_most_.assign(n, 0.0);
  for (std::size_t bin = 0; bin < largest.size(); ++bin) {
    const double most = 1.001 * largest[bin];
    const double* load = s_.loads.data() + bin * n;
    for (std::size_t a = 0; a < n; ++a) at_most_[a] += load[a] * most;
  }
}

void BlockScan::sum_terms(std::size_t b) {
  std::fill(sums_.begin(), sums_.end(), Term());
  std::fill(placebo_.begin(), placebo_.end(), TimingTerm());
  terms_.choose(b);
  const auto add_terms = kernels().add_terms;
  std::size_t n_buyers = 0;
  for_buyers(s_.visits, s_.plan.consequents[b], [&](std::size_t c, auto on) {
    if (s_.windows.customer_begin[c] == s_.windows.customer_begin[c + 1]) return;
    const auto starts = s_.starts.of(c);
    if (starts.empty()) return;
    if (n_buyers > 0 && n_buyers % kRun == 0) end_run(n_buyers == kRun);
    ++n_buyers;
    terms_.fill(c, on);
    add_terms(starts.data(), starts.size(), terms_.terms().data(), sums_.data(), placebo_.data());
  });
  if (n_buyers <= kRun) return;
  end_run(false);
  take(sums_, total_);
  take(placebo_, placebo_total_);
}

void BlockScan::end_run(bool first) {
  add_run(sums_, total_, first);
  add_run(placebo_, placebo_total_, first);
}

/// An item is no consequent of itself, nor of sets with it: without sums it is neither tested nor
/// listed.
void BlockScan::forget_own(std::size_t b) {
  for (const auto a : antecedents_with(s_.plan.consequents[b])) {
    sums_[at(a)] = Term();
    placebo_[at(a)] = TimingTerm();
    expected_[b % kBlock * n_ + at(a)] = 0;
  }
}

void BlockScan::look_at(std::size_t a, std::size_t b, std::uint8_t finding, Scan& scan) {
  const ScanPlan& plan = s_.plan;
  const Term& sums = sums_[a];
  const float expected = expected_[b % kBlock * n_ + a];
  const bool is_set = plan.items_of(static_cast<std::int32_t>(a)).size() > 1;
  if ((finding & (kAffinityP | kListed)) != 0) {
    double z = kNaN;
    if (expected >= s_.screen.min_expected)
      z = affinity_z(sums[kVisits], expected,
                     std::max(squares_[b % kBlock * n_ + a] + sums[kSquares], expected));
    if (!is_set && s_.kept.holds(z)) scan.z.push_back(z);
    scan.n_below_05 += s_.below_05.holds(z) ? 1 : 0;
    if (plan.list && (finding & kListed) != 0) add_candidate(a, b, z, scan);
  }
  const auto keep = [&](TimingSums timing, const TailLimit& limit, TimingScan& kept) {
    const double z = timing.z();
    if (!limit.holds(z)) return;
    if (timing.needs_exact())
      kept.pending.push_back({static_cast<std::int32_t>(a), static_cast<std::int32_t>(b), z});
    else
      kept.z.push_back(z);
  };
  if ((finding & kTimingP) != 0 && !is_set)
    keep({sums[kScore], sums[kInformation], sums[kScoreSquares]}, s_.kept, scan.timing);
  if ((finding & kPlaceboP) != 0 && !plan.placebo.empty()) {
    const auto& lane = placebo_[a].lane;
    keep({lane[kScore], lane[kInformation], lane[kScoreSquares]}, s_.placebo_kept, scan.placebo);
  }
}

void BlockScan::add_candidate(std::size_t a, std::size_t b, double z, Scan& scan) const {
  const Term& sums = sums_[a];
  Candidate c;
  c.antecedent = static_cast<std::int32_t>(a);
  c.consequent = static_cast<std::int32_t>(b);
  c.z = z;
  const float expected = expected_[b % kBlock * n_ + a];
  c.expected_visits = expected > 0 ? static_cast<double>(expected) : expected_visits(a, b);
  c.timing = {sums[kScore], sums[kInformation], sums[kScoreSquares]};
  c.customer_share = customer_share(a, c.expected_visits);
  c.events = static_cast<std::int64_t>(sums[kEvents]);
  if (c.customer_share > s_.plan.max_customer_share)
    ++scan.n_hanging_on_one_customer;
  else
    scan.candidates.push_back(c);
}

/// For pairs too small to be tested.
double BlockScan::expected_visits(std::size_t a, std::size_t b) const {
  double sum = 0;
  for (const auto r : s_.rows[a]) {
    const auto v = at(s_.windows.visit[at(r)]);
    for (auto j = v + 1; j < at(s_.visits.window_end[v]); ++j)
      sum += static_cast<double>(s_.rates.probability(j, b));
  }
  return sum;
}

/// The largest share of one customer in the excess that decides, 1 if he brings more than all of
/// it; NaN without an excess.
double BlockScan::customer_share(std::size_t a, double expected) const {
  const Term& sums = sums_[a];
  const bool affinity = s_.plan.evidence == Evidence::affinity;
  const double excess =
      affinity ? static_cast<double>(sums[kVisits]) - expected : static_cast<double>(sums[kScore]);
  const auto largest = static_cast<double>(sums[affinity ? kLargest : kLargestScore]);
  return excess > 0 ? std::min(1.0, largest / excess) : kNaN;
}

}  // namespace emptor::mining::next
