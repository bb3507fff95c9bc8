#include "emptor/mining/measures.hpp"

#include "emptor/core/error.hpp"

#include "core/large_pages.hpp"
#include "core/parallel.hpp"
#include "core/wilson.hpp"
#include "data/words.hpp"
#include "mining/fisher.hpp"
#include "mining/measure_formulas.hpp"
#include "mining/odds_ratio.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace emptor::mining {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kBlock = 1024;  // rules whose counts stay in the nearest cache

// The variance of a measure with the given derivatives; 0 where only rounding is left of it. All
// measures with an interval stay the same when all counts are multiplied, so derivatives times
// counts sum to 0 and no mean is taken off.
double variance(const Dual& g, const CountMoments& m) {
  const auto& d = g.d;
  const std::array<double, 10> terms{d[0] * d[0] * m.xx,     2 * d[0] * d[1] * m.xa,
                                     2 * d[0] * d[2] * m.xb, 2 * d[0] * d[3] * m.xn,
                                     d[1] * d[1] * m.aa,     2 * d[1] * d[2] * m.ab,
                                     2 * d[1] * d[3] * m.an, d[2] * d[2] * m.bb,
                                     2 * d[2] * d[3] * m.bn, d[3] * d[3] * m.nn};
  double sum = 0;
  double size = 0;
  for (const double term : terms) {
    sum += term;
    size += std::abs(term);
  }
  return sum > 1e-13 * size ? sum : 0;
}

// Every basket a customer of its own.
CountMoments independent(const Cells<double>& c) {
  return {c.x, c.x, c.x, c.x, c.a, c.x, c.a, c.b, c.b, c.n};
}

Interval interval_of(const MeasureEntry& entry, const RuleCountsView& counts, std::size_t i,
                     double value, const RuleMeasuresOptions& options, double z) {
  const Cells<double> c = cells(counts, i);
  const bool clustered = !counts.moments.empty();
  if (entry.scale == Scale::odds_ratio &&
      (!clustered || options.odds_ratio_interval == OddsRatioInterval::exact)) {
    return odds_ratio_interval_at(c.x, c.x_only(), c.y_only(), c.neither(),
                                  options.odds_ratio_interval, options.level, z);
  }
  double effect = 1;
  Dual g;
  if (entry.scale != Scale::wilson || clustered) g = entry.gradient(c);
  if (entry.scale == Scale::wilson) {
    const double n = entry.denominator(c);
    if (!(n > 0)) return {kNaN, kNaN};
    const double binomial = value * (1 - value) / n;
    if (clustered && binomial > 0) {
      effect = std::max(1.0, variance(g, counts.moments[i]) / binomial);
    }
    return core::wilson_at(value * n / effect, n / effect, z);
  }
  double spread = variance(g, independent(c));
  if (clustered) spread = std::max(spread, variance(g, counts.moments[i]));
  if (!(spread > 0) || !std::isfinite(value)) return {kNaN, kNaN};
  if (entry.scale == Scale::plain || entry.scale == Scale::certainty) {
    const double half = z * std::sqrt(spread);
    double low = value - half;
    double high = value + half;
    if (entry.scale == Scale::certainty) {  // its slope differs on either side of 0
      const double slope = (c.n - c.b) / c.b;
      if (value > 0 && low < 0) low *= slope;
      if (value < 0 && high > 0) high /= slope;
    }
    return {std::max(entry.measure.lowest, low), std::min(entry.measure.highest, high)};
  }
  if (entry.scale == Scale::fisher) {
    if (!(std::abs(value) < 1)) return {kNaN, kNaN};
    const double half = z * std::sqrt(spread) / (1 - value * value);
    return {std::tanh(std::atanh(value) - half), std::tanh(std::atanh(value) + half)};
  }
  if (!(value > 0)) return {kNaN, kNaN};
  const double half = z * std::sqrt(spread) / value;
  return {value * std::exp(-half), value * std::exp(half)};
}

void fail(const std::string& what) { throw InvalidArgument("rule_measures: " + what); }

void check(const RuleCountsView& counts) {
  const std::size_t n = counts.size();
  const auto same = [&](std::size_t size, const char* name, bool optional) {
    if (size == n || (optional && size == 0)) return;
    fail(std::string(name) + " has " + std::to_string(size) + " entries for " + std::to_string(n) +
         " rules; write one per rule");
  };
  same(counts.antecedent.size(), "antecedent", false);
  same(counts.consequent.size(), "consequent", false);
  same(counts.moments.size(), "moments", true);
  same(counts.part_confidence.size(), "part_confidence", true);
  for (std::size_t i = 0; i < n; ++i) {
    const auto x = counts.both[i];
    const auto a = counts.antecedent[i];
    const auto b = counts.consequent[i];
    if (x < 0 || x > std::min(a, b) || std::max(a, b) > counts.baskets ||
        a + b - x > counts.baskets) {
      fail("rule " + std::to_string(i) + " has " + std::to_string(x) + " baskets with both, " +
           std::to_string(a) + " with the antecedent and " + std::to_string(b) +
           " with the consequent of " + std::to_string(counts.baskets) +
           "; write counts of the same baskets");
    }
  }
}

const MeasureEntry& entry_of(const char* function, std::string_view name) {
  std::vector<std::string> names;
  for (const MeasureEntry& entry : measure_entries()) {
    if (entry.measure.name == name) return entry;
    names.emplace_back(entry.measure.name);
  }
  const std::string nearest = data::nearest(name.substr(0, 40), names);
  throw InvalidArgument(std::string(function) + ": no measure '" + std::string(name.substr(0, 40)) +
                        "'" + (nearest.empty() ? "" : "; did you mean '" + nearest + "'?") +
                        " measures() lists them all");
}

std::vector<const MeasureEntry*> chosen(const RuleCountsView& counts,
                                        const RuleMeasuresOptions& options) {
  std::vector<const MeasureEntry*> list;
  const auto add = [&](const MeasureEntry& entry) {
    if (std::find(list.begin(), list.end(), &entry) == list.end()) list.push_back(&entry);
  };
  for (const std::string& name : options.measures) {
    if (name == "standard") {
      for (const char* standard : {"support", "confidence", "lift"}) {
        add(entry_of("rule_measures", standard));
      }
    } else if (name == "all") {
      for (const MeasureEntry& entry : measure_entries()) {
        if (!entry.needs_parts || !counts.part_confidence.empty()) add(entry);
      }
    } else {
      const MeasureEntry& entry = entry_of("rule_measures", name);
      if (entry.needs_parts && counts.part_confidence.empty() && counts.size() > 0) {
        fail(name +
             " needs the confidence of the rule's parts; take it from association_rules, or "
             "give part_confidence");
      }
      add(entry);
    }
  }
  return list;
}

// Measures of the hypergeometric law of the baskets with both, given the margins.
double exact_measure(const Fisher& fisher, const RuleCountsView& counts, std::size_t i,
                     std::string_view name) {
  const std::int64_t x = counts.both[i];
  const std::int64_t a = counts.antecedent[i];
  const std::int64_t b = counts.consequent[i];
  if (name == "substitution_p") return fisher.upper_tail(a - x, a, counts.baskets - b);
  if (name == "fisher_p") return fisher.upper_tail(x, a, b);
  if (name == "hyper_confidence") return 1 - fisher.upper_tail(x, a, b);
  // The least q with P(K <= q) >= .99, that is P(K >= q + 1) <= .01.
  std::int64_t low = std::max<std::int64_t>(0, a + b - counts.baskets);
  std::int64_t high = std::min(a, b);
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (fisher.upper_tail(middle + 1, a, b) <= 0.01) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return static_cast<double>(x) / static_cast<double>(low);
}

}  // namespace

MeasureTable measures() {
  MeasureTable table;
  for (const MeasureEntry& entry : measure_entries()) {
    table.name.emplace_back(entry.measure.name);
    table.formula.emplace_back(entry.measure.formula);
    table.meaning.emplace_back(entry.measure.meaning);
    table.interval.emplace_back(entry.measure.interval);
  }
  return table;
}

std::vector<Column> MeasureTable::columns() const {
  return {{"name", name, "what to ask for"},
          {"formula", formula, "x baskets hold X and Y, a hold X, b hold Y, of n"},
          {"meaning", meaning, "in a sentence"},
          Column("interval", interval, "how its interval is made; missing: it has none").hidden()};
}

std::string explain(std::string_view name) {
  const Measure& measure = entry_of("explain", name).measure;
  return std::string(measure.name) + ": " + std::string(measure.meaning) +
         "\n  formula:  " + std::string(measure.formula) +
         "\n            x baskets hold X and Y, a hold X, b hold Y, of n" +
         "\n  interval: " + std::string(measure.interval.empty() ? "none" : measure.interval);
}

RuleMeasures rule_measures(const RuleCountsView& counts, const RuleMeasuresOptions& options,
                           const Context& context) {
  const double z = normal_half_width(options.level);
  check(counts);
  RuleMeasures result;
  result.rules = counts.size();
  result.level = options.level;
  const std::vector<const MeasureEntry*> entries = chosen(counts, options);
  std::optional<Fisher> fisher;
  std::vector<std::vector<double>*> columns;
  result.measures.resize(entries.size());
  for (std::size_t k = 0; k < entries.size(); ++k) {
    MeasureColumn& column = result.measures[k];
    column.measure = &entries[k]->measure;
    if (entries[k]->values == nullptr && !fisher) fisher.emplace(counts.baskets);
    columns.push_back(&column.value);
    if (!options.intervals || entries[k]->scale == Scale::none) continue;
    columns.insert(columns.end(), {&column.low, &column.high});
    column.low_name = std::string(column.measure->name) + "_low";
    column.high_name = std::string(column.measure->name) + "_high";
  }
  for (auto* column : columns) core::reserve_in_large_pages(*column, counts.size());
  core::parallel_for(context, columns.size(), [&](std::size_t c) {
    core::resize_in_large_pages(*columns[c], counts.size());
  });
  core::parallel_ranges(context, counts.size(), kBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = 0; k < entries.size(); ++k) {
      const MeasureEntry& entry = *entries[k];
      MeasureColumn& column = result.measures[k];
      if (entry.values == nullptr) {
        for (std::size_t i = begin; i < end; ++i) {
          column.value[i] = exact_measure(*fisher, counts, i, entry.measure.name);
        }
        continue;
      }
      entry.values(counts, begin, end, column.value.data() + begin);
      for (std::size_t i = begin; i < end && !column.low_name.empty(); ++i) {
        const Interval interval = interval_of(entry, counts, i, column.value[i], options, z);
        column.low[i] = interval.low;
        column.high[i] = interval.high;
      }
    }
  });
  return result;
}

std::vector<Column> RuleMeasures::columns() const {
  std::vector<Column> list;
  for (const MeasureColumn& column : measures) {
    list.emplace_back(column.measure->name, column.value, column.measure->meaning);
    if (column.low_name.empty()) continue;
    list.push_back(Column(column.low_name, column.low, "lower end of its interval"));
    list.push_back(Column(column.high_name, column.high, "upper end of its interval"));
  }
  return list;
}

std::vector<Scalar> RuleMeasures::info() const {
  return {{"level", level, "confidence of the intervals"}};
}

ItemsetMeasures itemset_measures(const ItemsetCountsView& sets, double level) {
  const auto wrong = [](const std::string& what) {
    throw InvalidArgument("itemset_measures: " + what);
  };
  const double z = normal_half_width(level);
  const std::size_t n = sets.count.size();
  if (sets.offset.size() != n + 1) {
    wrong("offset has " + std::to_string(sets.offset.size()) + " entries for " + std::to_string(n) +
          " sets; write sets + 1");
  }
  ItemsetMeasures result;
  for (auto* column : {&result.support, &result.support_low, &result.support_high,
                       &result.all_confidence, &result.cross_support_ratio, &result.lift}) {
    column->reserve(n);
  }
  result.count.assign(sets.count.begin(), sets.count.end());
  const auto all = static_cast<double>(sets.baskets);
  for (std::size_t s = 0; s < n; ++s) {
    const std::int64_t begin = sets.offset[s];
    const std::int64_t end = sets.offset[s + 1];
    if (begin < 0 || end <= begin || end > static_cast<std::int64_t>(sets.item.size())) {
      wrong("set " + std::to_string(s) + " has no items, or offset does not fit them");
    }
    double least = std::numeric_limits<double>::infinity();
    double most = 0;
    double chance = all;
    for (std::int64_t k = begin; k < end; ++k) {
      const std::int32_t item = sets.item[static_cast<std::size_t>(k)];
      if (item < 0 || static_cast<std::size_t>(item) >= sets.item_count.size()) {
        wrong("set " + std::to_string(s) + " holds item " + std::to_string(item) +
              ", which item_count does not reach");
      }
      const auto c = static_cast<double>(sets.item_count[static_cast<std::size_t>(item)]);
      least = std::min(least, c);
      most = std::max(most, c);
      chance *= c / all;
    }
    const auto count = static_cast<double>(sets.count[s]);
    if (!(count >= 0 && count <= least && most <= all)) {
      wrong("set " + std::to_string(s) + " is in " + std::to_string(sets.count[s]) +
            " baskets, its rarest item in " + std::to_string(static_cast<std::int64_t>(least)) +
            " of " + std::to_string(sets.baskets) + "; write counts of the same baskets");
    }
    const Interval interval = core::wilson_at(count, all, z);
    result.support.push_back(count / all);
    result.support_low.push_back(interval.low);
    result.support_high.push_back(interval.high);
    result.all_confidence.push_back(count / most);
    result.cross_support_ratio.push_back(least / most);
    result.lift.push_back(count / chance);
  }
  return result;
}

std::vector<Column> ItemsetMeasures::columns() const {
  return {{"count", count, "baskets with all items of the set"},
          {"support", support, "share of all baskets"},
          Column("support_low", support_low, "lower end of its interval").hidden(),
          Column("support_high", support_high, "upper end of its interval").hidden(),
          {"all_confidence", all_confidence, "count over that of its most frequent item"},
          {"cross_support_ratio", cross_support_ratio, "its least over its most frequent item"},
          {"lift", lift, "count over what independent items would give"}};
}

}  // namespace emptor::mining
