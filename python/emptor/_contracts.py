"""Customers under contract: how they leave, and how long they will stay."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from ._columns import flags, numbers
from ._core import customers as _core
from ._core.core import InvalidArgument
from ._fit import Fit
from ._public import public
from .frame import Frame


def _counts(function: str, name: str, values: Any) -> np.ndarray:
    found = numbers(function, name, values)
    wrong = np.flatnonzero(~(np.abs(found) < 2**53) | (found % 1 != 0))
    if len(wrong):
        raise InvalidArgument(
            f"{function}: {name} is {found[wrong[0]]:g} in row {wrong[0]}; it holds whole numbers"
        )
    return found.astype(np.int64)


def fit_contracts(
    tenure: Any = None,
    lost: Any = None,
    *,
    survivors: Any = None,
    count: Any = None,
    model: str = "sbg",
    period: str = "1 year",
    level: float = 0.95,
    max_iterations: int = 100,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> ContractFit:
    """How customers under contract leave: a model of renewals fitted by maximum likelihood.

    Give ``tenure``, how many contract periods each customer has begun so far, and ``lost``: 1 for
    who left at that renewal, 0 for who is still there (``count``: customers of a row). Or give
    ``survivors``, the size of one cohort and how many of it were left after each renewal:
    ``survivors=[1000, 869, 743]``. ``period`` is the time from one renewal to the next.

    In the model "sbg" each customer has his own chance of not renewing, the same each time; in
    "bdw" it also changes with tenure. Either way a cohort's retention rate rises because those who
    leave easily go first. ``fit.projected_retention(24)`` and ``fit.residual_lifetime(tenure)`` go
    on from there.

    Under 10 customers lost the status is small_sample. With nobody lost, or fewer renewals seen
    than there are parameters, it is not_enough_data and nothing is estimated.
    """
    options = {"model": model, "period": period, "level": level, "max_iterations": max_iterations,
               "threads": threads, "progress": progress, "memory_limit": memory_limit}  # fmt: skip
    if survivors is not None:
        if tenure is not None or lost is not None or count is not None:
            raise InvalidArgument(
                "fit_contracts: survivors are a whole cohort; leave tenure, lost and count out"
            )
        counts = _counts("fit_contracts", "survivors", survivors)
        return ContractFit(_core.fit_cohort(counts, **options))
    if tenure is None or lost is None:
        raise InvalidArgument(
            "fit_contracts: give tenure and lost, a row per customer, or survivors=, how many of a "
            "cohort were left after each renewal"
        )
    return ContractFit(
        _core.fit_contracts(
            _counts("fit_contracts", "tenure", tenure),
            flags("fit_contracts", "lost", lost).astype(np.uint8),
            count=None if count is None else _counts("fit_contracts", "count", count),
            **options,
        )
    )


contract_fit_core = public("emptor.customers", _core.contract_fit)


def contract_fit(model: str, parameters: Any, *, period: str = "1 year") -> ContractFit:
    """A fit from known parameters, as published ones, without uncertainty."""
    return ContractFit(contract_fit_core(model, parameters, period=period))


def _of_fits(function: Callable[..., Frame], needs_tenure: bool) -> Any:
    inner = public("emptor.customers", function)

    @functools.wraps(inner)
    def wrapper(fit: Any, *args: Any, **kwargs: Any) -> Frame:
        if not isinstance(fit, ContractFit):
            raise InvalidArgument(
                f"{inner.__name__}: fit must be a ContractFit, got {type(fit).__name__}; write "
                "fit = fit_contracts(tenure, lost) first"
            )
        if needs_tenure and (args or "tenure" in kwargs):
            tenure = args[0] if args else kwargs.pop("tenure")
            args = (_counts(inner.__name__, "tenure", tenure), *args[1:])
        return inner(fit._core, *args, **kwargs)

    shown = [
        p.replace(annotation={"fit": "ContractFit", "tenure": "Any"}.get(p.name, p.annotation))
        for p in inspect.signature(inner).parameters.values()
    ]
    wrapper.__signature__ = inspect.Signature(shown, return_annotation="Frame")  # type: ignore[attr-defined]
    del wrapper.__wrapped__  # type: ignore[attr-defined]
    return wrapper


projected_retention = _of_fits(_core.projected_retention, False)
residual_lifetime = _of_fits(_core.residual_lifetime, True)


class ContractFit(Fit):
    """A fitted model of contracts: parameters and how well they are known, without the data.

    ``fit.table`` holds the parameters with intervals, ``fit.info`` everything else.
    """

    __slots__ = ()
    _REASONS: ClassVar[dict[str, str]] = {
        "nobody_left": "nobody has left yet",
        "few_periods": "fewer renewals were seen than the model has parameters",
        "few_left": "fewer than 10 customers have left",
        "same_leaving": "the data do not tell how leaving differs between customers",
        "no_shape": "the data do not tell how leaving changes with tenure",
    }

    @classmethod
    def _from_bytes(cls, data: bytes) -> ContractFit:
        return cls(_core.ContractFit.from_bytes(data))

    @property
    def model(self) -> str:
        return self._table.info["model"]

    @property
    def aic(self) -> float:
        return self._table.info["aic"]

    @property
    def bic(self) -> float:
        return self._table.info["bic"]

    def projected_retention(self, horizon: int = 12, **options: Any) -> Frame:
        return projected_retention(self, horizon, **options)

    def residual_lifetime(self, tenure: Any, **options: Any) -> Frame:
        return residual_lifetime(self, tenure, **options)

    def __repr__(self) -> str:
        info = self._table.info
        return (
            f"ContractFit {info['model']}: {info['n']:,} customers, {info['n_lost']:,} left, a "
            f"renewal each {info['period']}\nlog-likelihood {info['log_likelihood']:.2f}, AIC "
            f"{info['aic']:.2f}, BIC {info['bic']:.2f}; {self._state()}\n{self._table}"
        )
