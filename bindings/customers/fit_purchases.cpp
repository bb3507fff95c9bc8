#include "emptor/customers/fit_purchases.hpp"

#include "customers/customers.hpp"
#include "customers/purchase_columns.hpp"
#include "detail/analysis.hpp"

#include <map>
#include <string>
#include <vector>

namespace emptor::bindings {
namespace {

using customers::PurchaseFit;

void bind_fit(py::module_& m) {
  py::class_<PurchaseFit>(m, "PurchaseFit", "A fitted purchase model.")
      .def("table", [](const PurchaseFit& self) { return frame(PurchaseFit(self)); })
      .def("to_bytes", [](const PurchaseFit& self) { return py::bytes(self.to_bytes()); })
      .def_static(
          "from_bytes",
          [](const py::bytes& bytes) { return customers::purchase_fit_from(std::string(bytes)); },
          py::arg("bytes"))
      .def_property_readonly("covariates",
                             [](const PurchaseFit& self) {
                               std::vector<std::string> names;
                               for (const auto& one : self.covariates) names.push_back(one.name);
                               return names;
                             })
      .def_property_readonly("log_covariance", [](const PurchaseFit& self) {
        const auto p = static_cast<py::ssize_t>(self.value_column.size());
        py::array_t<double> out({p, p});
        std::copy(self.log_covariance.begin(), self.log_covariance.end(), out.mutable_data());
        return out;
      });
}

}  // namespace

void bind_fit_purchases(py::module_& m) {
  bind_fit(m);
  const customers::FitPurchasesOptions defaults;
  analysis(
      m, "fit_purchases", doc::customers_fit_purchases,
      [](const Call& call, const PurchaseColumns& summary, const std::string& model, int k,
         double level, int max_iterations,
         const std::map<std::string, std::vector<std::string>>& covariates) {
        customers::FitPurchasesOptions options;
        options.model = customers::parse_purchase_model(model);
        options.k = k;
        options.level = level;
        options.max_iterations = max_iterations;
        for (const auto& [role, names] : covariates)
          options.covariates.of(customers::parse_covariate_role(role)) = names;
        return run(call, [&](const Context& context) {
          return customers::fit_purchases(summary.view(), options, context);
        });
      },
      py::arg("summary"), py::kw_only(),
      py::arg("model") = std::string(customers::to_string(defaults.model)),
      py::arg("k") = defaults.k, py::arg("level") = defaults.level,
      py::arg("max_iterations") = defaults.max_iterations,
      py::arg("covariates") = std::map<std::string, std::vector<std::string>>{});
  m.def(
      "purchase_fit",
      [](const std::string& model, const std::vector<double>& parameters, const std::string& unit,
         int k) {
        return customers::purchase_fit(customers::parse_purchase_model(model), parameters,
                                       customers::parse_time_unit(unit), k);
      },
      doc::customers_purchase_fit, py::arg("model"), py::arg("parameters"), py::kw_only(),
      py::arg("unit"), py::arg("k") = 1);
}

}  // namespace emptor::bindings
