"""The parts of the report: frames in, plain words and tables out; terms only in `method`."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _format as fmt
from . import _wording, charts

if TYPE_CHECKING:
    from .report import Findings
    from .sales import Sales

LIST_ROWS = 12


@dataclass
class Table:
    """Heads, which columns stand to the right, and cells as text."""

    heads: list[str]
    right: list[bool]
    rows: list[list[str]]


def table(columns: list[tuple[str, bool]], rows: list[list[str]]) -> Table:
    return Table([head for head, _ in columns], [right for _, right in columns], rows)


def subtitle(sales: Sales) -> str:
    days = (sales.last_day - sales.first_day).days + 1
    return (
        f"{fmt.day(sales.first_day)} to {fmt.day(sales.last_day)}, {fmt.number(days)} day{'s' * (days != 1)}, "
        f"as known at the end of {fmt.day(sales.last_day)}"
    )


def quality_line(sales: Sales) -> str:
    quality = sales.quality()
    info = quality.info
    share = info["rows_kept"] / max(1, info["rows_in"])
    to_check = int(sum(finding in ("rejected", "suspicious") for finding in quality["finding"]))
    things = (
        "nothing to check" if not to_check else f"{to_check} thing{'s' * (to_check > 1)} to check"
    )
    return f"{fmt.percent(share, 1)} of {fmt.number(info['rows_in'])} rows used; {things}."


# ---- what changed -------------------------------------------------------------------------------

TILES = (
    ("revenue", "net revenue", "money"),
    ("orders", "orders", "number"),
    ("customers", "customers", "number"),
    ("new_customers", "of them new", "number"),
    ("average_order_value", "average order", "money"),
    ("repeat_rate", "customers with two orders or more", "share"),
    ("return_share", "given back", "share"),
    ("top_tenth_share", "revenue of the top tenth", "share"),
)


def figure(value: float, kind: str, currency: str) -> str:
    if kind == "money":
        return fmt.rough_money(value, currency)
    return fmt.percent(value, 1) if kind == "share" else fmt.number(value)


def change_words(row: dict[str, Any], name: str, against: str, before: str) -> tuple[str, str]:
    """A change with its range, and the colour it may have: only a sure one has one. No line is
    broken between a figure and its %."""
    value, low, high = (row[f"{name}_{against}{end}"] for end in ("", "_low", "_high"))
    if fmt.is_missing(value):
        return "", ""
    if fmt.is_missing(low) and fmt.is_missing(high):
        return f"{fmt.change(value)} against {before}", ""
    if fmt.is_missing(low) or fmt.is_missing(high) or high - low > 2:  # one end is unknown
        return f"against {before}: too few to say", ""
    sure = "up" if low > 0 else "down" if high < 0 else ""
    text = f"{fmt.change(value)} against {before}"
    return f"{text} ({fmt.change(low)} to {fmt.change(high)})".replace(" %", "\u00a0%"), sure


def last_whole_month(found: Findings) -> dict[str, Any] | None:
    full = found.kpis.select("all")
    whole = full.filter(full["complete"])
    return whole.row(len(whole) - 1) if len(whole) else None


def changed(sales: Sales, found: Findings) -> dict[str, Any]:
    empty = {"tiles": [], "bridge": None}
    if found.kpis is None:
        return empty | {"text": missing(found, "kpis", "")}
    row = last_whole_month(found)
    if row is None:
        return empty | {"text": "The data do not cover a whole month: too few days to compare."}
    start = datetime.date.fromisoformat(str(row["start"])[:10])
    text = f"{start:%B %Y}, the last whole month"
    change, _ = change_words(row, "revenue", "change", "the month before")
    text += f": net revenue {fmt.rough_money(row['revenue'], sales.currency)}"
    text += f", {change} on equal trading days." if change else "."
    text += this_month(sales, found)
    tiles = []
    for name, words_, kind in TILES:
        if name not in row or fmt.is_missing(row[name]):
            continue
        month, sure = change_words(row, name, "change", "the month before")
        year, _ = change_words(row, name, "year_change", "a year before")
        direction = "" if name in ("return_share", "top_tenth_share") else sure
        tiles.append({"name": words_, "value": figure(row[name], kind, sales.currency),
                      "change": month, "year": year, "direction": direction})  # fmt: skip
    return {"text": text, "tiles": tiles, "bridge": bridge(sales, found)}


def this_month(sales: Sales, found: Findings) -> str:
    """How the month that has begun goes, if a forecast stands behind it."""
    if found.nowcast is None or not len(found.nowcast):
        return ""
    row = found.nowcast.row(0)
    if row["status"] != "ok" or not row["days_left"]:
        return ""
    start = datetime.date.fromisoformat(str(row["start"])[:10])
    currency = sales.currency
    return (
        f" {start:%B %Y} so far: {fmt.rough_money(row['so_far'], currency)}; by its end "
        f"{fmt.money_range(row['total_low_80'], row['total_high_80'], currency)} in 8 of 10 cases."
    )


BRIDGE_WORDS = {
    "new_customers": "new customers",
    "returning": "customers who came back",
    "grown": "customers who bought more",
    "shrunk": "customers who bought less",
    "lost": "customers who did not come",
    "without_customer": "orders without a customer",
    "returned": "goods given back",
    "other": "postage, fees and the like",
}


def windows(info: dict[str, Any]) -> str:
    return (
        f"{fmt.short_day(info['first_day'])} to {fmt.short_day(info['last_day'])} against "
        f"{fmt.short_day(info['baseline_first_day'])} to {fmt.short_day(info['baseline_last_day'])}"
    )


def windows_days(info: dict[str, Any]) -> int:
    first, last = (datetime.date.fromisoformat(info[name]) for name in ("first_day", "last_day"))
    return (last - first).days + 1


def bridge(sales: Sales, found: Findings) -> dict[str, Any] | None:
    frame = found.bridge
    if frame is None or not len(frame):
        return None
    info = frame.info
    currency = sales.currency
    steps = [
        (BRIDGE_WORDS[row["step"]], row["amount"])
        for row in frame.select("all").rows()
        if row["amount"] != 0
    ]
    start = info["baseline_revenue"]
    faces = charts.picture(
        lambda theme, width: charts.bridge(
            steps,
            start=start,
            title=f"net revenue, {currency}".rstrip(", "),
            theme=theme,
            width=width,
        ),
        "What the change of net revenue is made of",
    )
    rows = [["before", fmt.money(start, currency)]]
    rows += [[label, fmt.money(amount, currency)] for label, amount in steps]
    rows += [["after", fmt.money(info["revenue"], currency)]]
    return {
        "title": f"What the change of {windows_days(info)} days is made of",
        "text": f"{windows(info)}: net revenue went from {fmt.rough_money(start, currency)} to "
        f"{fmt.rough_money(info['revenue'], currency)}.",
        "faces": faces,
        "table": table([("part", False), ("net revenue", True)], rows),
    }


# ---- forecast -----------------------------------------------------------------------------------


def forecast(sales: Sales, found: Findings) -> dict[str, Any]:
    frame, total = found.forecast, found.total
    if frame is None or not len(frame) or math.isnan(float(frame["forecast"][0])):
        return {
            "text": missing(found, "forecast", "There are too few weeks for a forecast."),
            "faces": None,
        }
    currency = sales.currency
    weeks = len(frame)
    row = total.row(0)
    middle = fmt.rough_money(row["total"], currency)
    ahead = f"Next {words(weeks)} weeks together" if weeks != 1 else "Next week"
    if fmt.rough_money(row["total_low_80"], currency) == fmt.rough_money(
        row["total_high_80"], currency
    ):
        text = f"{ahead}: {middle}, as all weeks before were alike."
    else:
        band = fmt.money_range(row["total_low_80"], row["total_high_80"], currency)
        text = f"{ahead}: {band} in 8 of 10 cases, {middle} in the middle."
    naive = float(np.nansum(frame["naive"]))
    text += f" Simply repeating the past would give {fmt.rough_money(naive, currency)}."
    faces = charts.picture(
        lambda theme, width: charts.forecast(found.series, frame, title=f"net revenue a week, {currency}".rstrip(", "),
                                             theme=theme, width=width),
        f"Weekly net revenue with its forecast for {weeks} weeks",
        beside=60,
    )  # fmt: skip
    rows = [
        [fmt.short_day(start), *(fmt.money(value, currency) for value in values)]
        for start, *values in zip(
            frame["start"], frame["forecast"], frame["forecast_low_80"], frame["forecast_high_80"],
            frame["forecast_low_95"], frame["forecast_high_95"], frame["naive"], strict=True)
    ]  # fmt: skip
    heads = [("week of", False), ("middle", True), ("8 of 10 from", True), ("to", True),
             ("19 of 20 from", True), ("to", True), ("repeating the past", True)]  # fmt: skip
    caption = (
        "Line: net revenue a week. Dashed: forecast; dark band 8 of 10 cases, light band 19 of 20. "
        "Loose dots: weeks the data cut."
    )
    return {"text": text, "faces": faces, "caption": caption, "table": table(heads, rows)}


def words(n: int) -> str:
    names = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ]
    return names[n] if n < len(names) else str(n)


def missing(found: Findings, name: str, otherwise: str) -> str:
    reason_text = (found.missing or {}).get(name)
    return f"Not shown: {reason_text}" if reason_text else otherwise


# ---- what to offer ------------------------------------------------------------------------------


def offer_rows(found: Findings) -> Any:
    """Graded pairs, no variants of one product, at most three rows per consequent."""
    frame = found.bought_next
    if frame is None:
        return []
    full = frame.select("all")
    keep, seen = [], {}
    for i, (family, grade, consequent) in enumerate(
        zip(full["same_family"], full["grade"], full["consequent"], strict=True)
    ):
        if family or grade not in ("proven", "likely") or seen.get(consequent, 0) >= 3:
            continue
        seen[consequent] = seen.get(consequent, 0) + 1
        keep.append(i)
    mask = np.zeros(len(full), bool)
    mask[keep[:LIST_ROWS]] = True
    return full.filter(mask)


def sentence(row: dict[str, Any], found: Findings) -> str:
    return _wording.bought_next(row, str(found.bought_next.info["window"]))


def offers(sales: Sales, found: Findings) -> dict[str, Any]:
    rows = offer_rows(found)
    if found.bought_next is None or not len(rows):
        text = missing(
            found, "bought_next", "No pair of products stands out from what is usual: nothing is "
            "proven to be bought after something else more than busy customers do anyway.")  # fmt: skip
        return {"text": text, "sentences": [], "faces": None}
    info = found.bought_next.info
    text = (
        f"What tends to follow, out of {fmt.number(info['n_testable'])} pairs that could be tested. "
        "These are habits seen in the data, not effects of an offer."
    )
    faces = charts.picture(
        lambda theme, width: charts.bought_next(rows, theme=theme, width=width),
        "Share of buyers who buy the second product, with what is usual",
    )
    caption = (
        "Point and line: share who buy the second product, with its range. Bar: what is usual."
    )
    heads = [("after", False), ("is bought", False), ("of 100", True), ("from", True), ("to", True),
             ("usual", True), ("median days", True), ("buyers seen", True), ("grade", False)]  # fmt: skip
    cells = [
        [
            fmt.name(row["antecedent_name"]), fmt.name(row["consequent_name"]),
            fmt.number(100 * row["p_within"]), fmt.number(100 * row["p_within_low"]),
            fmt.number(100 * row["p_within_high"]), fmt.number(100 * row["usual"]),
            fmt.number(row["median_days"]), fmt.number(row["events"]), str(row["grade"]),
        ]
        for row in rows.rows()
    ]  # fmt: skip
    sentences = [sentence(row, found) + "." for row in rows.head(5).rows()]
    return {"text": text, "sentences": sentences, "faces": faces, "caption": caption,
            "table": table(heads, cells)}  # fmt: skip


def together(sales: Sales, found: Findings) -> dict[str, Any]:
    heads = [("one", False), ("and the other", False), ("baskets with both", True),
             ("usual", True), ("more than usual", True)]  # fmt: skip
    frame = found.bought_together
    rows: list[list[str]] = []
    kept: list[int] = []
    if frame is not None:
        full = frame.select("all")
        seen: dict[str, int] = {}
        for i, row in enumerate(full.rows()):
            if row["same_family"] or seen.get(row["name_b"], 0) >= 3:
                continue
            seen[row["name_b"]] = seen.get(row["name_b"], 0) + 1
            kept.append(i)
            rows.append([fmt.name(str(row["name_a"])), fmt.name(str(row["name_b"])),
                         fmt.number(row["n_baskets"]), fmt.number(row["expected"]),
                         f"{fmt.number(row['n_baskets'] / max(row['expected'], 0.5), 1)} times"])  # fmt: skip
            if len(rows) == LIST_ROWS:
                break
    if not rows:
        return {"text": missing(found, "bought_together", "No pair stands out."),
                "table": table(heads, []), "faces": None}  # fmt: skip
    shown = frame.filter(np.isin(np.arange(len(frame)), kept))
    faces = charts.picture(
        lambda theme, width: charts.network(shown, theme=theme, width=width),
        "Products as points, lines between those often in one basket",
        beside=0,
    )
    text = (
        "In the same basket more often than in other baskets of that size; colours and sizes of one "
        "product are left out."
    )
    caption = "A line joins two products of the list below; the thicker, the more shared baskets."
    return {"text": text, "table": table(heads, rows), "faces": faces, "caption": caption}


# ---- segments, movers ---------------------------------------------------------------------------


def segments(sales: Sales, found: Findings) -> dict[str, Any]:
    frame = found.segments
    if frame is None or not len(frame):
        return {
            "text": missing(found, "segments", "There are no customers to group."),
            "faces": None,
        }
    faces = charts.picture(
        lambda theme, width: charts.segments(frame, theme=theme, width=width),
        "Share of customers and of revenue by customer group",
    )
    heads = [("group", False), ("customers", True), ("of all customers", True),
             ("net revenue", True), ("of all revenue", True)]  # fmt: skip
    rows = [
        [row["segment"], fmt.number(row["customers"]), fmt.percent(row["customer_share"]),
         fmt.money(row["revenue"], sales.currency), fmt.percent(row["revenue_share"])]
        for row in frame.rows()
    ]  # fmt: skip
    text = (
        "By how lately, how often and for how much they bought, relative to each other. "
        f"Based on {fmt.percent(found.rfm.info['coverage'])} of net revenue: the rest has no customer."
    )
    return {"text": text, "faces": faces, "caption": "Light: customers. Dark: revenue.",
            "table": table(heads, rows)}  # fmt: skip


def movers(sales: Sales, found: Findings) -> dict[str, Any]:
    groups = []
    text = "Not enough history to compare two windows."
    for by, frame in (found.movers or {}).items():
        info = frame.info
        text = (
            f"Net revenue, {windows(info)}; all together "
            f"{fmt.change(info['market_growth'])}. The range says what chance alone leaves open; where "
            "it includes zero, nothing is sure."
        )
        groups.append({
            "title": "Products" if by == "product" else by.replace("_", " ").capitalize(),
            "up_title": "More", "down_title": "Less",
            "up": mover_table(frame.filter(frame["change"] > 0), by, sales.currency),
            "down": mover_table(frame.filter(frame["change"] < 0), by, sales.currency),
        })  # fmt: skip
    return {"text": text, "groups": groups}


def mover_table(frame: Any, by: str, currency: str) -> Table:
    heads = [(by.replace("_", " "), False), ("change", True), ("range", True)]
    rows = [
        [fmt.name(row["name"]), fmt.three_figures(row["change"], currency),
         "too few customers" if fmt.is_missing(row["change_low"]) else
         f"{fmt.three_figures(row['change_low'], currency)} to "
         f"{fmt.three_figures(row['change_high'], currency)}"]
        for row in frame.head(8).rows()
    ]  # fmt: skip
    return table(heads, rows)


def change_range(row: dict[str, Any], currency: str) -> str:
    return fmt.money_range(row["change_low"], row["change_high"], currency)


# ---- method and quality -------------------------------------------------------------------------


def quality_table(sales: Sales) -> Table:
    frame = sales.quality()
    rows = [
        [str(row["finding"]), row["message"], fmt.number(row["n"]), row["examples"] or "–"]
        for row in frame.select("all").rows()
    ]
    if not rows:
        rows = [["–", "nothing was found", "0", "–"]]
    return table(
        [("finding", False), ("what", False), ("rows", True), ("for example", False)], rows
    )


def method(sales: Sales, found: Findings) -> list[dict[str, str]]:
    """What stands behind each part, with the terms a statistician looks for."""
    items = [
        {"term": "Amounts", "text": f"{sales.amount_rule}. Money is summed exactly."},
        {
            "term": "Moment",
            "text": f"Everything is computed as of {fmt.day(sales.last_day)} and sees nothing later. "
            f"Days begin and end in {sales.timezone}.",
        },
    ]
    if found.declining is not None:
        info = found.declining.info
        items.append({
            "term": "Who to call",
            "text": f"{fmt.number(info['n_eligible'])} customers with enough orders from "
            f"{info['baseline_first']} to {info['baseline_last']}, looked at from "
            f"{info['window_first']} to {info['window_last']}. Empirical-Bayes mixture of ratios of "
            "buying rates with a penalty towards no change; lists by Bayesian false-discovery rate; the "
            "market's own change is taken out. Low and high ends of the stake come from the fits with "
            "the least and the most decline that the data still allow.",
        })  # fmt: skip
    if found.bought_next is not None:
        info = found.bought_next.info
        items.append({
            "term": "What to offer next",
            "text": "Kaplan-Meier share under right censoring, 95 % interval; usual is what visits of the "
            "same number, size and season bring. Graded by a customer-clustered score test, "
            "Benjamini-Hochberg over all "
            f"{fmt.number(info['n_testable'])} testable ordered pairs: proven up to 5 % false "
            f"discoveries, likely up to 20 %. Items are at the level of {info['item']}. "
            f"Based on {fmt.percent(info['coverage'])} of net revenue.",
        })  # fmt: skip
    if found.bought_together is not None:
        items.append({
            "term": "Bought together",
            "text": "Mantel-Haenszel test stratified by basket size, variance clustered by customer, "
            "Benjamini-Hochberg over all testable pairs at 5 %.",
        })  # fmt: skip
    if found.forecast is not None:
        items.append({
            "term": "Forecast",
            "text": "Dynamic optimised Theta and its relatives, and exponential smoothing where there are "
            "seasons, weighted by their errors in the past; "
            "intervals calibrated on rolling origins. No season is claimed under two of them.",
        })  # fmt: skip
    items.append({
        "term": "Winners and losers",
        "text": "Sums over customers with customer-clustered variance, Student's law with "
        "Satterthwaite's degrees of freedom; sure at a false-discovery rate of 5 %.",
    })  # fmt: skip
    return items
