"""ARIMA: fits that forecast, simulate and go on with new values, with drivers beside the series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from ._core import forecasting as _core
from ._core.core import InvalidArgument
from ._drivers import drivers_of, future_drivers
from ._panel import panel_of
from ._series_fits import SeriesFits, at_least_one
from .frame import Frame

__all__ = ["ArimaFits", "arima"]


class ArimaFits(SeriesFits):
    """Fitted ARIMA models of one or more series. Made by ``arima``; never changes.

    ``parameters`` is a table with a row per series: orders chosen, mean or drift, what each driver
    goes with, criteria. Methods that speak of one series take its name, which a single one needs
    not. Fits can be pickled; they hold no data.
    """

    def forecast(
        self,
        horizon: int,
        *,
        level: float | Sequence[float] = (0.8, 0.95),
        drivers: Any = None,
        nonnegative: bool = False,
    ) -> Frame:
        """The next ``horizon`` periods of every series, with the intervals of the model.

        ``drivers`` are the future values of what the fits rest on, as in ``arima``: matched by
        name, and by date where the series have dates. Intervals hold if the model is true;
        ``forecast(series, model="arima")`` calibrates them on past forecasts instead.
        ``nonnegative`` sets forecasts and ends under 0 to 0.
        """
        if horizon < 1:
            raise InvalidArgument(f"forecast: horizon is {horizon}; write periods ahead, as 8")
        levels = [level] if isinstance(level, (int, float)) else list(level)
        x = self._future("forecast", drivers, [horizon] * len(self))
        return self._fits.forecast(horizon, levels, np.concatenate([v.ravel() for v in x] or [[]]),
                                   nonnegative)  # fmt: skip

    def simulate(
        self,
        horizon: int,
        *,
        paths: int = 1000,
        seed: int = 1,
        series: Any = None,
        drivers: Any = None,
    ) -> np.ndarray:
        """Possible futures of one series, an array (paths, horizon)."""
        at_least_one("simulate", horizon=horizon, paths=paths)
        place = self._place("simulate", series)
        steps = [horizon if s == place else 0 for s in range(len(self))]
        x = self._future("simulate", drivers, steps)[place]
        return self._fits.simulate(place, horizon, paths, seed, x.ravel())

    def coefficients(self, series: Any = None) -> dict[str, Any]:
        """Orders, weights, drivers' coefficients and likelihood of one series."""
        return self._fits.one(self._place("coefficients", series))

    def steps(self, series: Any = None) -> dict[str, np.ndarray]:
        """One-step forecasts (``fitted``) and errors (``residual``); needs ``keep=True``."""
        found = self._fits.steps(self._place("steps", series))
        if len(found["fitted"]) == 0:
            raise InvalidArgument("steps: nothing was kept; call arima(..., keep=True)")
        return found

    def update(self, values: Any, *, drivers: Any = None) -> ArimaFits:
        """The fits after further values: weights stay, states move on.

        ``values`` is an array for a single series, a dict of arrays by name for several; a name
        that is left out has no new values. NaN is a missing value, and counts as a period.
        ``drivers`` are those of the new periods.
        """
        new = self._new_values(values)
        x = self._future("update", drivers, [len(v) for v in new])
        return ArimaFits(self._fits.updated(new, [v.ravel() for v in x]), self._names)

    def _future(self, function: str, drivers: Any, steps: list[int]) -> list[np.ndarray]:
        ids = None if self._names is None or self._names == [""] else self._names
        return future_drivers(
            function, drivers, self._fits.drivers, ids, self._fits.next, self._fits.period, steps
        )


def arima(
    series: Any,
    *,
    order: Sequence[int] | None = None,
    seasonal_order: Sequence[int] | None = None,
    constant: bool | None = None,
    season_length: int | None = None,
    drivers: Any = None,
    differences: int | None = None,
    seasonal_differences: int | None = None,
    max_ar: int = 5,
    max_ma: int = 5,
    max_seasonal_ar: int = 2,
    max_seasonal_ma: int = 2,
    stepwise: bool = True,
    max_order: int = 5,
    max_models: int = 94,
    criterion: Literal["aicc", "aic", "bic"] = "aicc",
    keep: bool = False,
    period: str | None = None,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> ArimaFits:
    """Fits a seasonal ARIMA model, with drivers where there are some, to every series.

    ``series`` is what ``forecast`` takes. Without ``order`` the orders are chosen by ``criterion``:
    differences by the KPSS test and the strength of the season, the rest by Hyndman and Khandakar's
    walk, or, with ``stepwise=False``, among all with p + q + P + Q up to ``max_order``.
    ``order=(p, d, q)`` and ``seasonal_order=(P, D, Q)`` fit that one. ``constant`` asks for a mean,
    or a drift after one difference; None lets the criterion say (with ``order``: a mean where there
    are no differences).

    ``drivers`` go beside the series and must be known at every period: names of columns of
    ``series``; or a table with 'ds' (and 'unique_id') and a column each; or arrays by name, of
    several series by series and then by name. One that is constant, or told by those before it, is
    left out and named in ``dropped``. NaN in a series is a missing value, and is integrated out
    exactly. ``keep=True`` keeps one-step forecasts and errors.
    """
    data = panel_of("arima", series, period)
    names, x = drivers_of("arima", drivers, series, data)
    if season_length is not None and season_length < 1:
        raise InvalidArgument(
            f"arima: season_length is {season_length}; write periods per season, as 12, or 1 for "
            "none"
        )
    rows = ("offset", "start", "complete", "period", "ids", "group", "by", "value")
    fits = _core._arima(
        data.y,
        **{name: getattr(data, name) for name in rows},
        drivers=x if names else None,
        names=names,
        order=_three("order", order, "(1, 1, 1)"),
        seasonal_order=_three("seasonal_order", seasonal_order, "(0, 1, 1)"),
        constant=constant,
        season_length=season_length,
        differences=differences,
        seasonal_differences=seasonal_differences,
        max_ar=max_ar,
        max_ma=max_ma,
        max_seasonal_ar=max_seasonal_ar,
        max_seasonal_ma=max_seasonal_ma,
        stepwise=stepwise,
        max_order=max_order,
        max_models=max_models,
        criterion=criterion,
        keep=keep,
        threads=threads,
        progress=progress,
        memory_limit=memory_limit,
    )
    of_series = None if data.ids is None else [data.ids[code] for code in data.group]
    return ArimaFits(fits, of_series)


def _three(name: str, order: Sequence[int] | None, example: str) -> list[int] | None:
    if order is None:
        return None
    try:
        found = [int(k) for k in order]
    except (TypeError, ValueError):
        found = []
    if len(found) != 3:
        raise InvalidArgument(
            f"arima: {name} is {str(order)[:40]}; write three orders, as {example}"
        )
    return found
