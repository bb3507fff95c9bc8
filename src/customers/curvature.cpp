#include "customers/curvature.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <limits>

namespace emptor::customers {

std::vector<double> covariance_at(const core::BoundedMinimum& at, std::span<const double> low,
                                  std::span<const double> high) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  const std::size_t p = at.x.size();
  std::vector<std::size_t> free;
  for (std::size_t i = 0; i < p; ++i)
    if (!at_bound(at.x[i], low[i], high[i])) free.push_back(i);
  std::vector<double> out(p * p, 0.0);
  const auto m = static_cast<Eigen::Index>(free.size());
  if (m == 0) return out;
  Eigen::MatrixXd h(m, m);
  for (Eigen::Index i = 0; i < m; ++i)
    for (Eigen::Index j = 0; j < m; ++j)
      h(i, j) =
          at.hessian[free[static_cast<std::size_t>(i)] * p + free[static_cast<std::size_t>(j)]];
  const Eigen::LLT<Eigen::MatrixXd> factor(h);
  const bool maximum = factor.info() == Eigen::Success;
  const Eigen::MatrixXd inverse =
      maximum ? Eigen::MatrixXd(factor.solve(Eigen::MatrixXd::Identity(m, m))) : h;
  for (Eigen::Index i = 0; i < m; ++i)
    for (Eigen::Index j = 0; j < m; ++j)
      out[free[static_cast<std::size_t>(i)] * p + free[static_cast<std::size_t>(j)]] =
          maximum ? inverse(i, j) : kNaN;
  return out;
}

}  // namespace emptor::customers
