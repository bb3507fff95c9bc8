#include "emptor/metrics/kpis.hpp"

namespace emptor::metrics {

Kpis kpis(const data::Sales& sales, const KpisOptions& options, const Context& context) {
  const data::Lines& lines = sales.lines("kpis");
  KpisView view{lines.order,    lines.customer, lines.product,  lines.day,
                lines.quantity, lines.amount,   lines.discount, lines.flags};
  data::Attribute attribute;
  if (!options.by.empty()) {
    attribute = sales.line_attribute(options.by, "kpis");
    view.group = attribute.code;
    view.groups = attribute.values;
  }
  view.n_orders = sales.order_ids() ? sales.order_ids()->size() : 0;
  view.first_day = sales.first_day();
  view.last_day = sales.last_day();
  Kpis result = kpis(view, options, context);
  result.coverage = sales.customer_coverage();
  return result;
}

}  // namespace emptor::metrics
