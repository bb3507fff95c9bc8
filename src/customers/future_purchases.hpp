#pragma once

#include "emptor/core/context.hpp"

#include "customers/purchase_law.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::customers {

/// Purchases within a horizon of somebody alive, as they are and discounted from their moments.
struct FuturePurchases {
  double plain = 0;
  Gradient discounted{};
};

/// Of one customer: `horizon` and 1 / `force` in the unit of the fit, e^-force being lost a unit.
FuturePurchases future_purchases(const Outlook<Gradient>& outlook, double horizon, double force);

/// The same for many. Somebody alive is known by how often he bought and how long he was watched,
/// so for each number of purchases a smooth function of time is interpolated (Chebyshev, fixed
/// panels of ln(alpha + T), to about 1e-12), whoever else is asked for. Not for Erlang gaps (k >
/// 1).
class FuturePurchasesTable {
 public:
  FuturePurchasesTable(const PurchaseLaw<Gradient>& law, std::span<const std::int64_t> frequency,
                       std::span<const double> T, double scale, double horizon, double force,
                       const Context& context);
  [[nodiscard]] FuturePurchases at(std::int64_t frequency, double T) const;

 private:
  static constexpr std::size_t kNodes = 12, kChannels = 6;
  using Panel = std::array<double, kNodes * kChannels>;  ///< Chebyshev coefficients, by channel
  struct Place {
    std::int64_t panel;
    double x;  ///< in [-1, 1]
  };
  [[nodiscard]] Place place(double T) const;
  [[nodiscard]] Panel make(const PurchaseLaw<Gradient>& law, double frequency,
                           std::int64_t panel) const;

  double alpha_, horizon_, force_;
  std::int64_t most_panels_ = 1;
  std::vector<std::int64_t> key_{};    ///< frequency * most_panels_ + panel, rising
  std::vector<std::int32_t> dense_{};  ///< from key to panel, if there are few keys
  std::vector<Panel> panels_{};
};

}  // namespace emptor::customers
