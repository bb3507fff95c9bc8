#include "emptor/forecasting/backtest.hpp"

#include "emptor/core/error.hpp"

#include "forecasting/backtest_scores.hpp"
#include "forecasting/one_series.hpp"
#include "forecasting/rolling.hpp"
#include "forecasting/series_view.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

[[noreturn]] void fail(const std::string& what) { throw InvalidArgument("backtest: " + what); }

void check_options(const BacktestOptions& o) {
  if (o.horizon < 0) fail("horizon is " + std::to_string(o.horizon) + "; write periods, as 8");
  if (o.windows < 1) fail("windows is " + std::to_string(o.windows) + "; write 1 or more");
  if (o.step < 0) fail("step is " + std::to_string(o.step) + "; write periods, as 1");
  if (o.season_length < 0) {
    fail("season_length is " + std::to_string(o.season_length) +
         "; write periods per season, as 12, or 1 for none");
  }
  if (o.calibration_windows < 0) {
    fail("calibration_windows is " + std::to_string(o.calibration_windows) + "; write 0 or more");
  }
  if (o.models.empty()) fail("models is empty; write \"auto\" or several, as \"dotm\", \"thetaf\"");
  check_levels("backtest", o.level);
}

/// The rows of a panel with what the data cut made missing, and where each series' origins lie.
struct Rows {
  std::vector<double> y{};
  std::vector<std::int64_t> offset{};
  std::vector<std::int64_t> end{};   ///< rows of each series up to and with its last known value
  std::vector<std::int64_t> last{};  ///< rows of each series before the common end
  [[nodiscard]] std::size_t series() const { return offset.size() - 1; }
  [[nodiscard]] std::span<const double> first(std::size_t s, std::int64_t n) const {
    return std::span(y).subspan(static_cast<std::size_t>(offset[s]), static_cast<std::size_t>(n));
  }
  /// Row `i` of a series, counted from its first; NaN beyond its end.
  [[nodiscard]] double at(std::size_t s, std::int64_t i) const {
    return i < offset[s + 1] - offset[s] ? y[static_cast<std::size_t>(offset[s] + i)] : kNaN;
  }
};

Rows rows_of(const SeriesView& view, std::vector<std::int64_t> offset) {
  Rows rows{{view.y.begin(), view.y.end()}, std::move(offset), {}, {}};
  for (std::size_t i = 0; i < view.complete.size(); ++i) {
    if (view.complete[i] == 0) rows.y[i] = kNaN;
  }
  data::Day common = data::kNoDay;
  for (std::size_t s = 0; s < rows.series(); ++s) {
    std::int64_t end = rows.offset[s + 1] - rows.offset[s];
    while (end > 0 && std::isnan(rows.at(s, end - 1))) --end;
    rows.end.push_back(end);
    if (end > 0 && !view.start.empty()) {
      common = std::max(common, view.start[static_cast<std::size_t>(rows.offset[s] + end - 1)]);
    }
  }
  rows.last = rows.end;
  for (std::size_t s = 0; s < rows.series() && common != data::kNoDay; ++s) {
    if (rows.end[s] == 0) continue;
    const data::Day first = view.start[static_cast<std::size_t>(rows.offset[s])];
    rows.last[s] = data::periods_between(first, common, *view.period) + 1;
  }
  return rows;
}

/// The mean absolute (squared) change in sample, by season where there are two.
struct Scale {
  double absolute = kNaN, square = kNaN;
};

Scale scale_of(std::span<const double> y, int season_length) {
  while (!y.empty() && !(std::abs(y.front()) > 0)) y = y.subspan(1);
  const auto n = static_cast<std::int64_t>(y.size());
  const std::size_t lag =
      has_seasons(n, season_length) ? static_cast<std::size_t>(season_length) : 1;
  double absolute = 0, square = 0, count = 0;
  for (std::size_t i = lag; i < y.size(); ++i) {
    const double change = std::abs(y[i] - y[i - lag]);
    if (std::isnan(change)) continue;
    absolute += change;
    square += change * change;
    ++count;
  }
  if (!(absolute > 0)) return {};
  return {absolute / count, square / count};
}

/// The series that take part at one origin, with what is known by then.
struct Window {
  std::vector<std::size_t> series{};
  std::vector<std::int64_t> origin{};  ///< rows seen
  std::vector<Scale> scale{};
  std::vector<double> y{};
  std::vector<std::int64_t> offset{0};
};

Window window_at(const Rows& rows, std::int64_t back, int season_length) {
  Window w;
  for (std::size_t s = 0; s < rows.series(); ++s) {
    const std::int64_t origin = rows.last[s] - back;
    if (origin < 1 || origin >= rows.end[s] || std::isnan(rows.at(s, origin - 1))) continue;
    const auto seen = rows.first(s, origin);
    if (prepare(seen, {}, 1).n_known < kFewestForTheta) continue;
    w.series.push_back(s);
    w.origin.push_back(origin);
    w.scale.push_back(scale_of(seen, season_length));
    w.y.insert(w.y.end(), seen.begin(), seen.end());
    w.offset.push_back(static_cast<std::int64_t>(w.y.size()));
  }
  return w;
}

/// The levels forecast() is asked for, and which of them are judged and which make deciles.
struct Levels {
  std::vector<double> all{};
  std::vector<std::size_t> judged{}, decile{};
  explicit Levels(const std::vector<double>& level) : all(level) {
    judged.resize(level.size());
    std::iota(judged.begin(), judged.end(), std::size_t{0});
    for (double l : kDecileLevels) {
      const auto found = std::find(all.begin(), all.end(), l);
      decile.push_back(static_cast<std::size_t>(found - all.begin()));
      if (found == all.end()) all.push_back(l);
    }
  }
};

class Backtester {
 public:
  Backtester(const SeriesView& view, const BacktestOptions& options, const Context& context)
      : view_(view), options_(options), context_(context), levels_(options.level) {
    rows_ = rows_of(view, checked_offsets("backtest", view));
    check_options(options);
    check_rows("backtest", view, rows_.offset);
    models_ = options.models;
    for (std::size_t i = 0; i < models_.size(); ++i) {
      if (std::find(models_.begin(), models_.begin() + static_cast<std::ptrdiff_t>(i),
                    models_[i]) != models_.begin() + static_cast<std::ptrdiff_t>(i)) {
        fail("model '" +
             std::string(forecast_model_labels()[static_cast<std::size_t>(models_[i])]) +
             "' is given twice");
      }
    }
    auto found = std::find(models_.begin(), models_.end(), ForecastModel::seasonal_naive);
    naive_ = static_cast<std::size_t>(found - models_.begin());
    if (found == models_.end()) models_.push_back(ForecastModel::seasonal_naive);
    season_length_ =
        options.season_length > 0 ? options.season_length : default_season_length(view.period);
    const std::int64_t longest =
        rows_.end.empty() ? 0 : *std::max_element(rows_.end.begin(), rows_.end.end());
    horizon_ = options.horizon > 0 ? options.horizon : default_horizon(view.period, longest);
    step_ = options.step > 0 ? options.step : horizon_;
    lone_ = rows_.series() == 1;
  }

  Backtest run() {
    const auto steps = static_cast<std::size_t>(horizon_);
    const std::size_t units = lone_ ? static_cast<std::size_t>(options_.windows) : rows_.series();
    check_memory(units);
    Losses losses(models_.size(), units, steps, options_.level);
    windows_.assign(rows_.series(), 0);
    start_forecasts();
    for (int w = 0; w < options_.windows; ++w) {
      const std::int64_t back =
          horizon_ + std::int64_t{step_} * (std::int64_t{options_.windows} - 1 - w);
      const Window window = window_at(rows_, back, season_length_);
      for (std::size_t s : window.series) ++windows_[s];
      for (std::size_t m = 0; m < models_.size(); ++m) {
        const Forecast made = forecast_at(window, w, m);
        judge(losses, made, window, w, m);
      }
    }
    return finish(losses);
  }

 private:
  void check_memory(std::size_t units) const {
    const auto steps = static_cast<std::size_t>(horizon_);
    std::size_t bytes = Losses::bytes(models_.size(), units, steps, options_.level.size()) +
                        2 * rows_.y.size() * sizeof(double);
    if (options_.keep_forecasts) {
      bytes += models_.size() * rows_.series() * steps *
               static_cast<std::size_t>(options_.windows) *
               (48 + 2 * sizeof(double) * options_.level.size());
    }
    if (context_.memory_limit > 0 && bytes > context_.memory_limit) {
      throw MemoryLimit("backtest: " + std::to_string(rows_.series()) + " series need about " +
                        std::to_string(bytes) + " bytes, memory_limit is " +
                        std::to_string(context_.memory_limit));
    }
  }

  Forecast forecast_at(const Window& window, int w, std::size_t m) const {
    SeriesView seen;
    seen.y = window.y;
    seen.offset = window.offset;
    const Context part{
        context_.threads, context_.stop,
        [&](double share) {
          if (!context_.progress) return;
          const auto models = static_cast<double>(models_.size());
          context_.progress((w + (static_cast<double>(m) + share) / models) / options_.windows);
        },
        context_.memory_limit};
    return forecast(seen,
                    {.horizon = horizon_,
                     .model = models_[m],
                     .level = levels_.all,
                     .season_length = season_length_,
                     .windows = options_.calibration_windows},
                    part);
  }

  void judge(Losses& losses, const Forecast& made, const Window& window, int w, std::size_t m) {
    const auto steps = static_cast<std::size_t>(horizon_);
    std::vector<double> low(levels_.all.size()), high(low);
    std::vector<double> decile_low(kDecileLevels.size()), decile_high(decile_low);
    for (std::size_t i = 0; i < window.series.size(); ++i) {
      const std::size_t s = window.series[i];
      for (std::size_t h = 0; h < steps; ++h) {
        const std::size_t row = i * steps + h;
        for (std::size_t k = 0; k < low.size(); ++k) {
          low[k] = made.band.low[k][row];
          high[k] = made.band.high[k][row];
        }
        for (std::size_t k = 0; k < decile_low.size(); ++k) {
          decile_low[k] = low[levels_.decile[k]];
          decile_high[k] = high[levels_.decile[k]];
        }
        const double actual = rows_.at(s, window.origin[i] + static_cast<std::int64_t>(h));
        losses.add(m, lone_ ? static_cast<std::size_t>(w) : s, h,
                   {actual, made.forecast[row], window.scale[i].absolute, window.scale[i].square,
                    low, high, decile_low, decile_high});
        if (options_.keep_forecasts) keep(made, row, s, w, m, window.origin[i], h, actual);
      }
    }
  }

  void start_forecasts() {
    out_.by_series.by = view_.by.empty() && !view_.offset.empty() ? "series" : view_.by;
    out_.by_series.groups = names_of(view_, rows_.series());
    out_.forecasts.by = out_.by_series.by;
    out_.forecasts.groups = out_.by_series.groups;
    out_.forecasts.names = level_names({"forecast_low", "forecast_high"}, options_.level);
    out_.forecasts.band = {std::vector<std::vector<double>>(options_.level.size()),
                           std::vector<std::vector<double>>(options_.level.size())};
  }

  void keep(const Forecast& made, std::size_t row, std::size_t s, int w, std::size_t m,
            std::int64_t origin, std::size_t h, double actual) {
    BacktestForecasts& f = out_.forecasts;
    f.model.push_back(models_[m]);
    f.series.push_back(code_of(view_, s));
    f.window.push_back(w + 1);
    if (!view_.start.empty()) {
      const data::Day seen = view_.start[static_cast<std::size_t>(rows_.offset[s] + origin - 1)];
      f.origin.push_back(seen);
      f.start.push_back(data::next_period(seen, *view_.period, static_cast<int>(h) + 1));
    }
    f.step.push_back(static_cast<std::int64_t>(h) + 1);
    f.actual.push_back(actual);
    f.forecast.push_back(made.forecast[row]);
    f.status.push_back(made.status[row]);
    for (std::size_t k = 0; k < options_.level.size(); ++k) {
      f.band.low[k].push_back(made.band.low[k][row]);
      f.band.high[k].push_back(made.band.high[k][row]);
    }
  }

  Backtest finish(const Losses& losses) {
    const auto steps = static_cast<std::size_t>(horizon_);
    const bool intervals = !lone_ || step_ >= horizon_;
    const std::int64_t most =
        windows_.empty() ? 0 : *std::max_element(windows_.begin(), windows_.end());
    const auto names =
        level_names({"coverage", "coverage_low", "coverage_high", "msis", "msis_low", "msis_high"},
                    options_.level);
    for (BacktestScores* s : {&out_.scores, &out_.steps.scores, &out_.by_series.scores}) {
      s->names = names;
    }
    const auto series_at = [&](std::size_t m, std::size_t h) {
      const std::int64_t units = losses.units_with_values(m, h);
      return lone_ ? std::min<std::int64_t>(units, 1) : units;
    };
    for (std::size_t m = 0; m < models_.size(); ++m) {
      out_.model.push_back(models_[m]);
      out_.series.push_back(series_at(m, steps));
      losses.score(out_.scores, m, naive_, steps, lone_, intervals);
      finish_row(out_.scores, most);
      for (std::size_t h = 0; h < steps; ++h) {
        out_.steps.model.push_back(models_[m]);
        out_.steps.step.push_back(static_cast<std::int64_t>(h) + 1);
        out_.steps.series.push_back(series_at(m, h));
        losses.score(out_.steps.scores, m, naive_, h, lone_, intervals);
        finish_row(out_.steps.scores, most);
      }
      for (std::size_t s = 0; s < rows_.series(); ++s) {
        out_.by_series.model.push_back(models_[m]);
        out_.by_series.series.push_back(code_of(view_, s));
        if (lone_) {
          losses.score(out_.by_series.scores, m, naive_, steps, lone_, intervals);
        } else {
          losses.score_unit(out_.by_series.scores, m, naive_, s);
          Status& status = out_.by_series.scores.status.back();
          if (windows_[s] == options_.windows && status == Status::small_sample) {
            status = Status::ok;
          }
        }
        finish_row(out_.by_series.scores, windows_[s]);
      }
    }
    out_.period = view_.period;
    out_.horizon = horizon_;
    out_.windows = options_.windows;
    out_.step = step_;
    out_.season_length = season_length_;
    for (std::int64_t w : windows_) {
      out_.without_window += w == 0 ? 1 : 0;
      out_.fewer_windows += w > 0 && w < options_.windows ? 1 : 0;
    }
    return std::move(out_);
  }

  /// Fewer windows than asked are said so.
  void finish_row(BacktestScores& scores, std::int64_t windows) const {
    scores.windows.push_back(windows);
    if (windows < options_.windows && scores.status.back() == Status::ok) {
      scores.status.back() = Status::small_sample;
    }
  }

  const SeriesView& view_;
  const BacktestOptions& options_;
  const Context& context_;
  Levels levels_;
  Rows rows_{};
  std::vector<ForecastModel> models_{};
  std::vector<std::int64_t> windows_{};  ///< of each series
  std::size_t naive_ = 0;
  int season_length_ = 1, horizon_ = 1, step_ = 1;
  bool lone_ = false;
  Backtest out_{};
};

}  // namespace

Backtest backtest(const SeriesView& series, const BacktestOptions& options,
                  const Context& context) {
  return Backtester(series, options, context).run();
}

Backtest backtest(const data::Series& series, const BacktestOptions& options,
                  const Context& context) {
  const GroupedView grouped(series);
  return backtest(grouped.view, options, context);
}

}  // namespace emptor::forecasting
