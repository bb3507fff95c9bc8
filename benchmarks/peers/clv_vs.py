#!/usr/bin/env python3
"""Customer lifetime value beside lifetimes, on the same fits, results checked equal first.

    python benchmarks/peers/clv_vs.py [customers]

lifetimes' customer_lifetime_value discounts at each month's end and ours every purchase from its
own moment, so values are compared without discount; the time is the same either way. Ours also
gives the interval of each mean and of the total, which lifetimes has not.
"""

from __future__ import annotations

import sys

from _peers import Peer, compare

MAKE = r"""
import numpy as np
def load(path):
    n = int(path)
    random = np.random.default_rng(1)
    frequency = random.poisson(3 * random.gamma(0.5, 1, n))
    T = random.uniform(10, 80, n)
    recency = np.where(frequency > 0, T * random.uniform(0.05, 1, n), 0)
    spend = np.where(frequency > 0, 30 * np.exp(0.5 * random.normal(size=n)), 0)
    return frequency, recency, T, spend
PURCHASES = [0.243, 4.414, 0.793, 2.426]
SPEND = [6.25, 3.74, 15.44]
"""
OURS = (
    "import emptor as em\n"
    + MAKE
    + r"""
fit = em.customers.purchase_fit("bgnbd", PURCHASES, unit="weeks")
spend = em.customers.spend_fit(*SPEND)
def work(data):
    names = ("frequency", "recency", "T", "monetary_value")
    return em.customers.clv(fit, spend, dict(zip(names, data)), unit="weeks", horizon="52 weeks",
                            discount="0 % a year", outcomes=False, threads=THREADS)
def answer(found):
    return found["clv"][:1000]
"""
)
THEIRS = (
    "import warnings\nwarnings.simplefilter('ignore')\n"
    "import pandas as pd\nfrom lifetimes import BetaGeoFitter, GammaGammaFitter\n"
    + MAKE
    + r"""
fit, spend = BetaGeoFitter(), GammaGammaFitter()
fit.params_ = pd.Series(dict(zip(("r", "alpha", "a", "b"), PURCHASES)))
fit.predict = fit.conditional_expected_number_of_purchases_up_to_time
spend.params_ = pd.Series(dict(zip(("p", "q", "v"), SPEND)))
def work(data):
    # Twelve "months" of 52 / 12 weeks: its own month of 4.345 weeks rescaled.
    stretch = 12 * 4.345 / 52
    fit.params_["alpha"] = PURCHASES[1] * stretch
    frequency, recency, T, m = map(pd.Series, data)
    return spend.customer_lifetime_value(fit, frequency, recency * stretch, T * stretch, m, time=12,
                                         discount_rate=0, freq="W")
def answer(found):
    return found[:1000]
"""
)


def main() -> None:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    for threads in (1, 2):
        compare(
            f"Customer lifetime value, {customers:,} customers",
            str(customers),
            OURS,
            [Peer("customer_lifetime_value", ["lifetimes"], THEIRS)],
            runs=3,
            threads=threads,
            tolerance=1e-8,
        )


if __name__ == "__main__":
    main()
