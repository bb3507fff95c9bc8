"""Charts about customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._charting import LIGHT, Theme, altair, finish, rows_of

if TYPE_CHECKING:
    import altair as alt


def customer_timeline(history: Any, *, theme: Theme = LIGHT, width: int = 760) -> alt.Chart:
    """What one customer bought and gave back over time, up to the moment.

    ``history`` is a frame of ``customers.customer_history``.
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
        bars.encode(x=x, y=alt.Y("bought:Q", axis=y_axis), tooltip=tooltip, **zero),
        back.mark_rule(color=theme.bad, strokeWidth=2).encode(
            x=x, y=alt.Y("down:Q", axis=y_axis), tooltip=tooltip, **zero
        ),
        now.mark_rule(color=theme.soft, strokeDash=[4, 3]).encode(x=x),
    )
    return finish(chart, theme, width, 200)
