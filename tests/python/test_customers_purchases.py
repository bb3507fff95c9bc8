"""Purchase models from Python: summaries of every kind in, frames out, words, files, pickles."""

import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

import emptor as em

CDNOW = Path(__file__).resolve().parents[3] / "shared/data/cdnow/cdnow_customers_summary.csv"
MBG = [0.52484, 6.18298, 0.89136, 1.61401]


@pytest.fixture(scope="module")
def sales():
    return em.example()


@pytest.fixture(scope="module")
def cdnow():
    if not CDNOW.exists():
        pytest.skip(f"no {CDNOW}")
    return pd.read_csv(CDNOW)


@pytest.fixture(scope="module")
def fit(cdnow):
    return em.customers.fit_purchases(cdnow, unit="weeks")


def test_summary_equals_pandas(sales):
    lines = sales.orders_clean().select("all").to_pandas()
    lines = lines[lines["customer"].notna()]
    bought = lines[~lines[["is_return", "undone", "free", "not_goods"]].any(axis=1)]
    days = bought.groupby(["customer", "day"])["amount"].sum().reset_index()
    table = days.groupby("customer")["day"].agg(["nunique", "min", "max"])
    found = em.customers.purchase_summary(sales, unit="days").to_pandas().set_index("customer")
    assert found.index.tolist() == table.index.tolist()
    assert found["frequency"].tolist() == (table["nunique"] - 1).tolist()
    first, last = pd.to_datetime(table["min"]), pd.to_datetime(table["max"])
    assert found["recency"].tolist() == (last - first).dt.days.tolist()
    assert found["T"].tolist() == (pd.Timestamp(sales.last_day) - first).dt.days.tolist()
    later = days[days["day"] > days["customer"].map(table["min"])]
    mean = later.groupby("customer")["amount"].mean().reindex(found.index)
    np.testing.assert_allclose(found["monetary_value"], mean, rtol=1e-12)


def test_the_future_does_not_move_a_holdout(sales):
    held = em.customers.purchase_summary(sales, holdout="26 weeks")
    then = em.customers.purchase_summary(sales.as_of(held.info["moment"]))
    for name in ("customer", "frequency", "recency", "T", "monetary_value"):
        np.testing.assert_array_equal(held[name], then[name])
    assert held.info["holdout_T"] == 26
    whole = em.customers.purchase_summary(sales).to_pandas().set_index("customer")["frequency"]
    frame = held.to_pandas().set_index("customer")
    grown = whole.reindex(frame.index) - frame["frequency"]
    # Returns after the cut may undo purchases before it; none of the holdout's are lost.
    assert (frame["holdout_frequency"] >= grown).all()
    with pytest.raises(em.InvalidArgument, match="leaves nothing before it"):
        em.customers.purchase_summary(sales, holdout="20 years")


def test_fit_of_every_kind_of_table(cdnow, fit):
    names = {"frequency": "x", "recency": "t.x", "T": "T.cal"}
    others = [
        pl.from_pandas(cdnow),
        cdnow.rename(columns=names),
        {k: cdnow[k].to_numpy() for k in names},
        {k: cdnow[k].tolist() for k in names},
        em.Frame({k: cdnow[k].to_numpy() for k in names}, info={"unit": "weeks"}),
    ]
    assert fit.parameters == pytest.approx(dict(zip(["r", "alpha", "a", "b"], MBG, strict=True)),
                                           rel=1e-4)  # fmt: skip
    for table in others:
        unit = None if isinstance(table, em.Frame) else "weeks"
        assert em.customers.fit_purchases(table, unit=unit) == fit


def test_results_say_whose_they_are(cdnow, fit, sales):
    alive = fit.p_alive(cdnow, unit="weeks")
    assert alive["customer"].tolist() == cdnow["ID"].tolist()
    indexed = fit.p_alive(cdnow.set_index("ID"), unit="weeks")
    assert indexed["customer"].tolist() == cdnow["ID"].tolist()
    texts = cdnow.assign(ID="c" + cdnow["ID"].astype(str)).set_index("ID")
    assert fit.p_alive(texts, unit="weeks")["customer"][0] == "c1"
    s = em.customers.purchase_summary(sales)
    ahead = em.customers.expected_purchases(fit, s, "39 weeks")
    np.testing.assert_array_equal(ahead["customer"], s["customer"])
    assert ahead.info["total"] == pytest.approx(ahead["expected_purchases"].sum())


def test_weeks_and_days(cdnow, fit):
    days = cdnow.assign(recency=7 * cdnow["recency"], T=7 * cdnow["T"])
    other = em.customers.fit_purchases(days, unit="days")
    a = fit.expected_purchases(cdnow, "273 days", unit="weeks")
    b = other.expected_purchases(days, "39 weeks", unit="days")
    np.testing.assert_allclose(a["expected_purchases"], b["expected_purchases"], rtol=1e-6)
    np.testing.assert_allclose(
        fit.p_alive(days, unit="days")["p_alive"], fit.p_alive(cdnow, unit="weeks")["p_alive"],
        rtol=1e-12,
    )  # fmt: skip


def test_saved_and_pickled(fit, tmp_path):
    assert pickle.loads(pickle.dumps(fit)) == fit
    fit.save(tmp_path / "fit.emptor")
    loaded = em.load(tmp_path / "fit.emptor")
    assert isinstance(loaded, em.customers.PurchaseFit)
    assert loaded == fit
    np.testing.assert_array_equal(loaded.log_covariance, fit.log_covariance)
    assert repr(loaded) == repr(fit)
    data = bytearray((tmp_path / "fit.emptor").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "broken.emptor").write_bytes(bytes(data))
    with pytest.raises(em.FormatError):
        em.load(tmp_path / "broken.emptor")


def test_repr(fit):
    lines = repr(fit).splitlines()
    assert lines[0] == (
        "PurchaseFit mbgnbd: 2,357 customers, 946 with repeat purchases, times in weeks"
    )
    assert lines[1] == "log-likelihood -9582.13, AIC 19172.27, BIC 19195.33; status ok"
    assert lines[3].split()[0] == "r"


def test_nobody_leaves(sales):
    s = em.customers.purchase_summary(sales)
    fit = em.customers.fit_purchases(s)
    assert (fit.model, fit.info["asked"], fit.status) == ("nbd", "mbgnbd", "boundary")
    assert fit.reason == (
        "these data show no permanent leaving; P(alive) cannot rank the customers"
    )
    alive = fit.p_alive(s)
    assert np.isnan(alive["p_alive"]).all() and set(alive["status"]) == {"undefined"}
    assert (fit.expected_purchases(s, "1 month")["expected_purchases"] > 0).all()


def test_nobody_bought_twice():
    fit = em.customers.fit_purchases({"frequency": [0, 0], "recency": [0, 0], "T": [5, 6]},
                                     unit="weeks")  # fmt: skip
    assert (fit.status, fit.reason) == ("not_enough_data", "nobody bought twice")
    ahead = fit.expected_purchases({"frequency": [0], "recency": [0], "T": [5]}, unit="weeks")
    assert np.isnan(ahead["expected_purchases"]).all()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"frequency": [1], "recency": [2]}, "fit_purchases: no column 'T'"),
        ({"frequency": [1.5], "recency": [2], "T": [3]},
         "fit_purchases: frequency is 1.5 in row 0; it counts purchases after the first"),
        ({"frequency": [0, np.nan], "recency": [0, 2], "T": [3, 3]},
         "fit_purchases: frequency is missing in row 1; it counts purchases after the first"),
        ({"frequency": [0, 1], "recency": [0, 4], "T": [3, 3]},
         "fit_purchases: recency 4 is greater than T 3 in row 1; both count from the first "
         "purchase"),
        ({"frequency": ["a"], "recency": [2], "T": [3]},
         "fit_purchases: frequency must hold numbers"),
    ],
)  # fmt: skip
def test_hostile_tables(table, message):
    with pytest.raises(em.InvalidArgument) as error:
        em.customers.fit_purchases(table, unit="weeks")
    assert str(error.value).startswith(message)


def test_units_and_arguments(cdnow, fit, sales):
    with pytest.raises(em.InvalidArgument, match="say what recency and T are counted in"):
        em.customers.fit_purchases(cdnow)
    s = em.customers.purchase_summary(sales)
    with pytest.raises(em.InvalidArgument, match="but the summary is in weeks; leave unit out"):
        em.customers.fit_purchases(s, unit="days")
    with pytest.raises(em.InvalidArgument, match='model must be "mbgnbd"'):
        em.customers.fit_purchases(s, model="bgbb")
    with pytest.raises(em.InvalidArgument, match="fit must be a PurchaseFit, got Frame"):
        em.customers.p_alive(s, s)
    with pytest.raises(em.InvalidArgument, match="needs log_gaps"):
        em.customers.fit_purchases(cdnow, unit="weeks", model="mbgcnbd")
    with pytest.raises(
        em.InvalidArgument, match='"bgnbd" takes positive numbers for r, alpha, a, b'
    ):
        em.customers.purchase_fit("bgnbd", [1, 2], unit="weeks")
    with pytest.raises(em.InvalidArgument, match="horizon"):
        fit.expected_purchases(s, "soon")


def test_what_is_to_come(cdnow, fit):
    chances = fit.purchase_distribution(cdnow, "39 weeks", most=3, unit="weeks")
    assert chances.columns == ["customer", "p_0", "p_1", "p_2", "p_3", "p_more"]
    np.testing.assert_allclose(sum(chances[name] for name in chances.columns[1:]), 1, rtol=1e-9)
    ahead = fit.expected_purchases(cdnow, "39 weeks", unit="weeks")
    np.testing.assert_array_equal(ahead["p_none"], chances["p_0"])
    following = fit.next_purchase(cdnow, unit="weeks")
    alive = fit.p_alive(cdnow, unit="weeks")
    np.testing.assert_allclose(following["p_never"], 1 - alive["p_alive"], atol=0.02)
    assert np.isinf(following["next_purchase"][alive["p_alive"] < 0.45]).all()
    value = fit.discounted_purchases(cdnow, discount="10 % a year", horizon="39 weeks",
                                     unit="weeks")  # fmt: skip
    assert (value["discounted_purchases"] <= ahead["expected_purchases"]).all()
    with pytest.raises(em.InvalidArgument, match='write a rate with its time, as "10 % a year"'):
        fit.discounted_purchases(cdnow, discount="10 %", unit="weeks")


def test_simulated_customers_are_a_summary(fit):
    made = fit.simulate_purchases(customers=20_000, T="78 weeks", entry="39 weeks", seed=3)
    again = em.customers.fit_purchases(made)
    for name, value in fit.parameters.items():
        row = again.table.filter(parameter=name)
        assert row["value"][0] == pytest.approx(value, rel=0.3)
    assert made["alive"].dtype == bool
    with pytest.raises(em.InvalidArgument, match="customers is 0"):
        fit.simulate_purchases(customers=0)


def test_compare_models_reads_the_holdout(fit):
    made = fit.simulate_purchases(customers=3000, T="78 weeks", holdout="26 weeks", seed=4)
    found = em.customers.compare_models(made, models=["mbgnbd", "nbd"])
    assert found["model"].tolist() == ["mbgnbd", "nbd"]
    assert found["behind"][0] == 0 and found["behind_low"][1] > 0
    assert found.info["holdout_purchases"] == made["holdout_frequency"].sum()
    plain = em.customers.compare_models(made.select(["frequency", "recency", "T"]).to_pandas(),
                                        unit="weeks", models=["nbd", "mbgnbd"])  # fmt: skip
    assert "log_score" not in plain.columns
    assert plain["model"].tolist() == ["mbgnbd", "nbd"]


def test_values_alone(cdnow, fit):
    for ask in (fit.p_alive, fit.expected_purchases):
        full, alone = ask(cdnow, unit="weeks"), ask(cdnow, unit="weeks", intervals=False)
        name = full.columns[1]
        np.testing.assert_allclose(alone[name], full[name], rtol=1e-13)
        assert np.isnan(alone[name + "_low"]).all()


@pytest.fixture(scope="module")
def told(cdnow):
    """CDNOW with a number, a category and a flag that has nothing to do with buying."""
    n = len(cdnow)
    return cdnow.assign(
        week=33 - cdnow["T"],
        kind=np.array(["web", "shop", "web", "mail"])[np.arange(n) % 4],
        flag=np.arange(n) % 5 == 0,
    )


@pytest.mark.parametrize("model", ["pnbd", "bgnbd", "mbgnbd"])
def test_covariates(told, model):
    plain = em.customers.fit_purchases(told, model=model, unit="weeks")
    fit = em.customers.fit_purchases(
        told, model=model, unit="weeks", covariates=["kind", "week", "flag"]
    )
    assert fit.table["parameter"].tolist()[4:] == [
        "buying: kind = mail", "buying: kind = shop", "buying: week", "buying: flag",
        "leaving: kind = mail", "leaving: kind = shop", "leaving: week", "leaving: flag",
    ]  # fmt: skip
    assert fit.status == "ok"
    # Eight coefficients can only help, and these hardly do.
    assert 0 < fit.log_likelihood - plain.log_likelihood < 12
    assert (fit.table["standard_error"] > 0).all()
    alive = fit.p_alive(told, unit="weeks")
    ahead = fit.expected_purchases(told, "39 weeks", unit="weeks")
    assert alive["customer"].tolist() == told["ID"].tolist()
    one = fit.expected_purchases(told.iloc[7:8], "39 weeks", unit="weeks")
    assert one["expected_purchases_low"][0] == ahead["expected_purchases_low"][7]
    shuffled = told[["flag", "T", "kind", "recency", "week", "frequency"]]
    again = fit.p_alive(shuffled, unit="weeks")
    np.testing.assert_array_equal(again["p_alive"], alive["p_alive"])
    polars = fit.p_alive(pl.from_pandas(told), unit="weeks")
    np.testing.assert_array_equal(polars["p_alive"], alive["p_alive"])


def test_covariates_of_new_customers_and_files(told, tmp_path):
    fit = em.customers.fit_purchases(told, model="pnbd", unit="weeks", covariates=["kind"])
    new = {"frequency": [0, 0], "recency": [0, 0], "T": [0, 0], "kind": ["web", "mail"]}
    ahead = fit.expected_purchases(new, "52 weeks", unit="weeks")["expected_purchases"]
    factor = np.exp(fit.parameters["buying: kind = mail"])
    assert ahead[0] != ahead[1] and factor > 0
    fit.save(tmp_path / "fit.emptor")
    loaded = em.load(tmp_path / "fit.emptor")
    assert loaded == fit and repr(loaded) == repr(fit)
    np.testing.assert_array_equal(
        loaded.expected_purchases(new, "52 weeks", unit="weeks")["expected_purchases"], ahead
    )
    assert pickle.loads(pickle.dumps(fit)) == fit
    assert fit.log_covariance.shape == (8, 8)


def test_covariates_by_what_they_act_on(told):
    fit = em.customers.fit_purchases(
        told, model="bgnbd", unit="weeks", covariates={"buying": ["week"], "spread": "week"}
    )
    assert fit.table["parameter"].tolist()[4:] == ["buying: week", "spread: week"]
    nbd = em.customers.fit_purchases(told, model="nbd", unit="weeks", covariates=["week"])
    assert nbd.table["parameter"].tolist() == ["r", "alpha", "buying: week"]


def test_covariates_refused(told):
    def fails(text, table=told, **options):
        with pytest.raises(em.InvalidArgument) as caught:
            em.customers.fit_purchases(table, unit="weeks", **options)
        assert str(caught.value).startswith(text)

    fails("fit_purchases: the summary has no column 'kin' for covariates; did you mean 'kind'?",
          covariates=["kin"])  # fmt: skip
    fails("fit_purchases: covariates act on", covariates={"spending": ["kind"]})
    fails("fit_purchases: covariates names columns of the summary", covariates=[3])
    holes = told.assign(week=told["week"].where(told.index != 5))
    fails("fit_purchases: covariate 'week' is missing in row 5", holes, covariates=["week"])
    fit = em.customers.fit_purchases(told, unit="weeks", covariates=["kind"])
    with pytest.raises(em.InvalidArgument, match="the summary has no column 'kind'"):
        fit.p_alive(told.drop(columns="kind"), unit="weeks")
    other = told.assign(kind=told["kind"].where(told.index != 9, "fax"))
    with pytest.raises(em.InvalidArgument, match="'fax' in row 9, which the fit has not seen"):
        fit.p_alive(other, unit="weeks")
    with pytest.raises(em.InvalidArgument, match="the fit has covariates; ask expected_purchases"):
        fit.expected_purchases_new(["1 week"])


def test_clv_with_covariates(told):
    told = told.assign(monetary_value=np.where(told["frequency"] > 0, 20 + told["ID"] % 30, np.nan))
    fit = em.customers.fit_purchases(told, unit="weeks", covariates=["week"])
    spend = em.customers.fit_spend(told)
    table = em.customers.clv(fit, spend, told, unit="weeks", outcomes=False)
    ahead = fit.discounted_purchases(
        told, discount="10 % a year", horizon="12 months", unit="weeks"
    )
    np.testing.assert_allclose(
        table["discounted_purchases"], ahead["discounted_purchases"], rtol=1e-5
    )
    total = table.info["total"]
    assert total.low < table["clv"].sum() < total.high
