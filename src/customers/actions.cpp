#include "emptor/customers/actions.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"
#include "emptor/customers/expected_purchases.hpp"
#include "emptor/customers/expected_spend.hpp"
#include "emptor/customers/fit_spend.hpp"
#include "emptor/customers/p_alive.hpp"
#include "emptor/customers/purchase_summary.hpp"

#include "core/random.hpp"
#include "customers/favourites.hpp"
#include "customers/occasions_view.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<std::string_view, 4> kGrades{"proven", "likely", "watch", "due"};
constexpr double kProbablyAlive = 0.5;
constexpr std::int64_t kOrdersOfARhythm = 3;  // two gaps: fewer show no rhythm

/// What each analysis says, by customer code; -1 where it says nothing.
struct Sources {
  PurchaseSummary summary{};
  PurchaseFit fit{};
  PAliveResult alive{};
  ExpectedPurchasesResult purchases{};
  ExpectedSpendResult spend{};
  DecliningResult decline{};
  ContactChannelsResult channels{};
  std::vector<std::int64_t> decline_row{}, channel_row{};
};

void check(const ActionsOptions& options) {
  const auto fail = [](const std::string& what) { throw InvalidArgument("actions: " + what); };
  if (!(options.budget >= 0) || !std::isfinite(options.budget))
    fail("budget must be 0 or more; 0 is no limit");
  if (!(options.control >= 0 && options.control < 1))
    fail("control must lie in [0, 1), as 0.1 for a tenth held back");
  if (!options.cost.empty() && options.cost.size() != options.channels.size())
    fail("cost has " + std::to_string(options.cost.size()) + " values for " +
         std::to_string(options.channels.size()) + " channels; give one for each");
  for (const double cost : options.cost)
    if (!(cost >= 0) || !std::isfinite(cost)) fail("cost must be 0 or more, and finite");
}

std::vector<std::int64_t> rows_by_customer(const std::vector<std::int32_t>& customer,
                                           std::size_t customers) {
  std::vector<std::int64_t> row(customers, -1);
  for (std::size_t i = 0; i < customer.size(); ++i)
    row[static_cast<std::size_t>(customer[i])] = static_cast<std::int64_t>(i);
  return row;
}

Sources gather(const data::Sales& sales, const ActionsOptions& options, const Context& context) {
  Sources of;
  const auto customers = static_cast<std::size_t>(sales.customers().ids->size());
  of.decline = declining(
      sales,
      {.window = options.window, .baseline = options.baseline, .all = true, .level = options.level},
      context);
  of.summary = purchase_summary(sales, {}, context);
  const PurchaseSummaryView view = of.summary.view();
  of.fit = fit_purchases(view, {.model = options.model, .level = options.level}, context);
  of.alive = p_alive(of.fit, view, {.level = options.level}, context);
  of.purchases = expected_purchases(of.fit, view,
                                    {.horizon = options.window, .level = options.level}, context);
  const SpendView spend{of.summary.frequency, of.summary.monetary_value};
  of.spend = expected_spend(fit_spend(spend, {.level = options.level}, context), spend,
                            {.level = options.level}, context);
  of.channels = contact_channels(
      sales, {.channels = options.channels, .consent = options.consent, .level = options.level},
      context);
  of.decline_row = rows_by_customer(of.decline.customer, customers);
  of.channel_row = rows_by_customer(of.channels.customer, customers);
  return of;
}

/// A product of two independent estimates: their relative widths add as squares.
Interval product(double a, double a_low, double a_high, double b, double b_low, double b_high) {
  const auto down = [](double x, double low) { return x > 0 && low > 0 ? std::log(x / low) : 0.0; };
  const auto up = [](double x, double high) { return x > 0 ? std::log(high / x) : 0.0; };
  return {a * b * std::exp(-std::hypot(down(a, a_low), down(b, b_low))),
          a * b * std::exp(std::hypot(up(a, a_high), up(b, b_high)))};
}

/// The row of one customer of the summary, and what it is ranked by.
class Rows {
 public:
  Rows(const data::Sales& sales, const ActionsOptions& options, const Sources& of)
      : sales_(sales), options_(options), of_(of), bought_(occasions(sales, "actions")) {}

  /// Adds row i of the summary if the customer is worth contacting.
  void consider(std::size_t i, ActionsResult& out) const {
    const auto customer = static_cast<std::size_t>(of_.summary.customer[i]);
    const std::int64_t fell = of_.decline_row[customer];
    const DeclineList list =
        fell < 0 ? DeclineList::none : of_.decline.list[static_cast<std::size_t>(fell)];
    const data::Day last = last_order(customer);
    const double gap = median_gap(bought_.view(), customer, sales_.last_day());
    const double since = static_cast<double>(sales_.last_day() - last);
    // Where nobody is seen to leave, P(alive) is not defined and nobody is taken for gone.
    const double alive = of_.alive.p_alive[i];
    const bool due = of_.summary.frequency[i] + 1 >= kOrdersOfARhythm && since > gap &&
                     !(alive < kProbablyAlive);
    if (list == DeclineList::none && !due) return;
    out.customer.push_back(of_.summary.customer[i]);
    out.name.push_back(sales_.customers().label(of_.summary.customer[i]));
    out.grade.push_back(list == DeclineList::none ? ActionGrade::due
                                                  : static_cast<ActionGrade>(list));
    out.due_now.push_back(due);
    out.last_order.push_back(last);
    out.usual_gap_days.push_back(gap);
    out.days_since.push_back(since);
    out.next_due.push_back(std::isnan(gap) ? data::kNoDay
                                           : last + static_cast<data::Day>(std::lround(gap)));
    out.n.push_back(of_.summary.frequency[i] + 1);
    add_models(i, out);
    add_decline(fell, list, i, out);
    add_channel(of_.channel_row[customer], out);
    out.favourite_products.emplace_back();
    core::Random random(options_.seed, sales_.customers().ids->hash(of_.summary.customer[i]));
    out.control.push_back(random.uniform() < options_.control);
  }

 private:
  [[nodiscard]] data::Day last_order(std::size_t customer) const {
    return bought_.day[static_cast<std::size_t>(bought_.customer_begin[customer + 1]) - 1];
  }

  void add_models(std::size_t i, ActionsResult& out) const {
    const ExpectedPurchasesResult& e = of_.purchases;
    const ExpectedSpendResult& s = of_.spend;
    const Interval revenue =
        product(e.expected_purchases[i], e.expected_purchases_low[i], e.expected_purchases_high[i],
                s.expected_spend[i], s.expected_spend_low[i], s.expected_spend_high[i]);
    out.p_alive.push_back(of_.alive.p_alive[i]);
    out.p_alive_low.push_back(of_.alive.p_alive_low[i]);
    out.p_alive_high.push_back(of_.alive.p_alive_high[i]);
    out.expected_purchases.push_back(e.expected_purchases[i]);
    out.expected_purchases_low.push_back(e.expected_purchases_low[i]);
    out.expected_purchases_high.push_back(e.expected_purchases_high[i]);
    out.purchases_low.push_back(e.purchases_low[i]);
    out.purchases_high.push_back(e.purchases_high[i]);
    out.expected_revenue.push_back(e.expected_purchases[i] * s.expected_spend[i]);
    out.expected_revenue_low.push_back(revenue.low);
    out.expected_revenue_high.push_back(revenue.high);
    out.status.push_back(e.status[i] == Status::ok ? s.status[i] : e.status[i]);
  }

  void add_decline(std::int64_t row, DeclineList list, std::size_t i, ActionsResult& out) const {
    const DecliningResult& d = of_.decline;
    const auto at = static_cast<std::size_t>(std::max<std::int64_t>(row, 0));
    const bool judged = row >= 0, listed = list != DeclineList::none;
    out.p_fell.push_back(judged ? d.probability[at] : kNaN);
    out.p_fell_low.push_back(judged ? d.probability_low[at] : kNaN);
    out.p_fell_high.push_back(judged ? d.probability_high[at] : kNaN);
    out.reason.push_back(judged ? d.reason[at] : DeclineReason::as_usual);
    out.baseline_orders.push_back(listed ? d.baseline_orders[at] : 0);
    out.window_orders.push_back(listed ? d.window_orders[at] : 0);
    out.expected_orders.push_back(listed ? d.expected_orders[at] : kNaN);
    out.change_date.push_back(listed ? d.change_date[at] : data::kNoDay);
    out.change_date_low.push_back(listed ? d.change_date_low[at] : data::kNoDay);
    out.change_date_high.push_back(listed ? d.change_date_high[at] : data::kNoDay);
    out.p_gap.push_back(judged ? d.p_gap[at] : kNaN);
    if (listed) {
      out.value_at_risk.push_back(d.expected_lost_revenue[at]);
      out.value_at_risk_low.push_back(d.expected_lost_revenue_low[at]);
      out.value_at_risk_high.push_back(d.expected_lost_revenue_high[at]);
      return;
    }
    // Expected revenue is P(alive) times what he spends if alive; the rest is what leaving costs.
    const auto lost = [&](double alive) {
      return alive > 0 ? out.expected_revenue.back() * (1 - alive) / out.p_alive.back() : kNaN;
    };
    const bool known = !std::isnan(of_.alive.p_alive[i]);
    out.value_at_risk.push_back(known ? lost(of_.alive.p_alive[i]) : 0);
    out.value_at_risk_low.push_back(known ? lost(of_.alive.p_alive_high[i]) : 0);
    out.value_at_risk_high.push_back(known ? lost(of_.alive.p_alive_low[i]) : 0);
  }

  void add_channel(std::int64_t row, ActionsResult& out) const {
    const ContactChannelsResult& c = of_.channels;
    const auto at = static_cast<std::size_t>(std::max<std::int64_t>(row, 0));
    const RecommendedChannel channel = row < 0 ? RecommendedChannel::none : c.channel[at];
    out.channel.push_back(channel);
    out.contact.push_back(row < 0 ? "" : c.contact[at]);
    out.response.push_back(row < 0 ? kNaN : c.response[at]);
    const auto used = std::find(options_.channels.begin(), options_.channels.end(),
                                static_cast<data::Channel>(channel));
    const bool priced = !options_.cost.empty() && used != options_.channels.end();
    out.cost.push_back(
        priced ? options_.cost[static_cast<std::size_t>(used - options_.channels.begin())]
        : options_.cost.empty() ? 1
                                : *std::max_element(options_.cost.begin(), options_.cost.end()));
  }

  const data::Sales& sales_;
  const ActionsOptions& options_;
  const Sources& of_;
  Occasions bought_;
};

/// The rows kept, most at risk first, within consent and budget.
std::vector<std::size_t> choose(ActionsResult& out, const ActionsOptions& options) {
  std::vector<std::size_t> order(out.customer.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto rank = [&](std::size_t i) {
    const auto known = [](double value) { return std::isnan(value) ? 0 : -value; };
    return std::tuple(known(out.value_at_risk[i]), known(out.expected_revenue[i]), out.customer[i]);
  };
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  std::vector<std::size_t> kept;
  bool spent = false;
  for (const std::size_t i : order) {
    if (out.consent_known && out.channel[i] == RecommendedChannel::none) {
      out.n_not_reachable += 1;
      continue;
    }
    if (out.control[i] != 0) out.cost[i] = 0;
    // Sums of costs as .1 are not exact: a budget of 3 is three times 1, ten times .3.
    // Sums of costs as .1 are not exact: a budget of 3 is three times 1, ten times .3. The list is
    // cut at one place: those held back must not reach further down than those contacted.
    spent = spent ||
            (options.budget > 0 && out.total_cost + out.cost[i] > options.budget * (1 + 1e-12));
    if (spent) {
      out.n_over_budget += 1;
      continue;
    }
    out.total_cost += out.cost[i];
    out.n_control += out.control[i];
    out.total_at_risk += std::isnan(out.value_at_risk[i]) ? 0 : out.value_at_risk[i];
    kept.push_back(i);
  }
  return kept;
}

template <typename... Vectors>
void take(const std::vector<std::size_t>& rows, Vectors&... columns) {
  const auto one = [&](auto& column) {
    std::remove_reference_t<decltype(column)> out;
    out.reserve(rows.size());
    for (const std::size_t i : rows) out.push_back(std::move(column[i]));
    column = std::move(out);
  };
  (one(columns), ...);
}

}  // namespace

std::span<const std::string_view> action_grade_labels() noexcept { return kGrades; }

ActionsResult actions(const data::Sales& sales, const ActionsOptions& options,
                      const Context& context) {
  check(options);
  const data::Lines& lines = sales.lines("actions");
  const Sources of = gather(sales, options, context);
  ActionsResult out;
  out.baseline = of.decline.baseline;
  out.window = of.decline.window;
  out.last_day = sales.last_day();
  out.horizon = data::to_string(options.window);
  out.consent_known = sales.contacts().size() > 0;
  out.fit_status = of.fit.status;
  out.fit_reason = of.fit.reason;
  out.level = options.level;
  out.ids = sales.customers().ids;
  out.coverage = sales.behaviour_coverage();
  const Rows rows(sales, options, of);
  for (std::size_t i = 0; i < of.summary.customer.size(); ++i) rows.consider(i, out);
  out.n_candidates = static_cast<std::int64_t>(out.customer.size());
  const std::vector<std::size_t> kept = choose(out, options);
  take(kept, out.customer, out.name, out.grade, out.due_now, out.value_at_risk,
       out.value_at_risk_low, out.value_at_risk_high, out.channel, out.contact, out.response,
       out.control, out.p_fell, out.p_fell_low, out.p_fell_high, out.p_alive, out.p_alive_low,
       out.p_alive_high, out.expected_purchases, out.expected_purchases_low,
       out.expected_purchases_high, out.purchases_low, out.purchases_high, out.expected_revenue,
       out.expected_revenue_low, out.expected_revenue_high, out.n, out.status, out.last_order,
       out.usual_gap_days, out.days_since, out.next_due, out.favourite_products, out.cost,
       out.reason, out.baseline_orders, out.window_orders, out.expected_orders, out.change_date,
       out.change_date_low, out.change_date_high, out.p_gap);
  for (std::size_t i = 0; i < out.customer.size(); ++i)
    out.favourite_products[i] = favourites(lines, sales.products(), out.customer[i]);
  return out;
}

}  // namespace emptor::customers
