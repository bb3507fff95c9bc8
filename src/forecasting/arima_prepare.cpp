#include "emptor/core/error.hpp"

#include "forecasting/arima_fit.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::forecasting::arma {
namespace {

/// More gaps than that are not integrated out: what lies before them is left out.
constexpr std::size_t kMostGaps = 300;
/// What is left of a driver's size where it tells nothing new.
constexpr double kNothingNew = 1e-7;

[[noreturn]] void fail(std::string_view function, const std::string& what) {
  throw InvalidArgument(std::string(function) + ": " + what);
}

void check(std::string_view function, std::span<const double> y, const ArimaDrivers& drivers) {
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (std::isinf(y[i])) {
      fail(function, "y[" + std::to_string(i) + "] is infinite; write NaN for a missing value");
    }
  }
  if (drivers.x.size() != y.size() * drivers.count) {
    fail(function, "drivers have " + std::to_string(drivers.x.size()) + " values; " +
                       std::to_string(drivers.count) + " drivers of " + std::to_string(y.size()) +
                       " steps need " + std::to_string(y.size() * drivers.count));
  }
}

void difference(std::span<double> v, std::size_t lag) {
  for (std::size_t i = v.size(); i-- > lag;) v[i] -= v[i - lag];
}

/// Differences of a column, without the values they cost.
void put_differenced(const ArimaOrder& o, std::vector<double> v, std::span<double> to) {
  std::size_t lost = 0;
  const auto once = [&](std::size_t lag) {
    difference(std::span(v).subspan(lost), lag);
    lost += lag;
  };
  for (int k = 0; k < o.seasonal_differences; ++k) once(static_cast<std::size_t>(o.season_length));
  for (int k = 0; k < o.differences; ++k) once(1);
  std::copy(v.begin() + static_cast<std::ptrdiff_t>(lost), v.end(), to.begin());
}

std::size_t lost_to(const ArimaOrder& o) {
  return static_cast<std::size_t>(o.differences + o.seasonal_differences * o.season_length);
}

double norm(std::span<const double> v) {
  double sum = 0;
  for (double x : v) sum += x * x;
  return std::sqrt(sum);
}

}  // namespace

Prepared prepared(std::string_view function, std::span<const double> y,
                  const ArimaDrivers& drivers) {
  check(function, y, drivers);
  Prepared out;
  std::size_t begin = 0, end = y.size();
  while (begin < end && std::isnan(y[begin])) ++begin;
  while (end > begin && std::isnan(y[end - 1])) --end;
  std::size_t gaps = 0;
  for (std::size_t i = end; i-- > begin;) {
    if (std::isnan(y[i]) && ++gaps > kMostGaps) {
      begin = i;
      while (std::isnan(y[begin])) ++begin;
      break;
    }
  }
  out.cut = begin;
  double largest = 0;
  out.constant = true;
  for (std::size_t i = begin; i < end; ++i) {
    if (std::isnan(y[i])) {
      out.gaps.push_back(i - begin);
      out.y.push_back(out.y.back());
      continue;
    }
    ++out.n_known;
    largest = std::max(largest, std::abs(y[i]));
    if (y[i] != y[begin]) out.constant = false;
    out.y.push_back(y[i]);
  }
  int exponent = 0;
  std::frexp(largest, &exponent);
  out.scale = std::ldexp(1.0, exponent);
  for (double& v : out.y) v /= out.scale;
  out.x.resize(drivers.count);
  for (std::size_t k = 0; k < drivers.count; ++k) {
    for (std::size_t i = begin; i < end; ++i) {
      const double v = drivers.x[i * drivers.count + k];
      if (!std::isfinite(v)) {
        fail(function, "driver " + std::to_string(k) + " is missing or infinite at step " +
                           std::to_string(i) + "; give its value, or leave the driver out");
      }
      out.x[k].push_back(v);
    }
  }
  return out;
}

std::vector<double> integration(const ArimaOrder& o) {
  std::vector<double> polynomial(lost_to(o) + 1, 0.0);
  polynomial[0] = 1;
  for (int k = 0; k < o.differences; ++k) difference(polynomial, 1);
  for (int k = 0; k < o.seasonal_differences; ++k) {
    difference(polynomial, static_cast<std::size_t>(o.season_length));
  }
  std::vector<double> out(polynomial.begin() + 1, polynomial.end());
  for (double& v : out) v = 0 - v;
  return out;
}

Shape shape_of(const ArimaOrder& o) {
  return {o.ar, o.ma, o.seasonal_ar, o.seasonal_ma, o.season_length};
}

Problem problem_of(const Prepared& series, const ArimaOrder& o, std::span<const std::uint8_t> use) {
  Problem out;
  const std::size_t lost = lost_to(o);
  const std::size_t n = series.y.size();
  const bool constant = o.constant && o.differences + o.seasonal_differences < 2;
  const auto drivers = static_cast<std::size_t>(std::count(use.begin(), use.end(), 1));
  if (n <= lost) return out;
  out.gaps = series.gaps.size();
  out.columns.resize(n - lost, 1 + out.gaps + (constant ? 1 : 0) + drivers);
  put_differenced(o, series.y, out.columns[0]);
  std::size_t at = 1;
  for (std::size_t gap : series.gaps) {
    std::vector<double> column(n, 0.0);
    column[gap] = 1;
    put_differenced(o, std::move(column), out.columns[at++]);
  }
  if (constant) {
    const double value = o.seasonal_differences > 0 ? o.season_length : 1;
    std::fill(out.columns[at].begin(), out.columns[at].end(), value);
    ++at;
  }
  for (std::size_t k = 0; k < use.size(); ++k) {
    if (use[k] != 0) put_differenced(o, series.x[k], out.columns[at++]);
  }
  return out;
}

std::vector<std::uint8_t> usable_drivers(const Prepared& series, const ArimaOrder& order) {
  std::vector<std::uint8_t> use(series.x.size(), 1);
  if (use.empty()) return use;
  ArimaOrder o = order;
  o.constant = true;
  Problem p = problem_of(series, o, use);
  const std::size_t first = p.columns.count - use.size();
  std::vector<std::size_t> kept;
  for (std::size_t j = 1; j < p.columns.count; ++j) {
    const bool is_driver = j >= first;
    const double size = norm(p.columns[j]);
    for (std::size_t i : kept) {
      double share = 0;
      for (std::size_t t = 0; t < p.columns.length; ++t) {
        share += p.columns[i][t] * p.columns[j][t];
      }
      for (std::size_t t = 0; t < p.columns.length; ++t) {
        p.columns[j][t] -= share * p.columns[i][t];
      }
    }
    const double left = norm(p.columns[j]);
    bool tells = left > kNothingNew * size;
    if (is_driver) {
      tells = tells && size > kNothingNew * kNothingNew * norm(series.x[j - first]) &&
              kept.size() + 2 < p.columns.length;
      use[j - first] = tells ? 1 : 0;
    }
    if (!tells) continue;
    for (double& v : p.columns[j]) v /= left;
    kept.push_back(j);
  }
  return use;
}

bool tells_gaps(const Prepared& series, ArimaOrder order) {
  if (series.gaps.empty()) return true;
  order.constant = false;
  const Problem problem = problem_of(series, order, {});
  if (problem.columns.count == 0 || problem.columns.length <= problem.gaps) return false;
  Buffers buffers;
  Errors errors;
  errors_at(problem, {}, buffers, errors);
  return !errors.residual.empty();
}

double log_likelihood_of(double loss, std::size_t used) {
  const auto n = static_cast<double>(used);
  constexpr double kLogTwoPi = 1.8378770664093454836;
  return -0.5 * (loss + n * (kLogTwoPi - std::log(n) + 1));
}

double criterion_of(ArimaCriterion criterion, double log_likelihood, int estimated,
                    std::size_t used) {
  const double k = estimated;
  const auto n = static_cast<double>(used);
  const double aic = -2 * log_likelihood + 2 * k;
  if (criterion == ArimaCriterion::aic) return aic;
  if (criterion == ArimaCriterion::bic) return aic + k * (std::log(n) - 2);
  if (n - k - 1 <= 0) return std::numeric_limits<double>::infinity();
  return aic + 2 * k * (k + 1) / (n - k - 1);
}

}  // namespace emptor::forecasting::arma
