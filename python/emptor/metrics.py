"""Key figures by period and group, what changed, and what the change is made of."""

from __future__ import annotations

from ._core import metrics as _core
from ._public import public

kpis = public(__name__, _core.kpis)
revenue_bridge = public(__name__, _core.revenue_bridge)
movers = public(__name__, _core.movers)


class Explanation(str):
    """A text that shows its lines at a prompt and in a notebook."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def explain(name: str) -> Explanation:
    """The definition of a key figure: its formula, how its interval is made, what to mind.

    Raises InvalidArgument with all names for a name that is not one of them.
    """
    return Explanation(_core.explain(name))


__all__ = ["explain", "kpis", "movers", "revenue_bridge"]
