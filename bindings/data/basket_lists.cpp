#include "data/basket_lists.hpp"

#include "emptor/core/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <unordered_map>

namespace py = pybind11;

namespace emptor::bindings {
namespace {

py::object sequence(PyObject* object, const std::string& what) {
  if (PyUnicode_Check(object) || PyBytes_Check(object)) {
    throw InvalidArgument(what + " is a text; write [\"tea\", \"milk\"], a list of items");
  }
  PyObject* const fast = PySequence_Fast(object, "");
  if (fast == nullptr) {
    PyErr_Clear();
    throw InvalidArgument(what + " is of type " + Py_TYPE(object)->tp_name +
                          "; write a list of items");
  }
  return py::reinterpret_steal<py::object>(fast);
}

/// The text of an id; nullopt where it is missing.
std::optional<std::string> text_of(PyObject* object, const std::string& where) {
  if (object == Py_None) return std::nullopt;
  if (PyUnicode_Check(object)) return py::handle(object).cast<std::string>();
  if (PyFloat_Check(object)) {
    const double x = PyFloat_AS_DOUBLE(object);
    if (std::isnan(x)) return std::nullopt;
    if (x == std::floor(x) && std::fabs(x) < 9e15) {
      return std::to_string(static_cast<std::int64_t>(x));
    }
  } else if (!PyBool_Check(object) && PyIndex_Check(object)) {
    return py::str(py::reinterpret_steal<py::object>(PyNumber_Index(object)));
  }
  throw InvalidArgument(where + " is " + py::repr(object).cast<std::string>().substr(0, 40) +
                        " of type " + Py_TYPE(object)->tp_name +
                        "; items are whole numbers or texts");
}

}  // namespace

BasketLists::BasketLists(const py::object& lists) {
  const py::object outer = sequence(lists.ptr(), "baskets: what is given");
  const auto n = static_cast<std::size_t>(PySequence_Fast_GET_SIZE(outer.ptr()));
  std::vector<py::object> held;  // baskets that are not lists or tuples, as lists
  std::vector<PyObject*> objects;
  bool whole = true;
  offset_.reserve(n + 1);
  for (std::size_t b = 0; b < n; ++b) {
    PyObject* const given = PySequence_Fast_ITEMS(outer.ptr())[b];
    py::object basket;
    if (PyList_Check(given) || PyTuple_Check(given)) {
      basket = py::reinterpret_borrow<py::object>(given);
    } else {
      basket = held.emplace_back(sequence(given, "baskets: basket " + std::to_string(b)));
    }
    PyObject* const* const items = PySequence_Fast_ITEMS(basket.ptr());
    const auto size = static_cast<std::size_t>(PySequence_Fast_GET_SIZE(basket.ptr()));
    for (std::size_t i = 0; i < size; ++i) {
      whole = whole && PyLong_CheckExact(items[i]);
      objects.push_back(items[i]);
    }
    offset_.push_back(static_cast<std::int64_t>(objects.size()));
  }
  item_.name = "item";
  data::InputChunk chunk;
  chunk.rows = objects.size();
  if (whole) {
    integers_.reserve(objects.size());
    for (PyObject* const object : objects) {
      int overflow = 0;
      integers_.push_back(PyLong_AsLongLongAndOverflow(object, &overflow));
      if (overflow != 0) {
        whole = false;
        break;
      }
    }
  }
  if (whole) {
    item_.meaning = data::Meaning::number;
    chunk.layout = data::Layout::int64;
    chunk.values = integers_.data();
  } else {
    read_texts(objects);
    chunk.layout = data::Layout::dictionary;
    chunk.values = codes_.data();
    chunk.indices = data::Layout::int32;
    data::InputChunk texts;
    texts.layout = data::Layout::text64;
    texts.rows = ends_.size() - 1;
    texts.offsets = ends_.data();
    texts.characters = bytes_.data();
    chunk.dictionary = std::make_shared<const data::InputChunk>(std::move(texts));
    if (!valid_.empty()) chunk.valid = valid_.data();
  }
  item_.chunks.push_back(std::move(chunk));
}

void BasketLists::read_texts(const std::vector<PyObject*>& objects) {
  constexpr std::int32_t kMissing = -1;
  std::unordered_map<PyObject*, std::int32_t> seen;
  codes_.reserve(objects.size());
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const auto [place, is_new] = seen.try_emplace(objects[i], kMissing);
    if (is_new) {
      const auto after =
          std::upper_bound(offset_.begin(), offset_.end(), static_cast<std::int64_t>(i));
      const auto basket = std::to_string(after - offset_.begin() - 1);
      const auto text = text_of(objects[i], "baskets: an item of basket " + basket);
      if (text) {
        place->second = static_cast<std::int32_t>(ends_.size() - 1);
        bytes_ += *text;
        ends_.push_back(static_cast<std::int64_t>(bytes_.size()));
      }
    }
    codes_.push_back(place->second);
  }
  if (std::find(codes_.begin(), codes_.end(), kMissing) == codes_.end()) return;
  valid_.assign((codes_.size() + 7) / 8, 0);
  for (std::size_t i = 0; i < codes_.size(); ++i) {
    if (codes_[i] == kMissing) {
      codes_[i] = 0;
    } else {
      valid_[i / 8] = static_cast<std::uint8_t>(valid_[i / 8] | 1U << (i % 8));
    }
  }
  if (ends_.size() == 1) ends_.push_back(0);  // nothing but missing: code 0 must exist
}

}  // namespace emptor::bindings
