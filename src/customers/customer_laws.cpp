#include "customers/customer_laws.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::customers {

double standard_error(const Gradient& value, const CustomerLaw& law) {
  double variance = 0;
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 4; ++j)
      variance += value.d[i] * value.d[j] * law.covariance[4 * i + j];
  return std::sqrt(std::max(variance, 0.0));
}

CustomerLaws::CustomerLaws(const PurchaseFit& fit, const PurchaseSummaryView& summary,
                           std::string_view function)
    : parameters_(fit.parameters.size()),
      covariance_(fit.log_covariance),
      coefficients_(fit.coefficients) {
  all_.plain = law_of(fit);
  all_.law = gradient_law_of(fit);
  const std::size_t q = parameters_ + coefficients_.size();
  for (std::size_t i = 0; i < parameters_; ++i)
    for (std::size_t j = 0; j < parameters_; ++j)
      all_.covariance[4 * i + j] = covariance_[i * q + j];
  if (coefficients_.empty()) return;
  for (const CovariateEffect& effect : fit.effects)
    direction_.push_back(direction_of(fit.model, effect.role));
  values_.emplace(fit.covariates, fit.effects, summary, function);
}

PurchaseLaw<double> CustomerLaws::plain(std::size_t row) const {
  PurchaseLaw<double> law = all_.plain;
  if (!values_) return law;
  std::array<double, 4> shift{};
  for (std::size_t e = 0; e < coefficients_.size(); ++e) {
    const double moved = coefficients_[e] * (*values_)(row, e);
    for (std::size_t j = 0; j < 4; ++j) shift[j] += direction_[e][j] * moved;
  }
  law.alpha *= std::exp(shift[1]);
  law.a *= std::exp(shift[2]);
  law.b *= std::exp(shift[3]);
  return law;
}

const CustomerLaw& CustomerLaws::at(std::size_t row, CustomerLaw& room) const {
  if (!values_) return all_;
  room.plain = plain(row);
  room.law.model = room.plain.model;
  room.law.k = room.plain.k;
  const std::array<double, 4> value{room.plain.r, room.plain.alpha, room.plain.a, room.plain.b};
  const std::array<Gradient*, 4> all{&room.law.r, &room.law.alpha, &room.law.a, &room.law.b};
  for (std::size_t j = 0; j < 4; ++j) {
    *all[j] = Gradient(value[j]);
    if (j < parameters_) all[j]->d[j] = value[j];
  }
  // The logarithms of his parameters are those of the fit plus direction x z x coefficient.
  const std::size_t p = parameters_, m = coefficients_.size(), q = p + m;
  std::vector<double> half(p * q);  // slopes x covariance
  std::vector<double> z(m);
  for (std::size_t e = 0; e < m; ++e) z[e] = (*values_)(row, e);
  for (std::size_t j = 0; j < p; ++j)
    for (std::size_t c = 0; c < q; ++c) {
      double sum = covariance_[j * q + c];
      for (std::size_t e = 0; e < m; ++e)
        sum += direction_[e][j] * z[e] * covariance_[(p + e) * q + c];
      half[j * q + c] = sum;
    }
  for (std::size_t i = 0; i < p; ++i)
    for (std::size_t j = 0; j < p; ++j) {
      double sum = half[i * q + j];
      for (std::size_t e = 0; e < m; ++e) sum += half[i * q + p + e] * direction_[e][j] * z[e];
      room.covariance[4 * i + j] = sum;
    }
  return room;
}

void CustomerLaws::add_gradient(std::size_t row, const Gradient& value, double weight,
                                std::span<double> sum) const {
  for (std::size_t j = 0; j < parameters_; ++j) sum[j] += weight * value.d[j];
  for (std::size_t e = 0; e < coefficients_.size(); ++e) {
    double slope = 0;
    for (std::size_t j = 0; j < 4; ++j) slope += value.d[j] * direction_[e][j];
    sum[parameters_ + e] += weight * slope * (*values_)(row, e);
  }
}

}  // namespace emptor::customers
