"""Frames of every library in: the same rows give the same Sales, whoever holds them.

Every case builds one small table of orders with typed columns, hands it over as each producer does,
and compares the kept lines with those of plain lists.
"""

import datetime
import decimal
import subprocess
import sys

import numpy as np
import pytest

import emptor as em

pa = pytest.importorskip("pyarrow")
pl = pytest.importorskip("polars")
pd = pytest.importorskip("pandas")
duckdb = pytest.importorskip("duckdb")
import pyarrow.dataset  # noqa: E402

ROWS = 75
START = datetime.datetime(2021, 3, 1, 9, 30)


def rows_of(nulls, customer_text=True):
    """Columns as lists. Times are whole seconds, amounts whole halves, so every type holds them."""
    numbers = [101 + i // 2 % 9 for i in range(ROWS)]
    customers = [f"c-{n}" for n in numbers] if customer_text else numbers
    if nulls == "some":
        customers = [None if i // 2 % 5 == 2 else c for i, c in enumerate(customers)]
    elif nulls == "all":
        customers = [None] * ROWS
    return {
        "order_id": [1 + i // 2 for i in range(ROWS)],
        "customer_id": customers,
        "product_id": [f"p{i % 7}" for i in range(ROWS)],
        "ordered_at": [START + datetime.timedelta(hours=13 * (i // 2)) for i in range(ROWS)],
        "quantity": [1 + i % 3 for i in range(ROWS)],
        "amount": [2.5 + i % 11 for i in range(ROWS)],
    }


TYPES = {
    "order_id": pa.int64(),
    "customer_id": pa.string(),
    "product_id": pa.string(),
    "ordered_at": pa.timestamp("us"),
    "quantity": pa.int64(),
    "amount": pa.float64(),
}

CASES = [
    *[("customer_id", t) for t in (
        pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64(),
        pa.float32(), pa.float64(), pa.string(), pa.large_string(), pa.string_view(),
        pa.dictionary(pa.int8(), pa.string()), pa.dictionary(pa.int32(), pa.large_string()),
    )],
    *[("ordered_at", t) for t in (
        pa.timestamp("s"), pa.timestamp("ms"), pa.timestamp("us"), pa.timestamp("ns"),
        pa.timestamp("us", "UTC"), pa.timestamp("ns", "Europe/London"), pa.timestamp("s", "+02:00"),
        pa.date32(), pa.date64(),
    )],
    *[("amount", t) for t in (pa.float32(), pa.decimal128(12, 2), pa.decimal128(38, 4))],
    *[("quantity", t) for t in (pa.int8(), pa.uint16(), pa.float64(), pa.decimal128(38, 0))],
]  # fmt: skip


def is_number(kind):
    return pa.types.is_integer(kind) or pa.types.is_floating(kind)


def typed(column, kind, nulls="none"):
    """The case's table in Arrow, and its columns as lists of what it then holds."""
    numeric = column == "customer_id" and is_number(kind)
    columns = rows_of(nulls, customer_text=not numeric)
    types = TYPES | {column: kind}
    if numeric and column != "customer_id":
        types["customer_id"] = pa.int64()
    arrays = {}
    for name, values in columns.items():
        if pa.types.is_decimal(types[name]):
            values = [decimal.Decimal(str(value)) for value in values]
        arrays[name] = pa.array(values, types[name])
    return pa.table(arrays)


def lists_of(table):
    columns = table.to_pydict()
    for name, values in columns.items():
        if pa.types.is_timestamp(table.schema.field(name).type):
            columns[name] = [
                v.to_pydatetime() if hasattr(v, "to_pydatetime") else v for v in values
            ]
    return columns


def from_pandas(table, **how):
    frame = table.to_pandas(**how)
    frame.index = [f"row {i}" for i in range(len(frame))]  # an index is never a column
    return frame


def numpy_nullable(kind):
    nullable = {
        pa.int64(): pd.Int64Dtype(),
        pa.int32(): pd.Int32Dtype(),
        pa.uint8(): pd.UInt8Dtype(),
        pa.float64(): pd.Float64Dtype(),
        pa.string(): pd.StringDtype("python"),
    }
    return nullable.get(kind)


def chunked(table, lengths):
    batches, at = [], 0
    for length in lengths:
        batches.append(table.slice(at, length).combine_chunks())
        at += length
    return pa.concat_tables(batches)


def numpy_of(column):
    if pa.types.is_dictionary(column.type):  # pyarrow would take the last value for a missing one
        column = column.cast(pa.string())
    return column.to_numpy(zero_copy_only=False)


PRODUCERS = {
    "pyarrow table": lambda t: t,
    "pyarrow batch": lambda t: t.combine_chunks().to_batches()[0] if len(t) else t,
    "pyarrow reader": lambda t: t.to_reader(),
    "pyarrow chunks": lambda t: chunked(t, [10, 0, 1, 30, 0, len(t) - 41]),
    "pyarrow dataset": lambda t: pyarrow.dataset.dataset(t),
    "polars": lambda t: pl.from_arrow(t),
    "pandas": lambda t: from_pandas(t),
    "pandas arrow": lambda t: from_pandas(t, types_mapper=pd.ArrowDtype),
    "pandas nullable": lambda t: from_pandas(t, types_mapper=numpy_nullable),
    "duckdb": lambda t: duckdb.from_arrow(t),
    "dict of numpy arrays": lambda t: {n: numpy_of(t[n]) for n in t.column_names},
}  # fmt: skip


def kept(sales):
    lines = sales.orders_clean()
    names = ["order", "customer", "product", "time", "quantity", "amount"]
    order = np.argsort(lines["row"], kind="stable")
    assert len(lines) == ROWS
    return {name: [str(lines[name][i]) for i in order] for name in names}


def sales_of(orders, **options):
    return em.Sales(orders=orders, **options)


@pytest.mark.parametrize("producer", PRODUCERS)
@pytest.mark.parametrize(("column", "kind"), CASES, ids=lambda value: str(value))
def test_every_type_from_every_producer(column, kind, producer):
    table = typed(column, kind)
    expected = kept(sales_of(lists_of(table)))
    given = PRODUCERS[producer](table)
    assert kept(sales_of(given)) == expected


@pytest.mark.parametrize("producer", PRODUCERS)
@pytest.mark.parametrize("nulls", ["some", "all"])
@pytest.mark.parametrize(
    "kind", [pa.int64(), pa.string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())],
    ids=str,
)  # fmt: skip
def test_missing_customers(nulls, kind, producer):
    table = typed("customer_id", kind, nulls)
    sales = sales_of(PRODUCERS[producer](table))
    if nulls == "all":
        assert sales.coverage["lines_used"] == 0
        assert len(sales.orders_clean()) == ROWS
        return
    lines = kept(sales)
    given = table["customer_id"].to_pylist()
    for row, value in enumerate(given):
        assert lines["customer"][row] in (("None", "--") if value is None else (str(value),))


@pytest.mark.parametrize("offset", [0, 1, 7, 8, 9, 63, 65])
@pytest.mark.parametrize("maker", ["pyarrow", "pyarrow batch", "polars", "pandas", "pandas arrow"])
def test_slices_start_where_they_start(offset, maker):
    table = typed("customer_id", pa.string(), "some")
    padding = table.slice(0, offset)
    whole = pa.concat_tables([padding, table]).combine_chunks()
    if maker == "pyarrow batch":
        given = whole.to_batches()[0].slice(offset)
    elif maker == "polars":
        given = pl.from_arrow(whole).slice(offset)
    elif maker.startswith("pandas"):
        mapper = {"types_mapper": pd.ArrowDtype} if maker == "pandas arrow" else {}
        given = whole.to_pandas(**mapper).iloc[offset:]
    else:
        given = whole.slice(offset)
    assert kept(sales_of(given)) == kept(sales_of(table))


@pytest.mark.parametrize("count", [1, 2, 40, 75])
def test_chunks_with_dictionaries_of_their_own(count):
    table = typed("customer_id", pa.string(), "some")
    kind = pa.dictionary(pa.int8(), pa.string())
    at = table.schema.get_field_index("customer_id")
    parts = []
    for part in np.array_split(np.arange(ROWS), count):
        piece = table.take(pa.array(part[::-1])).take(pa.array(np.arange(len(part))[::-1]))
        values = piece["customer_id"].combine_chunks().dictionary_encode().cast(kind)
        parts.append(piece.set_column(at, "customer_id", values))
        parts.append(parts[-1].slice(0, 0))
    given = pa.Table.from_batches([b for p in parts for b in p.combine_chunks().to_batches()],
                                  parts[0].schema)  # fmt: skip
    assert kept(sales_of(given)) == kept(sales_of(table))


def test_validity_without_a_count_of_nulls():
    values = pa.array(["a", None, "b"])
    again = pa.Array.from_buffers(values.type, 3, values.buffers(), null_count=-1)
    table = pa.table(
        {
            "order_id": [1, 2, 3],
            "customer_id": again,
            "ordered_at": [START] * 3,
            "amount": [1.0] * 3,
        }
    )
    assert sales_of(table).orders_clean().sort("order")["customer"].tolist() == ["a", None, "b"]


def test_zones_of_columns_are_instants():
    instant = datetime.datetime(2021, 7, 1, 23, 30, tzinfo=datetime.UTC)
    for kind in (pa.timestamp("us", "UTC"), pa.timestamp("us", "America/New_York")):
        table = pa.table({"order_id": [1], "customer_id": [1], "amount": [1.0],
                          "ordered_at": pa.array([instant], kind)})  # fmt: skip
        for given in (table, pl.from_arrow(table), table.to_pandas(), table.to_pydict()):
            lines = sales_of(given, timezone="Europe/Berlin").orders_clean()
            assert str(lines["time"][0]) == "2021-07-01T23:30:00.000000"
            assert str(lines["day"][0]) == "2021-07-02"


def test_naive_times_are_the_business_wall_clock():
    given = {"order_id": [1], "customer_id": [1], "amount": [1.0],
             "ordered_at": [datetime.datetime(2021, 7, 1, 23, 30)]}  # fmt: skip
    lines = sales_of(given, timezone="Europe/Berlin").orders_clean()
    assert (str(lines["time"][0]), str(lines["day"][0])) == (
        "2021-07-01T21:30:00.000000",
        "2021-07-01",
    )
    lines = sales_of(given, timezone="Europe/Berlin", source_timezone="UTC").orders_clean()
    assert (str(lines["time"][0]), str(lines["day"][0])) == (
        "2021-07-01T23:30:00.000000",
        "2021-07-02",
    )


# ---- messages ----------------------------------------------------------------------------------

GOOD = {"order_id": [1, 2], "customer_id": ["a", "b"], "ordered_at": ["2021-03-01", "2021-03-02"],
        "amount": [1.0, 2.0]}  # fmt: skip


def message(orders, **options):
    with pytest.raises(em.Error) as raised:
        em.Sales(orders=orders, **options)
    return str(raised.value)


def test_a_column_of_mixed_types_names_the_rows():
    mixed = pd.DataFrame(GOOD | {"customer_id": pd.Series(["a", 2], dtype=object)})
    assert message(mixed) == (
        "orders: column 'customer_id' mixes text and whole numbers: row 0 is str, row 1 is int; "
        "make it one kind, as with df['customer_id'].astype(str)"
    )
    assert message(GOOD | {"amount": [1.0, "2"]}).startswith(
        "orders: column 'amount' mixes numbers and text: row 0 is float, row 1 is str"
    )


def test_periods_say_what_to_write():
    frame = pd.DataFrame(GOOD).assign(ordered_at=pd.period_range("2021-03", periods=2, freq="M"))
    assert message(frame) == (
        "orders: column 'ordered_at' holds periods (period[M]); write "
        "df['ordered_at'].dt.to_timestamp() or df['ordered_at'].dt.start_time"
    )


def test_times_with_and_without_a_zone_do_not_mix():
    times = [datetime.datetime(2021, 3, 1), datetime.datetime(2021, 3, 1, tzinfo=datetime.UTC)]
    assert "mixes times with and without a zone: row 1 is zoned" in message(
        GOOD | {"ordered_at": times}
    )


def test_lengths_duplicates_and_shapes():
    assert (
        message(GOOD | {"amount": [1.0]})
        == "orders: column 'amount' has 1 rows, the first one has 2"
    )
    frame = pd.DataFrame(GOOD)
    frame.columns = ["order_id", "customer_id", "ordered_at", "customer_id"]
    assert message(frame) == "orders: two columns are named 'customer_id'"
    assert "must have one dimension, got 2" in message(GOOD | {"amount": np.zeros((2, 2))})
    assert "must be an array or a list, got str" in message(GOOD | {"amount": "12"})
    assert "does not fit into 64 bits" in message(GOOD | {"customer_id": [1, 2**70]})


def test_what_is_no_table():
    assert message(3).startswith("orders: cannot read a table from int; give a data frame")
    assert message(pl.DataFrame(GOOD).lazy()) == (
        "orders: this is a LazyFrame; write orders=orders.collect()"
    )
    with pytest.raises(
        em.InvalidArgument, match=r"give at least one table, as em.Sales\(orders=df\)"
    ):
        em.Sales()


def test_a_stream_is_read_once():
    reader = pa.table(GOOD).to_reader()
    em.Sales(orders=reader)
    assert message(reader)
    from emptor._core import data

    capsule = pa.table(GOOD).__arrow_c_stream__()
    assert len(data.import_stream(capsule, [])) == 2
    with pytest.raises(em.InvalidArgument, match="already consumed; pass the table it came from"):
        data.import_stream(capsule, [])
    with pytest.raises(
        em.InvalidArgument, match="did not return a capsule named arrow_array_stream"
    ):
        data.import_stream("no capsule", [])


def test_columns_that_cannot_be_used_are_left_out_unless_asked_for():
    table = pa.table(GOOD | {"tags": [["x"], []]})
    frame = pd.DataFrame(GOOD | {"tags": [["x"], []]})
    for orders in (table, frame, pl.from_arrow(table)):
        assert len(em.Sales(orders=orders).orders_clean()) == 2
        assert "tags" in message(orders, columns={"customer": "tags"})


def test_lone_surrogates_are_refused():
    assert "column 'customer_id', row 1: the text is not valid Unicode" in message(
        GOOD | {"customer_id": ["a", "\ud800"]}
    )


def test_the_producer_may_be_let_go():
    table = typed("customer_id", pa.string(), "some")
    expected = kept(sales_of(table))
    sales = sales_of(pa.concat_tables([table]).combine_chunks())
    del table
    assert kept(sales) == expected


WITHOUT_PYARROW = """
import sys
sys.modules["pyarrow"] = None
import datetime
import numpy as np
import pandas as pd
import emptor as em
plain = {"order_id": [1, 2, 3], "customer_id": ["a", None, "b"], "product_id": ["x", "y", "x"],
         "ordered_at": [datetime.datetime(2021, 3, d) for d in (1, 2, 3)], "amount": [1.0, 2, 3]}
def key(orders):
    lines = em.Sales(orders=orders).orders_clean().sort("order")
    return [list(map(str, lines[c])) for c in ("order", "customer", "product", "time", "amount")]
expected = key(plain)
frame = pd.DataFrame(plain)
assert key(frame) == expected
assert key(frame.astype({"customer_id": "category", "product_id": "category"})) == expected
assert key(frame.astype({"order_id": "Int64", "amount": "Float64"})) == expected
assert key(frame.astype({"product_id": object})) == expected
assert key(frame.astype({"customer_id": "string"})) == expected
for unit in ("s", "ms", "us", "ns"):
    assert key(frame.astype({"ordered_at": f"datetime64[{unit}]"})) == expected
    assert key(frame.assign(ordered_at=frame["ordered_at"].astype(f"datetime64[{unit}]")
               .dt.tz_localize("UTC"))) == expected
gaps = frame.assign(customer_id=pd.array([7, None, 9], "Int64"))
assert key(gaps)[1] == ["7", "--", "9"], key(gaps)
"""


def test_pandas_without_pyarrow():
    subprocess.run([sys.executable, "-c", WITHOUT_PYARROW], check=True, timeout=120)
