#pragma once

#include "detail/result.hpp"
#include "detail/run.hpp"
#include EMPTOR_DOCS

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace emptor::bindings {

/// The submodule a file of this folder fills.
inline py::module_ submodule(py::module_& core, const char* name) {
  return core.def_submodule(name);
}

namespace detail {

template <typename Compute, typename Result, typename... Args>
auto with_call(Compute compute, Result (Compute::*)(const Call&, Args...) const) {
  return [compute = std::move(compute)](Args... args, std::optional<int> threads,
                                        py::object progress,
                                        std::optional<std::size_t> memory_limit) -> Result {
    return compute(Call{threads, std::move(progress), memory_limit}, std::forward<Args>(args)...);
  };
}

template <typename Result, typename... Args>
auto with_call(Result (*compute)(const Call&, Args...)) {
  return [compute](Args... args, std::optional<int> threads, py::object progress,
                   std::optional<std::size_t> memory_limit) -> Result {
    return compute(Call{threads, std::move(progress), memory_limit}, std::forward<Args>(args)...);
  };
}

template <typename Compute>
auto with_call(Compute compute) {
  return with_call(std::move(compute), &Compute::operator());
}

}  // namespace detail

/// Binds one analysis. `compute` is a lambda (const Call&, the function's own arguments ...); the
/// arguments threads=, progress= and memory_limit= of every computation are appended here and
/// arrive in the Call. `extra` names the own arguments: py::arg("sales"), py::kw_only(), the
/// options with the defaults of the C++ Options struct. `doc` is the constant that tools/docgen.py
/// makes from the header: doc::<module>_<function>.
template <typename Compute, typename... Extra>
void analysis(py::module_& m, const char* name, const char* doc, Compute compute,
              const Extra&... extra) {
  m.def(name, detail::with_call(std::move(compute)), doc, extra..., py::arg("threads") = py::none(),
        py::arg("progress") = py::none(), py::arg("memory_limit") = py::none());
}

}  // namespace emptor::bindings
