#include "emptor/mining/offers.hpp"

#include "detail/analysis.hpp"
#include "mining/mining.hpp"

#include <pybind11/stl/filesystem.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace emptor::bindings {
namespace {

using mining::Offer;
using mining::OfferTable;

/// Offers as the columns of a frame.
struct Offers {
  OfferTable table{};
  std::vector<std::int64_t> rank{};
  std::vector<std::int32_t> item{}, because{};
  std::vector<std::string> name{}, because_name{};
  std::vector<mining::OfferSource> source{};
  std::vector<double> probability{}, probability_low{}, value{}, score{};
  std::string by{};

  [[nodiscard]] std::vector<Column> columns() const {
    std::vector<Column> all;
    all.emplace_back("rank", rank, "1 is the best offer");
    all.emplace_back("item", item, table.items(), "id");
    all.emplace_back("item_name", name, "what people read");
    all.emplace_back("probability", probability, "that it is taken, by the reason alone");
    all.emplace_back("probability_low", probability_low, "its lower limit");
    all.emplace_back("value", value, "of the item, if it is taken");
    all.emplace_back("score", score, "probability_low times value");
    all.emplace_back("source", source, mining::offer_source_labels(),
                     "whether an item of the basket or of the customer speaks for it");
    all.push_back(Column("because", because, table.items(), "that item: id").hidden());
    all.emplace_back("because_name", because_name, "that item");
    return all;
  }
  [[nodiscard]] std::vector<Scalar> info() const {
    return {{"value", by, "what offers are ranked by"},
            {"n_items", static_cast<std::int64_t>(table.items().size()), "items of the table"}};
  }
};

Offers recommend(const OfferTable& table, const std::vector<py::object>& basket,
                 const py::object& customer, std::int64_t top,
                 const std::optional<std::string>& value) {
  if (top < 1)
    throw InvalidArgument("recommend: top is " + std::to_string(top) + "; write 1 or more");
  const auto by = mining::parse_offer_value(value.value_or("none"));
  if (by == mining::OfferValue::margin && !table.has_margins()) {
    throw DataError(
        "recommend: the table has no margins; give margins={id: margin} to offer_table");
  }
  std::vector<std::int32_t> codes;
  for (const auto& id : basket) codes.push_back(table.find(std::string(py::str(id))));
  const std::int32_t who =
      customer.is_none() ? -1 : table.customers().find(std::string(py::str(customer)));
  std::vector<Offer> found(
      static_cast<std::size_t>(std::min<std::int64_t>(top, std::max(1, table.items().size()))));
  found.resize(table.recommend(codes, found, by, who));
  Offers out{.table = table, .by = value.value_or("none")};
  for (const Offer& one : found) {
    out.rank.push_back(static_cast<std::int64_t>(out.rank.size()) + 1);
    out.item.push_back(one.item);
    out.because.push_back(one.because);
    out.name.emplace_back(table.name(one.item));
    out.because_name.emplace_back(table.name(one.because));
    out.source.push_back(one.source);
    out.probability.push_back(one.probability);
    out.probability_low.push_back(one.probability_low);
    out.value.push_back(one.value);
    out.score.push_back(one.score);
  }
  return out;
}

void bind_table(py::module_& m) {
  py::class_<OfferTable>(
      m, "OfferTable",
      "Complementary offers for a live basket: made once, then looked up by any number of threads. "
      "Immutable. Saved files and pickles are versioned and checksummed.")
      .def(
          "to_bytes", [](const OfferTable& self) { return py::bytes(self.to_bytes()); },
          "Versioned, checksummed bytes, the same on every machine.")
      .def_static(
          "from_bytes",
          [](const py::bytes& bytes) { return OfferTable::from_bytes(std::string(bytes)); },
          py::arg("bytes"), "The table behind bytes. Damaged or foreign ones are a FormatError.")
      .def(
          "save",
          [](const OfferTable& self, const std::filesystem::path& path) {
            self.save(path.string());
          },
          py::arg("path"), "Replaces the file in one step.")
      .def_static(
          "load", [](const std::filesystem::path& path) { return OfferTable::load(path.string()); },
          py::arg("path"), "The table of a saved file.")
      .def_property_readonly("n_items", [](const OfferTable& self) { return self.items().size(); })
      .def_property_readonly("n_customers",
                             [](const OfferTable& self) { return self.customers().size(); })
      .def_property_readonly("pairs", &OfferTable::pairs)
      .def_property_readonly("customer_pairs", &OfferTable::customer_pairs)
      .def_property_readonly("has_margins", &OfferTable::has_margins)
      .def("__repr__",
           [](const OfferTable& self) {
             return "OfferTable: " + std::to_string(self.items().size()) + " items, " +
                    std::to_string(self.pairs()) + " pairs, " +
                    std::to_string(self.customer_pairs()) + " offers of customers";
           })
      .def(py::pickle(
          [](const OfferTable& self) { return py::bytes(self.to_bytes()); },
          [](const py::bytes& bytes) { return OfferTable::from_bytes(std::string(bytes)); }));
}

}  // namespace

void bind_offers(py::module_& m) {
  bind_table(m);
  const mining::OfferTableOptions defaults;
  analysis(
      m, "offer_table", doc::mining_offer_table,
      [](const Call& call, const data::Sales& sales, int neighbors, int min_count, double fdr,
         double level, const std::optional<std::string>& item, bool same_family,
         const std::optional<std::string>& window, const std::optional<py::dict>& margins) {
        mining::OfferTableOptions options;
        options.neighbors = neighbors;
        options.min_count = min_count;
        options.fdr = fdr;
        options.level = level;
        options.item = item.value_or("");
        options.same_family = same_family;
        if (window) options.window = data::parse_span(*window, "window");
        if (margins) {
          for (const auto& [id, margin] : *margins)
            options.margins.emplace_back(py::str(id), margin.cast<double>());
        }
        return run(call, [&](const Context& context) {
          return mining::offer_table(sales, options, context);
        });
      },
      py::arg("sales"), py::kw_only(), py::arg("neighbors") = defaults.neighbors,
      py::arg("min_count") = defaults.min_count, py::arg("fdr") = defaults.fdr,
      py::arg("level") = defaults.level, py::arg("item") = py::none(),
      py::arg("same_family") = defaults.same_family, py::arg("window") = py::none(),
      py::arg("margins") = py::none());
  m.def(
      "recommend",
      [](const OfferTable& table, const std::vector<py::object>& basket, const py::object& customer,
         std::int64_t top, const std::optional<std::string>& value) {
        return frame(recommend(table, basket, customer, top, value));
      },
      "The best offers for a basket, best first.\n\n"
      "An item stands by its strongest single reason: an item of the basket, or one the customer "
      "bought lately, whose lower limit is largest; value=\"amount\" or \"margin\" ranks by that "
      "limit times what the item is worth. Items of the basket are not offered; a customer the "
      "table does not know is offered what anybody is.",
      py::arg("table"), py::kw_only(), py::arg("basket"), py::arg("customer") = py::none(),
      py::arg("top") = 5, py::arg("value") = py::none());
}

}  // namespace emptor::bindings
