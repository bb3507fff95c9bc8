#pragma once

#include "emptor/core/dictionary.hpp"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace emptor::bindings {

namespace py = pybind11;

template <typename T>
using Array = py::array_t<T, py::array::c_style | py::array::forcecast>;

template <typename T>
std::span<const T> view_of(const Array<T>& array) {
  return {array.data(), static_cast<std::size_t>(array.size())};
}
template <typename T>
std::span<const T> view_of(const std::optional<Array<T>>& array) {
  if (!array) return {};
  return view_of(*array);
}

using Ids = std::variant<std::monostate, std::vector<std::int64_t>, std::vector<std::string>>;

/// A dictionary of distinct, sorted ids; null for None.
inline std::shared_ptr<const Dictionary> dictionary(const Ids& ids) {
  if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&ids)) {
    return Dictionary::from_integers(*integers);
  }
  if (const auto* texts = std::get_if<std::vector<std::string>>(&ids)) {
    return Dictionary::from_texts(*texts);
  }
  return nullptr;
}

}  // namespace emptor::bindings
