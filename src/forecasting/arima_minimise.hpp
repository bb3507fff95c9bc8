#pragma once

#include "forecasting/arima_filter.hpp"

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace emptor::forecasting::arma {

/// Numbers of weights: of the plain and the seasonal polynomials.
struct Shape {
  int ar = 0, ma = 0, seasonal_ar = 0, seasonal_ma = 0, season_length = 1;
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(ar + ma + seasonal_ar + seasonal_ma);
  }
  [[nodiscard]] int reach() const {
    const int a = ar + seasonal_ar * season_length;
    const int b = ma + seasonal_ma * season_length;
    return a > b ? a : b;
  }
  bool operator==(const Shape&) const = default;
};

/// The four polynomials' coefficients.
struct Coefficients {
  std::vector<double> ar{}, ma{}, seasonal_ar{}, seasonal_ma{};
};
/// Of partial autocorrelations in the order ar, ma, seasonal_ar, seasonal_ma: every polynomial is
/// stationary or invertible.
Coefficients coefficients_of(const Shape& shape, std::span<const double> partial);
/// The way back; false where a polynomial is not.
bool partials_of(const Shape& shape, const Coefficients& coefficients, std::span<double> partial);
Weights multiplied(const Shape& shape, const Coefficients& coefficients);

/// Differenced columns: the series, one for each gap in it (integrated out), then the regressors.
struct Problem {
  Columns columns{};
  std::size_t gaps = 0;
  [[nodiscard]] std::size_t used() const { return columns.length - gaps; }
  [[nodiscard]] std::size_t regressors() const { return columns.count - 1 - gaps; }
};

/// What a set of weights leaves.
struct Errors {
  /// False where the process is not stationary, and where the known values leave gaps open: those
  /// of a place in the season that is never known cannot be told from its other values'
  /// differences.
  bool valid = false;
  double squares = 0;          ///< of the whitened series less gaps and regressors
  double log_determinant = 0;  ///< of the errors' variances, and of the gaps'
  /// -2 log likelihood but for constants: used * log(squares) + log_determinant.
  double loss = std::numeric_limits<double>::infinity();
  std::vector<double> residual{};
};

struct Buffers {
  Columns whitened{};
  Scratch scratch{};
  std::vector<double> triangle{};  ///< of the columns' orthogonalisation, upper, row by row
  std::vector<double> jacobian{};
};

/// The exact likelihood. After it `buffers.triangle` and `buffers.whitened` belong to `weights`.
void errors_at(const Problem& problem, const Weights& weights, Buffers& buffers, Errors& out,
               Trace* trace = nullptr);
/// Coefficients of gaps and regressors after errors_at().
std::vector<double> solved(const Buffers& buffers);
/// The inverse of the triangle's rows and columns [from, to), row by row.
std::vector<double> triangle_inverse(const Buffers& buffers, std::size_t from, std::size_t to);

struct Optimum {
  std::vector<double> partial{};
  double loss = std::numeric_limits<double>::infinity();
  int iterations = 0;
  bool converged = false;
};

/// Levenberg and Marquardt's method on the standardised errors, whose sum of squares, times the
/// determinant's root, is the likelihood; within (-1, 1) for every partial autocorrelation. Ends
/// once a step gains less than `tolerance`.
Optimum minimise(const Problem& problem, const Shape& shape, std::vector<double> start,
                 double tolerance, Buffers& buffers);

/// Weights by Hannan and Rissanen's regression (1982) on past values and on past errors of a long
/// autoregression, drawn into what is stationary and invertible; zeros where data are too few.
std::vector<double> first_guess(std::span<const double> w, const Shape& shape);

/// Solves the symmetric positive definite a x = b in place (a is overwritten, b becomes x); false
/// if it is not definite.
bool solve_definite(std::span<double> a, std::span<double> b);

}  // namespace emptor::forecasting::arma
