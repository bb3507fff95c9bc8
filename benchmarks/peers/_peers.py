"""Runs the same work by emptor and by a peer, side by side, and prints the ratio of their times.

Each peer lives in a virtual environment of its own with its current release (`build/peers/<name>`,
made on first use). Ours and theirs run in separate processes, turn by turn, on the same data; the
first turn checks that the results are equal and is not timed. A snippet is Python source that
defines

    def load(path): ...        # not timed; returns what `work` takes
    def work(data): ...        # timed
    def answer(result): ...    # not timed; a list of numbers, compared with the other side's

and may read `THREADS`, the number of threads both sides may use.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"

_RUNNER = r"""
import json, resource, sys, time
THREADS = int(sys.argv[2])
source = sys.stdin.read()
exec(compile(source, "snippet", "exec"))
data = load(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF)
start = time.perf_counter()
result = work(data)
seconds = time.perf_counter() - start
after = resource.getrusage(resource.RUSAGE_SELF)
print("\n" + json.dumps({
    "seconds": seconds,
    "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
    "loaded_mb": before.ru_maxrss / 1024,
    "peak_mb": after.ru_maxrss / 1024,
    "answer": [float(x) for x in answer(result)] if sys.argv[3] == "answer" else None,
}))
"""


@dataclass
class Peer:
    """One side of a comparison: a name, its packages on PyPI, and its snippet."""

    name: str
    packages: list[str]
    snippet: str


def our_python() -> tuple[str, dict[str, str]]:
    """The Python with emptor: EMPTOR_PYTHON, else .venv, else this one; from the release build."""
    inside = ROOT / ".venv" / "bin" / "python"
    python = os.environ.get("EMPTOR_PYTHON") or (str(inside) if inside.exists() else sys.executable)
    built = ROOT / "build" / "release" / "python"
    return python, {"PYTHONPATH": str(built)} if built.exists() else {}


def peer_python(packages: list[str]) -> str:
    """The Python of a peer's own environment, made with pip on first use."""
    if not packages:
        return our_python()[0]
    name = "_".join(sorted(p.split("[")[0].split("=")[0] for p in packages))
    folder = ROOT / "build" / "peers" / name
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        print(f"installing {', '.join(packages)} into {folder.relative_to(ROOT)}", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)
        (folder / "ready").touch()
    return str(python)


def versions(python: str, packages: list[str]) -> str:
    """'polars 1.2.3, pyarrow 4.5.6' of what is installed there."""
    names = [p.split("[")[0].split("=")[0] for p in packages]
    code = (
        "from importlib.metadata import version\n"
        f"print(*[n + ' ' + version(n) for n in {names!r}], sep=', ')"
    )
    return subprocess.run(
        [python, "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()


def run(
    python: str, env: dict[str, str], snippet: str, path: Path | str, threads: int, answer: bool
) -> dict:
    """One process: loads, works, and says how long the work took."""
    limits = {
        k: str(threads) for k in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "NUMEXPR_MAX_THREADS")
    }
    done = subprocess.run(
        [python, "-c", _RUNNER, str(path), str(threads), "answer" if answer else "time"],
        input=snippet,
        text=True,
        capture_output=True,
        env={**os.environ, **limits, **env},
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"{python} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def equal(ours: list[float], theirs: list[float], tolerance: float) -> str:
    """'' if the answers agree, else where they do not."""
    if len(ours) != len(theirs):
        return f"{len(ours)} numbers against {len(theirs)}"
    for i, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        if not (
            math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance)
            or (math.isnan(a) and math.isnan(b))
        ):
            return f"number {i}: {a!r} against {b!r}"
    return ""


def compare(
    title: str,
    path: Path | str,
    ours: str,
    peers: list[Peer],
    *,
    runs: int = 5,
    threads: int = 1,
    tolerance: float = 1e-9,
    check: bool = True,
) -> list[dict]:
    """Prints one line per peer: the ratio of their time to ours as min / median / max over runs, of
    wall time and of processor time, and both peak memories. Ratios above 1 mean that we are faster.
    `check=False` is for peers that do only a part of the work, such as parsing alone."""
    python, env = our_python()
    print(f"\n{title}  ({threads} thread{'s' if threads > 1 else ''}, {runs} runs)")
    mine = run(python, env, ours, path, threads, check)
    rows = []
    for peer in peers:
        theirs_python = peer_python(peer.packages)
        first = run(theirs_python, {}, peer.snippet, path, threads, check)
        if check and (fault := equal(mine["answer"], first["answer"], tolerance)):
            raise SystemExit(f"{peer.name}: results differ: {fault}")
        pairs = [
            (
                run(python, env, ours, path, threads, False),
                run(theirs_python, {}, peer.snippet, path, threads, False),
            )
            for _ in range(runs)
        ]
        row = {"title": title, "peer": peer.name, "threads": threads}
        for key in ("seconds", "cpu"):
            ratios = sorted(b[key] / max(a[key], 1e-9) for a, b in pairs)
            row[key] = (ratios[0], statistics.median(ratios), ratios[-1])
        median = {
            key: tuple(statistics.median(pair[side][key] for pair in pairs) for side in (0, 1))
            for key in ("seconds", "cpu", "peak_mb", "loaded_mb")
        }
        row["median"] = median
        clock, cpu, took, peak = row["seconds"], row["cpu"], median["seconds"], median["peak_mb"]
        print(
            f"  against {peer.name} ({versions(theirs_python, peer.packages) or 'no packages'}):"
            f" {clock[1]:.2f}x by the clock ({clock[0]:.2f} to {clock[2]:.2f}),"
            f" {cpu[1]:.2f}x by processor time ({cpu[0]:.2f} to {cpu[2]:.2f});"
            f" ours {took[0]:.3f} s and {peak[0]:.0f} MB,"
            f" theirs {took[1]:.3f} s and {peak[1]:.0f} MB"
            f"{'; results equal' if check else ''}",
            flush=True,
        )
        rows.append(row)
    return rows


def need(path: Path) -> Path:
    """The data, or the end of the benchmark with a reason."""
    if not path.exists():
        print(f"skipped: no {path}")
        raise SystemExit(0)
    return path
