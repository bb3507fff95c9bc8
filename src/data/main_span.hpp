#pragma once

#include "emptor/data/calendar.hpp"

#include <span>

namespace emptor::data {

/// The days all lines but a few stand between, both included.
struct MainSpan {
  Day first;
  Day last;
};

/// Cuts off, at either end, up to one line in a hundred that no line comes near: 1000 days or more
/// lie between. Typing errors (2204-03-01) and dates that stand for none (1900-01-01) do so.
/// `first` and `last` are the ends of `days`, which hold at least one.
MainSpan main_span(std::span<const Day> days, Day first, Day last);

}  // namespace emptor::data
