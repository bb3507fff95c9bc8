#pragma once

#include "emptor/core/dictionary.hpp"
#include "emptor/mining/purchases.hpp"

#include <pybind11/pybind11.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace emptor::bindings {

/// Python lists, one per customer, as purchases. An entry is an item; a set or list of items of one
/// day; or a tuple of its time (a whole number or a date) and one of these. Without times the
/// place in the list is the day. Items are all integers or all texts.
struct EventLists {
  std::vector<std::int32_t> customer{}, item{};
  std::vector<data::Day> day{};
  std::shared_ptr<const Dictionary> ids{};
  [[nodiscard]] mining::PurchasesView view() const {
    return {customer, day, item, ids->size(), data::kNoDay, data::kNoDay, {}, {}};
  }
};

/// @throws InvalidArgument naming the list, the entry and what was found
EventLists read_event_lists(const pybind11::object& lists);

}  // namespace emptor::bindings
