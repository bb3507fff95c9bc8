"""Association rules: Sales or baskets in, a Frame out, an answer to every bad argument."""

import numpy as np
import pytest

import emptor as em
from emptor import mining


@pytest.fixture(scope="module")
def sales():
    return em.example()


def test_finds_what_is_planted_in_the_example(sales):
    rules = mining.association_rules(sales)
    found = {
        (*map(str, row["antecedent_name"]), str(row["consequent_name"])) for row in rules.rows()
    }
    assert {("Pasta", "Tomato sauce"), ("Tomato sauce", "Pasta")} <= found
    assert len(rules) == rules.info["n_found"] < 6
    row = next(iter(rules.select("all").rows()))
    assert row["excess"] == pytest.approx(row["n_baskets"] - row["expected"])
    assert row["confidence_low"] < row["confidence"] < row["confidence_high"]
    assert row["p_value"] <= row["q_value"] <= 0.05
    assert rules.info["n_testable"] > 1000


def test_rules_of_pairs_are_those_of_bought_together(sales):
    rules = mining.association_rules(sales, max_items=2, alpha=1, top=0).select("all")
    pairs = mining.bought_together(sales, fdr=1).select("all")
    assert len(rules) == 2 * len(pairs)
    by_pair = {(r["item_a"], r["item_b"]): r for r in pairs.rows()}
    for row in rules.rows():
        pair = by_pair[tuple(sorted([*row["antecedent"], row["consequent"]]))]
        assert row["n_baskets"] == pair["n_baskets"]
        assert row["expected"] == pytest.approx(pair["expected"])
        assert row["lift_low"] == pytest.approx(pair["lift_low"], abs=1e-9)


def test_any_number_of_threads_gives_the_same_bits(sales):
    one = mining.association_rules(sales, min_count=5, alpha=1, threads=1).select("all")
    two = mining.association_rules(sales, min_count=5, alpha=1, threads=2).select("all")
    assert len(one) == 1000
    assert one.info["truncated"]
    for column in one.columns:
        assert [*map(repr, one[column])] == [*map(repr, two[column])]


@pytest.mark.parametrize("significance", ["bh", "holm", "tarone", "westfall_young", "holdout"])
def test_every_correction_finds_the_planted_pair(sales, significance):
    rules = mining.association_rules(
        sales, significance=significance, max_items=2, permutations=100
    )
    assert len(rules) >= 2
    assert rules.info["significance"] == significance
    assert all(q <= 0.05 for q in rules["q_value"])


def test_a_day_parts_what_is_explored_from_what_is_tested(sales):
    halves = mining.association_rules(sales, significance="holdout")
    days = mining.association_rules(sales, significance="holdout", holdout="2024-09-01")
    assert days.info["n_explored"] >= 2
    assert days.info["baskets"] != halves.info["baskets"]
    with pytest.raises(em.InvalidArgument, match="write a day in between"):
        mining.association_rules(sales, significance="holdout", holdout="2034-09-01")


def test_consequents_and_measures_by_name(sales):
    rules = mining.association_rules(
        sales,
        consequents=["Pasta"],
        measures=["confidence", "kappa", "improvement"],
        significance="none",
        redundant=True,
        max_items=2,
        top=0,
    )
    assert {str(name) for name in rules["consequent_name"]} == {"Pasta"}
    assert {"kappa", "improvement"} <= set(rules.columns)
    assert "q_value" not in rules.select("all").columns
    with pytest.raises(em.InvalidArgument, match="did you mean 'Pasta'"):
        mining.association_rules(sales, consequents=["Pastaa"])


def test_consequents_of_several_items_are_lists(sales):
    rules = mining.association_rules(
        sales, max_consequent=2, significance="none", redundant=True, min_count=10, top=0
    )
    sizes = {len(row["consequent"]) for row in rules.select("all").rows()}
    assert sizes == {1, 2}


def test_made_baskets_go_in_too(sales):
    baskets = sales.baskets(unit="day")
    rules = mining.association_rules(baskets)
    assert len(rules) >= 2
    with pytest.raises(em.InvalidArgument, match="give them to sales.baskets"):
        mining.association_rules(baskets, unit="order")


def test_lists_and_one_hot_frames_go_in_too():
    rng = np.random.default_rng(3)
    held = rng.random((900, 8)) < 0.25
    held[::6, :2] = True
    names = np.array([f"item {i}" for i in range(8)])
    lists = [list(names[row]) for row in held]
    rules = mining.association_rules(lists, min_count=20)
    assert {(row["antecedent"], str(row["consequent"])) for row in rules.rows()} >= {
        (("item 0",), "item 1"),
        (("item 1",), "item 0"),
    }
    pandas = pytest.importorskip("pandas")
    same = mining.association_rules(pandas.DataFrame(held, columns=names), min_count=20)
    assert list(same["excess"]) == list(rules["excess"])


def test_rules_of_itemsets_are_all_splits():
    offset = np.array([0, 1, 2, 3, 5, 7, 9, 12])
    item = np.array([0, 1, 2, 0, 1, 0, 2, 1, 2, 0, 1, 2])
    count = np.array([6, 5, 4, 4, 3, 2, 2])
    rules = mining.rules_of_itemsets(offset, item, count, 10)
    assert len(rules) == 12
    rows = {(tuple(r["antecedent"]), tuple(r["consequent"])): r for r in rules.select("all").rows()}
    assert rows[(1, 2), (0,)]["confidence"] == 1
    assert rows[(0,), (1, 2)]["confidence"] == pytest.approx(1 / 3)
    one = mining.rules_of_itemsets(offset, item, count, 10, max_consequent=1, min_confidence=0.6)
    assert len(one) == 5
    with pytest.raises(em.InvalidArgument, match=r"not its part \{0\}"):
        mining.rules_of_itemsets([0, 2], [0, 1], [2], 10)


def test_out_into_every_frame(sales):
    rules = mining.association_rules(sales)
    pandas = pytest.importorskip("pandas")
    frame = rules.to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert "Pasta" in {*frame["antecedent_name"].iloc[0], frame["consequent_name"].iloc[0]}
    polars = pytest.importorskip("polars")
    assert rules.to_polars()["antecedent_name"].dtype.base_type() == polars.List
    pyarrow = pytest.importorskip("pyarrow")
    assert pyarrow.types.is_list(rules.to_arrow().schema.field("antecedent_name").type) or (
        pyarrow.types.is_large_list(rules.to_arrow().schema.field("antecedent_name").type)
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"min_count": 5, "min_support": 0.1}, "both min_count and min_support are given"),
        ({"max_items": 1}, "max_items is 1; write 2 to 16"),
        ({"max_consequent": 2}, "consequents of several items are not tested"),
        ({"significance": "bonferroni"}, "no way to correct for many tests"),
        ({"redundant": "yes"}, 'write False, True or "improvement"'),
        ({"measures": ["lfit"]}, "did you mean 'lift'"),
        ({"holdout": 2.0, "significance": "holdout"}, "holdout is 2; write the share"),
        ({"top": -1}, "top is -1"),
    ],
)
def test_bad_arguments_are_answered(sales, arguments, message):
    with pytest.raises(em.InvalidArgument, match=message):
        mining.association_rules(sales, **arguments)


def test_an_unknown_item_is_answered_with_the_nearest_of_all():
    lists = [["bread", "butter", "milk"]] * 3
    with pytest.raises(em.InvalidArgument, match="did you mean 'milk'"):
        mining.association_rules(lists, min_count=1, consequents=["mlk"])
    with pytest.raises(em.DataError, match="the nearest is 'milk'"):
        mining.frequent_itemsets(lists, min_count=1, must_contain="mlk")
