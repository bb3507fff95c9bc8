#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"
#include "emptor/metrics/revenue_bridge.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace emptor::metrics {

struct MoversOptions {
  data::Span window{90, data::Span::Unit::days};  ///< ends at the moment
  Baseline baseline = Baseline::before;
  std::string by = "product";  ///< "product" or any column of orders, products or customers
  double level = 0.95;         ///< confidence of the intervals
  int min_customers = 10;      ///< who bought in either window; fewer are not tested
};

/// Revenue of the two windows, one entry per (item, customer) pair that has any: what the kernel
/// adds up. Sorted by item. A line without a customer is a customer of its own.
struct MoversView {
  std::span<const std::int32_t> item{};
  std::span<const double> revenue{};         ///< in the window
  std::span<const double> revenue_before{};  ///< in the baseline
  std::int32_t n_items = 0;
};

/// One row per item with revenue in either window, sorted by the size of the change, ties by id.
struct Movers {
  std::vector<std::int32_t> item{};
  std::vector<std::string> name{};
  std::vector<double> revenue{};         ///< net, in the window
  std::vector<double> revenue_before{};  ///< net, in the baseline
  std::vector<double> change{};          ///< revenue - revenue_before
  std::vector<double> change_low{};
  std::vector<double> change_high{};
  std::vector<std::int64_t> n{};  ///< customers who bought in either window
  std::vector<Status> status{};
  std::vector<double> growth{};   ///< change over revenue_before; NaN if that is not above 0
  std::vector<double> p_value{};  ///< of a change this large, either way, by chance
  std::vector<double> q_value{};  ///< Benjamini and Hochberg over all tested items

  std::shared_ptr<const Dictionary> ids{};
  std::string by{};
  double market_growth = 0;  ///< of all items together
  std::int64_t n_tested = 0;
  std::int64_t n_untestable = 0;
  data::Day first_day = data::kNoDay;  ///< of the window
  data::Day last_day = data::kNoDay;
  data::Day baseline_first_day = data::kNoDay;
  data::Day baseline_last_day = data::kNoDay;
  data::Coverage coverage{};

  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Which items sell for more or for less than before, and how surely.
///
/// A row is an item: `change` is its net revenue in the window less that in the baseline, with
/// interval; of the items with `q_value` at most .05, at most 5 % have not really moved.
///
/// Customers are the unit: a change is a sum over customers, its variance the sum of their squared
/// contributions, as if each customer had come a Poisson number of times (the clustered "sandwich"
/// of a total). What one customer did is therefore never a sure change. Says nothing about why: a
/// season moves items too; compare with baseline "year" where there is one.
/// @throws InvalidArgument for options or views that make no sense.
EMPTOR_EXPORT Movers movers(const MoversView& view, const MoversOptions& options = {},
                            const Context& context = {});

/// The same on the net revenue of goods known at the moment. @throws also DataError if there are no
/// orders, no such column, or the data do not reach back to the baseline.
EMPTOR_EXPORT Movers movers(const data::Sales& sales, const MoversOptions& options = {},
                            const Context& context = {});

}  // namespace emptor::metrics
