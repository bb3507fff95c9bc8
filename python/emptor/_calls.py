"""Who to call: the lists of the report that people work through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import _format as fmt
from . import _wording
from ._sections import LIST_ROWS, missing, table

if TYPE_CHECKING:
    from .report import Findings
    from .sales import Sales


WATCH_ONLY = "No single customer is proven down; these are most worth a call"


def alarms(listed: Any) -> str:
    """How many of a list are expected to be false alarms, in words."""
    n, expected = len(listed), float(np.nansum(listed["local_fdr"]))
    if n == 1:
        return f"In {fmt.of_100(expected)} of 100 such cases this is a false alarm"
    if expected < 0.5:
        return f"Of these {n} fewer than one will be a false alarm"
    return f"Of these {n} about {fmt.number(expected)} will be false alarms"


def reach(found: Findings) -> dict[Any, str] | None:
    """By which channel each customer worth contacting may be reached; None without any consent on
    record. Who is not in it has opted out, or never said yes."""
    frame = found.actions
    if frame is None or not frame.info["consent_known"]:
        return None
    return dict(zip(frame["customer"].tolist(), frame["channel"].tolist(), strict=True))


def decline_rows(found: Findings) -> Any:
    """Who buys less and may be reached; None where the data do not tell."""
    frame, channels = found.declining, reach(found)
    if frame is None or channels is None:
        return frame
    return frame.filter([one in channels for one in frame["customer"].tolist()])


def calls(sales: Sales, found: Findings) -> dict[str, Any]:
    frame = found.declining
    channels = reach(found)
    heads = [("customer", False), ("what is seen", False), ("last order", False),
             ("likes", False), ("at stake", True), ("outcome", False)]  # fmt: skip
    if channels is not None:
        heads.insert(5, ("reach by", False))
    if frame is None or not len(frame):
        text = missing(found, "declining", "There are too few customers with three orders to tell.")
        return {"text": text, "table": table(heads, [])}
    info = frame.info
    parts = []
    for name, verb in (("proven", "clearly"), ("likely", "probably")):
        listed = frame.filter(list=name)
        if n := len(listed):
            who = f"{n} customers {verb} buy" if n > 1 else f"1 customer {verb} buys"
            parts.append(f"{who} less than before. {alarms(listed)}")
    text = ". ".join(parts) if parts else WATCH_ONLY
    text += "."
    first, last, until = (
        fmt.short_day(info[name]) for name in ("baseline_first", "baseline_last", "window_last")
    )
    text += (
        f" Orders before are those from {first} to {last}, since then up to {until}. At stake is "
        f"what {fmt.number(info['window_days'])} days more of this would cost, from the lowest to "
        "the highest the data allow."
    )
    reached = decline_rows(found)
    if hidden := len(frame) - len(reached):
        left = "is" if hidden == 1 else "are"
        text += f" {customers(hidden)} of the list may not be reached and {left} left out."
    frame = reached
    currency = sales.currency
    rows = [
        [
            row["name"],
            _wording.decline_counts(row),
            fmt.short_day(row["last_order"]),
            fmt.name(row["favourite_products"]) if row["favourite_products"] else "–",
            stake(row, currency),
            *([channels[row["customer"]]] if channels is not None else []),
            "",
        ]
        for row in frame.select("all").head(LIST_ROWS).rows()
    ]
    return {"text": text, "table": table(heads, rows)}


def stake(row: dict[str, Any], currency: str) -> str:
    """ "1,200 (300 to 4,255)"; "at most 4,255" where the likeliest is that nothing is lost."""
    most = fmt.money(row["expected_lost_revenue_high"], currency)
    if row["expected_lost_revenue"] < 0.5:
        return f"at most {most}"
    least = fmt.money(max(0.0, row["expected_lost_revenue_low"]), currency)
    return f"{fmt.money(row['expected_lost_revenue'], currency)} ({least} to {most})"


def customers(n: int) -> str:
    return f"{fmt.number(n)} customer{'s' * (n != 1)}"


def due_rows(found: Findings) -> Any:
    """Who is past the usual gap and on no list of those who buy less; None where nobody knows."""
    return None if found.actions is None else found.actions.filter(grade="due")


def due(sales: Sales, found: Findings) -> dict[str, Any]:
    channels = reach(found)
    heads = [("customer", False), ("what is seen", False), ("likes", False),
             ("expected", True), ("outcome", False)]  # fmt: skip
    if channels is not None:
        heads.insert(4, ("reach by", False))
    frame = due_rows(found)
    if frame is None or not len(frame):
        return {"text": "", "table": table(heads, [])}
    buy, are = ("buys", "is") if len(frame) == 1 else ("buy", "are")
    text = (
        f"{customers(len(frame))} who probably still {buy} {are} past the usual gap between "
        f"orders. Expected is what the next {frame.info['horizon']} bring from each on average, "
        "and how well that is known."
    )
    currency = sales.currency
    rows = [
        [
            row["name"],
            row["reason"],
            fmt.name(row["favourite_products"]) if row["favourite_products"] else "–",
            f"{fmt.money(row['expected_revenue'], currency)} "
            f"({fmt.money(row['expected_revenue_low'], currency)} to "
            f"{fmt.money(row['expected_revenue_high'], currency)})",
            *([channels[row["customer"]]] if channels is not None else []),
            "",
        ]
        for row in frame.select("all").head(LIST_ROWS).rows()
    ]
    return {"text": text, "table": table(heads, rows)}
