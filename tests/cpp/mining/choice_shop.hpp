#pragma once

#include "emptor/mining/substitutes.hpp"

#include "core/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace emptor::mining::test {

/// Purchases owned by a test.
struct Choices {
  std::vector<std::int32_t> customer{}, item{};
  std::vector<data::Day> day{};
  std::int32_t n_items = 0;
  data::Day first_day = data::kNoDay, last_day = data::kNoDay;
  [[nodiscard]] PurchasesView view() const {
    return {customer, day, item, n_items, first_day, last_day, {}, {}};
  }
};

/// A shop whose customers, given how much they take on a visit, put items into it independently of
/// each other, except for planted substitutes (items 2k and 2k + 1 for k < planted): of two that
/// would both be taken one stays on the shelf, mostly.
struct ChoiceShop {
  const char* name = "";
  int customers = 1000;
  int items = 60;
  int days = 365;
  double visits = 40;          ///< a year, of the average customer
  double basket_spread = 0;    ///< sd of the log of what a visit takes
  double customer_spread = 0;  ///< ... from customer to customer
  double visit_shape = 0;      ///< gamma shape of visits per customer; 0: all the same
  double taste = 0;            ///< sd of the log odds of (customer, item)
  double drift = 0;            ///< ... of the same that come and go every 60 days
  bool launches = false;       ///< a third of the items is launched, a third withdrawn
  bool successions = false;    ///< items 20 to 39: the odd ones follow the even ones on the shelf
  bool seasons = false;        ///< items 40 to 59: the odd ones in winter, the even ones in summer
  bool stock_outs = false;     ///< every item is away for 30 days once
  bool errands = false;        ///< odd and even items belong to different kinds of visits
  double moods = 0;            ///< sd of what a visit takes of one of five groups of items
  int planted = 0;
  double both = 0.2;  ///< share of the visits with both that keep both
};

inline bool on_shelf(const ChoiceShop& shop, std::int32_t item, int day, core::Random& at) {
  const int begin = static_cast<int>(at.below(static_cast<std::uint64_t>(shop.days)));
  const double kind = at.uniform();
  if (shop.launches && kind < 1.0 / 3 && day < begin / 2) return false;
  if (shop.launches && kind > 2.0 / 3 && day > shop.days - begin / 2) return false;
  if (shop.stock_outs && day >= begin && day < begin + 30) return false;
  if (shop.successions && item >= 20 && item < 40) {
    const int change = 60 + (item / 2 * 37) % (shop.days - 120);
    return (item % 2 == 0) == (day < change);
  }
  return true;
}

inline Choices choices_of(const ChoiceShop& shop, std::uint64_t seed) {
  Choices out;
  out.n_items = shop.items;
  out.first_day = 15000;
  out.last_day = 15000 + shop.days - 1;
  const auto n = static_cast<std::size_t>(shop.items);
  std::vector<double> popularity(n), taste(n), drift(n);
  core::Random setup(seed, 1);
  for (double& p : popularity) p = 0.02 * std::pow(10, setup.uniform());
  std::vector<std::uint8_t> in(n);
  for (std::int32_t c = 0; c < shop.customers; ++c) {
    core::Random random(seed, 1000 + static_cast<std::uint64_t>(c));
    double rate = shop.visits / 365;
    if (shop.visit_shape > 0) rate *= random.gamma(shop.visit_shape) / shop.visit_shape;
    const double appetite = std::exp(shop.customer_spread * random.normal());
    for (double& t : taste) t = std::exp(shop.taste * random.normal());
    int last = -1, epoch = -1;
    for (double t = random.exponential() / rate; t < shop.days; t += random.exponential() / rate) {
      const int day = static_cast<int>(t);
      if (day == last) continue;
      last = day;
      if (day / 60 != epoch) {
        epoch = day / 60;
        for (double& d : drift) d = std::exp(shop.drift * random.normal());
      }
      const double take = appetite * std::exp(shop.basket_spread * random.normal());
      std::array<double, 5> mood{};
      for (double& m : mood) m = std::exp(shop.moods * random.normal());
      const bool odd_errand = random.uniform() < 0.5;
      for (std::size_t i = 0; i < n; ++i) {
        core::Random of_item(seed, 7'000'000 + i);
        double odds = popularity[i] / (1 - popularity[i]) * take * taste[i] * drift[i];
        if (shop.seasons && i >= 40) {
          odds *= 1 + (i % 2 == 0 ? -1 : 1) * 0.95 * std::cos(2 * std::numbers::pi * day / 365);
        }
        odds *= mood[i / 2 % 5];
        if (shop.errands) odds *= (i % 2 == 1) == odd_errand ? 1.9 : 0.1;
        in[i] = random.uniform() < odds / (1 + odds) ? 1 : 0;
        if (!on_shelf(shop, static_cast<std::int32_t>(i), day, of_item)) in[i] = 0;
      }
      for (std::size_t k = 0; k < 2 * static_cast<std::size_t>(shop.planted); k += 2) {
        if (in[k] != 0 && in[k + 1] != 0 && random.uniform() >= shop.both) {
          in[k + (random.uniform() < 0.5 ? 0 : 1)] = 0;
        }
      }
      for (std::size_t i = 0; i < n; ++i) {
        if (in[i] == 0) continue;
        out.customer.push_back(c);
        out.day.push_back(15000 + day);
        out.item.push_back(static_cast<std::int32_t>(i));
      }
    }
  }
  return out;
}

}  // namespace emptor::mining::test
