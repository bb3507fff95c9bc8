# Made by scripts/stubs; never edited.
"""
The C++ core of emptor; use the modules of the package instead.
"""

from __future__ import annotations
from . import core
from . import data
from . import metrics
from . import mining
from . import customers
from . import forecasting

__all__: list[str] = ["compiler", "core", "customers", "data", "forecasting", "metrics", "mining"]
__version__: str = "0.1.0"
compiler: str = "12.2.0"
