"""What is bought together, and what is bought next."""

from __future__ import annotations

from ._core import mining as _core
from ._public import public

bought_next = public(__name__, _core.bought_next)
bought_together = public(__name__, _core.bought_together)
bought_together_in_baskets = public(__name__, _core.bought_together_in_baskets)
count_itemsets = public(__name__, _core.count_itemsets)
frequent_itemsets = public(__name__, _core.frequent_itemsets)

__all__ = [
    "bought_next",
    "bought_together",
    "bought_together_in_baskets",
    "count_itemsets",
    "frequent_itemsets",
]
