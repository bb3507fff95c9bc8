#include "mining/pair_scan.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "core/special.hpp"
#include "mining/pair_expected.hpp"
#include "mining/pair_tile.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <tuple>

namespace emptor::mining::next {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kWidestTile = 2048;
/// Bytes per tile and thread for the expected visits of pairs.
constexpr std::size_t kExpectedBytes = std::size_t{32} << 20;
/// Buyers summed in single precision before the sum goes into double precision.
constexpr std::size_t kRun = 1024;

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

using RowLists = std::vector<std::vector<std::int32_t>>;

/// What all tiles share.
struct Setting {
  const Visits& visits;
  const Rates& rates;
  const ScanPlan& plan;
  Windows windows;
  RowLists rows, placebo;     // per antecedent
  std::vector<double> loads;  // antecedent x bin: sizes of the visits in windows
  float z_squared;            // of the largest p-value kept
};

/// Sums over an antecedent's buyers for all consequents of a tile.
class PairSums {
 public:
  explicit PairSums(std::size_t width) : run_(width), total_(width) {}

  template <typename Term>
  void sum(const SparseRows<Term>& sparse, const std::vector<std::int32_t>& rows) {
    std::fill(run_.begin(), run_.end(), Four());
    for (std::size_t i = 0; i < rows.size(); i += kRun) {
      if (i > 0) end_run(i == kRun);
      sum_run(sparse, rows, i, std::min(rows.size(), i + kRun));
    }
    if (rows.size() > kRun) end_run(false);
    if (rows.size() > kRun) take_total();
  }
  Four& operator[](std::size_t b) noexcept { return run_[b]; }

 private:
  template <typename Term>
  void sum_run(const SparseRows<Term>& sparse, const std::vector<std::int32_t>& rows,
               std::size_t from, std::size_t to) {
    // Plain pointers: what is stored here is none of what is read there.
    const std::size_t* begin = sparse.begin.data();
    const std::uint16_t* number = sparse.b.data();
    const Term* term = sparse.term.data();
    Four* run = run_.data();
    for (std::size_t i = from; i < to; ++i) {
      sparse.fetch(rows, i);
      const auto r = at(rows[i]);
      const std::size_t end = begin[r + 1];
      for (std::size_t k = begin[r]; k < end; ++k) term[k].add_to(run[number[k]]);
    }
  }
  // Lane 3 holds a largest value or nothing: it stays where it is.
  void end_run(bool first) {
    for (std::size_t b = 0; b < run_.size(); ++b)
      for (std::size_t k = 0; k < 3; ++k) {
        total_[b][k] = (first ? 0 : total_[b][k]) + static_cast<double>(run_[b].lane[k]);
        run_[b].lane[k] = 0;
      }
  }
  void take_total() {
    for (std::size_t b = 0; b < run_.size(); ++b)
      for (std::size_t k = 0; k < 3; ++k) run_[b].lane[k] = static_cast<float>(total_[b][k]);
  }

  std::vector<Four> run_;
  std::vector<std::array<double, 3>> total_;
};

/// The scan of one tile.
class Worker {
 public:
  Worker(const Setting& setting, TileRange range)
      : s_(setting),
        plan_(setting.plan),
        range_(range),
        blocks_((range.width + kBlock - 1) / kBlock),
        visits_(blocks_ * kBlock),
        timing_(blocks_ * kBlock) {}

  Scan run() {
    sum_expected();
    tile_ = make_tile(s_.visits, s_.windows, s_.rates, plan_.consequents, range_);
    for (std::size_t a = 0; a < plan_.antecedents.size(); ++a) {
      timing_.sum(tile_.timing, s_.rows[a]);
      visits_.sum(tile_.visits, s_.rows[a]);
      forget_own(a);
      for (std::size_t block = 0; block < blocks_; ++block) test_affinity(a, block);
      test_timing(a, scan_.timing);
      if (plan_.placebo.empty()) continue;
      timing_.sum(tile_.timing, s_.placebo[a]);
      forget_own(a);
      test_timing(a, scan_.placebo);
    }
    return std::move(scan_);
  }

 private:
  /// Expected visits of the blocks of pairs that may be testable.
  void sum_expected() {
    ExpectedBlock table(s_.visits, s_.windows, s_.rates, kernels());
    slot_.assign(plan_.antecedents.size() * blocks_, -1);
    for (std::size_t block = 0; block < blocks_; ++block) {
      const auto largest = largest_thetas(block);
      bool filled = false;
      for (std::size_t a = 0; a < plan_.antecedents.size(); ++a) {
        if (at_most(a, largest) < plan_.min_expected) continue;
        if (!filled)
          table.fill(range_.first + block * kBlock,
                     std::min(kBlock, range_.width - block * kBlock));
        filled = true;
        slot_[a * blocks_ + block] = static_cast<std::int32_t>(expected_.size());
        expected_.push_back(table.sum(s_.rows[a]));
      }
    }
  }

  [[nodiscard]] std::vector<double> largest_thetas(std::size_t block) const {
    std::vector<double> largest(at(s_.visits.n_bins), 0.0);
    const std::size_t end = std::min(range_.width, (block + 1) * kBlock);
    for (std::size_t bin = 0; bin < largest.size(); ++bin)
      for (std::size_t b = block * kBlock; b < end; ++b)
        largest[bin] =
            std::max(largest[bin], s_.rates.theta(static_cast<int>(bin), range_.first + b));
    return largest;
  }

  /// Upper bound of the expected visits of any pair of antecedent and block: 1 - exp(-x) <= x, with
  /// room for rounding.
  [[nodiscard]] double at_most(std::size_t a, const std::vector<double>& largest) const {
    double sum = 0;
    for (std::size_t bin = 0; bin < largest.size(); ++bin)
      sum += s_.loads[a * largest.size() + bin] * largest[bin];
    return sum * 1.001;
  }

  /// An item is no consequent of itself: without sums it is neither tested nor listed.
  void forget_own(std::size_t a) {
    const auto begin = plan_.consequents.begin() + static_cast<std::ptrdiff_t>(range_.first);
    const auto end = begin + static_cast<std::ptrdiff_t>(range_.width);
    if (own_.empty()) {
      own_.assign(at(s_.visits.n_items), -1);
      for (auto it = begin; it != end; ++it) own_[at(*it)] = static_cast<std::int32_t>(it - begin);
    }
    const auto b = own_[at(plan_.antecedents[a])];
    if (b < 0) return;
    visits_[at(b)] = timing_[at(b)] = Four();
    const auto slot = slot_[a * blocks_ + at(b) / kBlock];
    if (slot >= 0) expected_[at(slot)].sum[at(b) % kBlock] = 0;
  }

  /// Whether the p-value of a normal score may be kept: without a branch, a square root or an error
  /// function, since most are not.
  [[nodiscard]] bool kept(float beyond, float variance) const {
    return (beyond > 0) & (beyond * beyond >= s_.z_squared * variance);
  }

  [[nodiscard]] bool may_be_listed(const Four& sums) const {
    return plan_.list && sums[kVisits] > 0 && sums[kEvents] >= min_events_;
  }

  void test_affinity(std::size_t a, std::size_t block) {
    const std::size_t begin = block * kBlock;
    const std::size_t width = std::min(kBlock, range_.width - begin);
    const auto slot = slot_[a * blocks_ + block];
    if (slot < 0) {  // not testable
      for (auto b = begin; b < begin + width; ++b)
        if (may_be_listed(visits_[b])) add_candidate(a, b, expected_visits(a, b), kNaN);
      return;
    }
    const Sixteen& expected = expected_[at(slot)];
    const auto min_expected = static_cast<float>(plan_.min_expected);
    std::int64_t n_testable = 0;
    double observed_sum = 0, expected_sum = 0;
    for (std::size_t i = 0; i < width; ++i) {
      const Four& sums = visits_[begin + i];
      const float e = expected.sum[i], o = sums[kVisits];
      const bool testable = e >= min_expected;
      n_testable += testable ? 1 : 0;
      observed_sum += static_cast<double>(testable ? o : 0);
      expected_sum += static_cast<double>(testable ? e : 0);
      const float variance = std::max(expected.squares[i] + sums[kSquares], e);
      const bool listed = may_be_listed(sums);
      if (!(listed | (testable & kept(o - e - 0.5F, variance)))) continue;
      const double p = testable ? affinity_p(o, e, variance) : kNaN;
      if (p <= plan_.kept_p) scan_.p.push_back(p);
      scan_.n_below_05 += p < 0.05 ? 1 : 0;
      if (listed) add_candidate(a, begin + i, e, p);
    }
    scan_.n_testable += n_testable;
    scan_.observed += observed_sum;
    scan_.expected += expected_sum;
  }

  void add_candidate(std::size_t a, std::size_t b, double expected, double p) {
    Candidate c;
    c.antecedent = static_cast<std::int32_t>(a);
    c.consequent = static_cast<std::int32_t>(range_.first + b);
    c.p = p;
    c.expected_visits = expected;
    const Four& t = timing_[b];
    c.timing = {t[kScore], t[kInformation], t[kScoreSquares]};
    c.customer_share = customer_share(a, b, c.expected_visits);
    if (c.customer_share > plan_.max_customer_share)
      ++scan_.n_hanging_on_one_customer;
    else
      scan_.candidates.push_back(c);
  }

  /// For pairs too small to be tested.
  [[nodiscard]] double expected_visits(std::size_t a, std::size_t b) const {
    double sum = 0;
    for (const auto r : s_.rows[a]) {
      const auto v = at(s_.windows.visit[at(r)]);
      for (auto j = v + 1; j < at(s_.visits.window_end[v]); ++j)
        sum += static_cast<double>(s_.rates.probability(j, range_.first + b));
    }
    return sum;
  }

  /// The largest share of one customer in the excess that decides, 1 if he brings more than all of
  /// it; NaN without an excess.
  [[nodiscard]] double customer_share(std::size_t a, std::size_t b, double expected) {
    if (plan_.evidence == Evidence::affinity) {
      const double excess = static_cast<double>(visits_[b][kVisits]) - expected;
      const auto largest = static_cast<double>(visits_[b][kLargest]);
      return excess > 0 ? std::min(1.0, largest / excess) : kNaN;
    }
    const auto score = static_cast<double>(timing_[b][kScore]);
    if (score <= 0) return kNaN;
    float largest = 0;
    for (const auto row : s_.rows[a]) {
      const auto& rows = tile_.timing;
      const auto* begin = rows.b.data() + rows.begin[at(row)];
      const auto* end = rows.b.data() + rows.begin[at(row) + 1];
      const auto* found = std::lower_bound(begin, end, b);
      if (found != end && *found == b)
        largest = std::max(largest, rows.term[at(found - rows.b.data())].score);
    }
    return std::min(1.0, static_cast<double>(largest) / score);
  }

  void test_timing(std::size_t a, TimingScan& scan) {
    std::int64_t n_testable = 0;
    for (std::size_t b = 0; b < range_.width; ++b) {
      const Four& sums = timing_[b];
      const bool testable = sums[kInformation] >= kMinInformation;
      n_testable += testable ? 1 : 0;
      const float variance = std::max(sums[kInformation], sums[kScoreSquares]);
      if (!(testable & kept(sums[kScore] - 0.5F, variance))) continue;
      const TimingSums timing{sums[kScore], sums[kInformation], sums[kScoreSquares]};
      const double p = timing.p();
      if (p > plan_.kept_p) continue;
      if (timing.needs_exact())
        scan.pending.push_back(
            {static_cast<std::int32_t>(a), static_cast<std::int32_t>(range_.first + b), p});
      else
        scan.p.push_back(p);
    }
    scan.n_testable += n_testable;
  }

  const Setting& s_;
  const ScanPlan& plan_;
  TileRange range_;
  std::size_t blocks_;
  float min_events_ = static_cast<float>(plan_.min_events);
  Tile tile_;
  PairSums visits_, timing_;
  std::vector<Sixteen> expected_;
  std::vector<std::int32_t> slot_;  // antecedent x block, into expected_; -1: not summed
  std::vector<std::int32_t> own_;   // per item its number in the tile, -1: not there
  Scan scan_;
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

void append(TimingScan& to, const TimingScan& from) {
  to.n_testable += from.n_testable;
  append(to.p, from.p);
  append(to.pending, from.pending);
}

Scan join(const std::vector<Scan>& parts, const ScanPlan& plan) {
  Scan scan;
  for (const auto& part : parts) {
    append(scan.candidates, part.candidates);
    append(scan.p, part.p);
    append(scan.timing, part.timing);
    append(scan.placebo, part.placebo);
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

void check_memory(const Setting& s, const std::vector<TileRange>& tiles, const Context& context) {
  if (context.memory_limit == 0 || tiles.empty()) return;
  const auto threads = static_cast<std::size_t>(core::thread_count(context, tiles.size()));
  std::size_t widest = 0;
  for (const auto& tile : tiles) widest = std::max(widest, tile.width);
  // Two sparse tables, a block of expected visits, and the pairs' expected visits.
  const std::size_t blocks = (widest + kBlock - 1) / kBlock;
  const std::size_t sparse = s.plan.tile_work + kBlock * s.windows.size();
  const std::size_t per_thread =
      2 * sparse * (sizeof(Four) + sizeof(std::uint16_t)) + 64 * s.windows.size() +
      s.plan.antecedents.size() * blocks * (sizeof(Sixteen) + sizeof(std::int32_t));
  if (threads * per_thread > context.memory_limit)
    throw MemoryLimit("bought_next: " + std::to_string(threads) + " threads need about " +
                      std::to_string((threads * per_thread) >> 20) +
                      " MB, more than memory_limit; use fewer threads or a coarser item level");
}

}  // namespace

double TimingSums::p() const {
  if (information < kMinInformation) return kNaN;
  const double variance = static_cast<double>(std::max(information, score_squares));
  return core::normal_sf((static_cast<double>(score) - 0.5) / std::sqrt(variance));
}

bool TimingSums::needs_exact() const {
  return information >= kMinInformation && information < kExactInformation;
}

double affinity_p(double observed, double expected, double variance) {
  return core::normal_sf((observed - expected - 0.5) / std::sqrt(variance));
}

Scan scan_pairs(const Visits& visits, const Rates& rates, const ScanPlan& plan,
                const Context& context) {
  Setting setting{visits, rates, plan, make_windows(visits), {}, {}, load_of(visits, plan), 0};
  const auto lists = [&](const std::vector<std::vector<std::int32_t>>& index) {
    RowLists rows(index.size());
    for (std::size_t a = 0; a < index.size(); ++a) rows[a] = rows_of(setting.windows, index[a]);
    return rows;
  };
  setting.rows = lists(plan.index);
  setting.placebo = lists(plan.placebo);
  const double z = core::normal_quantile(1 - plan.kept_p);
  setting.z_squared =
      static_cast<float>(z * std::abs(z) * 0.999);  // rounding must not lose what is at the limit
  const std::size_t widest =
      std::clamp(kExpectedBytes / sizeof(Sixteen) / std::max<std::size_t>(1, plan.index.size()),
                 std::size_t{1}, kWidestTile / kBlock) *
      kBlock;
  const auto tiles = tile_ranges(visits, setting.windows, plan.consequents, plan.tile_work, widest);
  check_memory(setting, tiles, context);
  std::vector<Scan> parts(tiles.size());
  core::parallel_for(context, tiles.size(),
                     [&](std::size_t t) { parts[t] = Worker(setting, tiles[t]).run(); });
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
