"""Taking data in, against peers that only parse it or only group it.

- the CSV of Online Retail into a Sales against read_csv of pandas, polars and DuckDB;
- orders as a polars frame into a Sales against three group-bys of polars (customer, product, day).

    python benchmarks/peers/data_vs.py [rows of the made frame, default 10000000]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from _peers import SHARED, Peer, compare, need, our_python, run

OURS_CSV = """
from emptor import read  # emptor loads its parts on first use; imports are not timed on any side
def load(path): return path
def work(path): return read(path, threads=THREADS)
def answer(sales): return [sales.quality().info["rows_in"]]
"""

PANDAS_CSV = """
import pandas as pd
def load(path): return path
def work(path): return pd.read_csv(path)
def answer(frame): return [len(frame)]
"""

POLARS_CSV = """
import polars as pl
def load(path): return path
def work(path): return pl.read_csv(path, infer_schema_length=0, try_parse_dates=False)
def answer(frame): return [len(frame)]
"""

POLARS_TYPED_CSV = """
import polars as pl
types = {"InvoiceNo": pl.String, "StockCode": pl.String, "CustomerID": pl.Int64}
def load(path): return path
def work(path): return pl.read_csv(path, schema_overrides=types, try_parse_dates=True)
def answer(frame): return [len(frame)]
"""

DUCKDB_CSV = """
import duckdb
def load(path): return path
def work(path):
    con = duckdb.connect()
    con.execute(f"set threads = {THREADS}")
    con.execute(f"create table orders as from read_csv('{path}', sample_size=-1)")
    return con
def answer(con): return con.execute("select count(*) from orders").fetchone()
"""

OURS_FRAME = """
from emptor import Sales
import polars as pl
def load(path): return pl.read_parquet(path)
def work(frame): return Sales(orders=frame, threads=THREADS)
def answer(sales):
    import re
    lines = sales.quality().info["rows_in"]
    counts = [re.search(r"([0-9,]+) " + word, repr(sales))[1] for word in ("customers", "products")]
    return [lines, *(count.replace(",", "") for count in counts)]
"""

POLARS_GROUPS = """
import polars as pl
def load(path): return pl.read_parquet(path)
def work(frame):
    money = (pl.col("quantity") * pl.col("price")).sum().alias("amount")
    return [frame.group_by(key).agg(money, pl.len().alias("n"))
            for key in ("customer", "product", pl.col("date").dt.date().alias("day"))]
def answer(groups): return [groups[0]["n"].sum(), len(groups[0]), len(groups[1])]
"""

MAKE_FRAME = """
import polars as pl, numpy as np
def load(path): return path
def work(path):
    rows = ROWS
    random = np.random.default_rng(1)
    orders = rows // 10
    order = np.sort(random.integers(0, orders, rows))
    customer = random.zipf(1.3, orders) % 200_000
    minute = np.sort(random.integers(0, 730 * 1440, orders))
    product = np.minimum(random.zipf(1.2, rows), 20_000)
    pl.DataFrame({
        "order": order,
        "customer": customer[order],
        "product": ("SKU" + pl.Series(product).cast(pl.String)).alias("product"),
        "date": pl.Series(np.datetime64("2023-01-01T00:00", "us")
                          + minute[order].astype("timedelta64[m]")),
        "quantity": random.integers(1, 6, rows),
        "price": (random.integers(50, 5000, rows) / 100),
    }).write_parquet(path)
def answer(nothing): return []
"""


def csv() -> None:
    path = need(SHARED / "online_retail" / "online_retail.csv")
    peers = [
        Peer("pandas.read_csv", ["pandas"], PANDAS_CSV),
        Peer("polars.read_csv, text only", ["polars"], POLARS_CSV),
        Peer("polars.read_csv, typed", ["polars"], POLARS_TYPED_CSV),
        Peer("DuckDB read_csv", ["duckdb"], DUCKDB_CSV),
    ]
    for threads in (1, 2):
        compare(
            "CSV of Online Retail into a Sales; peers only parse",
            path,
            OURS_CSV,
            peers,
            threads=threads,
        )


def frame(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.parquet"
        python, env = our_python()
        run(python, env, MAKE_FRAME.replace("ROWS", str(rows)), path, 2, False)
        groups = Peer("three group-bys of polars", ["polars"], POLARS_GROUPS)
        for threads in (1, 2):
            results = compare(
                f"{rows:,} order lines from a polars frame into a Sales",
                path,
                OURS_FRAME,
                [groups],
                runs=3,
                threads=threads,
            )
            before, most = (results[0]["median"][key][0] for key in ("loaded_mb", "peak_mb"))
            print(f"  our memory: {before:.0f} MB with the frame loaded, {most:.0f} MB at most")


if __name__ == "__main__":
    csv()
    frame(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
