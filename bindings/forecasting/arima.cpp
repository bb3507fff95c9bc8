#include "emptor/forecasting/arima.hpp"

#include "detail/analysis.hpp"
#include "forecasting/forecasting.hpp"
#include "forecasting/panel.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace emptor::bindings {
namespace {

using forecasting::ArimaDrivers;
using forecasting::ArimaFit;
using forecasting::ArimaFits;

forecasting::ArimaCriterion criterion_of(const std::string& text) {
  constexpr std::array<const char*, 3> kNames{"aicc", "aic", "bic"};
  const auto found = std::find(kNames.begin(), kNames.end(), text);
  if (found != kNames.end()) {
    return static_cast<forecasting::ArimaCriterion>(found - kNames.begin());
  }
  throw InvalidArgument("arima: criterion '" + text.substr(0, 40) +
                        "'; write 'aicc', 'aic' or 'bic'");
}

ArimaDrivers drivers_of(const Array<double>& x, std::size_t count) { return {view_of(x), count}; }

/// One fit as plain values, and back.
py::tuple packed(const ArimaFit& f) {
  const auto& p = f.parameters;
  const auto& o = p.order;
  return py::make_tuple(
      py::make_tuple(o.ar, o.differences, o.ma, o.seasonal_ar, o.seasonal_differences,
                     o.seasonal_ma, o.season_length, o.constant),
      p.ar, p.ma, p.seasonal_ar, p.seasonal_ma, p.constant, p.drivers, f.standard_error, f.dropped,
      py::make_tuple(f.n, f.n_known, f.n_used, f.squares, f.log_determinant, f.sigma, f.estimated,
                     f.log_likelihood, f.aic, f.aicc, f.bic, f.iterations, f.tried,
                     static_cast<int>(f.status)),
      f.state.column, f.state.covariance, f.coefficient_covariance, f.fitted, f.residual);
}

template <typename T>
void take(const py::tuple& from, std::size_t& at, T& to) {
  to = from[at++].cast<T>();
}

ArimaFit unpacked(const py::tuple& from) {
  ArimaFit f;
  auto& p = f.parameters;
  auto& o = p.order;
  std::size_t at = 0, of_order = 0, of_numbers = 0;
  const auto order = from[at++].cast<py::tuple>();
  for (int* k : {&o.ar, &o.differences, &o.ma, &o.seasonal_ar, &o.seasonal_differences,
                 &o.seasonal_ma, &o.season_length}) {
    take(order, of_order, *k);
  }
  take(order, of_order, o.constant);
  for (auto* v : {&p.ar, &p.ma, &p.seasonal_ar, &p.seasonal_ma}) take(from, at, *v);
  take(from, at, p.constant);
  take(from, at, p.drivers);
  take(from, at, f.standard_error);
  take(from, at, f.dropped);
  const auto numbers = from[at++].cast<py::tuple>();
  for (std::int64_t* k : {&f.n, &f.n_known, &f.n_used}) take(numbers, of_numbers, *k);
  for (double* v : {&f.squares, &f.log_determinant, &f.sigma}) take(numbers, of_numbers, *v);
  take(numbers, of_numbers, f.estimated);
  for (double* v : {&f.log_likelihood, &f.aic, &f.aicc, &f.bic}) take(numbers, of_numbers, *v);
  for (int* k : {&f.iterations, &f.tried}) take(numbers, of_numbers, *k);
  f.status = static_cast<Status>(numbers[of_numbers].cast<int>());
  take(from, at, f.state.column);
  for (auto* v : {&f.state.covariance, &f.coefficient_covariance, &f.fitted, &f.residual}) {
    take(from, at, *v);
  }
  return f;
}

/// What Python's ArimaFits stands on: immutable.
class Fits {
 public:
  explicit Fits(ArimaFits fits) : fits_(std::make_shared<const ArimaFits>(std::move(fits))) {}

  [[nodiscard]] FrameObject parameters() const { return frame(ArimaFits(*fits_)); }

  [[nodiscard]] FrameObject forecast(int horizon, const std::vector<double>& level,
                                     const Array<double>& x, bool nonnegative) const {
    return frame(forecasting::forecast(*fits_, horizon, level, drivers_of(x, fits_->drivers.size()),
                                       nonnegative));
  }

  /// Paths of one series, (paths, horizon).
  [[nodiscard]] py::array_t<double> simulate(std::size_t s, int horizon, int paths,
                                             std::uint64_t seed, const Array<double>& x) const {
    const std::uint64_t stream = fits_->groups->hash(fits_->series.at(s));
    const auto y = forecasting::simulate(fits_->fits.at(s), horizon, paths, seed, stream,
                                         drivers_of(x, fits_->drivers.size()));
    return py::array_t<double>({paths, horizon}, y.data());
  }

  /// Weights, coefficients and likelihood of one series.
  [[nodiscard]] py::dict one(std::size_t s) const {
    const ArimaFit& fit = fits_->fits.at(s);
    const auto& p = fit.parameters;
    py::dict out;
    out["model"] = forecasting::to_string(p.order);
    out["order"] = py::make_tuple(p.order.ar, p.order.differences, p.order.ma);
    out["seasonal_order"] =
        py::make_tuple(p.order.seasonal_ar, p.order.seasonal_differences, p.order.seasonal_ma);
    out["season_length"] = p.order.season_length;
    out["ar"] = vector_array(p.ar);
    out["ma"] = vector_array(p.ma);
    out["seasonal_ar"] = vector_array(p.seasonal_ar);
    out["seasonal_ma"] = vector_array(p.seasonal_ma);
    if (p.order.constant) out["constant"] = p.constant;
    py::dict drivers;
    for (std::size_t k = 0; k < fits_->drivers.size(); ++k) {
      if (fit.dropped.at(k) == 0) drivers[fits_->drivers[k].c_str()] = p.drivers.at(k);
    }
    out["drivers"] = drivers;
    out["standard_error"] = vector_array(fit.standard_error);
    out["sigma"] = fit.sigma;
    out["log_likelihood"] = fit.log_likelihood;
    out["aic"] = fit.aic;
    out["aicc"] = fit.aicc;
    out["bic"] = fit.bic;
    out["n"] = fit.n;
    out["n_known"] = fit.n_known;
    out["status"] = std::string(status_labels()[static_cast<std::size_t>(fit.status)]);
    return out;
  }

  [[nodiscard]] py::dict steps(std::size_t s) const {
    py::dict out;
    out["fitted"] = vector_array(fits_->fits.at(s).fitted);
    out["residual"] = vector_array(fits_->fits.at(s).residual);
    return out;
  }

  /// After further values of each series and the drivers beside them, one array per series.
  [[nodiscard]] Fits updated(const std::vector<Array<double>>& values,
                             const std::vector<Array<double>>& x) const {
    std::vector<ArimaFit> fits;
    for (std::size_t s = 0; s < values.size(); ++s) {
      fits.push_back(forecasting::update(fits_->fits.at(s), view_of(values[s]),
                                         drivers_of(x.at(s), fits_->drivers.size())));
    }
    return Fits(forecasting::with_fits(*fits_, std::move(fits)));
  }

  [[nodiscard]] const std::vector<std::string>& drivers() const { return fits_->drivers; }
  /// First forecast day by series, days since 1970; empty without dates.
  [[nodiscard]] std::vector<int> next() const { return {fits_->next.begin(), fits_->next.end()}; }
  [[nodiscard]] std::optional<std::string> period() const {
    if (!fits_->period) return std::nullopt;
    return std::string(data::to_string(*fits_->period));
  }
  [[nodiscard]] std::size_t size() const { return fits_->fits.size(); }

  [[nodiscard]] py::tuple state() const {
    py::list fits;
    for (const ArimaFit& fit : fits_->fits) fits.append(packed(fit));
    const Dictionary& groups = *fits_->groups;
    std::vector<std::string> texts;
    for (std::int32_t code = 0; groups.is_text() && code < groups.size(); ++code) {
      texts.push_back(groups.to_string(code));
    }
    const py::object ids = groups.is_text() ? py::cast(texts) : py::cast(groups.integers());
    return py::make_tuple(1, fits_->by, fits_->value, period(), ids, fits_->series, next(),
                          fits_->drivers, fits);
  }

  static Fits of_state(const py::tuple& state) {
    if (state.size() != 9 || state[0].cast<int>() != 1) {
      throw FormatError("ArimaFits: saved by another version of emptor; fit again");
    }
    ArimaFits base;
    base.by = state[1].cast<std::string>();
    base.value = state[2].cast<std::string>();
    if (!state[3].is_none()) base.period = data::parse_period(state[3].cast<std::string>());
    base.groups = dictionary(state[4].cast<Ids>());
    base.series = state[5].cast<std::vector<std::int32_t>>();
    base.next = state[6].cast<std::vector<data::Day>>();
    base.drivers = state[7].cast<std::vector<std::string>>();
    std::vector<ArimaFit> fits;
    for (const auto& fit : state[8].cast<py::list>()) {
      fits.push_back(unpacked(fit.cast<py::tuple>()));
    }
    base.fits = fits;  // with_fits() moves dates on by what the fits have grown
    return Fits(forecasting::with_fits(base, std::move(fits)));
  }

 private:
  std::shared_ptr<const ArimaFits> fits_;
};

}  // namespace

void bind_arima(py::module_& m) {
  using namespace forecasting;
  py::class_<Fits>(m, "_ArimaFits")
      .def("parameters", &Fits::parameters)
      .def("forecast", &Fits::forecast, py::arg("horizon"), py::arg("level"), py::arg("drivers"),
           py::arg("nonnegative"))
      .def("simulate", &Fits::simulate, py::arg("series"), py::arg("horizon"), py::arg("paths"),
           py::arg("seed"), py::arg("drivers"))
      .def("one", &Fits::one, py::arg("series"))
      .def("steps", &Fits::steps, py::arg("series"))
      .def("updated", &Fits::updated, py::arg("values"), py::arg("drivers"))
      .def_property_readonly("drivers", &Fits::drivers)
      .def_property_readonly("next", &Fits::next)
      .def_property_readonly("period", &Fits::period)
      .def("__len__", &Fits::size)
      .def(py::pickle([](const Fits& fits) { return fits.state(); },
                      [](const py::tuple& state) { return Fits::of_state(state); }));
  const ArimaOptions defaults;
  analysis(
      m, "_arima", doc::forecasting_arima,
      [](const Call& call, const Array<double>& y, const std::optional<Array<std::int64_t>>& offset,
         const std::optional<Array<std::int32_t>>& start,
         const std::optional<Array<std::uint8_t>>& complete,
         const std::optional<std::string>& period, const Ids& ids,
         const std::optional<Array<std::int32_t>>& group, const std::string& by,
         const std::string& value, const std::optional<Array<double>>& drivers,
         const std::vector<std::string>& names, std::optional<std::array<int, 3>> order,
         std::optional<std::array<int, 3>> seasonal_order, std::optional<bool> constant,
         std::optional<int> season_length, std::optional<int> differences,
         std::optional<int> seasonal_differences, int max_ar, int max_ma, int max_seasonal_ar,
         int max_seasonal_ma, bool stepwise, int max_order, int max_models,
         const std::string& criterion, bool keep) {
        const SeriesView view = panel(y, offset, start, complete, period, ids, group, by, value);
        ArimaOptions o;
        o.order = order;
        o.seasonal_order = seasonal_order;
        o.constant = constant;
        o.season_length = season_length.value_or(0);
        o.differences = differences;
        o.seasonal_differences = seasonal_differences;
        o.max_ar = max_ar;
        o.max_ma = max_ma;
        o.max_seasonal_ar = max_seasonal_ar;
        o.max_seasonal_ma = max_seasonal_ma;
        o.stepwise = stepwise;
        o.max_order = max_order;
        o.max_models = max_models;
        o.criterion = criterion_of(criterion);
        o.keep = keep;
        const ArimaDrivers x{view_of(drivers), names.size()};
        return Fits(
            run(call, [&](const Context& context) { return arima(view, o, x, names, context); }));
      },
      py::arg("y"), py::kw_only(), py::arg("offset") = py::none(), py::arg("start") = py::none(),
      py::arg("complete") = py::none(), py::arg("period") = py::none(), py::arg("ids") = py::none(),
      py::arg("group") = py::none(), py::arg("by") = "", py::arg("value") = "",
      py::arg("drivers") = py::none(), py::arg("names") = std::vector<std::string>{},
      py::arg("order") = py::none(), py::arg("seasonal_order") = py::none(),
      py::arg("constant") = py::none(), py::arg("season_length") = py::none(),
      py::arg("differences") = py::none(), py::arg("seasonal_differences") = py::none(),
      py::arg("max_ar") = defaults.max_ar, py::arg("max_ma") = defaults.max_ma,
      py::arg("max_seasonal_ar") = defaults.max_seasonal_ar,
      py::arg("max_seasonal_ma") = defaults.max_seasonal_ma,
      py::arg("stepwise") = defaults.stepwise, py::arg("max_order") = defaults.max_order,
      py::arg("max_models") = defaults.max_models, py::arg("criterion") = "aicc",
      py::arg("keep") = defaults.keep);
}

}  // namespace emptor::bindings
