"""Item sets and rules across levels of a hierarchy."""

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import emptor as em

LISTS = [["rye", "green tea"], ["white", "green tea"], ["rye"], ["bread"], ["jam"]]
TREE = {"rye": "bread", "white": "bread", "bread": "bakery", "green tea": "tea", "cocoa": "sweets"}
ROWS = pd.DataFrame({"parent": TREE.values(), "item": TREE.keys()})


def held(baskets):
    ids = baskets.item_ids[baskets.item]
    return [set(ids[a:b]) for a, b in zip(baskets.offset, baskets.offset[1:], strict=False)]


@pytest.mark.parametrize(
    "parents",
    [TREE, ROWS, pl.from_pandas(ROWS), pa.Table.from_pandas(ROWS),
     {"from": list(TREE), "to": list(TREE.values())}],
    ids=["dict", "pandas", "polars", "arrow", "two columns"],
)  # fmt: skip
def test_parents_of_every_kind(parents):
    baskets = em.baskets(LISTS, parents=parents)
    assert held(baskets)[0] == {"rye", "bread", "bakery", "green tea", "tea"}
    assert held(baskets)[3] == {"bread", "bakery"}
    assert held(baskets)[4] == {"jam"}
    assert baskets.unbought == 1
    assert "1 of the hierarchy in no basket" in repr(baskets)
    ids = baskets.item_ids.tolist()
    assert ids[baskets.parent[ids.index("rye")]] == "bread"
    assert baskets.parent[ids.index("bakery")] == -1


def test_sets_never_hold_an_item_and_its_ancestor():
    baskets = em.baskets(LISTS, parents=TREE)
    sets = em.mining.frequent_itemsets(baskets, min_count=2)
    rows = {tuple(items): n for items, n in zip(sets["items"], sets["count"], strict=True)}
    assert rows[("bread", "green tea")] == 2
    assert not any("rye" in items and "bread" in items for items in rows)
    counts = em.mining.count_itemsets(baskets, min_count=2)
    assert sum(counts["n_itemsets"]) == len(rows)
    assert ("bakery", "tea") in rows


def test_numbers_stay_numbers():
    baskets = em.baskets([[1, 2], [2, 3]], parents={1: 10, 2: 10})
    assert baskets.item_ids.tolist() == [1, 2, 3, 10]
    assert held(em.baskets([[1, 2], [2]], parents={1: None, 2: "low"})) == [
        {"1", "2", "low"},
        {"2", "low"},
    ]


def test_rules_of_sales_go_across_levels():
    sales = em.example()
    everything = {"top": 0, "redundant": True, "significance": "none"}
    rules = em.mining.association_rules(sales, levels=["department"], **everything)
    assert rules.info["item"] == "department > product"
    sides = list(zip(rules["antecedent"], rules["consequent"], strict=True))
    assert any(y.startswith("department: ") for _, y in sides)
    assert any(not y.startswith("department: ") for _, y in sides)
    products = em.mining.association_rules(sales, **everything)
    few = em.mining.association_rules(
        sales, levels=["department"], **{**everything, "redundant": False}
    )
    assert len(few) < len(rules)
    assert len(products) < len(rules)
    baskets = sales.baskets(levels="department")
    parent = dict(zip(baskets.item_ids.tolist(), baskets.parent.tolist(), strict=True))
    names = baskets.item_ids.tolist()
    for x, y in sides:
        for item in x:
            assert parent[item] < 0 or names[parent[item]] != y
            assert parent[y] < 0 or names[parent[y]] != item


def refused(call):
    with pytest.raises(em.Error) as error:
        call()
    return str(error.value)


def test_bad_input_is_answered():
    twice = pd.DataFrame({"item": ["rye", "rye"], "parent": ["bread", "pastry"]})
    assert refused(lambda: em.baskets(LISTS, parents=twice)) == (
        "item_hierarchy: 'rye' has two parents, 'bread' and 'pastry'; an item belongs to one"
    )
    assert "is its own ancestor" in refused(
        lambda: em.baskets(LISTS, parents={"rye": "bread", "bread": "rye"})
    )
    assert "no row is about an item of these baskets" in refused(
        lambda: em.baskets(LISTS, parents={"coffee": "drinks"})
    )
    assert refused(lambda: em.baskets(LISTS, parents=["rye"])) == (
        "baskets: parents must be a dict {item: parent}, or a frame with the columns item and "
        "parent; found list"
    )
    assert refused(lambda: em.baskets(LISTS, parents={"item": ["rye"], "parent": []})) == (
        "baskets: parents has 1 items and 0 parents"
    )
    assert refused(lambda: em.baskets(LISTS, parents={None: "bread"})) == (
        "baskets: row 0 of parents has no item"
    )
    baskets = em.baskets(LISTS, parents=TREE)
    assert refused(lambda: em.mining.association_rules(baskets, levels=["category"])) == (
        "association_rules: item, unit, goods_only and levels are for Sales; these baskets are "
        "made already, so give them to sales.baskets(...)"
    )
    assert "no column 'categry'" in refused(lambda: em.example().baskets(levels=["categry"]))
