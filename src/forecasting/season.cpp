#include "forecasting/season.hpp"

#include "emptor/core/error.hpp"

#include <cmath>
#include <string>

namespace emptor::forecasting {
namespace {

/// z of a one-sided test at 5 %, the authors' "90 %".
constexpr double kSeasonLimit = 1.645;
constexpr double kSmallestIndex = 0.01;

void check_finite(std::span<const double> y) {
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (std::isinf(y[i])) {
      throw InvalidArgument("forecast: y[" + std::to_string(i) +
                            "] is infinite; write NaN for a missing value");
    }
  }
}

/// Straight lines over the gaps of a series whose ends are known.
void fill_gaps(std::vector<double>& y, std::span<const std::uint8_t> known) {
  std::size_t last = 0;
  for (std::size_t i = 1; i < y.size(); ++i) {
    if (known[i] == 0) continue;
    const double step = (y[i] - y[last]) / static_cast<double>(i - last);
    for (std::size_t k = last + 1; k < i; ++k) {
      y[k] = y[last] + step * static_cast<double>(k - last);
    }
    last = i;
  }
}

/// Centred moving average over one season at i; half weights at the ends of an even season.
double centred_mean(std::span<const double> y, std::size_t i, std::size_t m) {
  const std::size_t half = m / 2;
  double sum = 0;
  for (std::size_t k = i - half; k <= i + half; ++k) sum += y[k];
  if (m % 2 == 0) sum -= 0.5 * (y[i - half] + y[i + half]);
  return sum / static_cast<double>(m);
}

void remove_index(std::vector<double>& y, std::span<const double> index, bool multiplicative) {
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double s = index[i % index.size()];
    y[i] = multiplicative ? y[i] / s : y[i] - s;
  }
}

}  // namespace

bool is_seasonal(std::span<const double> y, int season_length) {
  const auto m = static_cast<std::size_t>(std::max(season_length, 1));
  const std::size_t n = y.size();
  if (m < 2 || n < 2 * m) return false;
  double mean = 0;
  for (double v : y) mean += v;
  mean /= static_cast<double>(n);
  double scale = 0;
  for (double v : y) scale += (v - mean) * (v - mean);
  if (!(scale > 0)) return false;
  double limit = 1;
  double r = 0;
  for (std::size_t lag = 1; lag <= m; ++lag) {
    r = 0;
    for (std::size_t i = lag; i < n; ++i) r += (y[i] - mean) * (y[i - lag] - mean);
    r /= scale;
    if (lag < m) limit += 2 * r * r;
  }
  return std::abs(r) > kSeasonLimit * std::sqrt(limit / static_cast<double>(n));
}

std::vector<double> seasonal_index(std::span<const double> y, std::span<const std::uint8_t> known,
                                   int season_length, bool multiplicative) {
  const auto m = static_cast<std::size_t>(season_length);
  const std::size_t n = y.size();
  const std::size_t half = m / 2;
  if (m < 2 || n < 2 * m) return {};
  std::vector<double> index(m, 0.0);
  std::vector<int> count(m, 0);
  for (std::size_t i = half; i + half < n; ++i) {
    if (!known.empty() && known[i] == 0) continue;
    const double trend = centred_mean(y, i, m);
    if (multiplicative && !(trend > 0)) return {};
    index[i % m] += multiplicative ? y[i] / trend : y[i] - trend;
    ++count[i % m];
  }
  double mean = 0;
  for (std::size_t k = 0; k < m; ++k) {
    if (count[k] == 0) return {};
    index[k] /= count[k];
    mean += index[k] / static_cast<double>(m);
  }
  for (double& s : index) {
    s = multiplicative ? s / mean : s - mean;
    if (multiplicative && !(s > kSmallestIndex)) return {};
  }
  return index;
}

Adjusted adjust(std::span<const double> y, int season_length, SeasonKind season) {
  check_finite(y);
  std::size_t begin = 0;
  std::size_t end = y.size();
  while (begin < end && std::isnan(y[begin])) ++begin;
  while (end > begin && std::isnan(y[end - 1])) --end;
  Adjusted out;
  out.y.assign(y.begin() + static_cast<std::ptrdiff_t>(begin),
               y.begin() + static_cast<std::ptrdiff_t>(end));
  out.known.assign(out.y.size(), 1);
  bool positive = true;
  for (std::size_t i = 0; i < out.y.size(); ++i) {
    if (std::isnan(out.y[i])) {
      out.known[i] = 0;
    } else {
      ++out.n_known;
      positive = positive && out.y[i] > 0;
    }
  }
  const bool gaps = out.n_known < static_cast<std::int64_t>(out.y.size());
  if (gaps) {
    fill_gaps(out.y, out.known);
  } else {
    out.known.clear();
  }
  if (season == SeasonKind::automatic) {
    if (!is_seasonal(out.y, season_length)) return out;
    season = positive ? SeasonKind::multiplicative : SeasonKind::additive;
    if (positive) {
      out.index = seasonal_index(out.y, out.known, season_length, true);
      if (out.index.empty()) season = SeasonKind::additive;
    }
  }
  if (season == SeasonKind::none) return out;
  const bool multiplicative = season == SeasonKind::multiplicative;
  if (out.index.empty()) {
    out.index = seasonal_index(out.y, out.known, season_length, multiplicative);
  }
  if (out.index.empty()) return out;
  out.season = season;
  remove_index(out.y, out.index, multiplicative);
  if (gaps) fill_gaps(out.y, out.known);
  return out;
}

}  // namespace emptor::forecasting
