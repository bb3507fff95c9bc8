#!/usr/bin/env python3
"""Frequent sequences beside prefixspan; all sequences checked equal.

    PYTHONPATH=build/release/python python benchmarks/peers/sequences_vs.py [--runs N]

Everybody starts from the same list of lists of integers in memory, one list per customer, and runs
on one thread. prefixspan ends with its list of (count, items); emptor once with its Frame, and once
with the same Python list made from it. What is compared are the number of sequences, their counts,
and a checksum of the items at their places.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from _peers import SHARED, Peer, compare, need

ANSWER = """
def answer(result):
    n = total = places = checksum = 0
    for count, items in result:
        n += 1
        total += count
        places += count * len(items)
        checksum += count * sum((i + 1) * (x + 1) for i, x in enumerate(items))
    return [n, total, places, checksum]
"""
LOAD = """
import json
def load(path):
    return json.load(open(path))
"""
OURS = (
    LOAD
    + """
import emptor as em
def work(lists):
    return em.mining.sequences_in(lists, threads=1, {options})
def pairs(frame):
    return list(zip(frame["count"].tolist(), frame["items"].tolist()))
"""
)
FRAME = OURS + ANSWER.replace("in result", "in pairs(result)")
LIST = (
    OURS.replace("def work", "def frame_of")
    + """
def work(lists):
    return pairs(frame_of(lists))
"""
    + ANSWER
)
PREFIXSPAN = (
    LOAD
    + """
from prefixspan import PrefixSpan
def work(lists):
    return PrefixSpan(lists).{call}
"""
    + ANSWER
)


def online_retail(folder: Path) -> Path:
    """Items of each customer in the order of days, and of codes within a day."""
    import emptor as em

    sales = em.read(need(SHARED / "online_retail/online_retail.csv"))
    lines = sales.orders_clean().to_pandas("all")
    kept = lines[~lines[["is_return", "undone", "free", "not_goods"]].any(axis=1)].copy()
    kept = kept[kept.customer.notna()]
    kept["day"] = kept.time.dt.floor("D")
    kept["code"] = kept["product"].astype("category").cat.codes
    kept = kept.drop_duplicates(["customer", "day", "code"]).sort_values(
        ["customer", "day", "code"]
    )
    path = folder / "online_retail.json"
    path.write_text(json.dumps([g.tolist() for _, g in kept.groupby("customer")["code"]]))
    return path


def basket_file(folder: Path, name: str) -> Path:
    """A FIMI file, its transactions as sequences in the order of the file."""
    lines = need(SHARED / f"baskets/{name}.dat").read_text().splitlines()
    path = folder / f"{name}.json"
    path.write_text(json.dumps([[int(x) for x in line.split()] for line in lines]))
    return path


def prefixspan(call: str, answer: str = "") -> list[Peer]:
    return [Peer("prefixspan", ["prefixspan"], PREFIXSPAN.format(call=call) + answer)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        retail, shop = basket_file(folder, "retail"), online_retail(folder)
        tasks = [
            ("retail.dat as sequences, count 200", retail, "min_count=200", "frequent(200)"),
            ("Online Retail, count 200", shop, "min_count=200", "frequent(200)"),
            ("Online Retail, the 100 most frequent", shop, "min_count=1, top=100", None),
        ]
        for title, path, options, call in tasks:
            if call is None:
                # Peers break ties as they come, so the counts alone are compared.
                counts = "\ndef answer(result):\n    return sorted((c for c, _ in {0}))\n"
                ours = OURS.format(options=options) + counts.format("pairs(result)")
                peer = PREFIXSPAN.format(call="topk(100)") + counts.format("result")
                compare(
                    title, path, ours, [Peer("prefixspan", ["prefixspan"], peer)], runs=given.runs
                )
                continue
            for kind, ours in (("to a Frame", FRAME), ("to a Python list", LIST)):
                compare(
                    f"{title}, {kind}", path, ours.replace("{options}", options),
                    prefixspan(call), runs=given.runs,
                )  # fmt: skip


if __name__ == "__main__":
    main()
