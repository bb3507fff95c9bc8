#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"
#include "emptor/learn/features.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace emptor::customers {

struct ChurnFeaturesOptions {
  /// Customers with a purchase within this time before the moment are looked at.
  data::Span active{365, data::Span::Unit::days};
};

/// What is known of every active customer at a moment, in numbers and attributes.
struct ChurnFeatures {
  std::vector<std::int32_t> customer{};
  std::vector<std::vector<double>> number{};                ///< per name of churn_feature_names()
  std::vector<data::Attribute> attributes{};                ///< of the table of customers
  std::vector<std::vector<std::int32_t>> attribute_code{};  ///< per attribute, one per row
  std::shared_ptr<const Dictionary> ids{};
  data::Day last_day = data::kNoDay;
  [[nodiscard]] EMPTOR_EXPORT std::vector<learn::Feature> features() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Names of the numbers, in their order.
EMPTOR_EXPORT std::span<const std::string_view> churn_feature_names() noexcept;

/// What does churn() learn from? One row per customer with a purchase within `active` before the
/// moment, all of it as known at the moment.
///
/// Days since the last purchase and since the first, purchases and spend of the last 30, 90 and
/// 365 days and their change against the time before, the usual gap between purchases and how the
/// present one compares, spend per purchase, products, returns, discounts; P(alive) and expected
/// purchases of a purchase model, the chance of a fall and the rhythm by `declining`, all fitted to
/// what is known at the moment; touchpoints; and the attributes of the table of customers (those of
/// up to 50 values; undated, taken as always known).
EMPTOR_EXPORT ChurnFeatures churn_features(const data::Sales& sales,
                                           const ChurnFeaturesOptions& options = {},
                                           const Context& context = {});

}  // namespace emptor::customers
