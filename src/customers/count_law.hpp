#pragma once

#include "customers/customer_laws.hpp"
#include "customers/purchase_law.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::customers {

/// P(X(t) = n) for n = 0, 1, 2, ... of a customer's purchases within t, one after the other; the
/// chance that he has left is taken in.
class CountLaw {
 public:
  CountLaw(const Outlook<double>& outlook, double t);
  double next();

 private:
  double next_alive();
  double next_of_phases();
  double next_of_integral();
  void set_integral(double t);

  Outlook<double> o_;
  double n_ = 0;
  double stay_ = 1;  ///< P(not left after n purchases)
  std::vector<law_detail::Rings<double>> rings_{};
  /// Pareto/NBD: weights of the moments of leaving, the last that of staying all of t, with the
  /// masses of the counts by then.
  std::vector<double> weight_{}, log_mass_{}, hit_{};
};

/// The fitted law one standard error either way along the direction in which a mean moves with the
/// parameters: an even mixture of the two carries, to first order, how well they are known. The
/// fitted law alone where nothing is known of that.
std::vector<PurchaseLaw<double>> laws_around(const CustomerLaw& law, const Gradient& mean);

/// Smallest n with P(X <= n) at least each of `chances` (rising), X an even mixture of laws.
void count_quantiles(std::span<CountLaw> laws, std::span<const double> chances,
                     std::span<std::int64_t> out);

}  // namespace emptor::customers
