"""fit_spend and expected_spend from Python: summaries of any kind, what is said, files."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest

import emptor as em


def simulated(customers=3000, p=6.0, q=4.0, v=15.0, seed=1):
    random = np.random.default_rng(seed)
    frequency = random.poisson(random.gamma(0.8, 1.5, customers))
    rate = random.gamma(q, 1 / v, customers)
    orders = np.maximum(frequency, 1)
    spend = np.where(frequency > 0, random.gamma(p * orders) / rate / orders, np.nan)
    return {"customer": np.arange(customers), "frequency": frequency, "monetary_value": spend}


@pytest.fixture(scope="module")
def fit():
    return em.customers.fit_spend(simulated())


def test_the_truth_lies_inside(fit):
    assert fit.status == "ok" and fit.reason == ""
    for name, truth in (("p", 6), ("q", 4), ("v", 15)):
        row = fit.table.filter(parameter=name).row(0)
        assert row["value_low"] < truth < row["value_high"]
        assert fit.parameters[name] == row["value"]
    assert fit.info["mean_spend"].low < 30 < fit.info["mean_spend"].high
    assert fit.info["correlation"].low < 0 < fit.info["correlation"].high
    assert fit.log_covariance.shape == (3, 3)
    assert "SpendFit: " in repr(fit)


@pytest.mark.parametrize("make", [dict, pd.DataFrame, pl.DataFrame, em.Frame])
def test_summaries_of_any_kind(fit, make):
    other = em.customers.fit_spend(make(simulated()))
    assert other == fit
    found = other.expected_spend(make(simulated()))
    assert found.columns[0] == "customer"
    assert found["customer"].tolist() == list(range(3000))


def test_names_of_others(fit):
    data = simulated()
    btyd = {"x": data["frequency"], "Spending": data["monetary_value"]}
    assert em.customers.fit_spend(btyd) == fit
    halves = {
        "frequency_cal": data["frequency"].astype(float),
        "monetary_value_cal": data["monetary_value"],
    }
    assert em.customers.fit_spend(halves) == fit


def test_expected_spend(fit):
    data = simulated()
    found = em.customers.expected_spend(fit, data)
    again = data["frequency"] > 0
    mean = fit.info["mean_spend"].value
    own = data["monetary_value"][again]
    expected = found["expected_spend"][again]
    assert (np.abs(expected - mean) < np.abs(own - mean) + 1e-9).all()
    assert (found["status"][~again] == "small_sample").all()
    np.testing.assert_allclose(found["expected_spend"][~again], mean)
    one = {name: values[:1] for name, values in data.items()}
    assert em.customers.expected_spend(fit, one).row(0) == found.row(0)


def test_files(fit, tmp_path):
    fit.save(tmp_path / "spend.emptor")
    back = em.load(tmp_path / "spend.emptor")
    assert back == fit and back.table["value"].tolist() == fit.table["value"].tolist()
    assert pickle.loads(pickle.dumps(fit)) == fit


def test_known_parameters():
    fit = em.customers.spend_fit(6.25, 3.74, 15.44)
    found = fit.expected_spend({"frequency": [2, 0], "monetary_value": [22.35, 0.0]})
    assert found["expected_spend"][0] == pytest.approx(
        6.25 * (15.44 + 44.7) / (12.5 + 3.74 - 1), rel=1e-12
    )


def test_little_data_is_a_status():
    fit = em.customers.fit_spend({"frequency": [0, 0], "monetary_value": [0.0, np.nan]})
    assert fit.status == "not_enough_data" and fit.reason == "nobody bought again"
    found = fit.expected_spend({"frequency": [1], "monetary_value": [5.0]})
    assert np.isnan(found["expected_spend"][0]) and found["status"][0] == "not_enough_data"
    same = em.customers.fit_spend({"frequency": [1] * 20, "monetary_value": [5.0] * 20})
    assert same.status == "boundary" and same.reason


@pytest.mark.parametrize(
    ("summary", "message"),
    [
        ({"frequency": [1], "monetary_value": [-5.0]}, "monetary_value is -5 in row 0"),
        ({"frequency": [1.5], "monetary_value": [5.0]}, "frequency is 1.5 in row 0"),
        ({"frequency": [1]}, "no column 'monetary_value'"),
        ({"frequncy": [1], "monetary_value": [5.0]}, "did you mean 'frequncy'?"),
        ({"frequency": ["a"], "monetary_value": [5.0]}, "frequency must hold numbers"),
        (3, "no column 'frequency'"),
    ],
)
def test_what_is_wrong_is_said(summary, message):
    with pytest.raises(em.InvalidArgument) as caught:
        em.customers.fit_spend(summary)
    assert message in str(caught.value)
    with pytest.raises(em.InvalidArgument, match="fit must be a SpendFit, got int"):
        em.customers.expected_spend(3, {"frequency": [1], "monetary_value": [5.0]})
