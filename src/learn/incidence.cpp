#include "emptor/learn/incidence.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/parallel.hpp"
#include "core/shortest.hpp"
#include "learn/event_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace emptor::learn {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kFewAtRisk = 10;
constexpr std::int32_t kMostCauses = 256;
// Shares that are 1 but for rounding.
constexpr double kRounding = 1e-12;

// The variance of one cause's incidence F(t) = sum of S(j-1) h1(j) by the delta method. With D(j) =
// F(t) - F(j), n, d and d1 at risk, events and events of the cause at j it is the sum over j of
//   S(j-1)^2 d1 (n - d1) / n^3 - 2 D(j) S(j-1) d1 / n^2 + D(j)^2 d / (n (n - d)).
// When F grows by x every D(j) does, so three running sums carry it from time to time.
class IncidenceVariance {
 public:
  // One time: `before` is the survival just before it.
  void step(double before, double n, double d, double d1) {
    const double growth = before * d1 / n;
    square_ += growth * (2 * first_ + growth * weight_);
    first_ += growth * weight_;
    cross_ += growth * slope_;
    own_ += before * before * d1 * (n - d1) / (n * n * n);
    slope_ += before * d1 / (n * n);
    if (n > d) weight_ += d / (n * (n - d));
  }
  [[nodiscard]] double value() const { return std::max(0.0, own_ - 2 * cross_ + square_); }

 private:
  double weight_ = 0;  // of D^2: sum of d / (n (n - d))
  double first_ = 0;   // ... times D
  double square_ = 0;  // ... times D^2
  double slope_ = 0;   // sum of S d1 / n^2
  double cross_ = 0;   // ... times D
  double own_ = 0;
};

// Where a group's rows of a cause go.
struct Block {
  const EventTable* table;
  std::size_t group, cause, begin, rows;
  bool leads;  ///< a row of time 0 comes before the table's
};

std::vector<Block> lay_out(const std::vector<EventTable>& tables, std::size_t causes,
                           std::size_t& rows) {
  std::vector<Block> blocks;
  rows = 0;
  for (std::size_t g = 0; g < tables.size(); ++g) {
    const bool leads = tables[g].size() == 0 || tables[g].time.front() > 0;
    const std::size_t size = tables[g].size() + (leads ? 1 : 0);
    for (std::size_t c = 0; c < causes; ++c) {
      blocks.push_back({&tables[g], g, c, rows, size, leads});
      rows += size;
    }
  }
  return blocks;
}

void fill(const Block& block, double z, CumulativeIncidence& out) {
  const EventTable& table = *block.table;
  std::size_t at = block.begin;
  const double log_tail = std::log((1 - out.level) / 2);
  const auto row = [&](double time, double f, double variance, std::int64_t n,
                       std::int64_t events) {
    out.group[at] = static_cast<std::int32_t>(block.group);
    out.cause[at] = static_cast<std::int32_t>(block.cause);
    out.time[at] = time;
    out.incidence[at] = f;
    out.n[at] = n;
    out.events[at] = events;
    out.status[at] = n == 0           ? Status::not_enough_data
                     : n < kFewAtRisk ? Status::small_sample
                                      : Status::ok;
    out.standard_error[at] = std::sqrt(variance);
    if (n == 0) {
      out.incidence[at] = out.standard_error[at] = kNaN;
      out.incidence_low[at] = out.incidence_high[at] = kNaN;
    } else if (f == 0) {
      out.incidence_low[at] = 0;
      out.incidence_high[at] = -std::expm1(log_tail / static_cast<double>(n));
    } else if (f < 1 - kRounding) {
      const double log_rest = std::log1p(-f);
      const double step = std::exp(z * std::sqrt(variance) / ((1 - f) * -log_rest));
      out.incidence_low[at] = -std::expm1(log_rest / step);
      out.incidence_high[at] = -std::expm1(log_rest * step);
    } else {
      // All have had it: at least as many as just before.
      out.incidence_low[at] = at > block.begin ? out.incidence_low[at - 1]
                                               : std::exp(log_tail / static_cast<double>(n));
      out.incidence_high[at] = 1;
    }
    ++at;
  };
  if (block.leads) row(0, 0, 0, table.n, 0);
  double survival = 1, f = 0;
  IncidenceVariance variance;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::int64_t d1 = table.of(i, block.cause);
    if (table.events[i] > 0) {
      const auto n = static_cast<double>(table.at_risk[i]);
      const auto d = static_cast<double>(table.events[i]);
      variance.step(survival, n, d, static_cast<double>(d1));
      f = std::min(1.0, f + survival * static_cast<double>(d1) / n);
      survival *= (n - d) / n;
    }
    row(table.time[i], f, variance.value(), table.at_risk[i], d1);
  }
}

}  // namespace

CumulativeIncidence cumulative_incidence(const SurvivalView& view,
                                         const std::shared_ptr<const Dictionary>& causes,
                                         const SurvivalOptions& options, const Context& context) {
  check(view, "incidence");
  if (!(options.level > 0 && options.level < 1))
    throw InvalidArgument("incidence: level must lie between 0 and 1, found " +
                          core::shortest(options.level));
  if (!causes || causes->size() == 0)
    throw InvalidArgument("incidence: there are no causes: every row is censored");
  if (causes->size() > kMostCauses)
    throw InvalidArgument("incidence: " + std::to_string(causes->size()) +
                          " causes; tell at most " + std::to_string(kMostCauses) + " apart");
  for (std::size_t i = 0; i < view.event.size(); ++i) {
    if (view.event[i] > causes->size())
      throw InvalidArgument("incidence: event of row " + std::to_string(i) + " is " +
                            std::to_string(view.event[i]) + ", but there are " +
                            std::to_string(causes->size()) + " causes");
  }
  const auto n_causes = static_cast<std::size_t>(causes->size());
  const auto tables = event_tables(view, n_causes, context, "incidence");
  CumulativeIncidence out;
  out.level = options.level;
  out.causes = causes;
  if (!view.group.empty()) out.groups = view.groups;
  for (const auto& table : tables) {
    out.n_rows += table.n;
    out.n_events += table.n_events;
  }
  std::size_t rows = 0;
  const auto blocks = lay_out(tables, n_causes, rows);
  for (auto* column :
       {&out.time, &out.incidence, &out.incidence_low, &out.incidence_high, &out.standard_error}) {
    column->resize(rows);
  }
  for (auto* column : {&out.n, &out.events}) column->resize(rows);
  for (auto* column : {&out.group, &out.cause}) column->resize(rows);
  out.status.resize(rows);
  const double z = normal_half_width(options.level);
  core::parallel_for(context, blocks.size(), [&](std::size_t b) { fill(blocks[b], z, out); });
  return out;
}

std::vector<Column> CumulativeIncidence::columns() const {
  std::vector<Column> columns;
  if (groups) columns.emplace_back("group", group, *groups, "which rows");
  columns.emplace_back("cause", cause, *causes, "which event");
  columns.emplace_back("time", time, "at which somebody leaves, in the unit of the durations");
  columns.emplace_back("incidence", incidence, "share with this event by this time");
  columns.emplace_back("incidence_low", incidence_low, "lower end of its interval");
  columns.emplace_back("incidence_high", incidence_high, "upper end of its interval");
  columns.emplace_back("n", n, "at risk just before this time");
  columns.push_back(
      Column("status", status, status_labels(), "small_sample under 10 at risk").hidden());
  columns.emplace_back("events", events, "of this cause at this time");
  columns.push_back(
      Column("standard_error", standard_error, "of incidence, delta method").hidden());
  return columns;
}

std::vector<Scalar> CumulativeIncidence::info() const {
  return {{"n", n_rows, "rows the curves rest on"},
          {"events", n_events, "rows whose event was seen, of any cause"},
          {"level", level, "confidence of the intervals, at each time by itself"}};
}

}  // namespace emptor::learn
