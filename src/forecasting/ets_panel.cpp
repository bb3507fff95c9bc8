#include "emptor/core/error.hpp"
#include "emptor/forecasting/ets.hpp"

#include "core/parallel.hpp"
#include "core/special.hpp"
#include "forecasting/ets_fit.hpp"
#include "forecasting/series_view.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kBlock = 8;  ///< series per block of work

/// The rates tried, their mean relative errors over M1 and Tourism's series without their last
/// values, and how many series these count as.
constexpr std::array<double, 4> kRates{0, 5, 20, 50};
constexpr std::array<double, 4> kUsualError{1.03, 0.995, 0.985, 0.99};
constexpr double kUsualCount = 20;
constexpr std::size_t kLearnFrom = 200;
/// Fewer values before the last ones tell nothing of a trend.
constexpr std::size_t kFewestToLearn = 8;

using Errors = std::array<double, kRates.size()>;

struct Panel {
  std::vector<std::int64_t> offset;
  EtsOptions options;

  [[nodiscard]] std::size_t size() const { return offset.size() - 1; }
  /// A series' rows, those that are not complete as missing.
  [[nodiscard]] std::vector<double> rows(const SeriesView& v, std::size_t s) const {
    const auto begin = static_cast<std::size_t>(offset[s]);
    const auto end = static_cast<std::size_t>(offset[s + 1]);
    return rows_of(v, begin, end);
  }
};

Panel checked_panel(const SeriesView& v, const EtsOptions& options) {
  Panel panel{checked_offsets("ets", v), options};
  check_rows("ets", v, panel.offset);
  if (panel.options.season_length == 0) {
    panel.options.season_length = default_season_length(v.period);
  }
  smoothing::checked(panel.options);
  return panel;
}

/// How far off each rate's forecasts of the last values are, relative to their mean; empty where
/// there is too little, or no difference.
std::optional<Errors> errors_of(std::vector<double> y, EtsOptions options) {
  while (!y.empty() && std::isnan(y.back())) y.pop_back();
  const auto most = static_cast<std::size_t>(std::max(6, options.season_length * 3 / 2));
  const std::size_t steps = std::min(y.size() / 4, most);
  if (steps == 0 || y.size() - steps < kFewestToLearn) return std::nullopt;
  const std::span<const double> past = std::span(y).first(y.size() - steps);
  Errors out{};
  double mean = 0;
  for (std::size_t r = 0; r < kRates.size(); ++r) {
    options.prior.beta_rate = kRates[r];
    const std::vector<double> ahead =
        forecast(smoothing::fit_form(past, options, false), static_cast<int>(steps));
    for (std::size_t h = 0; h < steps; ++h) {
      const double e = std::abs(y[past.size() + h] - ahead[h]);
      if (!std::isnan(e)) out[r] += e;
    }
    mean += out[r] / static_cast<double>(kRates.size());
  }
  if (!(mean > 0) || !std::isfinite(mean)) return std::nullopt;
  for (double& e : out) e /= mean;
  return out;
}

double of_form(bool has, double value) { return has ? value : kNaN; }

void append(EtsFits& out, EtsFit fit) {
  const EtsModel& m = fit.end.model;
  const bool trend = m.trend != EtsTrend::none;
  out.model.push_back(to_string(m));
  out.alpha.push_back(fit.end.alpha);
  out.beta.push_back(of_form(trend, fit.end.beta));
  out.gamma.push_back(of_form(m.season != EtsSeason::none, fit.end.gamma));
  out.phi.push_back(of_form(m.damped, fit.end.phi));
  out.level.push_back(fit.end.level);
  out.slope.push_back(of_form(trend, fit.end.slope));
  out.sigma.push_back(fit.sigma);
  out.log_likelihood.push_back(fit.log_likelihood);
  out.aic.push_back(fit.aic);
  out.aicc.push_back(fit.aicc);
  out.bic.push_back(fit.bic);
  out.n.push_back(fit.n);
  out.tried.push_back(fit.tried);
  out.status.push_back(fit.status);
  out.fits.push_back(std::move(fit));
}

/// First day after the last known value of series s.
data::Day next_day(const SeriesView& v, const Panel& panel, std::size_t s) {
  const std::vector<double> y = panel.rows(v, s);
  if (y.empty()) return data::kNoDay;
  auto end = static_cast<int>(y.size());
  while (end > 0 && std::isnan(y[static_cast<std::size_t>(end - 1)])) --end;
  return data::next_period(v.start[static_cast<std::size_t>(panel.offset[s])], *v.period, end);
}

}  // namespace

EtsPrior learn_ets_prior(const SeriesView& series, const EtsOptions& options,
                         const Context& context) {
  const Panel panel = checked_panel(series, options);
  const std::size_t taken = std::min(panel.size(), kLearnFrom);
  const auto errors = core::parallel_map<std::vector<std::optional<Errors>>>(
      context, taken, kBlock, [&](std::size_t begin, std::size_t end) {
        std::vector<std::optional<Errors>> out;
        for (std::size_t i = begin; i < end; ++i) {
          out.push_back(errors_of(panel.rows(series, i * panel.size() / taken), panel.options));
        }
        return out;
      });
  Errors total{};
  for (std::size_t r = 0; r < kRates.size(); ++r) total[r] = kUsualCount * kUsualError[r];
  for (const auto& block : errors) {
    for (const auto& one : block) {
      if (!one) continue;
      for (std::size_t r = 0; r < kRates.size(); ++r) total[r] += (*one)[r];
    }
  }
  const auto best = std::min_element(total.begin(), total.end());
  EtsPrior prior = options.prior;
  prior.beta_rate = kRates[static_cast<std::size_t>(best - total.begin())];
  return prior;
}

EtsFits ets(const SeriesView& series, const EtsOptions& options, const Context& context) {
  const Panel panel = checked_panel(series, options);
  auto blocks = core::parallel_map<std::vector<EtsFit>>(
      context, panel.size(), kBlock, [&](std::size_t begin, std::size_t end) {
        std::vector<EtsFit> out;
        for (std::size_t s = begin; s < end; ++s) {
          out.push_back(fit_ets(panel.rows(series, s), panel.options));
        }
        return out;
      });
  EtsFits out;
  out.by = series.by.empty() && !series.offset.empty() ? "series" : series.by;
  out.value = series.value;
  out.period = series.period;
  out.prior = options.prior;
  out.groups = names_of(series, panel.size());
  for (std::size_t s = 0; s < panel.size(); ++s) out.series.push_back(code_of(series, s));
  for (auto& block : blocks) {
    for (EtsFit& fit : block) append(out, std::move(fit));
  }
  if (!series.start.empty()) {
    for (std::size_t s = 0; s < panel.size(); ++s) out.next.push_back(next_day(series, panel, s));
  }
  return out;
}

EtsFits with_fits(const EtsFits& of, std::vector<EtsFit> fits) {
  if (fits.size() != of.fits.size()) {
    throw InvalidArgument("with_fits: " + std::to_string(fits.size()) + " fits for " +
                          std::to_string(of.fits.size()) + " series");
  }
  EtsFits out;
  out.by = of.by;
  out.value = of.value;
  out.period = of.period;
  out.groups = of.groups;
  out.series = of.series;
  out.next = of.next;
  out.prior = of.prior;
  for (std::size_t s = 0; s < fits.size(); ++s) {
    if (!out.next.empty() && out.next[s] != data::kNoDay) {
      const auto steps = static_cast<int>(fits[s].n - of.fits[s].n);
      out.next[s] = data::next_period(out.next[s], *out.period, steps);
    }
    append(out, std::move(fits[s]));
  }
  return out;
}

EtsForecast forecast(const EtsFits& fits, int horizon, const std::vector<double>& level) {
  if (horizon < 1) {
    throw InvalidArgument("forecast: horizon is " + std::to_string(horizon) +
                          "; write periods ahead, as 8");
  }
  check_levels("forecast", level);
  EtsForecast out;
  out.by = fits.by;
  out.groups = fits.groups;
  out.names = level_names({"forecast_low", "forecast_high"}, level);
  out.band.low.resize(level.size());
  out.band.high.resize(level.size());
  for (std::size_t s = 0; s < fits.fits.size(); ++s) {
    const EtsFit& fit = fits.fits[s];
    const std::vector<double> mean = forecast(fit, horizon);
    const std::vector<double> error = standard_errors(fit, horizon);
    for (std::size_t h = 0; h < mean.size(); ++h) {
      out.series.push_back(fits.series[s]);
      out.step.push_back(static_cast<std::int64_t>(h) + 1);
      if (!fits.next.empty()) {
        const data::Day first = fits.next[s];
        out.start.push_back(first == data::kNoDay
                                ? first
                                : data::next_period(first, *fits.period, static_cast<int>(h)));
      }
      out.forecast.push_back(mean[h]);
      for (std::size_t k = 0; k < level.size(); ++k) {
        const double half = core::normal_quantile(0.5 + level[k] / 2) * error[h];
        out.band.low[k].push_back(mean[h] - half);
        out.band.high[k].push_back(mean[h] + half);
      }
      out.status.push_back(fit.status);
    }
  }
  return out;
}

std::vector<Column> EtsFits::columns() const {
  std::vector<Column> out;
  if (!by.empty()) out.emplace_back(by, series, *groups, "the series");
  out.emplace_back("model", model,
                   "error, trend (d: damped), season: N none, A adds, M multiplies");
  out.emplace_back("alpha", alpha, "weight of an error in the level");
  out.emplace_back("beta", beta, "weight of an error in the slope");
  out.emplace_back("gamma", gamma, "weight of an error in the season");
  out.emplace_back("phi", phi, "what is left of the slope after a period");
  out.emplace_back("level", level, "level after the last value");
  out.emplace_back("slope", slope, "slope after the last value, per period");
  out.emplace_back("sigma", sigma, "standard deviation of errors; relative if the error is M");
  out.push_back(Column("log_likelihood", log_likelihood, "at the optimum").hidden());
  out.push_back(Column("aic", aic, "Akaike's criterion").hidden());
  out.emplace_back("aicc", aicc, "Akaike's criterion for small samples");
  out.push_back(Column("bic", bic, "Schwarz's criterion").hidden());
  out.push_back(Column("tried", tried, "forms fitted to choose this one").hidden());
  out.emplace_back("n", n, "periods from the first to the last known value");
  out.emplace_back("status", status, status_labels(), "what stands behind the fit");
  return out;
}

std::vector<Scalar> EtsFits::info() const {
  return {{"by", by, "what the series are named by"},
          {"value", value, "what was fitted"},
          {"beta_rate", prior.beta_rate, "how straight trends were taken to be; 0 is not at all"}};
}

std::vector<Column> EtsForecast::columns() const {
  std::vector<Column> out;
  if (!by.empty()) out.emplace_back(by, series, *groups, "the series");
  out.emplace_back("step", step, "periods after the last known value");
  if (!start.empty()) out.push_back(Column::dates("start", start, "first day of the period"));
  out.emplace_back("forecast", forecast, "mean of the model");
  for (std::size_t k = 0; k < band.low.size(); ++k) {
    out.emplace_back(names[2 * k], band.low[k], "lower end of the interval, if the model is true");
    out.emplace_back(names[2 * k + 1], band.high[k], "upper end");
  }
  out.emplace_back("status", status, status_labels(), "what stands behind the fit");
  return out;
}

std::vector<Scalar> EtsForecast::info() const {
  return {{"by", by, "what the series are named by"}};
}

}  // namespace emptor::forecasting
