"""Hierarchies: sums, names, locked numbers and the messages."""

import numpy as np
import pytest

import emptor as em

ef = em.forecasting
LEVELS = [[], ["region"], ["region", "product"]]


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(4)
    months = np.datetime64("2021-01") + np.arange(40)
    rows = {"region": [], "product": [], "ds": [], "y": []}
    for region in ("North", "South"):
        for product in ("cup", "jug", "pan"):
            if (region, product) == ("South", "pan"):
                continue
            level = 50 + 30 * rng.random() + np.arange(40) * rng.random()
            rows["region"] += [region] * 40
            rows["product"] += [product] * 40
            rows["ds"] += list(months)
            rows["y"] += list(level + 5 * rng.standard_normal(40))
    rows["ds"] = np.array(rows["ds"])
    order = rng.permutation(len(rows["y"]))  # rows come in any order
    return {name: np.asarray(values)[order] for name, values in rows.items()}


def by_node(frame):
    return {
        (level, region or "", product or "", step): value
        for level, region, product, step, value in zip(
            frame["node_level"], frame["region"], frame["product"], frame["step"],
            frame["forecast"], strict=True,
        )
    }  # fmt: skip


@pytest.mark.parametrize(
    "method", ["variance", "shrunk", "structural", "ols", "top_down", "bottom_up"]
)
def test_numbers_add_up(table, method):
    frame = ef.reconcile(table, hierarchy=LEVELS, horizon=3, method=method).select("all")
    assert frame.info["nodes"] == 8 and frame.info["finest"] == 5
    node = by_node(frame)
    for step in (1, 2, 3):
        north = sum(node[(2, "North", p, step)] for p in ("cup", "jug", "pan"))
        assert node[(1, "North", "", step)] == pytest.approx(north)
        both = node[(1, "North", "", step)] + node[(1, "South", "", step)]
        assert node[(0, "", "", step)] == pytest.approx(both)
    low, high = frame["forecast_low_95"], frame["forecast_high_95"]
    assert (low < frame["forecast"]).all() and (frame["forecast"] < high).all()
    assert frame["start"][0] == np.datetime64("2024-05-01")


def test_the_base_is_the_forecast_of_each_node_by_itself(table):
    frame = ef.reconcile(table, hierarchy=LEVELS, horizon=2, method="bottom_up")
    finest = frame["node_level"] == 2
    np.testing.assert_allclose(
        frame["forecast"][finest], frame["base_forecast"][finest], rtol=1e-12
    )
    cup = (table["region"] == "South") & (table["product"] == "cup")
    y = table["y"][cup][np.argsort(table["ds"][cup])]
    alone = ef.forecast(y, horizon=2, period="month")
    mine = finest & (np.array(frame["region"]) == "South") & (np.array(frame["product"]) == "cup")
    np.testing.assert_allclose(frame["base_forecast"][mine], alone["forecast"], rtol=1e-12)


def test_locked_numbers_stay(table):
    locked = {("North",): [300.0, 310.0], ("South", "cup"): 40.0}
    frame = ef.reconcile(table, hierarchy=LEVELS, horizon=2, locked=locked).select("all")
    node = by_node(frame)
    assert [node[(1, "North", "", s)] for s in (1, 2)] == [300.0, 310.0]
    assert [node[(2, "South", "cup", s)] for s in (1, 2)] == [40.0, 40.0]
    north = sum(node[(2, "North", p, 2)] for p in ("cup", "jug", "pan"))
    assert north == pytest.approx(310.0)


def test_missing_periods_are_nothing_sold():
    months = np.datetime64("2021-01") + np.arange(30)
    table = {
        "product": ["a"] * 30 + ["b"] * 10,
        "ds": np.concatenate([months, months[:10]]),
        "y": np.concatenate([np.full(30, 5.0), np.arange(10.0)]),
    }
    frame = ef.reconcile(table, hierarchy=[[], ["product"]], horizon=1, nonnegative=True)
    assert frame["forecast"][0] == pytest.approx(frame["forecast"][1:].sum())
    assert (frame["forecast"] >= 0).all()


def test_messages(table):
    with pytest.raises(em.InvalidArgument, match="reconcile: the table has no column 'shop'"):
        ef.reconcile(table, hierarchy=[[], ["shop"]])
    with pytest.raises(em.InvalidArgument, match="the last level of hierarchy must name every"):
        ef.reconcile(table, hierarchy=[["region"], ["product"]])
    with pytest.raises(em.InvalidArgument, match="hierarchy must be lists of columns"):
        ef.reconcile(table, hierarchy=[])
    with pytest.raises(em.InvalidArgument, match="method is 'mint'; there are bottom_up top_down"):
        ef.reconcile(table, hierarchy=LEVELS, method="mint")
    with pytest.raises(em.InvalidArgument, match="locked names no node"):
        ef.reconcile(table, hierarchy=LEVELS, locked={("West",): 1.0})
    with pytest.raises(em.InvalidArgument, match="y is missing or infinite in row 0; write 0"):
        ef.reconcile({**table, "y": np.full(200, np.nan)}, hierarchy=LEVELS)
    crossed = [["region"], ["product"], ["region", "product"]]
    with pytest.raises(em.InvalidArgument, match="top_down needs levels that lie within"):
        ef.reconcile(table, hierarchy=crossed, method="top_down")
    assert len(ef.reconcile(table, hierarchy=crossed, horizon=1)) == 2 + 3 + 5


def test_young_series_do_not_stop_the_covariance():
    months = np.datetime64("2021-01") + np.arange(30)
    rng = np.random.default_rng(1)
    table = {
        "product": ["a"] * 30 + ["b"] * 30 + ["new"] * 2,
        "ds": np.concatenate([months, months, months[-2:]]),
        "y": 20 + rng.random(62),
    }
    frame = ef.reconcile(table, hierarchy=[[], ["product"]], horizon=2, method="shrunk")
    assert 0 <= frame.info["shrinkage"] <= 1
    top = np.array(frame["node_level"]) == 0
    for step in (0, 1):
        total = frame["forecast"][~top][step::2].sum()
        assert frame["forecast"][top][step] == pytest.approx(total)
