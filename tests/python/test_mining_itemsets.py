"""Frequent item sets: Sales or baskets in, a Frame with lists out, an answer to bad arguments."""

from itertools import combinations, pairwise

import numpy as np
import pytest

import emptor as em
from emptor import mining


@pytest.fixture(scope="module")
def sales():
    return em.example()


@pytest.fixture(scope="module")
def baskets(sales):
    return sales.baskets()


def by_hand(baskets, min_count, max_items):
    """Every set and its count, basket by basket."""
    counts = {}
    offset, item = baskets.offset, baskets.item
    for begin, end in pairwise(offset):
        for size in range(1, max_items + 1):
            for codes in combinations(item[begin:end].tolist(), size):
                counts[codes] = counts.get(codes, 0) + 1
    return {codes: n for codes, n in counts.items() if n >= min_count}


def test_counts_every_set(baskets):
    sets = mining.frequent_itemsets(baskets, min_count=15)
    expected = by_hand(baskets, 15, 3)
    assert len(sets) == sets.info["n_itemsets"] == len(expected) > 50
    ids = {str(i): code for code, i in enumerate(baskets.item_ids)}
    found = {
        tuple(ids[str(i)] for i in row["items"]): row["count"] for row in sets.select("all").rows()
    }
    assert found == expected
    assert np.allclose(np.asarray(sets["support"]) * len(baskets), np.asarray(sets["count"]))
    counts = np.asarray(sets["count"])
    assert (np.diff(counts) <= 0).all()


def test_sales_are_made_into_baskets(sales, baskets):
    ours = mining.frequent_itemsets(sales, min_count=15)
    theirs = mining.frequent_itemsets(baskets, min_count=15)
    assert list(ours["count"]) == list(theirs["count"])
    assert ours.info["item"] == "product"
    assert ours.columns[0] == "names"
    departments = mining.frequent_itemsets(sales, item="department", unit="customer")
    assert departments.info["item"] == "department"
    assert departments.info["baskets"] < ours.info["baskets"]


def test_kinds_are_parts_of_each_other(baskets):
    def table(kind):
        frame = mining.frequent_itemsets(baskets, min_count=10, kind=kind, max_items=0)
        rows = frame.select("all").rows()
        return {tuple(map(str, row["items"])): row["count"] for row in rows}

    every, closed, maximal = table("all"), table("closed"), table("maximal")
    generators = table("generators")
    assert maximal.items() <= closed.items() <= every.items()
    assert generators.items() <= every.items()
    assert set(closed.values()) == set(every.values())


def test_counting_agrees_with_listing(baskets):
    counts = mining.count_itemsets(baskets, min_count=10, max_items=0)
    sets = mining.frequent_itemsets(baskets, min_count=10, max_items=0)
    assert counts.info["n_itemsets"] == len(sets)
    by_size = np.bincount(np.asarray(sets["n_items"]))
    assert {row["n_items"]: row["n_itemsets"] for row in counts.rows()} == {
        size: n for size, n in enumerate(by_size.tolist()) if n > 0
    }


def test_top_and_must_contain_and_exclude(baskets):
    everything = mining.frequent_itemsets(baskets, min_count=10)
    top = mining.frequent_itemsets(baskets, min_count=10, top=5)
    assert list(top["count"]) == list(everything["count"])[:5]
    assert top.info["truncated"]
    item = next(iter(everything.select("all").rows()))["items"][0]
    held = mining.frequent_itemsets(baskets, min_count=10, must_contain=[item])
    assert 0 < len(held) < len(everything)
    assert all(item in row["items"] for row in held.select("all").rows())
    rest = mining.frequent_itemsets(baskets, min_count=10, exclude=[item])
    assert len(held) + len(rest) == len(everything)


def test_any_number_of_threads_gives_the_same_bits(baskets):
    one = mining.frequent_itemsets(baskets, min_count=5, max_items=0, threads=1)
    two = mining.frequent_itemsets(baskets, min_count=5, max_items=0, threads=2)
    assert list(one["count"]) == list(two["count"])
    assert [list(x) for x in one["items"]] == [list(x) for x in two["items"]]


def test_lists_and_arrays_are_baskets_too():
    lists = [["tea", "milk"], ["tea", "milk", "jam"], ["tea"], [], ["jam", "jam"]]
    sets = mining.frequent_itemsets(lists, min_count=2)
    rows = {tuple(row["items"]): row["count"] for row in sets.rows()}
    assert rows == {("tea",): 3, ("jam",): 2, ("milk",): 2, ("milk", "tea"): 2}
    assert sets.info["baskets"] == 5
    counts = mining.count_itemsets(baskets={("a", "b"): 3, ("a",): 2}, min_count=3)
    assert [row["n_itemsets"] for row in counts.rows()] == [2, 1]
    arrays = (np.array([0, 2, 4]), np.array([10, 20, 10, 30]))
    sets = mining.frequent_itemsets(arrays, min_support=1.0)
    assert [list(row["items"]) for row in sets.rows()] == [[10]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"min_count": -3}, "min_count is -3; write 1 or more"),
        ({"min_count": 2, "min_support": 0.5}, "min_count and min_support are both given"),
        ({"min_support": 2.0}, "min_support is 2; write a share of the baskets"),
        ({"kind": "close"}, "kind: 'close' is not a kind of item set"),
        ({"max_items": 1, "min_items": 2}, "no set can have both"),
        ({"must_contain": ["Pastaa"]}, "the nearest is 'Pasta'"),
        ({"unit": "day"}, "item, unit, goods_only and levels are for Sales"),
        ({"min_cuont": 5}, "no argument 'min_cuont'"),
    ],
)
def test_wrong_arguments_are_named(baskets, arguments, message):
    with pytest.raises(em.Error) as raised:
        mining.frequent_itemsets(baskets, **arguments)
    assert message in str(raised.value)
