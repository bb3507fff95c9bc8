"""Every analysis on every odd shop: it answers, or says in a sentence why it cannot."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import emptor as em


def shop(n, *, customer=None, product=None, day=None, quantity=1, price=2.5, order=None):
    """n order lines; what is a function gives the value of line i."""

    def column(value, otherwise):
        value = otherwise if value is None else value
        return [value(i) if callable(value) else value for i in range(n)]

    first = np.datetime64("2024-01-01")
    return {
        "order_id": column(order, lambda i: i),
        "customer_id": column(customer, lambda i: i % 5),
        "product": column(product, lambda i: f"p{i % 4}"),
        "date": [str(first + d) for d in column(day, lambda i: i)],
        "quantity": column(quantity, 1),
        "unit_price": column(price, 2.5),
    }


SHOPS = {
    "one line": shop(1),
    "two lines": shop(2),
    "one customer": shop(60, customer=1),
    "one product": shop(60, product="tea"),
    "one day": shop(60, day=0),
    "one order": shop(30, customer=1, day=0, order=1),
    "returns only": shop(30, quantity=-1),
    "nothing costs": shop(60, price=0.0),
    "all given back": shop(
        60,
        quantity=lambda i: 1 - 2 * (i % 2),
        product=lambda i: f"p{i // 2 % 4}",
        customer=lambda i: i // 2 % 5,
    ),
    "thousand millions": shop(60, price=1e9),
    "hundredths of cents": shop(60, price=0.0001),
    "no customers": shop(60, customer=lambda i: None),
    "eight years apart": shop(40, day=lambda i: 0 if i < 20 else 3000),
    "everybody once": shop(400, customer=lambda i: i, day=lambda i: i % 200),
    "like clockwork": shop(500, customer=lambda i: i % 10, day=lambda i: i // 2),
}


def analyses(sales):
    for module in (em.metrics, em.mining, em.customers):
        for name in module.__all__:
            function = getattr(module, name)
            if inspect.isclass(function) or name == "explain":
                continue
            needed = [
                p
                for p in inspect.signature(function).parameters.values()
                if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD
            ] if not inspect.isbuiltin(function) else [None]  # fmt: skip
            if len(needed) == 1:
                yield name, lambda function=function: function(sales)
    for period in ("day", "week", "month", "year from April"):
        series = sales.series(period=period)
        for name in ("forecast", "forecast_total", "ets", "backtest", "stl"):
            function = getattr(em.forecasting, name)
            yield f"{name} {period}", lambda f=function, series=series: f(series)
    yield "nowcast", lambda: em.forecasting.nowcast(sales.series(period="day"))
    yield "quality", sales.quality
    yield "customer", lambda: repr(sales.customer(sales.orders_clean()["customer"][0]))


@pytest.mark.parametrize("name", SHOPS)
@pytest.mark.filterwarnings("error")
def test_it_answers_or_says_why_not(name, tmp_path):
    sales = em.Sales(orders=SHOPS[name])
    answered = 0
    for _, analysis in analyses(sales):
        try:
            found = analysis()
        except (em.DataError, em.InvalidArgument) as told:
            assert len(str(told)) > 20
            continue
        answered += 1
        if isinstance(found, em.Frame):
            assert repr(found) and found._repr_html_()
            found.to_csv(tmp_path / "frame.csv")
    assert answered > 10
    assert repr(sales) and sales._repr_html_()


@pytest.mark.parametrize("name", SHOPS)
def test_the_report_can_be_made_of_it(name):
    pytest.importorskip("altair")
    pytest.importorskip("vl_convert")
    page = em.Sales(orders=SHOPS[name]).report()
    assert 'id="method"' in page
