"""What scikit-learn gives, as named columns: arrays of numbers, and frames of any kind."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.validation import validate_data


def is_frame(X: Any) -> bool:
    return hasattr(X, "columns") and not isinstance(X, np.ndarray) and not hasattr(X, "tocsr")


def columns_of(estimator: Any, X: Any, *, reset: bool) -> dict[str, Any]:
    """Columns by name, after scikit-learn's own checks of width and names.

    Arrays must hold finite numbers or NaN and have the names x0, x1, ...; the columns of a frame
    may hold categories too.
    """
    if not is_frame(X):
        array = validate_data(
            estimator, X, reset=reset, dtype=np.float64, ensure_all_finite="allow-nan"
        )
        return _named([f"x{j}" for j in range(array.shape[1])], array.T)
    names = [str(name) for name in X.columns]
    numbers = _numbers(X)
    # The checks of an array, where the frame is one; else those of names and width alone.
    if numbers:
        array = validate_data(
            estimator, X, reset=reset, dtype=np.float64, ensure_all_finite="allow-nan"
        )
        return _named(names, array.T)
    validate_data(estimator, X, reset=reset, skip_check_array=True)
    return _named(names, [X[name] for name in X.columns])


def _numbers(X: Any) -> bool:
    """Whether every column of a frame holds numbers."""
    kinds = [getattr(dtype, "kind", None) for dtype in getattr(X, "dtypes", [])]
    return bool(kinds) and all(kind is not None and kind in "iufb" for kind in kinds)


def _named(names: list[str], columns: Any) -> dict[str, Any]:
    return dict(zip(names, columns, strict=True))
