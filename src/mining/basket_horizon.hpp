#pragma once

#include "mining/basket_blend.hpp"
#include "mining/basket_learn.hpp"
#include "mining/basket_models.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace emptor::mining::basket {

/// From the lists of a model to the chance that their items are bought within so many days, be it
/// in the next purchase, in a later one, or not at all because the customer does not come.
///
/// As of one horizon before the end, lists are made and held against the days after it: bins of
/// scores as in calibrate(), of all customers known then, whether they came again or not. What is
/// binned is a logistic regression, for items bought before and for new ones, fitted another
/// horizon earlier: on the model's score, on how often the customer comes and how long he has been
/// away, and on how often and how lately he bought the item. Where there is too little for it the
/// model's scores are binned.
struct Horizon {
  int days = 0;
  std::optional<Blend::Part> repeat{}, new_item{};
  Calibration calibration{};
  Day calibrated_on = data::kNoDay;  ///< kNoDay: no probabilities
  std::int64_t n_customers = 0;      ///< known then

  /// The bin of an item of a customer's list; null without any.
  [[nodiscard]] const Calibration::Bin* of(const Fit& fit, std::size_t customer,
                                           const Candidate& candidate) const;
};

/// Looks at moments inside of what is `known` only: at none unless a horizon, and for the
/// regression two, lie behind as much data. `learned` is the model whose lists are asked for.
Horizon learn_horizon(const Shop& shop, const Moment& known, const Learned& learned, int days,
                      const NextBasketOptions& options, const Context& context);

/// Items of a customer's visits [from, to) up to `last_day`, ascending.
std::vector<std::int32_t> bought_until(const Shop& shop, std::int32_t from, std::int32_t to,
                                       Day last_day);

}  // namespace emptor::mining::basket
