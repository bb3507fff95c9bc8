"""LightGBM and XGBoost behind churn: the same columns, exact sums, files, bounds; where installed."""

from __future__ import annotations

import pickle
import subprocess
import sys

import numpy as np
import pytest

import emptor as em
from emptor import _back_ends


def table(rows=900, seed=1):
    random = np.random.default_rng(seed)
    calls = random.integers(0, 8, rows).astype(float)
    plan = random.choice(np.array(["monthly", "yearly"], object), rows)
    z = -2 + 0.4 * calls + np.where(plan == "monthly", 1.0, -1.0)
    left = random.random(rows) < 1 / (1 + np.exp(-z))
    calls[::23] = np.nan
    return {
        "id": np.arange(rows) + 5000,
        "calls": calls,
        "plan": plan,
        "idle": random.normal(size=rows),
        "left": np.where(left, "Yes", "No").astype(object),
    }


def churn(*args, **options):
    # One thread: those of the libraries wait for each other where others use the processor too.
    return em.customers.churn(*args, threads=1, **options)


LIBRARIES = ("lightgbm", "xgboost")


@pytest.fixture(scope="module", params=LIBRARIES)
def library(request):
    pytest.importorskip(request.param, reason=f"{request.param} is not installed")
    return request.param


@pytest.fixture(scope="module")
def fit(library):
    return churn(table(), target="left", id="id", model=library)


def test_all_a_fit_says_is_there(fit, library):
    own = churn(table(), target="left", id="id")
    assert fit.info["model"] == library
    assert fit.info.keys() == own.info.keys()
    assert fit.metrics.columns == own.metrics.columns
    auc = dict(zip(fit.metrics["metric"], fit.metrics["value"], strict=True))["auc"]
    assert auc > 0.7
    assert fit.reliability["n"].sum() == 900
    assert fit.lift["caught"][-1] == 1
    assert fit.terms.columns == ["term", "importance"]
    assert set(fit.terms["term"][:2]) == {"calls", "plan"}
    with pytest.raises(em.InvalidArgument, match="only the additive model has curves"):
        fit.term("calls")
    found, ours = fit.predict(table(60, 2)), own.predict(table(60, 2))
    assert found.all_columns == ours.all_columns
    assert (found["probability_low"] <= found["probability"]).all()
    assert (found["probability"] <= found["probability_high"]).all()
    top = found.sort("probability", descending=True).row(0)
    assert "plan monthly (odds × " in top["reasons"]


def test_contributions_and_the_baseline_sum_to_the_log_odds(library):
    data = table()
    numbers = np.column_stack([data["calls"], data["plan"] == "monthly", data["idle"]]).astype(
        float
    )
    numbers[5, 1] = np.nan
    category = np.array([0, 1, 0], np.uint8)
    back_end = _back_ends.LIBRARIES[library]()
    outcome = (data["left"] == "Yes").astype(np.uint8)
    aside = (np.arange(900) % 7 == 0).astype(np.uint8)
    model = back_end.fit(
        numbers, ["calls", "plan", "idle"], category, outcome, None, aside, 1, lambda: False
    )
    log_odds, parts = back_end.score(model, numbers, category, True, 1)
    baseline = log_odds - parts.sum(axis=1)
    assert parts.shape == (900, 3)
    np.testing.assert_allclose(baseline, baseline[0], atol=2e-5)
    plain, none = back_end.score(model, numbers, category, False, 1)
    assert none is None
    np.testing.assert_array_equal(plain, log_odds)


def test_fits_are_saved_and_pickled(fit, tmp_path):
    fit.save(tmp_path / "churn.emptor")
    later = table(30, 9)
    for again in (em.load(tmp_path / "churn.emptor"), pickle.loads(pickle.dumps(fit))):
        assert again == fit
        assert again.info == fit.info
        assert again.terms.to_csv() == fit.terms.to_csv()
        assert again.predict(later).to_csv(columns="all") == fit.predict(later).to_csv(
            columns="all"
        )


def test_the_risk_can_be_bound_to_rise(library):
    bound = churn(table(), target="left", id="id", model=library, monotone={"calls": 1, "idle": -1})
    rows = {"calls": np.arange(8.0), "plan": np.array(["monthly"] * 8, object), "idle": np.zeros(8)}
    assert (np.diff(bound.predict(rows)["probability"]) >= 0).all()
    rows |= {"calls": np.full(8, 3.0), "idle": np.linspace(-3, 3, 8)}
    assert (np.diff(bound.predict(rows)["probability"]) <= 0).all()


def test_the_librarys_own_options(library):
    name = {"lightgbm": "max_depth", "xgboost": "max_depth"}[library]
    small = churn(
        table(), target="left", id="id", model=library,
        model_options={name: 1, "num_boost_round": 1, "learning_rate": 0.3},
    )  # fmt: skip
    # One cut of one column: two values and no more.
    assert len(np.unique(small.predict(table(200, 3))["probability"])) == 2
    with pytest.raises(em.InvalidArgument, match="model_options may not set 'objective'"):
        churn(table(), target="left", model=library, model_options={"objective": "mse"})


def test_seeds_and_runs_give_the_same_bits(fit, library):
    again = churn(table(), target="left", id="id", model=library)
    assert again == fit


def test_unseen_categories_and_missing_columns_are_told(fit):
    later = table(5, 4)
    unseen = later | {"plan": np.array(["weekly"] * 5, object)}
    assert fit.predict(unseen).info["diff"] == "5 unseen categories in 'plan', taken as missing"
    with pytest.raises(em.DataError, match="does not fit the model: missing 'calls'"):
        fit.predict({name: later[name] for name in ("id", "plan", "idle")})


def test_one_class_is_a_status(library):
    data = table(60) | {"left": np.array(["No"] * 60, object)}
    fit = churn(data, target="left", event="No", id="id", model=library)
    assert fit.info["status"] == "not_enough_data"
    assert np.isnan(fit.predict(table(5))["probability"]).all()


def test_of_sales(library):
    sales = em.example()
    fit = churn(sales, horizon="60 days", folds=2, max_snapshots=4, model=library)
    found = fit.predict(sales)
    assert len(found) == len(em.customers.churn_features(sales))
    assert fit.info["time_ordered"] is True


def test_a_progress_that_stops_ends_the_fit(library):
    class Enough(Exception):
        pass

    def stop(_):
        raise Enough

    with pytest.raises(Enough):
        churn(
            table(20000), target="left", id="id", model=library, progress=stop,
            model_options={"num_boost_round": 5000, "learning_rate": 0.001},
        )  # fmt: skip


@pytest.mark.parametrize("name", LIBRARIES)
def test_what_is_missing_says_what_to_install(name):
    code = (
        f"import sys; sys.modules[{name!r}] = None; import emptor as em\n"
        "try: em.customers.churn({'a': [1.0], 'left': [1.0]}, target='left', "
        f"model={name!r})\nexcept ImportError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"churn: model='{name}' needs {name}: pip install {name}"


def test_options_of_libraries_are_for_libraries():
    with pytest.raises(em.InvalidArgument) as raised:
        churn(table(), target="left", model_options={"num_leaves": 7})
    assert str(raised.value) == (
        "churn: model_options= are for lightgbm and xgboost; 'additive' has its own arguments"
    )
