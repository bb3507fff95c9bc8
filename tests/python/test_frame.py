"""Frame: what it shows, gives and refuses, and the way into other libraries."""

import datetime
import html.parser
import pickle
import subprocess
import sys

import numpy as np
import pytest

import emptor as em

BIG = 2**53 + 1  # a double cannot hold it


@pytest.fixture
def frame():
    return em.Frame(
        {
            "item": ["tea", "=milk", None, "jam"],
            "n": np.ma.masked_array([3, 5, BIG, 1], mask=[0, 1, 0, 0]),
            "share": [0.25, np.nan, -3.0, 0.5],
            "day": np.array(["2011-01-01", "NaT", "2012-02-03", "1969-12-31"], "M8[D]"),
            "at": np.array(["2011-01-01T10:00:01.5", "NaT", "2012-02-03", "1960-01-01"], "M8[us]"),
            "good": [True, False, True, False],
            "code": [4, 3, 2, 1],
        },
        docs={"share": "of <all> baskets"},
        hidden=["code"],
        info={"tested": 12, "share": em.Estimate(0.42, 0.31, 0.53, n=118)},
    )


def same(left, right):
    assert left.columns == right.columns
    for name in left.all_columns:
        a, b = left[name], right[name]
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(np.ma.getmaskarray(np.ma.asarray(a)),
                                      np.ma.getmaskarray(np.ma.asarray(b)))  # fmt: skip
        assert list(map(str, a)) == list(map(str, b))


# ---- columns -----------------------------------------------------------------------------------


def test_shows_the_columns_people_read_and_has_the_others(frame):
    assert frame.columns == ["item", "n", "share", "day", "at", "good"]
    assert frame.shape == (4, 6)
    assert frame.all_columns == [*frame.columns, "code"]
    assert frame.select("all").shape == (4, 7)
    assert frame["code"].tolist() == [4, 3, 2, 1]
    assert frame[["share", "item"]].columns == ["share", "item"]
    assert frame.docs["share"] == "of <all> baskets"
    assert frame.info["tested"] == 12


def test_arrays_have_the_types_of_numpy_and_say_what_is_missing(frame):
    assert frame["item"].tolist() == ["tea", "=milk", None, "jam"]
    n = frame["n"]
    assert n.dtype == np.int64 and n[2] == BIG
    assert n.mask.tolist() == [False, True, False, False]
    assert frame["share"].dtype == np.float64 and np.isnan(frame["share"][1])
    assert frame["day"].dtype == np.dtype("M8[D]") and np.isnat(frame["day"][1])
    assert frame["at"].dtype == np.dtype("M8[us]") and np.isnat(frame["at"][1])
    assert frame["good"].dtype == bool
    assert frame["code"].dtype == np.int64 and not np.ma.isMA(frame["code"])


def test_numbers_are_shared_not_copied_and_cannot_be_written(frame):
    first, second = frame["share"], frame["share"]
    assert first.__array_interface__["data"][0] == second.__array_interface__["data"][0]
    assert np.shares_memory(first, frame[1:]["share"])
    for name in ("share", "code", "good", "at", "day"):
        with pytest.raises(ValueError, match="read-only"):
            frame[name][0] = 0


def test_an_array_outlives_its_frame():
    array = em.Frame({"x": np.arange(1000.0)})[10:]["x"]
    junk = [np.zeros(1000) for _ in range(100)]
    assert array.tolist() == list(np.arange(10.0, 1000.0)) and junk


def test_unknown_columns_are_named_with_the_nearest(frame):
    with pytest.raises(
        em.InvalidArgument, match=r"^Frame: no column 'itme'; did you mean 'item'\?$"
    ):
        frame["itme"]
    with pytest.raises(em.InvalidArgument, match=r"no column 'zzz'; there are item, n, share,"):
        frame.select(["zzz"])


def test_a_column_more(frame):
    more = frame.with_column("reason", ["a", "b", "c", None], after="item", doc="why")
    assert more.columns[:3] == ["item", "reason", "n"] and more.docs["reason"] == "why"
    assert more["reason"].tolist() == ["a", "b", "c", None] and more.info == frame.info
    assert more.all_columns[-1] == "code" and more.shape == (4, 7)
    assert np.shares_memory(more["share"], frame["share"])
    last = frame.with_column("x", np.arange(4))
    assert last.columns[-1] == "x" and last.sort("x", descending=True)["code"].tolist() == [
        1,
        2,
        3,
        4,
    ]
    assert frame[["n", "item"]].with_column("x", [1, 2, 3, 4], after="item").columns == [
        "n",
        "item",
        "x",
    ]
    with pytest.raises(em.InvalidArgument, match="column 'x' has 1 rows, the others have 4"):
        frame.with_column("x", [1])
    with pytest.raises(em.InvalidArgument, match="there is a column 'item' already"):
        frame.with_column("item", [1, 2, 3, 4])


# ---- rows --------------------------------------------------------------------------------------


def test_head_tail_and_slices(frame):
    assert len(frame.head(2)) == 2 and len(frame.head(99)) == 4 and len(frame.head(0)) == 0
    assert frame.tail(1)["item"].tolist() == ["jam"]
    assert frame.tail(0)["item"].tolist() == []
    assert frame[::-1]["code"].tolist() == [1, 2, 3, 4]
    assert frame[1:3]["code"].tolist() == [3, 2]
    assert frame[3:1].shape == (0, 6)
    assert frame[-1:]["code"].tolist() == [1]
    same(frame[1:][1:], frame[2:])


@pytest.mark.parametrize(
    ("by", "descending", "codes"),
    [
        ("share", False, [2, 4, 1, 3]),
        ("share", True, [1, 4, 2, 3]),
        ("n", False, [1, 4, 2, 3]),
        ("n", True, [2, 4, 1, 3]),
        ("item", False, [3, 1, 4, 2]),
        ("item", True, [4, 1, 3, 2]),
        ("day", False, [1, 4, 2, 3]),
        ("at", True, [2, 4, 1, 3]),
        (["good", "code"], False, [1, 3, 2, 4]),
        (["good", "code"], [True, False], [2, 4, 1, 3]),
        ("good", False, [3, 1, 4, 2]),  # stable
        ("good", True, [4, 2, 3, 1]),
    ],
)
def test_sort_is_stable_and_puts_missing_last(frame, by, descending, codes):
    assert frame.sort(by, descending=descending)["code"].tolist() == codes


def test_filter_by_mask_value_list_and_function(frame):
    assert frame.filter(frame["good"])["code"].tolist() == [4, 2]
    assert frame[frame["good"]]["code"].tolist() == [4, 2]
    assert frame.filter(item="tea")["code"].tolist() == [4]
    assert frame.filter(item=["tea", None])["code"].tolist() == [4, 2]
    assert frame.filter(n=lambda n: n > 2)["code"].tolist() == [4, 2]
    assert frame.filter(frame["n"] > 2)["code"].tolist() == [4, 2]  # masked: not known, not kept
    assert frame.filter(n=BIG)["code"].tolist() == [2]
    assert frame.filter(share=None)["code"].tolist() == [3]
    assert frame.filter(day="2011-01-01", good=True)["code"].tolist() == [4]
    with pytest.raises(em.InvalidArgument, match=r"'item' holds text, got 3 \(int\)"):
        frame.filter(item=3)
    with pytest.raises(em.InvalidArgument, match="a mask must be 4 booleans"):
        frame.filter(np.array([True]))


def test_rows_are_dicts_of_python_values(frame):
    rows = list(frame)
    assert rows[1] == {"item": "=milk", "n": None, "share": None, "day": None, "at": None,
                       "good": False}  # fmt: skip
    assert rows[0]["day"] == datetime.date(2011, 1, 1)
    assert rows[0]["at"] == datetime.datetime(2011, 1, 1, 10, 0, 1, 500000)
    assert frame.row(-1)["item"] == "jam"
    with pytest.raises(IndexError):
        frame.row(4)


# ---- other libraries ---------------------------------------------------------------------------


def check_exported(rows):
    """The rows another library read from the frame of the fixture."""
    assert [row["item"] for row in rows] == ["tea", "=milk", None, "jam"]
    assert [row["n"] for row in rows] == [3, None, BIG, 1]
    assert rows[1]["share"] is None or np.isnan(rows[1]["share"])
    assert rows[2]["share"] == -3.0
    assert rows[0]["day"] == datetime.date(2011, 1, 1) and rows[1]["day"] is None
    assert rows[0]["at"].replace(tzinfo=None) == datetime.datetime(2011, 1, 1, 10, 0, 1, 500000)
    assert rows[3]["at"].replace(tzinfo=None) == datetime.datetime(1960, 1, 1)
    assert [row["good"] for row in rows] == [True, False, True, False]


def test_to_arrow(frame):
    pytest.importorskip("pyarrow")
    check_exported(frame.to_arrow().to_pylist())
    assert frame.to_arrow("all").column_names == frame.all_columns


def test_to_polars(frame):
    pl = pytest.importorskip("polars")
    table = frame.to_polars()
    check_exported(table.to_dicts())
    assert table.schema["item"] == pl.String and table.schema["n"] == pl.Int64


def test_duckdb_reads_the_frame_by_its_name(frame):
    duckdb = pytest.importorskip("duckdb")
    columns = duckdb.sql("select item, n, good from frame where n > 1 order by n").fetchall()
    assert columns == [("tea", 3, True), (None, BIG, True)]


def test_the_stream_can_be_read_any_number_of_times_also_of_parts(frame):
    pa = pytest.importorskip("pyarrow")
    parts = {
        "whole": frame,
        "sliced": frame[1:],
        "stepped": frame[::2],
        "filtered": frame.filter(good=True),
        "sorted": frame.sort("share"),
        "empty": frame[:0],
        "one column": frame[["n"]],
    }
    for name, part in parts.items():
        first, second = pa.table(part), pa.table(part)
        assert first.equals(second), name
        first.validate(full=True)
        assert first.num_rows == len(part) and first.column_names == part.columns
        assert first.schema == pa.schema(part), name
        expected = [value if value is None else int(value) for value in
                    (row["n"] for row in part.rows())]  # fmt: skip
        assert first["n"].to_pylist() == expected
    del frame, part, parts
    first.validate(full=True)


def test_a_capsule_nobody_reads_is_released(frame):
    for _ in range(100):
        frame.__arrow_c_stream__()
        frame.__arrow_c_schema__()


PANDAS_CHECK = """
import sys
if {blocked}:
    sys.modules["pyarrow"] = None
import numpy as np
import pandas as pd
import emptor as em
frame = em.Frame({{"item": ["tea", None], "n": np.ma.masked_array([2**53 + 1, 0], mask=[0, 1]),
                  "x": [1.5, np.nan], "whole": [1, 2],
                  "day": np.array(["2011-01-01", "NaT"], "M8[D]"),
                  "at": np.array(["2011-01-01T10:00", "NaT"], "M8[us]"), "good": [True, False]}})
df = frame.to_pandas()
assert str(df.dtypes["n"]) == "Int64", df.dtypes
assert df["n"][0] == 2**53 + 1 and df["n"].isna().tolist() == [False, True]
assert df["whole"].dtype == np.int64 and df["good"].dtype == bool
assert df["item"][0] == "tea" and df["item"].isna().tolist() == [False, True]
assert str(df["at"].dt.tz) == "UTC" and df["day"].isna().tolist() == [False, True]
assert df["day"][0] == pd.Timestamp("2011-01-01")
df.loc[0, "x"] = 7.0
assert frame["x"][0] == 1.5
"""


@pytest.mark.parametrize("blocked", [False, True])
def test_to_pandas_with_and_without_pyarrow(blocked):
    pytest.importorskip("pandas")
    subprocess.run([sys.executable, "-c", PANDAS_CHECK.format(blocked=blocked)], check=True)


def test_to_dict_gives_arrays(frame):
    columns = frame.to_dict("all")
    assert list(columns) == frame.all_columns
    assert all(isinstance(column, np.ndarray) for column in columns.values())


def test_csv_is_safe_in_spreadsheets_unless_told_otherwise(frame, tmp_path):
    lines = frame.to_csv().splitlines()
    assert lines[0] == "item,n,share,day,at,good"
    assert lines[2].startswith("'=milk,,,,,")
    assert lines[3].startswith(f",{BIG},-3,2012-02-03,")
    assert frame.to_csv(for_spreadsheet=False).splitlines()[2].startswith("=milk,")
    path = tmp_path / "frame.csv"
    assert frame.to_csv(path) is None
    assert path.read_text(encoding="utf-8") == frame.to_csv()
    assert frame.to_csv(columns="all").splitlines()[0].endswith(",code")


def test_pickle_and_equal_estimates(frame):
    again = pickle.loads(pickle.dumps(frame))
    same(frame, again)
    assert again.info == frame.info and again.docs == frame.docs


def test_methods_of_pandas_answer_with_the_line_to_write(frame):
    with pytest.raises(
        AttributeError, match=r"^this is an emptor Frame; write \.to_pandas\(\)\.groupby$"
    ):
        frame.groupby("item")
    with pytest.raises(AttributeError, match=r"write \.to_polars\(\)\.group_by"):
        frame.group_by("item")
    with pytest.raises(AttributeError, match=r'write frame\["item"\]'):
        frame.item  # noqa: B018
    assert not hasattr(frame, "groupby") and not hasattr(frame, "anything")
    with pytest.raises(TypeError, match="write len"):
        bool(frame)


# ---- for people --------------------------------------------------------------------------------


def test_repr_is_an_aligned_table_with_the_number_of_rows(frame):
    assert repr(frame[["item", "n", "share"]]) == (
        "item                  n  share\n"
        "tea                   3   0.25\n"
        "=milk                 –      –\n"
        f"–      {BIG}  -3.00\n"
        "jam                   1   0.50\n"
        '4 rows, 3 columns (4 more with select("all"))'
    )
    many = em.Frame({"x": np.arange(1234)})
    assert repr(many).endswith("…\n1,234 rows, 1 column")
    assert "0 rows" in repr(many[:0])


class Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = set()

    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        assert {name for name, _ in attributes} <= {"title", "class"}


def test_html_is_escaped():
    evil = "</script><img src=x onerror=alert(1)>\"'"
    frame = em.Frame({evil: [evil], "n": [1]}, docs={evil: evil})
    text = frame._repr_html_()
    tags = Tags()
    tags.feed(text)
    assert tags.seen == {"style", "div", "table", "thead", "tbody", "tr", "th", "td", "p"}
    assert "&lt;/script&gt;" in text


def test_html_puts_intervals_under_their_value():
    frame = em.Frame(
        {
            "customer": ["a", "b"],
            "drop": [0.5, 0.25],
            "drop_low": [0.125, np.nan],
            "drop_high": [0.75, np.nan],
            "forecast": [10.0, 20.0],
            "forecast_low_80": [9.0, 19.0],
            "forecast_high_80": [11.0, 21.0],
            "forecast_low_97_5": [8.0, 18.0],
            "forecast_high_97_5": [12.0, 22.0],
            "low": [1, 12345],
            "alone_low": [1.0, 2.0],
        }
    )
    text = frame._repr_html_()
    assert '<td class="n">0.500<small>0.125 to 0.750</small></td>' in text
    assert '<td class="n">0.250</td>' in text  # without an interval
    assert "10.00<small>80 %: 9.00 to 11.00</small><small>97.5 %: 8.00 to 12.00</small>" in text
    assert '<td class="n">12,345</td>' in text
    assert text.count("<th ") == 5 and "alone_<wbr>low" in text


# ---- made in Python ----------------------------------------------------------------------------


def test_wrong_columns_are_named():
    with pytest.raises(em.InvalidArgument, match=r"column 'b' has 1 rows, the first one has 2"):
        em.Frame({"a": [1, 2], "b": [1]})
    with pytest.raises(em.InvalidArgument, match=r"column 'a', row 1: expected text, got int"):
        em.Frame({"a": np.array(["x", 3], object)})
    with pytest.raises(em.InvalidArgument, match="one dimension"):
        em.Frame({"a": np.zeros((2, 2))})
    assert em.Frame({}).shape == (0, 0)
    assert repr(em.Frame({})) == "Frame: no columns"


# ---- estimates ---------------------------------------------------------------------------------


def test_estimates_read_as_one_says_them_and_cannot_change():
    estimate = em.Estimate(0.42, 0.31, 0.53, n=118)
    assert repr(estimate) == "0.42 (0.31 to 0.53), n = 118"
    assert repr(em.Estimate(12345.6, 1, 2, n=3, level=0.8, status="small_sample")) == (
        "12346 (1 to 2 at 80 %), n = 3, small_sample"
    )
    assert repr(em.Estimate(n=2, status="not_enough_data")) == "not enough data, n = 2"
    assert float(estimate) == 0.42 and estimate == em.Estimate(0.42, 0.31, 0.53, n=118)
    assert estimate != em.Estimate(0.42, 0.31, 0.53, n=117) and estimate != 0.42
    assert len({estimate, pickle.loads(pickle.dumps(estimate))}) == 1
    with pytest.raises(AttributeError):
        estimate.value = 1
    with pytest.raises(em.InvalidArgument, match="status 'fine'"):
        em.Estimate(1, status="fine")


def test_errors_are_of_one_family_and_of_pythons():
    for error, also in [
        (em.InvalidArgument, ValueError),
        (em.DataError, ValueError),
        (em.FormatError, ValueError),
        (em.MemoryLimit, MemoryError),
        (em.Cancelled, Exception),
    ]:
        assert issubclass(error, em.Error) and issubclass(error, also)
        assert error.__module__ == "emptor"


def test_an_empty_list_says_where_to_look():
    none = em.mining.bought_next(em.example(), min_events=10**6, watch=0)
    assert len(none) == 0 and none.info["n_pairs_possible"] > 0
    assert repr(none).endswith("; .info tells how much was looked at")


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_a_library_that_is_not_there_is_named_with_the_line_to_write(monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)
    frame = em.example("orders").head(2)
    method = {"pyarrow": "to_arrow"}.get(library, f"to_{library}")
    with pytest.raises(
        ImportError, match=f"{method} needs {library}: write  pip install {library}"
    ):
        getattr(frame, method)()
