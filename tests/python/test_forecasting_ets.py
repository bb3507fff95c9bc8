"""Exponential smoothing from Python: kinds of series in, fits that forecast and go on."""

import numpy as np
import pytest

import emptor as em

SEASON = np.array([112.0, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118])


def noisy(years: int, growth: float, seed: int) -> np.ndarray:
    draws = np.random.default_rng(seed).normal(1, 0.03, 12 * years)
    return np.concatenate([SEASON * (1 + growth * year) for year in range(years)]) * draws


@pytest.fixture(scope="module")
def several() -> dict[str, np.ndarray]:
    return {"north": noisy(8, 0.1, 1), "south": noisy(7, 0.0, 2), "east": np.full(30, 7.0)}


def test_one_array():
    fit = em.forecasting.ets(noisy(8, 0.1, 1), season_length=12)
    assert len(fit) == 1
    states = fit.states()
    assert states["model"][-1] in "AM"
    assert 0 < states["alpha"] < 1
    assert states["initial_season"].shape == (12,)
    ahead = fit.forecast(12)
    assert ahead.columns == [
        "step", "forecast", "forecast_low_80", "forecast_high_80", "forecast_low_95",
        "forecast_high_95", "status",
    ]  # fmt: skip
    assert np.abs(ahead["forecast"] / (SEASON * 1.8) - 1).max() < 0.1
    assert (ahead["forecast_low_95"] < ahead["forecast_low_80"]).all()


def test_several(several):
    fits = em.forecasting.ets(several, season_length=12)
    table = fits.parameters
    assert list(table["series"]) == ["north", "south", "east"]
    assert table["status"][2] == "boundary"
    assert "beta_rate" in table.info
    ahead = fits.forecast(3, level=0.9)
    assert ahead.shape[0] == 9
    assert list(ahead["forecast"][6:]) == [7, 7, 7]
    assert repr(fits).startswith("EtsFits of 3 series")
    assert fits.states("south")["n"] == 84


def test_explicit_forms():
    y = noisy(8, 0.1, 1)
    for model, damped, found in [
        ("MAM", None, "MAM"),
        ("AAN", True, "AAdN"),
        ("MAdM", None, "MAdM"),
        ("AMdA", None, "AMdA"),
    ]:
        fit = em.forecasting.ets(y, model=model, damped=damped, season_length=12)
        assert fit.states()["model"] == found
    held = em.forecasting.ets(y, model="ANN", alpha=0.25)
    assert held.states()["alpha"] == 0.25


def test_prior_straightens(several):
    free = em.forecasting.ets(several["north"], model="AAN", prior=None).states()
    drawn = em.forecasting.ets(several["north"], model="AAN", prior=50).states()
    assert drawn["beta"] <= free["beta"]
    assert drawn["log_likelihood"] <= free["log_likelihood"] + 1e-6
    assert em.forecasting.ets(several["north"], season_length=12).parameters.info["beta_rate"] == 20


def test_simulate(several):
    fits = em.forecasting.ets(several, season_length=12)
    paths = fits.simulate(4, paths=4000, series="north")
    assert paths.shape == (4000, 4)
    ahead = fits.forecast(4)
    assert np.allclose(paths.mean(axis=0), ahead["forecast"][:4], rtol=0.01)
    assert (fits.simulate(4, paths=10, series="north") == paths[:10]).all()
    assert (fits.simulate(4, paths=10, seed=2, series="north") != paths[:10]).any()


def test_update_is_going_on(several):
    y = several["north"]
    whole = em.forecasting.ets(y, model="MNM", season_length=12, prior=None)
    held = {name: whole.states()[name] for name in ("alpha", "gamma")}
    past = em.forecasting.ets(y[:80], model="MNM", season_length=12, prior=None, **held)
    later = past.update(y[80:])
    assert past.states()["n"] == 80
    assert later.states()["n"] == 96
    assert np.allclose(
        later.forecast(5)["forecast"], whole.forecast(5)["forecast"], rtol=0.02
    )  # states begin elsewhere
    fits = em.forecasting.ets(several, season_length=12)
    some = fits.update({"south": [120.0, np.nan]})
    assert some.states("south")["n"] == 86
    assert some.states("north")["n"] == 96


def test_components():
    y = noisy(6, 0.1, 4)
    y[10] = np.nan
    fit = em.forecasting.ets(y, model="AAA", season_length=12, keep=True)
    found = fit.components()
    assert set(found) == {"fitted", "level", "slope", "season", "residual"}
    known = ~np.isnan(y)
    assert np.allclose((found["fitted"] + found["residual"])[known], y[known])
    assert np.isnan(found["residual"][10])


def test_dates():
    pd = pytest.importorskip("pandas")
    table = pd.DataFrame(
        {"ds": pd.date_range("2015-01-01", periods=72, freq="MS"), "y": noisy(6, 0.1, 4)}
    )
    ahead = em.forecasting.ets(table).forecast(2)
    assert [str(day) for day in ahead["start"]] == ["2021-01-01", "2021-02-01"]


def test_threads_change_nothing(several):
    many = {f"{name}{k}": y * (k + 1) for name, y in several.items() for k in range(9)}
    first = em.forecasting.ets(many, season_length=12, threads=1).forecast(5)
    for threads in (2, 3, 8):
        other = em.forecasting.ets(many, season_length=12, threads=threads).forecast(5)
        assert (first["forecast"] == other["forecast"]).all()
        assert (first["forecast_high_95"] == other["forecast_high_95"]).all()


def test_as_a_model_of_forecast(several):
    table = em.forecasting.forecast(several, model="ets", season_length=12, horizon=4)
    assert set(em.forecasting.forecast_accuracy(
        {"north": several["north"]}, model="ets", season_length=12
    )["model"]) == {"ets"}  # fmt: skip
    assert np.isfinite(table["forecast"]).all()
    assert np.isfinite(table["forecast_high_95"][:8]).all()


def test_messages(several):
    fits = em.forecasting.ets(several, season_length=12)
    with pytest.raises(em.InvalidArgument, match="which of 3 series"):
        fits.states()
    with pytest.raises(em.InvalidArgument, match="did you mean 'north'"):
        fits.states("nort")
    with pytest.raises(em.InvalidArgument, match="nothing was kept"):
        fits.components("north")
    with pytest.raises(em.InvalidArgument, match="horizon is 0"):
        fits.forecast(0)
    with pytest.raises(em.InvalidArgument, match="paths is 0"):
        fits.simulate(3, paths=0, series="north")
    with pytest.raises(em.InvalidArgument, match="as a dict by name"):
        fits.update([1.0])
    with pytest.raises(em.InvalidArgument, match="prior is 'weak'"):
        em.forecasting.ets(several, prior="weak")
    with pytest.raises(em.InvalidArgument, match="bounds 'wide'; write 'usual', 'admissible'"):
        em.forecasting.ets(several, bounds="wide")
    with pytest.raises(em.InvalidArgument, match="model 'XYZ' is not a form"):
        em.forecasting.ets(several, model="XYZ")
    with pytest.raises(em.InvalidArgument, match="season_length is 0"):
        em.forecasting.ets(several, season_length=0)
