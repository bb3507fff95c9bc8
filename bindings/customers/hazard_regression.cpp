#include "emptor/learn/hazard_regression.hpp"

#include "emptor/core/error.hpp"
#include "emptor/data/plain_columns.hpp"

#include "customers/customers.hpp"
#include "detail/analysis.hpp"
#include "detail/arrays.hpp"
#include "docs/learn/hazard_regression.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace emptor::bindings {
namespace {

using learn::HazardModel;
using Model = std::shared_ptr<HazardModel>;

/// The columns of a table as features; those the fit had as categories are read as such.
struct Covariates {
  std::vector<data::PlainColumn> columns{};
  Covariates(const data::InputTable& table, const std::vector<learn::FeatureInfo>& fitted,
             const Context& context) {
    for (const data::InputColumn& column : table.columns) {
      bool category = false;
      for (const learn::FeatureInfo& info : fitted)
        category = category || (info.name == column.name && info.category);
      columns.push_back(data::plain_column(
          column, category ? data::ReadAs::category : data::ReadAs::either, context));
    }
  }
  [[nodiscard]] std::vector<learn::Feature> features() const {
    std::vector<learn::Feature> result;
    for (const data::PlainColumn& column : columns)
      result.push_back({column.name, column.number, column.code, column.values.get()});
    return result;
  }
};

}  // namespace

void bind_hazard_regression(py::module_& m) {
  py::class_<HazardModel, Model>(m, "HazardModel", "A fitted discrete-time hazard model.")
      .def("to_bytes", [](const HazardModel& self) { return py::bytes(self.to_bytes()); })
      .def_static(
          "from_bytes",
          [](const py::bytes& bytes) {
            return std::make_shared<HazardModel>(learn::hazard_model_from(std::string(bytes)));
          },
          py::arg("bytes"))
      .def("periods",
           [](const Model& self) { return make_frame(self, self->columns(), self->info()); })
      .def("terms",
           [](const Model& self) { return make_frame(self, self->term_columns(), self->info()); });
  const learn::HazardOptions d;
  analysis(
      m, "hazard_regression", doc::learn_hazard_regression,
      [](const Call& call, const Array<double>& duration, const Array<std::int32_t>& event,
         const data::InputTable& covariates, const std::optional<Array<double>>& entry,
         double period, const std::string& link, double penalty, double smoothness, double level,
         int max_periods) {
        learn::HazardOptions options;
        options.period = period;
        options.link = learn::parse_hazard_link(link);
        options.penalty = penalty;
        options.smoothness = smoothness;
        options.level = level;
        options.max_periods = max_periods;
        learn::SurvivalView view;
        view.duration = view_of(duration);
        view.event = view_of(event);
        view.entry = view_of(entry);
        return run(call, [&](const Context& context) {
          const Covariates given(covariates, {}, context);
          return std::make_shared<HazardModel>(
              learn::hazard_regression(view, given.features(), options, context));
        });
      },
      py::arg("duration"), py::arg("event"), py::arg("covariates"), py::kw_only(),
      py::arg("entry") = py::none(), py::arg("period") = d.period,
      py::arg("link") = std::string(learn::hazard_link_labels()[static_cast<std::size_t>(d.link)]),
      py::arg("penalty") = d.penalty, py::arg("smoothness") = d.smoothness,
      py::arg("level") = d.level, py::arg("max_periods") = d.max_periods);
  analysis(
      m, "hazard_survival", doc::learn_hazard_survival,
      [](const Call& call, const HazardModel& model, const data::InputTable& covariates) {
        return frame(run(call, [&](const Context& context) {
          const Covariates given(covariates, model.features, context);
          return learn::hazard_survival(model, given.features(), context);
        }));
      },
      py::arg("model"), py::arg("covariates"), py::kw_only());
}

}  // namespace emptor::bindings
