#include "learn/boost_steps.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace emptor::learn {
namespace {

// Pulls the order of categories with little behind them to the middle.
constexpr double kOrderPenalty = 10;

/// Sums up to each place of a line of bins.
struct Prefix {
  std::array<double, 257> gradient{};
  std::array<double, 257> curvature{};
};

struct Sums {
  double gradient = 0, curvature = 0;
  [[nodiscard]] double gain(double penalty) const {
    return gradient * gradient / (curvature + penalty);
  }
  [[nodiscard]] double step(double penalty) const { return gradient / (curvature + penalty); }
};

Sums between(const Prefix& prefix, std::size_t first, std::size_t last) {
  return {prefix.gradient[last] - prefix.gradient[first],
          prefix.curvature[last] - prefix.curvature[first]};
}

struct Cut {
  std::size_t at = 0;
  double gain = 0;
};

/// The best place to part [first, last) of a line; gain 0 if there is none.
Cut best_cut(const Prefix& prefix, std::size_t first, std::size_t last, const StepRule& rule) {
  Cut best;
  const Sums whole = between(prefix, first, last);
  const double base = whole.gain(rule.penalty);
  for (std::size_t at = first + 1; at < last; ++at) {
    const Sums left = between(prefix, first, at);
    const Sums right{whole.gradient - left.gradient, whole.curvature - left.curvature};
    if (left.curvature < rule.min_leaf || right.curvature < rule.min_leaf) continue;
    const double gain = left.gain(rule.penalty) + right.gain(rule.penalty) - base;
    if (gain > best.gain) best = {at, gain};
  }
  return best;
}

/// Ends of the best few runs of a line of m bins, greedily.
std::vector<std::size_t> best_runs(const Prefix& prefix, std::size_t m, const StepRule& rule) {
  std::vector<std::size_t> ends{0, m};
  while (static_cast<int>(ends.size()) <= rule.max_leaves) {
    Cut best;
    for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
      const Cut cut = best_cut(prefix, ends[i], ends[i + 1], rule);
      if (cut.gain > best.gain) best = cut;
    }
    if (best.gain <= rule.min_gain) break;
    ends.insert(std::upper_bound(ends.begin(), ends.end(), best.at), best.at);
  }
  return ends;
}

/// Pools neighbours until values rise (PAVA), with the weights of Newton steps.
void make_rising(std::vector<Sums>& runs, std::vector<std::size_t>& ends, double penalty,
                 int direction) {
  for (std::size_t i = 0; i + 1 < runs.size();) {
    if (direction * (runs[i + 1].step(penalty) - runs[i].step(penalty)) >= 0) {
      ++i;
      continue;
    }
    runs[i].gradient += runs[i + 1].gradient;
    runs[i].curvature += runs[i + 1].curvature;
    runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    ends.erase(ends.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    i = i > 0 ? i - 1 : 0;
  }
}

Sums of_bin(std::span<const double> sums, std::size_t bin) {
  return {sums[2 * bin], sums[2 * bin + 1]};
}

/// Places in the order they are cut in: as they lie, or categories by their own steps.
template <typename Of>
void put_in_order(bool category, const Of& of, std::span<std::uint8_t> order) {
  std::iota(order.begin(), order.end(), std::uint8_t{0});
  if (!category) return;
  std::array<double, 256> key{};
  for (std::size_t i = 0; i < order.size(); ++i) key[i] = of(i).step(kOrderPenalty);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint8_t a, std::uint8_t b) { return key[a] < key[b]; });
}

/// Sums of a pair's cells up to each place, in the order either side is cut in: a table of
/// 17 x 17 corners.
struct Corners {
  std::array<std::array<Sums, kCells + 1>, kCells + 1> at{};
  [[nodiscard]] Sums box(std::size_t r0, std::size_t r1, std::size_t c0, std::size_t c1) const {
    const Sums &a = at[r1][c1], &b = at[r0][c1], &c = at[r1][c0], &d = at[r0][c0];
    return {a.gradient - b.gradient - c.gradient + d.gradient,
            a.curvature - b.curvature - c.curvature + d.curvature};
  }
};

struct TwoCuts {
  double gain = 0;
  bool rows_first = true;
  std::size_t outer = 0, low = 0, high = 0;  // low: the cut on the side below `outer`
};

Sums strip(const Corners& corners, bool rows_first, std::size_t o0, std::size_t o1, std::size_t i0,
           std::size_t i1) {
  return rows_first ? corners.box(o0, o1, i0, i1) : corners.box(i0, i1, o0, o1);
}

/// The best inner cut of a strip, and what both parts gain.
Cut inner_cut(const Corners& corners, bool rows_first, std::size_t o0, std::size_t o1,
              const StepRule& rule) {
  Cut best;
  const Sums whole = strip(corners, rows_first, o0, o1, 0, kCells);
  for (std::size_t at = 1; at < kCells; ++at) {
    const Sums left = strip(corners, rows_first, o0, o1, 0, at);
    const Sums right{whole.gradient - left.gradient, whole.curvature - left.curvature};
    if (left.curvature < rule.min_leaf || right.curvature < rule.min_leaf) continue;
    const double gain = left.gain(rule.penalty) + right.gain(rule.penalty);
    if (gain > best.gain) best = {at, gain};
  }
  return best;
}

TwoCuts best_cuts(const Corners& corners, const StepRule& rule) {
  TwoCuts best;
  best.gain = rule.min_gain;
  const double base = corners.box(0, kCells, 0, kCells).gain(rule.penalty);
  for (const bool rows_first : {true, false})
    for (std::size_t outer = 1; outer < kCells; ++outer) {
      const Cut low = inner_cut(corners, rows_first, 0, outer, rule);
      const Cut high = inner_cut(corners, rows_first, outer, kCells, rule);
      if (low.at == 0 || high.at == 0) continue;
      const double gain = low.gain + high.gain - base;
      if (gain > best.gain) best = {gain, rows_first, outer, low.at, high.at};
    }
  return best;
}

}  // namespace

bool column_step(std::span<const double> sums, bool category, int direction, const StepRule& rule,
                 std::span<float> step) {
  const std::size_t bins = sums.size() / 2;
  // Missing numbers are a run of their own; missing categories are one of them.
  const std::size_t apart = category ? 0 : 1;
  std::array<std::uint8_t, 256> order{};
  const std::size_t m = bins - apart;
  put_in_order(
      category, [&](std::size_t i) { return of_bin(sums, i + apart); }, std::span(order).first(m));
  Prefix prefix;
  for (std::size_t i = 0; i < m; ++i) {
    const Sums one = of_bin(sums, order[i] + apart);
    prefix.gradient[i + 1] = prefix.gradient[i] + one.gradient;
    prefix.curvature[i + 1] = prefix.curvature[i] + one.curvature;
  }
  std::vector<std::size_t> ends = best_runs(prefix, m, rule);
  const Sums missing = of_bin(sums, 0);
  const bool missing_apart = apart == 1 && missing.gain(rule.penalty) > rule.min_gain;
  std::fill(step.begin(), step.end(), 0.0F);
  if (ends.size() == 2 && !missing_apart) return false;
  std::vector<Sums> runs;
  for (std::size_t i = 0; i + 1 < ends.size(); ++i)
    runs.push_back(between(prefix, ends[i], ends[i + 1]));
  if (direction != 0) make_rising(runs, ends, rule.penalty, direction);
  if (missing_apart) step[0] = static_cast<float>(rule.learning_rate * missing.step(rule.penalty));
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const auto value = static_cast<float>(rule.learning_rate * runs[r].step(rule.penalty));
    for (std::size_t i = ends[r]; i < ends[r + 1]; ++i) step[order[i] + apart] = value;
  }
  return true;
}

double pair_step(std::span<const double> sums, bool first_category, bool second_category,
                 const StepRule& rule, std::span<float> step) {
  std::array<Sums, kCells> rows{}, columns{};
  for (std::size_t r = 0; r < kCells; ++r)
    for (std::size_t c = 0; c < kCells; ++c) {
      const Sums one = of_bin(sums, kCells * r + c);
      rows[r].gradient += one.gradient;
      rows[r].curvature += one.curvature;
      columns[c].gradient += one.gradient;
      columns[c].curvature += one.curvature;
    }
  std::array<std::uint8_t, kCells> row_order{}, column_order{};
  put_in_order(
      first_category, [&](std::size_t i) { return rows[i]; }, row_order);
  put_in_order(
      second_category, [&](std::size_t i) { return columns[i]; }, column_order);
  Corners corners;
  for (std::size_t r = 0; r < kCells; ++r) {
    Sums line;
    for (std::size_t c = 0; c < kCells; ++c) {
      const Sums one = of_bin(sums, kCells * row_order[r] + column_order[c]);
      line.gradient += one.gradient;
      line.curvature += one.curvature;
      corners.at[r + 1][c + 1] = {corners.at[r][c + 1].gradient + line.gradient,
                                  corners.at[r][c + 1].curvature + line.curvature};
    }
  }
  const TwoCuts cuts = best_cuts(corners, rule);
  std::fill(step.begin(), step.end(), 0.0F);
  if (cuts.outer == 0) return 0;
  if (step.empty()) return cuts.gain;
  const auto value = [&](std::size_t o0, std::size_t o1, std::size_t i0, std::size_t i1) {
    return static_cast<float>(rule.learning_rate *
                              strip(corners, cuts.rows_first, o0, o1, i0, i1).step(rule.penalty));
  };
  const float low[2] = {value(0, cuts.outer, 0, cuts.low), value(0, cuts.outer, cuts.low, kCells)};
  const float high[2] = {value(cuts.outer, kCells, 0, cuts.high),
                         value(cuts.outer, kCells, cuts.high, kCells)};
  for (std::size_t r = 0; r < kCells; ++r)
    for (std::size_t c = 0; c < kCells; ++c) {
      const std::size_t outer = cuts.rows_first ? r : c;
      const std::size_t inner = cuts.rows_first ? c : r;
      step[kCells * row_order[r] + column_order[c]] =
          outer < cuts.outer ? low[inner >= cuts.low] : high[inner >= cuts.high];
    }
  return cuts.gain;
}

}  // namespace emptor::learn
