"""What customers will be worth: purchases and spend together."""

from __future__ import annotations

from typing import Any

from ._core import customers as _core
from ._core.core import InvalidArgument
from ._purchases import PurchaseFit, columns_of
from ._spend import SpendFit
from .frame import Frame


def clv(
    fit: PurchaseFit,
    spend: SpendFit,
    summary: Any,
    *,
    horizon: str = "12 months",
    discount: str = "10 % a year",
    margin: float = 1.0,
    outcomes: bool = True,
    unit: str | None = None,
    level: float = 0.95,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """What each customer will be worth within a horizon: customer lifetime value.

    Expected purchases (``fit``, of ``fit_purchases``) times expected spend (``spend``, of
    ``fit_spend``) times ``margin`` (the share of spend that is gain), each purchase discounted
    from its own moment, the chance that he has left taken in. ``clv`` is a mean and its interval
    says how well the parameters are known; between ``value_low`` and ``value_high`` lies what a
    customer in fact brings, with at least ``level`` chance (``outcomes=False`` leaves it out, which
    takes most of the time). ``info["total"]`` is the sum over all customers.

    Horizon and discount carry their units ("12 months", "1 % a month"), so a summary in days and
    one in weeks give the same; values over one horizon after the other add up. ``unit`` is that of
    a ``summary`` that does not carry one itself.

    What a customer brings beyond the horizon, what he costs and what he would have brought anyway
    are not in it. How much and how often are taken as unrelated: see ``spend.info["correlation"]``.
    """
    for name, given, kind, write in (
        ("fit", fit, PurchaseFit, "fit_purchases"),
        ("spend", spend, SpendFit, "fit_spend"),
    ):
        if not isinstance(given, kind):
            raise InvalidArgument(
                f"clv: {name} must be a {kind.__name__}, got {type(given).__name__}; write "
                f"{name} = {write}(summary) first"
            )
    for name, text in (("horizon", horizon), ("discount", discount)):
        if not isinstance(text, str):
            raise InvalidArgument(
                f'clv: {name} is {text!r:.40}, which has no unit; write "12 months" or '
                '"10 % a year"'
            )
    return _core.clv(
        fit._core,
        spend._core,
        columns_of("clv", summary, unit, fit._core.covariates),
        horizon=horizon,
        discount=discount,
        margin=margin,
        outcomes=outcomes,
        level=level,
        threads=threads,
        progress=progress,
        memory_limit=memory_limit,
    )
