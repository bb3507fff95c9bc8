"""emptor.compat.mlxtend against values mlxtend 0.25.0 gave, and against counting by hand."""

import itertools

import numpy as np
import pandas as pd
import pytest

from emptor.compat.mlxtend import apriori, association_rules, fpgrowth, fpmax, hmine

# The frame of mlxtend's user guide.
BASKETS = [
    ["Milk", "Onion", "Nutmeg", "Kidney Beans", "Eggs", "Yogurt"],
    ["Dill", "Onion", "Nutmeg", "Kidney Beans", "Eggs", "Yogurt"],
    ["Milk", "Apple", "Kidney Beans", "Eggs"],
    ["Milk", "Unicorn", "Corn", "Kidney Beans", "Yogurt"],
    ["Corn", "Onion", "Onion", "Kidney Beans", "Ice cream", "Eggs"],
]
ITEMS = sorted(set(itertools.chain(*BASKETS)))
FRAME = pd.DataFrame([[item in basket for item in ITEMS] for basket in BASKETS], columns=ITEMS)


def as_dict(frame):
    return dict(zip(frame["itemsets"], frame["support"], strict=True))


def test_user_guide():
    found = fpgrowth(FRAME, min_support=0.6, use_colnames=True)
    assert list(found.columns) == ["support", "itemsets"]
    assert as_dict(found) == {
        frozenset(items): share
        for share, *items in [
            (0.8, "Eggs"), (1.0, "Kidney Beans"), (0.6, "Milk"), (0.6, "Onion"), (0.6, "Yogurt"),
            (0.8, "Kidney Beans", "Eggs"), (0.6, "Onion", "Eggs"), (0.6, "Kidney Beans", "Milk"),
            (0.6, "Kidney Beans", "Onion"), (0.6, "Kidney Beans", "Yogurt"),
            (0.6, "Kidney Beans", "Onion", "Eggs"),
        ]
    }  # fmt: skip
    assert as_dict(fpmax(FRAME, min_support=0.6, use_colnames=True)) == {
        frozenset(items): 0.6
        for items in (("Kidney Beans", "Milk"), ("Kidney Beans", "Yogurt"),
                      ("Kidney Beans", "Onion", "Eggs"))
    }  # fmt: skip


def test_rows_come_by_size_and_column_and_items_by_place():
    found = apriori(FRAME, min_support=0.6)
    assert list(found["itemsets"].map(sorted)) == [
        [3], [5], [6], [8], [10], [3, 5], [3, 8], [5, 6], [5, 8], [5, 10], [3, 5, 8]
    ]  # fmt: skip
    assert all(isinstance(i, int) for i in found["itemsets"][0])


@pytest.mark.parametrize("mine", [apriori, fpgrowth, hmine])
def test_all_three_count_every_set(mine):
    random = np.random.default_rng(3)
    for _ in range(20):
        held = pd.DataFrame(random.random((30, 6)) < 0.4)
        least = random.choice([0.05, 0.1, 0.3, 1.0])
        longest = random.choice([1, 2, 6])
        expected = {}
        for size in range(1, longest + 1):
            for items in itertools.combinations(range(6), size):
                share = held[list(items)].all(axis=1).sum() / 30
                if share >= least:
                    expected[frozenset(items)] = share
        assert as_dict(mine(held, least, max_len=longest)) == expected


@pytest.mark.parametrize(
    "frame", [FRAME.astype(int), FRAME.astype(float), FRAME.astype(pd.SparseDtype(bool, False))]
)
def test_frames_of_other_types(frame):
    assert as_dict(fpgrowth(frame, 0.6)) == as_dict(fpgrowth(FRAME, 0.6))


def test_nothing_found_and_nothing_given():
    assert list(fpgrowth(FRAME.loc[:, ["Apple"]], 0.9).columns) == ["support", "itemsets"]
    assert len(fpgrowth(FRAME.iloc[:0], 0.5)) == 0


def test_null_values_count_only_rows_where_they_are_known():
    frame = FRAME.astype(float)
    frame.loc[0, "Milk"] = np.nan
    frame.loc[4, "Eggs"] = np.nan
    found = as_dict(fpgrowth(frame, 0.5, null_values=True, use_colnames=True))
    assert found[frozenset(["Eggs"])] == 3 / 4
    assert found[frozenset(["Milk"])] == 2 / 4
    assert found[frozenset(["Kidney Beans", "Eggs"])] == 3 / 4
    with pytest.raises(ValueError, match="NaN values are not permitted in the DataFrame when"):
        fpgrowth(frame, 0.5)


def test_rules_of_the_user_guide():
    sets = fpgrowth(FRAME, min_support=0.6, use_colnames=True)
    rules = association_rules(sets, metric="lift", min_threshold=1.2)
    assert list(rules.columns) == [
        "antecedents", "consequents", "antecedent support", "consequent support", "support",
        "confidence", "lift", "representativity", "leverage", "conviction", "zhangs_metric",
        "jaccard", "certainty", "kulczynski",
    ]  # fmt: skip
    assert len(rules) == 6 and np.allclose(rules["lift"], 1.25)
    one = rules[rules["antecedents"] == frozenset(["Onion"])]
    one = one[one["consequents"] == frozenset(["Eggs"])].iloc[0]
    # mlxtend 0.25.0
    expected = {"antecedent support": 0.6, "consequent support": 0.8, "support": 0.6,
                "confidence": 1.0, "lift": 1.25, "representativity": 1.0, "leverage": 0.12,
                "conviction": np.inf, "zhangs_metric": 0.5, "jaccard": 0.75, "certainty": 1.0,
                "kulczynski": 0.875}  # fmt: skip
    for name, value in expected.items():
        assert one[name] == pytest.approx(value, rel=1e-12), name


def test_rules_by_support_alone_and_chosen_measures():
    sets = fpgrowth(FRAME, min_support=0.6, use_colnames=True)
    pairs = sets[sets["itemsets"].map(len) == 2]
    with pytest.raises(KeyError, match="its support is not known"):
        association_rules(pairs)
    rules = association_rules(pairs, support_only=True, min_threshold=0.7)
    assert rules["support"].tolist() == [0.8, 0.8] and rules["lift"].isna().all()
    few = association_rules(sets, return_metrics=["lift", "support"])
    assert list(few.columns) == ["antecedents", "consequents", "lift", "support"]
    assert len(association_rules(sets, metric="lift", min_threshold=99)) == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fpgrowth(FRAME, 0), r"interval `\(0, 1\]`. Got 0"),
        (lambda: fpgrowth(FRAME, 1.5), r"interval `\(0, 1\]`. Got 1.5"),
        (lambda: fpgrowth(FRAME.astype(int) * 2, 0.5), "Found value 2"),
        (lambda: association_rules(pd.DataFrame()), "is empty"),
        (lambda: association_rules(pd.DataFrame({"a": [1]})), "columns 'support' and 'itemsets'"),
        (lambda: association_rules(fpgrowth(FRAME, 0.6), metric="best"), "got 'best'"),
    ],
)
def test_what_mlxtend_refuses_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
