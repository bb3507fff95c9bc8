"""What is bought together: Sales or arrays in, a Frame out, an answer to every bad argument."""

import numpy as np
import pytest

import emptor as em
from emptor import mining


@pytest.fixture(scope="module")
def sales():
    return em.example()


def test_finds_what_is_planted_in_the_example(sales):
    pairs = mining.bought_together(sales)
    assert len(pairs) == pairs.info["n_found"] == 1
    (row,) = pairs.select("all").rows()
    assert {str(row["name_a"]), str(row["name_b"])} == {"Pasta", "Tomato sauce"}
    assert row["q_value"] < 1e-6
    assert row["excess"] > 300
    # Half of the baskets with pasta, as planted, up to postage-only and returned lines.
    assert row["confidence_ab_low"] < 0.52 < row["confidence_ab_high"] + 0.03
    assert not row["same_family"]


def test_any_number_of_threads_gives_the_same_bits(sales):
    one = mining.bought_together(sales, min_count=5, fdr=1, threads=1)
    two = mining.bought_together(sales, min_count=5, fdr=1, threads=2)
    assert len(one) > 100
    for column in one.select("all").columns:
        assert list(one.select("all")[column]) == list(two.select("all")[column])


def test_baskets_of_your_own():
    rng = np.random.default_rng(1)
    baskets = [np.flatnonzero(rng.random(12) < 0.3) for _ in range(500)]
    baskets = [
        np.union1d(items, [3, 7]) if i % 5 == 0 else items for i, items in enumerate(baskets)
    ]
    baskets[:3] = [np.empty(0, np.int64)] * 3
    offset = np.cumsum([0] + [len(items) for items in baskets])
    item = np.concatenate(baskets).astype(np.int32)
    pairs = mining.bought_together_in_baskets(offset, item, min_count=1, fdr=1)
    both = sum({3, 7} <= set(items.tolist()) for items in baskets)
    first = next(iter(pairs.rows()))
    assert (first["item_a"], first["item_b"], first["n_baskets"]) == (3, 7, both)
    assert pairs.info["baskets"] == 500
    # Any integers will do; a customer per basket makes the evidence weaker, never stronger.
    same = mining.bought_together_in_baskets(
        offset.astype(np.int32), item.astype(np.int64), min_count=1, fdr=1
    )
    assert np.array_equal(np.asarray(same["excess"]), np.asarray(pairs["excess"]))
    by_customer = mining.bought_together_in_baskets(
        offset, item, customer=np.arange(500, dtype=np.int32) // 50, min_count=1, fdr=1
    )
    strong = {(r["item_a"], r["item_b"]): r["p_value"] for r in pairs.select("all").rows()}
    for row in by_customer.select("all").rows():
        if row["p_value"] > 0.2:
            continue
        assert row["p_value"] >= strong[row["item_a"], row["item_b"]] * (1 - 1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"min_count": 0}, "bought_together: min_count is 0; write 1 or more"),
        ({"fdr": 2.0}, "bought_together: fdr is 2; write a share above 0 and up to 1"),
        ({"unit": "visit"}, "unit: 'visit' is not a kind of basket"),
        ({"item": "departmnet"}, "did you mean"),
        ({"top": -1}, "bought_together: top is -1; write how many pairs to list, 0 for all"),
        ({"min_cuont": 5}, "no argument 'min_cuont'"),
    ],
)
def test_wrong_arguments_are_named(sales, arguments, message):
    with pytest.raises(em.Error) as raised:
        mining.bought_together(sales, **arguments)
    assert message in str(raised.value)


def test_something_else_than_sales_is_named():
    with pytest.raises(em.Error, match=r"must be an emptor\.Sales, got dict"):
        mining.bought_together({"orders": []})


def test_levels_units_and_top(sales):
    departments = mining.bought_together(sales, item="department", fdr=1)
    assert departments.info["item"] == "department"
    days = mining.bought_together(sales, unit="day", fdr=1)
    assert days.info["baskets"] <= mining.bought_together(sales, fdr=1).info["baskets"]
    few = mining.bought_together(sales, fdr=1, top=2)
    assert len(few) == 2
    assert few.info["truncated"]


def test_groups_share_one_multiplicity(sales):
    groups = mining.bought_together(sales, by="channel", min_count=5, fdr=1)
    assert "group" in groups.columns
    channels = set(map(str, groups["group"]))
    assert len(channels) > 1
    whole = mining.bought_together(sales, min_count=5, fdr=1).info
    assert groups.info["n_testable"] > whole["n_testable"] / 2
    assert groups.info["coverage"] == whole["coverage"]
    assert groups.info["n_found"] == len(groups)
    with pytest.raises(em.Error, match=r"bought_together: no column 'chanel'.*did you mean"):
        mining.bought_together(sales, by="chanel")


def test_fisher_comes_when_asked_for(sales):
    assert "fisher_p" not in mining.bought_together(sales).select("all").columns
    (row,) = mining.bought_together(sales, fisher=True).select("all").rows()
    assert row["fisher_p"] < 1e-100


def test_what_lies_after_the_moment_changes_nothing(sales):
    orders = em.example("orders").to_dict()
    (time,) = (name for name, values in orders.items() if values.dtype.kind == "M")
    before = orders[time] < np.datetime64("2024-01-01")
    known = em.Sales(
        orders={name: values[before] for name, values in orders.items()},
        products=em.example("products"),
        currency="EUR",
        timezone="Europe/Berlin",
    )
    then = mining.bought_together(sales.as_of("2023-12-31"), min_count=5, fdr=1).select("all")
    alone = mining.bought_together(known, min_count=5, fdr=1).select("all")
    assert 100 < len(then) == len(alone)
    for column in ("name_a", "name_b", "n_baskets", "expected", "p_value", "q_value", "lift_low"):
        assert list(map(str, then[column])) == list(map(str, alone[column]))


def test_memory_limit(sales):
    with pytest.raises(em.MemoryLimit, match="bought_together: needs about"):
        mining.bought_together(sales, memory_limit=1000)


@pytest.mark.parametrize(
    ("offset", "item", "message"),
    [
        ([0, 1], [0.5], "item must be one row of whole numbers, found an array of float64"),
        ([0, 1], [[1]], "item must be one row of whole numbers, found an array of int64 with 2"),
        ([0, 1], [2**40], "item holds 1099511627776, which is too large"),
        ([0, 2], [1, 1], "the items of basket 0 must be distinct and ascending"),
        ([1, 2], [1, 2], "offset must begin with 0 and end with the number of items, 2"),
        ([0, 1], [-1], "basket 0 holds item -1"),
    ],
)
def test_wrong_arrays_are_named(offset, item, message):
    with pytest.raises(em.Error) as raised:
        mining.bought_together_in_baskets(np.array(offset), np.array(item))
    assert message in str(raised.value)
