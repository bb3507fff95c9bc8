"""Charts of what is bought together and in which order."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from ._charting import LIGHT, Theme, altair, finish, rows_of
from ._core.core import InvalidArgument

if TYPE_CHECKING:
    import altair as alt


def _rules(frame: Any, top: int) -> list[dict[str, Any]]:
    """Plain rows of the first ``top`` rules or pairs: sides as text, and their counts."""
    names = frame.all_columns
    for left, right in (
        ("antecedent_name", "consequent_name"),
        ("antecedent", "consequent"),
        ("name_a", "name_b"),
        ("item_a", "item_b"),
    ):
        if left in names and right in names:
            break
    else:
        raise InvalidArgument(
            "charts: give a frame of association_rules, bought_together or bought_next, not one "
            f"with the columns {', '.join(names[:8])}"
        )
    values = [name for name in ("n_baskets", "support", "lift", "excess", "q_value", "events")
              if name in names]  # fmt: skip
    rows = rows_of(frame.head(top), left, right, *values)
    for row in rows:
        row["from"], row["to"] = _text(row.pop(left)), _text(row.pop(right))
        row["rule"] = f"{row['from']} → {row['to']}"
    return rows


def _text(side: Any) -> str:
    return " + ".join(map(str, side)) if isinstance(side, tuple) else str(side)


def _sizes(frame: Any) -> str:
    return "n_baskets" if "n_baskets" in frame.all_columns else "events"


def rules(frame: Any, *, top: int = 500, theme: Theme = LIGHT, width: int = 760) -> alt.Chart:
    """Support and lift of rules or pairs; the larger the point, the more baskets beyond usual."""
    alt = altair()
    if not {"support", "lift", "excess"} <= set(frame.all_columns):
        raise InvalidArgument(
            "charts.rules: the frame must have support, lift and excess, as those of "
            "association_rules and bought_together do"
        )
    logarithmic = alt.Scale(type="log", nice=False, padding=14)
    chart = (
        alt.Chart(alt.Data(values=_rules(frame, top)))
        .mark_circle(color=theme.main, opacity=0.55)
        .encode(
            x=alt.X("support:Q", title="support", scale=logarithmic,
                    axis=alt.Axis(format="~%", tickCount=5)),
            y=alt.Y("lift:Q", title="lift", scale=logarithmic, axis=alt.Axis(tickCount=5)),
            size=alt.Size("excess:Q", title="baskets beyond usual",
                          scale=alt.Scale(range=[12, 260])),
            tooltip=["rule:N", alt.Tooltip("support:Q", format=".2%"),
                     alt.Tooltip("lift:Q", format=".2f"), alt.Tooltip("excess:Q", format=",.0f")],
        )
    )  # fmt: skip
    return finish(chart, theme, width, 300)


def matrix(frame: Any, *, top: int = 60, theme: Theme = LIGHT, width: int = 760) -> alt.Chart:
    """Items against items: how many baskets beyond usual each rule or pair has."""
    alt = altair()
    rows = _rules(frame, top)
    sides = sorted({row[side] for row in rows for side in ("from", "to")})
    if {"name_a", "item_a"} & set(frame.all_columns):  # pairs have no direction: both halves
        rows += [{**row, "from": row["to"], "to": row["from"]} for row in rows]
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_rect()
        .encode(
            x=alt.X("to:N", title=None, sort=sides, axis=alt.Axis(labelAngle=-60, labelLimit=140)),
            y=alt.Y("from:N", title=None, sort=sides, axis=alt.Axis(labelLimit=200)),
            color=alt.Color("excess:Q", title="beyond usual",
                            scale=alt.Scale(range=[theme.grid, theme.main])),
            tooltip=["rule:N", alt.Tooltip("excess:Q", format=",.0f")],
        )
    )  # fmt: skip
    return finish(chart, theme, width, min(22 * len({row["from"] for row in rows}) + 20, 900))


def network(frame: Any, *, top: int = 30, theme: Theme = LIGHT, width: int = 760) -> alt.Chart:
    """Items as points, rules or pairs as lines; what belongs together lies together."""
    alt = altair()
    edges = _rules(frame, top)
    nodes = sorted({edge[side] for edge in edges for side in ("from", "to")})
    place = dict(zip(nodes, _laid_out(nodes, edges).tolist(), strict=True))
    for edge in edges:
        edge["x"], edge["y"] = place[edge["from"]]
        edge["x2"], edge["y2"] = place[edge["to"]]
    points = [{"item": node, "x": x, "y": y} for node, (x, y) in place.items()]
    hidden = alt.Axis(labels=False, ticks=False, grid=False, domain=False, title=None)
    scale = alt.Scale(domain=[-1.15, 1.15])
    size = _sizes(frame)
    lines = (
        alt.Chart(alt.Data(values=edges))
        .mark_rule(color=theme.soft)
        .encode(
            x=alt.X("x:Q", axis=hidden, scale=scale),
            y=alt.Y("y:Q", axis=hidden, scale=scale),
            x2="x2:Q",
            y2="y2:Q",
            strokeWidth=alt.StrokeWidth(f"{size}:Q", legend=None, scale=alt.Scale(range=[1, 6])),
            tooltip=["rule:N", f"{size}:Q"],
        )
    )
    base = alt.Chart(alt.Data(values=points)).encode(x="x:Q", y="y:Q", tooltip=["item:N"])
    dots = base.mark_circle(color=theme.main, size=70, opacity=1)
    labels = base.mark_text(
        color=theme.text, dy=-9, fontSize=10, limit=min(130, width * 0.42)
    ).encode(text="item:N")
    return finish(
        alt.layer(lines, dots, labels), theme, width, max(width // 2, 20 * len(nodes) + 40)
    )


def _laid_out(nodes: list[str], edges: list[dict[str, Any]], steps: int = 300) -> np.ndarray:
    """Places in [-1, 1]²: neighbours pull, all push (Fruchterman and Reingold 1991)."""
    n = len(nodes)
    index = {node: i for i, node in enumerate(nodes)}
    pulled = np.zeros((n, n))
    for edge in edges:
        i, j = index[edge["from"]], index[edge["to"]]
        pulled[i, j] = pulled[j, i] = 1
    angle = 2 * np.pi * np.arange(n) * 0.618  # spread, and the same every time
    at = np.stack([np.cos(angle), np.sin(angle)], axis=1) * np.sqrt((np.arange(n) + 1) / n)[:, None]
    ideal = 1.5 * np.sqrt(4 / max(n, 1))
    for step in range(steps):
        apart = at[:, None, :] - at[None, :, :]
        distance = np.maximum(np.linalg.norm(apart, axis=2), 1e-3)
        force = ideal**2 / distance**2 - 0.25 * pulled * distance / ideal
        move = (apart * force[:, :, None]).sum(axis=1) - 0.3 * at  # and all to the middle
        length = np.maximum(np.linalg.norm(move, axis=1, keepdims=True), 1e-9)
        at += move / length * np.minimum(length, 0.2 * (1 - step / steps))
    return at / max(np.abs(at).max(initial=0), 1e-9)


def sequence_flow(
    frame: Any, *, top: int = 25, theme: Theme = LIGHT, width: int = 760
) -> alt.Chart:
    """The sequences of most customers as lines from one purchase to the next."""
    alt = altair()
    if not {"sequence", "count"} <= set(frame.all_columns):
        raise InvalidArgument("charts.sequence_flow: give a frame of mining.sequences")
    steps: dict[tuple[int, str, str], int] = {}
    seen: dict[tuple[int, str], int] = {}
    listed = 0
    for text, count in zip(frame["sequence"], frame["count"].tolist(), strict=True):
        parts = text.split(" > ")
        if len(parts) < 2:
            continue
        for i, (left, right) in enumerate(itertools.pairwise(parts)):
            steps[i, left, right] = max(steps.get((i, left, right), 0), count)
            seen[i, left] = max(seen.get((i, left), 0), count)
            seen[i + 1, right] = max(seen.get((i + 1, right), 0), count)
        listed += 1
        if listed == top:
            break
    if not steps:
        raise InvalidArgument("charts.sequence_flow: no sequence has two purchases or more")
    place: dict[tuple[int, str], float] = {}
    for step in sorted({step for step, _ in seen}):
        here = sorted((key for key in seen if key[0] == step), key=lambda key: -seen[key])
        for rank, key in enumerate(here):
            place[key] = (rank + 0.5) / len(here)
    lines = [
        {"x": i + 1, "y": place[i, a], "x2": i + 2, "y2": place[i + 1, b], "customers": n,
         "step": f"{a} > {b}"}
        for (i, a, b), n in steps.items()
    ]  # fmt: skip
    points = [
        {"x": step + 1, "y": y, "items": name, "customers": seen[step, name]}
        for (step, name), y in place.items()
    ]
    last = max(point["x"] for point in points)
    x = alt.X("x:Q", title="purchase", scale=alt.Scale(domain=[0.6, last + 0.8]),
              axis=alt.Axis(values=list(range(1, last + 1)), format="d", grid=False))  # fmt: skip
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[1, 0]))
    flow = (
        alt.Chart(alt.Data(values=lines))
        .mark_rule(color=theme.soft, strokeCap="round")
        .encode(
            x=x, y=y, x2="x2:Q", y2="y2:Q", tooltip=["step:N", "customers:Q"],
            strokeWidth=alt.StrokeWidth("customers:Q", legend=None,
                                        scale=alt.Scale(range=[1, 9])),
        )
    )  # fmt: skip
    base = alt.Chart(alt.Data(values=points)).encode(x=x, y=y, tooltip=["items:N", "customers:Q"])
    dots = base.mark_circle(color=theme.main, size=60, opacity=1)
    labels = base.mark_text(
        color=theme.text, dy=-10, fontSize=11, limit=int(0.8 * width / (last + 0.2))
    ).encode(text="items:N")
    tallest = max(sum(1 for step, _ in place if step == i) for i in range(last))
    return finish(alt.layer(flow, dots, labels), theme, width, max(34 * tallest, 160))
