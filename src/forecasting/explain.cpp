#include "emptor/forecasting/explain.hpp"

#include "emptor/core/error.hpp"

#include "forecasting/series_view.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<std::string_view, 6> kCauses{"before",     "restated",    "new_period",
                                                  "new_series", "gone_series", "now"};

/// A panel whose sizes, dates and values were checked.
struct Checked {
  explicit Checked(const SeriesView& view) : v(view), offset(checked_offsets("explain", view)) {
    check_rows("explain", v, offset);
  }
  [[nodiscard]] std::size_t count() const { return offset.size() - 1; }
  [[nodiscard]] std::size_t first(std::size_t s) const {
    return static_cast<std::size_t>(offset[s]);
  }
  [[nodiscard]] bool known(std::size_t row) const {
    return !std::isnan(v.y[row]) && (v.complete.empty() || v.complete[row] != 0);
  }
  /// Rows of the series up to its last known value.
  [[nodiscard]] std::size_t length(std::size_t s) const {
    auto end = static_cast<std::size_t>(offset[s + 1]);
    while (end > first(s) && !known(end - 1)) --end;
    return end - first(s);
  }
  [[nodiscard]] std::string name(std::size_t s) const {
    if (v.group.empty() || !v.groups) return std::to_string(s);
    return v.groups->to_string(v.group[s]);
  }
  SeriesView v;
  std::vector<std::int64_t> offset;
};

/// A series up to one of its values, and how far it is forecast from there.
struct Cut {
  const Checked* panel = nullptr;
  std::size_t series = 0;
  std::size_t rows = 0;
  int horizon = 0;
};

/// Forecasts of all cuts; those of one panel and horizon in one call, so that the last one of all
/// is what forecast() says of `now`, to the bit.
std::vector<std::vector<double>> forecasts(std::span<const Cut> cuts, const ExplainOptions& options,
                                           const Context& context) {
  std::map<std::pair<bool, int>, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    groups[{cuts[i].panel == cuts.front().panel, cuts[i].horizon}].push_back(i);
  }
  std::vector<std::vector<double>> out(cuts.size());
  for (const auto& [key, members] : groups) {
    const int horizon = key.second;
    std::vector<double> y;
    std::vector<std::int64_t> offset{0};
    for (const std::size_t i : members) {
      const Checked& panel = *cuts[i].panel;
      const std::size_t first = panel.first(cuts[i].series);
      for (std::size_t row = first; row < first + cuts[i].rows; ++row)
        y.push_back(panel.known(row) ? panel.v.y[row] : kNaN);
      offset.push_back(static_cast<std::int64_t>(y.size()));
    }
    SeriesView v;
    v.y = y;
    v.offset = offset;
    const Forecast made = forecast(v,
                                   {.horizon = horizon,
                                    .model = options.model,
                                    .level = {0.8},
                                    .season_length = options.season_length,
                                    .windows = options.windows},
                                   context);
    for (std::size_t k = 0; k < members.size(); ++k) {
      const auto from = made.forecast.begin() + static_cast<std::ptrdiff_t>(k) * horizon;
      out[members[k]].assign(from, from + horizon);
    }
  }
  return out;
}

/// One series in both panels: places are counted from its first row in `now`.
struct Pair {
  std::optional<std::size_t> now{};
  std::optional<std::size_t> before{};
  std::size_t known_now = 0;                ///< rows up to the last known value of now
  std::size_t known_before = 0;             ///< the same of before
  std::int64_t shift = 0;                   ///< place of the first row of before
  std::vector<std::size_t> lengths{};       ///< of now: as far as before knew, then by new periods
  std::vector<std::vector<double>> path{};  ///< forecasts: before, then one per length
  std::vector<int> horizon{};
};

class Account {
 public:
  Account(const SeriesView& now, const SeriesView& before, const ExplainOptions& options)
      : now_(now), before_(before), options_(options) {
    if (now.start.empty() != before.start.empty()) {
      throw InvalidArgument("explain: one of the two has dates and the other not; give both alike");
    }
    if (now.period != before.period) {
      throw InvalidArgument("explain: the two are of other periods" + periods());
    }
    if (options_.horizon < 0) {
      throw InvalidArgument("explain: horizon is " + std::to_string(options_.horizon) +
                            "; write periods, as 3");
    }
    pair_up();
    std::size_t longest = 0;
    for (const Pair& p : pairs_) longest = std::max({longest, p.known_now, p.known_before});
    if (options_.season_length == 0) options_.season_length = default_season_length(now.period);
    if (options_.horizon == 0)
      options_.horizon = default_horizon(now.period, static_cast<std::int64_t>(longest));
  }

  ForecastChange run(const Context& context) {
    std::vector<Cut> cuts;
    for (Pair& p : pairs_) plan(p, cuts);
    const auto made = forecasts(cuts, options_, context);
    std::size_t at = 0;
    for (Pair& p : pairs_) {
      for (std::size_t k = 0; k < p.horizon.size(); ++k) p.path.push_back(made[at++]);
    }
    prepare();
    for (const Pair& p : pairs_) write(p);
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string periods() const {
    if (!now_.v.period || !before_.v.period) return "";
    return ", " + data::to_string(*now_.v.period) + " and " + data::to_string(*before_.v.period);
  }

  void pair_up() {
    std::map<std::string, std::size_t> at;
    for (std::size_t s = 0; s < now_.count(); ++s) {
      at[now_.name(s)] = pairs_.size();
      pairs_.push_back({.now = s, .known_now = now_.length(s)});
    }
    for (std::size_t s = 0; s < before_.count(); ++s) {
      const auto found = at.find(before_.name(s));
      if (found == at.end()) {
        pairs_.push_back({.before = s, .known_before = before_.length(s)});
        continue;
      }
      Pair& p = pairs_[found->second];
      p.before = s;
      p.known_before = before_.length(s);
      if (p.known_now == 0 || p.known_before == 0) continue;
      if (!now_.v.start.empty()) {
        p.shift = data::periods_between(now_.v.start[now_.first(*p.now)],
                                        before_.v.start[before_.first(s)], *now_.v.period);
      }
      if (end_before(p) > static_cast<std::int64_t>(p.known_now)) {
        throw InvalidArgument(
            "explain: before knows " +
            (before_.name(s).empty() ? "the series" : "'" + before_.name(s) + "'") +
            " longer than now does; are the two exchanged?");
      }
    }
  }

  /// One past the place of the last value before knew.
  static std::int64_t end_before(const Pair& p) {
    return p.shift + static_cast<std::int64_t>(p.known_before);
  }

  /// Which forecasts of a series are needed: all reach to the last period asked for.
  void plan(Pair& p, std::vector<Cut>& cuts) {
    const int h = options_.horizon;
    const auto add = [&](const Checked& panel, std::size_t s, std::size_t rows, int horizon) {
      cuts.push_back({&panel, s, rows, horizon});
      p.horizon.push_back(horizon);
    };
    if (!p.now || p.known_now == 0) {
      if (p.before && p.known_before > 0) add(before_, *p.before, p.known_before, h);
      return;
    }
    const auto last = static_cast<std::int64_t>(p.known_now);
    const bool had = p.before && p.known_before > 0;
    const std::int64_t end = had ? end_before(p) : last;
    if (had) add(before_, *p.before, p.known_before, static_cast<int>(last - end) + h);
    // As far as before knew; what it knew may be missing now.
    std::int64_t known = std::max<std::int64_t>(end, 0);
    const std::size_t first = now_.first(*p.now);
    while (known > 0 && !now_.known(first + static_cast<std::size_t>(known) - 1)) --known;
    if (known > 0) p.lengths.push_back(static_cast<std::size_t>(known));
    for (std::int64_t place = std::max<std::int64_t>(end, 0); place < last; ++place) {
      if (now_.known(first + static_cast<std::size_t>(place)))
        p.lengths.push_back(static_cast<std::size_t>(place) + 1);
    }
    for (const std::size_t rows : p.lengths)
      add(now_, *p.now, rows, static_cast<int>(last - static_cast<std::int64_t>(rows)) + h);
  }

  void prepare() {
    const SeriesView& v = now_.v;
    out_.by = v.by.empty() && !v.offset.empty() ? "series" : v.by;
    out_.value = v.value;
    out_.period = v.period;
    std::vector<std::string> names;
    for (const Pair& p : pairs_)
      names.push_back(p.now ? now_.name(*p.now) : before_.name(*p.before));
    out_.groups = Dictionary::from_texts(names);
    for (std::size_t i = 0; i < pairs_.size(); ++i) codes_.push_back(out_.groups->find(names[i]));
  }

  void row(const Pair& p, int step, ForecastCause cause, double amount, Status status) {
    const auto at = static_cast<std::size_t>(&p - pairs_.data());
    out_.series.push_back(codes_[at]);
    out_.step.push_back(step + 1);
    if (!now_.v.start.empty()) out_.start.push_back(day(p, step));
    out_.cause.push_back(cause);
    out_.learnt.push_back(data::kNoDay);
    out_.amount.push_back(amount);
    out_.actual.push_back(kNaN);
    out_.expected.push_back(kNaN);
    out_.status.push_back(status);
  }

  /// First day of a period ahead.
  [[nodiscard]] data::Day day(const Pair& p, int step) const {
    const bool has = p.now && p.known_now > 0;
    const Checked& panel = has ? now_ : before_;
    const std::size_t first = panel.first(has ? *p.now : *p.before);
    const std::size_t known = has ? p.known_now : p.known_before;
    return data::next_period(panel.v.start[first], *panel.v.period, static_cast<int>(known) + step);
  }

  void write(const Pair& p) {
    for (int step = 0; step < options_.horizon; ++step) {
      const bool has = p.now && p.known_now > 0;
      if (p.path.empty()) continue;
      const auto ahead = [&](std::size_t k) {
        return p.path[k][static_cast<std::size_t>(p.horizon[k] - options_.horizon + step)];
      };
      double value = ahead(0);
      const bool known = std::all_of(p.path.begin(), p.path.end(),
                                     [](const auto& path) { return !std::isnan(path.back()); });
      const Status status = known ? Status::ok : Status::not_enough_data;
      const bool had = p.before && p.known_before > 0;
      row(p, step, ForecastCause::before, had ? value : 0, status);
      if (!has || !had) {
        row(p, step, has ? ForecastCause::new_series : ForecastCause::gone_series,
            has ? ahead(p.path.size() - 1) : -value, status);
        row(p, step, ForecastCause::now, has ? ahead(p.path.size() - 1) : 0, status);
        continue;
      }
      write_steps(p, step, value, status, ahead);
    }
  }

  template <typename Ahead>
  void write_steps(const Pair& p, int step, double value, Status status, Ahead&& ahead) {
    const auto end = static_cast<std::size_t>(std::max<std::int64_t>(end_before(p), 0));
    for (std::size_t k = 0; k < p.lengths.size(); ++k) {
      const double next = ahead(k + 1);
      const bool restated = p.lengths[k] <= end;
      row(p, step, restated ? ForecastCause::restated : ForecastCause::new_period, next - value,
          status);
      if (!restated) {
        const std::size_t place = p.lengths[k] - 1;
        const std::size_t since = k == 0 ? end : p.lengths[k - 1];
        const std::size_t at = now_.first(*p.now) + place;
        if (!now_.v.start.empty()) out_.learnt.back() = now_.v.start[at];
        out_.actual.back() = now_.v.y[at];
        out_.expected.back() = p.path[k][place - since];
      }
      value = next;
    }
    row(p, step, ForecastCause::now, value, status);
  }

  Checked now_, before_;
  ExplainOptions options_;
  std::vector<Pair> pairs_;
  std::vector<std::int32_t> codes_;
  ForecastChange out_;
};

}  // namespace

std::span<const std::string_view> forecast_cause_labels() noexcept { return kCauses; }

ForecastChange explain(const SeriesView& now, const SeriesView& before,
                       const ExplainOptions& options, const Context& context) {
  return Account(now, before, options).run(context);
}

ForecastChange explain(const data::Series& now, const data::Series& before,
                       const ExplainOptions& options, const Context& context) {
  const GroupedView left(now), right(before);
  return explain(left.view, right.view, options, context);
}

std::vector<Column> ForecastChange::columns() const {
  std::vector<Column> out;
  if (!by.empty()) out.emplace_back(by, series, *groups, "the series");
  if (!start.empty()) out.push_back(Column::dates("start", start, "first day of the period ahead"));
  out.emplace_back("step", step, "periods after the last one known now");
  out.back().shown = start.empty();
  out.emplace_back("cause", cause, forecast_cause_labels(), "what moved the forecast");
  if (!start.empty()) {
    out.push_back(Column::dates("learnt", learnt, "first day of the period that became known"));
  }
  out.emplace_back("amount", amount, "what the cause adds; of before and now, the forecast itself");
  out.emplace_back("actual", actual, "what the new period brought");
  out.emplace_back("expected", expected, "what was forecast for it the period before");
  out.push_back(
      Column("status", status, status_labels(), "whether all forecasts could be made").hidden());
  return out;
}

std::vector<Scalar> ForecastChange::info() const {
  std::vector<Scalar> out;
  if (!value.empty()) out.push_back({"value", value, "what is forecast"});
  if (period) out.push_back({"period", data::to_string(*period), "length of a step"});
  return out;
}

}  // namespace emptor::forecasting
