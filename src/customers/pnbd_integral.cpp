#include "customers/pnbd_integral.hpp"

#include "core/gauss.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace emptor::customers {
namespace {

/// The fewest nodes that give 1e-11 where the integrand changes by `drop` in logarithm over a panel
/// of `width`, found by trying 40,000 random ones against 40 nodes.
int nodes_for(double drop, double width) {
  if (drop < 2 && width < 0.5) return 6;
  if (drop < 4 && width < 1) return 8;
  if (drop < 8 && width < 2) return 10;
  if (drop < 14) return 12;
  return drop < 25 ? 16 : 20;
}

/// Where the logarithm of the integrand is too far below its start to count.
constexpr double kNegligible = 38;
constexpr double kPanel = 3;

/// Sums over nodes: of the weight w and of w times the slopes of ln integrand and their products.
struct Moments {
  double w = 0;
  double la = 0, lb = 0, pa = 0, pb = 0;  ///< ln(alpha + y), ln(beta + y) less ends; 1 / (.. + y)
  double paa = 0, pbb = 0;
  double la_la = 0, la_pa = 0, la_lb = 0, la_pb = 0, pa_lb = 0, pa_pb = 0, lb_lb = 0, lb_pb = 0;
  void add(double weight, double l, double p, double m, double q) {
    w += weight;
    const double wl = weight * l, wp = weight * p, wm = weight * m, wq = weight * q;
    la += wl;
    pa += wp;
    lb += wm;
    pb += wq;
    paa += wp * p;
    pbb += wq * q;
    la_la += wl * l;
    la_pa += wl * p;
    la_lb += wl * m;
    la_pb += wl * q;
    pa_lb += wp * m;
    pa_pb += wp * q;
    lb_lb += wm * m;
    lb_pb += wm * q;
  }
};

PnbdIntegral derivatives_of(const Moments& sum, double R, double s, bool second) {
  PnbdIntegral out;
  const double inverse = 1 / sum.w;
  const double la = sum.la * inverse, pa = sum.pa * inverse;
  const double lb = sum.lb * inverse, pb = sum.pb * inverse;
  out.slope = {-la, -R * pa, -lb, -(s + 1) * pb};
  if (!second) return out;
  const double q = s + 1;
  auto& h = out.curve;
  h[0] = sum.la_la * inverse - la * la;
  h[1] = R * (sum.la_pa * inverse - la * pa) - pa;
  h[2] = sum.la_lb * inverse - la * lb;
  h[3] = q * (sum.la_pb * inverse - la * pb);
  h[5] = R * sum.paa * inverse + R * R * (sum.paa * inverse - pa * pa);
  h[6] = R * (sum.pa_lb * inverse - pa * lb);
  h[7] = R * q * (sum.pa_pb * inverse - pa * pb);
  h[10] = sum.lb_lb * inverse - lb * lb;
  h[11] = q * (sum.lb_pb * inverse - lb * pb) - pb;
  h[15] = q * sum.pbb * inverse + q * q * (sum.pbb * inverse - pb * pb);
  return out;
}

}  // namespace

PnbdIntegral pnbd_staying(double R, double alpha, double s, double beta, double y) {
  PnbdIntegral out;
  const double pa = 1 / (alpha + y), pb = 1 / (beta + y);
  const double la = std::log(alpha + y), lb = std::log(beta + y);
  out.log = -R * la - s * lb;
  out.slope = {-la, -R * pa, -lb, -s * pb};
  out.curve[1] = -pa;
  out.curve[5] = R * pa * pa;
  out.curve[11] = -pb;
  out.curve[15] = s * pb * pb;
  return out;
}

PnbdIntegral pnbd_integral(double R, double alpha, double s, double beta, double last, double T,
                           bool second) {
  PnbdIntegral out;
  if (!(T > last)) {
    out.log = -std::numeric_limits<double>::infinity();
    return out;
  }
  const double low = std::min(alpha, beta);
  const double begin = low + last;
  // ln of the integrand by v = ln((low + y) / (low + t_x)), relative to v = 0. It is concave.
  const double ra = 1 / (alpha + last), rb = 1 / (beta + last);
  const auto height = [&](double v) {
    const double moved = begin * std::expm1(v);
    return -R * std::log1p(moved * ra) - (s + 1) * std::log1p(moved * rb) + v;
  };
  const double full = std::log1p((T - last) / begin);
  double end = full, drop = -height(full);
  if (drop > kNegligible) {
    double lowest = 0;
    for (int i = 0; i < 24 && end - lowest > 1e-3 * end; ++i) {
      const double middle = 0.5 * (lowest + end);
      (-height(middle) > kNegligible ? end : lowest) = middle;
    }
    drop = kNegligible;
  }
  const int panels = std::max(1, static_cast<int>(std::ceil(end / kPanel)));
  const double width = end / panels;
  const core::QuadratureRule& rule = core::gauss_legendre(nodes_for(std::fabs(drop), width));
  // ln((low + y) / (low + t_x)) is v itself; only the other one takes a logarithm.
  const bool alpha_low = alpha <= beta;
  const double high = std::max(alpha, beta), rh = alpha_low ? rb : ra;
  Moments sum;
  for (int panel = 0; panel < panels; ++panel) {
    for (std::size_t i = 0; i < rule.node.size(); ++i) {
      const double v = width * (panel + rule.node[i]);
      const double grown = begin * std::exp(v);
      const double moved = grown - begin;
      const double other = std::log(1 + moved * rh);
      const double da = alpha_low ? v : other, db = alpha_low ? other : v;
      const double weight = width * rule.weight[i] * std::exp(v - R * da - (s + 1) * db);
      const double pl = 1 / grown, ph = 1 / (high + last + moved);
      sum.add(weight, da, alpha_low ? pl : ph, db, alpha_low ? ph : pl);
    }
  }
  out = derivatives_of(sum, R, s, second);
  const double log_a = std::log(alpha + last), log_b = std::log(beta + last);
  // From relative to t_x to relative to the weight of still being there at T.
  out.log = std::log(sum.w * begin) - R * log_a - (s + 1) * log_b;
  out.slope[0] -= log_a;
  out.slope[2] -= log_b;
  const PnbdIntegral stay = pnbd_staying(R, alpha, s, beta, T);
  out.log -= stay.log;
  for (std::size_t i = 0; i < 4; ++i) out.slope[i] -= stay.slope[i];
  for (std::size_t i = 0; i < 16; ++i) out.curve[i] -= stay.curve[i];
  return out;
}

}  // namespace emptor::customers
