"""Columns of lists: what they give, and the way into other libraries."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import emptor as em
from emptor.frame import Lists

ROWS = [("tea", "milk"), (), ("=jam",), ("milk", "cup", "tea")]


@pytest.fixture
def frame():
    return em.Frame({"items": ROWS, "ids": [(7, 2**40), (), (3,), (7, 3)], "n": [4, 3, 2, 1]})


def test_rows_come_as_tuples_and_columns_as_flat_arrays(frame):
    items = frame["items"]
    assert isinstance(items, Lists) and frame.kinds["items"] == "list"
    assert list(items) == ROWS == items.tolist()
    assert items[0] == ("tea", "milk") and items[-1] == ROWS[3] and items[1:3] == ROWS[1:3]
    assert items.sizes.tolist() == [2, 0, 1, 3]
    assert items.offset.tolist() == [0, 2, 2, 3, 6]
    assert items.values.tolist() == ["tea", "milk", "=jam", "milk", "cup", "tea"]
    assert items.codes.dtype == np.int32
    assert frame["ids"].values.dtype == np.int64
    assert next(frame.rows()) == {"items": ("tea", "milk"), "ids": (7, 2**40), "n": 4}
    with pytest.raises(IndexError, match="row 4 of 4"):
        items[4]
    assert repr(items) == "Lists of 4 rows: [('tea', 'milk'), (), ('=jam',), ...]"


def test_rows_are_chosen_by_what_they_hold(frame):
    assert frame["items"].contains("milk").tolist() == [True, False, False, True]
    assert frame["ids"].contains(3).tolist() == [False, False, True, True]
    assert frame["items"].contains("wine").tolist() == [False] * 4
    assert frame.filter(items=lambda items: items.contains("tea"))["n"].tolist() == [4, 1]
    assert frame.filter(items=lambda items: items.sizes == 1)["n"].tolist() == [2]
    assert frame.filter(items=("tea", "milk"))["n"].tolist() == [4]
    assert frame.filter(items={"milk", "tea"})["n"].tolist() == [4]
    assert frame.filter(items=[])["n"].tolist() == [3]


def test_slices_and_sorted_rows_keep_their_lists(frame):
    for part in (frame[1:], frame[1:][1:], frame[::-1][:2], frame.sort("n"), frame[:0]):
        assert part["items"].tolist() == [ROWS[4 - n] for n in part["n"]]
        assert part.to_arrow()["items"].to_pylist() == [list(ROWS[4 - n]) for n in part["n"]]
    assert frame[2:]["items"].contains("milk").tolist() == [False, True]
    with pytest.raises(em.InvalidArgument, match="'items' holds lists, which have no order"):
        frame.sort("items")


def test_other_libraries_get_lists(frame):
    lists = [list(row) for row in ROWS]
    assert frame.to_pandas()["items"].tolist() == ROWS
    polars = frame.to_polars()
    assert polars["items"].to_list() == lists and polars.schema["items"] == pl.List(pl.String)
    assert polars["ids"].to_list() == [[7, 2**40], [], [3], [7, 3]]
    arrow = frame.to_arrow()
    assert arrow["items"].to_pylist() == lists and arrow["ids"].type == pa.large_list(pa.int64())
    assert pa.table(frame[2:])["ids"].to_pylist() == [[3], [7, 3]]
    assert pd.DataFrame(frame.to_dict()).shape == (4, 3)


def test_duckdb_reads_lists(frame):
    duckdb = pytest.importorskip("duckdb")
    rows = duckdb.sql("select items, ids from frame order by n").fetchall()
    assert rows[0] == (["milk", "cup", "tea"], [7, 3])


def test_text_for_people(frame):
    assert "tea, milk" in repr(frame) and "milk, cup, tea" in frame._repr_html_()
    assert frame.to_csv().splitlines()[:4] == [
        "items,ids,n", '"tea, milk","7, 1099511627776",4', ",,3", "'=jam,3,2"
    ]  # fmt: skip


def test_lists_survive_a_pickle(frame):
    again = pickle.loads(pickle.dumps(frame))
    assert again["items"].tolist() == ROWS and again.kinds == frame.kinds
