"""Frames as HTML, for notebooks: an interval stands under its value, sentences have room."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ._lists import Lists
from ._table import cell, counted, decimals_of

if TYPE_CHECKING:
    from .frame import Frame

_MAX_TEXT = 300  # a browser wraps lines
_LONG = 28  # letters from which on a column of texts gets room for a sentence

# Notebooks bring styles of their own for tables; these say what ours need beside them.
STYLE = """<style>
.emptor{overflow-x:auto;max-width:100%}
.emptor table{border-collapse:collapse;font-variant-numeric:tabular-nums}
.emptor th,.emptor td{padding:.25em .6em;vertical-align:top;border-bottom:1px solid #8884}
.emptor th{vertical-align:bottom;font-weight:600}
.emptor .n{text-align:right;white-space:nowrap}
.emptor .t{text-align:left}
.emptor .d{text-align:left;white-space:nowrap}
.emptor .s{text-align:left;min-width:20em}
.emptor small{display:block;opacity:.75}
</style>"""


@dataclass
class Shown:
    """A column, with those that hold the ends of its intervals."""

    name: str
    ends: list[tuple[str, str]] = field(default_factory=list)


def columns_of(names: list[str]) -> list[Shown]:
    """Columns as they are shown: x_low and x_high under x, forecast_low_80 and so on too."""
    made, taken = [], set()
    for name in names:
        if name in taken:
            continue
        shown = Shown(name)
        for low in names:
            high = f"{name}_high{low.removeprefix(f'{name}_low')}"
            if low.startswith(f"{name}_low") and high in names:
                shown.ends.append((low, high))
                taken |= {low, high}
        made.append(shown)
    return [shown for shown in made if shown.name not in taken]


def as_html(frame: Frame, rows: int) -> str:
    top = frame[:rows]
    shown = columns_of(frame.columns)
    kinds = {one.name: _class(frame, top[one.name], one.name) for one in shown}
    docs = frame.docs
    head = "".join(
        f'<th class="{kinds[one.name]}" title="{html.escape(docs[one.name])}">{_head(one)}</th>'
        for one in shown
    )
    cells = [[*_cells(frame, top, one)] for one in shown]
    body = "".join(
        "<tr>"
        + "".join(
            f'<td class="{kinds[one.name]}">{column[i]}</td>'
            for one, column in zip(shown, cells, strict=True)
        )
        + "</tr>"
        for i in range(len(top))
    )
    return (
        f'{STYLE}<div class="emptor"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody>'
        f"</table></div><p>{html.escape(counted(frame))}</p>"
    )


def _head(one: Shown) -> str:
    text = _breakable(one.name)
    if not one.ends:
        return text
    return f"{text}<small>{_level(one, one.ends[0])}low to high</small>"


def _level(one: Shown, ends: tuple[str, str]) -> str:
    """ "80 %: " of forecast_low_80; nothing where the interval has no level in its name."""
    level = ends[0].removeprefix(f"{one.name}_low").strip("_").replace("_", ".")
    return f"{html.escape(level)} %: " if level and len(one.ends) > 1 else ""


def _breakable(name: str) -> str:
    return html.escape(name).replace("_", "_<wbr>")


def _class(frame: Frame, values: Any, name: str) -> str:
    """Numbers to the right, dates unbroken, sentences with room."""
    if isinstance(values, Lists):
        return "t"
    if values.dtype.kind in "iuf":
        return "n"
    if values.dtype.kind == "M":
        return "d"
    long = frame.kinds[name] == "text" and any(len(str(v)) > _LONG for v in values.tolist())
    return "s" if long else "t"


def _cells(frame: Frame, top: Frame, one: Shown) -> list[str]:
    values = _texts(frame, top, one.name)
    for ends in one.ends:
        low, high = (_texts(frame, top, name) for name in ends)
        level = _level(one, ends)
        values = [
            f"{value}<small>{level}{a} to {b}</small>" if (a, b) != ("–", "–") else value
            for value, a, b in zip(values, low, high, strict=True)
        ]
    return values


def _texts(frame: Frame, top: Frame, name: str) -> list[str]:
    column = top[name]
    if frame.kinds[name] == "int64":
        return [html.escape(cell(v) if cell(v) == "–" else f"{int(v):,}") for v in column]
    decimals = decimals_of(column)
    width = _MAX_TEXT if frame.kinds[name] in ("text", "list") else 40
    return [html.escape(cell(column[i], decimals, width)) for i in range(len(top))]
