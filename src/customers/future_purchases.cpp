#include "customers/future_purchases.hpp"

#include "core/gauss.hpp"
#include "core/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace emptor::customers {
namespace {

constexpr double kWidth = 0.5;  // of a panel, in ln(alpha + T)
constexpr std::int64_t kDense = std::int64_t{1} << 22;

}  // namespace

// The integral of e^-ft dX(t) is e^-fh X(h) + f times that of e^-ft X(t). X is smooth in
// ln(alpha + t), where panels of equal width meet it alike near 0 and far out.
FuturePurchases future_purchases(const Outlook<Gradient>& outlook, double horizon, double force) {
  const Gradient whole = expected_purchases_of(outlook, horizon);
  FuturePurchases out{whole.v, whole * Gradient(std::exp(-force * horizon))};
  if (!(force > 0)) return out;
  const double alpha = outlook.alpha.v, full = std::log1p(horizon / alpha);
  const auto panels =
      static_cast<int>(std::max(std::ceil(full / 1.5), std::ceil(force * horizon / 4)));
  const auto& rule = core::gauss_legendre(10);
  const double width = full / panels;
  for (int panel = 0; panel < panels; ++panel) {
    for (std::size_t i = 0; i < rule.node.size(); ++i) {
      const double v = width * (panel + rule.node[i]);
      const double t = alpha * std::expm1(v);
      const double weight = width * rule.weight[i] * (alpha + t) * force * std::exp(-force * t);
      out.discounted += Gradient(weight) * expected_purchases_of(outlook, t);
    }
  }
  return out;
}

FuturePurchasesTable::FuturePurchasesTable(const PurchaseLaw<Gradient>& law,
                                           std::span<const std::int64_t> frequency,
                                           std::span<const double> T, double scale, double horizon,
                                           double force, const Context& context)
    : alpha_(law.alpha.v), horizon_(horizon), force_(force) {
  double longest = 0;
  std::int64_t most = 0;
  for (std::size_t i = 0; i < T.size(); ++i) {
    longest = std::max(longest, scale * T[i]);
    most = std::max(most, frequency[i]);
  }
  most_panels_ = place(longest).panel + 1;
  const auto key = [&](std::size_t i) {
    return frequency[i] * most_panels_ + place(scale * T[i]).panel;
  };
  const std::int64_t keys = (most + 1) * most_panels_;
  if (keys <= kDense) {
    dense_.assign(static_cast<std::size_t>(keys), -1);
    for (std::size_t i = 0; i < T.size(); ++i) dense_[static_cast<std::size_t>(key(i))] = 0;
    for (std::size_t k = 0; k < dense_.size(); ++k) {
      if (dense_[k] < 0) continue;
      dense_[k] = static_cast<std::int32_t>(key_.size());
      key_.push_back(static_cast<std::int64_t>(k));
    }
  } else {
    for (std::size_t i = 0; i < T.size(); ++i) key_.push_back(key(i));
    std::sort(key_.begin(), key_.end());
    key_.erase(std::unique(key_.begin(), key_.end()), key_.end());
  }
  panels_.resize(key_.size());
  core::parallel_ranges(context, key_.size(), 8, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k)
      panels_[k] = make(law, static_cast<double>(key_[k] / most_panels_), key_[k] % most_panels_);
  });
}

FuturePurchasesTable::Place FuturePurchasesTable::place(double T) const {
  const double u = std::log1p(T / alpha_) / kWidth;
  const double panel = std::floor(u);
  return {static_cast<std::int64_t>(panel), 2 * (u - panel) - 1};
}

FuturePurchasesTable::Panel FuturePurchasesTable::make(const PurchaseLaw<Gradient>& law,
                                                       double frequency, std::int64_t panel) const {
  std::array<std::array<double, kNodes>, kChannels> value{};
  for (std::size_t j = 0; j < kNodes; ++j) {
    const double angle = std::numbers::pi * (static_cast<double>(j) + 0.5) / kNodes;
    const double u = kWidth * (static_cast<double>(panel) + 0.5 * (1 + std::cos(angle)));
    const double T = alpha_ * std::expm1(u);
    Outlook<Gradient> o = outlook(law, PurchaseHistory{frequency, T, T});
    o.alive = Gradient(1);
    const FuturePurchases found = future_purchases(o, horizon_, force_);
    value[0][j] = found.discounted.v;
    for (std::size_t i = 0; i < 4; ++i) value[1 + i][j] = found.discounted.d[i];
    value[5][j] = found.plain;
  }
  Panel out{};
  for (std::size_t c = 0; c < kChannels; ++c) {
    for (std::size_t k = 0; k < kNodes; ++k) {
      double sum = 0;
      for (std::size_t j = 0; j < kNodes; ++j)
        sum += value[c][j] * std::cos(std::numbers::pi * static_cast<double>(k) *
                                      (static_cast<double>(j) + 0.5) / kNodes);
      out[k * kChannels + c] = sum * (k == 0 ? 1.0 : 2.0) / kNodes;
    }
  }
  return out;
}

FuturePurchases FuturePurchasesTable::at(std::int64_t frequency, double T) const {
  const Place where = place(T);
  const std::int64_t key = frequency * most_panels_ + where.panel;
  const auto index =
      dense_.empty()
          ? static_cast<std::size_t>(std::lower_bound(key_.begin(), key_.end(), key) - key_.begin())
          : static_cast<std::size_t>(dense_[static_cast<std::size_t>(key)]);
  const Panel& panel = panels_[index];
  // Clenshaw's recurrence, all channels side by side.
  std::array<double, kChannels> b1{}, b2{};
  for (std::size_t k = kNodes - 1; k > 0; --k) {
    for (std::size_t c = 0; c < kChannels; ++c) {
      const double b = 2 * where.x * b1[c] - b2[c] + panel[k * kChannels + c];
      b2[c] = b1[c];
      b1[c] = b;
    }
  }
  std::array<double, kChannels> value{};
  for (std::size_t c = 0; c < kChannels; ++c) value[c] = where.x * b1[c] - b2[c] + panel[c];
  FuturePurchases out{value[5], Gradient(value[0])};
  for (std::size_t i = 0; i < 4; ++i) out.discounted.d[i] = value[1 + i];
  return out;
}

}  // namespace emptor::customers
