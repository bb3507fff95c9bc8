"""Progress of long calls: shown when asked for or where a person looks on, silent in scripts."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

_WIDTH = 30
_PATIENCE = 1.0  # seconds a call may take before a bar nobody asked for appears


class Bar:
    """A bar on standard error."""

    def __init__(self, patience: float = 0.0) -> None:
        self._start = time.monotonic()
        self._patience = patience
        self._drawn = False

    def __call__(self, share: float) -> None:
        if time.monotonic() - self._start < self._patience:
            return
        filled = round(_WIDTH * min(max(share, 0.0), 1.0))
        sys.stderr.write(f"\r[{'#' * filled}{'.' * (_WIDTH - filled)}] {share:4.0%}")
        sys.stderr.flush()
        self._drawn = True

    def close(self) -> None:
        if self._drawn:
            sys.stderr.write("\r" + " " * (_WIDTH + 8) + "\r")
            sys.stderr.flush()


def _someone_watches() -> bool:
    return hasattr(sys, "ps1") and sys.stderr is not None and sys.stderr.isatty()


def reporter(progress: Any) -> Callable[[float], None] | None:
    """What is called with the share done: ``progress=`` of a computation, resolved."""
    if callable(progress):
        return progress
    if progress is None:
        return Bar(_PATIENCE) if _someone_watches() else None
    if isinstance(progress, bool):
        return Bar() if progress else None
    raise TypeError(
        f"progress must be True, False or a function of the share done, got {progress!r}"
    )
