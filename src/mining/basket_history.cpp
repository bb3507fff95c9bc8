#include "mining/basket_history.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "core/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

namespace emptor::mining::basket {
namespace {

constexpr std::size_t kCustomersPerBlock = 64;

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

void check(const PurchasesView& p, std::string_view function) {
  const auto fail = [&](const std::string& what) {
    throw InvalidArgument(std::string(function) + ": " + what);
  };
  if (p.day.size() != p.customer.size() || p.item.size() != p.customer.size())
    fail("customer, day and item must be equally long, but have " +
         std::to_string(p.customer.size()) + ", " + std::to_string(p.day.size()) + " and " +
         std::to_string(p.item.size()) + " entries");
  if (p.n_items < 0) fail("n_items must not be negative");
  if (p.customer.size() > at(std::numeric_limits<std::int32_t>::max()))
    fail("more than 2^31 purchases");
  for (std::size_t i = 0; i < p.customer.size(); ++i) {
    const std::string row = "purchase " + std::to_string(i) + ": ";
    if (p.customer[i] < 0)
      fail(row + "customer code " + std::to_string(p.customer[i]) + " is negative");
    if (!p.customer_hash.empty() && at(p.customer[i]) >= p.customer_hash.size())
      fail(row + "customer code " + std::to_string(p.customer[i]) + " has no customer_hash");
    if (p.item[i] < 0 || p.item[i] >= p.n_items)
      fail(row + "item code " + std::to_string(p.item[i]) + " is outside 0 to n_items - 1");
    if (i == 0) continue;
    const bool ascending = p.customer[i - 1] != p.customer[i] ? p.customer[i - 1] < p.customer[i]
                           : p.day[i - 1] != p.day[i]         ? p.day[i - 1] < p.day[i]
                                                              : p.item[i - 1] < p.item[i];
    if (!ascending) fail(row + "purchases must be sorted by customer, day and item, each once");
  }
}

// Dense per-item sums of one customer.
struct Sums {
  std::vector<std::int32_t> count, recent, since;
  std::vector<double> value;
  std::vector<Day> first, last;
  std::vector<std::int32_t> touched;
  explicit Sums(std::size_t n)
      : count(n, 0), recent(n, 0), since(n, 0), value(n, 0), first(n, 0), last(n, 0) {}
};

void add_customer(const Shop& shop, const Moment& known, const Weights& weights, std::size_t c,
                  Sums& sums, Profiles& out) {
  const std::int32_t begin = shop.first_visit[c];
  const std::int32_t end = known.end[c];
  const std::int32_t n = end - begin;
  const auto weight = tifu_weights(n, weights);
  sums.touched.clear();
  for (std::int32_t v = begin; v < end; ++v) {
    for (const std::int32_t item : shop.visit(v)) {
      const std::size_t i = at(item);
      if (sums.count[i] == 0) {
        sums.touched.push_back(item);
        sums.first[i] = shop.day[at(v)];
      }
      ++sums.count[i];
      if (end - v <= weights.recency) ++sums.recent[i];
      sums.value[i] += weight[at(v - begin)];
      sums.last[i] = shop.day[at(v)];
      sums.since[i] = end - 1 - v;
    }
  }
  std::sort(sums.touched.begin(), sums.touched.end());
  for (const std::int32_t item : sums.touched) {
    const std::size_t i = at(item);
    out.item.push_back(item);
    out.count.push_back(sums.count[i]);
    out.recent.push_back(sums.recent[i]);
    out.value.push_back(sums.value[i]);
    out.first.push_back(sums.first[i]);
    out.last.push_back(sums.last[i]);
    out.since.push_back(sums.since[i]);
    sums.count[i] = sums.recent[i] = 0;
    sums.value[i] = 0;
  }
  out.begin.push_back(static_cast<std::int64_t>(out.item.size()));
  out.visits.push_back(n);
  out.recent_visits.push_back(std::min(n, weights.recency));
  out.last_visit.push_back(n == 0 ? data::kNoDay : shop.day[at(end - 1)]);
  out.gap.push_back(n < 2 ? std::numeric_limits<double>::quiet_NaN()
                          : static_cast<double>(shop.day[at(end - 1)] - shop.day[at(begin)]) /
                                static_cast<double>(n - 1));
}

template <typename T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void append(Profiles& to, const Profiles& from) {
  const std::int64_t shift = to.begin.back();
  for (std::size_t i = 1; i < from.begin.size(); ++i) to.begin.push_back(shift + from.begin[i]);
  append(to.item, from.item);
  append(to.count, from.count);
  append(to.recent, from.recent);
  append(to.value, from.value);
  append(to.first, from.first);
  append(to.last, from.last);
  append(to.since, from.since);
  append(to.visits, from.visits);
  append(to.recent_visits, from.recent_visits);
  append(to.last_visit, from.last_visit);
  append(to.gap, from.gap);
}

void add_popularity(Profiles& p, std::size_t n_items) {
  p.item_visits.assign(n_items, 0);
  for (std::size_t i = 0; i < p.item.size(); ++i) p.item_visits[at(p.item[i])] += p.count[i];
  for (const std::int32_t n : p.visits) p.n_visits += n;
  for (std::size_t i = 0; i < n_items; ++i)
    if (p.item_visits[i] > 0) p.popular.push_back(static_cast<std::int32_t>(i));
  std::stable_sort(p.popular.begin(), p.popular.end(), [&](std::int32_t a, std::int32_t b) {
    return p.item_visits[at(a)] > p.item_visits[at(b)];
  });
}

}  // namespace

Shop make_shop(const PurchasesView& purchases, std::string_view function) {
  check(purchases, function);
  Shop shop;
  shop.item = purchases.item;
  shop.n_items = purchases.n_items;
  for (std::size_t i = 0; i < purchases.item.size(); ++i) {
    const std::int32_t who = purchases.customer[i];
    const bool new_customer = i == 0 || who != purchases.customer[i - 1];
    if (new_customer) {
      shop.first_visit.push_back(static_cast<std::int32_t>(shop.day.size()));
      shop.code.push_back(who);
      shop.hash.push_back(purchases.customer_hash.empty()
                              ? core::hash_integer(static_cast<std::uint64_t>(who))
                              : purchases.customer_hash[at(who)]);
    }
    if (new_customer || purchases.day[i] != purchases.day[i - 1]) {
      shop.begin.push_back(static_cast<std::int64_t>(i));
      shop.day.push_back(purchases.day[i]);
    }
  }
  shop.begin.push_back(static_cast<std::int64_t>(purchases.item.size()));
  shop.first_visit.push_back(static_cast<std::int32_t>(shop.day.size()));
  if (shop.day.empty()) return shop;
  const auto [low, high] = std::minmax_element(shop.day.begin(), shop.day.end());
  shop.first_day = purchases.first_day == data::kNoDay ? *low : purchases.first_day;
  shop.last_day = purchases.last_day == data::kNoDay ? *high : purchases.last_day;
  return shop;
}

Moment everything(const Shop& shop) {
  Moment moment;
  moment.end.assign(shop.first_visit.begin() + 1, shop.first_visit.end());
  moment.target.assign(shop.customers(), -1);
  moment.last_day = shop.last_day;
  return moment;
}

Moment last_held_back(const Shop& shop, int min_visits) {
  Moment moment = everything(shop);
  Day last = shop.first_day;
  for (std::size_t c = 0; c < shop.customers(); ++c) {
    const std::int32_t n = moment.end[c] - shop.first_visit[c];
    if (n >= std::max(2, min_visits)) moment.target[c] = --moment.end[c];
    last = std::max(last, shop.day[at(moment.end[c] - 1)]);
  }
  moment.last_day = last;
  return moment;
}

Moment up_to(const Shop& shop, const Moment& known, Day day, int min_visits) {
  Moment moment = known;
  moment.last_day = day;
  for (std::size_t c = 0; c < shop.customers(); ++c) {
    const auto begin = shop.day.begin();
    const auto later = std::upper_bound(begin + shop.first_visit[c], begin + known.end[c], day);
    moment.end[c] = static_cast<std::int32_t>(later - begin);
    const bool enough = moment.end[c] - shop.first_visit[c] >= std::max(1, min_visits);
    moment.target[c] = enough && moment.end[c] < known.end[c] ? moment.end[c] : -1;
  }
  return moment;
}

Purchases known_purchases(const Shop& shop, const Moment& known) {
  Purchases all;
  for (std::size_t c = 0; c < shop.customers(); ++c)
    for (std::int32_t v = shop.first_visit[c]; v < known.end[c]; ++v)
      for (const std::int32_t item : shop.visit(v)) {
        all.customer.push_back(static_cast<std::int32_t>(c));
        all.day.push_back(shop.day[at(v)]);
        all.item.push_back(item);
      }
  return all;
}

double usual_gap(const Shop& shop, const Moment& known) {
  std::vector<double> gap;
  for (std::size_t c = 0; c < shop.customers(); ++c) {
    const std::int32_t n = known.end[c] - shop.first_visit[c];
    if (n >= 2)
      gap.push_back(
          static_cast<double>(shop.day[at(known.end[c] - 1)] - shop.day[at(shop.first_visit[c])]) /
          (n - 1));
  }
  if (gap.empty()) return 0;
  const auto middle = gap.begin() + static_cast<std::ptrdiff_t>(gap.size() / 2);
  std::nth_element(gap.begin(), middle, gap.end());
  return *middle;
}

std::int64_t Profiles::find(std::size_t c, std::int32_t i) const noexcept {
  const auto end = item.begin() + begin[c + 1];
  const auto place = std::lower_bound(item.begin() + begin[c], end, i);
  return place == end || *place != i ? -1 : place - item.begin();
}

std::vector<double> tifu_weights(int n, const Weights& weights) {
  std::vector<double> weight;
  if (n <= 0) return weight;
  const int groups = std::min(n, weights.groups);
  for (int g = 0; g < groups; ++g) {
    const int size = n / groups + (g >= groups - n % groups ? 1 : 0);
    const double group = std::pow(weights.group_decay, groups - 1 - g) / groups;
    for (int i = 0; i < size; ++i)
      weight.push_back(group * std::pow(weights.within_decay, size - 1 - i) / size);
  }
  return weight;
}

Profiles make_profiles(const Shop& shop, const Moment& known, const Weights& weights,
                       const Context& context) {
  const auto parts = core::parallel_map<Profiles>(
      context, shop.customers(), kCustomersPerBlock, [&](std::size_t begin, std::size_t end) {
        Sums sums(at(shop.n_items));
        Profiles part;
        for (std::size_t c = begin; c < end; ++c) add_customer(shop, known, weights, c, sums, part);
        return part;
      });
  Profiles all;
  for (const Profiles& part : parts) append(all, part);
  add_popularity(all, at(shop.n_items));
  return all;
}

}  // namespace emptor::mining::basket
