#include "forecasting/rolling.hpp"

#include "emptor/forecasting/ets.hpp"
#include "emptor/forecasting/naive.hpp"
#include "emptor/forecasting/theta.hpp"

#include "forecasting/arima_fit.hpp"
#include "forecasting/ces_states.hpp"
#include "forecasting/ets_fit.hpp"
#include "forecasting/season.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool is_theta(ForecastModel model) {
  return model >= ForecastModel::stm && model <= ForecastModel::thetaf;
}
ThetaModel theta_model(ForecastModel model) {
  return static_cast<ThetaModel>(static_cast<int>(model) - static_cast<int>(ForecastModel::stm));
}
NaiveModel naive_model(ForecastModel model) {
  return static_cast<NaiveModel>(static_cast<int>(model) - static_cast<int>(ForecastModel::naive));
}

/// Standard deviation of the sum of all steps' errors: the shock at step k moves step k by its
/// index and every later one by alpha times its index.
double total_error(const ThetaFit& fit, int horizon) {
  double later = 0;
  double variance = 0;
  for (int k = horizon - 1; k >= 0; --k) {
    const double s = fit.season == SeasonKind::multiplicative
                         ? fit.index[static_cast<std::size_t>(k) % fit.index.size()]
                         : 1;
    const double c = s + fit.alpha * later;
    variance += c * c;
    later += s;
  }
  return fit.sigma * std::sqrt(variance);
}

double total_error(const NaiveFit& fit, int horizon) {
  double variance = 0;
  for (int k = 1; k <= horizon; ++k) {
    double moved = 1;  // how many steps the shock at step k moves
    if (fit.model == NaiveModel::naive || fit.model == NaiveModel::drift) moved = horizon - k + 1;
    if (fit.model == NaiveModel::seasonal_naive) {
      moved = (horizon - k) / static_cast<int>(fit.last.size()) + 1;
    }
    variance += moved * moved;
  }
  const auto h = static_cast<double>(horizon);
  // The estimated mean (slope) is wrong by the same amount at every step (times h).
  if (fit.model == NaiveModel::mean) variance += h * h / static_cast<double>(fit.n_known);
  if (fit.model == NaiveModel::drift) {
    variance += h * h * (h + 1) * (h + 1) / 4 / static_cast<double>(fit.n - 1);
  }
  return fit.sigma * std::sqrt(variance);
}

/// A flat level that moves by alpha times each error.
Path predict_intermittent(ForecastModel model, std::span<const double> y, int horizon) {
  const IntermittentFit fit =
      fit_intermittent(y, {.model = intermittent_model(model), .law = false});
  const auto steps = static_cast<std::size_t>(horizon);
  Path out{std::vector<double>(steps, fit.mean), {}};
  const double alpha = std::max(fit.alpha, fit.alpha_interval);
  double variance = 0;
  for (std::size_t h = 0; h < steps; ++h) {
    out.scale.push_back(fit.sigma * std::sqrt(1 + static_cast<double>(h) * alpha * alpha));
    const double moved = 1 + alpha * static_cast<double>(steps - 1 - h);
    variance += moved * moved;
  }
  out.scale.push_back(fit.sigma * std::sqrt(variance));
  return out;
}

template <typename Fit>
Path path(const Fit& fit, int horizon) {
  Path out{forecast(fit, horizon), standard_errors(fit, horizon)};
  out.scale.push_back(total_error(fit, horizon));
  return out;
}

Path predict_naive(NaiveModel model, std::span<const double> y, int season_length, bool seasons,
                   int horizon) {
  if (model == NaiveModel::seasonal_naive && !(seasons && can_repeat_season(y, season_length))) {
    model = NaiveModel::naive;
  }
  return path(fit_naive(y, model, season_length), horizon);
}

/// How straight trends are taken to be: what is usual, as what is learned from whole series would
/// let the future move forecasts of the past.
constexpr double kBetaRate = 20;

/// Past origins in a row that keep a form; the next one chooses anew.
constexpr int kKeepForm = 5;

Path predict_ets(std::span<const double> y, int season_length, int horizon, HeldForm* held) {
  const EtsOptions options{.season_length = std::max(season_length, 1),
                           .prior = {.beta_rate = kBetaRate}};
  EtsFit fit;
  if (held == nullptr) {
    fit = fit_ets(y, options);
  } else if (held->fit && held->uses < kKeepForm) {
    fit = smoothing::fit_again(y, *held->fit, options);
    ++held->uses;
    held->fit = fit;
  } else {
    fit = smoothing::fit_form(y, options, false);
    held->uses = 1;
    held->fit = fit;
  }
  Path out{forecast(fit, horizon), standard_errors(fit, horizon)};
  out.scale.push_back(smoothing::total_error(fit, horizon));
  return out;
}

Path predict_arima(std::span<const double> y, int season_length, int horizon, HeldForm* held) {
  const ArimaOptions options{.season_length = std::max(season_length, 1)};
  const bool again = held != nullptr && held->orders && held->uses_of_orders < kKeepForm;
  const ArimaFit fit = again ? arma::fit_again(y, *held->orders, options) : fit_arima(y, options);
  if (held != nullptr) {
    held->uses_of_orders = again ? held->uses_of_orders + 1 : 1;
    held->orders = fit;
  }
  Path out{forecast(fit, horizon), standard_errors(fit, horizon)};
  out.scale.push_back(arma::total_error(fit, horizon));
  return out;
}

Path predict_ces(std::span<const double> y, int season_length, int horizon) {
  const CesFit fit = fit_ces(y, {.season_length = std::max(season_length, 1)});
  Path out{forecast(fit, horizon), standard_errors(fit, horizon)};
  out.scale.push_back(ces_total_error(fit, horizon));
  return out;
}

/// One of the models that choose their own form.
Path predict_chosen(ForecastModel model, std::span<const double> y, int season_length, int horizon,
                    HeldForm* held) {
  if (model == ForecastModel::ets) return predict_ets(y, season_length, horizon, held);
  if (model == ForecastModel::arima) return predict_arima(y, season_length, horizon, held);
  return predict_ces(y, season_length, horizon);
}

}  // namespace

std::vector<ForecastModel> members_of(ForecastModel model, bool seldom, bool seasons) {
  if (model != ForecastModel::automatic) return {model};
  std::vector<ForecastModel> members{ForecastModel::dotm, ForecastModel::thetaf,
                                     ForecastModel::seasonal_naive};
  if (seldom) {
    members.push_back(ForecastModel::tsb);
  } else if (seasons) {
    members.push_back(ForecastModel::ets);
  }
  return members;
}

bool can_repeat_season(std::span<const double> y, int season_length) {
  const auto m = static_cast<std::size_t>(season_length);
  if (m < 2 || y.size() <= m) return false;
  std::vector<std::uint8_t> known(m, 0);
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (!std::isnan(y[i])) known[i % m] = 1;
  }
  return std::find(known.begin(), known.end(), 0) == known.end();
}

std::vector<Path> predict(std::span<const ForecastModel> models, std::span<const double> y,
                          int season_length, bool seasons, int horizon, bool* was_adjusted,
                          HeldForm* held) {
  std::optional<Adjusted> adjusted;
  std::vector<Path> out;
  for (ForecastModel model : models) {
    if (is_intermittent(model) &&
        std::none_of(y.begin(), y.end(), [](double v) { return v < 0; })) {
      out.push_back(predict_intermittent(model, y, horizon));
      continue;
    }
    if (is_intermittent(model)) model = ForecastModel::naive;
    if (model == ForecastModel::ets || model == ForecastModel::arima ||
        model == ForecastModel::ces) {
      const auto known = std::count_if(y.begin(), y.end(), [](double v) { return !std::isnan(v); });
      if (known >= kFewestForTheta) {
        out.push_back(predict_chosen(model, y, season_length, horizon, held));
        continue;
      }
      model = ForecastModel::naive;
    }
    if (!is_theta(model)) {
      out.push_back(predict_naive(naive_model(model), y, season_length, seasons, horizon));
      continue;
    }
    if (!adjusted) adjusted = adjust(y, season_length, SeasonKind::automatic);
    if (adjusted->n_known < kFewestForTheta) {
      out.push_back(predict_naive(NaiveModel::naive, y, season_length, seasons, horizon));
    } else {
      out.push_back(path(fit_adjusted(*adjusted, {.model = theta_model(model)}), horizon));
    }
  }
  if (was_adjusted != nullptr) {
    *was_adjusted = adjusted && adjusted->season != SeasonKind::none;
  }
  return out;
}

std::vector<std::int64_t> origins(std::int64_t n, int horizon, int season_length, int windows) {
  std::int64_t fewest = std::max<std::int64_t>(kFewestForTheta, n / 3);
  if (has_seasons(n, season_length)) {
    const std::int64_t two = std::min<std::int64_t>(2 * season_length, n - windows);
    fewest = std::max({fewest, two, std::int64_t{season_length} + 1});
  }
  const std::int64_t depth =
      std::min(n - fewest, std::max<std::int64_t>(2 * windows, 3 * std::int64_t{horizon}));
  std::vector<std::int64_t> out;
  if (depth < 1 || windows < 1) return out;
  const std::int64_t step = (depth + windows - 1) / windows;
  for (std::int64_t back = 1; back <= depth; back += step) out.push_back(n - back);
  std::reverse(out.begin(), out.end());
  return out;
}

namespace {

/// Weights before any error is known, of dotm, thetaf, seasonal_naive and the fourth member, if
/// there is one (which takes its weight from the others in proportion): tsb, or ets; how sharply
/// and after how many errors the past moves them. Chosen on M1 and Tourism, where the optimum is
/// flat.
constexpr std::array<double, 3> kPriorUnseasonal{0.8, 0.1, 0.1};
constexpr std::array<double, 3> kPriorSeasonal{0.4, 0.3, 0.3};
constexpr double kPriorTsb = 0.5;
constexpr double kPriorEts = 0.3;
constexpr double kShrinkage = 5;

/// Weights of the members at windows[at], from those errors of earlier windows whose actual value
/// was known then: prior * (shrunk relative mean absolute error)^-4.
std::vector<double> weights_at(std::span<const Window> windows, std::size_t at,
                               std::span<const double> y, bool seasonal, bool seldom) {
  const std::size_t k = windows[at].members.size();
  if (k == 1) return {1.0};
  const auto& prior = seasonal ? kPriorSeasonal : kPriorUnseasonal;
  std::vector<double> loss(k, 0.0);
  double count = 0;
  for (std::size_t i = 0; i < at; ++i) {
    // Errors made before a season was seen say nothing of models that see it, and the reverse.
    if (windows[i].adjusted != windows[at].adjusted) continue;
    const auto from = static_cast<std::size_t>(windows[i].origin);
    const auto steps = std::min(windows[i].members[0].mean.size(),
                                static_cast<std::size_t>(windows[at].origin) - from);
    for (std::size_t h = 0; h < steps; ++h) {
      if (std::isnan(y[from + h])) continue;
      for (std::size_t j = 0; j < k; ++j) {
        loss[j] += std::abs(y[from + h] - windows[i].members[j].mean[h]);
      }
      ++count;
    }
  }
  double reference = 0;
  for (double l : loss) reference += l / static_cast<double>(k);
  std::vector<double> weight(k);
  double sum = 0;
  for (std::size_t j = 0; j < k; ++j) {
    const double trust = count / (count + kShrinkage);
    const double relative = reference > 0 ? trust * loss[j] / reference + 1 - trust : 1;
    const double sharp = std::max(relative * relative, 1e-6);
    const double fourth = seldom ? kPriorTsb : kPriorEts;
    const double share = j == prior.size()  ? fourth
                         : k > prior.size() ? (1 - fourth) * prior[j]
                                            : prior[j];
    weight[j] = share / (sharp * sharp);
    sum += weight[j];
  }
  for (double& w : weight) w /= sum;
  return weight;
}

/// The weighted mean of the members' forecasts and, which averages their quantiles, of their
/// scales.
Path mixed(std::span<const Path> members, std::span<const double> weight) {
  Path out{std::vector<double>(members[0].mean.size()),
           std::vector<double>(members[0].scale.size())};
  for (std::size_t j = 0; j < members.size(); ++j) {
    for (std::size_t h = 0; h < out.mean.size(); ++h) {
      out.mean[h] += weight[j] * members[j].mean[h];
    }
    for (std::size_t h = 0; h < out.scale.size(); ++h) {
      out.scale[h] += weight[j] * members[j].scale[h];
    }
  }
  return out;
}

/// Errors grow and shrink with what is sold: the mean of the last values (a season, an eighth of
/// the history or four, the most of these) over the root mean square of all, which is where the
/// noise was measured. Not under a third, as what has stopped selling may return.
double level_growth(std::span<const double> y, int season_length) {
  constexpr std::size_t kFewestOfLevel = 4;
  constexpr double kLeastGrowth = 0.35;
  const std::size_t recent =
      std::max({static_cast<std::size_t>(season_length), y.size() / 8, kFewestOfLevel});
  const std::size_t from = y.size() - std::min(recent, y.size());
  double last = 0, squares = 0, known = 0, known_last = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (std::isnan(y[i])) continue;
    squares += y[i] * y[i];
    ++known;
    if (i < from) continue;
    last += y[i];
    ++known_last;
  }
  if (!(squares > 0)) return 1;
  return std::max(last / known_last / std::sqrt(squares / known), kLeastGrowth);
}

}  // namespace

std::vector<double> window_errors(const Window& window, std::span<const double> y) {
  const std::size_t horizon = window.mix.mean.size();
  std::vector<double> out(horizon + 1, kNaN);
  double total = 0;
  for (std::size_t h = 0; h < horizon; ++h) {
    const std::size_t i = static_cast<std::size_t>(window.origin) + h;
    if (i < y.size()) out[h] = y[i] - window.mix.mean[h];
    total += out[h];
  }
  out[horizon] = total;
  return out;
}

std::vector<Window> roll(ForecastModel model, bool seldom, std::span<const double> y,
                         int season_length, int horizon, int windows, bool nonnegative) {
  const auto n = static_cast<std::int64_t>(y.size());
  std::vector<std::int64_t> at = origins(n, horizon, season_length, windows);
  std::erase_if(at, [&](std::int64_t o) { return std::isnan(y[static_cast<std::size_t>(o - 1)]); });
  at.push_back(n);
  const bool seasons = has_seasons(n, season_length);
  const std::vector<ForecastModel> members = members_of(model, seldom, seasons);
  std::vector<ForecastModel> models = members;
  models.push_back(ForecastModel::seasonal_naive);
  HeldForm held;
  std::vector<Window> out(at.size());
  for (std::size_t i = 0; i < at.size(); ++i) {
    Window& w = out[i];
    w.origin = at[i];
    // The present forecast chooses its form among all, and searches further.
    w.members = predict(models, y.first(static_cast<std::size_t>(w.origin)), season_length, seasons,
                        horizon, &w.adjusted, i + 1 < at.size() ? &held : nullptr);
    if (nonnegative) {
      for (Path& path : w.members) {
        for (double& v : path.mean) v = std::max(v, 0.0);
      }
    }
    w.naive = std::move(w.members.back().mean);
    w.members.pop_back();
    w.weight = weights_at(out, i, y, seasons, seldom);
    w.mix = mixed(w.members, w.weight);
    if (nonnegative) {
      const auto seen = y.first(static_cast<std::size_t>(w.origin));
      const double growth = level_growth(seen, season_length);
      for (double& v : w.mix.scale) v *= growth;
    }
    w.error = window_errors(w, y);
  }
  return out;
}

}  // namespace emptor::forecasting
