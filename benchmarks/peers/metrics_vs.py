#!/usr/bin/env python3
"""Key figures by month beside pandas and polars: the same group sums, results checked equal first.

    PYTHONPATH=build/release/python python benchmarks/peers/metrics_vs.py [orders.csv]

Every library starts from its own table of the same kept lines in memory: emptor from a Sales,
pandas and polars from a frame with the month, the flags and the codes already made. emptor also
computes seven ratios with intervals and two kinds of changes for each; the peers only the sums.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

import emptor as em

DEFAULT = Path(__file__).resolve().parents[3] / "shared/data/online_retail/online_retail.csv"
REPEATS = 7
FIGURES = ("revenue", "orders", "customers", "average_order_value", "median_order_value",
           "items_per_order", "units_per_order", "repeat_rate")  # fmt: skip


def prepared(sales: em.Sales) -> pd.DataFrame:
    lines = sales.orders_clean().to_pandas("all")
    local = lines["time"].dt.tz_convert(sales.timezone).dt.tz_localize(None)
    goods = ~lines[["is_return", "undone", "free", "not_goods"]].any(axis=1)
    return pd.DataFrame(
        {
            "month": local.dt.to_period("M").dt.start_time,
            "day": local.dt.floor("D"),
            "order": lines["order"].astype("category").cat.codes,
            "customer": lines["customer"].fillna(-1).astype("int64"),
            "product": lines["product"].astype("category").cat.codes,
            "quantity": lines["quantity"],
            "amount": lines["amount"],
            "counts": goods & (lines["amount"] > 0),
        }
    )


def with_pandas(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    bought = frame[frame["counts"]]
    order = bought.groupby("order").agg(
        month=("month", "min"), value=("amount", "sum"), items=("product", "nunique"),
        units=("quantity", "sum"),
    )  # fmt: skip
    known = bought[bought["customer"] >= 0]
    spent = known.groupby(["month", "customer"])["day"].nunique()
    months = order.groupby("month")
    return {
        "revenue": frame.groupby("month")["amount"].sum().to_numpy(),
        "orders": months.size().to_numpy(),
        "customers": spent.groupby("month").size().to_numpy(),
        "average_order_value": months["value"].mean().to_numpy(),
        "median_order_value": months["value"].median().to_numpy(),
        "items_per_order": months["items"].mean().to_numpy(),
        "units_per_order": months["units"].mean().to_numpy(),
        "repeat_rate": (spent > 1).groupby("month").mean().to_numpy(),
    }


def with_polars(frame: pl.DataFrame) -> dict[str, np.ndarray]:
    bought = frame.lazy().filter("counts")
    order = bought.group_by("order").agg(
        pl.col("month").min(), pl.col("amount").sum().alias("value"),
        pl.col("product").n_unique().alias("items"), pl.col("quantity").sum().alias("units"),
    )  # fmt: skip
    months = order.group_by("month").agg(
        pl.len().alias("orders"), pl.col("value").mean().alias("average_order_value"),
        pl.col("value").median().alias("median_order_value"),
        pl.col("items").mean().alias("items_per_order"),
        pl.col("units").mean().alias("units_per_order"),
    )  # fmt: skip
    spent = (
        bought.filter(pl.col("customer") >= 0)
        .group_by("month", "customer").agg(pl.col("day").n_unique())
        .group_by("month").agg(
            pl.len().alias("customers"), (pl.col("day") > 1).mean().alias("repeat_rate")
        )
    )  # fmt: skip
    revenue = frame.lazy().group_by("month").agg(pl.col("amount").sum().alias("revenue"))
    table = revenue.join(months, on="month").join(spent, on="month").sort("month").collect()
    return {name: table[name].to_numpy() for name in FIGURES}


def seconds(compute: Callable[[], object]) -> list[float]:
    compute()
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        compute()
        taken.append(time.perf_counter() - start)
    return taken


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    if not path.exists():
        print(f"skipped: no {path}")
        return
    sales = em.read(path)
    frame = prepared(sales)
    polars_frame = pl.from_pandas(frame)
    ours = em.metrics.kpis(sales)
    for name, theirs in {"pandas": with_pandas(frame), "polars": with_polars(polars_frame)}.items():
        for figure in FIGURES:
            found = np.ma.asarray(ours[figure]).astype(float)
            np.testing.assert_allclose(found, theirs[figure], rtol=1e-9, err_msg=f"{name} {figure}")
    print(f"{len(frame):,} lines, {len(ours)} months; {len(FIGURES)} figures equal to 1e-9")
    runs = {
        "emptor, 1 thread": lambda: em.metrics.kpis(sales, threads=1),
        "emptor": lambda: em.metrics.kpis(sales),
        "pandas " + pd.__version__: lambda: with_pandas(frame),
        "polars " + pl.__version__: lambda: with_polars(polars_frame),
    }
    taken = {name: seconds(run) for name, run in runs.items()}
    base = statistics.median(taken["emptor"])
    for name, times in taken.items():
        middle = statistics.median(times)
        spread = f"({min(times) * 1e3:.1f} to {max(times) * 1e3:.1f})"
        print(f"{name:18s} {middle * 1e3:8.1f} ms {spread}  {middle / base:6.2f} x emptor")


if __name__ == "__main__":
    main()
