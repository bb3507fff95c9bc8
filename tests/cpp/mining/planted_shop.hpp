#pragma once

#include "emptor/core/error.hpp"
#include "emptor/mining/bought_next.hpp"

#include "core/random.hpp"
#include "simulation.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <numbers>
#include <string>
#include <vector>

namespace emptor::mining::test {

/// Purchases owned by a test.
struct Shop {
  std::vector<std::int32_t> customer{}, item{};
  std::vector<data::Day> day{};
  std::int32_t n_items = 0;
  data::Day first_day = data::kNoDay, last_day = data::kNoDay;
  [[nodiscard]] PurchasesView view() const {
    return {customer, day, item, n_items, first_day, last_day, {}, {}};
  }
};

/// The hardest setting of the field's notes: visits and basket sizes differ between customers, who
/// come and leave unseen; items are launched and have seasons; optionally customers buy in runs.
struct ShopOptions {
  int customers = 4000;
  int items = 120;
  int days = 730;
  int window = 180;   ///< of the planted effects
  int planted = 20;   ///< items 2k -> 2k + 1 for k < planted
  double effect = 2;  ///< factor of the visit probability of 2k + 1 in the window after 2k
  /// Plant 3k and 3k + 1 -> 3k + 2 instead: the effect begins once both have been bought.
  bool sets = false;
  bool frailty = true, entry_and_exit = true, launches_and_seasons = true;
  bool runs = false;  ///< what was bought at the last visit is bought more often at this one
  std::uint64_t seed = 1;
};

inline constexpr double kRun = 0.3;

inline Shop planted_shop(const ShopOptions& o) {
  core::Random setup(o.seed, 1);
  const std::size_t group = o.sets ? 3 : 2;
  const auto n_items = static_cast<std::size_t>(o.items);
  std::vector<double> share(n_items), amplitude(n_items, 0), phase(n_items, 0);
  std::vector<int> launch(n_items, 0);
  for (std::size_t i = 0; i < n_items; ++i) {
    const bool planted = i < group * static_cast<std::size_t>(o.planted);
    // Planted items are common enough that the effect can be seen at all.
    share[i] = planted ? 0.03 * std::pow(5, setup.uniform()) : 0.01 * std::pow(25, setup.uniform());
    if (!o.launches_and_seasons) continue;
    if (setup.uniform() < 0.3)
      launch[i] = static_cast<int>(setup.below(static_cast<std::uint64_t>(o.days * 2 / 3)));
    if (setup.uniform() < 0.4) amplitude[i] = 0.9;
    phase[i] = 2 * std::numbers::pi * setup.uniform();
  }
  Shop shop;
  shop.n_items = o.items;
  shop.first_day = 15000;
  shop.last_day = 15000 + o.days - 1;
  std::vector<int> bought_first(n_items);
  std::vector<std::uint8_t> last(n_items);
  for (std::int32_t c = 0; c < o.customers; ++c) {
    core::Random random(o.seed, 1000 + static_cast<std::uint64_t>(c));
    const double rate = 12.0 / 365 * (o.frailty ? random.gamma(1.5) / 1.5 : 1);
    const double appetite = o.frailty ? random.gamma(3) / 3 : 1;
    int from = 0, to = o.days;
    if (o.entry_and_exit) {
      from = random.uniform() < 0.5 ? 0 : static_cast<int>(random.uniform() * o.days);
      to = from + static_cast<int>(random.exponential() * 700);
    }
    std::fill(bought_first.begin(), bought_first.end(), -1);
    std::fill(last.begin(), last.end(), 0);
    int previous = -1;
    for (double t = from + random.exponential() / rate; t < std::min(to, o.days);
         t += random.exponential() / rate) {
      const int day = static_cast<int>(t);
      if (day == previous) continue;
      const bool any_before = previous >= 0;
      previous = day;
      for (std::size_t i = 0; i < n_items; ++i) {
        if (day < launch[i]) continue;
        double p = share[i] * appetite *
                   (1 + amplitude[i] * std::sin(2 * std::numbers::pi * day / 365 + phase[i]));
        if (i % group == group - 1 && i < group * static_cast<std::size_t>(o.planted)) {
          const int a = bought_first[i - 1], other = o.sets ? bought_first[i - 2] : a;
          const int complete = a < 0 || other < 0 ? -1 : std::max(a, other);
          if (complete >= 0 && day > complete && day <= complete + o.window) p *= o.effect;
        }
        p = std::min(p, 0.9);
        // Visits follow each other with correlation kRun; the share of visits stays p.
        if (o.runs && any_before) p = last[i] != 0 ? p + (1 - p) * kRun : p * (1 - kRun);
        last[i] = random.uniform() < p ? 1 : 0;
        if (last[i] == 0) continue;
        if (bought_first[i] < 0) bought_first[i] = day;
        shop.customer.push_back(c);
        shop.day.push_back(15000 + day);
        shop.item.push_back(static_cast<std::int32_t>(i));
      }
    }
  }
  return shop;
}

inline Shop small_shop(std::uint64_t seed = 1, int items = 90, int customers = 500) {
  ShopOptions options;
  options.customers = customers;
  options.days = 500;
  options.items = items;
  options.planted = 6;
  options.window = 90;
  options.effect = 4;
  options.seed = seed;
  return planted_shop(options);
}

inline BoughtNextOptions every_pair() {
  BoughtNextOptions options;
  options.min_antecedent = 20;
  options.min_events = 3;
  options.all_pairs = true;
  options.max_customer_share = 1;
  return options;
}

inline std::string message(const PurchasesView& view, const BoughtNextOptions& options = {}) {
  try {
    bought_next(view, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace emptor::mining::test
