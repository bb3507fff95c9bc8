"""The command line: every list of the library, by the functions' names.

    emptor bought-next orders.csv --window "90 days"
    emptor run orders.csv -o out/

Exit codes: 0 done (also when the honest answer is "none"), 1 a gate failed, 2 usage or input.
"""

from __future__ import annotations

import argparse
import inspect
import json
import math
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

JSON_SCHEMA_VERSION = 1
_METAVARS = {str: "TEXT", int: "N", float: "NUMBER"}


@dataclass(frozen=True)
class Command:
    """A command that prints one table: how it is computed and which of its options are offered."""

    help: str
    compute: Callable[..., Any]
    options: dict[str, type] = field(default_factory=dict)


def _functions() -> dict[str, Command]:
    import emptor as em

    def forecast(sales: Any, period: str = "week", value: str = "amount", by: str = "",
                 **options: Any) -> Any:  # fmt: skip
        series = sales.series(period=period, value=value, **({"by": by} if by else {}))
        return em.forecasting.forecast(series, **options)

    def nowcast(sales: Any, period: str = "month", value: str = "amount", by: str = "",
                **options: Any) -> Any:  # fmt: skip
        days = sales.series(period="day", value=value, **({"by": by} if by else {}))
        return em.forecasting.nowcast(days, period=period, **options)

    def next_basket(sales: Any, per_customer: int = 10, model: str = "auto", repeat: str = "both",
                    item: str | None = None, **options: Any) -> Any:  # fmt: skip
        return em.mining.next_basket(
            sales, top=per_customer, model=model, repeat=repeat, item=item, **options
        )

    window = {"window": str, "item": str, "fdr": float}
    return {
        "quality": Command("what was found in the data", lambda sales: sales.quality()),
        "kpis": Command(
            "revenue, orders, customers and their ratios", em.metrics.kpis,
            {"period": str, "by": str, "new_after": str},
        ),
        "bought-together": Command(
            "items in the same basket", em.mining.bought_together,
            {"item": str, "unit": str, "by": str, "min_count": int, "fdr": float},
        ),
        "frequent-itemsets": Command(
            "sets of items in many baskets", em.mining.frequent_itemsets,
            {"kind": str, "min_count": int, "max_items": int, "item": str, "unit": str},
        ),
        "association-rules": Command(
            "sets of items that come with another one", em.mining.association_rules,
            {"min_count": int, "min_confidence": float, "max_items": int, "significance": str,
             "alpha": float, "item": str},
        ),
        "substitutes": Command(
            "items bought instead of each other", em.mining.substitutes,
            {"relation": str, "period": str, "item": str, "within": str, "place": str,
             "fdr": float},
        ),
        "bought-next": Command(
            "what is bought later", em.mining.bought_next,
            window | {"min_antecedent": int, "min_events": int, "washout": str, "by": str,
                      "evidence": str, "check": str},
        ),
        "sequences": Command(
            "what is bought one after the other", em.mining.sequences,
            {"min_count": int, "max_gap": str, "max_span": str, "kind": str, "item": str},
        ),
        "sequence-rules": Command(
            "what is bought later by those who bought a set", em.mining.sequence_rules,
            window | {"max_antecedent": int, "min_antecedent": int, "min_events": int},
        ),
        "next-basket": Command(
            "what each customer is likely to buy next, and why", next_basket,
            {"per_customer": int, "model": str, "repeat": str, "item": str},
        ),
        "evaluate-next-basket": Command(
            "how well such lists foretell purchases held back", em.mining.evaluate_next_basket,
            {"k": int, "min_visits": int, "from_date": str, "item": str},
        ),
        "rfm": Command("recency, frequency, money and segments", em.customers.rfm),
        "declining": Command(
            "who buys less than before", em.customers.declining,
            {"window": str, "baseline": str, "min_drop": float, "relative_to": str, "sort": str,
             "min_baseline_orders": int, "fdr": float, "watch": int},
        ),
        "actions": Command(
            "whom to contact, why, by which channel, and what is at stake", em.customers.actions,
            {"budget": float, "control": float, "window": str, "baseline": str, "consent": str},
        ),
        "forecast": Command(
            "a series and its next periods", forecast,
            {"period": str, "value": str, "by": str, "horizon": int, "model": str},
        ),
        "nowcast": Command(
            "what the period that has begun will hold at its end", nowcast,
            {"period": str, "value": str, "by": str},
        ),
    }  # fmt: skip


_TABLES = ("customers", "products", "campaigns", "contacts", "touchpoints")
_READING = ("timezone", "source_timezone", "encoding", "delimiter", "currency", "date_format",
            "decimal", "amount_is", "discount_is", "exclude_products")  # fmt: skip


def count(text: str) -> int:
    """A number of rows."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"write a whole number, 0 or more, not '{text:.40}'")
    return int(text)


def _input_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("orders", help="CSV or Parquet file of order lines; - reads standard input")
    group = parser.add_argument_group("how the data are read")
    for table in _TABLES:
        group.add_argument(f"--{table}", metavar="FILE", help=f"file of {table}")
    group.add_argument("--column", metavar="OURS=THEIRS", action="append", default=[],
                       help="which column plays a role, as customer=household_id")  # fmt: skip
    group.add_argument("--currency", default="", help="three letters, as GBP")
    group.add_argument("--timezone", help="the business's zone, as Europe/London")
    group.add_argument("--source-timezone", help="the zone naive times are in, if another")
    group.add_argument("--date-format", default="", help='as "%%d/%%m/%%Y %%H:%%M"')
    group.add_argument("--encoding", help="of the file, if not UTF-8, as cp1252")
    group.add_argument("--delimiter", help="between columns, if not found by itself")
    group.add_argument("--decimal", metavar="MARK", help='decimal separator, "." or ","')
    group.add_argument(
        "--amount-is",
        metavar="TEXT",
        help='"line" or "unit": whether amounts are of the line or of one piece',
    )
    group.add_argument(
        "--discount-is",
        metavar="TEXT",
        help='"net" or "gross": already in the amount or still to be taken off',
    )
    group.add_argument("--exclude-products", metavar="TEXT",
                       help='"none" takes postage, fees and the like as goods')  # fmt: skip
    group.add_argument("--as-of", metavar="DATE", help="compute as things were known that day")
    parser.add_argument("--threads", type=int, help="how many threads may work")
    parser.add_argument("--no-progress", action="store_true", help="never show progress")


def build_parser() -> argparse.ArgumentParser:
    import emptor as em

    parser = argparse.ArgumentParser(
        prog="emptor", description=em.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"emptor {em.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in _functions().items():
        sub = commands.add_parser(name, help=command.help, description=command.help)
        _input_arguments(sub)
        known = inspect.signature(command.compute).parameters
        for option, kind in command.options.items():
            default = known[option].default if option in known else None
            sub.add_argument(f"--{option.replace('_', '-')}", dest=f"option_{option}", type=kind,
                             metavar=_METAVARS[kind],
                             help=f"default: {default}" if default else None)  # fmt: skip
        output = sub.add_mutually_exclusive_group()
        output.add_argument("--json", action="store_true", help="print JSON")
        output.add_argument("--csv", action="store_true", help="print CSV")
        sub.add_argument("-o", "--output", metavar="FILE", help="write there instead")
        sub.add_argument("--top", type=count, metavar="N", help="at most so many rows")
    report = commands.add_parser("report", help="one HTML page for people")
    _input_arguments(report)
    report.add_argument("-o", "--output", metavar="FILE", default="report.html")
    report.add_argument("--title", default="", help="what stands on top")
    run = commands.add_parser(
        "run", help="every list and the report from one reading, for nightly jobs"
    )
    _input_arguments(run)
    run.add_argument("-o", "--output", metavar="FOLDER", default="out")
    run.add_argument("--title", default="", help="what stands on top of the report")
    run.add_argument("--max-rejected", metavar="SHARE", help='fail above this share, as "1%%"')
    run.add_argument("--max-age", metavar="SPAN", help='fail if the data end earlier, as "3 days"')
    return parser


def read_sales(arguments: argparse.Namespace, stdin: Any = None) -> Any:
    """The sales the arguments name; `stdin` is what to read for "-", if not standard input."""
    import emptor as em

    columns = {}
    for pair in arguments.column:
        ours, equals, theirs = pair.partition("=")
        if not equals:
            raise em.InvalidArgument(f"--column: write OURS=THEIRS, not '{pair}'")
        columns[ours] = theirs
    tables = {table: getattr(arguments, table) for table in _TABLES if getattr(arguments, table)}
    options = {name: getattr(arguments, name) for name in _READING if getattr(arguments, name)}
    source = (stdin or sys.stdin.buffer) if arguments.orders == "-" else arguments.orders
    sales = em.read(source, columns=columns or None, threads=arguments.threads, **tables, **options)
    return sales.as_of(arguments.as_of) if arguments.as_of else sales


def check_folder(path: str) -> None:
    """Says that a file cannot be written before anything is computed."""
    folder = os.path.dirname(path) or "."
    if os.path.isdir(path):
        raise IsADirectoryError(f"--output: '{path}' is a folder; name a file in it")
    if not os.path.isdir(folder):
        raise FileNotFoundError(f"--output: there is no folder '{folder}'")
    if not os.access(folder, os.W_OK):
        raise PermissionError(f"--output: no right to write in the folder '{folder}'")


def as_arguments(message: str) -> str:
    """A message of the library with its keyword arguments as this command writes them."""

    def column(found: re.Match[str]) -> str:
        pair = f"{found[1]}={found[2]}"
        return f"--column '{pair}'" if " " in pair else f"--column {pair}"

    message = re.sub(r'columns=\{"([^"]*)": "([^"]*)"\}', column, message)
    message = message.replace('or "" if there is none', "or nothing after the = if there is none")

    def option(found: re.Match[str]) -> str:
        return f'--{found[1].replace("_", "-")} "{found[2]}"'

    return re.sub(rf'\b({"|".join((*_READING, "item"))})="([^"]*)"', option, message)


def progress_at_terminal(arguments: argparse.Namespace) -> Callable[[float], None] | None:
    """A line of progress on standard error, only where a person looks at it."""
    if arguments.no_progress or not sys.stderr.isatty():
        return None

    def show(share: float) -> None:
        sys.stderr.write(f"\r{arguments.command}: {share:4.0%} " if share < 1 else "\r\033[K")
        sys.stderr.flush()

    return show


def _plain(value: Any) -> Any:
    """A value as JSON knows it: missing is null, dates are ISO text."""
    if type(value).__name__ == "MaskedConstant":  # a missing whole number
        return None
    if hasattr(value, "item") and not str(getattr(value, "dtype", "")).startswith("datetime"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if hasattr(value, "low") and hasattr(value, "high"):
        return {key: _plain(getattr(value, key)) for key in
                ("value", "low", "high", "level", "n", "status")}  # fmt: skip
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    text = str(value)
    return None if text == "NaT" else text


def to_json(frame: Any, command: str, sales: Any) -> str:
    import emptor as em

    full = frame.select("all")
    columns = {name: full[name] for name in full.columns}
    rows = [{name: _plain(values[i]) for name, values in columns.items()} for i in range(len(full))]
    document = {
        "schema_version": JSON_SCHEMA_VERSION,
        "emptor": em.__version__,
        "command": command,
        "moment": str(sales.moment),
        "info": {key: _plain(value) for key, value in frame.info.items()},
        "rows": rows,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def quality_text(frame: Any) -> str:
    """Every finding whole, a line each: at a terminal nothing of it may be cut."""
    info = frame.info
    lines = [
        f"{info['rows_in']:,} rows in, {info['rows_kept']:,} kept, "
        f"{info['rows_rejected']:,} rejected"
    ]
    for row in frame.rows():
        examples = f" ({row['examples']})" if row["examples"] else ""
        lines.append(f"{row['finding']}: {row['message']}{examples}")
    return "\n".join(lines) + "\n"


def tell_rejected(sales: Any) -> None:
    """Says on standard error that rows were left out: a short table must not hide it."""
    info = sales.quality().info
    if info["rows_rejected"]:
        print(
            f"emptor: {info['rows_rejected']:,} of {info['rows_in']:,} rows were rejected; "
            "`emptor quality` says which and why",
            file=sys.stderr,
        )


def print_table(command: str, arguments: argparse.Namespace) -> int:
    spec = _functions()[command]
    if arguments.output:
        check_folder(arguments.output)
    sales = read_sales(arguments)
    tell_rejected(sales)
    options = {
        name: getattr(arguments, f"option_{name}")
        for name in spec.options
        if getattr(arguments, f"option_{name}") is not None
    }
    if command != "quality":
        options["threads"] = arguments.threads
        options["progress"] = progress_at_terminal(arguments)
    frame = spec.compute(sales, **options)
    if arguments.top is not None:
        frame = frame.head(arguments.top)
    if arguments.json:
        text = to_json(frame, command, sales) + "\n"
    elif arguments.csv or arguments.output:
        text = frame.to_csv()
    elif command == "quality":
        text = quality_text(frame)
    else:
        text = repr(frame) + "\n"
    if arguments.output:
        from ._files import write_atomically

        write_atomically(arguments.output, text)
    else:
        sys.stdout.write(text)
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    import emptor as em

    arguments = build_parser().parse_args(argv)
    try:
        if arguments.command == "run":
            from ._nightly import run

            return run(arguments)
        if arguments.command == "report":
            check_folder(arguments.output)
            sales = read_sales(arguments)
            tell_rejected(sales)
            sales.report(arguments.output, title=arguments.title, threads=arguments.threads)
            print(f"wrote {arguments.output}", file=sys.stderr)
            return 0
        return print_table(arguments.command, arguments)
    except BrokenPipeError:
        # Whoever reads our output has seen enough, as in `emptor ... | head`.
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("emptor: stopped", file=sys.stderr)
        return 130
    except (em.Error, OSError, ImportError) as error:
        print(f"emptor: {as_arguments(str(error))}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
