"""Cohorts as triangles, and answers to whether customers would recommend."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._columns import codes, numbers
from ._core import customers as _core
from ._core.core import InvalidArgument
from ._core.data import Sales as CoreSales
from ._names import did_you_mean
from ._public import public
from .frame import Frame

retention = public("emptor.customers", _core.retention)

MEASURES = (
    "retained",
    "rolling",
    "unbounded",
    "net_revenue_retention",
    "gross_revenue_retention",
    "active",
    "revenue",
)


def retention_triangle(found: Any, *, measure: str = "retained", so_far: bool = False) -> Frame:
    """Retention as a triangle: a row per cohort, a column per period after.

    ``found`` is a frame of ``retention``, or a Sales, which stands for ``retention(sales)``.
    ``measure`` is "retained", "rolling", "unbounded", "net_revenue_retention",
    "gross_revenue_retention", "active" or "revenue". Cells after the moment are missing, as are
    those whose period is not over unless ``so_far=True``.
    """
    if isinstance(found, CoreSales):
        found = retention(found)
    if not isinstance(found, Frame) or "periods" not in found.all_columns:
        raise InvalidArgument(
            "retention_triangle: give a frame of retention(sales), or a Sales, not "
            f"{type(found).__name__}"
        )
    if measure not in MEASURES or measure not in found.all_columns:
        raise InvalidArgument(
            f"retention_triangle: no measure '{measure}'{did_you_mean(measure, MEASURES)}"
        )
    cohorts, first, row = np.unique(found["cohort"], return_index=True, return_inverse=True)
    row = row.reshape(-1)
    periods = found["periods"]
    width = int(periods.max()) + 1 if len(periods) else 0
    cells = np.full((len(cohorts), width), np.nan)
    shown = np.ones(len(found), bool) if so_far else found["complete"]
    cells[row[shown], periods[shown]] = found[measure][shown]
    columns: dict[str, Any] = {"cohort": cohorts, "n": found["n"][first]}
    columns |= {str(k): cells[:, k].copy() for k in range(width)}
    return Frame(
        columns,
        docs={"cohort": "period of the first purchase, its first day", "n": "customers"}
        | {str(k): f"{measure}, {k} periods after" for k in range(width)},
        info={"measure": measure, "period": found.info["period"], "moment": found.info["moment"]},
    )


def nps(
    scores: Any,
    groups: Any = None,
    *,
    compare: str = "none",
    level: float = 0.95,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """Net Promoter Score: the share of promoters (9, 10) less that of detractors (0 to 6).

    ``scores`` are answers from 0 to 10, missing where there is none; ``groups`` tells them apart,
    a row of the result each. ``compare`` adds the change against "previous" (the group before it in
    the order of the names, for periods such as "2024-Q1") or "rest" (all other groups together).

    In points from -100 to 100, with the adjusted Wald interval (Rocks 2016). Answers are taken as
    independent, and as those of people like the ones who did not answer, which no interval can
    tell. Under 30 answers the status is "small_sample". Raises InvalidArgument for a score that is
    no whole number from 0 to 10.
    """
    group, names = (None, None) if groups is None else codes("nps", "groups", groups)
    return _core.nps(
        numbers("nps", "scores", scores),
        group=group,
        groups=names,
        compare=compare,
        level=level,
        threads=threads,
        progress=progress,
        memory_limit=memory_limit,
    )
