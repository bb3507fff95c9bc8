#include "customers/purchase_columns.hpp"

#include "customers/customers.hpp"

#include <pybind11/stl.h>

#include <cstdint>
#include <span>

namespace emptor::bindings {

PurchaseColumns::PurchaseColumns(const py::array& frequency, const py::array& recency,
                                 const py::array& T, const std::optional<py::array>& monetary_value,
                                 const std::optional<py::array>& log_gaps, const std::string& unit,
                                 std::optional<ResultColumns> customer,
                                 const std::optional<data::InputTable>& covariates)
    : frequency_(frequency), customer_(std::move(customer)) {
  if (customer_) customer_->columns();
  const auto keep = [&](const py::array& array) {
    held_.emplace_back(array);
    return std::span<const double>(held_.back().data(),
                                   static_cast<std::size_t>(held_.back().size()));
  };
  view_.frequency = {frequency_.data(), static_cast<std::size_t>(frequency_.size())};
  view_.recency = keep(recency);
  view_.T = keep(T);
  if (monetary_value) view_.monetary_value = keep(*monetary_value);
  if (log_gaps) view_.log_gaps = keep(*log_gaps);
  view_.unit = customers::parse_time_unit(unit);
  if (!covariates) return;
  for (const data::InputColumn& column : covariates->columns)
    covariates_.push_back(data::plain_column(column));
  for (const data::PlainColumn& column : covariates_)
    features_.push_back({column.name, column.number, column.code, column.values.get()});
  view_.covariates = features_;
}

void bind_purchase_columns(py::module_& m) {
  py::class_<PurchaseColumns>(m, "PurchaseColumns", "A summary of purchases on its way in.")
      .def(py::init<const py::array&, const py::array&, const py::array&,
                    const std::optional<py::array>&, const std::optional<py::array>&,
                    const std::string&, std::optional<ResultColumns>,
                    const std::optional<data::InputTable>&>(),
           py::arg("frequency"), py::arg("recency"), py::arg("T"), py::arg("monetary_value"),
           py::arg("log_gaps"), py::arg("unit"), py::arg("customer"),
           py::arg("covariates") = py::none())
      .def("__len__", [](const PurchaseColumns& self) { return self.view().size(); });
}

}  // namespace emptor::bindings
