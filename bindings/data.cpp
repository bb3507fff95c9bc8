#include "emptor/data/sales.hpp"

#include "detail/analysis.hpp"
#include "detail/input.hpp"

#include <map>

namespace emptor::bindings {
namespace {

data::TimeZone time_zone(const std::string& name, std::vector<std::int64_t> utc,
                         std::vector<std::int64_t> offset) {
  return {name, std::move(utc), std::move(offset)};
}

py::dict coverage_dict(const data::Coverage& coverage) {
  py::dict out;
  out["lines"] = coverage.lines;
  out["lines_used"] = coverage.lines_used;
  out["revenue"] = coverage.revenue;
  out["revenue_used"] = coverage.revenue_used;
  out["share"] = coverage.share();
  return out;
}

void bind_time_zone(py::module_& m) {
  py::class_<data::TimeZone>(m, "TimeZone", "A zone as its table of changes, in microseconds.")
      .def(py::init(&time_zone), py::arg("name"), py::arg("utc"), py::arg("offset"))
      .def_readonly("name", &data::TimeZone::name)
      .def("to_local", &data::TimeZone::to_local, py::arg("utc"))
      .def(
          "to_utc",
          [](const data::TimeZone& self, std::int64_t local) { return self.to_utc(local); },
          py::arg("local"));
}

data::Sales make_sales(const Call& call, const std::map<std::string, data::InputTable>& given,
                       const std::vector<std::pair<std::string, std::string>>& columns,
                       const std::string& currency, const data::TimeZone& timezone,
                       const std::optional<data::TimeZone>& source_timezone,
                       const std::string& date_format, const std::string& amount_is,
                       const std::string& discount_is, const std::string& decimal,
                       const std::string& exclude_products) {
  data::Tables tables;
  const auto table = [&](const char* name) {
    const auto found = given.find(name);
    return found == given.end() ? std::nullopt : std::optional(found->second);
  };
  tables.orders = table("orders");
  tables.customers = table("customers");
  tables.products = table("products");
  tables.campaigns = table("campaigns");
  data::SalesOptions options;
  options.columns = columns;
  options.currency = currency;
  options.timezone = timezone;
  options.source_timezone = source_timezone;
  options.date_format = date_format;
  options.amount_is = amount_is;
  options.discount_is = discount_is;
  if (decimal.size() > 1)
    throw InvalidArgument("decimal must be '.' or ',', got '" + decimal + "'");
  options.decimal = decimal.empty() ? '\0' : decimal.front();
  options.exclude_products = exclude_products;
  return run(call, [&](const Context& context) { return data::Sales(tables, options, context); });
}

py::list recognised(const data::Sales& self) {
  py::list out;
  for (const auto& one : self.recognised()) {
    out.append(py::make_tuple(one.table, one.column, one.source, one.as));
  }
  return out;
}

/// How many there are of each thing a Sales holds.
py::dict sizes(const data::Sales& self) {
  const auto size = [](const auto& ids) { return ids ? ids->size() : 0; };
  py::dict out;
  if (self.has_orders()) {
    out["lines"] = run({}, [&](const Context&) { return self.lines("repr").size(); });
    out["orders"] = size(self.order_ids());
  }
  out["customers"] = size(self.customers().ids);
  out["products"] = size(self.products().ids);
  out["campaigns"] = size(self.campaigns().ids);
  return out;
}

void bind_sales(py::module_& m) {
  using data::Sales;
  py::class_<Sales>(m, "Sales")
      .def(py::init<const Sales&>(), py::arg("sales"))
      .def("_as_of", &Sales::as_of, py::arg("moment"))
      .def("_as_of_day", &Sales::as_of_day, py::arg("day"))
      .def_property_readonly("_moment", &Sales::moment)
      .def_property_readonly("_last_day", &Sales::last_day)
      .def_property_readonly("_first_day", &Sales::first_day)
      .def_property_readonly("_timezone", &Sales::timezone)
      .def_property_readonly("_has_orders", &Sales::has_orders)
      .def_property_readonly("_recognised", &recognised)
      .def_property_readonly("_sizes", &sizes)
      .def_property_readonly("currency", &Sales::currency, "Three letters, or empty.")
      .def_property_readonly("amount_rule", &Sales::amount_rule,
                             "How the amount of a line was formed, in words.")
      .def("_customer_coverage",
           [](const Sales& self) { return coverage_dict(self.customer_coverage()); })
      .def("_behaviour_coverage",
           [](const Sales& self) { return coverage_dict(self.behaviour_coverage()); })
      .def(
          "quality",
          [](const Sales& self) {
            return frame(run({}, [&](const Context&) { return self.quality(); }));
          },
          "What was found in the data: rows rejected, repaired and suspicious, with their lines "
          "and reasons.");
}

void bind_make_sales(py::module_& m) {
  const data::SalesOptions defaults;
  analysis(m, "_sales", "", &make_sales, py::arg("tables"), py::kw_only(),
           py::arg("columns") = defaults.columns, py::arg("currency") = defaults.currency,
           py::arg("timezone"), py::arg("source_timezone") = py::none(),
           py::arg("date_format") = defaults.date_format, py::arg("amount_is") = defaults.amount_is,
           py::arg("discount_is") = defaults.discount_is, py::arg("decimal") = "",
           py::arg("exclude_products") = defaults.exclude_products);
}

}  // namespace

void bind_data(py::module_& core) {
  auto m = submodule(core, "data");
  bind_input(m);
  bind_time_zone(m);
  bind_sales(m);
  bind_make_sales(m);
}

}  // namespace emptor::bindings
