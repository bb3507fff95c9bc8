"""Key figures in Python: equal to plain pandas, blind to the future, and explained."""

import datetime
import io
import pathlib

import numpy as np
import pytest

import emptor as em

SHARED = pathlib.Path(__file__).resolve().parents[2].parent / "shared" / "data"
ONLINE_RETAIL = SHARED / "online_retail" / "online_retail.csv"


@pytest.fixture(scope="module")
def sales():
    return em.example()


@pytest.fixture(scope="module")
def online_retail():
    if not ONLINE_RETAIL.exists():
        pytest.skip(f"no {ONLINE_RETAIL}")
    return em.read(ONLINE_RETAIL)


def lines_of(sales):
    """The kept lines as pandas, with the period a line or an order belongs to."""
    frame = sales.orders_clean().to_pandas("all")
    frame["counts"] = (
        ~frame["is_return"] & ~frame["undone"] & ~frame["free"] & ~frame["not_goods"]
        & (frame["amount"] > 0)
    )  # fmt: skip
    frame["month"] = frame["time"].dt.tz_convert(sales.timezone).dt.tz_localize(None)
    frame["day"] = frame["month"].dt.floor("D")
    frame["month"] = frame["month"].dt.to_period("M").dt.start_time
    return frame


def by_pandas(frame):
    """The definitions of the key figures, as group-bys."""
    pd = pytest.importorskip("pandas")
    goods = frame[~frame["not_goods"]]
    returns = goods[goods["is_return"]]
    bought = frame[frame["counts"]]
    order = bought.groupby("order").agg(
        month=("month", "min"), value=("amount", "sum"), items=("product", "nunique"),
        units=("quantity", "sum"),
    )  # fmt: skip
    known = bought[bought["customer"].notna()].copy()
    known["month"] = known["order"].map(order["month"])
    spent = known.groupby(["month", "customer"]).agg(
        paid=("amount", "sum"), days=("day", "nunique")
    )
    sold = goods[~goods["is_return"]].groupby("month")["amount"].sum()
    returned = -returns.groupby("month")["amount"].sum()
    table = pd.DataFrame({"revenue": frame.groupby("month")["amount"].sum()})
    table["returned"] = returned.reindex(table.index, fill_value=0)
    table["return_share"] = table["returned"] / sold
    by_month = order.groupby("month")
    table["orders"] = by_month.size()
    table["average_order_value"] = by_month["value"].mean()
    table["median_order_value"] = by_month["value"].median()
    table["items_per_order"] = by_month["items"].mean()
    table["units_per_order"] = by_month["units"].mean()
    table["customers"] = spent.groupby("month").size()
    table["repeat_rate"] = (spent["days"] > 1).groupby("month").mean()
    return table


@pytest.mark.parametrize("name", ["sales", "online_retail"])
def test_figures_equal_pandas(name, request):
    pytest.importorskip("pandas")
    sales = request.getfixturevalue(name)
    found = em.metrics.kpis(sales)
    expected = by_pandas(lines_of(sales))
    np.testing.assert_array_equal(found["start"], expected.index.to_numpy().astype("M8[D]"))
    for figure in expected.columns:
        np.testing.assert_allclose(
            np.ma.asarray(found[figure]).astype(float), expected[figure].to_numpy(float),
            rtol=1e-9, atol=1e-6, err_msg=figure,
        )  # fmt: skip


def test_online_retail_adds_up_to_the_file(online_retail):
    # The sum of Quantity x UnitPrice over all 541,909 rows of the file is 9,747,747.934.
    found = em.metrics.kpis(online_retail, period="year")
    assert found["revenue"].sum() == pytest.approx(9_747_747.934, abs=5e-4)
    assert found["n"].sum() == 541_909
    monthly = em.metrics.kpis(online_retail)
    assert monthly["revenue"].sum() == pytest.approx(9_747_747.934, abs=5e-4)
    assert monthly["complete"].tolist() == [True] * 12 + [False]
    assert np.isnan(monthly["revenue_change"][-1])
    assert np.isnan(monthly["revenue_year_change"]).all()  # its one December a year later is cut


def test_parts_of_revenue_add_up(sales):
    found = em.metrics.kpis(sales, period="quarter")
    parts = found["gross_revenue"] - found["discounts"] - found["returned"] + found["other_revenue"]
    np.testing.assert_allclose(parts, found["revenue"], atol=1e-9)
    assert (found["other_revenue"] > 0).all()  # a quarter of the orders pays postage


def test_groups_add_up_to_the_whole(sales):
    column = next(c for c in ("department", "category") if c in repr(sales))
    whole = em.metrics.kpis(sales)
    parts = em.metrics.kpis(sales, by=column)
    assert parts.columns[0] == column
    for start, revenue in zip(whole["start"], whole["revenue"], strict=True):
        assert parts["revenue"][parts["start"] == start].sum() == pytest.approx(revenue)


def test_intervals_and_statuses(sales):
    found = em.metrics.kpis(sales)
    for name in ("average_order_value", "median_order_value", "repeat_rate", "top_tenth_share"):
        enough = np.isin(found[name + "_status"], ["ok", "small_sample"])
        assert enough.any()
        assert (found[name + "_low"][enough] <= found[name][enough]).all()
        assert (found[name + "_high"][enough] >= found[name][enough]).all()
    wide = em.metrics.kpis(sales, level=0.99)
    assert (wide["repeat_rate_low"] < found["repeat_rate_low"]).all()
    # The shop began on 2023-01-01: until 2023-06-30 nobody knows who is new.
    fresh = np.ma.asarray(found["new_customers"])
    assert np.ma.getmaskarray(fresh)[:6].all() and not np.ma.getmaskarray(fresh)[6:].any()
    assert set(found["new_customers_status"][:6]) == {"undefined"}
    early = em.metrics.kpis(sales, new_after="1 month")
    assert np.ma.getmaskarray(np.ma.asarray(early["new_customers"])).sum() == 1
    # November and December are planted half as busy again.
    november = found.filter(start=datetime.date(2023, 11, 1))
    assert november["orders_change_low"][0] > 0


def test_as_of_is_blind_to_what_comes_after():
    rows = em.example("orders").to_dict("all")
    time_name = next(name for name in rows if np.asarray(rows[name]).dtype.kind == "M")
    after = np.asarray(rows[time_name]).astype("M8[D]") > np.datetime64("2024-03-15")
    assert 0 < after.sum() < after.size
    moved = {name: values.copy() for name, values in rows.items()}
    shuffled = np.random.default_rng(1).permutation(np.flatnonzero(after))
    for name in moved:
        if name != time_name:
            moved[name][np.flatnonzero(after)] = moved[name][shuffled]
    plain, changed = (em.Sales(orders=r).as_of("2024-03-15") for r in (rows, moved))
    for compute in (
        em.metrics.kpis,
        lambda s: em.metrics.kpis(s, period="week", by="customer"),
        em.metrics.revenue_bridge,
    ):
        left, right = compute(plain), compute(changed)
        for name in left.all_columns:
            np.testing.assert_array_equal(left[name], right[name], err_msg=name)
    assert em.Sales(orders=rows).as_of("2024-03-20") is not None
    later = em.metrics.kpis(em.Sales(orders=rows))
    assert len(later) > len(em.metrics.kpis(plain))


def test_bridge_adds_up(sales):
    found = em.metrics.revenue_bridge(sales, window="3 months")
    info = found.info
    assert round((info["revenue"] - info["baseline_revenue"]) * 10_000) == found["exact"].sum()
    quarters = em.metrics.kpis(sales, period="quarter")
    assert info["revenue"] == pytest.approx(quarters["revenue"][-1])
    assert info["baseline_revenue"] == pytest.approx(quarters["revenue"][-2])
    assert found["step"].tolist() == [
        "new_customers", "returning", "grown", "shrunk", "lost", "without_customer", "returned",
        "other",
    ]  # fmt: skip
    amount = dict(zip(found["step"], found["amount"], strict=True))
    assert amount["lost"] < 0 < amount["grown"]
    year = em.metrics.revenue_bridge(sales, window="3 months", baseline="year")
    assert year.info["baseline_revenue"] == pytest.approx(quarters["revenue"][3])


def test_explanations():
    text = em.metrics.explain("repeat_rate")
    assert text.startswith("repeat_rate = customers who ordered on two or more days")
    assert repr(text) == str(text)
    with pytest.raises(em.InvalidArgument, match=r"^explain: no key figure 'aov'; there are rev"):
        em.metrics.explain("aov")


def test_messages(sales):
    with pytest.raises(em.InvalidArgument, match=r"^period: 'monthly' is not a period; write"):
        em.metrics.kpis(sales, period="monthly")
    with pytest.raises(em.InvalidArgument, match=r"^new_after: '180' is not a length of time"):
        em.metrics.kpis(sales, new_after="180")
    with pytest.raises(em.DataError, match=r"^kpis: no column 'regoin'"):
        em.metrics.kpis(sales, by="regoin")
    with pytest.raises(em.InvalidArgument, match=r"^revenue_bridge: baseline must be"):
        em.metrics.revenue_bridge(sales, baseline="last")
    with pytest.raises(em.DataError, match=r"^revenue_bridge: the data begin on"):
        em.metrics.revenue_bridge(sales, window="2 years")
    with pytest.raises(em.InvalidArgument, match=r"^kpis: no argument 'perod'"):
        em.metrics.kpis(sales, perod="month")


def test_one_line_of_data():
    one = em.read(io.StringIO("order,customer,product,date,amount\n1,a,p,2021-03-01,5.00\n"))
    found = em.metrics.kpis(one)
    assert found["revenue"].tolist() == [5.0]
    assert found["average_order_value_status"].tolist() == ["not_enough_data"]
    assert np.isnan(found["average_order_value"][0])


def test_same_bits_on_any_number_of_threads(sales):
    one = em.metrics.kpis(sales, by="customer", threads=1)
    for threads in (2, 3, 8):
        other = em.metrics.kpis(sales, by="customer", threads=threads)
        for name in one.all_columns:
            np.testing.assert_array_equal(one[name], other[name], err_msg=name)


@pytest.mark.parametrize(
    "period",
    [
        "week from Sunday",
        "quarter from February",
        "month of 4-4-5 years to the last Saturday of January",
        "month of 4-5-4 years to the Saturday nearest the end of January",
    ],
)
def test_periods_of_a_firms_own_year_go_through_all_that_takes_periods(period):
    sales = em.example()
    series = sales.series(period=period)
    assert series.info["period"] == period
    assert np.isclose(series["y"].sum(), sales.series(period="year")["y"].sum())
    starts = series["start"].astype("datetime64[D]")
    weekdays = {int(day) for day in (starts.astype(np.int64) + 3) % 7}
    assert "quarter" in period or weekdays == {6}
    months = em.metrics.kpis(sales, period=period)
    assert np.isclose(months["revenue"].sum(), series["y"].sum())
    forecast = em.forecasting.forecast(series, horizon=2)
    assert forecast.info["period"] == period
    assert forecast["start"][0] > starts[-1] or not series["complete"][-1]
    # The same from a table of dates, told the period.
    table = {"ds": starts + np.timedelta64(1, "D"), "y": np.array(series["y"])}
    again = em.forecasting.forecast(table, horizon=2, period=period)
    assert again["start"][0] > starts[-1]
    assert em.customers.retention(sales, period=period).info["period"] == period
