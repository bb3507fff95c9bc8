#include "mining/pair_q.hpp"

#include "core/parallel.hpp"
#include "core/special.hpp"
#include "mining/timing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace emptor::mining::next {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

/// Sorts p-values: dealt into many even buckets first, which are then short.
void sort_p(std::vector<double>& p) {
  if (p.empty()) return;
  const std::size_t n_buckets = p.size() / 8 + 1;
  const double largest = *std::max_element(p.begin(), p.end());
  const double scale = largest > 0 ? static_cast<double>(n_buckets) / largest : 0;
  const auto bucket = [&](double value) {
    return std::min(n_buckets - 1, static_cast<std::size_t>(value * scale));
  };
  std::vector<std::uint32_t> begin(n_buckets + 1, 0);
  for (const double value : p) ++begin[bucket(value) + 1];
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  std::vector<double> dealt(p.size());
  auto next = begin;
  for (const double value : p) dealt[next[bucket(value)]++] = value;
  for (std::size_t i = 0; i < n_buckets; ++i)
    std::sort(dealt.data() + begin[i], dealt.data() + begin[i + 1]);
  p.swap(dealt);
}

void append(std::vector<double>& to, const std::vector<double>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

double exact_p(const Search& search, std::int32_t consequent,
               const std::vector<std::int32_t>& index) {
  const auto b = at(consequent);
  const BuyersOf buyers(search.visits, search.plan.consequents[b]);
  return timing_tail(timing_customers(search.visits, *search.rates, b, buyers, index)).p;
}

/// One timing test, of the first purchases or of the placebo's visits.
struct TimingTest {
  TimingScan Scan::*scan;
  std::vector<std::vector<std::int32_t>> ScanPlan::*index;

  [[nodiscard]] std::pair<QValues, double> settle(const std::vector<Search>& groups, double kept_p,
                                                  const Context& context) const {
    std::vector<double> z, all, sets;
    std::int64_t n = 0;
    for (const auto& group : groups) {
      const TimingScan& own = group.scan.*scan;
      n += own.n_testable;
      append(z, own.z);
      append(sets, own.p);
      for (const auto& pair : own.pending) all.push_back(pair.z);
    }
    append(all, z);
    std::vector<double> p = p_that_matter(all, sets.size(), n, kept_p);
    append(p, sets);
    const double settled = QValues(std::move(p), n).threshold(kept_p);
    p = std::move(sets);
    for (const auto& group : groups) append(p, exact(group, settled, context));
    append(p, p_that_matter(z, p.size(), n));
    return {QValues(std::move(p), n), settled};
  }

  [[nodiscard]] std::vector<double> exact(const Search& group, double settled,
                                          const Context& context) const {
    std::vector<PendingTiming> pairs;
    const TailLimit limit(std::max(settled, 0.0));
    for (const auto& pair : (group.scan.*scan).pending)
      if (settled >= 0 && limit.holds(pair.z)) pairs.push_back(pair);
    std::vector<double> p(pairs.size());
    core::parallel_ranges(context, pairs.size(), 8, [&](std::size_t begin, std::size_t end) {
      for (auto i = begin; i < end; ++i) {
        const auto& visits = (group.plan.*index)[at(pairs[i].antecedent)];
        p[i] = std::max(core::normal_sf(pairs[i].z), exact_p(group, pairs[i].consequent, visits));
      }
    });
    return p;
  }
};

}  // namespace

std::vector<double> p_that_matter(std::span<const double> z, std::size_t n_others,
                                  std::int64_t n_tests, double most) {
  if (z.empty()) return {};
  constexpr std::size_t kBuckets = 1024;
  const auto [low, high] = std::minmax_element(z.begin(), z.end());
  const double least = *low, step = std::max(*high - *low, 1e-3) / kBuckets, scale = 1 / step;
  const auto bucket = [&](double score) {
    return std::min(kBuckets - 1, static_cast<std::size_t>((score - least) * scale));
  };
  std::vector<std::size_t> count(kBuckets, 0);
  for (const double score : z) ++count[bucket(score)];
  // From the largest p on: as long as p times all tests over the rank, which is at most the number
  // left, is above `most`, so are the q-values, which are the least of such products from there on.
  std::size_t first = 0;
  for (std::size_t left = z.size() + n_others; first < kBuckets; left -= count[first++]) {
    const double p = core::normal_sf(least + static_cast<double>(first + 1) * step + 1e-9);
    const double rank = static_cast<double>(left);
    if (count[first] > 0 && p * static_cast<double>(n_tests) <= most * rank) break;
  }
  std::vector<double> p;
  for (const double score : z)
    if (bucket(score) >= first) p.push_back(core::normal_sf(score));
  return p;
}

QValues::QValues(std::vector<double> kept, std::int64_t n_tests) : p_(std::move(kept)) {
  sort_p(p_);
  q_.resize(p_.size());
  double smallest = 1;
  for (std::size_t rank = p_.size(); rank > 0; --rank) {
    const double ratio = static_cast<double>(n_tests) / static_cast<double>(rank);
    q_[rank - 1] = smallest = std::min(smallest, p_[rank - 1] * ratio);
  }
}

double QValues::operator()(double p) const {
  if (std::isnan(p)) return p;
  const auto found = std::lower_bound(p_.begin(), p_.end(), p);
  if (found == p_.end() || *found != p) return 1;
  return q_[at(found - p_.begin())];
}

std::int64_t QValues::discoveries(double fdr) const {
  return std::upper_bound(q_.begin(), q_.end(), fdr) - q_.begin();
}

double QValues::threshold(double fdr) const {
  const auto found = discoveries(fdr);
  return found == 0 ? -1 : p_[at(found - 1)];
}

double timing_p(const Search& search, const Candidate& candidate) {
  const double p = candidate.timing.p();
  if (!candidate.timing.needs_exact()) return p;
  return std::max(
      p, exact_p(search, candidate.consequent, search.plan.index[at(candidate.antecedent)]));
}

double PairQ::of_affinity(const Search& search, const Candidate& c) const {
  return affinity(rule_p(search, c));
}

bool is_set(const Search& search, const Candidate& candidate) {
  return search.plan.items_of(candidate.antecedent).size() > 1;
}

double rule_p(const Search& search, const Candidate& candidate) {
  const double p = core::normal_sf(candidate.z);
  if (std::isnan(p) || !is_set(search, candidate)) return p;
  return std::isnan(candidate.part_p) ? 1 : std::max(p, candidate.part_p);
}

double timing_rule_p(const Search& search, const Candidate& candidate) {
  const double p = candidate.timing.p();
  if (std::isnan(p)) return p;
  if (!is_set(search, candidate)) return timing_p(search, candidate);
  return std::isnan(candidate.timing_part_p)
             ? 1
             : std::max(timing_p(search, candidate), candidate.timing_part_p);
}

double PairQ::of_timing(const Search& search, const Candidate& candidate) const {
  const double p = candidate.timing.p();
  if (std::isnan(p)) return kNaN;
  if (is_set(search, candidate)) return timing(timing_rule_p(search, candidate));
  if (!candidate.timing.needs_exact()) return timing(p);
  return p <= settled ? timing(timing_p(search, candidate)) : 1;
}

PairQ q_values(const std::vector<Search>& groups, double kept_p, const Context& context) {
  std::vector<double> z, sets;
  std::int64_t n = 0;
  for (const auto& group : groups) {
    append(z, group.scan.z);
    append(sets, group.scan.p);
    n += group.scan.n_testable;
  }
  auto timing = TimingTest{&Scan::timing, &ScanPlan::index}.settle(groups, kept_p, context);
  const double placebo_kept = groups.empty() ? kept_p : groups.front().plan.placebo_kept_p;
  auto placebo =
      TimingTest{&Scan::placebo, &ScanPlan::placebo}.settle(groups, placebo_kept, context);
  std::vector<double> p = p_that_matter(z, sets.size(), n);
  append(p, sets);
  return {QValues(std::move(p), n), std::move(timing.first), std::move(placebo.first),
          timing.second};
}

}  // namespace emptor::mining::next
