#include "data/basket_arrays.hpp"

#include <pybind11/stl.h>

#include <algorithm>
#include <span>

namespace emptor::bindings {
namespace {

bool is_row_of_whole_numbers(const py::array& array) {
  const char kind = array.dtype().kind();
  return array.ndim() == 1 && (kind == 'i' || kind == 'u');
}

bool ascends_from_0_to(std::span<const std::int64_t> offset, std::size_t end) {
  return !offset.empty() && offset.front() == 0 &&
         offset.back() == static_cast<std::int64_t>(end) &&
         std::is_sorted(offset.begin(), offset.end());
}

bool is_tidy(const data::BasketsView& view) {
  for (std::size_t b = 0; b < view.size(); ++b) {
    std::int32_t before = -1;
    for (std::int64_t k = view.offset[b]; k < view.offset[b + 1]; ++k) {
      const std::int32_t item = view.item[static_cast<std::size_t>(k)];
      if (item <= before) return false;
      before = item;
    }
  }
  return true;
}

}  // namespace

std::optional<BasketArrays> BasketArrays::of(const py::array& offset, const py::array& item) {
  constexpr std::size_t kSpare = 65536;  // numbers of items beyond four an entry
  const bool fits = is_row_of_whole_numbers(offset) && is_row_of_whole_numbers(item) &&
                    py::isinstance<py::array_t<std::int32_t, py::array::c_style>>(item);
  if (!fits) return std::nullopt;
  BasketArrays arrays(offset, item);
  const auto view = arrays.view();
  if (!ascends_from_0_to(view.offset, view.item.size()) || !is_tidy(view)) return std::nullopt;
  if (!view.item.empty()) {
    const std::int32_t largest = *std::max_element(view.item.begin(), view.item.end());
    if (static_cast<std::size_t>(largest) >= 4 * view.item.size() + kSpare) return std::nullopt;
    arrays.n_items_ = largest + 1;
  }
  return arrays;
}

void bind_basket_arrays(py::module_& m) {
  py::class_<BasketArrays>(m, "_BasketArrays").def_property_readonly("item", &BasketArrays::item);
  m.def("_basket_arrays", &BasketArrays::of, py::arg("offset"), py::arg("item"));
}

}  // namespace emptor::bindings
