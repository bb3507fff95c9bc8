"""Survival curves, quantiles, incidence and log-rank from Python: columns or a Sales in."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

import emptor as em

DURATIONS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
EVENTS = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


@pytest.fixture(scope="module")
def sales():
    return em.example()


@pytest.mark.parametrize("make", [list, np.array, pd.Series, pl.Series])
def test_columns_of_any_kind(make):
    found = em.customers.survival(make(DURATIONS), make(EVENTS))
    at = found.filter(time=10.0).row(0)
    assert at["survival"] == pytest.approx(0.752941, abs=1e-6)
    assert at["n"] == 15 and at["events"] == 1 and at["censored"] == 1
    assert found.info["events"] == 9
    assert "group" not in found.columns
    flags = em.customers.survival(make(DURATIONS), make([bool(e) for e in EVENTS]))
    assert flags["survival"].tolist() == found["survival"].tolist()


def test_lengths_of_time_are_days():
    days = np.array(DURATIONS) * np.timedelta64(24, "h")
    assert em.customers.survival(days, EVENTS)["time"][1] == 6


def test_groups_of_any_kind():
    groups = ["b", "a"] * 10 + [None]
    found = em.customers.survival_summary(DURATIONS, EVENTS, groups=groups)
    assert found["group"].tolist() == ["a", "b"]
    assert found["n"].tolist() == [10, 10]
    numbers = em.customers.survival_summary(DURATIONS, EVENTS, groups=[2.0, 1.0] * 10 + [np.nan])
    assert numbers["group"].tolist() == [1, 2]
    assert numbers["restricted_mean"].tolist() == found["restricted_mean"].tolist()
    test = em.customers.log_rank(DURATIONS, EVENTS, groups=groups)
    assert 0 < test.info["p_value"] < 1 and test.info["df"] == 1
    assert test["events"].sum() == pytest.approx(test["expected"].sum())


def test_quantiles():
    found = em.customers.survival_quantiles(DURATIONS, EVENTS, probabilities=[0.1, 0.5, 0.9])
    assert found["time"].tolist()[:2] == [6, 23]
    assert np.isnan(found["time"][2]) and found["status"][2] == "extrapolated"


def test_incidence_of_causes():
    causes = ["gone", "moved", None, "gone", "moved", "gone", "", "moved", "gone", None]
    found = em.customers.incidence(range(1, 11), causes)
    assert sorted(set(found["cause"].tolist())) == ["gone", "moved"]
    gone = found.filter(cause="gone")
    assert gone["incidence"][-1] == pytest.approx(0.480952, abs=1e-6)
    moved = found.filter(cause="moved")
    left = em.customers.survival(range(1, 11), [c not in (None, "") for c in causes])
    total = gone["incidence"] + moved["incidence"] + left["survival"]
    np.testing.assert_allclose(total, 1, atol=1e-12)
    numbered = em.customers.incidence(range(1, 11), [1, 2, 0, 1, 2, 1, 0, 2, 1, 0])
    assert numbered["incidence"].tolist() == found["incidence"].tolist()
    assert numbered["cause"].tolist()[0] == 1


def second_purchases(sales):
    """By pandas, from the lines that count: days to the second day with a purchase."""
    lines = sales.orders_clean().select("all").to_pandas()
    bad = lines[["is_return", "undone", "free", "not_goods"]].any(axis=1)
    lines = lines[lines["customer"].notna() & ~bad]
    lines["day"] = pd.to_datetime(lines["day"])
    first_day = pd.to_datetime(sales.orders_clean().select("all").to_pandas()["day"]).min()
    moment = pd.Timestamp(sales.last_day)
    rows = {}
    for customer, days in lines.groupby("customer")["day"]:
        days = sorted(set(days))
        if days[0] < first_day + pd.Timedelta(days=180):
            continue
        seen = len(days) > 1
        rows[customer] = ((days[1] if seen else moment) - days[0]).days, seen
    return rows


def test_second_purchase_of_a_sales(sales):
    expected = second_purchases(sales)
    assert len(expected) > 20
    found = em.customers.survival_durations(sales)
    rows = zip(found["customer"], found["duration"], found["event"], strict=True)
    assert {c: (d, e) for c, d, e in rows} == expected
    curve = em.customers.survival(sales)
    direct = em.customers.survival(found["duration"], found["event"])
    assert curve["survival"].tolist() == direct["survival"].tolist()
    assert curve.info["n_left_out"] == found.info["n_left_out"] > 0


def test_silence_of_a_sales(sales):
    found = em.customers.survival_durations(sales, until="inactive", inactive_after="60 days")
    seen = found.filter(found["event"])
    assert len(seen) > 0 and (seen["duration"] >= 60).all()
    # Whoever is not seen to be silent has bought in the last 60 days or came in them.
    lines = sales.orders_clean().select("all").to_pandas()
    last = pd.to_datetime(lines["day"]).groupby(lines["customer"]).max()
    open_ = found.filter(~found["event"])["customer"]
    gap = (pd.Timestamp(sales.last_day) - last.loc[open_]).dt.days
    assert (gap < 60).all()


def test_groups_of_a_sales(sales):
    by = "country" if "country" in sales.orders_clean().all_columns else "channel"
    try:
        found = em.customers.survival_summary(sales, by=by)
    except em.DataError:
        pytest.skip(f"the example has no column {by}")
    assert found["n"].sum() <= em.customers.survival(sales).info["n"]


@pytest.mark.parametrize("until", ["second_purchase", "inactive"])
def test_the_future_changes_nothing(sales, until):
    moment = "2024-09-30"
    lines = sales.orders_clean().select("all").to_pandas()
    orders = lines[["customer", "order", "product", "time", "quantity", "amount"]].copy()
    later = (pd.to_datetime(lines["day"]) > moment).to_numpy()
    changed = orders.copy()
    random = np.random.default_rng(1)
    for column in ("customer", "time", "amount"):
        changed.loc[later, column] = random.permutation(changed.loc[later, column])
    options = {"timezone": "Europe/Berlin"}
    tables = [
        em.customers.survival_durations(
            em.Sales(orders=given, **options).as_of(moment), until=until, inactive_after="45 days"
        )
        for given in (orders, changed)
    ]
    assert len(tables[0]) > 20 and tables[0]["event"].any()
    for name in tables[0].all_columns:
        assert tables[0][name].tolist() == tables[1][name].tolist()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: em.customers.survival([1, 2]), "survival: events is missing: give 1 where"),
        (lambda: em.customers.survival([1, 2], [1, 2]), "row 1 is"),
        (lambda: em.customers.survival([1, np.nan], [1, 0]), "row 1 is nan; drop it"),
        (lambda: em.customers.survival(["a", "b"], [1, 0]), "durations must hold numbers"),
        (lambda: em.customers.survival([[1.0]], [1]), "durations must have one dimension, got 2"),
        (lambda: em.customers.survival([1, 2, 3], [1, 0]), "event has 2 values and duration 3"),
        (lambda: em.customers.log_rank([1, 2], [1, 0]), "there are no groups to compare"),
        (lambda: em.customers.incidence([1], [0]), "there are no causes"),
        (lambda: em.customers.survival(em.example(), until="never"), 'until must be "second_pur'),
        (lambda: em.customers.survival(em.example(), [1]), "a Sales brings its own columns"),
        (lambda: em.customers.survival(em.example(), by="countri"), "countri"),
    ],
)
def test_what_is_wrong_is_said(call, message):
    with pytest.raises(em.Error) as caught:
        call()
    assert message in str(caught.value)


def test_threads_do_not_matter():
    random = np.random.default_rng(2)
    durations, events = random.exponential(10, 20000), random.random(20000) < 0.5
    one = em.customers.survival(durations, events, threads=1)
    two = em.customers.survival(durations, events, threads=2)
    assert one["survival_low"].tobytes() == two["survival_low"].tobytes()
