"""Sequences of baskets: Sales, lists or frames in, a Frame with list columns out."""

import datetime

import numpy as np
import pytest

import emptor as em
from emptor import mining

LISTS = [
    ["tea", "milk", "sugar"],
    ["tea", "sugar", "milk"],
    ["milk", "tea", "milk", "sugar"],
]


@pytest.fixture(scope="module")
def sales():
    return em.example()


def counts(frame):
    return dict(zip(frame["sequence"].tolist(), frame["count"].tolist(), strict=True))


def test_sales_in_a_table_people_read_out(sales):
    found = mining.sequences(sales)
    assert len(found) > 10
    assert found.columns[:2] == ["sequence", "count"]
    assert found.info["max_gap"] == "30 days"
    assert found.info["max_span"] == "6 months"
    assert np.all(np.diff(found["count"]) <= 0)
    assert np.all(found["support_low"] < found["support"])
    rows = found.select("all").rows()
    for row in rows:
        assert row["length"] >= 2
        assert len(row["items"]) == len(row["element"])
        assert max(row["element"]) == row["length"]
        assert len(row["gap_days"]) == row["length"] - 1
        assert row["days_25"] <= row["median_days"] <= row["days_75"]
        assert all(0 < days <= 31 for days in row["gap_days"])


def test_options_decide(sales):
    everything = mining.sequences(sales, max_gap=None, max_span=None, max_length=2, top=0)
    held = mining.sequences(sales, max_gap="30 days", max_length=2, top=0)
    assert set(counts(held)) <= set(counts(everything))
    assert all(counts(everything)[name] >= n for name, n in counts(held).items())
    assert len(mining.sequences(sales, top=3)) == 3
    assert mining.sequences(sales, top=3).info["truncated"]
    closed = mining.sequences(sales, kind="closed", top=0)
    maximal = mining.sequences(sales, kind="maximal", top=0)
    every = mining.sequences(sales, top=0)
    assert set(counts(maximal)) <= set(counts(closed)) <= set(counts(every))
    with_descaler = mining.sequences(sales, must_contain=["Descaler"], top=0)
    assert len(with_descaler)
    assert all("Descaler" in name for name in counts(with_descaler))
    without = mining.sequences(sales, exclude=["Descaler"], top=0)
    assert not any("Descaler" in name for name in counts(without))
    assert mining.sequences(sales, item="department").info["item"] == "department"
    once = mining.sequences(sales, repeats=False, top=0)
    assert all(len(set(items)) == len(items) for items in once["items"])


def test_any_number_of_threads_gives_the_same_bits(sales):
    one, three = (mining.sequences(sales, threads=n) for n in (1, 3))
    assert counts(one) == counts(three)
    assert one["median_days"].tobytes() == three["median_days"].tobytes()


def test_sees_nothing_after_the_moment(sales):
    early = mining.sequences(sales.as_of("2023-06-30"), min_count=5)
    assert early.info["n_visits"] < mining.sequences(sales).info["n_visits"]


def test_lists_of_items():
    found = mining.sequences_in(LISTS, min_count=2)
    assert counts(found) == {
        "milk": 3, "sugar": 3, "tea": 3, "tea > milk": 3, "tea > sugar": 3, "milk > sugar": 2,
        "tea > milk > sugar": 2,
    }  # fmt: skip
    assert "median_days" not in found.all_columns
    assert found["items"][list(counts(found)).index("tea > milk > sugar")] == (
        "tea", "milk", "sugar",
    )  # fmt: skip


def test_places_count_where_there_are_no_times():
    neighbours = mining.sequences_in(LISTS, min_count=1, max_gap=1, min_length=2)
    assert counts(neighbours)["tea > milk"] == 2
    assert counts(mining.sequences_in(LISTS, min_count=1))["tea > milk"] == 3


def test_numbers_times_and_elements_of_several_items():
    found = mining.sequences_in(
        [[(5, [3, 1]), (1, 2)], [(1, 2), (9, {1, 3})]], min_count=2, days=True
    )
    assert counts(found)["2 > 1 + 3"] == 2
    (row,) = found.filter(found["sequence"] == "2 > 1 + 3").select("all").rows()
    assert row["median_days"] == 6
    assert row["items"] == (2, 1, 3)
    assert row["element"] == (1, 2, 2)
    early = mining.sequences_in(
        [[(5, [3, 1]), (1, 2)], [(1, 2), (9, {1, 3})]], min_count=1, max_gap=4
    )
    assert counts(early)["2 > 1 + 3"] == 1


def test_dates_are_days():
    date = datetime.date
    events = [[(date(2023, 1, 31), "a"), (date(2023, 2, 28), "b")]] * 2
    assert "a > b" in counts(mining.sequences_in(events, min_count=2, max_gap="1 month"))
    assert "a > b" not in counts(mining.sequences_in(events, min_count=2, max_gap=27))


def test_frames_of_events_equal_the_lists():
    rows = [(c, t, item) for c, row in enumerate(LISTS) for t, item in enumerate(row)]
    rows = [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]
    frame = {
        "session": [f"s{c}" for c, _, _ in rows],
        "time": np.array([t for _, t, _ in rows]),
        "item": [item for _, _, item in rows],
    }
    found = mining.sequences_in(frame, columns={"customer": "session"}, min_count=2, max_gap=1)
    assert counts(found) == counts(mining.sequences_in(LISTS, min_count=2, max_gap=1))
    pandas = pytest.importorskip("pandas")
    again = mining.sequences_in(
        pandas.DataFrame(frame), columns={"customer": "session"}, min_count=2, max_gap=1
    )
    assert counts(again) == counts(found)


def test_nothing_in_nothing_out():
    assert len(mining.sequences_in([])) == 0
    assert len(mining.sequences_in([[], []])) == 0
    assert len(mining.sequences_in({"customer": [], "time": np.array([], int), "item": []})) == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_gap": "soon"}, "max_gap: 'soon' is not a length of time"),
        ({"kind": "close"}, 'sequences: kind \'close\' is not known; write "all", "closed"'),
        ({"min_count": 0}, "sequences: min_count must be at least 1, got 0"),
        ({"min_count": 5, "min_support": 0.1}, "give min_count or min_support, not both"),
        ({"must_contain": ["Descalor"]}, "the nearest name is 'Descaler'"),
        ({"min_gap": "2 months"}, "min_gap (2 months) is longer than max_gap (30 days)"),
        ({"max_gaps": "2 months"}, "did you mean 'max_gap'?"),
    ],
)
def test_bad_arguments_are_answered(sales, options, message):
    with pytest.raises((em.Error, TypeError)) as error:
        mining.sequences(sales, **options)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        ("tea", {}, "data must be a list with one list of items per customer"),
        (5, {}, "data must be a list with one list of items per customer"),
        ([["tea"], 3], {}, "sequences_in: list 1, entry 0: found 3 where a list of items is due"),
        (["tea"], {}, "list 0, entry 0: found 'tea' where a list of items is due"),
        ([["tea", 3]], {}, "list 0, entry 1: found 3 among items of another type"),
        ([["tea", 2.5]], {}, "list 0, entry 1: found 2.5; an entry is an item, a list of items"),
        ([["tea", None]], {}, "found None; an entry is an item"),
        ([[("noon", "tea")]], {}, "found 'noon' as a time; write a whole number or a date"),
        ([[(1, 2, 3)]], {}, "found (1, 2, 3); an entry is an item"),
        ([[(2**40, "tea")]], {}, "as a time; whole numbers may be at most 1,073,741,823"),
        (LISTS, {"exclude": ["mylk"]}, "the nearest name is 'milk'"),
        (LISTS, {"columns": {"item": "x"}}, "columns= names the columns of a frame, not lists"),
        (LISTS, {"min_count": "two"}, "an option has the wrong type"),
        ({"customer": [1], "item": [2]}, {}, "say which one is the time: columns={'time': ...}"),
        (
            {"customer": [1], "time": ["x"], "item": [2]},
            {},
            "the times must be whole numbers or dates",
        ),
        (
            {"customer": [1, None], "time": np.array([1, 2]), "item": [2, 3]},
            {},
            "row 1 has no customer; leave out such rows first",
        ),
    ],
)
def test_bad_events_are_answered(data, options, message):
    with pytest.raises(em.Error) as error:
        mining.sequences_in(data, **options)
    assert message in str(error.value)
