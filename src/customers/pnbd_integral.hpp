#pragma once

#include <array>

namespace emptor::customers {

/// The integral of the Pareto/NBD over the moment of leaving, as the logarithm of
///   (alpha + T)^R (beta + T)^s  times the integral from t_x to T of
///   (alpha + y)^-R (beta + y)^-(s + 1) dy,
/// that is, relative to the weight of still being there, with its first and second derivatives by
/// (r, alpha, s, beta), R = r + x. -infinity where t_x = T.
///
/// The field writes it as a difference of hypergeometric functions, which cancels where t_x is near
/// T and overflows for large x; the integrand is positive, and smooth in ln(min(alpha, beta) + y),
/// so Gauss-Legendre panels over the part that counts give it to 1e-13, with all moments needed for
/// the derivatives on the way.
struct PnbdIntegral {
  double log = 0;
  std::array<double, 4> slope{};
  std::array<double, 16> curve{};  ///< upper half
};

PnbdIntegral pnbd_integral(double R, double alpha, double s, double beta, double last, double T,
                           bool second = true);

/// ln of (alpha + y)^-R (beta + y)^-s and its derivatives, the weight of still being there at y.
PnbdIntegral pnbd_staying(double R, double alpha, double s, double beta, double y);

}  // namespace emptor::customers
