"""emptor.compat.fim against what PyFIM 6.28 gave, and where it differs on purpose."""

import itertools
from collections import Counter

import numpy as np
import pytest

import emptor as em
from emptor.compat import fim

BASKETS = [[1, 2, 3], [1, 2], [1, 3, 4], [2, 3], [1, 2, 3, 4], [5]]
ALL = {(1,): 4, (1, 3): 3, (3,): 4, (1, 2): 3, (1, 2, 3): 2, (2, 3): 3, (2,): 4, (1, 3, 4): 2,
       (1, 4): 2, (3, 4): 2, (4,): 2}  # fmt: skip


def as_dict(found):
    return {tuple(sorted(items)): value for items, value in found}


@pytest.mark.parametrize("mine", [fim.fpgrowth, fim.eclat, fim.apriori])
def test_sets_of_every_kind(mine):
    assert as_dict(mine(BASKETS, supp=-2)) == ALL
    assert as_dict(mine(BASKETS, supp=-2, target="c")) == {
        (1, 3, 4): 2, (1, 2, 3): 2, (2, 3): 3, (1, 2): 3, (2,): 4, (1, 3): 3, (3,): 4, (1,): 4
    }  # fmt: skip
    assert as_dict(mine(BASKETS, supp=-2, target="m")) == {(1, 3, 4): 2, (1, 2, 3): 2}
    assert as_dict(mine(BASKETS, supp=-2, target="g")) == {
        (1,): 4, (1, 3): 3, (3,): 4, (1, 2): 3, (1, 2, 3): 2, (2, 3): 3, (2,): 4, (4,): 2
    }  # fmt: skip


def test_sizes():
    assert as_dict(fim.eclat(BASKETS, supp=-2, zmin=2, zmax=2)) == {
        items: n for items, n in ALL.items() if len(items) == 2
    }
    assert fim.eclat(BASKETS, supp=-2, target="m", zmax=2) == []
    assert len(fim.eclat(BASKETS, supp=-2, target="c", zmax=2)) == 6


def test_reports():
    assert fim.fpgrowth(BASKETS, supp=-4, report="as") == [
        ((1,), 4, 4 / 6), ((2,), 4, 4 / 6), ((3,), 4, 4 / 6)
    ]  # fmt: skip
    assert fim.fpgrowth([[1, 2], [], [1]], supp=50, report="aSQ") == [((1,), 2, 200 / 3, 3)]
    assert fim.fpgrowth([["a"], ["b"]], supp=-1, report="") == [(("a",),), (("b",),)]
    assert fim.fpgrowth(BASKETS, supp=-4, zmax=1, report="(as")[0] == ((1,), (4, 4 / 6))
    assert fim.fpgrowth(BASKETS, supp=-4, zmax=1, report="[as")[0] == ((1,), [4, 4 / 6])
    spectrum = {(1, 2): 1.0, (1, 4): 3.0, (2, 2): 2.0, (2, 3): 3.0, (3, 2): 2.0}
    assert fim.fpgrowth(BASKETS, supp=-2, report="#") == spectrum
    assert fim.fpgrowth(BASKETS, supp=-2, report="=") == [(*k, n) for k, n in spectrum.items()]
    assert fim.fpgrowth(BASKETS, supp=-2, report="|") == [
        [1, 1, 2, 2, 3], [2, 4, 2, 3, 2], [1.0, 3.0, 2.0, 3.0, 2.0]
    ]  # fmt: skip


def test_rules_by_the_support_of_their_body():
    rules = fim.apriori(BASKETS, supp=-3, target="r", report="abhcxXyYlLQs", conf=50)
    by_rule = {(head, tuple(sorted(body))): tuple(values) for head, body, *values in rules}
    assert len(by_rule) == len(rules) == 15  # PyFIM 6.28
    assert by_rule[4, (1, 3)] == pytest.approx(
        (2, 3, 2, 2 / 3, 1 / 2, 50, 1 / 3, 100 / 3, 2, 200, 6, 1 / 3)
    )
    assert by_rule[2, ()] == pytest.approx(
        (4, 6, 4, 2 / 3, 1, 100, 2 / 3, 200 / 3, 1, 100, 6, 2 / 3)
    )
    both = fim.apriori(BASKETS, supp=-3, target="r", report="a", conf=50, mode="o")
    assert {(h, tuple(sorted(b))) for h, b, _ in both} == {
        rule for rule, values in by_rule.items() if values[0] >= 3
    }


def test_multiplicities_and_percent():
    assert as_dict(fim.fpgrowth({(1, 2): 3, (1,): 1}, supp=75)) == {(1,): 4, (2,): 3, (1, 2): 3}
    assert as_dict(fim.fpgrowth([[1]] * 3 + [[2]] * 7, supp=30)) == {(1,): 3, (2,): 7}


def test_an_item_of_every_transaction_is_kept():
    assert as_dict(fim.fpgrowth([[1, 1, 2], [1]], supp=-2)) == {(1,): 2}


def test_equals_counting_on_random_transactions():
    random = np.random.default_rng(11)
    for _ in range(20):
        baskets = [np.flatnonzero(random.random(7) < 0.4).tolist() for _ in range(25)]
        counts = Counter(
            items
            for basket in baskets
            for size in range(1, 8)
            for items in itertools.combinations(basket, size)
        )
        least = int(random.integers(1, 6))
        expected = {items: n for items, n in counts.items() if n >= least}
        assert as_dict(fim.eclat(baskets, supp=-least)) == expected


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fim.eclat(BASKETS, target="x"), "eclat: target must be s, c, m, g or r, got 'x'"),
        (lambda: fim.eclat(BASKETS, eval="l"), "eclat: eval='l' is not offered here; "),
        (lambda: fim.fpgrowth(BASKETS, border=[3]), "fpgrowth: border=.* is not offered here; "),
        (
            lambda: fim.apriori(BASKETS, report="z"),
            "apriori: report has the letter 'z'; there are ",
        ),
    ],
)
def test_what_is_not_offered_is_named(call, message):
    with pytest.raises(em.InvalidArgument, match=f"^{message}"):
        call()
