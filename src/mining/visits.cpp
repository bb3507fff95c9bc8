#include "mining/visits.hpp"

#include "core/random.hpp"
#include "mining/purchases.hpp"

#include <algorithm>

namespace emptor::mining::next {
namespace {

std::size_t at(std::int32_t code) noexcept { return static_cast<std::size_t>(code); }

void add_visits(Visits& v, const PurchasesView& p) {
  for (std::size_t i = 0; i < p.customer.size(); ++i) {
    const bool new_customer = i == 0 || p.customer[i] != p.customer[i - 1];
    if (new_customer) {
      v.code.push_back(p.customer[i]);
      v.first_visit.push_back(static_cast<std::int32_t>(v.day.size()));
    }
    if (new_customer || p.day[i] != p.day[i - 1]) {
      v.begin.push_back(static_cast<std::int64_t>(i));
      v.day.push_back(p.day[i]);
      v.customer.push_back(static_cast<std::int32_t>(v.code.size()) - 1);
      v.bin.push_back((p.day[i] - v.first_day) / kBinDays);
    }
  }
  v.begin.push_back(static_cast<std::int64_t>(p.customer.size()));
  v.first_visit.push_back(static_cast<std::int32_t>(v.day.size()));
}

void add_windows(Visits& v, const data::Span& window, const data::Span& washout) {
  const std::size_t n = v.size();
  v.window_end.resize(n);
  v.follow.resize(n);
  v.eligible.resize(n);
  const Day eligible_from = data::add(v.first_day, washout);
  std::vector<Day> end(n);
  for (std::size_t i = 0; i < n; ++i) {
    end[i] = data::add(v.day[i], window);
    v.horizon = std::max(v.horizon, end[i] - v.day[i]);
    v.eligible[i] = v.day[i] >= eligible_from ? 1 : 0;
  }
  for (std::size_t c = 0; c + 1 < v.first_visit.size(); ++c) {
    std::int32_t last = v.first_visit[c];
    for (std::int32_t i = v.first_visit[c]; i < v.first_visit[c + 1]; ++i) {
      while (last < v.first_visit[c + 1] && v.day[at(last)] <= end[at(i)]) ++last;
      v.window_end[at(i)] = last;
      v.follow[at(i)] = end[at(i)] <= v.last_day ? v.horizon : v.last_day - v.day[at(i)];
    }
  }
}

void add_loads(Visits& v) {
  v.load_begin.push_back(0);
  for (std::size_t i = 0; i < v.size(); ++i) {
    for (std::size_t j = i + 1; j < at(v.window_end[i]); ++j) {
      const bool new_bin = static_cast<std::int64_t>(v.load_bin.size()) == v.load_begin.back() ||
                           v.load_bin.back() != v.bin[j];
      if (new_bin) {
        v.load_bin.push_back(v.bin[j]);
        v.load_size.push_back(0);
      }
      v.load_size.back() += v.visit_size(j);
    }
    v.load_begin.push_back(static_cast<std::int64_t>(v.load_bin.size()));
  }
}

void add_items(Visits& v) {
  v.item_begin.assign(at(v.n_items) + 1, 0);
  v.buyers.assign(at(v.n_items), 0);
  for (const auto item : v.item) ++v.item_begin[at(item) + 1];
  for (std::size_t i = 0; i < at(v.n_items); ++i) v.item_begin[i + 1] += v.item_begin[i];
  std::vector<std::int64_t> next(v.item_begin.begin(), v.item_begin.end() - 1);
  std::vector<std::int32_t> last_customer(at(v.n_items), -1);
  v.item_visit.resize(v.item.size());
  for (std::size_t i = 0; i < v.size(); ++i)
    for (auto k = v.begin[i]; k < v.begin[i + 1]; ++k) {
      const auto item = at(v.item[static_cast<std::size_t>(k)]);
      v.item_visit[static_cast<std::size_t>(next[item]++)] = static_cast<std::int32_t>(i);
      if (last_customer[item] != v.customer[i]) ++v.buyers[item];
      last_customer[item] = v.customer[i];
    }
}

}  // namespace

void BuyersOf::choose(std::int32_t item) {
  for (const auto v : with_) own_[at(visits_.customer[at(v)])] = {};
  with_ = visits_.visits_of(item);
  for (std::uint32_t i = 0; i < with_.size(); ++i) {
    auto& own = own_[at(visits_.customer[at(with_[i])])];
    if (own.n++ == 0) own.begin = i;
  }
}

Visits make_visits(const PurchasesView& purchases, const data::Span& window,
                   const data::Span& washout, const char* function) {
  Visits v;
  v.item = purchases.item;
  v.n_items = purchases.n_items;
  v.first_day = purchases.first_day;
  v.last_day = purchases.last_day;
  if (!purchases.day.empty()) {
    const auto [low, high] = std::minmax_element(purchases.day.begin(), purchases.day.end());
    if (v.first_day == data::kNoDay) v.first_day = *low;
    if (v.last_day == data::kNoDay) v.last_day = *high;
  }
  check_purchases(purchases, v.first_day, v.last_day, function);
  add_visits(v, purchases);
  v.n_bins = v.day.empty() ? 0 : (v.last_day - v.first_day) / kBinDays + 1;
  add_windows(v, window, washout);
  add_loads(v);
  add_items(v);
  return v;
}

std::vector<std::int32_t> index_visits(const Visits& visits, std::int32_t item) {
  std::vector<std::int32_t> index;
  std::int32_t last_customer = -1;
  for (const auto v : visits.visits_of(item)) {
    const bool first = visits.customer[at(v)] != last_customer;
    last_customer = visits.customer[at(v)];
    if (first && visits.eligible[at(v)] != 0) index.push_back(v);
  }
  return index;
}

std::vector<std::int32_t> placebo_visits(const Visits& visits, const PurchasesView& purchases,
                                         std::span<const std::int32_t> index,
                                         std::span<const std::int32_t> items, std::uint64_t seed) {
  std::uint64_t item_key = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::uint64_t own = purchases.item_hash.empty()
                                  ? core::hash_integer(static_cast<std::uint64_t>(items[i]))
                                  : purchases.item_hash[at(items[i])];
    item_key = i == 0 ? own : core::hash_integer(item_key + own);
  }
  std::vector<std::int32_t> drawn;
  drawn.reserve(index.size());
  for (const auto v : index) {
    const auto c = at(visits.customer[at(v)]);
    const auto code = visits.code[c];
    const std::uint64_t customer_key = purchases.customer_hash.empty()
                                           ? core::hash_integer(static_cast<std::uint64_t>(code))
                                           : purchases.customer_hash[at(code)];
    // The eligible visits are the last ones, and v is among them.
    std::int32_t first = visits.first_visit[c];
    while (visits.eligible[at(first)] == 0) ++first;
    const auto n = static_cast<std::uint64_t>(visits.first_visit[c + 1] - first);
    core::Random random(seed, core::hash_integer(customer_key + core::hash_integer(item_key)));
    drawn.push_back(first + static_cast<std::int32_t>(random.below(n)));
  }
  return drawn;
}

}  // namespace emptor::mining::next
