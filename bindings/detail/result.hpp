#pragma once

#include "emptor/core/columns.hpp"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace emptor::bindings {

namespace py = pybind11;

/// What stands behind an emptor.Frame: columns, and whoever keeps them alive. Immutable.
struct ResultColumns {
  std::shared_ptr<const void> owner{};
  std::vector<Column> columns{};
  [[nodiscard]] std::size_t rows() const noexcept {
    return columns.empty() ? 0 : columns.front().size;
  }
};

/// An emptor.Frame; a type of its own so that signatures and stubs say so.
class FrameObject : public py::object {
 public:
  explicit FrameObject(py::object frame) : py::object(std::move(frame)) {}
  static bool check_(py::handle) { return true; }
};

/// An emptor.Frame over columns that `owner` keeps alive. Nothing is copied.
FrameObject make_frame(std::shared_ptr<const void> owner, std::vector<Column> columns,
                       const std::vector<Scalar>& info);

/// The ids of a dictionary in the order of their codes: int64, or objects of str. `base` keeps the
/// dictionary alive.
py::array ids_array(const Dictionary& ids, const py::object& base);

/// The class emptor.Frame stands on.
void bind_result_columns(py::module_& m);

/// A frame over a result struct that offers columns() and info().
template <typename Result>
FrameObject frame(Result&& result) {
  auto owner = std::make_shared<const std::decay_t<Result>>(std::forward<Result>(result));
  auto columns = owner->columns();
  const auto info = owner->info();
  return make_frame(std::move(owner), std::move(columns), info);
}

}  // namespace emptor::bindings

namespace pybind11::detail {
template <>
struct handle_type_name<emptor::bindings::FrameObject> {
  static constexpr auto name = const_name("emptor.frame.Frame");
};
}  // namespace pybind11::detail
