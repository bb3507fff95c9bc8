#include "detail/columns_file.hpp"

#include "emptor/core/columns_file.hpp"
#include "emptor/core/error.hpp"

#include "detail/result.hpp"

#include <pybind11/stl.h>

#include <cstdint>
#include <string>
#include <vector>

namespace emptor::bindings {
namespace {

using Value = decltype(Scalar::value);

Value value_of(const std::string& name, const py::handle& given) {
  if (py::isinstance<py::bool_>(given)) return given.cast<bool>();
  if (py::isinstance<py::int_>(given)) return given.cast<std::int64_t>();
  if (py::isinstance<py::str>(given)) return given.cast<std::string>();
  if (py::isinstance<Estimate>(given)) return given.cast<Estimate>();
  if (py::hasattr(given, "__float__"))
    return py::float_(py::reinterpret_borrow<py::object>(given)).cast<double>();
  throw InvalidArgument("Frame.save: info '" + name.substr(0, 40) + "' is of type " +
                        std::string(py::str(py::type::of(given).attr("__name__"))) +
                        "; only numbers, texts and Estimates can be saved");
}

/// `shown` says which columns are shown, in the order of the columns.
py::bytes columns_to_bytes(ResultColumns& data, const std::vector<bool>& shown,
                           const py::dict& info) {
  std::vector<Column> columns = data.columns();
  for (std::size_t i = 0; i < columns.size() && i < shown.size(); ++i) columns[i].shown = shown[i];
  std::vector<std::string> names;
  for (const auto& [name, value] : info) names.push_back(name.cast<std::string>());
  std::vector<Scalar> scalars;
  for (const auto& name : names) scalars.push_back({name, value_of(name, info[py::str(name)]), {}});
  return py::bytes(save_columns_bytes(columns, scalars));
}

FrameObject columns_from_bytes(const py::bytes& bytes) {
  LoadedColumns loaded = load_columns_bytes(std::string(bytes));
  return make_frame(std::move(loaded.owner), std::move(loaded.columns), loaded.info);
}

}  // namespace

void bind_columns_file(py::module_& m) {
  m.def("_columns_to_bytes", &columns_to_bytes, py::arg("columns"), py::arg("shown"),
        py::arg("info"));
  m.def("_columns_from_bytes", &columns_from_bytes, py::arg("bytes"));
}

}  // namespace emptor::bindings
