#include "emptor/customers/churn.hpp"

#include "customers/back_end.hpp"
#include "customers/customers.hpp"
#include "detail/analysis.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace emptor::bindings {
namespace {

using customers::ChurnFit;
using customers::ChurnOptions;
using Fit = std::shared_ptr<const ChurnFit>;

/// A part of a fit as a frame.
template <typename Part>
FrameObject part_of(const Fit& fit, const Part& part) {
  return make_frame(fit, part.columns(), part.info());
}

/// What both kinds of data share.
struct Common {
  std::string model{};
  py::object back_end{};
  std::string calibration{};
  int folds = 0;
  double level = 0;
  std::uint64_t seed = 0;
  int max_pairs = 0;
  double penalty = 0;
  std::vector<std::pair<std::string, int>> monotone{};
  std::string value{};
  double customer_value = 0, incentive_cost = 0, contact_cost = 0;

  [[nodiscard]] ChurnOptions options() const {
    ChurnOptions options;
    options.back_end = back_end_of(back_end);
    options.model =
        options.back_end ? learn::ClassifierKind::back_end : learn::parse_classifier(model);
    options.calibration = learn::parse_calibration(calibration);
    options.folds = folds;
    options.level = level;
    options.seed = seed;
    options.max_pairs = max_pairs;
    options.penalty = penalty;
    options.monotone = monotone;
    options.value = value;
    options.customer_value = customer_value;
    options.incentive_cost = incentive_cost;
    options.contact_cost = contact_cost;
    return options;
  }
};

void bind_fit(py::module_& m) {
  py::class_<ChurnFit, std::shared_ptr<ChurnFit>>(m, "ChurnFit", "A fitted churn model.")
      .def_readonly("of_sales", &ChurnFit::of_sales)
      .def_property_readonly("target", [](const ChurnFit& self) { return self.options.target; })
      .def("to_bytes", [](const ChurnFit& self) { return py::bytes(self.to_bytes()); })
      .def_static(
          "from_bytes",
          [](const py::bytes& bytes) {
            return std::make_shared<ChurnFit>(customers::churn_fit_from(std::string(bytes)));
          },
          py::arg("bytes"))
      .def("metrics",
           [](const std::shared_ptr<ChurnFit>& self) {
             return part_of(self, self->classifier.metrics);
           })
      .def("reliability",
           [](const std::shared_ptr<ChurnFit>& self) {
             return part_of(self, self->classifier.reliability);
           })
      .def("lift",
           [](const std::shared_ptr<ChurnFit>& self) {
             return part_of(self, self->classifier.lift);
           })
      .def("terms",
           [](const std::shared_ptr<ChurnFit>& self) {
             const learn::Classifier& c = self->classifier;
             if (c.model == learn::ClassifierKind::additive) return part_of(self, c.additive);
             if (c.model == learn::ClassifierKind::logistic) return part_of(self, c.logistic);
             return part_of(self, c.other);
           })
      .def_property_readonly("back_end",
                             [](const ChurnFit& self) { return self.classifier.other.name; })
      .def(
          "set_back_end",
          [](ChurnFit& self, const py::object& back_end) {
            self.classifier.other.back_end = back_end_of(back_end);
          },
          py::arg("back_end"))
      .def("snapshots", [](const std::shared_ptr<ChurnFit>& self) { return part_of(self, *self); })
      .def(
          "term",
          [](const ChurnFit& self, const std::string& column) {
            return frame(customers::churn_term(self, column));
          },
          py::arg("column"));
}

}  // namespace

void bind_churn(py::module_& m) {
  bind_fit(m);
  const ChurnOptions d;
  const auto model = std::string(learn::classifier_labels()[static_cast<std::size_t>(d.model)]);
  const auto calibration =
      std::string(learn::calibration_labels()[static_cast<std::size_t>(d.calibration)]);
  // The options both share come last, in the order of Common.
  const auto bound = [&](const char* name, auto compute, auto... own) {
    analysis(m, name, doc::customers_churn, compute, own..., py::arg("model") = model,
             py::arg("back_end") = py::none(), py::arg("calibration") = calibration,
             py::arg("folds") = d.folds, py::arg("level") = d.level, py::arg("seed") = d.seed,
             py::arg("max_pairs") = d.max_pairs, py::arg("penalty") = d.penalty,
             py::arg("monotone") = d.monotone, py::arg("value") = d.value,
             py::arg("customer_value") = d.customer_value,
             py::arg("incentive_cost") = d.incentive_cost,
             py::arg("contact_cost") = d.contact_cost);
  };
  bound(
      "churn",
      [](const Call& call, const data::Sales& sales, const std::string& horizon,
         const std::string& step, int max_snapshots, const std::string& kind,
         const py::object& back_end, const std::string& calibrated, int folds, double level,
         std::uint64_t seed, int max_pairs, double penalty,
         const std::vector<std::pair<std::string, int>>& monotone, const std::string& value,
         double customer_value, double incentive_cost, double contact_cost) {
        ChurnOptions options = Common{kind,           back_end,       calibrated,  folds,    level,
                                      seed,           max_pairs,      penalty,     monotone, value,
                                      customer_value, incentive_cost, contact_cost}
                                   .options();
        options.horizon = data::parse_span(horizon, "horizon");
        options.step = data::parse_span(step, "step");
        options.max_snapshots = max_snapshots;
        return run(call, [&](const Context& context) {
          return std::make_shared<ChurnFit>(customers::churn(sales, options, context));
        });
      },
      py::arg("sales"), py::kw_only(), py::arg("horizon") = data::to_string(d.horizon),
      py::arg("step") = data::to_string(d.step), py::arg("max_snapshots") = d.max_snapshots);
  bound(
      "churn_table",
      [](const Call& call, const data::InputTable& table, const std::string& target,
         const std::string& event, const std::string& id, const std::vector<std::string>& exclude,
         const std::string& kind, const py::object& back_end, const std::string& calibrated,
         int folds, double level, std::uint64_t seed, int max_pairs, double penalty,
         const std::vector<std::pair<std::string, int>>& monotone, const std::string& value,
         double customer_value, double incentive_cost, double contact_cost) {
        ChurnOptions options = Common{kind,           back_end,       calibrated,  folds,    level,
                                      seed,           max_pairs,      penalty,     monotone, value,
                                      customer_value, incentive_cost, contact_cost}
                                   .options();
        options.target = target;
        options.event = event;
        options.id = id;
        options.exclude = exclude;
        return run(call, [&](const Context& context) {
          return std::make_shared<ChurnFit>(customers::churn(table, options, context));
        });
      },
      py::arg("table"), py::kw_only(), py::arg("target") = d.target, py::arg("event") = d.event,
      py::arg("id") = d.id, py::arg("exclude") = d.exclude);
  const auto scores = [&](const char* name, auto of) {
    using Data = decltype(of);
    analysis(
        m, name, doc::customers_churn_scores,
        [](const Call& call, const ChurnFit& fit, const std::remove_pointer_t<Data>& given) {
          return frame(run(call, [&](const Context& context) {
            return customers::churn_scores(fit, given, context);
          }));
        },
        py::arg("fit"), py::arg("data"), py::kw_only());
  };
  scores("churn_scores", static_cast<data::Sales*>(nullptr));
  scores("churn_scores_table", static_cast<data::InputTable*>(nullptr));
}

}  // namespace emptor::bindings
