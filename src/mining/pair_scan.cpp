#include "mining/pair_scan.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "core/special.hpp"
#include "mining/pair_block.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <tuple>
#include <type_traits>

namespace emptor::mining::next {
namespace {

/// Blocks of consequents worked on with the same memory, and polled between.
constexpr std::size_t kBlocksTogether = 4;

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

std::vector<double> load_of(const Visits& visits, const ScanPlan& plan) {
  const std::size_t n = plan.antecedents.size();
  std::vector<double> loads(at(visits.n_bins) * n, 0.0);
  for (std::size_t a = 0; a < n; ++a)
    for (const auto v : plan.index[a])
      for (auto l = at(visits.load_begin[at(v)]); l < at(visits.load_begin[at(v) + 1]); ++l)
        loads[at(visits.load_bin[l]) * n + a] += visits.load_size[l];
  return loads;
}

/// The parts' vectors, one after the other; `of` gives a part's.
template <typename Of>
auto joined(const std::vector<Scan>& parts, Of&& of) {
  std::size_t n = 0;
  for (const auto& part : parts) n += of(part).size();
  std::remove_cvref_t<decltype(of(parts.front()))> all;
  all.reserve(n);
  for (const auto& part : parts) all.insert(all.end(), of(part).begin(), of(part).end());
  return all;
}

TimingScan joined(const std::vector<Scan>& parts, TimingScan Scan::*timing) {
  TimingScan all;
  for (const auto& part : parts) all.n_testable += (part.*timing).n_testable;
  all.z = joined(
      parts, [&](const Scan& part) -> auto& { return (part.*timing).z; });
  all.pending = joined(
      parts, [&](const Scan& part) -> auto& { return (part.*timing).pending; });
  return all;
}

Scan join(const std::vector<Scan>& parts, const ScanPlan& plan) {
  Scan scan;
  scan.candidates = joined(
      parts, [](const Scan& part) -> auto& { return part.candidates; });
  scan.z = joined(
      parts, [](const Scan& part) -> auto& { return part.z; });
  scan.timing = joined(parts, &Scan::timing);
  scan.placebo = joined(parts, &Scan::placebo);
  for (const auto& part : parts) {
    scan.n_testable += part.n_testable;
    scan.n_below_05 += part.n_below_05;
    scan.n_hanging_on_one_customer += part.n_hanging_on_one_customer;
    scan.observed += part.observed;
    scan.expected += part.expected;
  }
  const auto pair = [&](const Candidate& c) {
    return std::tuple(plan.antecedents[at(c.antecedent)], plan.consequents[at(c.consequent)]);
  };
  std::sort(scan.candidates.begin(), scan.candidates.end(),
            [&](const Candidate& x, const Candidate& y) { return pair(x) < pair(y); });
  return scan;
}

/// The squared normal score of a p-value; rounding must not lose what is at the limit.
float z_squared(double p) {
  const double z = core::normal_quantile(1 - p);
  return static_cast<float>(z * std::abs(z) * 0.999);
}

void check_memory(const ScanSetting& s, std::size_t n_tasks, const Context& context) {
  if (context.memory_limit == 0 || n_tasks == 0) return;
  const auto threads = static_cast<std::size_t>(core::thread_count(context, n_tasks));
  const std::size_t bytes = threads * BlockScan::bytes(s.plan.antecedents.size(), s.windows.size());
  if (bytes > context.memory_limit)
    throw MemoryLimit(std::string(s.plan.function) + ": " + std::to_string(threads) +
                      " threads need about " + std::to_string(bytes >> 20) +
                      " MB, more than memory_limit; use fewer threads or a coarser item level");
}

}  // namespace

double TimingSums::p() const { return core::normal_sf(z()); }

double affinity_p(double observed, double expected, double variance) {
  return core::normal_sf(affinity_z(observed, expected, variance));
}

TailLimit::TailLimit(double p) : p_(p), z_(-core::normal_quantile(p)) {}

bool TailLimit::is_in_tail(double z) const noexcept { return core::normal_sf(z) <= p_; }

Scan scan_pairs(const Visits& visits, const Rates& rates, const ScanPlan& plan,
                const Context& context) {
  ScanSetting setting{visits, rates, plan};
  setting.windows = make_windows(visits);
  setting.starts = make_starts(visits, setting.windows, plan.index, plan.placebo);
  for (const auto& index : plan.index) setting.rows.push_back(rows_of(setting.windows, index));
  setting.loads = load_of(visits, plan);
  setting.screen = {static_cast<float>(plan.min_expected), kMinInformation,
                    static_cast<float>(plan.min_events), z_squared(plan.kept_p),
                    z_squared(plan.placebo_kept_p)};
  const std::size_t n_blocks = (plan.consequents.size() + kBlock - 1) / kBlock;
  std::vector<Scan> parts((n_blocks + kBlocksTogether - 1) / kBlocksTogether);
  check_memory(setting, parts.size(), context);
  core::parallel_for(context, parts.size(), [&](std::size_t part) {
    BlockScan blocks(setting);
    const std::size_t end = std::min(n_blocks, (part + 1) * kBlocksTogether);
    for (auto block = part * kBlocksTogether; block < end; ++block) blocks.add(block, parts[part]);
  });
  return join(parts, plan);
}

std::vector<CustomerVisits> customer_visits(const Visits& visits, const Rates& rates, std::size_t b,
                                            std::int32_t consequent,
                                            const std::vector<std::int32_t>& index) {
  std::vector<CustomerVisits> customers;
  const auto with_b = visits.visits_of(consequent);
  auto next = with_b.begin();
  for (const auto v : index) {
    CustomerVisits sums{visits.code[at(visits.customer[at(v)])], 0, 0};
    next = first_from(next, with_b.end(), v + 1);
    for (auto i = next; i != with_b.end() && *i < visits.window_end[at(v)]; ++i) ++sums.observed;
    for (auto j = at(v) + 1; j < at(visits.window_end[at(v)]); ++j)
      sums.expected += static_cast<double>(rates.probability(j, b));
    customers.push_back(sums);
  }
  return customers;
}

}  // namespace emptor::mining::next
