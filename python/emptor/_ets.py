"""Exponential smoothing: fits that forecast, simulate and go on with new values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from ._core import forecasting as _core
from ._core.core import InvalidArgument
from ._panel import panel_of
from ._series_fits import SeriesFits, at_least_one
from .frame import Frame

__all__ = ["EtsFits", "ets"]


class EtsFits(SeriesFits):
    """Fitted exponential smoothing of one or more series. Made by ``ets``; never changes.

    ``parameters`` is a table with a row per series: the form chosen, its weights, states at the end
    and criteria. Methods that speak of one series take its name, which a single one needs not.
    """

    def forecast(self, horizon: int, *, level: float | Sequence[float] = (0.8, 0.95)) -> Frame:
        """The next ``horizon`` periods of every series, with the intervals of the model.

        They hold if the model is true and its parameters known; ``forecast(series, model="ets")``
        calibrates intervals on past forecasts instead.
        """
        levels = [level] if isinstance(level, (int, float)) else list(level)
        return self._fits.forecast(horizon, levels)

    def simulate(
        self, horizon: int, *, paths: int = 1000, seed: int = 1, series: Any = None
    ) -> np.ndarray:
        """Possible futures of one series, an array (paths, horizon)."""
        at_least_one("simulate", horizon=horizon, paths=paths)
        return self._fits.simulate(self._place("simulate", series), horizon, paths, seed)

    def states(self, series: Any = None) -> dict[str, Any]:
        """Weights, states before the first and after the last value, likelihood of one series."""
        return self._fits.one(self._place("states", series))

    def components(self, series: Any = None) -> dict[str, np.ndarray]:
        """One-step forecasts, level, slope, season and errors of each step; needs ``keep=True``."""
        found = self._fits.components(self._place("components", series))
        if len(found["fitted"]) == 0:
            raise InvalidArgument("components: nothing was kept; call ets(..., keep=True)")
        return found

    def update(self, values: Any) -> EtsFits:
        """The fits after further values: weights stay, states move on.

        ``values`` is an array for a single series, a dict of arrays by name for several; a name
        that is left out has no new values. NaN is a missing value, and counts as a period.
        """
        return EtsFits(self._fits.updated(self._new_values(values)), self._names)


def ets(
    series: Any,
    *,
    model: str = "ZZZ",
    damped: bool | None = None,
    season_length: int | None = None,
    prior: Literal["learned"] | float | None = "learned",
    bounds: Literal["usual", "admissible"] = "usual",
    initial: Literal["estimated", "regression"] = "estimated",
    likelihood: Literal["gaussian", "r"] = "gaussian",
    criterion: Literal["aicc", "aic", "bic"] = "aicc",
    alpha: float | None = None,
    beta: float | None = None,
    gamma: float | None = None,
    phi: float | None = None,
    keep: bool = False,
    period: str | None = None,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> EtsFits:
    """Fits exponential smoothing (ETS) to every series.

    ``series`` is what ``forecast`` takes. ``model`` is three letters, error, trend and season: "N"
    none, "A" adds, "M" multiplies, "Z" whatever is best by ``criterion`` of the 15 standard forms;
    "Ad" or ``damped=True`` damps the trend. No season is claimed under two full ones.

    ``prior`` draws trends to straight lines: by as much as foretold the last values of these series
    best ("learned"), by a rate (20 is usual), or not at all (None, as R and statsforecast).
    ``alpha``, ``beta``, ``gamma`` and ``phi`` hold a weight. ``likelihood="r"`` states criteria
    as R and statsforecast do, without constants. ``keep=True`` keeps the components of every step.
    """
    data = panel_of("ets", series, period)
    if prior == "learned":
        rate = None
    elif prior is None or isinstance(prior, (int, float)):
        rate = float(prior or 0)
    else:
        raise InvalidArgument(
            f"ets: prior is {prior!r}; write 'learned', a rate such as 20, or None"
        )
    if season_length is not None and season_length < 1:
        raise InvalidArgument(
            f"ets: season_length is {season_length}; write periods per season, as 12, or 1 for none"
        )
    names = ("offset", "start", "complete", "period", "ids", "group", "by", "value")
    rows = {name: getattr(data, name) for name in names}
    fits = _core._ets(
        data.y,
        **rows,
        model=model,
        damped=damped,
        season_length=season_length,
        beta_rate=rate,
        bounds=bounds,
        initial=initial,
        likelihood=likelihood,
        criterion=criterion,
        alpha=alpha,
        beta=beta,
        gamma=gamma,
        phi=phi,
        keep=keep,
        threads=threads,
        progress=progress,
        memory_limit=memory_limit,
    )
    of_series = None if data.ids is None else [data.ids[code] for code in data.group]
    return EtsFits(fits, of_series)
