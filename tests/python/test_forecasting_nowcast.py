"""The period that has begun: what it will hold at its end."""

import datetime

import numpy as np
import pytest

import emptor as em


@pytest.fixture(scope="module")
def sales():
    return em.example().as_of("2024-10-17")


def test_a_month_that_has_begun(sales):
    days = sales.series(period="day", value="amount")
    now = em.forecasting.nowcast(days)
    row = now.select("all").row(0)
    assert str(row["start"])[:10] == "2024-10-01" and str(row["end"])[:10] == "2024-10-31"
    assert (row["days"], row["days_left"]) == (31, 14)
    known = np.array(days["y"])[-17:].sum()
    assert np.isclose(row["so_far"], known)
    assert row["total_low_95"] <= row["total_low_80"] <= row["total"] <= row["total_high_80"]
    assert row["total_low_95"] >= known
    months = sales.series(period="month", value="amount")
    assert np.isclose(row["before"], months["y"][-2])
    assert now.info["period"] == "month" and row["status"] == "ok"


def test_every_kind_of_table_gives_the_same(sales):
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    frame = sales.series(period="day", value="amount", by="department")
    names = frame["department"]
    table = {
        "unique_id": [names[i] for i in range(len(names))],
        "ds": frame["start"].astype("datetime64[D]"),
        "y": np.array(frame["y"]),
    }
    own = em.forecasting.nowcast(frame, period="quarter", level=0.9)
    for kind in (table, pandas.DataFrame(table), polars.DataFrame(table)):
        other = em.forecasting.nowcast(kind, period="quarter", level=0.9)
        assert np.allclose(own["total"], other["total"])
        assert np.allclose(own["total_low"], other["total_low"])
    assert own.columns[0] == "department" and other.columns[0] == "unique_id"


def test_nothing_of_later_moves_it(sales):
    whole = em.example()
    assert np.array_equal(
        em.forecasting.nowcast(sales.series(period="day"))["total"],
        em.forecasting.nowcast(whole.as_of("2024-10-17").series(period="day"))["total"],
    )


def test_what_cannot_be_answered_is_told(sales):
    with pytest.raises(em.InvalidArgument, match="^nowcast: the series must be of days"):
        em.forecasting.nowcast(sales.series(period="week"))
    with pytest.raises(em.InvalidArgument, match="^nowcast: the series must be of days"):
        em.forecasting.nowcast([1.0, 2.0, 3.0])
    with pytest.raises(em.InvalidArgument, match="is not a period"):
        em.forecasting.nowcast(sales.series(period="day"), period="fortnight")


def test_the_report_says_how_the_month_goes(sales):
    pytest.importorskip("altair")
    pytest.importorskip("vl_convert")
    from emptor import _sections
    from emptor.report import gather

    found = gather(sales)
    text = _sections.changed(sales, found)["text"]
    assert "October 2024 so far:" in text and "in 8 of 10 cases" in text
    assert datetime.date(2024, 10, 17) == sales.last_day
