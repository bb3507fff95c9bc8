"""mlxtend's ``frequent_patterns``: the same signatures and the same pandas frames.

    from emptor.compat.mlxtend import apriori, fpgrowth, fpmax, hmine, association_rules

Answers that differ from mlxtend 0.25:

- The order of rows. Here it is always by size, then by the items in the order of the columns.
- With ``null_values=True`` the support of a set is that among the rows in which none of its items
  is missing.
- ``low_memory``, ``n_jobs`` and ``verbose`` are taken and change nothing: memory is low, and one
  thread or many give the same. Nothing is printed.
- ``fpmax`` with ``max_len`` gives the maximal sets that have at most so many items, as mlxtend says
  in its documentation.
"""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .._baskets import baskets
from .._core.core import InvalidArgument
from .._lists import Lists
from ..mining import frequent_itemsets

if TYPE_CHECKING:
    import pandas

__all__ = ["apriori", "association_rules", "fpgrowth", "fpmax", "hmine"]

_METRICS = (
    "antecedent support", "consequent support", "support", "confidence", "lift", "representativity",
    "leverage", "conviction", "zhangs_metric", "jaccard", "certainty", "kulczynski",
)  # fmt: skip


def apriori(
    df: pandas.DataFrame,
    min_support: float = 0.5,
    use_colnames: bool = False,
    max_len: int | None = None,
    verbose: int = 0,
    low_memory: bool = False,
    n_jobs: int = 1,
) -> pandas.DataFrame:
    """All frequent item sets of a one-hot frame: columns ``support`` and ``itemsets``."""
    return _mined(df, min_support, "all", False, use_colnames, max_len)


def fpgrowth(
    df: pandas.DataFrame,
    min_support: float = 0.5,
    null_values: bool = False,
    use_colnames: bool = False,
    max_len: int | None = None,
    verbose: int = 0,
) -> pandas.DataFrame:
    """All frequent item sets of a one-hot frame: columns ``support`` and ``itemsets``."""
    return _mined(df, min_support, "all", null_values, use_colnames, max_len)


def hmine(
    df: pandas.DataFrame,
    min_support: float = 0.5,
    use_colnames: bool = False,
    max_len: int | None = None,
    verbose: int = 0,
) -> pandas.DataFrame:
    """All frequent item sets of a one-hot frame: columns ``support`` and ``itemsets``."""
    return _mined(df, min_support, "all", False, use_colnames, max_len)


def fpmax(
    df: pandas.DataFrame,
    min_support: float = 0.5,
    null_values: bool = False,
    use_colnames: bool = False,
    max_len: int | None = None,
    verbose: int = 0,
) -> pandas.DataFrame:
    """The maximal frequent item sets of a one-hot frame."""
    return _mined(df, min_support, "maximal", null_values, use_colnames, max_len)


def association_rules(
    df: pandas.DataFrame,
    num_itemsets: int | None = 1,
    df_orig: pandas.DataFrame | None = None,
    null_values: bool = False,
    metric: str = "confidence",
    min_threshold: float = 0.8,
    support_only: bool = False,
    return_metrics: Sequence[str] = _METRICS,
) -> pandas.DataFrame:
    """Every way to cut the sets of a frame of frequent item sets into a rule, with its measures."""
    import pandas as pd

    if null_values and df_orig is None:
        raise TypeError("If null values exist, df_orig must be provided.")
    if null_values and num_itemsets == 1:
        raise TypeError("If null values exist, num_itemsets must be provided.")
    if not len(df):
        raise ValueError("The input DataFrame `df` containing the frequent itemsets is empty.")
    if not {"support", "itemsets"} <= set(df.columns):
        raise ValueError("Dataframe needs to contain the columns 'support' and 'itemsets'")
    if metric not in _METRICS:
        raise ValueError(f"metric must be one of {', '.join(_METRICS)}, got '{metric}'")
    support = dict(zip(map(frozenset, df["itemsets"]), map(float, df["support"]), strict=True))
    left, right, whole = _cuts(support)
    if support_only:
        measures = {"support": np.array([support[items] for items in whole])}
        metric = "support"
    else:
        supports = _supports(support, left, right, whole)
        nulls = _nulls(df_orig, left, right, num_itemsets) if null_values else None
        measures = _measures(*supports, nulls)
    keep = np.flatnonzero(measures[metric] >= min_threshold)
    if not len(keep):
        return pd.DataFrame(columns=["antecedents", "consequents", *return_metrics])
    columns: dict[str, Any] = {
        "antecedents": [left[i] for i in keep],
        "consequents": [right[i] for i in keep],
    }
    for name in return_metrics:
        known = measures.get(name)
        columns[name] = np.full(len(keep), np.nan) if known is None else known[keep]
    return pd.DataFrame(columns)


# ---- item sets ---------------------------------------------------------------------------------


def _mined(
    df: pandas.DataFrame,
    min_support: float,
    kind: str,
    null_values: bool,
    use_colnames: bool,
    max_len: int | None,
) -> pandas.DataFrame:
    import pandas as pd

    if not 0 < min_support <= 1:
        raise ValueError(
            "`min_support` must be a positive number within the interval `(0, 1]`. "
            f"Got {min_support}."
        )
    if max_len is not None and max_len < 1:
        raise ValueError(f"`max_len` must be at least 1, got {max_len}")
    if not df.size:
        return pd.DataFrame({"support": np.empty(0), "itemsets": np.empty(0, object)})
    missing = _check(df, null_values)
    least = max(math.ceil(min_support * len(df) * (1 - 1e-12)), 1)
    plain = df.set_axis(range(len(df.columns)), axis=1)
    held = plain.fillna(1) if missing is not None else plain
    # Names of equal width, so that the order of items is that of the columns.
    width = len(str(len(df.columns)))
    held = held.set_axis([f"{i:0{width}}" for i in range(len(df.columns))], axis=1)
    if not _is_sparse(held):
        held = held.astype(bool)
    found = frequent_itemsets(baskets(held), min_count=least, kind=kind, max_items=max_len or 0)
    items = found["items"]
    place = np.array([int(name) for name in items.categories.tolist()], np.int64)
    sets = Lists(items.offset, place[items.codes], None).tolist()
    supports = found["count"] / len(df)
    if missing is not None:
        supports = _support_where_known(df, missing, sets)
    order = sorted(
        (i for i in range(len(sets)) if supports[i] >= min_support),
        key=lambda i: (len(sets[i]), sets[i]),
    )
    names = list(df.columns) if use_colnames else range(len(df.columns))
    itemsets = np.empty(len(order), object)
    itemsets[:] = [frozenset(names[j] for j in sets[i]) for i in order]
    return pd.DataFrame({"support": np.asarray(supports)[order], "itemsets": itemsets})


def _is_sparse(df: pandas.DataFrame) -> bool:
    import pandas as pd

    return all(isinstance(kind, pd.SparseDtype) for kind in df.dtypes)


def _check(df: pandas.DataFrame, null_values: bool) -> np.ndarray | None:
    """Where values are missing, or None; other values than 0 and 1 are refused."""
    if all(kind == np.bool_ for kind in df.dtypes):
        return None
    if _is_sparse(df):
        for name in df.columns:
            stored = np.asarray(df[name].array.sp_values)
            _check_values(stored, null_values)
        return None
    values = df.to_numpy()
    missing = np.asarray(df.isna())
    if missing.any() and not null_values:
        raise ValueError("NaN values are not permitted in the DataFrame when null_values=False.")
    if null_values and not missing.any():
        warnings.warn(
            "null_values=True, but there are no NaN values in the DataFrame", stacklevel=4
        )
    _check_values(values[~missing], null_values)
    return missing if null_values and missing.any() else None


def _check_values(values: np.ndarray, null_values: bool) -> None:
    wrong = ~np.isin(values.astype(object), (0, 1, True, False))
    if wrong.any():
        allowed = "True, False, 0, 1, NaN" if null_values else "True, False, 0, 1"
        raise ValueError(
            f"The allowed values for a DataFrame are {allowed}. Found value {values[wrong][0]}"
        )


def _support_where_known(
    df: pandas.DataFrame, missing: np.ndarray, sets: list[tuple[int, ...]]
) -> np.ndarray:
    """Of the rows in which no item of a set is missing, the share that holds them all."""
    held = np.asarray(df.fillna(0)).astype(bool)
    supports = np.zeros(len(sets))
    for i, items in enumerate(sets):
        columns = list(items)
        known = ~missing[:, columns].any(axis=1)
        if known.any():
            supports[i] = held[np.ix_(known, columns)].all(axis=1).sum() / known.sum()
    return supports


# ---- rules -------------------------------------------------------------------------------------


def _cuts(
    support: dict[frozenset[Any], float],
) -> tuple[list[frozenset[Any]], list[frozenset[Any]], list[frozenset[Any]]]:
    """Antecedents, consequents and their union; larger antecedents of a set first."""
    left, right, whole = [], [], []
    for items in support:
        for size in range(len(items) - 1, 0, -1):
            for part in itertools.combinations(items, size):
                antecedent = frozenset(part)
                left.append(antecedent)
                right.append(items - antecedent)
                whole.append(items)
    return left, right, whole


def _supports(
    support: dict[frozenset[Any], float],
    left: list[frozenset[Any]],
    right: list[frozenset[Any]],
    whole: list[frozenset[Any]],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    try:
        return (
            np.array([support[items] for items in whole], float),
            np.array([support[items] for items in left], float),
            np.array([support[items] for items in right], float),
        )
    except KeyError as error:
        raise KeyError(
            f"{error.args[0]} is not among the item sets, so its support is not known; "
            "support_only=True needs it not"
        ) from None


def _nulls(
    df_orig: pandas.DataFrame | None,
    left: list[frozenset[Any]],
    right: list[frozenset[Any]],
    n: int | None,
) -> tuple[np.ndarray, ...]:
    """Rows, and per rule: rows with a value missing in the whole, the antecedent, the consequent;
    and rows that hold one side while the other has a value missing."""
    if df_orig is None or n is None:
        raise InvalidArgument("association_rules: df_orig and num_itemsets are needed for nulls")
    by_name = {name: i for i, name in enumerate(df_orig.columns)}
    values = np.asarray(df_orig.fillna(2)).astype(np.int8)

    def columns(items: frozenset[Any]) -> list[int]:
        return [by_name.get(item, item) for item in items]

    missing: dict[frozenset[Any], np.ndarray] = {}
    held: dict[frozenset[Any], np.ndarray] = {}
    for items in {*left, *right}:
        part = values[:, columns(items)]
        missing[items] = (part == 2).any(axis=1)
        held[items] = (part == 1).all(axis=1)
    counts = [
        (
            (missing[a] | missing[c]).sum(),
            missing[a].sum(),
            missing[c].sum(),
            (missing[c] & held[a]).sum(),
            (missing[a] & held[c]).sum(),
        )
        for a, c in zip(left, right, strict=True)
    ]
    return (np.float64(n), *np.array(counts, float).reshape(-1, 5).T)


def _measures(
    both: np.ndarray,
    antecedent: np.ndarray,
    consequent: np.ndarray,
    nulls: tuple[np.ndarray, ...] | None,
) -> dict[str, np.ndarray]:
    """mlxtend's twelve measures from supports."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if nulls is None:
            forward, backward = both / antecedent, both / consequent
            known = np.ones(len(both))
        else:
            n, in_both, in_left, in_right, left_only, right_only = nulls
            forward = both * (n - in_both) / (antecedent * (n - in_left) - left_only)
            backward = both * (n - in_both) / (consequent * (n - in_right) - right_only)
            known = (n - in_both) / n
        leverage = both - antecedent * consequent
        most = np.maximum(both * (1 - antecedent), antecedent * (consequent - both))
        return {
            "antecedent support": antecedent,
            "consequent support": consequent,
            "support": both,
            "confidence": forward,
            "lift": forward / consequent,
            "representativity": known,
            "leverage": leverage,
            "conviction": np.where(forward < 1, (1 - consequent) / (1 - forward), np.inf),
            "zhangs_metric": np.where(most == 0, 0, leverage / most),
            "jaccard": both / (antecedent + consequent - both),
            "certainty": np.where(consequent == 1, 0, (forward - consequent) / (1 - consequent)),
            "kulczynski": (forward + backward) / 2,
        }
