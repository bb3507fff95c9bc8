#!/usr/bin/env python3
"""Recency, frequency and money with scores 1 to 5 beside pandas, results checked equal first.

    PYTHONPATH=build/release/python python benchmarks/peers/customers_vs.py [orders.csv]

Both start from the same kept lines in memory: emptor from a Sales, pandas from a frame with
customer, civil day, amount and the flag of lines that count already made. pandas' sums are rounded
to ten-thousandths, as money is: else the noise of its sums parts equal values. Scores are compared
with pandas.qcut where no two of its edges are equal; where they are, qcut drops edges and scores,
and the comparison is with numpy.quantile and numpy.searchsorted, which is the rule of emptor. No
library offers declining customers whose false share holds: that row has no peer.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import emptor as em

DEFAULT = Path(__file__).resolve().parents[3] / "shared/data/online_retail/online_retail.csv"
REPEATS = 9
QUINTILES = [0, 0.2, 0.4, 0.6, 0.8, 1]


def prepared(sales: em.Sales) -> pd.DataFrame:
    lines = sales.orders_clean().select("all").to_pandas()
    lines = lines[lines["customer"].notna()]
    counts = ~lines[["is_return", "undone", "free", "not_goods"]].any(axis=1)
    return pd.DataFrame(
        {
            "customer": lines["customer"].astype("int64"),
            "day": pd.to_datetime(lines["day"]),
            "amount": lines["amount"],
            "counts": counts,
        }
    )


def with_pandas(frame: pd.DataFrame, moment: pd.Timestamp) -> pd.DataFrame:
    bought = frame[frame["counts"]]
    table = bought.groupby("customer").agg(last=("day", "max"), frequency=("day", "nunique"))
    table["monetary"] = frame.groupby("customer")["amount"].sum().round(4)
    table["recency_days"] = (moment - table["last"]).dt.days
    for name in ("recency_days", "frequency", "monetary"):
        cuts = np.quantile(table[name], QUINTILES[1:-1])
        table[f"score_{name}"] = 1 + np.searchsorted(cuts, table[name], side="left")
    return table


def equal(ours: em.Frame, theirs: pd.DataFrame) -> str:
    found = ours.select("all").to_pandas().set_index("customer")
    assert found.index.tolist() == theirs.index.tolist()
    for name, score in (("recency_days", "r"), ("frequency", "f"), ("monetary", "m")):
        np.testing.assert_allclose(found[name], theirs[name], rtol=0, atol=1e-6)
        expected = theirs[f"score_{name}"].to_numpy()
        expected = 6 - expected if name == "recency_days" else expected
        np.testing.assert_array_equal(found[score], expected)
        edges = np.quantile(theirs[name], QUINTILES)
        if len(np.unique(edges)) == len(edges):
            bins = pd.qcut(theirs[name], 5, labels=False).to_numpy() + 1
            bins = 6 - bins if name == "recency_days" else bins
            np.testing.assert_array_equal(found[score], bins)
    return f"{len(found):,} customers equal in measures and scores"


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
    moment = pd.Timestamp(sales.last_day)
    print(equal(em.customers.rfm(sales), with_pandas(frame, moment)))
    ours = seconds(lambda: em.customers.rfm(sales, threads=1))
    theirs = seconds(lambda: with_pandas(frame, moment))
    for name, taken in (("emptor rfm, 1 thread", ours), ("pandas", theirs)):
        spread = f"{min(taken) * 1e3:.1f} to {max(taken) * 1e3:.1f}"
        print(f"{name:22} {statistics.median(taken) * 1e3:8.1f} ms  ({spread})")
    ratios = sorted(b / a for a, b in zip(ours, theirs, strict=True))
    print(f"pandas / emptor: {statistics.median(ratios):.0f} ({ratios[0]:.0f} to {ratios[-1]:.0f})")
    alone = seconds(lambda: em.customers.declining(sales, threads=1))
    print(f"{'emptor declining':22} {statistics.median(alone) * 1e3:8.1f} ms, no peer")


if __name__ == "__main__":
    main()
