#include "forecasting/arima_minimise.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::forecasting::arma {
namespace {

/// Partial autocorrelations stay that far inside.
constexpr double kEdge = 1 - 1e-6;
constexpr double kStep = 1e-6;  ///< of differences
constexpr int kMostIterations = 60;
constexpr double kMostDamping = 1e7;
/// A column of which the others leave less is told by them.
constexpr double kNothingNew = 1e-9;

std::size_t places(int count) { return static_cast<std::size_t>(count); }

double dot(std::span<const double> a, std::span<const double> b) {
  // Four sums side by side, which the compiler turns into vectors.
  double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  std::size_t i = 0;
  for (; i + 4 <= a.size(); i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  for (; i < a.size(); ++i) s0 += a[i] * b[i];
  return (s0 + s1) + (s2 + s3);
}

void take_off(std::span<double> from, std::span<const double> what, double times) {
  for (std::size_t i = 0; i < from.size(); ++i) from[i] -= times * what[i];
}

void turn(std::span<double> v) {
  for (double& x : v) x = -x;
}

}  // namespace

Coefficients coefficients_of(const Shape& shape, std::span<const double> partial) {
  Coefficients out;
  std::size_t at = 0;
  const auto next = [&](int count, std::vector<double>& to) {
    to.resize(places(count));
    from_partial(partial.subspan(at, places(count)), to);
    at += places(count);
  };
  next(shape.ar, out.ar);
  next(shape.ma, out.ma);
  next(shape.seasonal_ar, out.seasonal_ar);
  next(shape.seasonal_ma, out.seasonal_ma);
  turn(out.ma);
  turn(out.seasonal_ma);
  return out;
}

bool partials_of(const Shape& shape, const Coefficients& c, std::span<double> partial) {
  std::size_t at = 0;
  const auto next = [&](int count, std::vector<double> from, double sign) {
    for (double& v : from) v *= sign;
    const bool fine = to_partial(from, partial.subspan(at, places(count)));
    at += places(count);
    return fine;
  };
  const bool ar = next(shape.ar, c.ar, 1);
  const bool ma = next(shape.ma, c.ma, -1);
  const bool seasonal_ar = next(shape.seasonal_ar, c.seasonal_ar, 1);
  const bool seasonal_ma = next(shape.seasonal_ma, c.seasonal_ma, -1);
  return ar && ma && seasonal_ar && seasonal_ma;
}

Weights multiplied(const Shape& shape, const Coefficients& c) {
  return multiplied(c.ar, c.ma, c.seasonal_ar, c.seasonal_ma, shape.season_length);
}

void errors_at(const Problem& problem, const Weights& weights, Buffers& b, Errors& out,
               Trace* trace) {
  out.valid = false;
  out.loss = std::numeric_limits<double>::infinity();
  out.log_determinant = whiten(weights, problem.columns, b.whitened, b.scratch, trace);
  if (std::isnan(out.log_determinant)) return;
  const std::size_t k = problem.columns.count - 1;
  b.triangle.assign((k + 1) * (k + 1), 0.0);
  for (std::size_t j = 1; j <= k; ++j) {
    const double whole = std::sqrt(dot(b.whitened[j], b.whitened[j]));
    for (std::size_t i = 1; i < j; ++i) {
      const double share = dot(b.whitened[i], b.whitened[j]);
      b.triangle[(i - 1) * (k + 1) + j - 1] = share;
      take_off(b.whitened[j], b.whitened[i], share);
    }
    const double size = std::sqrt(dot(b.whitened[j], b.whitened[j]));
    if (!(size > kNothingNew * whole)) return;
    for (double& v : b.whitened[j]) v /= size;
    b.triangle[(j - 1) * (k + 1) + j - 1] = size;
    if (j <= problem.gaps) out.log_determinant += 2 * std::log(size);
  }
  for (std::size_t j = 1; j <= k; ++j) {
    const double share = dot(b.whitened[j], b.whitened[0]);
    b.triangle[(j - 1) * (k + 1) + k] = share;
    take_off(b.whitened[0], b.whitened[j], share);
  }
  const std::span<const double> left = b.whitened[0];
  out.residual.assign(left.begin(), left.end());
  out.squares = dot(left, left);
  const auto used = static_cast<double>(problem.used());
  out.loss = used * std::log(out.squares) + out.log_determinant;
  out.valid = std::isfinite(out.loss);
}

std::vector<double> solved(const Buffers& b) {
  const std::size_t k = b.whitened.count - 1;
  std::vector<double> x(k);
  for (std::size_t j = k; j-- > 0;) {
    x[j] = b.triangle[j * (k + 1) + k];
    for (std::size_t i = j + 1; i < k; ++i) x[j] -= b.triangle[j * (k + 1) + i] * x[i];
    x[j] /= b.triangle[j * (k + 1) + j];
  }
  return x;
}

std::vector<double> triangle_inverse(const Buffers& b, std::size_t from, std::size_t to) {
  const std::size_t width = b.whitened.count;
  const std::size_t k = to - from;
  std::vector<double> inverse(k * k, 0.0);
  for (std::size_t c = 0; c < k; ++c) {
    for (std::size_t j = c + 1; j-- > 0;) {
      double sum = j == c ? 1 : 0;
      for (std::size_t i = j + 1; i <= c; ++i) {
        sum -= b.triangle[(from + j) * width + from + i] * inverse[i * k + c];
      }
      inverse[j * k + c] = sum / b.triangle[(from + j) * width + from + j];
    }
  }
  return inverse;
}

bool solve_definite(std::span<double> a, std::span<double> b) {
  const std::size_t n = b.size();
  for (std::size_t j = 0; j < n; ++j) {
    double pivot = a[j * n + j];
    for (std::size_t k = 0; k < j; ++k) pivot -= a[j * n + k] * a[j * n + k];
    if (!(pivot > 0)) return false;
    const double root = std::sqrt(pivot);
    a[j * n + j] = root;
    for (std::size_t i = j + 1; i < n; ++i) {
      double sum = a[i * n + j];
      for (std::size_t k = 0; k < j; ++k) sum -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = sum / root;
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= a[i * n + k] * b[k];
    b[i] /= a[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= a[k * n + i] * b[k];
    b[i] /= a[i * n + i];
  }
  return true;
}

namespace {

/// The search's state: a point, its errors, and the model of the loss around it.
class Descent {
 public:
  Descent(const Problem& problem, const Shape& shape, Buffers& buffers)
      : problem_(problem), shape_(shape), buffers_(buffers), size_(shape.size()) {}

  void look(std::span<const double> at, Errors& out) {
    errors_at(problem_, multiplied(shape_, coefficients_of(shape_, at)), buffers_, out);
    if (!out.valid) return;
    // With this factor the sum of squares is the likelihood.
    const auto used = static_cast<double>(problem_.used());
    const double factor = std::exp(out.log_determinant / (2 * used));
    for (double& v : out.residual) v *= factor;
  }

  /// Derivatives of the residuals, and from them slope and curvature.
  bool derive(std::span<const double> at, const Errors& here) {
    const std::size_t n = here.residual.size();
    buffers_.jacobian.resize(n * size_);
    std::vector<double> moved(at.begin(), at.end());
    for (std::size_t k = 0; k < size_; ++k) {
      const double step = at[k] > 0 ? -kStep : kStep;
      moved[k] = at[k] + step;
      look(moved, there_);
      moved[k] = at[k];
      if (!there_.valid) return false;
      for (std::size_t i = 0; i < n; ++i) {
        buffers_.jacobian[k * n + i] = (there_.residual[i] - here.residual[i]) / step;
      }
    }
    slope_.assign(size_, 0.0);
    curve_.assign(size_ * size_, 0.0);
    const auto column = [&](std::size_t k) {
      return std::span<const double>(buffers_.jacobian).subspan(k * n, n);
    };
    for (std::size_t k = 0; k < size_; ++k) {
      slope_[k] = dot(column(k), here.residual);
      for (std::size_t j = 0; j <= k; ++j) {
        curve_[k * size_ + j] = curve_[j * size_ + k] = dot(column(k), column(j));
      }
    }
    return true;
  }

  /// The step to take from `at` with this damping; parameters at an edge that point out stay.
  bool step(std::span<const double> at, double damping, std::vector<double>& to) {
    std::vector<std::size_t> free;
    for (std::size_t k = 0; k < size_; ++k) {
      const bool stuck = (at[k] >= kEdge && slope_[k] < 0) || (at[k] <= -kEdge && slope_[k] > 0);
      if (!stuck) free.push_back(k);
    }
    if (free.empty()) return false;
    double largest = 0;
    for (std::size_t k : free) largest = std::max(largest, curve_[k * size_ + k]);
    std::vector<double> a(free.size() * free.size()), b(free.size());
    for (std::size_t i = 0; i < free.size(); ++i) {
      for (std::size_t j = 0; j < free.size(); ++j) {
        a[i * free.size() + j] = curve_[free[i] * size_ + free[j]];
      }
      a[i * free.size() + i] += damping * (a[i * free.size() + i] + 1e-6 * largest);
      b[i] = -slope_[free[i]];
    }
    if (!solve_definite(a, b)) return false;
    to.assign(at.begin(), at.end());
    for (std::size_t i = 0; i < free.size(); ++i) {
      to[free[i]] = std::clamp(at[free[i]] + b[i], -kEdge, kEdge);
    }
    return true;
  }

 private:
  const Problem& problem_;
  const Shape& shape_;
  Buffers& buffers_;
  std::size_t size_;
  Errors there_;
  std::vector<double> slope_{}, curve_{};
};

}  // namespace

Optimum minimise(const Problem& problem, const Shape& shape, std::vector<double> start,
                 double tolerance, Buffers& buffers) {
  Optimum out;
  out.partial = std::move(start);
  Descent descent(problem, shape, buffers);
  Errors here, there;
  descent.look(out.partial, here);
  if (!here.valid) return out;
  out.loss = here.loss;
  out.converged = shape.size() == 0;
  double damping = 1e-3;
  std::vector<double> to;
  while (!out.converged && out.iterations < kMostIterations) {
    ++out.iterations;
    if (!descent.derive(out.partial, here)) break;
    bool better = false;
    while (!better && damping < kMostDamping) {
      if (descent.step(out.partial, damping, to)) {
        descent.look(to, there);
        better = there.valid && there.loss < here.loss;
      }
      if (!better) damping *= 8;
    }
    if (!better) {
      out.converged = true;
      break;
    }
    damping = std::max(damping / 8, 1e-9);
    out.converged = here.loss - there.loss < tolerance;
    std::swap(here, there);
    out.partial = to;
    out.loss = here.loss;
  }
  return out;
}

}  // namespace emptor::forecasting::arma
