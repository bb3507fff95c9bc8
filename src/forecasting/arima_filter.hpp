#pragma once

#include "emptor/forecasting/arima.hpp"

#include <span>
#include <vector>

namespace emptor::forecasting::arma {

/// A lag polynomial's coefficients other than 0.
struct Lags {
  std::vector<int> lag{};
  std::vector<double> value{};
};

/// Both polynomials multiplied out: w(t) = sum of ar w(t - i) + e(t) + sum of ma e(t - i).
struct Weights {
  Lags ar{}, ma{};
  int reach = 0;                ///< the longest lag
  std::vector<double> dense{};  ///< ar by lag - 1, `reach` of them
};
Weights multiplied(std::span<const double> ar, std::span<const double> ma,
                   std::span<const double> seasonal_ar, std::span<const double> seasonal_ma,
                   int season_length);

/// Coefficients a of the stationary 1 - a(1) B - ... with these partial autocorrelations, and back;
/// `false` where the polynomial is not stationary. Every partial autocorrelation is inside (-1, 1).
void from_partial(std::span<const double> partial, std::span<double> coefficients);
bool to_partial(std::span<const double> coefficients, std::span<double> partial);

/// Whether all roots of 1 - a(1) B - ... lie outside the circle of this radius.
bool roots_outside(std::span<const double> coefficients, double radius);

/// Autocovariances of lags 0 ... reach for errors of variance 1; false where not stationary.
bool autocovariances(const Weights& weights, std::vector<double>& out);

/// Columns of the same length, one after the other.
struct Columns {
  std::size_t length = 0, count = 0;
  std::vector<double> data{};
  void resize(std::size_t rows, std::size_t columns) {
    length = rows;
    count = columns;
    data.assign(rows * columns, 0.0);
  }
  [[nodiscard]] std::span<double> operator[](std::size_t c) {
    return {data.data() + c * length, length};
  }
  [[nodiscard]] std::span<const double> operator[](std::size_t c) const {
    return {data.data() + c * length, length};
  }
};

/// Buffers of whiten(), used again from call to call.
struct Scratch {
  std::vector<double> covariance{}, psi{}, gain{}, moved{};
  std::vector<double> tracks{};
  std::vector<double> table{};
};

/// What else a pass can tell.
struct Trace {
  std::vector<std::vector<double>> ends{};  ///< each column's state after it, `reach` values
  std::vector<double> deviation{};          ///< standard deviation of each step's error
};

/// Turns columns whose noise is this ARMA process into columns with independent errors of variance
/// 1: one-step errors over their standard deviations. Returns the sum of the variances' logs; NaN
/// where the process is not stationary. Exact, by Chandrasekhar's recursions (Morf, Sidhu and
/// Kailath 1974; Melard 1984, AS 197) in reach * (3 + columns) operations a step; once the variance
/// is within 1e-12 of 1 the recursion goes on with constant weights.
double whiten(const Weights& weights, const Columns& in, Columns& out, Scratch& scratch,
              Trace* trace = nullptr);

/// Covariance of the state after n steps, reach * reach; empty once it has vanished.
std::vector<double> state_covariance(const Weights& weights, std::size_t n);

}  // namespace emptor::forecasting::arma
