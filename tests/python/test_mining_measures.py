"""Measures of rules from counts of every kind of column, with an answer to every bad argument."""

import math

import numpy as np
import pytest

import emptor as em
from emptor import mining


def test_the_golden_rule_by_name():
    frame = mining.rule_measures([91], [174], [2513], 9835, measures=["lift", "phi", "fisher_p"])
    assert frame.columns == [
        "lift",
        "lift_low",
        "lift_high",
        "phi",
        "phi_low",
        "phi_high",
        "fisher_p",
    ]
    (row,) = frame.rows()
    assert row["lift"] == pytest.approx(2.046793456, rel=1e-9)
    assert row["lift_low"] == pytest.approx(1.758666, abs=5e-7)
    assert row["fisher_p"] == pytest.approx(2.652696851e-14, rel=1e-8)


@pytest.mark.parametrize("kind", ["list", "numpy", "pandas", "polars", "pyarrow"])
def test_counts_come_in_any_column(kind):
    columns = [[91, 19], [174, 21], [2513, 792]]
    if kind == "numpy":
        columns = [np.array(c, np.int32) for c in columns]
    elif kind != "list":
        module = pytest.importorskip(kind)
        make = module.array if kind == "pyarrow" else module.Series
        columns = [make(c) for c in columns]
    frame = mining.rule_measures(*columns, 9835)
    assert frame.columns[0] == "support"
    assert list(frame["lift"]) == pytest.approx([2.046793456, 11.235269], rel=1e-6)


def test_every_measure_has_its_line_and_its_column():
    table = mining.measures()
    names = [str(name) for name in table["name"]]
    assert len(names) == len(set(names)) > 40
    frame = mining.rule_measures([91], [174], [2513], 9835, measures="all")
    missing = set(names) - set(frame.select("all").columns)
    assert missing == {"improvement", "boost"}
    for name in names:
        assert name in mining.explain(name)
    assert "x n / (a b)" in repr(mining.explain("lift"))


def test_odds_ratio_intervals():
    assert mining.odds_ratio_interval(91, 83, 2422, 7239) == pytest.approx(
        (2.425137, 4.427914), abs=1e-6
    )
    low, high = mining.odds_ratio_interval(5, 0, 5, 5, method="exact")
    assert 0 < low < 5
    assert math.isinf(high)


def test_itemset_measures():
    frame = mining.itemset_measures([0, 1, 3], [0, 0, 1], [40, 10], [40, 20], 100)
    assert list(frame["all_confidence"]) == pytest.approx([1, 0.25])
    assert list(frame["lift"]) == pytest.approx([1, 1.25])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mining.rule_measures([1], [2], [3], 9, measures="lfit"), "did you mean 'lift'"),
        (lambda: mining.rule_measures([4], [2], [3], 9), "write counts of the same baskets"),
        (lambda: mining.rule_measures([1, 2], [2], [3], 9), "write one per rule"),
        (lambda: mining.rule_measures([0.5], [2], [3], 9), "both must be one row of whole numbers"),
        (
            lambda: mining.rule_measures([1], [2], [3], 9, level=95),
            "level must lie between 0 and 1",
        ),
        (lambda: mining.odds_ratio_interval(-1, 2, 3, 4), "write counts of 0 or more"),
        (lambda: mining.odds_ratio_interval(1, 2, 3, 4, method="fisher"), '"woolf", "gart" or'),
        (lambda: mining.explain("lifft"), "did you mean 'lift'"),
    ],
)
def test_bad_arguments_are_answered(call, message):
    with pytest.raises(em.InvalidArgument, match=message):
        call()
