#include "emptor/customers/customer_history.hpp"

#include "emptor/core/error.hpp"

#include "core/median.hpp"
#include "customers/favourites.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// The code of the customer with that id, or with that name if one only has it.
std::int32_t customer_code(const data::Customers& customers, std::string_view wanted,
                           const std::string& function) {
  if (const std::int32_t code = customers.ids->find(wanted); code >= 0) return code;
  std::int32_t found = -1;
  if (!customers.name.empty()) {
    const std::int32_t name = customers.names->find(wanted);
    for (std::size_t c = 0; name >= 0 && c < customers.name.size(); ++c) {
      if (customers.name[c] != name) continue;
      if (found >= 0)
        throw InvalidArgument(
            function + ": several customers have the name '" + std::string(wanted.substr(0, 40)) +
            "', as " + customers.ids->to_string(found) + " and " +
            customers.ids->to_string(static_cast<std::int32_t>(c)) + "; give the id");
      found = static_cast<std::int32_t>(c);
    }
  }
  if (found >= 0) return found;
  const std::int32_t size = customers.ids->size();
  throw InvalidArgument(
      function + ": there is no customer '" + std::string(wanted.substr(0, 40)) + "'; " +
      (size == 0 ? "the data name no customers"
                 : "there are " + std::to_string(size) + ", from " + customers.ids->to_string(0) +
                       " to " + customers.ids->to_string(size - 1)));
}

/// The lines of one customer as positions [first, last).
std::pair<std::size_t, std::size_t> lines_of(const data::Lines& lines, std::int32_t customer) {
  const auto c = static_cast<std::size_t>(customer);
  if (c + 1 >= lines.customer_begin.size()) return {0, 0};
  return {static_cast<std::size_t>(lines.customer_begin[c]),
          static_cast<std::size_t>(lines.customer_begin[c + 1])};
}

/// Adds the day of lines [first, last), which are all of it; its net and returned money.
std::pair<data::Money, data::Money> add_day(CustomerHistory& history, const data::Lines& lines,
                                            std::size_t first, std::size_t last) {
  std::set<std::int32_t> orders, products;
  data::Money net = 0, bought = 0, returned = 0;
  double quantity = 0;
  for (std::size_t i = first; i < last; ++i) {
    net += lines.amount[i];
    if ((lines.flags[i] & data::kReturn) != 0) returned -= lines.amount[i];
    if (!lines.is_goods_purchase(i)) continue;
    bought += lines.amount[i];
    quantity += lines.quantity[i];
    orders.insert(lines.order[i]);
    if (!lines.product.empty() && lines.product[i] >= 0) products.insert(lines.product[i]);
  }
  const data::Day day = lines.day[first];
  const bool purchase = bought > 0;
  history.day.push_back(day);
  history.orders.push_back(static_cast<std::int64_t>(orders.size()));
  history.products.push_back(static_cast<std::int64_t>(products.size()));
  history.quantity.push_back(quantity);
  history.amount.push_back(data::to_double(net));
  history.returned.push_back(data::to_double(returned));
  history.gap_days.push_back(
      purchase && history.purchases > 0 ? static_cast<double>(day - history.last_purchase) : kNaN);
  history.purchase.push_back(purchase);
  if (purchase) {
    if (history.purchases++ == 0) history.first_purchase = day;
    history.last_purchase = day;
  }
  return {net, returned};
}

void add_rhythm(CustomerHistory& history) {
  std::vector<double> gaps;
  for (const double gap : history.gap_days)
    if (gap == gap) gaps.push_back(gap);
  history.usual_gap_days = core::median(gaps);
  history.days_since =
      history.purchases > 0 ? static_cast<double>(history.last_day - history.last_purchase) : kNaN;
  const auto shorter =
      std::count_if(gaps.begin(), gaps.end(), [&](double gap) { return gap < history.days_since; });
  history.share_of_gaps_exceeded =
      gaps.empty() ? kNaN : static_cast<double>(shorter) / static_cast<double>(gaps.size());
}

}  // namespace

CustomerHistory customer_history(const data::Sales& sales, std::string_view customer) {
  const data::Lines& lines = sales.lines("customer_history");
  const data::Customers& customers = sales.customers();
  CustomerHistory history;
  history.customer = customer_code(customers, customer, "customer_history");
  history.id = customers.ids->to_string(history.customer);
  history.name = customers.label(history.customer);
  history.last_day = sales.last_day();
  const auto [begin, end] = lines_of(lines, history.customer);
  data::Money revenue = 0, returned = 0;
  for (std::size_t i = begin; i < end;) {
    std::size_t next = i;
    while (next < end && lines.day[next] == lines.day[i]) ++next;
    const auto [net, back] = add_day(history, lines, i, next);
    revenue += net;
    returned += back;
    i = next;
  }
  history.revenue = data::to_double(revenue);
  history.returned_total = data::to_double(returned);
  add_rhythm(history);
  return history;
}

CustomerProducts customer_products(const data::Sales& sales, std::string_view customer) {
  const data::Lines& lines = sales.lines("customer_products");
  const std::int32_t code = customer_code(sales.customers(), customer, "customer_products");
  CustomerProducts result;
  result.ids = sales.products().ids;
  for (const BoughtProduct& what : bought_products(lines, code)) {
    std::vector<double> gaps;
    for (std::size_t i = 1; i < what.days.size(); ++i)
      gaps.push_back(static_cast<double>(what.days[i] - what.days[i - 1]));
    result.product.push_back(what.product);
    result.name.push_back(sales.products().label(what.product));
    result.days.push_back(static_cast<std::int64_t>(what.days.size()));
    result.quantity.push_back(what.quantity);
    result.amount.push_back(data::to_double(what.amount));
    result.last_bought.push_back(what.days.back());
    result.days_since.push_back(static_cast<double>(sales.last_day() - what.days.back()));
    result.usual_gap_days.push_back(core::median(std::move(gaps)));
  }
  return result;
}

std::vector<Column> CustomerHistory::columns() const {
  return {Column::dates("day", day, "day with any order line"),
          {"orders", orders, "orders with goods bought and kept"},
          {"products", products, "distinct products of them"},
          {"quantity", quantity, "units of them"},
          {"amount", amount, "net amount of all lines, returns and fees included"},
          {"returned", returned, "given back that day"},
          {"gap_days", gap_days, "days since the purchase before"},
          Column("purchase", purchase, "goods were bought for money and kept").hidden()};
}

std::vector<Scalar> CustomerHistory::info() const {
  const auto day_text = [](data::Day d) { return d == data::kNoDay ? "" : data::iso_date(d); };
  return {{"customer", id},
          {"name", name},
          {"purchases", purchases, "days with a purchase"},
          {"first_purchase", day_text(first_purchase)},
          {"last_purchase", day_text(last_purchase)},
          {"usual_gap_days", usual_gap_days, "median days between purchases"},
          {"days_since", days_since, "days since the last purchase"},
          {"share_of_gaps_exceeded", share_of_gaps_exceeded,
           "share of the customer's own gaps that were shorter"},
          {"revenue", revenue, "net amount of all lines"},
          {"returned", returned_total, "given back"},
          {"last_day", data::iso_date(last_day), "the moment"}};
}

std::vector<Column> CustomerProducts::columns() const {
  return {Column("product", product, *ids, "product id").hidden(),
          {"name", name, "product name, or else the id"},
          {"days", days, "distinct days it was bought and kept"},
          {"quantity", quantity, "units bought and kept"},
          {"amount", amount, "paid for them"},
          Column::dates("last_bought", last_bought, "last day it was bought"),
          {"days_since", days_since, "days since then"},
          {"usual_gap_days", usual_gap_days, "median days between"}};
}

std::vector<Scalar> CustomerProducts::info() const { return {}; }

}  // namespace emptor::customers
