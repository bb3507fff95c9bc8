#include "emptor/customers/fit_bgbb.hpp"

#include "customers/bgbb_columns.hpp"
#include "customers/customers.hpp"
#include "detail/analysis.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace emptor::bindings {

using customers::BgbbFit;

void bind_fit_bgbb(py::module_& m) {
  py::class_<BgbbFit>(m, "BgbbFit", "A fitted BG/BB model.")
      .def("table", [](const BgbbFit& self) { return frame(BgbbFit(self)); })
      .def("to_bytes", [](const BgbbFit& self) { return py::bytes(self.to_bytes()); })
      .def_static(
          "from_bytes",
          [](const py::bytes& bytes) { return customers::bgbb_fit_from(std::string(bytes)); },
          py::arg("bytes"))
      .def_property_readonly("log_covariance", [](const BgbbFit& self) {
        py::array_t<double> out({py::ssize_t{4}, py::ssize_t{4}});
        std::copy(self.log_covariance.begin(), self.log_covariance.end(), out.mutable_data());
        return out;
      });
  const customers::FitBgbbOptions defaults;
  analysis(
      m, "fit_bgbb", doc::customers_fit_bgbb,
      [](const Call& call, const Array<std::int64_t>& frequency, const Array<std::int64_t>& recency,
         const Array<std::int64_t>& occasions, const std::optional<Array<std::int64_t>>& count,
         double level, int max_iterations) {
        const auto view = bgbb_view(frequency, recency, occasions, count);
        return run(call, [&](const Context& context) {
          return customers::fit_bgbb(view, {level, max_iterations}, context);
        });
      },
      py::arg("frequency"), py::arg("recency"), py::arg("occasions"), py::kw_only(),
      py::arg("count") = py::none(), py::arg("level") = defaults.level,
      py::arg("max_iterations") = defaults.max_iterations);
  m.def(
      "bgbb_fit",
      [](const std::vector<double>& parameters) { return customers::bgbb_fit(parameters); },
      doc::customers_bgbb_fit, py::arg("parameters"));
}

}  // namespace emptor::bindings
