#pragma once

#include "emptor/data/input.hpp"

#include <pybind11/pybind11.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace emptor::bindings {

/// Lists of Python objects as ids laid end to end. Whole numbers stay numbers if nothing else is
/// there, in 32 bits if all fit; texts are looked at once per object, since Python shares equal
/// texts more often than not.
class BasketLists {
 public:
  /// `lists` is any iterable of iterables; none or 0 threads are as many as the machine offers.
  /// @throws InvalidArgument naming the basket and the type of what is no id
  BasketLists(const pybind11::object& lists, std::optional<int> threads);

  /// Whether all ids are small whole numbers: then small() holds them, else item() the ids.
  [[nodiscard]] bool is_small() const noexcept { return is_small_; }
  [[nodiscard]] std::vector<std::int32_t>& small() noexcept { return codes_; }
  [[nodiscard]] std::vector<std::int64_t>& offset() noexcept { return offset_; }
  [[nodiscard]] const data::InputColumn& item() const noexcept { return item_; }

 private:
  void find_baskets();
  bool read_small(std::optional<int> threads);
  void read_any();
  void read_texts(const std::vector<PyObject*>& objects);

  pybind11::object outer_{};
  std::vector<pybind11::object> held_{};  // baskets that are not lists or tuples, as lists
  std::vector<PyObject*> basket_{};       // lists and tuples
  bool is_small_ = false;
  std::vector<std::int64_t> offset_{0};
  std::vector<std::int64_t> integers_{};
  std::vector<std::int32_t> codes_{};
  std::vector<std::uint8_t> valid_{};
  std::string bytes_{};
  std::vector<std::int64_t> ends_{0};
  data::InputColumn item_{};
};

}  // namespace emptor::bindings
