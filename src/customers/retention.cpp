#include "emptor/customers/retention.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/shortest.hpp"
#include "core/special.hpp"
#include "core/wilson.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kFew = 10, kSmall = 30;
constexpr int kMostCohorts = 2000;

/// Sums over customers of products of a period's money (a) and that of the cohort's own period (b):
/// all that the ratio and its clustered variance need, whatever the ratio turns out to be.
struct Moments {
  double a = 0, aa = 0, ab = 0, a4 = 0, a3b = 0, a2b2 = 0, ab3 = 0;
  void add(double x, double y) noexcept {
    a += x;
    aa += x * x;
    ab += x * y;
    a4 += x * x * x * x;
    a3b += x * x * x * y;
    a2b2 += x * x * y * y;
    ab3 += x * y * y * y;
  }
};

/// ... of the cohort's own period alone.
struct Base {
  double b = 0, b2 = 0, b4 = 0;
  void add(double y) noexcept {
    b += y;
    b2 += y * y;
    b4 += y * y * y * y;
  }
};

struct Cell {
  std::int64_t active = 0, rolling = 0, unbounded = 0;
  Moments net{}, gross{};
};

struct Cohort {
  std::int64_t customers = 0;
  Base net{}, gross{};
  std::vector<Cell> cells{};  ///< by periods since
};

struct Ends {
  double value = kNaN, low = kNaN, high = kNaN;
  Status status = Status::ok;
};

/// A day's place in the count of periods from the first cohort on; negative before it.
int period_of(data::Day day, data::Day first, data::Period period) {
  const data::Day start = data::period_start(day, period);
  return start < first ? -1 : data::periods_between(first, start, period);
}

class Table {
 public:
  Table(const RetentionView& view, const RetentionOptions& options, data::Day first, int cohorts)
      : view_(view), options_(options), first_(first), cohorts_(static_cast<std::size_t>(cohorts)) {
    for (std::size_t c = 0; c < cohorts_.size(); ++c) cohorts_[c].cells.resize(cohorts_.size() - c);
  }

  /// Returns whether the customer is in a cohort.
  bool add(std::size_t customer) {
    read_periods(customer);
    if (active_.empty() || active_.front() < 0) return false;
    Cohort& cohort = cohorts_[static_cast<std::size_t>(active_.front())];
    ++cohort.customers;
    count(cohort);
    if (!view_.line_begin.empty()) add_money(customer, cohort);
    return true;
  }
  [[nodiscard]] const std::vector<Cohort>& cohorts() const noexcept { return cohorts_; }

 private:
  /// Distinct periods with a purchase up to the moment, rising.
  void read_periods(std::size_t customer) {
    active_.clear();
    const auto end = static_cast<std::size_t>(view_.occasions.customer_begin[customer + 1]);
    for (auto i = static_cast<std::size_t>(view_.occasions.customer_begin[customer]); i < end;
         ++i) {
      if (view_.occasions.day[i] > view_.last_day) break;
      const int period = period_of(view_.occasions.day[i], first_, options_.period);
      if (active_.empty() || active_.back() != period) active_.push_back(period);
    }
  }

  void count(Cohort& cohort) const {
    const int own = active_.front();
    const auto cells = static_cast<int>(cohort.cells.size());
    for (const int period : active_) ++cohort.cells[static_cast<std::size_t>(period - own)].active;
    for (int k = 0; k <= active_.back() - own; ++k)
      ++cohort.cells[static_cast<std::size_t>(k)].unbounded;
    int counted = -1;  // the last cell that has him as active within the look back
    for (const int period : active_) {
      const int from = std::max(counted + 1, period - own);
      const int to = std::min(cells - 1, period - own + options_.rolling - 1);
      for (int k = from; k <= to; ++k) ++cohort.cells[static_cast<std::size_t>(k)].rolling;
      counted = std::max(counted, to);
    }
  }

  void add_money(std::size_t customer, Cohort& cohort) {
    const int own = active_.front();
    money_.assign(cohort.cells.size(), 0);
    const auto end = static_cast<std::size_t>(view_.line_begin[customer + 1]);
    for (auto i = static_cast<std::size_t>(view_.line_begin[customer]); i < end; ++i) {
      if (view_.line_day[i] > view_.last_day) continue;
      const int period = period_of(view_.line_day[i], first_, options_.period);
      if (period >= own) money_[static_cast<std::size_t>(period - own)] += view_.line_amount[i];
    }
    const double base = data::to_double(money_[0]), kept_base = std::max(0.0, base);
    cohort.net.add(base);
    cohort.gross.add(kept_base);
    for (std::size_t k = 0; k < money_.size(); ++k) {
      if (money_[k] == 0) continue;
      const double amount = data::to_double(money_[k]);
      cohort.cells[k].net.add(amount, base);
      cohort.cells[k].gross.add(std::min(std::max(0.0, amount), kept_base), kept_base);
    }
  }

  const RetentionView& view_;
  const RetentionOptions& options_;
  data::Day first_;
  std::vector<Cohort> cohorts_;
  std::vector<int> active_{};
  std::vector<data::Money> money_{};
};

Status status_of(std::int64_t n, bool complete) {
  if (n < kFew) return Status::not_enough_data;
  if (!complete) return Status::extrapolated;
  return n < kSmall ? Status::small_sample : Status::ok;
}

Ends share(std::int64_t count, std::int64_t n, bool by_definition, bool complete, double z) {
  const Status status = status_of(n, complete);
  if (status == Status::not_enough_data) return {kNaN, kNaN, kNaN, status};
  const double value = static_cast<double>(count) / static_cast<double>(n);
  if (by_definition) return {value, value, value, status};
  const Interval ends = core::wilson_at(static_cast<double>(count), static_cast<double>(n), z);
  return {value, ends.low, ends.high, status};
}

/// Ratio of money to the cohort's own period's. Contributions to the linearised ratio r are
/// (a - r b) / B, whose squares and fourth powers come out of the moments.
Ends ratio(const Moments& m, const Base& base, std::int64_t active, std::int64_t n, bool own,
           bool complete, bool logarithmic, double level) {
  if (!(base.b > 0)) return {kNaN, kNaN, kNaN, Status::undefined};
  const Status status = status_of(std::min(active, n), complete);
  const double r = m.a / base.b;
  if (status == Status::not_enough_data) return {kNaN, kNaN, kNaN, status};
  if (own) return {r, r, r, status};
  const double squares = std::max(0.0, m.aa - 2 * r * m.ab + r * r * base.b2);
  const double fourths =
      m.a4 - 4 * r * m.a3b + 6 * r * r * m.a2b2 - 4 * r * r * r * m.ab3 + r * r * r * r * base.b4;
  const double df = fourths > 0 ? std::max(1.0, squares * squares / fourths - 1) : 1;
  const double half = core::student_quantile(0.5 * (1 + level), df) * std::sqrt(squares) / base.b;
  if (logarithmic && r > 0) {
    const double spread = std::exp(half / r);
    return {r, r / spread, r * spread, status};
  }
  return {r, r - half, r + half, status};
}

void push(const Ends& ends, std::vector<double>& value, std::vector<double>& low,
          std::vector<double>& high, std::vector<Status>& status) {
  value.push_back(ends.value);
  low.push_back(ends.low);
  high.push_back(ends.high);
  status.push_back(ends.status);
}

void append(const Cohort& cohort, data::Day start, double z, RetentionResult& out) {
  const std::int64_t n = cohort.customers;
  for (std::size_t k = 0; k < cohort.cells.size(); ++k) {
    const Cell& cell = cohort.cells[k];
    const data::Day begins = data::next_period(start, out.period, static_cast<int>(k));
    const bool complete = data::next_period(begins, out.period) - 1 <= out.last_day;
    out.cohort.push_back(start);
    out.periods.push_back(static_cast<std::int64_t>(k));
    out.start.push_back(begins);
    out.complete.push_back(complete ? 1 : 0);
    out.n.push_back(n);
    out.active.push_back(cell.active);
    push(share(cell.active, n, k == 0, complete, z), out.retained, out.retained_low,
         out.retained_high, out.status);
    Ends rolling = share(cell.rolling, n, false, complete, z);
    if (k < static_cast<std::size_t>(out.rolling_periods))
      rolling = {kNaN, kNaN, kNaN, Status::undefined};
    push(rolling, out.rolling, out.rolling_low, out.rolling_high, out.rolling_status);
    Ends unbounded = share(cell.unbounded, n, k == 0, complete, z);
    if (unbounded.status != Status::not_enough_data && unbounded.value < 1)
      unbounded.status = Status::extrapolated;
    push(unbounded, out.unbounded, out.unbounded_low, out.unbounded_high, out.unbounded_status);
    if (!out.has_money) continue;
    out.revenue.push_back(cell.net.a);
    push(ratio(cell.net, cohort.net, cell.active, n, k == 0, complete, true, out.level),
         out.net_revenue_retention, out.net_revenue_retention_low, out.net_revenue_retention_high,
         out.net_revenue_retention_status);
    Ends gross =
        ratio(cell.gross, cohort.gross, cell.active, n, k == 0, complete, false, out.level);
    gross.low = std::isnan(gross.low) ? gross.low : std::max(0.0, gross.low);
    gross.high = std::isnan(gross.high) ? gross.high : std::min(1.0, gross.high);
    push(gross, out.gross_revenue_retention, out.gross_revenue_retention_low,
         out.gross_revenue_retention_high, out.gross_revenue_retention_status);
  }
}

void check(const RetentionView& view, const RetentionOptions& options) {
  check(view.occasions, "retention");
  if (view.first_day == data::kNoDay || view.last_day == data::kNoDay)
    throw InvalidArgument(
        "retention: first_day and last_day must be set; give the days observed from and to");
  if (!view.line_begin.empty() && (view.line_begin.size() != view.occasions.customer_begin.size() ||
                                   view.line_day.size() != view.line_amount.size()))
    throw InvalidArgument(
        "retention: line_begin must have an entry per customer and one more, line_day and "
        "line_amount one each per line");
  if (!(options.level > 0 && options.level < 1))
    throw InvalidArgument("retention: level must lie between 0 and 1, found " +
                          core::shortest(options.level));
  if (options.rolling < 1)
    throw InvalidArgument("retention: rolling must be at least 1 period, found " +
                          std::to_string(options.rolling));
}

}  // namespace

RetentionResult retention(const RetentionView& view, const RetentionOptions& options,
                          const Context& context) {
  check(view, options);
  RetentionResult out;
  out.period = options.period;
  out.rolling_periods = options.rolling;
  out.level = options.level;
  out.last_day = view.last_day;
  out.has_money = !view.line_begin.empty();
  // The first period that begins when it is known who is new.
  const data::Day known = data::add(view.first_day, options.new_after);
  out.new_from = data::period_start(known, options.period);
  if (out.new_from < known) out.new_from = data::next_period(out.new_from, options.period);
  const int cohorts = out.new_from > view.last_day
                          ? 0
                          : 1 + data::periods_between(
                                    out.new_from, data::period_start(view.last_day, options.period),
                                    options.period);
  if (cohorts > kMostCohorts)
    throw InvalidArgument("retention: " + std::to_string(cohorts) + " cohorts by " +
                          data::to_string(options.period) + ", at most " +
                          std::to_string(kMostCohorts) + "; write a longer period");
  Table table(view, options, out.new_from, cohorts);
  for (std::size_t c = 0; c < view.occasions.customers(); ++c) {
    if (c % 8192 == 0 && context.stop.stop_requested()) throw Cancelled();
    const auto first = static_cast<std::size_t>(view.occasions.customer_begin[c]);
    if (view.occasions.customer_begin[c + 1] == view.occasions.customer_begin[c] ||
        view.occasions.day[first] > view.last_day)
      continue;
    ++(table.add(c) ? out.n_customers : out.n_left_out);
  }
  const double z = normal_half_width(options.level);
  for (int c = 0; c < cohorts; ++c) {
    const Cohort& cohort = table.cohorts()[static_cast<std::size_t>(c)];
    if (cohort.customers == 0) continue;
    ++out.n_cohorts;
    append(cohort, data::next_period(out.new_from, options.period, c), z, out);
  }
  return out;
}

RetentionResult retention(const data::Sales& sales, const RetentionOptions& options,
                          const Context& context) {
  const Occasions bought = occasions(sales, "retention");
  const data::Lines& lines = sales.lines("retention");
  RetentionResult result = retention({bought.view(), lines.customer_begin, lines.day, lines.amount,
                                      sales.first_day(), sales.last_day()},
                                     options, context);
  result.coverage = sales.customer_coverage();
  return result;
}

std::vector<Column> RetentionResult::columns() const {
  std::vector<Column> out{
      Column::dates("cohort", cohort, "period of the first purchase, its first day"),
      {"periods", periods, "after the cohort's own"},
      {"retained", retained, "share who bought in exactly this period"},
      {"retained_low", retained_low, "lower end of its interval"},
      {"retained_high", retained_high, "upper end of its interval"},
      {"n", n, "customers of the cohort"},
      {"status", status, status_labels(), "extrapolated: so far, the period is not over"},
      Column("complete", complete, "whether the period is over at the moment"),
      Column::dates("start", start, "first day of the period").hidden(),
      Column("active", active, "customers who bought in it").hidden(),
      Column("rolling", rolling, "share who bought in this period or the ones just before")
          .hidden(),
      Column("rolling_low", rolling_low, "lower end").hidden(),
      Column("rolling_high", rolling_high, "upper end").hidden(),
      Column("rolling_status", rolling_status, status_labels()).hidden(),
      Column("unbounded", unbounded, "share who bought in this period or later, so far").hidden(),
      Column("unbounded_low", unbounded_low, "lower end").hidden(),
      Column("unbounded_high", unbounded_high, "upper end").hidden(),
      Column("unbounded_status", unbounded_status, status_labels(),
             "extrapolated: later purchases can only raise it")
          .hidden()};
  if (!has_money) return out;
  out.push_back(Column("revenue", revenue, "net, of the cohort in this period").hidden());
  out.emplace_back("net_revenue_retention", net_revenue_retention,
                   "net revenue over that of the cohort's own period");
  out.push_back(Column("net_revenue_retention_low", net_revenue_retention_low).hidden());
  out.push_back(Column("net_revenue_retention_high", net_revenue_retention_high).hidden());
  out.push_back(Column("net_revenue_retention_status", net_revenue_retention_status,
                       status_labels(), "undefined over revenue of 0 or below")
                    .hidden());
  out.emplace_back("gross_revenue_retention", gross_revenue_retention,
                   "the same, nobody counted for more than he brought then");
  out.push_back(Column("gross_revenue_retention_low", gross_revenue_retention_low).hidden());
  out.push_back(Column("gross_revenue_retention_high", gross_revenue_retention_high).hidden());
  out.push_back(
      Column("gross_revenue_retention_status", gross_revenue_retention_status, status_labels())
          .hidden());
  return out;
}

std::vector<Scalar> RetentionResult::info() const {
  return {{"period", data::to_string(period), "of cohorts and of columns"},
          {"rolling", std::int64_t{rolling_periods}, "periods that rolling looks back over"},
          {"n_cohorts", n_cohorts, "with customers"},
          {"n", n_customers, "customers in them"},
          {"n_left_out", n_left_out, "customers first seen before it is known who is new"},
          {"new_from", data::iso_date(new_from), "first day of the first cohort"},
          {"moment", data::iso_date(last_day), "the last day observed"},
          {"level", level, "confidence of the intervals"},
          {"coverage", coverage.share(), "share of net revenue with a customer"}};
}

}  // namespace emptor::customers
