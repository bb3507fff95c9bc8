"""Forecasts of a hierarchy: of the finest series, of their sums, and so that they add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ._core import forecasting as _core
from ._core.core import InvalidArgument
from ._panel import Panel, names_of, places, start_of_places, starts, values_of
from .frame import Frame

_ERROR_WINDOWS = 50  # past moments whose errors the covariance is made of
_FEWEST_ERRORS = 3


class Nodes:
    """All nodes of a hierarchy: their names by column, their level and the series they sum."""

    def __init__(self, function: str, table: Any, hierarchy: Sequence[Sequence[str]]) -> None:
        self.columns = list(hierarchy[-1])
        found = names_of(table) or []
        for name in {name for level in hierarchy for name in level}:
            if name not in found:
                raise InvalidArgument(
                    f"{function}: the table has no column '{name}'; it has {', '.join(found)[:80]}"
                )
            if name not in self.columns:
                raise InvalidArgument(
                    f"{function}: the last level of hierarchy must name every column of the "
                    f"others; '{name}' is not in it"
                )
        codes = np.zeros(len(values_of(function, table["y"])), np.int64)
        texts = {}
        for name in self.columns:
            column = np.array([str(v) for v in _listed(table[name])], dtype=object)
            texts[name], code = np.unique(column.astype(str), return_inverse=True)
            codes = codes * len(texts[name]) + code
            # Numbered anew, so that no product of many columns overflows.
            _, codes = np.unique(codes, return_inverse=True)
        self.finest_of_row = codes
        self.finest = int(codes.max()) + 1 if len(codes) else 0
        first = np.zeros(self.finest, np.int64)
        first[codes[::-1]] = np.arange(len(codes))[::-1]
        keys = {
            name: np.array([str(v) for v in _listed(table[name])], dtype=object)[first]
            for name in self.columns
        }
        self.node: list[np.ndarray] = []  # by level, the node of each finest series
        self.level: list[int] = []
        self.names: list[dict[str, str]] = []
        for number, level in enumerate(hierarchy):
            if number + 1 == len(hierarchy):
                of_series, members = np.arange(self.finest), np.arange(self.finest)
            else:
                of_series = np.zeros(self.finest, np.int64)
                for name in level:
                    _, code = np.unique(keys[name].astype(str), return_inverse=True)
                    of_series = of_series * (int(code.max()) + 1) + code
                _, members, of_series = np.unique(of_series, return_index=True, return_inverse=True)
                self.node.append(of_series + len(self.names))
            for member in members:
                self.names.append({name: keys[name][member] for name in level})
                self.level.append(number)
        self.count = len(self.names)

    def sums(self, y: np.ndarray) -> np.ndarray:
        """Rows of the finest series, and above them those of the nodes that sum them."""
        out = np.zeros((self.count, y.shape[1]))
        out[self.count - self.finest :] = y
        for node in self.node:
            np.add.at(out, node, y)
        return out

    def column(self, name: str, repeat: int) -> list[str]:
        return [names.get(name, "") for names in self.names for _ in range(repeat)]

    def locked(self, function: str, locked: Mapping[Any, Any]) -> dict[int, np.ndarray]:
        """Numbers of the nodes that are locked, with their values."""
        out = {}
        for key, values in locked.items():
            wanted = tuple(str(k) for k in (key if isinstance(key, tuple) else (key,)) if k != "")
            found = [i for i, names in enumerate(self.names) if tuple(names.values()) == wanted]
            if not found:
                raise InvalidArgument(
                    f"{function}: locked names no node {key!r:.60}; write the values of a level's "
                    "columns, as ('North',), or () for the whole"
                )
            out[found[0]] = np.atleast_1d(np.asarray(values, np.float64))
        return out


def _listed(column: Any) -> list[Any]:
    return column.tolist() if hasattr(column, "tolist") else list(column)


def _panel_of(function: str, table: Any, nodes: Nodes, period: str) -> tuple[Panel, np.ndarray]:
    """All nodes on the same periods, from the first to the last date of the table."""
    ds = table["ds"]
    ds = ds.to_numpy() if hasattr(ds, "to_numpy") else np.asarray(ds)
    place = places(starts(function, ds.astype("datetime64[D]").astype(np.int64), period), period)
    y = values_of(function, table["y"])
    if not np.isfinite(y).all():
        row = int(np.flatnonzero(~np.isfinite(y))[0])
        raise InvalidArgument(
            f"{function}: y is missing or infinite in row {row}; write 0 where nothing was sold"
        )
    first, last = int(place.min()), int(place.max())
    values = np.zeros((nodes.finest, last - first + 1))
    np.add.at(values, (nodes.finest_of_row, place - first), y)
    every = nodes.sums(values)
    days = start_of_places(np.arange(first, last + 1), period).astype(np.int32)
    panel = Panel(
        np.ascontiguousarray(every).ravel(),
        offset=np.arange(nodes.count + 1, dtype=np.int64) * every.shape[1],
        start=np.tile(days, nodes.count),
        period=period,
    )
    return panel, every


def _past_errors(
    rows: Mapping[str, Any], history: np.ndarray, nodes: Nodes, options: dict[str, Any]
) -> np.ndarray:
    """One-step errors of all nodes at the same past moments."""
    made = _core.backtest_forecasts(
        history.ravel(), **rows, horizon=1, step=1, windows=_ERROR_WINDOWS,
        models=[options["model"]], season_length=options["season_length"],
        calibration_windows=0, threads=options["threads"],
    ).select("all")  # fmt: skip
    ours = made["model"] == options["model"]
    window = made["window"][ours] - 1
    error = np.full((nodes.count, _ERROR_WINDOWS), np.nan)
    error[np.asarray(made["series"][ours], np.int64), window] = (
        made["actual"][ours] - made["forecast"][ours]
    )
    # Where a node was too young to be forecast, its change from the period before stands in.
    first = history.shape[1] - _ERROR_WINDOWS
    changes = np.diff(history, axis=1, prepend=np.nan)[:, max(first, 0) :]
    error = error[:, max(-first, 0) :]
    moments = np.isfinite(error).any(axis=0) & np.isfinite(changes).all(axis=0)
    error = np.where(np.isfinite(error), error, changes)[:, moments]
    if error.shape[1] < _FEWEST_ERRORS:
        raise InvalidArgument(
            "reconcile: method 'shrunk' needs 3 past moments at which a node can be forecast; "
            "write method='variance'"
        )
    return np.ascontiguousarray(error)


def reconcile(function: str, table: Any, hierarchy: Any, locked: Any, **options: Any) -> Frame:
    if isinstance(hierarchy, str) or not len(hierarchy):
        raise InvalidArgument(
            f"{function}: hierarchy must be lists of columns, coarsest first, as [[], ['region'], "
            "['region', 'product']]"
        )
    levels = [[level] if isinstance(level, str) else list(level) for level in hierarchy]
    nodes = Nodes(function, table, levels)
    if nodes.finest == 0:
        raise InvalidArgument(f"{function}: the table has no rows")
    panel, history = _panel_of(function, table, nodes, options["period"])
    rows = {"offset": panel.offset, "start": panel.start, "period": panel.period}
    level = options["level"]
    levels_asked = [level] if isinstance(level, (int, float)) else list(level)
    base = _core.forecast(
        panel.y, **rows, horizon=options["horizon"], model=options["model"], level=levels_asked,
        season_length=options["season_length"], windows=options["windows"],
        threads=options["threads"], progress=options["progress"],
        memory_limit=options["memory_limit"],
    ).select("all")  # fmt: skip
    horizon = len(base["forecast"]) // nodes.count
    forecast = np.array(base["forecast"]).reshape(nodes.count, horizon)
    fixed = np.zeros(nodes.count, np.uint8)
    for node, values in nodes.locked(function, locked or {}).items():
        if values.size not in (1, horizon):
            raise InvalidArgument(
                f"{function}: locked has {values.size} values for a node; write one, or one for "
                f"each of {horizon} steps"
            )
        forecast[node], fixed[node] = values, 1
    given: dict[str, Any] = {}
    if options["method"] == "variance":
        high = next(name for name in base.all_columns if name.startswith("forecast_high"))
        half = np.nan_to_num(base[high] - base["forecast"])
        given["variance"] = half * half
    if options["method"] == "shrunk":
        given["error"] = _past_errors(rows, history, nodes, options)
    sums = nodes.node or [np.zeros(0, np.int64)]
    coherent, shrinkage = _core._reconcile(
        np.concatenate(sums).astype(np.int32),
        finest=nodes.finest,
        forecast=np.ascontiguousarray(forecast).ravel(),
        horizon=horizon,
        method=options["method"],
        locked=fixed,
        nonnegative=options["nonnegative"],
        threads=options["threads"],
        memory_limit=options["memory_limit"],
        **given,
    )
    return _table(nodes, base, coherent, history.min(axis=1) >= 0, horizon, shrinkage, options)


def _table(
    nodes: Nodes,
    base: Frame,
    coherent: np.ndarray,
    nonnegative: np.ndarray,
    horizon: int,
    shrinkage: float,
    options: dict[str, Any],
) -> Frame:
    columns: dict[str, Any] = {name: nodes.column(name, horizon) for name in nodes.columns}
    columns["node_level"] = np.repeat(np.array(nodes.level, np.int64), horizon)
    columns["start"] = base["start"]
    columns["step"] = base["step"]
    columns["forecast"] = coherent
    moved = coherent - base["forecast"]
    floor = np.where(np.repeat(nonnegative, horizon), 0.0, -np.inf)
    for name in base.all_columns:
        if name.startswith(("forecast_low", "forecast_high")):
            columns[name] = np.maximum(base[name] + moved, floor)
    columns["base_forecast"] = base["forecast"]
    columns["naive"] = base["naive"]
    columns["status"] = [str(s) for s in base["status"]]
    docs = {
        "node_level": "place of the node's level in the hierarchy; 0 is the coarsest",
        "forecast": "expected value of the period; sums are sums",
        "base_forecast": "the forecast of the node by itself",
    }
    info = {"method": options["method"], "nodes": nodes.count, "finest": nodes.finest}
    if options["method"] == "shrunk":
        info["shrinkage"] = shrinkage
    return Frame(columns, docs=docs, info=info, hidden=("step",))
