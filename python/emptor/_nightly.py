"""`emptor run`: every list and the report from one reading, with gates and a manifest."""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ._core.data import _subtract_span as subtract_span
from ._files import write_atomically
from .cli import JSON_SCHEMA_VERSION, read_sales


def parse_share(text: str, argument: str) -> float:
    """1% or 0.01 as a share."""
    import emptor as em

    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise em.InvalidArgument(f"{argument}: write a share as 1% or 0.01, not '{text}'")
    return share


def hash_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def gates(sales: Any, arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One row per gate asked for: what was found, what was allowed, whether it passed."""
    info = sales.quality().info
    if arguments.max_rejected is not None:
        allowed = parse_share(arguments.max_rejected, "--max-rejected")
        found = info["rows_rejected"] / max(1, info["rows_in"])
        yield {
            "gate": "max_rejected",
            "found": found,
            "allowed": allowed,
            "passed": found <= allowed,
            "words": f"{found:.2%} of rows were rejected, {allowed:.2%} are allowed",
        }
    if arguments.max_age is not None:
        today = datetime.datetime.now(datetime.UTC).date()
        epoch = datetime.date(1970, 1, 1)
        earliest = subtract_span((today - epoch).days, arguments.max_age, "--max-age")
        age = (today - sales.last_day).days
        yield {
            "gate": "max_age",
            "found": age,
            "allowed": arguments.max_age,
            "passed": (sales.last_day - epoch).days >= earliest,
            "words": f"the data end {age} days ago, {arguments.max_age} are allowed",
        }


def lists(sales: Any, threads: int | None) -> dict[str, Callable[[], Any]]:
    import emptor as em

    def weekly() -> Any:
        return em.forecasting.forecast(sales.series(period="week", value="amount"), threads=threads)

    return {
        "quality": sales.quality,
        "kpis": lambda: em.metrics.kpis(sales, period="month", threads=threads),
        "bought_together": lambda: em.mining.bought_together(sales, threads=threads),
        "bought_next": lambda: em.mining.bought_next(sales, threads=threads),
        "rfm": lambda: em.customers.rfm(sales, threads=threads),
        "declining": lambda: em.customers.declining(sales, threads=threads),
        "actions": lambda: em.customers.actions(sales, threads=threads),
        "forecast": weekly,
    }


def run(arguments: argparse.Namespace) -> int:
    import emptor as em

    folder = Path(arguments.output)
    folder.mkdir(parents=True, exist_ok=True)
    steps: list[dict[str, Any]] = []

    def step(name: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = work()
        seconds = time.perf_counter() - start
        steps.append({"step": name, "seconds": round(seconds, 3)})
        print(f"{name:<16} {seconds:7.2f} s", file=sys.stderr)
        return result

    sales = step("read", lambda: read_sales(arguments))
    quality = sales.quality().info
    checked = list(gates(sales, arguments))
    failed = [gate for gate in checked if not gate["passed"]]
    outputs = []
    if not failed:
        for name, compute in lists(sales, arguments.threads).items():
            frame = step(name, compute)
            write_atomically(folder / f"{name}.csv", frame.to_csv())
            outputs.append({"file": f"{name}.csv", "rows": len(frame)})
        step("report", lambda: sales.report(folder / "report.html", title=arguments.title))
        outputs.append({"file": "report.html"})

    source = Path(arguments.orders)
    manifest = {
        "schema_version": JSON_SCHEMA_VERSION,
        "emptor": em.__version__,
        "status": "gate_failed" if failed else "done",
        "input": {
            "orders": arguments.orders,
            "sha256": hash_file(source) if source.is_file() else None,
        },
        "rows_in": quality["rows_in"],
        "rows_kept": quality["rows_kept"],
        "rows_rejected": quality["rows_rejected"],
        "moment": str(sales.moment),
        "options": {
            key: value
            for key, value in sorted(vars(arguments).items())
            if key not in ("command", "orders", "no_progress") and value not in (None, "", [])
        },
        "gates": checked,
        "outputs": outputs,
        "timings": steps,
    }
    write_atomically(folder / "manifest.json", json.dumps(manifest, indent=1, default=str) + "\n")
    for gate in failed:
        print(f"emptor: gate {gate['gate']} failed: {gate['words']}", file=sys.stderr)
    if not failed:
        print(f"open {folder / 'report.html'}; the lists stand beside it", file=sys.stderr)
    return 1 if failed else 0
