#include "emptor/learn/classification_metrics.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/special.hpp"
#include "learn/ranked.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace emptor::learn {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kSmall = 10;     // events or others, for a metric of the whole table
constexpr std::int64_t kSmallBin = 20;  // cases of a bin
constexpr double kClip = 1e-15;

/// An interval on the logit scale, within 0 and 1; at an edge the rule of three of Wilson's.
Interval logit_interval(double x, double variance, double n, double level) {
  if (x <= 0 || x >= 1) return wilson(x * n, n, level);
  const double half = normal_half_width(level) * std::sqrt(variance) / (x * (1 - x));
  const double logit = std::log(x / (1 - x));
  return {1 / (1 + std::exp(-(logit - half))), 1 / (1 + std::exp(-(logit + half)))};
}

struct Counts {
  std::int64_t n = 0, events = 0;
  [[nodiscard]] Status status() const {
    if (events == 0 || events == n) return Status::not_enough_data;
    return std::min(events, n - events) < kSmall ? Status::small_sample : Status::ok;
  }
};

Estimate empty(const Counts& counts, double level) {
  return {kNaN, kNaN, kNaN, level, counts.n, Status::not_enough_data};
}

Estimate auc_of(const ClassificationView& view, const Ranked& rank, const Counts& counts,
                double level) {
  if (counts.status() == Status::not_enough_data) return empty(counts, level);
  const auto events = static_cast<double>(counts.events);
  const auto others = static_cast<double>(counts.n - counts.events);
  // A case's placement: the share of the other class it is on the right side of, ties half.
  std::vector<double> placement(view.outcome.size());
  double events_above = 0, others_above = 0, sum = 0;
  for (std::size_t g = 0; g + 1 < rank.begin.size(); ++g) {
    double e = 0, o = 0;
    for (std::size_t i = rank.begin[g]; i < rank.begin[g + 1]; ++i)
      (view.outcome[rank.row[i]] == 1 ? e : o) += 1;
    for (std::size_t i = rank.begin[g]; i < rank.begin[g + 1]; ++i) {
      const std::size_t r = rank.row[i];
      placement[r] = view.outcome[r] == 1 ? (others - others_above - o + 0.5 * o) / others
                                          : (events_above + 0.5 * e) / events;
    }
    sum += e * (others - others_above - 0.5 * o);
    events_above += e;
    others_above += o;
  }
  const double auc = sum / (events * others);
  double variance = 0;
  if (view.cluster.empty()) {
    double of_events = 0, of_others = 0;
    for (std::size_t i = 0; i < placement.size(); ++i)
      (view.outcome[i] == 1 ? of_events : of_others) += (placement[i] - auc) * (placement[i] - auc);
    variance = of_events / (std::max(1.0, events - 1) * events) +
               of_others / (std::max(1.0, others - 1) * others);
  } else {
    for (std::size_t i = 0; i < placement.size(); ++i)
      placement[i] = (placement[i] - auc) / (view.outcome[i] == 1 ? events : others);
    variance = clustered_variance(placement, view.cluster);
  }
  const Interval interval = logit_interval(auc, variance, std::min(events, others), level);
  return {auc, interval.low, interval.high, level, counts.n, counts.status()};
}

Estimate average_precision_of(const ClassificationView& view, const Ranked& rank,
                              const Counts& counts, double level) {
  if (counts.status() == Status::not_enough_data) return empty(counts, level);
  const auto events = static_cast<double>(counts.events);
  double caught = 0, area = 0;
  for (std::size_t g = 0; g + 1 < rank.begin.size(); ++g) {
    double here = 0;
    for (std::size_t i = rank.begin[g]; i < rank.begin[g + 1]; ++i)
      here += view.outcome[rank.row[i]];
    caught += here;
    area += here / events * caught / static_cast<double>(rank.begin[g + 1]);
  }
  const Interval interval = logit_interval(area, area * (1 - area) / events, events, level);
  return {area, interval.low, interval.high, level, counts.n, counts.status()};
}

Estimate mean_loss(std::vector<double> loss, std::span<const std::int32_t> cluster,
                   const Counts& counts, double level) {
  if (loss.empty()) return empty(counts, level);
  const auto n = static_cast<double>(loss.size());
  const double mean = std::accumulate(loss.begin(), loss.end(), 0.0) / n;
  for (double& x : loss) x = (x - mean) / n;
  const double half =
      normal_half_width(level) * std::sqrt(std::max(0.0, clustered_variance(loss, cluster)));
  const Status status = counts.status() == Status::ok ? Status::ok : Status::small_sample;
  return {mean, std::max(0.0, mean - half), mean + half, level, counts.n, status};
}

Estimate lift_of(const ClassificationView& view, const Ranked& rank, const Counts& counts,
                 const ClassificationOptions& options) {
  if (counts.status() == Status::not_enough_data) return empty(counts, options.level);
  const Caught caught = caught_by(view, rank, clusters_of(view), options.top, options.level);
  return {caught.share / caught.top,
          caught.low / caught.top,
          caught.high / caught.top,
          options.level,
          counts.n,
          counts.status()};
}

/// Bins of equal counts: [first, last) of the ranked rows, lowest probability first.
std::vector<std::pair<std::size_t, std::size_t>> bins_of(const Ranked& rank, int bins) {
  std::vector<std::pair<std::size_t, std::size_t>> result;
  const std::size_t n = rank.row.size();
  std::size_t end = n;
  std::size_t made = 0;
  for (std::size_t g = rank.begin.size() - 1; g-- > 0;) {
    const std::size_t begin = rank.begin[g];
    const double wanted =
        static_cast<double>(n) * static_cast<double>(made + 1) / static_cast<double>(bins);
    if (static_cast<double>(n - begin) + 1e-9 < wanted && begin > 0) continue;
    result.emplace_back(begin, end);
    end = begin;
    made = static_cast<std::size_t>(static_cast<double>(n - begin) * bins / static_cast<double>(n));
  }
  return result;
}

struct Bin {
  double n = 0, probability = 0, events = 0;
  double independent =
      0;  ///< cases the share of events is worth: fewer where clusters have several
};

/// How many independent cases would tell the share of events of these rows as well.
double independent_cases(const ClassificationView& view, std::span<const std::size_t> rows,
                         double share) {
  const auto n = static_cast<double>(rows.size());
  if (view.cluster.empty()) return n;
  std::vector<double> part;
  std::vector<std::int32_t> cluster;
  for (const std::size_t i : rows) {
    part.push_back((view.outcome[i] - share) / n);
    cluster.push_back(view.cluster[i]);
  }
  const double variance = clustered_variance(part, cluster);
  if (share > 0 && share < 1 && variance > 0) return std::min(n, share * (1 - share) / variance);
  std::sort(cluster.begin(), cluster.end());
  return static_cast<double>(std::unique(cluster.begin(), cluster.end()) - cluster.begin());
}

std::vector<Bin> binned(const ClassificationView& view, int bins) {
  const Ranked rank = ranked(view.probability);
  std::vector<Bin> result;
  for (const auto& [first, last] : bins_of(rank, bins)) {
    Bin bin;
    for (std::size_t i = first; i < last; ++i) {
      bin.probability += view.probability[rank.row[i]];
      bin.events += view.outcome[rank.row[i]];
    }
    bin.n = static_cast<double>(last - first);
    bin.probability /= bin.n;
    const auto rows = std::span(rank.row).subspan(first, last - first);
    bin.independent = independent_cases(view, rows, bin.events / bin.n);
    result.push_back(bin);
  }
  return result;
}

Counts counted(const ClassificationView& view) {
  Counts counts;
  counts.n = static_cast<std::int64_t>(view.outcome.size());
  for (const std::uint8_t y : view.outcome) counts.events += y;
  return counts;
}

void list(ClassificationMetrics& result) {
  const auto add = [&](const char* name, const Estimate& e) {
    result.metric.emplace_back(name);
    result.value.push_back(e.value);
    result.low.push_back(e.low);
    result.high.push_back(e.high);
    result.value_n.push_back(e.n);
    result.status.push_back(e.status);
  };
  add("auc", result.auc);
  add("average_precision", result.average_precision);
  add("brier", result.brier);
  add("log_loss", result.log_loss);
  add("lift", result.lift);
}

}  // namespace

ClassificationMetrics classification_metrics(const ClassificationView& view,
                                             const ClassificationOptions& options) {
  check(view, options, "classification_metrics");
  const std::size_t n = view.outcome.size();
  const Counts counts = counted(view);
  const Ranked rank = ranked(view.probability);
  ClassificationMetrics result;
  result.n = counts.n;
  result.n_events = counts.events;
  result.top = options.top;
  result.auc = auc_of(view, rank, counts, options.level);
  result.average_precision = average_precision_of(view, rank, counts, options.level);
  std::vector<double> squared(n), log_loss(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double p = view.probability[i], y = view.outcome[i];
    squared[i] = (p - y) * (p - y);
    log_loss[i] = -std::log(std::max(kClip, y == 1 ? p : 1 - p));
  }
  result.brier = mean_loss(std::move(squared), view.cluster, counts, options.level);
  result.log_loss = mean_loss(std::move(log_loss), view.cluster, counts, options.level);
  result.lift = lift_of(view, rank, counts, options);
  const auto all = static_cast<double>(n);
  result.share = n == 0 ? kNaN : static_cast<double>(counts.events) / all;
  result.brier_uncertainty = result.share * (1 - result.share);
  for (const Bin& bin : binned(view, options.bins)) {
    const double share = bin.events / bin.n;
    result.brier_reliability += bin.n / all * (bin.probability - share) * (bin.probability - share);
    result.brier_resolution += bin.n / all * (share - result.share) * (share - result.share);
  }
  result.brier_within = result.brier.value - (result.brier_reliability - result.brier_resolution +
                                              result.brier_uncertainty);
  list(result);
  return result;
}

Reliability reliability(const ClassificationView& view, const ClassificationOptions& options) {
  check(view, options, "reliability");
  Reliability result;
  result.level = options.level;
  for (const Bin& bin : binned(view, options.bins)) {
    const Interval interval =
        wilson(bin.events / bin.n * bin.independent, bin.independent, options.level);
    result.bin.push_back(static_cast<std::int64_t>(result.bin.size()) + 1);
    result.probability.push_back(bin.probability);
    result.share.push_back(bin.events / bin.n);
    result.share_low.push_back(interval.low);
    result.share_high.push_back(interval.high);
    result.n.push_back(static_cast<std::int64_t>(bin.n));
    result.status.push_back(result.n.back() < kSmallBin ? Status::small_sample : Status::ok);
  }
  return result;
}

MaximumProfit maximum_profit(const ClassificationView& view, const ClassificationOptions& options) {
  check(view, options, "maximum_profit");
  if (!(options.accept_alpha > 0 && options.accept_beta > 0))
    throw InvalidArgument("maximum_profit: accept_alpha and accept_beta must be above 0");
  if (!(options.incentive_cost >= 0 && options.contact_cost >= 0))
    throw InvalidArgument("maximum_profit: incentive_cost and contact_cost must be 0 or more");
  if (view.outcome.empty()) return {kNaN, kNaN, kNaN, kNaN};
  const auto n = static_cast<double>(view.outcome.size());
  const Ranked rank = ranked(view.probability);
  // Contacting the first k is worth accept * gain - cost, both rising with k: a line in `accept`.
  // Only lines on the upper envelope are ever best; they have the slopes of a convex hull.
  struct Line {
    double gain = 0, cost = 0, fraction = 0;
  };
  std::vector<Line> best{{}};
  std::vector<double> from{0};  // acceptance from which a line is the best one
  Line at;
  for (std::size_t g = 0; g + 1 < rank.begin.size(); ++g) {
    for (std::size_t i = rank.begin[g]; i < rank.begin[g + 1]; ++i) {
      const std::size_t r = rank.row[i];
      const double value = view.value.empty() ? options.customer_value : view.value[r];
      const bool event = view.outcome[r] == 1;
      at.gain += event ? (value - options.incentive_cost) / n : 0;
      at.cost += (event ? options.contact_cost : options.incentive_cost + options.contact_cost) / n;
    }
    at.fraction = static_cast<double>(rank.begin[g + 1]) / n;
    if (at.gain <= best.back().gain) continue;
    const auto crossing = [&] {
      return (at.cost - best.back().cost) / (at.gain - best.back().gain);
    };
    while (best.size() > 1 && crossing() <= from.back()) {
      best.pop_back();
      from.pop_back();
    }
    from.push_back(std::max(0.0, crossing()));
    best.push_back(at);
  }
  const double a = options.accept_alpha, b = options.accept_beta, mean = a / (a + b);
  MaximumProfit result;
  for (std::size_t k = 0; k < best.size(); ++k) {
    const double low = std::min(1.0, from[k]);
    const double high = k + 1 < best.size() ? std::min(1.0, from[k + 1]) : 1;
    const double share = core::beta_cdf(high, a, b) - core::beta_cdf(low, a, b);
    const double accept = mean * (core::beta_cdf(high, a + 1, b) - core::beta_cdf(low, a + 1, b));
    result.expected += best[k].gain * accept - best[k].cost * share;
    result.expected_fraction += best[k].fraction * share;
    if (from[k] <= mean) {
      result.at_mean = best[k].gain * mean - best[k].cost;
      result.at_mean_fraction = best[k].fraction;
    }
  }
  return result;
}

std::vector<Column> ClassificationMetrics::columns() const {
  return {{"metric", metric, "auc, average_precision, brier, log_loss or lift"},
          {"value", value, "of these forecasts"},
          {"value_low", low, "lower end of its interval"},
          {"value_high", high, "upper end of its interval"},
          Column("n", value_n, "cases it rests on").hidden(),
          {"status", status, status_labels(), "small_sample with under 10 of either class"}};
}

std::vector<Scalar> ClassificationMetrics::info() const {
  return {{"n", n, "cases"},
          {"n_events", n_events, "... with the event"},
          {"share", share, "of cases with the event"},
          {"top", top, "share of cases the lift looks at"},
          {"brier_reliability", brier_reliability, "part of the Brier score: 0 is calibrated"},
          {"brier_resolution", brier_resolution, "... how far apart the bins lie"},
          {"brier_uncertainty", brier_uncertainty, "... of the outcome itself"},
          {"brier_within", brier_within, "... inside of bins"}};
}

std::vector<Column> Reliability::columns() const {
  return {{"bin", bin, "from the lowest to the highest forecast"},
          {"probability", probability, "mean forecast"},
          {"share", share, "of cases with the event"},
          {"share_low", share_low, "lower end of its interval"},
          {"share_high", share_high, "upper end of its interval"},
          {"n", n, "cases"},
          Column("status", status, status_labels(), "small_sample under 20 cases").hidden()};
}

std::vector<Scalar> Reliability::info() const {
  return {{"level", level, "confidence of the intervals"}};
}

}  // namespace emptor::learn
