#include "emptor/customers/purchase_summary.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kBlock = 8192;

struct Row {
  std::int64_t frequency = 0;
  double recency = 0, T = 0, monetary_value = kNaN, log_gaps = 0;
};

/// The row of occasions [begin, end), at least one.
Row row_of(const OccasionsView& occasions, std::size_t begin, std::size_t end, data::Day last_day,
           double unit_days) {
  Row row;
  row.frequency = static_cast<std::int64_t>(end - begin) - 1;
  row.recency = (occasions.day[end - 1] - occasions.day[begin]) / unit_days;
  row.T = (last_day - occasions.day[begin]) / unit_days;
  double spend = 0;
  for (std::size_t i = begin + 1; i < end; ++i) {
    spend += occasions.spend[i];
    row.log_gaps += std::log((occasions.day[i] - occasions.day[i - 1]) / unit_days);
  }
  if (row.frequency > 0) row.monetary_value = spend / static_cast<double>(row.frequency);
  return row;
}

void add_holdout(PurchaseSummary& summary, const PurchaseHistories& histories, double unit_days) {
  const OccasionsView& later = histories.later;
  const std::size_t n = summary.customer.size();
  summary.holdout_T = (histories.later_last_day - histories.last_day) / unit_days;
  summary.holdout_frequency.assign(n, 0);
  summary.holdout_spend.assign(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    const auto c = static_cast<std::size_t>(summary.customer[i]);
    for (auto k = static_cast<std::size_t>(later.customer_begin[c]);
         k < static_cast<std::size_t>(later.customer_begin[c + 1]); ++k) {
      if (later.day[k] <= histories.last_day || later.day[k] > histories.later_last_day) continue;
      ++summary.holdout_frequency[i];
      summary.holdout_spend[i] += later.spend[k];
    }
  }
}

void check(const PurchaseHistories& histories) {
  check(histories.occasions, "purchase_summary");
  for (std::size_t i = 0; i < histories.occasions.day.size(); ++i)
    if (histories.occasions.day[i] > histories.last_day)
      throw InvalidArgument("purchase_summary: occasion " + std::to_string(i) +
                            " lies after last_day, " + data::iso_date(histories.last_day));
  if (histories.later_last_day == data::kNoDay) return;
  check(histories.later, "purchase_summary: later");
  if (histories.later.customers() != histories.occasions.customers())
    throw InvalidArgument("purchase_summary: later has " +
                          std::to_string(histories.later.customers()) + " customers, occasions " +
                          std::to_string(histories.occasions.customers()) +
                          "; give the same customers in the same order");
  if (histories.later_last_day <= histories.last_day)
    throw InvalidArgument("purchase_summary: later_last_day must lie after last_day");
}

}  // namespace

data::Span::Unit parse_time_unit(std::string_view text, std::string_view argument) {
  using Unit = data::Span::Unit;
  for (const Unit unit : {Unit::days, Unit::weeks, Unit::months, Unit::years})
    if (text == to_string(unit)) return unit;
  throw InvalidArgument(std::string(argument) + " must be \"days\", \"weeks\", \"months\" or " +
                        "\"years\", got '" + std::string(text.substr(0, 40)) + "'");
}

std::string_view to_string(data::Span::Unit unit) noexcept {
  switch (unit) {
    case data::Span::Unit::days:
      return "days";
    case data::Span::Unit::weeks:
      return "weeks";
    case data::Span::Unit::months:
      return "months";
    case data::Span::Unit::years:
      break;
  }
  return "years";
}

double in_units(const data::Span& span, data::Span::Unit unit) noexcept {
  if (span.unit == unit) return span.count;
  return data::mean_days(span) / data::mean_days({1, unit});
}

void check(const PurchaseSummaryView& view, std::string_view function) {
  const auto fail = [&](const std::string& what) {
    throw InvalidArgument(std::string(function) + ": " + what);
  };
  const auto same = [&](const char* name, std::size_t size, bool needed) {
    if (size != view.size() && (needed || size != 0))
      fail(std::string(name) + " has " + std::to_string(size) + " rows, frequency " +
           std::to_string(view.size()));
  };
  same("recency", view.recency.size(), true);
  same("T", view.T.size(), true);
  same("monetary_value", view.monetary_value.size(), false);
  same("log_gaps", view.log_gaps.size(), false);
  for (const learn::Feature& covariate : view.covariates)
    same(std::string(covariate.name).c_str(), covariate.size(), true);
  for (std::size_t i = 0; i < view.size(); ++i) {
    const auto x = view.frequency[i];
    const double last = view.recency[i], T = view.T[i];
    if (x >= 0 && last >= 0 && last <= T && std::isfinite(T) && (x > 0) == (last > 0)) continue;
    const std::string at = " in row " + std::to_string(i);
    const auto number = [](double value) {
      std::string text = std::to_string(value);
      text.erase(text.find_last_not_of('0') + 1);
      if (text.back() == '.') text.pop_back();
      return text;
    };
    if (x < 0) fail("frequency is " + std::to_string(x) + at + "; it counts repeat purchases");
    if (!std::isfinite(last)) fail("recency is missing" + at);
    if (!std::isfinite(T)) fail("T is missing" + at);
    if (last < 0) fail("recency is " + number(last) + at + "; it counts from the first purchase");
    if (T < 0) fail("T is " + number(T) + at + "; it counts from the first purchase");
    if (last > T)
      fail("recency " + number(last) + " is greater than T " + number(T) + at +
           "; both count from the first purchase");
    if (x == 0)
      fail("recency is " + number(last) + at + " where frequency is 0; without a repeat purchase " +
           "it is 0 (recency counts from the first purchase, not back from today)");
    fail("recency is 0" + at + " where frequency is " + std::to_string(x) +
         "; repeat purchases come after the first");
  }
}

PurchaseSummary purchase_summary(const PurchaseHistories& histories,
                                 const PurchaseSummaryOptions& options, const Context& context) {
  check(histories);
  const OccasionsView& occasions = histories.occasions;
  const double unit_days = data::mean_days({1, options.unit});
  PurchaseSummary summary;
  summary.unit = options.unit;
  summary.last_day = histories.last_day;
  for (std::size_t c = 0; c < occasions.customers(); ++c)
    if (occasions.customer_begin[c + 1] > occasions.customer_begin[c])
      summary.customer.push_back(static_cast<std::int32_t>(c));
  const std::size_t n = summary.customer.size();
  summary.n_without_purchase = static_cast<std::int64_t>(occasions.customers() - n);
  summary.frequency.resize(n);
  summary.first_order.resize(n);
  for (auto* column : {&summary.recency, &summary.T, &summary.monetary_value, &summary.log_gaps})
    column->resize(n);
  core::parallel_ranges(context, n, kBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const auto c = static_cast<std::size_t>(summary.customer[i]);
      const auto first = static_cast<std::size_t>(occasions.customer_begin[c]);
      const Row row =
          row_of(occasions, first, static_cast<std::size_t>(occasions.customer_begin[c + 1]),
                 histories.last_day, unit_days);
      summary.frequency[i] = row.frequency;
      summary.recency[i] = row.recency;
      summary.T[i] = row.T;
      summary.monetary_value[i] = row.monetary_value;
      summary.log_gaps[i] = row.log_gaps;
      summary.first_order[i] = occasions.day[first];
    }
  });
  for (const std::int64_t x : summary.frequency) summary.n_repeat += x > 0;
  if (histories.later_last_day != data::kNoDay) add_holdout(summary, histories, unit_days);
  return summary;
}

PurchaseSummary purchase_summary(const data::Sales& sales, const PurchaseSummaryOptions& options,
                                 const Context& context) {
  const auto finish = [&](PurchaseSummary summary, const data::Sales& seen) {
    summary.ids = sales.customers().ids;
    summary.coverage = seen.behaviour_coverage();
    return summary;
  };
  const Occasions known = occasions(sales, "purchase_summary");
  if (!options.holdout)
    return finish(purchase_summary({known.view(), sales.last_day()}, options, context), sales);
  if (options.holdout->count < 1)
    throw InvalidArgument("purchase_summary: holdout is " + data::to_string(*options.holdout) +
                          "; write a span such as \"39 weeks\"");
  const data::Day cut = data::subtract(sales.last_day(), *options.holdout);
  if (cut < sales.first_day())
    throw InvalidArgument("purchase_summary: holdout \"" + data::to_string(*options.holdout) +
                          "\" leaves nothing before it; the data begin on " +
                          data::iso_date(sales.first_day()));
  const data::Sales then = sales.as_of_day(cut);
  const Occasions before = occasions(then, "purchase_summary");
  return finish(
      purchase_summary({before.view(), cut, known.view(), sales.last_day()}, options, context),
      then);
}

std::vector<Column> PurchaseSummary::columns() const {
  std::vector<Column> all;
  if (ids) all.push_back({"customer", customer, *ids, "customer id"});
  all.emplace_back("frequency", frequency, "purchase occasions after the first");
  all.emplace_back("recency", recency, "time from the first occasion to the last, in the unit");
  all.emplace_back("T", T, "time from the first occasion to the moment, in the unit");
  all.emplace_back("monetary_value", monetary_value, "mean spend of the occasions after the first");
  all.push_back(Column("log_gaps", log_gaps, "sum of ln(time between occasions)").hidden());
  all.push_back(Column::dates("first_order", first_order, "day of the first occasion").hidden());
  if (!holdout_frequency.empty() || holdout_T > 0) {
    all.emplace_back("holdout_frequency", holdout_frequency, "occasions in the holdout");
    all.emplace_back("holdout_spend", holdout_spend, "spend of the occasions in the holdout");
  }
  return all;
}

std::vector<Scalar> PurchaseSummary::info() const {
  std::vector<Scalar> all{
      {"unit", std::string(to_string(unit)), "of recency, T and the gaps"},
      {"n", static_cast<std::int64_t>(customer.size()), "customers"},
      {"n_repeat", n_repeat, "... with more than one occasion"},
      {"n_without_purchase", n_without_purchase, "left out: nothing bought and kept by then"},
      {"occasion", std::string("a day with goods bought and not fully given back"),
       "what counts as one purchase"},
      {"moment", last_day == data::kNoDay ? std::string() : data::iso_date(last_day),
       "the day T counts to"},
      {"coverage", coverage.share(), "share of net revenue it rests on"}};
  if (holdout_T > 0) all.push_back({"holdout_T", holdout_T, "length of the holdout, in the unit"});
  return all;
}

}  // namespace emptor::customers
