#pragma once

#include "emptor/learn/back_end.hpp"

#include <pybind11/pybind11.h>

#include <memory>

namespace emptor::bindings {

/// A back end whose work a Python object does: `name`, `fit(table, names, category, outcome, weight
/// or None, set_aside, threads, stopped) -> bytes`, `score(model, table, category, contributions,
/// threads) -> (log_odds, contributions or None)`. None is no back end.
std::shared_ptr<const learn::BackEnd> back_end_of(const pybind11::object& object);

}  // namespace emptor::bindings
