"""Sequences in events that are no sales: lists of items, or a frame of customers, times, items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ._core import mining as _core
from ._core.core import InvalidArgument
from ._names import did_you_mean
from .frame import Frame

_ROLES = ("customer", "time", "item")


def is_frame(data: Any) -> bool:
    """A table with named columns, of whatever library."""
    return isinstance(data, Mapping) or hasattr(data, "columns") or hasattr(data, "column_names")


def _names(data: Any) -> list[str]:
    if isinstance(data, Mapping):
        return [str(name) for name in data]
    return [str(name) for name in getattr(data, "column_names", None) or data.columns]


def _column(function: str, data: Any, role: str, columns: Mapping[str, str]) -> np.ndarray:
    name = columns.get(role, role)
    names = _names(data)
    if name not in names:
        raise InvalidArgument(
            f"{function}: no column '{name}'{did_you_mean(name, names)}; say which one is the "
            f"{role}: columns={{'{role}': ...}}"
        )
    values = np.asarray(data[name])
    if values.ndim != 1:
        raise InvalidArgument(f"{function}: column '{name}' must hold one value a row")
    return values


def _missing(values: np.ndarray) -> np.ndarray:
    return values != values if values.dtype.kind in "fmM" else _absent(values)


def _absent(values: np.ndarray) -> np.ndarray:
    if values.dtype.kind != "O":
        return np.zeros(len(values), bool)
    return np.fromiter((v is None or v != v for v in values), bool, len(values))


def _times(function: str, values: np.ndarray) -> np.ndarray:
    """Whole numbers: days since 1970 of dates and times of day, others as they are."""
    if values.dtype.kind == "O":
        try:
            values = values.astype("datetime64[us]")
        except (TypeError, ValueError):
            raise InvalidArgument(
                f"{function}: the times must be whole numbers or dates, found {values[0]!r:.40}"
            ) from None
    if values.dtype.kind == "M":
        return values.astype("datetime64[D]").astype(np.int64)
    if values.dtype.kind not in "iu":
        raise InvalidArgument(
            f"{function}: the times must be whole numbers or dates, found {values.dtype}"
        )
    if len(values) and (abs(int(values.min())) >= 2**30 or abs(int(values.max())) >= 2**30):
        raise InvalidArgument(
            f"{function}: times may be at most 1,073,741,823; write larger units, days perhaps"
        )
    return values.astype(np.int64)


def _ids(function: str, role: str, values: np.ndarray) -> np.ndarray:
    if values.dtype.kind in "iubU":
        return values
    whole = values.dtype.kind == "f" and np.all(values == np.floor(values))
    if whole:
        return values.astype(np.int64)
    kinds = {type(v) for v in values}
    if kinds <= {str}:
        return values.astype(str)
    if all(issubclass(kind, (int, np.integer)) for kind in kinds):
        return values.astype(np.int64)
    raise InvalidArgument(f"{function}: {role}s must be all whole numbers or all texts")


def codes(function: str, data: Any, columns: Mapping[str, str]) -> tuple[np.ndarray, ...]:
    """Customer, time and item of each distinct event, sorted by these three; and the items' ids.

    Rows in which one of them is missing are refused: nothing here counts what it leaves out.
    """
    unknown = [role for role in columns if role not in _ROLES]
    if unknown:
        raise InvalidArgument(
            f"{function}: columns= names customer, time and item, not '{unknown[0]}'"
        )
    customer, time, item = (_column(function, data, role, columns) for role in _ROLES)
    if not len(customer) == len(time) == len(item):
        raise InvalidArgument(f"{function}: the columns must be equally long")
    for role, values in zip(_ROLES, (customer, time, item), strict=True):
        gaps = np.flatnonzero(_missing(values))
        if len(gaps):
            raise InvalidArgument(
                f"{function}: row {gaps[0]} has no {role}; leave out such rows first"
            )
    _, customer = np.unique(_ids(function, "customer", customer), return_inverse=True)
    ids, item = np.unique(_ids(function, "item", item), return_inverse=True)
    time = _times(function, time)
    order = np.lexsort((item, time, customer))
    rows = np.stack([customer[order], time[order], item[order]]).astype(np.int32)
    if rows.shape[1]:
        new = np.r_[True, np.any(rows[:, 1:] != rows[:, :-1], axis=0)]
        rows = rows[:, new]
    known = ids.astype(np.int64) if ids.dtype.kind in "iub" else ids.tolist()
    return (*(np.ascontiguousarray(row) for row in rows), known)


def sequences_in(
    data: Any,
    *,
    columns: Mapping[str, str] | None = None,
    min_count: int | None = None,
    min_support: float | None = None,
    max_gap: int | str | None = None,
    min_gap: int | str | None = None,
    max_span: int | str | None = None,
    kind: str = "all",
    min_length: int = 1,
    max_length: int | None = None,
    max_items: int | None = None,
    repeats: bool = True,
    top: int = 0,
    must_contain: Sequence[Any] | None = None,
    exclude: Sequence[Any] | None = None,
    level: float = 0.95,
    days: bool = False,
    threads: int | None = None,
    progress: bool | None = None,
    memory_limit: int | None = None,
) -> Frame:
    """Sequences in data that are no sales: the same search as ``sequences``, without limits unless
    they are asked for.

    ``data`` is a list with one list per customer (visitor, machine, patient), its entries in order:
    items, lists or sets of items that come together, or tuples ``(time, item)``; or a frame (or
    dict of arrays) with a row per event, whose columns ``customer``, ``time`` and ``item`` may
    have other names: ``columns={"customer": "session", "time": "clicked_at"}``. Items are all
    integers or all texts. Times are whole numbers of any unit, or dates; without them the place in
    the list counts, so that ``max_gap=1`` asks for neighbours.

    :param max_gap: an element comes at most so many days (units, places) after the one before it;
        "6 months" where times are dates.
    :param days: also how many days (units, places) lie between the elements.
    """
    options = {
        "min_count": min_count, "min_support": min_support, "max_gap": max_gap,
        "min_gap": min_gap, "max_span": max_span, "kind": kind, "min_length": min_length,
        "max_length": max_length, "max_items": max_items, "repeats": repeats, "top": top,
        "must_contain": must_contain, "exclude": exclude, "level": level, "days": days,
        "threads": threads, "progress": progress, "memory_limit": memory_limit,
    }  # fmt: skip
    try:
        if is_frame(data):
            return _core.sequences_in_events(
                *codes("sequences_in", data, dict(columns or {})), **options
            )
        if columns is not None:
            raise InvalidArgument("sequences_in: columns= names the columns of a frame, not lists")
        return _core.sequences_in_lists(data, **options)
    except TypeError as error:
        if "incompatible function arguments" not in str(error):
            raise
    raise InvalidArgument(
        "sequences_in: an option has the wrong type; counts are whole numbers, limits of time "
        'whole numbers or texts such as "30 days", kind is "all", "closed" or "maximal"'
    )
