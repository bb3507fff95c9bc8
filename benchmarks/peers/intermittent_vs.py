#!/usr/bin/env python3
"""Models of intermittent demand, emptor beside statsforecast, one thread each.

    PYTHONPATH=build/release/python python benchmarks/peers/intermittent_vs.py

2,000 drawn series of 104 weeks, 1 to 12 of 13 without demand. With given alphas the forecasts are
compared before the times. Where alpha is searched for they are not: the peer's search assumes that
the loss has one minimum, and where it has two it may return the worse. emptor's time is that of one
fit at a time through Python, as the peer's.
"""

from _peers import Peer, compare

MAKE = """
import numpy as np
def load(path):
    rng = np.random.default_rng(1)
    share = 1 / rng.uniform(1.1, 13, 2000)
    return [rng.poisson(3, 104) * (rng.random(104) < p) + np.eye(104)[3] for p in share]
"""

GIVEN = """
from emptor._core.forecasting import _intermittent_fit as fit
def work(data):
    out = []
    for y in data:
        out.append(fit(y, model="croston", alpha=.1, alpha_interval=.1)["mean"])
        out.append(fit(y, model="tsb", alpha=.2, alpha_interval=.1)["mean"])
    return out
def answer(result): return result
"""

SEARCHED = """
from emptor._core.forecasting import _intermittent_fit as fit
def work(data):
    return [fit(y, model=m)["mean"] for y in data for m in ("croston", "adida", "imapa")]
def answer(result): return result
"""

THEIRS = """
import warnings; warnings.simplefilter("ignore")
from statsforecast.models import ADIDA, IMAPA, TSB, CrostonClassic, CrostonOptimized
models = MODELS
def work(data):
    return [m.forecast(y, 1)["mean"][0] for y in data for m in models]
def answer(result): return result
"""


def peer(models: str) -> Peer:
    return Peer("statsforecast", ["statsforecast"], MAKE + THEIRS.replace("MODELS", models))


if __name__ == "__main__":
    given = peer("[CrostonClassic(), TSB(.2, .1)]")
    compare("Croston and TSB, alphas given", ".", MAKE + GIVEN, [given], runs=3)
    searched = peer("[CrostonOptimized(), ADIDA(), IMAPA()]")
    compare(
        "Croston, ADIDA and IMAPA, alpha searched for",
        ".",
        MAKE + SEARCHED,
        [searched],
        runs=3,
        check=False,
    )
