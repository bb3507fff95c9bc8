#!/usr/bin/env python3
"""Automatic exponential smoothing, emptor beside statsforecast's AutoETS, one thread each.

    PYTHONPATH=build/release/python python benchmarks/peers/ets_vs.py [SERIES [SET]]

The peer runs in its own virtual environment, as a child process that is given the series and times
itself after a first, untimed fit. SERIES per frequency are taken evenly from SET (m3), all by
default. emptor is timed as users call it, ets(...).forecast(h), with the prior learned from the
series and without (maximum likelihood, the peer's objective); the median of three runs. Printed are
processor seconds, their ratio, AICc (without constants) and accuracy, all by one code path.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import _peers
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "accuracy"))
from forecasting import SEASON, read

PEER = """
import sys, time, warnings
import numpy as np
warnings.simplefilter("ignore")
from statsforecast.models import AutoETS
data = np.load(sys.argv[1])
y, offset, m, h = data["y"], data["offset"], int(data["m"]), int(data["h"])
series = [y[a:b] for a, b in zip(offset[:-1], offset[1:])]
AutoETS(season_length=m).fit(series[0])
mean, aicc = np.empty((len(series), h)), np.empty(len(series))
start = time.process_time()
for i, s in enumerate(series):
    fit = AutoETS(season_length=m).fit(s)
    mean[i] = fit.predict(h)["mean"]
    aicc[i] = fit.model_["aicc"]
np.savez(sys.argv[2], mean=mean, aicc=aicc, seconds=time.process_time() - start)
"""


def theirs(train: list[np.ndarray], m: int, h: int) -> tuple[float, np.ndarray, np.ndarray]:
    with tempfile.TemporaryDirectory() as folder:
        given, got = Path(folder, "in.npz"), Path(folder, "out.npz")
        offset = np.cumsum([0, *(len(y) for y in train)])
        np.savez(given, y=np.concatenate(train), offset=offset, m=m, h=h)
        python = _peers.peer_python(["statsforecast==2.1.1"])
        subprocess.run([python, "-c", PEER, given, got], check=True)
        found = np.load(got)
        return float(found["seconds"]), found["mean"], found["aicc"]


def ours(
    train: list[np.ndarray], m: int, h: int, prior: str | None
) -> tuple[float, np.ndarray, np.ndarray]:
    import emptor as em

    seconds = []
    for _ in range(3):
        start = time.process_time()
        fits = em.forecasting.ets(
            dict(enumerate(train)), season_length=m, prior=prior, likelihood="r", threads=1
        )
        mean = fits.forecast(h)["forecast"].reshape(len(train), h)
        seconds.append(time.process_time() - start)
    return statistics.median(seconds), mean, np.asarray(fits.parameters["aicc"])


def accuracy(series: list, mean: np.ndarray, m: int) -> tuple[float, float]:
    actual = np.array([test for _, test in series])
    error = np.abs(actual - mean)
    smape = (200 * error / (np.abs(actual) + np.abs(mean))).mean()
    scale = np.array([np.abs(y[m:] - y[:-m]).mean() for y, _ in series])
    mase = error.mean(axis=1)[scale > 0] / scale[scale > 0]
    return smape, mase.mean()


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10**9
    name = sys.argv[2] if len(sys.argv) > 2 else "m3"
    data = _peers.need(_peers.SHARED / "forecast" / f"{name}.csv")
    for period, series in read(data).items():
        pick = np.unique(np.linspace(0, len(series) - 1, min(count, len(series))).astype(int))
        series = [series[i] for i in pick]
        m, h = SEASON[period], len(series[0][1])
        train = [y for y, _ in series]
        peer_seconds, peer_mean, peer_aicc = theirs(train, m, h)
        smape, mase = accuracy(series, peer_mean, m)
        print(
            f"{name} {period.lower()}, {len(series)} series: statsforecast {peer_seconds:.2f} s, "
            f"sMAPE {smape:.2f}, MASE {mase:.3f}"
        )
        for prior in ("learned", None):
            seconds, mean, aicc = ours(train, m, h, prior)
            smape, mase = accuracy(series, mean, m)
            line = (
                f"  emptor, prior {prior}: {seconds:.3f} s, {peer_seconds / seconds:.0f} times, "
                f"sMAPE {smape:.2f}, MASE {mase:.3f}"
            )
            if prior is None:
                known = np.isfinite(aicc) & np.isfinite(peer_aicc)
                gain = (peer_aicc - aicc)[known]
                line += (
                    f"; AICc lower by {gain.mean():.2f} on average, "
                    f"higher by more than .5 in {(gain < -0.5).sum()}"
                )
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
