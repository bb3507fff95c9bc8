#include "customers/back_end.hpp"

#include "emptor/core/error.hpp"

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace emptor::bindings {
namespace {

namespace py = pybind11;
using learn::PlainMatrix;

template <typename T>
py::array_t<T> copied(const std::vector<T>& values) {
  return py::array_t<T>(static_cast<py::ssize_t>(values.size()), values.data());
}

/// A view of the table that Python may read while the call lasts.
py::array_t<double> matrix(const PlainMatrix& table) {
  const std::vector<py::ssize_t> shape{static_cast<py::ssize_t>(table.rows),
                                       static_cast<py::ssize_t>(table.columns())};
  return py::array_t<double>(shape, table.value.data(),
                             py::capsule(table.value.data(), [](void*) {}));
}

std::vector<double> doubles(const py::handle& values) {
  const auto array = py::array_t<double, py::array::c_style | py::array::forcecast>::ensure(
      py::reinterpret_borrow<py::object>(values));
  if (!array) throw py::error_already_set();
  return {array.data(), array.data() + array.size()};
}

class PythonBackEnd final : public learn::BackEnd {
 public:
  explicit PythonBackEnd(py::object object)
      : object_(std::move(object)), name_(py::str(object_.attr("name"))) {}

  [[nodiscard]] std::string name() const override { return name_; }

  [[nodiscard]] std::string fit(const learn::BackEndRows& rows,
                                const Context& context) const override {
    const py::gil_scoped_acquire locked;
    const auto stopped = py::cpp_function([&context] { return context.stop.stop_requested(); });
    const py::object weight =
        rows.weight.empty() ? py::object(py::none()) : py::object(copied(rows.weight));
    const py::object model = object_.attr("fit")(
        matrix(rows.table), rows.table.name, copied(rows.table.category), copied(rows.outcome),
        weight, copied(rows.set_aside), context.threads, stopped);
    if (context.stop.stop_requested()) throw Cancelled();
    return std::string(py::bytes(model));
  }

  [[nodiscard]] learn::ModelScores score(const std::string& model, const PlainMatrix& table,
                                         bool contributions,
                                         const Context& context) const override {
    const py::gil_scoped_acquire locked;
    const py::tuple found = object_.attr("score")(
        py::bytes(model), matrix(table), copied(table.category), contributions, context.threads);
    learn::ModelScores scores;
    scores.log_odds = doubles(found[0]);
    if (contributions) scores.contribution = doubles(found[1]);
    return scores;
  }

 private:
  py::object object_;
  std::string name_;
};

}  // namespace

std::shared_ptr<const learn::BackEnd> back_end_of(const py::object& object) {
  if (object.is_none()) return nullptr;
  // The last owner may let go in a thread without the GIL.
  return {new PythonBackEnd(object), [](const PythonBackEnd* back_end) {
            const py::gil_scoped_acquire locked;
            delete back_end;
          }};
}

}  // namespace emptor::bindings
