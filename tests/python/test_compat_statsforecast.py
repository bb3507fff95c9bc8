"""emptor.compat.statsforecast against what statsforecast 2.1.1 answers."""

import numpy as np
import pytest

import emptor as em
from emptor.compat import statsforecast as sf

pandas = pytest.importorskip("pandas")

AIR = [112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149,
       170, 170, 158, 133, 114, 140, 145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166]  # fmt: skip
PARTS = [0, 2, 0, 1, 0, 11, 0, 0, 0, 0, 2, 0, 6, 3, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0]


def frame(**extra):
    ends = pandas.date_range("2020-01-31", periods=36, freq="ME")
    air = pandas.DataFrame({"unique_id": "air", "ds": ends, "y": np.array(AIR, float)})
    parts = pandas.DataFrame({"unique_id": "parts", "ds": ends[-24:], "y": np.array(PARTS, float)})
    return pandas.concat([parts, air]).assign(**extra)


# StatsForecast(models, "ME").forecast(df, h=3) of statsforecast 2.1.1: the first and third step of
# both series. DynamicOptimizedTheta etc. with season_length=12 find no season here.
GOLDEN = {
    "Naive": [166.0, 166.0, 0.0, 0.0],
    "SeasonalNaive": [145.0, 178.0, 6.0, 0.0],
    "RWD": [167.54285714285714, 170.62857142857143, 0.0, 0.0],
    "HistoricAverage": [145.5, 145.5, 1.3333333333333333, 1.3333333333333333],
    "CrostonClassic": [160.69976303166163, 160.69976303166163, 1.3625345038952823, 1.3625345038952823],
    "CrostonSBA": [152.66477488007854, 152.66477488007854, 1.2944077787005182, 1.2944077787005182],
    "TSB": [167.54258862793012, 167.54258862793012, 0.8439564463671861, 0.8439564463671861],
}  # fmt: skip
SEARCHED = {
    "CrostonOptimized": [167.12790805095634, 167.12790805095634, 1.7183097328180266, 1.7183097328180266],
    "ADIDA": [167.12790805095634, 167.12790805095634, 1.0038810000005753, 1.0038810000005753],
    "IMAPA": [167.12790805095634, 167.12790805095634, 1.0501752585417987, 1.0501752585417987],
}  # fmt: skip
THETA = {
    "Theta": [166.65819300654982, 168.35420330256017],
    "OptimizedTheta": [166.843414214537, 168.90616250236195],
    "DynamicTheta": [166.65819300654982, 168.2899651378444],
    "DynamicOptimizedTheta": [165.80162214997895, 165.80162214997895],
}


def test_points_are_those_of_the_peer():
    models = [sf.Naive(), sf.SeasonalNaive(12), sf.RandomWalkWithDrift(), sf.HistoricAverage(),
              sf.CrostonClassic(), sf.CrostonSBA(), sf.TSB(0.2, 0.1), sf.CrostonOptimized(),
              sf.ADIDA(), sf.IMAPA(), sf.Theta(12), sf.OptimizedTheta(12), sf.DynamicTheta(12),
              sf.DynamicOptimizedTheta(12)]  # fmt: skip
    out = sf.StatsForecast(models=models, freq="ME", n_jobs=1).forecast(df=frame(), h=3)
    assert list(out["unique_id"]) == ["air"] * 3 + ["parts"] * 3
    assert list(out["ds"][:3]) == list(
        pandas.to_datetime(["2023-01-31", "2023-02-28", "2023-03-31"])
    )
    for name, values in GOLDEN.items():
        np.testing.assert_allclose(out[name].iloc[[0, 2, 3, 5]], values, rtol=1e-12, err_msg=name)
    for name, values in SEARCHED.items():
        np.testing.assert_allclose(out[name].iloc[[0, 2, 3, 5]], values, rtol=3e-6, err_msg=name)
    # The peer searches for the optimum.
    for name, values in THETA.items():
        np.testing.assert_allclose(out[name].iloc[[0, 2]], values, rtol=2e-4, err_msg=name)
    assert list(out.columns[:4]) == ["unique_id", "ds", "Naive", "SeasonalNaive"]


def test_intervals_have_the_peers_names():
    models = [sf.Naive(), sf.DynamicOptimizedTheta(12), sf.Emptor(12), sf.CrostonSBA()]
    out = sf.StatsForecast(models, "ME").forecast(frame(), 2, level=[95, 80])
    assert list(out.columns[2:7]) == [
        "Naive", "Naive-lo-80", "Naive-lo-95", "Naive-hi-80", "Naive-hi-95",
    ]  # fmt: skip
    for name in ("Naive", "DynamicOptimizedTheta", "Emptor", "CrostonSBA"):
        assert (out[f"{name}-lo-95"] <= out[f"{name}-lo-80"]).all()
        assert (out[f"{name}-lo-80"] <= out[name]).all()
        assert (out[name] <= out[f"{name}-hi-80"]).all()
        assert (out[f"{name}-lo-95"] >= 0).all()
    alone = em.forecasting.forecast(
        {"air": AIR, "parts": PARTS}, horizon=2, season_length=12, level=[0.8, 0.95]
    )
    np.testing.assert_allclose(out["Emptor"], alone["forecast"])
    np.testing.assert_allclose(out["Emptor-hi-95"], alone["forecast_high_95"])
    one = sf.StatsForecast([sf.Naive(alias="last")], "ME").forecast(frame(), 2, level=[90])
    assert list(one.columns[2:]) == ["last", "last-lo-90", "last-hi-90"]


def test_fit_predict_and_cross_validation():
    model = sf.StatsForecast([sf.Naive(), sf.RandomWalkWithDrift()], "ME")
    whole = model.forecast(frame(), 3)
    pandas.testing.assert_frame_equal(model.fit(frame()).predict(3), whole)
    pandas.testing.assert_frame_equal(model.fit_predict(frame(), 3), whole)
    cv = model.cross_validation(frame(), 2, n_windows=2, step_size=1)
    assert list(cv.columns) == ["unique_id", "ds", "cutoff", "y", "Naive", "RWD"]
    # statsforecast 2.1.1, the same call
    np.testing.assert_allclose(
        cv["RWD"], [186.25, 188.5, 163.5151515151515, 165.03030303030303, 0, 0, 0, 0], rtol=1e-12
    )
    assert list(cv["y"][:4]) == [162, 146, 146, 166]
    assert list(cv["cutoff"][:4].dt.month) == [9, 9, 10, 10]
    short = model.cross_validation(frame(), 2, n_windows=1, input_size=5)
    assert short["RWD"].iloc[0] == 162 + (162 - 178) / 4


def test_times_of_every_kind():
    monday = pandas.DataFrame({"unique_id": [7] * 12, "ds": np.arange(12), "y": np.arange(12.0)})
    out = sf.StatsForecast([sf.Naive()], freq=1).forecast(monday, 2)
    assert list(out["ds"]) == [12, 13] and list(out["unique_id"]) == [7, 7]
    starts = pandas.date_range("2024-01-01", periods=12, freq="MS")
    first = sf.StatsForecast([sf.Naive()], freq="MS").forecast(monday.assign(ds=starts), 2)
    assert list(first["ds"]) == list(pandas.to_datetime(["2025-01-01", "2025-02-01"]))
    hours = pandas.date_range("2024-01-01", periods=12, freq="h")
    hourly = sf.StatsForecast([sf.Naive()], freq="h").forecast(monday.assign(ds=hours), 1)
    assert hourly["ds"][0] == pandas.Timestamp("2024-01-01 12:00")
    polars = pytest.importorskip("polars")
    frame_ = polars.DataFrame({"unique_id": ["a"] * 12, "ds": starts.to_numpy(), "y": range(12)})
    made = sf.StatsForecast([sf.Naive()], freq="1mo").forecast(frame_, 2, level=[80])
    assert isinstance(made, polars.DataFrame)
    assert made["ds"].to_list()[1].month == 2 and made["Naive"].to_list() == [11.0, 11.0]


def test_a_bad_series_does_not_stop_the_others():
    short = pandas.DataFrame(
        {"unique_id": "new", "ds": pandas.to_datetime(["2022-12-31"]), "y": [5.0]}
    )
    out = sf.StatsForecast([sf.DynamicOptimizedTheta(12)], "ME").forecast(
        pandas.concat([frame(), short]), 2
    )
    assert list(out["DynamicOptimizedTheta"][out["unique_id"] == "new"]) == [5.0, 5.0]


def test_messages():
    with pytest.raises(em.InvalidArgument, match="fit first"):
        sf.StatsForecast([sf.Naive()], "ME").predict(2)
    with pytest.raises(em.InvalidArgument, match="two models are named 'Naive'; give an alias="):
        sf.StatsForecast([sf.Naive(), sf.Naive()], "ME")
    with pytest.raises(em.InvalidArgument, match="str is not a model of emptor.compat"):
        sf.StatsForecast(["Naive"], "ME")
    with pytest.raises(em.InvalidArgument, match="df is dict; give a pandas or polars frame"):
        sf.StatsForecast([sf.Naive()], "ME").forecast({"y": [1]}, 2)
    with pytest.raises(em.InvalidArgument, match="df has no column 'sales'"):
        sf.StatsForecast([sf.Naive()], "ME").forecast(frame(), 2, target_col="sales")
    with pytest.raises(em.InvalidArgument, match="level is 950; write percents, as 95"):
        sf.StatsForecast([sf.Naive()], "ME").forecast(frame(), 2, level=[950])
    with pytest.raises(em.InvalidArgument, match="h is 0; write periods ahead"):
        sf.StatsForecast([sf.Naive()], "ME").forecast(frame(), 0)
    with pytest.raises(em.InvalidArgument, match="series 'parts' has 24 values; 30 are held back"):
        sf.StatsForecast([sf.Naive()], "ME").cross_validation(frame(), 30)


def test_arima():
    models = [sf.AutoARIMA(season_length=12), sf.ARIMA((0, 1, 1), 12, (0, 1, 1))]
    out = sf.StatsForecast(models, "ME").forecast(frame(), 3, level=[80, 95])
    assert [c for c in out.columns if "ARIMA" in c][:3] == [
        "AutoARIMA",
        "AutoARIMA-lo-80",
        "AutoARIMA-lo-95",
    ]
    assert (out["ARIMA-lo-95"] < out["ARIMA-lo-80"]).all()
    assert (out["ARIMA-lo-80"] < out["ARIMA"]).all()
    assert (out["ARIMA"] < out["ARIMA-hi-80"]).all()
    plain = em.forecasting.arima(np.array(AIR, float), season_length=12).forecast(3)
    assert np.array_equal(out["AutoARIMA"][:3], plain["forecast"])
    held = sf.StatsForecast(
        [sf.AutoARIMA(d=1, D=0, max_p=1, max_q=0, seasonal=False, alias="held")], "ME"
    ).forecast(frame(), 1)
    assert held["held"].notna().all()
    drift = sf.StatsForecast([sf.ARIMA((0, 1, 0), include_drift=True)], "ME").forecast(frame(), 2)
    steps = drift["ARIMA"].to_numpy().reshape(-1, 2)
    last = frame().groupby("unique_id", sort=True)["y"].last().to_numpy()
    assert np.allclose(steps[:, 1] - steps[:, 0], steps[:, 0] - last)


def test_smoothing_models_choose_their_own_form():
    models = [
        sf.AutoETS(season_length=12),
        sf.AutoCES(season_length=12),
        sf.AutoETS(12, "ANN", alias="SES"),
    ]
    out = sf.StatsForecast(models, "ME").forecast(frame(), 3, level=[90])
    assert [name for name in out.columns if "-" not in name][2:] == ["AutoETS", "CES", "SES"]
    assert (out["CES-lo-90"] <= out["CES"]).all() and (out["CES"] < out["CES-hi-90"]).all()
    fit = em.forecasting.ets(np.array(AIR, float), season_length=12, prior=None)
    assert np.allclose(out["AutoETS"][:3], fit.forecast(3)["forecast"])
    with pytest.raises(em.InvalidArgument, match="AutoCES: model is 'Q'"):
        sf.AutoCES(model="Q")
