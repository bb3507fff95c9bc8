"""What the fitted models of series have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ._core.core import InvalidArgument
from ._names import did_you_mean
from ._panel import values_of
from .frame import Frame


class SeriesFits:
    """Fits of one or more series, named or numbered; they hold no data and never change."""

    def __init__(self, fits: Any, names: list[Any] | None) -> None:
        self._fits = fits
        self._names = names

    @property
    def parameters(self) -> Frame:
        """What was chosen and estimated, and the criteria; a row per series."""
        return self._fits.parameters()

    def _place(self, function: str, series: Any) -> int:
        """Number of the named series; a single one needs no name."""
        if series is None and len(self) == 1:
            return 0
        names = list(range(len(self))) if self._names is None else self._names
        if series is None:
            raise InvalidArgument(f"{function}: which of {len(names)} series? Write series=name")
        if series in names:
            return names.index(series)
        raise InvalidArgument(
            f"{function}: no series {str(series)[:40]!r}"
            f"{did_you_mean(str(series), [str(name) for name in names])}"
        )

    def _new_values(self, values: Any) -> list[np.ndarray]:
        """What ``update`` was given, by series; empty where a series has no new values."""
        new = [np.array([])] * len(self)
        if isinstance(values, Mapping):
            for name, of_one in values.items():
                new[self._place("update", name)] = values_of("update", of_one)
        elif len(self) == 1:
            new[0] = values_of("update", values)
        else:
            raise InvalidArgument(
                f"update: {len(self)} series; give the new values as a dict by name"
            )
        return new

    def __len__(self) -> int:
        return len(self._fits)

    def __repr__(self) -> str:
        return f"{type(self).__name__} of {len(self)} series\n{self.parameters!r}"

    def _repr_html_(self) -> str:
        return self.parameters._repr_html_()


def at_least_one(function: str, **values: int) -> None:
    for name, value in values.items():
        if value < 1:
            raise InvalidArgument(f"{function}: {name} is {value}; write 1 or more")
