"""Baskets of whatever holds them: lists, one-hot frames, long tables, arrays, files."""

from __future__ import annotations

import functools
import gzip
import inspect
import itertools
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from . import _input
from ._core import data as _core
from ._core.core import DataError, InvalidArgument
from ._public import public

F = TypeVar("F", bound=Callable[..., Any])
_CALL = ("threads", "progress", "memory_limit")


def baskets(
    source: Any,
    *,
    order: str = "",
    item: str = "",
    customer: Any = None,
    weight: Any = None,
    parents: Any = None,
    delimiter: str = "",
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> _core.Baskets:
    """Baskets to mine, from what you have. Every function that mines baskets takes the same.

    ``source`` is one of

    - lists of items, ``[["tea", "milk"], ["tea"]]``; a dict of baskets gives their weights,
      ``{("tea", "milk"): 3}``
    - a one-hot frame as mlxtend's, dense or sparse: a row is a basket, a column an item, all
      values are 0 and 1 or False and True
    - a long frame with one row per item of a basket; ``order=`` and ``item=`` name its columns
      unless they are recognised or the only two
    - a SciPy matrix of baskets by items, or the arrays ``(offset, item)`` of the compressed rows.
      Given to what mines baskets, these and list columns of Arrow and Polars are not copied where
      items are int32 and ascend in every basket (offsets are not, either, where they are int64)
    - the path of a file with a basket a line, items between blanks (FIMI's ``.dat``) or commas
      (``delimiter=`` if it is not found out), also ``.gz``
    - a Sales: write ``sales.baskets(unit="day")`` for other baskets than its orders

    An item counts once in a basket; what is named again is counted in ``.repeated``, what is
    missing in ``.missing``. ``customer=`` says whose basket each is (an array, or a column of a
    long frame), so that tests do not take a customer's baskets as independent; ``weight=`` how
    often each counts.

    ``parents=`` says what items belong to: a dict ``{"rye": "bread", "bread": "bakery"}``, or a
    frame with the columns ``item`` and ``parent`` (or just two, in that order). Every basket then
    holds the ancestors of its items too, and what mines it never pairs an item with its own
    ancestor. An item has one parent; those without a row have none.
    """
    how = {"threads": threads, "progress": progress, "memory_limit": memory_limit}
    column = customer if isinstance(customer, str) else ""
    result = _made(source, order, item, column, delimiter, how)
    if isinstance(source, Mapping) and _is_weighted(source):
        if weight is not None:
            raise InvalidArgument("baskets: a dict of baskets has their weights; leave out weight=")
        weight = list(source.values())
    codes = None if customer is None or column else _codes(customer)
    if weight is not None or codes is not None:
        result = result._with(None if weight is None else _whole(weight, "weight"), codes)
    return result if parents is None else result._with_ancestors(*_pairs(parents))


def of_baskets(module: str, function: F) -> F:
    """A public function of a Sales, of Baskets, or of anything that holds baskets."""
    inner = public(module, function)
    signature = inspect.signature(inner)
    first, *others = signature.parameters.values()
    signature = signature.replace(parameters=[first.replace(annotation="Any"), *others])

    @functools.wraps(inner)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        given = args[0] if args else kwargs.get(first.name)
        if given is None or isinstance(given, (_core.Sales, _core.Baskets)):
            return inner(*args, **kwargs)
        made = _as_they_are(given) or baskets(given, **{k: kwargs[k] for k in _CALL if k in kwargs})
        if args:
            return inner(made, *args[1:], **kwargs)
        return inner(**{**kwargs, first.name: made})

    wrapper.__signature__ = signature  # type: ignore[attr-defined]
    del wrapper.__wrapped__  # type: ignore[attr-defined]
    return wrapper  # type: ignore[return-value]


def _as_they_are(source: Any) -> Any:
    """Baskets that can be mined where they lie, without a copy; None for others."""
    if hasattr(source, "tocsr") and hasattr(source, "nnz"):
        rows = source.tocsr()
        ones = rows.data.dtype == bool or rows.data.dtype.kind in "iuf"
        if not ones or not (rows.data == 1).all():
            return None
        return _core._basket_arrays(rows.indptr, rows.indices)
    arrays = source if _is_arrays(source) else _arrow_lists(source)
    return None if arrays is None else _core._basket_arrays(*arrays)


def _arrow_lists(source: Any) -> tuple[np.ndarray, np.ndarray] | None:
    """(offset, item) of a list column of Arrow or Polars that holds no nulls."""
    if "polars" in type(source).__module__ and hasattr(source, "to_arrow"):
        source = source.to_arrow() if hasattr(source, "to_list") else None  # a Series
    if getattr(source, "num_chunks", 0) == 1:
        source = source.chunk(0)
    if not (hasattr(source, "offsets") and hasattr(source, "values")):
        return None
    if source.null_count or source.values.null_count:
        return None
    return tuple(np.asarray(part) for part in (source.offsets, source.values))  # type: ignore


def _made(
    source: Any, order: str, item: str, customer: str, delimiter: str, how: dict[str, Any]
) -> _core.Baskets:
    if isinstance(source, _core.Baskets):
        return source
    if isinstance(source, _core.Sales):
        return _core.baskets(source, **how)
    if isinstance(source, (str, os.PathLike)):
        return _core._baskets_of_text(_text(source), delimiter=delimiter, **how)
    if hasattr(source, "tocsr") and hasattr(source, "nnz"):
        return _sparse(source, None, how)
    if _is_arrays(source):
        return _core._baskets_of_arrays(*source, **how)
    if isinstance(source, Mapping) and _is_weighted(source):
        return _core._baskets_of_lists(list(source), **how)
    if _is_frame(source):
        named = bool(order or item or customer)
        one_hot = None if named else _one_hot(source)
        if one_hot is not None:
            return _core._baskets_of_arrays(*one_hot, **how)
        rows = _input.table("baskets", source, [name for name in (order, item, customer) if name])
        return _core._baskets_of_table(rows, order=order, item=item, customer=customer, **how)
    if isinstance(source, Iterable):
        return _core._baskets_of_lists(source, **how)
    raise InvalidArgument(
        f"baskets: cannot read baskets from {type(source).__name__}; give lists of items, a "
        "one-hot or long frame, (offset, item) arrays, or the path of a file with a basket a line"
    )


def _text(path: str | os.PathLike[str]) -> str:
    try:
        opened = gzip.open if os.fspath(path).endswith(".gz") else open
        with opened(path, "rb") as file:
            return file.read().decode("utf-8")
    except OSError as error:
        raise DataError(f"baskets: cannot read '{os.fspath(path)}': {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise DataError(
            f"baskets: '{os.fspath(path)}' is not UTF-8 text (byte {error.start})"
        ) from None


def _is_weighted(source: Mapping[Any, Any]) -> bool:
    return bool(source) and all(isinstance(key, (tuple, frozenset)) for key in source)


def _is_arrays(source: Any) -> bool:
    return (
        isinstance(source, tuple)
        and len(source) == 2
        and all(isinstance(array, np.ndarray) and array.ndim == 1 for array in source)
    )


def _is_frame(source: Any) -> bool:
    return (
        isinstance(source, Mapping)
        or (hasattr(source, "__arrow_c_stream__") and not hasattr(source, "to_list"))  # a Series
        or (hasattr(source, "columns") and hasattr(source, "shape"))
        or (isinstance(source, np.ndarray) and source.dtype.names is not None)
    )


# ---- one-hot ----------------------------------------------------------------------------------


def _one_hot(source: Any) -> tuple[np.ndarray, np.ndarray, list[str]] | None:
    """(offset, item, names) of a frame whose values are all 0 and 1; None for other frames."""
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(source, pandas.DataFrame):
        return _one_hot_pandas(pandas, source)
    if isinstance(source, Mapping):
        columns = {str(name): np.asarray(values) for name, values in source.items()}
    elif hasattr(source, "to_dict") and "polars" in type(source).__module__:
        columns = {name: source[name].to_numpy() for name in source.columns}
    elif hasattr(source, "column_names"):  # a pyarrow table
        names = source.column_names
        columns = {name: source[name].to_numpy() for name in names}
    else:
        return None
    if not columns or not all(_is_zero_one(values) for values in columns.values()):
        return None
    return _compressed(np.column_stack([v.astype(bool) for v in columns.values()]), list(columns))


def _one_hot_pandas(pandas: Any, frame: Any) -> tuple[np.ndarray, np.ndarray, list[str]] | None:
    if not len(frame.columns):
        return None
    names = [str(name) for name in frame.columns]
    if all(isinstance(kind, pandas.SparseDtype) for kind in frame.dtypes):
        return _sparse_pandas(frame, names)
    if all(kind == np.bool_ for kind in frame.dtypes):
        return _compressed(frame.to_numpy(), names)
    if not all(kind.kind in "biuf" for kind in frame.dtypes if isinstance(kind, np.dtype)):
        return None
    if not all(isinstance(kind, np.dtype) for kind in frame.dtypes):
        return None
    values = frame.to_numpy()
    if not np.isin(values, (0, 1)).all():
        if len(names) > 3:
            raise _not_zero_one(frame)
        return None
    return _compressed(values.astype(bool), names)


def _sparse_pandas(frame: Any, names: list[str]) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Only what is stored is looked at, a column at a time."""
    found = []
    for i in range(len(names)):
        column = frame.iloc[:, i].array
        stored = np.asarray(column.sp_values)
        if column.fill_value not in (0, False) or not np.isin(stored, (0, 1)).all():
            raise _not_zero_one(frame)
        found.append(column.sp_index.indices[stored.astype(bool)])
    rows = np.concatenate(found) if found else np.empty(0, np.int64)
    columns = np.repeat(np.arange(len(names)), [len(part) for part in found])
    order = np.argsort(rows, kind="stable")
    return _named(_offsets(rows, len(frame)), columns[order], names)


def _offsets(rows: np.ndarray, n: int) -> np.ndarray:
    offset = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=n), out=offset[1:])
    return offset


def _not_zero_one(frame: Any) -> InvalidArgument:
    for name in frame.columns:
        values = np.asarray(frame[name])
        for row in np.flatnonzero(~np.isin(values, (0, 1))):
            return InvalidArgument(
                f"baskets: column '{name}', row {row} of the one-hot frame is {values[row]!s:.40}; "
                "its values must be 0 or 1. For a long frame name order= and item="
            )
    return InvalidArgument("baskets: a sparse one-hot frame must leave out 0, not another value")


def _is_zero_one(values: np.ndarray) -> bool:
    if values.dtype == bool:
        return True
    return values.ndim == 1 and values.dtype.kind in "iuf" and bool(np.isin(values, (0, 1)).all())


def _compressed(held: np.ndarray, names: list[str]) -> tuple[np.ndarray, np.ndarray, list[str]]:
    rows, columns = np.nonzero(held)
    return _named(_offsets(rows, len(held)), columns, names)


def _named(
    offset: np.ndarray, columns: np.ndarray, names: Sequence[str]
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Codes into the sorted names."""
    order = sorted(range(len(names)), key=names.__getitem__)
    ordered = [names[i] for i in order]
    for left, right in itertools.pairwise(ordered):
        if left == right:
            raise InvalidArgument(f"baskets: two columns of the one-hot frame are named '{left}'")
    code = np.empty(len(names), np.int32)
    code[order] = np.arange(len(names), dtype=np.int32)
    return offset.astype(np.int64), code[columns], ordered


def _sparse(matrix: Any, names: list[str] | None, how: dict[str, Any]) -> _core.Baskets:
    rows = matrix.tocsr()
    if rows.data.size and not np.isin(rows.data, (0, 1)).all():
        raise InvalidArgument("baskets: a matrix of baskets by items must hold 0 and 1 only")
    rows = rows.copy()
    rows.eliminate_zeros()
    return _core._baskets_of_arrays(
        rows.indptr.astype(np.int64), rows.indices.astype(np.int64), names, **how
    )


# ---- what items belong to ----------------------------------------------------------------------


def _pairs(parents: Any) -> tuple[list[str], list[str]]:
    """Items and their parents as texts, "" for none."""
    if isinstance(parents, Mapping) and not any(
        isinstance(value, (list, tuple, np.ndarray)) for value in parents.values()
    ):
        rows = [list(parents), list(parents.values())]
    else:
        rows = _two_columns(parents)
    items, above = ([_id(value) for value in column] for column in rows)
    for row, item in enumerate(items):
        if not item:
            raise InvalidArgument(f"baskets: row {row} of parents has no item")
    return items, above


def _two_columns(frame: Any) -> list[list[Any]]:
    named = frame.column_names if hasattr(frame, "column_names") else getattr(frame, "columns", [])
    names = [str(name) for name in (frame if isinstance(frame, Mapping) else named)]
    if "item" in names and "parent" in names:
        names = ["item", "parent"]
    elif len(names) != 2:
        raise InvalidArgument(
            "baskets: parents must be a dict {item: parent}, or a frame with the columns item and "
            f"parent; found {type(frame).__name__}"
            + (f" with {', '.join(names[:8])}" if names else "")
        )
    columns = [frame[name] for name in names]
    lists = [c.to_pylist() if hasattr(c, "to_pylist") else list(c) for c in columns]
    if len(lists[0]) != len(lists[1]):
        raise InvalidArgument(
            f"baskets: parents has {len(lists[0])} items and {len(lists[1])} parents"
        )
    return lists


def _id(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


# ---- beside the baskets -------------------------------------------------------------------------


def _whole(values: Any, name: str) -> np.ndarray:
    array = np.asarray(values)
    if array.dtype.kind not in "iu" or array.ndim != 1:
        raise InvalidArgument(
            f"baskets: {name} must be whole numbers, one a basket, got {array.dtype}"
        )
    return array.astype(np.int64)


def _codes(ids: Any) -> np.ndarray:
    array = np.asarray(ids)
    if array.ndim != 1:
        raise InvalidArgument("baskets: customer must be one id a basket")
    missing = np.array([value is None or value != value for value in array.tolist()], bool)
    codes = np.full(len(array), -1, np.int32)
    known = array[~missing]
    if known.dtype == object:
        known = known.astype(str)
    codes[~missing] = np.unique(known, return_inverse=True)[1].reshape(-1)
    return codes
