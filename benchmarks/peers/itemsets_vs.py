#!/usr/bin/env python3
"""Frequent item sets beside PyFIM (end to end, and its C core alone), mlxtend, rusket and
efficient-apriori; the results are checked equal first.

    python benchmarks/peers/itemsets_vs.py [--runs 5] [--threads 1] [--kinds all,closed,maximal]
        [--peers pyfim,core,lists,read,mlxtend,rusket,efficient-apriori] [--only retail,chess]

- pyfim: from lists of lists in memory to its list of tuples, against emptor from Baskets in memory
  to its Frame; the better of eclat and fpgrowth.
- lists: the same, but emptor too begins with the lists of lists.
- read: the same, and the items and counts of all sets are read: emptor writes them down when they
  are first read, PyFIM has no other way than to give them all.
- core: PyFIM counts only (report="#"), against count_itemsets.
PyFIM loses the set of an item that is in every basket; the check adds it. Every peer lives in an
environment of its own under build/peers, made on first use.
"""

from __future__ import annotations

import argparse
import tempfile

import numpy as np
from _peers import SHARED, Peer, compare, need

ALL = {"retail": (100, 10, 5), "T10I4D100K": (100, 20, 10), "mushroom": (1000, 500, 200),
       "chess": (2000, 1500, 1200)}  # fmt: skip
TOO_MANY = {("mushroom", 200), ("chess", 1200)}  # to write down, all of them
SLOW = {"retail": 100, "T10I4D100K": 100, "mushroom": 1000, "chess": 2000}
LETTER = {"all": "s", "closed": "c", "maximal": "m"}

# NumPy's own threads spin for a moment after its import: that is over before the clock starts.
LOAD = """
import time
import numpy as np
def arrays(path):
    time.sleep(0.2)
    return np.load(path + "/offset.npy"), np.load(path + "/item.npy")
def lists(path):
    offset, item = arrays(path)
    flat = item.tolist()
    return [flat[i:j] for i, j in zip(offset[:-1].tolist(), offset[1:].tolist())]
"""

# What is compared: sets, and sums of counts and of counts times items, by number of items.
OURS = (
    LOAD
    + """
import emptor as em
def load(path):
    em.mining.count_itemsets([["warm"]], min_count=1)  # what is imported on first use
    return em.baskets(arrays(path)) if not {lists} else lists(path)
def work(data):
    sets = em.mining.frequent_itemsets(data, min_count={least}, kind="{kind}", max_items=0,
                                       threads=THREADS)
    if {read}:
        sets["items"], sets["count"]
    return sets
def answer(sets):
    size, count = np.asarray(sets["n_items"]), np.asarray(sets["count"])
    return [len(sets), count.sum(), *np.bincount(size), *np.bincount(size, count)]
"""
)
OURS_COUNT = (
    LOAD
    + """
import emptor as em
def load(path):
    em.mining.count_itemsets([["warm"]], min_count=1)
    return em.baskets(arrays(path))
def work(data):
    return em.mining.count_itemsets(data, min_count={least}, kind="{kind}", max_items=0,
                                    threads=THREADS)
def answer(counts):
    return [counts.info["n_itemsets"], *np.asarray(counts["n_itemsets"])]
"""
)
PYFIM = (
    LOAD
    + """
import fim
def load(path):
    global in_all
    data = lists(path)
    in_all = len(set.intersection(*map(set, data)))
    return data
def work(data):
    return fim.{miner}(data, target="{letter}", supp=-{least})
def answer(sets):
    size = np.array([len(s[0]) for s in sets])
    count = np.array([s[1] for s in sets])
    if in_all and "{letter}" != "m":
        size, count = np.append(size, 1), np.append(count, {n})
    return [len(size), count.sum(), *np.bincount(size), *np.bincount(size, count)]
"""
)
PYFIM_CORE = (
    LOAD
    + """
import fim
def load(path):
    global in_all
    data = lists(path)
    in_all = len(set.intersection(*map(set, data)))
    return data
def work(data):
    return fim.{miner}(data, target="{letter}", supp=-{least}, report="#")
def answer(spectrum):
    size = np.zeros(100)
    for (items, count), n in spectrum.items():
        size[items] += n
    if in_all and "{letter}" != "m":
        size[1] += 1
    return [size.sum(), *size[size > 0]]
"""
)
MLXTEND = (
    LOAD
    + """
import pandas as pd, scipy.sparse as sp
from mlxtend.frequent_patterns import fpgrowth
def load(path):
    offset, item = arrays(path)
    ones = np.ones(len(item), bool)
    matrix = sp.csr_matrix((ones, item, offset))
    return pd.DataFrame.sparse.from_spmatrix(matrix).rename(columns=str)
def work(data):
    return fpgrowth(data, min_support=({least} - 0.5) / {n}, use_colnames=False)
def answer(sets):
    size = sets["itemsets"].map(len).to_numpy()
    count = np.rint(sets["support"].to_numpy() * {n})
    return [len(size), count.sum(), *np.bincount(size), *np.bincount(size, count)]
"""
)
RUSKET = (
    LOAD
    + """
import rusket, pandas as pd, scipy.sparse as sp
def load(path):
    offset, item = arrays(path)
    ones = np.ones(len(item), bool)
    matrix = sp.csr_matrix((ones, item, offset))
    return pd.DataFrame.sparse.from_spmatrix(matrix).rename(columns=str)
def work(data):
    return rusket.fpgrowth(data, min_support=({least} - 0.5) / {n})
def answer(sets):
    items = sets["itemsets"].to_list() if hasattr(sets["itemsets"], "to_list") else sets["itemsets"]
    size = np.array([len(s) for s in items])
    count = np.rint(sets["support"].to_numpy() * {n})
    return [len(size), count.sum(), *np.bincount(size), *np.bincount(size, count)]
"""
)
EFFICIENT = (
    LOAD
    + """
from efficient_apriori import itemsets_from_transactions
def load(path):
    return lists(path)
def work(data):
    return itemsets_from_transactions(data, min_support=({least} - 0.5) / {n}, max_length=99)[0]
def answer(sets):
    pairs = [(size, count) for size, of in sets.items() for count in of.values()]
    size, count = np.array(pairs).T
    return [len(size), count.sum(), *np.bincount(size), *np.bincount(size, count)]
"""
)


def save(folder: str, name: str) -> int:
    """Writes offset.npy and item.npy; returns the number of baskets."""
    if name == "groceries":
        lines = [line.split(",") for line in need(SHARED / "baskets/groceries.csv").open()]
        rows = [sorted({field.strip() for field in line}) for line in lines]
        codes = {x: i for i, x in enumerate(sorted({x for row in rows for x in row}))}
        rows = [[codes[x] for x in row] for row in rows]
    else:
        text = need(SHARED / f"baskets/{name}.dat").read_text()
        rows = [sorted({int(x) for x in line.split()}) for line in text.splitlines()]
    offset = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    np.save(f"{folder}/offset.npy", offset)
    np.save(f"{folder}/item.npy", np.concatenate(rows).astype(np.int64))
    return len(rows)


def pyfim(snippet: str, words: dict) -> list[Peer]:
    """Both of PyFIM's fast miners; the better one is the bar."""
    return [
        Peer(f"PyFIM {miner}", ["pyfim", "numpy"], fill(snippet, {**words, "miner": miner}))
        for miner in ("eclat", "fpgrowth")
    ]


def fill(snippet: str, words: dict) -> str:
    for key, value in words.items():
        snippet = snippet.replace("{" + key + "}", str(value))
    return snippet


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--kinds", default="all,closed,maximal")
    parser.add_argument("--peers", default="pyfim,core,lists,read,mlxtend,rusket,efficient-apriori")
    parser.add_argument("--only", default=",".join(ALL))
    options = parser.parse_args()
    peers = options.peers.split(",")
    how = {"runs": options.runs, "threads": options.threads}
    for name in options.only.split(","):
        with tempfile.TemporaryDirectory() as folder:
            n = save(folder, name)
            for kind in options.kinds.split(","):
                for least in ALL[name]:
                    words = {"least": least, "kind": kind, "letter": LETTER[kind], "n": n}
                    title = f"{name}@{least} {kind}"
                    if "core" in peers:
                        compare(f"{title}, counted only", folder, fill(OURS_COUNT, words),
                                pyfim(PYFIM_CORE, words), **how)  # fmt: skip
                    for start in ("pyfim", "lists", "read"):
                        if start not in peers or (kind == "all" and (name, least) in TOO_MANY):
                            continue
                        ours = fill(OURS, {**words, "lists": start != "pyfim",
                                           "read": start == "read"})  # fmt: skip
                        origin = "baskets" if start == "pyfim" else "lists"
                        end = ", all read" if start == "read" else ""
                        compare(f"{title}, from {origin}{end}", folder, ours,
                                pyfim(PYFIM, words), **how)  # fmt: skip
            words = {"least": SLOW[name], "kind": "all", "n": n, "lists": False, "read": True}
            slow = {
                "mlxtend": Peer("mlxtend", ["mlxtend", "scipy"], fill(MLXTEND, words)),
                "rusket": Peer("rusket", ["rusket", "pandas", "scipy", "pyarrow"],
                               fill(RUSKET, words)),
            }  # fmt: skip
            chosen = [slow[peer] for peer in peers if peer in slow]
            if chosen and "all" in options.kinds:
                compare(f"{name}@{SLOW[name]} all", folder, fill(OURS, words), chosen,
                        runs=min(2, options.runs), threads=options.threads)  # fmt: skip
    if "efficient-apriori" in peers:
        with tempfile.TemporaryDirectory() as folder:
            words = {
                "least": 10,
                "kind": "all",
                "n": save(folder, "groceries"),
                "lists": False,
                "read": True,
            }
            peer = Peer("efficient-apriori", ["efficient-apriori", "numpy"], fill(EFFICIENT, words))
            compare("groceries@10 all", folder, fill(OURS, words), [peer],
                    runs=min(3, options.runs), threads=options.threads)  # fmt: skip


if __name__ == "__main__":
    main()
