"""Every sentence that words a code and numbers of the core, in one place.

The words never say more than the numbers: nobody is lost, nothing leads to anything.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from . import _format as fmt

_MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]

_CAME = {
    "none_came": "none came",
    "fewer_came": "{came} came",
    "as_usual": "{came} came",
}

HEADLINES = {
    "proven": "{n_proven} customers are proven down; about {alarms} of them will be false alarms.",
    "likely": "No single customer is proven down, {n_likely} probably are; about {alarms} of them "
    "will be false alarms.",
    "none_proven": "No single customer is proven down; these are most worth a call.",
    "not_enough_data": "There are too few customers with enough orders to tell.",
}


def decline_headline(info: Mapping[str, Any]) -> str:
    """The sentence above the lists of ``customers.declining``."""
    alarms = info["false_alarms_proven" if info["n_proven"] else "false_alarms_likely"]
    text = HEADLINES[info["headline"]].format(alarms=_number(alarms), **info)
    return text.replace("1 customers are", "1 customer is") if info["n_proven"] == 1 else text


def decline_reason(row: Mapping[str, Any]) -> str:
    """ "8 orders from January to June; 4.1 expected from July to September, none came"."""
    orders = int(row["baseline_orders"])
    came = int(row["window_orders"])
    return (
        f"{orders} order{'s' * (orders != 1)} "
        f"{days(row['baseline_first'], row['baseline_last'])}; "
        f"{_number(row['expected_orders'])} expected "
        f"{days(row['window_first'], row['window_last'])}, "
        + _CAME[str(row["reason_code"])].format(came=came)
        + "".join(f"; {part}" for part in decline_evidence(row))
    )


DECLINE_EVIDENCE = ("change_date", "change_date_low", "change_date_high", "p_gap", "window_last")
_UNUSUAL_GAP = 0.1


def decline_evidence(row: Mapping[str, Any]) -> list[str]:
    """Since when, and how unusual the silence is: "fewer since about 12 Aug (5 Aug to 2 Sep)",
    "of 100 usual gaps about 3 get as long as this one". Nothing where the orders do not say."""
    parts = []
    since = row.get("change_date")
    if since is not None and str(since) != "NaT":
        until = _date(row["window_last"])
        day, low, high = (
            _day(_date(row[name]), False, until)
            for name in ("change_date", "change_date_low", "change_date_high")
        )
        came = "none" if str(row["reason_code"]) == "none_came" else "fewer"
        parts.append(f"{came} since about {day} ({low} to {high})")
    gap = row.get("p_gap", math.nan)
    if gap <= _UNUSUAL_GAP:
        share = round(100 * gap)
        few = f"about {share}" if share else "fewer than 1"
        gets = "gets" if share < 2 else "get"
        parts.append(f"of 100 usual gaps {few} {gets} as long as this one")
    return parts


def action_reason(row: Mapping[str, Any]) -> str:
    """What is seen of a customer worth contacting: fewer orders, a gap that is over, or both."""
    parts = [] if row["grade"] == "due" else [decline_counts(row)]
    if row["due_now"]:
        gap = row["usual_gap_days"]
        usual = "day" if gap == 1 else f"{gap:g} days"
        parts.append(f"usually every {usual}, last {_days(row['days_since'])} ago")
    return "; ".join(parts)


def decline_counts(row: Mapping[str, Any]) -> str:
    """ "8 orders before; 4.1 expected since, none came", where the dates stand elsewhere."""
    orders = int(row["baseline_orders"])
    return (
        f"{orders} order{'s' * (orders != 1)} before; "
        f"{_number(row['expected_orders'])} expected since, "
        + _CAME[str(row["reason_code"])].format(came=int(row["window_orders"]))
        + "".join(f"; {part}" for part in decline_evidence(row))
    )


def days(first: Any, last: Any) -> str:
    """ "from January to June" for whole months, else "from 14 Mar to 9 Sep"; the year only
    where the two differ."""
    first, last = _date(first), _date(last)
    whole = first.day == 1 and (last + timedelta(days=1)).day == 1
    if whole and (first.year, first.month) == (last.year, last.month):
        return f"in {_MONTHS[first.month - 1]}"
    return f"from {_day(first, whole, last)} to {_day(last, whole, first)}"


def _day(day: date, whole_month: bool, other: date) -> str:
    month = _MONTHS[day.month - 1]
    text = month if whole_month else f"{day.day} {month[:3]}"
    return text if day.year == other.year else f"{text} {day.year}"


def _date(day: Any) -> date:
    return day if isinstance(day, date) else date.fromisoformat(str(day)[:10])


def _number(value: float) -> str:
    """One decimal under ten, none above."""
    return fmt.number(value, 1 if value < 9.95 else 0)


def bought_next(row: Mapping[str, Any], window: str) -> str:
    """ "Of 100 who bought A, 42 buy B within 90 days (31 to 53); with the same visits 25 would be
    usual"."""
    return (
        f"Of 100 who bought {fmt.name(row['antecedent_name'])}, {fmt.of_100(row['p_within'])} buy "
        f"{fmt.name(row['consequent_name'])} within {window} "
        f"({fmt.of_100(row['p_within_low'])} to {fmt.of_100(row['p_within_high'])}); "
        f"with the same visits {fmt.of_100(row['usual'])} would be usual"
    )


NEXT_BASKET_COLUMNS = ("reason_code", "usual_days", "days_since", "times_bought", "visits",
                       "reason_item_name", "reason_share", "reason_n")  # fmt: skip


def next_basket(row: Mapping[str, Any], window: str) -> str:
    """ "every 3 weeks, last 24 days ago", "of 100 who bought A, 42 buy it within 60 days"."""
    code = str(row["reason_code"])
    if code == "rhythm":
        return f"every {_span(row['usual_days'])}, last {_ago(row['days_since'])}"
    if code == "again":
        times, visits = int(row["times_bought"]), int(row["visits"])
        bought = "bought once" if times == 1 else f"in {times} of {visits} purchases, last"
        return f"{bought}, {_ago(row['days_since'])}".replace("last, ", "last ")
    share, n = row["reason_share"], int(row["reason_n"])
    if code == "alike":
        return f"bought by {round(share * n)} of the {n} customers most alike"
    if code == "alongside":
        name = fmt.name(row["reason_item_name"])
        return f"of 100 who bought {name}, {fmt.of_100(share)} also bought it"
    if code == "timed":
        name = fmt.name(row["reason_item_name"])
        return f"of 100 who bought {name}, {fmt.of_100(share)} buy it within {window}"
    return f"popular: in {fmt.of_100(share)} of 100 baskets"


def recommend(row: Mapping[str, Any]) -> str:
    """ "of 100 baskets with Pasta, 52 hold it too (at least 49)"."""
    name = fmt.name(row["because_name"])
    share = f"{fmt.of_100(row['probability'])}"
    least = f"at least {fmt.of_100(row['probability_low'])}"
    if str(row["source"]) == "customer":
        return f"bought {name} lately; later in {share} of 100 visits of such buyers ({least})"
    return f"of 100 baskets with {name}, {share} hold it too ({least})"


def _span(days: float) -> str:
    """ "day", "9 days", "3 weeks", "4 months", in the largest unit that says it well."""
    for size, unit in ((30.4, "month"), (7, "week")):
        if days >= 2.5 * size:
            return f"{days / size:.0f} {unit}s"
    return "day" if days < 1.5 else f"{days:.0f} days"


def _ago(days: float) -> str:
    days = int(days)
    return "today" if days == 0 else f"{days} day{'s' * (days != 1)} ago"


def customer_facts(info: Mapping[str, Any], currency: str) -> list[str]:
    """Who, how much, and the rhythm: the lines on top of a customer's page."""
    who = (
        info["customer"]
        if info["name"] == info["customer"]
        else f"{info['name']} ({info['customer']})"
    )
    revenue = f"net revenue {fmt.money(info['revenue'], currency)}"
    if info["returned"]:
        revenue += f" after {fmt.money(info['returned'], currency)} given back"
    n = info["purchases"]
    if n == 0:
        return [f"Customer {who}", f"nothing bought and kept; {revenue}"]
    facts = [
        f"Customer {who}",
        f"{n} day{'s' * (n != 1)} with a purchase, {fmt.day(info['first_purchase'])} to "
        f"{fmt.day(info['last_purchase'])}; {revenue}",
    ]
    since = f"the last one {_days(info['days_since'])} ago"
    if n > 1:
        shorter = round(info["share_of_gaps_exceeded"] * (n - 1))
        since = (
            f"usually {_days(info['usual_gap_days'])} apart; {since}, "
            f"longer than {shorter} of the {n - 1} gap{'s' * (n != 2)} before"
        )
    return [*facts, since]


def customer_decline(row: Mapping[str, Any] | None) -> list[str]:
    """What ``declining`` says of one customer: counts, since when, how unusual the silence is, and
    whether he will stay away."""
    if row is None:
        return []
    said = [decline_reason(row)]
    score = row["score"]
    if not fmt.is_missing(score):
        said.append(
            f"of 100 such customers {fmt.of_100(score)} buy little over the next "
            f"{(_date(row['window_last']) - _date(row['window_first'])).days + 1} days too"
        )
    return said


def _days(days: float) -> str:
    return f"{days:g} day{'s' * (days != 1)}"


def value_of(name: str, value: Any, low: Any = None, high: Any = None) -> str:
    """ "drop 0.82 (0.5 to 0.93)", "list likely"; "" where nothing is known."""
    if value is None or value == "":
        return ""
    text = f"{name.replace('_', ' ')} {_plain(value)}"
    return text if low is None or high is None else f"{text} ({_plain(low)} to {_plain(high)})"


def changed(name: str, old: Any, new: Any) -> str:
    """ "list watch → likely", "drop 0.45 → 0.82"."""
    return f"{name.replace('_', ' ')} {_plain(old)} → {_plain(new)}"


def _plain(value: Any) -> str:
    """A value of any column: three significant digits, thousands separated."""
    if value is None or value == "":
        return "–"
    if isinstance(value, float):
        rounded = float(f"{value:.3g}") if abs(value) >= 1e-4 else 0.0
        return f"{rounded:,.0f}" if abs(rounded) >= 100 else f"{rounded:,g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


_CAUSES = {
    "before": "the forecast as it was made then",
    "restated": "periods known then have other values now",
    "new_series": "there was no such series then",
    "gone_series": "there is no such series any more",
    "now": "the forecast as it is made now",
}


def forecast_change(row: Mapping[str, Any], period: str) -> str:
    """ "September 2024 brought 7,012 where 6,500 was expected"."""
    cause = str(row["cause"])
    if cause == "restated" and row["amount"] == 0:
        return "what was known then is as it was"
    if cause != "new_period":
        return _CAUSES[cause]
    when = _period_name(row["learnt"], period) if row.get("learnt") else "one more period"
    return f"{when} brought {_plain(row['actual'])} where {_plain(row['expected'])} was expected"


def _period_name(start: Any, period: str) -> str:
    """ "September 2024", "the week of 2 Sep 2024", "the quarter from 1 Jul 2024"."""
    unit, day = period.split(" ")[0], _date(start)
    if period == "month":
        return f"{_MONTHS[day.month - 1]} {day.year}"
    if period == "year":
        return str(day.year)
    if unit == "day":
        return fmt.short_day(day)
    return f"the {unit} {'of' if unit == 'week' else 'from'} {fmt.short_day(day)}"


_CHURN_VALUES = {
    "days_since_last": "last purchase {} days ago",
    "tenure_days": "first purchase {} days ago",
    "orders_30": "{} purchases in 30 days",
    "orders_90": "{} purchases in 90 days",
    "orders_365": "{} purchases in a year",
    "spend_30": "{} spent in 30 days",
    "spend_90": "{} spent in 90 days",
    "spend_365": "{} spent in a year",
    "usual_gap_days": "buys every {} days",
    "gap_ratio": "{} times the usual gap since the last purchase",
    "longest_gap_ratio": "{} times the longest gap since the last purchase",
    "gap_share_exceeded": "{} of own gaps were shorter than this one",
    "mean_spend": "{} a purchase",
    "products_365": "{} products in a year",
    "p_alive": "still buys with a chance of {}",
    "expected_purchases_90": "{} purchases expected in 90 days",
    "p_fell": "buys half as often with a chance of {}",
    "p_gap": "{} of own gaps get as long as this one",
    "touchpoints_90": "{} touchpoints in 90 days",
    "days_since_touchpoint": "last touchpoint {} days ago",
}
_NOT_LATER = (
    "The table has no times: the metrics say how well the model tells apart customers of the same "
    "time; how it does later is not known."
)
_LATER = (
    "The metrics are those of {tried} later snapshots and of customers the models had not seen; "
    "customers leave when they buy nothing for {horizon}."
)
_UNTRIED = (
    "The sales are too short to try the model on a later time: its probabilities are not "
    "calibrated, and how it does is not known."
)


def churn_reasons(reasons: list[tuple[str, str, float]]) -> str:
    """ "last purchase 43 days ago (odds × 2.1); Contract Two year (odds × 0.4)"."""
    return "; ".join(
        f"{_churn_value(name, value)} (odds × {fmt.number(math.exp(effect), 1)})"
        if abs(effect) > 0.05
        else _churn_value(name, value)
        for name, value, effect in reasons
    )


def _churn_value(name: str, value: str) -> str:
    names, values = name.split(" x "), value.split(", ")
    if len(names) != len(values):
        return f"{name} {value}"
    return ", ".join(
        _CHURN_VALUES[one].format(what)
        if one in _CHURN_VALUES and what != "missing"
        else f"{one.replace('_', ' ') if one in _CHURN_VALUES else one} {what}"
        for one, what in zip(names, values, strict=True)
    )


def counterfactual(changes: list[tuple[str, str, str]], after: float) -> str:
    """ "with calls at most 3.5 (now 7) and plan yearly (now monthly) the model would say 12 %"."""
    if not changes:
        return "no change of these columns gets there"
    parts = [f"{name.replace('_', ' ')} {to} (now {now})" for name, now, to in changes]
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"with {listed} the model would say {100 * after:.0f} %"


def churn_note(info: Mapping[str, Any]) -> str:
    """What the metrics of a churn model say of later."""
    if not info["time_ordered"]:
        return _NOT_LATER
    if not info["snapshots_tried"]:
        return _UNTRIED
    return _LATER.format(tried=info["snapshots_tried"], horizon=info["horizon"])
