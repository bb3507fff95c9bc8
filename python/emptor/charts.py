"""Charts as Vega-Altair objects: interactive in a notebook, static SVG in the report.

Every function takes frames and returns an ``altair.Chart``; ``pip install emptor[report]`` brings
what they need.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from . import _format as fmt
from ._alive_charts import alive_history, frequency_recency
from ._charting import DARK, LIGHT, WIDTHS, Theme, altair, finish, rows_of
from ._customer_charts import calibration, customer_timeline, lift, retention
from ._forecast_charts import backtest, coverage, decomposition, forecast_change
from ._mining_charts import matrix, network, rules, sequence_flow

if TYPE_CHECKING:
    import altair as alt

__all__ = [
    "alive_history",
    "backtest",
    "bought_next",
    "bridge",
    "calibration",
    "coverage",
    "customer_timeline",
    "decomposition",
    "forecast",
    "forecast_change",
    "frequency_recency",
    "lift",
    "matrix",
    "network",
    "retention",
    "rules",
    "segments",
    "sequence_flow",
]


def forecast(
    history: Any, frame: Any, *, title: str = "", theme: Theme = LIGHT, width: int = 760
) -> alt.Chart:
    """A series and its forecast with the 80 % and 95 % bands.

    ``history`` has columns start, y and complete; ``frame`` start, forecast and its bands.
    """
    alt = altair()
    bands = [c for c in ("forecast_low_95", "forecast_high_95", "forecast_low_80",
                         "forecast_high_80") if c in frame.columns]  # fmt: skip
    past = rows_of(history, "start", "y", "complete")
    future = rows_of(frame, "start", "forecast", *bands)
    x = alt.X("start:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=6, grid=False))
    y_axis = alt.Axis(title=title, format="~s", tickCount=5)
    layers = []
    for low, high, opacity in (("forecast_low_95", "forecast_high_95", 0.18),
                               ("forecast_low_80", "forecast_high_80", 0.3)):  # fmt: skip
        if low in bands:
            layers.append(
                alt.Chart(alt.Data(values=future))
                .mark_area(color=theme.accent, opacity=opacity)
                .encode(x=x, y=alt.Y(f"{low}:Q", axis=y_axis), y2=f"{high}:Q")
            )
    lines = alt.Chart(alt.Data(values=past)).transform_filter("datum.complete")
    layers.append(
        lines.mark_line(color=theme.main, strokeWidth=2).encode(
            x=x, y=alt.Y("y:Q", axis=y_axis), tooltip=["start:T", "y:Q"]
        )
    )
    cut = alt.Chart(alt.Data(values=past)).transform_filter("!datum.complete")
    layers.append(
        cut.mark_point(color=theme.soft, size=36).encode(x=x, y=alt.Y("y:Q", axis=y_axis))
    )
    layers.append(
        alt.Chart(alt.Data(values=future))
        .mark_line(color=theme.accent, strokeWidth=2, strokeDash=[5, 3])
        .encode(
            x=x,
            y=alt.Y("forecast:Q", axis=y_axis),
            tooltip=["start:T", "forecast:Q", *bands_q(bands)],
        )
    )
    return finish(alt.layer(*layers), theme, width, 240)


def bands_q(bands: list[str]) -> list[str]:
    return [f"{band}:Q" for band in bands]


def bridge(
    steps: list[tuple[str, float]],
    *,
    start: float,
    title: str = "",
    theme: Theme = LIGHT,
    width: int = 760,
) -> alt.Chart:
    """A waterfall from ``start`` through named steps: what a change is made of."""
    alt = altair()
    rows, level = [], start
    for label, amount in steps:
        rows.append({"step": label, "from": level, "to": level + amount,
                     "kind": "up" if amount >= 0 else "down", "amount": amount})  # fmt: skip
        level += amount
    rows.insert(0, {"step": "before", "from": 0, "to": start, "kind": "total", "amount": start})
    rows.append({"step": "after", "from": 0, "to": level, "kind": "total", "amount": level})
    colour = alt.Scale(domain=["total", "up", "down"], range=[theme.main, theme.good, theme.bad])
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("step:N", sort=None, title=None),
    )
    bars = base.mark_bar(height=18).encode(
        x=alt.X("from:Q", title=title, axis=alt.Axis(format="~s", tickCount=5)),
        x2="to:Q",
        color=alt.Color("kind:N", scale=colour, legend=None),
        tooltip=["step:N", "amount:Q"],
    )
    return finish(bars, theme, width, 28 * len(rows))


def segments(frame: Any, *, theme: Theme = LIGHT, width: int = 760) -> alt.Chart:
    """Shares of customers and revenue. Columns: segment, customer_share, revenue_share."""
    alt = altair()
    rows = []
    for row in rows_of(frame, "segment", "customer_share", "revenue_share"):
        for key, label in (("customer_share", "customers"), ("revenue_share", "revenue")):
            rows.append({"segment": row["segment"], "of": label, "share": row[key]})
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(height=9)
        .encode(
            y=alt.Y("segment:N", sort=None, title=None),
            yOffset=alt.YOffset("of:N", sort=["customers", "revenue"]),
            x=alt.X("share:Q", title="share", axis=alt.Axis(format="%", tickCount=5)),
            color=alt.Color(
                "of:N",
                scale=alt.Scale(domain=["customers", "revenue"], range=[theme.soft, theme.main]),
                legend=alt.Legend(title=None, orient="top"),
            ),
            tooltip=["segment:N", "of:N", alt.Tooltip("share:Q", format=".1%")],
        )
    )
    return finish(chart, theme, width, 30 * len(frame))


def bought_next(frame: Any, *, theme: Theme = LIGHT, width: int = 760) -> alt.Chart:
    """Share of the buyers of A who buy B, with its interval, beside what is usual."""
    alt = altair()
    rows = rows_of(frame, "antecedent_name", "consequent_name", "p_within", "p_within_low",
                 "p_within_high", "usual")  # fmt: skip
    for row in rows:
        row["pair"] = f"{fmt.name(row['antecedent_name'])} → {fmt.name(row['consequent_name'])}"
    # Two lines a pair: both names are read in full where they fit a third of the picture.
    labels = alt.Axis(labelExpr="split(replace(datum.label, ' → ', '\\n→ '), '\\n')",
                      labelLimit=max(width // 3, 130), labelFontSize=11)  # fmt: skip
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("pair:N", sort=None, title=None, axis=labels)
    )
    share = alt.Axis(format="%", tickCount=5)
    rule = base.mark_rule(color=theme.main, strokeWidth=2).encode(
        x=alt.X("p_within_low:Q", title="share who buy", axis=share), x2="p_within_high:Q"
    )
    point = base.mark_point(color=theme.main, filled=True, size=70).encode(
        x="p_within:Q", tooltip=["pair:N", alt.Tooltip("p_within:Q", format=".1%")]
    )
    usual = base.mark_tick(color=theme.accent, thickness=3, size=16).encode(
        x="usual:Q", tooltip=["pair:N", alt.Tooltip("usual:Q", format=".1%")]
    )
    return finish(rule + point + usual, theme, width, 34 * len(rows))


def svg(chart: alt.Chart) -> str:
    """The chart as static SVG text, rendered without a browser or a network."""
    try:
        import vl_convert
    except ImportError:
        raise ImportError("static charts need vl-convert: pip install 'emptor[report]'") from None
    spec = json.dumps(chart.to_dict())
    return vl_convert.vegalite_to_svg(spec)


def picture(make: Any, alt_text: str, beside: int = 120) -> dict[str, str]:
    """A chart in its four faces, as data URIs for a <picture>: light and dark, desk and phone.

    ``make(theme, width)`` returns the chart; ``beside`` is what labels outside of it need on a
    phone, in pixels.
    """
    faces = {"alt": alt_text}
    for theme_name, theme in (("light", LIGHT), ("dark", DARK)):
        for width_name, width in WIDTHS.items():
            text = svg(make(theme=theme, width=width - beside if width_name == "phone" else width))
            data = base64.b64encode(text.encode()).decode()
            faces[f"{theme_name}_{width_name}"] = f"data:image/svg+xml;base64,{data}"
    return faces
