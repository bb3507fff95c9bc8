#pragma once

#include "mining/basket_models.hpp"

#include <optional>

namespace emptor::mining::basket {

/// Fits the blend on the next purchases after the moment of `fit`; nothing where fewer than 100
/// customers made one, or they bought fewer than 50 items of a kind.
std::optional<Blend> fit_blend(const Fit& fit, const Context& context);

}  // namespace emptor::mining::basket
