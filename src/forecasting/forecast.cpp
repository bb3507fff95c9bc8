#include "emptor/forecasting/forecast.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "forecasting/one_series.hpp"
#include "forecasting/series_view.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kBlock = 16;  ///< series per block of work

[[noreturn]] void fail(const std::string& what) { throw InvalidArgument("forecast: " + what); }

void check_options(const ForecastOptions& o) {
  if (o.horizon < 0) fail("horizon is " + std::to_string(o.horizon) + "; write periods, as 8");
  if (o.season_length < 0) {
    fail("season_length is " + std::to_string(o.season_length) +
         "; write periods per season, as 12, or 1 for none");
  }
  if (o.windows < 0) fail("windows is " + std::to_string(o.windows) + "; write 0 or more");
  check_levels("forecast", o.level);
}

/// What the unit of a half-width is multiplied with, by level; never less at a higher level.
std::vector<double> multipliers(const RatioHistogram& ratios, const std::vector<double>& level) {
  std::vector<std::size_t> order(level.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return level[a] < level[b]; });
  std::vector<double> out(level.size());
  double least = 0;
  for (std::size_t k : order) {
    least = std::max(least, tail_quantile(level[k]) * pooled_factor(ratios, level[k]));
    out[k] = least;
  }
  return out;
}

double share_within(std::span<const float> ratios, double limit) {
  if (ratios.empty()) return kNaN;
  const auto within = std::count_if(ratios.begin(), ratios.end(),
                                    [&](float r) { return static_cast<double>(r) <= limit; });
  return static_cast<double>(within) / static_cast<double>(ratios.size());
}

struct Batch {
  std::vector<OneSeries> series;
  RatioHistogram steps, totals;
};

/// Writes the results of all series into columns.
class Assembler {
 public:
  Assembler(const SeriesView& view, std::span<const std::int64_t> offset,
            const ForecastOptions& options, int horizon, int season_length)
      : view_(view), offset_(offset), level_(options.level) {
    out_.by = view.by.empty() && !view.offset.empty() ? "series" : view.by;
    out_.value = view.value;
    out_.period = view.period;
    out_.groups = names_of(view, offset.size() - 1);
    out_.level = level_;
    out_.names = level_names({"forecast_low", "forecast_high"}, level_);
    out_.horizon = horizon;
    out_.season_length = season_length;
    const std::size_t levels = level_.size();
    out_.band = {std::vector<std::vector<double>>(levels),
                 std::vector<std::vector<double>>(levels)};
    auto& totals = out_.totals;
    totals.by = out_.by;
    totals.groups = out_.groups;
    totals.level = level_;
    totals.names = level_names({"total_low", "total_high"}, level_);
    totals.band = out_.band;
    auto& accuracy = out_.accuracy;
    accuracy.by = out_.by;
    accuracy.groups = out_.groups;
    accuracy.level = level_;
    accuracy.names = level_names({"coverage", "total_coverage"}, level_);
    accuracy.coverage.resize(levels);
    accuracy.total_coverage.resize(levels);
  }

  void set_pool(const RatioHistogram& steps, const RatioHistogram& totals) {
    step_multiplier_ = multipliers(steps, level_);
    total_multiplier_ = multipliers(totals, level_);
    within_.assign(level_.size(), 0.0);
  }

  void add(std::size_t s, const OneSeries& one) {
    const std::int32_t code = code_of(view_, s);
    add_steps(s, code, one);
    add_total(code, one);
    add_accuracy(code, one);
  }

  Forecast finish() {
    for (double within : within_) {
      out_.coverage.push_back(out_.checked > 0 ? within / static_cast<double>(out_.checked) : kNaN);
    }
    return std::move(out_);
  }

 private:
  void push(Bands& band, std::size_t k, double value, double half, bool nonnegative) const {
    const double low = value - half;
    band.low[k].push_back(nonnegative && low < 0 ? 0.0 : low);
    band.high[k].push_back(value + half);
  }

  void push_law(Bands& band, std::size_t k, const CountLaw& law) const {
    band.low[k].push_back(law.quantile(0.5 - 0.5 * level_[k]));
    band.high[k].push_back(law.quantile(0.5 + 0.5 * level_[k]));
  }

  /// Half-width at a level of something that never varied in n observations.
  static double constant_half(std::int64_t n, double level) {
    return constant_holds(n, level) ? 0.0 : kNaN;
  }

  void add_steps(std::size_t s, std::int32_t code, const OneSeries& one) {
    const auto first_row = static_cast<std::size_t>(offset_[s]);
    const std::size_t next = first_row + one.series.end;
    for (std::size_t h = 0; h < one.mean.size(); ++h) {
      out_.series.push_back(code);
      out_.step.push_back(static_cast<std::int64_t>(h) + 1);
      if (!view_.start.empty()) out_.start.push_back(day_of(s, one, static_cast<int>(h)));
      out_.forecast.push_back(one.mean[h]);
      out_.naive.push_back(one.naive[h]);
      const std::size_t row = next + h;
      const bool cut = row < static_cast<std::size_t>(offset_[s + 1]) && !view_.complete.empty() &&
                       view_.complete[row] == 0;
      out_.so_far.push_back(cut ? view_.y[row] : kNaN);
      const bool beyond = 4 * static_cast<std::int64_t>(h + 1) > one.series.n;
      const bool usable = one.status == Status::ok || one.status == Status::small_sample;
      out_.status.push_back(usable && beyond ? Status::extrapolated : one.status);
      for (std::size_t k = 0; k < level_.size(); ++k) {
        if (one.laws && !one.series.closed_at(h + 1)) {
          push_law(out_.band, k, one.laws->step(one.laws->mean[h]));
          continue;
        }
        double half = step_multiplier_[k] * one.calibrated.unit[h];
        if (one.series.constant) half = constant_half(one.series.n_known, level_[k]);
        if (one.series.closed_at(h + 1)) {
          const auto length = static_cast<std::int64_t>(one.series.closed.size());
          half = constant_half(one.series.n / length, level_[k]);
        }
        push(out_.band, k, one.mean[h], half, one.series.nonnegative);
      }
    }
  }

  data::Day day_of(std::size_t s, const OneSeries& one, int steps) const {
    const auto first = static_cast<std::size_t>(offset_[s]);
    if (offset_[s + 1] == offset_[s]) return data::kNoDay;
    return data::next_period(view_.start[first], *view_.period,
                             static_cast<int>(one.series.end) + steps);
  }

  void add_total(std::int32_t code, const OneSeries& one) {
    auto& t = out_.totals;
    t.series.push_back(code);
    const auto steps = static_cast<int>(one.mean.size());
    const std::size_t s = t.series.size() - 1;
    const bool dated = !view_.start.empty() && offset_[s + 1] > offset_[s];
    t.start.push_back(dated ? day_of(s, one, 0) : data::kNoDay);
    t.end.push_back(dated ? day_of(s, one, steps) - 1 : data::kNoDay);
    t.periods.push_back(steps);
    const double total = std::accumulate(one.mean.begin(), one.mean.end(), 0.0);
    t.total.push_back(total);
    t.naive.push_back(std::accumulate(one.naive.begin(), one.naive.end(), 0.0));
    t.n.push_back(static_cast<std::int64_t>(
        (one.laws ? one.laws->needed_total_level : one.calibrated.total_ratio).size()));
    t.status.push_back(out_.status.back());
    for (std::size_t k = 0; k < level_.size(); ++k) {
      if (one.laws) {
        push_law(
            t.band, k,
            one.laws->total(std::accumulate(one.laws->mean.begin(), one.laws->mean.end(), 0.0)));
        continue;
      }
      double half = total_multiplier_[k] * one.calibrated.unit.back();
      if (one.series.constant) half = constant_half(one.series.n_known / steps, level_[k]);
      push(t.band, k, total, half, one.series.nonnegative);
    }
  }

  void add_accuracy(std::int32_t code, const OneSeries& one) {
    auto& a = out_.accuracy;
    a.series.push_back(code);
    a.n.push_back(one.series.n);
    a.windows.push_back(one.windows);
    a.model.push_back(one.model);
    for (std::size_t j = 0; j < a.weight.size(); ++j) {
      // The fourth member of a mix is tsb of what is sold seldom, else ets.
      const std::size_t place = j == 4 ? 3 : j;
      const bool other = j >= 3 && one.series.seldom != (j == 3);
      const bool mixed = one.weight.size() >= 3;
      const bool has = mixed && !other && place < one.weight.size();
      a.weight[j].push_back(!mixed ? kNaN : has ? one.weight[place] : 0);
    }
    a.naive_model.push_back(one.naive_model);
    a.season_length.push_back(out_.season_length);
    a.season.push_back(one.season);
    if (one.season == SeasonStatus::too_short) ++out_.too_short_for_season;
    a.mase.push_back(one.mase);
    a.rmsse.push_back(one.rmsse);
    a.smape.push_back(one.smape);
    a.bias.push_back(one.bias);
    a.naive_mase.push_back(one.naive_mase);
    a.naive_smape.push_back(one.naive_smape);
    a.status.push_back(one.status);
    for (std::size_t k = 0; k < level_.size(); ++k) {
      const auto& ratios = one.laws ? one.laws->needed_level : one.calibrated.step_ratio;
      const auto& totals = one.laws ? one.laws->needed_total_level : one.calibrated.total_ratio;
      const double share = share_within(ratios, one.laws ? level_[k] : step_multiplier_[k]);
      a.coverage[k].push_back(share);
      a.total_coverage[k].push_back(
          share_within(totals, one.laws ? level_[k] : total_multiplier_[k]));
      if (!ratios.empty()) within_[k] += share * static_cast<double>(ratios.size());
    }
    out_.checked += static_cast<std::int64_t>(
        (one.laws ? one.laws->needed_level : one.calibrated.step_ratio).size());
  }

  const SeriesView& view_;
  std::span<const std::int64_t> offset_;
  std::vector<double> level_, step_multiplier_, total_multiplier_, within_;
  Forecast out_;
};

}  // namespace

SeriesView view(const data::Series& series) {
  SeriesView out;
  out.y = series.y;
  out.offset = series.offset;
  out.start = series.start;
  out.complete = series.complete;
  out.period = series.period;
  out.by = series.by;
  out.value = series.value;
  return out;
}

Forecast forecast(const data::Series& series, const ForecastOptions& options,
                  const Context& context) {
  const GroupedView grouped(series);
  return forecast(grouped.view, options, context);
}

Forecast forecast(const SeriesView& series, const ForecastOptions& options,
                  const Context& context) {
  const std::vector<std::int64_t> offset = checked_offsets("forecast", series);
  const std::size_t count = offset.size() - 1;
  check_options(options);
  check_rows("forecast", series, offset);
  const int season_length =
      options.season_length > 0 ? options.season_length : default_season_length(series.period);
  const auto prepared = [&](std::size_t s) {
    const auto begin = static_cast<std::size_t>(offset[s]);
    const auto rows = static_cast<std::size_t>(offset[s + 1]) - begin;
    return prepare(series.y.subspan(begin, rows),
                   series.complete.empty() ? series.complete : series.complete.subspan(begin, rows),
                   season_length);
  };
  int horizon = options.horizon;
  if (horizon == 0) {
    std::int64_t longest = 0;
    for (std::size_t s = 0; s < count; ++s) longest = std::max(longest, prepared(s).n);
    horizon = default_horizon(series.period, longest);
  }
  // Kept of every series: forecasts, units, and a float per past error.
  const std::size_t bytes = count * (sizeof(OneSeries) + static_cast<std::size_t>(horizon) * 64 +
                                     static_cast<std::size_t>(options.windows) *
                                         static_cast<std::size_t>(horizon + 1) * sizeof(float));
  if (context.memory_limit > 0 && bytes > context.memory_limit) {
    throw MemoryLimit("forecast: " + std::to_string(count) + " series need about " +
                      std::to_string(bytes) + " bytes, memory_limit is " +
                      std::to_string(context.memory_limit));
  }
  auto batches =
      core::parallel_map<Batch>(context, count, kBlock, [&](std::size_t begin, std::size_t end) {
        Batch batch;
        for (std::size_t s = begin; s < end; ++s) {
          batch.series.push_back(
              forecast_one(prepared(s), options.model, season_length, horizon, options.windows));
          if (batch.series.back().laws) continue;  // laws of their own are not part of the pool
          batch.steps.add(batch.series.back().calibrated.step_ratio);
          batch.totals.add(batch.series.back().calibrated.total_ratio);
        }
        return batch;
      });
  RatioHistogram steps, totals;
  for (const Batch& batch : batches) {
    steps.merge(batch.steps);
    totals.merge(batch.totals);
  }
  Assembler assembler(series, offset, options, horizon, season_length);
  assembler.set_pool(steps, totals);
  std::size_t s = 0;
  for (const Batch& batch : batches) {
    for (const OneSeries& one : batch.series) assembler.add(s++, one);
  }
  return assembler.finish();
}

}  // namespace emptor::forecasting
