#include "mining/purchases.hpp"

#include "emptor/core/error.hpp"

#include <algorithm>
#include <string>

namespace emptor::mining {
namespace {

std::size_t at(std::int32_t code) noexcept { return static_cast<std::size_t>(code); }

void check_lengths(const PurchasesView& p, const std::string& function) {
  if (p.day.size() != p.customer.size() || p.item.size() != p.customer.size())
    throw InvalidArgument(function + ": customer, day and item must be equally long, but have " +
                          std::to_string(p.customer.size()) + ", " + std::to_string(p.day.size()) +
                          " and " + std::to_string(p.item.size()) + " entries");
  if (p.n_items < 0) throw InvalidArgument(function + ": n_items must not be negative");
  if (!p.item_hash.empty() && p.item_hash.size() != at(p.n_items))
    throw InvalidArgument(function + ": item_hash must have n_items entries or none");
}

}  // namespace

void check_purchases(const PurchasesView& p, data::Day first_day, data::Day last_day,
                     const char* function) {
  check_lengths(p, function);
  if (p.customer.empty()) return;
  const auto [low, high] = std::minmax_element(p.day.begin(), p.day.end());
  if (first_day == data::kNoDay) first_day = *low;
  if (last_day == data::kNoDay) last_day = *high;
  const auto fail = [function](std::size_t row, const std::string& what) {
    throw InvalidArgument(std::string(function) + ": purchase " + std::to_string(row) + ": " +
                          what);
  };
  for (std::size_t i = 0; i < p.customer.size(); ++i) {
    if (p.customer[i] < 0)
      fail(i, "customer code " + std::to_string(p.customer[i]) + " is negative");
    if (!p.customer_hash.empty() && at(p.customer[i]) >= p.customer_hash.size())
      fail(i, "customer code " + std::to_string(p.customer[i]) + " has no customer_hash");
    if (p.item[i] < 0 || p.item[i] >= p.n_items)
      fail(i, "item code " + std::to_string(p.item[i]) + " is outside 0 to n_items - 1");
    if (p.day[i] < first_day || p.day[i] > last_day)
      fail(i, "day " + data::iso_date(p.day[i]) + " is outside the days observed, " +
                  data::iso_date(first_day) + " to " + data::iso_date(last_day));
    if (i == 0) continue;
    const bool ascending = p.customer[i - 1] != p.customer[i] ? p.customer[i - 1] < p.customer[i]
                           : p.day[i - 1] != p.day[i]         ? p.day[i - 1] < p.day[i]
                                                              : p.item[i - 1] < p.item[i];
    if (!ascending) fail(i, "purchases must be sorted by customer, day and item, each once");
  }
}

}  // namespace emptor::mining
