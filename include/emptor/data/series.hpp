#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/period.hpp"
#include "emptor/data/sales.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::data {

/// Series by group, on the same regular periods.
struct Series {
  Period period = Period::month;
  std::string value{};                         ///< "amount", "quantity", "orders" or "customers"
  std::string by{};                            ///< "" for one series
  std::shared_ptr<const Dictionary> groups{};  ///< one entry "" if not grouped
  std::vector<std::int32_t> group{};           ///< per row
  std::vector<Day> start{};                    ///< per row: first day of the period
  std::vector<double> y{};                     ///< per row
  std::vector<std::uint8_t> complete{};        ///< per row: 0 for the cut first and last period
  std::vector<std::int64_t> offset{};          ///< series s has rows [offset[s], offset[s + 1])
  Coverage coverage{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

struct SeriesOptions {
  Period period = Period::month;
  std::string by{};              ///< a column of orders, customers or products
  std::string value = "amount";  ///< net revenue; or "quantity", "orders", "customers"
};

/// Sums by period from the first to the last period of the data, zeros filled in. The first and the
/// last period are marked incomplete if the data begin or end inside them.
EMPTOR_EXPORT Series series(const Sales& sales, const SeriesOptions& options = {});

}  // namespace emptor::data
