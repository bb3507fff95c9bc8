"""Forecasts: every way in, the tables, the messages."""

import datetime

import numpy as np
import pytest

import emptor as em

ef = em.forecasting


def noisy(n, seed=0, level=100.0):
    return level + 10 * np.random.default_rng(seed).standard_normal(n)


@pytest.fixture(scope="module")
def weekly():
    return em.example().series(period="week", value="amount")


def test_series_are_sums_of_the_lines(weekly):
    assert weekly.columns == ["start", "y", "complete"]
    assert weekly.info["period"] == "week" and weekly.info["value"] == "amount"
    lines = em.example().orders_clean()
    assert weekly["y"].sum() == pytest.approx(lines["amount"].sum(), abs=1e-6)
    first = weekly["start"][0].astype("datetime64[D]")
    assert first == np.datetime64("2022-12-26")  # the Monday before the first line
    assert not weekly["complete"][0] and weekly["complete"][1:-1].all()


def test_series_by_group_add_up():
    sales = em.example()
    whole = sales.series(period="month")
    by = sales.series(period="month", by="department")
    departments = np.unique(by["department"])
    assert len(by) == len(departments) * len(whole)
    for i, start in enumerate(whole["start"]):
        assert by["y"][by["start"] == start].sum() == pytest.approx(whole["y"][i], abs=1e-6)
    orders = sales.series(period="year", value="orders")["y"].sum()
    customers = sales.series(period="year", value="customers")["y"]
    assert 0 < customers.max() <= 400 < orders
    with pytest.raises(em.InvalidArgument, match="series: value is 'money'; write 'amount'"):
        sales.series(value="money")


def test_series_see_only_what_was_known():
    sales = em.example()
    early = sales.as_of("2023-06-30").series(period="month")
    late = sales.series(period="month")
    n = len(early)
    assert n == 6 and early["complete"].all()
    # Returns are dated when they come, so months that were over do not change.
    np.testing.assert_array_equal(early["y"], late["y"][:n])


def test_forecast_of_sales(weekly):
    frame = ef.forecast(weekly, horizon=8)
    assert len(frame) == 8
    assert frame.columns[:2] == ["start", "forecast"]
    assert frame["start"][0] == weekly["start"][~weekly["complete"]][-1]
    assert (frame["forecast_low_95"] <= frame["forecast_low_80"]).all()
    assert (frame["forecast_low_80"] < frame["forecast"]).all()
    assert (frame["forecast_high_80"] < frame["forecast_high_95"]).all()
    assert frame.info["horizon"] == 8 and frame.info["season_length"] == 52
    assert frame["so_far"][0] == weekly["y"][-1] and np.isnan(frame["so_far"][1])
    total = ef.forecast_total(weekly, horizon=8)
    assert total["total"][0] == pytest.approx(frame["forecast"].sum())
    width = (frame["forecast_high_80"] - frame["forecast_low_80"]).sum()
    assert 0 < total["total_high_80"][0] - total["total_low_80"][0] < width
    accuracy = ef.forecast_accuracy(weekly, horizon=8)
    assert accuracy["windows"][0] == 20
    assert accuracy["mase"][0] > 0 and 0 <= accuracy["coverage_95"][0] <= 1


def test_groups_keep_their_names():
    sales = em.example()
    by = sales.series(period="month", by="department")
    frame = ef.forecast(by, horizon=2)
    names = list(dict.fromkeys(by["department"]))
    assert frame.columns[0] == "department"
    assert list(frame["department"][::2]) == names
    alone = ef.forecast({"x": by["y"][by["department"] == names[0]][:-1]}, horizon=2)
    assert alone["forecast"].shape == (2,)


def test_every_way_in_gives_the_same():
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    pyarrow = pytest.importorskip("pyarrow")
    a, b = noisy(40, 1), noisy(36, 2)
    a[7] = np.nan
    months = np.arange("2020-01", "2023-05", dtype="datetime64[M]").astype("datetime64[D]")
    frames = [ef.forecast({"a": a, "b": b}, horizon=4, period="month")]
    long = {
        "unique_id": ["a"] * 40 + ["b"] * 36,
        "ds": np.concatenate([months, months[:36]]),
        "y": np.concatenate([a, b]),
    }
    frames.append(ef.forecast(long, horizon=4))
    shuffled = np.random.default_rng(0).permutation(76)
    keep = shuffled[~np.isnan(long["y"][shuffled])]  # a gap in the dates is a missing value
    frames.append(ef.forecast({name: np.asarray(v)[keep] for name, v in long.items()}, horizon=4))
    table = {**long, "ds": long["ds"].astype("datetime64[ms]")}
    frames.append(ef.forecast(pandas.DataFrame(table), horizon=4))
    frames.append(ef.forecast(polars.DataFrame(table), horizon=4))
    frames.append(ef.forecast(pyarrow.table(table), horizon=4))
    for frame in frames[1:]:
        for name in ("forecast", "forecast_low_95", "forecast_high_80", "naive"):
            np.testing.assert_array_equal(frame[name], frames[0][name])
        assert frame["start"][0] == np.datetime64("2023-05-01")
        assert frame["start"][4] == np.datetime64("2023-01-01")
        assert list(frame["unique_id"]) == ["a"] * 4 + ["b"] * 4
    assert list(frames[0]["series"]) == ["a"] * 4 + ["b"] * 4


def test_arrays_lists_and_whole_number_names():
    y = noisy(40)
    one = ef.forecast(y, horizon=3)
    assert one.columns[0] == "step" and list(one["step"]) == [1, 2, 3]
    np.testing.assert_array_equal(one["forecast"], ef.forecast(list(y), horizon=3)["forecast"])
    many = ef.forecast({20: y, 3: y}, horizon=1)
    assert list(many["series"]) == [20, 3]
    # Names with letters beyond ASCII sort as in the core.
    names = ef.forecast({"zebra": y, "Ärger": y, "𝕏": y}, horizon=1)["series"]
    assert list(names) == ["zebra", "Ärger", "𝕏"]
    dates = [datetime.date(2024, 1, 1) + datetime.timedelta(days=i) for i in range(40)]
    daily = ef.forecast({"ds": np.array(dates, "datetime64[D]"), "y": y})
    assert daily["start"][0] == np.datetime64("2024-02-10") and daily.info["period"] == "day"


def test_the_season_of_a_known_series():
    t = np.arange(60)
    y = (100 + t) * (1 + 0.3 * np.sin(t * np.pi / 6))
    frame = ef.forecast({"ds": np.datetime64("2019-01") + t, "y": y}, horizon=12)
    ahead = np.arange(60, 72)
    truth = (100 + ahead) * (1 + 0.3 * np.sin(ahead * np.pi / 6))
    # dates by month are read too; the planted season is found
    np.testing.assert_allclose(frame["forecast"], truth, rtol=0.05)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"horizon": 0}, "forecast: horizon is 0; write periods ahead, as 8"),
        ({"model": "prophet"}, "model is 'prophet'; there are auto stm otm"),
        ({"level": 95}, "forecast: level 95 is not between 0 and 1"),
        ({"level": []}, "forecast: level is empty"),
        ({"season_length": -1}, "forecast: season_length is -1"),
        ({"period": "fortnight"}, "fortnight"),
        ({"threads": -1}, "threads must be at least 1"),
    ],
)
def test_wrong_options(arguments, message):
    with pytest.raises(em.InvalidArgument, match=message):
        ef.forecast(noisy(30), **arguments)


@pytest.mark.parametrize(
    ("series", "error", "message"),
    [
        ("a.csv", em.InvalidArgument, "forecast: series must be sales.series"),
        (np.ones((3, 4)), em.InvalidArgument, "an array of 2 dimensions"),
        ({"a": ["x"]}, em.InvalidArgument, "forecast: series must be"),
        ([1.0, np.inf, 2.0], em.InvalidArgument, "y is infinite in row 1"),
        ({"1": [1.0], 1: [2.0]}, em.InvalidArgument, "two of the names are the same"),
        ({"ds": ["x", "y"], "y": [1, 2]}, em.InvalidArgument, "column 'ds' must hold dates"),
        ({"ds": np.array(["2024-01-01"], "M8[D]"), "y": [1]}, em.InvalidArgument, "write period="),
        ({"ds": np.array(["NaT", "2024-01-01"], "M8[D]"), "y": [1, 2]}, em.DataError, "missing"),
        (
            {"ds": np.array(["2024-01-01"] * 2 + ["2024-02-01"], "M8[D]"), "y": [1, 2, 3]},
            em.DataError,
            "the series has two rows in the month of 2024-01-01; sum them first",
        ),
    ],
)
def test_wrong_input(series, error, message):
    with pytest.raises(error, match=message):
        ef.forecast(series)


def test_a_table_without_its_columns():
    pandas = pytest.importorskip("pandas")
    with pytest.raises(em.InvalidArgument, match="the table has columns date, sales; name them"):
        ef.forecast(pandas.DataFrame({"date": [1], "sales": [2]}))


def test_bad_series_beside_good_ones():
    good = noisy(50, 3)
    frame = ef.forecast(
        {"good": good, "empty": [], "zeros": np.zeros(30), "two": [1.0, 2.0]}, horizon=2
    )
    status = dict(zip(frame["series"][::2], frame["status"][::2], strict=True))
    assert status == {
        "good": "ok",
        "empty": "not_enough_data",
        "zeros": "boundary",
        "two": "not_enough_data",
    }
    alone = ef.forecast({"good": good}, horizon=2)
    np.testing.assert_array_equal(frame["forecast_low_95"][:2], alone["forecast_low_95"])


def test_threads_do_not_change_a_bit():
    series = {i: noisy(30 + i, i) for i in range(60)}
    one = ef.forecast(series, horizon=5, threads=1)
    for threads in (2, 3, 8):
        other = ef.forecast(series, horizon=5, threads=threads)
        for name in ("forecast", "forecast_low_80", "forecast_high_95"):
            assert one[name].tobytes() == other[name].tobytes()


def test_seldom_sold_counts_have_whole_intervals():
    parts = [0, 2, 0, 1, 0, 11, 0, 0, 0, 0, 2, 0, 6, 3, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0]
    frame = ef.forecast({"part": parts}, horizon=3)
    for name in ("forecast_low_80", "forecast_high_80", "forecast_low_95", "forecast_high_95"):
        np.testing.assert_array_equal(frame[name], np.floor(frame[name]))
    assert (frame["forecast_low_80"] == 0).all() and (frame["forecast_high_95"] > 5).all()
    tsb = ef.forecast({"part": parts}, horizon=3, model="tsb")
    assert len(set(tsb["forecast"])) == 1
    accuracy = ef.forecast_accuracy({"part": parts}, horizon=3).select("all")
    assert accuracy["weight_tsb"][0] > 0 and 0 < accuracy["coverage_95"][0] <= 1
    total = ef.forecast_total({"part": parts}, horizon=3)
    assert total["total_high_95"][0] >= frame["forecast_high_95"].max()
