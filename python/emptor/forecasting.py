"""What the next weeks bring, and how sure we are of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from . import _hierarchy, _wording
from ._arima import ArimaFits, arima
from ._core import forecasting as _core
from ._core.core import InvalidArgument
from ._ets import EtsFits, ets
from ._panel import Panel, panel_of
from .frame import Frame

__all__ = [
    "ArimaFits",
    "EtsFits",
    "arima",
    "backtest",
    "backtest_forecasts",
    "backtest_series",
    "backtest_steps",
    "ces",
    "ets",
    "explain",
    "forecast",
    "forecast_accuracy",
    "forecast_total",
    "nowcast",
    "reconcile",
    "stl",
    "stl_strength",
]


def forecast(
    series: Any,
    *,
    horizon: int | None = None,
    model: str = "auto",
    level: float | Sequence[float] = (0.8, 0.95),
    season_length: int | None = None,
    windows: int = 20,
    period: str | None = None,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """What will the next periods bring, and how sure is that?

    A row is a period ahead of a series: ``forecast``, the interval the value lies in with 80 and
    95 % confidence, and ``naive``, what repeating the past would say. ``status`` is "ok" where the
    series' own past forecasts stand behind the interval.

    ``series`` is ``sales.series(...)``, an array, a dict of arrays by name, or a table (pandas,
    polars, pyarrow, dict) with columns ``unique_id`` (may be left out), ``ds`` and ``y``. NaN is a
    missing value; periods marked as not complete are left out, and the first of them is what is
    forecast first (``so_far`` shows what it holds already).

    ``horizon`` is 14 days, 8 weeks, 3 months, 2 quarters or 1 year if not given, at most a quarter
    of the history; steps beyond a quarter have status "extrapolated". ``model`` is "auto" (DOTM,
    thetaf and the seasonal naive model, TSB of what is sold seldom, else ETS of what has seasons,
    weighted by their errors in the past), "dotm", "otm", "dstm", "stm", "thetaf", "ets", "arima",
    "ces", "naive", "seasonal_naive", "drift", "mean", or for what is sold seldom "croston", "sba",
    "tsb", "adida" or "imapa".
    ``season_length`` is 7 days, 52 weeks, 12 months or 4 quarters if not given; no season is
    claimed under two full ones. ``windows`` past forecasts of each series calibrate the intervals;
    ``info["coverage_95"]`` is the share of past values that lay inside the interval they would have
    had.
    """
    return _run(_core.forecast, "forecast", locals())


def forecast_total(
    series: Any,
    *,
    horizon: int | None = None,
    model: str = "auto",
    level: float | Sequence[float] = (0.8, 0.95),
    season_length: int | None = None,
    windows: int = 20,
    period: str | None = None,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """What will the next periods bring together, and how sure is that?

    A row is a series: ``total`` is the sum of its next ``periods``, with an interval of its own.
    Arguments as of ``forecast``.

    Ends of intervals do not add up: the interval of a sum is calibrated on sums of the past.
    """
    return _run(_core.forecast_total, "forecast_total", locals())


def forecast_accuracy(
    series: Any,
    *,
    horizon: int | None = None,
    model: str = "auto",
    level: float | Sequence[float] = (0.8, 0.95),
    season_length: int | None = None,
    windows: int = 20,
    period: str | None = None,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """How good were such forecasts in the past?

    A row is a series, judged by forecasts of its past that did not see what came after. Arguments
    as of ``forecast``.

    ``mase`` below 1 beats repeating the past; ``coverage_95`` is the share of past values inside
    the interval they would have had, to be held against 95 %.
    """
    return _run(_core.forecast_accuracy, "forecast_accuracy", locals())


def ces(
    series: Any,
    *,
    season_length: int | None = None,
    form: str = "auto",
    period: str | None = None,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """Complex exponential smoothing: the weights and the form that fit each series.

    A row is a series. ``form`` is "auto" (the best by AICc), "none", "simple" (every value follows
    the one a season before), "partial" (indices are added to a level) or "full" (indices that grow
    and fall). ``series`` and ``season_length`` as of ``forecast``, which makes forecasts with
    ``model="ces"``.
    """
    panel = panel_of("ces", series, period)
    return _core.ces(
        panel.y,
        **_rows(panel),
        season_length=season_length,
        form=form,
        threads=threads,
        progress=progress,
        memory_limit=memory_limit,
    )


def explain(
    now: Any,
    before: Any,
    *,
    horizon: int | None = None,
    model: str = "auto",
    season_length: int | None = None,
    windows: int = 20,
    period: str | None = None,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """Why does this forecast differ from the last one? An exact account, whatever the model.

    ``before`` is the series as it was known then (``sales.as_of(day).series(...)``), ``now`` as it
    is known today; both as ``forecast`` takes them. For every period ahead there is a row for the
    forecast of then (``cause`` "before"), one for what is known otherwise now of the periods known
    then ("restated": returns, late entries), one for each period that became known since
    ("new_period", with what was ``expected`` and the ``actual``), and the forecast of today
    ("now"). Their amounts add up. ``reason`` says it in words.
    """
    frame = _core.explain(
        _both(panel_of("explain", now, period)),
        _both(panel_of("explain", before, period)),
        horizon=horizon,
        model=model,
        season_length=season_length,
        windows=windows,
        threads=threads,
        progress=progress,
        memory_limit=memory_limit,
    )
    names = ("cause", "amount", "actual", "expected", "learnt")
    names = tuple(name for name in names if name in frame.all_columns)
    rows = zip(*(frame[name].tolist() for name in names), strict=True)
    unit = str(frame.info.get("period", ""))
    reasons = [_wording.forecast_change(dict(zip(names, row, strict=True)), unit) for row in rows]
    return frame.with_column("reason", reasons, after="amount", doc="the cause in words")


def nowcast(
    series: Any,
    *,
    period: str = "month",
    model: str = "auto",
    level: float | Sequence[float] = (0.8, 0.95),
    windows: int = 20,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """What will the period that has begun hold at its end?

    A row is a series: ``so_far`` is the sum of the days known, ``total`` adds the forecast of the
    ``days_left``, with an interval calibrated on such sums of the past. ``before`` and
    ``year_before`` are the period before and the same one a year ago, where they are known whole.

    ``series`` is daily: ``sales.series(period="day")``, or a table with columns ``unique_id`` (may
    be left out), ``ds`` and ``y``. ``period`` is "week", "month", "quarter", "year" or one of a
    firm's own year, as "month of 4-4-5 years to the last Saturday of January".
    """
    panel = panel_of("nowcast", series, None if isinstance(series, Frame) else "day")
    rows = _rows(panel)
    rows["series_period"] = rows.pop("period")
    return _core.nowcast(
        panel.y,
        **rows,
        period=period,
        model=model,
        level=[level] if isinstance(level, (int, float)) else list(level),
        windows=windows,
        threads=threads,
        progress=progress,
        memory_limit=memory_limit,
    )


def backtest(
    series: Any,
    *,
    horizon: int | None = None,
    windows: int = 5,
    step: int | None = None,
    models: str | Sequence[str] = ("auto",),
    level: float | Sequence[float] = (0.8, 0.95),
    season_length: int | None = None,
    calibration_windows: int = 20,
    period: str | None = None,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """How good would forecasts have been, and which model is best?

    A row is a model, and the naive one is always beside. At each of ``windows`` past origins
    ``forecast`` is run on what was known then, calibration of its intervals included, and held
    against what came. ``skill`` is the share of the naive model's error a model saves, with its
    95 % interval: if that holds 0, the model has not been shown to be better. ``wql`` and
    ``coverage_95`` judge the intervals.

    ``series``, ``horizon``, ``level``, ``season_length`` and ``period`` are those of ``forecast``;
    ``models`` is any of its models, or several. Origins lie ``step`` periods apart, the horizon if
    not given. A series without the data for all windows has fewer, and ``status`` says so.
    ``columns="all"`` has the intervals of every score. ``backtest_steps`` has a row per model and
    step, ``backtest_series`` per model and series, ``backtest_forecasts`` every forecast made.
    """
    return _run_backtest(_core.backtest, "backtest", locals())


def backtest_steps(
    series: Any,
    *,
    horizon: int | None = None,
    windows: int = 5,
    step: int | None = None,
    models: str | Sequence[str] = ("auto",),
    level: float | Sequence[float] = (0.8, 0.95),
    season_length: int | None = None,
    calibration_windows: int = 20,
    period: str | None = None,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """How does the quality of forecasts fall with the horizon?

    A row is a model and a step ahead. Arguments and scores as of ``backtest``.
    """
    return _run_backtest(_core.backtest_steps, "backtest_steps", locals())


def backtest_series(
    series: Any,
    *,
    horizon: int | None = None,
    windows: int = 5,
    step: int | None = None,
    models: str | Sequence[str] = ("auto",),
    level: float | Sequence[float] = (0.8, 0.95),
    season_length: int | None = None,
    calibration_windows: int = 20,
    period: str | None = None,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """Which series are forecast well, and which are not?

    A row is a model and a series. Arguments and scores as of ``backtest``.
    """
    return _run_backtest(_core.backtest_series, "backtest_series", locals())


def backtest_forecasts(
    series: Any,
    *,
    horizon: int | None = None,
    windows: int = 5,
    step: int | None = None,
    models: str | Sequence[str] = ("auto",),
    level: float | Sequence[float] = (0.8, 0.95),
    season_length: int | None = None,
    calibration_windows: int = 20,
    period: str | None = None,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """Which forecasts would have been made in the past, and what came?

    A row is a model, an origin, a series and a step. Arguments as of ``backtest``.
    """
    return _run_backtest(_core.backtest_forecasts, "backtest_forecasts", locals())


def reconcile(
    table: Any,
    *,
    hierarchy: Sequence[Sequence[str]],
    method: str = "variance",
    nonnegative: bool = False,
    locked: Mapping[Any, Any] | None = None,
    horizon: int | None = None,
    model: str = "auto",
    level: float | Sequence[float] = (0.8, 0.95),
    season_length: int | None = None,
    windows: int = 20,
    period: str = "month",
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """What will every region and product bring, in numbers that add up?

    A row is a period ahead of a node: the whole, each region, each product of each region.
    ``forecast`` adds up; ``base_forecast`` is what the node by itself would say.

    ``table`` has columns ``ds``, ``y`` and those of ``hierarchy``, which lists the columns of each
    level, coarsest first, as ``[[], ["region"], ["region", "product"]]``; ``node_level`` is the
    place in that list, and a column that a level does not name is empty in its rows. Rows of the
    same period are summed; a period without a row counts as 0.

    ``method`` is "variance" (the least change, each node's weighed by how sure its forecast is),
    "shrunk" (by the covariance of past errors), "structural", "ols", "top_down" or "bottom_up".
    ``nonnegative`` allows no finest forecast under 0. ``locked`` keeps numbers of your own, as
    ``{("North",): [120, 130, 140]}``; the others move. ``horizon``, ``model``, ``level``,
    ``season_length`` and ``windows`` are those of ``forecast``. Intervals are those of the node by
    itself, moved with its forecast.
    """
    arguments = dict(locals())
    table, hierarchy = arguments.pop("table"), arguments.pop("hierarchy")
    if horizon is not None and horizon < 1:
        raise InvalidArgument(f"reconcile: horizon is {horizon}; write periods ahead, as 8")
    locked = arguments.pop("locked")
    return _hierarchy.reconcile("reconcile", table, hierarchy, locked, **arguments)


def stl(
    series: Any,
    *,
    season_length: int | Sequence[int] | None = None,
    seasonal_window: int | None = None,
    trend_window: int | None = None,
    robust: bool = False,
    iterations: int = 2,
    exact: bool = False,
    period: str | None = None,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """What of each value is trend, season, and neither?

    A row is a value: ``trend`` moves slowly, ``season`` comes back, ``remainder`` is the rest; they
    add up to ``y``. ``columns="all"`` has ``adjusted``, the value without its seasons.

    ``series`` and ``period`` are those of ``forecast``. ``season_length`` may be several, as
    ``[7, 365]`` of days (MSTL): each has a column, and one with under two of it in the data is left
    out.
    ``seasonal_window`` is over how many seasons a season is smoothed (odd, at least 7; -1 keeps it
    the same throughout), ``trend_window`` over how many periods the trend is. ``robust`` lets
    values far from both count little. Smooths are made at every tenth of a window with lines
    between, as R's ``stl`` does; ``exact`` makes them at every value.
    """
    return _run_stl(_core.stl, "stl", locals())


def stl_strength(
    series: Any,
    *,
    season_length: int | Sequence[int] | None = None,
    seasonal_window: int | None = None,
    trend_window: int | None = None,
    robust: bool = False,
    iterations: int = 2,
    exact: bool = False,
    period: str | None = None,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """How strong are trend and seasons?

    A row is a series; 0 is none, 1 is all there is. Arguments as of ``stl``.
    """
    return _run_stl(_core.stl_strength, "stl_strength", locals())


def _run(compute: Any, function: str, arguments: dict[str, Any]) -> Frame:
    names = ("model", "season_length", "windows")
    return _call(compute, function, arguments, names)


def _run_backtest(compute: Any, function: str, arguments: dict[str, Any]) -> Frame:
    if isinstance(arguments["models"], str):
        arguments["models"] = [arguments["models"]]
    arguments["models"] = list(arguments["models"])
    names = ("windows", "step", "models", "season_length", "calibration_windows")
    return _call(compute, function, arguments, names)


def _run_stl(compute: Any, function: str, arguments: dict[str, Any]) -> Frame:
    lengths = arguments["season_length"]
    if lengths is None or isinstance(lengths, (int, np.integer)):
        lengths = [] if lengths is None else [int(lengths)]
    panel = panel_of(function, arguments["series"], arguments["period"])
    names = ("robust", "iterations", "exact", "threads", "progress", "memory_limit")
    return compute(
        panel.y,
        **_rows(panel),
        season_length=list(lengths),
        seasonal_window=arguments["seasonal_window"] or 0,
        trend_window=arguments["trend_window"] or 0,
        **{name: arguments[name] for name in names},
    )


def _call(compute: Any, function: str, arguments: dict[str, Any], names: tuple[str, ...]) -> Frame:
    panel = panel_of(function, arguments["series"], arguments["period"])
    horizon, level = arguments["horizon"], arguments["level"]
    if horizon is not None and horizon < 1:
        raise InvalidArgument(f"{function}: horizon is {horizon}; write periods ahead, as 8")
    return compute(
        panel.y,
        **_rows(panel),
        horizon=horizon,
        level=[level] if isinstance(level, (int, float)) else list(level),
        **{name: arguments[name] for name in (*names, "threads", "progress", "memory_limit")},
    )


def _both(panel: Panel) -> dict[str, Any]:
    return {"y": panel.y, **_rows(panel)}


def _rows(panel: Panel) -> dict[str, Any]:
    """What the core takes of a panel beside y."""
    names = ("offset", "start", "complete", "period", "ids", "group", "by", "value")
    return {name: getattr(panel, name) for name in names}
