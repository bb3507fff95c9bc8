#include "forecasting/loess.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::forecasting {
namespace {

/// Within these parts of the reach the weight is 1, and 0 (as in the authors' program).
constexpr double kNear = 0.001;
constexpr double kFar = 0.999;
/// A line is fitted where its values spread over more than this part of the series.
constexpr double kLeastSpread = 0.001;

}  // namespace

void Loess::set_kernel(double reach, std::size_t extent) {
  if (reach == reach_ && kernel_.size() > extent) return;
  reach_ = reach;
  kernel_.resize(extent + 1);
  for (std::size_t k = 0; k <= extent; ++k) {
    const auto r = static_cast<double>(k);
    if (r > kFar * reach) {
      kernel_[k] = 0;
    } else if (r <= kNear * reach) {
      kernel_[k] = 1;
    } else {
      const double u = r / reach;
      const double v = 1 - u * u * u;
      kernel_[k] = v * v * v;
    }
  }
}

double Loess::at(double at, std::size_t first, std::size_t last, std::span<const double> y,
                 std::span<const double> weight, double otherwise) {
  const auto place = [](std::size_t i) { return static_cast<double>(i + 1); };
  const double left = at - place(first);
  const double right = place(last) - at;
  const double farthest = std::max(left, right);
  double reach = farthest;
  if (window_ > y.size()) reach += static_cast<double>((window_ - y.size()) / 2);
  set_kernel(reach, static_cast<std::size_t>(farthest));
  const std::size_t count = last - first + 1;
  w_.resize(std::max(w_.size(), count));
  double total = 0, centre = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double r = std::abs(place(first + i) - at);
    double w = kernel_[static_cast<std::size_t>(r)];
    if (!weight.empty()) w *= weight[first + i];
    w_[i] = w;
    total += w;
    centre += w * place(i);
  }
  if (!(total > 0)) return otherwise;
  double tilt = 0;
  centre /= total;
  if (degree_ > 0 && reach > 0) {
    double spread = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double d = place(i) - centre;
      spread += w_[i] * d * d;
    }
    spread /= total;
    if (std::sqrt(spread) > kLeastSpread * static_cast<double>(y.size() - 1)) {
      tilt = (at - static_cast<double>(first) - centre) / spread;
    }
  }
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    sum += w_[i] * (1 + tilt * (place(i) - centre)) * y[first + i];
  }
  return sum / total;
}

void Loess::smooth(std::span<const double> y, std::span<const double> weight,
                   std::span<double> out) {
  const std::size_t n = y.size();
  if (n < 2) {
    if (n == 1) out[0] = y[0];
    return;
  }
  const std::size_t jump = std::clamp<std::size_t>(jump_, 1, n - 1);
  const std::size_t before = (window_ + 1) / 2 - 1;
  const auto value = [&](std::size_t i) {
    std::size_t first = 0;
    std::size_t last = n - 1;
    if (window_ < n) {
      first = i > before ? std::min(i - before, n - window_) : 0;
      last = first + window_ - 1;
    }
    return at(static_cast<double>(i + 1), first, last, y, weight, y[i]);
  };
  std::size_t done = 0;
  out[0] = value(0);
  while (done < n - 1) {
    const std::size_t next = std::min(done + jump, n - 1);
    out[next] = value(next);
    const double step = (out[next] - out[done]) / static_cast<double>(next - done);
    for (std::size_t k = done + 1; k < next; ++k) {
      out[k] = out[done] + step * static_cast<double>(k - done);
    }
    done = next;
  }
}

}  // namespace emptor::forecasting
