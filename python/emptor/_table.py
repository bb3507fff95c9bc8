"""Frames as text."""

from __future__ import annotations

import math
import os
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np

from ._lists import Lists

if TYPE_CHECKING:
    from .frame import Frame

_MAX_CELL, _MAX_TEXT = 40, 76  # ids and names; sentences


def cell(value: Any, decimals: int = 2, width: int = _MAX_CELL) -> str:
    """A value as people read it; missing is an en dash."""
    if value is None or value is np.ma.masked:
        return "–"
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (int, np.integer)):
        return f"{int(value)}"
    if isinstance(value, (float, np.floating)):
        return _number(float(value), decimals)
    if isinstance(value, np.datetime64):
        if np.isnat(value):
            return "–"
        text = str(value.astype("datetime64[s]") if value.dtype != "datetime64[D]" else value)
        return text.replace("T", " ")
    if isinstance(value, tuple):
        value = ", ".join(str(part) for part in value)
    text = " ".join(str(value).split())
    return text if len(text) <= width else text[: width - 1] + "…"


def _number(value: float, decimals: int) -> str:
    if math.isnan(value):
        return "–"
    size = abs(value)
    if math.isinf(value):
        return f"{value:g}"
    if size >= 1e15 or 0 < size < 0.5 * 10.0**-decimals:
        return f"{value:.1e}"
    return f"{value:,.{decimals}f}"


def decimals_of(column: np.ndarray | Lists) -> int:
    """How many digits after the point a column of numbers is shown with."""
    if isinstance(column, Lists) or column.dtype.kind != "f":
        return 0
    sizes = np.abs(column[np.isfinite(column)])
    largest = sizes.max() if len(sizes) else 0.0
    return 0 if largest >= 1e5 else 2 if largest >= 1.5 else 3


def _cells(frame: Frame, rows: int, sentence: int) -> tuple[list[str], list[list[str]], list[bool]]:
    """Names, cells by row, and which columns are numbers. Free text is cut at `sentence`."""
    names = frame.columns
    top = frame[:rows]
    columns = [top[name] for name in names]
    decimals = [decimals_of(column) for column in columns]
    wide = ("text", "list")
    widths = [sentence if kind in wide else _MAX_CELL for kind in frame.kinds.values()]
    cells = [
        [cell(column[i], *how) for column, *how in zip(columns, decimals, widths, strict=True)]
        for i in range(len(top))
    ]
    numeric = [not isinstance(column, Lists) and column.dtype.kind in "iuf" for column in columns]
    return names, cells, numeric


def counted(frame: Frame) -> str:
    rows, shown = frame.shape
    hidden = len(frame.all_columns) - shown
    text = f"{rows:,} row{'' if rows == 1 else 's'}, {shown} column{'' if shown == 1 else 's'}"
    if hidden > 0:
        text += f' ({hidden} more with select("all"))'
    if not rows and frame.info:
        text += "; .info tells how much was looked at"
    return text


def as_text(frame: Frame, rows: int) -> str:
    names, cells, numeric = _cells(frame, rows, _MAX_TEXT)
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
    return "\n".join([*lines, counted(frame)])
