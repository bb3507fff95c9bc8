"""Charts of backtests and decompositions: valid, and of the numbers given."""

import numpy as np
import pytest

import emptor as em

pytest.importorskip("altair")
vl_convert = pytest.importorskip("vl_convert")


@pytest.fixture(scope="module")
def series():
    return em.example().series(period="month", value="amount", by="department")


def marks(chart):
    return vl_convert.vegalite_to_svg(chart.to_json())


def test_backtest_by_horizon_and_coverage(series):
    steps = em.forecasting.backtest_steps(series, horizon=3, windows=3, models=["auto", "drift"])
    chart = em.charts.backtest(steps)
    rows = chart.to_dict()["data"]["values"]
    assert [row["mase"] for row in rows] == list(steps["mase"])
    svg = marks(chart)
    assert "seasonal_naive" in svg and "periods ahead" in svg
    assert "NaN" not in chart.to_json()
    assert "inside the interval" in marks(em.charts.coverage(steps, level=0.8))
    one = em.forecasting.backtest_steps(series, horizon=2, windows=3, level=0.9)
    assert "0.9" in em.charts.coverage(one, level=0.9).to_json()
    assert marks(em.charts.backtest(steps, score="wql"))
    with pytest.raises(em.InvalidArgument, match="backtest: score is 'mape'; there are skill"):
        em.charts.backtest(steps, score="mape")


def test_decomposition():
    whole = em.example().series(period="month", value="amount")
    chart = em.charts.decomposition(em.forecasting.stl(whole))
    svg = marks(chart)
    for name in ("trend", "season", "remainder"):
        assert name in svg
    assert "NaN" not in chart.to_json()
    days = em.forecasting.stl(np.arange(80.0) % 7, season_length=[7, 28])
    assert "season_28" in marks(em.charts.decomposition(days))
