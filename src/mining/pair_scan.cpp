#include "mining/pair_scan.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "core/special.hpp"
#include "mining/pair_tile.hpp"
#include "mining/timing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

namespace emptor::mining::next {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
/// Exact laws are worked out for listed pairs and for those whose normal p is at most this.
constexpr double kExactP = 0.01;

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

/// Sums of one pair over the antecedent's buyers. One cache line.
struct Sums {
  double squares = 0;  // of observed - expected, over buyers with observed > 0, less expected^2
  double score = 0, information = 0, score_squares = 0;
  float largest = 0, largest_score = 0;  // of one customer
  std::int32_t visits = 0;
  std::array<std::int32_t, 4> counts{};  // added in one instruction
  [[nodiscard]] std::int32_t before() const { return counts[0]; }
  [[nodiscard]] std::int32_t same_day() const { return counts[1]; }
  [[nodiscard]] std::int32_t events() const { return counts[2]; }
  [[nodiscard]] std::int32_t naive_buyers() const { return counts[3]; }
};

/// What an entry adds to Sums::counts: by state, plus 8 if anything was observed.
constexpr auto kCounts = [] {
  std::array<std::array<std::int32_t, 4>, 16> counts{};
  for (std::size_t i = 0; i < counts.size(); ++i)
    counts[i] = {(i & kBefore) != 0 ? 1 : 0, (i & kSameDay) != 0 ? 1 : 0, (i & kEvent) != 0 ? 1 : 0,
                 i >= 8 ? 1 : 0};
  return counts;
}();

/// Expected visits and their squares, summed in single precision over short runs of buyers and in
/// double over the runs: exact enough, and half the memory traffic.
struct Expected {
  std::array<double, kBlock> sum{}, squares{};
};
constexpr std::size_t kRun = 32;
constexpr std::size_t kAhead = 8;

/// A block's values as vectors of four, which compilers keep in registers.
#if defined(__GNUC__)
using Four = float __attribute__((vector_size(4 * sizeof(float))));
#else
struct Four {
  float at[4];
  float operator[](std::size_t i) const { return at[i]; }
  Four& operator+=(const Four& o) {
    for (int i = 0; i < 4; ++i) at[i] += o.at[i];
    return *this;
  }
  friend Four operator*(Four x, const Four& y) {
    for (int i = 0; i < 4; ++i) x.at[i] *= y.at[i];
    return x;
  }
};
#endif

/// Rows are asked for ahead of their use: the buyers' lie scattered.
void add_run(const Tile& tile, std::size_t block, const std::int32_t* index, std::size_t n,
             std::size_t n_ahead, Expected& total) {
  static_assert(kBlock == 16);
  Four s0{}, s1{}, s2{}, s3{}, q0{}, q1{}, q2{}, q3{};
  for (std::size_t j = 0; j < n; ++j) {
#if defined(__GNUC__)
    if (j + kAhead < n_ahead) __builtin_prefetch(tile.expected(at(index[j + kAhead]), block));
#endif
    std::array<Four, 4> e;
    std::memcpy(e.data(), tile.expected(at(index[j]), block), sizeof(e));
    s0 += e[0];
    s1 += e[1];
    s2 += e[2];
    s3 += e[3];
    q0 += e[0] * e[0];
    q1 += e[1] * e[1];
    q2 += e[2] * e[2];
    q3 += e[3] * e[3];
  }
  const std::array<Four, 4> sum{s0, s1, s2, s3}, squares{q0, q1, q2, q3};
  for (std::size_t b = 0; b < kBlock; ++b) {
    total.sum[b] += static_cast<double>(sum[b / 4][b % 4]);
    total.squares[b] += static_cast<double>(squares[b / 4][b % 4]);
  }
}

Expected sum_expected(const Tile& tile, std::size_t block, const std::vector<std::int32_t>& index) {
  Expected total;
  for (std::size_t i = 0; i < index.size(); i += kRun) {
    const std::size_t left = index.size() - i;
    add_run(tile, block, &index[i], std::min(kRun, left), left, total);
  }
  return total;
}

void add_timing(Sums& s, const Entry& e) {
  const auto score = static_cast<double>(e.score);
  s.score += score;
  s.information += static_cast<double>(e.information);
  s.score_squares += score * score;
}

std::array<Sums, kTile> sum_entries(const Tile& tile, const std::vector<std::int32_t>& index) {
  std::array<Sums, kTile> sums{};
  for (std::size_t i = 0; i < index.size(); ++i) {
    const auto v = index[i];
    tile.fetch(index, i);
    for (const Entry* e = tile.begin(at(v)); e != tile.end(at(v)); ++e) {
      Sums& s = sums[e->b];
      const auto& counts = kCounts[e->state + (e->observed > 0 ? 8U : 0U)];
      for (std::size_t k = 0; k < counts.size(); ++k) s.counts[k] += counts[k];
      // Without a branch: where nothing was observed these add 0.
      const auto o = static_cast<double>(e->observed);
      s.squares += o * (o - 2 * static_cast<double>(e->expected));
      s.visits += e->observed;
      s.largest = std::max(s.largest, static_cast<float>(e->observed) - e->expected);
      add_timing(s, *e);
      s.largest_score = std::max(s.largest_score, e->score);
    }
  }
  return sums;
}

/// Score test of timing with the larger of the model's and the clustered variance.
double robust_p(const Sums& s) {
  return core::normal_sf((s.score - 0.5) / std::sqrt(std::max(s.information, s.score_squares)));
}

class Worker {
 public:
  Worker(const Visits& visits, const Rates& rates, const ScanPlan& plan,
         const std::vector<double>& loads, std::size_t first)
      : visits_(visits),
        rates_(rates),
        plan_(plan),
        loads_(loads),
        n_bins_(at(visits.n_bins)),
        first_(first),
        width_(std::min(kTile, plan.consequents.size() - first)),
        tile_(visits, rates, first, width_, tile_of()),
        largest_theta_(kBlocks * n_bins_, 0.0) {
    for (std::size_t b = 0; b < width_; ++b)
      for (std::size_t bin = 0; bin < n_bins_; ++bin) {
        double& largest = largest_theta_[b / kBlock * n_bins_ + bin];
        largest = std::max(largest, rates.theta(static_cast<int>(bin), first + b));
      }
  }

  Scan run() {
    sum_testable();
    for (std::size_t a = 0; a < plan_.antecedents.size(); ++a) {
      scan(a);
      if (!plan_.placebo.empty()) scan_placebo(a);
    }
    return std::move(scan_);
  }

 private:
  /// Expected visits of all pairs that may be testable, block by block: one block of all visits
  /// fits the second-level cache, where the rows of an antecedent's buyers lie scattered.
  void sum_testable() {
    slot_.assign(plan_.antecedents.size() * kBlocks, -1);
    for (std::size_t block = 0; block * kBlock < width_; ++block)
      for (std::size_t a = 0; a < plan_.antecedents.size(); ++a)
        if (at_most(a, block) >= plan_.min_expected) {
          slot_[a * kBlocks + block] = static_cast<std::int32_t>(expected_.size());
          expected_.push_back(sum_expected(tile_, block, plan_.index[a]));
        }
  }

  [[nodiscard]] std::vector<std::int16_t> tile_of() const {
    std::vector<std::int16_t> number(at(visits_.n_items), -1);
    for (std::size_t b = 0; b < width_; ++b)
      number[at(plan_.consequents[first_ + b])] = static_cast<std::int16_t>(b);
    return number;
  }

  [[nodiscard]] TimingTail exact(std::size_t b, const std::vector<std::int32_t>& index) const {
    return timing_tail(
        timing_customers(visits_, rates_, first_ + b, plan_.consequents[first_ + b], index));
  }

  /// The p-value of timing; 1 where it could be no discovery and nobody will read it.
  [[nodiscard]] double timing_p(const Sums& s, std::size_t b,
                                const std::vector<std::int32_t>& index, bool listed) const {
    if (s.information < kMinInformation) return kNaN;
    if (!listed && s.score <= 0.5) return 1;
    const double p = robust_p(s);
    if (s.information >= kExactInformation) return p;
    if (!listed && p > kExactP) return 1;
    return std::max(p, exact(b, index).p);
  }

  void scan(std::size_t a) {
    const auto& index = plan_.index[a];
    const auto sums = sum_entries(tile_, index);
    listed_.clear();
    for (std::size_t begin = 0; begin < width_; begin += kBlock) scan_block(a, begin, &sums[begin]);
    if (!listed_.empty()) add_excess(index);
  }

  [[nodiscard]] bool enough_events(const Sums& s) const {
    return plan_.list && s.events() >= plan_.min_events && s.visits > 0;
  }

  void scan_block(std::size_t a, std::size_t begin, const Sums* block_sums) {
    const auto& index = plan_.index[a];
    const std::size_t width = std::min(kBlock, width_ - begin);
    const auto slot = slot_[a * kBlocks + begin / kBlock];
    Expected expected;  // where nothing can be tested or listed nobody looks at it
    if (slot >= 0)
      expected = expected_[at(slot)];
    else if (std::any_of(block_sums, block_sums + width,
                         [&](const Sums& s) { return enough_events(s); }))
      expected = sum_expected(tile_, begin / kBlock, index);
    for (std::size_t i = 0; i < width; ++i) {
      const std::size_t b = begin + i;
      if (plan_.consequents[first_ + b] == plan_.antecedents[a]) continue;
      const Sums& s = block_sums[i];
      const double e = expected.sum[i];
      const bool enough = enough_events(s);
      const double share = enough ? customer_share(s, e) : kNaN;
      const bool hanging = enough && share > plan_.max_customer_share;
      const bool listed = enough && !hanging;
      double p = kNaN;
      if (e >= plan_.min_expected) {
        ++scan_.n_testable;
        scan_.observed += s.visits;
        scan_.expected += e;
        // Below one half without a look; nobody reads the others.
        p = listed || s.visits > e + 0.5
                ? affinity_p(s.visits, e, std::max(expected.squares[i] + s.squares, e))
                : 1;
        scan_.n_below_05 += p < 0.05 ? 1 : 0;
        if (p <= kKeptP) scan_.p.push_back(p);
      }
      const double timing = timing_p(s, b, index, listed);
      if (!std::isnan(timing)) ++scan_.n_timing_testable;
      if (timing <= kKeptP) scan_.timing_p.push_back(timing);
      scan_.n_hanging_on_one_customer += hanging ? 1 : 0;
      if (!listed) continue;
      listed_.push_back(b);
      scan_.candidates.push_back({.antecedent = static_cast<std::int32_t>(a),
                                  .consequent = static_cast<std::int32_t>(first_ + b),
                                  .at_risk = static_cast<std::int64_t>(index.size()) - s.before(),
                                  .events = s.events(),
                                  .same_day = s.same_day(),
                                  .naive_buyers = s.naive_buyers(),
                                  .visits = s.visits,
                                  .expected_visits = e,
                                  .p = p,
                                  .timing_p = timing,
                                  .information = s.information,
                                  .customer_share = share});
    }
  }

  /// Upper bound of the expected visits of any pair of antecedent and block: 1 - exp(-x) <= x, with
  /// room for rounding.
  [[nodiscard]] double at_most(std::size_t a, std::size_t block) const {
    double sum = 0;
    for (std::size_t bin = 0; bin < n_bins_; ++bin)
      sum += loads_[a * n_bins_ + bin] * largest_theta_[block * n_bins_ + bin];
    return sum * 1.001;
  }

  [[nodiscard]] double customer_share(const Sums& s, double expected) const {
    const double excess = plan_.evidence == Evidence::affinity ? s.visits - expected : s.score;
    const auto largest =
        static_cast<double>(plan_.evidence == Evidence::affinity ? s.largest : s.largest_score);
    return excess > 0 ? largest / excess : kNaN;
  }

  /// Usual buyers of the listed pairs of the antecedent just scanned, with the clustered variance
  /// of what was observed beyond them.
  void add_excess(const std::vector<std::int32_t>& index) {
    enum : std::uint8_t { waiting = 0, not_at_risk = 1, bought = 2 };
    std::array<std::int32_t, kTile> slot{};
    slot.fill(-1);
    for (std::size_t k = 0; k < listed_.size(); ++k)
      slot[listed_[k]] = static_cast<std::int32_t>(k);
    state_.assign(listed_.size() * index.size(), waiting);
    for (std::size_t i = 0; i < index.size(); ++i)
      for (const Entry* e = tile_.begin(at(index[i])); e != tile_.end(at(index[i])); ++e)
        if (slot[e->b] >= 0 && (e->state & (kBefore | kEvent)) != 0)
          state_[at(slot[e->b]) * index.size() + i] =
              (e->state & kBefore) != 0 ? not_at_risk : bought;
    for (std::size_t k = 0; k < listed_.size(); ++k) {
      const std::uint8_t* state = &state_[k * index.size()];
      double sum = 0, clustered = 0, binomial = 0;
      for (std::size_t i = 0; i < index.size(); ++i) {
        if (state[i] == not_at_risk) continue;
        const auto v = at(index[i]);
        double hazard = 0;
        for (auto l = at(visits_.load_begin[v]); l < at(visits_.load_begin[v + 1]); ++l)
          hazard += visits_.load_size[l] * rates_.theta(visits_.load_bin[l], first_ + listed_[k]);
        const double buys = hazard > 0 ? 1 - std::exp(-hazard) : 0;
        const double rest = (state[i] == bought ? 1 : 0) - buys;
        sum += buys;
        clustered += rest * rest;
        binomial += buys * (1 - buys);
      }
      Candidate& c = scan_.candidates[scan_.candidates.size() - listed_.size() + k];
      c.expected_buyers = sum;
      c.excess_variance = std::max(clustered, binomial);
    }
  }

  void scan_placebo(std::size_t a) {
    const auto& index = plan_.placebo[a];
    std::array<Sums, kTile> sums{};
    for (std::size_t i = 0; i < index.size(); ++i) {
      tile_.fetch(index, i);
      for (const Entry* e = tile_.begin(at(index[i])); e != tile_.end(at(index[i])); ++e)
        add_timing(sums[e->b], *e);
    }
    for (std::size_t b = 0; b < width_; ++b) {
      if (plan_.consequents[first_ + b] == plan_.antecedents[a]) continue;
      const double p = timing_p(sums[b], b, index, false);
      if (std::isnan(p)) continue;
      ++scan_.n_placebo_testable;
      if (p <= kKeptP) scan_.placebo_p.push_back(p);
    }
  }

  const Visits& visits_;
  const Rates& rates_;
  const ScanPlan& plan_;
  const std::vector<double>& loads_;  // antecedent x bin: sizes of the visits in windows
  std::size_t n_bins_, first_, width_;
  Tile tile_;
  std::vector<double> largest_theta_;  // block x bin
  std::vector<Expected> expected_;
  std::vector<std::int32_t> slot_;  // antecedent x block, into expected_; -1: not summed
  Scan scan_;
  std::vector<std::size_t> listed_;
  std::vector<std::uint8_t> state_;
};

std::vector<double> load_of(const Visits& visits, const ScanPlan& plan) {
  const std::size_t n_bins = at(visits.n_bins);
  std::vector<double> loads(plan.antecedents.size() * n_bins, 0.0);
  for (std::size_t a = 0; a < plan.antecedents.size(); ++a)
    for (const auto v : plan.index[a])
      for (auto l = at(visits.load_begin[at(v)]); l < at(visits.load_begin[at(v) + 1]); ++l)
        loads[a * n_bins + at(visits.load_bin[l])] += visits.load_size[l];
  return loads;
}

template <typename T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

double affinity_p(double observed, double expected, double variance) {
  return core::normal_sf((observed - expected - 0.5) / std::sqrt(variance));
}

Scan scan_pairs(const Visits& visits, const Rates& rates, const ScanPlan& plan,
                const Context& context) {
  const std::size_t tiles = (plan.consequents.size() + kTile - 1) / kTile;
  if (context.memory_limit > 0 && tiles > 0) {
    const auto threads = static_cast<std::size_t>(core::thread_count(context, tiles));
    const std::size_t per_thread =
        visits.size() * kTile * sizeof(float) + visits.item.size() / tiles * 4 * sizeof(Entry) +
        plan.antecedents.size() * kBlocks * (sizeof(Expected) + sizeof(std::int32_t));
    if (threads * per_thread > context.memory_limit)
      throw MemoryLimit("bought_next: " + std::to_string(threads) + " threads need about " +
                        std::to_string((threads * per_thread) >> 20) +
                        " MB, more than memory_limit; use fewer threads or a coarser item level");
  }
  const std::vector<double> loads = load_of(visits, plan);
  std::vector<Scan> parts(tiles);
  core::parallel_for(context, tiles, [&](std::size_t t) {
    parts[t] = Worker(visits, rates, plan, loads, t * kTile).run();
  });
  Scan scan;
  for (const auto& part : parts) {
    append(scan.candidates, part.candidates);
    append(scan.p, part.p);
    append(scan.timing_p, part.timing_p);
    append(scan.placebo_p, part.placebo_p);
    scan.n_testable += part.n_testable;
    scan.n_timing_testable += part.n_timing_testable;
    scan.n_placebo_testable += part.n_placebo_testable;
    scan.n_below_05 += part.n_below_05;
    scan.n_hanging_on_one_customer += part.n_hanging_on_one_customer;
    scan.observed += part.observed;
    scan.expected += part.expected;
  }
  return scan;
}

std::vector<CustomerVisits> customer_visits(const Visits& visits, const Rates& rates, std::size_t b,
                                            std::int32_t consequent,
                                            const std::vector<std::int32_t>& index) {
  std::vector<CustomerVisits> customers;
  const auto with_b = visits.visits_of(consequent);
  auto next = with_b.begin();
  for (const auto v : index) {
    CustomerVisits sums{visits.code[at(visits.customer[at(v)])], 0, 0};
    next = std::lower_bound(next, with_b.end(), v + 1);
    for (auto i = next; i != with_b.end() && *i < visits.window_end[at(v)]; ++i) ++sums.observed;
    for (auto j = at(v) + 1; j < at(visits.window_end[at(v)]); ++j)
      sums.expected += static_cast<double>(rates.probability(j, b));
    customers.push_back(sums);
  }
  return customers;
}

}  // namespace emptor::mining::next
