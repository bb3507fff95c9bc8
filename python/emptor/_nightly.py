"""`emptor run`: every list and the report from one reading, with gates and a manifest."""

from __future__ import annotations

import argparse
import datetime
import glob
import hashlib
import io
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ._core.data import _subtract_span as subtract_span
from ._files import write_atomically
from .cli import _TABLES, JSON_SCHEMA_VERSION, as_arguments, read_sales, tell_rejected


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


def hash_files(pattern: str) -> str | None:
    """SHA-256 of a file, or of those of a pattern one after the other; None without any."""
    paths = [pattern] if Path(pattern).is_file() else sorted(glob.glob(pattern))
    digest = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest() if paths else None


def read_standard_input() -> io.BytesIO:
    stream = io.BytesIO(sys.stdin.buffer.read())
    stream.name = "<stdin>"
    return stream


def inputs(arguments: argparse.Namespace, stdin: io.BytesIO | None) -> dict[str, Any]:
    """What was read, with the hash of every file."""
    orders = arguments.orders
    sha256 = hashlib.sha256(stdin.getbuffer()).hexdigest() if stdin else hash_files(orders)
    tables = {name: getattr(arguments, name) for name in _TABLES if getattr(arguments, name)}
    return {
        "orders": orders,
        "sha256": sha256,
        "tables": {
            name: {"file": file, "sha256": hash_files(file)} for name, file in tables.items()
        },
    }


Gate = Callable[[Any], dict[str, Any]]


def gates(arguments: argparse.Namespace) -> list[Gate]:
    """The gates asked for. Each tells of the sales what was found, what was allowed, whether it
    passed. Built before anything is read, so that a slip of the pen costs no time.
    """
    result: list[Gate] = []
    if arguments.max_rejected is not None:
        allowed = parse_share(arguments.max_rejected, "--max-rejected")

        def rejected(sales: Any) -> dict[str, Any]:
            info = sales.quality().info
            found = info["rows_rejected"] / max(1, info["rows_in"])
            return {
                "gate": "max_rejected",
                "found": found,
                "allowed": allowed,
                "passed": found <= allowed,
                "words": f"{found:.2%} of rows were rejected, {allowed:.2%} are allowed",
            }

        result.append(rejected)
    if arguments.max_age is not None:
        today = datetime.datetime.now(datetime.UTC).date()
        epoch = datetime.date(1970, 1, 1)
        earliest = subtract_span((today - epoch).days, arguments.max_age, "--max-age")

        def age(sales: Any) -> dict[str, Any]:
            days = (today - sales.last_day).days
            return {
                "gate": "max_age",
                "found": days,
                "allowed": arguments.max_age,
                "passed": (sales.last_day - epoch).days >= earliest,
                "words": f"the data end {days} days ago, {arguments.max_age} are allowed",
            }

        result.append(age)
    return result


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
    """Computes and writes every list; the manifest is written whatever happens."""
    import emptor as em

    checks = gates(arguments)
    folder = Path(arguments.output)
    folder.mkdir(parents=True, exist_ok=True)
    stdin = read_standard_input() if arguments.orders == "-" else None
    steps: list[dict[str, Any]] = []
    outputs: list[dict[str, Any]] = []
    manifest: dict[str, Any] = {
        "schema_version": JSON_SCHEMA_VERSION,
        "emptor": em.__version__,
        "status": "done",
        "input": inputs(arguments, stdin),
        "options": {
            key: value
            for key, value in sorted(vars(arguments).items())
            if key not in ("command", "orders", "no_progress") and value not in (None, "", [])
        },
        "gates": [],
        "outputs": outputs,
        "timings": steps,
    }

    def step(name: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = work()
        seconds = time.perf_counter() - start
        steps.append({"step": name, "seconds": round(seconds, 3)})
        print(f"{name:<16} {seconds:7.2f} s", file=sys.stderr)
        return result

    def write(name: str, frame: Any) -> None:
        write_atomically(folder / f"{name}.csv", frame.to_csv())
        outputs.append({"file": f"{name}.csv", "rows": len(frame)})

    try:
        sales = step("read", lambda: read_sales(arguments, stdin))
        tell_rejected(sales)
        quality = sales.quality().info
        for key in ("rows_in", "rows_kept", "rows_rejected"):
            manifest[key] = quality[key]
        manifest["moment"] = str(sales.moment)
        manifest["gates"] = [check(sales) for check in checks]
        failed = [gate for gate in manifest["gates"] if not gate["passed"]]
        if failed:
            manifest["status"] = "gate_failed"
        else:
            for name, compute in lists(sales, arguments.threads).items():
                write(name, step(name, compute))
            page = folder / "report.html"
            step("report", lambda: sales.report(page, title=arguments.title,
                                                threads=arguments.threads))  # fmt: skip
            outputs.append({"file": page.name})
    except BaseException as error:
        manifest["status"] = "error"
        manifest["error"] = as_arguments(str(error)) or type(error).__name__
        raise
    finally:
        text = json.dumps(manifest, indent=1, default=str) + "\n"
        write_atomically(folder / "manifest.json", text)
    for gate in failed:
        print(f"emptor: gate {gate['gate']} failed: {gate['words']}", file=sys.stderr)
    if not failed:
        print(f"open {folder / 'report.html'}; the lists stand beside it", file=sys.stderr)
    return 1 if failed else 0
