#pragma once

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace emptor::bindings {

namespace py = pybind11;

/// One id or name, or several.
using Names = std::optional<std::variant<std::string, std::int64_t, std::vector<py::object>>>;

/// As texts; integer ids are known by their digits. None are an empty list.
inline std::vector<std::string> texts_of(const Names& names) {
  std::vector<std::string> texts;
  if (!names) return texts;
  if (const auto* text = std::get_if<std::string>(&*names)) texts.push_back(*text);
  if (const auto* id = std::get_if<std::int64_t>(&*names)) texts.push_back(std::to_string(*id));
  if (const auto* several = std::get_if<std::vector<py::object>>(&*names)) {
    for (const auto& value : *several) texts.push_back(py::str(value));
  }
  return texts;
}

}  // namespace emptor::bindings
