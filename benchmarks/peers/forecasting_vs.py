#!/usr/bin/env python3
"""DOTM and the seasonal naive model, emptor beside statsforecast, one thread each.

    python -m venv .venv-statsforecast && .venv-statsforecast/bin/pip install statsforecast
    PYTHONPATH=build/release/python python benchmarks/peers/forecasting_vs.py \
        --peer .venv-statsforecast/bin/python --data ../shared/data/forecast/m3.csv

The peer runs in its own virtual environment, as a child process that is given the series as .npz
and times itself. Results are compared before times: the losses (statsforecast leaves out the first
three errors, so emptor is asked for the same) may not be above the peer's by more than 1e-6 of it,
and seasonal naive forecasts are equal. Every round runs both, one after the other; ratios are of
processor time per round, printed as their median with the smallest and largest. emptor's time
includes the way in and out and the intervals (without past forecasts, windows=0), the peer's only
forecast(y, h).
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
REPEATS = 20  # of emptor's calls, which are too short for the clock
HORIZON = {"YEARLY": 6, "QUARTERLY": 8, "MONTHLY": 18, "OTHER": 8}

PEER = """
import sys, time, warnings
import numpy as np
warnings.simplefilter("ignore")
from statsforecast.models import DynamicOptimizedTheta, SeasonalNaive
data = np.load(sys.argv[1])
y, offset, m, h = data["y"], data["offset"], int(data["m"]), int(data["h"])
series = [y[a:b] for a, b in zip(offset[:-1], offset[1:])]
def run(model):
    out = np.empty((len(series), h))
    for i, s in enumerate(series):
        out[i] = model.forecast(s, h)["mean"]
    return out
DynamicOptimizedTheta(season_length=m).forecast(series[0], h)
start = time.process_time(); dotm = run(DynamicOptimizedTheta(season_length=m))
dotm_s = time.process_time() - start
start = time.process_time(); naive = run(SeasonalNaive(season_length=m))
naive_s = time.process_time() - start
loss = np.empty(len(series))
if int(data["losses"]):
    for i, s in enumerate(series):
        model = DynamicOptimizedTheta(season_length=m).fit(s).model_
        # its "mse" is the sum of squares over the mean of the adjusted series
        loss[i] = model["mse"] * model["mean_y"]
np.savez(sys.argv[2], dotm=dotm, naive=naive, dotm_s=dotm_s, naive_s=naive_s, loss=loss)
"""


def read(path: Path) -> dict[str, list[np.ndarray]]:
    series: dict[tuple[str, str], list[float]] = {}
    with path.open() as file:
        for row in csv.DictReader(file):
            if row["split"] == "train":
                series.setdefault((row["period"], row["series_id"]), []).append(float(row["y"]))
    found: dict[str, list[np.ndarray]] = {}
    for (period, _), values in series.items():
        found.setdefault(period, []).append(np.array(values))
    return found


def smape(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.mean(200 * np.abs(a - b) / (np.abs(a) + np.abs(b)), axis=1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer", required=True, help="python that has statsforecast")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/forecast/m3.csv"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--series", type=int, default=100, help="per frequency")
    arguments = parser.parse_args()

    import emptor as em

    failed = False
    for period, series in read(arguments.data).items():
        # Evenly over the file, so that every kind of series is among them.
        pick = np.unique(np.linspace(0, len(series) - 1, arguments.series).astype(int))
        series = [series[i] for i in pick]
        m, h = SEASON[period], HORIZON[period]
        y = np.concatenate(series)
        offset = np.cumsum([0, *(len(s) for s in series)])
        ratios: dict[str, list[float]] = {"dotm": [], "naive": []}
        with tempfile.TemporaryDirectory() as folder:
            given, got = Path(folder, "in.npz"), Path(folder, "out.npz")
            for round_ in range(arguments.rounds):
                np.savez(given, y=y, offset=offset, m=m, h=h, losses=round_ == 0)
                subprocess.run([arguments.peer, "-c", PEER, given, got], check=True)
                peer = np.load(got)
                times, results = {}, {}
                for name, model in (("dotm", "dotm"), ("naive", "seasonal_naive")):
                    start = time.process_time()
                    for _ in range(REPEATS):
                        frame = em.forecasting.forecast(
                            dict(enumerate(series)), horizon=h, model=model, season_length=m,
                            windows=0, threads=1,
                        )  # fmt: skip
                    times[name] = (time.process_time() - start) / REPEATS
                    results[name] = frame["forecast"].reshape(len(series), h)
                    ratios[name].append(float(peer[f"{name}_s"]) / times[name])
                if round_ == 0:
                    failed |= not compared(period, series, m, results, peer)
        for name, values in ratios.items():
            print(
                f"{period:<10} {name:<6} statsforecast / emptor: {np.median(values):7.0f} times "
                f"({min(values):.0f} to {max(values):.0f}); emptor "
                f"{1e6 * times[name] / len(series):.0f} microseconds a series"
            )
    return int(failed)


def compared(period: str, series: list[np.ndarray], m: int, ours: dict, peer: object) -> bool:
    from emptor._core.forecasting import _theta_fit

    loss = np.array([_theta_fit(s, season_length=m, burn_in=3)["sse"] for s in series])
    theirs = peer["loss"]
    above = loss > theirs * (1 + 1e-6)
    apart = smape(ours["dotm"], peer["dotm"])
    naive = np.array_equal(ours["naive"], peer["naive"])
    print(
        f"{period:<10} {len(series)} series: loss above the peer's in {above.sum()}, "
        f"{100 * (1 - np.mean(loss / theirs)):.2f} % below on average; forecasts differ by "
        f"{np.median(apart):.3f} % (median), {np.quantile(apart, 0.9):.2f} % (9 of 10); "
        f"naive forecasts {'equal' if naive else 'DIFFER'}"
    )
    return not above.any() and naive


if __name__ == "__main__":
    sys.exit(main())
