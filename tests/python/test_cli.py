"""The command line as a shell and a nightly job use it."""

from __future__ import annotations

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
