#include "emptor/core/error.hpp"
#include "emptor/forecasting/ces.hpp"

#include "core/parallel.hpp"
#include "forecasting/series_view.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kBlock = 8;  ///< series per block of work

/// A fit that says there is too little to fit.
CesFit no_fit() {
  CesFit fit;
  fit.alpha = fit.beta = {kNaN, kNaN};
  fit.sigma = fit.log_likelihood = fit.aicc = fit.sse = kNaN;
  fit.status = Status::not_enough_data;
  return fit;
}

CesFit fit_row(std::span<const double> y, CesOptions options) {
  const auto known = std::count_if(y.begin(), y.end(), [](double v) { return !std::isnan(v); });
  if (known < 4) return no_fit();
  std::size_t first = 0, last = y.size();
  while (std::isnan(y[first])) ++first;
  while (std::isnan(y[last - 1])) --last;
  const bool asked = options.form && *options.form != CesForm::none;
  const bool too_short = last - first < 2 * static_cast<std::size_t>(options.season_length);
  if (asked && too_short) options.form = CesForm::none;
  CesFit fit = fit_ces(y, options);
  if (asked && too_short) fit.status = Status::small_sample;
  return fit;
}

}  // namespace

CesFits ces(const SeriesView& series, const CesOptions& options, const Context& context) {
  const std::vector<std::int64_t> offset = checked_offsets("ces", series);
  check_rows("ces", series, offset);
  CesOptions used = options;
  if (used.season_length == 0) used.season_length = default_season_length(series.period);
  if (used.season_length < 1) {
    throw InvalidArgument("ces: season_length is " + std::to_string(used.season_length) +
                          "; write periods per season, as 12, or 1 for none");
  }
  if (used.form && *used.form != CesForm::none && used.season_length < 2) {
    throw InvalidArgument("ces: form '" +
                          std::string(ces_form_labels()[static_cast<std::size_t>(*used.form)]) +
                          "' has a season; write season_length, as 12");
  }
  const std::size_t count = offset.size() - 1;
  CesFits out;
  out.by = series.by.empty() && !series.offset.empty() ? "series" : series.by;
  out.value = series.value;
  out.groups = names_of(series, count);
  out.series.resize(count);
  out.fit.resize(count);
  core::parallel_ranges(context, count, kBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t s = begin; s < end; ++s) {
      out.series[s] = code_of(series, s);
      out.fit[s] = fit_row(rows_of(series, static_cast<std::size_t>(offset[s]),
                                   static_cast<std::size_t>(offset[s + 1])),
                           used);
    }
  });
  out.fill();
  return out;
}

CesFits ces(const data::Series& series, const CesOptions& options, const Context& context) {
  const GroupedView grouped(series);
  return ces(grouped.view, options, context);
}

void CesFits::fill() {
  for (const CesFit& one : fit) {
    form_.push_back(one.form);
    const bool has_index = one.form == CesForm::partial || one.form == CesForm::full;
    const double b0 = has_index ? one.beta[0] : kNaN;
    const double b1 = one.form == CesForm::full ? one.beta[1] : kNaN;
    const std::array<double, 4> weights{one.alpha[0], one.alpha[1], b0, b1};
    for (std::size_t k = 0; k < 4; ++k) weight_[k].push_back(weights[k]);
    sigma_.push_back(one.sigma);
    log_likelihood_.push_back(one.log_likelihood);
    aicc_.push_back(one.aicc);
    n_.push_back(one.n_known);
    status_.push_back(one.status);
  }
}

std::vector<Column> CesFits::columns() const {
  std::vector<Column> out;
  if (!by.empty()) out.emplace_back(by, series, *groups, "the series");
  out.emplace_back("form", form_, ces_form_labels(), "which seasons the model has");
  out.emplace_back("alpha0", weight_[0], "weight of errors, real part");
  out.emplace_back("alpha1", weight_[1], "weight of errors, imaginary part");
  out.emplace_back("beta0", weight_[2], "the same of the season, real part");
  out.emplace_back("beta1", weight_[3], "the same of the season, imaginary part");
  out.emplace_back("sigma", sigma_, "standard deviation of the errors");
  out.emplace_back("log_likelihood", log_likelihood_, "Gaussian, constants included");
  out.emplace_back("aicc", aicc_, "lower is better");
  out.emplace_back("n", n_, "known values");
  out.emplace_back("status", status_, status_labels(), "what stands behind the fit");
  return out;
}

std::vector<Scalar> CesFits::info() const {
  std::vector<Scalar> out;
  if (!value.empty()) out.push_back({"value", value, "what is fitted"});
  return out;
}

}  // namespace emptor::forecasting
