#include "emptor/metrics/kpis.hpp"
#include "emptor/metrics/revenue_bridge.hpp"

#include <string>

namespace emptor::metrics {
namespace {

KpisView view_of(const data::Sales& sales, std::string_view function) {
  const data::Lines& lines = sales.lines(function);
  KpisView view{lines.order,    lines.customer, lines.product,  lines.day,
                lines.quantity, lines.amount,   lines.discount, lines.flags};
  view.n_orders = sales.order_ids() ? sales.order_ids()->size() : 0;
  view.first_day = sales.first_day();
  view.last_day = sales.last_day();
  return view;
}

}  // namespace

Kpis kpis(const data::Sales& sales, const KpisOptions& options, const Context& context) {
  KpisView view = view_of(sales, "kpis");
  data::Attribute attribute;
  if (!options.by.empty()) {
    attribute = sales.line_attribute(options.by, "kpis");
    view.group = attribute.code;
    view.groups = attribute.values;
  }
  Kpis result = kpis(view, options, context);
  result.coverage = sales.customer_coverage();
  return result;
}

RevenueBridge revenue_bridge(const data::Sales& sales, const RevenueBridgeOptions& options,
                             const Context& context) {
  RevenueBridge result = revenue_bridge(view_of(sales, "revenue_bridge"), options, context);
  result.coverage = sales.customer_coverage();
  return result;
}

std::vector<Column> RevenueBridge::columns() const {
  return {{"step", step, bridge_steps(), "what the change is made of"},
          {"amount", amount, "what the step adds to net revenue"},
          {"n", n, "customers of the step; order lines for the last three"},
          {"share", share, "amount over the baseline's revenue"},
          Column("status", status, status_labels()).hidden(),
          Column("exact", exact, "amount in ten-thousandths of the currency").hidden()};
}

std::vector<Scalar> RevenueBridge::info() const {
  return {
      {"baseline_revenue", data::to_double(baseline_revenue), "net revenue of the baseline"},
      {"revenue", data::to_double(revenue), "net revenue of the window"},
      {"first_day", data::iso_date(first_day), "of the window"},
      {"last_day", data::iso_date(last_day), "of the window"},
      {"baseline_first_day", data::iso_date(baseline_first_day), "of the baseline"},
      {"baseline_last_day", data::iso_date(baseline_last_day), "of the baseline"},
      {"trading_days", trading_days, "days with an order in the window"},
      {"baseline_trading_days", baseline_trading_days, "days with an order in the baseline"},
      {"coverage", coverage.share(), "share of net revenue with a known customer"},
  };
}

}  // namespace emptor::metrics
