#pragma once

#include "emptor/mining/evaluate_next_basket.hpp"

#include "mining/basket_learn.hpp"
#include "mining/basket_models.hpp"

#include <span>

namespace emptor::mining::basket {

/// Fills the columns within_* of `out`, whose rows are parts, and within them models. `fit` is as
/// of the moment up to which all is known, and has what all models need; `learned` are the models.
void evaluate_horizon(const Fit& fit, std::span<const Learned> learned, int days,
                      const EvaluateNextBasketOptions& options, const NextBasketOptions& settings,
                      const Context& context, NextBasketEvaluation& out);

}  // namespace emptor::mining::basket
