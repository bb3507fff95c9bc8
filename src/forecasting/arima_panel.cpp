#include "emptor/core/error.hpp"
#include "emptor/forecasting/arima.hpp"

#include "core/parallel.hpp"
#include "core/special.hpp"
#include "forecasting/series_view.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kBlock = 4;  ///< series per block of work
constexpr double kLevel = 0.95;    ///< of the coefficients' intervals

/// First day after the last known value of a series that begins at row `begin`.
data::Day next_day(const SeriesView& v, std::size_t begin, std::size_t end) {
  const std::vector<double> y = rows_of(v, begin, end);
  if (y.empty()) return data::kNoDay;
  auto known = static_cast<int>(y.size());
  while (known > 0 && std::isnan(y[static_cast<std::size_t>(known - 1)])) --known;
  return data::next_period(v.start[begin], *v.period, known);
}

void put_interval(double value, double error, std::vector<double>& x, std::vector<double>& low,
                  std::vector<double>& high) {
  const double half = core::normal_quantile(0.5 + kLevel / 2) * error;
  x.push_back(value);
  low.push_back(value - half);
  high.push_back(value + half);
}

void append(ArimaFits& out, ArimaFit fit) {
  const ArimaParameters& p = fit.parameters;
  out.model.push_back(to_string(p.order));
  const bool constant = p.order.constant && !fit.standard_error.empty();
  put_interval(constant ? p.constant : kNaN, constant ? fit.standard_error[0] : kNaN, out.constant,
               out.constant_low, out.constant_high);
  std::size_t at = constant ? 1 : 0;
  std::string dropped;
  for (std::size_t k = 0; k < out.drivers.size(); ++k) {
    const bool used = fit.dropped[k] == 0;
    put_interval(used ? p.drivers[k] : kNaN, used ? fit.standard_error[at++] : kNaN,
                 out.coefficient[k], out.coefficient_low[k], out.coefficient_high[k]);
    if (!used) dropped += (dropped.empty() ? "" : ", ") + out.drivers[k];
  }
  out.dropped.push_back(dropped);
  out.sigma.push_back(fit.sigma);
  out.log_likelihood.push_back(fit.log_likelihood);
  out.aic.push_back(fit.aic);
  out.aicc.push_back(fit.aicc);
  out.bic.push_back(fit.bic);
  out.n.push_back(fit.n);
  out.n_known.push_back(fit.n_known);
  out.tried.push_back(fit.tried);
  out.status.push_back(fit.status);
  out.fits.push_back(std::move(fit));
}

void name_drivers(ArimaFits& out, const std::vector<std::string>& names) {
  out.drivers = names;
  out.coefficient.resize(names.size());
  out.coefficient_low.resize(names.size());
  out.coefficient_high.resize(names.size());
  for (const std::string& name : names) {
    for (const char* end : {"", "_low", "_high"}) out.names.push_back(name + end);
  }
}

std::string triple(int a, int b, int c) {
  std::string out = "(";
  out += std::to_string(a) + "," + std::to_string(b) + "," + std::to_string(c);
  return out += ")";
}

}  // namespace

std::string to_string(const ArimaOrder& o) {
  std::string out = triple(o.ar, o.differences, o.ma);
  if (o.season_length > 1) {
    out += triple(o.seasonal_ar, o.seasonal_differences, o.seasonal_ma) + "[" +
           std::to_string(o.season_length) + "]";
  }
  if (!o.constant) return out;
  return out + (o.differences + o.seasonal_differences > 0 ? " with drift" : " with mean");
}

ArimaFits arima(const SeriesView& series, const ArimaOptions& options, const ArimaDrivers& drivers,
                const std::vector<std::string>& names, const Context& context) {
  const std::vector<std::int64_t> offset = checked_offsets("arima", series);
  check_rows("arima", series, offset);
  ArimaOptions o = options;
  if (o.season_length == 0) o.season_length = default_season_length(series.period);
  if (names.size() != drivers.count || drivers.x.size() != series.y.size() * drivers.count) {
    throw InvalidArgument("arima: drivers have " + std::to_string(drivers.x.size()) +
                          " values and " + std::to_string(names.size()) + " names; " +
                          std::to_string(series.y.size()) + " rows of " +
                          std::to_string(drivers.count) + " drivers are needed");
  }
  fit_arima({}, o);  // options are looked at once, also where there are no series
  const std::size_t count = offset.size() - 1;
  const auto at = [&](std::size_t s) { return static_cast<std::size_t>(offset[s]); };
  auto blocks = core::parallel_map<std::vector<ArimaFit>>(
      context, count, kBlock, [&](std::size_t begin, std::size_t end) {
        std::vector<ArimaFit> out;
        for (std::size_t s = begin; s < end; ++s) {
          const ArimaDrivers own{
              drivers.x.subspan(at(s) * drivers.count, (at(s + 1) - at(s)) * drivers.count),
              drivers.count};
          out.push_back(fit_arima(rows_of(series, at(s), at(s + 1)), o, own));
        }
        return out;
      });
  ArimaFits out;
  out.by = series.by.empty() && !series.offset.empty() ? "series" : series.by;
  out.value = series.value;
  out.period = series.period;
  out.groups = names_of(series, count);
  for (std::size_t s = 0; s < count; ++s) out.series.push_back(code_of(series, s));
  name_drivers(out, names);
  for (auto& block : blocks) {
    for (ArimaFit& fit : block) append(out, std::move(fit));
  }
  for (std::size_t s = 0; s < count && !series.start.empty(); ++s) {
    out.next.push_back(next_day(series, at(s), at(s + 1)));
  }
  return out;
}

ArimaFits with_fits(const ArimaFits& of, std::vector<ArimaFit> fits) {
  if (fits.size() != of.fits.size()) {
    throw InvalidArgument("with_fits: " + std::to_string(fits.size()) + " fits for " +
                          std::to_string(of.fits.size()) + " series");
  }
  ArimaFits out;
  out.by = of.by;
  out.value = of.value;
  out.period = of.period;
  out.groups = of.groups;
  out.series = of.series;
  out.next = of.next;
  name_drivers(out, of.drivers);
  for (std::size_t s = 0; s < fits.size(); ++s) {
    if (!out.next.empty() && out.next[s] != data::kNoDay) {
      const auto steps = static_cast<int>(fits[s].n - of.fits[s].n);
      out.next[s] = data::next_period(out.next[s], *out.period, steps);
    }
    append(out, std::move(fits[s]));
  }
  return out;
}

ArimaForecast forecast(const ArimaFits& fits, int horizon, const std::vector<double>& level,
                       const ArimaDrivers& drivers, bool nonnegative) {
  if (horizon < 1) {
    throw InvalidArgument("forecast: horizon is " + std::to_string(horizon) +
                          "; write periods ahead, as 8");
  }
  check_levels("forecast", level);
  const auto steps = static_cast<std::size_t>(horizon);
  if (drivers.count != fits.drivers.size() ||
      drivers.x.size() != fits.fits.size() * steps * drivers.count) {
    throw InvalidArgument("forecast: drivers have " + std::to_string(drivers.x.size()) +
                          " values; " + std::to_string(fits.fits.size()) + " series of " +
                          std::to_string(steps) + " steps and " +
                          std::to_string(fits.drivers.size()) + " drivers are needed");
  }
  ArimaForecast out;
  out.by = fits.by;
  out.groups = fits.groups;
  out.names = level_names({"forecast_low", "forecast_high"}, level);
  out.band.low.resize(level.size());
  out.band.high.resize(level.size());
  const auto guarded = [&](double v) { return nonnegative && v < 0 ? 0.0 : v; };
  for (std::size_t s = 0; s < fits.fits.size(); ++s) {
    const ArimaFit& fit = fits.fits[s];
    const ArimaDrivers own{drivers.x.subspan(s * steps * drivers.count, steps * drivers.count),
                           drivers.count};
    const std::vector<double> mean = forecast(fit, horizon, own);
    const std::vector<double> error = standard_errors(fit, horizon, own);
    for (std::size_t h = 0; h < steps; ++h) {
      out.series.push_back(fits.series[s]);
      out.step.push_back(static_cast<std::int64_t>(h) + 1);
      if (!fits.next.empty()) {
        const data::Day first = fits.next[s];
        out.start.push_back(first == data::kNoDay
                                ? first
                                : data::next_period(first, *fits.period, static_cast<int>(h)));
      }
      out.forecast.push_back(guarded(mean[h]));
      for (std::size_t k = 0; k < level.size(); ++k) {
        const double half = core::normal_quantile(0.5 + level[k] / 2) * error[h];
        out.band.low[k].push_back(guarded(mean[h] - half));
        out.band.high[k].push_back(guarded(mean[h] + half));
      }
      out.status.push_back(fit.status);
    }
  }
  return out;
}

std::vector<Column> ArimaFits::columns() const {
  std::vector<Column> out;
  if (!by.empty()) out.emplace_back(by, series, *groups, "the series");
  out.emplace_back("model", model, "(p,d,q)(P,D,Q)[season] and whether with mean or drift");
  out.emplace_back("constant", constant, "mean, or drift per period");
  out.push_back(Column("constant_low", constant_low, "lower end at 95 %").hidden());
  out.push_back(Column("constant_high", constant_high, "upper end at 95 %").hidden());
  for (std::size_t k = 0; k < drivers.size(); ++k) {
    out.emplace_back(names[3 * k], coefficient[k], "what one more of the driver goes with");
    out.emplace_back(names[3 * k + 1], coefficient_low[k], "lower end at 95 %");
    out.emplace_back(names[3 * k + 2], coefficient_high[k], "upper end at 95 %");
  }
  if (!drivers.empty()) out.emplace_back("dropped", dropped, "drivers that tell nothing new");
  out.emplace_back("sigma", sigma, "standard deviation of errors");
  out.push_back(Column("log_likelihood", log_likelihood, "at the optimum").hidden());
  out.push_back(Column("aic", aic, "Akaike's criterion").hidden());
  out.emplace_back("aicc", aicc, "Akaike's criterion for small samples");
  out.push_back(Column("bic", bic, "Schwarz's criterion").hidden());
  out.push_back(Column("tried", tried, "models fitted to choose this one").hidden());
  out.emplace_back("n", n, "periods from the first to the last known value");
  out.push_back(Column("n_known", n_known, "known values").hidden());
  out.emplace_back("status", status, status_labels(), "what stands behind the fit");
  return out;
}

std::vector<Scalar> ArimaFits::info() const {
  return {{"by", by, "what the series are named by"}, {"value", value, "what was fitted"}};
}

std::vector<Column> ArimaForecast::columns() const {
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

std::vector<Scalar> ArimaForecast::info() const {
  return {{"by", by, "what the series are named by"}};
}

}  // namespace emptor::forecasting
