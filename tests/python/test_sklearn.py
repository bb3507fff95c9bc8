"""Estimators: scikit-learn's own checks, frames and arrays, and what they say beyond it."""

from __future__ import annotations

import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pytest

import emptor as em

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from sklearn.base import clone
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator, parametrize_with_checks
from sklearn.utils.validation import check_non_negative, validate_data

from emptor.sklearn import (
    AdditiveClassifier,
    ChurnClassifier,
    LogisticClassifier,
    PurchaseEstimator,
    SpendEstimator,
)

# The checks bring tables of any width and of fractions; a purchase summary is three columns of
# which one counts. What fits such a table fails for that reason alone: the same checks hold below
# on tables made into summaries.
OF_ANY_TABLE = {
    "check_fit_score_takes_y", "check_estimators_overwrite_params",
    "check_dont_overwrite_parameters", "check_estimators_fit_returns_self",
    "check_readonly_memmap_input", "check_n_features_in_after_fitting",
    "check_positive_only_tag_during_fit", "check_estimators_dtypes", "check_dtype_object",
    "check_pipeline_consistency", "check_estimators_pickle", "check_f_contiguous_array_estimator",
    "check_methods_sample_order_invariance", "check_methods_subset_invariance",
    "check_fit2d_1sample", "check_dict_unchanged", "check_fit_idempotent",
    "check_fit_check_is_fitted", "check_n_features_in", "check_fit2d_predict1d",
}  # fmt: skip


class PurchasesOfAnyTable(PurchaseEstimator):
    """A purchase estimator that makes a summary of whatever it is given."""

    def _summary(self, X, *, reset):
        array = validate_data(self, X, reset=reset, dtype=np.float64, ensure_all_finite="allow-nan")
        array = np.nan_to_num(array)
        check_non_negative(array, type(self).__name__)
        frequency = np.floor(array[:, 0] * 3) % 20
        recency = np.where(frequency > 0, 1 + array[:, -1] % 30, 0)
        return {"frequency": frequency, "recency": recency, "T": recency + 5}


class SpendOfAnyTable(SpendEstimator):
    """... and an estimator of spend."""

    def _summary(self, X, *, reset):
        array = validate_data(self, X, reset=reset, dtype=np.float64, ensure_all_finite="allow-nan")
        array = np.nan_to_num(array)
        check_non_negative(array, type(self).__name__)
        frequency = np.floor(array[:, 0] * 3) % 20
        return {"frequency": frequency, "monetary_value": 1 + array[:, -1] % 30}


@parametrize_with_checks(
    [
        AdditiveClassifier(),
        LogisticClassifier(),
        ChurnClassifier(),
        ChurnClassifier(model="logistic", calibration="isotonic"),
        PurchasesOfAnyTable(),
        SpendOfAnyTable(),
    ]
)
@pytest.mark.filterwarnings("ignore:invalid value encountered in cast")
def test_own_checks_of_scikit_learn(estimator, check):
    check(estimator)


@pytest.mark.parametrize("estimator", [PurchaseEstimator(), SpendEstimator()])
@pytest.mark.filterwarnings("ignore")
def test_tables_that_are_no_summaries_fail_checks_for_that_reason(estimator):
    found = check_estimator(estimator, on_fail=None, on_skip=None)
    failed = {
        one["check_name"]: str(one["exception"]) for one in found if one["status"] == "failed"
    }
    assert failed.keys() <= OF_ANY_TABLE
    for message in failed.values():
        assert "frequency is " in message or "is expecting" in message


def table(rows=600, seed=1):
    random = np.random.default_rng(seed)
    calls = random.integers(0, 8, rows).astype(float)
    plan = random.choice(["monthly", "yearly"], rows)
    z = -2 + 0.4 * calls + np.where(plan == "monthly", 1.0, -1.0)
    left = np.where(random.random(rows) < 1 / (1 + np.exp(-z)), "left", "a stayer")
    calls[::17] = np.nan
    return pd.DataFrame({"calls": calls, "plan": plan}), left


@pytest.mark.parametrize(
    "estimator", [AdditiveClassifier(), LogisticClassifier(), ChurnClassifier()]
)
def test_frames_hold_categories_and_missing_values(estimator):
    X, y = table()
    fit = clone(estimator).fit(X, y)
    assert fit.classes_.tolist() == ["a stayer", "left"]
    assert fit.feature_names_in_.tolist() == ["calls", "plan"]
    p = fit.predict_proba(X)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    assert roc_auc_score(y == "left", p[:, 1]) > 0.75
    band = fit.predict_interval(X)
    assert ((band[:, 0] <= p[:, 1]) & (p[:, 1] <= band[:, 1])).all()
    assert fit.metrics_["value"][0] == fit.model_.metrics["value"][0]
    assert fit.reliability_["n"].sum() == 600
    assert "plan" in " ".join(fit.terms_["term"].tolist())
    assert "plan monthly" in fit.explain(X).row(0)["reasons"] + fit.explain(X).row(1)["reasons"]
    again = pickle.loads(pickle.dumps(fit))
    np.testing.assert_array_equal(again.predict_proba(X), p)
    same = clone(estimator).fit(pl.from_pandas(X), y)
    np.testing.assert_array_equal(same.predict_proba(pl.from_pandas(X)), p)


def test_the_numbers_are_those_of_churn():
    X, y = table()
    fit = ChurnClassifier(folds=3, seed=4).fit(X, y)
    given = {"calls": X["calls"], "plan": X["plan"], "left": (y == "left").astype(float)}
    direct = em.customers.churn(given, target="left", folds=3, seed=4)
    np.testing.assert_array_equal(
        fit.predict_proba(X)[:, 1],
        direct.predict({"calls": X["calls"], "plan": X["plan"]})["probability"],
    )


@pytest.mark.parametrize("library", ["lightgbm", "xgboost"])
def test_trees_of_other_libraries(library):
    pytest.importorskip(library, reason=f"{library} is not installed")
    X, y = table()
    made = ChurnClassifier(model=library, model_options={"max_depth": 2}, folds=2, threads=1)
    fit = clone(made).fit(X, y)
    assert roc_auc_score(y == "left", fit.predict_proba(X)[:, 1]) > 0.7
    assert fit.model_.info["model"] == library


def test_pipelines_searches_and_cross_validation():
    X, y = table()
    chosen = make_column_transformer(
        ("passthrough", make_column_selector("calls")), verbose_feature_names_out=False
    )
    piped = make_pipeline(chosen, AdditiveClassifier(folds=2))
    assert piped.fit(X, y).predict(X).shape == (600,)
    search = GridSearchCV(LogisticClassifier(folds=2), {"penalty": [0.1, 100.0]}, cv=2)
    assert search.fit(X, y).best_params_["penalty"] in (0.1, 100.0)
    held_out = cross_val_predict(ChurnClassifier(folds=2), X, y, cv=3, method="predict_proba")
    assert roc_auc_score(y == "left", held_out[:, 1]) > 0.7


def test_rows_of_a_group_stay_together():
    random = np.random.default_rng(3)
    # What a customer does says nothing; thirty equal rows each would be learnt by heart.
    X = np.repeat(random.normal(size=(40, 1)), 30, axis=0)
    y = np.repeat(random.integers(0, 2, 40), 30)
    auc = {}
    for name, groups in (("apart", None), ("together", np.repeat(np.arange(40), 30))):
        fit = AdditiveClassifier(folds=4).fit(X, y, groups=groups)
        auc[name] = fit.metrics_["value"][0]
    assert auc["apart"] > 0.7 > 0.6 > auc["together"]


def test_monotone_goes_by_name_of_an_array():
    X, y = table()
    fit = AdditiveClassifier(monotone={"x0": 1}).fit(X[["calls"]].to_numpy(), y)
    found = fit.term("x0")
    assert found["value"][0] == "missing"
    assert (np.diff(found["effect"][1:]) >= 0).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda X, y: ChurnClassifier(model="forest").fit(X, y), "model must be"),
        (lambda X, y: AdditiveClassifier().fit(X, np.array(["left"] * 600)), "y has only one class, 'left'"),
        (lambda X, y: AdditiveClassifier().fit(X, [0, 1, 2] * 200), "Only binary classification is supported"),
        (lambda X, y: AdditiveClassifier().fit(X, y).predict(X[["calls"]]), "feature names"),
        (lambda X, y: PurchaseEstimator().fit(np.ones((3, 2))), r"X has 2 feature(s), but PurchaseEstimator is expecting 3: frequency, recency, T"),
        (lambda X, y: SpendEstimator().fit(-np.ones((3, 2))), "Negative values in data passed to SpendEstimator"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(make, message):
    with pytest.raises(ValueError) as raised:
        make(*table())
    assert message in str(raised.value)


@pytest.fixture(scope="module")
def summary():
    random = np.random.default_rng(5)
    rate = random.gamma(1.2, 0.1, 3000)
    T = random.uniform(20, 50, 3000)
    life = np.minimum(T, random.exponential(30, 3000))
    frequency = random.poisson(rate * life)
    recency = np.where(frequency > 0, life * random.beta(np.maximum(frequency, 1), 1), 0)
    spend = np.where(frequency > 0, random.gamma(6, 5, 3000), np.nan)
    return pd.DataFrame(
        {"frequency": frequency, "recency": recency, "T": T, "monetary_value": spend}
    )


def test_purchases_of_summaries(summary):
    fit = PurchaseEstimator(horizon="12 weeks").fit(summary)
    direct = em.customers.fit_purchases(summary, unit="weeks")
    assert fit.model_ == direct
    expected = direct.expected_purchases(summary, "12 weeks", unit="weeks")
    np.testing.assert_allclose(fit.predict(summary), expected["expected_purchases"], rtol=1e-12)
    band = fit.predict_interval(summary)
    np.testing.assert_array_equal(band[:, 1], expected["purchases_high"])
    assert (band[:, 0] <= band[:, 1]).all()
    alive = fit.p_alive(summary)
    assert ((alive > 0) & (alive <= 1)).all()
    of_array = PurchaseEstimator(horizon="12 weeks").fit(
        summary[["frequency", "recency", "T"]].to_numpy()
    )
    assert of_array.model_ == direct
    in_days = summary.assign(recency=summary["recency"] * 7, T=summary["T"] * 7)
    again = PurchaseEstimator(horizon="12 weeks", unit="days").fit(in_days)
    np.testing.assert_allclose(again.predict(in_days), fit.predict(summary), rtol=1e-6)


def test_spend_of_summaries(summary):
    fit = SpendEstimator().fit(summary)
    assert fit.model_ == em.customers.fit_spend(summary)
    found = fit.predict(summary)
    band = fit.predict_interval(summary)
    assert ((band[:, 0] <= found) & (found <= band[:, 1])).all()
    array = summary[["frequency", "monetary_value"]].to_numpy()
    np.testing.assert_array_equal(SpendEstimator().fit(array).predict(array), found)
    sales = em.example()
    of_frame = em.customers.purchase_summary(sales)
    assert len(SpendEstimator().fit(of_frame).predict(of_frame)) == len(of_frame)


def test_scikit_learn_is_only_needed_here():
    code = (
        "import sys; sys.modules['sklearn'] = None; import emptor as em; em.customers.churn\n"
        "try: import emptor.sklearn\n"
        "except ImportError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "emptor.sklearn needs scikit-learn: pip install 'emptor[sklearn]'"
