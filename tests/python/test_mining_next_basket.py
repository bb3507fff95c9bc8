"""What is likely in the next purchase, and how well such lists do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import emptor as em

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
MODELS = {"gp_topfreq", "up_cf", "tifu_knn", "blend"}  # what "auto" can be


@pytest.fixture(scope="module")
def sales() -> em.Sales:
    return em.example()


def test_rows_and_reasons(sales: em.Sales) -> None:
    listed = em.mining.next_basket(sales, top=5)
    assert listed.columns == [
        "customer", "rank", "item_name", "probability", "probability_low", "probability_high",
        "repeat", "reason", "last_bought", "usual_days",
    ]  # fmt: skip
    assert listed["rank"].max() == 5
    full = listed.select("all")
    assert (full["probability_low"] <= full["probability"]).all()
    assert (full["probability"] <= full["probability_high"]).all()
    for row in listed.head(200).select("all").rows():
        if row["reason_code"] == "rhythm":
            assert row["reason"].startswith("every ")
        if row["repeat"]:
            assert row["reason"].endswith(("ago", "last today"))
    assert listed.info["model"] in MODELS


def test_repeat_and_new_are_told_apart(sales: em.Sales) -> None:
    new = em.mining.next_basket(sales, repeat="new", top=3)
    old = em.mining.next_basket(sales, repeat="repeat", top=3)
    assert len(new) and not new["repeat"].any()
    assert len(old) and old["repeat"].all()
    assert np.isnat(new["last_bought"]).all()
    assert old["probability"].mean() > new["probability"].mean()


def test_some_customers_alone_have_the_same_rows(sales: em.Sales) -> None:
    everybody = em.mining.next_basket(sales, model="up_cf")
    who = everybody["customer"][0]
    alone = em.mining.next_basket(sales, model="up_cf", customers=[who])
    mine = everybody[everybody["customer"] == who]
    assert list(alone["item_name"]) == list(mine["item_name"])
    assert np.array_equal(alone["probability"], mine["probability"])
    with pytest.raises(em.DataError, match="no customer 'nobody'"):
        em.mining.next_basket(sales, customers=["nobody"])


def test_nothing_after_the_moment_matters(sales: em.Sales) -> None:
    orders = em.example("orders").to_pandas("all")
    time = next(c for c in orders.columns if "date" in c or "time" in c)
    stamps = orders[time].astype("datetime64[ns]")
    moment = stamps.min() + (stamps.max() - stamps.min()) * 3 / 4
    later = stamps > moment.normalize() + np.timedelta64(1, "D")
    assert 100 < later.sum() < len(orders)
    changed = orders.copy()
    product = next(c for c in orders.columns if "product" in c or "item" in c)
    changed.loc[later, product] = changed.loc[later, product].to_numpy()[::-1]
    results = [
        em.mining.next_basket(em.Sales(orders=frame).as_of(str(moment.date()))).select("all")
        for frame in (orders, changed)
    ]
    assert results[0].to_csv() == results[1].to_csv()


def test_evaluation_stands_beside_the_baselines(sales: em.Sales) -> None:
    tried = em.mining.evaluate_next_basket(sales, models=["auto", "up_cf"], k=5, replicates=199)
    both = tried[tried["part"] == "both"]
    assert list(both["model"]) == ["auto", "up_cf", "gp_topfreq", "p_topfreq", "g_topfreq"]
    assert (tried["recall_low"] <= tried["recall"]).all()
    assert tried.info["auto"] in MODELS
    for name in ("recall", "ndcg", "hit_rate"):
        assert tried.select("all")[name + "_gain"][0] >= -0.02
    one = em.mining.evaluate_next_basket(sales, models=["up_cf"], k=5, replicates=199, threads=1)
    assert list(one["recall"][:1]) == list(tried["recall"][1:2])


def test_wrong_arguments(sales: em.Sales) -> None:
    with pytest.raises(em.InvalidArgument, match="model: 'tifu' is not known; write \"auto\""):
        em.mining.next_basket(sales, model="tifu")
    with pytest.raises(em.InvalidArgument, match="top is 0; write 1 or more"):
        em.mining.next_basket(sales, top=0)
    with pytest.raises(em.InvalidArgument, match="replicates is 9; write 100 or more"):
        em.mining.evaluate_next_basket(sales, replicates=9)
    with pytest.raises(em.InvalidArgument, match="from_date"):
        em.mining.evaluate_next_basket(sales, from_date="1990-01-01")


@pytest.mark.skipif(not SHARED.exists(), reason="no ../shared/data")
def test_bought_within_a_horizon() -> None:
    sales = em.example()
    soon = em.mining.next_basket(sales, horizon="30 days")
    assert "p_within" in soon.columns
    assert soon.info["horizon"] == "30 days"
    low, p, high = (soon[name] for name in ("p_within_low", "p_within", "p_within_high"))
    assert ((low <= p) & (p <= high)).all()
    late = em.mining.next_basket(sales, horizon="3 months")
    assert late["p_within"].mean() > p.mean()
    assert "p_within" not in em.mining.next_basket(sales).columns
    held = em.mining.evaluate_next_basket(sales, horizon="30 days")
    row = dict(zip(held.columns, next(iter(held.head(1).rows())).values(), strict=True))
    assert 0.5 < row["within_ratio"] < 2
    assert held.info["horizon"] == "30 days"
    with pytest.raises(em.Error, match="horizon: 'soon' is not a length of time"):
        em.mining.next_basket(sales, horizon="soon")
    with pytest.raises(em.Error, match="horizon reaches to .* write an earlier from_date"):
        em.mining.evaluate_next_basket(sales, horizon="10 years", from_date="2024-06-30")


def test_online_retail_auto_is_not_behind() -> None:
    sales = em.read(SHARED / "online_retail/online_retail.csv")
    tried = em.mining.evaluate_next_basket(sales, replicates=199)
    first = tried.select("all").row(0)
    assert first["model"] == "auto"
    for name in ("recall", "ndcg", "hit_rate"):
        assert first[name + "_gain_high"] >= 0
