#include "data/basket_lists.hpp"

#include "emptor/core/error.hpp"

#include <algorithm>
#include <cmath>
#include <future>
#include <limits>
#include <memory>
#include <optional>
#include <thread>
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

/// A whole number of Python's of one digit, 30 bits; false for any other object. Looks at memory
/// and at nothing else.
bool read_short(PyObject* object, std::int32_t& value) noexcept {
  if (!PyLong_CheckExact(object)) return false;
  auto* const number = reinterpret_cast<PyLongObject*>(object);
#if PY_VERSION_HEX >= 0x030C0000
  if (PyUnstable_Long_IsCompact(number) == 0) return false;
  value = static_cast<std::int32_t>(PyUnstable_Long_CompactValue(number));
#else
  const py::ssize_t digits = Py_SIZE(object);  // negative for negative numbers
  if (digits < -1 || digits > 1) return false;
  value = static_cast<std::int32_t>(digits * static_cast<py::ssize_t>(number->ob_digit[0]));
#endif
  return true;
}

/// Asks for what is needed soon; lists lie anywhere.
inline void fetch([[maybe_unused]] const void* soon) noexcept {
#if defined(__GNUC__)
  __builtin_prefetch(soon);
#endif
}
constexpr int kAhead = 8;  // baskets

}  // namespace

BasketLists::BasketLists(const py::object& lists, std::optional<int> threads)
    : outer_(sequence(lists.ptr(), "baskets: what is given")) {
  find_baskets();
  is_small_ = read_small(threads);
  if (!is_small_) read_any();
  basket_ = {};
  held_.clear();
  outer_ = {};
}

void BasketLists::find_baskets() {
  const auto is_ready = [](PyObject* basket) {
    return PyList_Check(basket) || PyTuple_Check(basket);
  };
  const auto n = PySequence_Fast_GET_SIZE(outer_.ptr());
  // First what runs the caller's code, which may change his lists; then what runs none.
  for (py::ssize_t b = 0; b < PySequence_Fast_GET_SIZE(outer_.ptr()); ++b) {
    if (b + kAhead < PySequence_Fast_GET_SIZE(outer_.ptr()))
      fetch(PySequence_Fast_ITEMS(outer_.ptr())[b + kAhead]);
    const auto basket = py::reinterpret_borrow<py::object>(PySequence_Fast_ITEMS(outer_.ptr())[b]);
    if (!is_ready(basket.ptr())) {
      held_.push_back(sequence(basket.ptr(), "baskets: basket " + std::to_string(b)));
    }
  }
  std::size_t n_held = 0;
  basket_.reserve(static_cast<std::size_t>(n));
  offset_.reserve(static_cast<std::size_t>(n) + 1);
  for (py::ssize_t b = 0; b < PySequence_Fast_GET_SIZE(outer_.ptr()); ++b) {
    PyObject* basket = PySequence_Fast_ITEMS(outer_.ptr())[b];
    if (!is_ready(basket)) {
      if (n_held == held_.size()) break;
      basket = held_[n_held++].ptr();
    }
    basket_.push_back(basket);
    offset_.push_back(offset_.back() + PySequence_Fast_GET_SIZE(basket));
  }
  if (static_cast<py::ssize_t>(basket_.size()) != n || n_held != held_.size()) {
    throw InvalidArgument("baskets: the list of baskets changed while it was read");
  }
}

/// Short whole numbers; false if there is anything else. Runs no code of the caller's, and none of
/// Python's: this thread holds the GIL meanwhile, so that others may look too.
bool BasketLists::read_small(std::optional<int> threads) {
  codes_.resize(static_cast<std::size_t>(offset_.back()));
  const auto read = [this](std::size_t begin, std::size_t end) {
    std::int32_t* to = codes_.data() + offset_[begin];
    for (std::size_t b = begin; b < end; ++b) {
      if (b + kAhead < end) fetch(PySequence_Fast_ITEMS(basket_[b + kAhead]));
      PyObject* const* const items = PySequence_Fast_ITEMS(basket_[b]);
      const std::int64_t size = offset_[b + 1] - offset_[b];
      for (std::int64_t i = 0; i < size; ++i)
        if (!read_short(items[i], *to++)) return false;
    }
    return true;
  };
  constexpr std::size_t kLeast = 100'000;  // items a thread is worth
  const std::size_t most = threads.value_or(0) > 0 ? static_cast<std::size_t>(*threads)
                                                   : std::thread::hardware_concurrency();
  const std::size_t parts =
      std::clamp<std::size_t>(codes_.size() / kLeast, 1, std::max<std::size_t>(most, 1));
  const auto first = [&](std::size_t part) { return basket_.size() * part / parts; };
  std::vector<std::future<bool>> others;
  for (std::size_t p = 1; p < parts; ++p)
    others.push_back(std::async(std::launch::async, read, first(p), first(p + 1)));
  bool all = read(0, first(1));
  for (auto& other : others) all = other.get() && all;
  return all;
}

void BasketLists::read_any() {
  std::vector<PyObject*> objects;
  objects.reserve(static_cast<std::size_t>(offset_.back()));
  bool whole = true;
  for (std::size_t b = 0; b < basket_.size(); ++b) {
    PyObject* const* const items = PySequence_Fast_ITEMS(basket_[b]);
    const std::int64_t size = offset_[b + 1] - offset_[b];
    for (std::int64_t i = 0; i < size; ++i) {
      whole = whole && PyLong_CheckExact(items[i]);
      objects.push_back(items[i]);
    }
  }
  codes_.clear();
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
