#pragma once

#include "emptor/data/input.hpp"

#include <pybind11/pybind11.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace emptor::bindings {

/// Lists of Python objects as ids laid end to end. Whole numbers stay numbers if nothing else is
/// there; texts are looked at once per object, since Python shares equal texts more often than not.
class BasketLists {
 public:
  /// `lists` is any iterable of iterables.
  /// @throws InvalidArgument naming the basket and the type of what is no id
  explicit BasketLists(const pybind11::object& lists);

  [[nodiscard]] std::span<const std::int64_t> offset() const noexcept { return offset_; }
  [[nodiscard]] const data::InputColumn& item() const noexcept { return item_; }

 private:
  void read_texts(const std::vector<PyObject*>& objects);

  std::vector<std::int64_t> offset_{0};
  std::vector<std::int64_t> integers_{};
  std::vector<std::int32_t> codes_{};
  std::vector<std::uint8_t> valid_{};
  std::string bytes_{};
  std::vector<std::int64_t> ends_{0};
  data::InputColumn item_{};
};

}  // namespace emptor::bindings
