#!/usr/bin/env python3
"""How far off nowcasts were, on every past month and week of two shops.

    PYTHONPATH=build/release/python python benchmarks/accuracy/nowcast.py

Each period that the data hold whole, from the fifth week of data on, is asked for when a quarter,
half and three quarters of it are gone, with nothing of later in sight. "off" is the mean absolute
error over the mean sum, "change" the same of the period before in place of a nowcast.
"""

import csv
import datetime
import itertools
import sys
from pathlib import Path

import numpy as np

import emptor as em
from emptor._core import data as core

SHARED = Path("../shared/data")
FEWEST = 35  # days before the first nowcast


def online_retail() -> tuple[np.ndarray, int]:
    sales = em.read(SHARED / "online_retail" / "online_retail.csv")
    days = sales.series(period="day", value="amount")
    return np.array(days["y"]), int(days["start"][0].astype("datetime64[D]").astype(int))


def complete_journey() -> tuple[np.ndarray, int]:
    sums: dict[int, float] = {}
    with (SHARED / "complete_journey" / "transactions_sample.csv").open() as file:
        for row in csv.DictReader(file):
            day = (
                datetime.date.fromisoformat(row["transaction_timestamp"][:10]).toordinal() - 719163
            )
            sums[day] = sums.get(day, 0.0) + float(row["sales_value"])
    first = min(sums)
    return np.array([sums.get(day, 0.0) for day in range(first, max(sums) + 1)]), first


def periods(n: int, first_day: int, period: str) -> list[tuple[int, int]]:
    """First and one past the last row of each whole period."""
    number = core.period_numbers(
        np.arange(first_day - 1, first_day + n + 1, dtype=np.int32), period
    )
    new = np.flatnonzero(number[1:] != number[:-1])
    return [(int(a), int(b)) for a, b in itertools.pairwise(new) if b <= n]


def judge(y: np.ndarray, first_day: int, period: str, gone: float) -> tuple[float, int, int, int]:
    off, sums, within = [], [], np.zeros(2, int)
    for a, b in periods(len(y), first_day, period):
        now = a + round(gone * (b - a))
        if now < FEWEST:
            continue
        table = {"ds": (np.arange(now) + first_day).astype("datetime64[D]"), "y": y[:now]}
        row = em.forecasting.nowcast(table, period=period).row(0)
        truth = y[a:b].sum()
        off.append(abs(row["total"] - truth))
        sums.append(truth)
        within += [row[f"total_low_{k}"] <= truth <= row[f"total_high_{k}"] for k in (80, 95)]
    return float(np.mean(off) / np.mean(sums)), len(sums), int(within[0]), int(within[1])


def main() -> int:
    if not SHARED.is_dir():
        print(f"skipped: {SHARED} is not there")
        return 0
    total = np.zeros(3, int)
    for name, shop in (("Online Retail", online_retail), ("Complete Journey", complete_journey)):
        y, first_day = shop()
        for period in ("month", "week"):
            whole = [y[a:b].sum() for a, b in periods(len(y), first_day, period)]
            line = f"{name:<17}{period:<6}"
            for gone in (0.25, 0.5, 0.75):
                off, n, in_80, in_95 = judge(y, first_day, period, gone)
                total += [n, in_80, in_95]
                line += f"  {gone:.0%} gone: off {off:.3f} (n {n})"
            print(f"{line}  change {np.abs(np.diff(whole)).mean() / np.mean(whole):.3f}")
    n, in_80, in_95 = total
    print(f"{n} nowcasts; 80 % intervals held {in_80 / n:.3f}, 95 % intervals {in_95 / n:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
