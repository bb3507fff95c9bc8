"""What is bought next: Sales in, a Frame out, an answer to every bad argument."""

import pytest

import emptor as em
from emptor import mining


@pytest.fixture(scope="module")
def sales():
    return em.example()


def test_finds_what_is_planted_in_the_example(sales):
    pairs = mining.bought_next(sales)
    proven = [row for row in pairs.select("all").rows() if str(row["grade"]) == "proven"]
    assert len(proven) == pairs.info["n_proven"] == 1
    (row,) = proven
    assert (row["antecedent_name"], row["consequent_name"]) == ("Espresso machine", "Descaler")
    assert row["usual"] < row["p_within_low"] < row["p_within"] < row["p_within_high"]
    assert row["excess_low"] > 0
    assert row["events"] <= row["n"] <= row["n_antecedent"]
    assert pairs.info["placebo_discoveries"] == 0
    assert pairs.info["n_testable"] + pairs.info["n_untestable"] == pairs.info["n_pairs_possible"]
    assert 0.9 < pairs.info["coverage"] < 1


def test_any_number_of_threads_gives_the_same_bits(sales):
    one = mining.bought_next(sales, all_pairs=True, threads=1)
    three = mining.bought_next(sales, all_pairs=True, threads=3)
    assert len(one) > 20
    for name in ("excess", "p_within_low", "usual", "p_value", "odds_ratio"):
        assert one[name].tobytes() == three[name].tobytes(), name


def test_options_decide(sales):
    pairs = mining.bought_next(
        sales,
        window="6 months",
        washout="none",
        consequents=["Descaler"],
        evidence="timing",
        check="0.6",
        all_pairs=True,
    )
    assert set(pairs["consequent_name"]) == {"Descaler"}
    assert pairs.info["window"] == "6 months"
    assert pairs.info["washout"] == "0 days"
    assert pairs.info["evidence"] == "timing"
    assert pairs.info["check_found"] >= pairs.info["check_testable"]
    assert len(mining.bought_next(sales, top=3)) == 3
    by = mining.bought_next(sales, by="channel", all_pairs=True, min_antecedent=20, min_events=5)
    assert set(by["group"]) <= set(sales.orders_clean().select("all")["channel"])
    level = mining.bought_next(sales, item="department", all_pairs=True)
    assert level.info["item"] == "department"


def test_one_name_need_not_be_a_list(sales):
    one = mining.bought_next(sales, antecedents="Espresso machine", consequents="Descaler")
    assert len(one) == 1
    several = mining.bought_next(sales, antecedents=["Espresso machine"], consequents=["Descaler"])
    assert one["excess"].tolist() == several["excess"].tolist()


def test_says_whether_the_data_are_long_enough_for_the_window(sales):
    info = mining.bought_next(sales).info
    assert info["window_status"] == "ok"
    assert info["n_first_purchases"] / 2 <= info["n_first_purchases_followed"]
    # Two years of data: windows and washouts of 10 months leave few followed, of a year nobody.
    long = mining.bought_next(sales, window="10 months").info
    assert long["window_status"] == "small_sample"
    assert 0 < long["n_first_purchases_followed"] < long["n_first_purchases"] / 2
    assert mining.bought_next(sales, window="1 year").info["window_status"] == "extrapolated"
    nothing = mining.bought_next(sales, window="90 days", washout="5 years").info
    assert nothing["window_status"] == "not_enough_data"


def test_the_docstring_begins_with_the_question_and_has_every_option():
    text = mining.bought_next.__doc__
    assert text.startswith("Who bought A: what do they tend to buy")
    for option in ("window", "evidence", "consequents", "by", "check"):
        assert f"\n{option}\n    " in text, option


def test_sees_nothing_after_the_moment(sales):
    early = sales.as_of("2023-12-31")
    assert mining.bought_next(early).info["last_day"] == "2023-12-31"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"window": "soon"}, "window: 'soon' is not a length of time"),
        ({"washout": "a bit"}, "washout: 'a bit' is not a length of time"),
        ({"evidence": "cause"}, "evidence: 'cause' is not a kind of evidence"),
        ({"consequents": ["Descalor"]}, "the nearest name is 'Descaler'"),
        ({"item": "departement"}, 'did you mean "department"'),
        ({"fdr": 2}, "fdr must lie between 0 and 1"),
        ({"check": "1.5"}, "check as a share must lie between 0 and 1, got 1.5"),
        ({"check": "yesterday"}, "check: 'yesterday' is not a date"),
        ({"windw": "90 days"}, "did you mean 'window'?"),
    ],
)
def test_bad_arguments_are_answered(sales, options, message):
    with pytest.raises((em.Error, TypeError)) as error:
        mining.bought_next(sales, **options)
    assert message in str(error.value)
