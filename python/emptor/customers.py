"""Who the customers are, and who buys less than before."""

from __future__ import annotations

import functools
from typing import Any

from . import _wording
from ._actions import actions, contact_channels, evaluate_actions
from ._alive import alive_history
from ._bgbb import BgbbFit, bgbb_fit, bgbb_purchases, fit_bgbb
from ._churn import ChurnFit, churn
from ._clv import clv
from ._cohorts import nps, retention, retention_triangle
from ._contracts import (
    ContractFit,
    contract_fit,
    fit_contracts,
    projected_retention,
    residual_lifetime,
)
from ._core import customers as _core
from ._hazard import HazardFit, hazard_regression
from ._public import public
from ._purchases import (
    PurchaseFit,
    compare_models,
    discounted_purchases,
    expected_purchases,
    expected_purchases_new,
    fit_purchases,
    next_purchase,
    p_alive,
    purchase_distribution,
    purchase_fit,
    simulate_purchases,
)
from ._spend import SpendFit, expected_spend, fit_spend, spend_fit
from ._survival import (
    incidence,
    log_rank,
    survival,
    survival_durations,
    survival_quantiles,
    survival_summary,
)
from .frame import Frame

churn_features = public(__name__, _core.churn_features)
customer_history = public(__name__, _core.customer_history)
customer_products = public(__name__, _core.customer_products)
decline_stability = public(__name__, _core.decline_stability)
rfm = public(__name__, _core.rfm)
rfm_segments = public(__name__, _core.rfm_segments)
rfm_cuts = public(__name__, _core.rfm_cuts)
purchase_summary = public(__name__, _core.purchase_summary)
_declining = public(__name__, _core.declining)


@functools.wraps(_declining)
def declining(*args: Any, **kwargs: Any) -> Frame:
    found = _declining(*args, **kwargs)
    numbers = ("list", "reason_code", "baseline_orders", "window_orders", "expected_orders",
               "baseline_first", "baseline_last", "window_first",
               *_wording.DECLINE_EVIDENCE)  # fmt: skip
    columns = found.to_dict("all")
    listed = zip(*(columns[name].tolist() for name in numbers), strict=True)
    reasons = [
        "" if row[0] == "none" else _wording.decline_reason(dict(zip(numbers, row, strict=True)))
        for row in listed
    ]
    return found.with_column("reason", reasons, after="list", doc="what the counts show, in words")


del declining.__wrapped__  # the signature is that of the core's function

for _function in (actions, alive_history, bgbb_fit, bgbb_purchases, churn, clv, contract_fit,
                  evaluate_actions, expected_spend, fit_bgbb, fit_contracts, fit_spend,
                  hazard_regression, incidence, log_rank, nps, retention_triangle, spend_fit,
                  survival, survival_quantiles,
                  survival_summary):  # fmt: skip
    _function.__module__ = __name__
SpendFit.__module__ = __name__
ContractFit.__module__ = __name__
BgbbFit.__module__ = __name__
ChurnFit.__module__ = __name__
HazardFit.__module__ = __name__

__all__ = [
    "BgbbFit",
    "ChurnFit",
    "ContractFit",
    "HazardFit",
    "PurchaseFit",
    "SpendFit",
    "actions",
    "alive_history",
    "bgbb_fit",
    "bgbb_purchases",
    "churn",
    "churn_features",
    "clv",
    "compare_models",
    "contact_channels",
    "contract_fit",
    "customer_history",
    "customer_products",
    "decline_stability",
    "declining",
    "discounted_purchases",
    "evaluate_actions",
    "expected_purchases",
    "expected_purchases_new",
    "expected_spend",
    "fit_bgbb",
    "fit_contracts",
    "fit_purchases",
    "fit_spend",
    "hazard_regression",
    "incidence",
    "log_rank",
    "next_purchase",
    "nps",
    "p_alive",
    "projected_retention",
    "purchase_distribution",
    "purchase_fit",
    "purchase_summary",
    "residual_lifetime",
    "retention",
    "retention_triangle",
    "rfm",
    "rfm_cuts",
    "rfm_segments",
    "simulate_purchases",
    "spend_fit",
    "survival",
    "survival_durations",
    "survival_quantiles",
    "survival_summary",
]
