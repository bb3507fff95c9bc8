"""Yes or no with calibrated probabilities, as scikit-learn has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import column_or_1d
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_consistent_length, check_is_fitted

from .. import customers
from ..frame import Frame
from ._tables import columns_of

_LEAST = 1e-15


class _Classifier(ClassifierMixin, BaseEstimator):
    """What all have in common: a fit of ``customers.churn`` on the rows."""

    # What a subclass hands to `churn`, by the names of both.
    _options: tuple[str, ...] = ("calibration", "folds", "seed", "threads")

    def _model(self) -> str:
        raise NotImplementedError

    def fit(self, X: Any, y: Any, groups: Any = None) -> Any:
        """Learns from rows and their classes; the second class in order is the event.

        Rows of one value of ``groups``, as the rows of one customer, are never on both sides of
        the folds that calibrate and measure.
        """
        columns = columns_of(self, X, reset=True)
        outcome = self._outcome(X, y)
        check_consistent_length(next(iter(columns.values())), outcome)
        target = _free("event", columns)
        table = {**columns, target: outcome.astype(np.float64)}
        names = {"target": target}
        if groups is not None:
            names["id"] = _free("group", table)
            table[names["id"]] = column_or_1d(groups)
        options = {name: getattr(self, name) for name in self._options}
        self.model_ = customers.churn(
            table, **names, model=self._model(), progress=False, **options
        )
        return self

    def _outcome(self, X: Any, y: Any) -> np.ndarray:
        if y is None:
            raise ValueError(
                f"This {type(self).__name__} estimator requires y to be passed, but the target y "
                "is None."
            )
        y = column_or_1d(y, warn=True)
        check_classification_targets(y)
        kind = type_of_target(y, input_name="y", raise_unknown=True)
        if kind not in ("binary",):
            raise ValueError(
                f"Only binary classification is supported. The type of the target is {kind}."
            )
        self.classes_, code = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(
                f"{type(self).__name__}: y has only one class, {str(self.classes_[0])!r:.40}; two "
                "are needed to tell them apart"
            )
        return code.reshape(-1)

    def explain(self, X: Any) -> Frame:
        """A row per row: the probability of the second class, its band, and what moves it most."""
        check_is_fitted(self)
        return self.model_.predict(columns_of(self, X, reset=False), progress=False)

    def _scored(self, X: Any, *names: str) -> list[np.ndarray]:
        found = self.explain(X)
        return [np.array(found[name]) for name in names]

    def predict_proba(self, X: Any) -> np.ndarray:
        """Calibrated probabilities, a column per class."""
        (p,) = self._scored(X, "probability")
        return np.column_stack([1 - p, p])

    def predict_interval(self, X: Any) -> np.ndarray:
        """Low and high of the second class's probability: the two of Venn-Abers."""
        return np.column_stack(self._scored(X, "probability_low", "probability_high"))

    def decision_function(self, X: Any) -> np.ndarray:
        """The log-odds of the second class."""
        (p,) = self._scored(X, "probability")
        p = np.clip(p, _LEAST, 1 - _LEAST)
        return np.log(p) - np.log1p(-p)

    def predict(self, X: Any) -> np.ndarray:
        """The class of probability above one half."""
        (p,) = self._scored(X, "probability")
        return self.classes_[(p > 0.5).astype(int)]

    @property
    def metrics_(self) -> Frame:
        """Held-out AUC, average precision, Brier score, log loss and lift with intervals."""
        check_is_fitted(self)
        return self.model_.metrics

    @property
    def reliability_(self) -> Frame:
        """Held-out forecasts and what came of them, by bins."""
        check_is_fitted(self)
        return self.model_.reliability

    @property
    def terms_(self) -> Frame:
        """What the model looks at: importance of columns and pairs, or coefficients."""
        check_is_fitted(self)
        return self.model_.terms

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        return tags


class AdditiveClassifier(_Classifier):
    """Boosted additive model of two classes: steps of columns and of pairs of columns.

    Explains exactly (``explain``, ``term``), takes missing values and categories as they are, and
    can be bound to rise or fall along columns (``monotone``, by name: x0, x1, ... of an array).
    ``folds`` groups of rows calibrate the probabilities and measure them (``metrics_``).
    """

    _options = (*_Classifier._options, "max_pairs", "monotone")

    def __init__(
        self,
        *,
        calibration: str = "platt",
        folds: int = 5,
        max_pairs: int = 10,
        monotone: Mapping[str, int] | None = None,
        seed: int = 1,
        threads: int | None = None,
    ) -> None:
        self.calibration = calibration
        self.folds = folds
        self.max_pairs = max_pairs
        self.monotone = monotone
        self.seed = seed
        self.threads = threads

    def _model(self) -> str:
        return "additive"

    def term(self, column: str) -> Frame:
        """How the odds move along one column."""
        check_is_fitted(self)
        return self.model_.term(column)


class LogisticClassifier(_Classifier):
    """Penalised logistic regression of two classes with intervals of its coefficients
    (``terms_``).

    Categories enter by level against the most frequent, missing values as a column of their own;
    ``penalty`` is that of coefficients per standard deviation. ``folds`` groups of rows calibrate
    the probabilities and measure them (``metrics_``).
    """

    _options = (*_Classifier._options, "penalty")

    def __init__(
        self,
        *,
        penalty: float = 1.0,
        calibration: str = "platt",
        folds: int = 5,
        seed: int = 1,
        threads: int | None = None,
    ) -> None:
        self.penalty = penalty
        self.calibration = calibration
        self.folds = folds
        self.seed = seed
        self.threads = threads

    def _model(self) -> str:
        return "logistic"


class ChurnClassifier(_Classifier):
    """``customers.churn`` of a table as an estimator: every model and option of it.

    ``model_`` is the ChurnFit, ``fit(X, y, groups=customers)`` keeps a customer's rows together,
    ``explain`` gives probability, band and reasons.
    """

    _options = (*_Classifier._options, "max_pairs", "penalty", "monotone", "level",
                "model_options")  # fmt: skip

    def __init__(
        self,
        *,
        model: str = "additive",
        model_options: Mapping[str, Any] | None = None,
        calibration: str = "platt",
        folds: int = 5,
        max_pairs: int = 10,
        penalty: float = 1.0,
        monotone: Mapping[str, int] | None = None,
        level: float = 0.95,
        seed: int = 1,
        threads: int | None = None,
    ) -> None:
        self.model = model
        self.model_options = model_options
        self.calibration = calibration
        self.folds = folds
        self.max_pairs = max_pairs
        self.penalty = penalty
        self.monotone = monotone
        self.level = level
        self.seed = seed
        self.threads = threads

    def _model(self) -> str:
        return self.model


def _free(name: str, taken: Mapping[str, Any]) -> str:
    """A name that no column has."""
    while name in taken:
        name += "_"
    return name
