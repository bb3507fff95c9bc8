"""Discrete-time hazard regression: what moves the time to an event, and survival foretold."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from . import _input
from ._columns import flags, numbers
from ._core import customers as _core
from ._files import write_atomically
from .frame import Frame


class HazardFit:
    """A fitted hazard model, without the data: ``terms``, ``periods``, ``predict(covariates)``."""

    __slots__ = ("_model",)

    def __init__(self, model: _core.HazardModel) -> None:
        self._model = model

    @property
    def info(self) -> dict[str, Any]:
        """Rows, events, link, log-likelihood, the status of the fit."""
        return self._model.periods().info

    @property
    def terms(self) -> Frame:
        """A row per column or level: coefficient and ratio (of odds, or of hazards) with its
        interval."""
        return self._model.terms()

    @property
    def periods(self) -> Frame:
        """A row per period: the chance of the event for the mean row, rows at risk, events."""
        return self._model.periods()

    def predict(
        self,
        covariates: Any,
        *,
        threads: int | None = None,
        progress: Any = None,
        memory_limit: int | None = None,
    ) -> Frame:
        """Survival of each row of a table were its values to stay: a row per row and period, with
        the interval of the curve. Columns go by name; ``.info["diff"]`` tells what differs."""
        return _core.hazard_survival(
            self._model,
            _input.table("covariates", covariates),
            threads=threads,
            progress=progress,
            memory_limit=memory_limit,
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the fit to a file in one step; ``em.load`` reads it back to the last bit."""
        write_atomically(Path(path), self._model.to_bytes())

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (self._model.to_bytes(),)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HazardFit) and self._model.to_bytes() == other._model.to_bytes()

    def __hash__(self) -> int:
        return hash(self._model.to_bytes())

    def __repr__(self) -> str:
        info = self.info
        head = (
            f"HazardFit: {info['link']}, {info['n']:,} rows, {info['n_events']:,} events, "
            f"{len(self.periods)} periods of {info['period']:g}; status {info['status']}"
        )
        return f"{head}\n{self.terms}"


def hazard_regression(
    durations: Any,
    events: Any,
    covariates: Any,
    *,
    entry: Any = None,
    period: float = 1.0,
    link: str = "logit",
    penalty: float = 0.0,
    smoothness: float = 1.0,
    level: float = 0.95,
    max_periods: int = 600,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> HazardFit:
    """What moves the chance that the event comes in the next period, if it has not come yet?

    ``durations`` is how long each row was watched, ``events`` whether the event was seen at its end
    (1) or watching only ended (0); ``covariates`` a table with a row for each. Durations are cut
    into periods of length ``period``; every period has a baseline of its own, whose steps
    ``smoothness`` holds small (0: not at all). Values that change over time are given as rows that
    follow each other, each with its ``entry``. ``link="logit"`` gives ratios of odds,
    ``"cloglog"`` ratios of hazards as in Cox's model. ``penalty`` is that of coefficients per
    standard deviation.

    Rows are taken as independent, and the end of watching as telling nothing about the event; what
    goes together is not what causes.
    """
    function = "hazard_regression"
    return HazardFit(
        _core.hazard_regression(
            numbers(function, "durations", durations),
            flags(function, "events", events),
            _input.table("covariates", covariates),
            entry=None if entry is None else numbers(function, "entry", entry),
            period=period,
            link=link,
            penalty=penalty,
            smoothness=smoothness,
            level=level,
            max_periods=max_periods,
            threads=threads,
            progress=progress,
            memory_limit=memory_limit,
        )
    )


def _unpickled(data: bytes) -> HazardFit:
    return HazardFit(_core.HazardModel.from_bytes(data))
