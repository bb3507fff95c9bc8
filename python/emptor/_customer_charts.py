"""Charts about customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ._charting import LIGHT, Theme, altair, finish, rows_of

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
