#pragma once

#include "emptor/core/error.hpp"
#include "emptor/data/csv.hpp"
#include "emptor/data/sales.hpp"

#include <string>
#include <string_view>

namespace emptor::data {

/// Sales from the text of an orders file.
inline Sales sales_from(std::string csv, const SalesOptions& options = {},
                        const Context& context = {}) {
  Tables tables;
  tables.orders = parse_csv(std::move(csv), "orders.csv");
  return Sales(tables, options, context);
}

/// What building sales from a text throws, or "".
inline std::string error_of(std::string csv, const SalesOptions& options = {}) {
  try {
    sales_from(std::move(csv), options);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

inline std::int64_t count_of(const Quality& quality, std::string_view code) {
  std::int64_t n = 0;
  for (std::size_t i = 0; i < quality.n.size(); ++i) {
    n += quality.code[i] == code ? quality.n[i] : 0;
  }
  return n;
}

inline std::string message_of(const Quality& quality, std::string_view code) {
  for (std::size_t i = 0; i < quality.n.size(); ++i) {
    if (quality.code[i] == code) return quality.message[i] + " [" + quality.examples[i] + "]";
  }
  return "";
}

/// Every line as text without its row, in canonical order: equal texts are equal sales.
inline std::string written(const Sales& sales) {
  const Lines& lines = sales.lines();
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto add = [&](const std::string& part) { out += part + '|'; };
    add(sales.order_ids()->to_string(lines.order[i]));
    add(sales.customers().ids->to_string(lines.customer[i]));
    add(sales.products().ids->to_string(lines.product[i]));
    if (lines.product[i] >= 0) add(sales.products().label(lines.product[i]));
    add(std::to_string(lines.time[i]));
    add(std::to_string(lines.day[i]));
    add(std::to_string(lines.quantity[i]));
    add(std::to_string(lines.amount[i]));
    add(lines.discount.empty() ? "-" : std::to_string(lines.discount[i]));
    add(std::to_string(lines.flags[i]));
    for (const Attribute& attribute : sales.line_attributes()) {
      add(attribute.values->to_string(attribute.code[i]));
    }
    out += '\n';
  }
  const Coverage coverage = sales.behaviour_coverage();
  out += std::to_string(coverage.lines_used) + '|' + std::to_string(coverage.revenue_used);
  return out;
}

}  // namespace emptor::data
