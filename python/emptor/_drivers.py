"""Regressors beside series, matched to their rows by name and date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ._core.core import DataError, InvalidArgument
from ._names import did_you_mean
from ._panel import Panel, names_of, places, start_of_places, starts

_KINDS = (
    "a dict of arrays by name (of several series: by series, then by name), or a table with "
    "columns 'ds', 'unique_id' if there are several series, and one per driver"
)


def drivers_of(
    function: str, drivers: Any, series: Any, panel: Panel
) -> tuple[list[str], np.ndarray]:
    """Names of the drivers, and their values row by row of ``panel``."""
    if drivers is None:
        return [], np.zeros(0)
    counts = [len(panel.y)] if panel.offset is None else np.diff(panel.offset).tolist()
    if isinstance(drivers, str):
        drivers = [drivers]
    if _is_list_of_names(drivers):
        found = names_of(series)
        if found is None or "ds" not in found:
            raise InvalidArgument(
                f"{function}: drivers are names, but series is no table with columns 'ds' and 'y'; "
                f"give {_KINDS}"
            )
        missing = [name for name in drivers if name not in found]
        if missing:
            raise InvalidArgument(
                f"{function}: no column '{missing[0]:.40}'{did_you_mean(missing[0], found)}"
            )
        keys = [name for name in ("unique_id", "ds") if name in found]
        drivers = {name: series[name] for name in (*keys, *drivers)}
    return _values(function, drivers, panel, panel.start, counts)


def future_drivers(
    function: str,
    drivers: Any,
    names: Sequence[str],
    ids: Sequence[Any] | None,
    first: Sequence[int],
    period: str | None,
    steps: Sequence[int],
) -> list[np.ndarray]:
    """Values of the drivers ``names`` after the end of each series: an array (steps, drivers) each.

    ``first`` is each series' first day without a value, empty without dates.
    """
    if not names:
        if drivers is not None:
            raise InvalidArgument(f"{function}: the fits have no drivers; leave drivers= out")
        return [np.zeros(0) for _ in steps]
    if drivers is None:
        if not any(steps):
            return [np.zeros(0) for _ in steps]
        raise InvalidArgument(
            f"{function}: the fits rest on {', '.join(names)[:80]}; give their values of these "
            "periods as drivers="
        )
    start = None
    if len(first):
        place = places(np.asarray(first, np.int64), period or "")
        rows = [p + np.arange(n) for p, n in zip(place, steps, strict=True)]
        start = start_of_places(np.concatenate(rows), period or "")
    panel = Panel(np.zeros(sum(steps)), period=period)
    if ids is not None:
        panel.ids = list(ids)
        panel.group = np.arange(len(panel.ids), dtype=np.int32)
    found, x = _values(function, drivers, panel, start, list(steps))
    unknown = [name for name in found if name not in names]
    missing = [name for name in names if name not in found]
    if missing:
        raise InvalidArgument(
            f"{function}: driver '{missing[0]:.40}' is missing{did_you_mean(missing[0], found)}"
        )
    if unknown:
        raise InvalidArgument(
            f"{function}: '{unknown[0]:.40}' is no driver of the fits; they are "
            f"{', '.join(names)[:80]}"
        )
    x = x.reshape(-1, len(found))[:, [found.index(name) for name in names]]
    return np.split(x, np.cumsum(steps)[:-1])


def _is_list_of_names(drivers: Any) -> bool:
    return isinstance(drivers, (list, tuple)) and all(isinstance(name, str) for name in drivers)


def _values(
    function: str, drivers: Any, panel: Panel, start: np.ndarray | None, counts: list[int]
) -> tuple[list[str], np.ndarray]:
    names = names_of(drivers)
    if names is None:
        raise InvalidArgument(f"{function}: drivers are {type(drivers).__name__}; give {_KINDS}")
    if "ds" in names:
        return _of_table(function, drivers, names, panel, start, counts)
    by_series = isinstance(drivers, Mapping) and all(
        isinstance(value, Mapping) for value in drivers.values()
    )
    if not by_series:
        if len(counts) != 1:
            raise InvalidArgument(
                f"{function}: {len(counts)} series; give drivers by series, then by name, or as a "
                "table"
            )
        return names, _of_arrays(function, drivers, names, counts[0], "")
    keys = {str(key): value for key, value in drivers.items()}
    ids = [str(panel.ids[code]) for code in panel.group] if panel.ids else [""]
    found: list[str] = []
    parts = []
    for name, count in zip(ids, counts, strict=True):
        if name not in keys:
            raise InvalidArgument(
                f"{function}: drivers of series '{name:.40}' are missing"
                f"{did_you_mean(name, list(keys))}"
            )
        found = found or [str(key) for key in keys[name]]
        parts.append(_of_arrays(function, keys[name], found, count, f" of series '{name:.40}'"))
    return found, np.concatenate(parts)


def _of_arrays(function: str, values: Any, names: Sequence[str], count: int, of: str) -> np.ndarray:
    out = np.empty((count, len(names)))
    known = {str(key): value for key, value in values.items()}
    for k, name in enumerate(names):
        if name not in known:
            raise InvalidArgument(f"{function}: driver '{name:.40}'{of} is missing")
        column = _numbers(function, known[name], name)
        if len(column) != count:
            raise InvalidArgument(
                f"{function}: driver '{name:.40}'{of} has {len(column)} values; {count} are needed"
            )
        out[:, k] = column
    return out.reshape(-1)


def _numbers(function: str, values: Any, name: str) -> np.ndarray:
    if hasattr(values, "to_numpy"):
        values = values.to_numpy()
    try:
        return np.asarray(values, np.float64).reshape(-1)
    except (TypeError, ValueError):
        raise InvalidArgument(
            f"{function}: driver '{name:.40}' does not hold numbers; write 1 and 0 for yes and no"
        ) from None


def _of_table(
    function: str,
    table: Any,
    names: list[str],
    panel: Panel,
    start: np.ndarray | None,
    counts: list[int],
) -> tuple[list[str], np.ndarray]:
    if start is None or panel.period is None:
        raise InvalidArgument(f"{function}: the drivers have dates, the series have none")
    found = [name for name in names if name not in ("unique_id", "ds", "y")]
    days = table["ds"]
    days = days.to_numpy() if hasattr(days, "to_numpy") else np.asarray(days)
    try:
        days = days.astype("datetime64[D]").astype(np.int64)
    except (TypeError, ValueError):
        raise InvalidArgument(f"{function}: column 'ds' of drivers must hold dates") from None
    place = places(starts(function, days, panel.period), panel.period)
    ids = [str(panel.ids[code]) for code in panel.group] if panel.ids else [""]
    by = [str(value) for value in np.asarray(table["unique_id"])] if "unique_id" in names else None
    values = np.stack([_numbers(function, table[name], name) for name in found], axis=1)
    at: dict[tuple[str, int], int] = {}
    for row, p in enumerate(place.tolist()):
        key = ("" if by is None else by[row], p)
        if key in at:
            raise DataError(
                f"{function}: drivers have two rows of {_named(key[0])}{_day(days[row])}"
            )
        at[key] = row
    wanted = places(np.asarray(start, np.int64), panel.period).tolist()
    of = np.repeat(np.arange(len(counts)), counts)
    rows = np.empty(len(wanted), np.int64)
    for i, p in enumerate(wanted):
        key = ("" if by is None else ids[of[i]], p)
        if key not in at:
            raise DataError(f"{function}: drivers have no row of {_named(key[0])}{_day(start[i])}")
        rows[i] = at[key]
    chosen = values[rows]
    bad = np.argwhere(~np.isfinite(chosen))
    if len(bad):
        i, k = bad[0]
        raise DataError(
            f"{function}: driver '{found[k]:.40}' of {_named(ids[of[i]])}{_day(start[i])} is "
            "missing"
        )
    return found, chosen.reshape(-1)


def _named(series: str) -> str:
    return f"series '{series:.40}' and " if series else ""


def _day(day: Any) -> str:
    return str(np.int64(day).astype("datetime64[D]"))
