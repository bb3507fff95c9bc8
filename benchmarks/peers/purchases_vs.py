#!/usr/bin/env python3
"""Purchase models beside lifetimes: fits, P(alive), expected purchases; checked equal first.

    PYTHONPATH=build/release/python python benchmarks/peers/purchases_vs.py [RUNS] [THREADS]

CDNOW's sample, and 100,000 and 1,000,000 customers simulated from its MBG/NBD over 78 weeks, who
came over the first 39. Both start from arrays in memory; what is fitted before expectations is not
in the time. lifetimes gives numbers alone: emptor's P(alive) and expected purchases come with
intervals, and the latter with the law of the count. Fits are checked by their parameters to 1e-2
(lifetimes' searches stop early), the others to 1e-6 from the same parameters.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
from _peers import SHARED, Peer, compare, need

import emptor as em

LIFETIMES = ["lifetimes==0.11.3", "numpy==1.26.4", "pandas==2.1.4", "scipy==1.12.0"]
TRUE = [0.525, 6.183, 0.891, 1.614]
PARETO = [0.5533, 10.578, 0.6062, 11.668]
FITTERS = {
    "bgnbd": "BetaGeoFitter",
    "mbgnbd": "ModifiedBetaGeoFitter",
    "pnbd": "ParetoNBDFitter",
}

LOAD = """
import numpy as np
def load(path):
    data = np.load(path)
    return {name: data[name] for name in ("frequency", "recency", "T")}
"""

FIT_OURS = (
    LOAD
    + """
import emptor as em
em.customers.purchase_fit("nbd", [1, 1], unit="weeks")  # imports what is imported when first asked
def work(data):
    return em.customers.fit_purchases(data, unit="weeks", model="MODEL", threads=THREADS)
def answer(fit):
    return list(fit.parameters.values())
"""
)

FIT_THEIRS = (
    LOAD
    + """
import numpy as np
from lifetimes import FITTER
def work(data):
    np.random.seed(1)
    fit = FITTER()
    fit.fit(data["frequency"], data["recency"], data["T"])
    return fit
def answer(fit):
    return [float(fit.params_[name]) for name in NAMES]
"""
)

AHEAD_OURS = (
    LOAD
    + """
import emptor as em
FIT = em.customers.purchase_fit("MODEL", PARAMETERS, unit="weeks")
def work(data):
    return WORK
def answer(frame):
    return [float(x) for x in frame["COLUMN"][::997]]
"""
)

AHEAD_THEIRS = (
    LOAD
    + """
import pandas as pd
from lifetimes import FITTER
FIT = FITTER()
FIT.params_ = pd.Series(PARAMETERS, index=NAMES)
def work(data):
    return WORK
def answer(values):
    return [float(x) for x in np.asarray(values)[::997]]
"""
)


def filled(snippet: str, **words: object) -> str:
    for word, value in words.items():
        snippet = snippet.replace(word, value if isinstance(value, str) else repr(value))
    return snippet


def names_of(model: str) -> list[str]:
    return ["r", "alpha", "s", "beta"] if model == "pnbd" else ["r", "alpha", "a", "b"]


def fits(title: str, path: Path, model: str, runs: int, threads: int) -> None:
    words = {"MODEL": model, "FITTER": FITTERS[model], "NAMES": names_of(model)}
    peer = Peer("lifetimes", LIFETIMES, filled(FIT_THEIRS, **words))
    compare(f"{model} fit, {title}", path, filled(FIT_OURS, **words), [peer], runs=runs,
            threads=threads, tolerance=1e-2)  # fmt: skip


def ahead(title: str, path: Path, model: str, runs: int, threads: int) -> None:
    columns = {
        "p_alive": (
            'FIT.p_alive(data, unit="weeks", threads=THREADS)',
            'FIT.conditional_probability_alive(data["frequency"], data["recency"], data["T"])',
        ),
        "expected_purchases": (
            'FIT.expected_purchases(data, "39 weeks", unit="weeks", threads=THREADS)',
            "FIT.conditional_expected_number_of_purchases_up_to_time("
            '39, data["frequency"], data["recency"], data["T"])',
        ),
    }
    words = {"MODEL": model, "FITTER": FITTERS[model], "NAMES": names_of(model),
             "PARAMETERS": PARETO if model == "pnbd" else TRUE}  # fmt: skip
    for column, (ours, theirs) in columns.items():
        peer = Peer("lifetimes", LIFETIMES, filled(AHEAD_THEIRS, WORK=theirs, **words))
        mine = filled(AHEAD_OURS, WORK=ours, COLUMN=column, **words)
        compare(f"{model} {column}, {title}", path, mine, [peer], runs=runs, threads=threads,
                tolerance=1e-6)  # fmt: skip


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    threads = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as folder:
        sample = np.genfromtxt(
            need(SHARED / "cdnow/cdnow_customers_summary.csv"), delimiter=",", names=True
        )
        paths = {"CDNOW's 2,357 customers": Path(folder) / "cdnow.npz"}
        np.savez(
            paths["CDNOW's 2,357 customers"],
            frequency=sample["frequency"].astype(np.int64),
            recency=sample["recency"],
            T=sample["T"],
        )
        model = em.customers.purchase_fit("mbgnbd", TRUE, unit="weeks")
        for n in (100_000, 1_000_000):
            made = model.simulate_purchases(customers=n, T="78 weeks", entry="39 weeks")
            paths[f"{n:,} simulated"] = path = Path(folder) / f"{n}.npz"
            np.savez(path, **{name: made[name] for name in ("frequency", "recency", "T")})
        for title, path in paths.items():
            large = title.startswith("1,000,000")
            for name in FITTERS:
                if not (large and name == "pnbd"):  # five minutes of lifetimes
                    fits(title, path, name, runs, threads)
        for name in FITTERS:
            ahead("1,000,000 simulated", paths["1,000,000 simulated"], name, runs, threads)


if __name__ == "__main__":
    main()
