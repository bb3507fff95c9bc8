#include "emptor/customers/survival.hpp"

#include "emptor/learn/incidence.hpp"

#include "customers/customers.hpp"
#include "detail/analysis.hpp"
#include "detail/arrays.hpp"
#include "docs/learn/incidence.hpp"
#include "docs/learn/survival.hpp"

#include <utility>

namespace emptor::bindings {
namespace {

using Doubles = std::optional<Array<double>>;
using Codes = std::optional<Array<std::int32_t>>;

/// Binds a function of durations, events, entries and groups; `compute` takes the view, the
/// function's own arguments and the context.
template <typename... Own, typename Compute, typename... Extra>
void of_columns(py::module_& m, const char* name, const char* doc, Compute compute,
                const Extra&... extra) {
  analysis(
      m, name, doc,
      [compute](const Call& call, const Array<double>& duration, const Array<std::int32_t>& event,
                const Doubles& entry, const Codes& group, const Ids& groups, Own... own) {
        const learn::SurvivalView view{view_of(duration), view_of(event), view_of(entry),
                                       view_of(group), dictionary(groups)};
        return frame(
            run(call, [&](const Context& context) { return compute(view, own..., context); }));
      },
      py::arg("duration"), py::arg("event"), py::kw_only(), py::arg("entry") = py::none(),
      py::arg("group") = py::none(), py::arg("groups") = py::none(), extra...);
}

}  // namespace

void bind_survival(py::module_& m) {
  using learn::SurvivalView;
  const learn::SurvivalOptions defaults;
  of_columns<double>(
      m, "survival_curve", doc::learn_survival_curve,
      [](const SurvivalView& view, double level, const Context& context) {
        return learn::survival_curve(view, {level}, context);
      },
      py::arg("level") = defaults.level);
  of_columns<std::vector<double>, double>(
      m, "survival_quantiles", doc::learn_survival_quantiles,
      [](const SurvivalView& view, const std::vector<double>& probabilities, double level,
         const Context& context) {
        return learn::survival_quantiles(learn::survival_curve(view, {level}, context),
                                         probabilities);
      },
      py::arg("probabilities"), py::arg("level") = defaults.level);
  of_columns<double, double>(
      m, "survival_summary", doc::learn_survival_summary,
      [](const SurvivalView& view, double horizon, double level, const Context& context) {
        return learn::survival_summary(learn::survival_curve(view, {level}, context),
                                       {.horizon = horizon});
      },
      py::arg("horizon") = learn::SurvivalSummaryOptions{}.horizon,
      py::arg("level") = defaults.level);
  of_columns<>(m, "log_rank", doc::learn_log_rank,
               [](const SurvivalView& view, const Context& context) {
                 return learn::log_rank(view, context);
               });
  of_columns<Ids, double>(
      m, "cumulative_incidence", doc::learn_cumulative_incidence,
      [](const SurvivalView& view, const Ids& causes, double level, const Context& context) {
        return learn::cumulative_incidence(view, dictionary(causes), {level}, context);
      },
      py::arg("causes"), py::arg("level") = defaults.level);

  const customers::SurvivalDurationsOptions options;
  analysis(
      m, "survival_durations", doc::customers_survival_durations,
      [](const Call& call, const data::Sales& sales, const std::string& until,
         const std::string& inactive_after, const std::string& by, const std::string& new_after) {
        customers::SurvivalDurationsOptions given;
        given.until = customers::parse_survival_event(until);
        given.inactive_after = data::parse_span(inactive_after, "inactive_after");
        given.by = by;
        given.new_after = data::parse_span(new_after, "new_after");
        return frame(run(call, [&](const Context& context) {
          return customers::survival_durations(sales, given, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("until") = "second_purchase",
      py::arg("inactive_after") = data::to_string(options.inactive_after),
      py::arg("by") = options.by, py::arg("new_after") = data::to_string(options.new_after));
}

}  // namespace emptor::bindings
