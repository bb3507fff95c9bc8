"""Boosted trees of LightGBM and XGBoost behind ``customers.churn``.

The core hands over tables of numbers and takes log-odds and contributions back; it calibrates,
measures and explains them like those of a model of its own.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ._core.core import InvalidArgument

# Small steps, and the rows set aside say when to stop; all else is the library's own default.
ROUNDS = 1000
RATE = 0.05
PATIENCE = 20


class _Stopped(Exception):
    """Somebody asked the computation to stop."""


class _Library:
    """A library's trees, with the options of a fit."""

    name = ""
    # What a user may not change: the core relies on it.
    held: tuple[str, ...] = ("objective", "seed", "nthread", "num_threads", "n_jobs")

    def __init__(
        self,
        *,
        seed: int = 1,
        monotone: Mapping[str, int] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self.library = _imported(self.name)
        self.seed = seed
        self.monotone = dict(monotone or {})
        self.options = dict(options or {})
        for name in self.held:
            if name in self.options:
                raise InvalidArgument(
                    f"churn: model_options may not set {name!r}; write seed= or threads=, the "
                    "objective is a yes or no"
                )
        self.rounds = int(self.options.pop("num_boost_round", ROUNDS))

    def bound(self, names: list[str]) -> list[int]:
        return [self.monotone.get(name, 0) for name in names]


class LightGBM(_Library):
    """Trees of LightGBM by its own training interface."""

    name = "lightgbm"

    def fit(
        self,
        table: np.ndarray,
        names: list[str],
        category: np.ndarray,
        outcome: np.ndarray,
        weight: np.ndarray | None,
        set_aside: np.ndarray,
        threads: int,
        stopped: Callable[[], bool],
    ) -> bytes:
        parameters = {
            "objective": "binary", "learning_rate": RATE, "verbosity": -1, "seed": self.seed,
            "deterministic": True, "force_row_wise": True, "num_threads": threads,
            **self.options,
        }  # fmt: skip
        if self.monotone:
            parameters["monotone_constraints"] = self.bound(names)
        categories = [int(j) for j in np.flatnonzero(category)]

        def rows(chosen: np.ndarray, reference: Any = None) -> Any:
            return self.library.Dataset(
                table[chosen],
                outcome[chosen],
                weight=None if weight is None else weight[chosen],
                categorical_feature=categories,
                reference=reference,
                free_raw_data=False,
            )

        def watch(_: Any) -> None:
            if stopped():
                raise _Stopped

        train = rows(set_aside == 0)
        held_out = set_aside == 1
        callbacks, held = [watch], []
        if held_out.any():
            held = [rows(held_out, train)]
            callbacks.append(self.library.early_stopping(PATIENCE, verbose=False))
        try:
            fit = self.library.train(
                parameters, train, self.rounds, valid_sets=held, callbacks=callbacks
            )
        except _Stopped:
            return b""
        return fit.model_to_string(num_iteration=fit.best_iteration or None).encode()

    def score(
        self,
        model: bytes,
        table: np.ndarray,
        category: np.ndarray,
        contributions: bool,
        threads: int,
    ) -> tuple[np.ndarray, np.ndarray | None]:
        fit = self.library.Booster(model_str=model.decode())
        log_odds = fit.predict(table, raw_score=True, num_threads=threads)
        if not contributions:
            return log_odds, None
        # The last column is the baseline.
        return log_odds, fit.predict(table, pred_contrib=True, num_threads=threads)[:, :-1]


class XGBoost(_Library):
    """Trees of XGBoost by its own training interface."""

    name = "xgboost"

    def fit(
        self,
        table: np.ndarray,
        names: list[str],
        category: np.ndarray,
        outcome: np.ndarray,
        weight: np.ndarray | None,
        set_aside: np.ndarray,
        threads: int,
        stopped: Callable[[], bool],
    ) -> bytes:
        parameters = {
            "objective": "binary:logistic", "eta": RATE, "tree_method": "hist", "seed": self.seed,
            "nthread": threads, "verbosity": 0, **self.options,
        }  # fmt: skip
        if self.monotone:
            parameters["monotone_constraints"] = tuple(self.bound(names))

        class Watch(self.library.callback.TrainingCallback):  # type: ignore[misc,name-defined]
            def after_iteration(self, *_: Any) -> bool:
                return stopped()

        def rows(chosen: np.ndarray) -> Any:
            return self._matrix(
                table[chosen], category, outcome[chosen],
                None if weight is None else weight[chosen],
            )  # fmt: skip

        held_out = set_aside == 1
        early: dict[str, Any] = {}
        if held_out.any():
            early = {"evals": [(rows(held_out), "held_out")], "early_stopping_rounds": PATIENCE}
        fit = self.library.train(
            parameters, rows(set_aside == 0), self.rounds, callbacks=[Watch()],
            verbose_eval=False, **early,
        )  # fmt: skip
        if early and not stopped():
            fit = fit[: fit.best_iteration + 1]
        return bytes(fit.save_raw("ubj"))

    def score(
        self,
        model: bytes,
        table: np.ndarray,
        category: np.ndarray,
        contributions: bool,
        threads: int,
    ) -> tuple[np.ndarray, np.ndarray | None]:
        fit = self.library.Booster(model_file=bytearray(model))
        fit.set_param({"nthread": threads})
        rows = self._matrix(table, category)
        log_odds = fit.predict(rows, output_margin=True)
        if not contributions:
            return log_odds, None
        return log_odds, fit.predict(rows, pred_contribs=True)[:, :-1]

    def _matrix(
        self,
        table: np.ndarray,
        category: np.ndarray,
        outcome: np.ndarray | None = None,
        weight: np.ndarray | None = None,
    ) -> Any:
        kinds = ["c" if one else "q" for one in category]
        return self.library.DMatrix(
            table, outcome, weight=weight, feature_types=kinds, enable_categorical=True
        )


LIBRARIES: dict[str, type[_Library]] = {"lightgbm": LightGBM, "xgboost": XGBoost}


def _imported(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise ImportError(f"churn: model={name!r} needs {name}: pip install {name}") from None
