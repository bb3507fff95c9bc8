#!/usr/bin/env python3
"""All pairs of items beside PyFIM and fastapriori; pairs and counts are checked equal.

    PYTHONPATH=build/release/python python benchmarks/peers/mining_vs.py [--cpu] [--rusket]

Everybody starts from the same two arrays in memory (basket and item, sorted) and ends with a table
of all pairs in at least 20 baskets. PyFIM's lists of lists are made outside of its first time and
inside of its second. emptor also tests every pair and gives intervals and expected baskets.
Each peer lives in a virtual environment under build/peers, made on first use. rusket needs
minutes on retail.dat (its table of all items is dense), so it is asked for with --rusket and runs
once, on T10I4D100K alone. --cpu counts processor seconds of all threads instead of the clock: for
machines that are busy with other things.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared/data"
MIN_COUNT = 20

COMMON = """
import json, sys, time
import numpy as np
folder, repeats = sys.argv[1], int(sys.argv[2])
clock = time.process_time if sys.argv[3] == "cpu" else time.perf_counter
basket, item = np.load(folder + "/basket.npy"), np.load(folder + "/item.npy")
n_baskets, least = int(basket[-1]) + 1, {least}
def timed(work):
    times = []
    for _ in range(repeats):
        begin = clock(); result = work(); times.append(clock() - begin)
    return times, result
def report(times, a, b, n):
    a, b, n = (np.asarray(x, dtype=np.int64) for x in (a, b, n))
    low, high = np.minimum(a, b), np.maximum(a, b)
    order = np.lexsort((high, low))
    np.save(folder + "/pairs.npy", np.stack([low[order], high[order], n[order]]))
    print(json.dumps(times))
"""

PEERS = {
    "pyfim": (
        ["pyfim", "numpy"],
        """
import fim
def lists():
    cuts = np.r_[0, np.flatnonzero(np.diff(basket)) + 1, len(basket)].tolist()
    flat = item.tolist()
    return [flat[i:j] for i, j in zip(cuts, cuts[1:])]
made, baskets = timed(lists)
best = None
for name in ("apriori", "eclat", "fpgrowth"):
    miner = getattr(fim, name)
    times, found = timed(lambda: miner(baskets, target="s", supp=-least, zmin=2, zmax=2))
    if best is None or min(times) < min(best[1]):
        best = (name, times)
report({"mining only": best[1], "from arrays": [a + b for a, b in zip(made, best[1])]},
       [s[0][0] for s in found], [s[0][1] for s in found], [s[1] for s in found])
""",
    ),
    "fastapriori": (
        ["fastapriori", "pandas", "numpy"],
        """
import fastapriori, pandas as pd
frame = pd.DataFrame({"basket": basket, "item": item})
times, found = timed(lambda: fastapriori.find_associations(
    frame, "basket", "item", min_support=(least - 0.5) / n_baskets))
found = found[found.item_A < found.item_B]
report({"from a frame": times}, found.item_A, found.item_B, found.instances)
""",
    ),
    "rusket": (
        ["rusket", "polars", "pandas", "numpy", "pyarrow"],
        """
import rusket, polars as pl
repeats = 1
frame = pl.DataFrame({"basket": basket, "item": item})
def work():
    table = rusket.from_transactions(frame, "basket", "item")
    return rusket.fpgrowth(table, min_support=(least - 0.5) / n_baskets, max_len=2)
times, found = timed(work)
found = found.filter(pl.col("itemsets").list.len() == 2)
pairs = np.array([[int(x) for x in s] for s in found["itemsets"]])
report({"from a frame": times}, pairs[:, 0], pairs[:, 1],
       np.rint(found["support"].to_numpy() * n_baskets))
""",
    ),
}

OURS = """
import emptor as em
def work(fdr):
    offset = np.r_[0, np.flatnonzero(np.diff(basket)) + 1, len(basket)]
    return em.mining.bought_together_in_baskets(offset, item, min_count=least, fdr=fdr)
all_times, found = timed(lambda: work(1))
listed, _ = timed(lambda: work(0.05))
report({"every pair": all_times, "q <= .05": listed},
       found["item_a"], found["item_b"], found["n_baskets"])
"""


def python_of(name: str, packages: list[str]) -> str:
    folder = ROOT / "build/peers" / name
    python = folder / "bin/python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)
    return str(python)


def run(
    python: str, code: str, folder: str, options: argparse.Namespace
) -> tuple[dict, np.ndarray]:
    out = subprocess.run(
        [python, "-c", COMMON.replace("{least}", str(MIN_COUNT)) + code, folder,
         str(options.repeats), "cpu" if options.cpu else "wall"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return json.loads(out.stdout.splitlines()[-1]), np.load(folder + "/pairs.npy")


def fimi(name: str) -> tuple[np.ndarray, np.ndarray]:
    basket, item = [], []
    for i, line in enumerate((SHARED / "baskets" / name).read_text().splitlines()):
        items = sorted({int(x) for x in line.split()})
        basket += [i] * len(items)
        item += items
    return np.array(basket, dtype=np.int64), np.array(item, dtype=np.int32)


def online_retail() -> tuple[np.ndarray, np.ndarray]:
    import emptor as em

    lines = em.read(SHARED / "online_retail/online_retail.csv").orders_clean().to_pandas("all")
    kept = lines[~lines[["is_return", "undone", "free", "not_goods"]].any(axis=1)]
    pairs = kept[["order", "product"]].drop_duplicates()
    basket = np.unique(pairs["order"].astype(str), return_inverse=True)[1]
    item = np.unique(pairs["product"].astype(str), return_inverse=True)[1]
    order = np.lexsort((item, basket))
    return basket[order].astype(np.int64), item[order].astype(np.int32)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cpu", action="store_true")
    parser.add_argument("--rusket", action="store_true")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    data = {
        "retail.dat": lambda: fimi("retail.dat"),
        "T10I4D100K.dat": lambda: fimi("T10I4D100K.dat"),
        "Online Retail, orders": online_retail,
    }
    for name, load in data.items():
        with tempfile.TemporaryDirectory() as folder:
            basket, item = load()
            np.save(folder + "/basket.npy", basket)
            np.save(folder + "/item.npy", item)
            ours, pairs = run(sys.executable, OURS, folder, options)
            print(f"{name}: {len(item):,} items in {basket[-1] + 1:,} baskets, "
                  f"{pairs.shape[1]:,} pairs in {MIN_COUNT} baskets")  # fmt: skip
            for what, times in ours.items():
                print(f"  emptor       {what:14} {min(times):7.3f} s (to {max(times):.3f})")
            for peer, (packages, code) in PEERS.items():
                if peer == "rusket" and not (options.rusket and name.startswith("T10")):
                    continue
                theirs, found = run(python_of(peer, packages), code, folder, options)
                equal = np.array_equal(found, pairs)
                if not equal:
                    raise SystemExit(f"{peer} finds other pairs: {found.shape} {pairs.shape}")
                for what, times in theirs.items():
                    ratios = [min(times) / min(own) for own in ours.values()]
                    print(f"  {peer:12} {what:14} {min(times):7.3f} s (to {max(times):.3f}), "
                          f"{ratios[0]:.1f} and {ratios[1]:.1f} times emptor's")  # fmt: skip


if __name__ == "__main__":
    main()
