"""What a customer will buy and spend, as scikit-learn has it."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, check_non_negative, validate_data

from .. import customers
from ..frame import Frame
from ._tables import is_frame


class _OfSummaries(BaseEstimator):
    """Rows are those of a purchase summary: a frame with the names of it, or of lifetimes or
    CLVTools, or an array whose columns are those of ``_columns`` in this order."""

    _columns: tuple[str, ...] = ()

    def _summary(self, X: Any, *, reset: bool) -> Any:
        if isinstance(X, Frame):
            # What a summary has beside these is not learnt from.
            X = np.column_stack([np.asarray(X[name], np.float64) for name in self._columns])
        if is_frame(X):
            validate_data(self, X, reset=reset, skip_check_array=True)
            return X
        # Means of customers who never bought again are missing in summaries.
        array = validate_data(self, X, reset=reset, dtype=np.float64, ensure_all_finite="allow-nan")
        if array.shape[1] != len(self._columns):
            raise ValueError(
                f"X has {array.shape[1]} feature(s), but {type(self).__name__} is expecting "
                f"{len(self._columns)}: {', '.join(self._columns)}, in this order, or a frame with "
                "columns of these names"
            )
        check_non_negative(array, type(self).__name__)
        return dict(zip(self._columns, array.T, strict=True))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.positive_only = True
        return tags


class PurchaseEstimator(_OfSummaries):
    """A purchase model (``customers.fit_purchases``): rows are frequency, recency and T.

    ``predict`` gives the purchases expected within ``horizon``, ``p_alive`` the probability that a
    customer still buys. ``unit`` is what recency and T are counted in. ``model_`` is the
    PurchaseFit with its intervals.
    """

    _columns = ("frequency", "recency", "T")

    def __init__(
        self,
        *,
        model: str = "mbgnbd",
        horizon: str = "1 year",
        unit: str = "weeks",
        level: float = 0.95,
        threads: int | None = None,
    ) -> None:
        self.model = model
        self.horizon = horizon
        self.unit = unit
        self.level = level
        self.threads = threads

    def fit(self, X: Any, y: Any = None) -> PurchaseEstimator:
        """Fits the model to a summary; ``y`` is not used."""
        self.model_ = customers.fit_purchases(
            self._summary(X, reset=True),
            unit=self.unit,
            model=self.model,
            level=self.level,
            threads=self.threads,
            progress=False,
        )
        return self

    def _expected(self, X: Any, intervals: bool) -> Frame:
        check_is_fitted(self)
        return customers.expected_purchases(
            self.model_,
            self._summary(X, reset=False),
            self.horizon,
            unit=self.unit,
            level=self.level,
            intervals=intervals,
            threads=self.threads,
            progress=False,
        )

    def predict(self, X: Any) -> np.ndarray:
        """Expected purchases within the horizon."""
        return np.array(self._expected(X, False)["expected_purchases"])

    def predict_interval(self, X: Any) -> np.ndarray:
        """Low and high of the purchases that will come, of parameters and of chance."""
        found = self._expected(X, True)
        names = ("purchases_low", "purchases_high")
        return np.column_stack([np.asarray(found[name], np.float64) for name in names])

    def p_alive(self, X: Any) -> np.ndarray:
        """The probability that a customer still buys; NaN where the model cannot say."""
        check_is_fitted(self)
        found = customers.p_alive(
            self.model_,
            self._summary(X, reset=False),
            unit=self.unit,
            level=self.level,
            threads=self.threads,
            progress=False,
        )
        return np.array(found["p_alive"])


class SpendEstimator(_OfSummaries):
    """The Gamma-Gamma model of spend (``customers.fit_spend``): rows are frequency and
    monetary_value.

    ``predict`` gives the mean of a customer's orders to come; ``model_`` is the SpendFit.
    """

    _columns = ("frequency", "monetary_value")

    def __init__(self, *, level: float = 0.95, threads: int | None = None) -> None:
        self.level = level
        self.threads = threads

    def fit(self, X: Any, y: Any = None) -> SpendEstimator:
        """Fits the model to a summary; ``y`` is not used."""
        self.model_ = customers.fit_spend(
            self._summary(X, reset=True), level=self.level, threads=self.threads, progress=False
        )
        return self

    def _expected(self, X: Any) -> Frame:
        check_is_fitted(self)
        return customers.expected_spend(
            self.model_,
            self._summary(X, reset=False),
            level=self.level,
            threads=self.threads,
            progress=False,
        )

    def predict(self, X: Any) -> np.ndarray:
        """The mean of the orders to come."""
        return np.array(self._expected(X)["expected_spend"])

    def predict_interval(self, X: Any) -> np.ndarray:
        """Low and high of a customer's own mean."""
        found = self._expected(X)
        return np.column_stack([found["expected_spend_low"], found["expected_spend_high"]])
