"""Churn: a fitted model, what it promises, and who is at risk."""

from __future__ import annotations

import html
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import _input, _wording
from ._back_ends import LIBRARIES
from ._core import customers as _core
from ._core.core import InvalidArgument
from ._core.data import Sales as CoreSales
from ._files import write_atomically
from ._public import public
from .frame import Frame

_of_sales = public("emptor.customers", _core.churn)
_of_table = public("emptor.customers", _core.churn_table)
_scores = public("emptor.customers", _core.churn_scores)
_table_scores = public("emptor.customers", _core.churn_scores_table)
_counterfactuals = public("emptor.customers", _core.churn_counterfactuals)
_table_counterfactuals = public("emptor.customers", _core.churn_counterfactuals_table)

_MODELS = ("additive", "logistic")
_OF_TABLES = ("target", "event", "id", "exclude")
_OF_SALES = ("horizon", "step", "max_snapshots")


class ChurnFit:
    """A churn model, and what it promises on customers it had not seen.

    ``predict(data)`` scores sales or a table like that of the fit. Nothing of the data is kept.
    """

    __slots__ = ("_fit",)

    def __init__(self, fit: _core.ChurnFit) -> None:
        self._fit = fit

    def _ready(self) -> _core.ChurnFit:
        """The fit, with the library that learnt it: files do not hold that."""
        if self._fit.back_end in LIBRARIES:
            self._fit.set_back_end(LIBRARIES[self._fit.back_end]())
        return self._fit

    @property
    def info(self) -> dict[str, Any]:
        """How it was fitted: rows, folds, snapshots, the expected maximum profit, the status."""
        return self._fit.snapshots().info

    @property
    def metrics(self) -> Frame:
        """AUC, average precision, Brier score, log loss and lift with their intervals, from
        forecasts by models that saw neither the customer nor, of sales, the time."""
        return self._fit.metrics()

    @property
    def reliability(self) -> Frame:
        """Forecasts and what came of them, by bins."""
        return self._fit.reliability()

    @property
    def lift(self) -> Frame:
        """Whom the highest probabilities catch: share of those who left and lift by the share of
        customers looked at, held out, with intervals; ``charts.lift`` draws it."""
        return self._fit.lift()

    @property
    def terms(self) -> Frame:
        """What the model looks at: importance of columns and pairs, the largest first, or
        coefficients."""
        found = self._fit.terms()
        by_importance = "importance" in found.all_columns
        return found.sort("importance", descending=True) if by_importance else found

    @property
    def snapshots(self) -> Frame:
        """The days customers were looked at (of sales)."""
        return self._fit.snapshots()

    @property
    def note(self) -> str:
        """What the metrics say of later, in a sentence."""
        return _wording.churn_note(self.info)

    def term(self, column: str) -> Frame:
        """How the odds move along one column (additive model)."""
        return self._fit.term(column)

    def predict(
        self,
        data: Any,
        *,
        threads: int | None = None,
        progress: Any = None,
        memory_limit: int | None = None,
    ) -> Frame:
        """The probability of leaving, its band, and the reasons: one row per customer of sales at
        their moment, or per row of a table.

        Columns of a table go by name; another order and unknown columns do not matter, categories
        the fit did not see count as missing. ``.info["diff"]`` tells all of it. Raises DataError
        with the difference if a column is missing or of another type.
        """
        call = {"threads": threads, "progress": progress, "memory_limit": memory_limit}
        if isinstance(data, CoreSales):
            found = _scores(self._ready(), data, **call)
        else:
            found = _table_scores(self._ready(), _input.table("data", data), **call)
        return _with_reasons(found)

    def counterfactuals(
        self,
        data: Any,
        *,
        threshold: float | None = None,
        fixed: Sequence[str] = (),
        directions: Mapping[str, int] | None = None,
        max_changes: int = 2,
        threads: int | None = None,
        progress: Any = None,
        memory_limit: int | None = None,
    ) -> Frame:
        """What is the least that would have to be otherwise for the model to see a customer at or
        below ``threshold`` (by default the share who left)? A row per customer above it, with the
        change in words.

        Exact for the additive model: fewest columns first, at most ``max_changes`` (3 at most),
        then the smallest size: of numbers the share of customers passed by, of categories the
        share that is not there. Name in ``fixed`` the columns nobody can act on; ``directions``
        holds columns of numbers to going up (1) or down (-1), as ``{"tenure": 1}``. It reads the
        model, not the world: nothing here says that changing a column keeps a customer.
        """
        options = {
            "threshold": 0.0 if threshold is None else threshold,
            "fixed": [fixed] if isinstance(fixed, str) else list(fixed),
            "directions": list((directions or {}).items()), "max_changes": max_changes,
            "threads": threads, "progress": progress, "memory_limit": memory_limit,
        }  # fmt: skip
        if threshold == 0:
            raise InvalidArgument("counterfactuals: threshold must lie between 0 and 1, as 0.2")
        if isinstance(data, CoreSales):
            found = _counterfactuals(self._fit, data, **options)
        else:
            found = _table_counterfactuals(self._fit, _input.table("data", data), **options)
        return _with_changes(found)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the fit to a file in one step; ``em.load`` reads it back."""
        write_atomically(Path(path), self._fit.to_bytes())

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (self._fit.to_bytes(),)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ChurnFit) and self._fit.to_bytes() == other._fit.to_bytes()

    def __hash__(self) -> int:
        return hash(self._fit.to_bytes())

    def __repr__(self) -> str:
        info = self.info
        head = f"ChurnFit: {info['model']}, {info['n']:,} rows, {info['n_events']:,} left"
        return "\n".join([head, repr(self.metrics), self.note])

    def _repr_html_(self) -> str:
        info = self.info
        head = f"{info['model']}, {info['n']:,} rows, {info['n_events']:,} left"
        note = html.escape(self.note)
        return f"<p>{html.escape(head)}</p>{self.metrics._repr_html_()}<p>{note}</p>"


def churn(
    data: Any,
    *,
    target: str | None = None,
    event: str | None = None,
    id: str | None = None,
    exclude: Sequence[str] | None = None,
    horizon: str | None = None,
    step: str | None = None,
    max_snapshots: int | None = None,
    model: str = "additive",
    model_options: Mapping[str, Any] | None = None,
    calibration: str = "platt",
    folds: int = 5,
    level: float = 0.95,
    seed: int = 1,
    max_pairs: int = 10,
    penalty: float = 1.0,
    monotone: Mapping[str, int] | None = None,
    value: str = "",
    customer_value: float = 200.0,
    incentive_cost: float = 10.0,
    contact_cost: float = 1.0,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> ChurnFit:
    """Who is leaving, and why? Learnt from who left before.

    From sales (``churn(sales, horizon="90 days")``): customers are looked at on several past days
    (snapshots, ``step`` apart, at most ``max_snapshots``), each as the sales were known on that
    day, and have left if they bought nothing in the horizon after it. The metrics come from
    snapshots after all outcomes that model and calibration learnt from were complete, and from
    customers they did not see.

    From a table (``churn(table, target="Churn", id="customerID")``): one row per customer, any
    data frame, dict of arrays or path of a CSV file, with a column ``target`` that says who left
    (``event`` names its value where it is not plainly a yes or no). Such a table has no times, so
    nothing is known of later performance.

    ``model`` is "additive" (boosted steps of columns and pairs of columns), "logistic", or
    "lightgbm" or "xgboost" where the library is installed (``model_options`` are its own
    parameters): its trees are calibrated, measured and explained here like the others.
    ``calibration`` is "platt", "beta", "isotonic" or "none"; ``monotone`` binds the risk to rise
    (1) or fall (-1) along columns of numbers, by name.

    ``info["expected_maximum_profit"]`` is what an offer to the customers of highest probability
    earns per customer (EMPC): ``incentive_cost`` is paid for an offer taken, ``contact_cost`` for
    one made, ``customer_value`` is what keeping a customer brings, or the column ``value`` names
    (of sales one of those of ``churn_features``, as "spend_365"). Raises DataError naming what is
    missing, InvalidArgument.
    """
    own = {"target": target, "event": event, "id": id, "exclude": exclude,
           "horizon": horizon, "step": step, "max_snapshots": max_snapshots}  # fmt: skip
    given = {name: value for name, value in own.items() if value is not None}
    of_sales = isinstance(data, CoreSales)
    for name in given:
        if name in (_OF_TABLES if of_sales else _OF_SALES):
            kind, other = ("sales", "tables") if of_sales else ("a table", "sales")
            raise InvalidArgument(f"churn: {name}= is for {other}, and this is {kind}")
    back_end = None
    if model in LIBRARIES:
        back_end = LIBRARIES[model](seed=seed, monotone=monotone, options=model_options)
        model = "additive"  # says nothing where there is a back end
    elif model not in _MODELS:
        raise InvalidArgument(
            'churn: model must be "additive", "logistic", "lightgbm" or "xgboost", got '
            f'"{str(model)[:40]}"'
        )
    elif model_options:
        raise InvalidArgument(f"churn: model_options= are for {_listed()}; {model!r} has its own "
                              "arguments")  # fmt: skip
    options = {
        "model": model, "back_end": back_end, "value": value, "customer_value": customer_value,
        "incentive_cost": incentive_cost, "contact_cost": contact_cost,
        "calibration": calibration, "folds": folds, "level": level, "seed": seed,
        "max_pairs": max_pairs, "penalty": penalty, "monotone": list((monotone or {}).items()),
        "threads": threads, "progress": progress, "memory_limit": memory_limit,
    }  # fmt: skip
    if of_sales:
        return ChurnFit(_of_sales(data, **given, **options))
    if "exclude" in given:
        given["exclude"] = [exclude] if isinstance(exclude, str) else list(exclude or ())
    return ChurnFit(_of_table(_input.table("data", data), **given, **options))


def _listed() -> str:
    return " and ".join(LIBRARIES)


def _texts(column: Any) -> list[str]:
    """The texts of a column, "" where there is none."""
    return ["" if one is None else str(one) for one in column]


def _with_reasons(found: Frame) -> Frame:
    columns = found.to_dict("all")
    reasons = [_texts(columns[f"reason_{k}"]) for k in (1, 2, 3)]
    values = [_texts(columns[f"reason_{k}_value"]) for k in (1, 2, 3)]
    effects = [columns[f"reason_{k}_effect"].tolist() for k in (1, 2, 3)]
    words = [
        _wording.churn_reasons(
            [(reasons[k][i], values[k][i], effects[k][i]) for k in range(3) if reasons[k][i]]
        )
        for i in range(len(found))
    ]
    doc = "what moves the odds most, in words"
    return found.with_column("reasons", words, after="probability_high", doc=doc)


def _with_changes(found: Frame) -> Frame:
    columns = found.to_dict("all")
    texts = {
        name: _texts(columns[name])
        for k in (1, 2, 3)
        for name in (f"change_{k}", f"change_{k}_from", f"change_{k}_to")
    }
    words = [
        _wording.counterfactual(
            [
                (texts[f"change_{k}"][i], texts[f"change_{k}_from"][i], texts[f"change_{k}_to"][i])
                for k in (1, 2, 3)
                if texts[f"change_{k}"][i]
            ],
            float(after),
        )
        for i, after in enumerate(columns["probability_after"])
    ]
    doc = "what would have to be otherwise, in words"
    return found.with_column("change", words, after="changes", doc=doc)


def _unpickled(data: bytes) -> ChurnFit:
    return ChurnFit(_core.ChurnFit.from_bytes(data))
