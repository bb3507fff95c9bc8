"""P(alive) of one customer over time, and the charts of purchase models."""

from __future__ import annotations

import numpy as np
import pytest

import emptor as em


@pytest.fixture(scope="module")
def sales():
    random = np.random.default_rng(5)
    rows = {"customer": [], "date": [], "product": [], "amount": []}
    for customer in range(400):
        day, last = int(random.integers(0, 200)), 540
        while day < last:
            rows["customer"].append(customer)
            rows["date"].append(str(np.datetime64("2023-01-01") + day))
            rows["product"].append("tea")
            rows["amount"].append(3.0)
            if random.random() < 0.12:
                break
            day += 1 + int(random.exponential(25))
    rows["customer"].append(9999)
    rows["date"].append("2024-06-24")
    rows["product"].append("tea")
    rows["amount"].append(3.0)
    return em.Sales(rows)


@pytest.fixture(scope="module")
def summary(sales):
    return em.customers.purchase_summary(sales)


@pytest.fixture(scope="module")
def fit(summary):
    return em.customers.fit_purchases(summary)


def test_the_last_day_is_what_the_fit_says_of_today(sales, summary, fit):
    today = fit.p_alive(summary)["p_alive"]
    for row in (0, 17, 101):
        path = sales.customer(summary["customer"][row]).alive_history(fit)
        assert path["p_alive"][-1] == pytest.approx(today[row], rel=1e-12)
        assert len(path) == round(summary["T"][row] * 7) + 1
        assert path["purchase"].sum() == summary["frequency"][row] + 1
        assert (path["p_alive_low"] <= path["p_alive"]).all()
        assert (path["p_alive"] <= path["p_alive_high"]).all()


def test_silence_lowers_and_a_purchase_lifts(sales, summary, fit):
    row = int(np.argmax(summary["frequency"]))
    page = sales.customer(summary["customer"][row])
    path = em.customers.alive_history(fit, page.history, level=0.8)
    steps = np.diff(path["p_alive"])
    bought = path["purchase"][1:]
    assert (steps[~bought] < 0).all()
    # A quick second purchase is a sign of leaving at the first chance; later ones lift.
    assert (steps[bought] > 0).mean() > 0.8
    assert path.info["level"] == 0.8 and path.info["model"] == fit.model


def test_what_comes_later_does_not_move_it(sales, summary, fit):
    customer = summary["customer"][3]
    now = sales.customer(customer).alive_history(fit)
    then = sales.as_of("2024-01-31").customer(customer).alive_history(fit)
    assert then["p_alive"].tolist() == now["p_alive"][: len(then)].tolist()


def test_one_purchase_and_no_leaving(sales, summary, fit):
    path = sales.customer(9999).alive_history(fit)
    assert len(path) == 1 and path["purchase"].tolist() == [True]
    nbd = em.customers.fit_purchases(summary, model="nbd")
    undefined = sales.customer(9999).alive_history(nbd)
    assert np.isnan(undefined["p_alive"]).all()
    assert undefined.select("all")["status"].tolist() == ["undefined"]


def test_says_what_is_wrong(sales, summary, fit):
    history = sales.customer(9999).history
    with pytest.raises(em.InvalidArgument, match="alive_history: fit must be a PurchaseFit, got"):
        em.customers.alive_history(history, history)
    with pytest.raises(em.InvalidArgument, match="history must be a frame of customers.customer_"):
        em.customers.alive_history(fit, summary)
    returned = em.Sales(
        {"customer": [1, 1], "date": ["2024-01-01", "2024-01-02"], "product": ["tea"] * 2,
         "amount": [3.0, -3.0], "quantity": [1, -1]}
    )  # fmt: skip
    with pytest.raises(em.InvalidArgument, match="the customer bought nothing that was kept"):
        returned.customer(1).alive_history(fit)


def test_charts(sales, summary, fit):
    pytest.importorskip("altair")
    path = sales.customer(summary["customer"][0]).alive_history(fit)
    svg = em.charts.svg(em.charts.alive_history(path))
    assert svg.startswith("<svg") and "still buys" in svg
    both = [
        em.charts.frequency_recency(fit, summary),
        em.charts.frequency_recency(fit, summary, measure="expected_purchases", horizon="1 year"),
    ]
    texts = [em.charts.svg(chart) for chart in both]
    assert "still buys" in texts[0] and "expected purchases in 1 year" in texts[1]
    cells = both[0].to_dict()["layer"][0]["data"]["values"]
    # Of those who bought ten times, who bought last is likelier still to buy.
    column = [cell["value"] for cell in cells if cell["frequency"] == 10]
    assert len(column) == 40 and column == sorted(column)
    nbd = em.customers.fit_purchases(summary, model="nbd")
    with pytest.raises(em.InvalidArgument, match='under "nbd" nobody is seen to leave'):
        em.charts.frequency_recency(nbd, summary)
    with pytest.raises(em.InvalidArgument, match='under "nbd" nobody is seen to leave'):
        em.charts.alive_history(sales.customer(9999).alive_history(nbd))
    with pytest.raises(em.InvalidArgument, match='measure must be "p_alive" or "expected_purchas'):
        em.charts.frequency_recency(fit, summary, measure="clv")
    once = summary.filter(summary["frequency"] == 0)
    with pytest.raises(em.InvalidArgument, match="nobody of the summary bought twice"):
        em.charts.frequency_recency(fit, once)
