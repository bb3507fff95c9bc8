#include "emptor/mining/bought_next.hpp"
#include "emptor/mining/bought_together.hpp"

#include "detail/analysis.hpp"

#include <pybind11/numpy.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace emptor::bindings {
namespace {

/// Whole numbers of an array of any integer type, as T. Arrays of T are looked at where they are.
template <typename T>
class Integers {
  using Array = py::array_t<T, py::array::c_style | py::array::forcecast>;

 public:
  Integers(const py::array& array, const char* name) {
    const char kind = array.dtype().kind();
    if ((kind != 'i' && kind != 'u') || array.ndim() != 1) {
      throw InvalidArgument(std::string("bought_together_in_baskets: ") + name +
                            " must be one row of whole numbers, found an array of " +
                            std::string(py::str(array.dtype())) + " with " +
                            std::to_string(array.ndim()) + " dimensions");
    }
    if (py::isinstance<Array>(array)) {
      array_ = Array(array);
      return;
    }
    const auto wide = py::array_t<std::int64_t, py::array::c_style | py::array::forcecast>(array);
    for (const std::int64_t x : std::span(wide.data(), static_cast<std::size_t>(wide.size()))) {
      if (x != static_cast<T>(x)) {
        throw InvalidArgument(std::string("bought_together_in_baskets: ") + name + " holds " +
                              std::to_string(x) + ", which is too large");
      }
    }
    array_ = Array(array);
  }
  [[nodiscard]] std::span<const T> view() const {
    return {array_.data(), static_cast<std::size_t>(array_.size())};
  }

 private:
  Array array_{};
};

void bind_bought_together(py::module_& m) {
  const mining::BoughtTogetherOptions defaults;
  analysis(
      m, "bought_together", doc::mining_bought_together,
      [](const Call& call, const data::Sales& sales, const std::optional<std::string>& item,
         const std::string& unit, bool goods_only, int min_count, double fdr, std::int64_t top,
         double level) {
        mining::BoughtTogetherOptions options;
        options.min_count = min_count;
        options.fdr = fdr;
        options.top = top;
        options.level = level;
        options.item = item.value_or("");
        options.unit = data::parse_basket_unit(unit);
        options.goods_only = goods_only;
        return frame(run(call, [&](const Context& context) {
          return mining::bought_together(sales, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("item") = py::none(), py::arg("unit") = "order",
      py::arg("goods_only") = defaults.goods_only, py::arg("min_count") = defaults.min_count,
      py::arg("fdr") = defaults.fdr, py::arg("top") = defaults.top,
      py::arg("level") = defaults.level);
  analysis(
      m, "bought_together_in_baskets", doc::mining_bought_together,
      [](const Call& call, const py::array& offset, const py::array& item,
         const std::optional<py::array>& customer, std::int32_t n_items, int min_count, double fdr,
         std::int64_t top, double level) {
        mining::BoughtTogetherOptions options;
        options.min_count = min_count;
        options.fdr = fdr;
        options.top = top;
        options.level = level;
        const Integers<std::int64_t> offsets(offset, "offset");
        const Integers<std::int32_t> items(item, "item");
        const Integers<std::int32_t> customers(customer.value_or(py::array_t<std::int32_t>(0)),
                                               "customer");
        const data::BasketsView view{offsets.view(), items.view(), customers.view(), n_items};
        return frame(run(call, [&](const Context& context) {
          return mining::bought_together(view, options, context);
        }));
      },
      py::arg("offset"), py::arg("item"), py::kw_only(), py::arg("customer") = py::none(),
      py::arg("n_items") = data::BasketsView{}.n_items, py::arg("min_count") = defaults.min_count,
      py::arg("fdr") = defaults.fdr, py::arg("top") = defaults.top,
      py::arg("level") = defaults.level);
}

/// Ids or names; integer ids are known by their digits.
std::vector<std::string> texts_of(const std::optional<std::vector<py::object>>& values) {
  std::vector<std::string> texts;
  if (values) {
    for (const auto& value : *values) texts.push_back(py::str(value));
  }
  return texts;
}

void bind_bought_next(py::module_& m) {
  const mining::BoughtNextOptions defaults;
  analysis(
      m, "bought_next", doc::mining_bought_next,
      [](const Call& call, const data::Sales& sales, const std::string& window,
         const std::optional<std::string>& washout, const std::optional<std::string>& item,
         const std::optional<std::vector<py::object>>& antecedents,
         const std::optional<std::vector<py::object>>& consequents,
         const std::optional<std::string>& by, int min_antecedent, int min_events,
         const std::string& evidence, double fdr, double likely_fdr, int watch, double level,
         double max_customer_share, double min_expected, const std::optional<std::string>& check,
         bool all_pairs, std::int64_t top, std::uint64_t seed) {
        mining::BoughtNextOptions options;
        options.window = data::parse_span(window, "window");
        options.washout = mining::parse_washout(washout.value_or(""));
        options.item = item.value_or("");
        options.antecedents = texts_of(antecedents);
        options.consequents = texts_of(consequents);
        options.by = by.value_or("");
        options.min_antecedent = min_antecedent;
        options.min_events = min_events;
        options.evidence = mining::parse_evidence(evidence);
        options.fdr = fdr;
        options.likely_fdr = likely_fdr;
        options.watch = watch;
        options.level = level;
        options.max_customer_share = max_customer_share;
        options.min_expected = min_expected;
        options.check = check.value_or("");
        options.all_pairs = all_pairs;
        options.top = top;
        options.seed = seed;
        return frame(run(call, [&](const Context& context) {
          return mining::bought_next(sales, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("window") = data::to_string(defaults.window),
      py::arg("washout") = py::none(), py::arg("item") = py::none(),
      py::arg("antecedents") = py::none(), py::arg("consequents") = py::none(),
      py::arg("by") = py::none(), py::arg("min_antecedent") = defaults.min_antecedent,
      py::arg("min_events") = defaults.min_events, py::arg("evidence") = "affinity",
      py::arg("fdr") = defaults.fdr, py::arg("likely_fdr") = defaults.likely_fdr,
      py::arg("watch") = defaults.watch, py::arg("level") = defaults.level,
      py::arg("max_customer_share") = defaults.max_customer_share,
      py::arg("min_expected") = defaults.min_expected, py::arg("check") = py::none(),
      py::arg("all_pairs") = defaults.all_pairs, py::arg("top") = defaults.top,
      py::arg("seed") = defaults.seed);
}

}  // namespace

void bind_mining(py::module_& core) {
  py::module_ m = submodule(core, "mining");
  bind_bought_together(m);
  bind_bought_next(m);
}

}  // namespace emptor::bindings
