#pragma once

#include <functional>
#include <span>
#include <vector>

namespace emptor::core {

/// Where a minimiser ended.
struct Minimum {
  std::vector<double> x;
  double value = 0;
  int iterations = 0;
  bool converged = false;
};

/// Nelder and Mead's simplex (1965) within box bounds (points are clamped), for few parameters and
/// rough functions. `low` and `high` may be infinite. Deterministic.
Minimum nelder_mead(const std::function<double(std::span<const double>)>& f,
                    std::vector<double> start, std::span<const double> low,
                    std::span<const double> high, double tolerance = 1e-8,
                    int max_iterations = 2000);

/// Damped Newton with numerical second differences of the gradient, for smooth functions of few
/// parameters. `f` returns the value and writes the gradient.
Minimum newton(const std::function<double(std::span<const double>, std::span<double>)>& f,
               std::vector<double> start, double tolerance = 1e-10, int max_iterations = 100);

/// Value, gradient and Hessian (row by row) of a smooth function; returns the value.
using SecondOrder =
    std::function<double(std::span<const double>, std::span<double>, std::span<double>)>;

/// Damped Newton within box bounds, with the function's own second derivatives, for smooth
/// functions of few parameters. A parameter at a bound stays there while its slope points out.
/// `hessian` of the result belongs to x.
struct BoundedMinimum : Minimum {
  std::vector<double> gradient;
  std::vector<double> hessian;
};
BoundedMinimum newton_bounded(const SecondOrder& f, std::vector<double> start,
                              std::span<const double> low, std::span<const double> high,
                              double tolerance = 1e-10, int max_iterations = 100);

/// Brent's minimiser on [low, high].
Minimum brent(const std::function<double(double)>& f, double low, double high,
              double tolerance = 1e-10, int max_iterations = 200);

}  // namespace emptor::core
