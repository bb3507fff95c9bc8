"""Charts about customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ._charting import LIGHT, Theme, altair, finish, rows_of
from ._core.core import InvalidArgument

if TYPE_CHECKING:
    import altair as alt


def customer_timeline(
    history: Any,
    *,
    decline: Mapping[str, Any] | None = None,
    theme: Theme = LIGHT,
    width: int = 760,
) -> alt.Chart:
    """What one customer bought and gave back over time, up to the moment.

    ``history`` is a frame of ``customers.customer_history``. ``decline`` is the customer's row of
    ``customers.declining``, as ``page.scores["declining"]`` holds it: the window is shaded, and
    where the orders say when the rate fell, a line marks the day and a band its interval.
    """
    alt = altair()
    rows = rows_of(history, "day", "amount", "returned", "orders", "products")
    bought = [{**row, "bought": row["amount"] + row["returned"]} for row in rows]
    moment = history.info["last_day"]
    data = alt.Chart(alt.Data(values=bought))
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=6, grid=False))
    tooltip = ["day:T", "bought:Q", "returned:Q", "orders:Q", "products:Q"]
    y_axis = alt.Axis(title="bought above, given back below", format="~s", tickCount=5)
    bars = data.transform_filter("datum.bought > 0").mark_rule(color=theme.main, strokeWidth=2)
    back = data.transform_calculate(down="-datum.returned").transform_filter("datum.down < 0")
    now = alt.Chart(alt.Data(values=[{"day": moment}]))
    zero = {"y2": alt.datum(0)}
    chart = alt.layer(
        *_decline_marks(alt, decline, x, theme),
        bars.encode(x=x, y=alt.Y("bought:Q", axis=y_axis), tooltip=tooltip, **zero),
        back.mark_rule(color=theme.bad, strokeWidth=2).encode(
            x=x, y=alt.Y("down:Q", axis=y_axis), tooltip=tooltip, **zero
        ),
        now.mark_rule(color=theme.soft, strokeDash=[4, 3]).encode(x=x),
    )
    return finish(chart, theme, width, 200)


def _decline_marks(alt: Any, decline: Mapping[str, Any] | None, x: Any, theme: Theme) -> list[Any]:
    """The window judged, and the day of the fall with its interval."""
    if decline is None:
        return []

    def band(first: str, last: str, color: str, opacity: float) -> Any:
        row = {"day": str(decline[first]), "until": str(decline[last])}
        return (
            alt.Chart(alt.Data(values=[row]))
            .mark_rect(color=color, opacity=opacity)
            .encode(x=x, x2="until:T")
        )

    marks = [band("window_first", "window_last", theme.soft, 0.2)]
    said = [{"day": str(decline["window_first"]), "text": "window"}]
    since = str(decline["change_date"])
    if since not in ("NaT", "None"):
        marks.append(band("change_date_low", "change_date_high", theme.accent, 0.25))
        day = alt.Chart(alt.Data(values=[{"day": since}]))
        marks.append(day.mark_rule(color=theme.accent, strokeWidth=2).encode(x=x))
        said.append({"day": since, "text": "fell about here"})
    for at, one in enumerate(said):
        text = alt.Chart(alt.Data(values=[one]))
        marks.append(
            text.mark_text(
                align="left", dx=4, color=theme.text if at == 0 else theme.accent, fontSize=11
            ).encode(x=x, y=alt.value(8 + 14 * at), text="text:N")
        )
    return marks


def retention(
    found: Any, *, measure: str = "retained", theme: Theme = LIGHT, width: int = 760
) -> alt.Chart:
    """A heat map of a retention triangle: cohorts down, periods after across.

    ``found`` is a frame of ``customers.retention``; ``customers.retention_triangle`` is its table.
    Cells whose period is not over are left out, as those after the moment are.
    """
    from .customers import retention_triangle

    alt = altair()
    money = measure == "revenue"
    count = measure == "active"
    table = retention_triangle(found, measure=measure)
    cells = []
    for row in table.rows():
        cohort, n = str(row["cohort"]), row["n"]
        cells += [
            {"cohort": cohort, "n": n, "periods": int(name), "value": value}
            for name, value in row.items()
            if name not in ("cohort", "n") and value is not None and value == value
        ]
    form = "~s" if money else ",.0f" if count else ".0%"
    period = table.info["period"]
    base = alt.Chart(alt.Data(values=cells)).encode(
        x=alt.X(
            "periods:O",
            title=f"{period.split()[0]}s after the first purchase",
            axis=alt.Axis(labelAngle=0, grid=False),
        ),
        y=alt.Y("cohort:O", title=None, axis=alt.Axis(grid=False)),
    )
    # The cohort's own period is 1 by definition and would take all the colour.
    later = [cell["value"] for cell in cells if cell["periods"] > 0] or [1.0]
    scale = alt.Scale(domain=[0, max(later) or 1.0], range=[theme.grid, theme.main], clamp=True)
    squares = base.mark_rect().encode(
        color=alt.Color(
            "value:Q", title=measure.replace("_", " "), scale=scale, legend=alt.Legend(format=form)
        ),
        tooltip=["cohort:O", "periods:O", "n:Q", alt.Tooltip("value:Q", format=form)],
    )
    if width < 500 or len({cell["periods"] for cell in cells}) > 18:  # no room for numbers
        return finish(squares, theme, width, min(24 * max(1, len(table)) + 20, 900))
    half = 0.5 * scale.domain[1]
    text = base.mark_text(fontSize=11).encode(
        text=alt.Text("value:Q", format=form),
        color=alt.condition(f"datum.value > {half}", alt.value("#ffffff"), alt.value(theme.text)),
    )
    return finish(squares + text, theme, width, min(24 * max(1, len(table)) + 20, 900))


def calibration(found: Any, *, theme: Theme = LIGHT, width: int = 760) -> alt.Chart:
    """Do events come as often as forecast? Share by mean forecast with its interval; on the line
    the two agree.

    ``found`` is the frame of bins, as ``customers.churn(...).reliability``: the chart's table.
    """
    alt = altair()
    rows = rows_of(found, "probability", "share", "share_low", "share_high", "n")
    top = max([0.05, *(max(row["probability"], row["share_high"]) for row in rows)])
    scale = alt.Scale(domain=[0, min(1.0, top * 1.05)], nice=False)
    axis = alt.Axis(format=".0%", tickCount=5)
    x = alt.X("probability:Q", title="forecast", scale=scale, axis=axis)
    base = alt.Chart(alt.Data(values=rows)).encode(x=x)
    y = alt.Y("share:Q", title="came", scale=scale, axis=axis)
    exact = [{"probability": end, "share": end} for end in scale.domain]
    line = alt.Chart(alt.Data(values=exact)).mark_line(color=theme.soft, strokeDash=[4, 3])
    bars = base.mark_rule(color=theme.main, strokeWidth=2).encode(
        y=alt.Y("share_low:Q", title="came", scale=scale, axis=axis), y2="share_high:Q"
    )
    points = base.mark_point(color=theme.main, filled=True, size=60, opacity=1).encode(
        y=y,
        tooltip=[
            alt.Tooltip("probability:Q", format=".1%"), alt.Tooltip("share:Q", format=".1%"),
            alt.Tooltip("share_low:Q", format=".1%"), alt.Tooltip("share_high:Q", format=".1%"),
            "n:Q",
        ],
    )  # fmt: skip
    side = min(width, 360)
    return finish(line.encode(x=x, y=y) + bars + points, theme, side, side)


def lift(
    found: Any, *, measure: str = "caught", theme: Theme = LIGHT, width: int = 760
) -> alt.Chart:
    """Whom the highest probabilities catch, by the share of customers looked at, with its interval.

    ``measure`` is "caught" (share of all events, cumulative gains) or "lift" (how often the events
    of a blind choice). The dashed line is a blind choice. ``found`` is a frame as
    ``customers.churn(...).lift``; it is the chart's table.
    """
    if measure not in ("caught", "lift"):
        raise InvalidArgument(f'lift: measure must be "caught" or "lift", got {measure!r:.40}')
    alt = altair()
    names = (measure, f"{measure}_low", f"{measure}_high")
    rows = rows_of(found, "top", *names, "n", "probability")
    percent = alt.Axis(format=".0%", tickCount=5)
    x = alt.X("top:Q", title="customers looked at, the highest probabilities first", axis=percent,
              scale=alt.Scale(domain=[0, 1]))  # fmt: skip
    caught = measure == "caught"
    title = "share of those who left" if caught else "times a blind choice"
    y_axis = percent if caught else alt.Axis(tickCount=5)
    y = {"title": title, "axis": y_axis, "scale": alt.Scale(domainMin=0)}
    if caught:
        rows.insert(0, dict.fromkeys((*names, "top"), 0.0))
    blind = [{"top": 0, "at": 0 if caught else 1}, {"top": 1, "at": 1}]
    base = alt.Chart(alt.Data(values=rows)).encode(x=x)
    band = base.mark_area(color=theme.main, opacity=0.25).encode(
        y=alt.Y(f"{names[1]}:Q", **y), y2=f"{names[2]}:Q"
    )
    form = ".1%" if caught else ".2f"
    line = base.mark_line(color=theme.main, strokeWidth=2, point={"color": theme.main}).encode(
        y=alt.Y(f"{measure}:Q", **y),
        tooltip=[
            alt.Tooltip("top:Q", format=".0%"), *(
                alt.Tooltip(f"{name}:Q", format=form) for name in names
            ),
            "n:Q", alt.Tooltip("probability:Q", format=".1%"),
        ],
    )  # fmt: skip
    dashed = alt.Chart(alt.Data(values=blind)).mark_line(color=theme.soft, strokeDash=[4, 3])
    chart = band + dashed.encode(x=x, y=alt.Y("at:Q", **y)) + line
    return finish(chart, theme, width, 300)
