#!/usr/bin/env python3
"""Automatic ARIMA, emptor beside statsforecast, one thread each.

    python -m venv .venv-statsforecast && .venv-statsforecast/bin/pip install statsforecast==2.1.1
    PYTHONPATH=build/release/python python benchmarks/peers/arima_vs.py \
        --peer .venv-statsforecast/bin/python --data ../shared/data/forecast/m3.csv

The peer runs in its own virtual environment, as a child process that is given the series as .npz
and times itself. Series are taken evenly over the file, so that every kind is among them. Printed
are both sides' accuracy on the same test periods, how the criteria of the chosen models compare
where both took the same differences (elsewhere they are of different data), how often 95 %
intervals held, and the ratio of processor times per round, as median, smallest and largest.
emptor's time includes the way in and out and the intervals, the peer's only forecast(y, h).
"""

import argparse
import csv
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

SEASON = {"YEARLY": 1, "QUARTERLY": 4, "MONTHLY": 12, "OTHER": 1}
Z95 = 1.959963984540054

PEER = """
import sys, time, warnings
import numpy as np
warnings.simplefilter("ignore")
from statsforecast.models import AutoARIMA
data = np.load(sys.argv[1])
y, offset, m, h = data["y"], data["offset"], int(data["m"]), int(data["h"])
series = [y[a:b] for a, b in zip(offset[:-1], offset[1:])]
AutoARIMA(season_length=m).forecast(series[0], h)
out = np.empty((len(series), h))
start = time.process_time()
for i, s in enumerate(series):
    out[i] = AutoARIMA(season_length=m).forecast(s, h)["mean"]
seconds = time.process_time() - start
low, high = np.full((len(series), h), np.nan), np.full((len(series), h), np.nan)
aicc, differences = np.full(len(series), np.nan), np.zeros((len(series), 2))
if int(data["details"]):
    for i, s in enumerate(series):
        fit = AutoARIMA(season_length=m).fit(s)
        ahead = fit.predict(h, level=[95])
        low[i], high[i] = ahead["lo-95"], ahead["hi-95"]
        aicc[i] = fit.model_["aicc"]
        differences[i] = fit.model_["arma"][5:7]
np.savez(sys.argv[2], mean=out, low=low, high=high, aicc=aicc, differences=differences, s=seconds)
"""


def read(path: Path) -> dict[str, list[tuple[np.ndarray, np.ndarray]]]:
    series: dict[tuple[str, str], tuple[list[float], list[float]]] = {}
    with path.open() as file:
        for row in csv.DictReader(file):
            parts = series.setdefault((row["period"].upper(), row["series_id"]), ([], []))
            parts[row["split"] != "train"].append(float(row["y"]))
    found: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    for (period, _), (train, test) in series.items():
        found.setdefault(period, []).append((np.array(train), np.array(test)))
    return found


def accuracy(mean: np.ndarray, series: list, m: int) -> tuple[float, float]:
    smape, mase = [], []
    for row, (train, test) in zip(mean, series, strict=True):
        error = np.abs(row[: len(test)] - test)
        smape.append(np.mean(200 * error / (np.abs(test) + np.abs(row[: len(test)]))))
        lag = m if len(train) > m else 1
        scale = np.mean(np.abs(train[lag:] - train[:-lag]))
        if scale > 0:
            mase.append(np.mean(error) / scale)
    return float(np.mean(smape)), float(np.mean(mase))


def coverage(low: np.ndarray, high: np.ndarray, series: list) -> float:
    inside = [
        (a[: len(test)] <= test) & (test <= b[: len(test)])
        for a, b, (_, test) in zip(low, high, series, strict=True)
    ]
    return float(np.mean(np.concatenate(inside)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer", required=True, help="python that has statsforecast")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/forecast/m3.csv"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--series", type=int, default=100, help="per frequency")
    arguments = parser.parse_args()

    import emptor as em

    for period, every in read(arguments.data).items():
        pick = np.unique(np.linspace(0, len(every) - 1, arguments.series).astype(int))
        series = [every[i] for i in pick]
        m, h = SEASON[period], max(len(test) for _, test in series)
        named = {i: train for i, (train, _) in enumerate(series)}
        offset = np.cumsum([0, *(len(train) for train, _ in series)])
        ratios = []
        with tempfile.TemporaryDirectory() as folder:
            given, got = Path(folder, "in.npz"), Path(folder, "out.npz")
            for round_ in range(arguments.rounds):
                y = np.concatenate(list(named.values()))
                np.savez(given, y=y, offset=offset, m=m, h=h, details=round_ == 0)
                subprocess.run([arguments.peer, "-c", PEER, given, got], check=True)
                peer = dict(np.load(got))
                start = time.process_time()
                fits = em.forecasting.arima(named, season_length=m, threads=1)
                ahead = fits.forecast(h, level=0.95)
                seconds = time.process_time() - start
                ratios.append(float(peer["s"]) / seconds)
                if round_ == 0:
                    first = peer
        shape = (len(series), h)
        mean, low, high = (
            ahead[name].reshape(shape) for name in ("forecast", "forecast_low", "forecast_high")
        )
        ours, theirs = accuracy(mean, series, m), accuracy(first["mean"], series, m)
        orders = [fits.coefficients(i) for i in range(len(series))]
        differences = [(o["order"][1], o["seasonal_order"][1]) for o in orders]
        same = (np.array(differences) == first["differences"]).all(axis=1)
        gain = (first["aicc"] - fits.parameters["aicc"])[same]
        gain = gain[np.isfinite(gain)]
        print(
            f"{period:<10} {len(series)} series: sMAPE {ours[0]:.3f} (peer {theirs[0]:.3f}), MASE "
            f"{ours[1]:.3f} ({theirs[1]:.3f}), 95 % covers {100 * coverage(low, high, series):.1f} "
            f"({100 * coverage(first['low'], first['high'], series):.1f}) %"
        )
        print(
            f"{'':<10} same differences in {same.sum()}: AICc {gain.mean():.2f} below the peer's "
            f"on average, by .1 in {(gain > 0.1).sum()}, above by .1 in {(gain < -0.1).sum()}"
        )
        print(
            f"{'':<10} statsforecast / emptor: {np.median(ratios):.0f} times ({min(ratios):.0f} to "
            f"{max(ratios):.0f}); emptor {1e3 * seconds / len(series):.2f} ms a series",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
