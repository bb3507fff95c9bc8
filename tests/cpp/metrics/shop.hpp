#pragma once

#include "emptor/metrics/kpis.hpp"

#include "core/random.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace emptor::metrics::test {

inline data::Day day_of(std::string_view text) { return data::parse_date(text); }

struct Line {
  std::int32_t customer, order, product;
  data::Day day;
  double quantity;
  double amount;
  std::uint16_t flags = 0;
  double discount = 0;
  std::int32_t group = 0;
};

/// Lines of a test, held as the columns of a view.
struct Shop {
  std::vector<std::int32_t> order, customer, product, group;
  std::vector<data::Day> day;
  std::vector<double> quantity;
  std::vector<data::Money> amount, discount;
  std::vector<std::uint16_t> flags;
  KpisView view;

  Shop(std::vector<Line> lines, data::Day first, data::Day last, std::int32_t groups = 0) {
    std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
      return std::tie(a.customer, a.day, a.order, a.product) <
             std::tie(b.customer, b.day, b.order, b.product);
    });
    std::int32_t orders = 0;
    for (const Line& l : lines) {
      order.push_back(l.order);
      customer.push_back(l.customer);
      product.push_back(l.product);
      group.push_back(l.group);
      day.push_back(l.day);
      quantity.push_back(l.quantity);
      amount.push_back(std::llround(l.amount * data::kMoneyUnit));
      discount.push_back(std::llround(l.discount * data::kMoneyUnit));
      flags.push_back(l.flags);
      orders = std::max(orders, l.order + 1);
    }
    view = {order, customer, product, day, quantity, amount, discount, flags};
    if (groups > 0) {
      std::vector<std::string> names;
      for (int g = 0; g < groups; ++g) names.push_back("g" + std::to_string(g));
      view.group = group;
      view.groups = Dictionary::from_texts(names);
    }
    view.n_orders = orders;
    view.first_day = first;
    view.last_day = last;
  }
  Shop(const Shop&) = delete;
  Shop& operator=(const Shop&) = delete;
};

/// Orders at random over 2010-11-20 to 2012-01-26, with every kind of line, some without a
/// customer, and (with groups) some without a group.
inline Shop random_shop(std::uint64_t seed, std::int32_t groups = 0, int customers = 150) {
  core::Random random(seed);
  std::vector<Line> lines;
  const data::Day first = day_of("2010-11-20");
  std::int32_t order = 0;
  for (std::int32_t c = -1; c < customers; ++c) {
    const int orders = c < 0 ? 60 : static_cast<int>(random.poisson(5));
    for (int o = 0; o < orders; ++o, ++order) {
      const data::Day day = first + static_cast<data::Day>(random.below(430));
      const auto n = 1 + random.poisson(2);
      for (std::int64_t l = 0; l < n; ++l) {
        const auto product = static_cast<std::int32_t>(random.below(12));
        const double quantity = 1 + static_cast<double>(random.poisson(2));
        const auto kind = random.below(20);
        const double price = std::ceil(100 * random.gamma(2)) / 100;
        std::uint16_t flags = 0;
        if (kind == 0) flags = data::kReturn;
        if (kind == 1) flags = data::kUndone;
        if (kind == 2) flags = data::kNotGoods;
        if (kind == 3) flags = data::kFree;
        if (kind == 4) flags = data::kReturn | data::kNotGoods;
        const double sign = (flags & data::kReturn) != 0 ? -1 : 1;
        const auto group = static_cast<std::int32_t>(random.below(4)) - 1;
        lines.push_back({c, order, product, day, sign * quantity,
                         kind == 3 ? 0 : sign * quantity * price, flags, kind > 15 ? 0.25 : 0,
                         groups > 0 ? group : 0});
      }
    }
  }
  return Shop(std::move(lines), first, first + 432, groups);
}

}  // namespace emptor::metrics::test
