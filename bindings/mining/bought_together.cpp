#include "emptor/mining/bought_together.hpp"

#include "detail/analysis.hpp"
#include "detail/integers.hpp"
#include "mining/mining.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace emptor::bindings {

void bind_bought_together(py::module_& m) {
  const mining::BoughtTogetherOptions defaults;
  analysis(
      m, "bought_together", doc::mining_bought_together,
      [](const Call& call, const data::Sales& sales, const std::optional<std::string>& item,
         const std::string& unit, bool goods_only, const std::optional<std::string>& by,
         int min_count, double fdr, std::int64_t top, double level, bool fisher, bool same_family) {
        mining::BoughtTogetherOptions options;
        options.same_family = same_family;
        options.min_count = min_count;
        options.fdr = fdr;
        options.top = top;
        options.level = level;
        options.fisher = fisher;
        options.by = by.value_or("");
        options.item = item.value_or("");
        options.unit = data::parse_basket_unit(unit);
        options.goods_only = goods_only;
        return frame(run(call, [&](const Context& context) {
          return mining::bought_together(sales, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("item") = py::none(), py::arg("unit") = "order",
      py::arg("goods_only") = defaults.goods_only, py::arg("by") = py::none(),
      py::arg("min_count") = defaults.min_count, py::arg("fdr") = defaults.fdr,
      py::arg("top") = defaults.top, py::arg("level") = defaults.level,
      py::arg("fisher") = defaults.fisher, py::arg("same_family") = defaults.same_family);
  analysis(
      m, "bought_together_in_baskets", doc::mining_bought_together,
      [](const Call& call, const py::array& offset, const py::array& item,
         const std::optional<py::array>& customer, std::int32_t n_items, int min_count, double fdr,
         std::int64_t top, double level, bool fisher) {
        mining::BoughtTogetherOptions options;
        options.min_count = min_count;
        options.fdr = fdr;
        options.top = top;
        options.level = level;
        options.fisher = fisher;
        constexpr const char* kName = "bought_together_in_baskets";
        const Integers<std::int64_t> offsets(offset, kName, "offset");
        const Integers<std::int32_t> items(item, kName, "item");
        const Integers<std::int32_t> customers(customer.value_or(py::array_t<std::int32_t>(0)),
                                               kName, "customer");
        const data::BasketsView view{offsets.view(), items.view(), customers.view(), n_items};
        return frame(run(call, [&](const Context& context) {
          return mining::bought_together(view, options, context);
        }));
      },
      py::arg("offset"), py::arg("item"), py::kw_only(), py::arg("customer") = py::none(),
      py::arg("n_items") = data::BasketsView{}.n_items, py::arg("min_count") = defaults.min_count,
      py::arg("fdr") = defaults.fdr, py::arg("top") = defaults.top,
      py::arg("level") = defaults.level, py::arg("fisher") = defaults.fisher);
}

}  // namespace emptor::bindings
