"""The programs of examples/cpp print what Python prints, to the last bit.

    PYTHONPATH=BUILD_DIR/python python tests/install/compare_examples.py FOLDER_OF_PROGRAMS

Doubles are written in the shortest form that reads back to the same bits, so equal text is equal
bits. Python may show more columns (reasons in words), never fewer.
"""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import emptor as em


def by_name(text: str) -> dict[str, list[str]]:
    names, *rows = csv.reader(io.StringIO(text))
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


def till(program: Path, folder: Path, orders: Path, sales: em.Sales) -> int:
    """The file made by the program is Python's, and so is what the till offers from it."""
    made, ours = folder / "offers.emptor", folder / "python.emptor"
    subprocess.run([program, orders, made], check=True, capture_output=True)
    table = em.mining.offer_table(sales)
    table.save(ours)
    pair = em.mining.bought_together(sales).select("all").row(0)
    printed = subprocess.run(
        [program, made, str(pair["item_a"])], check=True, capture_output=True, text=True
    ).stdout
    offered = em.mining.recommend(em.load(made), basket=[pair["item_a"]], value="amount")
    names = [line.split(":")[0] for line in printed.splitlines()]
    same = made.read_bytes() == ours.read_bytes() and names == offered["item_name"].tolist()
    print(f"till: {len(names)} offers, {'equal' if same and names else 'other than in Python'}")
    return 0 if same and names else 1


def main() -> int:
    programs = Path(sys.argv[1])
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        orders = Path(folder) / "orders.csv"
        em.example("orders").to_csv(orders, columns="all")
        sales = em.read(orders)
        weeks = sales.series(period="week")
        python: dict[str, tuple[Any, list[str]]] = {
            "kpis": (em.metrics.kpis(sales, period="month"), []),
            "bought_together": (em.mining.bought_together(sales), []),
            "bought_next": (em.mining.bought_next(sales, window="60 days"), ["60 days"]),
            "declining": (em.customers.declining(sales, window="90 days", baseline="180 days"), []),
            "forecast": (em.forecasting.forecast(weeks, horizon=8), []),
        }
        sources = {source.stem for source in Path(__file__).parents[2].glob("examples/cpp/*.cpp")}
        if sources != {*python, "till"}:
            print(f"not compared: {sorted(sources ^ {*python, 'till'})}")
            failed += 1
        failed += till(programs / "till", Path(folder), orders, sales)
        for name, (frame, options) in python.items():
            command = [programs / name, orders, *options, "--csv"]
            printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            ours, theirs = by_name(frame.to_csv(columns="all")), by_name(printed)
            wrong = [column for column in theirs if theirs[column] != ours.get(column)]
            rows = len(next(iter(theirs.values())))
            if wrong or not rows:
                print(f"{name}: {rows} rows; other than in Python: {', '.join(wrong) or 'none'}")
                failed += 1
            else:
                print(f"{name}: {rows} rows, {len(theirs)} columns, equal")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
