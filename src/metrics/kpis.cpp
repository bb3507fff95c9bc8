#include "emptor/metrics/kpis.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "core/shortest.hpp"
#include "metrics/cells.hpp"
#include "metrics/clustered.hpp"
#include "metrics/top_tenth.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>

namespace emptor::metrics {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kMinClusters = 10;
constexpr std::int64_t kSmallSample = 30;
// A tenth of the customers decides the top tenth's share: 3 of them, and 30, are as many as that.
constexpr std::int64_t kMinForTopTenth = 30;
constexpr std::int64_t kSmallForTopTenth = 300;

bool is_count(Kpi kpi) noexcept { return kpi >= Kpi::orders && kpi <= Kpi::returning_customers; }
bool is_ratio(Kpi kpi) noexcept { return kpi >= Kpi::average_order_value; }
bool needs_first_order(Kpi kpi) noexcept {
  return kpi == Kpi::new_customers || kpi == Kpi::returning_customers;
}

// What the cells of one slot come to.
struct Sums {
  std::int64_t lines = 0, clusters = 0, orders = 0, buyers = 0, customers = 0, fresh = 0,
               repeaters = 0, items = 0;
  data::Money gross = 0, discount = 0, returned = 0, other = 0, order_value = 0, known_value = 0;
  double units = 0;
  double median = kNaN, median_low = kNaN, median_high = kNaN;
  double median_density = 0;  // orders per unit of the logarithm of the value, at the median
  double top_share = kNaN;
  double top_from = 0;  // what the last of the top tenth paid
  [[nodiscard]] data::Money sold() const noexcept { return gross - discount; }
  [[nodiscard]] data::Money net() const noexcept { return sold() - returned + other; }
};

double ratio(double a, double b) noexcept { return b > 0 ? a / b : kNaN; }
double as_double(std::int64_t x) noexcept { return static_cast<double>(x); }

double value_of(Kpi kpi, const Sums& s) noexcept {
  switch (kpi) {
    case Kpi::revenue:
      return data::to_double(s.net());
    case Kpi::gross_revenue:
      return data::to_double(s.gross);
    case Kpi::discounts:
      return data::to_double(s.discount);
    case Kpi::returned:
      return data::to_double(s.returned);
    case Kpi::other_revenue:
      return data::to_double(s.other);
    case Kpi::orders:
      return as_double(s.orders);
    case Kpi::customers:
      return as_double(s.customers);
    case Kpi::new_customers:
      return as_double(s.fresh);
    case Kpi::returning_customers:
      return as_double(s.customers - s.fresh);
    case Kpi::average_order_value:
      return ratio(data::to_double(s.order_value), as_double(s.orders));
    case Kpi::median_order_value:
      return s.median;
    case Kpi::items_per_order:
      return ratio(as_double(s.items), as_double(s.orders));
    case Kpi::units_per_order:
      return ratio(s.units, as_double(s.orders));
    case Kpi::repeat_rate:
      return ratio(as_double(s.repeaters), as_double(s.customers));
    case Kpi::return_share:
      return ratio(as_double(s.returned), as_double(s.sold()));
    case Kpi::top_tenth_share:
      return s.top_share;
  }
  return kNaN;
}

// What a cell contributes to the logarithm of a figure, to first order: sums over the cells of a
// slot are 0 for ratios and 1 for totals.
double contribution(Kpi kpi, const Cell& c, const Sums& s) noexcept {
  const auto share = [](double part, double whole) { return part / whole; };
  const auto ratio_term = [](double a, double b, double sum_a, double sum_b) {
    return a / sum_a - b / sum_b;
  };
  const double buys = c.known && c.orders > 0 ? 1 : 0;
  switch (kpi) {
    case Kpi::revenue:
      return share(as_double(c.net()), as_double(s.net()));
    case Kpi::gross_revenue:
      return share(as_double(c.gross), as_double(s.gross));
    case Kpi::discounts:
      return share(as_double(c.discount), as_double(s.discount));
    case Kpi::returned:
      return share(as_double(c.returned), as_double(s.returned));
    case Kpi::other_revenue:
      return share(as_double(c.other), as_double(s.other));
    case Kpi::orders:
      return share(c.orders, as_double(s.orders));
    case Kpi::customers:
      return share(buys, as_double(s.customers));
    case Kpi::new_customers:
      return share(c.fresh ? 1 : 0, as_double(s.fresh));
    case Kpi::returning_customers:
      return share(c.fresh ? 0 : buys, as_double(s.customers - s.fresh));
    case Kpi::average_order_value:
      return ratio_term(as_double(c.order_value), c.orders, as_double(s.order_value),
                        as_double(s.orders));
    case Kpi::median_order_value:
      return s.median_density > 0 ? (0.5 * c.orders - c.below) / s.median_density : 0;
    case Kpi::items_per_order:
      return ratio_term(c.items, c.orders, as_double(s.items), as_double(s.orders));
    case Kpi::units_per_order:
      return ratio_term(c.units, c.orders, s.units, as_double(s.orders));
    case Kpi::repeat_rate:
      return ratio_term(c.known && c.order_days > 1 ? 1 : 0, buys, as_double(s.repeaters),
                        as_double(s.customers));
    case Kpi::return_share:
      return ratio_term(as_double(c.returned), as_double(c.sold()), as_double(s.returned),
                        as_double(s.sold()));
    case Kpi::top_tenth_share: {
      if (buys == 0) return 0;
      // Influence function of the share above a quantile (Lorenz curve).
      const double x = as_double(c.order_value);
      const double top = std::max(0.0, x - s.top_from) + kTopTenth * s.top_from;
      return (top - s.top_share * x) / (as_double(s.known_value) * s.top_share);
    }
  }
  return kNaN;
}

// What a ratio or mean rests on, and how many independent clusters that is.
std::int64_t rests_on(Kpi kpi, const Sums& s) noexcept {
  if (kpi == Kpi::repeat_rate || kpi == Kpi::top_tenth_share) return s.customers;
  return kpi == Kpi::return_share ? s.clusters : s.orders;
}
std::int64_t clusters_of(Kpi kpi, const Sums& s) noexcept {
  if (kpi == Kpi::repeat_rate || kpi == Kpi::top_tenth_share) return s.customers;
  return kpi == Kpi::return_share ? s.clusters : s.buyers;
}

// Status by how many clusters there are; `ok` may still become `boundary`.
Status status_of(Kpi kpi, std::int64_t clusters) noexcept {
  const bool top = kpi == Kpi::top_tenth_share;
  if (clusters < (top ? kMinForTopTenth : kMinClusters)) return Status::not_enough_data;
  return clusters < (top ? kSmallForTopTenth : kSmallSample) ? Status::small_sample : Status::ok;
}

std::vector<data::Money> paid_by_customer(std::span<const Cell> cells) {
  std::vector<data::Money> paid;
  for (const Cell& c : cells) {
    if (c.known && c.orders > 0) paid.push_back(c.order_value);
  }
  return paid;
}

void find_top_tenth(std::span<const Cell> cells, Sums& s) {
  if (s.customers == 0 || s.known_value <= 0) return;
  std::vector<data::Money> paid = paid_by_customer(cells);
  const TopTenth top = top_tenth(paid);
  s.top_share = top.share;
  s.top_from = top.from;
}

// Median of the orders' values with Woodruff's interval (1952): the clustered standard error of the
// share of orders at or under it, read off the distribution of values.
void find_median(std::span<Cell> cells, std::span<const data::Money> values, double level,
                 Sums& s) {
  if (s.orders == 0) return;
  std::vector<data::Money> sorted;
  sorted.reserve(static_cast<std::size_t>(s.orders));
  const auto values_of = [&](const Cell& c) {
    return values.subspan(static_cast<std::size_t>(c.first_value),
                          static_cast<std::size_t>(c.orders));
  };
  for (const Cell& c : cells) {
    const auto own = values_of(c);
    sorted.insert(sorted.end(), own.begin(), own.end());
  }
  std::sort(sorted.begin(), sorted.end());
  const std::size_t n = sorted.size();
  const double middle = 0.5 * (as_double(sorted[(n - 1) / 2]) + as_double(sorted[n / 2]));
  Clustered clustered;
  for (Cell& c : cells) {
    c.below = 0;
    for (const data::Money v : values_of(c)) {
      const auto x = as_double(v);
      c.below += x < middle ? 1 : (x == middle ? 0.5 : 0);
    }
    clustered.add((c.below - 0.5 * c.orders) / as_double(s.orders));
  }
  const double half = clustered.half_width(level);
  const auto at = [&](double share) {
    const double position = std::clamp(share * as_double(s.orders), 0.0, as_double(s.orders) - 1);
    return as_double(sorted[static_cast<std::size_t>(position)]);
  };
  s.median = middle / data::kMoneyUnit;
  s.median_low =
      std::min(middle, at(std::floor(as_double(s.orders) * (0.5 - half)) / as_double(s.orders))) /
      data::kMoneyUnit;
  s.median_high =
      std::max(middle, at(std::ceil(as_double(s.orders) * (0.5 + half)) / as_double(s.orders))) /
      data::kMoneyUnit;
  const double spread = std::log(s.median_high / s.median_low);
  s.median_density = spread > 0 ? 2 * half * as_double(s.orders) / spread : 0;
}

Sums sum_up(std::span<Cell> cells, std::span<const data::Money> values, double level) {
  Sums s;
  s.clusters = static_cast<std::int64_t>(cells.size());
  for (const Cell& c : cells) {
    s.lines += c.lines;
    s.orders += c.orders;
    s.items += c.items;
    s.units += c.units;
    s.gross += c.gross;
    s.discount += c.discount;
    s.returned += c.returned;
    s.other += c.other;
    s.order_value += c.order_value;
    if (c.orders == 0) continue;
    ++s.buyers;
    if (!c.known) continue;
    ++s.customers;
    s.known_value += c.order_value;
    s.fresh += c.fresh ? 1 : 0;
    s.repeaters += c.order_days > 1 ? 1 : 0;
  }
  find_median(cells, values, level, s);
  find_top_tenth(cells, s);
  return s;
}

// Degrees of freedom a figure can have at most: the top tenth's share rests on that tenth.
double most_df(Kpi kpi, const Sums& s) noexcept {
  return kpi == Kpi::top_tenth_share ? kTopTenth * as_double(s.customers)
                                     : std::numeric_limits<double>::infinity();
}

Interval level_interval(Kpi kpi, const Sums& s, std::span<const Cell> cells, double level) {
  if (kpi == Kpi::repeat_rate) {
    return wilson(as_double(s.repeaters), as_double(s.customers), level);
  }
  if (kpi == Kpi::median_order_value) return {s.median_low, s.median_high};
  if (kpi == Kpi::top_tenth_share) return top_tenth_interval(paid_by_customer(cells), level);
  const double value = value_of(kpi, s);
  if (value == 0) return {0, kNaN};
  Clustered clustered;
  for (const Cell& c : cells) clustered.add(contribution(kpi, c, s));
  const double half = clustered.half_width(level);
  return {value * std::exp(-half), value * std::exp(half)};
}

// What a row shows of one figure.
struct Shown {
  double value = kNaN, low = kNaN, high = kNaN;
  std::int64_t n = 0;
  Status status = Status::ok;
};

Shown show(Kpi kpi, const Sums& s, std::span<const Cell> cells, double level, bool first_known) {
  Shown shown;
  shown.value = value_of(kpi, s);
  if (needs_first_order(kpi) && !first_known) return {kNaN, kNaN, kNaN, 0, Status::undefined};
  if (!is_ratio(kpi)) return shown;
  shown.n = rests_on(kpi, s);
  shown.status = status_of(kpi, clusters_of(kpi, s));
  if (shown.status == Status::not_enough_data)
    return {kNaN, kNaN, kNaN, shown.n, Status::not_enough_data};
  if (!(shown.value >= 0)) return {kNaN, kNaN, kNaN, shown.n, Status::undefined};
  const Interval interval = level_interval(kpi, s, cells, level);
  shown.low = interval.low;
  shown.high = interval.high;
  if (!(interval.high > interval.low)) shown.status = Status::boundary;
  return shown;
}

// A slot to compare with another: cells by cluster and their sums.
struct Side {
  std::span<const Cell> cells{};
  const Sums* sums = nullptr;
};

Shown compare(Kpi kpi, const Side& now, const Side& before, double level) {
  Shown change;
  const double a = value_of(kpi, *now.sums);
  const double b = value_of(kpi, *before.sums);
  Clustered clustered;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < now.cells.size() || j < before.cells.size()) {
    const bool left = j == before.cells.size() ||
                      (i < now.cells.size() && now.cells[i].cluster <= before.cells[j].cluster);
    const bool right = i == now.cells.size() ||
                       (j < before.cells.size() && before.cells[j].cluster <= now.cells[i].cluster);
    double term = 0;
    if (left) term += contribution(kpi, now.cells[i++], *now.sums);
    if (right) term -= contribution(kpi, before.cells[j++], *before.sums);
    clustered.add(term);
    ++change.n;
  }
  const auto clusters = std::min(clusters_of(kpi, *now.sums), clusters_of(kpi, *before.sums));
  if (!(b > 0) || !(a >= 0)) {
    change.status = Status::undefined;
    return change;
  }
  change.status = status_of(kpi, clusters);
  if (change.status == Status::not_enough_data) return change;
  change.value = a / b - 1;
  const double half =
      clustered.half_width(level, std::min(most_df(kpi, *now.sums), most_df(kpi, *before.sums)));
  if (a == 0 || half == 0) {
    // Nothing is left, or everybody did the same in both: the spread cannot be seen.
    change.low = a == 0 ? -1 : change.value;
    change.high = a == 0 ? kNaN : change.value;
    change.status = Status::boundary;
    return change;
  }
  change.low = a / b * std::exp(-half) - 1;
  change.high = a / b * std::exp(half) - 1;
  return change;
}

// The periods of the data, the windows their changes compare, and where to find them.
class Plan {
 public:
  Plan(const KpisView& view, const OrderFacts& facts, const KpisOptions& options)
      : period_(options.period) {
    for (data::Day day = data::period_start(view.first_day, period_); day <= view.last_day;
         day = data::next_period(day, period_)) {
      starts.push_back(day);
      const data::Day last = data::next_period(day, period_) - 1;
      complete.push_back(day >= view.first_day && last <= view.last_day ? 1 : 0);
      trading.emplace_back();
      for (data::Day d = std::max(day, view.first_day); d <= std::min(last, view.last_day); ++d) {
        if (facts.trades[static_cast<std::size_t>(d - view.first_day)] != 0)
          trading.back().push_back(d);
      }
      own.push_back(window({day, last}));
    }
    for (std::size_t p = 0; p < starts.size(); ++p) {
      previous.push_back(comparison(p, data::next_period(starts[p], period_, -1)));
      year.push_back(comparison(p, year_before(starts[p])));
    }
  }

  // Two windows of the same number of trading days; -1 where there is nothing to compare.
  struct Comparison {
    int now = -1;
    int before = -1;
    std::int64_t days = 0;
  };

  std::vector<data::Day> starts{};
  std::vector<std::uint8_t> complete{};
  std::vector<std::vector<data::Day>> trading{};
  std::vector<int> own{};
  std::vector<Comparison> previous{};
  std::vector<Comparison> year{};
  std::vector<Window> windows{};

 private:
  int window(Window w) {
    const auto [at, added] =
        known_.try_emplace({w.first, w.last}, static_cast<int>(windows.size()));
    if (added) windows.push_back(w);
    return at->second;
  }
  [[nodiscard]] data::Day year_before(data::Day start) const {
    using Unit = data::Period::Unit;
    if (period_.unit == Unit::day || period_.unit == Unit::week) return start - 364;
    const int in_year = period_.unit == Unit::month ? 12 : period_.unit == Unit::quarter ? 4 : 1;
    return data::next_period(start, period_, -in_year);
  }
  Comparison comparison(std::size_t p, data::Day other) {
    const auto at = std::lower_bound(starts.begin(), starts.end(), other);
    if (at == starts.end() || *at != other) return {};
    const auto q = static_cast<std::size_t>(at - starts.begin());
    if (complete[p] == 0 || complete[q] == 0) return {};
    const std::size_t k = std::min(trading[p].size(), trading[q].size());
    if (k == 0) return {};
    const auto cut = [&](std::size_t period) {
      if (trading[period].size() == k) return own[period];
      return window({starts[period], trading[period][k - 1]});
    };
    return {cut(p), cut(q), static_cast<std::int64_t>(k)};
  }

  data::Period period_;
  std::map<std::pair<data::Day, data::Day>, int> known_{};
};

void check(const KpisView& view, const KpisOptions& options) {
  const auto fail = [](const std::string& text) { throw InvalidArgument("kpis: " + text); };
  if (!(options.level > 0 && options.level < 1)) {
    fail("level must lie between 0 and 1, as 0.95; found " + core::shortest(options.level));
  }
  const std::size_t n = view.order.size();
  const auto check_size = [&](const char* name, std::size_t size, bool optional = false) {
    if (size == n || (optional && size == 0)) return;
    fail(std::string(name) + " has " + std::to_string(size) + " values, order has " +
         std::to_string(n));
  };
  check_size("customer", view.customer.size());
  check_size("product", view.product.size());
  check_size("day", view.day.size());
  check_size("quantity", view.quantity.size());
  check_size("amount", view.amount.size());
  check_size("discount", view.discount.size(), true);
  check_size("flags", view.flags.size());
  check_size("group", view.group.size(), true);
  if (n > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    fail("at most 2147483647 lines; found " + std::to_string(n));
  }
  if (n > 0 && !(view.first_day <= view.last_day && view.first_day != data::kNoDay)) {
    fail("first_day must not be after last_day");
  }
  const std::int32_t groups = view.groups ? view.groups->size() : 1;
  const std::int32_t lowest = view.groups ? -1 : 0;
  for (std::size_t i = 0; i < n; ++i) {
    const char* fault = nullptr;
    if (i > 0 && view.customer[i] < view.customer[i - 1])
      fault = "lines must be sorted by customer";
    if (view.order[i] < 0 || view.order[i] >= view.n_orders) {
      fault = "order lies outside [0, n_orders)";
    }
    if (view.day[i] < view.first_day || view.day[i] > view.last_day) {
      fault = "day lies outside [first_day, last_day]";
    }
    if (!view.group.empty() && (view.group[i] < lowest || view.group[i] >= groups)) {
      fault = "group is not a code of groups";
    }
    if (fault != nullptr) fail("row " + std::to_string(i) + ": " + fault);
  }
}

void resize(Kpis& result, std::size_t rows) {
  result.group.resize(rows);
  for (auto* column :
       {&result.trading_days, &result.change_days, &result.year_change_days, &result.n}) {
    column->resize(rows);
  }
  result.start.resize(rows);
  result.complete.resize(rows);
  for (std::size_t k = 0; k < kKpis; ++k) {
    const auto kpi = static_cast<Kpi>(k);
    KpiColumn& column = result.figures[k];
    column.value.resize(rows);
    column.status.resize(rows);
    if (is_count(kpi)) column.count.resize(rows);
    if (is_ratio(kpi)) {
      column.low.resize(rows);
      column.high.resize(rows);
      column.n.resize(rows);
    }
    for (KpiChange* change : {&column.previous, &column.year}) {
      for (auto* values : {&change->change, &change->low, &change->high}) values->resize(rows);
      change->n.resize(rows);
      change->status.resize(rows);
    }
  }
}

void put(KpiColumn& column, Kpi kpi, std::size_t row, const Shown& shown) {
  column.value[row] = shown.value;
  column.status[row] = shown.status;
  if (is_count(kpi)) {
    column.count[row] = std::isnan(shown.value) ? std::numeric_limits<std::int64_t>::min()
                                                : static_cast<std::int64_t>(shown.value);
  }
  if (is_ratio(kpi)) {
    column.low[row] = shown.low;
    column.high[row] = shown.high;
    column.n[row] = shown.n;
  }
}

void put(KpiChange& change, std::size_t row, const Shown& shown) {
  change.change[row] = shown.value;
  change.low[row] = shown.low;
  change.high[row] = shown.high;
  change.n[row] = shown.n;
  change.status[row] = shown.status;
}

}  // namespace

Kpis kpis(const KpisView& view, const KpisOptions& options, const Context& context) {
  check(view, options);
  Kpis result;
  result.period = options.period;
  result.by = options.by;
  result.groups = view.groups;
  if (!result.groups) result.groups = Dictionary::from_texts(std::vector<std::string>{""});
  result.first_day = view.first_day;
  result.last_day = view.last_day;
  if (view.order.empty()) return result;
  result.new_from = data::add(view.first_day, options.new_after);

  const OrderFacts facts = order_facts(view);
  const Plan plan(view, facts, options);
  // With groups, slot 0 of each window holds the lines without one.
  const bool missing = view.groups && std::any_of(view.group.begin(), view.group.end(),
                                                  [](std::int32_t g) { return g < 0; });
  const std::int32_t groups = view.groups ? view.groups->size() + 1 : 1;
  Cells cells = make_cells(view, facts, plan.windows, groups, context);
  const auto slot = [&](int window, std::int32_t group) {
    return static_cast<std::size_t>(window) * static_cast<std::size_t>(groups) +
           static_cast<std::size_t>(group);
  };
  std::vector<Sums> sums(cells.offset.size() - 1);
  core::parallel_ranges(context, sums.size(), 4, [&](std::size_t begin, std::size_t end) {
    for (std::size_t s = begin; s < end; ++s)
      sums[s] = sum_up(cells.slot(s), cells.values, options.level);
  });

  const std::int32_t first_group = view.groups && !missing ? 1 : 0;
  const std::size_t periods = plan.starts.size();
  const std::size_t rows = periods * static_cast<std::size_t>(groups - first_group);
  resize(result, rows);
  core::parallel_for(context, rows, [&](std::size_t row) {
    const std::size_t p = row % periods;
    const std::int32_t group = first_group + static_cast<std::int32_t>(row / periods);
    const std::size_t own = slot(plan.own[p], group);
    result.group[row] = view.groups ? group - 1 : 0;
    result.start[row] = plan.starts[p];
    result.complete[row] = plan.complete[p];
    result.trading_days[row] = static_cast<std::int64_t>(plan.trading[p].size());
    result.change_days[row] = plan.previous[p].days;
    result.year_change_days[row] = plan.year[p].days;
    result.n[row] = sums[own].lines;
    const auto known = [&](int window) {
      return window >= 0 && plan.windows[static_cast<std::size_t>(window)].first >= result.new_from;
    };
    for (std::size_t k = 0; k < kKpis; ++k) {
      const auto kpi = static_cast<Kpi>(k);
      KpiColumn& column = result.figures[k];
      put(column, kpi, row,
          show(kpi, sums[own], cells.slot(own), options.level, known(plan.own[p])));
      const auto changed = [&](const Plan::Comparison& c) {
        const Shown none{kNaN, kNaN, kNaN, 0, Status::undefined};
        if (c.now < 0 || (needs_first_order(kpi) && !known(c.before))) return none;
        const std::size_t now = slot(c.now, group);
        const std::size_t before = slot(c.before, group);
        return compare(kpi, {cells.slot(now), &sums[now]}, {cells.slot(before), &sums[before]},
                       options.level);
      };
      put(column.previous, row, changed(plan.previous[p]));
      put(column.year, row, changed(plan.year[p]));
    }
  });
  return result;
}

}  // namespace emptor::metrics
