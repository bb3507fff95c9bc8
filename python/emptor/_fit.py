"""What the fitted models of customers have in common."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from ._files import write_atomically
from .frame import Frame


class Fit:
    """Parameters and how well they are known, without the data.

    ``fit.table`` holds the parameters with intervals, ``fit.info`` everything else.
    """

    __slots__ = ("_core", "_table")
    _REASONS: ClassVar[dict[str, str]] = {}

    def __init__(self, core: Any) -> None:
        self._core = core
        self._table: Frame = core.table()

    @property
    def table(self) -> Frame:
        """A row per parameter: value, interval, standard error, status."""
        return self._table

    @property
    def info(self) -> dict[str, Any]:
        return {**self._table.info, "reason": self.reason}

    @property
    def parameters(self) -> dict[str, float]:
        """Every parameter by its name."""
        names, values = self._table["parameter"], self._table["value"]
        return dict(zip(names.tolist(), values.tolist(), strict=True))

    @property
    def log_covariance(self) -> np.ndarray:
        """Of the logarithms of the parameters."""
        return self._core.log_covariance

    @property
    def log_likelihood(self) -> float:
        return self._table.info["log_likelihood"]

    @property
    def n(self) -> int:
        return self._table.info["n"]

    @property
    def converged(self) -> bool:
        return self._table.info["converged"]

    @property
    def status(self) -> str:
        return self._table.info["status"]

    @property
    def reason(self) -> str:
        """What stands behind a status that is not ok, in words."""
        return self._REASONS.get(self._table.info["reason"], "")

    def _state(self) -> str:
        return f"status {self.status}" + (f": {self.reason}" if self.reason else "")

    def save(self, path: str | os.PathLike[str]) -> None:
        """Replaces the file in one step; ``em.load(path)`` gives the fit back to the last bit."""
        write_atomically(Path(path), self._core.to_bytes())

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (type(self), self._core.to_bytes())

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._core.to_bytes() == other._core.to_bytes()

    def __hash__(self) -> int:
        return hash(self._core.to_bytes())

    @classmethod
    def _from_bytes(cls, data: bytes) -> Any:
        raise NotImplementedError


def _unpickled(kind: type[Fit], data: bytes) -> Fit:
    return kind._from_bytes(data)
