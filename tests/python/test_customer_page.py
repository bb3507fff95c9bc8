"""One customer's page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import emptor as em

RETAIL = Path(__file__).parents[3] / "shared/data/online_retail/online_retail.csv"


def test_the_page_of_an_example_customer():
    sales = em.example()
    frame = em.customers.rfm(sales)
    row = frame.select("all").filter(frequency=lambda f: f > 5).row(0)
    page = sales.customer(row["customer"])
    assert page.info["purchases"] == row["frequency"] == page.history["purchase"].sum()
    assert page.info["days_since"] == row["recency_days"]
    assert page.info["usual_gap_days"] == row["usual_gap_days"]
    assert page.scores["rfm"]["segment"] == row["segment"]
    assert page.scores["declining"]["customer"] == row["customer"]
    assert page.products["days"][0] == page.products["days"].max()
    text = repr(page)
    assert text.startswith(f"Customer {row['name']}")
    assert "days apart; the last one" in text
    assert "<table" in page._repr_html_()


def test_names_with_markup_stay_text():
    sales = em.Sales(
        {"customer": ["<b>x</b>"], "date": ["2024-01-01"], "product": ["tea"], "amount": [3.0]}
    )
    page = sales.customer("<b>x</b>")
    assert "<b>x</b>" not in page._repr_html_()
    assert "1 day with a purchase" in repr(page)
    assert "declining" not in page.scores


def test_by_number_and_by_text_are_the_same():
    sales = em.Sales(
        {"customer": [7, 8], "date": ["2024-01-01"] * 2, "product": ["tea"] * 2, "amount": [3.0, 4]}
    )
    assert repr(sales.customer(7)) == repr(sales.customer("7"))
    with pytest.raises(em.InvalidArgument, match="no customer '9'; there are 2, from 7 to 8"):
        sales.customer(9)
    with pytest.raises(em.InvalidArgument, match="customer"):
        sales.customer(None)


def test_the_timeline_is_a_chart():
    pytest.importorskip("altair")
    sales = em.example()
    page = sales.customer(em.customers.rfm(sales)["customer"][0])
    svg = em.charts.svg(page.timeline())
    assert svg.startswith("<svg") and "given back below" in svg


@pytest.mark.skipif(not RETAIL.exists(), reason=f"{RETAIL.name} is not there")
def test_online_retail_against_pandas():
    pd = pytest.importorskip("pandas")
    sales = em.read(RETAIL)
    lines = sales.orders_clean().select("all").to_pandas()
    lines = lines[lines["customer"].notna()]
    net = lines.groupby(["customer", "day"])["amount"].sum()
    for customer in np.unique(lines["customer"])[::97]:
        history = sales.customer(int(customer)).history
        mine = pd.Series(history["amount"], history["day"].astype("datetime64[s]"))
        np.testing.assert_allclose(mine.to_numpy(), net[customer].to_numpy(), atol=1e-6)
        assert (mine.index == net[customer].index).all()


def test_the_page_says_what_speaks_for_a_fall():
    pytest.importorskip("altair")
    sales = em.example()
    listed = em.customers.declining(sales).select("all")
    dated = listed.filter(~np.isnat(listed["change_date"])).row(0)
    page = sales.customer(dated["customer"])
    assert dated["reason"] in repr(page)
    assert "of 100 such customers" in repr(page)
    svg = em.charts.svg(page.timeline())
    assert "fell about here" in svg and ">window<" in svg
    plain = em.charts.svg(em.charts.customer_timeline(page.history))
    assert "fell about here" not in plain
