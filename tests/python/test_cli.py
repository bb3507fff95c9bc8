"""The command line as a shell and a nightly job use it."""

from __future__ import annotations

import hashlib
import inspect
import json
import subprocess
import sys

import pytest

import emptor as em
from emptor import cli


@pytest.fixture(scope="module")
def orders(tmp_path_factory):
    path = tmp_path_factory.mktemp("cli") / "orders.csv"
    em.example("orders").to_csv(path)
    return path


def emptor(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "emptor", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        **options,
    )


@pytest.mark.parametrize("command", sorted(cli._functions()))
def test_every_list_prints_a_table_csv_and_json(orders, command):
    assert emptor(command, orders).returncode == 0
    rows = emptor(command, orders, "--csv", "--top", 2)
    none = command == "substitutes"  # the example has no choice between two items
    assert rows.stdout.count("\n") >= (1 if none else 2)
    document = json.loads(emptor(command, orders, "--json", "--top", 2).stdout)
    assert document["schema_version"] == 1
    assert document["command"] == command
    assert len(document["rows"]) <= 2
    assert isinstance(document["info"].get("moment", ""), str)


def test_every_offered_option_is_one_of_its_function():
    for name, command in cli._functions().items():
        offered = set(inspect.signature(command.compute).parameters)
        if name == "forecast":
            offered |= set(inspect.signature(em.forecasting.forecast).parameters)
        assert set(command.options) <= offered, name


def test_help_tells_the_defaults():
    told = " ".join(emptor("declining", "--help").stdout.split())
    assert "--window TEXT default: 90 days" in told
    assert "--min-drop NUMBER default: 0.5" in told


def test_quality_is_told_whole(orders):
    text = emptor("quality", orders).stdout
    rows = em.read(orders).quality()
    assert text.startswith(f"{rows.info['rows_in']:,} rows in, ")
    assert all(row["message"] in text for row in rows.rows())


def test_options_reach_the_function(orders):
    short = json.loads(emptor("bought-next", orders, "--window", "30 days", "--json").stdout)
    assert short["info"]["window"] == "30 days"
    assert len(emptor("forecast", orders, "--horizon", 3, "--csv").stdout.splitlines()) == 4


def test_standard_input_and_output_file(orders, tmp_path):
    target = tmp_path / "kpis.csv"
    done = emptor("kpis", "-", "-o", target, stdin=orders.open("rb"))
    assert done.returncode == 0
    assert target.read_text().startswith("start,complete,revenue")


def test_as_of_sees_nothing_later(orders):
    document = json.loads(emptor("kpis", orders, "--as-of", "2023-06-30", "--json").stdout)
    assert document["rows"][-1]["start"] == "2023-06-01"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--window", "soon"], "'soon' is not a length of time"),
        (["--column", "customer"], "--column: write OURS=THEIRS, not 'customer'"),
        (["--column", "customer=nobody"], "nobody"),
        (["--timezone", "Europe/Londn"], "Europe/London"),
    ],
)
def test_bad_input_is_exit_2_and_one_sentence(orders, arguments, message):
    done = emptor("bought-next", orders, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_file_is_exit_2(tmp_path):
    done = emptor("quality", tmp_path / "none.csv")
    assert done.returncode == 2
    assert "none.csv" in done.stderr


def test_run_writes_every_list_and_a_manifest(orders, tmp_path):
    pytest.importorskip("vl_convert")
    done = emptor("run", orders, "-o", tmp_path / "out", "--max-rejected", "1%")
    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "out/manifest.json").read_text())
    assert manifest["status"] == "done"
    assert manifest["rows_in"] == manifest["rows_kept"] + manifest["rows_rejected"]
    for output in manifest["outputs"]:
        assert (tmp_path / "out" / output["file"]).stat().st_size > 0
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "manifest.json",
        *(output["file"] for output in manifest["outputs"]),
    }


def test_a_failed_gate_is_exit_1_and_leaves_old_lists_alone(orders, tmp_path):
    (tmp_path / "kpis.csv").write_text("old")
    done = emptor("run", orders, "-o", tmp_path, "--max-age", "3 days")
    assert done.returncode == 1
    assert "gate max_age failed" in done.stderr
    assert (tmp_path / "kpis.csv").read_text() == "old"
    assert json.loads((tmp_path / "manifest.json").read_text())["status"] == "gate_failed"


def test_rejected_rows_fail_their_gate(tmp_path):
    path = tmp_path / "orders.csv"
    good = "".join(f"{i},7,apple,2024-01-{i:02d},1,2.5\n" for i in range(1, 29))
    path.write_text("order_id,customer_id,product,date,quantity,unit_price\n" + good + "x,y\n")
    done = emptor("run", path, "-o", tmp_path / "out", "--max-rejected", "1%")
    assert done.returncode == 1
    assert "3.45% of rows were rejected, 1.00% are allowed" in done.stderr


def test_rejected_rows_are_told_beside_every_list(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(
        "order_id,customer_id,product,date,quantity,unit_price\n"
        "1,7,apple,2024-01-05,1,2.5\n2,7,pear,2024-01-06,one,2.5\n"
    )
    done = emptor("kpis", path)
    assert done.returncode == 0
    assert done.stderr == (
        "emptor: 1 of 2 rows were rejected; `emptor quality` says which and why\n"
    )


def test_a_share_that_is_none_is_exit_2(orders, tmp_path):
    done = emptor("run", orders, "-o", tmp_path, "--max-rejected", "many")
    assert done.returncode == 2
    assert "--max-rejected: write a share as 1% or 0.01, not 'many'" in done.stderr


def test_a_reader_that_stops_early_is_no_error(orders):
    command = f"{sys.executable} -m emptor kpis {orders} --csv | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert "Traceback" not in done.stderr


def run_manifest(folder):
    return json.loads((folder / "manifest.json").read_text())


def test_run_hashes_standard_input_and_every_table(orders, tmp_path):
    products = tmp_path / "products.csv"
    products.write_text("product_id,name\nA,Tea\n")
    digest = hashlib.sha256(orders.read_bytes()).hexdigest()
    # A gate that fails keeps the run short.
    gate = ("--max-age", "3 days")
    emptor("run", "-", "-o", tmp_path, *gate, stdin=orders.open("rb"))
    assert run_manifest(tmp_path)["input"] == {"orders": "-", "sha256": digest, "tables": {}}
    emptor("run", orders, "-o", tmp_path, "--products", products, *gate)
    assert run_manifest(tmp_path)["input"]["sha256"] == digest
    assert run_manifest(tmp_path)["input"]["tables"]["products"] == {
        "file": str(products),
        "sha256": hashlib.sha256(products.read_bytes()).hexdigest(),
    }


def test_a_run_that_cannot_read_leaves_no_old_manifest(tmp_path):
    (tmp_path / "manifest.json").write_text('{"status": "done"}')
    path = tmp_path / "orders.csv"
    path.write_text("customer,date,amount\n7,soon,1\n")
    done = emptor("run", path, "-o", tmp_path)
    assert done.returncode == 2
    assert run_manifest(tmp_path)["status"] == "error"
    assert "'soon' (line 2)" in run_manifest(tmp_path)["error"]


def test_a_gate_is_checked_before_anything_is_read(tmp_path):
    for gate in (("--max-rejected", "much"), ("--max-age", "long")):
        done = emptor("run", tmp_path / "none.csv", "-o", tmp_path / "out", *gate)
        assert done.returncode == 2
        assert gate[0] in done.stderr
        assert not (tmp_path / "out").exists()


def test_messages_name_the_arguments_of_the_command(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("wer,datum,summe\n7,2024-01-05,1\n")
    assert emptor("rfm", path).stderr == (
        'emptor: orders: no column is recognised as "time"; its columns are "wer", "datum" and '
        '"summe". Write --column time=...\n'
    )
    path.write_text("customer,date,amount\n7,01/02/2024,1\n")
    assert '--date-format "%d/%m/%Y"' in emptor("rfm", path).stderr
    path.write_text("customer;date;amount\n7;2024-01-05;1,234\n")
    told = emptor("rfm", path).stderr
    assert '--decimal "."' in told
    assert emptor("kpis", path, "--decimal", ",").returncode == 0


def test_options_of_reading_reach_it(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("customer,product,date,qty,price\n7,A,2024-01-05,3,2.00\n")

    def revenue(*options):
        return json.loads(emptor("kpis", path, "--json", *options).stdout)["rows"][0]["revenue"]

    assert revenue() == 6
    assert revenue("--amount-is", "line") == 2
    path.write_text("customer|product|date|amount\n7|A|2024-01-05|3.00\n")
    assert revenue("--delimiter", "|") == 3


def test_where_the_output_goes_is_checked_first(tmp_path):
    for command in ("rfm", "report"):
        done = emptor(command, tmp_path / "none.csv", "-o", tmp_path / "no" / "x")
        assert done.returncode == 2
        assert done.stderr == f"emptor: --output: there is no folder '{tmp_path / 'no'}'\n"
        done = emptor(command, tmp_path / "none.csv", "-o", tmp_path)
        assert done.stderr == f"emptor: --output: '{tmp_path}' is a folder; name a file in it\n"


def test_a_negative_number_of_rows_is_refused(orders):
    done = emptor("rfm", orders, "--top", "-3")
    assert done.returncode == 2
    assert "write a whole number, 0 or more, not '-3'" in done.stderr
