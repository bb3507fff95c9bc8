"""emptor.compat.lifetimes against what lifetimes 0.11.3 itself answers (pandas 3.1, NumPy 2.4)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import emptor as em
from emptor.compat.lifetimes import (
    BetaGeoFitter,
    ConvergenceError,
    GammaGammaFitter,
    ModifiedBetaGeoFitter,
    ParetoNBDFitter,
)
from emptor.compat.lifetimes.utils import (
    calibration_and_holdout_data,
    summary_data_from_transaction_data,
)

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"


@pytest.fixture(scope="module")
def cdnow():
    path = SHARED / "cdnow" / "cdnow_customers_summary_with_transactions.csv"
    if not path.exists():
        pytest.skip(f"no file {path}")
    table = pd.read_csv(path)
    table.columns = ["customer_id", "frequency", "recency", "T", "monetary_value"]
    return table.set_index("customer_id")


def columns(table):
    return table["frequency"], table["recency"], table["T"]


# Its fits of CDNOW's tenth: parameters, standard errors, P(alive) and purchases in 39 weeks of the
# first seven customers, purchases of a new one in 1, 10 and 52 weeks.
KNOWN = {
    BetaGeoFitter: (
        [0.24259, 4.41353, 0.79289, 2.42575],
        [0.01256, 0.37822, 0.18572, 0.70535],
        [0.726609, 0.212227, 1, 1, 1, 0.641801, 0.314918],
        [1.22591, 0.203251, 0.194781, 0.194781, 0.194781, 3.33724, 0.301598],
        [0.053185, 0.431761, 1.444021],
    ),
    ModifiedBetaGeoFitter: (
        [0.52484, 6.18299, 0.89136, 1.614],
        [0.08326, 0.6956, 0.15479, 0.53747],
        [0.706126, 0.17082, 0.389716, 0.389716, 0.389716, 0.622639, 0.259504],
        [1.262671, 0.188789, 0.153954, 0.153954, 0.153954, 3.166805, 0.286803],
        [0.053061, 0.433253, 1.41889],
    ),
    ParetoNBDFitter: (
        [0.55327, 10.57732, 0.60624, 11.66846],
        [0.04763, 0.84272, 0.18728, 6.2109],
        [0.869115, 0.167867, 0.295092, 0.295092, 0.295092, 0.749409, 0.255143],
        [1.455102, 0.170974, 0.107056, 0.107056, 0.107056, 3.711707, 0.259866],
        [0.051007, 0.4278, 1.473449],
    ),
}


@pytest.mark.parametrize("fitter", list(KNOWN))
def test_fitters(cdnow, fitter):
    params, errors, alive, purchases, new = KNOWN[fitter]
    model = fitter().fit(*columns(cdnow), index=cdnow.index)
    np.testing.assert_allclose(model.params_, params, rtol=2e-4)
    np.testing.assert_allclose(model.standard_errors_, errors, rtol=2e-3)
    head = columns(cdnow.head(7))
    found = model.conditional_probability_alive(*head)
    assert found.index.tolist() == [1, 2, 3, 4, 5, 6, 7]
    np.testing.assert_allclose(found, alive, atol=3e-5)
    np.testing.assert_allclose(model.predict(39, *head), purchases, rtol=2e-4)
    np.testing.assert_allclose(
        model.expected_number_of_purchases_up_to_time(np.array([1.0, 10.0, 52.0])), new, rtol=1e-4
    )
    assert model.expected_number_of_purchases_up_to_time(0) == 0
    each = model.predict(np.array([39.0] * 6 + [0.0]), *head)
    np.testing.assert_allclose(each[:6], purchases[:6], rtol=2e-4)
    assert each.iloc[6] == 0
    assert isinstance(model.predict(39, 2, 30.43, 38.86), float)
    assert list(model.summary.columns) == ["coef", "se(coef)", "lower 95% bound", "upper 95% bound"]
    assert model.data.index.equals(cdnow.index) and "fitted with 2357 subjects" in repr(model)


def test_likelihoods(cdnow):
    """A mean for the BG and MBG/NBD, as lifetimes has it."""
    for fitter, value in ((BetaGeoFitter, 9582.4256), (ModifiedBetaGeoFitter, 9582.1327)):
        model = fitter().fit(*columns(cdnow))
        assert model._negative_log_likelihood_ * 2357 == pytest.approx(value, abs=1e-3)


def test_weights_are_rows(cdnow):
    few = cdnow.head(300)
    weights = np.arange(300) % 3 + 1
    a = BetaGeoFitter().fit(*columns(few), weights=weights)
    b = BetaGeoFitter().fit(*columns(few.loc[few.index.repeat(weights)]))
    np.testing.assert_allclose(a.params_, b.params_, rtol=1e-6)


def test_alive_matrix(cdnow):
    found = BetaGeoFitter().fit(*columns(cdnow)).conditional_probability_alive_matrix(5, 10)
    known = [[1, 0.41281, 0.01611], [1, 0.47537, 0.04559], [1, 0.6431, 0.46479],
             [1, 0.75366, 0.89016]]  # fmt: skip
    assert found.shape == (11, 6)
    np.testing.assert_allclose(found[np.ix_([0, 1, 5, 10], [0, 1, 5])], known, atol=2e-5)


def test_spend(cdnow):
    again = cdnow[cdnow["frequency"] > 0]
    model = GammaGammaFitter().fit(again["frequency"], again["monetary_value"])
    np.testing.assert_allclose(model.params_, [6.248802, 3.744588, 15.447748], rtol=2e-5)
    np.testing.assert_allclose(model.standard_errors_, [1.189687, 0.290166, 4.159994], rtol=1e-3)
    assert model._negative_log_likelihood_ == pytest.approx(4.287445289115082, abs=1e-9)
    found = model.conditional_expected_average_profit(cdnow["frequency"], cdnow["monetary_value"])
    first = [24.658616, 18.911480, 35.171002, 35.171002, 35.171002, 71.462851]
    np.testing.assert_allclose(found.iloc[:6], first, rtol=1e-5)
    purchases = BetaGeoFitter().fit(*columns(cdnow))
    known = {
        "D": [140.0962, 18.9435, 38.1806, 38.1806, 38.1806, 1003.8683],
        "W": [36.2785, 4.6375, 8.3441, 8.3441, 8.3441, 283.5236],
    }
    for freq, values in known.items():
        clv = model.customer_lifetime_value(
            purchases, *columns(cdnow), cdnow["monetary_value"], freq=freq
        )
        assert clv.name == "clv" and clv.index.equals(cdnow.index)
        np.testing.assert_allclose(clv.iloc[:6], values, rtol=2e-5)


@pytest.fixture
def orders():
    return pd.DataFrame(
        {
            "who": ["b", "a", "a", "b", "a", "c", "b", "d", "a"],
            "when": pd.to_datetime(
                ["2015-01-01", "2015-02-06", "2015-01-01 08:00", "2015-01-01 20:00", "2015-01-05",
                 "2015-02-01", "2015-03-14", "2015-04-20", "2015-02-06 10:00"], format="ISO8601"),
            "money": [1, 2, 3, 4, 5, 6, 7, 8, 9.5],
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "known"),
    [
        ({}, {"frequency": [2, 1, 0, 0], "recency": [36, 72, 0, 0], "T": [109, 109, 78, 0],
              "monetary_value": [8.25, 7, 0, 0]}),
        ({"freq": "W"}, {"frequency": [2, 1, 0, 0], "recency": [5, 10, 0, 0],
                         "T": [16, 16, 12, 0], "monetary_value": [8.25, 7, 0, 0]}),
        ({"observation_period_end": "2015-02-07"}, {
            "frequency": [2, 0, 0], "recency": [36, 0, 0], "T": [37, 37, 6],
            "monetary_value": [8.25, 0, 0]}),
        ({"include_first_transaction": True}, {
            "frequency": [3, 2, 1, 1], "recency": [36, 72, 0, 0], "T": [109, 109, 78, 0],
            "monetary_value": [6.5, 6, 6, 8]}),
        ({"freq": "h", "freq_multiplier": 24}, {
            "frequency": [3, 2, 0, 0], "recency": [36.083333333333336, 72, 0, 0],
            "T": [108.66666666666667, 109, 78, 0], "monetary_value": [5.5, 5.5, 0, 0]}),
    ],
)  # fmt: skip
def test_summaries(orders, options, known):
    found = summary_data_from_transaction_data(orders, "who", "when", "money", **options)
    assert found.index.name == "who" and found.index.tolist() == list("abcd")[: len(found)]
    assert list(found.columns) == list(known) and all(kind.kind == "f" for kind in found.dtypes)
    for name, values in known.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-12)
    without = summary_data_from_transaction_data(orders, "who", "when", **options)
    assert without.equals(found.drop(columns="monetary_value"))


def test_calibration_and_holdout(orders):
    found = calibration_and_holdout_data(
        orders, "who", "when", "2015-02-01", observation_period_end="2015-04-15",
        monetary_value_col="money",
    )  # fmt: skip
    known = {
        "frequency_cal": [1, 0, 0], "recency_cal": [4, 0, 0], "T_cal": [31, 31, 0],
        "monetary_value_cal": [5, 0, 0], "frequency_holdout": [1, 1, 0],
        "monetary_value_holdout": [5.75, 7, 0], "duration_holdout": [73, 73, 73],
    }  # fmt: skip
    assert found.index.tolist() == ["a", "b", "c"] and list(found.columns) == list(known)
    for name, values in known.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-12)
    with pytest.raises(ValueError, match="no transaction after calibration_period_end"):
        calibration_and_holdout_data(orders, "who", "when", "2016-01-01")


def test_what_cannot_be_is_said(cdnow):
    with pytest.raises(em.InvalidArgument, match="penalizer_coef is 0.1"):
        BetaGeoFitter(penalizer_coef=0.1)
    with pytest.raises(ConvergenceError, match="do not tell the parameters"):
        BetaGeoFitter().fit([0, 0, 0], [0, 0, 0], [5, 6, 7])
    with pytest.raises(ValueError, match="must be above 0"):
        GammaGammaFitter().fit([1, 0], [5.0, 0.0])
    with pytest.raises(em.InvalidArgument, match="weights must be whole numbers"):
        BetaGeoFitter().fit(*columns(cdnow.head(20)), weights=[0.5] * 20)
    assert repr(GammaGammaFitter()) == "<emptor.compat.lifetimes.GammaGammaFitter>"
