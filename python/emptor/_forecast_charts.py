"""Charts about forecasts: how good they were, and what a series is made of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ._charting import LIGHT, Theme, altair, finish, rows_of
from ._core.core import InvalidArgument

if TYPE_CHECKING:
    import altair as alt


def _colours(models: list[str], theme: Theme) -> tuple[list[str], list[str]]:
    """The naive model soft, the others in the theme's colours."""
    ours = [model for model in models if model != "seasonal_naive"]
    marks = [theme.main, theme.accent, theme.good, theme.bad]
    colours = [marks[i % len(marks)] for i in range(len(ours))]
    naive = ["seasonal_naive"] if "seasonal_naive" in models else []
    return ours + naive, colours + [theme.soft] * len(naive)


def _whiskers(
    rows: list[dict[str, Any]],
    value: str,
    models: list[str],
    colours: list[str],
    axis: Any,
    title: str,
) -> list[Any]:
    """A point and its interval per step and model, side by side."""
    alt = altair()
    head, _, level = value.partition("_")
    if not level.replace("_", "").isdigit():
        head, level = value, ""
    low, high = (f"{head}_{end}" + (f"_{level}" if level else "") for end in ("low", "high"))
    scale = alt.Scale(domain=models, range=colours)
    data = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("step:O", title="periods ahead", axis=alt.Axis(labelAngle=0, grid=False)),
        xOffset=alt.XOffset("model:N", sort=models),
        tooltip=["model:N", "step:O", f"{value}:Q", f"{low}:Q", f"{high}:Q"],
    )
    y = alt.Y(f"{value}:Q", title=title, axis=axis, scale=alt.Scale(zero=False))
    return [
        data.mark_rule(strokeWidth=2).encode(
            y=alt.Y(f"{low}:Q", title=title, axis=axis),
            y2=f"{high}:Q",
            color=alt.Color("model:N", title=None, scale=scale),
        ),
        data.mark_point(filled=True, size=64, opacity=1).encode(
            y=y, color=alt.Color("model:N", title=None, scale=scale)
        ),
    ]


def backtest(
    steps: Any, *, score: str = "mase", theme: Theme = LIGHT, width: int = 760
) -> alt.Chart:
    """How a score goes with the horizon, by model, with its 95 % interval.

    ``steps`` is a frame of ``forecasting.backtest_steps``; ``score`` one of its scores, as "mase",
    "rmsse", "wql" or "bias".
    """
    alt = altair()
    steps = steps.select("all")
    if f"{score}_low" not in steps.all_columns:
        scores = [name[:-4] for name in steps.all_columns if name.endswith("_low")]
        raise InvalidArgument(f"backtest: score is '{score:.40}'; there are {', '.join(scores)}")
    rows = rows_of(steps, "model", "step", score, f"{score}_low", f"{score}_high")
    models, colours = _colours(list(dict.fromkeys(row["model"] for row in rows)), theme)
    chart = alt.layer(*_whiskers(rows, score, models, colours, alt.Axis(), score))
    return finish(chart, theme, width, 240)


def coverage(
    steps: Any, *, level: float = 0.95, theme: Theme = LIGHT, width: int = 760
) -> alt.Chart:
    """The share of values that lay in their interval, by step and model, and the share promised.

    ``steps`` is a frame of ``forecasting.backtest_steps``; ``level`` one of its levels.
    """
    alt = altair()
    steps = steps.select("all")
    suffix = "_" + f"{100 * level:.4f}".rstrip("0").rstrip(".").replace(".", "_")
    if f"coverage{suffix}" not in steps.all_columns:
        suffix = ""  # there is one level only, or the message of the frame says what there is
    value, low, high = (f"coverage{end}{suffix}" for end in ("", "_low", "_high"))
    rows = rows_of(steps, "model", "step", value, low, high)
    models, colours = _colours(list(dict.fromkeys(row["model"] for row in rows)), theme)
    axis = alt.Axis(format="%", tickCount=5)
    promised = alt.Chart(alt.Data(values=[{"level": level}]))
    chart = alt.layer(
        promised.mark_rule(color=theme.text, strokeDash=[4, 3]).encode(y="level:Q"),
        *_whiskers(rows, value, models, colours, axis, "inside the interval"),
    )
    return finish(chart, theme, width, 220)


def decomposition(parts: Any, *, theme: Theme = LIGHT, width: int = 760) -> alt.Chart:
    """A series over its trend, its seasons and what is left.

    ``parts`` is a frame of ``forecasting.stl`` of one series, or the rows of one.
    """
    alt = altair()
    parts = parts.select("all")
    names = [name for name in parts.all_columns if name.startswith("season_")]
    names = ["y", "trend", *(names if len(names) > 1 else ["season"]), "remainder"]
    at = "start" if "start" in parts.all_columns else "step"
    rows = rows_of(parts, at, *names)
    dated = at == "start"
    kind = "T" if dated else "Q"
    axis = alt.Axis(format="%b %Y", tickCount=6, grid=False) if dated else alt.Axis(grid=False)
    panels = []
    for name in names:
        last = name == names[-1]
        x = alt.X(f"{at}:{kind}", title=None, axis=axis if last else None)
        y = alt.Y(f"{name}:Q", title=name, axis=alt.Axis(format="~s", tickCount=3),
                  scale=alt.Scale(zero=False))  # fmt: skip
        data = alt.Chart(alt.Data(values=rows)).encode(
            x=x, y=y, tooltip=[f"{at}:{kind}", f"{name}:Q"]
        )
        mark = (
            data.mark_bar(color=theme.soft, width=2)
            if last
            else data.mark_line(color=theme.main if name == "y" else theme.accent, strokeWidth=2)
        )
        panels.append(mark.properties(width=width, height=84))
    joined = alt.vconcat(*panels, spacing=8).resolve_scale(x="shared")
    return finish_panels(joined, theme)


def finish_panels(chart: Any, theme: Theme) -> alt.Chart:
    """``finish`` of a chart whose panels have sizes of their own."""
    return (
        chart.properties(background="transparent")
        .configure(font="DejaVu Sans, Segoe UI, Helvetica, Arial, sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=theme.text, titleColor=theme.text, gridColor=theme.grid, titleFontWeight=500,
            domainColor=theme.grid, tickColor=theme.grid, labelFontSize=12, titleFontSize=12,
        )
    )  # fmt: skip


def forecast_change(
    frame: Any, *, step: int = 1, series: Any = None, theme: Theme = LIGHT, width: int = 760
) -> alt.Chart:
    """What moved the forecast of one period ahead: from then to now, a bar per cause.

    ``frame`` is of ``forecasting.explain``; ``series`` is one of its names, needed where it has
    several. Points are forecasts, so the axis need not begin at zero.
    """
    alt = altair()
    if not {"cause", "amount", "reason", "step"} <= set(frame.all_columns):
        raise InvalidArgument("charts.forecast_change: give a frame of forecasting.explain")
    listed = frame.filter(step=step)
    if not len(listed):
        raise InvalidArgument(
            f"charts.forecast_change: step is {step}; the account has steps up to "
            f"{int(max(frame['step'], default=0))}"
        )
    name = frame.all_columns[0]
    if name not in ("start", "step"):
        known = list(dict.fromkeys(listed[name].tolist()))
        if series is None and len(known) > 1:
            raise InvalidArgument(
                f"charts.forecast_change: there are {len(known)} series; write series={known[0]!r}"
            )
        listed = listed.filter(**{name: known[0] if series is None else series})
        if not len(listed):
            raise InvalidArgument(f"charts.forecast_change: there is no series {series!r}")
    bars, level = [], 0.0
    for row in rows_of(listed, "cause", "amount", "reason"):
        end = row["cause"] in ("before", "now")
        label = {"before": "forecast then", "now": "forecast now"}.get(row["cause"], row["reason"])
        below = row["amount"] if end else level
        level = row["amount"] if end else level + row["amount"]
        kind = "forecast" if end else "more" if row["amount"] >= 0 else "less"
        bars.append({"place": len(bars), "step": label, "from": below, "to": level, "kind": kind,
                     "amount": row["amount"]})  # fmt: skip
    colour = alt.Color(
        "kind:N", legend=None,
        scale=alt.Scale(domain=["forecast", "more", "less"],
                        range=[theme.main, theme.good, theme.bad]),
    )  # fmt: skip
    labels = f"{json.dumps([bar['step'] for bar in bars])}[datum.value]"
    base = alt.Chart(alt.Data(values=bars)).encode(
        y=alt.Y("place:O", title=None, axis=alt.Axis(labelLimit=width // 2, labelExpr=labels)),
        x=alt.X("from:Q", title="forecast", scale=alt.Scale(zero=False, padding=16),
                axis=alt.Axis(format="~s", tickCount=5)),
        color=colour,
        tooltip=["step:N", alt.Tooltip("amount:Q", format=",.2f")],
    )  # fmt: skip
    steps = base.transform_filter("datum.kind != 'forecast'").mark_bar(height=14).encode(x2="to:Q")
    ends = base.transform_filter("datum.kind == 'forecast'").mark_point(
        filled=True, size=110, shape="diamond"
    )
    return finish(alt.layer(steps, ends, data=alt.Data(values=bars)), theme, width, 30 * len(bars))
