#include "emptor/data/series.hpp"

#include "emptor/core/error.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <utility>

namespace emptor::data {
namespace {

enum class Measure : std::uint8_t { amount, quantity, orders, customers };
constexpr std::array<std::string_view, 4> kMeasures{"amount", "quantity", "orders", "customers"};

Measure parse_measure(const std::string& text) {
  const auto found = std::find(kMeasures.begin(), kMeasures.end(), text);
  if (found != kMeasures.end()) return static_cast<Measure>(found - kMeasures.begin());
  throw InvalidArgument("series: value is '" + text.substr(0, 40) +
                        "'; write 'amount', 'quantity', 'orders' or 'customers'");
}

/// Whether a line is part of a measure. Revenue counts every line, returns and postage too; units
/// are of goods, net of returns; orders and customers are those that bought something.
bool counts(const Lines& lines, std::size_t i, Measure measure) {
  switch (measure) {
    case Measure::amount:
      return true;
    case Measure::quantity:
      return (lines.flags[i] & kNotGoods) == 0;
    case Measure::orders:
      return lines.order[i] >= 0 && lines.is_purchase(i);
    case Measure::customers:
      return lines.customer[i] >= 0 && lines.is_purchase(i);
  }
  return false;
}

/// The cells (series, period) of a regular grid, and which one each line falls into.
struct Grid {
  std::vector<std::int32_t> groups{};  ///< codes that occur, ascending
  std::vector<std::int64_t> row{};     ///< per code: its index in `groups`
  Day first = kNoDay;
  std::size_t periods = 0;
  [[nodiscard]] std::size_t cells() const { return groups.size() * periods; }
  [[nodiscard]] std::size_t cell(std::int32_t group, Day day, Period period) const {
    const auto at = static_cast<std::size_t>(row[static_cast<std::size_t>(group)]);
    const int p = periods_between(first, period_start(day, period), period);
    return at * periods + static_cast<std::size_t>(p);
  }
};

Grid make_grid(const Sales& sales, const Lines& lines, std::span<const std::int32_t> group,
               std::int32_t n_groups, Period period) {
  Grid grid;
  if (lines.size() == 0) return grid;
  grid.first = period_start(sales.first_day(), period);
  const Day last = period_start(sales.last_day(), period);
  grid.periods = static_cast<std::size_t>(periods_between(grid.first, last, period)) + 1;
  std::vector<std::uint8_t> occurs(static_cast<std::size_t>(n_groups), 0);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (group[i] >= 0) occurs[static_cast<std::size_t>(group[i])] = 1;
  }
  grid.row.assign(occurs.size(), -1);
  for (std::size_t g = 0; g < occurs.size(); ++g) {
    if (occurs[g] == 0) continue;
    grid.row[g] = static_cast<std::int64_t>(grid.groups.size());
    grid.groups.push_back(static_cast<std::int32_t>(g));
  }
  return grid;
}

void add_exactly(Money& sum, Money amount) {
  using Limits = std::numeric_limits<Money>;
  if ((amount > 0 && sum > Limits::max() - amount) ||
      (amount < 0 && sum < Limits::min() - amount)) {
    throw DataError("series: the amounts of one period add up to more than 9e14");
  }
  sum += amount;
}

using Kept = std::vector<std::size_t>;

std::vector<double> sum_amounts(const Lines& lines, const Kept& kept,
                                std::span<const std::size_t> cell, std::size_t cells) {
  std::vector<Money> sums(cells, 0);
  for (std::size_t k = 0; k < kept.size(); ++k) add_exactly(sums[cell[k]], lines.amount[kept[k]]);
  std::vector<double> y(cells);
  std::transform(sums.begin(), sums.end(), y.begin(), to_double);
  return y;
}

/// How many different ids there are in each cell.
std::vector<double> count_distinct(std::span<const std::int32_t> id, const Kept& kept,
                                   std::span<const std::size_t> cell, std::size_t cells) {
  std::vector<std::pair<std::size_t, std::int32_t>> seen(kept.size());
  for (std::size_t k = 0; k < kept.size(); ++k) seen[k] = {cell[k], id[kept[k]]};
  std::sort(seen.begin(), seen.end());
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
  std::vector<double> y(cells, 0.0);
  for (const auto& one : seen) y[one.first] += 1;
  return y;
}

std::vector<double> values(const Lines& lines, const Kept& kept, std::span<const std::size_t> cell,
                           std::size_t cells, Measure measure) {
  switch (measure) {
    case Measure::amount:
      return sum_amounts(lines, kept, cell, cells);
    case Measure::orders:
      return count_distinct(lines.order, kept, cell, cells);
    case Measure::customers:
      return count_distinct(lines.customer, kept, cell, cells);
    case Measure::quantity:
      break;
  }
  std::vector<double> y(cells, 0.0);
  for (std::size_t k = 0; k < kept.size(); ++k) y[cell[k]] += lines.quantity[kept[k]];
  return y;
}

/// Lines without a group, or (for orders and customers) without an id, are not covered.
Coverage coverage_of(const Lines& lines, std::span<const std::int32_t> group, Measure measure) {
  Coverage coverage;
  Money all = 0;
  Money used = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool known = group[i] >= 0 && (measure != Measure::customers || lines.customer[i] >= 0);
    ++coverage.lines;
    add_exactly(all, lines.amount[i]);
    if (!known) continue;
    ++coverage.lines_used;
    add_exactly(used, lines.amount[i]);
  }
  coverage.revenue = to_double(all);
  coverage.revenue_used = to_double(used);
  return coverage;
}

}  // namespace

Series series(const Sales& sales, const SeriesOptions& options) {
  const Measure measure = parse_measure(options.value);
  const Lines& lines = sales.lines("series");
  Attribute attribute;
  std::vector<std::int32_t> one(options.by.empty() ? lines.size() : 0, 0);
  attribute.code = one;
  if (options.by.empty()) {
    attribute.values = Dictionary::from_texts(std::vector<std::string>{""});
  } else {
    attribute = sales.line_attribute(options.by, "series");
  }
  const std::span<const std::int32_t> group = attribute.code;
  const Grid grid = make_grid(sales, lines, group, attribute.values->size(), options.period);

  Kept kept;
  std::vector<std::size_t> cell;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (group[i] < 0 || !counts(lines, i, measure)) continue;
    kept.push_back(i);
    cell.push_back(grid.cell(group[i], lines.day[i], options.period));
  }
  Series out;
  out.period = options.period;
  out.value = options.value;
  out.by = options.by;
  out.groups = attribute.values;
  out.y = values(lines, kept, cell, grid.cells(), measure);
  out.coverage = coverage_of(lines, group, measure);
  const bool first_whole = grid.periods > 0 && sales.first_day() == grid.first;
  out.offset = {0};
  for (std::int32_t g : grid.groups) {
    Day start = grid.first;
    for (std::size_t p = 0; p < grid.periods; ++p) {
      const Day next = next_period(start, options.period);
      const bool whole = (p > 0 || first_whole) && next - 1 <= sales.last_day();
      out.group.push_back(g);
      out.start.push_back(start);
      out.complete.push_back(whole ? 1 : 0);
      start = next;
    }
    out.offset.push_back(static_cast<std::int64_t>(out.start.size()));
  }
  if (options.by.empty() && grid.groups.empty()) out.offset.push_back(0);
  return out;
}

std::vector<Column> Series::columns() const {
  std::vector<Column> out;
  if (!by.empty()) out.emplace_back(by, group, *groups, "the series");
  out.push_back(Column::dates("start", start, "first day of the period"));
  out.emplace_back("y", y, "the value of the period; see info['value']");
  out.emplace_back("complete", complete,
                   "no where the data begin or end inside the period: leave out of comparisons");
  return out;
}

std::vector<Scalar> Series::info() const {
  return {{"value", value, "what y is"},
          {"period", to_string(period), "the length of a row"},
          {"by", by, "the column whose values have a series each"},
          {"coverage", coverage.share(), "share of net revenue the series rest on"},
          {"lines", coverage.lines, "order lines known"},
          {"lines_used", coverage.lines_used, "order lines the series rest on"}};
}

}  // namespace emptor::data
