"""hazard_regression from Python: frames in and out, episodes, categories, what is said."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest

import emptor as em


def sample(rows=2000, seed=1):
    random = np.random.default_rng(seed)
    tenure = random.normal(size=rows)
    plan = random.choice(np.array(["monthly", "yearly"], object), rows)
    end = random.integers(1, 13, rows)
    duration, event = end.astype(float), np.zeros(rows, int)
    z = -2 - 0.5 * tenure + np.where(plan == "monthly", 0.8, 0.0)
    for t in range(1, 13):
        alive = (event == 0) & (duration >= t)
        gone = alive & (random.random(rows) < 1 / (1 + np.exp(-z)))
        duration[gone], event[gone] = t, 1
    return duration, event, {"tenure": tenure, "plan": plan}


@pytest.fixture(scope="module")
def fit():
    return em.customers.hazard_regression(*sample())


def test_the_truth_lies_inside(fit):
    terms = fit.terms.to_dict("all")
    for name, truth in (("tenure", -0.5), ("plan = yearly", -0.8), ("plan = monthly", 0.8)):
        rows = terms["term"] == name
        if rows.any():
            assert terms["coefficient_low"][rows] < truth < terms["coefficient_high"][rows]
    np.testing.assert_allclose(terms["ratio"], np.exp(terms["coefficient"]))
    assert fit.info["status"] == "ok"
    assert len(fit.periods) == 12
    assert (fit.periods["hazard_low"] < fit.periods["hazard"]).all()
    assert "HazardFit: logit, 2,000 rows" in repr(fit)


@pytest.mark.parametrize("make", [dict, pd.DataFrame, pl.DataFrame, em.Frame])
def test_covariates_of_any_kind(fit, make):
    duration, event, columns = sample()
    other = em.customers.hazard_regression(pd.Series(duration), event == 1, make(columns))
    assert other.terms.to_csv(columns="all") == fit.terms.to_csv(columns="all")
    found = other.predict(make({"plan": columns["plan"][:3], "tenure": columns["tenure"][:3]}))
    assert found.columns == ["row", "time", "survival", "survival_low", "survival_high", "status"]
    assert len(found) == 3 * 13
    survival = np.asarray(found["survival"]).reshape(3, 13)
    assert (survival[:, 0] == 1).all()
    assert (np.diff(survival, axis=1) < 0).all()
    assert (found["survival_low"] <= found["survival"]).all()
    assert (found["survival"] <= found["survival_high"]).all()
    assert found.info["diff"] == "columns in another order, taken by name"


def test_fits_are_saved_and_pickled(fit, tmp_path):
    fit.save(tmp_path / "hazard.emptor")
    columns = {"tenure": [0.5, -1.0], "plan": ["yearly", "monthly"]}
    for again in (em.load(tmp_path / "hazard.emptor"), pickle.loads(pickle.dumps(fit))):
        assert again == fit
        assert again.terms.to_csv(columns="all") == fit.terms.to_csv(columns="all")
        assert again.predict(columns).to_csv(columns="all") == fit.predict(columns).to_csv(
            columns="all"
        )
    data = (tmp_path / "hazard.emptor").read_bytes()
    (tmp_path / "cut.emptor").write_bytes(data[:-1])
    with pytest.raises(em.FormatError):
        em.load(tmp_path / "cut.emptor")


def test_survival_foretold_is_that_of_later_rows(fit):
    duration, event, columns = sample(20000, 2)
    curve = em.customers.survival(duration, event)
    found = fit.predict(columns)
    mean = np.asarray(found["survival"]).reshape(20000, 13).mean(axis=0)
    for time, survival in zip(curve["time"], curve["survival"], strict=True):
        assert mean[int(time)] == pytest.approx(survival, abs=0.03)


def test_of_customers_of_sales():
    durations = em.customers.survival_durations(em.example(), until="second_purchase")
    columns = {"first": np.arange(len(durations)) % 2}
    fit = em.customers.hazard_regression(
        durations["duration"], durations["event"], columns, period=7, link="cloglog"
    )
    assert fit.info["link"] == "cloglog"
    assert fit.info["n"] + fit.info["left_out"] == len(durations)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"link": "probit"}, 'link must be "logit" or "cloglog", got "probit"'),
        ({"period": 0.0}, "hazard_regression: period must be above 0"),
        ({"max_periods": 3}, "durations reach over 12 periods, max_periods is 3; take a longer period"),
        ({"entry": np.full(2000, 99.0)}, "entry"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(options, message):
    with pytest.raises(em.InvalidArgument) as raised:
        em.customers.hazard_regression(*sample(), **options)
    assert message in str(raised.value)


def test_missing_columns_are_told(fit):
    with pytest.raises(em.DataError, match="does not fit the model: missing 'plan'"):
        fit.predict({"tenure": [1.0]})
