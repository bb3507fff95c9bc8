"""What customers spend an order: the Gamma-Gamma model and what it can be asked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ._columns import numbers
from ._core import customers as _core
from ._core.core import InvalidArgument
from ._files import write_atomically
from ._names import did_you_mean
from .frame import Frame

# Our name, and what others call it: CLVTools and BTYD, lifetimes' cut in two.
_FREQUENCY = ("frequency", "x", "frequency_cal")
_SPEND = ("monetary_value", "Spending", "zbar", "m_x", "monetary_value_cal")
_CUSTOMER = ("customer", "customer_id", "Id", "ID", "cust")

_REASONS = {
    "few_customers": "fewer than 10 customers bought again",
    "no_repeat": "nobody bought again",
    "same_customers": "customers do not differ in what they spend beyond chance",
    "same_orders": "a customer's orders do not differ from each other beyond chance",
    "heavy_tail": "a few customers spend so much that a mean hardly exists",
}


def _names(data: Any) -> list[str]:
    if isinstance(data, Frame):
        return data.all_columns
    if isinstance(data, Mapping):
        return [str(name) for name in data]
    names = getattr(data, "column_names", None)
    names = getattr(data, "columns", None) if names is None else names
    return [] if names is None or callable(names) else [str(name) for name in names]


def _summary(function: str, data: Any) -> tuple[np.ndarray, np.ndarray]:
    """Frequency and mean spend of whatever holds a summary."""
    names = _names(data)
    found = []
    for theirs in (_FREQUENCY, _SPEND):
        name = next((name for name in theirs if name in names), None)
        if name is None:
            raise InvalidArgument(
                f"{function}: no column '{theirs[0]}'{did_you_mean(theirs[0], names)}; give a "
                "summary of purchases, or a table with frequency and monetary_value"
            )
        found.append(numbers(function, name, data[name]))
    frequency, spend = found
    if len(wrong := np.flatnonzero(~(np.abs(frequency) < 2**53) | (frequency % 1 != 0))):
        raise InvalidArgument(
            f"{function}: frequency is {frequency[wrong[0]]:g} in row {wrong[0]}; it counts "
            "purchases after the first"
        )
    return frequency.astype(np.int64), spend


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
    customer = next((name for name in _CUSTOMER if name in _names(summary)), None)
    if customer is None:
        return found
    values = summary[customer]
    values = values.to_numpy() if hasattr(values, "to_numpy") else np.asarray(values)
    shown = ["customer", *found.columns]
    return found.with_column("customer", values, doc="customer id").select(shown)


class SpendFit:
    """A fitted model of spend: parameters and how well they are known, without the data.

    ``fit.table`` holds the parameters with intervals, ``fit.info`` everything else.
    """

    __slots__ = ("_core", "_table")

    def __init__(self, core: _core.SpendFit) -> None:
        self._core = core
        self._table = core.table()

    @property
    def table(self) -> Frame:
        """A row per parameter: value, interval, standard error, status."""
        return self._table

    @property
    def info(self) -> dict[str, Any]:
        return {**self._table.info, "reason": self.reason}

    @property
    def parameters(self) -> dict[str, float]:
        """``{"p": 6.25, "q": 3.74, "v": 15.4}``, v in the currency."""
        return {"p": self._core.p, "q": self._core.q, "v": self._core.v}

    @property
    def log_covariance(self) -> np.ndarray:
        """Of ln p, ln(q - 1) and ln v."""
        return self._core.log_covariance

    @property
    def log_likelihood(self) -> float:
        return self._table.info["log_likelihood"]

    @property
    def status(self) -> str:
        return self._table.info["status"]

    @property
    def reason(self) -> str:
        """What stands behind a status that is not ok, in words."""
        return _REASONS.get(self._table.info["reason"], "")

    def expected_spend(self, summary: Any, **options: Any) -> Frame:
        return expected_spend(self, summary, **options)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Replaces the file in one step; ``em.load(path)`` gives the fit back to the last bit."""
        write_atomically(Path(path), self._core.to_bytes())

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (self._core.to_bytes(),)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SpendFit) and self._core.to_bytes() == other._core.to_bytes()

    def __hash__(self) -> int:
        return hash(self._core.to_bytes())

    def __repr__(self) -> str:
        info = self._table.info
        state = f"status {info['status']}" + (f": {self.reason}" if self.reason else "")
        return (
            f"SpendFit: {info['n']:,} customers who bought again, log-likelihood "
            f"{info['log_likelihood']:.2f}; {state}\n{self._table}"
        )


def _unpickled(data: bytes) -> SpendFit:
    return SpendFit(_core.SpendFit.from_bytes(data))
