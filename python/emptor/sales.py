"""The front door: a firm's sales, read from frames and files."""

from __future__ import annotations

from ._core import data as _core


class Sales(_core.Sales):
    """A firm's sales as an immutable value."""
