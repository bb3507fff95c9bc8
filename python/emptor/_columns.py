"""Plain columns on their way in: numbers, flags and names of any array, series or list."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._core.core import InvalidArgument


def _array(function: str, name: str, values: Any) -> np.ndarray:
    if hasattr(values, "to_numpy"):
        values = values.to_numpy()
    array = np.asarray(values)
    if array.ndim != 1:
        raise InvalidArgument(
            f"{function}: {name} must have one dimension, got {array.ndim}; give a column"
        )
    return array


def numbers(function: str, name: str, values: Any) -> np.ndarray:
    """A column of doubles; lengths of time become days. NaN is left to the core."""
    array = _array(function, name, values)
    if array.dtype.kind == "m":
        missing = np.isnat(array)
        days = array / np.timedelta64(1, "D")
        return np.where(missing, np.nan, days)
    try:
        return np.ascontiguousarray(array, np.float64)
    except (TypeError, ValueError):
        raise InvalidArgument(f"{function}: {name} must hold numbers") from None


def flags(function: str, name: str, values: Any) -> np.ndarray:
    """A column of 0 and 1 from booleans or numbers that are nothing else."""
    array = _array(function, name, values)
    if array.dtype.kind == "b":
        return array.astype(np.int32)
    given = numbers(function, name, array)
    other = np.flatnonzero((given != 0) & (given != 1))
    if len(other):
        row = int(other[0])
        raise InvalidArgument(
            f"{function}: {name} must be 0 (not seen) or 1 (seen), or booleans; row {row} is "
            f"{array[row]!r:.40}"
        )
    return given.astype(np.int32)


def codes(function: str, name: str, values: Any) -> tuple[np.ndarray, list[int] | list[str]]:
    """Codes of a column of names and the sorted names; -1 where missing.

    Whole numbers stay numbers, everything else becomes text.
    """
    array = _array(function, name, values)
    if array.dtype.kind in "iu":
        ids, code = np.unique(array, return_inverse=True)
        return code.astype(np.int32).reshape(-1), [int(i) for i in ids]
    if array.dtype.kind == "f":
        present = ~np.isnan(array)
        whole = array[present]
        if (whole == np.floor(whole)).all() and (np.abs(whole) < 2**53).all():
            ids, code = np.unique(whole, return_inverse=True)
            out = np.full(len(array), -1, np.int32)
            out[present] = code.reshape(-1)
            return out, [int(i) for i in ids]
    texts = [
        None if v is None or v != v or type(v).__name__ == "NAType" else str(v)
        for v in array.tolist()
    ]
    names = sorted({text for text in texts if text}, key=str.encode)
    place = {text: i for i, text in enumerate(names)}
    return np.array([place.get(text, -1) for text in texts], np.int32), names
