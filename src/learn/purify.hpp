#pragma once

#include "emptor/learn/additive_model.hpp"

namespace emptor::learn {

/// Moves what single columns can say out of the pairs and means into the intercept (the functional
/// analysis of variance of Lengerich et al. 2020), then measures importance. Log-odds of rows stay
/// what they were.
void purify(AdditiveModel& model);

}  // namespace emptor::learn
