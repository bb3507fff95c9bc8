"""Rules from sets to a later purchase: Sales in, a Frame out, an answer to every bad argument."""

import numpy as np
import pytest

import emptor as em
from emptor import mining


@pytest.fixture(scope="module")
def sales():
    return em.example()


def test_finds_what_is_planted_in_the_example(sales):
    rules = mining.sequence_rules(sales, window="90 days", max_antecedent=2)
    rows = [row for row in rules.select("all").rows() if str(row["grade"]) == "proven"]
    assert ("Espresso machine", "Descaler") in {
        (row["antecedent_name"], row["consequent_name"]) for row in rows
    }
    assert len(rows) == rules.info["n_proven"]
    for row in rows:
        assert row["usual"] < row["p_within"]
        assert row["p_value"] >= row["affinity_p"]
        assert len(row["antecedent"]) in (1, 2)
        assert row["consequent"] not in row["antecedent"]
    assert rules.info["n_sets"] > 0
    assert 0.9 < rules.info["coverage"] < 1


def test_sets_of_one_item_are_bought_next(sales):
    rules = mining.sequence_rules(sales, window="90 days", max_antecedent=1, all_rules=True)
    pairs = mining.bought_next(sales, window="90 days", all_pairs=True)
    assert len(rules) == len(pairs)
    assert rules.info["n_testable"] == pairs.info["n_testable"]
    key = ["antecedent_name", "consequent_name"]
    ours = {tuple(row[k] for k in key): row for row in rules.select("all").rows()}
    for row in pairs.select("all").rows():
        rule = ours[tuple(row[k] for k in key)]
        assert rule["p_within"] == row["p_within"]
        assert rule["usual"] == row["usual"]
        assert rule["events"] == row["events"]
        assert str(rule["grade"]) == str(row["grade"])


def test_options_decide(sales):
    rules = mining.sequence_rules(
        sales, window="6 months", washout="none", completion="30 days", max_antecedent=3,
        consequents=["Descaler"], max_sets=200, redundant=True, all_rules=True, top=40,
    )  # fmt: skip
    assert set(rules["consequent_name"]) == {"Descaler"}
    assert rules.info["completion"] == "30 days"
    assert rules.info["washout"] == "0 days"
    assert rules.info["n_sets"] <= 200
    assert rules.info["sets_cut"]
    assert len(rules) == 40
    assert rules["antecedent"].sizes.max() > 1
    level = mining.sequence_rules(sales, item="department", max_antecedent=2)
    assert level.info["item"] == "department"


def test_timing_groups_and_a_check_in_time(sales):
    timing = mining.sequence_rules(
        sales, window="90 days", max_antecedent=2, evidence="timing", seed=3
    )
    info = timing.info
    assert info["evidence"] == "timing"
    assert info["timing_discoveries"] >= info["n_proven"]
    assert info["placebo_discoveries"] <= info["timing_discoveries"]
    for row in timing.select("all").rows():
        if str(row["grade"]) == "proven":
            assert row["timing_q"] <= 0.05
            assert row["odds_ratio"] > 1
    by = mining.sequence_rules(
        sales, window="90 days", by="channel", max_antecedent=2, min_antecedent=20, min_events=5
    )
    assert set(by["group"]) <= set(sales.orders_clean().select("all")["channel"])
    whole = mining.sequence_rules(sales, window="90 days", max_antecedent=2, check="0.6")
    assert whole.info["check_found"] >= whole.info["check_testable"]
    assert whole.info["check_testable"] >= whole.info["check_confirmed"]
    assert whole.info["check_ratio"].value > 1


def test_any_number_of_threads_gives_the_same_bits(sales):
    one, three = (
        mining.sequence_rules(sales, max_antecedent=2, all_rules=True, threads=n) for n in (1, 3)
    )
    assert len(one) > 20
    for name in ("excess", "p_within_low", "usual", "p_value", "part_p"):
        assert one[name].tobytes() == three[name].tobytes(), name
    assert np.array_equal(one["antecedent"].values, three["antecedent"].values)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"window": "soon"}, "window: 'soon' is not a length of time"),
        ({"completion": "soon"}, "completion: 'soon' is not a length of time"),
        ({"max_antecedent": 0}, "max_antecedent must lie between 1 and 5, got 0"),
        ({"consequents": ["Descalor"]}, "the nearest name is 'Descaler'"),
        ({"fdr": 2}, "sequence_rules: fdr must lie between 0 and 1"),
        ({"evidence": "time"}, "evidence: 'time' is not a kind of evidence"),
        ({"check": "tomorrow"}, "check: 'tomorrow'"),
        ({"check": "1.5"}, "sequence_rules: check as a share must lie between 0 and 1"),
        ({"by": "chanel"}, 'did you mean "channel"?'),
        ({"max_antecedents": 2}, "did you mean 'max_antecedent'?"),
    ],
)
def test_bad_arguments_are_answered(sales, options, message):
    with pytest.raises((em.Error, TypeError)) as error:
        mining.sequence_rules(sales, **options)
    assert message in str(error.value)
