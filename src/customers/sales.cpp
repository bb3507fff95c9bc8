// What the analyses of this module take from a Sales: occasions, names, favourite products. The
// kernels themselves know nothing of it.
#include "emptor/customers/declining.hpp"
#include "emptor/customers/occasions.hpp"
#include "emptor/customers/rfm.hpp"

#include "customers/favourites.hpp"

#include <string>
#include <utility>
#include <vector>

namespace emptor::customers {

Occasions occasions(const data::Sales& sales, std::string_view function) {
  const data::Lines& lines = sales.lines(function);
  Occasions result;
  const std::size_t n = lines.customer_begin.empty() ? 0 : lines.customer_begin.size() - 1;
  result.customer_begin.assign(1, 0);
  result.customer_begin.reserve(n + 1);
  result.net.reserve(n);
  for (std::size_t c = 0; c < n; ++c) {
    const auto end = static_cast<std::size_t>(lines.customer_begin[c + 1]);
    data::Money net = 0;
    for (auto i = static_cast<std::size_t>(lines.customer_begin[c]); i < end;) {
      const data::Day day = lines.day[i];
      data::Money bought = 0;
      for (; i < end && lines.day[i] == day; ++i) {
        net += lines.amount[i];
        if (lines.is_goods_purchase(i)) bought += lines.amount[i];
      }
      if (bought > 0) {
        result.day.push_back(day);
        result.spend.push_back(data::to_double(bought));
      }
    }
    result.net.push_back(data::to_double(net));
    result.customer_begin.push_back(static_cast<std::int64_t>(result.day.size()));
  }
  return result;
}

RfmResult rfm(const data::Sales& sales, const RfmOptions& options, const Context& context) {
  const Occasions bought = occasions(sales, "rfm");
  RfmResult result = rfm({bought.view(), bought.net, sales.last_day()}, options, context);
  result.ids = sales.customers().ids;
  result.coverage = sales.customer_coverage();
  for (std::size_t i = 0; i < result.customer.size(); ++i)
    result.name[i] = sales.customers().label(result.customer[i]);
  return result;
}

RfmSegmentsResult rfm_segments(const data::Sales& sales, const RfmOptions& options,
                               const Context& context) {
  return rfm_segments(rfm(sales, options, context));
}

RfmCuts rfm_cuts(const data::Sales& sales, const RfmOptions& options, const Context& context) {
  return rfm(sales, options, context).cuts;
}

DecliningResult declining(const data::Sales& sales, const DecliningOptions& options,
                          const Context& context) {
  const Occasions bought = occasions(sales, "declining");
  DecliningResult result =
      declining({bought.view(), sales.first_day(), sales.last_day()}, options, context);
  result.ids = sales.customers().ids;
  result.coverage = sales.behaviour_coverage();
  const data::Lines& lines = sales.lines("declining");
  for (std::size_t i = 0; i < result.customer.size(); ++i) {
    const std::int32_t customer = result.customer[i];
    result.name[i] = sales.customers().label(customer);
    if (result.list[i] != DeclineList::none)
      result.favourite_products[i] = favourites(lines, sales.products(), customer);
  }
  return result;
}

}  // namespace emptor::customers
