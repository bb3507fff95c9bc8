#include "emptor/forecasting/ces.hpp"

#include "emptor/core/error.hpp"

#include "forecasting/ces_states.hpp"
#include "forecasting/season.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

namespace emptor::forecasting {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<std::string_view, 4> kForms{"none", "simple", "partial", "full"};
constexpr double kMostOfIndex = 0.999;  ///< weight of an error in an index; at 1 none is forgotten
constexpr std::size_t kFewest = 4;      ///< two weights, sigma, and a value to spare

[[noreturn]] void fail(const std::string& what) { throw InvalidArgument("fit_ces: " + what); }

std::span<const double> known_part(std::span<const double> y) {
  for (const double value : y) {
    if (std::isinf(value)) fail("y is infinite; write NaN for a missing value");
  }
  while (!y.empty() && std::isnan(y.front())) y = y.subspan(1);
  while (!y.empty() && std::isnan(y.back())) y = y.first(y.size() - 1);
  return y;
}

/// Whether errors of a pair die out: both eigenvalues of the transition of the states in terms of
/// past values lie inside the unit circle (Jury's conditions on their sum and product).
bool forgets(double a0, double a1) {
  const double sum = 2 - 2 * a0 + a1;
  const double product = (1 - a0 + a1) * (1 - a0) + (1 - a1) * (1 - a0 - a1);
  return std::abs(sum) < 1 + product && product < 1;
}

bool allowed(CesForm form, std::span<const double> x) {
  if (!forgets(x[0], x[1])) return false;
  if (form == CesForm::partial) return x[2] >= 0 && x[2] <= kMostOfIndex;
  return form != CesForm::full || forgets(x[2], x[3]);
}

template <typename Real>
CesWeights<Real> weights_from(std::span<const Real> x) {
  if (x.size() == 2) return {x[0], x[1]};
  return {x[0], x[1], x[2], x.size() > 3 ? x[3] : Real(0)};
}

/// A series and what its first states begin from.
struct Known {
  std::span<const double> y{};
  std::vector<double> index{};  ///< additive, of the season; empty without one
};

/// There, back and there again: the first states are those the series leads back to. `use` takes
/// the errors of the last way.
template <typename Real, typename Use>
void run(CesStates<Real>& states, const Known& known, const CesWeights<Real>& w, Use&& use) {
  const std::span<const double> y = known.y;
  states.start(y, known.index);
  states.forwards(y, w, [](std::size_t, const Real&) {});
  states.backwards(y, w);
  states.forwards(y, w, use);
}

double squares(CesStates<double>& states, const Known& y, std::span<const double> x,
               double* residual) {
  double sum = 0;
  run(states, y, weights_from(x), [&](std::size_t i, double error) {
    if (residual != nullptr) residual[i] = error;
    if (!std::isnan(error)) sum += error * error;
  });
  return sum;
}

/// Sum of squares, half its gradient, and the Gauss-Newton matrix (upper half).
struct Normal {
  double squares = 0;
  std::array<double, 4> gradient{};
  std::array<std::array<double, 4>, 4> matrix{};
};

template <std::size_t N>
Normal normal_equations(CesForm form, int m, const Known& y, std::span<const double> x) {
  using Real = core::Jet<N>;
  std::array<Real, N> at;
  for (std::size_t i = 0; i < N; ++i) at[i] = Real::variable(x[i], i);
  Normal out;
  CesStates<Real> states(form, m);
  run(states, y, weights_from(std::span<const Real>(at)), [&](std::size_t, const Real& error) {
    if (std::isnan(error.v)) return;
    out.squares += error.v * error.v;
    for (std::size_t i = 0; i < N; ++i) {
      out.gradient[i] += error.d[i] * error.v;
      for (std::size_t j = i; j < N; ++j) out.matrix[i][j] += error.d[i] * error.d[j];
    }
  });
  return out;
}

Normal normal_equations(CesForm form, int m, const Known& y, std::span<const double> x) {
  if (x.size() == 2) return normal_equations<2>(form, m, y, x);
  if (x.size() == 3) return normal_equations<3>(form, m, y, x);
  return normal_equations<4>(form, m, y, x);
}

/// Takes a weight out of the step: it lies at its bound, and its slope points out of it.
void hold(Normal& at, std::size_t n, std::size_t which) {
  for (std::size_t k = 0; k < n; ++k) at.matrix[std::min(k, which)][std::max(k, which)] = 0;
  at.matrix[which][which] = 1;
  at.gradient[which] = 0;
}

/// The step (matrix + damping * its diagonal)^-1 (-gradient), by Cholesky's factors; empty where
/// the matrix is not positive.
std::vector<double> damped_step(const Normal& at, std::size_t n, double damping) {
  std::array<std::array<double, 4>, 4> l{};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = at.matrix[j][i] * (i == j ? 1 + damping : 1);
      for (std::size_t k = 0; k < j; ++k) sum -= l[i][k] * l[j][k];
      if (i == j && !(sum > 0)) return {};
      l[i][j] = i == j ? std::sqrt(sum) : sum / l[j][j];
    }
  }
  std::vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i) {
    double sum = -at.gradient[i];
    for (std::size_t k = 0; k < i; ++k) sum -= l[i][k] * x[k];
    x[i] = sum / l[i][i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) x[i] -= l[k][i] * x[k];
    x[i] /= l[i][i];
  }
  return x;
}

/// Lets the matrix know how the gradient really changed over a step (Broyden, Fletcher, Goldfarb
/// and Shanno), where the errors are too large for Gauss's and Newton's to converge fast.
void learn_curvature(Normal& next, const Normal& at, std::span<const double> step) {
  const std::size_t n = step.size();
  const auto entry = [&](std::size_t i, std::size_t j) {
    return at.matrix[std::min(i, j)][std::max(i, j)];
  };
  std::array<double, 4> moved{}, change{};
  double curve = 0, length = 0;
  for (std::size_t i = 0; i < n; ++i) {
    change[i] = next.gradient[i] - at.gradient[i];
    for (std::size_t j = 0; j < n; ++j) moved[i] += entry(i, j) * step[j];
    curve += change[i] * step[i];
    length += moved[i] * step[i];
  }
  if (!(curve > 1e-12 * length)) return;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i; j < n; ++j) {
      next.matrix[i][j] =
          at.matrix[i][j] + change[i] * change[j] / curve - moved[i] * moved[j] / length;
    }
  }
}

struct Minimised {
  std::vector<double> x{};
  double squares = kInfinity;
  bool flat = false;  ///< a further step would not matter; else it would leave what is allowed
};

/// Levenberg's and Marquardt's least squares within the weights that forget. Errors come with their
/// exact slopes, which spares most of the ways through the series that a search by values needs.
Minimised least_squares(CesForm form, int m, const Known& y, std::vector<double> x) {
  constexpr int kMost = 60;
  constexpr double kFlat = 1e-10;  // of the sum of squares
  constexpr double kClose = 1e-3;  // from where on curvature is learnt instead of approximated
  CesStates<double> states(form, m);
  constexpr double kSlow = 1e-4;  // where the edge of what is allowed turns steps back
  double damping = 1e-3;
  bool at_edge = false;
  Normal at = normal_equations(form, m, y, x);
  for (int i = 0; i < kMost && damping < 1e8; ++i) {
    std::vector<double> step = damped_step(at, x.size(), damping);
    std::vector<double> next(x);
    for (std::size_t k = 0; k < step.size(); ++k) next[k] += step[k];
    if (form == CesForm::partial) next[2] = std::clamp(next[2], 0.0, kMostOfIndex);
    for (std::size_t k = 0; k < step.size(); ++k) step[k] = next[k] - x[k];
    const bool stays = !step.empty() && allowed(form, next);
    const double sum = stays ? squares(states, y, next, nullptr) : kInfinity;
    if (!(sum < at.squares)) {
      if (stays && sum - at.squares <= kFlat * at.squares) return {x, at.squares, true};
      damping *= 8;
      at_edge |= !stays;
      continue;
    }
    const double gain = (at.squares - sum) / at.squares;
    if (gain <= kFlat) return {next, sum, true};
    if (gain <= kSlow && at_edge) return {next, sum, false};
    at_edge = false;
    Normal there = normal_equations(form, m, y, next);
    if (gain < kClose) learn_curvature(there, at, step);
    at = there;
    x = std::move(next);
    const bool at_bound =
        form == CesForm::partial && (at.gradient[2] > 0 ? x[2] <= 0 : x[2] >= kMostOfIndex);
    if (at_bound) hold(at, x.size(), 2);
    damping = std::max(damping / 10, 1e-12);
  }
  return {x, at.squares, false};
}

/// Weights to start from: of all pairs, and of the season where it has its own.
std::vector<std::vector<double>> starts_of(CesForm form) {
  std::vector<std::vector<double>> out;
  for (const double level : {1.05, 1.3, 1.7}) {
    if (form == CesForm::none || form == CesForm::simple) out.push_back({level, 1.0});
    if (form == CesForm::partial) out.push_back({level, 1.0, 0.1});
    if (form != CesForm::full) continue;
    for (const double season : {1.1, 1.5}) out.push_back({level, 1.0, season, 1.0});
  }
  return out;
}

/// From the best of the starts; from the next best too where that ends at the edge.
std::vector<double> best_weights(CesForm form, int m, const Known& y) {
  std::vector<std::pair<double, std::vector<double>>> starts;
  CesStates<double> states(form, m);
  for (auto& x : starts_of(form)) {
    const double sum = squares(states, y, x, nullptr);
    starts.emplace_back(sum, std::move(x));
  }
  std::stable_sort(starts.begin(), starts.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  Minimised best;
  for (std::size_t i = 0; i < 2 && !best.flat; ++i) {
    const Minimised found = least_squares(form, m, y, starts[i].second);
    if (best.x.empty() || found.squares < best.squares) best = found;
  }
  return best.x;
}

CesFit fit_form(std::span<const double> y, std::size_t known, CesForm form, int season_length) {
  const bool indices = form == CesForm::partial || form == CesForm::full;
  const Known series{
      y, indices ? adjust(y, season_length, SeasonKind::additive).index : std::vector<double>{}};
  const std::vector<double> x = best_weights(form, season_length, series);
  CesFit fit;
  fit.form = form;
  fit.season_length = form == CesForm::none ? 1 : season_length;
  fit.n = static_cast<std::int64_t>(y.size());
  fit.n_known = static_cast<std::int64_t>(known);
  fit.alpha = {x[0], x[1]};
  std::copy(x.begin() + 2, x.end(), fit.beta.begin());
  fit.residual.resize(y.size());
  CesStates<double> states(form, season_length);
  fit.sse = squares(states, series, x, fit.residual.data());
  states.store(fit);
  const auto n = static_cast<double>(known);
  const auto weights = static_cast<double>(x.size());
  fit.parameters = static_cast<int>(x.size()) + 1;
  fit.sigma = n > weights ? std::sqrt(fit.sse / (n - weights)) : kNaN;
  constexpr double kLogTwoPi = 1.8378770664093454836;
  fit.log_likelihood = -0.5 * n * (std::log(fit.sse / n) + 1 + kLogTwoPi);
  const double k = weights + 1;
  fit.aicc = n > k + 1 ? -2 * fit.log_likelihood + 2 * k * n / (n - k - 1) : kInfinity;
  fit.status = fit.sse > 0 ? Status::ok : Status::boundary;
  return fit;
}

CesWeights<double> weights_of(const CesFit& fit) {
  return {fit.alpha[0], fit.alpha[1], fit.beta[0], fit.beta[1]};
}

void check(std::span<const double> y, std::size_t known, const CesOptions& options) {
  if (options.season_length < 1) {
    fail("season_length is " + std::to_string(options.season_length) +
         "; write periods per season, as 12, or 1 for none");
  }
  if (known < kFewest) {
    fail(std::to_string(known) + " known values; " + std::to_string(kFewest) + " are needed");
  }
  if (!options.form || *options.form == CesForm::none) return;
  const auto m = static_cast<std::size_t>(options.season_length);
  if (m < 2 || y.size() < 2 * m) {
    fail("form '" + std::string(kForms[static_cast<std::size_t>(*options.form)]) +
         "' needs two full seasons; there are " + std::to_string(y.size()) +
         " periods and season_length is " + std::to_string(options.season_length));
  }
}

}  // namespace

std::span<const std::string_view> ces_form_labels() noexcept { return kForms; }

CesFit fit_ces(std::span<const double> y, const CesOptions& options) {
  const std::span<const double> part = known_part(y);
  const auto known = static_cast<std::size_t>(
      std::count_if(part.begin(), part.end(), [](double v) { return !std::isnan(v); }));
  check(part, known, options);
  if (options.form) return fit_form(part, known, *options.form, options.season_length);
  CesFit best = fit_form(part, known, CesForm::none, 1);
  const auto m = static_cast<std::size_t>(options.season_length);
  if (m < 2) return best;
  if (part.size() < 2 * m) {
    best.status = Status::small_sample;
    return best;
  }
  for (const CesForm form : {CesForm::simple, CesForm::partial, CesForm::full}) {
    CesFit other = fit_form(part, known, form, options.season_length);
    if (other.aicc < best.aicc) best = std::move(other);
  }
  return best;
}

CesFit update(const CesFit& fit, std::span<const double> y) {
  for (const double value : y) {
    if (std::isinf(value)) throw InvalidArgument("update: y is infinite; write NaN if missing");
  }
  CesFit out = fit;
  CesStates<double> states(fit);
  out.residual.resize(y.size());
  states.forwards(y, weights_of(fit), [&](std::size_t i, double error) {
    out.residual[i] = error;
    out.sse += std::isnan(error) ? 0 : error * error;
  });
  states.store(out);
  out.n += static_cast<std::int64_t>(y.size());
  out.n_known += std::count_if(y.begin(), y.end(), [](double v) { return !std::isnan(v); });
  return out;
}

std::vector<double> forecast(const CesFit& fit, int horizon) {
  CesStates<double> states(fit);
  std::vector<double> out;
  for (int h = 0; h < horizon; ++h) {
    out.push_back(states.expected());
    states.step(kNaN, weights_of(fit));
  }
  return out;
}

std::vector<double> standard_errors(const CesFit& fit, int horizon) {
  std::vector<double> out;
  double sum = 0;
  for (const double moved : ces_response(fit, horizon)) {
    sum += moved * moved;
    out.push_back(fit.sigma * std::sqrt(sum));
  }
  return out;
}

std::vector<double> ces_response(const CesFit& fit, int horizon) {
  CesStates<double> states(fit);
  states.clear();
  std::vector<double> out;
  for (int h = 0; h < horizon; ++h) {
    out.push_back(h == 0 ? 1 : states.expected());
    states.step(h == 0 ? 1 : kNaN, weights_of(fit));
  }
  return out;
}

double ces_total_error(const CesFit& fit, int horizon) {
  // The shock of a step moves the sum by what it moves this step and the ones after it.
  double moved = 0, variance = 0;
  for (const double response : ces_response(fit, horizon)) {
    moved += response;
    variance += moved * moved;
  }
  return fit.sigma * std::sqrt(variance);
}

}  // namespace emptor::forecasting
