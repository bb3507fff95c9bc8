"""Series of every kind users hold, end to end as the core takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._core import data
from ._core.core import DataError, InvalidArgument
from .frame import Frame

_KINDS = (
    "sales.series(...), an array, a dict of arrays by name, or a table with columns "
    "'unique_id', 'ds' and 'y'"
)
_DAY_GAPS = ((365, "year"), (89, "quarter"), (28, "month"), (7, "week"), (1, "day"))
_EVERY_COLUMN = ("unique_id", "ds", "y")


@dataclass
class Panel:
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


def panel_of(function: str, series: Any, period: str | None) -> Panel:
    if isinstance(series, Frame) and "complete" in series.all_columns:
        return _of_sales(series)
    names = names_of(series)
    if names is not None and "y" in names and "ds" in names:
        return _of_table(function, series, names, period)
    if isinstance(series, Mapping):
        return _of_mapping(function, series, period)
    if names is not None:
        raise InvalidArgument(
            f"{function}: the table has columns {', '.join(names)[:80]}; name them "
            "'unique_id' (may be left out), 'ds' and 'y'"
        )
    return Panel(values_of(function, series), period=period)


def names_of(series: Any) -> list[str] | None:
    """Column names of a table of any kind; None if it is none."""
    if isinstance(series, Mapping):
        return [str(name) for name in series]
    names = getattr(series, "column_names", None)
    if names is None:
        names = getattr(series, "columns", None)
    return None if names is None or callable(names) else [str(name) for name in names]


def values_of(function: str, values: Any) -> np.ndarray:
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


def _of_sales(frame: Frame) -> Panel:
    info = frame.info
    by = info.get("by", "")
    start = frame["start"].astype("datetime64[D]").astype(np.int32)
    panel = Panel(
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


def _of_mapping(function: str, series: Mapping[Any, Any], period: str | None) -> Panel:
    arrays = [values_of(function, values) for values in series.values()]
    ids, group = _grouped(list(series))
    if len(ids) < len(group):
        raise InvalidArgument(f"{function}: two of the names are the same as text")
    return Panel(
        np.concatenate(arrays) if arrays else np.array([]),
        offset=np.cumsum([0, *(len(a) for a in arrays)]).astype(np.int64),
        period=period,
        ids=ids if ids else None,
        group=group if ids else None,
        by="series",
    )


def _of_table(function: str, table: Any, names: list[str], period: str | None) -> Panel:
    def column(name: str) -> Any:
        values = table[name]
        return values.to_numpy() if hasattr(values, "to_numpy") else np.asarray(values)

    y = values_of(function, column("y"))
    try:
        days = column("ds").astype("datetime64[D]").astype(np.int64)
    except (TypeError, ValueError):
        raise InvalidArgument(f"{function}: column 'ds' must hold dates") from None
    if (days == np.iinfo(np.int64).min).any():
        raise DataError(f"{function}: column 'ds' has missing dates")
    by = "unique_id" if "unique_id" in names else ""
    ids, code = _grouped(list(column(by))) if by else ([""], np.zeros(len(y), np.int32))
    if not len(y):
        return Panel(y, period=period)
    order = np.lexsort((days, code))
    y, days, code = y[order], days[order], code[order]
    period = period or _period_of(function, days, code)
    start = starts(function, days, period)
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


def starts(function: str, days: np.ndarray, period: str) -> np.ndarray:
    """First day of each date's period, as days since 1970-01-01."""
    return start_of_places(places(days, period, function), period)


def places(days: np.ndarray, period: str, function: str = "period") -> np.ndarray:
    """Number of each day's period in a count without gaps."""
    try:
        return data.period_numbers(days, period)
    except InvalidArgument as error:
        raise InvalidArgument(f"{function}: {error}") from None


def start_of_places(place: np.ndarray, period: str) -> np.ndarray:
    """First day of each of these periods, as days since 1970-01-01."""
    return data.period_starts(place, period)


def _filled(
    function: str,
    y: np.ndarray,
    start: np.ndarray,
    code: np.ndarray,
    ids: list[Any],
    by: str,
    period: str,
) -> Panel:
    """One row per period from a series' first to its last date, NaN where there was none."""
    place = places(start, period)
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
    days = start_of_places(place[before] + ahead, period)
    return Panel(
        values,
        offset=np.append(at[first], len(values)).astype(np.int64) if by else None,
        start=days.astype(np.int32),
        period=period,
        ids=ids if by else None,
        group=code[first] if by else None,
        by=by,
    )
