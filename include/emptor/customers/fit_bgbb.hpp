#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/columns_file.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::customers {

/// Customers who can buy at certain occasions only (a yearly donation, a season's ticket), as the
/// caller's own arrays of equal length, a row for one or several of them.
struct BgbbView {
  std::span<const std::int64_t> frequency{};  ///< occasions used after the first purchase
  std::span<const std::int64_t> recency{};    ///< number of the last one used, 0 if none
  std::span<const std::int64_t> occasions{};  ///< how many there were
  std::span<const std::int64_t> count{};      ///< customers of a row; empty: 1
  [[nodiscard]] std::size_t size() const noexcept { return frequency.size(); }
};
/// Throws unless the columns fit together and every row can be: frequency <= recency <= occasions,
/// recency 0 exactly where frequency is. `function` and the row are named. @throws InvalidArgument
EMPTOR_EXPORT void check(const BgbbView& view, std::string_view function);

struct FitBgbbOptions {
  double level = 0.95;       ///< confidence of the intervals
  int max_iterations = 200;  ///< of Newton's method
};

/// What a fit has to say about itself beyond its status.
enum class BgbbFitReason : std::uint8_t {
  none,
  no_repeat,      ///< nobody bought again
  few_customers,  ///< fewer than 10 customers bought again
  same_buying,    ///< the data do not tell how buying differs: alpha and beta at their bounds
  same_leaving,   ///< the data do not tell how leaving differs: gamma and delta at their bounds
};
EMPTOR_EXPORT std::span<const std::string_view> bgbb_fit_reason_labels() noexcept;
/// "alpha" and "beta" of buying, "gamma" and "delta" of leaving.
EMPTOR_EXPORT std::span<const std::string_view> bgbb_parameter_names() noexcept;

/// A fitted BG/BB model: a value without the data it was fitted to.
struct BgbbFit {
  std::vector<double> parameters{};      ///< alpha, beta, gamma, delta
  std::vector<double> log_covariance{};  ///< of their logarithms; 0 for one at a bound
  double log_likelihood = 0;
  double aic = 0;
  double bic = 0;
  std::int64_t n = 0;              ///< customers
  std::int64_t n_repeat = 0;       ///< ... who bought again
  std::int64_t purchases = 0;      ///< ... and how often
  std::int64_t max_occasions = 0;  ///< the most that a customer had
  bool converged = false;
  int iterations = 0;
  Status status = Status::ok;
  BgbbFitReason reason = BgbbFitReason::none;
  double level = 0.95;

  std::vector<std::string> parameter_column{};
  std::vector<double> low{}, high{}, standard_error{};
  std::vector<std::int64_t> n_column{};
  std::vector<Status> status_column{};

  /// A row per parameter with interval; what else belongs to the fit is in info().
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
  /// Versioned, checksummed bytes that bgbb_fit_from() gives back to the last bit.
  [[nodiscard]] EMPTOR_EXPORT std::string to_bytes() const;
};
/// @throws FormatError unless the bytes are those of a fit.
EMPTOR_EXPORT BgbbFit bgbb_fit_from(std::string_view bytes);

/// A fit from known parameters, as published ones, without uncertainty.
/// @throws InvalidArgument unless there are four positive numbers.
EMPTOR_EXPORT BgbbFit bgbb_fit(std::span<const double> parameters);

/// How customers use occasions that come one by one, and whether they leave: the BG/BB model.
///
/// A year's appeal, a season, a crossing: at each of `occasions` a customer who is still there buys
/// with his own chance, and leaves before the next with another (Fader, Hardie, Shang 2010). Both
/// chances follow beta laws over customers. What a fit can be asked: `bgbb_purchases`.
///
/// Under 10 customers who bought again the status is small_sample, with none not_enough_data and
/// nothing is estimated.
/// @throws InvalidArgument for rows that cannot be, naming the first, or options out of range.
EMPTOR_EXPORT BgbbFit fit_bgbb(const BgbbView& summary, const FitBgbbOptions& options = {},
                               const Context& context = {});

}  // namespace emptor::customers
