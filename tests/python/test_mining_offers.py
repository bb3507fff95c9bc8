"""Offers for a live basket: made, looked up, saved."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import emptor as em


@pytest.fixture(scope="module")
def sales() -> em.Sales:
    return em.example()


@pytest.fixture(scope="module")
def pairs(sales: em.Sales) -> em.Frame:
    found = em.mining.bought_together(sales, min_count=10).select("all")
    return found[found["same_family"] == 0]


@pytest.fixture(scope="module")
def table(sales: em.Sales) -> em.mining.OfferTable:
    return em.mining.offer_table(sales, min_count=10, window="60 days")


def test_offers_are_the_strongest_pairs(table: em.mining.OfferTable, pairs: em.Frame) -> None:
    assert len(pairs) > 0
    row = pairs.row(0)
    offers = em.mining.recommend(table, basket=[row["item_a"]])
    low = {}
    for pair in pairs.rows():
        if pair["item_a"] == row["item_a"]:
            low[pair["name_b"]] = pair["confidence_ab_low"]
        if pair["item_b"] == row["item_a"]:
            low[pair["name_a"]] = pair["confidence_ba_low"]
    best = sorted(low.items(), key=lambda pair: -pair[1])[:5]
    assert np.allclose(offers["probability_low"], [p for _, p in best])
    assert offers["item_name"][0] == best[0][0]
    assert set(offers["because_name"]) == {row["name_a"]}
    by_name = em.mining.recommend(table, basket=[row["name_a"]])
    assert by_name.to_csv() == offers.to_csv()


def test_value_and_basket(table: em.mining.OfferTable, pairs: em.Frame, sales: em.Sales) -> None:
    row = pairs.row(0)
    offers = em.mining.recommend(table, basket=[row["item_a"]], value="amount", top=50)
    assert np.allclose(offers["score"], offers["probability_low"] * offers["value"])
    assert (np.diff(offers["score"]) <= 0).all()
    both = em.mining.recommend(table, basket=[row["item_a"], row["item_b"]], top=50)
    assert row["name_b"] not in list(both["item_name"])
    margins = em.mining.offer_table(sales, min_count=10, margins={row["item_b"]: 2.5})
    only = em.mining.recommend(margins, basket=[row["item_a"]], value="margin")
    assert list(only["item_name"]) == [row["name_b"]]
    assert only["value"][0] == 2.5


def test_customers(table: em.mining.OfferTable, sales: em.Sales) -> None:
    anybody = em.mining.recommend(table, basket=[], customer="no such customer")
    assert len(anybody) == 0
    assert table.n_customers > 0


def test_files_and_pickles(table: em.mining.OfferTable, pairs: em.Frame, tmp_path) -> None:
    table.save(tmp_path / "offers.emptor")
    again = em.load(tmp_path / "offers.emptor")
    assert isinstance(again, em.mining.OfferTable)
    assert again.to_bytes() == table.to_bytes()
    assert pickle.loads(pickle.dumps(table)).to_bytes() == table.to_bytes()
    data = bytearray(table.to_bytes())
    data[-1] ^= 1
    with pytest.raises(em.FormatError, match="its checksum is wrong"):
        em.mining.OfferTable.from_bytes(bytes(data))
    (tmp_path / "bad").write_bytes(data)
    with pytest.raises(em.FormatError, match="load: '.*bad': the file is damaged"):
        em.load(tmp_path / "bad")
    with pytest.raises(em.DataError, match="load: cannot read"):
        em.load(tmp_path / "none")


def test_threads_share_a_table(table: em.mining.OfferTable, pairs: em.Frame) -> None:
    baskets = [[row["item_a"]] for row in pairs.rows()][:20] * 10
    alone = [em.mining.recommend(table, basket=basket).to_csv() for basket in baskets]
    with ThreadPoolExecutor(4) as pool:
        together = list(
            pool.map(lambda basket: em.mining.recommend(table, basket=basket).to_csv(), baskets)
        )
    assert alone == together


def test_wrong_arguments(table: em.mining.OfferTable, sales: em.Sales) -> None:
    with pytest.raises(em.DataError, match="'gold' is neither an id nor a name"):
        em.mining.recommend(table, basket=["gold"])
    with pytest.raises(em.DataError, match="the nearest name is 'Espresso machine'"):
        em.mining.recommend(table, basket=["Espreso machine"])
    with pytest.raises(em.InvalidArgument, match="top is 0; write 1 or more"):
        em.mining.recommend(table, basket=[], top=0)
    with pytest.raises(em.InvalidArgument, match="'profit' is not known"):
        em.mining.recommend(table, basket=[], value="profit")
    with pytest.raises(em.DataError, match="the table has no margins"):
        em.mining.recommend(table, basket=[], value="margin")
    with pytest.raises(em.InvalidArgument, match="neighbors is 0"):
        em.mining.offer_table(sales, neighbors=0)
    with pytest.raises(em.DataError, match="margins: no item 'gold'"):
        em.mining.offer_table(sales, margins={"gold": 1})
