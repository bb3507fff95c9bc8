#include "emptor/forecasting/arima.hpp"

#include "emptor/core/error.hpp"

#include "forecasting/arima_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace emptor::forecasting {

namespace arma {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kTight = 1e-9;  ///< gain of the log likelihood, doubled, that ends a search
/// Errors this small beside the values are rounding.
constexpr double kPerfect = 1e-10;
constexpr int kMostOrder = 24;  ///< of one polynomial
constexpr int kLongestSeason = 366;

[[noreturn]] void fail(const std::string& what) { throw InvalidArgument("fit_arima: " + what); }

void set_criteria(ArimaFit& fit) {
  const auto n = static_cast<double>(fit.n_used);
  const auto used = static_cast<std::size_t>(fit.n_used);
  const double loss = n * std::log(fit.squares) + fit.log_determinant;
  fit.log_likelihood = log_likelihood_of(loss, used);
  const auto of = [&](ArimaCriterion c) {
    const double value = criterion_of(c, fit.log_likelihood, fit.estimated, used);
    return std::isinf(value) && fit.squares > 0 ? kNaN : value;
  };
  fit.aic = of(ArimaCriterion::aic);
  fit.aicc = of(ArimaCriterion::aicc);
  fit.bic = of(ArimaCriterion::bic);
  const double free = n - fit.estimated + 1;
  fit.sigma = free > 0 ? std::sqrt(fit.squares / free) : kNaN;
}

/// The last values of a column before differencing, latest first.
std::vector<double> last_of(std::span<const double> column, std::size_t reach) {
  std::vector<double> out;
  for (std::size_t j = 0; j < reach; ++j) out.push_back(column[column.size() - 1 - j]);
  return out;
}

/// Ends of all columns, gaps taken out of the others, and what is not known of the state.
void put_state(const Prepared& series, const ArimaOrder& order, const Problem& problem,
               const Weights& weights, std::span<const std::uint8_t> use, const Buffers& buffers,
               std::vector<std::vector<double>> ends, ArimaState& state) {
  const std::size_t reach = integration(order).size();
  const std::size_t gaps = problem.gaps;
  const std::size_t n = series.y.size();
  const auto extend = [&](std::size_t c, std::span<const double> column) {
    const std::vector<double> last = last_of(column, reach);
    ends[c].insert(ends[c].end(), last.begin(), last.end());
  };
  extend(0, series.y);
  for (std::size_t g = 0; g < gaps; ++g) {
    std::vector<double> one(n, 0.0);
    one[series.gaps[g]] = 1;
    extend(1 + g, one);
  }
  std::size_t at = 1 + gaps;
  if (order.constant) {
    std::vector<double> column(n, 1.0);
    if (reach > 0) {
      for (std::size_t t = 0; t < n; ++t) column[t] = static_cast<double>(t + 1);
    }
    extend(at++, column);
  }
  for (std::size_t k = 0; k < use.size(); ++k) {
    if (use[k] != 0) extend(at++, series.x[k]);
  }
  const std::vector<double> inverse = triangle_inverse(buffers, 0, gaps);
  const std::size_t width = buffers.whitened.count;
  const std::size_t size = ends[0].size();
  for (std::size_t c = 0; c < ends.size(); ++c) {
    if (c >= 1 && c <= gaps) continue;
    std::vector<double> column = ends[c];
    const std::size_t right = c == 0 ? width - 1 : c - 1;
    for (std::size_t g = 0; g < gaps; ++g) {
      double coefficient = 0;
      for (std::size_t j = g; j < gaps; ++j) {
        coefficient += inverse[g * gaps + j] * buffers.triangle[j * width + right];
      }
      for (std::size_t i = 0; i < size; ++i) column[i] -= coefficient * ends[1 + g][i];
    }
    state.column.push_back(std::move(column));
  }
  const std::size_t r = size - reach;
  std::vector<double> arma = state_covariance(weights, problem.columns.length);
  if (arma.empty() && gaps == 0) return;
  state.covariance.assign(size * size, 0.0);
  for (std::size_t i = 0; i < r && !arma.empty(); ++i) {
    for (std::size_t j = 0; j < r; ++j) state.covariance[i * size + j] = arma[i * r + j];
  }
  for (std::size_t g = 0; g < gaps; ++g) {
    std::vector<double> moved(size, 0.0);
    for (std::size_t j = 0; j <= g; ++j) {
      for (std::size_t i = 0; i < size; ++i) {
        moved[i] += inverse[j * gaps + g] * ends[1 + j][i];
      }
    }
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = 0; j < size; ++j) state.covariance[i * size + j] += moved[i] * moved[j];
    }
  }
}

void keep_steps(const Prepared& series, const Problem& problem, const Weights& weights,
                std::span<const double> solution, std::span<const double> deviation,
                Buffers& buffers, ArimaFit& fit) {
  // The noise alone, gaps filled with what is most likely of them.
  Problem noise;
  noise.columns.resize(problem.columns.length, 1);
  const auto left = noise.columns[0];
  std::copy_n(problem.columns[0].begin(), left.size(), left.begin());
  for (std::size_t c = 0; c < solution.size(); ++c) {
    for (std::size_t t = 0; t < left.size(); ++t) {
      left[t] -= solution[c] * problem.columns[c + 1][t];
    }
  }
  whiten(weights, noise.columns, buffers.whitened, buffers.scratch);
  const std::size_t lost = series.y.size() - left.size();
  fit.residual.assign(series.cut + lost, kNaN);
  fit.fitted.assign(series.cut + lost, kNaN);
  for (std::size_t t = 0; t < left.size(); ++t) {
    const double error = buffers.whitened[0][t] * deviation[t] * series.scale;
    fit.residual.push_back(error);
    fit.fitted.push_back(series.y[lost + t] * series.scale - error);
  }
  for (std::size_t gap : series.gaps) fit.residual[series.cut + gap] = kNaN;
  for (std::size_t gap : series.gaps) fit.fitted[series.cut + gap] = kNaN;
}

bool is_sound(const std::optional<std::array<int, 3>>& order, int most) {
  return !order ||
         std::all_of(order->begin(), order->end(), [most](int k) { return k >= 0 && k <= most; });
}

}  // namespace

ArimaFit finished(const Prepared& series, const ArimaOrder& order, const Coefficients& c,
                  std::span<const std::uint8_t> use, int estimated_weights, bool keep) {
  const Problem problem = problem_of(series, order, use);
  const Weights weights = multiplied(shape_of(order), c);
  Buffers buffers;
  Errors errors;
  Trace trace;
  errors_at(problem, weights, buffers, errors, &trace);
  ArimaFit fit;
  fit.parameters = {order, c.ar, c.ma, c.seasonal_ar, c.seasonal_ma, 0, {}};
  fit.n = static_cast<std::int64_t>(series.y.size());
  fit.n_known = series.n_known;
  fit.n_used = static_cast<std::int64_t>(problem.used());
  fit.estimated = estimated_weights + static_cast<int>(problem.regressors()) + 1;
  fit.squares = errors.squares;
  fit.log_determinant = errors.log_determinant;
  fit.squares *= series.scale * series.scale;
  set_criteria(fit);
  const std::vector<double> solution = solved(buffers);
  const std::size_t from = problem.gaps;
  std::size_t at = from;
  if (order.constant) fit.parameters.constant = solution[at++] * series.scale;
  for (std::size_t k = 0; k < use.size(); ++k) {
    fit.parameters.drivers.push_back(use[k] != 0 ? solution[at++] * series.scale : 0);
    fit.dropped.push_back(use[k] == 0);
  }
  const std::size_t k = solution.size() - from;
  const std::vector<double> inverse = triangle_inverse(buffers, from, solution.size());
  fit.coefficient_covariance.assign(k * k, 0.0);
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      for (std::size_t l = std::max(i, j); l < k; ++l) {
        fit.coefficient_covariance[i * k + j] += inverse[i * k + l] * inverse[j * k + l];
      }
    }
    fit.standard_error.push_back(fit.sigma * std::sqrt(fit.coefficient_covariance[i * k + i]));
  }
  put_state(series, order, problem, weights, use, buffers, std::move(trace.ends), fit.state);
  for (double& v : fit.state.column[0]) v *= series.scale;
  if (keep) keep_steps(series, problem, weights, solution, trace.deviation, buffers, fit);
  double size = 0;
  for (double v : series.y) size += v * v;
  if (errors.squares <= kPerfect * kPerfect * size) {
    fit.status = Status::boundary;
    if (!(errors.squares > 0)) fit.log_likelihood = fit.aic = fit.aicc = fit.bic = kNaN;
    fit.sigma = 0;
    std::fill(fit.standard_error.begin(), fit.standard_error.end(), 0.0);
  }
  return fit;
}

ArimaFit level_only(const Prepared& series, const ArimaOptions& options) {
  ArimaFit fit;
  const std::vector<std::uint8_t> use(series.x.size(), 0);
  fit.parameters.order = {.differences = series.constant ? 0 : 1, .constant = series.constant};
  fit.parameters.drivers.assign(use.size(), 0.0);
  fit.dropped.assign(use.size(), 1);
  fit.n = static_cast<std::int64_t>(series.y.size());
  fit.n_known = series.n_known;
  const bool enough = series.n_known >= 3;
  fit.sigma = enough && series.constant ? 0 : kNaN;
  fit.log_likelihood = fit.aic = fit.aicc = fit.bic = kNaN;
  fit.status = !enough           ? Status::not_enough_data
               : series.constant ? Status::boundary
                                 : Status::undefined;
  const double last = series.y.empty() ? kNaN : series.y.back() * series.scale;
  if (series.constant) {
    fit.parameters.constant = last;
    fit.state.column = {{}, {}};
    fit.standard_error = {fit.sigma};
    fit.coefficient_covariance = {0};
  } else {
    fit.state.column = {{last}};
  }
  if (options.keep) {
    fit.fitted.assign(series.cut + series.y.size(), kNaN);
    fit.residual = fit.fitted;
  }
  return fit;
}

std::optional<Solution> solve(const Problem& problem, const ArimaOrder& order, double tolerance,
                              ArimaCriterion criterion, std::span<const std::vector<double>> starts,
                              Buffers& buffers) {
  const Shape shape = shape_of(order);
  const std::size_t numbers = shape.size() + problem.columns.count;  // sigma in place of y
  if (problem.columns.count == 0 || problem.columns.length < numbers + 1) return std::nullopt;
  Solution out;
  out.order = order;
  // From the best of the places, or, where the end is to be sure, from all.
  const bool all = tolerance <= kTight;
  std::vector<double> best;
  double least = std::numeric_limits<double>::infinity();
  for (const std::vector<double>& start : starts) {
    if (all) {
      Optimum other = minimise(problem, shape, start, tolerance, buffers);
      if (other.loss < out.optimum.loss) out.optimum = std::move(other);
      continue;
    }
    Errors errors;
    errors_at(problem, multiplied(shape, coefficients_of(shape, start)), buffers, errors);
    if (errors.loss < least) {
      least = errors.loss;
      best = start;
    }
  }
  if (!all && std::isfinite(least)) {
    out.optimum = minimise(problem, shape, std::move(best), tolerance, buffers);
  }
  if (!std::isfinite(out.optimum.loss)) return std::nullopt;
  const int estimated = static_cast<int>(shape.size() + problem.regressors()) + 1;
  const std::size_t used = problem.used();
  out.criterion =
      criterion_of(criterion, log_likelihood_of(out.optimum.loss, used), estimated, used);
  return out;
}

namespace {

void check(const ArimaOptions& o) {
  if (o.season_length < 1 || o.season_length > kLongestSeason) {
    fail("season_length is " + std::to_string(o.season_length) + "; write 1 (none) to " +
         std::to_string(kLongestSeason));
  }
  if (!is_sound(o.order, kMostOrder) || (o.order && (*o.order)[1] > 2)) {
    fail("order must be p, d, q with d up to 2 and the others 0 to " + std::to_string(kMostOrder));
  }
  if (!is_sound(o.seasonal_order, 4) || (o.seasonal_order && (*o.seasonal_order)[1] > 1)) {
    fail("seasonal_order must be P, D, Q with D up to 1 and the others 0 to 4");
  }
  if (o.seasonal_order && !o.order) {
    fail("seasonal_order needs order beside it, as {1, 1, 1}");
  }
  if (o.seasonal_order && o.season_length == 1 && *o.seasonal_order != std::array{0, 0, 0}) {
    fail("seasonal_order needs season_length, as 12");
  }
  const auto within = [](int value, const char* name, int most) {
    if (value < 0 || value > most) {
      fail(std::string(name) + " is " + std::to_string(value) + "; write 0 to " +
           std::to_string(most));
    }
  };
  within(o.max_ar, "max_ar", kMostOrder);
  within(o.max_ma, "max_ma", kMostOrder);
  within(o.max_seasonal_ar, "max_seasonal_ar", 4);
  within(o.max_seasonal_ma, "max_seasonal_ma", 4);
  within(o.max_differences, "max_differences", 2);
  within(o.max_seasonal_differences, "max_seasonal_differences", 1);
  within(o.differences.value_or(0), "differences", 2);
  within(o.seasonal_differences.value_or(0), "seasonal_differences", 1);
  within(o.max_order, "max_order", 4 * kMostOrder);
  if (o.max_models < 1) {
    fail("max_models is " + std::to_string(o.max_models) + "; write how many to try, as 94");
  }
}

ArimaOrder asked(const ArimaOptions& o) {
  ArimaOrder out{.ar = (*o.order)[0], .differences = (*o.order)[1], .ma = (*o.order)[2]};
  if (o.seasonal_order) {
    out.seasonal_ar = (*o.seasonal_order)[0];
    out.seasonal_differences = (*o.seasonal_order)[1];
    out.seasonal_ma = (*o.seasonal_order)[2];
    out.season_length = o.season_length;
  }
  if (out.seasonal_ar + out.seasonal_differences + out.seasonal_ma == 0) out.season_length = 1;
  const int differences = out.differences + out.seasonal_differences;
  out.constant = o.constant.value_or(differences == 0) && differences < 2;
  return out;
}

/// Ever less of a model until there are enough values for it.
bool lessen(ArimaOrder& o) {
  if (o.seasonal_ar + o.seasonal_ma + o.seasonal_differences > 0) {
    o.seasonal_ar = o.seasonal_ma = o.seasonal_differences = 0;
    o.season_length = 1;
  } else if (o.ar + o.ma > 1) {
    (o.ar > o.ma ? o.ar : o.ma) -= 1;
  } else if (o.ar + o.ma == 1) {
    o.ar = o.ma = 0;
  } else if (o.constant && o.differences > 0) {
    o.constant = false;
  } else {
    return false;
  }
  return true;
}

ArimaFit of_solution(const Prepared& series, const Solution& s, std::span<const std::uint8_t> use,
                     const ArimaOptions& options) {
  const Shape shape = shape_of(s.order);
  ArimaFit fit = finished(series, s.order, coefficients_of(shape, s.optimum.partial), use,
                          static_cast<int>(shape.size()), options.keep);
  fit.iterations = s.optimum.iterations;
  if (fit.status == Status::ok && !s.optimum.converged) fit.status = Status::not_converged;
  return fit;
}

ArimaFit fit_order(const Prepared& series, ArimaOrder order, const ArimaOptions& options,
                   std::span<const std::vector<double>> further) {
  Buffers buffers;
  bool as_asked = true;
  while (true) {
    const std::vector<std::uint8_t> use = usable_drivers(series, order);
    const Problem problem = problem_of(series, order, use);
    std::vector<std::vector<double>> starts(further.begin(), further.end());
    if (problem.columns.count > 0) {
      const Shape shape = shape_of(order);
      starts.emplace_back(shape.size(), 0.0);
      starts.push_back(first_guess(problem.columns[0], shape));
    }
    if (const auto found = solve(problem, order, kTight, options.criterion, starts, buffers)) {
      ArimaFit fit = of_solution(series, *found, use, options);
      if (!as_asked && fit.status == Status::ok) fit.status = Status::small_sample;
      return fit;
    }
    if (!lessen(order)) return level_only(series, options);
    as_asked = false;
  }
}

}  // namespace

ArimaFit fit_again(std::span<const double> y, const ArimaFit& before, const ArimaOptions& options) {
  const Prepared series = prepared("fit_arima", y, {});
  if (before.status != Status::ok || series.n_known < 3 || series.constant) {
    return fit_arima(y, options);
  }
  const ArimaOrder& order = before.parameters.order;
  const Shape shape = shape_of(order);
  const ArimaParameters& p = before.parameters;
  std::vector<double> start(shape.size());
  if (!partials_of(shape, {p.ar, p.ma, p.seasonal_ar, p.seasonal_ma}, start)) {
    return fit_arima(y, options);
  }
  Buffers buffers;
  const Problem problem = problem_of(series, order, {});
  const std::vector<std::vector<double>> starts{start};
  const auto found = solve(problem, order, 1e-4, options.criterion, starts, buffers);
  return found ? of_solution(series, *found, {}, options) : fit_arima(y, options);
}

}  // namespace arma

using namespace arma;

ArimaFit fit_arima(std::span<const double> y, const ArimaOptions& options,
                   const ArimaDrivers& drivers) {
  check(options);
  const Prepared series = prepared("fit_arima", y, drivers);
  if (series.n_known < 3 || series.constant) return level_only(series, options);
  if (options.order) return fit_order(series, asked(options), options, {});
  const std::optional<Found> found = search(series, options);
  if (!found) {
    ArimaFit fit = fit_order(series, {.differences = 1}, options, {});
    if (fit.status == Status::ok) fit.status = Status::small_sample;
    return fit;
  }
  ArimaFit fit = of_solution(series, found->best, found->use, options);
  fit.tried = found->tried;
  const bool short_of_seasons =
      options.season_length > 1 &&
      series.y.size() < 2 * static_cast<std::size_t>(options.season_length);
  if (fit.status == Status::ok && short_of_seasons) fit.status = Status::small_sample;
  return fit;
}

ArimaFit evaluate_arima(std::span<const double> y, const ArimaParameters& p,
                        const ArimaDrivers& drivers, bool keep) {
  const auto bad = [](const std::string& what) {
    throw InvalidArgument("evaluate_arima: " + what);
  };
  const ArimaOrder& o = p.order;
  const auto same = [&](const std::vector<double>& v, int count, const char* name) {
    if (v.size() != static_cast<std::size_t>(count)) {
      bad(std::string(name) + " has " + std::to_string(v.size()) + " numbers; the order says " +
          std::to_string(count));
    }
  };
  same(p.ar, o.ar, "ar");
  same(p.ma, o.ma, "ma");
  same(p.seasonal_ar, o.seasonal_ar, "seasonal_ar");
  same(p.seasonal_ma, o.seasonal_ma, "seasonal_ma");
  same(p.drivers, static_cast<int>(drivers.count), "drivers");
  if (o.season_length < 1 || o.differences < 0 || o.seasonal_differences < 0) {
    bad("season_length must be 1 or more, differences 0 or more");
  }
  std::vector<double> partial(p.ar.size());
  std::vector<double> seasonal(p.seasonal_ar.size());
  if (!to_partial(p.ar, partial) || !to_partial(p.seasonal_ar, seasonal)) {
    bad("ar and seasonal_ar are not stationary: a root lies inside the unit circle");
  }
  Prepared series = prepared("evaluate_arima", y, drivers);
  // What is known of the mean is taken off; its columns are put back for the forecasts.
  const std::size_t reach = integration(o).size();
  for (std::size_t t = 0; t < series.y.size(); ++t) {
    const double at = reach > 0 ? static_cast<double>(t + 1) : 1;
    double mean = o.constant ? p.constant * at : 0;
    for (std::size_t k = 0; k < drivers.count; ++k) mean += p.drivers[k] * series.x[k][t];
    series.y[t] -= mean / series.scale;
  }
  ArimaOrder noise = o;
  noise.constant = false;
  const std::vector<std::uint8_t> none(drivers.count, 0);
  if (series.n_known < 3 || series.y.size() < reach + series.gaps.size() + 1 ||
      !tells_gaps(series, noise)) {
    return level_only(prepared("evaluate_arima", y, drivers), {.keep = keep});
  }
  ArimaFit fit = finished(series, noise, {p.ar, p.ma, p.seasonal_ar, p.seasonal_ma}, none, 0, keep);
  with_known_mean(fit, p, series);
  return fit;
}

}  // namespace emptor::forecasting
