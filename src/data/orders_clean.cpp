#include "emptor/data/orders_clean.hpp"

#include <cstddef>
#include <span>

namespace emptor::data {
namespace {

Column shared(std::string_view name, ColumnKind kind, const void* data, std::size_t size,
              std::string_view doc, const Dictionary* dictionary = nullptr) {
  Column column;
  column.name = name;
  column.kind = kind;
  column.data = data;
  column.size = size;
  column.doc = doc;
  column.dictionary = dictionary;
  return column;
}

std::vector<double> in_units(std::span<const Money> money) {
  std::vector<double> out;
  out.reserve(money.size());
  for (const Money one : money) out.push_back(to_double(one));
  return out;
}

std::vector<std::uint8_t> having(std::span<const std::uint16_t> flags, LineFlag flag) {
  std::vector<std::uint8_t> out;
  out.reserve(flags.size());
  for (const std::uint16_t one : flags) out.push_back((one & flag) != 0 ? 1 : 0);
  return out;
}

}  // namespace

std::vector<Column> OrdersClean::columns() const {
  const Lines& lines = sales.lines("orders_clean");
  const std::size_t n = lines.size();
  std::vector<Column> out;
  const auto ids = [&](std::string_view name, std::span<const std::int32_t> codes,
                       const std::shared_ptr<const Dictionary>& dictionary, std::string_view doc) {
    if (dictionary) {
      out.push_back(shared(name, ColumnKind::code, codes.data(), n, doc, dictionary.get()));
    }
  };
  ids("order", lines.order, sales.order_ids(), "id of the order");
  ids("customer", lines.customer, sales.customers().ids, "id of the customer");
  ids("product", lines.product, sales.products().ids, "id of the product");
  ids("product_name", product_name, sales.products().names, "name of the product");
  out.push_back(shared("time", ColumnKind::timestamp, lines.time.data(), n, "instant, UTC"));
  out.push_back(shared("day", ColumnKind::date, lines.day.data(), n, "civil day of the business"));
  out.push_back(shared("quantity", ColumnKind::float64, lines.quantity.data(), n,
                       "signed; returns are negative"));
  out.emplace_back("amount", amount, "signed total of the line, net of discount");
  if (!discount.empty()) out.emplace_back("discount", discount, "given on the line");
  out.emplace_back("is_return", is_return, "gives goods or money back");
  out.emplace_back("undone", undone, "a purchase that returns undo fully");
  out.push_back(Column("partly_undone", partly_undone, "... in part").hidden());
  out.push_back(
      Column("unmatched_return", unmatched_return, "a return that finds no purchase").hidden());
  out.emplace_back("not_goods", not_goods, "postage, fee, discount ...");
  out.push_back(Column("free", free, "amount 0").hidden());
  out.push_back(Column("duplicate", duplicate, "equal to an earlier line; kept").hidden());
  out.push_back(
      shared("row", ColumnKind::int64, lines.row.data(), n, "row of the input, from 0").hidden());
  for (const Attribute& attribute : sales.line_attributes()) {
    ids(attribute.name, attribute.code, attribute.values, "as given");
    if (attribute.values) out.back().shown = false;
  }
  return out;
}

std::vector<Scalar> OrdersClean::info() const {
  return {{"moment", sales.moment(), "microseconds since 1970-01-01 UTC"},
          {"currency", sales.currency(), "three letters, or empty"}};
}

OrdersClean orders_clean(const Sales& sales) {
  OrdersClean out;
  const Lines& lines = sales.lines("orders_clean");
  out.sales = sales;
  out.amount = in_units(lines.amount);
  out.discount = in_units(lines.discount);
  const auto& names = sales.products().name;
  if (!names.empty()) {
    out.product_name.reserve(lines.size());
    for (const std::int32_t product : lines.product) {
      out.product_name.push_back(product < 0 ? Dictionary::kMissing
                                             : names[static_cast<std::size_t>(product)]);
    }
  } else {
    out.product_name.assign(lines.size(), Dictionary::kMissing);
  }
  out.is_return = having(lines.flags, kReturn);
  out.undone = having(lines.flags, kUndone);
  out.partly_undone = having(lines.flags, kPartlyUndone);
  out.unmatched_return = having(lines.flags, kUnmatchedReturn);
  out.not_goods = having(lines.flags, kNotGoods);
  out.free = having(lines.flags, kFree);
  out.duplicate = having(lines.flags, kDuplicate);
  return out;
}

}  // namespace emptor::data
