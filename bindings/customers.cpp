#include "customers/customers.hpp"

#include "customers/purchase_columns.hpp"
#include "detail/analysis.hpp"

namespace emptor::bindings {

void bind_customers(py::module_& core) {
  py::module_ m = submodule(core, "customers");
  bind_contact_channels(m);
  bind_churn(m);
  bind_churn_counterfactuals(m);
  bind_churn_features(m);
  bind_customer_history(m);
  bind_declining(m);
  bind_decline_stability(m);
  bind_fit_spend(m);
  bind_fit_contracts(m);
  bind_projected_retention(m);
  bind_fit_bgbb(m);
  bind_bgbb_purchases(m);
  bind_expected_spend(m);
  bind_hazard_regression(m);
  bind_nps(m);
  bind_retention(m);
  bind_rfm(m);
  bind_survival(m);
  bind_purchase_columns(m);
  bind_purchase_summary(m);
  bind_fit_purchases(m);
  bind_p_alive(m);
  bind_expected_purchases(m);
  bind_discounted_purchases(m);
  bind_next_purchase(m);
  bind_purchase_distribution(m);
  bind_simulate_purchases(m);
  bind_actions(m);
  bind_evaluate_actions(m);
  bind_clv(m);
  bind_compare_models(m);
}

}  // namespace emptor::bindings
