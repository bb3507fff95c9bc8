"""Numbers, money and dates as people read them."""

from __future__ import annotations

import datetime
import math

_SYMBOLS = {"GBP": "£", "USD": "$", "EUR": "€", "JPY": "¥", "INR": "₹"}


def is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def number(value: float | None, digits: int = 0) -> str:
    """1,234.5 with thousands separators; "–" if missing."""
    if is_missing(value):
        return "–"
    text = f"{value:,.{digits}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.,") else text.replace("-", "−")


def money(value: float | None, currency: str = "", digits: int = 0) -> str:
    """£1,234; CHF 1,234; 1,234 where no currency is known."""
    if is_missing(value):
        return "–"
    sign = "−" if round(value, digits) < 0 else ""
    symbol = _SYMBOLS.get(currency, f"{currency} " if currency else "")
    return f"{sign}{symbol}{abs(value):,.{digits}f}"


_SCALES = ((1e9, 1e9, "billion"), (1e6, 1e6, "million"), (1e4, 1e3, "thousand"))


def rough_money(value: float | None, currency: str = "") -> str:
    """Money to three figures, as one says it: £184 thousand, £1.23 million."""
    if is_missing(value):
        return "–"
    size = float(f"{abs(value):.3g}")
    for above, scale, word in _SCALES:
        if size >= above:
            sign = "−" if value < 0 else ""
            symbol = _SYMBOLS.get(currency, f"{currency} " if currency else "")
            return f"{sign}{symbol}{size / scale:g} {word}"
    return money(value, currency)


def money_range(low: float | None, high: float | None, currency: str = "") -> str:
    """£14 to £29 thousand, 9,880 to 12,300: a unit that both share is said once."""
    left, right = rough_money(low, currency), rough_money(high, currency)
    for _, _, word in _SCALES:
        if left.endswith(f" {word}") and right.endswith(f" {word}"):
            return f"{left.removesuffix(f' {word}')} to {right}"
    return f"{left} to {right}"


def three_figures(value: float | None, currency: str = "") -> str:
    """Money to three figures without words, for the columns of a table: £184,000."""
    return money(value if is_missing(value) else float(f"{value:.3g}"), currency)


def percent(share: float | None, digits: int = 0) -> str:
    """A share as 42 %; "–" if missing."""
    return "–" if is_missing(share) else f"{number(100 * share, digits)} %"


def change(share: float | None, digits: int = 0) -> str:
    """A relative change with its sign: +12 %, −3 %, 0 %."""
    if is_missing(share):
        return "–"
    rounded = round(100 * share, digits)
    return f"{'+' if rounded > 0 else ''}{percent(share, digits)}"


def of_100(share: float | None) -> str:
    """A share as a count of a hundred people: 42; below one, "fewer than 1"."""
    if is_missing(share):
        return "–"
    count = 100 * share
    return "fewer than 1" if 0 < count < 0.5 else number(count)


def day(value: object) -> str:
    """9 December 2011 from a date, a datetime or a NumPy day; "–" if missing."""
    if value is None or str(value) == "NaT":
        return "–"
    date = datetime.date.fromisoformat(str(value)[:10])
    return f"{date.day} {date:%B %Y}"


def short_day(value: object) -> str:
    """9 Dec 2011"""
    if value is None or str(value) == "NaT":
        return "–"
    date = datetime.date.fromisoformat(str(value)[:10])
    return f"{date.day} {date:%b %Y}"


def name(text: str) -> str:
    """A product name as people write it: what shouts in capitals is lowered."""
    letters = [c for c in text if c.isalpha()]
    if letters and sum(c.isupper() for c in letters) > 0.8 * len(letters) and len(letters) > 4:
        return text.capitalize()
    return text
