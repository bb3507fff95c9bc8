"""PyFIM's ``fpgrowth``, ``eclat`` and ``apriori``: the same arguments and lists of tuples.

    from emptor.compat import fim
    fim.fpgrowth(transactions, target="c", supp=-100, report="as")

The three names give the same, since which algorithm runs is chosen from the data. Answers that
differ from PyFIM 6.28:

- An item that stands in every transaction is kept. PyFIM loses it and every set that holds it
  (mushroom at 1000: 123,276 sets there, 123,277 here).
- Sets come the most frequent first, items within a set in ascending order.
- ``algo`` and ``mode`` are taken and change nothing. ``eval``, ``border`` and ``appear`` other than
  their defaults are refused: ``em.mining.association_rules`` has the measures, with intervals.
- Rules (``target="r"``) have the original definition of support, that of body and head together,
  only with ``mode="o"``; without it, as in PyFIM, that of the body.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from .._baskets import baskets
from .._core.core import InvalidArgument
from ..mining import frequent_itemsets

__all__ = ["apriori", "eclat", "fpgrowth"]

_KINDS = {
    "s": "all", "sets": "all", "a": "all", "all": "all", "c": "closed", "closed": "closed",
    "m": "maximal", "maximal": "maximal", "g": "generators", "gens": "generators",
}  # fmt: skip


def _miner(name: str) -> Callable[..., Any]:
    def mine(
        tracts: Iterable[Iterable[Any]],
        target: str = "s",
        supp: float = 10,
        zmin: int = 1,
        zmax: int | None = None,
        report: str = "a",
        eval: str = "x",
        agg: str = "x",
        thresh: float = 10,
        prune: int | None = None,
        algo: str = "a",
        mode: str = "",
        border: Any = None,
        conf: float = 80,
        appear: Any = None,
    ) -> Any:
        """Frequent item sets, or rules (``target="r"``), as a list of tuples."""
        return _mined(name, tracts, target, supp, conf, zmin, zmax, report, eval, mode, border,
                      appear)  # fmt: skip

    mine.__name__ = mine.__qualname__ = name
    return mine


fpgrowth = _miner("fpgrowth")
eclat = _miner("eclat")
apriori = _miner("apriori")


def _mined(
    name: str,
    tracts: Iterable[Iterable[Any]],
    target: str,
    supp: float,
    conf: float,
    zmin: int,
    zmax: int | None,
    report: str,
    measure: str,
    mode: str,
    border: Any,
    appear: Any,
) -> Any:
    for argument, given, default in (("eval", measure, "x"), ("border", border, None),
                                     ("appear", appear, None)):  # fmt: skip
        if given != default:
            raise InvalidArgument(
                f"{name}: {argument}={given!r} is not offered here; em.mining.association_rules "
                "has measures with their intervals"
            )
    rules = target in ("r", "rules")
    if target not in _KINDS and not rules:
        raise InvalidArgument(f"{name}: target must be s, c, m, g or r, got '{target}'")
    given = baskets(tracts)
    n = int(given.weight.sum()) if len(given.weight) else len(given)
    least = -supp if supp < 0 else supp / 100 * n * (1 - 1e-12)
    sizes = {"min_items": max(zmin, 1), "max_items": 0 if zmax is None or zmax < 0 else zmax}
    options = {"min_count": max(math.ceil(least), 1), **sizes}
    if report in ("#", "=", "|") and not rules:
        return _spectrum(report, given, _KINDS[target], options)
    if rules:
        return _rules(name, given, n, conf / 100, report, mode, options)
    found = frequent_itemsets(given, kind=_KINDS[target], **options)
    items = found["items"].tolist()
    count = found["count"]
    values = {"a": count.tolist, "s": (count / n).tolist, "S": (100 * count / n).tolist,
              "Q": lambda: [n] * len(items)}  # fmt: skip
    return _reported(name, report, [items], values)


def _reported(
    name: str, report: str, head: list[list[Any]], values: dict[str, Callable[[], list[Any]]]
) -> list[tuple[Any, ...]]:
    """One tuple a pattern: what it is, then the values the letters ask for."""
    group = {"(": tuple, "[": list}.get(report[:1])
    letters = report[1:] if group else report
    for letter in letters:
        if letter not in values:
            raise InvalidArgument(
                f"{name}: report has the letter '{letter}'; there are {', '.join(values)}"
            )
    columns = [values[letter]() for letter in letters]
    if group:
        packed = [group(row) for row in zip(*columns, strict=True)]
        return list(zip(*head, packed, strict=True))
    return list(zip(*head, *columns, strict=True))


def _spectrum(report: str, given: Any, kind: str, options: dict[str, int]) -> Any:
    """How many sets there are of each size and support."""
    found = frequent_itemsets(given, kind=kind, **options)
    pairs, sets = np.unique(
        np.stack([found["items"].sizes, found["count"]]), axis=1, return_counts=True
    )
    sizes, supports, numbers = pairs[0].tolist(), pairs[1].tolist(), sets.astype(float).tolist()
    if report == "#":
        return dict(zip(zip(sizes, supports, strict=True), numbers, strict=True))
    if report == "=":
        return list(zip(sizes, supports, numbers, strict=True))
    return [sizes, supports, numbers]


def _rules(
    name: str,
    given: Any,
    n: int,
    conf: float,
    report: str,
    mode: str,
    options: dict[str, int],
) -> list[tuple[Any, ...]]:
    """Rules of one head item; the body may be empty."""
    least = options["min_count"]
    both_least = least if "o" in mode else max(math.ceil(conf * least * (1 - 1e-12)), 1)
    found = frequent_itemsets(
        given, min_count=both_least, max_items=options["max_items"], kind="all"
    )
    support = dict(zip(found["items"].tolist(), found["count"].tolist(), strict=True))
    support[()] = n
    heads, bodies, counts = [], [], []
    for items, both in support.items():
        if len(items) < options["min_items"]:
            continue
        for i, head in enumerate(items):
            body = items[:i] + items[i + 1 :]
            if support[body] >= least and both >= conf * support[body] * (1 - 1e-12):
                heads.append(head)
                bodies.append(body)
                counts.append((both, support[body], support[(head,)]))
    both, body, head = np.array(counts, float).reshape(-1, 3).T
    lift = both * n / (body * head)
    whole = {"a": both, "b": body, "h": head}
    shares = {"s": both / n, "x": body / n, "y": head / n, "c": both / body, "l": lift}
    values: dict[str, Callable[[], list[Any]]] = {
        **{letter: array.astype(np.int64).tolist for letter, array in whole.items()},
        **{letter: array.tolist for letter, array in shares.items()},
        **{letter.upper(): (100 * array).tolist for letter, array in shares.items()},
        "Q": lambda: [n] * len(heads),
    }
    return _reported(name, report, [heads, bodies], values)
