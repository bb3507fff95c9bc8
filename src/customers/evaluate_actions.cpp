#include "emptor/customers/evaluate_actions.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/special.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kSmallGroup = 30;

/// What one customer of the list bought in the days counted.
struct Outcome {
  double purchases = 0;
  double revenue = 0;
};

void check(const ActionTrial& trial, const EvaluateActionsOptions& options) {
  const auto fail = [](const std::string& what) {
    throw InvalidArgument("evaluate_actions: " + what);
  };
  if (trial.customer.size() != trial.control.size())
    fail("customer has " + std::to_string(trial.customer.size()) + " values and control " +
         std::to_string(trial.control.size()) + "; give one flag per customer");
  if (trial.day == data::kNoDay) fail("day is not set; give the day the list was made");
  if (options.horizon.count < 1) fail("horizon must be at least one day, as '90 days'");
  if (!(options.level > 0 && options.level < 1)) fail("level must lie between 0 and 1");
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < trial.customer.size(); ++i) {
    if (trial.control[i] > 1) fail("control must be 0 or 1; row " + std::to_string(i) + " is not");
    if (!seen.insert(trial.customer[i]).second)
      fail("customer '" + trial.customer[i].substr(0, 40) + "' stands on the list twice");
  }
}

Outcome outcome_of(const data::Lines& lines, std::int32_t customer, data::Day after,
                   data::Day until) {
  Outcome out;
  if (customer < 0) return out;
  const auto c = static_cast<std::size_t>(customer);
  data::Money net = 0;
  data::Day bought = data::kNoDay;
  for (auto i = static_cast<std::size_t>(lines.customer_begin[c]);
       i < static_cast<std::size_t>(lines.customer_begin[c + 1]); ++i) {
    if (lines.day[i] <= after || lines.day[i] > until) continue;
    net += lines.amount[i];
    if (!lines.is_goods_purchase(i) || lines.day[i] == bought) continue;
    bought = lines.day[i];
    out.purchases += 1;
  }
  out.revenue = data::to_double(net);
  return out;
}

/// Mean and variance of the mean of one group.
struct Mean {
  double mean = kNaN, variance = kNaN;
  double n = 0;
};

Mean mean_of(const std::vector<double>& values) {
  Mean out;
  out.n = static_cast<double>(values.size());
  if (values.empty()) return out;
  double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  out.mean = sum / out.n;
  for (const double value : values) squares += (value - out.mean) * (value - out.mean);
  if (values.size() > 1) out.variance = squares / (out.n - 1) / out.n;
  return out;
}

/// Half the width of Welch's interval of a difference of means; NaN for groups of one.
double welch_half_width(const Mean& a, const Mean& b, double level) {
  const double variance = a.variance + b.variance;
  if (!(variance > 0)) return variance == 0 ? 0 : kNaN;
  const double df = variance * variance /
                    (a.variance * a.variance / (a.n - 1) + b.variance * b.variance / (b.n - 1));
  return core::student_quantile(0.5 + level / 2, df) * std::sqrt(variance);
}

}  // namespace

EvaluateActionsResult evaluate_actions(const data::Sales& sales, const ActionTrial& trial,
                                       const EvaluateActionsOptions& options, const Context&) {
  const data::Lines& lines = sales.lines("evaluate_actions");
  check(trial, options);
  EvaluateActionsResult result;
  result.level = options.level;
  result.first_day = trial.day + 1;
  result.last_day = data::add(trial.day, options.horizon);
  if (sales.last_day() < result.last_day)
    throw InvalidArgument("evaluate_actions: the data end on " + data::iso_date(sales.last_day()) +
                          ", before the horizon is over on " + data::iso_date(result.last_day) +
                          "; give later sales or a shorter horizon");
  // Of every measure the values of those contacted and of those held back.
  std::array<std::array<std::vector<double>, 2>, 3> values;
  for (std::size_t i = 0; i < trial.customer.size(); ++i) {
    const Outcome one = outcome_of(lines, sales.customers().ids->find(trial.customer[i]), trial.day,
                                   result.last_day);
    const std::size_t group = trial.control[i];
    values[0][group].push_back(one.purchases > 0 ? 1 : 0);
    values[1][group].push_back(one.purchases);
    values[2][group].push_back(one.revenue);
  }
  constexpr std::array<std::string_view, 3> kMeasures{"share who bought", "purchases", "revenue"};
  for (std::size_t m = 0; m < kMeasures.size(); ++m) {
    const Mean contacted = mean_of(values[m][0]), control = mean_of(values[m][1]);
    const bool both = contacted.n > 0 && control.n > 0;
    const double difference = both ? contacted.mean - control.mean : kNaN;
    double low = kNaN, high = kNaN;
    if (both && m == 0) {
      const Interval interval = newcombe(contacted.mean * contacted.n, contacted.n,
                                         control.mean * control.n, control.n, options.level);
      low = interval.low;
      high = interval.high;
    } else if (both) {
      const double half = welch_half_width(contacted, control, options.level);
      low = difference - half;
      high = difference + half;
    }
    result.measure.emplace_back(kMeasures[m]);
    result.contacted.push_back(contacted.mean);
    result.control.push_back(control.mean);
    result.difference.push_back(difference);
    result.difference_low.push_back(low);
    result.difference_high.push_back(high);
    result.total.push_back(difference * contacted.n);
    result.total_low.push_back(low * contacted.n);
    result.total_high.push_back(high * contacted.n);
    result.n.push_back(static_cast<std::int64_t>(contacted.n));
    result.n_control.push_back(static_cast<std::int64_t>(control.n));
    result.status.push_back(contacted.n < 2 || control.n < 2 ? Status::not_enough_data
                            : contacted.n < kSmallGroup || control.n < kSmallGroup
                                ? Status::small_sample
                                : Status::ok);
  }
  return result;
}

std::vector<Column> EvaluateActionsResult::columns() const {
  return {{"measure", measure, "per customer on the list"},
          {"contacted", contacted, "mean of those contacted"},
          {"control", control, "mean of those held back"},
          {"difference", difference, "contacted less control"},
          {"difference_low", difference_low, "lower end"},
          {"difference_high", difference_high, "upper end"},
          {"total", total, "difference times the number contacted"},
          {"total_low", total_low, "lower end"},
          {"total_high", total_high, "upper end"},
          {"n", n, "customers contacted"},
          {"n_control", n_control, "customers held back"},
          {"status", status, status_labels(), "small_sample under 30 in a group"}};
}

std::vector<Scalar> EvaluateActionsResult::info() const {
  return {{"first_day", data::iso_date(first_day), "of the days counted"},
          {"last_day", data::iso_date(last_day), "of the days counted"},
          {"level", level}};
}

}  // namespace emptor::customers
