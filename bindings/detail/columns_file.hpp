#pragma once

#include <pybind11/pybind11.h>

namespace emptor::bindings {

/// Result columns to bytes and back: what Frame.save and emptor.load stand on.
void bind_columns_file(pybind11::module_& m);

}  // namespace emptor::bindings
