// ln L = ln Gamma(r + x) - ln Gamma(r) + r ln alpha + s ln beta - R ln(alpha + T)
//        - s ln(beta + T) + ln(1 + s I),  R = r + x,
// where s I is the weight of having left by T against that of still being there.
#include "core/parallel.hpp"
#include "customers/pnbd_integral.hpp"
#include "customers/purchase_rows.hpp"
#include "customers/rising.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::customers {
namespace {

constexpr std::size_t kBlock = 512;

void add_row(Likelihood& sum, const PurchaseRows::Row& row, const PurchaseParameters& at) {
  const double w = row.weight, s = at.a;
  const double R = at.r + row.x;
  const PnbdIntegral stay = pnbd_staying(R, at.alpha, s, at.b, row.T);
  PnbdIntegral left = pnbd_integral(R, at.alpha, s, at.b, row.last, row.T);
  left.log += std::log(s);
  left.slope[2] += 1 / s;
  left.curve[10] -= 1 / (s * s);
  const double small = std::exp(-std::fabs(left.log));
  const double u = left.log > 0 ? 1 / (1 + small) : small / (1 + small);
  const double uv = u * (1 - u);
  sum.value += w * (stay.log + std::max(left.log, 0.0) + std::log1p(small));
  for (std::size_t i = 0; i < 4; ++i) {
    sum.gradient[i] += w * (stay.slope[i] + u * left.slope[i]);
    for (std::size_t j = i; j < 4; ++j)
      sum.hessian[4 * i + j] += w * (stay.curve[4 * i + j] + u * left.curve[4 * i + j] +
                                     uv * left.slope[i] * left.slope[j]);
  }
}

/// Terms of the counts and of the number of customers alone.
void add_counts(Likelihood& sum, std::span<const std::pair<double, double>> counts,
                double customers, const PurchaseParameters& at) {
  Rising rate(at.r);
  for (const auto& [x, n] : counts) {
    rate.advance(x);
    sum.value += n * rate.value;
    sum.gradient[0] += n * rate.slope;
    sum.hessian[0] += n * rate.curve;
  }
  const double n = customers, s = at.a;
  const double log_alpha = std::log(at.alpha), log_beta = std::log(at.b);
  sum.value += n * (at.r * log_alpha + s * log_beta);
  sum.gradient[0] += n * log_alpha;
  sum.gradient[1] += n * at.r / at.alpha;
  sum.gradient[2] += n * log_beta;
  sum.gradient[3] += n * s / at.b;
  sum.hessian[1] += n / at.alpha;
  sum.hessian[5] -= n * at.r / (at.alpha * at.alpha);
  sum.hessian[11] += n / at.b;
  sum.hessian[15] -= n * s / (at.b * at.b);
}

}  // namespace

Likelihood pnbd_likelihood(const PurchaseRows& rows, const PurchaseParameters& at,
                           const Context& context) {
  const auto partials = core::parallel_map<Likelihood>(context, rows.rows.size(), kBlock,
                                                       [&](std::size_t begin, std::size_t end) {
                                                         Likelihood sum;
                                                         for (std::size_t i = begin; i < end; ++i)
                                                           add_row(sum, rows.rows[i], at);
                                                         return sum;
                                                       });
  Likelihood total;
  for (const Likelihood& partial : partials) total += partial;
  add_counts(total, rows.counts, rows.customers, at);
  total.mirror();
  return total;
}

Likelihood pnbd_likelihood(const PurchaseGroup& group, const PurchaseParameters& at) {
  Likelihood sum;
  for (const auto& row : group.rows) add_row(sum, row, at);
  add_counts(sum, group.counts, group.customers, at);
  sum.mirror();
  return sum;
}

}  // namespace emptor::customers
