#include "data/order_discounts.hpp"

#include "data/money.hpp"
#include "data/orders.hpp"
#include "data/words.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <tuple>

namespace emptor::data {

namespace {

__extension__ using Wide = __int128;

constexpr auto kCent = static_cast<Money>(kMoneyUnit) / 100;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

/// What an order says of itself on the lines that give its discount.
struct OfOrder {
  std::int64_t known = kNever;  ///< when the discount became known: with these lines
  std::size_t row = 0;          ///< the first of them
  Money discount = 0;
  bool several = false;
  double subtotal = std::numeric_limits<double>::quiet_NaN();
  Money amount = 0;  ///< of what was bought on these lines, after their own discounts
  Money own = 0;     ///< the lines' own discounts
  std::int64_t lines = 0;
};

/// What of an order's discount is to be taken off its lines. Shopify's subtotal comes after all
/// discounts of goods, so it tells whether the lines' own discounts are part of the order's, and
/// whether it was given on the goods at all or on shipping. A subtotal that fits nothing tells
/// nothing.
Money to_spread(const OfOrder& order, bool& of_shipping) {
  const Money discount = order.discount;
  if (std::isnan(order.subtotal)) return discount;
  bool rounded = false;
  const std::optional<Money> subtotal = to_money(order.subtotal, rounded);
  if (!subtotal) return discount;
  const Money tolerance = order.lines * (kCent / 2);
  const auto fits = [&](Money off) {
    return std::llabs(order.amount - off - *subtotal) <= tolerance;
  };
  if (fits(discount)) return discount;
  const Money rest = discount - order.own;
  if (order.own > 0 && rest >= 0 && fits(rest)) return rest;
  of_shipping = fits(0);
  return of_shipping ? 0 : discount;
}

}  // namespace

std::vector<Money> apportion(Money discount, std::span<const Money> amounts) {
  const bool cents = discount % kCent == 0 && std::all_of(amounts.begin(), amounts.end(),
                                                          [](Money a) { return a % kCent == 0; });
  const Money unit = cents ? kCent : 1;
  Wide total = 0;
  for (const Money amount : amounts) total += amount;
  std::vector<Money> shares;
  std::vector<Wide> remainder;
  Money left = discount / unit;
  for (const Money amount : amounts) {
    const Wide exact = static_cast<Wide>(discount / unit) * amount;
    shares.push_back(static_cast<Money>(exact / total) * unit);
    remainder.push_back(exact % total);
    left -= shares.back() / unit;
  }
  std::vector<std::size_t> order(amounts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainder[a] > remainder[b]; });
  for (std::size_t i = 0; left > 0; ++i, --left) shares[order[i]] += unit;
  return shares;
}

/// Takes discounts of whole orders off the lines of the order that became known with them, so that
/// no amount depends on a later line.
void OrdersIngest::spread_order_discounts(const Rows<double>& given, const Rows<double>* subtotal) {
  double positive = 0, negative = 0;
  for (const double value : given) {
    if (value > 0) positive += value;
    if (value < 0) negative -= value;
  }
  const double sign = negative > positive ? -1 : 1;
  const auto known = [&](std::size_t i) {
    const bool later = !recorded_.empty() && recorded_[i] != kNoTime;
    return later ? std::max(time_.utc[i], recorded_[i]) : time_.utc[i];
  };
  const auto of = [&](std::size_t i) { return static_cast<std::size_t>(order_[i]); };
  const auto takes_part = [&](std::size_t i) { return order_[i] >= 0 && time_.utc[i] != kNoTime; };

  std::vector<OfOrder> orders(static_cast<std::size_t>(facts_.order_ids->size()));
  Tally opposite;
  for (std::size_t i = 0; i < rows_; ++i) {
    if (!takes_part(i) || !(given[i] != 0) || std::isnan(given[i])) continue;
    if (sign * given[i] < 0) {
      opposite.add(i);
      continue;
    }
    OfOrder& order = orders[of(i)];
    bool rounded = false;
    const Money value = to_money(sign * given[i], rounded).value_or(kNever);
    if (known(i) < order.known) {
      order = {known(i), i, value, false};
    } else if (known(i) == order.known && value != order.discount) {
      order.several = true;
    }
  }
  note(Finding::suspicious, "order_discount", "discount_sign",
       counted(opposite.n, "discount of an order has", "discounts of orders have") +
           " the opposite sign of the others: taken as 0.",
       opposite);

  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < rows_; ++i) {
    if (!takes_part(i)) continue;
    OfOrder& order = orders[of(i)];
    if (order.known != known(i)) continue;
    if (subtotal != nullptr) order.subtotal = std::fmin(order.subtotal, (*subtotal)[i]);
    if (keep_[i] == 0 || amount_[i] <= 0) continue;
    order.amount += amount_[i];
    if (!discount_.empty()) order.own += discount_[i];
    order.lines += 1;
    rows.push_back(i);
  }
  // Remainders that are equal go to the dearer line, then by product: not by the order of rows.
  std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
    return std::tuple(order_[a], -amount_[a], product_[a], quantity_[a], a) <
           std::tuple(order_[b], -amount_[b], product_[b], quantity_[b], b);
  });

  Tally spread, several, large, shipping;
  for (OfOrder& order : orders) {
    if (order.known == kNever) continue;
    if (order.several) {
      several.add(order.row);
      order.discount = 0;
      continue;
    }
    bool of_shipping = false;
    order.discount = to_spread(order, of_shipping);
    if (of_shipping) shipping.add(order.row);
    if (order.discount > order.amount) {
      large.add(order.row);
      order.discount = order.amount;
    }
    if (order.discount > 0) spread.add(order.row);
  }
  if (discount_.empty()) discount_.assign(rows_, 0);
  std::vector<Money> amounts;
  for (std::size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
    amounts.clear();
    for (end = begin; end < rows.size() && order_[rows[end]] == order_[rows[begin]]; ++end) {
      amounts.push_back(amount_[rows[end]]);
    }
    const Money discount = orders[of(rows[begin])].discount;
    if (discount <= 0) continue;
    const std::vector<Money> shares = apportion(discount, amounts);
    for (std::size_t i = begin; i < end; ++i) {
      amount_[rows[i]] -= shares[i - begin];
      discount_[rows[i]] += shares[i - begin];
    }
  }

  const std::string& name = column("order_discount")->name;
  note(Finding::note, "order_discount", "order_discount",
       counted(spread.n, "order has a discount", "orders have discounts") +
           " of the whole order, taken off its lines in proportion to their amounts.",
       spread);
  note(Finding::note, "order_discount", "order_discount_on_shipping",
       counted(shipping.n, "order has a discount", "orders have discounts") +
           " that the subtotal does not contain: given on shipping, and not taken off the lines.",
       shipping);
  note(Finding::suspicious, "order_discount", "order_discount_large",
       counted(large.n, "order has", "orders have") +
           " a discount larger than the amounts of its lines, which now are 0.",
       large);
  note(Finding::suspicious, "order_discount", "order_discounts_differ",
       counted(several.n, "order gives", "orders give") +
           " several discounts of the whole order; none was taken off. If they are of the lines, "
           "write columns={\"discount\": \"" +
           name + "\"}.",
       several);
}

}  // namespace emptor::data
