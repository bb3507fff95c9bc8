"""Time to an event: plain columns, or the customers of a Sales."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ._columns import codes, flags, numbers
from ._core import customers as _core
from ._core.core import InvalidArgument
from ._core.data import Sales as CoreSales
from ._public import public
from .frame import Frame

survival_durations = public("emptor.customers", _core.survival_durations)


def survival(
    durations: Any,
    events: Any = None,
    *,
    groups: Any = None,
    entry: Any = None,
    until: str = "second_purchase",
    inactive_after: str = "180 days",
    by: str = "",
    new_after: str = "180 days",
    level: float = 0.95,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """What share has not had the event by each time, some having been watched for a short while?

    ``durations`` is how long each row was watched, ``events`` whether the event was seen at its end
    (1) or watching only ended (0, censored); ``entry`` is when watching began where that is later
    than 0, ``groups`` tells rows apart. Or give a Sales: its customers are followed from their
    first purchase ``until`` "second_purchase" or "inactive" (``inactive_after`` has passed without
    a purchase), in days, ``by`` a column as it was at the first purchase; who first bought within
    ``new_after`` of the first day of the data is left out (``survival_durations`` has the rows).

    A row is a time at which somebody leaves: ``survival`` with its interval is the share without
    the event beyond it (Kaplan and Meier; Greenwood's variance, log-log intervals, each time by
    itself), ``n`` who was at risk just before. ``select("all")`` also has the cumulative hazard
    (Nelson and Aalen). Rows are taken as independent, and the end of watching as telling nothing
    about the event.
    """
    given, info = _given("survival", locals())
    found = _core.survival_curve(**given, level=level, **_call(threads, progress, memory_limit))
    return _with_info(found, info)


def survival_quantiles(
    durations: Any,
    events: Any = None,
    *,
    probabilities: Sequence[float] = (0.25, 0.5, 0.75),
    groups: Any = None,
    entry: Any = None,
    until: str = "second_purchase",
    inactive_after: str = "180 days",
    by: str = "",
    new_after: str = "180 days",
    level: float = 0.95,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """By when have a quarter, half, three quarters had the event?

    Arguments as of ``survival``. A share the curve does not reach has no time and status
    "extrapolated"; a missing upper end means that the data do not bound it.
    """
    given, info = _given("survival_quantiles", locals())
    found = _core.survival_quantiles(
        **given,
        probabilities=[float(p) for p in probabilities],
        level=level,
        **_call(threads, progress, memory_limit),
    )
    return _with_info(found, info)


def survival_summary(
    durations: Any,
    events: Any = None,
    *,
    horizon: float = 0,
    groups: Any = None,
    entry: Any = None,
    until: str = "second_purchase",
    inactive_after: str = "180 days",
    by: str = "",
    new_after: str = "180 days",
    level: float = 0.95,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """Median and restricted mean time to the event, a row per group, with intervals.

    Arguments as of ``survival``. The restricted mean is the mean time without the event up to
    ``horizon`` (0: the last time at which every group is watched), the area under the curve: unlike
    the mean it needs no guess at what comes after the data.
    """
    given, info = _given("survival_summary", locals())
    found = _core.survival_summary(
        **given, horizon=horizon, level=level, **_call(threads, progress, memory_limit)
    )
    return _with_info(found, info)


def log_rank(
    durations: Any,
    events: Any = None,
    *,
    groups: Any = None,
    entry: Any = None,
    until: str = "second_purchase",
    inactive_after: str = "180 days",
    by: str = "",
    new_after: str = "180 days",
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """Do the groups differ in when the event comes?

    Arguments as of ``survival``. A row is a group with the events seen and those expected were all
    groups alike; ``info["p_value"]`` is the chance of a difference as large if they are (log-rank
    test, exact with ties). A difference says nothing about why.
    """
    given, info = _given("log_rank", locals())
    if given["group"] is None:
        raise InvalidArgument(
            "log_rank: there are no groups to compare; give groups=, or by= with a Sales"
        )
    return _with_info(_core.log_rank(**given, **_call(threads, progress, memory_limit)), info)


def incidence(
    durations: Any,
    causes: Any,
    *,
    groups: Any = None,
    entry: Any = None,
    level: float = 0.95,
    threads: int | None = None,
    progress: Any = None,
    memory_limit: int | None = None,
) -> Frame:
    """What share has had each kind of event by each time, when one rules out the others?

    ``causes`` says how each row ended: a name or number per kind of event, and 0, "" or a missing
    value for a row whose watching only ended. Other arguments as of ``survival``.

    A row is a kind of event and a time: ``incidence`` with its interval is the share that has had
    it by then (Aalen and Johansen, exact with ties). The kinds and the share without any event sum
    to 1; one minus a survival curve of one kind alone would not.
    """
    code, names = codes("incidence", "causes", causes)
    empty = [i for i, name in enumerate(names) if name == 0 or name == ""]
    for i in empty:
        code = np.where(code == i, -1, code - (code > i)).astype(np.int32)
        del names[i]
    if not names:
        raise InvalidArgument("incidence: there are no causes: every row is censored")
    given = _columns("incidence", durations, (code + 1).astype(np.int32), groups, entry)
    return _core.cumulative_incidence(
        **given, causes=names, level=level, **_call(threads, progress, memory_limit)
    )


def _call(threads: int | None, progress: Any, memory_limit: int | None) -> dict[str, Any]:
    return {"threads": threads, "progress": progress, "memory_limit": memory_limit}


def _columns(
    function: str, durations: Any, event: np.ndarray, groups: Any, entry: Any
) -> dict[str, Any]:
    group, names = (None, None) if groups is None else codes(function, "groups", groups)
    return {
        "duration": numbers(function, "durations", durations),
        "event": event,
        "entry": None if entry is None else numbers(function, "entry", entry),
        "group": group,
        "groups": names,
    }


def _with_info(found: Frame, more: dict[str, Any]) -> Frame:
    info = found.info
    added = {name: value for name, value in more.items() if name not in info}
    return Frame._of(found._data, {**info, **added}, found._shown)


def _given(function: str, arguments: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the core takes, from columns or from a Sales, and what the latter's info says."""
    durations, events, groups, entry = (
        arguments[name] for name in ("durations", "events", "groups", "entry")
    )
    if isinstance(durations, CoreSales):
        if events is not None or groups is not None or entry is not None:
            raise InvalidArgument(
                f"{function}: a Sales brings its own columns; write by= for groups, and no events, "
                "groups or entry"
            )
        names = ("until", "inactive_after", "by", "new_after")
        found = survival_durations(durations, **{name: arguments[name] for name in names})
        event = found["event"].astype(np.int32)
        groups = found["group"] if arguments["by"] else None
        return _columns(function, found["duration"], event, groups, None), found.info
    if events is None:
        raise InvalidArgument(
            f"{function}: events is missing: give 1 where the event was seen at the end of the "
            "duration and 0 where watching only ended, or a Sales alone"
        )
    return _columns(function, durations, flags(function, "events", events), groups, entry), {}
