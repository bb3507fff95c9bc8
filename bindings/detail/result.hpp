#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace emptor::bindings {

namespace py = pybind11;

/// Rows of some columns of a result; of columns that were not asked for there are none.
struct WrittenRows {
  std::shared_ptr<const void> owner{};
  std::vector<Column> columns{};
};
using WriteRows = std::function<WrittenRows(std::size_t begin, std::size_t end, const Context&)>;

/// How the values of a column come to be when it is first read.
struct DeferredColumn {
  std::shared_ptr<const WriteRows> write{};  // null: they are there
  std::size_t begin = 0;                     // row
};

/// What stands behind an emptor.Frame: columns, and whoever keeps them alive. Nobody sees it
/// change: a deferred column is described from the start, and has its values once it is read.
class ResultColumns {
 public:
  ResultColumns() = default;
  ResultColumns(std::shared_ptr<const void> owner_, std::vector<Column> columns_)
      : owner(std::move(owner_)), described(std::move(columns_)) {}

  [[nodiscard]] std::size_t rows() const noexcept {
    return described.empty() ? 0 : described.front().size;
  }
  /// A column with its values. The GIL must be held.
  const Column& column(std::size_t i);
  /// All of them.
  const std::vector<Column>& columns();
  [[nodiscard]] ResultColumns slice(std::size_t start, std::size_t stop);
  [[nodiscard]] ResultColumns select(const std::vector<std::size_t>& which) const;
  void insert(std::size_t at, const Column& column);

  std::shared_ptr<const void> owner{};
  std::vector<Column> described{};         ///< deferred ones without values
  std::vector<DeferredColumn> deferred{};  ///< per column; empty if none is
  std::optional<int> threads{};            ///< of those who write

 private:
  int slices_ = 0;
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

FrameObject make_frame(ResultColumns columns, const std::vector<Scalar>& info);

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

/// A frame over a result whose columns are written when they are first read: none() has no rows but
/// the same columns, and writer(name) writes rows of one of them.
template <typename Result>
FrameObject deferred_frame(const Result& result, std::optional<int> threads) {
  using Part = decltype(result.none());
  auto none = std::make_shared<const Part>(result.none());
  ResultColumns columns(none, none->columns());
  columns.threads = threads;
  for (Column& column : columns.described) {
    column.size = result.size();
    column.data = nullptr;
    auto write = [part = result.writer(column.name)](std::size_t begin, std::size_t end,
                                                     const Context& context) {
      auto rows = std::make_shared<const Part>(part(begin, end, context));
      auto written = rows->columns();
      return WrittenRows{std::move(rows), std::move(written)};
    };
    columns.deferred.push_back({std::make_shared<const WriteRows>(std::move(write)), 0});
  }
  return make_frame(std::move(columns), result.info());
}

}  // namespace emptor::bindings

namespace pybind11::detail {
template <>
struct handle_type_name<emptor::bindings::FrameObject> {
  static constexpr auto name = const_name("emptor.frame.Frame");
};
}  // namespace pybind11::detail
