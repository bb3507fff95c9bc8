"""Customers of occasions that come one by one: the BG/BB model."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ._core import customers as _core
from ._core.core import InvalidArgument
from ._fit import Fit
from ._names import did_you_mean
from ._purchases import _names, _numbers, with_customer
from .frame import Frame

# Our name, and what others call it.
_COLUMNS = {
    "frequency": ("frequency", "x"),
    "recency": ("recency", "t.x", "t_x"),
    "occasions": ("occasions", "periods", "T", "n", "n.cal"),
    "count": ("count", "weights", "custs"),
}


def _columns(function: str, summary: Any) -> dict[str, np.ndarray]:
    names = _names(summary)
    found = {}
    for ours, theirs in _COLUMNS.items():
        name = next((name for name in theirs if name in names), None)
        if name is not None:
            found[ours] = _numbers(function, name, summary[name], True)
        elif ours != "count":
            raise InvalidArgument(
                f"{function}: no column '{ours}'{did_you_mean(ours, names)}; give a table with "
                "frequency, recency and occasions"
            )
    return found


def fit_bgbb(
    summary: Any,
    *,
    level: float = 0.95,
    max_iterations: int = 200,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> BgbbFit:
    """How customers use occasions that come one by one, and whether they leave: the BG/BB model.

    ``summary`` has a row per customer, or per kind of customer with ``count`` of them: how many of
    his ``occasions`` (a year's appeal, a season, a crossing) he has used (``frequency``), and the
    number of the last one used (``recency``, 0 if none); names of lifetimes and BTYD are known. At
    each occasion a customer who is still there buys with his own chance, and leaves before the next
    with another; both follow beta laws over customers. ``fit.purchases(summary, 5)`` says what is
    to come.

    Under 10 customers who bought again the status is small_sample, with none not_enough_data and
    nothing is estimated. For purchases at any time see ``fit_purchases``.
    """
    return BgbbFit(
        _core.fit_bgbb(
            **_columns("fit_bgbb", summary),
            level=level,
            max_iterations=max_iterations,
            threads=threads,
            progress=progress,
            memory_limit=memory_limit,
        )
    )


def bgbb_fit(alpha: float, beta: float, gamma: float, delta: float) -> BgbbFit:
    """A fit from known parameters, as published ones, without uncertainty."""
    return BgbbFit(_core.bgbb_fit([alpha, beta, gamma, delta]))


def bgbb_purchases(
    fit: BgbbFit,
    summary: Any,
    horizon: int = 1,
    *,
    level: float = 0.95,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """How many of the next ``horizon`` occasions each customer will use, and whether he is there.

    A row is a row of ``summary``: ``p_alive`` is the chance that he is there at the next occasion,
    ``expected_purchases`` a mean, the chance that he leaves taken in, ``p_none`` the chance of not
    one. Intervals say how well the parameters are known. A row with 0 of 0 occasions is a new
    customer. More occasions ahead than any customer had have status "extrapolated".
    """
    if not isinstance(fit, BgbbFit):
        raise InvalidArgument(
            f"bgbb_purchases: fit must be a BgbbFit, got {type(fit).__name__}; write "
            "fit = fit_bgbb(summary) first"
        )
    columns = _columns("bgbb_purchases", summary)
    columns.pop("count", None)
    found = _core.bgbb_purchases(
        fit._core,
        **columns,
        horizon=horizon,
        level=level,
        threads=threads,
        progress=progress,
        memory_limit=memory_limit,
    )
    return with_customer(found, summary)


class BgbbFit(Fit):
    """A fitted BG/BB model: parameters and how well they are known, without the data.

    ``fit.table`` holds the parameters with intervals, ``fit.info`` everything else.
    """

    __slots__ = ()
    _REASONS: ClassVar[dict[str, str]] = {
        "no_repeat": "nobody bought again",
        "few_customers": "fewer than 10 customers bought again",
        "same_buying": "the data do not tell how buying differs between customers",
        "same_leaving": "the data do not tell how leaving differs between customers",
    }

    @classmethod
    def _from_bytes(cls, data: bytes) -> BgbbFit:
        return cls(_core.BgbbFit.from_bytes(data))

    def purchases(self, summary: Any, horizon: int = 1, **options: Any) -> Frame:
        return bgbb_purchases(self, summary, horizon, **options)

    def __repr__(self) -> str:
        info = self._table.info
        return (
            f"BgbbFit: {info['n']:,} customers, {info['n_repeat']:,} bought again, at most "
            f"{info['max_occasions']:,} occasions\nlog-likelihood {info['log_likelihood']:.2f}, "
            f"AIC {info['aic']:.2f}; {self._state()}\n{self._table}"
        )
