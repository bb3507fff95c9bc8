#include "detail/result.hpp"

#include "emptor/core/error.hpp"
#include "emptor/data/arrow.hpp"

#include <pybind11/stl.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <type_traits>
#include <variant>

namespace emptor::bindings {
namespace {

constexpr std::array<const char*, 9> kKinds = {"float64", "int64", "boolean",   "code", "label",
                                               "text",    "date",  "timestamp", "list"};

const char* kind_name(ColumnKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

py::str to_str(std::string_view text) {
  return py::reinterpret_steal<py::str>(
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace"));
}

/// An object array of `size` texts; text(i) gives a Python object.
template <typename Text>
py::array object_array(std::size_t size, Text&& text) {
  py::array array(py::dtype("O"), std::vector<py::ssize_t>{static_cast<py::ssize_t>(size)});
  auto** slots = static_cast<PyObject**>(array.mutable_data());
  for (std::size_t i = 0; i < size; ++i) {
    PyObject* old = slots[i];
    slots[i] = py::object(text(i)).release().ptr();
    Py_XDECREF(old);
  }
  return array;
}

/// A read-only view of memory that `base` keeps alive.
py::array view(const py::dtype& type, const void* data, std::size_t size, py::handle base) {
  py::array array(type, std::vector<py::ssize_t>{static_cast<py::ssize_t>(size)},
                  std::vector<py::ssize_t>{type.itemsize()}, data, base);
  array.attr("flags").attr("writeable") = false;
  return array;
}

py::array days(const Column& column) {
  py::array_t<std::int64_t> wide(static_cast<py::ssize_t>(column.size));
  auto* out = wide.mutable_data();
  for (const std::int32_t day : column.values<std::int32_t>()) {
    *out++ = day == std::numeric_limits<std::int32_t>::min()
                 ? std::numeric_limits<std::int64_t>::min()  // NumPy's NaT
                 : day;
  }
  py::array array = wide.attr("view")("datetime64[D]");
  array.attr("flags").attr("writeable") = false;
  return array;
}

/// The values as they lie in memory; codes and labels as numbers.
py::array values(const py::object& self, std::size_t i) {
  const Column& column = self.cast<ResultColumns&>().column(i);
  switch (column.kind) {
    case ColumnKind::float64:
      return view(py::dtype::of<double>(), column.data, column.size, self);
    case ColumnKind::int64:
      return view(py::dtype::of<std::int64_t>(), column.data, column.size, self);
    case ColumnKind::boolean:
      return view(py::dtype("?"), column.data, column.size, self);
    case ColumnKind::code:
      return view(py::dtype::of<std::int32_t>(), column.data, column.size, self);
    case ColumnKind::label:
      return view(py::dtype::of<std::uint8_t>(), column.data, column.size, self);
    case ColumnKind::timestamp:
      return view(py::dtype("datetime64[us]"), column.data, column.size, self);
    case ColumnKind::date:
      return days(column);
    case ColumnKind::text: {
      const auto texts = column.values<std::string>();
      return object_array(column.size, [&](std::size_t row) -> py::object {
        if (texts[row].empty()) return py::none();
        return to_str(texts[row]);
      });
    }
    case ColumnKind::list: {
      const std::int64_t first = column.offset[0];
      return view(py::dtype::of<std::int32_t>(),
                  static_cast<const std::int32_t*>(column.data) + first,
                  static_cast<std::size_t>(column.offset[column.size] - first), self);
    }
  }
  throw InvalidArgument("emptor.Frame: unknown kind of column");
}

/// Where the values of a list begin, and at the end where the last one ends; None for other kinds.
py::object offsets(const py::object& self, std::size_t i) {
  const Column& column = self.cast<ResultColumns&>().column(i);
  if (column.kind != ColumnKind::list) return py::none();
  const std::span<const std::int64_t> places(column.offset, column.size + 1);
  if (places.front() == 0) {
    return view(py::dtype::of<std::int64_t>(), places.data(), places.size(), self);
  }
  py::array_t<std::int64_t> shifted(static_cast<py::ssize_t>(places.size()));
  std::transform(places.begin(), places.end(), shifted.mutable_data(),
                 [&](std::int64_t place) { return place - places.front(); });
  shifted.attr("flags").attr("writeable") = false;
  return shifted;
}

/// The ids behind codes, the texts behind labels, as an array; None for other kinds.
py::object categories(const py::object& self, std::size_t i) {
  const Column& column = self.cast<const ResultColumns&>().described.at(i);
  if (column.kind == ColumnKind::label) {
    return object_array(column.labels.size(),
                        [&](std::size_t k) -> py::object { return to_str(column.labels[k]); });
  }
  if (column.dictionary == nullptr) return py::none();
  return ids_array(*column.dictionary, self);
}

/// Memory made here that lives as long as the columns that show it.
class Keeper {
 public:
  explicit Keeper(std::shared_ptr<const void> previous = {}) {
    hold_.push_back(std::move(previous));
  }
  template <typename T>
  const T& keep(T value) {
    auto held = std::make_shared<const T>(std::move(value));
    hold_.push_back(held);
    return *held;
  }
  void keep(std::shared_ptr<const void> held) { hold_.push_back(std::move(held)); }
  std::shared_ptr<const void> owner() && {
    return std::make_shared<const std::vector<std::shared_ptr<const void>>>(std::move(hold_));
  }

 private:
  std::vector<std::shared_ptr<const void>> hold_;
};

template <typename T>
Column gathered(const Column& column, std::span<const std::int64_t> rows, Keeper& keeper) {
  const auto from = column.values<T>();
  std::vector<T> to;
  to.reserve(rows.size());
  for (const std::int64_t row : rows) to.push_back(from[static_cast<std::size_t>(row)]);
  const auto& held = keeper.keep(std::move(to));
  Column copy = column;
  copy.data = held.data();
  copy.size = held.size();
  return copy;
}

Column gathered_lists(const Column& column, std::span<const std::int64_t> rows, Keeper& keeper) {
  std::vector<std::int64_t> places{0};
  std::vector<std::int32_t> to;
  places.reserve(rows.size() + 1);
  for (const std::int64_t row : rows) {
    const auto list = column.list(static_cast<std::size_t>(row));
    to.insert(to.end(), list.begin(), list.end());
    places.push_back(static_cast<std::int64_t>(to.size()));
  }
  Column copy = column;
  copy.data = keeper.keep(std::move(to)).data();
  copy.offset = keeper.keep(std::move(places)).data();
  copy.size = rows.size();
  return copy;
}

Column gather(const Column& column, std::span<const std::int64_t> rows, Keeper& keeper) {
  switch (column.kind) {
    case ColumnKind::float64:
      return gathered<double>(column, rows, keeper);
    case ColumnKind::int64:
    case ColumnKind::timestamp:
      return gathered<std::int64_t>(column, rows, keeper);
    case ColumnKind::code:
    case ColumnKind::date:
      return gathered<std::int32_t>(column, rows, keeper);
    case ColumnKind::boolean:
    case ColumnKind::label:
      return gathered<std::uint8_t>(column, rows, keeper);
    case ColumnKind::text:
      return gathered<std::string>(column, rows, keeper);
    case ColumnKind::list:
      return gathered_lists(column, rows, keeper);
  }
  throw InvalidArgument("emptor.Frame: unknown kind of column");
}

ResultColumns take(ResultColumns& self,
                   const py::array_t<std::int64_t, py::array::c_style>& indices) {
  const std::span<const std::int64_t> rows(indices.data(),
                                           static_cast<std::size_t>(indices.size()));
  for (const std::int64_t row : rows) {
    if (row < 0 || row >= static_cast<std::int64_t>(self.rows())) {
      throw py::index_error("row " + std::to_string(row) + " of " + std::to_string(self.rows()));
    }
  }
  const std::vector<Column>& columns = self.columns();
  Keeper keeper(self.owner);
  ResultColumns result;
  for (const Column& column : columns) result.described.push_back(gather(column, rows, keeper));
  result.owner = std::move(keeper).owner();
  return result;
}

/// As Arrow sees them: codes of integer ids are given as the integers, since few libraries read
/// dictionaries of anything but text.
ResultColumns for_arrow(ResultColumns& self) {
  const std::vector<Column>& columns = self.columns();
  Keeper keeper(self.owner);
  ResultColumns result;
  for (Column column : columns) {
    if (column.kind == ColumnKind::code && !column.dictionary->is_text()) {
      std::vector<std::int64_t> ids;
      ids.reserve(column.size);
      for (const std::int32_t code : column.values<std::int32_t>()) {
        ids.push_back(code < 0 ? std::numeric_limits<std::int64_t>::min()
                               : column.dictionary->integer(code));
      }
      const auto& held = keeper.keep(std::move(ids));
      column.kind = ColumnKind::int64;
      column.data = held.data();
      column.dictionary = nullptr;
    }
    result.described.push_back(column);
  }
  result.owner = std::move(keeper).owner();
  return result;
}

template <typename Struct>
void release_capsule(PyObject* capsule) {
  auto* held = static_cast<Struct*>(PyCapsule_GetPointer(capsule, PyCapsule_GetName(capsule)));
  if (held == nullptr) return;
  if (held->release != nullptr) held->release(held);
  delete held;
}

py::object arrow_stream(ResultColumns& self, const py::object&) {
  const ResultColumns columns = for_arrow(self);
  auto stream = std::make_unique<ArrowArrayStream>();
  data::export_arrow(columns.described, columns.owner, stream.get());
  return py::reinterpret_steal<py::object>(
      PyCapsule_New(stream.release(), "arrow_array_stream", release_capsule<ArrowArrayStream>));
}

py::object arrow_schema(ResultColumns& self) {
  const ResultColumns columns = for_arrow(self);
  auto schema = std::make_unique<ArrowSchema>();
  data::export_arrow_schema(columns.described, schema.get());
  return py::reinterpret_steal<py::object>(
      PyCapsule_New(schema.release(), "arrow_schema", release_capsule<ArrowSchema>));
}

py::str csv(ResultColumns& self, bool for_spreadsheet) {
  std::ostringstream out;
  write_csv(out, self.columns(), for_spreadsheet);
  return to_str(out.str());
}

template <typename T>
std::vector<T> copied(const py::object& array) {
  const auto typed = py::array_t<T, py::array::c_style | py::array::forcecast>::ensure(array);
  if (!typed) throw py::error_already_set();
  return {typed.data(), typed.data() + typed.size()};
}

/// Sorted ids as a dictionary.
std::shared_ptr<const Dictionary> dictionary_of(const py::object& ids) {
  if (ids.attr("dtype").attr("kind").cast<std::string>() != "O") {
    return Dictionary::from_integers(copied<std::int64_t>(ids));
  }
  std::string bytes;
  std::vector<std::int64_t> offsets{0};
  for (const auto& id : ids.cast<std::vector<std::string>>()) {
    bytes += id;
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
  }
  return Dictionary::from_texts(std::move(bytes), std::move(offsets));
}

/// An emptor.frame.Lists: where each list begins, the codes, and their ids (None: plain numbers).
Column lists_of(const std::string& name, const py::object& lists, Keeper& keeper) {
  const auto& places = keeper.keep(copied<std::int64_t>(lists.attr("offset")));
  const auto& codes = keeper.keep(copied<std::int32_t>(lists.attr("codes")));
  const py::object ids = lists.attr("categories");
  if (ids.is_none()) return Column::lists(name, places, codes);
  const auto dictionary = dictionary_of(ids);
  keeper.keep(dictionary);
  return Column::lists(name, places, codes, *dictionary);
}

/// One column a caller made in Python: name, kind, array, ids of a code column, doc, shown.
using Given = std::tuple<std::string, std::string, py::object, py::object, std::string, bool>;

Column column_of(const Given& given, Keeper& keeper) {
  const auto& [name, kind, array, ids, doc, shown] = given;
  const std::string& held_name = keeper.keep(name);
  const std::string& held_doc = keeper.keep(doc);
  Column column = [&] {
    if (kind == "float64") return Column(held_name, keeper.keep(copied<double>(array)));
    if (kind == "int64") return Column(held_name, keeper.keep(copied<std::int64_t>(array)));
    if (kind == "boolean") return Column(held_name, keeper.keep(copied<std::uint8_t>(array)));
    if (kind == "date") return Column::dates(held_name, keeper.keep(copied<std::int32_t>(array)));
    if (kind == "timestamp") {
      return Column::timestamps(held_name, keeper.keep(copied<std::int64_t>(array)));
    }
    if (kind == "text") {
      return Column(held_name, keeper.keep(array.cast<std::vector<std::string>>()));
    }
    if (kind == "list") return lists_of(held_name, array, keeper);
    throw InvalidArgument("emptor.Frame: a column cannot be made of kind '" + kind + "'");
  }();
  column.doc = held_doc;
  column.shown = shown;
  return column;
}

ResultColumns from_arrays(const std::vector<Given>& given) {
  Keeper keeper;
  ResultColumns result;
  for (const Given& one : given) result.described.push_back(column_of(one, keeper));
  result.owner = std::move(keeper).owner();
  return result;
}

/// The same columns and one more at position `at`; the others stay shared.
ResultColumns with_column(const ResultColumns& self, std::size_t at, const Given& given) {
  Keeper keeper(self.owner);
  ResultColumns result = self;
  const Column column = column_of(given, keeper);
  if (!self.described.empty() && column.size != self.rows()) {
    throw InvalidArgument("Frame: column '" + std::string(column.name) + "' has " +
                          std::to_string(column.size) + " rows, the others have " +
                          std::to_string(self.rows()));
  }
  result.insert(at, column);
  result.owner = std::move(keeper).owner();
  return result;
}

template <typename Get>
py::list list_of(const ResultColumns& self, Get&& get) {
  py::list out;
  for (const Column& column : self.described) out.append(get(column));
  return out;
}

}  // namespace

py::array ids_array(const Dictionary& ids, const py::object& base) {
  if (!ids.is_text()) {
    return view(py::dtype::of<std::int64_t>(), ids.integers().data(), ids.integers().size(), base);
  }
  return object_array(static_cast<std::size_t>(ids.size()), [&](std::size_t k) -> py::object {
    return to_str(ids.text(static_cast<std::int32_t>(k)));
  });
}

void bind_result_columns(py::module_& m) {
  py::class_<ResultColumns>(m, "ResultColumns",
                            "Typed columns and whoever keeps them alive; what a Frame stands on.")
      .def_static("from_arrays", &from_arrays, py::arg("columns"))
      .def("with_column", &with_column, py::arg("at"), py::arg("column"))
      .def("__len__", &ResultColumns::rows)
      .def_property_readonly("names",
                             [](const ResultColumns& self) {
                               return list_of(self, [](const Column& c) { return to_str(c.name); });
                             })
      .def_property_readonly(
          "kinds",
          [](const ResultColumns& self) {
            return list_of(self, [](const Column& c) { return py::str(kind_name(c.kind)); });
          })
      .def_property_readonly("docs",
                             [](const ResultColumns& self) {
                               return list_of(self, [](const Column& c) { return to_str(c.doc); });
                             })
      .def_property_readonly("shown",
                             [](const ResultColumns& self) {
                               return list_of(self,
                                              [](const Column& c) { return py::bool_(c.shown); });
                             })
      .def("values", &values, py::arg("i"))
      .def("offsets", &offsets, py::arg("i"))
      .def("categories", &categories, py::arg("i"))
      .def("take", &take, py::arg("rows"))
      .def("slice", &ResultColumns::slice, py::arg("start"), py::arg("stop"))
      .def("select", &ResultColumns::select, py::arg("columns"))
      .def("arrow_stream", &arrow_stream, py::arg("requested_schema") = py::none())
      .def("arrow_schema", &arrow_schema)
      .def("to_csv", &csv, py::arg("for_spreadsheet") = true);
}

FrameObject make_frame(std::shared_ptr<const void> owner, std::vector<Column> columns,
                       const std::vector<Scalar>& info) {
  return make_frame(ResultColumns(std::move(owner), std::move(columns)), info);
}

FrameObject make_frame(ResultColumns columns, const std::vector<Scalar>& info) {
  for (const Column& column : columns.described) {
    if (column.size != columns.rows()) {
      throw InvalidArgument("result column '" + std::string(column.name) + "' has " +
                            std::to_string(column.size) + " rows, the first one has " +
                            std::to_string(columns.rows()));
    }
  }
  py::dict scalars;
  for (const Scalar& scalar : info) {
    scalars[to_str(scalar.name)] = std::visit(
        [](const auto& value) -> py::object {
          if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>) {
            return to_str(value);
          } else {
            return py::cast(value);
          }
        },
        scalar.value);
  }
  const py::object type = py::module_::import("emptor.frame").attr("Frame");
  return FrameObject(type.attr("_of")(std::move(columns), scalars));
}

}  // namespace emptor::bindings
