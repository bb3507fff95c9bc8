"""What all charts share: colours, sizes, and plain rows for a chart's own data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt


@dataclass(frozen=True)
class Theme:
    """The colours of a chart. Text has a contrast of at least 4.5 to the background, marks of 3."""

    text: str
    grid: str
    main: str
    accent: str
    good: str
    bad: str
    soft: str


LIGHT = Theme("#22303c", "#dfe5ea", "#1f5f8b", "#b3541e", "#1d7a4f", "#b3372f", "#9fb8cb")
DARK = Theme("#dbe4ec", "#33414e", "#6fb1e0", "#f0a06a", "#5cc996", "#f08a82", "#47657d")
WIDTHS = {"desk": 760, "phone": 330}


def altair() -> Any:
    try:
        import altair as library
    except ImportError:
        raise ImportError("charts need Altair: pip install 'emptor[report]'") from None
    library.data_transformers.disable_max_rows()
    return library


def rows_of(frame: Any, *names: str) -> list[dict[str, Any]]:
    """Plain rows of the named columns for a chart's own data: dates as ISO text, and nothing where
    a number is missing."""
    columns = {name: frame[name] for name in names}
    rows = []
    for i in range(len(frame)):
        row = {}
        for name, values in columns.items():
            value = values[i]
            if hasattr(value, "item"):
                value = value.item()
            missing = isinstance(value, float) and not math.isfinite(value)
            row[name] = None if missing else str(value) if hasattr(value, "isoformat") else value
        rows.append(row)
    return rows


def finish(chart: Any, theme: Theme, width: int, height: int) -> alt.Chart:
    return (
        chart.properties(width=width, height=height, background="transparent")
        # `configure` replaces what the others set, so it comes first.
        .configure(font="DejaVu Sans, Segoe UI, Helvetica, Arial, sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=theme.text, titleColor=theme.text, gridColor=theme.grid, titleFontWeight=500,
            domainColor=theme.grid, tickColor=theme.grid, labelFontSize=12, titleFontSize=12,
            labelLimit=260,
        )
        .configure_legend(labelColor=theme.text, titleColor=theme.text, labelFontSize=12,
                          orient="top", symbolType="square")
    )  # fmt: skip
