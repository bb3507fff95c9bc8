#include "mining/purchase_groups.hpp"

#include "emptor/core/error.hpp"

#include "data/words.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <unordered_map>
#include <utility>

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

PurchaseGroups::PurchaseGroups(const data::Sales& sales, const data::Lines& lines,
                               const data::Items& items, const data::Attribute* by)
    : customer_hash_(hashes(sales.customers().ids.get())), item_hash_(hashes(items.ids.get())) {
  collect(lines, items, by);
  for (std::size_t g = 0; g < columns_.size(); ++g) {
    if (by != nullptr && columns_[g].day.empty()) continue;
    parts_.push_back({columns_[g].customer, columns_[g].day, columns_[g].item,
                      static_cast<std::int32_t>(items.names.size()), sales.first_day(),
                      sales.last_day(), customer_hash_, item_hash_});
    if (by != nullptr) codes_.push_back(static_cast<std::int32_t>(g));
  }
}

void PurchaseGroups::collect(const data::Lines& lines, const data::Items& items,
                             const data::Attribute* by) {
  columns_.resize(by == nullptr ? 1 : at(by->values->size()));
  std::vector<std::pair<std::int32_t, std::int32_t>> visit;  // (group, item)
  data::Money revenue = 0, used = 0;
  for (std::size_t i = 0; i < lines.size();) {
    const auto customer = lines.customer[i];
    const auto day = lines.day[i];
    visit.clear();
    for (; i < lines.size() && lines.customer[i] == customer && lines.day[i] == day; ++i) {
      revenue += lines.amount[i];
      const auto group = by == nullptr ? 0 : by->code[i];
      if (customer < 0 || group < 0 || lines.product[i] < 0 || !lines.is_purchase(i)) continue;
      const auto item = items.of_product[at(lines.product[i])];
      if (item < 0) continue;
      visit.emplace_back(group, item);
      used += lines.amount[i];
      ++coverage_.lines_used;
    }
    std::sort(visit.begin(), visit.end());
    visit.erase(std::unique(visit.begin(), visit.end()), visit.end());
    for (const auto& [group, item] : visit) {
      auto& own = columns_[at(group)];
      own.customer.push_back(customer);
      own.day.push_back(day);
      own.item.push_back(item);
    }
  }
  coverage_.lines = static_cast<std::int64_t>(lines.size());
  coverage_.revenue = data::to_double(revenue);
  coverage_.revenue_used = data::to_double(used);
}

std::vector<std::uint8_t> choice_by_name(const data::Items& items,
                                         const std::vector<std::string>& wanted,
                                         const char* function, const char* argument) {
  std::vector<std::uint8_t> chosen(wanted.empty() ? 0 : items.names.size(), 0);
  std::unordered_map<std::string_view, bool> is_name;  // of what is wanted
  for (const auto& text : wanted) is_name[text] = false;
  for (std::size_t i = 0; i < chosen.size(); ++i)
    if (const auto found = is_name.find(items.names[i]); found != is_name.end()) {
      chosen[i] = 1;
      found->second = true;
    }
  for (const auto& text : wanted) {
    const auto code = items.ids->find(text);
    if (code >= 0) chosen[at(code)] = 1;
    if (code >= 0 || is_name[text]) continue;
    const std::string nearest = data::nearest(text, items.names);
    throw DataError(
        std::string(function) + ": " + argument + " '" + text.substr(0, 40) +
        "' is neither an id nor a name of an item at level '" + items.level + "'" +
        (nearest.empty() ? "" : "; the nearest name is '" + nearest.substr(0, 60) + "'"));
  }
  return chosen;
}

std::vector<std::uint8_t> choice_by_code(std::int32_t n_items,
                                         const std::vector<std::string>& wanted,
                                         const char* function, const char* argument) {
  std::vector<std::uint8_t> chosen(wanted.empty() || n_items < 0 ? 0 : at(n_items), 0);
  for (const auto& text : wanted) {
    std::int32_t code = -1;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, code);
    if (error != std::errc() || stop != end || code < 0 || code >= n_items)
      throw InvalidArgument(std::string(function) + ": " + argument + " '" + text.substr(0, 40) +
                            "' is no item code from 0 to " + std::to_string(n_items - 1));
    chosen[at(code)] = 1;
  }
  return chosen;
}

}  // namespace emptor::mining
