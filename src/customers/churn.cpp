#include "emptor/customers/churn.hpp"

#include "emptor/core/error.hpp"
#include "emptor/customers/occasions.hpp"

#include "customers/churn_reasons.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace emptor::customers {
namespace {

// A model is tried only where it had this many rows to learn from.
constexpr std::size_t kLeastRows = 100;

void check(const ChurnOptions& options) {
  const auto fail = [](const std::string& what) { throw InvalidArgument("churn: " + what); };
  if (options.folds < 2) fail("folds must be 2 or more");
  if (!(options.level > 0 && options.level < 1)) fail("level must lie between 0 and 1, as 0.95");
  if (options.max_snapshots < 1) fail("max_snapshots must be 1 or more");
  if (options.horizon.count < 1) fail("horizon must be at least a day, as \"90 days\"");
  if (options.step.count < 1) fail("step must be at least a day, as \"30 days\"");
  if (!options.target.empty()) fail("target is a column of a table; sales have their horizon");
}

/// Days on which customers are looked at: the last one whose outcome is complete, and steps back
/// while a horizon of history lies before.
std::vector<data::Day> snapshot_days(const data::Sales& sales, const ChurnOptions& options) {
  std::vector<data::Day> days;
  const data::Day first = sales.first_day();
  if (first == data::kNoDay) return days;
  data::Day day = data::subtract(sales.last_day(), options.horizon);
  while (data::add(day, options.horizon) > sales.last_day()) --day;
  while (static_cast<int>(days.size()) < options.max_snapshots &&
         data::subtract(day, options.horizon) >= first) {
    days.push_back(day);
    day = data::subtract(day, options.step);
  }
  std::reverse(days.begin(), days.end());
  return days;
}

/// Snapshots one under the other.
struct Rows {
  std::vector<std::vector<double>> number{};
  std::vector<std::vector<std::int32_t>> code{};
  std::vector<std::uint8_t> left{};
  std::vector<std::int64_t> known_at{}, outcome_at{};
  std::vector<std::uint64_t> key{};
  std::vector<std::int32_t> customer{};
};

/// Whether each customer bought nothing in (day, end], as known at `end`.
std::vector<std::uint8_t> left_after(const data::Sales& sales,
                                     const std::vector<std::int32_t>& customers, data::Day day,
                                     data::Day end) {
  const Occasions later = occasions(sales.as_of_day(end), "churn");
  std::vector<std::uint8_t> left;
  for (const std::int32_t customer : customers) {
    const auto c = static_cast<std::size_t>(customer);
    const auto last = later.customer_begin[c + 1];
    const bool bought =
        last > later.customer_begin[c] && later.day[static_cast<std::size_t>(last) - 1] > day;
    left.push_back(bought ? 0 : 1);
  }
  return left;
}

template <typename T>
void append(std::vector<std::vector<T>>& to, const std::vector<std::vector<T>>& from) {
  to.resize(from.size());
  for (std::size_t k = 0; k < from.size(); ++k)
    to[k].insert(to[k].end(), from[k].begin(), from[k].end());
}

void add_snapshot(Rows& rows, ChurnFit& fit, const ChurnFeatures& known, data::Day day,
                  data::Day end, const std::vector<std::uint8_t>& left) {
  append(rows.number, known.number);
  append(rows.code, known.attribute_code);
  rows.left.insert(rows.left.end(), left.begin(), left.end());
  for (const std::int32_t customer : known.customer) {
    rows.customer.push_back(customer);
    rows.key.push_back(known.ids->hash(customer));
    rows.known_at.push_back(day);
    rows.outcome_at.push_back(end);
  }
  const double sum = std::accumulate(left.begin(), left.end(), 0.0);
  fit.snapshot.push_back(day);
  fit.snapshot_customers.push_back(static_cast<std::int64_t>(left.size()));
  fit.snapshot_share.push_back(left.empty() ? std::nan("")
                                            : sum / static_cast<double>(left.size()));
}

}  // namespace

ChurnFit churn(const data::Sales& sales, const ChurnOptions& options, const Context& context) {
  check(options);
  Context quiet = context;
  quiet.progress = nullptr;
  ChurnFit fit;
  fit.options = options;
  fit.of_sales = true;
  // Names and attributes of the columns are those of the moment; an empty snapshot has them too.
  ChurnFeatures layout = churn_features(sales, {}, quiet);
  Rows rows;
  rows.number.resize(layout.number.size());
  rows.code.resize(layout.attribute_code.size());
  for (const data::Day day : snapshot_days(sales, options)) {
    const ChurnFeatures known = churn_features(sales.as_of_day(day), {}, quiet);
    const data::Day end = data::add(day, options.horizon);
    add_snapshot(rows, fit, known, day, end, left_after(sales, known.customer, day, end));
  }
  layout.number = std::move(rows.number);
  layout.attribute_code = std::move(rows.code);
  const std::vector<learn::Feature> features = layout.features();
  const auto folds = learn::time_ordered_folds(rows.known_at, rows.outcome_at, rows.key,
                                               options.folds, options.seed, kLeastRows);
  for (const data::Day day : fit.snapshot)
    fit.snapshot_tried.push_back(std::any_of(folds.begin(), folds.end(), [&](const auto& fold) {
      return rows.known_at[fold.test.front()] == day;
    }));
  fit.classifier = learn::fit_classifier({features, rows.left, {}, rows.key}, folds, rows.customer,
                                         classifier_options(options, features), context,
                                         value_of_rows(options, features));
  return fit;
}

ChurnScores churn_scores(const ChurnFit& fit, const data::Sales& sales, const Context& context) {
  if (!fit.of_sales)
    throw InvalidArgument("churn_scores: this model was fitted on a table; give it a table");
  const ChurnFeatures known = churn_features(sales, {}, context);
  ChurnScores scores = score_rows(fit, known.features(), known.customer.size(), context);
  scores.customer = known.customer;
  scores.ids = known.ids;
  scores.moment = known.last_day == data::kNoDay ? std::string() : data::iso_date(known.last_day);
  for (const std::int32_t customer : known.customer)
    scores.name.push_back(sales.customers().label(customer));
  return scores;
}

}  // namespace emptor::customers
