"""The report: what it says, that it stays text, and that it asks nobody for anything."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

pytest.importorskip("altair")
pytest.importorskip("vl_convert")
pytest.importorskip("jinja2")

import emptor as em

PAYLOADS = [
    "</script><img src=x onerror=alert(1)>",
    '"><svg onload=alert(2)>',
    "{{ 7 * 7 }}{% raw %}",
    "<!--",
    "'; background:url(http://example.invalid/x)",
]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    text = em.example().report(path, title="A year of the example shop")
    assert path.read_text(encoding="utf-8") == text
    assert repr(text).startswith("Report of ") and repr(text).endswith(f", written to {path}")
    return text


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The example orders with payloads in product, customer and column names."""
    orders = dict(em.example("orders").to_dict("all"))
    orders["product"] = [
        f"{name} {PAYLOADS[i % len(PAYLOADS)]}" for i, name in enumerate(orders["product"].tolist())
    ]
    orders["customer"] = [
        f"{name}{PAYLOADS[0]}" if name else name for name in map(str, orders["customer"].tolist())
    ]
    orders["<b>column</b>"] = list(range(len(orders["product"])))
    path = tmp_path_factory.mktemp("hostile") / "report.html"
    em.Sales(orders=orders).report(path, title=PAYLOADS[0])
    return path


def test_one_file_under_two_megabytes_without_scripts_or_links_outside(page):
    assert len(page.encode()) < 2_000_000
    assert "<script" not in page.lower()
    assert not re.findall(r'(?:src|href|srcset)="(?!data:|#)', page)
    assert "default-src 'none'" in page


def test_every_part_is_there_and_in_plain_words(page):
    for part in ("actions", "changed", "forecast", "call", "offer", "segments", "movers", "method"):
        assert f'id="{part}"' in page
    before_method = page[: page.index('id="method"')]
    text = re.sub(r"<style.*?</style>|<[^>]+>", " ", before_method, flags=re.S)
    for term in ("p-value", "q-value", "confidence interval", "FDR", "Kaplan", "posterior"):
        assert term not in text
    assert "nan" not in re.findall(r"\b\w+\b", text.lower())
    assert "None" not in text


def test_this_week_has_money_in_every_card_even_where_nothing_is_proven():
    from emptor._calls import stake
    from emptor._this_week import actions
    from emptor.report import gather

    sales = em.example()
    found = gather(sales)
    cards = actions(sales, found)
    assert len(cards) == 3
    if not set(found.declining["list"]) & {"proven", "likely"}:
        assert cards[0]["what"].startswith("Remind the first 10 customers due")
    assert not any(re.search(r"about \D?0 ", card["money"]) for card in cards)
    nothing = {"expected_lost_revenue": 0.2, "expected_lost_revenue_low": -3.0,
               "expected_lost_revenue_high": 4255.0}  # fmt: skip
    assert stake(nothing, "GBP") == "at most £4,255"
    something = nothing | {"expected_lost_revenue": 1200.0}
    assert stake(something, "") == "1,200 (0 to 4,255)"


@pytest.mark.parametrize("day", ["2023-03-31", "2024-02-10", "2024-10-17"])
def test_a_report_can_be_made_as_of_any_day(day):
    page = em.example().as_of(day).report()
    assert 'id="changed"' in page and "nan" not in re.findall(r"[a-z]+", page[-20_000:])


def test_names_stay_text(hostile):
    page = hostile.read_text(encoding="utf-8")
    assert "<img src=x" not in page
    assert "<svg onload" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_same_bytes_on_any_number_of_threads(tmp_path):
    sales = em.example()
    assert sales.report(threads=1) == sales.report(threads=3)


def test_data_without_customers_leave_their_parts_out():
    orders = em.example("orders").to_dict("all")
    keep = {name: orders[name] for name in orders if name != "customer"}
    page = em.Sales(orders=keep, columns={"customer": ""}).report()
    assert "There are too few customers" in page


def test_a_handful_of_rows_gives_a_page_that_says_so():
    sales = em.Sales(
        orders={
            "order_id": [1, 2],
            "customer_id": [7, 7],
            "product": ["apple", "pear"],
            "date": ["2024-01-05", "2024-01-06"],
            "quantity": [1, 2],
            "unit_price": [1.5, 2.0],
        }
    )
    page = sales.report()
    assert "too few" in page.lower()


def test_missing_extras_are_named_before_anything_is_computed():
    code = (
        "import sys; sys.modules['altair'] = None\n"
        "import emptor as em\n"
        "em.example().report('never.html')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "the report needs altair: write  pip install 'emptor[report]'" in done.stderr


def test_charts_wear_their_theme():
    series = em.example().series(period="week", value="amount")
    frame = em.forecasting.forecast(series, horizon=4)
    for theme in (em.charts.LIGHT, em.charts.DARK):
        config = em.charts.forecast(series, frame, theme=theme).to_dict()["config"]
        assert config["axis"]["labelColor"] == theme.text
        assert "font" in config


# ---- in a browser ---------------------------------------------------------------------------------

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    with playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-background-networking", "--disable-sync"],
        )
        yield browser
        browser.close()


def faults_of_access(page):
    """What axe finds: contrast, names of pictures and headings, order, reach by keyboard."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    return [
        (fault["id"], fault["nodes"][0]["html"][:200])
        for fault in axe.Axe().run(page).response["violations"]
    ]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_chromium_nothing_is_requested_and_nothing_complains(browser, hostile, width, scheme):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=False
    )
    page = context.new_page()
    complaints, requests, dialogs = [], [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(hostile.as_uri())
    page.wait_for_timeout(200)
    assert complaints == []
    assert dialogs == []
    outside = [url for url in requests if not url.startswith(("file:", "data:"))]
    assert outside == []
    assert page.title() == PAYLOADS[0]
    # Nothing is wider than the screen, and every picture was drawn.
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 0)")
    assert faults_of_access(page) == []
    if folder := os.environ.get("EMPTOR_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/report_{scheme}_{width}.png", full_page=True)
    context.close()


# ---- consent --------------------------------------------------------------------------------------


def test_nobody_is_to_be_called_who_opted_out():
    from emptor import _calls
    from emptor.report import gather

    orders = em.example().orders_clean().to_pandas("all")
    orders = orders[["order", "customer", "time", "product", "quantity", "amount"]]
    ids = sorted(set(orders["customer"].dropna()))
    allowed = set(ids[::3])
    contacts = {"customer": ids, "email_consent": [one in allowed for one in ids]}
    sales = em.Sales(orders=orders, contacts=contacts)
    found = gather(sales)
    for part in (_calls.calls(sales, found), _calls.due(sales, found)):
        rows = part["table"].rows
        assert rows
        assert {row[0] for row in rows} <= {str(one) for one in allowed}
        assert {row[part["table"].heads.index("reach by")] for row in rows} == {"email"}
    assert "of the list may not be reached and are left out" in _calls.calls(sales, found)["text"]
    import dataclasses

    from emptor._this_week import actions

    # Those who may not be reached fall; none of them is named as the first to call.
    fallen = found.declining.select("all").to_dict("all")
    fallen["list"] = ["watch" if one in allowed else "proven" for one in fallen["customer"]]
    everyone = dataclasses.replace(found, declining=em.Frame(fallen))
    assert not any("less than before" in one["what"] for one in actions(sales, everyone))
    without = em.example()
    parts = _calls.due(without, gather(without))
    assert "reach by" not in parts["table"].heads
