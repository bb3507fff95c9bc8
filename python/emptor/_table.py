"""Frames as text and as HTML."""

from __future__ import annotations

import html
import math
import os
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .frame import Frame

_MAX_CELL = 40


def cell(value: Any) -> str:
    """A value as people read it; missing is an en dash."""
    if value is None or value is np.ma.masked:
        return "–"
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (int, np.integer)):
        return f"{int(value)}"
    if isinstance(value, (float, np.floating)):
        return _number(float(value))
    if isinstance(value, np.datetime64):
        if np.isnat(value):
            return "–"
        text = str(value.astype("datetime64[s]") if value.dtype != "datetime64[D]" else value)
        return text.replace("T", " ")
    text = " ".join(str(value).split())
    return text if len(text) <= _MAX_CELL else text[: _MAX_CELL - 1] + "…"


def _number(value: float) -> str:
    if math.isnan(value):
        return "–"
    size = abs(value)
    if math.isinf(value) or size == 0:
        return f"{value:g}"
    if size >= 1e15 or size < 1e-4:
        return f"{value:.2e}"
    if size >= 1000:
        return f"{value:,.0f}" if size >= 1e5 else f"{value:,.2f}"
    return f"{value:.4g}" if size < 1 else f"{value:.2f}"


def _cells(frame: Frame, rows: int) -> tuple[list[str], list[list[str]], list[bool]]:
    """Names, cells by row, and which columns are numbers."""
    names = frame.columns
    columns = [frame[:rows][name] for name in names]
    numeric = [column.dtype.kind in "iuf" for column in columns]
    return (
        names,
        [[cell(column[i]) for column in columns] for i in range(min(rows, len(frame)))],
        numeric,
    )


def _counted(frame: Frame) -> str:
    rows, shown = frame.shape
    hidden = len(frame.all_columns) - shown
    text = f"{rows:,} row{'' if rows == 1 else 's'}, {shown} column{'' if shown == 1 else 's'}"
    if hidden > 0:
        text += f' ({hidden} more with select("all"))'
    return text


def as_text(frame: Frame, rows: int) -> str:
    names, cells, numeric = _cells(frame, rows)
    if not names:
        return "Frame: no columns"
    widths = [max(len(name), *(len(row[i]) for row in cells), 1) for i, name in enumerate(names)]
    space = max(shutil.get_terminal_size((100, 24)).columns, 40)
    if not os.environ.get("COLUMNS") and space < 100:
        space = 100
    fits, used = 0, 0
    for width in widths:
        used += width + 2
        if used - 2 > space and fits:
            break
        fits += 1
    lines = []
    for row in [names, *cells]:
        parts = [
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(row[:fits], widths, numeric, strict=False)
        ]
        lines.append("  ".join(parts).rstrip())
    if len(frame) > rows:
        lines.append("…")
    if fits < len(names):
        lines.append(f"and {', '.join(names[fits:])}")
    return "\n".join([*lines, _counted(frame)])


def as_html(frame: Frame, rows: int) -> str:
    names, cells, numeric = _cells(frame, rows)
    docs = frame.docs
    head = "".join(
        f'<th title="{html.escape(docs[name])}"{_align(right)}>{html.escape(name)}</th>'
        for name, right in zip(names, numeric, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{_align(right)}>{html.escape(text)}</td>"
            for text, right in zip(row, numeric, strict=True)
        )
        + "</tr>"
        for row in cells
    )
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<p>{html.escape(_counted(frame))}</p>"
    )


def _align(right: bool) -> str:
    return f' style="text-align:{"right" if right else "left"}"'
