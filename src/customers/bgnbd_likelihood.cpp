// The likelihood of BG/NBD, MBG/NBD and their Erlang forms in one: with R = r + k x,
//   ln L = (k - 1) sum ln gap - x ln Gamma(k) + ln B(a, b + x + d) - ln B(a, b)
//        + ln Gamma(R) - ln Gamma(r) + r ln alpha - R ln(alpha + T) + ln(S1 + S2)
//   S1 = a / (b + x - 1 + d) ((alpha + T) / (alpha + t_x))^R, absent where d = 0 and x = 0
//   S2 = sum over j < k of Gamma(R + j) / (Gamma(R) j!) ((T - t_x) / (alpha + T))^j
// d is 1 where customers may leave after their first purchase. S1 weighs having left, S2 still
// being there; S1 is kept as its logarithm, so nothing overflows.
#include "core/parallel.hpp"
#include "customers/purchase_rows.hpp"
#include "customers/rising.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace emptor::customers {
namespace {

constexpr std::size_t kBlock = 2048;

/// S2 with its derivatives by r and alpha, as those of its logarithm.
struct Phases {
  double log = 0, r = 0, alpha = 0, rr = 0, ra = 0, aa = 0;
};

Phases phases_of(double R, double wait, double end, int k) {
  Phases p;
  if (k == 1) return p;
  const double share = wait / end;  // (T - t_x) / (alpha + T)
  double term = 1, sum = 0, up = 0, up2 = 0;
  double s_r = 0, s_rr = 0, s_j = 0, s_jj = 0, s_rj = 0;
  for (int j = 0; j < k; ++j) {
    sum += term;
    s_r += term * up;
    s_rr += term * (up * up - up2);
    s_j += term * j;
    s_jj += term * j * (j + 1);
    s_rj += term * up * j;
    const double inverse = 1 / (R + j);
    term *= (R + j) / (j + 1) * share;
    up += inverse;
    up2 += inverse * inverse;
  }
  p.log = std::log(sum);
  p.r = s_r / sum;
  p.alpha = -s_j / sum / end;
  p.rr = s_rr / sum - p.r * p.r;
  p.ra = -s_rj / sum / end - p.r * p.alpha;
  p.aa = s_jj / sum / (end * end) - p.alpha * p.alpha;
  return p;
}

/// a / (b + left) and 1 / (b + left) for small counts; S1 has left = x - 1 + d.
class Leaving {
 public:
  static constexpr std::size_t kSmall = 256;
  /// `known` of the counts from 0 are kept: as many as there are rows to ask for them, at most.
  explicit Leaving(const PurchaseParameters& at, std::size_t known = kSmall)
      : at_(at), known_(std::min(known, kSmall)) {
    for (std::size_t left = 0; left < known_; ++left) small_[left] = of(static_cast<double>(left));
  }
  struct Entry {
    double log_share = 0, per_b = 0;
  };
  [[nodiscard]] Entry operator()(double left) const {
    return left < static_cast<double>(known_) ? small_[static_cast<std::size_t>(left)] : of(left);
  }

 private:
  [[nodiscard]] Entry of(double left) const {
    return {std::log(at_.a / (at_.b + left)), 1 / (at_.b + left)};
  }
  PurchaseParameters at_;
  std::size_t known_;
  std::array<Entry, kSmall> small_;
};

void add_row(Likelihood& sum, const PurchaseRows::Row& row, const PurchaseParameters& at,
             bool first, int k, const Leaving& leaving, double inverse_a, double log_end) {
  const double w = row.weight;
  const double R = at.r + k * row.x;
  const double end = 1 / (at.alpha + row.T), begin = 1 / (at.alpha + row.last);
  auto& g = sum.gradient;
  auto& h = sum.hessian;
  sum.value -= w * R * log_end;
  g[0] -= w * log_end;
  g[1] -= w * R * end;
  h[1] -= w * end;
  h[5] += w * R * end * end;

  const Phases p = phases_of(R, row.T - row.last, at.alpha + row.T, k);
  const double left = row.x + (first ? 1 : 0) - 1;  // what b is raised by in S1
  if (left < 0) {
    sum.value += w * p.log;
    g[0] += w * p.r;
    g[1] += w * p.alpha;
    h[0] += w * p.rr;
    h[1] += w * p.ra;
    h[5] += w * p.aa;
    return;
  }
  // delta = ln S1, its slopes, and how likely S1 is against S2.
  const auto [log_share, per_b] = leaving(left);
  const double d_r = -std::log((at.alpha + row.last) * end);
  const double delta = log_share + R * d_r;
  const double odds = delta - p.log;
  const double small = std::exp(-std::fabs(odds));
  const double less = 1 / (1 + small);
  const double u = odds > 0 ? less : small * less;
  const double d_alpha = R * (end - begin);
  const double d_ra = end - begin, d_aa = R * (begin * begin - end * end);
  const double v = 1 - u, uv = u * v;
  sum.value += w * (p.log + std::max(odds, 0.0) + std::log(1 + small));
  const double e_r = d_r - p.r, e_alpha = d_alpha - p.alpha, e_a = inverse_a, e_b = -per_b;
  g[0] += w * (u * d_r + v * p.r);
  g[1] += w * (u * d_alpha + v * p.alpha);
  g[2] += w * u * e_a;
  g[3] += w * u * e_b;
  h[0] += w * (v * p.rr + uv * e_r * e_r);
  h[1] += w * (u * d_ra + v * p.ra + uv * e_r * e_alpha);
  h[2] += w * uv * e_r * e_a;
  h[3] += w * uv * e_r * e_b;
  h[5] += w * (u * d_aa + v * p.aa + uv * e_alpha * e_alpha);
  h[6] += w * uv * e_alpha * e_a;
  h[7] += w * uv * e_alpha * e_b;
  h[10] += w * (-u * e_a * e_a + uv * e_a * e_a);
  h[11] += w * uv * e_a * e_b;
  h[15] += w * (u * e_b * e_b + uv * e_b * e_b);
}

/// Terms of the counts alone.
void add_counts(Likelihood& sum, std::span<const std::pair<double, double>> counts,
                double customers, const PurchaseParameters& at, bool first, int k) {
  Rising rate(at.r), stays(at.b), all(at.a + at.b);
  auto& g = sum.gradient;
  auto& h = sum.hessian;
  for (const auto& [x, n] : counts) {
    rate.advance(k * x);
    stays.advance(x + first);
    all.advance(x + first);
    sum.value += n * (rate.value + stays.value - all.value);
    g[0] += n * rate.slope;
    g[2] -= n * all.slope;
    g[3] += n * (stays.slope - all.slope);
    h[0] += n * rate.curve;
    h[10] -= n * all.curve;
    h[11] -= n * all.curve;
    h[15] += n * (stays.curve - all.curve);
  }
  const double log_alpha = std::log(at.alpha);
  sum.value += customers * at.r * log_alpha;
  g[0] += customers * log_alpha;
  g[1] += customers * at.r / at.alpha;
  h[1] += customers / at.alpha;
  h[5] -= customers * at.r / (at.alpha * at.alpha);
}

void add_nbd_row(Likelihood& sum, const PurchaseRows::Row& row, const PurchaseParameters& at) {
  const double R = at.r + row.x, end = 1 / (at.alpha + row.T);
  const double log_end = std::log(at.alpha + row.T);
  sum.value -= row.weight * R * log_end;
  sum.gradient[0] -= row.weight * log_end;
  sum.gradient[1] -= row.weight * R * end;
  sum.hessian[1] -= row.weight * end;
  sum.hessian[5] += row.weight * R * end * end;
}

void add_nbd_counts(Likelihood& sum, std::span<const std::pair<double, double>> counts,
                    double customers, const PurchaseParameters& at) {
  Rising rate(at.r);
  for (const auto& [x, n] : counts) {
    rate.advance(x);
    sum.value += n * rate.value;
    sum.gradient[0] += n * rate.slope;
    sum.hessian[0] += n * rate.curve;
  }
  const double log_alpha = std::log(at.alpha);
  sum.value += customers * at.r * log_alpha;
  sum.gradient[0] += customers * log_alpha;
  sum.gradient[1] += customers * at.r / at.alpha;
  sum.hessian[1] += customers / at.alpha;
  sum.hessian[5] -= customers * at.r / (at.alpha * at.alpha);
}

}  // namespace

Likelihood bgnbd_likelihood(const PurchaseRows& rows, const PurchaseParameters& at, bool first,
                            int k, const Context& context) {
  const Leaving leaving(at);
  const double inverse_a = 1 / at.a;
  const auto partials = core::parallel_map<Likelihood>(
      context, rows.rows.size(), kBlock, [&](std::size_t begin, std::size_t end) {
        Likelihood sum;
        double T = -1, log_end = 0;
        for (std::size_t i = begin; i < end; ++i) {
          if (rows.rows[i].T != T) {
            T = rows.rows[i].T;
            log_end = std::log(at.alpha + T);
          }
          add_row(sum, rows.rows[i], at, first, k, leaving, inverse_a, log_end);
        }
        return sum;
      });
  Likelihood total;
  for (const Likelihood& partial : partials) total += partial;
  add_counts(total, rows.counts, rows.customers, at, first, k);
  if (k > 1) total.value += (k - 1) * rows.log_gaps - rows.purchases * std::lgamma(k);
  total.mirror();
  return total;
}

Likelihood bgnbd_likelihood(const PurchaseGroup& group, const PurchaseParameters& at, bool first) {
  const Leaving leaving(at, group.rows.size());
  Likelihood sum;
  for (const auto& row : group.rows)
    add_row(sum, row, at, first, 1, leaving, 1 / at.a, std::log(at.alpha + row.T));
  add_counts(sum, group.counts, group.customers, at, first, 1);
  sum.mirror();
  return sum;
}

Likelihood nbd_likelihood(const PurchaseGroup& group, const PurchaseParameters& at) {
  Likelihood sum;
  for (const auto& row : group.rows) add_nbd_row(sum, row, at);
  add_nbd_counts(sum, group.counts, group.customers, at);
  sum.mirror();
  return sum;
}

Likelihood nbd_likelihood(const PurchaseRows& rows, const PurchaseParameters& at,
                          const Context& context) {
  const auto partials = core::parallel_map<Likelihood>(context, rows.rows.size(), kBlock,
                                                       [&](std::size_t begin, std::size_t stop) {
                                                         Likelihood sum;
                                                         for (std::size_t i = begin; i < stop; ++i)
                                                           add_nbd_row(sum, rows.rows[i], at);
                                                         return sum;
                                                       });
  Likelihood total;
  for (const Likelihood& partial : partials) total += partial;
  add_nbd_counts(total, rows.counts, rows.customers, at);
  total.mirror();
  return total;
}

}  // namespace emptor::customers
