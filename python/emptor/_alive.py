"""How the chance that one customer still buys went over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ._core.core import InvalidArgument
from ._purchases import PurchaseFit, p_alive
from .frame import Frame

if TYPE_CHECKING:
    from collections.abc import Sequence

DAYS_OF = {"days": 1.0, "weeks": 7.0, "months": 365.2425 / 12, "years": 365.2425}


def alive_history(fit: PurchaseFit, history: Frame, *, level: float = 0.95, **call: Any) -> Frame:
    """The chance that one customer still buys, for every day from the first purchase to the moment.

    ``history`` is a frame of ``customers.customer_history``. Every day is judged by the purchases
    up to it, under the one model ``fit``: the path shows how silence speaks against a customer and
    a purchase speaks for him. The parameters are those of today, so it is not what a fit of that
    day would have said. Under a fit without leaving ("nbd") the chance is missing and the status
    undefined.

    Raises InvalidArgument if the customer bought nothing, or the fit knows covariates.
    """
    if not isinstance(fit, PurchaseFit):
        raise InvalidArgument(
            f"alive_history: fit must be a PurchaseFit, got {type(fit).__name__}; write fit = "
            "fit_purchases(summary) first"
        )
    if not isinstance(history, Frame) or not {"day", "purchase"} <= set(history.all_columns):
        raise InvalidArgument(
            "alive_history: history must be a frame of customers.customer_history, with the "
            "columns day and purchase"
        )
    bought = np.asarray(history["day"])[np.asarray(history["purchase"], bool)]
    if not len(bought):
        raise InvalidArgument("alive_history: the customer bought nothing that was kept")
    days, summary = _path(bought, np.datetime64(history.info["last_day"], "D"), DAYS_OF[fit.unit])
    found = p_alive(fit, summary, unit=fit.unit, level=level, **call).to_dict("all")
    columns = {
        "day": days,
        "p_alive": found["p_alive"],
        "p_alive_low": found["p_alive_low"],
        "p_alive_high": found["p_alive_high"],
        "purchase": np.isin(days, bought),
        "status": found["status"],
    }
    docs = {
        "day": "day up to which purchases are known",
        "p_alive": "chance that he still buys at all",
        "p_alive_low": "lower end: how well the parameters are known",
        "p_alive_high": "upper end",
        "purchase": "whether goods were bought and kept that day",
        "status": "of the chance",
    }
    info = {"customer": history.info["customer"], "name": history.info["name"],
            "model": fit.model, "level": level}  # fmt: skip
    return Frame(columns, docs=docs, info=info, hidden=["status"])


def _path(
    bought: Sequence[Any], moment: np.datetime64, unit_days: float
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Days from the first purchase to the moment, and what a summary of each would hold."""
    first = bought[0]
    days = np.arange(first, moment + 1)
    frequency = np.searchsorted(bought, days, side="right") - 1
    last = np.asarray(bought)[frequency]
    return days, {
        "frequency": frequency.astype(np.int64),
        "recency": (last - first).astype(float) / unit_days,
        "T": (days - first).astype(float) / unit_days,
    }
