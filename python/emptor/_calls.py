"""Who to call: the lists of the report that people work through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _format as fmt
from . import _wording
from ._sections import LIST_ROWS, WATCH_ONLY, alarms, missing, table

if TYPE_CHECKING:
    from .report import Findings
    from .sales import Sales


def reach(found: Findings) -> dict[Any, str] | None:
    """By which channel each customer worth contacting may be reached; None without any consent on
    record. Who is not in it has opted out, or never said yes."""
    frame = found.actions
    if frame is None or not frame.info["consent_known"]:
        return None
    return dict(zip(frame["customer"].tolist(), frame["channel"].tolist(), strict=True))


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
    if channels is not None:
        reached = frame.filter([one in channels for one in frame["customer"].tolist()])
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
            f"{fmt.money(row['expected_lost_revenue'], currency)} "
            f"({fmt.money(max(0.0, row['expected_lost_revenue_low']), currency)} to "
            f"{fmt.money(row['expected_lost_revenue_high'], currency)})",
            *([channels[row["customer"]]] if channels is not None else []),
            "",
        ]
        for row in frame.select("all").head(LIST_ROWS).rows()
    ]
    return {"text": text, "table": table(heads, rows)}


def customers(n: int) -> str:
    return f"{fmt.number(n)} customer{'s' * (n != 1)}"


def due(sales: Sales, found: Findings) -> dict[str, Any]:
    """Who is past his usual gap and on no list of those who buy less."""
    channels = reach(found)
    heads = [("customer", False), ("what is seen", False), ("likes", False),
             ("expected", True), ("outcome", False)]  # fmt: skip
    if channels is not None:
        heads.insert(4, ("reach by", False))
    frame = found.actions
    frame = None if frame is None else frame.filter(grade="due")
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
