#pragma once

#include "mining/basket_models.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace emptor::mining::basket {

/// What a logistic regression is fitted on.
struct Cases {
  std::vector<Blend::Features> x{};
  std::vector<std::uint8_t> y{};
  void append(const Cases& more) {
    x.insert(x.end(), more.x.begin(), more.x.end());
    y.insert(y.end(), more.y.begin(), more.y.end());
  }
};
/// Fits a ridged logistic regression on standardised features (those of `cases` are changed to
/// them); false with fewer than 50 of either outcome.
bool fit_logistic(Cases& cases, const Context& context, Blend::Part& part);

/// Fits the blend on the next purchases after the moment of `fit`; nothing where fewer than 100
/// customers made one, or they bought fewer than 50 items of a kind.
std::optional<Blend> fit_blend(const Fit& fit, const Context& context);

}  // namespace emptor::mining::basket
