"""This week: at most three things to do, each with money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from . import _format as fmt
from ._calls import WATCH_ONLY, alarms, decline_rows, due_rows
from ._sections import change_range, offer_rows, sentence, windows_days

if TYPE_CHECKING:
    from .report import Findings
    from .sales import Sales

MOST = 3
FIRST = 10  # of a list, as many as one person calls in a week


def actions(sales: Sales, found: Findings) -> list[dict[str, str]]:
    """What is proven or likely first; customers who are due where nobody buys less for sure."""
    listed, remind = call_action(sales, found), due_action(sales, found)
    first, spare = (listed, remind) if listed else (remind, watch_action(sales, found))
    made = [first, offer_action(sales, found), look_action(sales, found), spare]
    return [action for action in made if action][:MOST]


def call_action(sales: Sales, found: Findings) -> dict[str, str] | None:
    frame = decline_rows(found)
    if frame is None:
        return None
    listed = frame.filter((frame["list"] == "proven") | (frame["list"] == "likely"))
    if not len(listed):
        return None
    money = float(np.nansum(listed["expected_lost_revenue"]))
    who = "customer who buys" if len(listed) == 1 else "customers who buy"
    return {
        "what": f"Call {len(listed)} {who} less than before",
        "money": f"{fmt.rough_money(money, sales.currency)} at stake",
        "why": f"First {listed['name'][0]}: {listed.row(0)['reason']}. {alarms(listed)}.",
    }


def due_action(sales: Sales, found: Findings) -> dict[str, str] | None:
    due = due_rows(found)
    if due is None or not len(due):
        return None
    top = due.head(FIRST)
    money = fmt.rough_money(float(np.nansum(top["expected_revenue"])), sales.currency)
    who = f"the first {len(top)} customers" if len(top) > 1 else "the one customer"
    return {
        "what": f"Remind {who} due for an order",
        "money": f"about {money} expected in {found.actions.info['horizon']}",
        "why": f"First {top['name'][0]}: {top.row(0)['reason']}.",
    }


def watch_action(sales: Sales, found: Findings) -> dict[str, str] | None:
    frame = decline_rows(found)
    if frame is None or not len(frame):
        return None
    top = frame.head(FIRST)
    at_most = float(np.nanmax(top["expected_lost_revenue_high"]))
    if not at_most >= 0.5:
        return None
    most = fmt.rough_money(at_most, sales.currency)
    return {
        "what": f"Call the first {len(top)} of the list below",
        "money": f"at most {most} at stake with each",
        "why": f"{WATCH_ONLY}.",
    }


def offer_action(sales: Sales, found: Findings) -> dict[str, str] | None:
    frame = offer_rows(found)
    if not len(frame):
        return None
    worths = frame["expected_open"] * frame["spend"]
    # What goes beyond the usual decides; what they would buy in all is said.
    beyond = worths * (1 - frame["usual"] / frame["p_within"])
    best = int(np.nanargmax(beyond))
    row, worth = frame.row(best), worths[best]
    if not worth > 0:
        return None
    return {
        "what": f"Offer {fmt.name(row['consequent_name'])} to the {fmt.number(row['n_open'])} "
        f"customers who lately bought {fmt.name(row['antecedent_name'])} and not yet this",
        "money": f"about {fmt.rough_money(worth, sales.currency)} if they buy like those before",
        "why": sentence(row, found) + ".",
    }


def look_action(sales: Sales, found: Findings) -> dict[str, str] | None:
    """The surest large fall of a product or kind of product; else the surest rise."""
    for sign, verb, what in ((-1, "fell", "Look at"), (1, "rose", "Keep in stock")):
        for by, frame in (found.movers or {}).items():
            sure = frame.filter((sign * frame["change"] > 0) & (frame["q_value"] <= 0.05))
            if not len(sure):
                continue
            row, currency = sure.row(0), sales.currency
            money = f"{'+' if sign > 0 else ''}{fmt.rough_money(row['change'], currency)}"
            return {
                "what": f"{what} {fmt.name(row['name'])}",
                "money": f"{money} in {windows_days(frame.info)} days",
                "why": f"Net revenue of this {'product' if by == 'product' else by} {verb} from "
                f"{fmt.rough_money(row['revenue_before'], currency)} to "
                f"{fmt.rough_money(row['revenue'], currency)}, a change of "
                f"{change_range(row, currency)}, with {fmt.number(row['n'])} customers.",
            }
    return None
