#include "mining/availability.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace emptor::mining {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

// Visits of anybody up to and including every day, from the first purchase's day on.
std::vector<double> visits_until(const PurchasesView& p, data::Day first, data::Day last) {
  std::vector<double> visits(at(last - first) + 1, 0);
  for (std::size_t i = 0; i < p.customer.size(); ++i) {
    const bool same = i > 0 && p.customer[i] == p.customer[i - 1] && p.day[i] == p.day[i - 1];
    if (!same) ++visits[at(p.day[i] - first)];
  }
  for (std::size_t d = 1; d < visits.size(); ++d) visits[d] += visits[d - 1];
  return visits;
}

// Per item the days of its sales, ascending, once per visit.
struct Days {
  std::vector<std::size_t> begin{};
  std::vector<data::Day> day{};
};

Days days_of_items(const PurchasesView& p) {
  Days days;
  days.begin.assign(at(p.n_items) + 1, 0);
  for (const auto item : p.item) ++days.begin[at(item) + 1];
  for (std::size_t i = 1; i < days.begin.size(); ++i) days.begin[i] += days.begin[i - 1];
  auto next = days.begin;
  days.day.resize(p.item.size());
  for (std::size_t i = 0; i < p.item.size(); ++i) days.day[next[at(p.item[i])]++] = p.day[i];
  for (std::size_t i = 0; i + 1 < days.begin.size(); ++i) {
    std::sort(days.day.begin() + static_cast<std::ptrdiff_t>(days.begin[i]),
              days.day.begin() + static_cast<std::ptrdiff_t>(days.begin[i + 1]));
  }
  return days;
}

}  // namespace

Availability::Availability(const PurchasesView& p) {
  const auto n_items = at(p.n_items);
  first_.assign(n_items, std::numeric_limits<data::Day>::max());
  last_.assign(n_items, std::numeric_limits<data::Day>::min());
  unseen_days_.assign(n_items, std::numeric_limits<double>::infinity());
  begin_.assign(n_items + 1, 0);
  if (p.day.empty()) return;
  const auto [low, high] = std::minmax_element(p.day.begin(), p.day.end());
  const data::Day first = *low;
  const std::vector<double> visits = visits_until(p, first, *high);
  const Days days = days_of_items(p);
  for (std::size_t i = 0; i < n_items; ++i) {
    const std::span<const data::Day> own(days.day.data() + days.begin[i],
                                         days.begin[i + 1] - days.begin[i]);
    if (!own.empty()) {
      first_[i] = own.front();
      last_[i] = own.back();
    }
    const auto n = static_cast<double>(own.size());
    if (n >= 2 && first_[i] < last_[i]) {
      const double life = visits[at(last_[i] - first)] - visits[at(first_[i] - first)];
      const double needed = std::log(1000 * n);  // expected sales
      unseen_days_[i] = needed * static_cast<double>(last_[i] - first_[i]) / n;
      for (std::size_t k = 1; k < own.size(); ++k) {
        if (own[k] - own[k - 1] < 2) continue;
        const double passed = visits[at(own[k] - 1 - first)] - visits[at(own[k - 1] - first)];
        if (passed * n / life >= needed) absence_.push_back({own[k - 1] + 1, own[k] - 1});
      }
    }
    begin_[i + 1] = absence_.size();
  }
}

bool Availability::on_sale(std::int32_t item, data::Day from, data::Day to) const noexcept {
  if (from < first_[at(item)] || to > last_[at(item)]) return false;
  for (const Absence& gap : absences(item)) {
    if (gap.from <= to && from <= gap.to) return false;
  }
  return true;
}

}  // namespace emptor::mining
