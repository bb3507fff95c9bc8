"""Decompositions: the tables and the messages."""

import numpy as np
import pytest

import emptor as em

ef = em.forecasting


def test_parts_add_up():
    series = em.example().series(period="month", value="amount", by="department")
    parts = ef.stl(series).select("all")
    whole = np.isfinite(parts["y"])
    total = parts["trend"] + parts["season"] + parts["remainder"]
    np.testing.assert_allclose(total[whole], parts["y"][whole], rtol=1e-12)
    np.testing.assert_allclose(parts["adjusted"][whole], (parts["y"] - parts["season"])[whole])
    assert list(parts["department"]) == list(series["department"])
    np.testing.assert_array_equal(parts["start"], series["start"])
    # Periods the data cut have a trend, but no remainder.
    cut = ~series["complete"]
    assert np.isnan(parts["remainder"][cut]).all() and np.isfinite(parts["trend"][cut]).all()
    strength = ef.stl_strength(series)
    assert strength.columns == ["department", "trend_strength", "season_strength_12", "status"]
    assert len(strength) == 7


def test_several_seasons_and_short_series():
    t = np.arange(140)
    y = 100 + 9.0 * (t % 7 == 5) + 5 * np.sin(t * 2 * np.pi / 28)
    frame = ef.stl({"long": y, "short": y[:10]}, season_length=[28, 7], seasonal_window=-1)
    assert "season_7" in frame.columns and "season_28" in frame.columns
    np.testing.assert_allclose(frame["season_7"][:140][t % 7 == 5], 9 * 6 / 7, atol=0.3)
    assert frame["status"][0] == "ok" and frame["status"][140] == "not_enough_data"
    strength = ef.stl_strength({"long": y, "short": y[:10]}, season_length=[28, 7])
    assert list(strength["status"]) == ["ok", "not_enough_data"]


def test_messages():
    y = np.arange(30.0)
    with pytest.raises(em.InvalidArgument, match="stl: season_length is needed"):
        ef.stl(y)
    with pytest.raises(em.InvalidArgument, match="stl: seasonal_window is 8; write an odd number"):
        ef.stl(y, season_length=7, seasonal_window=8)
    with pytest.raises(em.InvalidArgument, match="stl: season_length is 1; write periods, as 12"):
        ef.stl_strength(y, season_length=1)
