#include "emptor/forecasting/backtest.hpp"

namespace emptor::forecasting {
namespace {

struct ScoreNames {
  std::string_view value, low, high, doc;
  bool shown;
};

constexpr std::string_view kLow = "lower end of its 95 % interval";
constexpr std::string_view kHigh = "upper end of its 95 % interval";

void add(std::vector<Column>& out, const Score& score, const ScoreNames& n, bool shown_interval) {
  out.emplace_back(n.value, score.value, n.doc);
  out.back().shown = n.shown;
  out.emplace_back(n.low, score.low, kLow);
  out.back().shown = shown_interval;
  out.emplace_back(n.high, score.high, kHigh);
  out.back().shown = shown_interval;
}

}  // namespace

void BacktestScores::append_columns(std::vector<Column>& out) const {
  add(out, skill,
      {"skill", "skill_low", "skill_high",
       "1 - mase / mase of the naive model: .1 is a tenth less error; 0 is no better", true},
      true);
  add(out, mase,
      {"mase", "mase_low", "mase_high", "mean absolute error over the naive model's in sample",
       true},
      true);
  add(out, rmsse,
      {"rmsse", "rmsse_low", "rmsse_high",
       "root of the mean squared error over the naive model's in sample", true},
      false);
  add(out, smape,
      {"smape", "smape_low", "smape_high", "mean of 200 |error| / (|actual| + |forecast|), percent",
       true},
      false);
  add(out, bias,
      {"bias", "bias_low", "bias_high",
       "sum of forecast - actual over sum of |actual|: above 0 forecasts were too high", true},
      false);
  add(out, wql,
      {"wql", "wql_low", "wql_high",
       "weighted quantile loss at 10 % ... 90 %, over the sum of |actual|", true},
      false);
  add(out, scaled_crps,
      {"scaled_crps", "scaled_crps_low", "scaled_crps_high",
       "the same loss over the naive model's mean absolute error in sample", false},
      false);
  for (std::size_t k = 0; k < coverage.size(); ++k) {
    const std::string_view share = names[6 * k];
    add(out, coverage[k],
        {share, names[6 * k + 1], names[6 * k + 2], "share of actual values in their interval",
         true},
        false);
    add(out, msis[k],
        {names[6 * k + 3], names[6 * k + 4], names[6 * k + 5],
         "mean scaled interval score: width plus what misses cost, in units of mase", false},
        false);
  }
  out.emplace_back("windows", windows, "past origins, the most a series of the row has");
  out.emplace_back("n", n, "values forecast and known");
  out.emplace_back("status", status, status_labels(), "what stands behind the scores");
}

std::vector<Column> Backtest::columns() const {
  std::vector<Column> out;
  out.emplace_back("model", model, forecast_model_labels(), "the model; the naive one is beside");
  out.emplace_back("series", series, "how many series were forecast");
  scores.append_columns(out);
  return out;
}

std::vector<Scalar> Backtest::info() const {
  std::vector<Scalar> out;
  if (period) {
    out.push_back({"period", data::to_string(*period), "length of a step"});
  }
  out.push_back({"horizon", static_cast<std::int64_t>(horizon), "periods ahead"});
  out.push_back({"windows", static_cast<std::int64_t>(windows), "past origins asked for"});
  out.push_back({"step", static_cast<std::int64_t>(step), "periods between origins"});
  out.push_back({"season_length", static_cast<std::int64_t>(season_length),
                 "periods of the season looked for; 1 is none"});
  out.push_back({"fewer_windows", fewer_windows, "series with some windows, but not all"});
  out.push_back({"without_window", without_window, "series too short for any window, left out"});
  return out;
}

std::vector<Column> BacktestSteps::columns() const {
  std::vector<Column> out;
  out.emplace_back("model", model, forecast_model_labels(), "the model; the naive one is beside");
  out.emplace_back("step", step, "periods ahead");
  out.emplace_back("series", series, "how many series have a known value there");
  scores.append_columns(out);
  return out;
}

std::vector<Scalar> BacktestSteps::info() const { return {}; }

std::vector<Column> BacktestSeries::columns() const {
  std::vector<Column> out;
  out.emplace_back("model", model, forecast_model_labels(), "the model; the naive one is beside");
  if (!by.empty()) out.emplace_back(by, series, *groups, "the series");
  scores.append_columns(out);
  return out;
}

std::vector<Scalar> BacktestSeries::info() const { return {}; }

std::vector<Column> BacktestForecasts::columns() const {
  std::vector<Column> out;
  out.emplace_back("model", model, forecast_model_labels(), "the model; the naive one is beside");
  if (!by.empty()) out.emplace_back(by, series, *groups, "the series");
  out.emplace_back("window", window, "number of the origin; 1 is the earliest");
  if (!origin.empty()) {
    out.push_back(Column::dates("origin", origin, "first day of the last period seen"));
  }
  out.emplace_back("step", step, "periods ahead");
  if (!start.empty()) {
    out.push_back(Column::dates("start", start, "first day of the period forecast"));
  }
  out.emplace_back("actual", actual, "what came");
  out.emplace_back("forecast", forecast, "what was expected");
  for (std::size_t k = 0; k < band.low.size(); ++k) {
    out.emplace_back(names[2 * k], band.low[k], "lower end of the interval");
    out.emplace_back(names[2 * k + 1], band.high[k], "upper end of the interval");
  }
  out.emplace_back("status", status, status_labels(), "what stands behind the forecast");
  return out;
}

std::vector<Scalar> BacktestForecasts::info() const { return {}; }

}  // namespace emptor::forecasting
