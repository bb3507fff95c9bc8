#!/usr/bin/env python3
"""bought_next beside DuckDB's SQL for its naive confidence alone; the counts are checked equal.

    PYTHONPATH=build/release/python python benchmarks/peers/bought_next_vs.py
        [--cpu] [--repeats N] [--threads N]

Online Retail, equal threads, window 180 days, no washout, items with 50 buyers. DuckDB starts from
a table of distinct (customer, day, item) in its memory and counts, for every ordered pair, the
customers with the second item within the window after their first purchase of the first item
("first"), or after any purchase of it ("any"). emptor starts from Sales in memory and does
everything: survival shares with intervals, both tests, the placebo, grades; once for the same pairs
as DuckDB, and once for consequents with fewer buyers too, as it does when not told otherwise. --cpu
counts processor seconds instead of the clock: for machines that are busy with other things. Needs
duckdb and pandas.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import duckdb

import emptor as em

ORDERS = Path(__file__).resolve().parents[3] / "shared/data/online_retail/online_retail.csv"
PAIRS = """
select a.item as x, b.item as y, count(distinct a.customer) as n
from {first} a join bought b
  on a.customer = b.customer and b.day > a.day and b.day <= a.day + 180 and a.item <> b.item
group by 1, 2
"""
FIRST = "(select customer, item, min(day) as day from bought group by 1, 2)"


def purchases(threads: int) -> tuple[em.Sales, duckdb.DuckDBPyConnection]:
    sales = em.read(ORDERS)
    lines = sales.orders_clean().to_pandas("all")
    kept = lines[~lines[["is_return", "undone", "free", "not_goods"]].any(axis=1)]  # noqa: F841
    db = duckdb.connect(config={"threads": threads})
    db.execute(
        """create table all_bought as
           select distinct customer, time::date - date '2010-01-01' as day, product as item
           from kept where customer is not null"""
    )
    db.execute(
        """create table bought as
           select * from all_bought where item in (
             select item from all_bought group by 1 having count(distinct customer) >= 50)
           order by customer, day, item"""
    )
    return sales, db


def ours(sales: em.Sales, **options) -> em.Frame:
    return em.mining.bought_next(sales, window="180 days", washout="none", **options)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cpu", action="store_true")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    clock = time.process_time if options.cpu else time.perf_counter
    sales, db = purchases(options.threads)

    def timed(work) -> tuple[list[float], object]:
        times = []
        for _ in range(options.repeats):
            begin = clock()
            result = work()
            times.append(clock() - begin)
        return times, result

    counted = {(str(x), str(y)): n for x, y, n in db.execute(PAIRS.format(first=FIRST)).fetchall()}
    items = [str(x) for (x,) in db.execute("select distinct item from bought").fetchall()]
    listed = ours(sales, all_pairs=True).select("all")
    compared = 0
    for a, b, n in zip(
        listed["antecedent"], listed["consequent"], listed["naive_buyers"], strict=True
    ):
        if (str(a), str(b)) in counted:
            compared += 1
            if counted[str(a), str(b)] != n:
                raise SystemExit(f"{a} -> {b}: {counted[str(a), str(b)]} and {n}")
    print(f"{len(counted):,} pairs; all {compared:,} listed ones have equal counts")
    threads = options.threads
    own, _ = timed(lambda: ours(sales, consequents=items, threads=threads))
    wider, _ = timed(lambda: ours(sales, threads=threads))
    print(f"  emptor, same pairs     {min(own):7.3f} s (to {max(own):.3f})")
    print(f"  emptor, all pairs      {min(wider):7.3f} s (to {max(wider):.3f})")
    for name, first in {"first": FIRST, "any": "bought"}.items():
        query = "select count(*), sum(n) from (" + PAIRS.format(first=first) + ")"
        times, _ = timed(lambda query=query: db.execute(query).fetchall())
        print(
            f"  DuckDB, naive, {name:5}   {min(times):7.3f} s (to {max(times):.3f}), "
            f"{min(times) / min(own):.1f} times emptor's for the same pairs, "
            f"{min(times) / min(wider):.1f} times for all"
        )


if __name__ == "__main__":
    main()
