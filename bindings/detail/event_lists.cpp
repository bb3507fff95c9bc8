#include "detail/event_lists.hpp"

#include "emptor/core/error.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

namespace emptor::bindings {
namespace {

namespace py = pybind11;

constexpr const char* kForms =
    "; an entry is an item, a list of items of one day, or a tuple (time, item)";

/// Items in the order they are first seen; afterwards codes in the order of the ids.
class Codes {
 public:
  /// @throws InvalidArgument by `fail` for what is neither an integer nor a text
  template <typename Fail>
  std::int32_t operator()(PyObject* item, Fail&& fail) {
    if (PyObject* known = PyDict_GetItemWithError(seen_.ptr(), item); known != nullptr)
      return static_cast<std::int32_t>(PyLong_AsLong(known));
    if (PyErr_Occurred() != nullptr) {
      PyErr_Clear();
      fail(item);
    }
    const bool text = PyUnicode_Check(item) != 0;
    if (!text && PyLong_Check(item) == 0 && PyIndex_Check(item) == 0) fail(item);
    const auto code = static_cast<std::int32_t>(texts_.size() + integers_.size());
    if (code > 0 && text != !texts_.empty()) fail(item);
    if (text) {
      texts_.push_back(py::reinterpret_borrow<py::str>(item));
    } else {
      const py::object whole = py::reinterpret_steal<py::object>(PyNumber_Index(item));
      if (!whole) throw py::error_already_set();
      integers_.push_back(whole.cast<std::int64_t>());
    }
    seen_[py::reinterpret_borrow<py::object>(item)] = code;
    return code;
  }

  /// The ids, and per code given out its place among them.
  std::pair<std::shared_ptr<const Dictionary>, std::vector<std::int32_t>> sorted() const {
    const std::size_t n = texts_.size() + integers_.size();
    std::vector<std::int32_t> order(n), place(n);
    std::iota(order.begin(), order.end(), 0);
    const auto at = [](std::int32_t i) { return static_cast<std::size_t>(i); };
    std::sort(order.begin(), order.end(), [&](auto x, auto y) {
      return texts_.empty() ? integers_[at(x)] < integers_[at(y)] : texts_[at(x)] < texts_[at(y)];
    });
    for (std::size_t i = 0; i < n; ++i) place[at(order[i])] = static_cast<std::int32_t>(i);
    if (texts_.empty()) {
      std::vector<std::int64_t> ids;
      for (const auto i : order) ids.push_back(integers_[at(i)]);
      return {Dictionary::from_integers(std::move(ids)), std::move(place)};
    }
    return {Dictionary::from_texts(texts_), std::move(place)};
  }

 private:
  py::dict seen_{};
  std::vector<std::string> texts_{};
  std::vector<std::int64_t> integers_{};
};

bool is_collection(PyObject* value) {
  return PyList_Check(value) != 0 || PyAnySet_Check(value) != 0;
}

struct Event {
  std::int64_t day;
  std::int32_t item;
  friend auto operator<=>(const Event&, const Event&) = default;
};

class Reader {
 public:
  EventLists read(const py::object& lists) {
    if (PyUnicode_Check(lists.ptr()) != 0) fail_all(lists);
    const py::object all =
        py::reinterpret_steal<py::object>(PySequence_Fast(lists.ptr(), "no sequence"));
    if (!all) {
      PyErr_Clear();
      fail_all(lists);
    }
    PyObject** rows = PySequence_Fast_ITEMS(all.ptr());
    const Py_ssize_t n = PySequence_Fast_GET_SIZE(all.ptr());
    for (row_ = 0; row_ < n; ++row_) read_row(rows[row_]);
    auto [ids, place] = codes_.sorted();
    events_.ids = std::move(ids);
    for (auto& item : events_.item) item = place[static_cast<std::size_t>(item)];
    sort_visits();
    return std::move(events_);
  }

 private:
  [[noreturn]] static void fail_all(const py::object& lists) {
    throw InvalidArgument(
        "sequences_in: data must be a list with one list of items per customer, "
        "or a frame with columns=, got " +
        std::string(py::str(py::type::handle_of(lists).attr("__name__"))));
  }
  [[noreturn]] void fail(PyObject* found, const std::string& rule) const {
    std::string text = py::repr(py::handle(found));
    if (text.size() > 40) text = text.substr(0, 40);
    throw InvalidArgument("sequences_in: list " + std::to_string(row_) + ", entry " +
                          std::to_string(entry_) + ": found " + text + rule);
  }

  void read_row(PyObject* list) {
    entry_ = 0;
    if (PyUnicode_Check(list) != 0) fail(list, " where a list of items is due");
    const py::object row = py::reinterpret_steal<py::object>(PySequence_Fast(list, "no sequence"));
    if (!row) {
      PyErr_Clear();
      fail(list, " where a list of items is due");
    }
    PyObject** entries = PySequence_Fast_ITEMS(row.ptr());
    const Py_ssize_t n = PySequence_Fast_GET_SIZE(row.ptr());
    own_.clear();
    for (; entry_ < n; ++entry_) {
      PyObject* entry = entries[entry_];
      if (PyTuple_Check(entry) == 0) {
        add(entry_, entry);
        continue;
      }
      if (PyTuple_GET_SIZE(entry) != 2) fail(entry, kForms);
      add(time_of(PyTuple_GET_ITEM(entry, 0)), PyTuple_GET_ITEM(entry, 1));
    }
    // Times need not be in order, and an item twice at one time is once.
    std::sort(own_.begin(), own_.end());
    own_.erase(std::unique(own_.begin(), own_.end()), own_.end());
    for (const Event& event : own_) {
      events_.customer.push_back(static_cast<std::int32_t>(row_));
      events_.day.push_back(static_cast<data::Day>(event.day));
      events_.item.push_back(event.item);
    }
  }

  void add(std::int64_t day, PyObject* entry) {
    const auto code = [&](PyObject* item) {
      return codes_(item, [&](PyObject* found) {
        fail(found, PyUnicode_Check(found) != 0 || PyLong_Check(found) != 0
                        ? " among items of another type; items are all integers or all texts"
                        : kForms);
      });
    };
    if (!is_collection(entry)) {
      own_.push_back({day, code(entry)});
      return;
    }
    for (const py::handle item : py::reinterpret_borrow<py::object>(entry))
      own_.push_back({day, code(item.ptr())});
  }

  std::int64_t time_of(PyObject* time) {
    constexpr std::int64_t kLimit = std::numeric_limits<std::int32_t>::max() / 2;
    std::int64_t value = 0;
    if (PyIndex_Check(time) != 0) {
      const py::object whole = py::reinterpret_steal<py::object>(PyNumber_Index(time));
      int overflow = 0;
      value = PyLong_AsLongLongAndOverflow(whole.ptr(), &overflow);
      if (overflow != 0 || value > kLimit || value < -kLimit)
        fail(time, " as a time; whole numbers may be at most 1,073,741,823: write larger units");
      return value;
    }
    if (py::hasattr(time, "toordinal")) {
      constexpr std::int64_t kEpoch = 719163;  // 1970-01-01
      return py::handle(time).attr("toordinal")().cast<std::int64_t>() - kEpoch;
    }
    fail(time, " as a time; write a whole number or a date");
  }

  /// Codes of one visit ascend by id only now.
  void sort_visits() {
    for (std::size_t begin = 0, end = 0; begin < events_.item.size(); begin = end) {
      while (end < events_.item.size() && events_.customer[end] == events_.customer[begin] &&
             events_.day[end] == events_.day[begin])
        ++end;
      std::sort(events_.item.begin() + static_cast<std::ptrdiff_t>(begin),
                events_.item.begin() + static_cast<std::ptrdiff_t>(end));
    }
  }

  Codes codes_{};
  EventLists events_{};
  std::vector<Event> own_{};
  Py_ssize_t row_ = 0, entry_ = 0;
};

}  // namespace

EventLists read_event_lists(const py::object& lists) { return Reader().read(lists); }

}  // namespace emptor::bindings
