#pragma once

#include <pybind11/pybind11.h>

namespace emptor::bindings {

/// Tables on their way in: from Arrow, from NumPy arrays, from CSV.
void bind_input(pybind11::module_& m);

}  // namespace emptor::bindings
