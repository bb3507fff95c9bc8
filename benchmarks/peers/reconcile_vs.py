#!/usr/bin/env python3
"""Forecasts of a hierarchy made to add up, emptor beside hierarchicalforecast, one thread each.

    PYTHONPATH=build/release/python python benchmarks/peers/reconcile_vs.py

Drawn forecasts of 12 steps: 30,000 finest series in 3,311 sums of four levels, weighed by what they
sum and by variance (MinTraceSparse), and 1,000 finest series by the shrunk covariance of 50 errors
(MinTrace; the larger one would need an array of 9 GB there). Forecasts are compared before the
times, but for those by variance: there the peer solves by iteration and stops early (the largest
derivative of the weighted squares is 1e-2 at its answer and 1e-11 at ours). Building the peer's
summing matrix is not timed.
"""

from _peers import Peer, compare

MAKE = """
import numpy as np
def load(path):
    rng = np.random.default_rng(1)
    a = rng.permutation(np.arange(B) % 10)
    b = a * 30 + rng.integers(0, 30, B)
    c = b * 10 + rng.integers(0, 10, B)
    nodes, sums = [], 0
    for level in (np.zeros(B, int), a, b, c):
        names, code = np.unique(level, return_inverse=True)
        nodes.append(code + sums)
        sums += len(names)
    n = sums + B
    data = dict(node=np.array(nodes), sums=sums, base=rng.normal(5, 3, (n, 12)))
    data["error"] = rng.normal(size=(n, 50)) * rng.uniform(1, 2, (n, 1))
    return ready(data)
"""

OURS = """
from emptor._core.forecasting import _reconcile
def ready(data): return data
def work(data):
    more = {}
    if METHOD == "variance":
        more["variance"] = data["error"].var(axis=1, ddof=1)
    if METHOD == "shrunk":
        more["error"] = data["error"]
    out, _ = _reconcile(data["node"].ravel().astype(np.int32), finest=B, forecast=data["base"],
                        horizon=12, method=METHOD, threads=THREADS, **more)
    return out.reshape(-1, 12)
def answer(result): return result[::97].ravel()
"""

THEIRS = """
import warnings; warnings.simplefilter("ignore")
from scipy import sparse
from hierarchicalforecast.methods import MinTrace, MinTraceSparse
NAME = {"structural": "wls_struct", "variance": "wls_var", "shrunk": "mint_shrink"}[METHOD]
def ready(data):
    s = sparse.csr_matrix(
        (np.ones(4 * B), (data["node"].ravel(), np.tile(np.arange(B), 4))), shape=(data["sums"], B)
    )
    data["S"] = sparse.vstack([s, sparse.eye(B)]).tocsr()
    if METHOD == "shrunk":
        data["S"] = data["S"].toarray()
    data["zero"] = np.zeros_like(data["error"])
    return data
def work(data):
    model = (MinTrace if METHOD == "shrunk" else MinTraceSparse)(NAME)
    return model.fit_predict(S=data["S"], y_hat=data["base"], y_insample=data["error"],
                             y_hat_insample=data["zero"])["mean"]
def answer(result): return np.asarray(result)[::97].ravel()
"""

if __name__ == "__main__":
    for method, finest in (("structural", 30000), ("variance", 30000), ("shrunk", 1000)):
        given = f"B, METHOD = {finest}, '{method}'\n" + MAKE
        compare(
            f"{method}, {finest} finest series",
            ".",
            given + OURS,
            [Peer("hierarchicalforecast", ["hierarchicalforecast"], given + THEIRS)],
            runs=2,
            tolerance=1e-4,
            check=method != "variance",
        )
