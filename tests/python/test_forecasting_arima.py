"""ARIMA from Python: kinds of series and drivers in, fits that forecast, go on and are saved."""

import pickle

import numpy as np
import pandas as pd
import pytest

import emptor as em
from emptor import DataError, InvalidArgument


def walk(n: int, seed: int) -> np.ndarray:
    return 50 + np.cumsum(np.random.default_rng(seed).normal(size=n))


@pytest.fixture(scope="module")
def driven() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    days = pd.date_range("2020-01-01", periods=60, freq="MS")
    parts = []
    for name, effect in (("a", 3.0), ("b", -1.0)):
        price = rng.normal(size=60)
        y = 10 + effect * price + 0.3 * rng.normal(size=60)
        parts.append(
            pd.DataFrame({"unique_id": name, "ds": days, "y": y, "price": price, "one": 1.0})
        )
    return pd.concat(parts, ignore_index=True)


def future(days: int = 3) -> pd.DataFrame:
    ds = pd.date_range("2025-01-01", periods=days, freq="MS")
    rows = [
        {"unique_id": name, "ds": day, "price": price, "one": 1.0}
        for name, price in (("b", 0.0), ("a", 2.0))
        for day in ds
    ]
    return pd.DataFrame(rows)


def test_one_array():
    fit = em.forecasting.arima(walk(80, 1), keep=True)
    assert len(fit) == 1
    assert fit.coefficients()["order"][1] == 1
    ahead = fit.forecast(4, level=0.9)
    assert ahead.columns == ["step", "forecast", "forecast_low", "forecast_high", "status"]
    assert (np.diff(ahead["forecast_high"] - ahead["forecast_low"]) > 0).all()
    steps = fit.steps()
    assert np.nanmax(np.abs(steps["fitted"] + steps["residual"] - walk(80, 1))) < 1e-9
    paths = fit.simulate(4, paths=500)
    assert paths.shape == (500, 4)
    assert abs(paths[:, 0].mean() - ahead["forecast"][0]) < 0.3
    assert repr(fit).startswith("ArimaFits of 1 series")


def test_given_orders():
    fit = em.forecasting.arima(
        walk(80, 2), order=(1, 0, 1), seasonal_order=(0, 1, 1), season_length=4, constant=True
    )
    found = fit.coefficients()
    assert found["model"] == "(1,0,1)(0,1,1)[4] with drift"
    assert len(found["ar"]) == len(found["ma"]) == len(found["seasonal_ma"]) == 1
    assert "constant" in found


def test_several_and_update():
    series = {"x": walk(60, 3), "y": walk(50, 4), "z": np.full(20, 7.0)}
    fits = em.forecasting.arima(series)
    assert list(fits.parameters["series"]) == ["x", "y", "z"]
    assert fits.parameters["status"][2] == "boundary"
    assert list(fits.forecast(2)["forecast"][4:]) == [7, 7]
    later = fits.update({"y": [51.0, np.nan, 52.0]})
    assert later.coefficients("y")["n"] == 53
    assert later.coefficients("x").keys() == fits.coefficients("x").keys()
    assert later.forecast(1)["forecast"][0] == fits.forecast(1)["forecast"][0]


def test_drivers_by_column_and_date(driven):
    fits = em.forecasting.arima(driven, drivers=["price", "one"])
    table = fits.parameters
    assert list(table["dropped"]) == ["one", "one"]
    assert (table["price_low"] < [3, -1]).all()
    assert (table["price_high"] > [3, -1]).all()
    ahead = fits.forecast(3, drivers=future())
    # Rows of the drivers are found by name and date, whatever their order.
    assert np.abs(ahead["forecast"][:3] - 16).max() < 1
    assert np.abs(ahead["forecast"][3:] - 10).max() < 1
    again = fits.forecast(3, drivers=future(5).sample(frac=1, random_state=1))
    assert (again["forecast"] == ahead["forecast"]).all()
    later = fits.update({"a": [16.0, 15.5]}, drivers=future())
    assert str(later.forecast(1, drivers=future())["start"][0])[:10] == "2025-03-01"


def test_drivers_as_arrays(driven):
    one = driven[driven["unique_id"] == "a"]
    y, price = one["y"].to_numpy(), one["price"].to_numpy()
    fit = em.forecasting.arima(y, drivers={"price": price})
    assert abs(fit.coefficients()["drivers"]["price"] - 3) < 0.3
    assert abs(fit.forecast(1, drivers={"price": [2.0]})["forecast"][0] - 16) < 1
    assert fit.simulate(2, paths=9, drivers={"price": [2.0, 0.0]}).shape == (9, 2)
    several = em.forecasting.arima(
        {"u": y, "v": y[:30]}, drivers={"v": {"price": price[:30]}, "u": {"price": price}}
    )
    found = several.forecast(1, drivers={"u": {"price": [2.0]}, "v": {"price": [0.0]}})
    assert found["forecast"][0] - found["forecast"][1] > 4


def test_pickled(driven):
    fits = em.forecasting.arima(driven, drivers=["price"], keep=True)
    copy = pickle.loads(pickle.dumps(fits))
    assert list(copy.parameters["model"]) == list(fits.parameters["model"])
    a, b = (f.forecast(2, drivers=future(2).drop(columns="one")) for f in (fits, copy))
    assert (a["forecast_high_95"] == b["forecast_high_95"]).all()
    assert list(a["start"]) == list(b["start"])
    assert np.array_equal(copy.steps("a")["residual"], fits.steps("a")["residual"])


def test_calibrated_and_backtested():
    series = {str(k): walk(60, k) for k in range(4)}
    frame = em.forecasting.forecast(series, model="arima", horizon=3)
    assert frame.shape[0] == 12
    table = em.forecasting.backtest(series, horizon=3, windows=2, models=["arima", "naive"])
    assert set(table["model"]) >= {"arima", "naive"}


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda d: em.forecasting.arima(d, order=(1, 1)), "write three orders, as (1, 1, 1)"),
        (lambda d: em.forecasting.arima(d, season_length=0), "season_length is 0"),
        (lambda d: em.forecasting.arima(d, drivers=["prise"]), "no column 'prise'"),
        (lambda d: em.forecasting.arima(walk(9, 1), drivers=["price"]), "series is no table"),
        (lambda d: em.forecasting.arima(walk(9, 1), drivers={"x": [1.0]}), "9 are needed"),
        (lambda d: em.forecasting.arima(walk(9, 1), drivers=3), "drivers are int"),
        (lambda d: em.forecasting.arima(d, criterion="hq"), "criterion 'hq'"),
        (lambda d: em.forecasting.arima(d).forecast(2, drivers=future()), "have no drivers"),
        (lambda d: em.forecasting.arima(d).forecast(0), "horizon is 0"),
        (lambda d: em.forecasting.arima(d, drivers=["price"]).forecast(2), "rest on price"),
        (
            lambda d: em.forecasting.arima(d, drivers=["price"]).forecast(2, drivers=future()),
            "'one' is no driver",
        ),
        (lambda d: em.forecasting.arima(d).steps("a"), "nothing was kept"),
        (lambda d: em.forecasting.arima(d).coefficients("c"), "no series 'c'"),
    ],
)
def test_messages(driven, call, words):
    with pytest.raises(InvalidArgument) as caught:
        call(driven)
    assert words in str(caught.value)


def test_missing_drivers(driven):
    fits = em.forecasting.arima(driven, drivers=["price", "one"])
    with pytest.raises(DataError, match="no row of series 'a' and 2025-04-01"):
        fits.forecast(4, drivers=future())
    gap = future()
    gap.loc[4, "price"] = np.nan
    with pytest.raises(DataError, match="'price' of series 'a' and 2025-02-01 is missing"):
        fits.forecast(3, drivers=gap)
    with pytest.raises(DataError, match="two rows of series 'b' and 2025-01-01"):
        fits.forecast(3, drivers=pd.concat([future(), future()]))
