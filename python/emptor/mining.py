"""What is bought together, what is bought next, and what is bought instead."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from . import _wording
from ._baskets import of_baskets
from ._core import mining as _core
from ._core.mining import OfferTable
from ._public import public
from ._sequences import sequences_in
from .frame import Frame
from .metrics import Explanation

association_rules = of_baskets(__name__, _core.association_rules)
bought_next = public(__name__, _core.bought_next)
bought_together = public(__name__, _core.bought_together)
bought_together_in_baskets = public(__name__, _core.bought_together_in_baskets)
substitutes = public(__name__, _core.substitutes)
count_itemsets = of_baskets(__name__, _core.count_itemsets)
frequent_itemsets = of_baskets(__name__, _core.frequent_itemsets)
_itemset_chunks = of_baskets(__name__, _core.itemset_chunks)


@functools.wraps(_itemset_chunks)
def itemset_chunks(*args: Any, **kwargs: Any) -> Iterator[Frame]:
    parts = _itemset_chunks(*args, **kwargs)
    how = {name: kwargs[name] for name in ("threads", "memory_limit") if name in kwargs}
    return iter(functools.partial(_next_itemsets, parts, how), None)


def _next_itemsets(parts: Any, how: dict[str, Any]) -> Frame | None:
    part = _core._next_itemsets(parts, **how)
    return part if len(part) else None


del itemset_chunks.__wrapped__  # the signature is that of the core's function
evaluate_next_basket = public(__name__, _core.evaluate_next_basket)
_next_basket = public(__name__, _core.next_basket)


@functools.wraps(_next_basket)
def next_basket(*args: Any, **kwargs: Any) -> Frame:
    found = _next_basket(*args, **kwargs)
    columns = found.to_dict("all")
    names = [name for name in _wording.NEXT_BASKET_COLUMNS if name in columns]
    window = found.info["window"]
    listed = zip(*(columns[name].tolist() for name in names), strict=True)
    reasons = [_wording.next_basket(dict(zip(names, row, strict=True)), window) for row in listed]
    return found.with_column("reason", reasons, after="repeat", doc="why it is listed, in words")


del next_basket.__wrapped__  # the signature is that of the core's function
itemset_measures = public(__name__, _core.itemset_measures)
measures = public(__name__, _core.measures)
odds_ratio_interval = public(__name__, _core.odds_ratio_interval)
rule_measures = public(__name__, _core.rule_measures)
rules_of_itemsets = public(__name__, _core.rules_of_itemsets)


def explain(name: str) -> Explanation:
    """The definition of a measure of rules: its formula, meaning and interval.

    Raises InvalidArgument with the nearest name for one that is none; ``measures()`` lists them.
    """
    return Explanation(_core.explain(name))


offer_table = public(__name__, _core.offer_table)
_recommend = public(__name__, _core.recommend)


@functools.wraps(_recommend)
def recommend(*args: Any, **kwargs: Any) -> Frame:
    found = _recommend(*args, **kwargs)
    columns = found.to_dict("all")
    names = ("because_name", "probability", "probability_low", "source")
    listed = zip(*(columns[name].tolist() for name in names), strict=True)
    reasons = [_wording.recommend(dict(zip(names, row, strict=True))) for row in listed]
    return found.with_column("reason", reasons, after="source", doc="why it is offered, in words")


del recommend.__wrapped__  # the signature is that of the core's function
sequence_rules = public(__name__, _core.sequence_rules)
sequences = public(__name__, _core.sequences)
sequences_in.__module__ = __name__

__all__ = [
    "OfferTable",
    "association_rules",
    "bought_next",
    "bought_together",
    "bought_together_in_baskets",
    "count_itemsets",
    "evaluate_next_basket",
    "explain",
    "frequent_itemsets",
    "itemset_chunks",
    "itemset_measures",
    "measures",
    "next_basket",
    "odds_ratio_interval",
    "offer_table",
    "recommend",
    "rule_measures",
    "rules_of_itemsets",
    "sequence_rules",
    "sequences",
    "sequences_in",
    "substitutes",
]
