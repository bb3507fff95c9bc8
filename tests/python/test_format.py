"""Numbers as people read them."""

import numpy as np
import pytest

from emptor import _format as fmt


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (1234.5, 0, "1,234"),
        (1234.56, 1, "1,234.6"),
        (-3, 0, "−3"),
        (-0.2, 0, "0"),
        (float("nan"), 0, "–"),
        (None, 0, "–"),
    ],
)
def test_number(value, digits, text):
    assert fmt.number(value, digits) == text


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        (183_642, "GBP", "£184 thousand"),
        (12_345, "GBP", "£12.3 thousand"),
        (1_234_567, "EUR", "€1.23 million"),
        (9_940, "USD", "$9,940"),
        (999_999, "USD", "$1 million"),
        (-45_000, "CHF", "−CHF 45 thousand"),
        (2_500_000_000, "", "2.5 billion"),
        (0, "GBP", "£0"),
    ],
)
def test_rough_money(value, currency, text):
    assert fmt.rough_money(value, currency) == text


def test_shares_and_changes():
    assert fmt.percent(0.4237) == "42 %"
    assert fmt.change(0.123) == "+12 %"
    assert fmt.change(-0.03) == "−3 %"
    assert fmt.of_100(0.002) == "fewer than 1"
    assert fmt.of_100(0.42) == "42"


def test_days():
    assert fmt.day(np.datetime64("2011-12-09")) == "9 December 2011"
    assert fmt.short_day(np.datetime64("NaT")) == "–"


def test_names_that_shout_are_lowered():
    assert fmt.name("WHITE METAL LANTERN") == "White metal lantern"
    assert fmt.name("iPhone case") == "iPhone case"
    assert fmt.name("LED") == "LED"
