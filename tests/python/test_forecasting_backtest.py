"""Backtests: the tables, the ways in, the messages."""

import csv
from pathlib import Path

import numpy as np
import pytest

import emptor as em

ef = em.forecasting
M1 = Path(__file__).resolve().parents[3] / "shared" / "data" / "forecast" / "m1.csv"


@pytest.fixture(scope="module")
def weekly():
    return em.example().series(period="week", value="amount", by="department")


def test_a_row_is_a_model_and_the_naive_one_is_beside(weekly):
    frame = ef.backtest(weekly, horizon=4, models=["auto", "drift"])
    assert list(frame["model"]) == ["auto", "drift", "seasonal_naive"]
    assert frame["skill"][2] == 0
    assert (frame["skill_low"][:2] < frame["skill"][:2]).all()
    assert (frame["n"] == 7 * 5 * 4).all() and (frame["windows"] == 5).all()
    assert frame.info["step"] == 4 and frame.info["season_length"] == 52
    everything = frame.select("all")
    assert (everything["coverage_low_95"] < everything["coverage_95"]).all()
    np.testing.assert_array_equal(
        frame["mase"][:1], ef.backtest(weekly, horizon=4, models="auto")["mase"][:1]
    )


def test_steps_series_and_forecasts_add_up(weekly):
    options = {"horizon": 3, "windows": 4, "models": ["dotm"], "level": 0.9}
    whole = ef.backtest(weekly, **options)
    steps = ef.backtest_steps(weekly, **options)
    series = ef.backtest_series(weekly, **options)
    made = ef.backtest_forecasts(weekly, **options)
    assert list(steps["step"]) == [1, 2, 3] * 2
    assert whole["mase"][0] == pytest.approx(steps["mase"][:3].mean())
    assert whole["mase"][0] == pytest.approx(series["mase"][:7].mean())
    assert list(series["department"][:7]) == list(dict.fromkeys(weekly["department"]))
    dotm = made["model"] == "dotm"
    error = made["forecast"][dotm] - made["actual"][dotm]
    assert whole["bias"][0] == pytest.approx(error.sum() / made["actual"][dotm].sum())
    inside = made["actual"] >= made["forecast_low"]
    inside &= made["actual"] <= made["forecast_high"]
    assert whole["coverage"][0] == pytest.approx(inside[dotm].mean())
    assert len(made) == 2 * 4 * 7 * 3
    gap = (made["start"] - made["origin"]).astype("timedelta64[D]").astype(int)
    np.testing.assert_array_equal(gap, 7 * made["step"])
    # What is known of the cut last week is not judged.
    assert made["start"].max() < weekly["start"].max()


def test_arrays_dicts_and_messages():
    y = 100 + 10 * np.random.default_rng(0).standard_normal(60)
    lone = ef.backtest(y, horizon=2, windows=6)
    assert lone["series"][0] == 1 and lone["status"][0] == "ok"
    assert ef.backtest({"a": y, "b": y[:20]}, horizon=2)["series"][0] == 2
    with pytest.raises(em.InvalidArgument, match="models is 'prophet'; there are auto stm"):
        ef.backtest(y, models=["prophet"])
    with pytest.raises(em.InvalidArgument, match="backtest_steps: horizon is 0"):
        ef.backtest_steps(y, horizon=0)
    with pytest.raises(em.InvalidArgument, match="backtest: windows is 0; write 1 or more"):
        ef.backtest(y, windows=0)


@pytest.mark.skipif(not M1.exists(), reason="no shared data")
def test_the_last_window_is_the_test_of_the_competition():
    series: dict[str, list[float]] = {}
    with M1.open() as file:
        for row in csv.DictReader(file):
            if row["period"] == "YEARLY":
                series.setdefault(row["series_id"], []).append(float(row["y"]))
    frame = ef.backtest(
        {name: np.array(y) for name, y in series.items()}, horizon=6, windows=1, season_length=1
    )
    # docs/methods/forecasting/forecast.md, made by benchmarks/accuracy/forecasting.py
    assert frame["mase"][0] == pytest.approx(3.704, abs=5e-4)
    assert frame["smape"][0] == pytest.approx(18.16, abs=5e-3)
    assert frame["coverage_95"][0] == pytest.approx(0.901, abs=5e-4)
