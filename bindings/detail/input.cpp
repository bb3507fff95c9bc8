#include "detail/input.hpp"

#include "emptor/core/error.hpp"
#include "emptor/data/arrow.hpp"
#include "emptor/data/csv.hpp"
#include "emptor/data/input.hpp"

#include "detail/analysis.hpp"

#include <pybind11/numpy.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emptor::bindings {
namespace {

using data::InputChunk;
using data::InputColumn;
using data::InputTable;
using data::Layout;
using data::Meaning;

/// A Python object that may be let go from a thread without the GIL.
std::shared_ptr<const void> held(py::object object) {
  return {object.release().ptr(), [](const void* pointer) {
            if (Py_IsInitialized() == 0) return;
            py::gil_scoped_acquire locked;
            Py_DECREF(static_cast<PyObject*>(const_cast<void*>(pointer)));
          }};
}

/// One incoming column and everything its chunks point into.
struct HeldColumn {
  InputColumn column{};
  std::vector<std::shared_ptr<const void>> owners{};
  std::size_t rows = 0;
};

Layout layout_of(const py::dtype& type) {
  const char kind = type.kind();
  switch (kind == 'b' ? 0 : type.itemsize()) {
    case 0:
      return Layout::bytes;
    case 1:
      return kind == 'u' ? Layout::uint8 : Layout::int8;
    case 2:
      return kind == 'u' ? Layout::uint16 : Layout::int16;
    case 4:
      return kind == 'f' ? Layout::float32 : kind == 'u' ? Layout::uint32 : Layout::int32;
    default:
      return kind == 'f' ? Layout::float64 : kind == 'u' ? Layout::uint64 : Layout::int64;
  }
}

/// Contiguous, native-endian numbers or booleans; the caller (emptor._input) has seen to that.
InputChunk chunk_of(const py::array& array, const py::object& valid, HeldColumn& out) {
  InputChunk chunk;
  chunk.layout = layout_of(array.dtype());
  chunk.rows = static_cast<std::size_t>(array.size());
  chunk.values = array.data();
  out.owners.push_back(held(array));
  if (!valid.is_none()) {
    const auto bits = valid.cast<py::array_t<std::uint8_t, py::array::c_style>>();
    if (static_cast<std::size_t>(bits.size()) * 8 < chunk.rows) {
      throw InvalidArgument("the validity bitmap is shorter than the column");
    }
    chunk.valid = bits.data();
    out.owners.push_back(held(bits));
  }
  return chunk;
}

HeldColumn finished(std::string name, Meaning meaning, InputChunk chunk, HeldColumn out) {
  out.rows = chunk.rows;
  out.column.name = std::move(name);
  out.column.meaning = meaning;
  out.column.chunks.push_back(std::move(chunk));
  return out;
}

HeldColumn array_column(std::string name, const py::array& array, const py::object& valid) {
  HeldColumn out;
  auto chunk = chunk_of(array, valid, out);
  const auto meaning = chunk.layout == Layout::bytes ? Meaning::boolean : Meaning::number;
  return finished(std::move(name), meaning, std::move(chunk), std::move(out));
}

/// Days (int32) or ticks (int64) since 1970-01-01.
HeldColumn time_column(std::string name, const py::array& array, const py::object& valid,
                       const std::string& unit, bool zoned, std::string timezone) {
  HeldColumn out;
  auto chunk = chunk_of(array, valid, out);
  out.column.zoned = zoned;
  out.column.timezone = std::move(timezone);
  out.column.unit = unit == "s"    ? data::TimeUnit::second
                    : unit == "ms" ? data::TimeUnit::millisecond
                    : unit == "us" ? data::TimeUnit::microsecond
                                   : data::TimeUnit::nanosecond;
  const auto meaning = unit == "D" ? Meaning::date : Meaning::timestamp;
  return finished(std::move(name), meaning, std::move(chunk), std::move(out));
}

/// Texts of an object array; whatever is not a str is missing.
struct Texts {
  std::vector<std::int64_t> offsets{0};
  std::string bytes{};
  std::vector<std::uint8_t> valid{};
};

HeldColumn text_column(std::string name, const py::array& objects) {
  auto texts = std::make_shared<Texts>();
  const auto n = static_cast<std::size_t>(objects.size());
  texts->offsets.reserve(n + 1);
  texts->valid.assign(n / 8 + 1, 0);
  const auto* slots = static_cast<PyObject* const*>(objects.data());
  for (std::size_t i = 0; i < n; ++i) {
    if (slots[i] != nullptr && PyUnicode_Check(slots[i])) {
      Py_ssize_t size = 0;
      const char* text = PyUnicode_AsUTF8AndSize(slots[i], &size);
      if (text == nullptr) {
        PyErr_Clear();
        throw DataError("column '" + name + "', row " + std::to_string(i) +
                        ": the text is not valid Unicode (a lone surrogate)");
      }
      texts->bytes.append(text, static_cast<std::size_t>(size));
      texts->valid[i / 8] = static_cast<std::uint8_t>(texts->valid[i / 8] | (1U << (i % 8)));
    }
    texts->offsets.push_back(static_cast<std::int64_t>(texts->bytes.size()));
  }
  InputChunk chunk;
  chunk.layout = Layout::text64;
  chunk.rows = n;
  chunk.offsets = texts->offsets.data();
  chunk.characters = texts->bytes.data();
  chunk.valid = texts->valid.data();
  HeldColumn out;
  out.owners.push_back(std::move(texts));
  return finished(std::move(name), Meaning::text, std::move(chunk), std::move(out));
}

/// Indices into the values of another column, as of a pandas Categorical.
HeldColumn dictionary_column(std::string name, const py::array& indices, const py::object& valid,
                             const HeldColumn& values) {
  HeldColumn out;
  auto chunk = chunk_of(indices, valid, out);
  chunk.indices = chunk.layout;
  chunk.layout = Layout::dictionary;
  chunk.dictionary = std::make_shared<const InputChunk>(values.column.chunks.at(0));
  out.owners.insert(out.owners.end(), values.owners.begin(), values.owners.end());
  const auto meaning = values.column.meaning;
  return finished(std::move(name), meaning, std::move(chunk), std::move(out));
}

HeldColumn null_column(std::string name, std::size_t rows) {
  InputChunk chunk;
  chunk.layout = Layout::null;
  chunk.rows = rows;
  return finished(std::move(name), Meaning::text, std::move(chunk), {});
}

InputTable table_of(const std::vector<HeldColumn>& columns, std::size_t rows) {
  InputTable table;
  table.rows = rows;
  std::vector<std::shared_ptr<const void>> owners;
  for (const HeldColumn& one : columns) {
    if (one.rows != rows) {
      throw InvalidArgument("column '" + one.column.name + "' has " + std::to_string(one.rows) +
                            " rows, the table has " + std::to_string(rows));
    }
    table.columns.push_back(one.column);
    owners.insert(owners.end(), one.owners.begin(), one.owners.end());
  }
  table.owner = std::make_shared<const std::vector<std::shared_ptr<const void>>>(std::move(owners));
  return table;
}

/// The columns of a table as columns that can go into another one.
std::vector<HeldColumn> columns_of(const InputTable& table) {
  std::vector<HeldColumn> out;
  for (const InputColumn& column : table.columns)
    out.push_back({column, {table.owner}, table.rows});
  return out;
}

/// What kinds of Python objects an object array holds: (type name, count, first row) in order of
/// appearance; missing values (None, NaN, NaT, NA) are "missing".
py::list scan_objects(const py::array& objects) {
  struct Kind {
    PyTypeObject* type;
    bool missing;
    std::int64_t count, first;
  };
  std::vector<Kind> kinds;
  const auto n = objects.size();
  const auto* slots = static_cast<PyObject* const*>(objects.data());
  for (py::ssize_t i = 0; i < n; ++i) {
    PyObject* object = slots[i] == nullptr ? Py_None : slots[i];
    PyTypeObject* type = Py_TYPE(object);
    const bool nan =
        PyFloat_Check(object) && PyFloat_AS_DOUBLE(object) != PyFloat_AS_DOUBLE(object);
    auto kind = kinds.begin();
    while (kind != kinds.end() && (kind->type != type || kind->missing != nan)) ++kind;
    if (kind == kinds.end()) {
      kinds.push_back({type, nan, 0, i});
      kind = kinds.end() - 1;
    }
    ++kind->count;
  }
  py::list out;
  for (const Kind& kind : kinds) {
    const std::string_view full(kind.type->tp_name);
    const bool missing = kind.missing || kind.type == Py_TYPE(Py_None) ||
                         full.ends_with("NAType") || full.ends_with("NaTType");
    out.append(py::make_tuple(
        missing ? py::object(py::none())
                : py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(kind.type)),
        kind.count, kind.first));
  }
  return out;
}

/// Takes the stream out of a capsule; a capsule can be used once.
InputTable import_stream(const py::object& capsule, const std::vector<std::string>& wanted) {
  if (PyCapsule_IsValid(capsule.ptr(), "arrow_array_stream") == 0) {
    throw InvalidArgument("__arrow_c_stream__ did not return a capsule named arrow_array_stream");
  }
  auto* given =
      static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), "arrow_array_stream"));
  if (given->release == nullptr) {
    throw InvalidArgument(
        "the Arrow stream was already consumed; pass the table it came from, not the stream");
  }
  ArrowArrayStream stream = *given;
  given->release = nullptr;
  py::gil_scoped_release unlocked;
  return data::import_arrow(&stream, wanted);
}

/// A stream of the one batch that an (arrow_schema, arrow_array) pair holds.
struct OneBatch {
  ArrowSchema schema{};
  ArrowArray array{};
};

InputTable import_batch(const py::object& schema, const py::object& array,
                        const std::vector<std::string>& wanted) {
  auto* given_schema =
      static_cast<ArrowSchema*>(PyCapsule_GetPointer(schema.ptr(), "arrow_schema"));
  auto* given_array = static_cast<ArrowArray*>(PyCapsule_GetPointer(array.ptr(), "arrow_array"));
  if (given_schema == nullptr || given_array == nullptr) throw py::error_already_set();
  if (given_schema->release == nullptr || given_array->release == nullptr) {
    throw InvalidArgument("the Arrow array was already consumed; pass the object it came from");
  }
  auto* batch = new OneBatch{*given_schema, *given_array};
  given_schema->release = nullptr;
  given_array->release = nullptr;
  ArrowArrayStream stream{};
  stream.private_data = batch;
  stream.get_schema = [](ArrowArrayStream* self, ArrowSchema* out) {
    auto& held_schema = static_cast<OneBatch*>(self->private_data)->schema;
    *out = held_schema;
    held_schema.release = nullptr;
    return 0;
  };
  stream.get_next = [](ArrowArrayStream* self, ArrowArray* out) {
    auto& held_array = static_cast<OneBatch*>(self->private_data)->array;
    *out = held_array;
    held_array.release = nullptr;
    return 0;
  };
  stream.get_last_error = [](ArrowArrayStream*) -> const char* { return nullptr; };
  stream.release = [](ArrowArrayStream* self) {
    auto* mine = static_cast<OneBatch*>(self->private_data);
    if (mine->schema.release != nullptr) mine->schema.release(&mine->schema);
    if (mine->array.release != nullptr) mine->array.release(&mine->array);
    delete mine;
    self->release = nullptr;
  };
  py::gil_scoped_release unlocked;
  return data::import_arrow(&stream, wanted);
}

data::CsvOptions csv_options(const std::string& delimiter) {
  data::CsvOptions options;
  if (delimiter.size() > 1) {
    throw InvalidArgument("delimiter must be one character, got '" + delimiter + "'");
  }
  if (!delimiter.empty()) options.delimiter = delimiter.front();
  return options;
}

}  // namespace

void bind_input(py::module_& m) {
  py::class_<HeldColumn>(m, "InputColumn", "One incoming column.");
  py::class_<InputTable>(m, "InputTable", "A table on its way in.")
      .def("__len__", [](const InputTable& self) { return self.rows; })
      .def_property_readonly("names",
                             [](const InputTable& self) {
                               py::list out;
                               for (const auto& column : self.columns) out.append(column.name);
                               return out;
                             })
      .def("columns", &columns_of);
  m.def("array_column", &array_column, py::arg("name"), py::arg("array"), py::arg("valid"));
  m.def("time_column", &time_column, py::arg("name"), py::arg("array"), py::arg("valid"),
        py::arg("unit"), py::arg("zoned"), py::arg("timezone"));
  m.def("text_column", &text_column, py::arg("name"), py::arg("objects"));
  m.def("dictionary_column", &dictionary_column, py::arg("name"), py::arg("indices"),
        py::arg("valid"), py::arg("values"));
  m.def("null_column", &null_column, py::arg("name"), py::arg("rows"));
  m.def("table_of", &table_of, py::arg("columns"), py::arg("rows"));
  m.def(
      "concatenate",
      [](const std::vector<InputTable>& tables, const std::vector<std::string>& names) {
        return data::concatenate(tables, names);
      },
      py::arg("tables"), py::arg("names"));
  m.def("scan_objects", &scan_objects, py::arg("objects"));
  m.def("import_stream", &import_stream, py::arg("capsule"), py::arg("wanted"));
  m.def("import_batch", &import_batch, py::arg("schema"), py::arg("array"), py::arg("wanted"));
  analysis(
      m, "read_csv", doc::data_read_csv,
      [](const Call& call, const std::string& path, const std::string& delimiter) {
        return run(call, [&](const Context& context) {
          return data::read_csv(path, csv_options(delimiter), context);
        });
      },
      py::arg("path"), py::kw_only(), py::arg("delimiter") = "");
  analysis(
      m, "parse_csv", doc::data_parse_csv,
      [](const Call& call, const py::bytes& bytes, const std::string& name,
         const std::string& delimiter) {
        std::string taken(bytes);
        return run(call, [&](const Context& context) {
          return data::parse_csv(std::move(taken), name, csv_options(delimiter), context);
        });
      },
      py::arg("bytes"), py::arg("name"), py::kw_only(), py::arg("delimiter") = "");
}

}  // namespace emptor::bindings
