"""Customers under contract from Python: cohorts and tables in, projections out, files."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest

import emptor as em

# Of 1,000 customers, how many were left after each year (Fader and Hardie 2007).
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]


@pytest.fixture(scope="module")
def fit():
    return em.customers.fit_contracts(survivors=HIGH_END)


def table_of(survivors):
    """The cohort's customers, one a row."""
    tenure, lost = [], []
    for t in range(1, len(survivors)):
        gone = survivors[t - 1] - survivors[t]
        tenure += [t] * gone
        lost += [True] * gone
    tenure += [len(survivors) - 1] * survivors[-1]
    lost += [False] * survivors[-1]
    return pd.DataFrame({"tenure": tenure, "lost": lost})


def test_published_fit(fit):
    assert fit.parameters == pytest.approx({"alpha": 0.668, "beta": 3.806}, abs=5e-4)
    assert fit.log_likelihood == pytest.approx(-1611.158, abs=5e-4)
    assert (fit.model, fit.n, fit.status) == ("sbg", 1000, "ok")
    lines = repr(fit).splitlines()
    assert lines[0] == "ContractFit sbg: 1,000 customers, 509 left, a renewal each 1 year"
    assert lines[1] == "log-likelihood -1611.16, AIC 3226.32, BIC 3236.13; status ok"


def test_every_kind_of_table(fit):
    table = table_of(HIGH_END)
    grouped = table.groupby(["tenure", "lost"]).size().reset_index(name="count")
    as_numbers = table["lost"].astype(int).to_numpy()
    polars = pl.from_pandas(table)
    for found in (
        em.customers.fit_contracts(table["tenure"], table["lost"]),
        em.customers.fit_contracts(polars["tenure"], polars["lost"]),
        em.customers.fit_contracts(table["tenure"].tolist(), as_numbers),
        em.customers.fit_contracts(grouped["tenure"], grouped["lost"], count=grouped["count"]),
    ):
        assert found == fit


def test_projections(fit):
    ahead = fit.projected_retention(24)
    assert ahead["period"].tolist() == list(range(1, 25))
    assert (ahead["survival_low"] < ahead["survival"]).all()
    assert ahead["survival"][11] == pytest.approx(0.3780, abs=5e-5)
    assert list(ahead["status"][[6, 7]]) == ["ok", "extrapolated"]
    # Who is left is ever likelier to stay.
    assert (np.diff(ahead["retention"]) > 0).all()
    left = fit.residual_lifetime([0, 4, 0], discount="10 % a year")
    assert left["residual_lifetime"][[0, 1]] == pytest.approx([5.415, 6.897], abs=2e-2)
    assert left["residual_lifetime"][0] == left["residual_lifetime"][2]
    assert em.customers.residual_lifetime(fit, [2], horizon=1)["residual_lifetime"][0] == (
        pytest.approx(ahead["retention"][2])
    )


def test_saved_and_pickled(fit, tmp_path):
    assert pickle.loads(pickle.dumps(fit)) == fit
    fit.save(tmp_path / "fit.emptor")
    loaded = em.load(tmp_path / "fit.emptor")
    assert isinstance(loaded, em.customers.ContractFit)
    assert loaded == fit and hash(loaded) == hash(fit) and repr(loaded) == repr(fit)
    assert fit.log_covariance.shape == (2, 2)
    known = em.customers.contract_fit("bdw", [0.26, 1.72, 1.58], period="1 month")
    assert known.info["period"] == "1 month" and np.isnan(known.table["standard_error"]).all()


def test_telco_tenure():
    """Months and a Yes or No: what a subscription business has."""
    rng = np.random.default_rng(4)
    leave = rng.beta(0.8, 6.0, 4000)
    left = rng.geometric(leave)
    watched = rng.integers(1, 60, 4000)
    fits = {
        model: em.customers.fit_contracts(
            np.minimum(left, watched), left <= watched, model=model, period="1 month"
        )
        for model in ("sbg", "bdw")
    }
    assert fits["sbg"].status == fits["bdw"].status == "ok"
    assert fits["bdw"].parameters["c"] == pytest.approx(1, abs=0.2)
    assert fits["sbg"].aic < fits["bdw"].aic + 2


def test_refused():
    def fails(text, *args, **options):
        with pytest.raises(em.InvalidArgument) as caught:
            em.customers.fit_contracts(*args, **options)
        assert str(caught.value).startswith(text)

    fails("fit_contracts: give tenure and lost, a row per customer, or survivors=")
    fails("fit_contracts: survivors are a whole cohort", [1], [0], survivors=[5, 3])
    fails("fit_contracts: survivors is 86.9 in row 1; it holds whole numbers",
          survivors=[100.0, 86.9])  # fmt: skip
    fails("fit_contracts: lost must be 0 (not seen) or 1 (seen)", [1, 2], [0, 3])
    fails("fit_contracts: tenure is nan in row 1", [1, np.nan], [0, 1])
    fails("fit_contracts: model must be", survivors=[5, 3, 2], model="bg")
    fails("period: '0 years' is not a length of time", survivors=[5, 3, 2], period="0 years")
    with pytest.raises(em.InvalidArgument, match="fit must be a ContractFit, got int"):
        em.customers.residual_lifetime(3, [1])
    few = em.customers.fit_contracts(survivors=[50, 50, 50])
    assert (few.status, few.reason) == ("not_enough_data", "nobody has left yet")
    assert np.isnan(few.projected_retention(2)["survival"]).all()
