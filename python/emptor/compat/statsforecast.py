"""statsforecast's verbs, columns and frames.

    from emptor.compat.statsforecast import StatsForecast, Naive, DynamicOptimizedTheta

What answers differently from statsforecast 2.1.1:

- Intervals (``level=``) are emptor's: calibrated on forecasts of the past, whole numbers where
  small counts are sold seldom, and never under 0 where nothing known is. The peer's assume that
  the model is true, and cover less than they say. All models have them; the Croston family needs
  ``prediction_intervals`` there.
- The Theta family's losses are minimised exactly, by a search there: forecasts differ by a few
  ten-thousandths.
- A series a model cannot be fitted to is forecast by what ``emptor.forecasting.forecast`` falls
  back on, and does not stop the others.
- ``n_jobs`` is a number of threads, -1 all; ``verbose`` changes nothing. ``Emptor`` is the model
  ``forecast(model="auto")`` is. Models that are not here (AutoCES, MSTL, ...), regressors and
  fitted values are left to the peer; ``emptor.forecasting.arima`` has drivers.
- ``AutoARIMA`` ranks every model by its exact likelihood and searches likelihoods from several
  places, so that its orders may differ; ``ARIMA``'s intervals are the model's own, as the peer's.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import forecasting
from .._core import forecasting as _core
from .._core.core import InvalidArgument

__all__ = [
    "ADIDA",
    "ARIMA",
    "IMAPA",
    "TSB",
    "AutoARIMA",
    "AutoCES",
    "AutoETS",
    "CrostonClassic",
    "CrostonOptimized",
    "CrostonSBA",
    "DynamicOptimizedTheta",
    "DynamicTheta",
    "Emptor",
    "HistoricAverage",
    "Naive",
    "OptimizedTheta",
    "RandomWalkWithDrift",
    "SeasonalNaive",
    "StatsForecast",
    "Theta",
]


class _Model:
    """A model's name in the columns, and its point forecasts."""

    model = ""
    season_length = 1

    def __init__(self, alias: str) -> None:
        self.alias = alias

    def __repr__(self) -> str:
        return self.alias

    def point(self, y: np.ndarray, h: int) -> np.ndarray | None:
        """The forecasts of one series; None where they are those of ``forecast``."""
        return None

    def interval(self, y: np.ndarray, h: int, level: float) -> tuple[np.ndarray, np.ndarray] | None:
        """The model's own interval; None where it is that of ``forecast``."""
        return None


class Emptor(_Model):
    """What ``emptor.forecasting.forecast(model="auto")`` says."""

    model = "auto"

    def __init__(self, season_length: int = 1, alias: str = "Emptor") -> None:
        super().__init__(alias)
        self.season_length = season_length


class _Naive(_Model):
    def point(self, y: np.ndarray, h: int) -> np.ndarray:
        return _core._naive_forecast(
            y, model=self.model, season_length=self.season_length, horizon=h
        )


class Naive(_Naive):
    model = "naive"

    def __init__(self, alias: str = "Naive") -> None:
        super().__init__(alias)


class SeasonalNaive(_Naive):
    model = "seasonal_naive"

    def __init__(self, season_length: int, alias: str = "SeasonalNaive") -> None:
        super().__init__(alias)
        self.season_length = season_length


class RandomWalkWithDrift(_Naive):
    model = "drift"

    def __init__(self, alias: str = "RWD") -> None:
        super().__init__(alias)


class HistoricAverage(_Naive):
    model = "mean"

    def __init__(self, alias: str = "HistoricAverage") -> None:
        super().__init__(alias)


class _Theta(_Model):
    def __init__(self, season_length: int = 1, alias: str | None = None) -> None:
        super().__init__(alias or type(self).__name__)
        self.season_length = season_length

    def point(self, y: np.ndarray, h: int) -> np.ndarray:
        fit = _core._theta_fit(y, model=self.model, season_length=self.season_length, horizon=h)
        return fit["mean"]


class Theta(_Theta):
    model = "stm"


class OptimizedTheta(_Theta):
    model = "otm"


class DynamicTheta(_Theta):
    model = "dstm"


class DynamicOptimizedTheta(_Theta):
    model = "dotm"


class AutoETS(_Model):
    model = "ets"

    def __init__(
        self,
        season_length: int = 1,
        model: str = "ZZZ",
        damped: bool | None = None,
        phi: float | None = None,
        alias: str = "AutoETS",
    ) -> None:
        super().__init__(alias)
        self.season_length = season_length
        self.options = {"model": model, "damped": damped, "phi": phi}

    def point(self, y: np.ndarray, h: int) -> np.ndarray:
        fit = forecasting.ets(
            y, season_length=self.season_length, prior=None, threads=1, **self.options
        )
        return fit.forecast(h)["forecast"]


class AutoCES(_Model):
    model = "ces"
    forms = {"Z": "auto", "N": "none", "S": "simple", "P": "partial", "F": "full"}  # noqa: RUF012

    def __init__(self, season_length: int = 1, model: str = "Z", alias: str = "CES") -> None:
        super().__init__(alias)
        if model not in self.forms:
            raise InvalidArgument(f"AutoCES: model is {model!r}; write 'Z', 'N', 'S', 'P' or 'F'")
        self.season_length = season_length
        self.form = self.forms[model]

    def point(self, y: np.ndarray, h: int) -> np.ndarray:
        return _core._ces_forecast(y, season_length=self.season_length, form=self.form, horizon=h)


class AutoARIMA(_Model):
    model = "arima"

    def __init__(
        self,
        d: int | None = None,
        D: int | None = None,
        max_p: int = 5,
        max_q: int = 5,
        max_P: int = 2,
        max_Q: int = 2,
        max_order: int = 5,
        stationary: bool = False,
        seasonal: bool = True,
        ic: str = "aicc",
        stepwise: bool = True,
        nmodels: int = 94,
        season_length: int = 1,
        alias: str = "AutoARIMA",
    ) -> None:
        super().__init__(alias)
        self.season_length = season_length if seasonal else 1
        self.options = {
            "differences": 0 if stationary else d,
            "seasonal_differences": 0 if stationary else D,
            "max_ar": max_p,
            "max_ma": max_q,
            "max_seasonal_ar": max_P,
            "max_seasonal_ma": max_Q,
            "max_order": max_order,
            "criterion": ic,
            "stepwise": stepwise,
            "max_models": nmodels,
        }

    def point(self, y: np.ndarray, h: int) -> np.ndarray:
        fit = forecasting.arima(y, season_length=self.season_length, threads=1, **self.options)
        return fit.forecast(h)["forecast"]


class ARIMA(_Model):
    model = "arima"

    def __init__(
        self,
        order: Sequence[int] = (0, 0, 0),
        season_length: int = 1,
        seasonal_order: Sequence[int] = (0, 0, 0),
        include_mean: bool = True,
        include_drift: bool = False,
        include_constant: bool | None = None,
        alias: str = "ARIMA",
    ) -> None:
        super().__init__(alias)
        self.season_length = season_length
        differences = order[1] + seasonal_order[1]
        constant = include_mean if differences == 0 else include_drift
        self.options = {
            "order": order,
            "seasonal_order": seasonal_order if season_length > 1 else None,
            "constant": constant if include_constant is None else include_constant,
        }

    def _ahead(self, y: np.ndarray, h: int, level: float) -> Any:
        fit = forecasting.arima(y, season_length=self.season_length, threads=1, **self.options)
        return fit.forecast(h, level=level)

    def point(self, y: np.ndarray, h: int) -> np.ndarray:
        return self._ahead(y, h, 0.95)["forecast"]

    def interval(self, y: np.ndarray, h: int, level: float) -> tuple[np.ndarray, np.ndarray]:
        found = self._ahead(y, h, level)
        return found["forecast_low"], found["forecast_high"]


class _Intermittent(_Model):
    alpha = 0.0  # searched for
    alpha_interval = 0.0

    def __init__(self, alias: str | None = None) -> None:
        super().__init__(alias or type(self).__name__)

    def point(self, y: np.ndarray, h: int) -> np.ndarray:
        fit = _core._intermittent_fit(
            y, model=self.model, alpha=self.alpha, alpha_interval=self.alpha_interval
        )
        return np.full(h, fit["mean"])


class CrostonClassic(_Intermittent):
    model = "croston"
    alpha = alpha_interval = 0.1


class CrostonOptimized(_Intermittent):
    model = "croston"


class CrostonSBA(_Intermittent):
    model = "sba"
    alpha = alpha_interval = 0.1


class TSB(_Intermittent):
    model = "tsb"

    def __init__(self, alpha_d: float, alpha_p: float, alias: str = "TSB") -> None:
        super().__init__(alias)
        self.alpha, self.alpha_interval = alpha_d, alpha_p


class ADIDA(_Intermittent):
    model = "adida"


class IMAPA(_Intermittent):
    model = "imapa"


class StatsForecast:
    """Forecasts of a long frame (pandas or polars) with ``unique_id``, ``ds`` and ``y``."""

    def __init__(
        self,
        models: Sequence[Any],
        freq: str | int,
        n_jobs: int = 1,
        fallback_model: Any | None = None,
        verbose: bool = False,
    ) -> None:
        names = [repr(model) for model in models]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise InvalidArgument(f"StatsForecast: two models are named '{twice}'; give an alias=")
        for model in models:
            if not isinstance(model, _Model):
                raise InvalidArgument(
                    f"StatsForecast: {type(model).__name__} is not a model of "
                    f"emptor.compat.statsforecast; there are {', '.join(sorted(_NAMES))}"
                )
        self.models = list(models)
        self.freq = freq
        self.n_jobs = n_jobs
        self.fallback_model = fallback_model
        self.verbose = verbose
        self._panel: _Series | None = None

    def fit(
        self,
        df: Any,
        *,
        id_col: str = "unique_id",
        time_col: str = "ds",
        target_col: str = "y",
    ) -> StatsForecast:
        """Takes the series; ``predict`` forecasts them."""
        self._panel = _Series(df, self.freq, id_col, time_col, target_col)
        return self

    def predict(self, h: int, *, level: Sequence[float] | None = None) -> Any:
        if self._panel is None:
            raise InvalidArgument("StatsForecast.predict: there is nothing to forecast; fit first")
        panel = self._panel
        values = self._columns(panel.y, h, level)
        keys = {panel.id_col: panel.repeated(h), panel.time_col: panel.future(h)}
        return panel.frame({**keys, **values})

    def fit_predict(
        self,
        df: Any,
        h: int,
        *,
        level: Sequence[float] | None = None,
        id_col: str = "unique_id",
        time_col: str = "ds",
        target_col: str = "y",
    ) -> Any:
        self.fit(df, id_col=id_col, time_col=time_col, target_col=target_col)
        return self.predict(h, level=level)

    def forecast(
        self,
        df: Any,
        h: int,
        *,
        level: Sequence[float] | None = None,
        id_col: str = "unique_id",
        time_col: str = "ds",
        target_col: str = "y",
    ) -> Any:
        """``h`` periods ahead of every series."""
        copy = StatsForecast(self.models, self.freq, self.n_jobs)
        return copy.fit_predict(
            df, h, level=level, id_col=id_col, time_col=time_col, target_col=target_col
        )

    def cross_validation(
        self,
        df: Any,
        h: int,
        *,
        n_windows: int = 1,
        step_size: int = 1,
        test_size: int | None = None,
        input_size: int | None = None,
        level: Sequence[float] | None = None,
        id_col: str = "unique_id",
        time_col: str = "ds",
        target_col: str = "y",
    ) -> Any:
        """Forecasts of the last ``n_windows`` origins, ``step_size`` apart, beside what came."""
        if test_size is None:
            test_size = h + step_size * (n_windows - 1)
        elif (test_size - h) % step_size:
            raise InvalidArgument("cross_validation: test_size - h must be a multiple of step_size")
        panel = _Series(df, self.freq, id_col, time_col, target_col)
        short = [i for i, y in enumerate(panel.y) if len(y) <= test_size]
        if short:
            raise InvalidArgument(
                f"cross_validation: series '{panel.ids[short[0]]}' has {len(panel.y[short[0]])} "
                f"values; {test_size} are held back, and one more is needed"
            )
        parts = []
        for back in range(test_size, h - 1, -step_size):
            ends = [len(y) - back for y in panel.y]
            seen = [
                y[max(0, end - input_size) if input_size else 0 : end]
                for y, end in zip(panel.y, ends, strict=True)
            ]
            rows = {
                id_col: panel.repeated(h),
                time_col: panel.times(ends, h),
                "cutoff": np.repeat(panel.times([end - 1 for end in ends], 1), h),
                target_col: np.concatenate(
                    [y[end : end + h] for y, end in zip(panel.y, ends, strict=True)]
                ),
            }
            parts.append({**rows, **self._columns(seen, h, level)})
        joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        window = np.repeat(np.arange(len(parts)), h * len(panel.y))
        series = np.tile(np.repeat(np.arange(len(panel.y)), h), len(parts))
        order = np.lexsort((window, series))
        return panel.frame({name: values[order] for name, values in joined.items()})

    def _columns(
        self, y: list[np.ndarray], h: int, level: Sequence[float] | None
    ) -> dict[str, np.ndarray]:
        if h < 1:
            raise InvalidArgument(f"StatsForecast: h is {h}; write periods ahead, as 12")
        out: dict[str, np.ndarray] = {}
        for model in self.models:
            points = [_point(model, values, h) for values in y]
            frame = None
            if level or any(point is None for point in points):
                frame = self._forecast(model, y, h, level)
            points = [
                frame["forecast"][i * h : (i + 1) * h] if point is None else point  # type: ignore[index]
                for i, point in enumerate(points)
            ]
            mean = np.concatenate(points) if points else np.zeros(0)
            out[repr(model)] = mean
            if level and isinstance(model, ARIMA):
                out |= _own_bands(model, y, h, level)
            elif level and frame is not None:
                out |= _bands(repr(model), frame, mean, y, h, level)
        return out

    def _forecast(
        self, model: _Model, y: list[np.ndarray], h: int, level: Sequence[float] | None
    ) -> Any:
        for value in level or ():
            if not 0 < value < 100:
                raise InvalidArgument(f"StatsForecast: level is {value}; write percents, as 95")
        return forecasting.forecast(
            dict(enumerate(y)),
            horizon=h,
            model=model.model,
            season_length=model.season_length,
            level=[v / 100 for v in sorted(level)] if level else 0.95,
            windows=20 if level or model.model == "auto" else 0,
            threads=None if self.n_jobs == -1 else self.n_jobs,
        ).select("all")


_NAMES = [name for name in __all__ if name != "StatsForecast"]


def _point(model: _Model, y: np.ndarray, h: int) -> np.ndarray | None:
    try:
        return model.point(y, h)
    except InvalidArgument:
        if np.isinf(y).any():
            raise
        return None  # too short, or of values the model is not for


def _own_bands(
    model: _Model, y: list[np.ndarray], h: int, level: Sequence[float]
) -> dict[str, np.ndarray]:
    ends: dict[str, np.ndarray] = {}
    for value in sorted(level):
        both = [model.interval(values, h, value / 100) for values in y]
        for side, short in ((0, "lo"), (1, "hi")):
            ends[f"{model}-{short}-{value}"] = np.concatenate([found[side] for found in both])
    return ends


def _bands(
    name: str, frame: Any, mean: np.ndarray, y: list[np.ndarray], h: int, level: Sequence[float]
) -> dict[str, np.ndarray]:
    """The intervals, moved by what the peer's point forecast differs by."""
    moved = mean - frame["forecast"]
    floor = [0.0 if len(v) and np.nanmin(v) >= 0 else -np.inf for v in y]
    ends = {}
    for end, short in (("low", "lo"), ("high", "hi")):
        for value in sorted(level):
            column = f"forecast_{end}"
            if len(level) > 1:
                column += "_" + f"{value:.4f}".rstrip("0").rstrip(".").replace(".", "_")
            ends[f"{name}-{short}-{value}"] = np.maximum(frame[column] + moved, np.repeat(floor, h))
    return ends


class _Series:
    """The caller's frame as arrays, one per series, and the way back to his kind."""

    def __init__(
        self, df: Any, freq: str | int, id_col: str, time_col: str, target_col: str
    ) -> None:
        self.id_col, self.time_col, self.freq = id_col, time_col, freq
        self.kind = type(df).__module__.partition(".")[0]
        if self.kind not in ("pandas", "polars"):
            raise InvalidArgument(
                f"StatsForecast: df is {type(df).__name__}; give a pandas or polars frame with "
                f"columns '{id_col}', '{time_col}' and '{target_col}'"
            )
        missing = [name for name in (id_col, time_col, target_col) if name not in df.columns]
        if missing:
            raise InvalidArgument(f"StatsForecast: df has no column '{missing[0]}'")
        ids = np.asarray(df[id_col])
        names, code = np.unique(
            ids.astype(str) if ids.dtype == object else ids, return_inverse=True
        )
        times = np.asarray(df[time_col])
        order = np.lexsort((times, code))
        code = code[order]
        values = np.asarray(df[target_col], np.float64)[order]
        bounds = np.searchsorted(code, np.arange(len(names) + 1))
        spans = list(itertools.pairwise(bounds))
        self.ids = names
        self.y = [np.ascontiguousarray(values[a:b]) for a, b in spans]
        self.ds = [times[order][a:b] for a, b in spans]

    def repeated(self, h: int) -> np.ndarray:
        return np.repeat(self.ids, h)

    def times(self, first: Sequence[int], h: int) -> np.ndarray:
        """The ``h`` times of each series from its row ``first`` on."""
        return np.concatenate([t[i : i + h] for t, i in zip(self.ds, first, strict=True)])

    def future(self, h: int) -> np.ndarray:
        ahead: dict[Any, np.ndarray] = {}
        step = self._step(h)
        for t in self.ds:
            if t[-1] not in ahead:
                ahead[t[-1]] = step(t[-1])
        return np.concatenate([ahead[t[-1]] for t in self.ds])

    def _step(self, h: int) -> Callable[[Any], np.ndarray]:
        if isinstance(self.freq, (int, np.integer)):
            return lambda last: last + self.freq * np.arange(1, h + 1)
        if self.kind == "pandas":
            import pandas

            offset = pandas.tseries.frequencies.to_offset(self.freq)
            return lambda last: np.asarray(
                pandas.date_range(pandas.Timestamp(last), periods=h + 1, freq=offset)[-h:]
                if offset.is_on_offset(pandas.Timestamp(last))
                else pandas.date_range(pandas.Timestamp(last), periods=h, freq=offset)
            )
        import polars

        count, unit = re.fullmatch(r"(\d*)(.*)", self.freq).groups()  # type: ignore[union-attr]
        by = int(count or 1)

        def ahead(last: Any) -> np.ndarray:
            start = polars.Series(np.array([last]))
            steps = [start.dt.offset_by(f"{k * by}{unit}") for k in range(1, h + 1)]
            return np.concatenate([step.to_numpy() for step in steps])

        return ahead

    def frame(self, columns: dict[str, Any]) -> Any:
        if self.kind == "pandas":
            import pandas

            return pandas.DataFrame(columns)
        import polars

        return polars.DataFrame(columns)
