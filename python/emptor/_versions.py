"""What a bug report needs to know."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys

_PACKAGES = (
    "numpy",
    "pandas",
    "polars",
    "pyarrow",
    "duckdb",
    "altair",
    "vl-convert-python",
    "jinja2",
    "scikit-learn",
    "lightgbm",
    "xgboost",
    "tzdata",
)


def show_versions() -> None:
    """Prints the versions of emptor, Python, the machine and the libraries it can work with."""
    from . import __version__, _core

    rows = [
        ("emptor", __version__),
        ("python", platform.python_version()),
        ("platform", platform.platform()),
        ("compiler", getattr(_core, "compiler", "unknown")),
        ("processors", str(os.cpu_count())),
    ]
    for package in _PACKAGES:
        try:
            version = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            version = "not installed"
        rows.append((package, version))
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        sys.stdout.write(f"{name.ljust(width)}  {value}\n")
