#!/usr/bin/env python3
"""Decomposition by loess, emptor beside statsmodels' STL, one thread each.

    PYTHONPATH=build/release/python python benchmarks/peers/stl_vs.py

500 drawn series of ten years of months, with the windows and jumps of R. Trends are compared before
the times.
"""

from _peers import Peer, compare

MAKE = """
import numpy as np
def load(path):
    rng = np.random.default_rng(1)
    wave = 9 * np.sin(np.arange(120))
    return [100 + rng.normal(size=120).cumsum() + wave for _ in range(500)]
def answer(result): return [float(t[i]) for t in result for i in (0, 40, -1)]
"""

OURS = """
import emptor as em
def work(data):
    frame = em.forecasting.stl(dict(enumerate(data)), season_length=M, robust=ROBUST, threads=1)
    return frame["trend"].reshape(len(data), -1)
"""

THEIRS = """
from statsmodels.tsa.seasonal import STL
def work(data):
    t = int(np.ceil(1.5 * M / (1 - 1.5 / 11)))
    t += t % 2 == 0
    l = M + (M % 2 == 0)
    return [
        STL(y, period=M, seasonal=11, trend=t, low_pass=l, seasonal_deg=0, robust=ROBUST,
            seasonal_jump=2, trend_jump=-(-t // 10), low_pass_jump=-(-l // 10))
        .fit(inner_iter=1 if ROBUST else 2, outer_iter=15 if ROBUST else 0).trend
        for y in data
    ]
"""

if __name__ == "__main__":
    for m, robust in ((12, False), (12, True)):
        given = f"M, ROBUST = {m}, {robust}\n" + MAKE
        compare(
            f"season of {m}{', robust' if robust else ''}",
            ".",
            given + OURS,
            [Peer("statsmodels", ["statsmodels"], given + THEIRS)],
            runs=3,
            tolerance=1e-8,
        )
