#include "emptor/mining/next_basket.hpp"

#include "detail/analysis.hpp"
#include "mining/mining.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace emptor::bindings {

void bind_next_basket(py::module_& m) {
  const mining::NextBasketOptions defaults;
  analysis(
      m, "next_basket", doc::mining_next_basket,
      [](const Call& call, const data::Sales& sales, int top, const std::string& model,
         const std::string& repeat, const std::optional<std::vector<py::object>>& customers,
         const std::optional<std::string>& horizon, const std::optional<std::string>& item,
         double level, int neighbors, int pool, int groups, double within_decay, double group_decay,
         double own_weight, int recency, double asymmetry, double locality,
         const std::string& window) {
        mining::NextBasketOptions options;
        options.top = top;
        options.model = mining::parse_next_basket_model(model);
        options.repeat = mining::parse_repeat_part(repeat);
        if (customers) {
          for (const auto& id : *customers) options.customers.push_back(py::str(id));
        }
        if (horizon) options.horizon = data::parse_span(*horizon, "horizon");
        options.item = item.value_or("");
        options.level = level;
        options.neighbors = neighbors;
        options.pool = pool;
        options.groups = groups;
        options.within_decay = within_decay;
        options.group_decay = group_decay;
        options.own_weight = own_weight;
        options.recency = recency;
        options.asymmetry = asymmetry;
        options.locality = locality;
        options.window = data::parse_span(window, "window");
        return frame(run(call, [&](const Context& context) {
          return mining::next_basket(sales, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("top") = defaults.top, py::arg("model") = "auto",
      py::arg("repeat") = "both", py::arg("customers") = py::none(),
      py::arg("horizon") = py::none(), py::arg("item") = py::none(),
      py::arg("level") = defaults.level, py::arg("neighbors") = defaults.neighbors,
      py::arg("pool") = defaults.pool, py::arg("groups") = defaults.groups,
      py::arg("within_decay") = defaults.within_decay,
      py::arg("group_decay") = defaults.group_decay, py::arg("own_weight") = defaults.own_weight,
      py::arg("recency") = defaults.recency, py::arg("asymmetry") = defaults.asymmetry,
      py::arg("locality") = defaults.locality,
      py::arg("window") = data::to_string(defaults.window));
}

}  // namespace emptor::bindings
