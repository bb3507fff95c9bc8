"""The table every analysis returns."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from ._core.core import (
    InvalidArgument,
    ResultColumns,
    _columns_from_bytes,
    _columns_to_bytes,
)
from ._files import write_atomically
from ._lists import Lists
from ._names import did_you_mean

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

_INT_MISSING = np.iinfo(np.int64).min
_MAX_ROWS = 10

# Methods people know from pandas and polars. Asking a Frame for one answers with the line to write.
_PANDAS_TEXT = """
agg aggregate apply applymap assign astype at boxplot corr cov cumsum describe drop drop_duplicates
dropna dtypes eval explode fillna groupby hist iat iloc index isin isna items iterrows itertuples
join loc map mean median melt memory_usage merge nlargest nsmallest nunique pivot pivot_table plot
query quantile rank reindex rename reset_index sample set_index sort_values std style sum T to_excel
to_html to_json to_markdown to_parquet to_sql transform transpose unique value_counts values where
"""
_POLARS_TEXT = "collect group_by lazy schema unpivot vstack with_columns write_csv"
_PANDAS, _POLARS = frozenset(_PANDAS_TEXT.split()), frozenset(_POLARS_TEXT.split())


class Frame:
    """A table of results: typed columns that share the memory of the computation, read-only.

    It shows the few columns people read; ``frame.select("all")`` shows them all, and every column
    can be had by its name. ``frame["p_value"]`` is a NumPy array. Everything that returns a Frame
    leaves this one as it is. ``frame.info`` holds the numbers that belong to the whole result.

    From arrays of your own: ``Frame({"item": ["tea", "milk"], "n": np.array([3, 5])})``.
    """

    __slots__ = ("__weakref__", "_data", "_info", "_shown")

    _data: ResultColumns
    _info: dict[str, Any]
    _shown: tuple[int, ...]

    def __init__(
        self,
        columns: Mapping[str, Any],
        *,
        docs: Mapping[str, str] | None = None,
        info: Mapping[str, Any] | None = None,
        hidden: Sequence[str] = (),
    ) -> None:
        docs = docs or {}
        given = []
        rows = None
        for name, values in columns.items():
            kind, array = _typed(name, values)
            if rows is not None and len(array) != rows:
                raise InvalidArgument(
                    f"Frame: column '{name}' has {len(array)} rows, the first one has {rows}"
                )
            rows = len(array)
            given.append((name, kind, array, None, docs.get(name, ""), name not in hidden))
        self._set(ResultColumns.from_arrays(given), dict(info or {}))

    @classmethod
    def _of(
        cls, data: ResultColumns, info: dict[str, Any], shown: Sequence[int] | None = None
    ) -> Frame:
        self = cls.__new__(cls)
        self._set(data, info, shown)
        return self

    def _set(
        self, data: ResultColumns, info: dict[str, Any], shown: Sequence[int] | None = None
    ) -> None:
        self._data = data
        self._info = info
        self._shown = tuple(
            (i for i, yes in enumerate(data.shown) if yes) if shown is None else shown
        )

    # ---- what it is ----------------------------------------------------------------------------

    @property
    def columns(self) -> list[str]:
        """Names of the columns it shows."""
        names = self._data.names
        return [names[i] for i in self._shown]

    @property
    def all_columns(self) -> list[str]:
        """Names of all its columns, also of those it does not show."""
        return list(self._data.names)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self._data), len(self._shown)

    @property
    def info(self) -> dict[str, Any]:
        """What belongs to the whole result: how many were tested, the coverage, the moment."""
        return dict(self._info)

    @property
    def kinds(self) -> dict[str, str]:
        """What each shown column holds: float64, int64, boolean, code (ids and names), label, text,
        date, timestamp or list."""
        names, kinds = self._data.names, self._data.kinds
        return {names[i]: kinds[i] for i in self._shown}

    @property
    def docs(self) -> dict[str, str]:
        """What each column means, with its unit."""
        return dict(zip(self._data.names, self._data.docs, strict=True))

    def __len__(self) -> int:
        return len(self._data)

    def __bool__(self) -> bool:
        raise TypeError("the truth of a Frame is not clear; write len(frame) > 0")

    # ---- columns -------------------------------------------------------------------------------

    def _index(self, name: Any) -> int:
        names = self._data.names
        try:
            return names.index(name)
        except ValueError:
            raise InvalidArgument(f"Frame: no column '{name}'{did_you_mean(name, names)}") from None

    def _array(self, i: int) -> np.ndarray | Any:
        kind = self._data.kinds[i]
        values = self._data.values(i)
        if kind == "list":
            return Lists(self._data.offsets(i), values, self._data.categories(i))
        if kind == "int64" and len(values) and values.min() == _INT_MISSING:
            return np.ma.masked_equal(values, _INT_MISSING, copy=False)
        if kind not in ("code", "label"):
            return values
        categories = self._data.categories(i)
        if kind == "label":
            return categories[values]
        missing = values < 0
        if not missing.any():
            return categories[values] if len(categories) else categories
        if categories.dtype == object:
            return np.append(categories, np.array([None], object))[values]
        ids = np.append(categories, 0)[values]
        return np.ma.masked_array(ids, mask=missing)

    @overload
    def __getitem__(self, key: str) -> np.ndarray: ...
    @overload
    def __getitem__(self, key: slice | list[str] | tuple[str, ...] | np.ndarray) -> Frame: ...
    def __getitem__(self, key: Any) -> Any:
        """``["p_value"]`` an array, ``[["a", "b"]]`` some columns, ``[:5]`` rows, ``[mask]`` rows.

        Ids come as they went in. Missing is NaN, NaT, None, or masked in whole numbers. A column of
        lists is a ``Lists``: ``["items"][0]`` is a tuple.
        """
        if isinstance(key, str):
            return self._array(self._index(key))
        if isinstance(key, slice):
            start, stop, step = key.indices(len(self))
            if step == 1:
                return self._with(self._data.slice(start, max(start, stop)))
            return self._take(np.arange(start, stop, step, dtype=np.int64))
        if isinstance(key, (list, tuple)) and all(isinstance(name, str) for name in key) and key:
            return self.select(list(key))
        if isinstance(key, (int, np.integer)):
            raise TypeError(f"write frame.row({key}) for one row, frame[{key}:{key}+1] for a Frame")
        return self.filter(key)

    def select(self, columns: str | Sequence[str]) -> Frame:
        """Shows the named columns, in this order; ``"all"`` shows every column."""
        if isinstance(columns, str):
            columns = self.all_columns if columns == "all" else [columns]
        return Frame._of(self._data, self._info, [self._index(name) for name in columns])

    def with_column(
        self, name: str, values: Any, *, after: str | None = None, doc: str = ""
    ) -> Frame:
        """The same table with one column more, behind the column ``after`` or at the end."""
        names = self._data.names
        if name in names:
            raise InvalidArgument(f"Frame: there is a column '{name}' already")
        at = len(names) if after is None else self._index(after) + 1
        data = self._data.with_column(at, (name, *_typed(name, values), None, doc, True))
        shown = [i + (i >= at) for i in self._shown]
        place = shown.index(at - 1) + 1 if at - 1 in shown else len(shown)
        return Frame._of(data, self._info, [*shown[:place], at, *shown[place:]])

    # ---- rows ----------------------------------------------------------------------------------

    def _with(self, data: ResultColumns) -> Frame:
        return Frame._of(data, self._info, self._shown)

    def _take(self, rows: np.ndarray) -> Frame:
        return self._with(self._data.take(np.ascontiguousarray(rows, np.int64)))

    def head(self, n: int = 5) -> Frame:
        return self[: max(n, 0)]

    def tail(self, n: int = 5) -> Frame:
        return self[max(len(self) - max(n, 0), 0) :]

    def sort(self, by: str | Sequence[str], *, descending: bool | Sequence[bool] = False) -> Frame:
        """Sorted by columns, the first one first; stable, missing values last.

        Ids sort as ids, grades and statuses in the order of their meaning.
        """
        names = [by] if isinstance(by, str) else list(by)
        down = [descending] * len(names) if isinstance(descending, bool) else list(descending)
        if len(down) != len(names):
            raise InvalidArgument(
                f"Frame.sort: {len(names)} columns but {len(down)} values of descending="
            )
        rows = np.arange(len(self))
        for name, reverse in reversed(list(zip(names, down, strict=True))):
            keys, missing = self._sort_keys(self._index(name))
            keys, missing = keys[rows], missing[rows]
            # Ranks, so that the other way round is also stable and can be negated in any type.
            ranks = np.unique(keys, return_inverse=True)[1].astype(np.int64)
            ranks = np.where(missing, np.iinfo(np.int64).max, -ranks if reverse else ranks)
            rows = rows[np.argsort(ranks, kind="stable")]
        return self._take(rows)

    def _sort_keys(self, i: int) -> tuple[np.ndarray, np.ndarray]:
        kind, values = self._data.kinds[i], self._data.values(i)
        if kind == "list":
            raise InvalidArgument(
                f"Frame.sort: '{self._data.names[i]}' holds lists, which have no order"
            )
        if kind == "text":
            missing = np.array([value is None for value in values], bool)
            return np.where(missing, "", values).astype(object), missing
        if kind == "float64":
            missing = np.isnan(values)
        elif kind == "int64":
            missing = values == _INT_MISSING
        elif kind == "code":
            missing = values < 0
        elif kind in ("date", "timestamp"):
            missing = np.isnat(values)
        else:
            missing = np.zeros(len(values), bool)
        return values, missing

    def filter(self, mask: Any = None, /, **conditions: Any) -> Frame:
        """The rows where all of it holds.

        ``mask`` is a boolean array. A condition names a column and gives a value, a list of values,
        or a function of the column: ``frame.filter(grade=["proven", "likely"], n=lambda n: n >
        100)``.
        """
        keep = np.ones(len(self), bool)
        if mask is not None:
            given = (
                np.ma.filled(np.ma.asarray(mask), False) if np.ma.isMA(mask) else np.asarray(mask)
            )
            if given.dtype != bool or given.shape != keep.shape:
                raise InvalidArgument(
                    f"Frame.filter: a mask must be {len(self)} booleans, "
                    f"got {given.dtype} of shape {given.shape}"
                )
            keep &= given
        for name, condition in conditions.items():
            keep &= self._holds(name, condition)
        return self._take(np.flatnonzero(keep))

    def _holds(self, name: str, condition: Any) -> np.ndarray:
        array = self._array(self._index(name))
        if callable(condition):
            held = np.asarray(np.ma.filled(condition(array), False))
            if held.dtype != bool or held.shape != (len(array),):
                raise InvalidArgument(
                    f"Frame.filter: the function for '{name}' must return {len(array)} booleans"
                )
            return held
        if isinstance(array, Lists):
            return np.asarray(array == condition, bool)
        several = isinstance(condition, (list, tuple, set, frozenset, np.ndarray))
        held = np.zeros(len(array), bool)
        for value in condition if several else [condition]:
            held |= self._equals(name, array, value)
        return held

    @staticmethod
    def _equals(name: str, array: np.ndarray, value: Any) -> np.ndarray:
        if value is None:
            return _missing(array)
        text = array.dtype == object
        if array.dtype.kind == "M":
            value = np.datetime64(value)
        elif text != isinstance(value, str):
            raise InvalidArgument(
                f"Frame.filter: '{name}' holds {'text' if text else 'numbers'}, "
                f"got {value!r} ({type(value).__name__})"
            )
        return np.asarray(np.ma.filled(array == value, False), bool)

    def row(self, i: int) -> dict[str, Any]:
        """One row of the shown columns, by name; missing is None."""
        if not -len(self) <= i < len(self):
            raise IndexError(f"row {i} of {len(self)}")
        return next(self[i % len(self) : i % len(self) + 1].rows())

    def rows(self) -> Iterator[dict[str, Any]]:
        """The rows of the shown columns as dicts of Python values; missing is None."""
        names = self.columns
        columns = [_python_values(self._array(i)) for i in self._shown]
        for values in zip(*columns, strict=True):
            yield dict(zip(names, values, strict=True))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self.rows()

    # ---- other libraries -----------------------------------------------------------------------

    def _chosen(self, columns: str | Sequence[str] | None) -> Frame:
        return self if columns is None else self.select(columns)

    def to_dict(self, columns: str | Sequence[str] | None = None) -> dict[str, np.ndarray]:
        """Column name to NumPy array."""
        frame = self._chosen(columns)
        return {name: frame[name] for name in frame.columns}

    def to_pandas(self, columns: str | Sequence[str] | None = None) -> pandas.DataFrame:
        """A pandas DataFrame; needs no pyarrow. Whole numbers with gaps are ``Int64``."""
        pd = _library("pandas")
        frame = self._chosen(columns)
        kinds, names = frame._data.kinds, frame._data.names
        data = {}
        for i in frame._shown:
            array = frame._array(i)
            if isinstance(array, Lists):
                array = np.asarray(array)  # of tuples
            elif np.ma.isMA(array):
                mask = np.ma.getmaskarray(array)
                array = pd.arrays.IntegerArray(np.ma.filled(array, 0).astype(np.int64), mask)
            elif kinds[i] == "timestamp":
                array = pd.Series(array).dt.tz_localize("UTC")
            elif kinds[i] == "date":
                array = array.astype("datetime64[s]")
            else:
                array = array.copy()  # a DataFrame may be written to, a Frame may not
            data[names[i]] = array
        return pd.DataFrame(data, copy=False)

    def to_polars(self, columns: str | Sequence[str] | None = None) -> polars.DataFrame:
        """A polars DataFrame."""
        pl = _library("polars")
        frame = pl.DataFrame(self._chosen(columns))
        lists = [name for name, kind in frame.schema.items() if kind == pl.List(pl.Categorical)]
        return frame.with_columns(
            pl.col(pl.Categorical).cast(pl.String), pl.col(lists).cast(pl.List(pl.String))
        )

    def to_arrow(self, columns: str | Sequence[str] | None = None) -> pyarrow.Table:
        """A pyarrow Table that shares the memory of numbers and codes."""
        return _library("pyarrow").table(self._chosen(columns))

    def to_csv(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        for_spreadsheet: bool = True,
        columns: str | Sequence[str] | None = None,
    ) -> str | None:
        """CSV as text, or into a file (UTF-8).

        ``for_spreadsheet`` puts a quote before text that a spreadsheet would run as a formula.
        """
        frame = self._chosen(columns)
        text = frame._data.select(frame._shown).to_csv(for_spreadsheet)
        if path is None:
            return text
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return None

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes all columns, which are shown, and ``info`` to a file that ``emptor.load`` gives
        back to the last bit. The format is versioned and checksummed; the file is replaced in one
        step."""
        data = _columns_to_bytes(*self._saved())
        write_atomically(path, data)

    def _saved(self) -> tuple[ResultColumns, list[bool], dict[str, Any]]:
        """Columns in the order they are shown in, which of them are shown, and the info."""
        order = list(range(len(self._data.names)))
        for place, i in zip(sorted(self._shown), self._shown, strict=True):
            order[place] = i
        shown = set(self._shown)
        return self._data.select(order), [i in shown for i in order], self._info

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._data.select(self._shown).arrow_stream(requested_schema)

    def __arrow_c_schema__(self) -> object:
        return self._data.select(self._shown).arrow_schema()

    def __reduce__(self) -> tuple[Callable[..., Frame], tuple[Any, ...]]:
        # Numbers, ids and shown columns as saved; the info as Python objects.
        data, shown, _ = self._saved()
        return _unpickled, (_columns_to_bytes(data, shown, {}), self._info)

    def __getattr__(self, name: str) -> Any:
        if name in _PANDAS or name in _POLARS:
            library = "pandas" if name in _PANDAS else "polars"
            raise AttributeError(f"this is an emptor Frame; write .to_{library}().{name}")
        if not name.startswith("_") and name in self._data.names:
            raise AttributeError(f'a Frame gives its columns by name; write frame["{name}"]')
        raise AttributeError(f"'Frame' object has no attribute '{name}'")

    # ---- for people ----------------------------------------------------------------------------

    def __repr__(self) -> str:
        from ._table import as_text

        return as_text(self, _MAX_ROWS)

    def _repr_html_(self) -> str:
        from ._html import as_html

        return as_html(self, _MAX_ROWS)


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        method = {"pyarrow": "to_arrow"}.get(name, f"to_{name}")
        raise ImportError(f"{method} needs {name}: write  pip install {name}") from None


def _missing(array: np.ndarray | Lists) -> np.ndarray:
    if isinstance(array, Lists):
        return np.zeros(len(array), bool)
    if np.ma.isMA(array):
        return np.ma.getmaskarray(array)
    if array.dtype == object:
        return np.array([value is None for value in array], bool)
    if array.dtype.kind == "f":
        return np.isnan(array)
    if array.dtype.kind == "M":
        return np.isnat(array)
    return np.zeros(len(array), bool)


def _python_values(array: np.ndarray | Lists) -> list[Any]:
    if isinstance(array, Lists):
        return array.tolist()
    values = np.ma.filled(array, 0).tolist() if np.ma.isMA(array) else array.tolist()
    missing = _missing(array)
    if missing.any():
        for i in np.flatnonzero(missing):
            values[i] = None
    return values


def _typed(name: str, values: Any) -> tuple[str, Any]:
    """The kind of a column made in Python, and its values as the core takes them."""
    if isinstance(values, Lists):
        return "list", values
    if len(values) and isinstance(values[0], (tuple, list, set, frozenset)):
        return "list", Lists.of(values)
    if np.ma.isMA(values) and values.dtype.kind in "iu":
        return "int64", np.ma.filled(values.astype(np.int64), _INT_MISSING)
    array = np.asarray(values)
    if array.ndim != 1:
        raise InvalidArgument(f"Frame: column '{name}' must have one dimension, got {array.ndim}")
    kind = array.dtype.kind
    if kind == "b":
        return "boolean", array
    if kind in "iu":
        return "int64", array
    if kind == "f":
        return "float64", array.astype(np.float64)
    if kind == "M":
        if array.dtype == np.dtype("datetime64[D]"):
            days = array.astype(np.int64)
            return "date", np.where(np.isnat(array), np.iinfo(np.int32).min, days).astype(np.int32)
        return "timestamp", array.astype("datetime64[us]").astype(np.int64)
    if kind == "U" or array.size == 0:
        return "text", array.tolist()
    texts = ["" if value is None else value for value in array.tolist()]
    for row, value in enumerate(texts):
        if not isinstance(value, str):
            raise InvalidArgument(
                f"Frame: column '{name}', row {row}: expected text, got {type(value).__name__}"
            )
    return "text", texts


def _unpickled(data: bytes, info: dict[str, Any]) -> Frame:
    frame = _columns_from_bytes(data)
    return Frame._of(frame._data, info, frame._shown)
