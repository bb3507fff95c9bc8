"""Whom to contact, and whether it paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _wording
from ._core import customers as _core
from ._core.core import InvalidArgument
from ._public import public
from .frame import Frame

if TYPE_CHECKING:
    from .sales import Sales

contact_channels = public("emptor.customers", _core.contact_channels)
_actions = public("emptor.customers", _core.actions)
_evaluate = public("emptor.customers", _core.evaluate_actions)

_REASON = ("grade", "due_now", "reason_code", "baseline_orders", "window_orders",
           "expected_orders", "usual_gap_days", "days_since", "change_date", "change_date_low",
           "change_date_high", "p_gap")  # fmt: skip


def actions(
    sales: Sales,
    *,
    channels: Sequence[str] | Mapping[str, float] = ("phone", "email", "survey"),
    budget: float = 0,
    control: float = 0,
    window: str = "90 days",
    baseline: str = "180 days",
    consent: str = "given",
    model: str = "mbgnbd",
    **options: Any,
) -> Frame:
    """Whom to contact, why, by which channel, and what it is worth.

    A row is a customer on a list of ``declining`` (``grade`` proven, likely or watch), or one who
    is due: the usual gap between his purchases is over and he probably still buys.
    ``value_at_risk`` is the revenue of the next window that his old rate would bring and that is
    not expected now, with its interval; beside it P(alive), expected purchases and revenue, and
    the channel he allows and answers. Most at risk comes first; ``outcome`` is empty, for those who
    call.

    ``channels`` are those that may be used, or a dict of what one contact costs:
    ``{"phone": 4.0, "email": 0.05}``. ``budget`` is what may be spent, or without costs how many
    customers may be contacted; 0 is no limit. With a table of contacts nobody is listed whom no
    channel may reach; ``consent="not_refused"`` also takes channels without a word on record.
    ``control=0.1`` holds a tenth back by a hash of the id: ``evaluate_actions`` later says whether
    contacting paid. Risk is not persuadability: nothing here says that a call helps.

    ``window`` is judged against ``baseline`` and is how far ahead values look; ``model`` is the
    purchase model. Further options: ``seed`` of the control, ``level``, ``threads``, ``progress``,
    ``memory_limit``.
    """
    names = [channels] if isinstance(channels, str) else list(channels)
    cost = [float(channels[name]) for name in names] if isinstance(channels, Mapping) else []
    found = _actions(
        sales, channels=names, cost=cost, budget=budget, control=control, window=window,
        baseline=baseline, consent=consent, model=model, **options,
    )  # fmt: skip
    columns = found.to_dict("all")
    rows = zip(*(columns[name].tolist() for name in _REASON), strict=True)
    until = {"window_last": found.info["window_last"]}
    reasons = [_wording.action_reason(dict(zip(_REASON, row, strict=True)) | until) for row in rows]
    found = found.with_column("reason", reasons, after="channel", doc="what is seen, in words")
    return found.with_column("outcome", [""] * len(found), doc="for those who call")


def evaluate_actions(
    sales: Sales, listed: Frame, *, horizon: str = "90 days", level: float = 0.95, **call: Any
) -> Frame:
    """Did contacting pay? What customers on a list bought afterwards, beside those held back.

    ``listed`` is a frame of ``actions(..., control=...)``, as it was returned or loaded from its
    file; ``sales`` are later data. Who was held back was decided by chance alone, so the difference
    is the effect of being contacted: in the share who bought (Newcombe's interval), in days with a
    purchase and in net revenue a customer (Welch's), and in all. Everybody counts who was to be
    contacted, reached or not.

    Raises InvalidArgument if the data end before the horizon is over.
    """
    if not isinstance(listed, Frame) or not {"customer", "control"} <= set(listed.all_columns):
        raise InvalidArgument(
            "evaluate_actions: listed must be a Frame that customers.actions returned, with the "
            "columns customer and control"
        )
    day = listed.info.get("last_day")
    if not day:
        raise InvalidArgument("evaluate_actions: listed has no info['last_day'], the day it is of")
    return _evaluate(
        sales,
        customer=[str(one) for one in listed["customer"].tolist()],
        control=np.asarray(listed["control"], np.uint8).tolist(),
        day=str(day),
        horizon=horizon,
        level=level,
        **call,
    )
