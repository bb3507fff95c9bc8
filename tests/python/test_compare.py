"""Two runs of a list: what joined, left and moved."""

from __future__ import annotations

import numpy as np
import pytest

import emptor as em


def run(ids, scores, *, low=None, high=None, words=None):
    columns = {"customer": ids, "score": np.array(scores, float)}
    if low is not None:
        columns |= {"score_low": np.array(low, float), "score_high": np.array(high, float)}
    frame = em.Frame(columns)
    return frame if words is None else frame.with_column("reason", words)


def as_told(frame):
    return list(zip(frame["customer"].tolist(), frame["change"].tolist(), strict=True))


def test_joined_left_moved_and_stayed_by_the_old_interval():
    old = run(["a", "b", "c"], [1, 2, 3], low=[0, 1, 2], high=[2, 3, 4])
    new = run(["b", "d", "a"], [2.9, 7, 2.1], low=[1, 6, 1], high=[4, 8, 3])
    found = em.compare(old, new, key="customer")
    assert as_told(found) == [("d", "joined"), ("c", "left"), ("a", "moved"), ("b", "stayed")]
    assert found["why"].tolist() == ["score 7 (6 to 8)", "score 3 (2 to 4)", "score 1 → 2.1", None]
    assert found["rank_old"].tolist() == [None, 3, 1, 2]
    assert found["rank_new"].tolist() == [2, None, 3, 1]
    assert found.info == {"n_joined": 1, "n_left": 1, "n_moved": 1, "n_stayed": 1}
    np.testing.assert_array_equal(found["score_old"], [np.nan, 3, 1, 2])
    np.testing.assert_array_equal(found["score_new"], [7, np.nan, 2.1, 2.9])


def test_without_words_and_intervals_a_number_that_differs_moved():
    found = em.compare(run([1, 2], [1, 2]), run([1, 2], [1, 5]), key="customer")
    assert found["change"].tolist() == ["moved", "stayed"]
    assert found["why"].tolist() == ["score 2 → 5", None]


def test_a_list_tells_who_joined_in_its_own_words():
    old = run(["a"], [1], words=["3 orders before"])
    new = run(["a", "b"], [1, 2], words=["3 orders before", "9 orders before; none came"])
    found = em.compare(old, new, key="customer")
    assert found["why"].tolist() == ["9 orders before; none came", None]


def test_with_itself_everything_stayed_and_the_two_ways_mirror():
    sales = em.example()
    before = sales.as_of("2024-10-01")
    for make in (
        em.customers.declining,
        em.customers.rfm,
        em.mining.bought_next,
        em.mining.bought_together,
        em.mining.association_rules,
        em.mining.sequences,
    ):
        old, new = make(before), make(sales)
        same = em.compare(new, new)
        assert set(same["change"].tolist()) <= {"stayed"}, make
        there, back = em.compare(old, new).info, em.compare(new, old).info
        assert there["n_joined"] == back["n_left"]
        assert there["n_left"] == back["n_joined"]
        assert there["n_joined"] + there["n_moved"] + there["n_stayed"] == len(new)


def test_a_grade_that_changed_is_why():
    sales = em.example()
    old, new = (em.customers.rfm(s) for s in (sales.as_of("2024-10-01"), sales))
    moved = em.compare(old, new).filter(change="moved")
    segments = dict(zip(old["customer"].tolist(), old["segment"].tolist(), strict=True))
    assert len(moved) > 0
    for row in moved.rows():
        assert row["why"].startswith(f"segment {segments[row['customer']]} → ")


def test_forecasts_are_matched_by_their_days():
    series = em.example().series(period="week")
    forecasts = [em.forecasting.forecast(part, horizon=4) for part in (series[:-2], series)]
    found = em.compare(*forecasts)
    assert found.info["n_joined"] == found.info["n_left"] > 0
    assert found["start"].dtype == np.dtype("datetime64[D]")


def test_saved_runs_compare_like_fresh_ones(tmp_path):
    sales = em.example()
    old, new = (em.customers.declining(s) for s in (sales.as_of("2024-10-01"), sales))
    old.save(tmp_path / "old.emptor")
    fresh, loaded = em.compare(old, new), em.compare(em.load(tmp_path / "old.emptor"), new)
    assert fresh.to_csv() == loaded.to_csv()


def test_bad_input_is_told():
    a = run(["a", "b"], [1, 2])
    with pytest.raises(em.InvalidArgument, match="compare: new must be a Frame, .* not list"):
        em.compare(a, [1])
    with pytest.raises(em.InvalidArgument, match="no column of ids in common; .* key='customer'"):
        em.compare(a, a)
    with pytest.raises(em.InvalidArgument, match="key 'custmer' is no column of old; did you mean"):
        em.compare(a, a, key="custmer")
    with pytest.raises(em.InvalidArgument, match="key is empty"):
        em.compare(a, a, key=[])
    twice = run(["a", "a"], [1, 2])
    with pytest.raises(em.InvalidArgument, match="rows 1 and 2 of new have the same customer"):
        em.compare(a, twice, key="customer")
