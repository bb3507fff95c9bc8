#!/usr/bin/env python3
"""Churn models beside LightGBM, scikit-learn's logistic regression and interpret's EBM.

    PYTHONPATH=build/release/python python benchmarks/peers/churn_vs.py [--rows 1000000] [--ebm]

Accuracy: the Telco file in five folds, the same for all, no tuning and no hand-made columns.
Time: fitting alone, on tables in memory, in processor time of one thread (the least of several
runs). Then rows whose truth is additive with pairs: the same train and test rows for both.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import subprocess
import sys
import tempfile
import time

import numpy as np
from _peers import SHARED, need, peer_python, versions

TELCO = SHARED / "churn" / "telco_customer_churn.csv"
NUMBERS = ("SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges")
LIGHTGBM = ["lightgbm", "scikit-learn"]
EBM = ["interpret-core", "scikit-learn", "pandas", "joblib"]

PEER = r"""
import sys, time, json
import numpy as np
what, path = sys.argv[1:3]
data = np.load(path)
X, y, fold, cat = data["X"], data["y"], data["fold"], data["cat"].astype(bool)

def one_hot(X):
    parts = [np.nan_to_num(X[:, ~cat])]
    parts += [X[:, [j]] == np.unique(X[:, j]) for j in np.flatnonzero(cat)]
    return np.hstack(parts).astype(float)

def model():
    if what == "logistic":
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
        return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    if what == "ebm":
        from interpret.glassbox import ExplainableBoostingClassifier
        kinds = ["nominal" if c else "continuous" for c in cat]
        return ExplainableBoostingClassifier(feature_types=kinds, n_jobs=1, random_state=0)
    from lightgbm import LGBMClassifier
    small = {"n_estimators": 100, "learning_rate": 0.05, "num_leaves": 7}
    return LGBMClassifier(n_jobs=1, verbose=-1, **(small if what == "lightgbm-small" else {}))

table = one_hot(X) if what == "logistic" else X
how = {}
if what.startswith("lightgbm"):
    how["categorical_feature"] = [int(j) for j in np.flatnonzero(cat)]
p, seconds = np.full(len(y), np.nan), []
for f in range(fold.max() + 1):
    train, test = fold != f, fold == f
    start = time.process_time()
    m = model().fit(table[train], y[train], **how)
    seconds.append(time.process_time() - start)
    p[test] = m.predict_proba(table[test])[:, 1]
print("\n" + json.dumps({"p": p.tolist(), "seconds": seconds}))
"""


def telco() -> tuple[dict[str, np.ndarray], np.ndarray]:
    rows = list(csv.DictReader(need(TELCO).open()))
    columns = {}
    for name in rows[0]:
        values = [row[name].strip() for row in rows]
        if name in NUMBERS:
            columns[name] = np.array([float(v) if v else np.nan for v in values])
        elif name not in ("customerID", "Churn"):
            columns[name] = np.array(values, object)
    return columns, np.array([row["Churn"] == "Yes" for row in rows])


def planted(n: int, seed: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Twenty numbers; curves, steps and three pairs are the truth."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(n, 20))
    z = -1.5 + np.sin(2 * x[:, 0]) + 0.3 * x[:, 1] ** 2 - 0.8 * (x[:, 2] > 0.5)
    z += 0.7 * np.tanh(x[:, 4]) + 0.3 * x[:, 12] - 0.5 * ((x[:, 9] > 0) != (x[:, 10] > 0))
    z += 0.5 * np.clip(x[:, 5], -2, 2) * np.clip(x[:, 6], -2, 2)
    z += 1.0 * ((x[:, 7] > 0) & (x[:, 8] > 0))
    y = random.random(n) < 1 / (1 + np.exp(-z))
    return {f"x{j}": x[:, j] for j in range(20)}, y


def ours(columns: dict, y: np.ndarray, fold: np.ndarray, model: str) -> tuple[np.ndarray, list]:
    import emptor as em

    p, seconds = np.full(len(y), np.nan), []
    for f in range(fold.max() + 1):
        train, test = fold != f, fold == f
        given = {name: values[train] for name, values in columns.items()}
        given["left"] = y[train].astype(float)
        # Two inner folds for the calibration and the metrics: three models in all.
        start = time.process_time()
        fit = em.customers.churn(given, target="left", folds=2, model=model, threads=1)
        seconds.append(time.process_time() - start)
        left_out = {name: values[test] for name, values in columns.items()}
        p[test] = fit.predict(left_out)["probability"]
    return p, seconds


def theirs(what: str, columns: dict, y: np.ndarray, fold: np.ndarray) -> tuple[np.ndarray, list]:
    X = np.zeros((len(y), len(columns)))
    cat = np.zeros(len(columns))
    for j, values in enumerate(columns.values()):
        cat[j] = values.dtype == object
        X[:, j] = np.unique(values, return_inverse=True)[1] if cat[j] else values
    python = peer_python(EBM if what == "ebm" else LIGHTGBM)
    with tempfile.NamedTemporaryFile(suffix=".npz") as file:
        np.savez(file, X=X, y=y.astype(int), fold=fold, cat=cat)
        file.flush()
        done = subprocess.run(
            [python, "-W", "ignore", "-c", PEER, what, file.name],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode != 0:
        raise SystemExit(f"{what} failed:\n{done.stderr[-2000:]}")
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    return np.array(answer["p"], float), answer["seconds"]


def auc(y: np.ndarray, p: np.ndarray) -> float:
    _, rank, count = np.unique(p, return_inverse=True, return_counts=True)
    middle = np.cumsum(count) - (count - 1) / 2
    n1 = y.sum()
    return (middle[rank][y].sum() - n1 * (n1 + 1) / 2) / (n1 * (len(y) - n1))


def report(name: str, y: np.ndarray, p: np.ndarray, seconds: list) -> None:
    tried = ~np.isnan(p)
    y, p = y[tried], np.clip(p[tried], 1e-15, 1 - 1e-15)
    loss = -np.mean(np.where(y, np.log(p), np.log(1 - p)))
    print(
        f"  {name:18} AUC {auc(y, p):.4f}  Brier {np.mean((p - y) ** 2):.4f}  log loss {loss:.4f}"
        f"  {min(seconds):8.3f} s a fit",
        flush=True,
    )


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--ebm", action="store_true", help="interpret's EBM too (slow)")
    args = asked.parse_args()
    print(versions(peer_python(LIGHTGBM), LIGHTGBM))
    peers = ["lightgbm", "lightgbm-small", "logistic"] + ["ebm"] * args.ebm
    columns, y = telco()
    fold = np.random.default_rng(0).permutation(len(y)) % 5
    print(f"Telco, {len(y):,} rows, five folds")
    installed = [name for name in ("lightgbm", "xgboost") if importlib.util.find_spec(name)]
    for model in ("additive", "logistic", *installed):
        report(f"emptor {model}", y, *ours(columns, y, fold, model))
    for peer in peers:
        report(peer, y, *theirs(peer, columns, y, fold))

    columns, y = planted(args.rows + 100_000, 1)
    # One fold to try: fold 0 is the last 100,000 rows, all others are learnt from.
    fold = np.where(np.arange(len(y)) < args.rows, -1, 0)
    print(f"planted, {args.rows:,} rows, 20 columns, truth additive with pairs")
    report("emptor additive", y, *ours(columns, y, fold, "additive"))
    report("lightgbm", y, *theirs("lightgbm", columns, y, fold))


if __name__ == "__main__":
    sys.exit(main())
