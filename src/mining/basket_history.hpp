#pragma once

#include "emptor/core/context.hpp"
#include "emptor/mining/bought_next.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace emptor::mining::basket {

using data::Day;

/// Purchases as visits (a customer's day), in (customer, day) order. Customers are 0, 1, ... in
/// order of appearance.
struct Shop {
  std::span<const std::int32_t> item{};     ///< visit v has [begin[v], begin[v + 1])
  std::vector<std::int64_t> begin{};        ///< visits + 1
  std::vector<Day> day{};                   ///< per visit
  std::vector<std::int32_t> first_visit{};  ///< customers + 1
  std::vector<std::int32_t> code{};         ///< per customer: the caller's code
  std::vector<std::uint64_t> hash{};        ///< per customer: of the id
  std::int32_t n_items = 0;
  Day first_day = 0, last_day = 0;  ///< of what was observed

  [[nodiscard]] std::size_t customers() const noexcept { return code.size(); }
  [[nodiscard]] std::span<const std::int32_t> visit(std::int32_t v) const noexcept {
    const auto i = static_cast<std::size_t>(v);
    return item.subspan(static_cast<std::size_t>(begin[i]),
                        static_cast<std::size_t>(begin[i + 1] - begin[i]));
  }
};

/// Checks the purchases and lays them out. @throws InvalidArgument naming function and row.
Shop make_shop(const PurchasesView& purchases, std::string_view function);

/// What is known, and what is to be foretold: customer c's visits [first_visit[c], end[c]), and the
/// visit target[c] after them, -1 if there is none.
struct Moment {
  std::vector<std::int32_t> end{};
  std::vector<std::int32_t> target{};
  Day last_day = 0;  ///< the last day of what is known
};

Moment everything(const Shop& shop);
/// The last visit held back of every customer with at least `min_visits` of them.
Moment last_held_back(const Shop& shop, int min_visits);
/// Visits of `known` up to `day`; to be foretold is each customer's first later one within `known`,
/// of those with at least `min_visits` before.
Moment up_to(const Shop& shop, const Moment& known, Day day, int min_visits);
/// Median over customers of their mean days between visits; 0 if nobody came twice.
double usual_gap(const Shop& shop, const Moment& known);

/// The known purchases alone.
struct Purchases {
  std::vector<std::int32_t> customer{}, item{};
  std::vector<Day> day{};
};
Purchases known_purchases(const Shop& shop, const Moment& known);

/// How visits are weighted.
struct Weights {
  int groups = 7;             ///< TIFU-KNN: m
  double within_decay = 0.9;  ///< r_b, per visit inside a group
  double group_decay = 0.7;   ///< r_g, per group
  int recency = 20;           ///< UP-CF@r: the last r visits count
};

/// Per customer the items he bought and how, ascending: [begin[c], begin[c + 1]).
struct Profiles {
  std::vector<std::int64_t> begin{0};
  std::vector<std::int32_t> item{};
  std::vector<std::int32_t> count{};   ///< visits with it
  std::vector<std::int32_t> recent{};  ///< ... among the last `recency`
  std::vector<double> value{};         ///< TIFU-KNN's user vector
  std::vector<Day> first{}, last{};    ///< days of the first and the last of them
  std::vector<std::int32_t> since{};   ///< visits of the customer after the last of them

  std::vector<std::int32_t> visits{};         ///< per customer
  std::vector<std::int32_t> recent_visits{};  ///< per customer: min(visits, recency)
  std::vector<Day> last_visit{};              ///< per customer; kNoDay without a visit
  std::vector<double> gap{};                  ///< per customer: mean days between visits; NaN
  std::vector<std::int32_t> item_visits{};    ///< per item: visits with it, of all
  std::vector<std::int32_t> popular{};        ///< items by item_visits, most first, then by code
  std::int64_t n_visits = 0;

  [[nodiscard]] std::size_t customers() const noexcept { return visits.size(); }
  /// Share of all visits with the item.
  [[nodiscard]] double share(std::int32_t i) const noexcept {
    return n_visits == 0 ? 0
                         : static_cast<double>(item_visits[static_cast<std::size_t>(i)]) /
                               static_cast<double>(n_visits);
  }
  /// Where customer c's entry of the item is, -1 if he never bought it.
  [[nodiscard]] std::int64_t find(std::size_t c, std::int32_t i) const noexcept;
};

Profiles make_profiles(const Shop& shop, const Moment& known, const Weights& weights,
                       const Context& context);

/// The weight of each of n visits, oldest first, in TIFU-KNN's user vector (Hu et al. 2020, 4.1):
/// visits are split into min(n, groups) groups as even as possible, later ones larger; visit i of a
/// group of s has r_b^(s - i) / s, group j of m has r_g^(m - j) / m.
std::vector<double> tifu_weights(int n, const Weights& weights);

}  // namespace emptor::mining::basket
