#include "emptor/forecasting/stl.hpp"

#include "forecasting/arima_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace emptor::forecasting {
namespace {

constexpr double kKpssLimit = 0.463;        ///< at 5 %, of a constant level
constexpr double kSeasonalStrength = 0.64;  ///< Wang, Smith and Hyndman's measure

bool same_throughout(std::span<const double> v) {
  return std::all_of(v.begin(), v.end(), [&](double x) { return x == v[0]; });
}

/// Whether the KPSS statistic with trunc(3 sqrt(n) / 13) lags is above its limit.
bool wanders(std::span<const double> v) {
  const auto n = static_cast<double>(v.size());
  double mean = 0;
  for (double x : v) mean += x / n;
  double partial = 0, sums = 0;
  for (double x : v) {
    partial += x - mean;
    sums += partial * partial;
  }
  const auto lags = static_cast<std::size_t>(3 * std::sqrt(n) / 13);
  double variance = 0;
  for (std::size_t k = 0; k <= lags; ++k) {
    double product = 0;
    for (std::size_t t = k; t < v.size(); ++t) product += (v[t] - mean) * (v[t - k] - mean);
    const double weight =
        k == 0 ? 1 : 2 * (1 - static_cast<double>(k) / (static_cast<double>(lags) + 1));
    variance += weight * product;
  }
  return sums / (n * variance) > kKpssLimit;
}

std::vector<double> known_of(std::span<const double> y) {
  std::vector<double> out;
  for (double v : y) {
    if (!std::isnan(v)) out.push_back(v);
  }
  return out;
}

}  // namespace

int differences_needed(std::span<const double> y, int most) {
  std::vector<double> v = known_of(y);
  int d = 0;
  while (d < most && v.size() > 1 && !same_throughout(v) && wanders(v)) {
    for (std::size_t t = v.size(); t-- > 1;) v[t] -= v[t - 1];
    v.erase(v.begin());
    ++d;
  }
  return d;
}

int seasonal_differences_needed(std::span<const double> y, int season_length) {
  std::size_t begin = 0, end = y.size();
  while (begin < end && std::isnan(y[begin])) ++begin;
  while (end > begin && std::isnan(y[end - 1])) --end;
  const std::span<const double> known = y.subspan(begin, end - begin);
  if (season_length < 2 || known.size() <= 2 * static_cast<std::size_t>(season_length)) return 0;
  const std::vector<double> values = known_of(known);
  if (values.size() < 3 || same_throughout(values)) return 0;
  const StlFit fit = fit_stl(known, {.season_length = {season_length}});
  return !fit.season_strength.empty() && fit.season_strength[0] > kSeasonalStrength ? 1 : 0;
}

namespace arma {
namespace {

constexpr double kCoarse =
    1e-3;  ///< gain of a candidate's doubled log likelihood that ends a search
/// Models this near the best criterion are searched from another place too.
constexpr double kNear = 8;
constexpr double kTight = 1e-9;
/// Differences of values of size about 1 that are this near each other are the same.
constexpr double kRounding = 1e-13;
constexpr double kLeastRoot = 1.01;  ///< of models to choose from

/// The series with gaps, less what a regression on the drivers says: for the tests.
std::vector<double> without_drivers(const Prepared& series) {
  std::vector<double> out = series.y;
  const ArimaOrder level{.constant = true};
  const std::vector<std::uint8_t> use = usable_drivers(series, level);
  if (std::count(use.begin(), use.end(), 1) > 0) {
    const Problem problem = problem_of(series, level, use);
    Buffers buffers;
    Errors errors;
    errors_at(problem, {}, buffers, errors);
    if (errors.valid) out = errors.residual;
  }
  for (std::size_t gap : series.gaps) out[gap] = std::numeric_limits<double>::quiet_NaN();
  return out;
}

std::vector<double> differenced(std::vector<double> v, int season_length) {
  const auto m = static_cast<std::size_t>(season_length);
  for (std::size_t t = v.size(); t-- > m;) v[t] -= v[t - m];
  v.erase(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(std::min(m, v.size())));
  return v;
}

/// Candidates of one series, each fitted once.
class Walk {
 public:
  Walk(const Prepared& series, const ArimaOptions& options) : series_(series), options_(options) {
    const int m = options.season_length;
    const auto n = static_cast<int>(series.y.size());
    most_ = {.ar = std::min(options.max_ar, n / 3), .ma = std::min(options.max_ma, n / 3)};
    if (m > 1) {
      most_.seasonal_ar = std::min(options.max_seasonal_ar, n / 3 / m);
      most_.seasonal_ma = std::min(options.max_seasonal_ma, n / 3 / m);
    }
    if (most_.seasonal_ar > 0) most_.ar = std::min(most_.ar, m - 1);
    if (most_.seasonal_ma > 0) most_.ma = std::min(most_.ma, m - 1);
    choose_differences();
    may_have_constant_ =
        base_.differences + base_.seasonal_differences < 2 && options.constant.value_or(true);
    may_lack_constant_ =
        !options.constant.value_or(false) || base_.differences + base_.seasonal_differences >= 2;
    use_ = usable_drivers(series, base_);
    for (const bool constant : {false, true}) {
      ArimaOrder order = base_;
      order.constant = constant;
      problem_[constant ? 1 : 0] = problem_of(series, order, use_);
    }
    if (problem_[0].columns.count > 0) {
      // Guesses are made from what the regressors leave.
      Errors errors;
      errors_at(problem_[may_have_constant_ ? 1 : 0], {}, buffers_, errors);
      guess_from_ = errors.residual;
    }
  }

  std::optional<Found> run() {
    if (problem_[0].columns.count == 0) return std::nullopt;
    if (auto plain = without_noise()) return Found{*plain, use_, 1};
    if (options_.stepwise) {
      step_by_step();
    } else {
      through_all();
    }
    if (!best_) return std::nullopt;
    refine();
    return Found{*best_, use_, tried_};
  }

 private:
  [[nodiscard]] const Problem& problem(bool constant) const { return problem_[constant ? 1 : 0]; }

  void choose_differences() {
    const int m = options_.season_length;
    const std::vector<double> level = without_drivers(series_);
    const bool seasons = m > 1 && options_.max_seasonal_differences > 0;
    const int wanted =
        options_.seasonal_differences.value_or(seasons ? seasonal_differences_needed(level, m) : 0);
    const bool enough = static_cast<int>(level.size()) > m + 2;
    base_.seasonal_differences = m > 1 && enough ? wanted : 0;
    base_.season_length = m;
    if (!tells_gaps(series_, base_)) base_.seasonal_differences = 0;
    base_.season_length =
        m > 1 && (most_.seasonal_ar + most_.seasonal_ma > 0 || base_.seasonal_differences > 0) ? m
                                                                                               : 1;
    const std::vector<double> left = base_.seasonal_differences > 0 ? differenced(level, m) : level;
    base_.differences =
        options_.differences.value_or(differences_needed(left, options_.max_differences));
  }

  /// Fits a model unless it was; true if it is the best so far, and so becomes.
  bool is_better(int ar, int ma, int seasonal_ar, int seasonal_ma, bool constant) {
    ArimaOrder order = base_;
    order.ar = ar;
    order.ma = ma;
    order.seasonal_ar = seasonal_ar;
    order.seasonal_ma = seasonal_ma;
    order.constant = constant;
    if (seasonal_ar + seasonal_ma + base_.seasonal_differences == 0) order.season_length = 1;
    if (options_.stepwise && tried_ >= options_.max_models) return false;
    if (std::find(seen_.begin(), seen_.end(), order) != seen_.end()) return false;
    seen_.push_back(order);
    ++tried_;
    const Shape shape = shape_of(order);
    std::vector<std::vector<double>> starts{first_guess(guess_from_, shape)};
    if (best_) starts.push_back(adapted(*best_, shape));
    auto found = solve(problem(constant), order, kCoarse, options_.criterion, starts, buffers_);
    const double near = best_ ? best_->criterion + kNear : infinite();
    if (found && found->criterion < near) {
      const std::vector<std::vector<double>> other{smooth(shape)};
      auto second = solve(problem(constant), order, kCoarse, options_.criterion, other, buffers_);
      if (second && second->criterion < found->criterion) found = std::move(second);
    }
    if (!found || !(found->criterion < (best_ ? best_->criterion : infinite())) ||
        !far_from_edge(*found)) {
      return false;
    }
    best_ = std::move(found);
    return true;
  }

  /// Of a series whose differences are all the same: nothing but them.
  [[nodiscard]] std::optional<Solution> without_noise() const {
    const std::span<const double> w = problem_[0].columns[0];
    const auto [low, high] = std::minmax_element(w.begin(), w.end());
    if (*high - *low > kRounding || (*low != 0 && !may_have_constant_)) return std::nullopt;
    Solution out;
    out.order = base_;
    out.order.season_length = base_.seasonal_differences > 0 ? base_.season_length : 1;
    out.order.constant = *low != 0;
    out.optimum.converged = true;
    return out;
  }

  static double infinite() { return std::numeric_limits<double>::infinity(); }

  /// Slow levels and seasons, as exponential smoothing has: a place where ridges of the likelihood
  /// end that regressions do not lead to.
  static std::vector<double> smooth(const Shape& shape) {
    std::vector<double> out(shape.size(), 0.0);
    auto at = out.begin();
    const auto part = [&](int count, double first) {
      if (count > 0) *at = first;
      at += count;
    };
    part(shape.ar, 0.5);
    part(shape.ma, 0.8);
    part(shape.seasonal_ar, 0);
    part(shape.seasonal_ma, 0.5);
    return out;
  }

  /// Another model's weights where both have them, 0 elsewhere.
  static std::vector<double> adapted(const Solution& from, const Shape& to) {
    const Shape shape = shape_of(from.order);
    std::vector<double> out;
    std::size_t at = 0;
    const auto part = [&](int had, int has) {
      for (int i = 0; i < has; ++i) {
        out.push_back(i < had ? from.optimum.partial[at + static_cast<std::size_t>(i)] : 0.0);
      }
      at += static_cast<std::size_t>(had);
    };
    part(shape.ar, to.ar);
    part(shape.ma, to.ma);
    part(shape.seasonal_ar, to.seasonal_ar);
    part(shape.seasonal_ma, to.seasonal_ma);
    return out;
  }

  /// No root of either side within kLeastRoot: such models are next to ones without them.
  static bool far_from_edge(const Solution& s) {
    const Shape shape = shape_of(s.order);
    const Coefficients c = coefficients_of(shape, s.optimum.partial);
    const double seasonal = std::pow(kLeastRoot, shape.season_length);
    std::vector<double> ma(c.ma), seasonal_ma(c.seasonal_ma);
    for (double& v : ma) v = -v;
    for (double& v : seasonal_ma) v = -v;
    return roots_outside(c.ar, kLeastRoot) && roots_outside(ma, kLeastRoot) &&
           roots_outside(c.seasonal_ar, seasonal) && roots_outside(seasonal_ma, seasonal);
  }

  /// Hyndman and Khandakar (2008), as R's auto.arima walks.
  void step_by_step() {
    const bool with = may_have_constant_;
    const bool is_short = series_.y.size() < 10;
    const auto at_most = [](int a, int b) { return std::min(a, b); };
    const auto start = [&](int ar, int ma, int seasonal_ar, int seasonal_ma, bool constant) {
      is_better(at_most(ar, most_.ar), at_most(ma, most_.ma),
                at_most(seasonal_ar, most_.seasonal_ar), at_most(seasonal_ma, most_.seasonal_ma),
                constant);
    };
    const int two = is_short ? 1 : 2;
    const int one = is_short ? 0 : 1;
    start(two, two, one, one, with);
    start(0, 0, 0, 0, with);
    start(1, 0, 1, 0, with);
    start(0, 1, 0, 1, with);
    if (with && may_lack_constant_) start(0, 0, 0, 0, false);
    while (best_ && neighbour()) {
    }
  }

  /// Moves to the first better neighbour; false if there is none.
  bool neighbour() {
    const ArimaOrder o = best_->order;
    constexpr std::array<std::array<int, 2>, 8> kMoves{
        {{-1, 0}, {0, -1}, {1, 0}, {0, 1}, {-1, -1}, {-1, 1}, {1, -1}, {1, 1}}};
    const auto fits = [](int value, int most) { return value >= 0 && value <= most; };
    for (const auto& [ar, ma] : kMoves) {
      const int sar = o.seasonal_ar + ar, sma = o.seasonal_ma + ma;
      if (fits(sar, most_.seasonal_ar) && fits(sma, most_.seasonal_ma) &&
          is_better(o.ar, o.ma, sar, sma, o.constant)) {
        return true;
      }
    }
    for (const auto& [ar, ma] : kMoves) {
      if (fits(o.ar + ar, most_.ar) && fits(o.ma + ma, most_.ma) &&
          is_better(o.ar + ar, o.ma + ma, o.seasonal_ar, o.seasonal_ma, o.constant)) {
        return true;
      }
    }
    const bool allowed = o.constant ? may_lack_constant_ : may_have_constant_;
    return allowed && is_better(o.ar, o.ma, o.seasonal_ar, o.seasonal_ma, !o.constant);
  }

  void through_all() {
    for (int total = 0; total <= options_.max_order; ++total) {
      for (int p = 0; p <= most_.ar; ++p) {
        for (int q = 0; q <= most_.ma; ++q) {
          for (int sp = 0; sp <= most_.seasonal_ar; ++sp) {
            const int sq = total - p - q - sp;
            if (sq < 0 || sq > most_.seasonal_ma) continue;
            if (may_lack_constant_) is_better(p, q, sp, sq, false);
            if (may_have_constant_) is_better(p, q, sp, sq, true);
          }
        }
      }
    }
  }

  /// The best model's optimum, surely: from the other places too.
  void refine() {
    const Shape shape = shape_of(best_->order);
    const std::vector<std::vector<double>> starts{best_->optimum.partial,
                                                  first_guess(guess_from_, shape),
                                                  std::vector<double>(shape.size(), 0.0)};
    const auto found = solve(problem(best_->order.constant), best_->order, kTight,
                             options_.criterion, starts, buffers_);
    if (found) best_ = found;
  }

  const Prepared& series_;
  const ArimaOptions& options_;
  ArimaOrder base_{};
  ArimaOrder most_{};
  bool may_have_constant_ = true, may_lack_constant_ = true;
  std::vector<std::uint8_t> use_{};
  std::array<Problem, 2> problem_{};
  std::vector<double> guess_from_{};
  Buffers buffers_{};
  std::vector<ArimaOrder> seen_{};
  std::optional<Solution> best_{};
  int tried_ = 0;
};

}  // namespace

std::optional<Found> search(const Prepared& series, const ArimaOptions& options) {
  return Walk(series, options).run();
}

}  // namespace arma
}  // namespace emptor::forecasting
