"""What lies after the moment changes nothing: every analysis that takes a Sales, returns included."""

import inspect

import numpy as np
import pytest

import emptor as em

MOMENT = "2024-03-31"

#: What an analysis cannot do without.
NEEDED = {
    "customer_history": {"customer": 1001},
    "customer_products": {"customer": 1001},
    "evaluate_actions": None,  # is about what came after a list of actions
    "evaluate_next_basket": {"min_visits": 2},
    "substitutes": {"min_customers": 5},
}


def analyses():
    """Every public function whose first parameter is a Sales or what holds baskets, by name."""
    found = {}
    for module in (em.metrics, em.mining, em.customers, em.forecasting):
        for name in module.__all__:
            function = getattr(module, name)
            if not callable(function) or isinstance(function, type):
                continue
            parameters = list(inspect.signature(function).parameters.values())
            if parameters and parameters[0].name in ("sales", "baskets"):
                found[f"{module.__name__.rpartition('.')[2]}.{name}"] = function
    return found


def tables(orders):
    return {
        "customers": em.example("customers"),
        "products": em.example("products"),
        "orders": orders,
        "currency": "EUR",
    }


@pytest.fixture(scope="module")
def sales():
    """The example as of a moment, and the same with everything after it permuted."""
    orders = em.example("orders")
    order = np.argsort(orders["date"], kind="stable")
    columns = {name: np.asarray(orders[name])[order] for name in orders.select("all").columns}
    later = columns["date"] > np.datetime64(MOMENT)
    assert 0.3 < later.mean() < 0.7
    assert (columns["quantity"][later] < 0).any()
    random = np.random.default_rng(3)
    permuted = {}
    for name, column in columns.items():
        permuted[name] = column.copy()
        permuted[name][later] = random.permutation(column[later])
    return tuple(em.Sales(**tables(o)).as_of(MOMENT) for o in (columns, permuted))


def everything(result):
    """A result as plain values that can be compared, missing ones included."""
    if hasattr(result, "select") and hasattr(result, "info"):
        full = result.select("all")
        return repr({name: np.asarray(full[name]).tolist() for name in full.columns}) + repr(
            dict(full.info)
        )
    if hasattr(result, "info"):
        return repr(dict(result.info))
    return repr(result)


@pytest.mark.parametrize("name", sorted(analyses()))
def test_what_lies_after_the_moment_changes_nothing(sales, name):
    function = analyses()[name]
    options = NEEDED.get(name.rpartition(".")[2], {})
    if options is None:
        pytest.skip("looks at what came after")
    before, after = (everything(function(one, **options)) for one in sales)
    assert len(before) > 20
    assert before == after


@pytest.mark.parametrize("model", ["auto", "ets", "seasonal_naive"])
def test_neither_does_it_for_forecasts(sales, model):
    first, second = (
        everything(em.forecasting.forecast(one.series(period="week", by="channel"), model=model))
        for one in sales
    )
    assert first == second


@pytest.mark.parametrize("what", ["orders_clean", "quality", "baskets", "series", "customer"])
def test_neither_does_it_for_what_a_sales_tells_of_itself(sales, what):
    first, second = sales
    call = {"customer": lambda s: s.customer(1001), "baskets": lambda s: s.baskets().item_names}
    told = call.get(what, lambda s: getattr(s, what)())
    assert everything(told(first)) == everything(told(second))
    assert repr(first) == repr(second)
