#!/usr/bin/env python3
"""Complex exponential smoothing, emptor beside statsforecast's AutoCES, one thread each.

    PYTHONPATH=build/release/python python benchmarks/peers/ces_vs.py [SERIES [SET]]

As ets_vs.py: SERIES per frequency are taken evenly from SET (m3), all by default; the peer runs in
its own virtual environment and times itself. Printed are processor seconds of the fits, their
ratio, and the sums of squared errors where both choose the same form: lower is better.
"""

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
from statsforecast.models import AutoCES
data = np.load(sys.argv[1])
y, offset, m = data["y"], data["offset"], int(data["m"])
series = [y[a:b] for a, b in zip(offset[:-1], offset[1:])]
AutoCES(season_length=m).fit(series[0])
start = time.process_time()
fits = [AutoCES(season_length=m).fit(s).model_ for s in series]
seconds = time.process_time() - start
squares = [float(np.nansum((s - fit["fitted"]) ** 2)) for s, fit in zip(series, fits)]
np.savez(sys.argv[2], seconds=seconds, form=[f["seasontype"] for f in fits], squares=squares)
"""
FORMS = {"N": "none", "S": "simple", "P": "partial", "F": "full"}


def theirs(train: list[np.ndarray], m: int) -> tuple[float, np.ndarray, np.ndarray]:
    with tempfile.TemporaryDirectory() as folder:
        given, got = Path(folder, "in.npz"), Path(folder, "out.npz")
        offset = np.cumsum([0, *(len(y) for y in train)])
        np.savez(given, y=np.concatenate(train), offset=offset, m=m)
        python = _peers.peer_python(["statsforecast==2.1.1"])
        subprocess.run([python, "-c", PEER, given, got], check=True)
        found = np.load(got)
        return float(found["seconds"]), found["form"], found["squares"]


def main() -> int:
    import emptor as em

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10**9
    name = sys.argv[2] if len(sys.argv) > 2 else "m3"
    data = _peers.need(_peers.SHARED / "forecast" / f"{name}.csv")
    for period, series in read(data).items():
        pick = np.unique(np.linspace(0, len(series) - 1, min(count, len(series))).astype(int))
        train, m = [series[i][0] for i in pick], SEASON[period]
        peer_seconds, peer_form, peer_squares = theirs(train, m)
        seconds = []
        for _ in range(3):
            start = time.process_time()
            fits = em.forecasting.ces(dict(enumerate(train)), season_length=m, threads=1)
            seconds.append(time.process_time() - start)
        taken = sorted(seconds)[1]
        form, sigma = fits["form"], np.asarray(fits["sigma"])
        weights = np.array([{"partial": 3, "full": 4}.get(str(one), 2) for one in form])
        squares = sigma**2 * (np.array([len(y) for y in train]) - weights)
        same = np.array([FORMS[str(a)] == str(b) for a, b in zip(peer_form, form, strict=True)])
        gain = 1 - squares[same] / peer_squares[same]
        print(
            f"{name} {period.lower()}, {len(train)} series: statsforecast {peer_seconds:.2f} s, "
            f"emptor {taken:.3f} s, {peer_seconds / taken:.1f} times; same form in {same.sum()}, "
            f"there squares lower by {100 * np.median(gain):.1f} % in the middle, higher by more "
            f"than 1 % in {(gain < -0.01).sum()}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
