#!/usr/bin/env python3
"""The Gamma-Gamma model of spend beside lifetimes, results checked equal first.

    python benchmarks/peers/spend_vs.py [customers]

Both fit the same simulated customers and give every customer's expected spend; ours also gives
intervals of both, which lifetimes has for the parameters alone. Equal to the five digits that
lifetimes' optimiser stops at.
"""

from __future__ import annotations

import sys

from _peers import Peer, compare

MAKE = r"""
import numpy as np
def load(path):
    n = int(path)
    random = np.random.default_rng(1)
    frequency = 1 + random.poisson(random.gamma(0.8, 1.5, n))
    rate = random.gamma(4.0, 1 / 15.0, n)
    return frequency, random.gamma(6.0 * frequency) / rate / frequency
"""
OURS = (
    "import emptor as em\nem.customers.fit_spend({'x': [1, 2], 'zbar': [1.0, 2.0]})\n"
    + MAKE
    + r"""
def work(data):
    summary = {"frequency": data[0], "monetary_value": data[1]}
    fit = em.customers.fit_spend(summary, threads=THREADS)
    return fit, fit.expected_spend(summary, threads=THREADS)
def answer(found):
    fit, spend = found
    return [*fit.parameters.values(), *spend["expected_spend"][:1000]]
"""
)
THEIRS = (
    "import warnings\nwarnings.simplefilter('ignore')\nfrom lifetimes import GammaGammaFitter\n"
    + MAKE
    + r"""
def work(data):
    fit = GammaGammaFitter().fit(*data)
    return fit, fit.conditional_expected_average_profit(*data)
def answer(found):
    fit, spend = found
    return [*fit.params_[["p", "q", "v"]], *spend[:1000]]
"""
)


def main() -> None:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    compare(
        f"Gamma-Gamma, {customers:,} customers",
        str(customers),
        OURS,
        [Peer("GammaGammaFitter", ["lifetimes"], THEIRS)],
        runs=5,
        tolerance=2e-5,
    )


if __name__ == "__main__":
    main()
