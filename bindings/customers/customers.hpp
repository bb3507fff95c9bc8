#pragma once

#include <pybind11/pybind11.h>

namespace emptor::bindings {

// One per public header of the module, in bindings/customers/<stem>.cpp.
void bind_actions(pybind11::module_& m);
void bind_bgbb_purchases(pybind11::module_& m);
void bind_churn(pybind11::module_& m);
void bind_churn_counterfactuals(pybind11::module_& m);
void bind_churn_features(pybind11::module_& m);
void bind_clv(pybind11::module_& m);
void bind_compare_models(pybind11::module_& m);
void bind_contact_channels(pybind11::module_& m);
void bind_customer_history(pybind11::module_& m);
void bind_declining(pybind11::module_& m);
void bind_decline_stability(pybind11::module_& m);
void bind_discounted_purchases(pybind11::module_& m);
void bind_evaluate_actions(pybind11::module_& m);
void bind_expected_purchases(pybind11::module_& m);
void bind_expected_spend(pybind11::module_& m);
void bind_fit_bgbb(pybind11::module_& m);
void bind_fit_contracts(pybind11::module_& m);
void bind_fit_purchases(pybind11::module_& m);
void bind_fit_spend(pybind11::module_& m);
void bind_hazard_regression(pybind11::module_& m);
void bind_next_purchase(pybind11::module_& m);
void bind_nps(pybind11::module_& m);
void bind_p_alive(pybind11::module_& m);
void bind_projected_retention(pybind11::module_& m);
void bind_purchase_distribution(pybind11::module_& m);
void bind_purchase_summary(pybind11::module_& m);
void bind_retention(pybind11::module_& m);
void bind_rfm(pybind11::module_& m);
void bind_simulate_purchases(pybind11::module_& m);
void bind_survival(pybind11::module_& m);

}  // namespace emptor::bindings
