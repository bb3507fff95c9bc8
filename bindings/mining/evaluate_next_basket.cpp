#include "emptor/mining/evaluate_next_basket.hpp"

#include "detail/analysis.hpp"
#include "mining/mining.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace emptor::bindings {

void bind_evaluate_next_basket(py::module_& m) {
  const mining::EvaluateNextBasketOptions defaults;
  analysis(
      m, "evaluate_next_basket", doc::mining_evaluate_next_basket,
      [](const Call& call, const data::Sales& sales,
         const std::optional<std::vector<std::string>>& models, int k, int min_visits,
         const std::optional<std::string>& from_date, const std::optional<std::string>& horizon,
         const std::optional<std::string>& item, double level, int replicates, std::uint64_t seed) {
        mining::EvaluateNextBasketOptions options;
        if (models) {
          for (const auto& model : *models)
            options.models.push_back(mining::parse_next_basket_model(model));
        }
        options.k = k;
        options.min_visits = min_visits;
        options.from_date = from_date.value_or("");
        if (horizon) options.horizon = data::parse_span(*horizon, "horizon");
        options.item = item.value_or("");
        options.level = level;
        options.replicates = replicates;
        options.seed = seed;
        return frame(run(call, [&](const Context& context) {
          return mining::evaluate_next_basket(sales, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("models") = py::none(), py::arg("k") = defaults.k,
      py::arg("min_visits") = defaults.min_visits, py::arg("from_date") = py::none(),
      py::arg("horizon") = py::none(), py::arg("item") = py::none(),
      py::arg("level") = defaults.level, py::arg("replicates") = defaults.replicates,
      py::arg("seed") = defaults.seed);
}

}  // namespace emptor::bindings
