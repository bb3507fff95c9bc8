#include "emptor/core/error.hpp"
#include "emptor/mining/next_basket.hpp"

#include "mining/goods_purchases.hpp"
#include "mining/next_basket_kernel.hpp"

#include <string>
#include <vector>

namespace emptor::mining {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

std::vector<std::uint8_t> chosen(const data::Customers& customers,
                                 const std::vector<std::string>& wanted) {
  std::vector<std::uint8_t> mask;
  if (wanted.empty()) return mask;
  mask.assign(customers.ids ? at(customers.ids->size()) : 0, 0);
  for (const std::string& id : wanted) {
    const std::int32_t code = customers.ids ? customers.ids->find(id) : -1;
    if (code < 0)
      throw DataError("next_basket: customers: no customer '" + id.substr(0, 40) +
                      "'; write ids as they stand in the data");
    mask[at(code)] = 1;
  }
  return mask;
}

}  // namespace

NextBasket next_basket(const data::Sales& sales, const NextBasketOptions& options,
                       const Context& context) {
  basket::check_options(options, "next_basket");
  const GoodsPurchases goods = goods_purchases(sales, options.item, "next_basket");
  const data::Customers& customers = sales.customers();
  const auto wanted = chosen(customers, options.customers);
  NextBasket result = basket::list_all(goods.view(), wanted, options, context);
  for (std::size_t i = 0; i < result.size(); ++i) {
    result.item_name.push_back(goods.items.names[at(result.item[i])]);
    const std::int32_t because = result.reason_item[i];
    result.reason_item_name.push_back(because < 0 ? std::string() : goods.items.names[at(because)]);
    if (!customers.name.empty())
      result.customer_name.push_back(customers.label(result.customer[i]));
  }
  result.customers = customers.ids;
  result.items = goods.items.ids;
  result.item_level = goods.items.level;
  result.coverage = goods.coverage;
  result.moment = sales.moment();
  return result;
}

}  // namespace emptor::mining
