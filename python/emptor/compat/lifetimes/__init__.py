"""lifetimes' fitters: the same names, arguments and pandas results, computed by emptor.

    from emptor.compat.lifetimes import BetaGeoFitter, GammaGammaFitter
    from emptor.compat.lifetimes.utils import summary_data_from_transaction_data

in place of ``from lifetimes import ...``. Answers that differ from lifetimes 0.11.3:

- Fits end at the maximum, so digits beyond the fifth differ; they do not depend on where a search
  began, and ``initial_params``, ``tol``, ``iterative_fitting``, ``fit_method`` and ``maxiter`` are
  taken and change nothing.
- Where the data show no permanent leaving (a to 0 or b to infinity) ``fit`` raises ConvergenceError
  and says so; lifetimes hands such parameters on.
- ``variance_matrix_`` is the covariance: lifetimes scales its off-diagonal entries by the wrong
  parameters. ParetoNBDFitter has it too.
- GammaGammaFitter always keeps q above 1, as lifetimes does with ``q_constraint=True``.
- ``conditional_probability_alive`` returns a Series for a Series.
- ``penalizer_coef`` must be 0: it pulls on parameters whose size is that of their units. Models are
  saved as the fits of ``emptor.customers``, so there is no ``save_model``.
- ``customer_lifetime_value`` is lifetimes' sum to the digit, which takes the summary to be in
  ``freq``, days unless told: for weeks write ``freq="W"``. ``emptor.customers.clv`` carries units.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..._bgbb import bgbb_fit, fit_bgbb
from ..._core import customers as _core
from ..._core.core import InvalidArgument
from ..._spend import SpendFit, fit_spend, spend_fit
from .utils import ConvergenceError

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "BetaGeoBetaBinomFitter",
    "BetaGeoFitter",
    "ConvergenceError",
    "GammaGammaFitter",
    "ModifiedBetaGeoFitter",
    "ParetoNBDFitter",
]


def _array(values: Any) -> np.ndarray:
    return np.atleast_1d(np.asarray(values, np.float64))


def _like(values: np.ndarray, *given: Any) -> Any:
    """A Series with the index of the first one given, a number for numbers, else an array."""
    for one in given:
        if hasattr(one, "index") and hasattr(one, "to_numpy"):
            import pandas

            return pandas.Series(values, index=one.index)
    if all(np.ndim(one) == 0 for one in given):
        return float(values[0])
    return values


def _weighted(weights: Any, *columns: np.ndarray) -> list[np.ndarray]:
    """Rows as often as their weights say."""
    if weights is None:
        return list(columns)
    times = _array(weights)
    if (times < 0).any() or (times % 1 != 0).any():
        raise InvalidArgument("fit: weights must be whole numbers, how often each row counts")
    return [np.repeat(column, times.astype(np.int64)) for column in columns]


class _Fitter:
    """What all fitters share: parameters as pandas shows them, and how well they are known."""

    _names: tuple[str, ...] = ()

    def __init__(self, penalizer_coef: float = 0.0) -> None:
        if penalizer_coef:
            raise InvalidArgument(
                f"{type(self).__name__}: penalizer_coef is {penalizer_coef}; fits here need none: "
                "write 0"
            )
        self.penalizer_coef = 0.0

    def _keep(self, data: pd.DataFrame, values: list[float], covariance: np.ndarray) -> None:
        import pandas

        names = list(self._names)
        self.data = data
        self.params_ = pandas.Series(values, index=names)
        self.variance_matrix_ = pandas.DataFrame(covariance, index=names, columns=names)
        self.standard_errors_ = pandas.Series(np.sqrt(np.diag(covariance)), index=names)
        half = 1.959963984540054 * self.standard_errors_
        self.confidence_intervals_ = pandas.DataFrame(
            {"lower 95% bound": self.params_ - half, "upper 95% bound": self.params_ + half}
        )

    @property
    def summary(self) -> pd.DataFrame:
        import pandas

        table = pandas.DataFrame({"coef": self.params_, "se(coef)": self.standard_errors_})
        return table.join(self.confidence_intervals_)

    def __repr__(self) -> str:
        name = type(self).__name__
        if not hasattr(self, "params_"):
            return f"<emptor.compat.lifetimes.{name}>"
        shown = ", ".join(f"{key}: {value:.2f}" for key, value in self.params_.items())
        return f"<emptor.compat.lifetimes.{name}: fitted with {len(self.data)} subjects, {shown}>"


class _PurchaseFitter(_Fitter):
    _model = ""
    _mean = True  # lifetimes' negative log-likelihood is a mean, but a sum for the Pareto/NBD

    def _fit(
        self, frequency: Any, recency: Any, T: Any, weights: Any, index: Any, verbose: bool
    ) -> Any:
        import pandas

        columns = [_array(values) for values in (frequency, recency, T)]
        x, last, watched = _weighted(weights, *columns)
        found = _core.fit_purchases(
            _columns(x, last, watched), model=self._model, k=0, level=0.95, max_iterations=100
        )
        table = found.table()
        info = table.info
        if info["model"] != self._model or info["status"] not in ("ok", "small_sample"):
            raise ConvergenceError(
                f"{type(self).__name__}: the data do not tell the parameters: status "
                f"'{info['status']}', reason '{info['reason']}'; see emptor.customers.fit_purchases"
            )
        data = pandas.DataFrame(
            dict(zip(("frequency", "recency", "T"), columns, strict=True)), index=index
        )
        if weights is not None:
            data["weights"] = _array(weights)
        values = table["value"]
        covariance = found.log_covariance * np.outer(values, values)
        self._keep(data, values.tolist(), covariance)
        total = -info["log_likelihood"]
        self._negative_log_likelihood_ = total / info["n"] if self._mean else total
        if verbose:
            print(self)
        return self

    def _in_units_of(self, t: float) -> Any:
        """The fit with time counted in units of t: the models know no other unit than theirs."""
        values = [float(self.params_[name]) for name in self._names]
        values[1] /= t
        if self._model == "pnbd":
            values[3] /= t
        return _core.purchase_fit(self._model, values, unit="days", k=1)

    def _each(self, t: Any, rows: int, compute: Callable[[float, np.ndarray], Any]) -> np.ndarray:
        """Of any t, a number or one a row: those of equal t together."""
        times = np.broadcast_to(_array(t), (rows,))
        out = np.zeros(rows)
        for one in np.unique(times):
            chosen = times == one
            out[chosen] = compute(float(one), chosen) if one > 0 else 0.0
        return out

    def conditional_expected_number_of_purchases_up_to_time(
        self, t: Any, frequency: Any, recency: Any, T: Any
    ) -> Any:
        x, last, watched = np.broadcast_arrays(*map(_array, (frequency, recency, T)))
        one = _core.spend_fit(1.0, 2.0, 1.0)

        def expected(time: float, chosen: np.ndarray) -> Any:
            columns = _columns(x[chosen], last[chosen] / time, watched[chosen] / time, spend=True)
            found = _core.clv(
                self._in_units_of(time), one, columns, horizon="1 day", discount="0 % a year",
                margin=1.0, outcomes=False, level=0.95,
            )  # fmt: skip
            return found["discounted_purchases"]

        return _like(self._each(t, len(x), expected), frequency, recency, T, t)

    @property
    def predict(self) -> Any:
        return self.conditional_expected_number_of_purchases_up_to_time

    def conditional_probability_alive(self, frequency: Any, recency: Any, T: Any) -> Any:
        x, last, watched = np.broadcast_arrays(*map(_array, (frequency, recency, T)))
        found = _core.p_alive(self._in_units_of(1.0), _columns(x, last, watched))
        return _like(np.array(found["p_alive"]), frequency, recency, T)

    def conditional_probability_alive_matrix(
        self, max_frequency: int | None = None, max_recency: int | None = None
    ) -> np.ndarray:
        """P(alive) by recency (down) and frequency (across) of customers watched max_recency."""
        most = max_frequency or int(self.data["frequency"].max())
        longest = max_recency or int(self.data["T"].max())
        last, x = np.meshgrid(np.arange(longest + 1.0), np.arange(most + 1.0), indexing="ij")
        # Nobody has bought again at once, or long ago without having bought: neighbours stand in.
        known = (x > 0) == (last > 0)
        alive = np.full(x.shape, np.nan)
        alive[known] = self.conditional_probability_alive(
            x[known], last[known], np.full(int(known.sum()), float(longest))
        )
        alive[1:, 0] = alive[0, 0]
        tiny = np.full(most, 1e-9 * longest)
        alive[0, 1:] = self.conditional_probability_alive(
            x[0, 1:], tiny, np.full(most, float(longest))
        )
        return alive

    def expected_number_of_purchases_up_to_time(self, t: Any) -> Any:
        times = _array(t)
        flat = times.ravel()
        values = [
            _core.expected_purchases_new(self._in_units_of(one), ["1 day"])["expected_purchases"][0]
            if one > 0
            else 0.0
            for one in flat.tolist()
        ]
        return _like(np.array(values).reshape(times.shape), t)


def _columns(x: np.ndarray, last: np.ndarray, watched: np.ndarray, spend: bool = False) -> Any:
    if (x % 1 != 0).any():
        raise InvalidArgument("frequency must hold whole numbers")
    return _core.PurchaseColumns(
        frequency=np.ascontiguousarray(x, np.int64),
        recency=np.ascontiguousarray(last, np.float64),
        T=np.ascontiguousarray(watched, np.float64),
        monetary_value=np.ones(len(x)) if spend else None,
        log_gaps=None,
        unit="days",
        customer=None,
    )


class BetaGeoFitter(_PurchaseFitter):
    """The BG/NBD model."""

    _model, _names = "bgnbd", ("r", "alpha", "a", "b")

    def fit(self, frequency: Any, recency: Any, T: Any, weights: Any = None,
            initial_params: Any = None, verbose: bool = False, tol: float = 1e-7,
            index: Any = None, **kwargs: Any) -> BetaGeoFitter:  # fmt: skip
        return self._fit(frequency, recency, T, weights, index, verbose)


class ModifiedBetaGeoFitter(_PurchaseFitter):
    """The MBG/NBD model."""

    _model, _names = "mbgnbd", ("r", "alpha", "a", "b")

    def fit(self, frequency: Any, recency: Any, T: Any, weights: Any = None,
            initial_params: Any = None, verbose: bool = False, tol: float = 1e-7,
            index: Any = None, **kwargs: Any) -> ModifiedBetaGeoFitter:  # fmt: skip
        return self._fit(frequency, recency, T, weights, index, verbose)


class ParetoNBDFitter(_PurchaseFitter):
    """The Pareto/NBD model."""

    _model, _names, _mean = "pnbd", ("r", "alpha", "s", "beta"), False

    def fit(self, frequency: Any, recency: Any, T: Any, weights: Any = None,
            iterative_fitting: int = 1, initial_params: Any = None, verbose: bool = False,
            tol: float = 1e-4, index: Any = None, fit_method: str = "Nelder-Mead",
            maxiter: int = 2000, **kwargs: Any) -> ParetoNBDFitter:  # fmt: skip
        return self._fit(frequency, recency, T, weights, index, verbose)


class GammaGammaFitter(_Fitter):
    """The Gamma-Gamma model of spend."""

    _names = ("p", "q", "v")

    def fit(self, frequency: Any, monetary_value: Any, weights: Any = None,
            initial_params: Any = None, verbose: bool = False, tol: float = 1e-7,
            index: Any = None, q_constraint: bool = False,
            **kwargs: Any) -> GammaGammaFitter:  # fmt: skip
        import pandas

        columns = [_array(values) for values in (frequency, monetary_value)]
        if (columns[0] <= 0).any() or (columns[1] <= 0).any():
            raise ValueError(
                "GammaGammaFitter: frequency and monetary_value must be above 0; fit on "
                "customers who bought again"
            )
        x, m = _weighted(weights, *columns)
        found = fit_spend({"frequency": x, "monetary_value": m})
        if found.status not in ("ok", "small_sample"):
            raise ConvergenceError(
                f"GammaGammaFitter: the data do not tell the parameters: status '{found.status}', "
                f"{found.reason}"
            )
        data = pandas.DataFrame(
            dict(zip(("frequency", "monetary_value"), columns, strict=True)), index=index
        )
        values = found.parameters
        # By ln p, ln(q - 1) and ln v inside.
        slopes = np.array([values["p"], values["q"] - 1, values["v"]])
        self._keep(data, list(values.values()), found.log_covariance * np.outer(slopes, slopes))
        self._negative_log_likelihood_ = -found.log_likelihood / found.info["n"]
        if verbose:
            print(self)
        return self

    def _spend(self) -> SpendFit:
        return spend_fit(*(float(self.params_[name]) for name in self._names))

    def conditional_expected_average_profit(
        self, frequency: Any = None, monetary_value: Any = None
    ) -> Any:
        if frequency is None or monetary_value is None:
            frequency, monetary_value = self.data["frequency"], self.data["monetary_value"]
        x, m = np.broadcast_arrays(_array(frequency), _array(monetary_value))
        found = self._spend().expected_spend({"frequency": x, "monetary_value": m})
        return _like(np.array(found["expected_spend"]), frequency, monetary_value)

    def customer_lifetime_value(
        self,
        transaction_prediction_model: Any,
        frequency: pd.Series,
        recency: pd.Series,
        T: pd.Series,
        monetary_value: pd.Series,
        time: int = 12,
        discount_rate: float = 0.01,
        freq: str = "D",
    ) -> pd.Series:
        """Discounted at each month's end; a month is 30 days, 4.345 weeks, or 1, as ``freq``."""
        factor = {"W": 4.345, "M": 1.0, "D": 30, "H": 30 * 24}[freq]
        spend = self.conditional_expected_average_profit(frequency, monetary_value)
        total, before = np.zeros(len(frequency)), np.zeros(len(frequency))
        for month in range(1, time + 1):
            until = _array(
                transaction_prediction_model.predict(month * factor, frequency, recency, T)
            )
            total += (until - before) / (1 + discount_rate) ** month
            before = until
        return _like(total * _array(spend), frequency).rename("clv")


class BetaGeoBetaBinomFitter(_Fitter):
    """The BG/BB model of occasions that come one by one."""

    _names = ("alpha", "beta", "gamma", "delta")

    def fit(self, frequency: Any, recency: Any, n_periods: Any, weights: Any = None,
            initial_params: Any = None, verbose: bool = False, tol: float = 1e-7,
            index: Any = None, **kwargs: Any) -> BetaGeoBetaBinomFitter:  # fmt: skip
        import pandas

        names = ("frequency", "recency", "n_periods")
        columns = dict(zip(names, map(_array, (frequency, recency, n_periods)), strict=True))
        ones = np.ones(len(columns["frequency"]))
        columns["weights"] = ones if weights is None else _array(weights)
        table = {**columns, "occasions": columns["n_periods"], "count": columns["weights"]}
        found = fit_bgbb(table)
        if found.status not in ("ok", "small_sample"):
            raise ConvergenceError(
                f"BetaGeoBetaBinomFitter: the data do not tell the parameters: status "
                f"'{found.status}', {found.reason}"
            )
        values = np.array(list(found.parameters.values()))
        data = pandas.DataFrame(columns, index=index)
        self._keep(data, values.tolist(), found.log_covariance * np.outer(values, values))
        self._negative_log_likelihood_ = -found.log_likelihood / found.n
        if verbose:
            print(self)
        return self

    def _purchases(self, horizon: int, *columns: Any) -> tuple[Any, list[np.ndarray]]:
        arrays = list(np.broadcast_arrays(*map(_array, columns)))
        names = ("frequency", "recency", "occasions")
        fit = bgbb_fit(*(float(self.params_[name]) for name in self._names))
        return fit.purchases(dict(zip(names, arrays, strict=True)), horizon), arrays

    def conditional_expected_number_of_purchases_up_to_time(
        self, m_periods_in_future: int, frequency: Any, recency: Any, n_periods: Any
    ) -> Any:
        found, _ = self._purchases(int(m_periods_in_future), frequency, recency, n_periods)
        return _like(np.array(found["expected_purchases"]), frequency, recency, n_periods)

    def conditional_probability_alive(
        self, m_periods_in_future: int, frequency: Any, recency: Any, n_periods: Any
    ) -> Any:
        """P(alive) so many periods after the last of n_periods."""
        found, (_, _, n) = self._purchases(1, frequency, recency, n_periods)
        gamma, delta = float(self.params_["gamma"]), float(self.params_["delta"])
        alive = np.array(found["p_alive"])
        # The fit's own chance is that of one period ahead; to stay for the k-th is a chance of its
        # own.
        for k in range(1, int(m_periods_in_future)):
            alive *= (delta + n + k) / (gamma + delta + n + k)
        if int(m_periods_in_future) == 0:
            alive *= (gamma + delta + n) / (delta + n)
        return _like(alive, frequency, recency, n_periods)

    def expected_number_of_transactions_in_first_n_periods(self, n: int) -> pd.DataFrame:
        """How many customers the model has with each number of uses of the first n occasions."""
        import pandas

        alpha, beta, gamma, delta = (float(self.params_[name]) for name in self._names)
        counts = self.data.groupby("frequency")["weights"].sum()

        def chance(x: int) -> float:
            def of(i: int, gone: int) -> float:
                return math.comb(i, x) * math.exp(
                    _log_beta(alpha + x, beta + i - x) - _log_beta(alpha, beta)
                    + _log_beta(gamma + gone, delta + i) - _log_beta(gamma, delta)
                )  # fmt: skip

            return of(n, 0) + sum(of(i, 1) for i in range(x, n))

        values = [chance(int(x)) * counts.sum() for x in counts.index]
        index = pandas.Index(counts.index, name="frequency")
        return pandas.DataFrame({"model": values}, index=index)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
