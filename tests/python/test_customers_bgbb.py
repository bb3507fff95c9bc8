"""Occasions one by one from Python: donors in, frames out, files, lifetimes' fitter."""

import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import emptor as em
from emptor.compat.lifetimes import BetaGeoBetaBinomFitter

DONATIONS = Path(__file__).resolve().parents[3] / "shared/data/btyd/donations.csv"
PUBLISHED = (1.20352, 0.74972, 0.65672, 2.78344)


@pytest.fixture(scope="module")
def donors():
    if not DONATIONS.exists():
        pytest.skip(f"no {DONATIONS}")
    return pd.read_csv(DONATIONS)


@pytest.fixture(scope="module")
def fit(donors):
    return em.customers.fit_bgbb(donors)


def test_published_fit(donors, fit):
    assert list(fit.parameters.values()) == pytest.approx(PUBLISHED, rel=1e-4)
    assert fit.log_likelihood == pytest.approx(-33225.5813, abs=5e-4)
    assert (fit.n, fit.status) == (11104, "ok")
    each = donors.loc[donors.index.repeat(donors["weights"])].drop(columns="weights")
    each = each.rename(columns={"frequency": "x", "recency": "t.x", "periods": "n.cal"})
    assert em.customers.fit_bgbb(each) == fit
    assert em.customers.fit_bgbb(each.to_dict("list")) == fit


def test_purchases(donors, fit):
    named = donors.assign(customer=[f"kind {i}" for i in range(len(donors))])
    ahead = fit.purchases(named, 5)
    assert ahead["customer"][3] == "kind 3"
    total = (ahead["expected_purchases"] * donors["weights"]).sum()
    assert total == pytest.approx(12884.2, abs=0.1)
    assert (ahead["p_alive_low"] < ahead["p_alive"]).all()
    new = em.customers.bgbb_purchases(
        fit, {"frequency": [0], "recency": [0], "occasions": [0]}, horizon=2
    )
    assert new["expected_purchases"][0] == pytest.approx(0.9233, abs=5e-5)
    assert set(fit.purchases(donors, 7)["status"]) == {"extrapolated"}


def test_saved_and_pickled(fit, tmp_path):
    assert pickle.loads(pickle.dumps(fit)) == fit
    fit.save(tmp_path / "fit.emptor")
    loaded = em.load(tmp_path / "fit.emptor")
    assert isinstance(loaded, em.customers.BgbbFit)
    assert loaded == fit and repr(loaded) == repr(fit)
    assert repr(fit).splitlines()[0] == (
        "BgbbFit: 11,104 customers, 7,640 bought again, at most 6 occasions"
    )
    known = em.customers.bgbb_fit(*PUBLISHED)
    assert np.isnan(known.table["standard_error"]).all()


def test_refused(fit):
    with pytest.raises(em.InvalidArgument, match="no column 'occasions'; there are"):
        em.customers.fit_bgbb({"frequency": [1], "recency": [2]})
    with pytest.raises(em.InvalidArgument, match="recency 5 is greater than occasions 4 in row 0"):
        em.customers.fit_bgbb({"frequency": [1], "recency": [5], "occasions": [4]})
    with pytest.raises(em.InvalidArgument, match="fit must be a BgbbFit, got int"):
        em.customers.bgbb_purchases(3, {})
    few = em.customers.fit_bgbb({"frequency": [0], "recency": [0], "occasions": [4]})
    assert (few.status, few.reason) == ("not_enough_data", "nobody bought again")


def test_as_lifetimes(donors, fit):
    model = BetaGeoBetaBinomFitter()
    model.fit(donors["frequency"], donors["recency"], donors["periods"], donors["weights"])
    assert model.params_.tolist() == pytest.approx(PUBLISHED, rel=1e-4)
    assert model._negative_log_likelihood_ == pytest.approx(33225.5813 / 11104, rel=1e-8)
    columns = donors["frequency"], donors["recency"], donors["periods"]
    ahead = model.conditional_expected_number_of_purchases_up_to_time(5, *columns)
    assert (ahead * donors["weights"]).sum() == pytest.approx(12884.2, abs=0.1)
    alive = model.conditional_probability_alive(1, *columns)
    np.testing.assert_allclose(alive, fit.purchases(donors)["p_alive"], rtol=1e-12)
    now, later = (model.conditional_probability_alive(m, *columns) for m in (0, 3))
    assert (now > alive).all() and (later < alive).all()
    just_bought = donors["recency"] == donors["periods"]
    np.testing.assert_allclose(now[just_bought], 1, rtol=1e-12)
    # Fader, Hardie and Shang's in-sample counts.
    counts = model.expected_number_of_transactions_in_first_n_periods(6)
    assert counts["model"][[0, 6]].tolist() == pytest.approx([3454.9, 1253.1], abs=0.05)
    assert counts["model"].sum() == pytest.approx(11104)
