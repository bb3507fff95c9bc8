#include "data/baskets.hpp"

#include "emptor/data/item_hierarchy.hpp"
#include "emptor/data/make_baskets.hpp"

#include "data/basket_arrays.hpp"
#include "data/basket_lists.hpp"
#include "detail/analysis.hpp"
#include "detail/input.hpp"
#include "detail/integers.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace emptor::bindings {
namespace {

using data::Baskets;

/// A read-only NumPy array over a vector that `base` keeps alive.
template <typename T>
py::array shared(const std::vector<T>& values, const py::object& base) {
  py::array array(py::dtype::of<T>(), std::vector<py::ssize_t>{py::ssize_t(values.size())},
                  std::vector<py::ssize_t>{py::ssize_t(sizeof(T))}, values.data(), base);
  array.attr("flags").attr("writeable") = false;
  return array;
}

Baskets of_lists(const Call& call, const py::object& lists) {
  BasketLists given(lists, call.threads);
  return run(call, [&](const Context& context) {
    if (given.is_small()) {
      return data::make_baskets(std::move(given.offset()), std::move(given.small()), context);
    }
    return data::make_baskets(given.offset(), given.item(), context);
  });
}

Baskets of_arrays(const Call& call, const py::array& offset, const py::array& item,
                  const std::optional<std::vector<std::string>>& names) {
  const Integers<std::int64_t> offsets(offset, "baskets", "offset");
  if (!names) {  // the numbers are the ids
    const Integers<std::int64_t> ids(item, "baskets", "item");
    return run(call, [&](const Context& context) {
      return data::make_baskets(offsets.view(), data::column("item", ids.view()), context);
    });
  }
  const Integers<std::int32_t> codes(item, "baskets", "item");
  std::string bytes;
  std::vector<std::int64_t> ends{0};
  for (const std::string& name : *names) {
    bytes += name;
    ends.push_back(static_cast<std::int64_t>(bytes.size()));
  }
  const auto items = Dictionary::from_texts(std::move(bytes), std::move(ends));
  return run(call, [&](const Context& context) {
    return data::make_baskets(offsets.view(), codes.view(), items, context);
  });
}

/// The same baskets with how often each counts and whose it is.
Baskets with(const Baskets& self, const std::optional<py::array>& weight,
             const std::optional<py::array>& customer) {
  Baskets result = self;
  const std::size_t n = self.view().size();
  const auto take = [n]<typename T>(const py::array& array, const char* name, std::vector<T>& to) {
    const Integers<T> given(array, "baskets", name);
    if (given.view().size() != n) {
      throw InvalidArgument(std::string("baskets: ") + name + " has " +
                            std::to_string(given.view().size()) + " entries for " +
                            std::to_string(n) + " baskets");
    }
    to.assign(given.view().begin(), given.view().end());
  };
  if (weight) take(*weight, "weight", result.weight);
  if (customer) take(*customer, "customer", result.customer);
  if (const auto bad = std::find_if(result.weight.begin(), result.weight.end(),
                                    [](std::int64_t w) { return w < 0; });
      bad != result.weight.end()) {
    throw InvalidArgument("baskets: weight " + std::to_string(*bad) + " of basket " +
                          std::to_string(bad - result.weight.begin()) + " is below 0");
  }
  return result;
}

Baskets with_ancestors(const Baskets& self, const std::vector<std::string>& item,
                       const std::vector<std::string>& parent) {
  return data::with_ancestors(self, {item, parent});
}

void bind_class(py::module_& m) {
  const auto array = [](auto member) {
    return [member](const py::object& self) {
      return shared(self.cast<const Baskets&>().*member, self);
    };
  };
  py::class_<Baskets>(m, "Baskets",
                      "Baskets in compressed-row form: basket b holds the distinct items "
                      "item[offset[b]:offset[b + 1]].")
      .def("__len__", [](const Baskets& self) { return self.view().size(); })
      .def("__repr__",
           [](const Baskets& self) {
             std::string text = "Baskets: " + std::to_string(self.view().size()) + " of " +
                                std::to_string(self.view().n_items) + " items, " +
                                std::to_string(self.item.size()) + " in all";
             if (self.repeated > 0) text += ", " + std::to_string(self.repeated) + " repeated";
             if (self.missing > 0) text += ", " + std::to_string(self.missing) + " missing";
             if (self.unbought > 0) {
               text += ", " + std::to_string(self.unbought) + " of the hierarchy in no basket";
             }
             return text;
           })
      .def_property_readonly("offset", array(&Baskets::offset))
      .def_property_readonly("item", array(&Baskets::item), "codes into item_names and item_ids")
      .def_property_readonly("parent", array(&Baskets::parent),
                             "per item the code of what it belongs to, -1 nothing; empty without a "
                             "hierarchy")
      .def_property_readonly("customer", array(&Baskets::customer), "codes, -1 unknown")
      .def_property_readonly("weight", array(&Baskets::weight),
                             "how many times each basket counts; empty: once")
      .def_property_readonly("day",
                             [](const py::object& self) {
                               const auto& day = self.cast<const Baskets&>().day;
                               return shared(day, self).attr("astype")("datetime64[D]");
                             })
      .def_property_readonly("item_names", [](const Baskets& self) { return self.item_names; })
      .def_property_readonly("item_ids",
                             [](const py::object& self) {
                               return ids_array(*self.cast<const Baskets&>().items, self);
                             })
      .def_readonly("level", &Baskets::level, "what an item is: product, or a product column")
      .def_readonly("repeated", &Baskets::repeated,
                    "entries that named an item of their basket again; it counts once")
      .def_readonly("missing", &Baskets::missing, "entries without an item or a basket")
      .def_property_readonly("coverage",
                             [](const Baskets& self) { return coverage_dict(self.coverage); })
      .def_readonly("unbought", &Baskets::unbought,
                    "rows of the hierarchy about nothing that is in a basket")
      .def("_with_ancestors", &with_ancestors, py::arg("item"), py::arg("parent"))
      .def("_with", &with, py::arg("weight"), py::arg("customer"));
}

}  // namespace

py::dict coverage_dict(const data::Coverage& coverage) {
  py::dict out;
  out["lines"] = coverage.lines;
  out["lines_used"] = coverage.lines_used;
  out["revenue"] = coverage.revenue;
  out["revenue_used"] = coverage.revenue_used;
  out["share"] = coverage.share();
  return out;
}

void bind_baskets(py::module_& m) {
  bind_class(m);
  bind_basket_arrays(m);
  analysis(m, "_baskets_of_lists", "Baskets of a sequence of sequences of ids.", &of_lists,
           py::arg("lists"));
  analysis(m, "_baskets_of_arrays",
           "Baskets in compressed-row form; items are ids, or codes into sorted names.", &of_arrays,
           py::arg("offset"), py::arg("item"), py::arg("names") = py::none());
  analysis(
      m, "_baskets_of_table", "Baskets of a long table, one row per item of a basket.",
      [](const Call& call, const data::InputTable& rows, const std::string& order,
         const std::string& item, const std::string& customer) {
        return run(call, [&](const Context& context) {
          return data::make_baskets(rows, data::BasketColumns{order, item, customer}, context);
        });
      },
      py::arg("rows"), py::kw_only(), py::arg("order") = "", py::arg("item") = "",
      py::arg("customer") = "");
  analysis(
      m, "_baskets_of_text", "Baskets of a text with a basket a line.",
      [](const Call& call, const std::string& text, const std::string& delimiter) {
        return run(call, [&](const Context& context) {
          return data::parse_baskets(text, delimiter.empty() ? '\0' : delimiter[0], context);
        });
      },
      py::arg("text"), py::kw_only(), py::arg("delimiter") = "");
}

}  // namespace emptor::bindings
