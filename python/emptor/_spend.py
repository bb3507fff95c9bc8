"""What customers spend an order: the Gamma-Gamma model and what it can be asked."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ._core import customers as _core
from ._core.core import InvalidArgument
from ._fit import Fit
from ._purchases import summary_columns, with_customer
from .frame import Frame


def _summary(function: str, data: Any) -> tuple[np.ndarray, np.ndarray]:
    """Frequency and mean spend of whatever holds a summary."""
    columns = summary_columns(function, data, ("frequency", "monetary_value"))
    return columns["frequency"], columns["monetary_value"]


def fit_spend(
    summary: Any,
    *,
    level: float = 0.95,
    max_iterations: int = 200,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> SpendFit:
    """What customers spend an order, and how they differ in it: the Gamma-Gamma model.

    ``summary`` has a row per customer with ``frequency`` (purchase occasions after the first) and
    ``monetary_value`` (their mean spend), under these names or those of lifetimes, CLVTools or
    BTYD. The fit draws each customer's mean towards that of all, the more the fewer his orders:
    ``fit.expected_spend(summary)``.

    Maximum likelihood with q > 1, so that a mean exists; intervals from the curvature of the
    likelihood. It takes how much and how often as unrelated: ``fit.info["correlation"]``, with its
    interval, says whether the data agree. Status "boundary", with its reason, where customers or
    orders do not differ enough to tell. Raises InvalidArgument for spend of 0 or below.
    """
    frequency, spend = _summary("fit_spend", summary)
    return SpendFit(
        _core.fit_spend(
            frequency,
            spend,
            level=level,
            max_iterations=max_iterations,
            threads=threads,
            progress=progress,
            memory_limit=memory_limit,
        )
    )


def spend_fit(p: float, q: float, v: float) -> SpendFit:
    """A fit from known parameters, as published ones, without uncertainty."""
    return SpendFit(_core.spend_fit(p, q, v))


def expected_spend(
    fit: SpendFit,
    summary: Any,
    *,
    level: float = 0.95,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """What an order of each customer will be worth.

    A row is a row of ``summary``: ``expected_spend`` is the mean of his future orders given his
    past ones, between his own mean and that of all customers; his true mean lies in the interval.
    Status "small_sample" marks who has no orders of his own to tell from.
    """
    if not isinstance(fit, SpendFit):
        raise InvalidArgument(
            f"expected_spend: fit must be a SpendFit, got {type(fit).__name__}; write "
            "fit = fit_spend(summary) first"
        )
    frequency, spend = _summary("expected_spend", summary)
    found = _core.expected_spend(
        fit._core,
        frequency,
        spend,
        level=level,
        threads=threads,
        progress=progress,
        memory_limit=memory_limit,
    )
    return with_customer(found, summary)


class SpendFit(Fit):
    """A fitted model of spend: parameters and how well they are known, without the data.

    ``fit.table`` holds the parameters with intervals (v in the currency), ``fit.info`` everything
    else; ``log_covariance`` is that of ln p, ln(q - 1) and ln v.
    """

    __slots__ = ()
    _REASONS: ClassVar[dict[str, str]] = {
        "few_customers": "fewer than 10 customers bought again",
        "no_repeat": "nobody bought again",
        "same_customers": "customers do not differ in what they spend beyond chance",
        "same_orders": "a customer's orders do not differ from each other beyond chance",
        "heavy_tail": "a few customers spend so much that a mean hardly exists",
    }

    @classmethod
    def _from_bytes(cls, data: bytes) -> SpendFit:
        return cls(_core.SpendFit.from_bytes(data))

    def expected_spend(self, summary: Any, **options: Any) -> Frame:
        return expected_spend(self, summary, **options)

    def __repr__(self) -> str:
        info = self._table.info
        return (
            f"SpendFit: {info['n']:,} customers who bought again, log-likelihood "
            f"{info['log_likelihood']:.2f}; {self._state()}\n{self._table}"
        )
