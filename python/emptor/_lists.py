"""Columns whose rows hold any number of values."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, overload

import numpy as np


class Lists:
    """A column of lists, as item sets are: three flat arrays, no Python object a row.

    ``lists[i]`` is row i as a tuple; ``lists.offset`` and ``lists.values`` are NumPy arrays, row i
    being ``values[offset[i]:offset[i + 1]]``. ``lists.contains("tea")`` and ``lists.sizes`` are
    arrays with one entry a row, for filters.
    """

    __slots__ = ("categories", "codes", "offset")

    def __init__(self, offset: np.ndarray, codes: np.ndarray, categories: np.ndarray | None):
        self.offset = offset  # rows + 1
        self.codes = codes  # int32: into `categories`, or plain numbers
        self.categories = categories  # sorted ids, or None

    @classmethod
    def of(cls, rows: Iterable[Sequence[Any]]) -> Lists:
        """From any lists of texts, or of integers."""
        rows = [tuple(row) for row in rows]
        flat = [value for row in rows for value in row]
        offset = np.zeros(len(rows) + 1, np.int64)
        np.cumsum([len(row) for row in rows], out=offset[1:])
        text = any(isinstance(value, str) for value in flat)
        ids, codes = np.unique(np.array(flat, object if text else np.int64), return_inverse=True)
        return cls(offset, codes.astype(np.int32).reshape(-1), ids)

    @property
    def values(self) -> np.ndarray:
        """What all rows hold, one after the other."""
        return self.codes if self.categories is None else self.categories[self.codes]

    @property
    def sizes(self) -> np.ndarray:
        """How many values each row holds."""
        return np.diff(self.offset)

    def contains(self, value: Any) -> np.ndarray:
        """Which rows hold a value."""
        found = np.flatnonzero(self.values == value)
        held = np.zeros(len(self), bool)
        held[np.searchsorted(self.offset, found, side="right") - 1] = True
        return held

    def __len__(self) -> int:
        return len(self.offset) - 1

    @overload
    def __getitem__(self, key: int) -> tuple[Any, ...]: ...
    @overload
    def __getitem__(self, key: slice) -> list[tuple[Any, ...]]: ...
    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice):
            return [self[i] for i in range(*key.indices(len(self)))]
        if not -len(self) <= key < len(self):
            raise IndexError(f"row {key} of {len(self)}")
        key %= len(self)
        codes = self.codes[self.offset[key] : self.offset[key + 1]]
        return tuple((codes if self.categories is None else self.categories[codes]).tolist())

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        values, offset = self.values.tolist(), self.offset.tolist()
        return (tuple(values[begin:end]) for begin, end in itertools.pairwise(offset))

    def tolist(self) -> list[tuple[Any, ...]]:
        return list(self)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        array = np.empty(len(self), object)
        array[:] = self.tolist()
        return array if dtype is None else array.astype(dtype)

    def __eq__(self, other: object) -> Any:
        """Row by row against a tuple, a list or a set of values; order counts, but not for sets."""
        if isinstance(other, (set, frozenset)):
            return np.fromiter((set(row) == other for row in self), bool, len(self))
        if isinstance(other, (tuple, list)):
            return np.fromiter((row == tuple(other) for row in self), bool, len(self))
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        shown = ", ".join(repr(row) for row in self[:3])
        return f"Lists of {len(self)} rows: [{shown}{', ...' if len(self) > 3 else ''}]"
