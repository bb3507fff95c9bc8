#pragma once

#include "emptor/forecasting/theta.hpp"

#include <span>
#include <vector>

namespace emptor::forecasting {

/// A series ready for a model: cut to its known part, gaps filled, its season taken out.
struct Adjusted {
  std::vector<double> y{};            ///< seasonally adjusted
  std::vector<std::uint8_t> known{};  ///< 0 where y was filled in; empty if all are known
  std::int64_t n_known = 0;
  SeasonKind season = SeasonKind::none;
  std::vector<double> index{};  ///< entry i belongs to y[i], y[i + m], ...

  /// The index of the value `steps` after the last one (1 is the next).
  [[nodiscard]] double index_ahead(std::size_t steps) const noexcept {
    return index[(y.size() + steps - 1) % index.size()];
  }
};

/// The test of the Theta method's authors: the autocorrelation at the season's length against its
/// 90 % limit under the shorter ones. False under two full seasons.
bool is_seasonal(std::span<const double> y, int season_length);

/// Classical decomposition: the mean of y minus (over) its centred moving average by place in the
/// season, centred to 0 (1). Values that are not `known` do not count. Empty if some place has no
/// value, or if a multiplicative index would not be above .01.
std::vector<double> seasonal_index(std::span<const double> y, std::span<const std::uint8_t> known,
                                   int season_length, bool multiplicative);

/// Cuts missing ends, fills gaps by straight lines (on the adjusted series if there is a season)
/// and takes the season out. @throws InvalidArgument for infinite values.
Adjusted adjust(std::span<const double> y, int season_length, SeasonKind season);

/// fit_theta() after adjust(): several models may share one adjusted series.
/// @throws InvalidArgument under 3 known values.
ThetaFit fit_adjusted(const Adjusted& adjusted, const ThetaOptions& options);

}  // namespace emptor::forecasting
