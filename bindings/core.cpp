#include "emptor/core/context.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/version.hpp"

#include "detail/analysis.hpp"
#include "detail/columns_file.hpp"

#include <cmath>
#include <exception>
#include <sstream>
#include <string>

namespace emptor::bindings {
namespace {

/// emptor.Error and its children, under the public name, so that tracebacks name what users catch.
struct Exceptions {
  PyObject *error, *invalid_argument, *data_error, *format_error, *cancelled, *memory_limit;
};
Exceptions exceptions{};

PyObject* add_exception(py::module_& m, const char* name, const char* doc, PyObject* base,
                        PyObject* also = nullptr) {
  const py::object bases = also == nullptr
                               ? py::reinterpret_borrow<py::object>(base)
                               : py::object(py::make_tuple(py::handle(base), py::handle(also)));
  const std::string full_name = std::string("emptor.") + name;
  PyObject* type = PyErr_NewExceptionWithDoc(full_name.c_str(), doc, bases.ptr(), nullptr);
  if (type == nullptr) throw py::error_already_set();
  m.add_object(name, py::reinterpret_borrow<py::object>(type));
  return type;  // kept for the life of the process, as the translator needs it
}

void bind_exceptions(py::module_& m) {
  exceptions.error =
      add_exception(m, "Error", "The root of everything emptor raises.", PyExc_Exception);
  exceptions.invalid_argument =
      add_exception(m, "InvalidArgument", "An argument is wrong: its value, or with another one.",
                    exceptions.error, PyExc_ValueError);
  exceptions.data_error = add_exception(
      m, "DataError", "The data lack what was asked of them: a table, a column, a readable value.",
      exceptions.error, PyExc_ValueError);
  exceptions.format_error =
      add_exception(m, "FormatError", "Bytes that should follow a format (CSV, Arrow) do not.",
                    exceptions.error, PyExc_ValueError);
  exceptions.cancelled =
      add_exception(m, "Cancelled", "The computation was asked to stop.", exceptions.error);
  exceptions.memory_limit =
      add_exception(m, "MemoryLimit", "The computation would need more than memory_limit.",
                    exceptions.error, PyExc_MemoryError);
  py::register_exception_translator([](std::exception_ptr raised) {
    try {
      if (raised) std::rethrow_exception(raised);
    } catch (const InvalidArgument& e) {
      PyErr_SetString(exceptions.invalid_argument, e.what());
    } catch (const DataError& e) {
      PyErr_SetString(exceptions.data_error, e.what());
    } catch (const FormatError& e) {
      PyErr_SetString(exceptions.format_error, e.what());
    } catch (const Cancelled& e) {
      PyErr_SetString(exceptions.cancelled, e.what());
    } catch (const MemoryLimit& e) {
      PyErr_SetString(exceptions.memory_limit, e.what());
    } catch (const Error& e) {
      PyErr_SetString(exceptions.error, e.what());
    }
  });
}

std::string status_text(Status status) {
  return std::string(status_labels()[static_cast<std::size_t>(status)]);
}

/// Four significant digits, without an exponent where people expect none.
std::string number(double value) {
  std::ostringstream out;
  if (std::abs(value) >= 1000) {
    out.setf(std::ios::fixed);
    out.precision(std::abs(value) >= 10000 ? 0 : 1);
  } else {
    out.precision(3);
  }
  out << value;
  return out.str();
}

/// "0.42 (0.31 to 0.53), n = 118", and the status where it is not ok.
std::string to_text(const Estimate& e) {
  std::ostringstream out;
  if (e.status == Status::not_enough_data) {
    out << "not enough data";
  } else if (std::isnan(e.value)) {
    out << "undefined";
  } else {
    out << number(e.value);
    if (!std::isnan(e.low) || !std::isnan(e.high)) {
      out << " (" << number(e.low) << " to " << number(e.high);
      if (e.level != Estimate{}.level) out << " at " << e.level * 100 << " %";
      out << ")";
    }
  }
  out << ", n = " << e.n;
  if (e.status != Status::ok && e.status != Status::not_enough_data &&
      e.status != Status::undefined) {
    out << ", " << status_text(e.status);
  }
  return out.str();
}

py::tuple parts(const Estimate& e) {
  return py::make_tuple(e.value, e.low, e.high, e.level, e.n, status_text(e.status));
}

Estimate estimate_of(double value, double low, double high, double level, std::int64_t n,
                     const std::string& status) {
  const auto labels = status_labels();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == status) return {value, low, high, level, n, static_cast<Status>(i)};
  }
  throw InvalidArgument("Estimate: status '" + status + "' is not one of emptor's");
}

void bind_estimate(py::module_& m) {
  const double nan = std::nan("");
  py::class_<Estimate>(m, "Estimate",
                       "A number with its interval, its sample size and a status. Immutable.")
      .def(py::init(&estimate_of), py::arg("value") = nan, py::arg("low") = nan,
           py::arg("high") = nan, py::kw_only(), py::arg("level") = Estimate{}.level,
           py::arg("n") = 0, py::arg("status") = "ok")
      .def_readonly("value", &Estimate::value)
      .def_readonly("low", &Estimate::low)
      .def_readonly("high", &Estimate::high)
      .def_readonly("level", &Estimate::level, "confidence, .95 meaning 95 %")
      .def_readonly("n", &Estimate::n, "how many observations it rests on")
      .def_property_readonly("status", [](const Estimate& e) { return status_text(e.status); })
      .def("__float__", [](const Estimate& e) { return e.value; })
      .def("__iter__", [](const Estimate& e) { return py::iter(parts(e)); })
      .def("__eq__",
           [](const Estimate& a, const py::object& b) {
             return py::isinstance<Estimate>(b) && parts(a).equal(parts(b.cast<Estimate>()));
           })
      .def("__hash__", [](const Estimate& e) { return py::hash(parts(e)); })
      .def("__repr__", &to_text)
      .def("__reduce__", [](const Estimate& e) -> py::tuple {
        const py::object make = py::module_::import("emptor._core").attr("core").attr("_estimate");
        return py::make_tuple(make, parts(e));
      });
  m.def("_estimate", &estimate_of);
}

}  // namespace

void bind_core(py::module_& core) {
  auto m = submodule(core, "core");
  bind_exceptions(m);
  bind_estimate(m);
  bind_result_columns(m);
  bind_columns_file(m);
  core.attr("__version__") = EMPTOR_VERSION;
#if defined(__VERSION__)
  core.attr("compiler") = __VERSION__;
#endif
  // A computation that only waits: what the tests of Ctrl-C, progress and threads stand on.
  m.def(
      "_wait",
      [](double seconds, const py::object& progress) {
        return run({std::nullopt, progress, std::nullopt}, [&](const Context& context) {
          const auto start = std::chrono::steady_clock::now();
          for (double spent = 0; spent < seconds;) {
            if (context.stop.stop_requested()) throw Cancelled();
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            context.progress(spent / seconds);
          }
          return seconds;
        });
      },
      py::arg("seconds"), py::kw_only(), py::arg("progress") = py::none());
}

}  // namespace emptor::bindings
