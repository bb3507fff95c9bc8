#include "emptor/customers/nps.hpp"

#include "customers/customers.hpp"
#include "detail/analysis.hpp"
#include "detail/arrays.hpp"

namespace emptor::bindings {

void bind_nps(py::module_& m) {
  const customers::NpsOptions defaults;
  analysis(
      m, "nps", doc::customers_nps,
      [](const Call& call, const Array<double>& score,
         const std::optional<Array<std::int32_t>>& group, const Ids& groups,
         const std::string& compare, double level) {
        const customers::NpsView view{view_of(score), view_of(group), dictionary(groups)};
        const customers::NpsOptions options{customers::parse_nps_compare(compare), level};
        return frame(run(
            call, [&](const Context& context) { return customers::nps(view, options, context); }));
      },
      py::arg("score"), py::kw_only(), py::arg("group") = py::none(),
      py::arg("groups") = py::none(), py::arg("compare") = "none",
      py::arg("level") = defaults.level);
}

}  // namespace emptor::bindings
