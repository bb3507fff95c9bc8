"""Two runs of a list: who joined, who left, what moved, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from . import _wording
from ._core.core import InvalidArgument
from ._names import did_you_mean
from .frame import Frame, _python_values

_CHANGES = ("joined", "left", "moved", "stayed")


def compare(old: Frame, new: Frame, *, key: str | Sequence[str] | None = None) -> Frame:
    """What changed between two runs of the same analysis, as last week's call list and today's.

    Rows are matched by ``key``, by default the columns of ids. ``change`` says whether a row
    joined the list, left it, moved or stayed. A row moved if a word about it changed (its grade,
    list, segment or status) or if a number left the interval the old run gave it; where a list has
    neither words nor intervals, if a number differs. ``why`` tells it in words; ``rank_old`` and
    ``rank_new`` are the places on the two lists, missing where it is not on it. ``select("all")``
    shows the numbers of both runs.

    Rows come in the order joined, left, moved, stayed, by rank within. ``info`` counts them.

    Raises InvalidArgument if the runs have no ids in common, a column of ``key`` is missing, or two
    rows of one run have the same key.
    """
    for name, frame in (("old", old), ("new", new)):
        if not isinstance(frame, Frame):
            raise InvalidArgument(
                f"compare: {name} must be a Frame, as an analysis returns it or em.load reads it, "
                f"not {type(frame).__name__}"
            )
    names = _key(old, new, key)
    places_old, places_new = _places("old", old, names), _places("new", new, names)
    both = _Both(old, new, names)
    rows = []
    for place, at in places_new.items():
        before = places_old.get(place)
        if before is None:
            rows.append(_Row(0, at, None, at, both.told(both.new, at)))
        else:
            why = both.moved(before, at)
            rows.append(_Row(2 if why else 3, at, before, at, why))
    for place, before in places_old.items():
        if place not in places_new:
            rows.append(_Row(1, before, before, None, both.told(both.old, before)))
    return _table(old, new, names, both, sorted(rows, key=lambda row: row[:2]))


class _Row(NamedTuple):
    change: int
    rank: int
    before: int | None
    at: int | None
    why: str


class _Both:
    """The columns both runs have, as Python values, and what is read of them."""

    def __init__(self, old: Frame, new: Frame, key: Sequence[str]) -> None:
        kinds_old, kinds = _kinds(old), _kinds(new)
        self.shared = [
            name
            for name in new.all_columns
            if name not in key and kinds_old.get(name) == kinds[name]
        ]
        self.old, self.new = ({n: _python_values(f[n]) for n in self.shared} for f in (old, new))
        shown = [name for name in self.shared if name in new.columns]
        self.words = [name for name in shown if kinds[name] == "label"]
        self.bounds = {
            name: bounds
            for name in shown
            for end in ("_95", "")
            if set(bounds := (f"{name}_low{end}", f"{name}_high{end}")) <= set(self.shared)
        }
        differing = [] if self.words or self.bounds else shown
        self.plain = [n for n in differing if kinds[n] in ("float64", "int64", "boolean", "date")]

    def told(self, values: dict[str, list[Any]], at: int) -> str:
        """What one run says of a row."""
        words = [(name, values[name][at]) for name in self.words]
        parts = [_wording.value_of(*word) for word in words if word != ("status", "ok")]
        if "reason" in self.shared:  # the list's own words
            parts.append(values["reason"][at])
            return "; ".join(part for part in parts if part)
        for name, (low, high) in self.bounds.items():
            parts.append(_wording.value_of(name, *(values[n][at] for n in (name, low, high))))
        parts += [_wording.value_of(n, values[n][at]) for n in self.plain]
        return "; ".join(part for part in parts if part)

    def moved(self, before: int, at: int) -> str:
        """What is no longer as it was, "" if nothing is."""
        moved = [n for n in self.words + self.plain if self.old[n][before] != self.new[n][at]]
        moved += [n for n in self.bounds if self._left_interval(n, before, at)]
        return "; ".join(_wording.changed(n, self.old[n][before], self.new[n][at]) for n in moved)

    def _left_interval(self, name: str, before: int, at: int) -> bool:
        low, high = (self.old[bound][before] for bound in self.bounds[name])
        value, was = self.new[name][at], self.old[name][before]
        if value is None or was is None or low is None or high is None:
            return (value is None) != (was is None)
        return not low <= value <= high


def _kinds(frame: Frame) -> dict[str, str]:
    return frame.select("all").kinds


def _key(old: Frame, new: Frame, key: str | Sequence[str] | None) -> list[str]:
    if key is not None:
        names = [key] if isinstance(key, str) else list(key)
        for which, frame in (("old", old), ("new", new)):
            for name in names:
                if name not in frame.all_columns:
                    raise InvalidArgument(
                        f"compare: key '{name}' is no column of {which}"
                        + did_you_mean(name, frame.all_columns)
                    )
        if names:
            return names
        raise InvalidArgument("compare: key is empty; name a column, as key='customer'")
    kinds_old, kinds = _kinds(old), _kinds(new)
    names = [
        name
        for name, kind in kinds.items()
        if kind in ("code", "list") and not name.endswith("_name") and name in kinds_old
    ]
    # A series' rows are told apart by their day, a list's day is a number about a row.
    if not names or len(set(_rows(new, names))) < len(new):
        names += [n for n, kind in kinds.items() if kind == "date" and kinds_old.get(n) == "date"]
    if not names:
        raise InvalidArgument(
            "compare: the two runs have no column of ids in common; name what tells rows apart, as "
            "key='customer'"
        )
    return names


def _rows(frame: Frame, names: Sequence[str]) -> list[tuple[Any, ...]]:
    return list(zip(*(_python_values(frame[name]) for name in names), strict=True))


def _places(which: str, frame: Frame, names: Sequence[str]) -> dict[tuple[Any, ...], int]:
    places: dict[tuple[Any, ...], int] = {}
    for at, row in enumerate(_rows(frame, names)):
        if row in places:
            raise InvalidArgument(
                f"compare: rows {places[row] + 1} and {at + 1} of {which} have the same "
                f"{', '.join(names)}; give key= with columns that tell rows apart"
            )
        places[row] = at
    return places


def _table(
    old: Frame, new: Frame, names: Sequence[str], both: _Both, rows: Sequence[_Row]
) -> Frame:
    def side(values: list[Any], which: str) -> list[Any]:
        at = [getattr(row, which) for row in rows]
        return [None if i is None else values[i] for i in at]

    kinds = _kinds(new)
    hidden = [name for name in names if name not in new.columns]
    columns: dict[str, Any] = {}
    docs: dict[str, str] = {}
    shown = list(names)
    for frame in (new, old):  # names of what the ids stand for
        shown += [
            n for n in frame.columns if n.endswith("name") and n in both.shared and n not in shown
        ]
    for name in shown:
        pair = zip(
            side(_python_values(new[name]), "at"),
            side(_python_values(old[name]), "before"),
            rows,
            strict=True,
        )
        cells = [now if row.at is not None else was for now, was, row in pair]
        columns[name] = _typed(kinds[name], cells)
        docs[name] = new.docs[name]
    columns["change"] = [_CHANGES[row.change] for row in rows]
    columns["rank_old"] = _ranks([row.before for row in rows])
    columns["rank_new"] = _ranks([row.at for row in rows])
    columns["why"] = [row.why for row in rows]
    docs |= {
        "change": "joined, left, moved or stayed",
        "why": "joined and left: what the run says of it; moved: what is no longer as it was",
        "rank_old": "place on the old list, from 1",
        "rank_new": "place on the new list, from 1",
    }
    for name in both.shared:
        if name in shown or kinds[name] not in ("float64", "int64", "date", "label", "text"):
            continue
        for end, values, which in (("old", both.old, "before"), ("new", both.new, "at")):
            columns[f"{name}_{end}"] = _typed(kinds[name], side(values[name], which))
            hidden.append(f"{name}_{end}")
    counts = {
        f"n_{name}": int(sum(row.change == i for row in rows)) for i, name in enumerate(_CHANGES)
    }
    return Frame(columns, docs=docs, info=counts, hidden=hidden)


def _ranks(places: Sequence[int | None]) -> np.ndarray:
    missing = [place is None for place in places]
    return np.ma.masked_array(
        [0 if p is None else p + 1 for p in places], mask=missing, dtype=np.int64
    )


def _typed(kind: str, values: list[Any]) -> Any:
    if kind == "float64":
        return np.array([np.nan if value is None else value for value in values], np.float64)
    if kind == "int64":
        return np.ma.masked_array(
            [0 if value is None else value for value in values],
            mask=[value is None for value in values],
            dtype=np.int64,
        )
    if kind == "date":
        return np.array(["NaT" if v is None else v for v in values], "datetime64[D]")
    return values
