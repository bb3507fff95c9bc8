"""One customer's page: history, rhythm, favourites, scores."""

from __future__ import annotations

import functools
import html
from typing import TYPE_CHECKING, Any

from . import _wording, charts, customers
from .frame import Frame

if TYPE_CHECKING:
    from ._purchases import PurchaseFit
    from .sales import Sales


class CustomerPage:
    """What is known of one customer; ``sales.customer(id)`` makes it.

    ``history`` has a row per day with an order or return, ``products`` a row per product bought,
    the favourite first. ``scores`` sets the customer among the others: segment, and the row of
    ``customers.declining`` where there are orders enough. In a notebook it shows itself.
    """

    history: Frame
    products: Frame

    def __init__(self, sales: Sales, customer: str | int) -> None:
        self._sales = sales
        self.history = customers.customer_history(sales, customer)
        self.products = customers.customer_products(sales, customer)
        self._id = self.history.info["customer"]

    @property
    def info(self) -> dict[str, Any]:
        """The rhythm: purchases, first and last, the usual gap, days since, revenue, returns."""
        return self.history.info

    @functools.cached_property
    def scores(self) -> dict[str, dict[str, Any]]:
        """The customer's rows of ``rfm`` and ``declining``, by name; without those that need more
        purchases than there are. Computed when first asked for, over all customers."""
        found = {}
        for name, options in (("rfm", {}), ("declining", {"all": True})):
            frame = getattr(customers, name)(self._sales, **options)
            at = [str(one) == self._id for one in frame["customer"].tolist()]
            if any(at):
                found[name] = frame.select("all").row(at.index(True))
        return found

    def timeline(self, **options: Any) -> Any:
        """A chart of what was bought and returned over time, with what ``declining`` says."""
        return charts.customer_timeline(
            self.history, decline=self.scores.get("declining"), **options
        )

    def alive_history(self, fit: PurchaseFit, **options: Any) -> Frame:
        """``customers.alive_history``: the chance that he still buys, day by day, under a fit."""
        return customers.alive_history(fit, self.history, **options)

    def _facts(self) -> list[str]:
        facts = _wording.customer_facts(self.info, self._sales.currency)
        return facts + _wording.customer_decline(self.scores.get("declining"))

    def __repr__(self) -> str:
        return "\n".join(
            [*self._facts(), "", "Days, the latest last:", repr(self.history.tail(5)), "",
             "Favourites:", repr(self.products.head(5))]
        )  # fmt: skip

    def _repr_html_(self) -> str:
        first, *more = (html.escape(fact) for fact in self._facts())
        return (
            f"<p><b>{first}</b><br>{'<br>'.join(more)}</p>"
            f"<p>Days, the latest last</p>{self.history.tail(5)._repr_html_()}"
            f"<p>Favourites</p>{self.products.head(5)._repr_html_()}"
        )
