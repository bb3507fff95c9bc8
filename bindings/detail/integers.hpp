#pragma once

#include "emptor/core/error.hpp"

#include <pybind11/numpy.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace emptor::bindings {

namespace py = pybind11;

/// Lists, series and arrays of any library, as NumPy sees them. @throws InvalidArgument
inline py::array array_of(const py::object& column, const char* function, const char* name) {
  py::array array = py::array::ensure(column);
  if (array) return array;
  PyErr_Clear();
  throw InvalidArgument(std::string(function) + ": " + name +
                        " must be one row of whole numbers, found " +
                        std::string(py::str(py::type::of(column).attr("__name__"))));
}

/// Whole numbers of an array of any integer type, as T. Arrays of T are looked at where they are.
template <typename T>
class Integers {
  using Array = py::array_t<T, py::array::c_style | py::array::forcecast>;

 public:
  /// @throws InvalidArgument that begins with `function` and names the argument
  Integers(const py::array& array, const char* function, const char* name) {
    const char kind = array.dtype().kind();
    if ((kind != 'i' && kind != 'u') || array.ndim() != 1) {
      throw InvalidArgument(std::string(function) + ": " + name +
                            " must be one row of whole numbers, found an array of " +
                            std::string(py::str(array.dtype())) + " with " +
                            std::to_string(array.ndim()) + " dimensions");
    }
    if (py::isinstance<Array>(array)) {
      array_ = Array(array);
      return;
    }
    const auto wide = py::array_t<std::int64_t, py::array::c_style | py::array::forcecast>(array);
    for (const std::int64_t x : std::span(wide.data(), static_cast<std::size_t>(wide.size()))) {
      if (x != static_cast<T>(x)) {
        throw InvalidArgument(std::string(function) + ": " + name + " holds " + std::to_string(x) +
                              ", which is too large");
      }
    }
    array_ = Array(array);
  }
  [[nodiscard]] std::span<const T> view() const {
    return {array_.data(), static_cast<std::size_t>(array_.size())};
  }

  [[nodiscard]] const py::array& array() const { return array_; }

 private:
  Array array_{};
};

}  // namespace emptor::bindings
