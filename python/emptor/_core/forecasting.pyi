# Made by scripts/stubs; never edited.
from __future__ import annotations
import collections.abc
import emptor.frame
import numpy
import numpy.typing
import typing

__all__: list[str] = [
    "backtest",
    "backtest_forecasts",
    "backtest_series",
    "backtest_steps",
    "ces",
    "explain",
    "forecast",
    "forecast_accuracy",
    "forecast_total",
    "nowcast",
    "stl",
    "stl_strength",
]

class _ArimaFits:
    def __getstate__(self) -> tuple: ...
    def __len__(self) -> int: ...
    def __setstate__(self, arg0: tuple) -> None: ...
    def forecast(
        self,
        horizon: int,
        level: collections.abc.Sequence[float],
        drivers: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
        nonnegative: bool,
    ) -> emptor.frame.Frame: ...
    def one(self, series: int) -> dict: ...
    def parameters(self) -> emptor.frame.Frame: ...
    def simulate(
        self,
        series: int,
        horizon: int,
        paths: int,
        seed: int,
        drivers: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    ) -> numpy.typing.NDArray[numpy.float64]: ...
    def steps(self, series: int) -> dict: ...
    def updated(
        self,
        values: collections.abc.Sequence[typing.Annotated[numpy.typing.ArrayLike, numpy.float64]],
        drivers: collections.abc.Sequence[typing.Annotated[numpy.typing.ArrayLike, numpy.float64]],
    ) -> _ArimaFits: ...
    @property
    def drivers(self) -> list[str]: ...
    @property
    def next(self) -> list[int]: ...
    @property
    def period(self) -> str | None: ...

class _EtsFits:
    def __len__(self) -> int: ...
    def components(self, series: int) -> dict: ...
    def forecast(
        self, horizon: int, level: collections.abc.Sequence[float]
    ) -> emptor.frame.Frame: ...
    def one(self, series: int) -> dict: ...
    def parameters(self) -> emptor.frame.Frame: ...
    def simulate(
        self, series: int, horizon: int, paths: int, seed: int
    ) -> numpy.typing.NDArray[numpy.float64]: ...
    def updated(
        self,
        values: collections.abc.Sequence[typing.Annotated[numpy.typing.ArrayLike, numpy.float64]],
    ) -> _EtsFits: ...

def _arima(
    y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    *,
    offset: typing.Annotated[numpy.typing.ArrayLike, numpy.int64] | None = None,
    start: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    complete: typing.Annotated[numpy.typing.ArrayLike, numpy.uint8] | None = None,
    period: str | None = None,
    ids: None | collections.abc.Sequence[int] | collections.abc.Sequence[str] = None,
    group: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    by: str = "",
    value: str = "",
    drivers: typing.Annotated[numpy.typing.ArrayLike, numpy.float64] | None = None,
    names: collections.abc.Sequence[str] = [],
    order: typing.Annotated[collections.abc.Sequence[int], "FixedSize(3)"] | None = None,
    seasonal_order: typing.Annotated[collections.abc.Sequence[int], "FixedSize(3)"] | None = None,
    constant: bool | None = None,
    season_length: int | None = None,
    differences: int | None = None,
    seasonal_differences: int | None = None,
    max_ar: int = 5,
    max_ma: int = 5,
    max_seasonal_ar: int = 2,
    max_seasonal_ma: int = 2,
    stepwise: bool = True,
    max_order: int = 5,
    max_models: int = 94,
    criterion: str = "aicc",
    keep: bool = False,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> _ArimaFits:
    """
    fit_arima() of every series with the same options; season_length 0 takes that of the period.
    Rows that are not complete are missing. `drivers` has a row per row of the series, `names` their
    names. A bad series never touches the others.

    Raises InvalidArgument as fit_arima() and for wrong sizes; DataError for dates that are not one
    after the other; Cancelled

    Options
    -------
    order
        p, d, q; not given: chosen. Without `seasonal_order` beside it the model
        has no season.
    seasonal_order
        P, D, Q; needs `order`
    constant
        Whether there is a mean or drift; not given: whatever is best, or, with
        `order`, a mean where there are no differences (as R).
    season_length
        periods per season; 1 is none
    differences
        Differences, where only they are given.
    stepwise
        Hyndman and Khandakar's walk; else every model within the limits
    max_order
        of p + q + P + Q, in the search through all
    max_models
        of the walk
    keep
        one-step forecasts and errors of every step
    """

def _ces_forecast(
    y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    *,
    season_length: int,
    form: str,
    horizon: int,
) -> numpy.typing.NDArray[numpy.float64]: ...
def _ets(
    y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    *,
    offset: typing.Annotated[numpy.typing.ArrayLike, numpy.int64] | None = None,
    start: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    complete: typing.Annotated[numpy.typing.ArrayLike, numpy.uint8] | None = None,
    period: str | None = None,
    ids: None | collections.abc.Sequence[int] | collections.abc.Sequence[str] = None,
    group: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    by: str = "",
    value: str = "",
    model: str = "ZZZ",
    damped: bool | None = None,
    season_length: int | None = None,
    beta_rate: float | None = None,
    bounds: str = "usual",
    initial: str = "estimated",
    likelihood: str = "gaussian",
    criterion: str = "aicc",
    alpha: float | None = None,
    beta: float | None = None,
    gamma: float | None = None,
    phi: float | None = None,
    keep: bool = False,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> _EtsFits:
    """
    fit_ets() of every series with the same options; season_length 0 takes that of the period. Rows
    that are not complete are missing. A bad series never touches the others.

    Raises InvalidArgument as fit_ets() and for wrong sizes; DataError for dates that are not one
    after the other; Cancelled

    Options
    -------
    model
        Three letters: error, trend, season; N, A, M, or Z for any. "Z" tries
        the 15 standard forms: never a multiplicative trend, nor an additive
        error with a multiplicative component. A form written out is fitted
        whatever it is.
    damped
        not given: both are tried if the model has a "Z", else not
    season_length
        periods per season; 1 is none
    alpha
        held, where given
    keep
        states and residuals of every step
    """

def _intermittent_fit(
    y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    *,
    model: str,
    alpha: float = 0.0,
    alpha_interval: float = 0.0,
) -> dict: ...
def _naive_forecast(
    y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    *,
    model: str,
    season_length: int,
    horizon: int,
) -> numpy.typing.NDArray[numpy.float64]: ...
def _reconcile(
    node: typing.Annotated[numpy.typing.ArrayLike, numpy.int32],
    *,
    finest: int,
    forecast: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    horizon: int,
    method: str = "variance",
    variance: typing.Annotated[numpy.typing.ArrayLike, numpy.float64] | None = None,
    error: typing.Annotated[numpy.typing.ArrayLike, numpy.float64] | None = None,
    locked: typing.Annotated[numpy.typing.ArrayLike, numpy.uint8] | None = None,
    nonnegative: bool = False,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> tuple:
    """
    Makes forecasts of all nodes add up (Wickramasuriya, Athanasopoulos and Hyndman 2019):
    y - W C' (C W C')^-1 C y, C y = 0 being what must hold and W the covariance of the errors. C W
    C' is sparse, and the covariance of past errors is of low rank beside a diagonal: neither is
    ever written out. Non-negative forecasts are found by pivoting over the ones at 0
    (Wickramasuriya, Turlach and Hyndman 2020).

    Raises InvalidArgument for wrong sizes, missing or infinite numbers, levels that do not lie
    within each other with top_down, locked nodes with bottom_up or top_down or that contradict;
    Cancelled.

    Options
    -------
    nonnegative
        Whether no finest forecast may be under 0: the least change among all
        that are not.
    """

def _theta_fit(
    y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    *,
    model: str = "dotm",
    season_length: int = 1,
    burn_in: int = -1,
    horizon: int = 0,
) -> dict: ...
def backtest(
    y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    *,
    offset: typing.Annotated[numpy.typing.ArrayLike, numpy.int64] | None = None,
    start: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    complete: typing.Annotated[numpy.typing.ArrayLike, numpy.uint8] | None = None,
    period: str | None = None,
    ids: None | collections.abc.Sequence[int] | collections.abc.Sequence[str] = None,
    group: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    by: str = "",
    value: str = "",
    horizon: int | None = None,
    windows: int = 5,
    step: int | None = None,
    models: collections.abc.Sequence[str] = ["auto"],
    level: collections.abc.Sequence[float] = [0.8, 0.95],
    season_length: int | None = None,
    calibration_windows: int = 20,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    How good would forecasts have been? At each of several past origins forecast() is run on what
    was known then, with every model, and held against what came. Its intervals are those it would
    have given: also their calibration, and its pooling over series, sees nothing later.

    Origins lie a horizon before the end and `step` apart. With dates they are the same day for all
    series; without, counted from each series' end. A series takes part at an origin where its last
    value is known and it has 6 known values by then.

    Errors are scaled by the mean absolute (squared) change, from season to season where there are
    two of them, of the values seen at the origin. Windows where that is 0 count in the unscaled
    scores only. Scores are made per series and averaged over series (bias and wql: sums over sums).
    Intervals are Student's t over series, of a lone series over windows that do not overlap; those
    of coverage are Wilson's at the effective number. They speak of other series like these over
    the same stretch of time.

    Raises InvalidArgument, DataError, Cancelled, MemoryLimit as forecast()

    Options
    -------
    horizon
        Periods ahead; 0 takes those of forecast().
    windows
        Past origins, the last one a horizon before the end. A series without
        the data for all of them has fewer.
    step
        Periods from one origin to the next; 0 takes the horizon, so that
        windows do not overlap.
    models
        The naive model is always compared too.
    level
        of the intervals that are judged
    season_length
        Periods per season; 0 takes that of the period.
    calibration_windows
        At most how many still earlier forecasts calibrate the intervals at each
        origin; as ForecastOptions.windows.
    keep_forecasts
        fills Backtest.forecasts
    """

def backtest_forecasts(
    y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    *,
    offset: typing.Annotated[numpy.typing.ArrayLike, numpy.int64] | None = None,
    start: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    complete: typing.Annotated[numpy.typing.ArrayLike, numpy.uint8] | None = None,
    period: str | None = None,
    ids: None | collections.abc.Sequence[int] | collections.abc.Sequence[str] = None,
    group: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    by: str = "",
    value: str = "",
    horizon: int | None = None,
    windows: int = 5,
    step: int | None = None,
    models: collections.abc.Sequence[str] = ["auto"],
    level: collections.abc.Sequence[float] = [0.8, 0.95],
    season_length: int | None = None,
    calibration_windows: int = 20,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    How good would forecasts have been? At each of several past origins forecast() is run on what
    was known then, with every model, and held against what came. Its intervals are those it would
    have given: also their calibration, and its pooling over series, sees nothing later.

    Origins lie a horizon before the end and `step` apart. With dates they are the same day for all
    series; without, counted from each series' end. A series takes part at an origin where its last
    value is known and it has 6 known values by then.

    Errors are scaled by the mean absolute (squared) change, from season to season where there are
    two of them, of the values seen at the origin. Windows where that is 0 count in the unscaled
    scores only. Scores are made per series and averaged over series (bias and wql: sums over sums).
    Intervals are Student's t over series, of a lone series over windows that do not overlap; those
    of coverage are Wilson's at the effective number. They speak of other series like these over
    the same stretch of time.

    Raises InvalidArgument, DataError, Cancelled, MemoryLimit as forecast()

    Options
    -------
    horizon
        Periods ahead; 0 takes those of forecast().
    windows
        Past origins, the last one a horizon before the end. A series without
        the data for all of them has fewer.
    step
        Periods from one origin to the next; 0 takes the horizon, so that
        windows do not overlap.
    models
        The naive model is always compared too.
    level
        of the intervals that are judged
    season_length
        Periods per season; 0 takes that of the period.
    calibration_windows
        At most how many still earlier forecasts calibrate the intervals at each
        origin; as ForecastOptions.windows.
    keep_forecasts
        fills Backtest.forecasts
    """

def backtest_series(
    y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    *,
    offset: typing.Annotated[numpy.typing.ArrayLike, numpy.int64] | None = None,
    start: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    complete: typing.Annotated[numpy.typing.ArrayLike, numpy.uint8] | None = None,
    period: str | None = None,
    ids: None | collections.abc.Sequence[int] | collections.abc.Sequence[str] = None,
    group: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    by: str = "",
    value: str = "",
    horizon: int | None = None,
    windows: int = 5,
    step: int | None = None,
    models: collections.abc.Sequence[str] = ["auto"],
    level: collections.abc.Sequence[float] = [0.8, 0.95],
    season_length: int | None = None,
    calibration_windows: int = 20,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    How good would forecasts have been? At each of several past origins forecast() is run on what
    was known then, with every model, and held against what came. Its intervals are those it would
    have given: also their calibration, and its pooling over series, sees nothing later.

    Origins lie a horizon before the end and `step` apart. With dates they are the same day for all
    series; without, counted from each series' end. A series takes part at an origin where its last
    value is known and it has 6 known values by then.

    Errors are scaled by the mean absolute (squared) change, from season to season where there are
    two of them, of the values seen at the origin. Windows where that is 0 count in the unscaled
    scores only. Scores are made per series and averaged over series (bias and wql: sums over sums).
    Intervals are Student's t over series, of a lone series over windows that do not overlap; those
    of coverage are Wilson's at the effective number. They speak of other series like these over
    the same stretch of time.

    Raises InvalidArgument, DataError, Cancelled, MemoryLimit as forecast()

    Options
    -------
    horizon
        Periods ahead; 0 takes those of forecast().
    windows
        Past origins, the last one a horizon before the end. A series without
        the data for all of them has fewer.
    step
        Periods from one origin to the next; 0 takes the horizon, so that
        windows do not overlap.
    models
        The naive model is always compared too.
    level
        of the intervals that are judged
    season_length
        Periods per season; 0 takes that of the period.
    calibration_windows
        At most how many still earlier forecasts calibrate the intervals at each
        origin; as ForecastOptions.windows.
    keep_forecasts
        fills Backtest.forecasts
    """

def backtest_steps(
    y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    *,
    offset: typing.Annotated[numpy.typing.ArrayLike, numpy.int64] | None = None,
    start: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    complete: typing.Annotated[numpy.typing.ArrayLike, numpy.uint8] | None = None,
    period: str | None = None,
    ids: None | collections.abc.Sequence[int] | collections.abc.Sequence[str] = None,
    group: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    by: str = "",
    value: str = "",
    horizon: int | None = None,
    windows: int = 5,
    step: int | None = None,
    models: collections.abc.Sequence[str] = ["auto"],
    level: collections.abc.Sequence[float] = [0.8, 0.95],
    season_length: int | None = None,
    calibration_windows: int = 20,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    How good would forecasts have been? At each of several past origins forecast() is run on what
    was known then, with every model, and held against what came. Its intervals are those it would
    have given: also their calibration, and its pooling over series, sees nothing later.

    Origins lie a horizon before the end and `step` apart. With dates they are the same day for all
    series; without, counted from each series' end. A series takes part at an origin where its last
    value is known and it has 6 known values by then.

    Errors are scaled by the mean absolute (squared) change, from season to season where there are
    two of them, of the values seen at the origin. Windows where that is 0 count in the unscaled
    scores only. Scores are made per series and averaged over series (bias and wql: sums over sums).
    Intervals are Student's t over series, of a lone series over windows that do not overlap; those
    of coverage are Wilson's at the effective number. They speak of other series like these over
    the same stretch of time.

    Raises InvalidArgument, DataError, Cancelled, MemoryLimit as forecast()

    Options
    -------
    horizon
        Periods ahead; 0 takes those of forecast().
    windows
        Past origins, the last one a horizon before the end. A series without
        the data for all of them has fewer.
    step
        Periods from one origin to the next; 0 takes the horizon, so that
        windows do not overlap.
    models
        The naive model is always compared too.
    level
        of the intervals that are judged
    season_length
        Periods per season; 0 takes that of the period.
    calibration_windows
        At most how many still earlier forecasts calibrate the intervals at each
        origin; as ForecastOptions.windows.
    keep_forecasts
        fills Backtest.forecasts
    """

def ces(
    y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    *,
    offset: typing.Annotated[numpy.typing.ArrayLike, numpy.int64] | None = None,
    start: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    complete: typing.Annotated[numpy.typing.ArrayLike, numpy.uint8] | None = None,
    period: str | None = None,
    ids: None | collections.abc.Sequence[int] | collections.abc.Sequence[str] = None,
    group: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    by: str = "",
    value: str = "",
    season_length: int | None = None,
    form: str = "auto",
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Fits every series. Periods the data cut are missing; a series under 4 known values has status
    not_enough_data, one without two of a season has no season and small_sample. Forecasts with
    calibrated intervals are forecast() with model ces.

    Raises InvalidArgument, DataError, Cancelled as forecast()

    Options
    -------
    season_length
        periods per season; 0 takes that of the period, in ces() only
    form
        Empty: the best by AICc of none and, from two full seasons on, simple,
        partial and full.
    """

def explain(
    now: dict,
    before: dict,
    *,
    horizon: int | None = None,
    model: str = "auto",
    season_length: int | None = None,
    windows: int = 20,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Why does this forecast differ from the last one? An exact account, whatever the model: the
    forecast is made again with what was known then, then with those periods as they are known now,
    then with one more period known each time. What changes between two of these is the amount of
    that step; the steps add up to the difference. "New period" holds its surprise and everything
    learnt from it: level, trend, season, and which model is trusted.

    Series are matched by name, periods by date (by place where there are no dates).

    Raises InvalidArgument if `before` ends after `now` or one is dated and the other not, and as
    forecast(); DataError, Cancelled, MemoryLimit as forecast()

    Options
    -------
    horizon
        periods after the last one known now; 0 as of forecast()
    """

def forecast(
    y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    *,
    offset: typing.Annotated[numpy.typing.ArrayLike, numpy.int64] | None = None,
    start: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    complete: typing.Annotated[numpy.typing.ArrayLike, numpy.uint8] | None = None,
    period: str | None = None,
    ids: None | collections.abc.Sequence[int] | collections.abc.Sequence[str] = None,
    group: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    by: str = "",
    value: str = "",
    horizon: int | None = None,
    model: str = "auto",
    level: collections.abc.Sequence[float] = [0.8, 0.95],
    season_length: int | None = None,
    windows: int = 20,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Forecasts every series by itself, with intervals calibrated on forecasts of the past.

    Intervals: half-width = t(level) * s(h) * l * c * v * q(level), where s(h) is the error's
    standard deviation if the model were true (of a mix: averaged, as quantiles are), l how far the
    series has grown, c what such errors exceed it by at this length of history (from the M1 and
    Tourism competitions), v the series' own past errors relative to that, drawn to 1 while they are
    few, and q a conformal correction pooled over all series, drawn to 1 while they are few. Where
    no known value is under 0, forecasts and interval ends under 0 are set to 0, which loses no
    coverage.

    Fallbacks: under 3 known values the last one without interval (not_enough_data); under 6 the
    naive model (small_sample); a constant series stays so, with an interval only where so many
    equal values allow one (boundary). For series without values under 0, zeros before the first
    value above 0 are not part of the series. Places of the season that never sold in four seasons
    or more (closed days) stay 0. A bad series never touches the others.

    Raises InvalidArgument for infinite values, wrong sizes, options out of range; DataError for
    dates that are not one after the other; Cancelled; MemoryLimit

    Options
    -------
    horizon
        Periods ahead. 0 takes 14 days, 8 weeks, 3 months, 2 quarters or 1 year
        (8 without a period), at most a quarter of the longest series. Steps
        beyond a quarter of their series' history have status extrapolated.
    level
        of the intervals
    season_length
        Periods per season; 0 takes 7 days, 52 weeks, 12 months, 4 quarters,
        else 1 (none).
    windows
        At most how many past forecasts each series is judged and calibrated by;
        0 for none.
    """

def forecast_accuracy(
    y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    *,
    offset: typing.Annotated[numpy.typing.ArrayLike, numpy.int64] | None = None,
    start: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    complete: typing.Annotated[numpy.typing.ArrayLike, numpy.uint8] | None = None,
    period: str | None = None,
    ids: None | collections.abc.Sequence[int] | collections.abc.Sequence[str] = None,
    group: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    by: str = "",
    value: str = "",
    horizon: int | None = None,
    model: str = "auto",
    level: collections.abc.Sequence[float] = [0.8, 0.95],
    season_length: int | None = None,
    windows: int = 20,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Forecasts every series by itself, with intervals calibrated on forecasts of the past.

    Intervals: half-width = t(level) * s(h) * l * c * v * q(level), where s(h) is the error's
    standard deviation if the model were true (of a mix: averaged, as quantiles are), l how far the
    series has grown, c what such errors exceed it by at this length of history (from the M1 and
    Tourism competitions), v the series' own past errors relative to that, drawn to 1 while they are
    few, and q a conformal correction pooled over all series, drawn to 1 while they are few. Where
    no known value is under 0, forecasts and interval ends under 0 are set to 0, which loses no
    coverage.

    Fallbacks: under 3 known values the last one without interval (not_enough_data); under 6 the
    naive model (small_sample); a constant series stays so, with an interval only where so many
    equal values allow one (boundary). For series without values under 0, zeros before the first
    value above 0 are not part of the series. Places of the season that never sold in four seasons
    or more (closed days) stay 0. A bad series never touches the others.

    Raises InvalidArgument for infinite values, wrong sizes, options out of range; DataError for
    dates that are not one after the other; Cancelled; MemoryLimit

    Options
    -------
    horizon
        Periods ahead. 0 takes 14 days, 8 weeks, 3 months, 2 quarters or 1 year
        (8 without a period), at most a quarter of the longest series. Steps
        beyond a quarter of their series' history have status extrapolated.
    level
        of the intervals
    season_length
        Periods per season; 0 takes 7 days, 52 weeks, 12 months, 4 quarters,
        else 1 (none).
    windows
        At most how many past forecasts each series is judged and calibrated by;
        0 for none.
    """

def forecast_total(
    y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    *,
    offset: typing.Annotated[numpy.typing.ArrayLike, numpy.int64] | None = None,
    start: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    complete: typing.Annotated[numpy.typing.ArrayLike, numpy.uint8] | None = None,
    period: str | None = None,
    ids: None | collections.abc.Sequence[int] | collections.abc.Sequence[str] = None,
    group: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    by: str = "",
    value: str = "",
    horizon: int | None = None,
    model: str = "auto",
    level: collections.abc.Sequence[float] = [0.8, 0.95],
    season_length: int | None = None,
    windows: int = 20,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Forecasts every series by itself, with intervals calibrated on forecasts of the past.

    Intervals: half-width = t(level) * s(h) * l * c * v * q(level), where s(h) is the error's
    standard deviation if the model were true (of a mix: averaged, as quantiles are), l how far the
    series has grown, c what such errors exceed it by at this length of history (from the M1 and
    Tourism competitions), v the series' own past errors relative to that, drawn to 1 while they are
    few, and q a conformal correction pooled over all series, drawn to 1 while they are few. Where
    no known value is under 0, forecasts and interval ends under 0 are set to 0, which loses no
    coverage.

    Fallbacks: under 3 known values the last one without interval (not_enough_data); under 6 the
    naive model (small_sample); a constant series stays so, with an interval only where so many
    equal values allow one (boundary). For series without values under 0, zeros before the first
    value above 0 are not part of the series. Places of the season that never sold in four seasons
    or more (closed days) stay 0. A bad series never touches the others.

    Raises InvalidArgument for infinite values, wrong sizes, options out of range; DataError for
    dates that are not one after the other; Cancelled; MemoryLimit

    Options
    -------
    horizon
        Periods ahead. 0 takes 14 days, 8 weeks, 3 months, 2 quarters or 1 year
        (8 without a period), at most a quarter of the longest series. Steps
        beyond a quarter of their series' history have status extrapolated.
    level
        of the intervals
    season_length
        Periods per season; 0 takes 7 days, 52 weeks, 12 months, 4 quarters,
        else 1 (none).
    windows
        At most how many past forecasts each series is judged and calibrated by;
        0 for none.
    """

def nowcast(
    y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    *,
    offset: typing.Annotated[numpy.typing.ArrayLike, numpy.int64] | None = None,
    start: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    complete: typing.Annotated[numpy.typing.ArrayLike, numpy.uint8] | None = None,
    series_period: str | None = None,
    ids: None | collections.abc.Sequence[int] | collections.abc.Sequence[str] = None,
    group: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    by: str = "",
    value: str = "",
    period: str = "month",
    model: str = "auto",
    level: collections.abc.Sequence[float] = [0.8, 0.95],
    windows: int = 20,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    What will the period that has begun hold at its end? The days known, plus the forecast of the
    sum of the days left with its calibrated interval (forecast(), totals).

    `series` are daily. The period is the one the last whole day of a series lies in; if that day
    ends it, the sum is known and its interval a point. A day without a value inside the period, or
    a series without any, gives status not_enough_data.

    Raises InvalidArgument if the series are not dated days or options are out of range; DataError,
    Cancelled, MemoryLimit as forecast()

    Options
    -------
    period
        whose end is asked for; longer than a day
    model
        of the days that are left
    level
        of the intervals
    windows
        at most how many past sums the intervals are calibrated by
    """

def stl(
    y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    *,
    offset: typing.Annotated[numpy.typing.ArrayLike, numpy.int64] | None = None,
    start: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    complete: typing.Annotated[numpy.typing.ArrayLike, numpy.uint8] | None = None,
    period: str | None = None,
    ids: None | collections.abc.Sequence[int] | collections.abc.Sequence[str] = None,
    group: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    by: str = "",
    value: str = "",
    season_length: collections.abc.Sequence[int] = [],
    seasonal_window: int = 0,
    trend_window: int = 0,
    robust: bool = False,
    iterations: int = 2,
    exact: bool = False,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    What of each value is trend, season and neither? Periods the data cut are missing. A series
    without two of a season has status not_enough_data.

    Raises InvalidArgument, DataError, Cancelled, MemoryLimit as forecast()

    Options
    -------
    season_length
        Periods per season, several for several seasons (7 and 365 of days).
        Empty takes that of the period; a season with under two of it in the
        data is left out.
    seasonal_window
        Seasons a season is smoothed over, odd and at least 7; 0 takes 11 for
        the shortest season and 4 more for every further one. -1 keeps each
        season the same throughout.
    trend_window
        Periods the trend is smoothed over, odd; 0 takes the smallest odd number
        from 1.5 season / (1 - 1.5 / seasonal_window) on.
    robust
        Whether values far from trend and season count little in both (15
        rounds).
    iterations
        How often several seasons are gone through; one season needs one.
    exact
        Whether smooths are made at every value instead of ten a window, with
        lines between.
    """

def stl_strength(
    y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    *,
    offset: typing.Annotated[numpy.typing.ArrayLike, numpy.int64] | None = None,
    start: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    complete: typing.Annotated[numpy.typing.ArrayLike, numpy.uint8] | None = None,
    period: str | None = None,
    ids: None | collections.abc.Sequence[int] | collections.abc.Sequence[str] = None,
    group: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    by: str = "",
    value: str = "",
    season_length: collections.abc.Sequence[int] = [],
    seasonal_window: int = 0,
    trend_window: int = 0,
    robust: bool = False,
    iterations: int = 2,
    exact: bool = False,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    What of each value is trend, season and neither? Periods the data cut are missing. A series
    without two of a season has status not_enough_data.

    Raises InvalidArgument, DataError, Cancelled, MemoryLimit as forecast()

    Options
    -------
    season_length
        Periods per season, several for several seasons (7 and 365 of days).
        Empty takes that of the period; a season with under two of it in the
        data is left out.
    seasonal_window
        Seasons a season is smoothed over, odd and at least 7; 0 takes 11 for
        the shortest season and 4 more for every further one. -1 keeps each
        season the same throughout.
    trend_window
        Periods the trend is smoothed over, odd; 0 takes the smallest odd number
        from 1.5 season / (1 - 1.5 / seasonal_window) on.
    robust
        Whether values far from trend and season count little in both (15
        rounds).
    iterations
        How often several seasons are gone through; one season needs one.
    exact
        Whether smooths are made at every value instead of ten a window, with
        lines between.
    """
