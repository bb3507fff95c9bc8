"""Who the customers are, and who buys less than before."""

from __future__ import annotations

import functools
from typing import Any

from . import _wording
from ._core import customers as _core
from ._public import public
from .frame import Frame

rfm = public(__name__, _core.rfm)
rfm_segments = public(__name__, _core.rfm_segments)
rfm_cuts = public(__name__, _core.rfm_cuts)
_declining = public(__name__, _core.declining)


@functools.wraps(_declining)
def declining(*args: Any, **kwargs: Any) -> Frame:
    found = _declining(*args, **kwargs)
    numbers = ("list", "reason_code", "baseline_orders", "window_orders", "expected_orders",
               "baseline_first", "baseline_last", "window_first", "window_last")  # fmt: skip
    columns = found.to_dict("all")
    listed = zip(*(columns[name].tolist() for name in numbers), strict=True)
    reasons = [
        "" if row[0] == "none" else _wording.decline_reason(dict(zip(numbers, row, strict=True)))
        for row in listed
    ]
    shown = set(found.columns) - {"reason_code"}
    ordered = {}
    for name, values in columns.items():
        ordered[name] = values
        if name == "list":
            ordered["reason"] = reasons
    return Frame(
        ordered,
        docs={**found.docs, "reason": "what the counts show, in words"},
        info=found.info,
        hidden=[name for name in columns if name not in shown],
    )


del declining.__wrapped__  # the signature is that of the core's function

__all__ = ["declining", "rfm", "rfm_cuts", "rfm_segments"]
