#include "mining/checked_baskets.hpp"

#include "emptor/core/error.hpp"

#include "mining/item_tree.hpp"

#include <algorithm>
#include <limits>
#include <string>

namespace emptor::mining {
namespace {

void check_offsets(const char* function, const data::BasketsView& view) {
  const auto fail = [&](const std::string& what) {
    throw InvalidArgument(std::string(function) + ": " + what);
  };
  if (view.offset.empty()) {
    if (!view.item.empty()) fail("offset is empty, but there are items; write baskets + 1 offsets");
    return;
  }
  if (view.offset.front() != 0 ||
      view.offset.back() != static_cast<std::int64_t>(view.item.size())) {
    fail("offset must begin with 0 and end with the number of items, " +
         std::to_string(view.item.size()));
  }
  for (std::size_t i = 0; i < view.size(); ++i) {
    if (view.offset[i + 1] < view.offset[i]) fail("offset falls after basket " + std::to_string(i));
  }
}

void check_items(const char* function, const data::BasketsView& view) {
  const auto fail = [&](const std::string& what) {
    throw InvalidArgument(std::string(function) + ": " + what);
  };
  for (std::size_t i = 0; i < view.size(); ++i) {
    std::int32_t before = -1;
    for (std::int64_t k = view.offset[i]; k < view.offset[i + 1]; ++k) {
      const std::int32_t item = view.item[static_cast<std::size_t>(k)];
      if (item < 0 || item >= view.n_items) {
        fail("basket " + std::to_string(i) + " holds item " + std::to_string(item) +
             "; items are 0 to n_items - 1 = " + std::to_string(view.n_items - 1));
      }
      if (item <= before) {
        fail("the items of basket " + std::to_string(i) + " must be distinct and ascending");
      }
      before = item;
    }
  }
}

}  // namespace

data::BasketsView checked_baskets(const char* function, data::BasketsView view) {
  const auto fail = [&](const std::string& what) {
    throw InvalidArgument(std::string(function) + ": " + what);
  };
  if (view.n_items < 0) fail("n_items is negative");
  if (view.n_items == 0 && !view.item.empty()) {
    const std::int32_t largest = *std::max_element(view.item.begin(), view.item.end());
    view.n_items = std::max(0, largest) + (largest < std::numeric_limits<std::int32_t>::max());
  }
  if (!view.customer.empty() && view.customer.size() != view.size()) {
    fail("customer has " + std::to_string(view.customer.size()) + " entries for " +
         std::to_string(view.size()) +
         " baskets; write one per basket, -1 for unknown, or none at all");
  }
  if (!view.weight.empty() && view.weight.size() != view.size()) {
    fail("weight has " + std::to_string(view.weight.size()) + " entries for " +
         std::to_string(view.size()) + " baskets; write one per basket, or none at all");
  }
  for (const std::int64_t w : view.weight) {
    if (w < 0) fail("a weight is " + std::to_string(w) + "; write 0 or more");
  }
  check_offsets(function, view);
  check_items(function, view);
  check_parents(function, view);
  return view;
}

}  // namespace emptor::mining
