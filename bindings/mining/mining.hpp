#pragma once

#include <pybind11/pybind11.h>

#include <string>
#include <variant>
#include <vector>

namespace emptor::bindings {

// One per public header of the module, in bindings/mining/<stem>.cpp.
void bind_association_rules(pybind11::module_& m);
void bind_bought_next(pybind11::module_& m);
void bind_bought_together(pybind11::module_& m);
void bind_itemset_chunks(pybind11::module_& m);
void bind_itemsets(pybind11::module_& m);
void bind_evaluate_next_basket(pybind11::module_& m);
void bind_next_basket(pybind11::module_& m);
void bind_substitutes(pybind11::module_& m);
void bind_offers(pybind11::module_& m);
void bind_measures(pybind11::module_& m);

/// One name or several.
using MeasureNames = std::variant<std::string, std::vector<std::string>>;
inline std::vector<std::string> names_of(const MeasureNames& names) {
  if (const auto* one = std::get_if<std::string>(&names)) return {*one};
  return std::get<std::vector<std::string>>(names);
}
void bind_sequence_rules(pybind11::module_& m);
void bind_sequences(pybind11::module_& m);

}  // namespace emptor::bindings
