"""Complex exponential smoothing from Python."""

import numpy as np
import pytest

import emptor as em


@pytest.fixture(scope="module")
def months():
    return em.example().series(period="month", value="amount", by="department")


def test_a_row_per_series_and_what_stands_behind_it(months):
    fits = em.forecasting.ces(months)
    assert fits.columns[:3] == ["department", "form", "alpha0"]
    assert set(fits["form"]) <= {"none", "simple", "partial", "full"}
    assert set(fits["status"]) == {"ok"} and (fits["sigma"] > 0).all()
    forced = em.forecasting.ces(months, form="none")
    assert set(forced["form"]) == {"none"} and np.isnan(forced["beta0"].astype(float)).all()
    assert (forced["aicc"] >= fits["aicc"] - 1e-9).all()


def test_tables_arrays_and_short_series():
    pandas = pytest.importorskip("pandas")
    y = [float(10 + i % 4 + 0.1 * i) for i in range(24)]
    table = {"unique_id": ["a"] * 24, "ds": np.arange("2020-01", "2022-01", dtype="M8[M]"), "y": y}
    one = em.forecasting.ces(y, season_length=12)
    assert np.allclose(one["sigma"], em.forecasting.ces(pandas.DataFrame(table))["sigma"])
    few = em.forecasting.ces({"a": [1.0, 2.0], "b": y[:9]}, season_length=6)
    assert few["status"].tolist() == ["not_enough_data", "small_sample"]


def test_forecasts_and_backtests_by_its_name(months):
    made = em.forecasting.forecast(months, model="ces", horizon=3)
    assert np.isfinite(made["forecast"]).all()
    assert (made["forecast_low_80"] < made["forecast_high_80"]).all()
    judged = em.forecasting.backtest(months, models=["ces"], horizon=2, windows=2)
    assert "ces" in set(judged["model"])


def test_what_cannot_be_is_told(months):
    with pytest.raises(em.InvalidArgument, match="form is 'whole'; write 'auto'"):
        em.forecasting.ces(months, form="whole")
    with pytest.raises(em.InvalidArgument, match="form 'full' has a season"):
        em.forecasting.ces([1.0, 2.0, 3.0, 4.0, 5.0], form="full")
