#include "customers/count_law.hpp"

#include "core/gauss.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace emptor::customers {

CountLaw::CountLaw(const Outlook<double>& outlook, double t) : o_(outlook) {
  if (o_.model == PurchaseModel::pnbd) {
    set_integral(t);
    return;
  }
  for (int j = 0; j < o_.k; ++j) rings_.emplace_back(o_.r + j, o_.alpha, t);
}

double CountLaw::next() {
  const double alive = next_alive();
  const double chance = o_.alive * alive + (n_ == 0 ? 1 - o_.alive : 0);
  n_ += 1;
  return chance;
}

double CountLaw::next_alive() {
  return o_.model == PurchaseModel::pnbd ? next_of_integral() : next_of_phases();
}

double CountLaw::next_of_phases() {
  // The n-th purchase is the last with chance a / (a + b + n - 1); with what is left he stays.
  double came = 0, exactly = 0;
  for (int j = 0; j < o_.k; ++j) {
    auto& rings = rings_[static_cast<std::size_t>(j)];
    const double weight = o_.phase[static_cast<std::size_t>(j)];
    came += weight * rings.at_least();
    const int steps = n_ == 0 ? o_.k - j : o_.k;
    for (int i = 0; i < steps; ++i) {
      exactly += weight * rings.mass();
      rings.next();
    }
  }
  if (o_.model == PurchaseModel::nbd) return exactly;
  double left = 0;
  if (n_ > 0) {
    const double all = o_.a + o_.b + n_ - 1;
    left = stay_ * o_.a / all * std::max(came, 0.0);
    stay_ *= (o_.b + n_ - 1) / all;
  }
  return stay_ * exactly + left;
}

void CountLaw::set_integral(double t) {
  const double s = o_.a;
  const double full = std::log1p(t / o_.b);
  // Counts of somebody with a known rate settle on their mean: narrower panels for more purchases.
  const double spread = std::sqrt(o_.r * t / o_.alpha);
  const int panels = std::max(1, static_cast<int>(std::ceil(std::max(full / 1.5, spread / 5))));
  const auto& rule = core::gauss_legendre(full < 0.7 && spread < 2 ? 10 : 20);
  const double width = full / panels;
  const auto add = [&](double weight, double y) {
    weight_.push_back(weight);
    log_mass_.push_back(-o_.r * std::log1p(y / o_.alpha));
    hit_.push_back(y / (o_.alpha + y));
  };
  for (int panel = 0; panel < panels; ++panel)
    for (std::size_t i = 0; i < rule.node.size(); ++i) {
      const double v = width * (panel + rule.node[i]);
      add(width * rule.weight[i] * s * std::exp(-s * v), o_.b * std::expm1(v));
    }
  add(std::exp(-s * full), t);
}

double CountLaw::next_of_integral() {
  double sum = 0;
  const double ratio = (o_.r + n_) / (n_ + 1);
  for (std::size_t i = 0; i < weight_.size(); ++i) {
    if (log_mass_[i] > -740) sum += weight_[i] * std::exp(log_mass_[i]);
    log_mass_[i] += std::log(ratio * hit_[i]);
  }
  return sum;
}

std::vector<PurchaseLaw<double>> laws_around(const CustomerLaw& law, const Gradient& mean) {
  const PurchaseLaw<double>& centre = law.plain;
  const double error = standard_error(mean, law);
  if (!(error > 0) || !std::isfinite(error)) return {centre};
  std::vector<PurchaseLaw<double>> laws(2, centre);
  for (std::size_t side = 0; side < 2; ++side) {
    const std::array<double*, 4> all{&laws[side].r, &laws[side].alpha, &laws[side].a,
                                     &laws[side].b};
    for (std::size_t i = 0; i < 4; ++i) {
      double step = 0;
      for (std::size_t j = 0; j < 4; ++j) step += law.covariance[4 * i + j] * mean.d[j];
      *all[i] *= std::exp((side == 0 ? -1 : 1) * step / error);
    }
  }
  return laws;
}

void count_quantiles(std::span<CountLaw> laws, std::span<const double> chances,
                     std::span<std::int64_t> out) {
  constexpr std::int64_t kMost = 10'000'000;
  const double share = 1 / static_cast<double>(laws.size());
  double sum = 0;
  std::size_t at = 0;
  for (std::int64_t n = 0; at < chances.size(); ++n) {
    for (CountLaw& law : laws) sum += share * law.next();
    for (; at < chances.size() && (sum >= chances[at] - 1e-12 || n == kMost); ++at) out[at] = n;
  }
}

}  // namespace emptor::customers
