"""What holds of every call: start-up, Ctrl-C, progress, signatures, messages."""

import inspect
import signal
import subprocess
import sys
import textwrap
import time

import pytest

import emptor as em
from emptor import _public
from emptor._core import core, data


def run_python(code, *arguments):
    return subprocess.run(
        [sys.executable, *arguments, "-c", textwrap.dedent(code)],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip


def test_import_loads_no_frame_or_chart_library():
    code = """
    import sys
    import emptor
    libraries = ("pandas", "polars", "pyarrow", "duckdb", "altair", "jinja2", "vl_convert")
    print([name for name in libraries if name in sys.modules])
    """
    assert run_python(code).stdout.strip() == "[]"


def test_import_costs_less_than_numpys():
    code = """
    import time
    start = time.perf_counter()
    import numpy
    middle = time.perf_counter()
    import emptor
    emptor.Frame, emptor.Sales
    end = time.perf_counter()
    print(middle - start, end - middle)
    """
    runs = [tuple(map(float, run_python(code).stdout.split())) for _ in range(5)]
    numpy_cost, own_cost = min(run[0] for run in runs), min(run[1] for run in runs)
    assert own_cost < numpy_cost, f"emptor adds {own_cost:.3f} s, numpy takes {numpy_cost:.3f} s"


INTERRUPTED = """
import sys, time
from emptor._core import core
print("ready", flush=True)
try:
    core._wait(30)
except KeyboardInterrupt:
    print("stopped", flush=True)
print(core._wait(0.01), flush=True)
"""


def test_ctrl_c_stops_a_long_call_and_the_next_one_works():
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.2)
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "stopped\n"
    assert time.monotonic() - start < 0.5
    assert process.stdout.readline() == "0.01\n"
    assert process.wait(timeout=10) == 0


INTERRUPTED_SALES = """
import numpy as np, emptor as em
n = 3_000_000
random = np.random.Generator(np.random.PCG64(1))
orders = {"order": np.arange(n) // 5, "customer": random.integers(0, n // 50, n),
          "product": random.integers(0, 20_000, n), "amount": random.integers(1, 5_000, n) / 100,
          "date": np.datetime64("2020-01-01") + np.sort(random.integers(0, 1_000, n))}
print("ready", flush=True)
try:
    while True:  # however fast the machine, the signal finds it reading
        em.Sales(orders=orders)
except KeyboardInterrupt:
    print("stopped", flush=True)
few = {name: values[:1_000] for name, values in orders.items()}
print(len(em.Sales(orders=few).orders_clean()), flush=True)
"""


def test_ctrl_c_stops_the_reading_of_tables():
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED_SALES], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.3)
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "stopped\n"
    assert time.monotonic() - start < 0.5
    assert process.stdout.readline() == "1000\n"
    assert process.wait(timeout=10) == 0


def test_progress_goes_to_whom_it_was_given_and_its_errors_stop_the_call():
    shares = []
    core._wait(0.2, progress=shares.append)
    assert shares == sorted(shares) and len(shares) >= 2 and 0 < shares[0] < shares[-1] <= 1

    def fail(share):
        raise RuntimeError("enough")

    start = time.monotonic()
    with pytest.raises(RuntimeError, match="enough"):
        core._wait(30, progress=fail)
    assert time.monotonic() - start < 5
    with pytest.raises(TypeError, match="progress must be True, False or a function"):
        core._wait(0.2, progress=3)


def test_progress_is_silent_in_scripts_and_shown_when_asked(capfd):
    core._wait(0.15)
    assert capfd.readouterr().err == ""
    core._wait(0.15, progress=True)
    assert "%" in capfd.readouterr().err


def test_public_functions_have_real_signatures():
    read = _public.public("emptor.x", data.read_csv)
    signature = inspect.signature(read)
    assert list(signature.parameters) == [
        "path",
        "delimiter",
        "threads",
        "progress",
        "memory_limit",
    ]
    assert str(signature.parameters["threads"]) == "threads: 'int | None' = None"
    assert signature.parameters["delimiter"].kind is inspect.Parameter.KEYWORD_ONLY
    assert read.__module__ == "emptor.x" and read.__name__ == "read_csv"
    assert read.__doc__.startswith("Reads a CSV file (RFC 4180")
    assert "delimiter\n    0 detects comma" in read.__doc__


@pytest.mark.parametrize(
    ("arguments", "keywords", "message"),
    [
        (("a",), {"delimeter": ";"}, "no argument 'delimeter'; did you mean 'delimiter'?"),
        (("a", ";"), {}, "only path can be given without a name; write the others as name=value"),
        ((), {}, "missing a required argument: 'path'"),
        (("a",), {"threads": "all"}, "threads must be int or None, got 'all'"),
        (("a",), {"threads": 2**70}, f"threads is too large, got {2**70}"),
        ((3,), {}, "path must be str, got 3"),
    ],
)  # fmt: skip
def test_wrong_calls_are_answered_in_a_sentence(arguments, keywords, message):
    read = _public.public("emptor.x", data.read_csv)
    with pytest.raises(em.InvalidArgument) as raised:
        read(*arguments, **keywords)
    assert str(raised.value) == f"read_csv: {message}"


def test_threads_must_be_positive():
    with pytest.raises(em.InvalidArgument, match="threads must be at least 1, or None"):
        data.read_csv("a.csv", threads=-1)


def test_what_is_not_a_sales_is_told_how_to_become_one():
    clean = _public.public("emptor.x", data.orders_clean)
    with pytest.raises(
        em.InvalidArgument, match=r"sales must be an emptor.Sales, got dict; write em"
    ):
        clean({"customer": [1]})


def test_unknown_names_of_the_package():
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        em.nothing  # noqa: B018
    assert set(em.__all__) <= set(dir(em))


def test_show_versions_names_what_a_bug_report_needs(capsys):
    em.show_versions()
    told = capsys.readouterr().out
    assert f"emptor             {em.__version__}" in told
    assert "numpy" in told and "compiler" in told
