"""Baskets from whatever holds them, and what is refused."""

import gzip
import re

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse

import emptor as em

LISTS = [["tea", "milk"], ["tea"], [], ["milk", "cup", "tea", "tea"]]
SETS = [{"tea", "milk"}, {"tea"}, set(), {"milk", "cup", "tea"}]
HOT = pd.DataFrame({"tea": [1, 1, 0, 1], "milk": [1, 0, 0, 1], "cup": [0, 0, 0, 1]})
LONG = pd.DataFrame(
    {
        "InvoiceNo": [3, 1, 1, 4, 4, 4],
        "StockCode": ["tea", "tea", "milk", "milk", "cup", "tea"],
        "CustomerID": ["x", "y", "y", "x", "x", "x"],
    }
)


def sets(baskets):
    ids = baskets.item_ids[baskets.item]
    return [set(part) for part in np.split(ids, baskets.offset[1:-1])]


@pytest.mark.parametrize(
    "source",
    [LISTS, tuple(map(tuple, LISTS)), iter(LISTS), [set(x) for x in LISTS], pd.Series(LISTS),
     ((item for item in basket) for basket in LISTS)],
    ids=["lists", "tuples", "iterator", "sets", "series", "generators"],
)  # fmt: skip
def test_lists_of_items(source):
    assert sets(em.baskets(source)) == SETS


def test_what_is_named_again_or_missing_is_counted():
    baskets = em.baskets([["tea", None, "tea"], [float("nan"), " tea "], [None]])
    assert sets(baskets) == [{"tea"}, {"tea"}, set()]
    assert (baskets.repeated, baskets.missing) == (1, 3)
    assert repr(baskets) == "Baskets: 3 of 1 items, 2 in all, 1 repeated, 3 missing"
    assert repr(em.baskets(LISTS[:2])) == "Baskets: 2 of 2 items, 3 in all"


def test_ids_stay_numbers_or_texts():
    assert em.baskets([[3, 1], [1, 2**40]]).item_ids.tolist() == [1, 3, 2**40]
    assert em.baskets([[np.int64(3), 1.0], []]).item_ids.tolist() == ["1", "3"]
    assert em.baskets([["3", "01"]]).item_ids.tolist() == ["01", "3"]
    assert em.baskets([[2, "b"]]).item_ids.tolist() == ["2", "b"]
    assert em.baskets([[2**31, 7, -(2**31), 7]]).item_ids.tolist() == [-(2**31), 7, 2**31]
    assert em.baskets([[2**31 - 1, -(2**31)], {5}]).item_ids.tolist() == [-(2**31), 5, 2**31 - 1]


class Meddling:
    """A basket that changes the baskets while it is read."""

    def __init__(self, change):
        self.change = change

    def __iter__(self):
        self.change()
        return iter([1])


def test_baskets_may_change_while_they_are_read():
    inner = [3, 4, 5]
    assert sets(em.baskets([inner, Meddling(inner.clear)])) == [set(), {1}]
    outer = [[2, 3], [7]]
    outer.append(Meddling(lambda: outer.__setitem__(0, [8])))
    assert sets(em.baskets(outer)) == [{8}, {7}, {1}]
    outer.append(Meddling(outer.clear))
    with pytest.raises(em.Error, match="^baskets: the list of baskets changed while it was read$"):
        em.baskets(outer)


@pytest.mark.parametrize(
    "frame",
    [HOT.astype(bool), HOT, HOT.astype(float), HOT.astype(pd.SparseDtype(bool, False)),
     HOT.astype(pd.SparseDtype(int, 0)), pl.DataFrame(HOT.astype(bool)),
     pa.table(HOT.astype(bool)), HOT.to_dict("list")],
    ids=["bool", "int", "float", "sparse bool", "sparse int", "polars", "arrow", "dict"],
)  # fmt: skip
def test_one_hot_frames(frame):
    baskets = em.baskets(frame)
    assert sets(baskets) == SETS
    assert baskets.item_ids.tolist() == ["cup", "milk", "tea"]


@pytest.mark.parametrize(
    "frame",
    [LONG, pl.DataFrame(LONG), pa.table(LONG), LONG.to_dict("list")],
    ids=["pandas", "polars", "arrow", "dict"],
)
def test_long_frames(frame):
    baskets = em.baskets(frame)
    assert sets(baskets) == [{"tea", "milk"}, {"tea"}, {"milk", "cup", "tea"}]
    assert baskets.customer.tolist() == [1, 0, 0]
    assert len(em.baskets(LONG[["InvoiceNo", "StockCode"]]).customer) == 0
    named = em.baskets(frame, order="CustomerID", item="StockCode")
    assert sets(named) == [{"milk", "cup", "tea"}, {"tea", "milk"}]


def test_arrays_and_matrices():
    offset, item = np.array([0, 2, 3]), np.array([7, 5, 7])
    assert sets(em.baskets((offset, item))) == [{5, 7}, {7}]
    assert sets(em.baskets(scipy.sparse.csr_matrix(HOT))) == [{0, 1}, {0}, set(), {0, 1, 2}]


def test_files(tmp_path):
    path = tmp_path / "baskets.dat"
    path.write_text("1 3\n\n3 1 3\n")
    assert sets(em.baskets(path)) == [{1, 3}, set(), {1, 3}]
    with gzip.open(tmp_path / "baskets.csv.gz", "wb") as file:
        file.write(b'whole milk,"a, b"\ntea\n')
    assert sets(em.baskets(str(tmp_path / "baskets.csv.gz"))) == [{"whole milk", "a, b"}, {"tea"}]
    assert sets(em.baskets(path, delimiter=";")) == [{"1 3"}, set(), {"3 1 3"}]


def test_weights_and_customers():
    baskets = em.baskets({("tea", "milk"): 3, frozenset(["tea"]): 1})
    assert baskets.weight.tolist() == [3, 1] and sets(baskets) == [{"tea", "milk"}, {"tea"}]
    baskets = em.baskets(LISTS, weight=[1, 0, 2, 5], customer=["b", None, "a", "b"])
    assert baskets.weight.tolist() == [1, 0, 2, 5]
    assert baskets.customer.tolist() == [1, -1, 0, 1]
    assert em.baskets(baskets) is baskets


def test_sales_have_baskets():
    sales = em.example()
    assert len(em.baskets(sales)) == len(sales.baskets())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: em.baskets(3), "baskets: cannot read baskets from int; give lists of items, a "
         "one-hot or long frame, (offset, item) arrays, or the path of a file with a basket a line"),
        (lambda: em.baskets(["tea", "milk"]), 'baskets: basket 0 is a text; write ["tea", "milk"], '
         "a list of items"),
        (lambda: em.baskets([["a"], 3]), "baskets: basket 1 is of type int; write a list of items"),
        (lambda: em.baskets([["a"], [1.5]]), "baskets: an item of basket 1 is 1.5 of type float; "
         "items are whole numbers or texts"),
        (lambda: em.baskets([[True]]), "baskets: an item of basket 0 is True of type bool; items "
         "are whole numbers or texts"),
        (lambda: em.baskets([["a"]], weight=[1, 2]), "baskets: weight has 2 entries for 1 baskets"),
        (lambda: em.baskets([["a"]], weight=[-1]), "baskets: weight -1 of basket 0 is below 0"),
        (lambda: em.baskets([["a"]], weight=[0.5]), "baskets: weight must be whole numbers, one a "
         "basket, got float64"),
        (lambda: em.baskets({("a",): 1}, weight=[1]), "baskets: a dict of baskets has their weights; "
         "leave out weight="),
        (lambda: em.baskets([["a"]], customer=["x", "y"]), "baskets: customer has 2 entries for 1 "
         "baskets"),
        (lambda: em.baskets(pd.DataFrame({"a": [1, 2], "b": [0, 1], "c": [1, 1], "d": [0, 0]})),
         "baskets: column 'a', row 1 of the one-hot frame is 2; its values must be 0 or 1. For a "
         "long frame name order= and item="),
        (lambda: em.baskets(LONG, order="Invoice"), 'baskets: order names "Invoice", but the columns '
         'are "InvoiceNo", "StockCode", "CustomerID"'),
        (lambda: em.baskets((np.array([0, 2]), np.array([1]))), "baskets: offset ends with 2, but "
         "there are 1 items"),
        (lambda: em.baskets("none.dat"), "baskets: cannot read 'none.dat': No such file or "
         "directory"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(call, message):
    with pytest.raises(em.Error, match=f"^{re.escape(message)}$"):
        call()


def test_what_mines_baskets_takes_all_of_them():
    for source in (LISTS, HOT, LONG, {("tea",): 5, ("milk", "tea"): 4}):
        found = em.mining.frequent_itemsets(source, min_count=2)
        assert ("tea",) in found["items"].tolist()
    by_name = em.mining.frequent_itemsets(baskets=LISTS, min_count=3, threads=1)
    assert by_name["items"].tolist() == [("tea",)]
    with pytest.raises(em.InvalidArgument, match="cannot read baskets from int"):
        em.mining.frequent_itemsets(3)
    with pytest.raises(em.InvalidArgument, match="no argument 'min_cuont'; did you mean"):
        em.mining.frequent_itemsets(LISTS, min_cuont=3)


# ---- without a copy -----------------------------------------------------------------------------


def arrays(item_type=np.int32, offset_type=np.int64):
    random = np.random.default_rng(5)
    held = random.random((400, 12)) < 0.3
    rows = [np.flatnonzero(row) for row in held]
    offset = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(offset_type)
    return offset, np.concatenate(rows).astype(item_type), [row.tolist() for row in rows]


def test_arrays_are_mined_where_they_lie():
    offset, item, lists = arrays()
    from emptor._core import data

    assert np.shares_memory(data._basket_arrays(offset, item).item, item)
    kept = data._basket_arrays(offset.copy(), item.copy())
    assert kept.item.tolist() == item.tolist()  # though nobody else holds them
    wanted = em.mining.frequent_itemsets(lists, min_count=5).to_csv()
    matrix = scipy.sparse.csr_array((np.ones(len(item), np.int8), item, offset), shape=(400, 12))
    lists_of_arrow = pa.array(lists, pa.list_(pa.int32()))
    for source in (
        (offset, item),
        arrays(offset_type=np.int32)[:2],
        arrays(item_type=np.int64)[:2],  # these are copied
        matrix,
        lists_of_arrow,
        pa.array(lists, pa.large_list(pa.int32())),
        pa.chunked_array([lists_of_arrow]),
        pl.Series(lists, dtype=pl.List(pl.Int32)),
    ):
        assert em.mining.frequent_itemsets(source, min_count=5).to_csv() == wanted
    rules = em.mining.association_rules((offset, item), min_count=5, alpha=1.0, top=0)
    assert len(rules) > 20
    assert (
        rules.to_csv() == em.mining.association_rules(lists, min_count=5, alpha=1.0, top=0).to_csv()
    )
    parts = list(em.mining.itemset_chunks((offset, item), min_count=5, rows=50))
    assert sum(map(len, parts)) == len(em.mining.frequent_itemsets(lists, min_count=5))


def test_what_cannot_be_mined_as_it_is_is_copied():
    from emptor._core import data

    def as_it_is(offset, item):
        return data._basket_arrays(np.array(offset), np.array(item, np.int32)) is not None

    assert as_it_is([0, 2], [1, 5])
    assert not as_it_is([0, 2], [5, 1])  # unsorted
    assert not as_it_is([0, 2], [1, 1])  # repeated
    assert not as_it_is([0, 2], [-1, 1])
    assert not as_it_is([0, 1], [2**30])  # as many items as that would need an array each
    assert not as_it_is([0, 3], [1, 2])
    assert not as_it_is([1, 2], [1, 2])
    assert not as_it_is([0, 2, 1, 2], [1, 2])
    assert not as_it_is([], [])
    assert data._basket_arrays(np.array([0, 2]), np.arange(4, dtype=np.int32)[::2]) is None
    sets = em.mining.frequent_itemsets((np.array([0, 3, 4]), np.array([5, 1, 5, 1])), min_count=2)
    assert sets["count"].tolist() == [2]
    with pytest.raises(em.InvalidArgument, match="offset must not fall"):
        em.mining.frequent_itemsets((np.array([0, 2, 1, 2]), np.array([1, 2], np.int32)))
