"""Two years of a small shop, made up, with effects planted that the analyses should find.

Planted, and nothing else that is not chance:

- who buys an espresso machine buys a descaler within 60 days in 6 of 10 cases
- who puts pasta into the basket adds tomato sauce in half of the cases
- every seventh customer nearly stops three months before the end
- November and December are half as busy again, Sundays are quiet
- 2 % of the lines are given back, a quarter of the orders pays postage, 4 % name no customer
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ._core.core import InvalidArgument
from ._names import did_you_mean

_CUSTOMERS = 400
_START = np.datetime64("2023-01-01")
_DAYS = 731
_DECLINE_DAY = _DAYS - 92

# name, department, price, how often it is picked
_PRODUCTS = (
    ("Espresso beans 1 kg", "Coffee", 18.90, 9.0),
    ("Filter coffee 500 g", "Coffee", 8.50, 7.0),
    ("Decaf beans 500 g", "Coffee", 9.90, 3.0),
    ("Cold brew can", "Coffee", 2.40, 4.0),
    ("Espresso machine", "Machines", 249.00, 0.7),
    ("Coffee grinder", "Machines", 89.00, 0.8),
    ("Milk frother", "Machines", 39.00, 1.2),
    ("Descaler", "Care", 7.90, 0.9),
    ("Cleaning brush", "Care", 5.50, 1.4),
    ("Water filter", "Care", 12.90, 2.0),
    ("English breakfast tea", "Tea", 4.20, 5.0),
    ("Green tea", "Tea", 4.80, 4.0),
    ("Peppermint tea", "Tea", 3.90, 3.0),
    ("Rooibos tea", "Tea", 4.10, 2.0),
    ("Red ceramic mug", "Kitchen", 6.50, 2.0),
    ("Blue ceramic mug", "Kitchen", 6.50, 2.0),
    ("Green ceramic mug", "Kitchen", 6.50, 1.5),
    ("Glass teapot", "Kitchen", 24.00, 0.8),
    ("Thermo bottle", "Kitchen", 19.50, 1.2),
    ("Tea strainer", "Kitchen", 3.20, 1.6),
    ("Pasta", "Pantry", 1.90, 5.0),
    ("Tomato sauce", "Pantry", 2.60, 3.0),
    ("Olive oil", "Pantry", 9.80, 3.0),
    ("Oat biscuits", "Pantry", 2.90, 6.0),
    ("Dark chocolate", "Pantry", 3.40, 7.0),
    ("Honey", "Pantry", 6.20, 2.5),
    ("Strawberry jam", "Pantry", 3.80, 3.0),
    ("Oat milk", "Pantry", 2.10, 6.0),
)
_POSTAGE = "POST"


def example(table: str | None = None) -> Any:
    """A small made-up shop: a Sales, or one of its tables as a Frame.

    ``em.example()`` is a Sales; ``em.example("orders")``, ``"customers"`` and ``"products"`` are
    the tables it is made of. The same every time, made without any file.
    """
    from .frame import Frame
    from .sales import Sales

    tables: dict[str, Any] = _tables()
    if table is None:
        return Sales(**tables, currency="EUR", timezone="Europe/Berlin")
    if table not in tables:
        raise InvalidArgument(f"example: no table '{table}'{did_you_mean(table, tables)}")
    return Frame(tables[table])


def _product(name: str) -> int:
    return [product[0] for product in _PRODUCTS].index(name)


def _tables() -> dict[str, dict[str, np.ndarray]]:
    random = np.random.Generator(np.random.PCG64(20230101))
    day, customer = _orders(random)
    order, product = _baskets(random, len(day))
    order, product = _add_sauce(random, order, product)
    day, customer, order, product = _add_descaler(random, day, customer, order, product)
    # One line per product and order.
    pairs = np.unique(order * len(_PRODUCTS) + product)
    order, product = pairs // len(_PRODUCTS), pairs % len(_PRODUCTS)
    quantity = 1 + random.poisson(0.4, len(order))
    return {
        "orders": _lines(random, day, customer, order, product, quantity),
        "customers": {
            "customer": np.arange(1001, 1001 + _CUSTOMERS),
            "segment": np.where(np.arange(_CUSTOMERS) % 5 == 0, "business", "private"),
            "country": np.array(["DE", "AT", "CH"])[
                random.choice(3, _CUSTOMERS, p=[0.7, 0.2, 0.1])
            ],
        },
        "products": {
            "product": np.array([*_product_ids(), _POSTAGE]),
            "name": np.array(_names()),
            "department": np.array([*(p[1] for p in _PRODUCTS), "Service"]),
        },
    }


def _product_ids() -> list[str]:
    return [f"{p[1][:3].upper()}-{i + 1:02d}" for i, p in enumerate(_PRODUCTS)]


def _names() -> list[str]:
    return [*(p[0] for p in _PRODUCTS), "Postage"]


def _orders(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Day and customer of every order, by day; customer -1 is not known."""
    dates = _START + np.arange(_DAYS)
    month = dates.astype("datetime64[M]").astype(int) % 12 + 1
    sunday = (dates.astype(int) + 3) % 7 == 6
    weight = np.where(month >= 11, 1.5, 1.0) * np.where(sunday, 0.4, 1.0)
    rate = random.gamma(2.0, 1.0 / 60.0, _CUSTOMERS)  # orders a day
    orders = random.random((_CUSTOMERS, _DAYS)) < rate[:, None] * weight
    slipping = np.arange(_CUSTOMERS) % 7 == 3
    late = np.arange(_DAYS) >= _DECLINE_DAY
    stopped = random.random((_CUSTOMERS, _DAYS)) < 0.9
    orders &= ~(slipping[:, None] & late & stopped)
    day, customer = np.nonzero(orders.T)
    customer = np.where(random.random(len(day)) < 0.04, -1, customer)
    return day, customer


def _baskets(random: np.random.Generator, orders: int) -> tuple[np.ndarray, np.ndarray]:
    """Order and product of every line."""
    popularity = np.array([product[3] for product in _PRODUCTS])
    order = np.repeat(np.arange(orders), 1 + random.poisson(1.6, orders))
    return order, random.choice(len(_PRODUCTS), len(order), p=popularity / popularity.sum())


def _add_sauce(
    random: np.random.Generator, order: np.ndarray, product: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    with_pasta = np.unique(order[product == _product("Pasta")])
    more = with_pasta[random.random(len(with_pasta)) < 0.5]
    sauce = np.full(len(more), _product("Tomato sauce"))
    return np.concatenate([order, more]), np.concatenate([product, sauce])


def _add_descaler(
    random: np.random.Generator,
    day: np.ndarray,
    customer: np.ndarray,
    order: np.ndarray,
    product: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """An order of a descaler 7 to 55 days after the first machine of 6 in 10 customers."""
    machine = order[product == _product("Espresso machine")]
    machine = machine[customer[machine] >= 0]
    buyers, first = np.unique(customer[machine], return_index=True)
    then = day[machine[first]] + random.integers(7, 56, len(buyers))
    keep = (random.random(len(buyers)) < 0.6) & (then < _DAYS)
    new = len(day) + np.arange(keep.sum())
    return (
        np.concatenate([day, then[keep]]),
        np.concatenate([customer, buyers[keep]]),
        np.concatenate([order, new]),
        np.concatenate([product, np.full(len(new), _product("Descaler"))]),
    )


def _lines(
    random: np.random.Generator,
    day: np.ndarray,
    customer: np.ndarray,
    order: np.ndarray,
    product: np.ndarray,
    quantity: np.ndarray,
) -> dict[str, np.ndarray]:
    """The orders table: goods, postage and what was given back, by day."""
    price = np.array([*(p[2] for p in _PRODUCTS), 4.95])
    channel = np.array(["web", "phone"])[(random.random(len(day)) < 0.2).astype(int)]

    returned = np.flatnonzero(random.random(len(order)) < 0.02)
    back = day[order[returned]] + random.integers(3, 21, len(returned))
    returned, back = returned[back < _DAYS], back[back < _DAYS]
    posted = np.flatnonzero(random.random(len(day)) < 0.25)

    of_order = np.concatenate([order, posted, order[returned]])
    number = np.concatenate([order, posted, len(day) + np.arange(len(returned))])
    what = np.concatenate([product, np.full(len(posted), len(_PRODUCTS)), product[returned]])
    date = np.concatenate([day[order], day[posted], back])
    who = customer[of_order]
    columns = {
        "order": number + 10_001,
        "customer": np.ma.masked_array(who + 1001, mask=who < 0),
        "product": np.array([*_product_ids(), _POSTAGE])[what],
        "description": np.array(_names())[what],
        "date": _START + date,
        "quantity": np.concatenate([quantity, np.ones(len(posted), int), -quantity[returned]]),
        "unit_price": price[what],
        "channel": channel[of_order],
    }
    by_day = np.lexsort((what, number, date))
    return {name: values[by_day] for name, values in columns.items()}
