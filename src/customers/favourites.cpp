#include "customers/favourites.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace emptor::customers {
namespace {

constexpr std::size_t kFavourites = 3;

}  // namespace

std::vector<BoughtProduct> bought_products(const data::Lines& lines, std::int32_t customer) {
  std::map<std::int32_t, BoughtProduct> bought;
  const auto c = static_cast<std::size_t>(customer);
  for (auto i = static_cast<std::size_t>(lines.customer_begin[c]);
       i < static_cast<std::size_t>(lines.customer_begin[c + 1]); ++i) {
    if (lines.product.empty() || lines.product[i] < 0 || !lines.is_goods_purchase(i)) continue;
    BoughtProduct& one = bought[lines.product[i]];
    one.product = lines.product[i];
    if (one.days.empty() || one.days.back() != lines.day[i]) one.days.push_back(lines.day[i]);
    one.quantity += lines.quantity[i];
    one.amount += lines.amount[i];
  }
  std::vector<BoughtProduct> ranked;
  for (auto& [product, one] : bought) ranked.push_back(std::move(one));
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
    return std::pair(a.days.size(), a.amount) > std::pair(b.days.size(), b.amount);
  });
  return ranked;
}

std::string favourites(const data::Lines& lines, const data::Products& products,
                       std::int32_t customer) {
  const std::vector<BoughtProduct> ranked = bought_products(lines, customer);
  std::string text;
  for (std::size_t i = 0; i < std::min(kFavourites, ranked.size()); ++i) {
    if (i > 0) text += "; ";
    text += products.label(ranked[i].product);
  }
  return text;
}

}  // namespace emptor::customers
