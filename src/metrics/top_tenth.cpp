#include "metrics/top_tenth.hpp"

#include "metrics/clustered.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>

namespace emptor::metrics {
namespace {

double log_odds(double share) {
  const double inside = std::clamp(share, 1e-12, 1 - 1e-12);
  return std::log(inside / (1 - inside));
}

double from_log_odds(double z) { return 1 / (1 + std::exp(-z)); }

/// The largest values first, as many as are asked for, the rest in any order.
void largest_first(std::vector<data::Money>& paid, std::size_t wanted) {
  const auto end = paid.begin() + static_cast<std::ptrdiff_t>(std::min(wanted, paid.size()));
  std::partial_sort(paid.begin(), end, paid.end(), std::greater<>());
}

}  // namespace

TopTenth top_tenth(std::vector<data::Money>& paid) {
  const double tenth = kTopTenth * static_cast<double>(paid.size());
  const auto whole = static_cast<std::size_t>(tenth);
  std::nth_element(paid.begin(), paid.begin() + static_cast<std::ptrdiff_t>(whole), paid.end(),
                   std::greater<>());
  data::Money top = 0, all = 0;
  for (std::size_t i = 0; i < paid.size(); ++i) {
    all += paid[i];
    if (i < whole) top += paid[i];
  }
  const auto from = static_cast<double>(paid[whole]);
  const double part = (tenth - static_cast<double>(whole)) * from;
  return {(static_cast<double>(top) + part) / static_cast<double>(all), from};
}

Interval top_tenth_interval(std::vector<data::Money> paid, double level) {
  const auto n = static_cast<double>(paid.size());
  const double share = top_tenth(paid).share;
  // Without one customer the tenth is `whole` of the others and a part of the next.
  const double tenth = kTopTenth * (n - 1);
  const auto whole = static_cast<std::size_t>(tenth);
  const double part = tenth - static_cast<double>(whole);
  largest_first(paid, whole + 2);
  double all = 0, top = 0;
  for (std::size_t i = 0; i < paid.size(); ++i) {
    all += static_cast<double>(paid[i]);
    if (i < whole) top += static_cast<double>(paid[i]);
  }
  const auto last = static_cast<double>(paid[whole]);
  const auto next = static_cast<double>(paid[whole + 1]);
  std::vector<double> without(paid.size());
  double mean = 0;
  for (std::size_t i = 0; i < paid.size(); ++i) {
    const auto own = static_cast<double>(paid[i]);
    const double left = own >= last ? top + last - own + part * next : top + part * last;
    without[i] = log_odds(left / (all - own));
    mean += without[i] / n;
  }
  const double z = log_odds(share);
  Clustered clustered;
  for (const double value : without) clustered.add((value - mean) * std::sqrt((n - 1) / n));
  // The tenth's customers scatter around a mean of their own, which takes one of their freedoms.
  const double in_tenth = kTopTenth * n;
  const double half =
      clustered.half_width(level, in_tenth) * std::sqrt(in_tenth / std::max(in_tenth - 1, 0.5));
  if (half < 1e-9) return {share, share};  // all paid the same
  const double middle = z - (n - 1) * (mean - z);
  return {std::min(share, from_log_odds(middle - half)),
          std::max(share, from_log_odds(middle + half))};
}

}  // namespace emptor::metrics
