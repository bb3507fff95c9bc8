"""retention and nps from Python: against pandas, triangles, the chart, messages."""

import numpy as np
import pandas as pd
import pytest

import emptor as em


@pytest.fixture(scope="module")
def sales():
    return em.example()


@pytest.fixture(scope="module")
def found(sales):
    return em.customers.retention(sales, new_after="30 days")


def with_pandas(sales, first_month):
    """Customers and shares active by cohort and months after, from the lines that count."""
    lines = sales.orders_clean().select("all").to_pandas()
    lines = lines[lines["customer"].notna()]
    bad = lines[["is_return", "undone", "free", "not_goods"]].any(axis=1)
    lines["month"] = pd.to_datetime(lines["day"]).dt.to_period("M")
    bought = lines[~bad]
    cohort = bought.groupby("customer")["month"].min().rename("cohort")
    cohort = cohort[cohort >= first_month]
    pairs = bought.drop_duplicates(["customer", "month"]).merge(cohort, on="customer")
    pairs["periods"] = (pairs["month"] - pairs["cohort"]).map(lambda d: d.n)
    money = lines.merge(cohort, on="customer")
    money["periods"] = (money["month"] - money["cohort"]).map(lambda d: d.n)
    revenue = money.groupby(["cohort", "periods"])["amount"].sum()
    return cohort.value_counts(), pairs.groupby(["cohort", "periods"]).size(), revenue


def test_equals_pandas(sales, found):
    n, active, revenue = with_pandas(sales, pd.Period("2023-02"))
    seen = 0
    for row in found.select("all").rows():
        key = (pd.Period(row["cohort"], "M"), row["periods"])
        assert row["n"] == n[key[0]]
        assert row["active"] == active.get(key, 0)
        assert row["revenue"] == pytest.approx(revenue.get(key, 0.0), abs=1e-6)
        if row["status"] != "not_enough_data":
            assert row["retained"] == pytest.approx(row["active"] / row["n"])
            seen += 1
    assert seen > 10 and found.info["n"] == n.sum()


def test_triangle(found):
    table = em.customers.retention_triangle(found)
    assert table.columns[:3] == ["cohort", "n", "0"]
    assert len(table) == found.info["n_cohorts"]
    full = table.to_dict("all")
    widths = [
        max(i for i in range(len(table.columns) - 2) if full[str(i)][r] == full[str(i)][r])
        for r in range(len(table))
        if full["0"][r] == full["0"][r]
    ]
    assert widths == sorted(widths, reverse=True)  # later cohorts are observed for less long
    so_far = em.customers.retention_triangle(found, so_far=True, measure="active")
    assert np.nansum(so_far["1"]) >= np.nansum(
        em.customers.retention_triangle(found, measure="active")["1"]
    )


def test_periods_not_over_are_marked(sales):
    inside = em.customers.retention(sales.as_of("2024-10-10"), new_after="30 days")
    cut = inside.filter(~inside["complete"])
    assert len(cut) > 0 and set(cut["status"].tolist()) <= {"extrapolated", "not_enough_data"}
    table = em.customers.retention_triangle(inside, measure="active")
    assert np.isnan(table[str(len(table.columns) - 3)]).all()


def test_chart(found):
    altair = pytest.importorskip("altair")
    for measure in ("retained", "revenue", "active"):
        chart = em.charts.retention(found, measure=measure)
        assert isinstance(chart, altair.LayerChart | altair.Chart)
        chart.to_dict()
    assert isinstance(em.charts.retention(found, width=330), altair.Chart)


def test_the_future_changes_nothing(sales):
    lines = sales.orders_clean().select("all").to_pandas()
    orders = lines[["customer", "order", "product", "time", "quantity", "amount"]].copy()
    later = (pd.to_datetime(lines["day"]) > "2024-08-31").to_numpy()
    changed = orders.copy()
    random = np.random.default_rng(1)
    for column in ("customer", "time", "amount"):
        changed.loc[later, column] = random.permutation(changed.loc[later, column])
    tables = [
        em.customers.retention(
            em.Sales(orders=given, timezone="Europe/Berlin").as_of("2024-08-31"),
            new_after="30 days",
        )
        for given in (orders, changed)
    ]
    assert len(tables[0]) > 50
    for name in tables[0].all_columns:
        assert tables[0][name].tobytes() == tables[1][name].tobytes() or (
            tables[0][name].tolist() == tables[1][name].tolist()
        )


def test_nps_by_hand():
    scores = [10] * 20 + [7] * 10 + [3] * 6
    row = em.customers.nps(scores).row(0)
    assert row["nps"] == pytest.approx(38.89, abs=5e-3)
    assert row["nps_low"] == pytest.approx(12.07, abs=5e-3)
    assert row["nps_high"] == pytest.approx(59.72, abs=5e-3)
    both = em.customers.nps(pd.Series([*scores, None]), groups=["2025"] * 36 + ["2026"])
    assert both.info["n_missing"] == 1 and both["n"].tolist() == [36, 0]


def test_nps_changes():
    quarter = ["2026-Q1"] * 60 + ["2026-Q2"] * 60
    scores = [9] * 40 + [3] * 20 + [9] * 20 + [3] * 40
    found = em.customers.nps(scores, groups=quarter, compare="previous").select("all")
    assert found["change"][1] == pytest.approx(-200 / 3)
    assert found["change_high"][1] < 0 and found["change_status"].tolist() == [
        "not_enough_data",
        "ok",
    ]
    rest = em.customers.nps(scores, groups=quarter, compare="rest")
    assert rest["change"].tolist() == pytest.approx([200 / 3, -200 / 3])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: em.customers.nps([9, 11]), "whole numbers from 0 to 10; row 1 is 11"),
        (lambda s: em.customers.nps([9, 7.5]), "row 1 is 7.5"),
        (lambda s: em.customers.nps([9], compare="last"), "found 'last'"),
        (lambda s: em.customers.nps(["a"]), "scores must hold numbers"),
        (lambda s: em.customers.retention(s, period="fortnight"), "fortnight"),
        (lambda s: em.customers.retention(s, rolling=0), "rolling must be at least 1"),
        (
            lambda s: em.customers.retention_triangle(s, measure="retaind"),
            "did you mean 'retained'",
        ),
        (lambda s: em.customers.retention_triangle(3), "give a frame of retention(sales)"),
    ],
)
def test_what_is_wrong_is_said(sales, call, message):
    with pytest.raises(em.Error) as caught:
        call(sales)
    assert message in str(caught.value)
