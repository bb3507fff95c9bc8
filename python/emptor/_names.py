"""Nearest names, for messages."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(name: object, known: Iterable[str], *, show: int = 12) -> str:
    """The end of a message about an unknown name: the nearest known one, or what there is."""
    known = list(known)
    lower = {one.lower(): one for one in known}
    near = difflib.get_close_matches(str(name).lower(), lower, n=1, cutoff=0.6)
    if near:
        return f"; did you mean '{lower[near[0]]}'?"
    if not known:
        return "; there are none"
    listed = ", ".join(known[:show])
    return f"; there are {listed}" + (f" and {len(known) - show} more" if len(known) > show else "")
