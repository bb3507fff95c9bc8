"""clv from Python: units, tables of any kind, messages; and lifetimes' own example, done right."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import emptor as em

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"


@pytest.fixture(scope="module")
def cdnow():
    path = SHARED / "cdnow" / "cdnow_customers_summary_with_transactions.csv"
    if not path.exists():
        pytest.skip(f"no file {path}")
    table = pd.read_csv(path)
    table.columns = ["customer", "frequency", "recency", "T", "monetary_value"]
    return table


@pytest.fixture(scope="module")
def fits(cdnow):
    fit = em.customers.fit_purchases(cdnow, model="bgnbd", unit="weeks")
    return fit, em.customers.fit_spend(cdnow)


def test_is_purchases_times_spend(cdnow, fits):
    found = em.customers.clv(*fits, cdnow, unit="weeks", horizon="39 weeks",
                             discount="0 % a year", margin=0.4)  # fmt: skip
    purchases = em.customers.expected_purchases(fits[0], cdnow, "39 weeks", unit="weeks")
    spend = em.customers.expected_spend(fits[1], cdnow)
    product = 0.4 * purchases["expected_purchases"] * spend["expected_spend"]
    np.testing.assert_allclose(found["clv"], product, rtol=1e-9)
    assert found.columns[0] == "customer"
    assert (found["clv_low"] < found["clv"]).all() and (found["clv"] < found["clv_high"]).all()
    assert (found["value_low"] <= found["value_high"]).all()
    assert found.info["total"].low < found.info["total"].value < found.info["total"].high
    assert found.info["total"].value == pytest.approx(found["clv"].sum())


def test_the_readme_of_lifetimes_in_its_own_units(cdnow, fits):
    """36.28 for the first customer and 283.52 for the sixth: weeks as weeks, a month 4.345 of them,
    discounted at each month's end. Taken for days, as its README does, it says 140.10."""
    values = 0.0
    for month in range(1, 13):
        found = em.customers.clv(*fits, cdnow.head(6), unit="weeks", horizon=f"{month} months",
                                 discount="0 % a year", outcomes=False)  # fmt: skip
        if month == 1:
            before = np.zeros(6)
        values = values + (found["clv"] - before) / 1.01**month
        before = found["clv"]
    # 4.348 weeks a month here against 4.345 there.
    np.testing.assert_allclose(values[[0, 5]], [36.2785, 283.5237], rtol=1e-3)
    direct = em.customers.clv(*fits, cdnow.head(6), unit="weeks", discount="1 % a month",
                              outcomes=False)  # fmt: skip
    # Each purchase from its own moment, not from the month's end: half a month less discount.
    np.testing.assert_allclose(direct["clv"], values * 1.01**0.5, rtol=2e-3)


def test_days_and_weeks_give_the_same(cdnow, fits):
    days = cdnow.assign(recency=cdnow["recency"] * 7, T=cdnow["T"] * 7)
    in_days = em.customers.fit_purchases(days, model="bgnbd", unit="days")
    a = em.customers.clv(*fits, cdnow, unit="weeks", outcomes=False)
    b = em.customers.clv(in_days, fits[1], days, unit="days", outcomes=False)
    np.testing.assert_allclose(a["clv"], b["clv"], rtol=1e-5)
    mixed = em.customers.clv(fits[0], fits[1], days, unit="days", outcomes=False)
    np.testing.assert_allclose(a["clv"], mixed["clv"], rtol=1e-9)


def test_of_a_sales():
    sales = em.example()
    summary = em.customers.purchase_summary(sales)
    fit, spend = em.customers.fit_purchases(summary), em.customers.fit_spend(summary)
    found = em.customers.clv(fit, spend, summary, horizon="6 months", outcomes=False)
    assert found["customer"].tolist() == summary["customer"].tolist()
    assert found.info["horizon"] == "6 months" and found.info["discount"] == "10 % a year"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"horizon": 12}, "horizon is 12, which has no unit"),
        ({"discount": 0.1}, "discount is 0.1, which has no unit"),
        ({"discount": "10 %"}, "cannot read '10 %'"),
        ({"margin": 30}, "margin is 30; write the share of spend that is gain"),
        ({"unit": None}, 'say what recency and T are counted in: unit="weeks"'),
        ({"horizon": "a year"}, "horizon"),
    ],
)
def test_what_is_wrong_is_said(cdnow, fits, arguments, message):
    with pytest.raises(em.InvalidArgument) as caught:
        em.customers.clv(*fits, cdnow, **{"unit": "weeks", **arguments})
    assert message in str(caught.value)


def test_fits_cannot_be_swapped(cdnow, fits):
    with pytest.raises(em.InvalidArgument, match="fit must be a PurchaseFit, got SpendFit"):
        em.customers.clv(fits[1], fits[0], cdnow)
    with pytest.raises(em.InvalidArgument, match="spend must be a SpendFit, got PurchaseFit"):
        em.customers.clv(fits[0], fits[0], cdnow)
