#include "emptor/metrics/movers.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"
#include "emptor/core/multiplicity.hpp"

#include "core/special.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

namespace emptor::metrics {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

void check(const MoversView& view, const MoversOptions& options) {
  if (view.item.size() != view.revenue.size() || view.item.size() != view.revenue_before.size())
    throw InvalidArgument("movers: item, revenue and revenue_before must be equally long");
  if (!(options.level > 0 && options.level < 1))
    throw InvalidArgument("movers: level must lie between 0 and 1");
  if (options.min_customers < 2) throw InvalidArgument("movers: min_customers must be at least 2");
  if (options.window.count < 1) throw InvalidArgument("movers: window must be at least one day");
  for (std::size_t i = 0; i < view.item.size(); ++i) {
    const auto item = view.item[i];
    if (item < 0 || item >= view.n_items || (i > 0 && item < view.item[i - 1]))
      throw InvalidArgument("movers: item[" + std::to_string(i) +
                            "] must not fall and lie in [0, n_items), got " + std::to_string(item));
    if (!std::isfinite(view.revenue[i]) || !std::isfinite(view.revenue_before[i]))
      throw InvalidArgument("movers: revenue[" + std::to_string(i) + "] must be finite");
  }
}

/// What the entries of one item add up to.
struct Sums {
  double revenue = 0;
  double before = 0;
  double squares = 0;  ///< of the customers' changes
  double fourths = 0;  ///< of their fourth powers
  std::int64_t customers = 0;
};

void append(Movers& result, std::int32_t item, const Sums& sums, const MoversOptions& options) {
  const double change = sums.revenue - sums.before;
  result.item.push_back(item);
  result.revenue.push_back(sums.revenue);
  result.revenue_before.push_back(sums.before);
  result.change.push_back(change);
  result.growth.push_back(sums.before > 0 ? change / sums.before : kNan);
  result.n.push_back(sums.customers);
  if (sums.customers < options.min_customers || sums.squares <= 0) {
    result.change_low.push_back(kNan);
    result.change_high.push_back(kNan);
    result.p_value.push_back(kNan);
    result.status.push_back(Status::not_enough_data);
    ++result.n_untestable;
    return;
  }
  // A few large customers make the normal law too narrow. Student's law with the degrees of freedom
  // that the spread of the squares leaves (Satterthwaite 1946: n for equal normal changes, 3 where
  // one customer carries the sum) is wider just there.
  const double effective = 3 * sums.squares * sums.squares / sums.fourths;
  const double error = std::sqrt(sums.squares);
  const double half = core::student_quantile(0.5 + options.level / 2, effective) * error;
  const double t = change / error;
  result.change_low.push_back(change - half);
  result.change_high.push_back(change + half);
  result.p_value.push_back(core::beta_cdf(effective / (effective + t * t), effective / 2, 0.5));
  result.status.push_back(effective < 10 ? Status::small_sample : Status::ok);
  ++result.n_tested;
}

template <typename T>
void permute(std::vector<T>& values, const std::vector<std::size_t>& order) {
  std::vector<T> sorted(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) sorted[i] = std::move(values[order[i]]);
  values = std::move(sorted);
}

void sort_by_change(Movers& result) {
  std::vector<std::size_t> order(result.item.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tuple(-std::abs(result.change[a]), result.item[a]) <
           std::tuple(-std::abs(result.change[b]), result.item[b]);
  });
  permute(result.item, order);
  permute(result.revenue, order);
  permute(result.revenue_before, order);
  permute(result.change, order);
  permute(result.change_low, order);
  permute(result.change_high, order);
  permute(result.n, order);
  permute(result.status, order);
  permute(result.growth, order);
  permute(result.p_value, order);
  permute(result.q_value, order);
}

/// One line of the two windows, on its way to being summed by item and customer.
struct Entry {
  std::int32_t item;
  std::int64_t customer;  ///< below 0: the line itself
  data::Money revenue;
  data::Money before;
};

}  // namespace

Movers movers(const MoversView& view, const MoversOptions& options, const Context&) {
  check(view, options);
  Movers result;
  double total = 0;
  double total_before = 0;
  for (std::size_t begin = 0; begin < view.item.size();) {
    Sums sums;
    std::size_t end = begin;
    for (; end < view.item.size() && view.item[end] == view.item[begin]; ++end) {
      const double difference = view.revenue[end] - view.revenue_before[end];
      sums.revenue += view.revenue[end];
      sums.before += view.revenue_before[end];
      sums.squares += difference * difference;
      sums.fourths += difference * difference * difference * difference;
      ++sums.customers;
    }
    append(result, view.item[begin], sums, options);
    total += sums.revenue;
    total_before += sums.before;
    begin = end;
  }
  result.market_growth = total_before > 0 ? total / total_before - 1 : kNan;
  result.q_value = benjamini_hochberg(result.p_value);
  result.by = options.by;
  sort_by_change(result);
  return result;
}

Movers movers(const data::Sales& sales, const MoversOptions& options, const Context& context) {
  const auto& lines = sales.lines("movers");
  const data::Day last = sales.last_day();
  const data::Day first = data::subtract(last, options.window) + 1;
  const bool year = options.baseline == Baseline::year;
  const data::Day before_last = year ? data::add_months(last, -12) : first - 1;
  const data::Day before_first = before_last - (last - first);
  if (before_first < sales.first_day())
    throw DataError("movers: the data begin on " + data::iso_date(sales.first_day()) +
                    ", the baseline would begin on " + data::iso_date(before_first) +
                    "; write a shorter window");

  const bool products = options.by == "product";
  data::Attribute groups;
  if (!products) groups = sales.line_attribute(options.by, "movers");
  std::vector<Entry> entries;
  data::Coverage coverage;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const data::Day day = lines.day[i];
    const bool in_window = day >= first && day <= last;
    const bool in_baseline = day >= before_first && day <= before_last;
    if (!in_window && !in_baseline) continue;
    ++coverage.lines;
    coverage.revenue += data::to_double(lines.amount[i]);
    const std::int32_t item = products ? lines.product[i] : groups.code[i];
    if (item < 0 || (lines.flags[i] & data::kNotGoods) != 0) continue;
    ++coverage.lines_used;
    coverage.revenue_used += data::to_double(lines.amount[i]);
    const std::int64_t customer =
        lines.customer[i] >= 0 ? lines.customer[i] : -1 - static_cast<std::int64_t>(i);
    entries.push_back(
        {item, customer, in_window ? lines.amount[i] : 0, in_baseline ? lines.amount[i] : 0});
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.item, a.customer) < std::tie(b.item, b.customer);
  });

  std::vector<std::int32_t> item;
  std::vector<double> revenue;
  std::vector<double> before;
  for (std::size_t i = 0; i < entries.size();) {
    data::Money sum = 0;
    data::Money sum_before = 0;
    const Entry& head = entries[i];
    for (;
         i < entries.size() && entries[i].item == head.item && entries[i].customer == head.customer;
         ++i) {
      sum += entries[i].revenue;
      sum_before += entries[i].before;
    }
    item.push_back(head.item);
    revenue.push_back(data::to_double(sum));
    before.push_back(data::to_double(sum_before));
  }

  const auto& ids = products ? sales.products().ids : groups.values;
  Movers result = movers({item, revenue, before, ids ? ids->size() : 0}, options, context);
  result.ids = ids;
  for (const std::int32_t code : result.item)
    result.name.push_back(products ? sales.products().label(code) : ids->to_string(code));
  result.first_day = first;
  result.last_day = last;
  result.baseline_first_day = before_first;
  result.baseline_last_day = before_last;
  result.coverage = coverage;
  return result;
}

std::vector<Column> Movers::columns() const {
  static const auto empty = Dictionary::from_integers({});
  std::vector<Column> columns;
  columns.push_back(Column("item", item, ids ? *ids : *empty, "id of the item").hidden());
  if (!name.empty()) columns.emplace_back("name", name, "name of the item");
  columns.emplace_back("revenue", revenue, "net revenue in the window");
  columns.emplace_back("revenue_before", revenue_before, "net revenue in the baseline");
  columns.emplace_back("change", change, "revenue less revenue_before");
  columns.emplace_back("change_low", change_low, "lower end, customers as the unit");
  columns.emplace_back("change_high", change_high, "upper end");
  columns.emplace_back("n", n, "customers who bought in either window");
  columns.emplace_back("status", status, status_labels(), "what the interval rests on");
  columns.emplace_back("growth", growth, "change over revenue_before");
  columns.push_back(Column("p_value", p_value, "of a change this large by chance").hidden());
  columns.emplace_back("q_value", q_value, "expected false share of the items up to this one");
  return columns;
}

std::vector<Scalar> Movers::info() const {
  return {{"by", by, "what items are"},
          {"first_day", data::iso_date(first_day), "of the window"},
          {"last_day", data::iso_date(last_day), "of the window"},
          {"baseline_first_day", data::iso_date(baseline_first_day), "of the baseline"},
          {"baseline_last_day", data::iso_date(baseline_last_day), "of the baseline"},
          {"market_growth", market_growth, "of all items together"},
          {"n_tested", n_tested, "items with enough customers"},
          {"n_untestable", n_untestable, "items with fewer"},
          {"coverage", coverage.share(), "share of net revenue the result rests on"}};
}

}  // namespace emptor::metrics
