#!/usr/bin/env python3
"""Rules of frequent item sets beside mlxtend's association_rules, on the same sets.

    PYTHONPATH=build/release/python python benchmarks/peers/rules_vs.py [MIN_COUNT] [RUNS]

The sets of T10I4D100K.dat in at least MIN_COUNT baskets (100: 27,532 sets) are mined outside of the
time, by emptor for both. mlxtend starts from its own frame of frozensets, emptor from its arrays;
both end with every split of every set and the measures of mlxtend's table. emptor writes a column
down when it is first read, so it is timed up to its Frame, and with all these columns read. Numbers
of rules and sums of the measures are checked equal.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
from pathlib import Path

import numpy as np
from _peers import SHARED, Peer, compare, need

import emptor as em

EMPTOR = """
import numpy as np, emptor as em
from emptor import mining  # which is imported on first use
SAME = ["support", "confidence", "lift", "leverage", "jaccard", "kulczynski", "zhangs_metric"]
MEASURES = [*SAME, "conviction", "certainty", "antecedent_support", "consequent_support"]
def load(path):
    sets = np.load(path)
    return sets["offset"], sets["item"], sets["count"], int(sets["baskets"])
def work(sets):
    rules = mining.rules_of_itemsets(*sets, threads=THREADS, intervals=False, measures=MEASURES)
    if READ:
        [rules[name] for name in ["antecedent", "consequent", *MEASURES]]
    return rules
def answer(rules):
    rules = rules.select("all")
    return [len(rules), *(float(np.nansum(np.asarray(rules[name]))) for name in SAME)]
"""

MLXTEND = """
import numpy as np, pandas as pd
from mlxtend.frequent_patterns import association_rules
SAME = ["support", "confidence", "lift", "leverage", "jaccard", "kulczynski", "zhangs_metric"]
def load(path):
    sets = np.load(path)
    offset, item = sets["offset"], sets["item"]
    items = [frozenset(item[a:b].tolist()) for a, b in zip(offset[:-1], offset[1:])]
    return pd.DataFrame({"support": sets["count"] / int(sets["baskets"]), "itemsets": items})
def work(frame):
    return association_rules(frame, metric="confidence", min_threshold=0.0)
def answer(rules):
    return [len(rules), *(float(np.nansum(rules[name])) for name in SAME)]
"""


def main() -> None:
    min_count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    baskets = em.baskets(need(SHARED / "baskets" / "T10I4D100K.dat"))
    sets = em.mining.frequent_itemsets(baskets, min_count=min_count, max_items=0)
    lists = sets["items"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sets.npz"
        np.savez(
            path,
            offset=lists.offset,
            item=lists.codes,
            count=np.asarray(sets["count"]),
            baskets=sets.info["baskets"],
        )
        for threads, read in itertools.product((1, 2), (False, True)):
            compare(
                f"all splits of {len(sets):,} sets of T10I4D100K.dat at {min_count}"
                f"{', all read' if read else ''}",
                path,
                f"READ = {read}\n{EMPTOR}",
                [Peer("mlxtend", ["mlxtend"], MLXTEND)],
                runs=runs,
                threads=threads,
                tolerance=1e-7,
            )


if __name__ == "__main__":
    main()
