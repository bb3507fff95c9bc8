"""Charts of purchase models: one customer's chance over time, and what a model says of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ._charting import LIGHT, Theme, altair, finish, rows_of
from ._core.core import InvalidArgument

if TYPE_CHECKING:
    import altair as alt

_STEPS = 40  # of recency
_MOST = 40  # purchases across; more are not told apart by eye


def alive_history(path: Any, *, theme: Theme = LIGHT, width: int = 760) -> alt.Chart:
    """The chance that one customer still buys, day by day, with his purchases below.

    ``path`` is a frame of ``customers.alive_history``. The band is how well the model's parameters
    are known.
    """
    alt = altair()
    rows = rows_of(path, "day", "p_alive", "p_alive_low", "p_alive_high", "purchase")
    if np.isnan(path["p_alive"]).all():
        raise InvalidArgument(
            f'charts.alive_history: under "{path.info["model"]}" nobody is seen to leave; there is '
            "no chance to draw"
        )
    data = alt.Chart(alt.Data(values=rows))
    form = "%b %Y" if len(rows) > 120 else "%d %b"
    axis = alt.Axis(format=form, tickCount=6, grid=False)
    x = alt.X("day:T", title=None, axis=axis)
    share = alt.Axis(format="%", tickCount=5)
    y = alt.Y("p_alive:Q", title="still buys", axis=share, scale=alt.Scale(domain=[0, 1]))
    band = data.mark_area(color=theme.main, opacity=0.18).encode(
        x=x, y=alt.Y("p_alive_low:Q", title="still buys"), y2="p_alive_high:Q"
    )
    tooltip = [alt.Tooltip(f"{n}:Q", format=".0%") for n in ("p_alive", "p_alive_low",
                                                             "p_alive_high")]  # fmt: skip
    line = data.mark_line(color=theme.main, strokeWidth=2).encode(
        x=x, y=y, tooltip=["day:T", *tooltip]
    )
    bought = data.transform_filter("datum.purchase").mark_tick(
        color=theme.accent, thickness=1.5, size=12, orient="vertical"
    )
    ticks = bought.encode(x=x, y=alt.value(206), tooltip=["day:T"])
    return finish(alt.layer(band, line, ticks), theme, width, 212)


def frequency_recency(
    fit: Any,
    summary: Any,
    *,
    measure: str = "p_alive",
    horizon: str = "90 days",
    theme: Theme = LIGHT,
    width: int = 760,
) -> alt.Chart:
    """What a purchase model says of customers by how often and until when they bought.

    A cell is a customer watched as long as the one known longest in ``summary``; across is how
    often he bought after the first time, up is when he last did. ``measure`` is "p_alive" or
    "expected_purchases" (over the ``horizon``). The dots are the customers of the summary.
    """
    alt = altair()
    if measure not in ("p_alive", "expected_purchases"):
        raise InvalidArgument(
            'charts.frequency_recency: measure must be "p_alive" or "expected_purchases", found '
            f"{measure!r}"
        )
    longest = float(np.max(summary["T"])) if len(summary) else 0.0
    frequency = np.asarray(summary["frequency"])
    if longest <= 0 or frequency.max() < 1:
        raise InvalidArgument("charts.frequency_recency: nobody of the summary bought twice")
    most = int(np.clip(np.quantile(frequency[frequency > 0], 0.99), 5, _MOST))
    step = longest / _STEPS
    times = np.concatenate([[0.0], np.tile(np.arange(_STEPS) * step + step / 2, most)])
    counts = np.concatenate([[0], np.repeat(np.arange(1, most + 1), _STEPS)])
    table = {"frequency": counts, "recency": times, "T": np.full(len(counts), longest)}
    options = {} if measure == "p_alive" else {"horizon": horizon}
    value = getattr(fit, measure)(table, unit=fit.unit, **options)[measure]
    if np.isnan(value).all():
        raise InvalidArgument(
            f'charts.frequency_recency: under "{fit.model}" nobody is seen to leave; draw '
            'measure="expected_purchases"'
        )
    cells = [
        {
            "from": int(n) - 0.5,
            "to": int(n) + 0.5,
            "frequency": int(n),
            "low": max(0.0, float(t) - step / 2),
            "high": float(t) + step / 2,
            "value": float(v),
        }
        for n, t, v in zip(counts, times, value, strict=True)
    ]
    share = measure == "p_alive"
    title = "still buys" if share else f"expected purchases in {horizon}"
    scale = alt.Scale(range=[theme.grid, theme.main], **({"domain": [0, 1]} if share else {}))
    axis = alt.Axis(grid=False, tickCount=8, format="d")
    up = alt.Axis(grid=False, tickCount=6)
    across = {"title": "purchases after the first", "axis": axis,
              "scale": alt.Scale(domain=[-0.5, most + 0.5], nice=False)}  # fmt: skip
    y = alt.Y("low:Q", title=f"{fit.unit} from the first to the last purchase", axis=up,
              scale=alt.Scale(domain=[0, longest], nice=False))  # fmt: skip
    form = ".0%" if share else ".1f"
    squares = (
        alt.Chart(alt.Data(values=cells))
        .mark_rect()
        .encode(
            x=alt.X("from:Q", **across), x2="to:Q", y=y, y2="high:Q",
            color=alt.Color("value:Q", title=title, scale=scale,
                            legend=alt.Legend(format=form, titleLimit=300)),
            tooltip=["frequency:Q", alt.Tooltip("low:Q", format=".1f"),
                     alt.Tooltip("value:Q", format=form)],
        )
    )  # fmt: skip
    dots = _customers(alt, summary, most, theme, alt.X("frequency:Q", **across), y)
    return finish(squares + dots, theme, width, 340)


def _customers(alt: Any, summary: Any, most: int, theme: Theme, x: Any, y: Any) -> Any:
    """Customers in the middle of their column of cells; who bought more often is left out."""
    places: dict[tuple[int, float], int] = {}
    for n, t in zip(summary["frequency"].tolist(), summary["recency"].tolist(), strict=True):
        if n <= most:
            place = (int(n), round(float(t), 1))
            places[place] = places.get(place, 0) + 1
    rows = [{"frequency": n, "low": t, "customers": count} for (n, t), count in places.items()]
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_circle(color=theme.accent, opacity=0.7)
        .encode(
            x=x,
            y=y,
            size=alt.Size("customers:Q", scale=alt.Scale(range=[6, 80]), legend=None),
            tooltip=["customers:Q"],
        )
    )
