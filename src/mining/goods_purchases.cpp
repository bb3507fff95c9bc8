#include "mining/goods_purchases.hpp"

#include <algorithm>

namespace emptor::mining {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

std::vector<std::uint64_t> hashes(const Dictionary* ids) {
  std::vector<std::uint64_t> all;
  for (std::int32_t code = 0; ids != nullptr && code < ids->size(); ++code)
    all.push_back(ids->hash(code));
  return all;
}

}  // namespace

GoodsPurchases goods_purchases(const data::Sales& sales, std::string_view item,
                               std::string_view function) {
  GoodsPurchases all;
  const auto& lines = sales.lines(function);
  all.items = data::items(sales, item, true, function);
  std::vector<std::int32_t> visit;
  data::Money revenue = 0, used = 0;
  for (std::size_t i = 0; i < lines.size();) {
    const auto customer = lines.customer[i];
    const auto day = lines.day[i];
    visit.clear();
    for (; i < lines.size() && lines.customer[i] == customer && lines.day[i] == day; ++i) {
      revenue += lines.amount[i];
      if (customer < 0 || lines.product[i] < 0 || !lines.is_purchase(i)) continue;
      const auto code = all.items.of_product[at(lines.product[i])];
      if (code < 0) continue;
      visit.push_back(code);
      used += lines.amount[i];
      ++all.coverage.lines_used;
    }
    std::sort(visit.begin(), visit.end());
    visit.erase(std::unique(visit.begin(), visit.end()), visit.end());
    for (const auto code : visit) {
      all.customer.push_back(customer);
      all.day.push_back(day);
      all.item.push_back(code);
    }
  }
  all.coverage.lines = static_cast<std::int64_t>(lines.size());
  all.coverage.revenue = data::to_double(revenue);
  all.coverage.revenue_used = data::to_double(used);
  all.customer_hash = hashes(sales.customers().ids.get());
  all.item_hash = hashes(all.items.ids.get());
  all.first_day = sales.first_day();
  all.last_day = sales.last_day();
  return all;
}

}  // namespace emptor::mining
