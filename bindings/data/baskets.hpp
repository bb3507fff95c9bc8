#pragma once

#include "emptor/data/sales.hpp"

#include <pybind11/pybind11.h>

namespace emptor::bindings {

/// The class Baskets, and what makes one of anything but a Sales.
void bind_baskets(pybind11::module_& m);

/// How much of the lines and of net revenue a result rests on.
pybind11::dict coverage_dict(const data::Coverage& coverage);

}  // namespace emptor::bindings
