#pragma once

#include "emptor/forecasting/forecast.hpp"

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace emptor::bindings {

template <typename T>
using Array = pybind11::array_t<T, pybind11::array::c_style | pybind11::array::forcecast>;

template <typename T>
std::span<const T> view_of(const Array<T>& array) {
  return {array.data(), static_cast<std::size_t>(array.size())};
}
template <typename T>
std::span<const T> view_of(const std::optional<Array<T>>& array) {
  return array ? view_of(*array) : std::span<const T>{};
}

inline Array<double> vector_array(const std::vector<double>& values) {
  return Array<double>(static_cast<pybind11::ssize_t>(values.size()), values.data());
}

using Ids = std::variant<std::monostate, std::vector<std::int64_t>, std::vector<std::string>>;

/// A dictionary of distinct, sorted ids; null without any.
inline std::shared_ptr<const Dictionary> dictionary(const Ids& ids) {
  if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&ids)) {
    return Dictionary::from_integers(*integers);
  }
  if (const auto* texts = std::get_if<std::vector<std::string>>(&ids)) {
    return Dictionary::from_texts(*texts);
  }
  return nullptr;
}

/// Series end to end as Python's `_panel` hands them over: the arguments every analysis of a panel
/// begins with. It borrows the arrays.
inline forecasting::SeriesView panel(const Array<double>& y,
                                     const std::optional<Array<std::int64_t>>& offset,
                                     const std::optional<Array<std::int32_t>>& start,
                                     const std::optional<Array<std::uint8_t>>& complete,
                                     const std::optional<std::string>& period, const Ids& ids,
                                     const std::optional<Array<std::int32_t>>& group,
                                     const std::string& by, const std::string& value) {
  forecasting::SeriesView view;
  view.y = view_of(y);
  view.offset = view_of(offset);
  view.start = view_of(start);
  view.complete = view_of(complete);
  if (period) view.period = data::parse_period(*period);
  view.groups = dictionary(ids);
  view.group = view_of(group);
  view.by = by;
  view.value = value;
  return view;
}

}  // namespace emptor::bindings
