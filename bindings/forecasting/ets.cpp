#include "emptor/forecasting/ets.hpp"

#include "detail/analysis.hpp"
#include "forecasting/forecasting.hpp"
#include "forecasting/panel.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace emptor::bindings {
namespace {

using forecasting::EtsFit;
using forecasting::EtsFits;

py::array_t<double> array(const std::vector<double>& values) {
  return py::array_t<double>(static_cast<py::ssize_t>(values.size()), values.data());
}

template <typename Enum>
Enum choice(const std::string& text, const char* name,
            std::initializer_list<std::pair<const char*, Enum>> all) {
  std::string known;
  for (const auto& [label, value] : all) {
    if (text == label) return value;
    known += (known.empty() ? "'" : ", '") + std::string(label) + "'";
  }
  throw InvalidArgument("ets: " + std::string(name) + " '" + text.substr(0, 40) + "'; write " +
                        known);
}

/// What Python's EtsFits stands on: immutable.
class Fits {
 public:
  explicit Fits(EtsFits fits) : fits_(std::make_shared<const EtsFits>(std::move(fits))) {}

  [[nodiscard]] FrameObject parameters() const { return frame(EtsFits(*fits_)); }

  [[nodiscard]] FrameObject forecast(int horizon, const std::vector<double>& level) const {
    return frame(forecasting::forecast(*fits_, horizon, level));
  }

  /// Paths of one series, (paths, horizon).
  [[nodiscard]] py::array_t<double> simulate(std::size_t s, int horizon, int paths,
                                             std::uint64_t seed) const {
    const std::uint64_t stream = fits_->groups->hash(fits_->series.at(s));
    const auto y = forecasting::simulate(fits_->fits.at(s), horizon, paths, seed, stream);
    return py::array_t<double>({paths, horizon}, y.data());
  }

  /// Fitted values, states and errors of one series, by name.
  [[nodiscard]] py::dict components(std::size_t s) const {
    const EtsFit& fit = fits_->fits.at(s);
    py::dict out;
    out["fitted"] = array(fit.fitted);
    out["level"] = array(fit.level);
    if (!fit.slope.empty()) out["slope"] = array(fit.slope);
    if (!fit.season.empty()) out["season"] = array(fit.season);
    out["residual"] = array(fit.residual);
    return out;
  }

  /// Parameters, states and likelihood of one series.
  [[nodiscard]] py::dict one(std::size_t s) const {
    const EtsFit& fit = fits_->fits.at(s);
    py::dict out;
    out["model"] = forecasting::to_string(fit.end.model);
    out["alpha"] = fit.end.alpha;
    out["beta"] = fit.end.beta;
    out["gamma"] = fit.end.gamma;
    out["phi"] = fit.end.phi;
    out["initial_level"] = fit.start.level;
    out["initial_slope"] = fit.start.slope;
    out["initial_season"] = array(fit.start.season);
    out["level"] = fit.end.level;
    out["slope"] = fit.end.slope;
    out["season"] = array(fit.end.season);
    out["sigma"] = fit.sigma;
    out["log_likelihood"] = fit.log_likelihood;
    out["aic"] = fit.aic;
    out["aicc"] = fit.aicc;
    out["bic"] = fit.bic;
    out["n"] = fit.n;
    out["status"] = std::string(status_labels()[static_cast<std::size_t>(fit.status)]);
    return out;
  }

  /// After further values of each series, one array per series.
  [[nodiscard]] Fits updated(const std::vector<Array<double>>& values) const {
    if (values.size() != fits_->fits.size()) {
      throw InvalidArgument("update: values of " + std::to_string(values.size()) +
                            " series for fits of " + std::to_string(fits_->fits.size()));
    }
    std::vector<EtsFit> fits;
    for (std::size_t s = 0; s < values.size(); ++s) {
      fits.push_back(forecasting::update(fits_->fits[s], view_of(values[s])));
    }
    return Fits(forecasting::with_fits(*fits_, std::move(fits)));
  }

  [[nodiscard]] std::size_t size() const { return fits_->fits.size(); }

 private:
  std::shared_ptr<const EtsFits> fits_;
};

}  // namespace

void bind_ets(py::module_& m) {
  using namespace forecasting;
  py::class_<Fits>(m, "_EtsFits")
      .def("parameters", &Fits::parameters)
      .def("forecast", &Fits::forecast, py::arg("horizon"), py::arg("level"))
      .def("simulate", &Fits::simulate, py::arg("series"), py::arg("horizon"), py::arg("paths"),
           py::arg("seed"))
      .def("components", &Fits::components, py::arg("series"))
      .def("one", &Fits::one, py::arg("series"))
      .def("updated", &Fits::updated, py::arg("values"))
      .def("__len__", &Fits::size);
  const EtsOptions defaults;
  analysis(
      m, "_ets", doc::forecasting_ets,
      [](const Call& call, const Array<double>& y, const std::optional<Array<std::int64_t>>& offset,
         const std::optional<Array<std::int32_t>>& start,
         const std::optional<Array<std::uint8_t>>& complete,
         const std::optional<std::string>& period, const Ids& ids,
         const std::optional<Array<std::int32_t>>& group, const std::string& by,
         const std::string& value, const std::string& model, std::optional<bool> damped,
         std::optional<int> season_length, std::optional<double> beta_rate,
         const std::string& bounds, const std::string& initial, const std::string& likelihood,
         const std::string& criterion, std::optional<double> alpha, std::optional<double> beta,
         std::optional<double> gamma, std::optional<double> phi, bool keep) {
        const SeriesView view = panel(y, offset, start, complete, period, ids, group, by, value);
        EtsOptions o;
        o.model = model;
        o.damped = damped;
        o.season_length = season_length.value_or(0);
        o.bounds = choice<EtsBounds>(
            bounds, "bounds", {{"usual", EtsBounds::usual}, {"admissible", EtsBounds::admissible}});
        o.initial = choice<EtsInitial>(
            initial, "initial",
            {{"estimated", EtsInitial::estimated}, {"regression", EtsInitial::regression}});
        o.likelihood =
            choice<EtsLikelihood>(likelihood, "likelihood",
                                  {{"gaussian", EtsLikelihood::gaussian}, {"r", EtsLikelihood::r}});
        o.criterion = choice<EtsCriterion>(
            criterion, "criterion",
            {{"aicc", EtsCriterion::aicc}, {"aic", EtsCriterion::aic}, {"bic", EtsCriterion::bic}});
        o.prior.beta_rate = beta_rate.value_or(0);
        o.alpha = alpha;
        o.beta = beta;
        o.gamma = gamma;
        o.phi = phi;
        o.keep = keep;
        return Fits(run(call, [&](const Context& context) {
          if (!beta_rate) o.prior = learn_ets_prior(view, o, context);
          return ets(view, o, context);
        }));
      },
      py::arg("y"), py::kw_only(), py::arg("offset") = py::none(), py::arg("start") = py::none(),
      py::arg("complete") = py::none(), py::arg("period") = py::none(), py::arg("ids") = py::none(),
      py::arg("group") = py::none(), py::arg("by") = "", py::arg("value") = "",
      py::arg("model") = defaults.model, py::arg("damped") = py::none(),
      py::arg("season_length") = py::none(), py::arg("beta_rate") = py::none(),
      py::arg("bounds") = "usual", py::arg("initial") = "estimated",
      py::arg("likelihood") = "gaussian", py::arg("criterion") = "aicc",
      py::arg("alpha") = py::none(), py::arg("beta") = py::none(), py::arg("gamma") = py::none(),
      py::arg("phi") = py::none(), py::arg("keep") = defaults.keep);
}

}  // namespace emptor::bindings
