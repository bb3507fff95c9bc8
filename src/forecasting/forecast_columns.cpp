#include "emptor/core/error.hpp"
#include "emptor/forecasting/forecast.hpp"

#include <algorithm>
#include <array>

namespace emptor::forecasting {
namespace {

constexpr std::array<std::string_view, 18> kModels{
    "auto", "stm",     "otm", "dstm", "dotm",  "thetaf", "naive", "seasonal_naive", "drift",
    "mean", "croston", "sba", "tsb",  "adida", "imapa",  "ets",   "arima",          "ces"};
constexpr std::array<std::string_view, 4> kSeasons{"found", "not_found", "too_short", "none"};

void add_bands(std::vector<Column>& out, const Bands& band, const std::vector<std::string>& names,
               std::string_view low, std::string_view high) {
  for (std::size_t k = 0; k < band.low.size(); ++k) {
    out.emplace_back(names[2 * k], band.low[k], low);
    out.emplace_back(names[2 * k + 1], band.high[k], high);
  }
}

/// How many letters two words share from the start: enough to guess at a slip.
std::size_t common_start(std::string_view a, std::string_view b) {
  std::size_t k = 0;
  while (k < a.size() && k < b.size() && a[k] == b[k]) ++k;
  return k;
}

}  // namespace

std::span<const std::string_view> forecast_model_labels() noexcept { return kModels; }
std::span<const std::string_view> season_status_labels() noexcept { return kSeasons; }

ForecastModel parse_forecast_model(std::string_view text, std::string_view argument) {
  const auto found = std::find(kModels.begin(), kModels.end(), text);
  if (found != kModels.end()) return static_cast<ForecastModel>(found - kModels.begin());
  std::string message = std::string(argument) + " is '" + std::string(text.substr(0, 40)) + "'";
  const auto nearest = std::max_element(kModels.begin(), kModels.end(), [&](auto a, auto b) {
    return common_start(a, text) < common_start(b, text);
  });
  if (common_start(*nearest, text) >= 2)
    message += "; did you mean '" + std::string(*nearest) + "'";
  message += "; there are";
  for (std::string_view name : kModels) message += " " + std::string(name);
  throw InvalidArgument(message);
}

std::vector<Column> Forecast::columns() const {
  std::vector<Column> out;
  if (!by.empty()) out.emplace_back(by, series, *groups, "the series");
  if (!start.empty()) out.push_back(Column::dates("start", start, "first day of the period"));
  out.emplace_back("step", step, "periods ahead; 1 is the first after the last whole one");
  if (!start.empty()) out.back().shown = false;
  out.emplace_back("forecast", forecast, "expected value of the period");
  add_bands(out, band, names, "lower end of the interval of the period's value",
            "upper end of the interval of the period's value");
  out.emplace_back("naive", naive, "what repeating the last value, or the last season, would say");
  out.push_back(
      Column("so_far", so_far, "what an unfinished period holds already; no part of the fit")
          .hidden());
  out.emplace_back("status", status, status_labels(), "what stands behind the forecast");
  return out;
}

std::vector<Scalar> Forecast::info() const {
  std::vector<Scalar> out;
  if (!value.empty()) out.push_back({"value", value, "what is forecast"});
  if (period) {
    out.push_back({"period", data::to_string(*period), "length of a step"});
  }
  out.push_back({"horizon", static_cast<std::int64_t>(horizon), "periods ahead"});
  out.push_back({"season_length", static_cast<std::int64_t>(season_length),
                 "periods of the season looked for; 1 is none"});
  out.push_back({"too_short_for_season", too_short_for_season,
                 "series under two full seasons, of which none is claimed"});
  for (std::size_t k = 0; k < coverage.size(); ++k) {
    out.push_back({accuracy.names[2 * k], coverage[k],
                   "share of past values inside the interval they would have had"});
  }
  out.push_back({"coverage_n", checked, "past values the coverage was counted over"});
  return out;
}

std::vector<Column> ForecastTotals::columns() const {
  std::vector<Column> out;
  if (!by.empty()) out.emplace_back(by, series, *groups, "the series");
  const bool dated =
      std::any_of(start.begin(), start.end(), [](data::Day day) { return day != data::kNoDay; });
  if (dated) {
    out.push_back(Column::dates("start", start, "first day of the span"));
    out.push_back(Column::dates("end", end, "last day of the span"));
  }
  out.emplace_back("periods", periods, "how many periods are summed");
  out.emplace_back("total", total, "expected sum");
  add_bands(out, band, names, "lower end of the interval of the sum",
            "upper end of the interval of the sum");
  out.emplace_back("naive_total", naive, "sum of the naive forecasts");
  out.emplace_back("n", n, "past sums the interval was calibrated on; they overlap");
  out.emplace_back("status", status, status_labels(), "what stands behind the sum");
  return out;
}

std::vector<Scalar> ForecastTotals::info() const { return {}; }

std::vector<Column> ForecastAccuracy::columns() const {
  constexpr std::array<std::string_view, 5> kWeights{"weight_dotm", "weight_thetaf", "weight_naive",
                                                     "weight_tsb", "weight_ets"};
  std::vector<Column> out;
  if (!by.empty()) out.emplace_back(by, series, *groups, "the series");
  out.emplace_back("n", n, "periods from the first to the last known value");
  out.emplace_back("windows", windows, "past origins forecast from");
  out.emplace_back("model", model, forecast_model_labels(), "what was used, after fallbacks");
  for (std::size_t j = 0; j < weight.size(); ++j) {
    out.push_back(Column(kWeights[j], weight[j], "share of the model in the mix").hidden());
  }
  out.push_back(
      Column("season_length", season_length, "periods of the season looked for").hidden());
  out.emplace_back("season", season, season_status_labels(), "whether a season was found");
  out.emplace_back("mase", mase,
                   "mean absolute error over the naive model's in sample; below 1 is better");
  out.emplace_back("naive_mase", naive_mase, "the same of the naive forecasts");
  out.push_back(Column("naive_model", naive_model, forecast_model_labels(),
                       "which naive model it is compared with")
                    .hidden());
  out.emplace_back("smape", smape, "mean of 200 |error| / (|actual| + |forecast|), percent");
  out.push_back(Column("naive_smape", naive_smape, "the same of the naive forecasts").hidden());
  out.push_back(
      Column("rmsse", rmsse, "root of the mean squared error over the naive one's").hidden());
  out.emplace_back("bias", bias, "mean of (forecast - actual) over the mean of |actual|");
  for (std::size_t k = 0; k < coverage.size(); ++k) {
    out.emplace_back(names[2 * k], coverage[k],
                     "share of past values inside the interval they would have had");
    out.push_back(Column(names[2 * k + 1], total_coverage[k], "the same of the sums").hidden());
  }
  out.emplace_back("status", status, status_labels(), "what stands behind the forecast");
  return out;
}

std::vector<Scalar> ForecastAccuracy::info() const { return {}; }

}  // namespace emptor::forecasting
