#include "core/optimize.hpp"

#include "emptor/core/error.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <boost/math/tools/minima.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace emptor::core {
namespace {

using Function = std::function<double(std::span<const double>)>;
using Point = std::vector<double>;

struct Vertex {
  Point x;
  double value;
};

// The simplex and its moves, with the parameters Gao and Han (2012) adapt to the dimension.
class Simplex {
 public:
  Simplex(const Function& f, std::span<const double> low, std::span<const double> high)
      : f_(f), low_(low), high_(high), n_(low.size()) {}

  void start(const Point& at, double relative) {
    vertices_.clear();
    add(at);
    for (std::size_t i = 0; i < n_; ++i) {
      Point x = at;
      const double step = relative * (x[i] != 0 ? std::fabs(x[i]) : 0.1);
      x[i] = x[i] + step <= high_[i] ? x[i] + step : x[i] - step;
      add(std::move(x));
    }
    order();
  }

  void move() {
    const auto n = static_cast<double>(std::max<std::size_t>(n_, 2));
    Point centre(n_, 0.0);
    for (std::size_t v = 0; v < n_; ++v) {
      for (std::size_t i = 0; i < n_; ++i) centre[i] += vertices_[v].x[i] / static_cast<double>(n_);
    }
    const auto towards = [&](double step) {
      Point x(n_);
      for (std::size_t i = 0; i < n_; ++i) {
        x[i] = centre[i] + step * (centre[i] - vertices_.back().x[i]);
      }
      return evaluate(std::move(x));
    };
    const double worst = vertices_.back().value;
    Vertex reflected = towards(1);
    if (reflected.value < vertices_.front().value) {
      Vertex expanded = towards(1 + 2 / n);
      replace(expanded.value < reflected.value ? std::move(expanded) : std::move(reflected));
    } else if (reflected.value < vertices_[n_ - 1].value) {
      replace(std::move(reflected));
    } else {
      const double share = 0.75 - 1 / (2 * n);
      const bool outside = reflected.value < worst;
      Vertex contracted = towards(outside ? share : -share);
      if (contracted.value < (outside ? reflected.value : worst)) {
        replace(std::move(contracted));
      } else {
        shrink(1 - 1 / n);
      }
    }
  }

  // Whether values and points have come together.
  [[nodiscard]] bool small(double tolerance) const {
    const double best = vertices_.front().value;
    if (!(vertices_.back().value - best <= tolerance * (1 + std::fabs(best)))) return false;
    for (std::size_t i = 0; i < n_; ++i) {
      const double x = vertices_.front().x[i];
      for (const Vertex& v : vertices_) {
        if (std::fabs(v.x[i] - x) > std::sqrt(tolerance) * (1 + std::fabs(x))) return false;
      }
    }
    return true;
  }

  [[nodiscard]] const Vertex& best() const { return vertices_.front(); }

 private:
  Vertex evaluate(Point x) const {
    for (std::size_t i = 0; i < n_; ++i) x[i] = std::clamp(x[i], low_[i], high_[i]);
    double value = f_(x);
    if (std::isnan(value)) value = std::numeric_limits<double>::infinity();
    return {std::move(x), value};
  }
  void add(Point x) { vertices_.push_back(evaluate(std::move(x))); }
  void order() {
    std::stable_sort(vertices_.begin(), vertices_.end(),
                     [](const Vertex& a, const Vertex& b) { return a.value < b.value; });
  }
  void replace(Vertex v) {
    vertices_.back() = std::move(v);
    order();
  }
  void shrink(double share) {
    for (std::size_t v = 1; v <= n_; ++v) {
      Point x(n_);
      for (std::size_t i = 0; i < n_; ++i) {
        const double best = vertices_.front().x[i];
        x[i] = best + share * (vertices_[v].x[i] - best);
      }
      vertices_[v] = evaluate(std::move(x));
    }
    order();
  }

  const Function& f_;
  std::span<const double> low_;
  std::span<const double> high_;
  std::size_t n_;
  std::vector<Vertex> vertices_{};
};

}  // namespace

Minimum nelder_mead(const Function& f, std::vector<double> start, std::span<const double> low,
                    std::span<const double> high, double tolerance, int max_iterations) {
  if (start.empty() || low.size() != start.size() || high.size() != start.size()) {
    throw InvalidArgument("nelder_mead: start, low and high must have the same size, at least 1");
  }
  Simplex simplex(f, low, high);
  Minimum result{std::move(start)};
  result.value = std::numeric_limits<double>::infinity();
  // A simplex can collapse away from a minimum: begin again where it ended until that helps no
  // more.
  for (int round = 0; round < 10 && result.iterations < max_iterations; ++round) {
    simplex.start(result.x, round == 0 ? 0.05 : 0.02);
    while (result.iterations < max_iterations && !simplex.small(tolerance)) {
      simplex.move();
      ++result.iterations;
    }
    const double gained = result.value - simplex.best().value;
    result.x = simplex.best().x;
    result.value = simplex.best().value;
    if (!simplex.small(tolerance) || !std::isfinite(result.value)) break;
    if (gained <= tolerance * (1 + std::fabs(result.value))) {
      result.converged = true;
      break;
    }
  }
  return result;
}

Minimum newton(const std::function<double(std::span<const double>, std::span<double>)>& f,
               std::vector<double> start, double tolerance, int max_iterations) {
  const auto n = static_cast<Eigen::Index>(start.size());
  if (n == 0) throw InvalidArgument("newton: start must have at least one parameter");
  Minimum result{std::move(start)};
  Eigen::Map<Eigen::VectorXd> x(result.x.data(), n);
  Eigen::VectorXd gradient(n);
  const auto evaluate = [&](const Eigen::VectorXd& at, Eigen::VectorXd& slope) {
    const auto size = static_cast<std::size_t>(n);
    return f({at.data(), size}, {slope.data(), size});
  };
  result.value = evaluate(x, gradient);
  if (!std::isfinite(result.value)) return result;

  const auto hessian = [&] {
    Eigen::MatrixXd h(n, n);
    Eigen::VectorXd up(n);
    Eigen::VectorXd down(n);
    Eigen::VectorXd at = x;
    for (Eigen::Index i = 0; i < n; ++i) {
      const double step = 6e-6 * std::max(1.0, std::fabs(x[i]));  // about eps^(1/3)
      at[i] = x[i] + step;
      evaluate(at, up);
      at[i] = x[i] - step;
      evaluate(at, down);
      at[i] = x[i];
      h.col(i) = (up - down) / (2 * step);
    }
    return Eigen::MatrixXd(0.5 * (h + h.transpose()));
  };
  // The Newton step, with as much of the identity added as makes the curvature positive.
  const auto newton_step = [&](const Eigen::MatrixXd& h) {
    const double scale = std::max(1e-12, h.diagonal().cwiseAbs().maxCoeff());
    for (double ridge = 0; ridge < 1e12; ridge = std::max(10 * ridge, 1e-10)) {
      const Eigen::LLT<Eigen::MatrixXd> factor(h + ridge * scale * Eigen::MatrixXd::Identity(n, n));
      if (factor.info() == Eigen::Success) return Eigen::VectorXd(-factor.solve(gradient));
    }
    return Eigen::VectorXd(-gradient);
  };

  for (; result.iterations < max_iterations; ++result.iterations) {
    const Eigen::VectorXd step = newton_step(hessian());
    // Half the squared Newton decrement: what a full step is expected to gain.
    const double expected = -0.5 * gradient.dot(step);
    if (!std::isfinite(expected)) return result;
    const bool close = expected <= tolerance * (1 + std::fabs(result.value));
    double share = 1;
    Eigen::VectorXd slope(n);
    Eigen::VectorXd trial = x + step;
    double value = evaluate(trial, slope);
    const auto accepted = [&] {
      return std::isfinite(value) && slope.allFinite() &&
             value <= result.value - 1e-4 * share * 2 * expected;
    };
    while (!accepted() && share > 1e-10 && !close) {
      share *= 0.5;
      trial = x + share * step;
      value = evaluate(trial, slope);
    }
    if (accepted()) {
      x = trial;
      result.value = value;
      gradient = slope;
    } else if (!close) {
      return result;
    }
    if (close) {
      result.converged = true;
      return result;
    }
  }
  return result;
}

namespace {

// One bounded Newton run: where it stands, and which parameters may move.
class BoundedNewton {
 public:
  BoundedNewton(const SecondOrder& f, std::span<const double> low, std::span<const double> high,
                Point start)
      : f_(f), low_(low), high_(high), n_(start.size()), x_(std::move(start)) {
    for (std::size_t i = 0; i < n_; ++i) x_[i] = std::clamp(x_[i], low_[i], high_[i]);
    value_ = evaluate(x_, gradient_, hessian_);
  }

  [[nodiscard]] bool finite() const { return std::isfinite(value_); }

  // The Newton step of the free parameters, with as much ridge as makes the curvature positive and
  // no parameter more than kLongest away.
  Point step() {
    free_.clear();
    for (std::size_t i = 0; i < n_; ++i) {
      const bool out =
          (x_[i] <= low_[i] && gradient_[i] > 0) || (x_[i] >= high_[i] && gradient_[i] < 0);
      if (!out) free_.push_back(i);
    }
    const auto m = static_cast<Eigen::Index>(free_.size());
    Point direction(n_, 0.0);
    if (m == 0) return direction;
    Eigen::MatrixXd h(m, m);
    Eigen::VectorXd g(m);
    for (Eigen::Index i = 0; i < m; ++i) {
      const std::size_t row = free_[static_cast<std::size_t>(i)];
      g[i] = gradient_[row];
      for (Eigen::Index j = 0; j < m; ++j)
        h(i, j) = hessian_[row * n_ + free_[static_cast<std::size_t>(j)]];
    }
    const double scale = std::max(1e-300, h.diagonal().cwiseAbs().maxCoeff());
    Eigen::VectorXd moved = -g / scale;
    for (double ridge = 0; ridge < 1e4; ridge = std::max(10 * ridge, 1e-10)) {
      const Eigen::LLT<Eigen::MatrixXd> factor(h + ridge * scale * Eigen::MatrixXd::Identity(m, m));
      if (factor.info() != Eigen::Success) continue;
      moved = -factor.solve(g);
      if (moved.allFinite() && moved.cwiseAbs().maxCoeff() < 100 * kLongest) break;
    }
    const double longest = moved.cwiseAbs().maxCoeff();
    if (longest > kLongest) moved *= kLongest / longest;
    for (Eigen::Index i = 0; i < m; ++i) direction[free_[static_cast<std::size_t>(i)]] = moved[i];
    return direction;
  }

  // What a step is expected to gain, to first order, halved.
  [[nodiscard]] double expected(const Point& direction) const {
    double sum = 0;
    for (std::size_t i = 0; i < n_; ++i)
      sum -= gradient_[i] * (std::clamp(x_[i] + direction[i], low_[i], high_[i]) - x_[i]);
    return 0.5 * sum;
  }

  // Goes along the direction as far as the value falls; false if it does not fall at all.
  bool move(const Point& direction, double expected) {
    Point gradient, hessian;
    for (double share = 1; share > 1e-9; share *= 0.5) {
      Point trial(n_);
      for (std::size_t i = 0; i < n_; ++i)
        trial[i] = std::clamp(x_[i] + share * direction[i], low_[i], high_[i]);
      const double value = evaluate(trial, gradient, hessian);
      if (std::isfinite(value) && value <= value_ - 1e-4 * share * expected) {
        x_ = std::move(trial);
        value_ = value;
        gradient_ = std::move(gradient);
        hessian_ = std::move(hessian);
        return true;
      }
    }
    return false;
  }

  void report(BoundedMinimum& result) const {
    result.x = x_;
    result.value = value_;
    result.gradient = gradient_;
    result.hessian = hessian_;
  }
  [[nodiscard]] double value() const { return value_; }

 private:
  static constexpr double kLongest = 4;

  double evaluate(const Point& x, Point& gradient, Point& hessian) const {
    gradient.assign(n_, 0.0);
    hessian.assign(n_ * n_, 0.0);
    const double value = f_(x, gradient, hessian);
    for (const double g : gradient)
      if (!std::isfinite(g)) return std::numeric_limits<double>::infinity();
    for (const double h : hessian)
      if (!std::isfinite(h)) return std::numeric_limits<double>::infinity();
    return std::isnan(value) ? std::numeric_limits<double>::infinity() : value;
  }

  const SecondOrder& f_;
  std::span<const double> low_;
  std::span<const double> high_;
  std::size_t n_;
  Point x_;
  double value_ = 0;
  Point gradient_{};
  Point hessian_{};
  std::vector<std::size_t> free_{};
};

}  // namespace

BoundedMinimum newton_bounded(const SecondOrder& f, std::vector<double> start,
                              std::span<const double> low, std::span<const double> high,
                              double tolerance, int max_iterations) {
  if (start.empty() || low.size() != start.size() || high.size() != start.size()) {
    throw InvalidArgument("newton_bounded: start, low and high must have the same size");
  }
  BoundedMinimum result;
  BoundedNewton newton(f, low, high, std::move(start));
  for (; newton.finite() && result.iterations < max_iterations; ++result.iterations) {
    const Point direction = newton.step();
    const double expected = newton.expected(direction);
    if (!std::isfinite(expected)) break;
    const bool close = expected <= tolerance * (1 + std::fabs(newton.value()));
    if (close) {
      // The last step costs one evaluation and squares what is left of the error.
      newton.move(direction, -tolerance * (1 + std::fabs(newton.value())));
      result.converged = true;
      break;
    }
    if (!newton.move(direction, expected)) break;
  }
  newton.report(result);
  return result;
}

Minimum brent(const std::function<double(double)>& f, double low, double high, double tolerance,
              int max_iterations) {
  if (!(low <= high)) throw InvalidArgument("brent: low must not be above high");
  // Half of the digits of a double is all that a minimum shows.
  const int bits = static_cast<int>(std::clamp(std::ceil(-std::log2(tolerance)), 2.0, 26.0));
  auto iterations = static_cast<std::uintmax_t>(std::max(1, max_iterations));
  const auto limit = iterations;
  const auto [x, value] = boost::math::tools::brent_find_minima(f, low, high, bits, iterations);
  return {{x}, value, static_cast<int>(iterations), iterations < limit && std::isfinite(value)};
}

}  // namespace emptor::core
