"""Purchase models: summaries of whatever holds them, and what a fit can be asked."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

import numpy as np

from . import _input
from ._core import customers as _core
from ._core.core import InvalidArgument, ResultColumns
from ._fit import Fit
from ._names import did_you_mean
from ._public import public
from .frame import Frame, _typed

F = TypeVar("F", bound=Callable[..., Any])

# Our name, and what others call it: CLVTools and BTYD, lifetimes' cut in two.
_NAMES = {
    "frequency": ("frequency", "x", "frequency_cal"),
    "recency": ("recency", "t.x", "t_x", "recency_cal"),
    "T": ("T", "T.cal", "T_cal"),
    "monetary_value": ("monetary_value", "Spending", "zbar", "m_x", "monetary_value_cal"),
    "log_gaps": ("log_gaps", "litt"),
    "customer": ("customer", "customer_id", "Id", "ID", "cust"),
}
_NEEDED = ("frequency", "recency", "T")
_NUMBERS = ("frequency", "recency", "T", "monetary_value", "log_gaps")
_UNITS = ("days", "weeks", "months", "years")


def _names(data: Any) -> list[str]:
    if isinstance(data, Frame):
        return data.all_columns
    if isinstance(data, Mapping):
        return [str(name) for name in data]
    names = getattr(data, "column_names", None)
    names = getattr(data, "columns", None) if names is None else names
    return [] if names is None or callable(names) else [str(name) for name in names]


def _numbers(function: str, name: str, values: Any, whole: bool) -> np.ndarray:
    array = values.to_numpy() if hasattr(values, "to_numpy") else np.asarray(values)
    if np.ma.isMA(array):
        array = np.ma.filled(array.astype(np.float64), np.nan)
    if array.ndim != 1:
        raise InvalidArgument(f"{function}: {name} must hold one number a row")
    if whole and array.dtype.kind in "iu":
        return np.ascontiguousarray(array, np.int64)
    try:
        array = np.ascontiguousarray(array, np.float64)
    except (TypeError, ValueError):
        raise InvalidArgument(
            f"{function}: {name} must hold numbers, found {array.dtype}"
        ) from None
    if not whole:
        return array
    with np.errstate(invalid="ignore"):
        whole_numbers = array.astype(np.int64)
    wrong = np.flatnonzero(~(np.abs(array) < 2**53) | (whole_numbers != array))
    if len(wrong):
        value = array[wrong[0]]
        found = "missing" if np.isnan(value) else f"{value:g}"
        raise InvalidArgument(
            f"{function}: {name} is {found} in row {wrong[0]}; it counts purchases after the first"
        )
    return whole_numbers


def _customer(data: Any, columns: dict[str, str]) -> ResultColumns | None:
    """The column that says whose a row is: as it is in a Frame, the index of pandas, or none."""
    if isinstance(data, Frame):
        if "customer" not in columns:
            return None
        return data._data.select([data._index(columns["customer"])])
    if "customer" in columns:
        values = data[columns["customer"]]
    elif type(data).__module__.startswith("pandas") and hasattr(data, "index"):
        values = data.index
    else:
        return None
    values = values.to_numpy() if hasattr(values, "to_numpy") else np.asarray(values)
    if values.dtype.kind == "O" and not all(isinstance(one, str) for one in values):
        values = values.astype(str)
    kind, array = _typed("customer", values)
    return ResultColumns.from_arrays([("customer", kind, array, None, "customer id", True)])


_ROLES = ("buying", "leaving")


def _roles(function: str, model: str, covariates: Any) -> dict[str, list[str]]:
    """What the covariates act on: all that the model has where that is not said."""
    if covariates is None:
        return {}
    if isinstance(covariates, str):
        covariates = [covariates]
    if not isinstance(covariates, Mapping):
        roles = _ROLES[:1] if model == "nbd" else _ROLES
        covariates = dict.fromkeys(roles, covariates)
    named = {role: [names] if isinstance(names, str) else list(names)
             for role, names in covariates.items()}  # fmt: skip
    if not all(isinstance(name, str) for names in named.values() for name in names):
        raise InvalidArgument(
            f'{function}: covariates names columns of the summary, as ["channel", "age"]'
        )
    return named


def _covariates(function: str, data: Any, known: list[str], names: list[str]) -> Any:
    """The named columns as a table; those that are not there are left to the core."""
    there = {name: data[name] for name in dict.fromkeys(names) if name in known}
    missing = [name for name in names if name not in there]
    if missing:
        raise InvalidArgument(
            f"{function}: the summary has no column '{missing[0]}' for covariates"
            f"{did_you_mean(missing[0], known)}; add it to the summary"
        )
    return _input.table(function, there, list(there))


def _found(names: list[str]) -> dict[str, str]:
    """Our names of columns, and those they go by in a table."""
    return {
        ours: next(name for name in theirs if name in names)
        for ours, theirs in _NAMES.items()
        if any(name in names for name in theirs)
    }


def summary_columns(
    function: str, data: Any, needed: tuple[str, ...], others: tuple[str, ...] = ()
) -> dict[str, np.ndarray]:
    """Columns of whatever holds a summary, by our names; those of ``others`` that are there."""
    names = _names(data)
    columns = _found(names)
    for name in needed:
        if name not in columns:
            listed = ", ".join(needed[:-1]) + f" and {needed[-1]}"
            raise InvalidArgument(
                f"{function}: no column '{name}'{did_you_mean(name, names)}; give "
                f"purchase_summary(sales), or a table with {listed}"
            )
    return {
        name: _numbers(function, columns[name], data[columns[name]], name == "frequency")
        for name in (*needed, *others)
        if name in columns
    }


def with_customer(found: Frame, data: Any) -> Frame:
    """A result with a row per row of a summary, which says whose each is."""
    own = _customer(data, _found(_names(data)))
    if own is None:
        return found
    values = Frame._of(own, {}, ["customer"])["customer"]
    shown = ["customer", *found.columns]
    return found.with_column("customer", values, doc="customer id").select(shown)


def columns_of(
    function: str, data: Any, unit: str | None, covariates: list[str] | None = None
) -> _core.PurchaseColumns:
    """Whatever holds a summary, as the core takes it."""
    if isinstance(data, _core.PurchaseColumns):
        return data
    arrays = summary_columns(function, data, _NEEDED, _NUMBERS[3:])
    names = _names(data)
    known = data.info.get("unit") if isinstance(data, Frame) else None
    if unit is None and known is None:
        raise InvalidArgument(
            f'{function}: say what recency and T are counted in: unit="weeks", or days, months, '
            "years"
        )
    if unit is not None and known is not None and unit != known:
        raise InvalidArgument(
            f"{function}: unit is {unit!r}, but the summary is in {known}; leave unit out"
        )
    return _core.PurchaseColumns(
        **{name: arrays.get(name) for name in _NUMBERS},
        unit=known or unit,
        customer=_customer(data, _found(names)),
        covariates=_covariates(function, data, names, covariates) if covariates else None,
    )


def of_summaries(module: str, function: F) -> F:
    """A public function of a summary of any kind, and of a fit where it takes one."""
    inner = public(module, function)
    parameters = list(inspect.signature(inner).parameters.values())
    places = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    words = {"fit": "PurchaseFit", "summary": "Any"}
    shown = [p.replace(annotation=words.get(p.name, p.annotation)) for p in parameters]
    shown = [
        p.replace(annotation="Sequence[str] | Mapping[str, Sequence[str]] | None", default=None)
        if p.name == "covariates"
        else p
        for p in shown
    ]
    takes_summary = "summary" in places
    if takes_summary:
        at = next(
            i
            for i, p in enumerate(shown)
            if p.name in ("threads", "level", "model", "models", "most", "discount")
        )
        unit = inspect.Parameter("unit", inspect.Parameter.KEYWORD_ONLY, default=None,
                                 annotation="str | None")  # fmt: skip
        shown.insert(at, unit)

    @functools.wraps(inner)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        given = dict(zip(places, args, strict=False))
        if len(args) <= len(places) and not set(given) & set(kwargs):
            args, kwargs = (), {**given, **kwargs}
        unit = kwargs.pop("unit", None) if takes_summary else None
        names: list[str] = []
        if "fit" in kwargs:
            if not isinstance(kwargs["fit"], PurchaseFit):
                raise InvalidArgument(
                    f"{inner.__name__}: fit must be a PurchaseFit, got "
                    f"{type(kwargs['fit']).__name__}; write fit = fit_purchases(summary) first"
                )
            kwargs["fit"] = kwargs["fit"]._core
            names = kwargs["fit"].covariates
        if "covariates" in kwargs:
            model = kwargs.get("model", inner.__signature__.parameters["model"].default)
            kwargs["covariates"] = _roles(inner.__name__, model, kwargs["covariates"])
            names = [name for of in kwargs["covariates"].values() for name in of]
        if takes_summary and "summary" in kwargs:
            kwargs["summary"] = columns_of(inner.__name__, kwargs["summary"], unit, names)
        result = inner(*args, **kwargs)
        return PurchaseFit(result) if isinstance(result, _core.PurchaseFit) else result

    wrapper.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        shown, return_annotation=_returned(inner)
    )
    del wrapper.__wrapped__  # type: ignore[attr-defined]
    return wrapper  # type: ignore[return-value]


def _returned(function: Any) -> Any:
    returned = inspect.signature(function).return_annotation
    return "PurchaseFit" if "PurchaseFit" in str(returned) else returned


_MODULE = "emptor.customers"
fit_purchases = of_summaries(_MODULE, _core.fit_purchases)
purchase_fit = of_summaries(_MODULE, _core.purchase_fit)
p_alive = of_summaries(_MODULE, _core.p_alive)
expected_purchases = of_summaries(_MODULE, _core.expected_purchases)
expected_purchases_new = of_summaries(_MODULE, _core.expected_purchases_new)
discounted_purchases = of_summaries(_MODULE, _core.discounted_purchases)
next_purchase = of_summaries(_MODULE, _core.next_purchase)
purchase_distribution = of_summaries(_MODULE, _core.purchase_distribution)
simulate_purchases = of_summaries(_MODULE, _core.simulate_purchases)

_compare_models = of_summaries(_MODULE, _core.compare_models)


@functools.wraps(_compare_models)
def compare_models(summary: Any, **options: Any) -> Frame:
    if "holdout_frequency" not in options and "holdout_frequency" in _names(summary):
        options["holdout_frequency"] = _numbers(
            "compare_models", "holdout_frequency", summary["holdout_frequency"], True
        )
        if isinstance(summary, Frame) and "holdout_T" not in options:
            options["holdout_T"] = float(summary.info.get("holdout_T", 0))
    return _compare_models(summary, **options)


del compare_models.__wrapped__  # the signature is that of the core's function


class PurchaseFit(Fit):
    """A fitted purchase model: parameters and how well they are known, without the data.

    ``fit.table`` holds the parameters with intervals, ``fit.info`` all else; times are in the unit
    of the summary. ``log_covariance`` is that of the logarithms of the parameters, and of the
    coefficients of covariates as they are. What it is asked (``fit.p_alive(s)``) are the functions
    of the same names in ``emptor.customers``.
    """

    __slots__ = ()
    _REASONS: ClassVar[dict[str, str]] = {
        "no_leaving": "these data show no permanent leaving; P(alive) cannot rank the customers",
        "same_rates": "the data do not tell the customers' buying rates apart",
        "same_leaving": "the data do not tell how leaving differs between customers",
        "no_repeat": "nobody bought twice",
        "few_customers": "fewer than 10 customers bought twice",
        "covariate_at_bound": "a covariate parts those who buy or leave from those who never do",
    }

    @classmethod
    def _from_bytes(cls, data: bytes) -> PurchaseFit:
        return cls(_core.PurchaseFit.from_bytes(data))

    @property
    def model(self) -> str:
        return self._table.info["model"]

    @property
    def unit(self) -> str:
        return self._table.info["unit"]

    @property
    def aic(self) -> float:
        return self._table.info["aic"]

    @property
    def bic(self) -> float:
        return self._table.info["bic"]

    def p_alive(self, summary: Any, **options: Any) -> Frame:
        return p_alive(self, summary, **options)

    def expected_purchases(self, summary: Any, *args: Any, **options: Any) -> Frame:
        return expected_purchases(self, summary, *args, **options)

    def expected_purchases_new(self, *args: Any, **options: Any) -> Frame:
        return expected_purchases_new(self, *args, **options)

    def discounted_purchases(self, summary: Any, **options: Any) -> Frame:
        return discounted_purchases(self, summary, **options)

    def next_purchase(self, summary: Any, **options: Any) -> Frame:
        return next_purchase(self, summary, **options)

    def purchase_distribution(self, summary: Any, *args: Any, **options: Any) -> Frame:
        return purchase_distribution(self, summary, *args, **options)

    def simulate_purchases(self, **options: Any) -> Frame:
        return simulate_purchases(self, **options)

    def __repr__(self) -> str:
        info = self._table.info
        asked = "" if info["asked"] == info["model"] else f" (asked for {info['asked']})"
        shape = f", k = {info['k']}" if info["k"] > 1 else ""
        head = f"PurchaseFit {info['model']}{shape}{asked}: {info['n']:,} customers"
        if info["n"]:
            head += f", {info['n_repeat']:,} with repeat purchases, times in {info['unit']}"
        numbers = (
            f"log-likelihood {info['log_likelihood']:.2f}, AIC {info['aic']:.2f}, "
            f"BIC {info['bic']:.2f}; {self._state()}"
        )
        table = self._table.select(["parameter", "value", "value_low", "value_high",
                                    "standard_error"])  # fmt: skip
        return f"{head}\n{numbers}\n{table}"
