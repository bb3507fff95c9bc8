"""Sales intelligence: who buys what next, who is slipping away, what the next quarter brings,
and how sure we are of each.

    import emptor as em
    sales = em.read("orders.csv")
    em.mining.bought_next(sales, window="90 days")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ._core import __version__

if TYPE_CHECKING:
    from . import charts, customers, forecasting, metrics, mining
    from ._baskets import baskets
    from ._compare import compare
    from ._core.core import (
        Cancelled,
        DataError,
        Error,
        Estimate,
        FormatError,
        InvalidArgument,
        MemoryLimit,
    )
    from ._core.data import Baskets
    from ._example import example
    from ._saved import load
    from ._versions import show_versions
    from .frame import Frame
    from .sales import Sales, read

# Everything is loaded when it is first asked for, so that `import emptor` costs next to nothing.
_MODULES = ("charts", "customers", "forecasting", "metrics", "mining", "report")
_NAMES = {
    "Cancelled": "_core.core",
    "DataError": "_core.core",
    "Error": "_core.core",
    "Estimate": "_core.core",
    "FormatError": "_core.core",
    "InvalidArgument": "_core.core",
    "MemoryLimit": "_core.core",
    "Baskets": "_core.data",
    "Frame": "frame",
    "Sales": "sales",
    "read": "sales",
    "baskets": "_baskets",
    "compare": "_compare",
    "example": "_example",
    "load": "_saved",
    "show_versions": "_versions",
}

__all__ = [
    "Baskets",
    "Cancelled",
    "DataError",
    "Error",
    "Estimate",
    "FormatError",
    "Frame",
    "InvalidArgument",
    "MemoryLimit",
    "Sales",
    "__version__",
    "baskets",
    "charts",
    "compare",
    "customers",
    "example",
    "forecasting",
    "load",
    "metrics",
    "mining",
    "read",
    "show_versions",
]


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        value = getattr(importlib.import_module(f".{_NAMES[name]}", __name__), name)
        globals()[name] = value
        return value
    if name in _MODULES:
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module 'emptor' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
