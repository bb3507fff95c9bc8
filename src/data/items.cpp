#include "emptor/data/items.hpp"

#include "emptor/core/error.hpp"

#include "data/product_levels.hpp"
#include "data/words.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace emptor::data {
namespace {

constexpr double kMedianBuyers = 30;

// What item can be, in words.
std::string levels_of(const Products& products) {
  std::string known = "\"product\", \"auto\"";
  for (const Attribute& attribute : products.attributes) known += ", \"" + attribute.name + '"';
  return known;
}

[[noreturn]] void throw_no_column(const Products& products, std::string_view item,
                                  std::string_view function) {
  std::string message = std::string(function) + ": the products have no column '" +
                        std::string(item.substr(0, 40)) + "'";
  std::vector<std::string> names{"product"};
  for (const Attribute& attribute : products.attributes) names.push_back(attribute.name);
  const std::string near = nearest(item, names);
  message += near.empty() ? "; item" : "; did you mean \"" + near + "\"? item";
  throw DataError(message + " can be " + levels_of(products));
}

Items products_as_ordered(const Products& products) {
  Items items;
  items.level = "product";
  items.ids = products.ids;
  const std::int32_t n = products.ids ? products.ids->size() : 0;
  items.of_product.resize(static_cast<std::size_t>(n));
  std::iota(items.of_product.begin(), items.of_product.end(), 0);
  items.names.reserve(static_cast<std::size_t>(n));
  for (std::int32_t p = 0; p < n; ++p) items.names.push_back(products.label(p));
  return items;
}

Items values_of(const Attribute& attribute) {
  Items items;
  items.level = attribute.name;
  items.ids = attribute.values;
  items.of_product.assign(attribute.code.begin(), attribute.code.end());
  const std::int32_t n = attribute.values ? attribute.values->size() : 0;
  items.names.reserve(static_cast<std::size_t>(n));
  for (std::int32_t i = 0; i < n; ++i) items.names.push_back(attribute.values->to_string(i));
  return items;
}

void leave_out_not_goods(Items& items, const Products& products) {
  const std::size_t n = std::min(items.of_product.size(), products.not_goods.size());
  for (std::size_t p = 0; p < n; ++p) {
    if (products.not_goods[p] != 0) items.of_product[p] = -1;
  }
}

// The column of this name, or else of this name but for case and punctuation.
const Attribute* find_column(const std::vector<Attribute>& columns, std::string_view name) {
  for (const Attribute& one : columns) {
    if (one.name == name) return &one;
  }
  for (const Attribute& one : columns) {
    if (normalised(one.name) == normalised(name)) return &one;
  }
  return nullptr;
}

// A column of order lines that names no kind of product by itself, asked for by the caller: it is
// one of products if nearly all lines of a product agree in it. Missing if there is no such column.
std::optional<Items> values_of_lines(const Sales& sales, std::string_view item,
                                     std::string_view function) {
  constexpr double kAgreeing = 0.9;
  const Attribute* const found = find_column(sales.line_attributes(), item);
  if (found == nullptr) return std::nullopt;
  const Products& products = sales.products();
  ProductLevel level =
      level_of_products(*found, sales.lines(function).product, *products.ids, Context{});
  if (static_cast<double>(level.lines_agreeing) < kAgreeing * static_cast<double>(level.lines)) {
    throw DataError(std::string(function) + ": the column '" + found->name +
                    "' of orders does not describe products: only " +
                    grouped(level.lines_agreeing) + " of " + grouped(level.lines) +
                    " lines have the value most frequent for their product; item can be " +
                    levels_of(products));
  }
  return values_of({found->name, found->values, level.code});
}

struct Buyers {
  std::size_t items = 0;  // that anybody bought
  double median = 0;      // of their buyers
};

// Buyers per item. Lines are sorted by customer, so a customer is new to an item when the item's
// last buyer is another one.
Buyers count_buyers(const Lines& lines, const std::vector<std::int32_t>& of_product,
                    std::int32_t n_items) {
  const bool by_order = lines.customer.empty() || lines.customer.back() < 0;
  const auto who = by_order ? lines.order : lines.customer;
  std::vector<std::int32_t> last(static_cast<std::size_t>(n_items), -1);
  std::vector<std::int64_t> buyers(static_cast<std::size_t>(n_items), 0);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (who[i] < 0 || lines.product[i] < 0 || !lines.is_purchase(i)) continue;
    const std::int32_t item = of_product[static_cast<std::size_t>(lines.product[i])];
    if (item < 0 || last[static_cast<std::size_t>(item)] == who[i]) continue;
    last[static_cast<std::size_t>(item)] = who[i];
    ++buyers[static_cast<std::size_t>(item)];
  }
  buyers.erase(std::remove(buyers.begin(), buyers.end(), 0), buyers.end());
  Buyers result;
  result.items = buyers.size();
  if (buyers.empty()) return result;
  std::sort(buyers.begin(), buyers.end());
  result.median = static_cast<double>(buyers[buyers.size() / 2]);
  if (buyers.size() % 2 == 0) {
    result.median = (result.median + static_cast<double>(buyers[buyers.size() / 2 - 1])) / 2;
  }
  return result;
}

Items finest_level(const Sales& sales, bool goods_only, std::string_view function) {
  const Products& products = sales.products();
  const Lines& lines = sales.lines(function);
  std::vector<Items> levels{products_as_ordered(products)};
  for (const Attribute& attribute : products.attributes) levels.push_back(values_of(attribute));
  std::size_t best = 0;
  Buyers best_buyers;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (goods_only) leave_out_not_goods(levels[i], products);
    const Buyers buyers =
        count_buyers(lines, levels[i].of_product, levels[i].ids ? levels[i].ids->size() : 0);
    const bool enough = buyers.median >= kMedianBuyers;
    const bool best_enough = best_buyers.median >= kMedianBuyers;
    const bool better = enough && best_enough ? buyers.items > best_buyers.items
                                              : buyers.median > best_buyers.median;
    if (i == 0 || better) {
      best = i;
      best_buyers = buyers;
    }
  }
  return std::move(levels[best]);
}

}  // namespace

Items items(const Sales& sales, std::string_view item, bool goods_only, std::string_view function) {
  if (item == "auto") return finest_level(sales, goods_only, function);
  const Products& products = sales.products();
  Items items;
  if (item.empty() || item == "product") {
    items = products_as_ordered(products);
  } else {
    if (const Attribute* const found = find_column(products.attributes, item)) {
      items = values_of(*found);
    } else if (std::optional<Items> of_lines = values_of_lines(sales, item, function)) {
      items = std::move(*of_lines);
    } else {
      throw_no_column(products, item, function);
    }
  }
  if (goods_only) leave_out_not_goods(items, products);
  return items;
}

}  // namespace emptor::data
