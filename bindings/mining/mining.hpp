#pragma once

#include <pybind11/pybind11.h>

namespace emptor::bindings {

// One per public header of the module, in bindings/mining/<stem>.cpp.
void bind_bought_next(pybind11::module_& m);
void bind_bought_together(pybind11::module_& m);
void bind_itemsets(pybind11::module_& m);
void bind_evaluate_next_basket(pybind11::module_& m);
void bind_next_basket(pybind11::module_& m);
void bind_substitutes(pybind11::module_& m);
void bind_offers(pybind11::module_& m);

}  // namespace emptor::bindings
