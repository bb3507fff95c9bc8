"""Charts of what is bought together and in which order."""

from __future__ import annotations

import itertools
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _format as fmt
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
    return " + ".join(map(_text, side)) if isinstance(side, tuple) else fmt.name(str(side))


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
    height = max(width // 2, 20 * len(nodes) + 40)
    points = [
        {"item": node, "x": x, "y": y, "lines": lines, "label_x": label_x, "label_y": label_y}
        for (node, (x, y)), (lines, label_x, label_y) in zip(
            place.items(), _labels_apart(place, edges, width, height), strict=True
        )
    ]
    hidden = alt.Axis(labels=False, ticks=False, grid=False, domain=False, title=None)
    scale = alt.Scale(domain=[-_EDGE, _EDGE])
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
    base = alt.Chart(alt.Data(values=points)).encode(tooltip=["item:N"])
    dots = base.mark_circle(color=theme.main, size=70, opacity=1).encode(x="x:Q", y="y:Q")
    labels = base.mark_text(
        color=theme.text, fontSize=_FONT, lineHeight=_LINE, baseline="top"
    ).encode(x="label_x:Q", y="label_y:Q", text="lines:N")
    return finish(alt.layer(lines, dots, labels), theme, width, height)


_EDGE = 1.15  # the picture shows [-1.15, 1.15]²
_FONT, _LINE, _LETTER = 10, 12, 6.2  # pixels: height of letters and lines, width of a letter


def _labels_apart(
    place: dict[str, list[float]], edges: list[dict[str, Any]], width: int, height: int
) -> list[tuple[list[str], float, float]]:
    """Lines of text for every point and where their upper middle goes: above, under, beside or at a
    corner of the point, where it covers least of the points, the lines and the other labels."""
    scale_x, scale_y = width / (2 * _EDGE), height / (2 * _EDGE)
    at = {node: (x * scale_x, -y * scale_y) for node, (x, y) in place.items()}
    fixed = [(x - 6, y - 6, x + 6, y + 6) for x, y in at.values()]
    for edge in edges:  # a line is what lies along it, every tenth of its length
        (x, y), (x2, y2) = at[edge["from"]], at[edge["to"]]
        along = [(x + t * (x2 - x), y + t * (y2 - y)) for t in np.linspace(0.1, 0.9, 9)]
        fixed += [(x - 3, y - 3, x + 3, y + 3) for x, y in along]
    lines = {node: _two_lines(node, int(min(150, 0.42 * width) / _LETTER)) for node in place}
    choices = {node: _boxes_around(*at[node], lines[node]) for node in place}
    chosen: dict[str, tuple[float, ...]] = {}
    for node in [*place, *place, *place]:  # the first labels give way to later ones
        others = fixed + [box for other, box in chosen.items() if other != node]
        covered = [
            sum(_shared_area(box, other) for other in others) + 20 * _outside(box, width, height)
            for box in choices[node]
        ]
        chosen[node] = choices[node][int(np.argmin(covered))]
    return [
        (lines[node], (left + right) / 2 / scale_x, -top / scale_y)
        for node, (left, top, right, _) in ((node, chosen[node]) for node in place)
    ]


def _boxes_around(x: float, y: float, lines: list[str]) -> list[tuple[float, ...]]:
    """Where the lines of a label may stand about their point, the best first."""
    wide, high = max(map(len, lines)) * _LETTER, len(lines) * _LINE
    above, under, level = y - high - 6, y + 6, y - high / 2
    beside, corner = wide / 2 + 8, wide / 2
    tops = [(x, above), (x, under), (x + beside, level), (x - beside, level)]
    tops += [(x + side, top) for side in (corner, -corner) for top in (above, under)]
    return [(middle - wide / 2, top, middle + wide / 2, top + high) for middle, top in tops]


def _two_lines(text: str, most: int) -> list[str]:
    """At most two lines of at most `most` letters, cut at a word; what is left out is told by …"""
    if len(text) <= most:
        return [text]
    lines = textwrap.wrap(text, most, max_lines=2, placeholder=" …")
    return lines or [text[: most - 1] + "…"]


def _shared_area(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return wide * high if wide > 0 and high > 0 else 0.0


def _outside(box: tuple[float, ...], width: int, height: int) -> float:
    """How far a box, counted from the middle of the picture, stands out of it."""
    across, along = width / 2, height / 2
    return (max(0.0, -across - box[0]) + max(0.0, box[2] - across)
            + max(0.0, -along - box[1]) + max(0.0, box[3] - along))  # fmt: skip


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
    low, high = at.min(axis=0), at.max(axis=0)
    return 2 * (at - low) / np.maximum(high - low, 1e-9) - 1 if n > 1 else at * 0


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
