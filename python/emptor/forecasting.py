"""What the next weeks bring, and how sure we are of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._core import forecasting as _core
from ._core.core import DataError, InvalidArgument
from .frame import Frame

__all__ = [
    "backtest",
    "backtest_forecasts",
    "backtest_series",
    "backtest_steps",
    "forecast",
    "forecast_accuracy",
    "forecast_total",
    "stl",
    "stl_strength",
]

_KINDS = (
    "sales.series(...), an array, a dict of arrays by name, or a table with columns "
    "'unique_id', 'ds' and 'y'"
)
_DAY_GAPS = ((365, "year"), (89, "quarter"), (28, "month"), (7, "week"), (1, "day"))
_EVERY_COLUMN = ("unique_id", "ds", "y")


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
    thetaf and the seasonal naive model, and TSB of what is sold seldom, weighted by their errors in
    the past), "dotm", "otm", "dstm", "stm", "thetaf", "naive", "seasonal_naive", "drift", "mean",
    or for what is sold seldom "croston", "sba", "tsb", "adida" or "imapa". ``season_length`` is 7
    days, 52 weeks, 12 months or 4 quarters if not given; no season is claimed under two full ones.
    ``windows`` past forecasts of each series calibrate the intervals; ``info["coverage_95"]`` is
    the share of past values that lay inside the interval they would have had.
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
    panel = _panel(function, arguments["series"], arguments["period"])
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
    panel = _panel(function, arguments["series"], arguments["period"])
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


def _rows(panel: _Panel) -> dict[str, Any]:
    """What the core takes of a panel beside y."""
    names = ("offset", "start", "complete", "period", "ids", "group", "by", "value")
    return {name: getattr(panel, name) for name in names}


@dataclass
class _Panel:
    """Series end to end, as the core takes them."""

    y: np.ndarray
    offset: np.ndarray | None = None
    start: np.ndarray | None = None
    complete: np.ndarray | None = None
    period: str | None = None
    ids: list[Any] | None = None  # distinct and sorted
    group: np.ndarray | None = None  # one code per series
    by: str = ""
    value: str = ""


def _panel(function: str, series: Any, period: str | None) -> _Panel:
    if isinstance(series, Frame) and "complete" in series.all_columns:
        return _of_sales(series)
    names = _names(series)
    if names is not None and "y" in names and "ds" in names:
        return _of_table(function, series, names, period)
    if isinstance(series, Mapping):
        return _of_mapping(function, series, period)
    if names is not None:
        raise InvalidArgument(
            f"{function}: the table has columns {', '.join(names)[:80]}; name them "
            "'unique_id' (may be left out), 'ds' and 'y'"
        )
    return _Panel(_values(function, series), period=period)


def _names(series: Any) -> list[str] | None:
    """Column names of a table of any kind; None if it is none."""
    if isinstance(series, Mapping):
        return [str(name) for name in series]
    names = getattr(series, "column_names", None)
    if names is None:
        names = getattr(series, "columns", None)
    return None if names is None or callable(names) else [str(name) for name in names]


def _values(function: str, values: Any) -> np.ndarray:
    if hasattr(values, "to_numpy"):
        values = values.to_numpy()
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidArgument(f"{function}: series must be {_KINDS}") from None
    if array.ndim != 1:
        raise InvalidArgument(
            f"{function}: an array of {array.ndim} dimensions; give one series as one dimension, "
            "several as a dict of arrays by name"
        )
    return np.ascontiguousarray(array)


def _grouped(names: Sequence[Any]) -> tuple[list[Any], np.ndarray]:
    """Distinct sorted ids and a code for each name; ids other than whole numbers become text."""
    whole = all(isinstance(name, (int, np.integer)) for name in names)
    keys = [int(name) if whole else str(name) for name in names]
    # Texts sort by their UTF-8 bytes, as in the core.
    ids = sorted(set(keys), key=None if whole else str.encode)
    codes = {key: i for i, key in enumerate(ids)}
    return ids, np.array([codes[key] for key in keys], np.int32)


def _of_sales(frame: Frame) -> _Panel:
    info = frame.info
    by = info.get("by", "")
    start = frame["start"].astype("datetime64[D]").astype(np.int32)
    panel = _Panel(
        np.ascontiguousarray(frame["y"]),
        start=start,
        complete=np.ascontiguousarray(frame["complete"], np.uint8),
        period=info["period"],
        by=by,
        value=info.get("value", ""),
    )
    if by:
        names = frame[by]
        new = np.flatnonzero(names[1:] != names[:-1]) + 1 if len(names) else []
        first = np.concatenate([[0], new]) if len(names) else np.array([], np.int64)
        panel.offset = np.append(first, len(names)).astype(np.int64)
        panel.ids, panel.group = _grouped([names[int(i)] for i in first])
    return panel


def _of_mapping(function: str, series: Mapping[Any, Any], period: str | None) -> _Panel:
    arrays = [_values(function, values) for values in series.values()]
    ids, group = _grouped(list(series))
    if len(ids) < len(group):
        raise InvalidArgument(f"{function}: two of the names are the same as text")
    return _Panel(
        np.concatenate(arrays) if arrays else np.array([]),
        offset=np.cumsum([0, *(len(a) for a in arrays)]).astype(np.int64),
        period=period,
        ids=ids if ids else None,
        group=group if ids else None,
        by="series",
    )


def _of_table(function: str, table: Any, names: list[str], period: str | None) -> _Panel:
    def column(name: str) -> Any:
        values = table[name]
        return values.to_numpy() if hasattr(values, "to_numpy") else np.asarray(values)

    y = _values(function, column("y"))
    try:
        days = column("ds").astype("datetime64[D]").astype(np.int64)
    except (TypeError, ValueError):
        raise InvalidArgument(f"{function}: column 'ds' must hold dates") from None
    if (days == np.iinfo(np.int64).min).any():
        raise DataError(f"{function}: column 'ds' has missing dates")
    by = "unique_id" if "unique_id" in names else ""
    ids, code = _grouped(list(column(by))) if by else ([""], np.zeros(len(y), np.int32))
    if not len(y):
        return _Panel(y, period=period)
    order = np.lexsort((days, code))
    y, days, code = y[order], days[order], code[order]
    period = period or _period_of(function, days, code)
    start = _starts(function, days, period)
    return _filled(function, y, start, code, ids, by, period)


def _period_of(function: str, days: np.ndarray, code: np.ndarray) -> str:
    gaps = np.diff(days)[code[1:] == code[:-1]]
    gaps = gaps[gaps > 0]
    if not len(gaps):
        raise InvalidArgument(f"{function}: no two dates to tell the period from; write period=")
    smallest = int(gaps.min())
    period = next(name for days_, name in _DAY_GAPS if smallest >= days_)
    if period == "week" and (gaps % 7).any():
        raise InvalidArgument(
            f"{function}: dates are {smallest} days apart at least, but not whole weeks; write "
            "period="
        )
    return period


def _starts(function: str, days: np.ndarray, period: str) -> np.ndarray:
    """First day of each date's period, as days since 1970-01-01."""
    if period == "day":
        return days
    if period == "week":
        return days - (days + 3) % 7  # 1970-01-01 was a Thursday
    months = {"month": 1, "quarter": 3, "year": 12}.get(period)
    if months is None:
        raise InvalidArgument(
            f"{function}: period is '{period:.40}'; write 'day', 'week', 'month', 'quarter' or "
            "'year'"
        )
    month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    first = (month - month % months).astype("datetime64[M]")
    return first.astype("datetime64[D]").astype(np.int64)


def _places(start: np.ndarray, period: str) -> np.ndarray:
    """Number of each period in a count without gaps."""
    if period in ("day", "week"):
        return start if period == "day" else (start + 3) // 7
    month = start.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return month // {"month": 1, "quarter": 3, "year": 12}[period]


def _filled(
    function: str,
    y: np.ndarray,
    start: np.ndarray,
    code: np.ndarray,
    ids: list[Any],
    by: str,
    period: str,
) -> _Panel:
    """One row per period from a series' first to its last date, NaN where there was none."""
    place = _places(start, period)
    same = code[1:] == code[:-1]
    twice = np.flatnonzero(same & (place[1:] == place[:-1]))
    if len(twice):
        i = int(twice[0])
        name = f"series '{ids[code[i]]}'" if by else "the series"
        raise DataError(
            f"{function}: {name} has two rows in the {period} of "
            f"{start[i].astype('datetime64[D]')}; sum them first"
        )
    step = np.ones(len(y), np.int64)
    step[1:] = np.where(same, np.diff(place), 1)
    at = np.cumsum(step) - 1
    first = np.flatnonzero(np.append(True, ~same))
    values = np.full(int(at[-1]) + 1, np.nan)
    values[at] = y
    # Rows between two dates count on from the one before.
    before = np.searchsorted(at, np.arange(len(values)), side="right") - 1
    ahead = np.arange(len(values)) - at[before]
    if period in ("day", "week"):
        days = start[before] + ahead * (1 if period == "day" else 7)
    else:
        months = {"month": 1, "quarter": 3, "year": 12}[period]
        month = start[before].astype("datetime64[D]").astype("datetime64[M]") + ahead * months
        days = month.astype("datetime64[D]").astype(np.int64)
    return _Panel(
        values,
        offset=np.append(at[first], len(values)).astype(np.int64) if by else None,
        start=days.astype(np.int32),
        period=period,
        ids=ids if by else None,
        group=code[first] if by else None,
        by=by,
    )
