#include "emptor/mining/bought_together.hpp"

#include "detail/analysis.hpp"

#include <pybind11/numpy.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace emptor::bindings {
namespace {

template <typename T>
using Array = py::array_t<T, py::array::c_style | py::array::forcecast>;

template <typename T>
std::span<const T> view_of(const Array<T>& array) {
  return {array.data(), static_cast<std::size_t>(array.size())};
}

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
      [](const Call& call, const Array<std::int64_t>& offset, const Array<std::int32_t>& item,
         const std::optional<Array<std::int32_t>>& customer, std::int32_t n_items, int min_count,
         double fdr, std::int64_t top, double level) {
        mining::BoughtTogetherOptions options;
        options.min_count = min_count;
        options.fdr = fdr;
        options.top = top;
        options.level = level;
        data::BasketsView view{view_of(offset), view_of(item), {}, n_items};
        if (customer) view.customer = view_of(*customer);
        return frame(run(call, [&](const Context& context) {
          return mining::bought_together(view, options, context);
        }));
      },
      py::arg("offset"), py::arg("item"), py::kw_only(), py::arg("customer") = py::none(),
      py::arg("n_items") = data::BasketsView{}.n_items, py::arg("min_count") = defaults.min_count,
      py::arg("fdr") = defaults.fdr, py::arg("top") = defaults.top,
      py::arg("level") = defaults.level);
}

}  // namespace

void bind_mining(py::module_& core) {
  py::module_ m = submodule(core, "mining");
  bind_bought_together(m);
}

}  // namespace emptor::bindings
