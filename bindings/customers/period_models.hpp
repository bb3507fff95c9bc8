#pragma once

#include <pybind11/pybind11.h>

namespace emptor::bindings {

// Models whose time goes in periods: contracts and their renewals, occasions one by one. One per
// public header, in bindings/customers/<stem>.cpp.
void bind_bgbb_purchases(pybind11::module_& m);
void bind_fit_bgbb(pybind11::module_& m);
void bind_fit_contracts(pybind11::module_& m);
void bind_projected_retention(pybind11::module_& m);

}  // namespace emptor::bindings
