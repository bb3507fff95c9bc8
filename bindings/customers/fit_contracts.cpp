#include "emptor/customers/fit_contracts.hpp"

#include "customers/customers.hpp"
#include "detail/analysis.hpp"
#include "detail/arrays.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace emptor::bindings {

using customers::ContractFit;

void bind_fit_contracts(py::module_& m) {
  py::class_<ContractFit>(m, "ContractFit", "A fitted model of contracts.")
      .def("table", [](const ContractFit& self) { return frame(ContractFit(self)); })
      .def("to_bytes", [](const ContractFit& self) { return py::bytes(self.to_bytes()); })
      .def_static(
          "from_bytes",
          [](const py::bytes& bytes) { return customers::contract_fit_from(std::string(bytes)); },
          py::arg("bytes"))
      .def_property_readonly("log_covariance", [](const ContractFit& self) {
        const auto p = static_cast<py::ssize_t>(self.parameters.size());
        py::array_t<double> out({p, p});
        std::copy(self.log_covariance.begin(), self.log_covariance.end(), out.mutable_data());
        return out;
      });
  const customers::FitContractsOptions defaults;
  const auto options_of = [](const std::string& model, const std::string& period, double level,
                             int max_iterations) {
    customers::FitContractsOptions options;
    options.model = customers::parse_contract_model(model);
    options.period = data::parse_span(period, "period");
    options.level = level;
    options.max_iterations = max_iterations;
    return options;
  };
  analysis(
      m, "fit_contracts", doc::customers_fit_contracts,
      [options_of](const Call& call, const Array<std::int64_t>& tenure,
                   const Array<std::uint8_t>& lost, const std::optional<Array<std::int64_t>>& count,
                   const std::string& model, const std::string& period, double level,
                   int max_iterations) {
        const auto options = options_of(model, period, level, max_iterations);
        const customers::ContractView view{view_of(tenure), view_of(lost), view_of(count)};
        return run(call, [&](const Context& context) {
          return customers::fit_contracts(view, options, context);
        });
      },
      py::arg("tenure"), py::arg("lost"), py::kw_only(), py::arg("count") = py::none(),
      py::arg("model") = std::string(customers::to_string(defaults.model)),
      py::arg("period") = data::to_string(defaults.period), py::arg("level") = defaults.level,
      py::arg("max_iterations") = defaults.max_iterations);
  analysis(
      m, "fit_cohort", doc::customers_fit_contracts,
      [options_of](const Call& call, const Array<std::int64_t>& survivors, const std::string& model,
                   const std::string& period, double level, int max_iterations) {
        const auto options = options_of(model, period, level, max_iterations);
        const auto rows = customers::cohort_rows(view_of(survivors));
        return run(call, [&](const Context& context) {
          return customers::fit_contracts(rows.view(), options, context);
        });
      },
      py::arg("survivors"), py::kw_only(),
      py::arg("model") = std::string(customers::to_string(defaults.model)),
      py::arg("period") = data::to_string(defaults.period), py::arg("level") = defaults.level,
      py::arg("max_iterations") = defaults.max_iterations);
  m.def(
      "contract_fit",
      [](const std::string& model, const std::vector<double>& parameters,
         const std::string& period) {
        return customers::contract_fit(customers::parse_contract_model(model), parameters,
                                       data::parse_span(period, "period"));
      },
      doc::customers_contract_fit, py::arg("model"), py::arg("parameters"), py::kw_only(),
      py::arg("period") = data::to_string(defaults.period));
}

}  // namespace emptor::bindings
