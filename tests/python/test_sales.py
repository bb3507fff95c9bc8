"""Sales in Python: files in, moments, what it shows, and an answer to every bad input."""

import datetime
import gzip
import inspect
import io
import pickle
import subprocess
import sys
import zoneinfo

import numpy as np
import pytest

import emptor as em
from emptor._zones import time_zone

CSV = """order_id,customer_id,product_id,description,order_date,quantity,unit_price
1,a,p1,Tea,2021-03-01 10:00,2,3.00
1,a,p2,Milk,2021-03-01 10:00,1,1.50
2,b,p1,Tea,2021-03-05 12:00,1,3.00
3,,p1,Tea,2021-03-06 12:00,1,3.00
4,a,p1,Tea,2021-04-01 09:00,-2,3.00
"""


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(CSV)
    return file


def kept(sales):
    lines = sales.orders_clean().sort("row")
    return [tuple(map(str, row.values())) for row in lines.rows()]


def csv(text, **options):
    return em.read(io.StringIO(text), **options)


def message(text, **options):
    with pytest.raises(em.Error) as raised:
        csv(text, **options)
    return str(raised.value)


# ---- files -------------------------------------------------------------------------------------


def test_every_way_to_a_file_gives_the_same(path, tmp_path):
    expected = kept(em.read(path))
    assert len(expected) == 5
    packed = tmp_path / "orders.csv.gz"
    packed.write_bytes(gzip.compress(CSV.encode()))
    latin = tmp_path / "latin.csv"
    latin.write_bytes(CSV.encode("utf-16"))
    assert kept(em.read(str(path))) == expected
    assert kept(em.read(packed)) == expected
    assert kept(em.read(latin, encoding="utf-16")) == expected
    assert kept(em.Sales(orders=path)) == expected
    for mode in ("r", "rb"):
        with open(path, mode) as file:
            assert kept(em.read(file)) == expected
    assert kept(em.read(io.BytesIO(b"\xef\xbb\xbf" + CSV.encode()))) == expected
    assert kept(csv(CSV.replace(",", ";"))) == expected
    assert kept(csv(CSV.replace("\n", "\r\n"))) == expected
    assert kept(csv(CSV.replace(",", "|"), delimiter="|")) == expected


def test_standard_input(path):
    code = "import emptor as em; print(len(em.read('-').orders_clean()))"
    done = subprocess.run(
        [sys.executable, "-c", code], input=CSV, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "5"


def test_files_of_one_pattern_are_read_as_one(tmp_path):
    head, *lines = CSV.splitlines()
    (tmp_path / "part-1.csv").write_text("\n".join([head, *lines[:2]]))  # no newline at the end
    (tmp_path / "part-2.csv").write_text("\r\n".join([head, *lines[2:], ""]))
    assert kept(em.read(f"{tmp_path}/part-*.csv")) == kept(csv(CSV))
    (tmp_path / "part-3.csv").write_text(f"{head}\n9,a,p1,Tea,2021-05-01,x,3\n9,a\n")
    quality = em.read(f"{tmp_path}/part-*.csv").quality()
    assert any("part-3.csv line 2: 'x'" in (told or "") for told in quality["examples"])
    assert any("part-3.csv line 3: 2 fields" in (told or "") for told in quality["examples"])
    (tmp_path / "part-3.csv").write_text("a,b\n1,2\n")
    with pytest.raises(em.DataError, match=r"part-3.csv' are not those of '.*part-1"):
        em.read(f"{tmp_path}/part-*.csv")
    with pytest.raises(em.DataError, match="no file matches"):
        em.read(f"{tmp_path}/none-*.csv")


def test_parquet_goes_through_a_library_that_is_there(tmp_path):
    pl = pytest.importorskip("polars")
    file = tmp_path / "orders.parquet"
    pl.read_csv(io.StringIO(CSV)).write_parquet(file)
    assert kept(em.read(file)) == kept(csv(CSV))
    code = f"""
import sys
for name in ("polars", "pyarrow", "duckdb"):
    sys.modules[name] = None
import importlib.util
importlib.util.find_spec = lambda name, find=importlib.util.find_spec: (
    None if name in ("polars", "pyarrow", "duckdb") else find(name))
import emptor as em
try:
    em.read({str(file)!r})
except ImportError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == (
        "reading Parquet needs polars, pyarrow or duckdb, and none is installed; "
        "run: pip install polars\n"
    )


def test_tables_beside_the_orders(path, tmp_path):
    products = tmp_path / "products.csv"
    products.write_text("product_id,product_name,department\np1,Black tea,Drinks\np2,Milk,Dairy\n")
    sales = em.read(path, products=products, customers={"customer_id": ["a", "b", "z"],
                                                        "segment": ["x", "y", None]})  # fmt: skip
    lines = sales.orders_clean().sort("row")
    assert lines["product_name"].tolist()[:2] == ["Black tea", "Milk"]
    assert "products" in repr(sales) and "department" in repr(sales)


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(em.DataError, match="nowhere.csv"):
        em.read(tmp_path / "nowhere.csv")
    with pytest.raises(em.DataError, match="nowhere.parquet: cannot be read: no such file"):
        em.read(tmp_path / "nowhere.parquet")
    with pytest.raises(em.DataError, match=r"is a folder; write '.*\*\.csv'"):
        em.read(tmp_path)
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(gzip.compress(CSV.encode() * 50)[:-20])
    with pytest.raises(em.FormatError, match="not a whole gzip file"):
        em.read(broken)
    with pytest.raises(em.InvalidArgument, match="Python knows no encoding 'utf-99'"):
        em.read(io.BytesIO(b"a"), encoding="utf-99")
    with pytest.raises(em.FormatError, match="line 2: not ascii text"):
        em.read(io.BytesIO("a\nb\xe4\n".encode("latin-1")), encoding="ascii")


# ---- bad input: each has an outcome and a sentence ---------------------------------------------


ORDERS = 'its columns are "order_id", "customer_id" and '
SHORT = "order_id,customer_id,order_date,amount\n"


@pytest.mark.parametrize(
    ("text", "options", "told"),
    [
        (
            CSV,
            {"columns": {"customer": "customer_idd"}},
            'columns={"customer": "customer_idd"}: orders has no column "customer_idd"; did you mean '
            '"customer_id"? Its columns are "order_id", "customer_id", "product_id", "description", '
            '"order_date", "quantity" and "unit_price"',
        ),
        (
            CSV,
            {"columns": {"custommer": "customer_id"}},
            'columns: "custommer" is not a column of orders; did you mean "customer"?',
        ),
        (
            "order_id,customer_id,amount\n1,a,2\n",
            {},
            f'orders: no column is recognised as "time"; {ORDERS}"amount". '
            'Write columns={"time": "..."}',
        ),
        ("", {}, "the open file: the file is empty; its first line must name the columns"),
        ("\n\n", {}, "the open file: the file is empty; its first line must name the columns"),
        (
            "order_id,order_id\n1,2\n",
            {},
            "the open file: columns 1 and 2 are both named 'order_id'; rename one of them",
        ),
        (
            'order_id,order_date\n1,"2021',
            {},
            "the open file: the quote that opens a field in line 2 never closes; close it, or double "
            "it if it belongs to the text",
        ),
        (
            SHORT + "1,a,01/02/2021,2\n2,a,03/04/2021,2\n",
            {},
            "orders.time (\"order_date\") can be read two ways: '01/02/2021' (line 2) and all others "
            'fit the day first and the month first; write date_format="%d/%m/%Y" or '
            'date_format="%m/%d/%Y"',
        ),
        (
            SHORT + "1,a,2021-03-01,x\n2,a,2021-03-01,y\n",
            {},
            "every row of orders was rejected; 2 lines have text that is not a number: orders.amount "
            "(\"amount\"), line 2: 'x'; line 3: 'y'",
        ),
        (
            SHORT + "1,a,2021-03-01T10:00+01:00,2\n2,a,2021-03-02T10:00,2\n",
            {},
            'orders.time ("order_date") mixes times with and without a zone: '
            "'2021-03-01T10:00+01:00' (line 2) and '2021-03-02T10:00' (line 3); give all of them an "
            "offset, or none",
        ),
        (
            "order,customer,date,amount,currency\n1,a,2021-03-01,2,GBP\n2,a,2021-03-02,2,EUR\n",
            {},
            'orders holds more than one currency: "EUR" and "GBP"; keep one, or convert the amounts '
            "before",
        ),
        (CSV, {"amount_is": "totl"}, "amount_is: 'totl' is none of \"auto\", \"line\", \"unit\""),
        (CSV, {"currency": "pounds"}, "currency: 'pounds' is not three capital letters, as \"GBP\""),
        (CSV, {"decimal": ";;"}, "decimal must be '.' or ',', got ';;'"),
        (
            CSV,
            {"columns": ["customer"]},
            'columns: write {"customer": "household_id"}, our name first, not a list',
        ),
    ],
)  # fmt: skip
def test_bad_input_is_answered_in_a_sentence(text, options, told):
    assert message(text, **options) == told


def test_a_memory_limit_is_kept():
    with pytest.raises(em.MemoryLimit, match="more than memory_limit=10"):
        em.Sales(orders=io.StringIO(CSV), memory_limit=10)


def test_invalid_utf8_names_the_line_and_the_way_out():
    text = CSV.encode() + b"5,\xff\xfe,p1,Tea,2021-04-02 09:00,1,3.00\n"
    with pytest.raises(em.FormatError, match='line 7 is not UTF-8 .* encoding="cp1252"'):
        em.read(io.BytesIO(text))
    assert len(em.read(io.BytesIO(text), encoding="cp1252").orders_clean()) == 6


def test_header_only_one_row_and_one_customer():
    head, first, *_ = CSV.splitlines()
    assert message(head + "\n") == "orders has no rows; there is nothing to analyse"
    nothing = {"order_id": [], "customer_id": [], "ordered_at": [], "amount": []}
    with pytest.raises(em.DataError, match="orders has no rows"):
        em.Sales(orders=nothing)
    one = csv(f"{head}\n{first}\n")
    assert len(one.orders_clean()) == 1 and one.first_day == datetime.date(2021, 3, 1)


def test_a_format_settles_dates():
    text = SHORT + "1,a,01/02/2021,2\n2,a,03/04/2021,2\n"
    for date_format, day in (("%d/%m/%Y", "2021-02-01"), ("%m/%d/%Y", "2021-01-02")):
        lines = csv(text, date_format=date_format).orders_clean().sort("row")
        assert str(lines["day"][0]) == day


def test_unreadable_values_are_rejected_counted_and_shown():
    text = CSV + "5,a,p1,Tea,2021-02-30 09:00,1,3.00\n6,a,p1,Tea,2021-04-02 09:00,many,3.00\n"
    text += "7,a,p1\n"
    sales = csv(text)
    quality = sales.quality()
    info = quality.info
    assert info["rows_in"] == info["rows_kept"] + info["rows_rejected"]
    assert (info["rows_in"], info["rows_rejected"]) == (8, 3)
    assert len(sales.orders_clean()) == 5
    told = " ".join(filter(None, quality["examples"]))
    assert "line 7" in told and "line 8" in told


def test_negative_zero_infinite_and_missing_numbers():
    orders = {
        "order_id": [1, 2, 3, 4, 5],
        "customer_id": list("aaaaa"),
        "ordered_at": ["2021-03-01"] * 5,
        "product_id": list("xxxxx"),
        "quantity": [1.0, 1.0, 1.0, 1.0, float("nan")],
        "unit_price": [0.0, -1.0, float("inf"), 1.0, 1.0],
    }
    info = em.Sales(orders=orders).quality().info
    assert info["rows_in"] == 5 == info["rows_kept"] + info["rows_rejected"]
    assert info["rows_rejected"] >= 1


def test_the_tables_are_let_go_once_read():
    pa = pytest.importorskip("pyarrow")
    before = pa.total_allocated_bytes()
    sales = em.Sales(orders=pa.table(em.example("orders")))
    lines = sales.orders_clean()
    assert pa.total_allocated_bytes() == before
    assert len(lines) > 20_000


def test_customers_alone_are_sales_too():
    sales = em.Sales(customers={"customer_id": [1, 2], "name": ["a", "b"]})
    assert repr(sales).startswith("Sales: 2 customers\nUTC\n") and sales.moment is None
    with pytest.raises(em.DataError, match="^orders_clean needs the table orders, and these sales"):
        sales.orders_clean()


def test_a_field_of_a_million_characters():
    head = CSV.splitlines()[0]
    sales = csv(f"{head}\n1,a,p1,{'x' * 10**6},2021-03-01 10:00,1,1\n")
    assert len(sales.orders_clean()) == 1
    assert len(repr(sales)) < 5000 and len(repr(sales.orders_clean())) < 5000


def test_hostile_names_stay_text():
    evil = "</script><img src=x onerror=alert(1)>"
    sales = em.Sales(
        orders={"order_id": [1], evil: [evil], "when": ["2021-03-01"], "amount": [1.0]},
        columns={"customer": evil, "time": "when"},
    )
    for text in (sales._repr_html_(), sales.orders_clean()._repr_html_(),
                 sales.quality()._repr_html_()):  # fmt: skip
        assert "<img" not in text and "<script" not in text
    assert "&lt;img" in sales._repr_html_()


# ---- time --------------------------------------------------------------------------------------


def test_as_of_a_date_an_instant_and_a_wall_clock():
    sales = csv(CSV, timezone="Europe/London")
    assert sales.last_day == datetime.date(2021, 4, 1) and sales.timezone == "Europe/London"
    assert str(sales.moment) == "2021-04-01 23:59:59.999999+01:00"
    for moment in ("2021-03-05", datetime.date(2021, 3, 5), np.datetime64("2021-03-05"),
                   np.datetime64("2021-03-05T12:00", "ns"),
                   "2021-03-05 12:00", datetime.datetime(2021, 3, 5, 12),
                   datetime.datetime(2021, 3, 5, 12, tzinfo=datetime.UTC)):  # fmt: skip
        earlier = sales.as_of(moment)
        assert isinstance(earlier, em.Sales)
        assert len(earlier.orders_clean()) == 3, moment
        assert earlier.last_day == datetime.date(2021, 3, 5)
    assert len(sales.as_of("2021-03-05 11:59").orders_clean()) == 2
    assert len(sales.orders_clean()) == 5
    for wrong in ("5 March", "2021-3-5", 20210305, None):
        with pytest.raises(em.InvalidArgument, match="as_of: .*'2011-09-01'"):
            sales.as_of(wrong)


def test_zones_are_those_of_zoneinfo():
    """Every zone at each of its changes and a second around, 1970 to 2100."""
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    random = np.random.Generator(np.random.PCG64(7))
    checked = 0
    names = sorted(zoneinfo.available_timezones())
    always = ["America/New_York", "Africa/Casablanca", "Pacific/Apia", "Australia/Lord_Howe",
              "Africa/Monrovia", "America/Sao_Paulo", "Asia/Gaza", "Europe/Dublin"]  # fmt: skip
    for name in {*always, *random.choice(names, 60, replace=False)}:
        zone, ours = zoneinfo.ZoneInfo(name), time_zone(str(name))
        seconds = np.arange(0, 4_102_444_800, 86_400 * 45) + random.integers(0, 86_400)
        offsets = [(epoch + datetime.timedelta(seconds=int(s))).astimezone(zone).utcoffset()
                   for s in seconds]  # fmt: skip
        probes = list(seconds)
        for a, b, before, after in zip(seconds, seconds[1:], offsets, offsets[1:], strict=False):
            low, high = int(a), int(b)
            while before != after and high - low > 1:  # the change itself
                middle = (low + high) // 2
                there = (epoch + datetime.timedelta(seconds=middle)).astimezone(zone).utcoffset()
                low, high = (middle, high) if there == before else (low, middle)
            probes += [low, high]
        for second in probes:
            instant = epoch + datetime.timedelta(seconds=int(second))
            expected = int(instant.astimezone(zone).utcoffset().total_seconds())
            found = ours.to_local(int(second) * 10**6) // 10**6 - int(second)
            assert found == expected, (name, instant)
            checked += 1
    assert checked > 50_000


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [  # fold 0, from CPython's zoneinfo
        ("America/New_York", "2024-03-10T02:30", "2024-03-10T07:30"),
        ("America/New_York", "2024-11-03T01:30", "2024-11-03T05:30"),
        ("Europe/Paris", "2024-10-27T02:30", "2024-10-27T00:30"),
        ("Australia/Lord_Howe", "2024-04-07T01:45", "2024-04-06T14:45"),
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T22:00"),
        ("America/Sao_Paulo", "2018-11-04T00:30", "2018-11-04T03:30"),
        ("Africa/Monrovia", "1972-01-01T00:00", "1972-01-01T00:44:30"),
        ("+02:00", "2024-01-01T00:00", "2023-12-31T22:00"),
        (datetime.timezone(datetime.timedelta(hours=-3)), "2024-01-01T00:00", "2024-01-01T03:00"),
    ],
)
def test_wall_clocks_become_instants(zone, local, utc):
    microseconds = np.datetime64(local, "us").astype(int)
    assert np.datetime64(time_zone(zone).to_utc(int(microseconds)), "us") == np.datetime64(utc)


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("Europe/Londn", "timezone: no time zone 'Europe/Londn'; did you mean 'Europe/London'?"),
        ("+2:99", "timezone: '+2:99' is no offset; write it as '+02:00'"),
        (3, "timezone: write the zone's name, as 'Europe/London', not 3"),
        ("../etc/passwd", "timezone: no time zone '../etc/passwd'"),
    ],
)
def test_unknown_zones(zone, told):
    with pytest.raises(em.InvalidArgument) as raised:
        csv(CSV, timezone=zone)
    assert str(raised.value).startswith(told)


# ---- what it shows -----------------------------------------------------------------------------


def test_repr_counts_the_orders_of_kept_lines_only():
    text = "order,customer,product,time,amount\n1,a,p,2024-01-01,2\n2,b,p,2024-01-02,many\n"
    shown = repr(csv(text))
    assert shown.startswith("Sales: 1 order line of 1 order, ")
    assert "\namount = amount, the total of the line; no discount column\n" in shown
    sales = em.example()
    early = sales.as_of("2023-03-31")
    assert early._sizes["orders"] == len(set(early.orders_clean()["order"]))
    assert 0 < early._sizes["orders"] < sales._sizes["orders"]


def test_repr_says_what_was_recognised():
    shown = repr(csv(CSV, timezone="Europe/London", currency="GBP"))
    assert shown.startswith("Sales: 5 order lines of 4 orders, 2 customers, 2 products\n")
    assert "2021-03-01 to 2021-04-01, as of 2021-04-01 23:59:59 Europe/London, GBP" in shown
    for pair in (("order", "order_id"), ("customer", "customer_id"), ("time", "order_date")):
        assert any(all(word in line.split() for word in pair) for line in shown.splitlines()), pair


def test_a_sales_is_not_pickled_but_says_why():
    with pytest.raises(TypeError, match="a Sales cannot be pickled: send the tables"):
        pickle.dumps(csv(CSV))


def test_baskets():
    baskets = csv(CSV).baskets()
    assert len(baskets) == len(baskets.offset) - 1
    assert baskets.item.dtype == np.int32 and baskets.day.dtype == np.dtype("M8[D]")
    assert not baskets.item.flags.writeable
    first = baskets.item[baskets.offset[0] : baskets.offset[1]]
    assert set(first) <= set(range(len(baskets.item_names)))
    with pytest.raises(em.InvalidArgument, match="order.*day.*customer"):
        csv(CSV).baskets(unit="week")


# ---- the example -------------------------------------------------------------------------------


def test_a_misspelt_option_names_the_nearest():
    with pytest.raises(em.InvalidArgument, match="no option 'colums'; did you mean 'columns'"):
        csv(CSV, colums={})
    assert csv("date,amount\n2021-03-01,2\n", columns={"customer": None}).attributes


def test_items_of_a_flat_file_come_from_its_lines():
    sales = csv(
        "order,customer,product,date,amount,Category,store\n"
        "1,a,Tea,2021-03-01,3,Drinks,S1\n1,a,Mug,2021-03-01,5,Kitchen,S1\n"
        "2,b,Tea,2021-03-02,3,Drinks,S2\n3,b,Tea,2021-03-09,3,Offers,S1\n"
    )
    assert sales.attributes["products"] == ["Category"]
    baskets = sales.baskets(item="Category")
    assert baskets.level == "Category"
    assert baskets.item_names == ["Drinks", "Kitchen", "Offers"]
    told = dict(zip(sales.quality()["code"], sales.quality()["examples"], strict=True))
    assert told["level_variants"] == "Tea: 'Drinks' (2), 'Offers' (1)"
    with pytest.raises(em.DataError, match="'store' of orders does not describe products: only 3 "):
        sales.baskets(item="store")


def test_products_that_are_not_goods_are_one_line_with_details():
    lines = "".join(f"{i},a,Fee {i % 7},2021-03-0{1 + i % 7},1,2\n" for i in range(14))
    quality = csv("order,customer,product,date,quantity,price\n" + lines).quality()
    (row,) = [row for row in quality.select("all").rows() if row["code"] == "not_goods"]
    assert (row["n"], row["examples"].count("2 lines")) == (14, 5)
    assert row["details"].count("2 lines") == 7


def test_the_example_has_what_was_planted():
    orders = em.example("orders")
    assert repr(orders) == repr(em.example("orders"))
    sales = em.example()
    assert len(sales.orders_clean()) == len(orders) > 20_000
    assert sales.quality().info["rows_rejected"] == 0
    name, customer = orders["description"], orders["customer"].filled(-1)
    day, bought = orders["date"], orders["quantity"] > 0
    followed = buyers = 0
    for one in np.unique(customer[(name == "Espresso machine") & (customer > 0)]):
        own = (customer == one) & bought
        start = day[own & (name == "Espresso machine")].min()
        if start > np.datetime64("2024-10-31"):
            continue
        then = day[own & (name == "Descaler")]
        buyers += 1
        followed += bool(((then > start) & (then <= start + 60)).any())
    assert buyers >= 50 and 0.5 < followed / buyers < 0.75
    pasta = set(orders["order"][name == "Pasta"])
    sauce = set(orders["order"][name == "Tomato sauce"])
    assert 0.45 < len(pasta & sauce) / len(pasta) < 0.65
    with pytest.raises(em.InvalidArgument, match="no table 'order'; did you mean 'orders'"):
        em.example("order")


def test_the_example_as_a_file_is_the_same(tmp_path):
    em.example("orders").to_csv(tmp_path / "orders.csv")
    sales = em.read(tmp_path / "orders.csv")
    expected = em.Sales(orders=em.example("orders").to_dict())
    columns = ["order", "customer", "product", "product_name", "day", "quantity", "amount"]
    for ours, theirs in zip(*(s.orders_clean().sort("row")[columns].to_dict().values()
                              for s in (sales, expected)), strict=True):  # fmt: skip
        np.testing.assert_array_equal(np.ma.filled(ours, None), np.ma.filled(theirs, None))


def test_consent_and_touchpoints_come_in_and_are_told():
    sales = em.Sales(
        orders={
            "customer": [1, 2],
            "date": ["2024-03-01"] * 2,
            "product": ["a"] * 2,
            "amount": [4, 5],
        },
        contacts={"customer": [1, 2], "email_consent": [True, None], "do_not_call": ["no", "yes"]},
        touchpoints={
            "customer": [1],
            "time": ["2024-02-01"],
            "channel": ["call"],
            "answered": [1.0],
        },
    )
    assert "2 contacts, 1 touchpoint" in repr(sales)
    assert "do_not_call" in repr(sales)
    assert "1 touchpoint" not in repr(sales.as_of("2024-01-01"))
    with pytest.raises(em.DataError, match='contacts: no column is recognised as "customer"'):
        em.Sales(contacts={"email_consent": ["yes"]})
    with pytest.raises(em.DataError, match="touchpoints"):
        em.Sales(touchpoints={"customer": [1], "time": ["2024-02-01"]})


def test_an_option_that_does_not_exist_is_answered_with_the_nearest(tmp_path):
    orders = {"customer": [1], "date": ["2024-01-05"], "amount": [1.0]}
    with pytest.raises(
        em.InvalidArgument, match="Sales: no option 'colums'; did you mean 'columns'"
    ):
        em.Sales(orders=orders, colums={})
    with pytest.raises(em.InvalidArgument, match="read: no option 'curency'; did you mean 'curr"):
        em.read(tmp_path / "not_even_there.csv", curency="EUR")
    assert "colums" not in str(inspect.signature(em.Sales))
    assert "date_format" in inspect.signature(em.Sales).parameters


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "customer,date,amount\n1,2024-01-05\n2,2024-01-06,3,4\n",
            "every row of orders was rejected; 2 lines could not be split into the file's columns: "
            "line 2: 2 fields where the header has 3",
        ),
        (
            "7,2024-01-05,1.50\n8,2024-01-06,2.50\n",
            'its columns are "7", "2024-01-05" and "1.50" (a first line of data, where the names '
            "should be?)",
        ),
        ("customer,date,amount\n", "orders has no rows; there is nothing to analyse"),
    ],
)
def test_files_without_usable_rows_say_why(tmp_path, text, message):
    path = tmp_path / "orders.csv"
    path.write_text(text)
    with pytest.raises(em.DataError) as found:
        em.read(path)
    assert message in str(found.value)


def test_a_table_without_columns_says_so():
    with pytest.raises(em.DataError, match="orders has no columns; there is nothing to analyse"):
        em.Sales(orders={})


def test_an_unknown_time_zone_is_answered_by_an_example():
    orders = {"customer": [1], "date": ["2024-01-05"], "amount": [1.0]}
    with pytest.raises(em.InvalidArgument, match="no time zone 'x'; write one of a place, as 'Eur"):
        em.Sales(orders=orders, timezone="x")
