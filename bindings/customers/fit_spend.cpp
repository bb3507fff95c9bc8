#include "emptor/customers/fit_spend.hpp"

#include "customers/customers.hpp"
#include "detail/analysis.hpp"
#include "detail/arrays.hpp"

#include <algorithm>

namespace emptor::bindings {

using customers::SpendFit;

void bind_fit_spend(py::module_& m) {
  py::class_<SpendFit>(m, "SpendFit", "A fitted model of spend.")
      .def_readonly("p", &SpendFit::p)
      .def_readonly("q", &SpendFit::q)
      .def_readonly("v", &SpendFit::v)
      .def("table", [](const SpendFit& self) { return frame(SpendFit(self)); })
      .def("to_bytes", [](const SpendFit& self) { return py::bytes(self.to_bytes()); })
      .def_static(
          "from_bytes",
          [](const py::bytes& bytes) { return customers::spend_fit_from(std::string(bytes)); },
          py::arg("bytes"))
      .def_property_readonly("log_covariance", [](const SpendFit& self) {
        py::array_t<double> out({py::ssize_t{3}, py::ssize_t{3}});
        std::copy(self.log_covariance.begin(), self.log_covariance.end(), out.mutable_data());
        return out;
      });
  const customers::FitSpendOptions defaults;
  analysis(
      m, "fit_spend", doc::customers_fit_spend,
      [](const Call& call, const Array<std::int64_t>& frequency,
         const Array<double>& monetary_value, double level, int max_iterations) {
        const customers::SpendView view{view_of(frequency), view_of(monetary_value)};
        return run(call, [&](const Context& context) {
          return customers::fit_spend(view, {level, max_iterations}, context);
        });
      },
      py::arg("frequency"), py::arg("monetary_value"), py::kw_only(),
      py::arg("level") = defaults.level, py::arg("max_iterations") = defaults.max_iterations);
  m.def("spend_fit", &customers::spend_fit, doc::customers_spend_fit, py::arg("p"), py::arg("q"),
        py::arg("v"));
}

}  // namespace emptor::bindings
