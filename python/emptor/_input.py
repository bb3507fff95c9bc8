"""Tables on their way in: frames of any library, arrays, lists and files, as the core takes them.

A column is never turned into Python objects if its producer holds it in memory as numbers, and
numbers are not copied. Nothing here imports a frame library; it only knows those already loaded.
"""

from __future__ import annotations

import datetime
import decimal
import glob
import gzip
import importlib.util
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ._core import data as _core
from ._core.core import DataError, FormatError, InvalidArgument

_WORDS = {
    str: "text",
    bool: "True/False",
    int: "whole numbers",
    float: "numbers",
    decimal.Decimal: "decimals",
    datetime.datetime: "times",
    datetime.date: "dates",
}


def table(name: str, source: Any, wanted: Sequence[str] = (), **how: Any) -> _core.InputTable:
    """The table ``name`` ("orders") from whatever the caller has."""
    if isinstance(source, _core.InputTable):
        return source
    if isinstance(source, (str, os.PathLike)) or hasattr(source, "read"):
        return _from_files(name, source, wanted, **how)
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(source, pandas.DataFrame):
        return _from_columns(name, source.columns, source.iloc, wanted, len(source))
    if hasattr(source, "__arrow_c_stream__"):
        return _core.import_stream(source.__arrow_c_stream__(), list(wanted))
    if hasattr(source, "__arrow_c_array__"):
        schema, array = source.__arrow_c_array__()
        return _core.import_batch(schema, array, list(wanted))
    if hasattr(source, "collect") and "polars" in type(source).__module__:
        raise InvalidArgument(f"{name}: this is a LazyFrame; write {name}={name}.collect()")
    if hasattr(source, "to_table") and "pyarrow" in type(source).__module__:
        return _core.import_stream(source.to_table().__arrow_c_stream__(), list(wanted))
    if isinstance(source, np.ndarray) and source.dtype.names:
        source = {column: source[column] for column in source.dtype.names}
    if isinstance(source, Mapping):
        return _from_columns(name, list(source), list(source.values()), wanted, None)
    raise InvalidArgument(
        f"{name}: cannot read a table from {_type_name(source)}; give a data frame, a dict of "
        "arrays, or the path of a CSV file"
    )


def _type_name(value: Any) -> str:
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


# ---- columns in memory ------------------------------------------------------------------------


def _from_columns(
    table: str, names: Any, values: Any, wanted: Sequence[str], rows: int | None
) -> _core.InputTable:
    by_position = rows is not None  # a pandas frame: values are frame.iloc
    columns, seen = [], set()
    for i, key in enumerate(names):
        name = str(key)
        if name in seen:
            raise InvalidArgument(f"{table}: two columns are named '{name}'")
        seen.add(name)
        given = values[:, i] if by_position else values[i]
        where = f"{table}: column '{name}'"
        try:
            columns.append(_column(where, name, given))
        except _Unusable as error:
            if name in wanted:
                raise DataError(str(error)) from None
            continue
        length = len(given)
        if rows is not None and length != rows:
            raise InvalidArgument(f"{where} has {length} rows, the first one has {rows}")
        rows = length
    return _core.table_of(columns, rows or 0)


class _Unusable(Exception):
    """A column of a type no Sales can use; an error only if it was asked for."""


def _column(where: str, name: str, values: Any) -> _core.InputColumn:
    pandas = sys.modules.get("pandas")
    if pandas is not None:
        if isinstance(values, pandas.Index):
            values = values.to_series()
        if isinstance(values, pandas.Series):
            return _pandas_column(pandas, where, name, values)
        if isinstance(values, pandas.api.extensions.ExtensionArray):
            return _pandas_column(pandas, where, name, pandas.Series(values))
    if isinstance(values, (str, bytes)) or not hasattr(values, "__len__"):
        raise InvalidArgument(f"{where} must be an array or a list, got {_type_name(values)}")
    if np.ma.isMA(values):
        return _array_column(where, name, values.data, ~np.ma.getmaskarray(values))
    if isinstance(values, (list, tuple)):
        objects = np.empty(len(values), object)
        objects[:] = values
        return _object_column(where, name, objects)
    return _array_column(where, name, np.asarray(values))


def _pandas_column(pandas: Any, where: str, name: str, series: Any) -> _core.InputColumn:
    dtype = series.dtype
    if isinstance(dtype, np.dtype):
        return _array_column(where, name, series.to_numpy())
    if isinstance(dtype, pandas.CategoricalDtype):
        codes = series.cat.codes.to_numpy()
        if not len(series.cat.categories):
            return _core.null_column(name, len(series))
        categories = _column(where, name, series.cat.categories)
        return _core.dictionary_column(
            name, np.ascontiguousarray(codes), _bitmap(codes >= 0), categories
        )
    if isinstance(dtype, pandas.DatetimeTZDtype):
        utc = series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
        return _time_column(where, name, utc, None, str(dtype.tz))
    if isinstance(dtype, pandas.PeriodDtype):
        raise DataError(
            f"{where} holds periods ({dtype}); write df['{name}'].dt.to_timestamp() or "
            f"df['{name}'].dt.start_time"
        )
    if _held_by_arrow(dtype):
        # The producer holds it as Arrow: no Python object per value.
        one = series.rename(name).to_frame().reset_index(drop=True)
        columns = _core.import_stream(one.__arrow_c_stream__(), []).columns()
        if columns:
            return columns[0]
        raise _Unusable(f"{where} is of type {dtype}, which cannot be used")
    if isinstance(dtype, pandas.StringDtype):
        return _object_column(where, name, series.to_numpy(object))
    numpy_dtype = getattr(dtype, "numpy_dtype", None)
    if isinstance(numpy_dtype, np.dtype) and numpy_dtype.kind in "iufb":  # Int64, boolean, Float64
        present = ~series.isna().to_numpy()
        return _array_column(
            where, name, series.to_numpy(numpy_dtype, na_value=numpy_dtype.type(0)), present
        )
    raise _Unusable(
        f"{where} is of type {dtype}, which cannot be used; write it as text or numbers"
    )


def _held_by_arrow(dtype: Any) -> bool:
    arrow = hasattr(dtype, "pyarrow_dtype") or getattr(dtype, "storage", "") == "pyarrow"
    return arrow and "pyarrow" in sys.modules


def _bitmap(present: np.ndarray | None) -> np.ndarray | None:
    if present is None or present.all():
        return None
    return np.packbits(present, bitorder="little")


def _array_column(
    where: str, name: str, array: np.ndarray, present: np.ndarray | None = None
) -> _core.InputColumn:
    if array.ndim != 1:
        raise InvalidArgument(f"{where} must have one dimension, got {array.ndim}")
    kind = array.dtype.kind
    if kind == "M":
        return _time_column(where, name, array, present, None)
    if kind == "f" and array.dtype.itemsize not in (4, 8):
        array = array.astype(np.float64)
    if kind in "iufb":
        native = np.ascontiguousarray(array, array.dtype.newbyteorder("="))
        return _core.array_column(name, native, _bitmap(present))
    if kind in "UST":
        if kind == "S":
            raise DataError(f"{where} holds bytes; write np.char.decode(x, 'utf-8')")
        array = array.astype(object)
        kind = "O"
    if kind == "O":
        if present is not None:
            array = array.copy()
            array[~present] = None
        return _object_column(where, name, array)
    raise _Unusable(f"{where} is of type {array.dtype}, which cannot be used")


def _time_column(
    where: str, name: str, array: np.ndarray, present: np.ndarray | None, zone: str | None
) -> _core.InputColumn:
    unit, count = np.datetime_data(array.dtype)
    missing = np.isnat(array)
    if present is not None:
        missing = missing | ~present
    valid = _bitmap(~missing)
    if unit == "D" and count == 1:
        days = np.where(missing, 0, array.astype(np.int64))
        if len(days) and (days.min() < -(2**31) or days.max() >= 2**31):
            raise DataError(f"{where} holds dates beyond what can be told apart")
        return _core.time_column(name, days.astype(np.int32), valid, "D", False, "")
    if unit not in ("s", "ms", "us", "ns") or count != 1:
        array, unit = array.astype("datetime64[us]"), "us"
    ticks = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("="), copy=False))
    return _core.time_column(name, ticks.view(np.int64), valid, unit, zone is not None, zone or "")


def _kind(found: type) -> type:
    """The kind of value a type stands for, itself if it is none we know."""
    if issubclass(found, (bool, np.bool_)):
        return bool
    for kind in (str, datetime.datetime, datetime.date, decimal.Decimal):
        if issubclass(found, kind):
            return kind
    if issubclass(found, (int, np.integer)):
        return int
    if issubclass(found, (float, np.floating)):
        return float
    return found


def _object_column(where: str, name: str, objects: np.ndarray) -> _core.InputColumn:
    """A column of Python objects, of one kind."""
    objects = np.ascontiguousarray(objects)
    kinds: dict[type, int] = {}
    for found, _, first in _core.scan_objects(objects):
        if found is not None:
            kind = _kind(found)
            kinds[kind] = min(first, kinds.get(kind, first))
    if not kinds:
        return _core.null_column(name, len(objects))
    found_kinds = set(kinds)
    if found_kinds == {str}:
        return _core.text_column(name, objects)
    unknown = [kind for kind in kinds if kind not in _WORDS]
    if unknown:
        row = kinds[unknown[0]]
        raise _Unusable(
            f"{where}, row {row}: cannot read a value of type {_type_name(objects[row])}"
        )
    numbers = {int, float, decimal.Decimal}
    if found_kinds <= numbers or found_kinds == {bool}:
        return _number_objects(where, name, objects, found_kinds)
    if found_kinds <= {datetime.date, datetime.datetime}:
        return _time_objects(where, name, objects, found_kinds)
    (kind0, row0), (kind1, row1) = sorted(kinds.items(), key=lambda item: item[1])[:2]
    raise DataError(
        f"{where} mixes {_WORDS[kind0]} and {_WORDS[kind1]}: row {row0} is "
        f"{type(objects[row0]).__name__}, row {row1} is {type(objects[row1]).__name__}; "
        f"make it one kind, as with df['{name}'].astype(str)"
    )


def _present(objects: np.ndarray) -> np.ndarray:
    return np.array([value is not None and value == value for value in _no_na(objects)], bool)


def _no_na(objects: np.ndarray) -> list[Any]:
    """Values with None for pandas.NA and NaT, whose comparisons are not booleans."""
    return [None if type(v).__name__ in ("NAType", "NaTType") else v for v in objects]


def _number_objects(
    where: str, name: str, objects: np.ndarray, kinds: set[type]
) -> _core.InputColumn:
    present = _present(objects)
    if decimal.Decimal in kinds:  # exact: read as text is
        texts = np.array([str(v) if p else None for v, p in zip(objects, present, strict=True)],
                         object)  # fmt: skip
        return _core.text_column(name, texts)
    filled = np.where(present, objects, 0)
    if kinds == {bool}:
        return _core.array_column(name, filled.astype(bool), _bitmap(present))
    if kinds == {int}:
        for row, value in enumerate(filled):
            if not -(2**63) <= value < 2**63:
                raise DataError(f"{where}, row {row}: {value!r:.40} does not fit into 64 bits")
        return _core.array_column(name, filled.astype(np.int64), _bitmap(present))
    return _core.array_column(name, filled.astype(np.float64), _bitmap(present))


def _time_objects(
    where: str, name: str, objects: np.ndarray, kinds: set[type]
) -> _core.InputColumn:
    values = _no_na(objects)
    if kinds == {datetime.date}:
        return _time_column(where, name, np.array(values, "datetime64[D]"), None, None)
    zoned = None
    ticks: list[Any] = []
    for row, value in enumerate(values):
        if value is None:
            ticks.append(None)
            continue
        aware = getattr(value, "tzinfo", None) is not None
        if zoned is not None and aware != zoned:
            raise DataError(
                f"{where} mixes times with and without a zone: row {row} is "
                f"{'' if aware else 'not '}zoned; write pd.to_datetime(x, utc=True)"
            )
        zoned = aware
        if aware:
            value = value.astimezone(datetime.UTC).replace(tzinfo=None)
        ticks.append(np.datetime64(value, "us"))
    array = np.array([np.datetime64("NaT") if t is None else t for t in ticks], "datetime64[us]")
    return _time_column(where, name, array, None, "UTC" if zoned else None)


# ---- files ------------------------------------------------------------------------------------


def _from_files(
    name: str,
    source: Any,
    wanted: Sequence[str],
    *,
    encoding: str = "utf-8",
    delimiter: str = "",
    threads: int | None = None,
    progress: Any = None,
) -> _core.InputTable:
    call = {"delimiter": delimiter, "threads": threads, "progress": progress}
    if hasattr(source, "read"):
        label = str(getattr(source, "name", "the open file"))
        return _core.parse_csv(_as_utf8(source.read(), encoding, label), label, **call)
    path = os.fspath(source)
    if path == "-":
        return _core.parse_csv(
            _as_utf8(sys.stdin.buffer.read(), encoding, "stdin"), "stdin", **call
        )
    paths = [path]
    if glob.has_magic(path) and not os.path.exists(path):
        paths = sorted(glob.glob(path, recursive=True))
        if not paths:
            raise DataError(f"{name}: no file matches '{path}'")
    if any(p.lower().endswith((".parquet", ".pq")) for p in paths):
        return _from_parquet(name, paths, wanted)
    for one in paths:
        if os.path.isdir(one):
            raise DataError(f"{name}: '{one}' is a folder; write '{os.path.join(one, '*.csv')}'")
    tables = [_one_file(one, encoding, call) for one in paths]
    if len(tables) == 1:
        return tables[0]
    return _core.concatenate(tables, [os.path.basename(one) for one in paths])


def _one_file(path: str, encoding: str, call: dict[str, Any]) -> _core.InputTable:
    if _is_utf8(encoding) and not path.lower().endswith(".gz"):
        return _core.read_csv(path, **call)
    return _core.parse_csv(_file_bytes(path, encoding), path, **call)


def _is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")


def _file_bytes(path: str, encoding: str) -> bytes:
    try:
        if path.lower().endswith(".gz"):
            with gzip.open(path, "rb") as file:
                content = file.read()
        else:
            with open(path, "rb") as file:
                content = file.read()
    except (gzip.BadGzipFile, EOFError) as error:
        raise FormatError(f"{path}: not a whole gzip file ({error})") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from None
    return _as_utf8(content, encoding, path)


def _as_utf8(content: bytes | str, encoding: str, label: str) -> bytes:
    if isinstance(content, str):
        return content.encode("utf-8")
    if _is_utf8(encoding):
        return content
    try:
        return content.decode(encoding).encode("utf-8")
    except LookupError:
        raise InvalidArgument(f"encoding: Python knows no encoding '{encoding}'") from None
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FormatError(f"{label}, line {line}: not {encoding} text") from None


def _from_parquet(name: str, paths: Sequence[str], wanted: Sequence[str]) -> _core.InputTable:
    for path in paths:
        if not os.path.exists(path):
            raise DataError(f"{path}: cannot be read: no such file")
    if importlib.util.find_spec("polars"):
        import polars

        return table(name, polars.read_parquet(list(paths)), wanted)
    if importlib.util.find_spec("pyarrow"):
        import pyarrow
        import pyarrow.parquet

        return table(name, pyarrow.concat_tables(map(pyarrow.parquet.read_table, paths)), wanted)
    if importlib.util.find_spec("duckdb"):
        import duckdb

        return table(name, duckdb.read_parquet(list(paths)), wanted)
    raise ImportError(
        "reading Parquet needs polars, pyarrow or duckdb, and none is installed; "
        "run: pip install polars"
    )
