#!/usr/bin/env python3
"""Survival curves beside lifelines, results checked equal first.

    python benchmarks/peers/survival_vs.py [rows]

Kaplan and Meier with log-log intervals: durations all different, and in whole days. Aalen and
Johansen with variances: all different, since lifelines moves tied times apart at random.
"""

from __future__ import annotations

import sys

from _peers import Peer, compare

MAKE = r"""
import numpy as np
def load(path):
    rows, whole = path.split(",")
    random = np.random.default_rng(1)
    time, end = random.exponential(100, int(rows)), random.exponential(150, int(rows))
    duration = np.minimum(time, end)
    if whole == "days":
        duration = np.ceil(duration)
    cause = np.where(time <= end, 1 + (random.random(int(rows)) < 0.4), 0)
    return duration, cause
"""
OURS = (
    "import emptor as em\nem.customers.survival([1.0, 2.0], [1, 0])\n"
    + MAKE
    + r"""
def work(data):
    return em.customers.survival(data[0], data[1] > 0, threads=THREADS)
def answer(found):
    first = np.asarray(found["survival"])
    return [*first, *found["survival_low"][1:-1], *found["survival_high"][1:-1]]
"""
)
THEIRS = (
    "from lifelines import KaplanMeierFitter\n"
    + MAKE
    + r"""
def work(data):
    return KaplanMeierFitter().fit(data[0], data[1] > 0)
def answer(found):
    ends = found.confidence_interval_.to_numpy()
    return [*found.survival_function_.to_numpy()[:, 0], *ends[1:-1, 0], *ends[1:-1, 1]]
"""
)
OURS_AJ = (
    "import emptor as em\nem.customers.incidence([1.0, 2.0], [1, 0])\n"
    + MAKE
    + r"""
def work(data):
    return em.customers.incidence(data[0], data[1], threads=THREADS)
def answer(found):
    one = found.filter(found["cause"] == 1)
    return [*one["incidence"], *one["standard_error"][:-1] ** 2]
"""
)
THEIRS_AJ = (
    "from lifelines import AalenJohansenFitter\n"
    + MAKE
    + r"""
def work(data):
    return AalenJohansenFitter().fit(data[0], data[1], 1)
def answer(found):
    # Where all left are gone its variance is 0 / 0.
    return [*found.cumulative_density_.to_numpy()[:, 0], *found.variance_.to_numpy()[:-1]]
"""
)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for kind in ("different", "days"):
        compare(
            f"Kaplan-Meier, {rows:,} rows, {kind}",
            f"{rows},{kind}",
            OURS,
            [Peer("KaplanMeierFitter", ["lifelines"], THEIRS)],
            runs=7,
            tolerance=1e-7,
        )
    compare(
        f"Aalen-Johansen, {rows:,} rows, different",
        f"{rows},different",
        OURS_AJ,
        [Peer("AalenJohansenFitter", ["lifelines"], THEIRS_AJ)],
        runs=3,
    )


if __name__ == "__main__":
    main()
