#include "emptor/data/baskets.hpp"
#include "emptor/data/orders_clean.hpp"
#include "emptor/data/sales.hpp"
#include "emptor/data/series.hpp"

#include "data/baskets.hpp"
#include "detail/analysis.hpp"
#include "detail/arrays.hpp"
#include "detail/input.hpp"
#include "detail/names.hpp"

#include <map>

namespace emptor::bindings {
namespace {

data::TimeZone time_zone(const std::string& name, std::vector<std::int64_t> utc,
                         std::vector<std::int64_t> offset) {
  return {name, std::move(utc), std::move(offset)};
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
  tables.contacts = table("contacts");
  tables.touchpoints = table("touchpoints");
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
    std::size_t lines = 0, orders = 0;
    run({}, [&](const Context&) {
      const data::Lines known = self.lines("repr");
      lines = known.size();
      // Not every id of the file is an order of a kept line known at the moment.
      std::vector<bool> seen(static_cast<std::size_t>(size(self.order_ids())), false);
      for (const std::int32_t order : known.order) {
        if (order < 0 || seen[static_cast<std::size_t>(order)]) continue;
        seen[static_cast<std::size_t>(order)] = true;
        ++orders;
      }
    });
    out["lines"] = lines;
    out["orders"] = orders;
  }
  out["customers"] = size(self.customers().ids);
  out["products"] = size(self.products().ids);
  out["campaigns"] = size(self.campaigns().ids);
  std::size_t contacts = 0, touchpoints = 0;
  run({}, [&](const Context&) {
    contacts = self.contacts().size();
    touchpoints = self.touchpoints().size();
  });
  out["contacts"] = contacts;
  out["touchpoints"] = touchpoints;
  return out;
}

/// Names of the columns one can group by, per table.
py::dict attributes(const data::Sales& self) {
  const auto names = [](const std::vector<data::Attribute>& all) {
    py::list list;
    for (const auto& attribute : all) list.append(attribute.name);
    return list;
  };
  py::dict out;
  if (self.has_orders()) out["orders"] = names(self.line_attributes());
  out["customers"] = names(self.customers().attributes);
  out["products"] = names(self.products().attributes);
  return out;
}

void bind_sales(py::module_& m) {
  using data::Sales;
  py::class_<Sales>(m, "Sales")
      .def(py::init<>())
      .def(py::init<const Sales&>(), py::arg("sales"))
      .def(
          "_become", [](Sales& self, const Sales& other) { self = other; }, py::arg("sales"))
      .def("_as_of", &Sales::as_of, py::arg("moment"))
      .def("_as_of_day", &Sales::as_of_day, py::arg("day"))
      .def_property_readonly("_moment", &Sales::moment)
      .def_property_readonly("_last_day", &Sales::last_day)
      .def_property_readonly("_first_day", &Sales::first_day)
      .def_property_readonly("_timezone", &Sales::timezone)
      .def_property_readonly("_has_orders", &Sales::has_orders)
      .def_property_readonly("_recognised", &recognised)
      .def_property_readonly("_sizes", &sizes)
      .def_property_readonly("attributes", &attributes,
                             "Names of the columns one can group by, per table.")
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

void bind_spans(py::module_& m) {
  m.def(
      "_subtract_span",
      [](data::Day day, const std::string& span, const std::string& argument) {
        return data::subtract(day, data::parse_span(span, argument));
      },
      py::arg("day"), py::arg("span"), py::arg("argument"));
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

/// What Sales offers as methods.
void bind_results(py::module_& m) {
  analysis(
      m, "orders_clean", doc::data_orders_clean,
      [](const Call& call, const data::Sales& sales) {
        return frame(run(call, [&](const Context&) { return data::orders_clean(sales); }));
      },
      py::arg("sales"));
  const data::BasketsOptions defaults;
  analysis(
      m, "baskets", doc::data_baskets,
      [](const Call& call, const data::Sales& sales, const std::string& unit,
         const std::string& item, bool goods_only, const Names& levels) {
        data::BasketsOptions options;
        options.unit = data::parse_basket_unit(unit);
        options.item = item;
        options.goods_only = goods_only;
        options.levels = texts_of(levels);
        return run(call, [&](const Context&) { return data::baskets(sales, options); });
      },
      py::arg("sales"), py::kw_only(), py::arg("unit") = "order", py::arg("item") = defaults.item,
      py::arg("goods_only") = defaults.goods_only, py::arg("levels") = py::none());
  m.def(
      "period_numbers",
      [](const Array<std::int32_t>& days, const std::string& period) {
        const auto numbers = data::period_numbers(view_of(days), data::parse_period(period));
        return py::array_t<std::int32_t>(static_cast<py::ssize_t>(numbers.size()), numbers.data());
      },
      py::arg("days"), py::arg("period"));
  m.def(
      "period_starts",
      [](const Array<std::int32_t>& numbers, const std::string& period) {
        const auto starts = data::period_starts(view_of(numbers), data::parse_period(period));
        return py::array_t<std::int32_t>(static_cast<py::ssize_t>(starts.size()), starts.data());
      },
      py::arg("numbers"), py::arg("period"));
  const data::SeriesOptions series_defaults;
  analysis(
      m, "series", doc::data_series,
      [](const Call& call, const data::Sales& sales, const std::string& period,
         const std::string& value, const std::string& by) {
        const data::SeriesOptions options{data::parse_period(period), by, value};
        return frame(run(call, [&](const Context&) { return data::series(sales, options); }));
      },
      py::arg("sales"), py::kw_only(), py::arg("period") = data::to_string(series_defaults.period),
      py::arg("value") = series_defaults.value, py::arg("by") = series_defaults.by);
}

}  // namespace

void bind_data(py::module_& core) {
  auto m = submodule(core, "data");
  bind_input(m);
  bind_time_zone(m);
  bind_sales(m);
  bind_make_sales(m);
  bind_spans(m);
  bind_baskets(m);
  bind_results(m);
}

}  // namespace emptor::bindings
