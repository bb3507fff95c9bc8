"""Churn: tables of every kind in, what differs is told, probabilities and reasons out."""

from __future__ import annotations

import inspect
import pickle
from pathlib import Path

import numpy as np
import pytest

import emptor as em

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
TELCO = SHARED / "churn" / "telco_customer_churn.csv"


def table(rows: int = 600, seed: int = 1) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    calls = random.integers(0, 8, rows)
    plan = random.choice(np.array(["monthly", "yearly"], object), rows)
    z = -2 + 0.4 * calls + np.where(plan == "monthly", 1.0, -1.0)
    left = random.random(rows) < 1 / (1 + np.exp(-z))
    return {
        "id": np.arange(rows) + 5000,
        "calls": calls.astype(float),
        "plan": plan,
        "left": np.where(left, "Yes", "No").astype(object),
    }


def fitted(**options: object) -> em.customers.ChurnFit:
    return em.customers.churn(table(), target="left", id="id", **options)


def test_a_fit_tells_what_it_promises() -> None:
    fit = fitted()
    metrics = fit.metrics.to_dict("all")
    assert metrics["metric"].tolist() == ["auc", "average_precision", "brier", "log_loss", "lift"]
    assert (metrics["value_low"] <= metrics["value"]).all()
    assert (metrics["value"] <= metrics["value_high"]).all()
    assert fit.info["time_ordered"] is False
    assert "how it does later is not known" in fit.note
    assert "how it does later is not known" in repr(fit)
    assert "<table>" in fit._repr_html_()
    assert set(fit.terms["term"]) >= {"calls", "plan"}
    assert fit.term("plan")["value"].tolist() == ["monthly", "yearly"]
    assert fit.reliability["n"].sum() == 600


def test_predict_gives_a_row_per_row_with_reasons() -> None:
    found = fitted().predict(table(50, 2))
    assert len(found) == 50
    assert found["customer"].tolist() == list(range(5000, 5050))
    assert (found["probability_low"] <= found["probability"]).all()
    assert (found["probability"] <= found["probability_high"]).all()
    top = found.sort("probability", descending=True).row(0)
    assert "plan monthly (odds × " in top["reasons"]
    assert "calls 7" in top["reasons"]


def test_tables_of_every_kind_are_the_same_table() -> None:
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    expected = fitted().predict(table(40, 3))["probability"]
    for make in (pandas.DataFrame, polars.DataFrame):
        fit = em.customers.churn(make(table()), target="left", id="id")
        np.testing.assert_array_equal(fit.predict(make(table(40, 3)))["probability"], expected)


def test_columns_go_by_name_and_differences_are_told() -> None:
    fit, later = fitted(), table(5, 4)
    turned = dict(reversed(list(later.items())))
    np.testing.assert_array_equal(
        fit.predict(turned)["probability"], fit.predict(later)["probability"]
    )
    assert fit.predict(turned).info["diff"] == "columns in another order, taken by name"
    unseen = later | {"plan": np.array(["weekly"] * 5, object)}
    assert fit.predict(unseen).info["diff"] == ("5 unseen categories in 'plan', taken as missing")
    with pytest.raises(em.DataError, match="does not fit the model: missing 'calls'"):
        fit.predict({name: later[name] for name in ("id", "plan")})
    with pytest.raises(em.DataError, match="of another type 'plan'"):
        fit.predict(later | {"plan": np.arange(5.0)})


def test_the_risk_can_be_bound_to_rise() -> None:
    effect = fitted(monotone={"calls": 1}).term("calls")["effect"]
    assert (np.diff(effect) >= 0).all()


def test_logistic_coefficients_have_intervals() -> None:
    fit = fitted(model="logistic")
    terms = fit.terms.to_dict("all")
    assert terms["term"].tolist()[0] == "calls"
    assert terms["coefficient_low"][0] < 0.4 < terms["coefficient_high"][0]
    with pytest.raises(em.InvalidArgument, match="only the additive model has curves"):
        fit.term("calls")


def test_fits_are_saved_and_pickled(tmp_path: Path) -> None:
    for model in ("additive", "logistic"):
        fit = fitted(model=model)
        fit.save(tmp_path / "churn.emptor")
        for again in (em.load(tmp_path / "churn.emptor"), pickle.loads(pickle.dumps(fit))):
            assert again == fit
            assert again.metrics.to_csv() == fit.metrics.to_csv()
            assert again.info == fit.info
            later = table(30, 9)
            assert again.predict(later).to_csv(columns="all") == fit.predict(later).to_csv(
                columns="all"
            )
    data = (tmp_path / "churn.emptor").read_bytes()
    (tmp_path / "cut.emptor").write_bytes(data[:-1])
    with pytest.raises(em.FormatError):
        em.load(tmp_path / "cut.emptor")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        ({}, em.InvalidArgument, "of a table, write target="),
        ({"target": "lift"}, em.DataError, "did you mean 'left'?"),
        ({"target": "left", "horizon": "90 days"}, em.InvalidArgument,
         "horizon= is for sales, and this is a table"),
        ({"target": "left", "model": "forest"}, em.InvalidArgument,
         'model must be "additive", "logistic", "lightgbm" or "xgboost", got "forest"'),
        ({"target": "left", "folds": 1}, em.InvalidArgument, "folds must be 2 or more"),
        ({"target": "left", "level": 2.0}, em.InvalidArgument, "level must lie between 0 and 1"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(call: dict, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as raised:
        em.customers.churn(table(), **call)
    assert message in str(raised.value)


def test_ids_left_among_the_columns_are_noticed() -> None:
    rows = table(400)
    rows["phone"] = np.array([f"+44 {i}" for i in range(400)], object)
    with pytest.raises(em.DataError, match="'phone' has 400 different texts in 400 rows"):
        em.customers.churn(rows, target="left", id="id")
    em.customers.churn(rows, target="left", id="id", exclude=["phone"])


def test_of_sales() -> None:
    sales = em.example()
    fit = em.customers.churn(sales, horizon="60 days", folds=2, max_snapshots=6)
    assert fit.info["time_ordered"] is True
    assert len(fit.snapshots) == fit.info["snapshots"]
    found = fit.predict(sales)
    assert len(found) == len(em.customers.churn_features(sales))
    assert found.info["moment"] == str(sales.last_day)
    with pytest.raises(em.InvalidArgument, match="was fitted on sales; give it sales"):
        fit.predict(table())
    with pytest.raises(em.InvalidArgument, match="target= is for tables, and this is sales"):
        em.customers.churn(sales, target="left")
    with pytest.raises(em.InvalidArgument, match="was fitted on a table; give it a table"):
        fitted().predict(sales)


def test_the_signature_shows_the_defaults_of_the_core() -> None:
    parameters = inspect.signature(em.customers.churn).parameters
    for core in (em._core.customers.churn, em._core.customers.churn_table):
        text = core.__doc__.splitlines()[0]
        for name in ("model", "calibration", "folds", "level", "seed", "max_pairs", "penalty"):
            assert f" = {parameters[name].default!r}" in text, name


@pytest.mark.skipif(not TELCO.exists(), reason=f"no {TELCO}")
def test_telco_without_chosen_terms() -> None:
    fit = em.customers.churn(TELCO, target="Churn", id="customerID")
    value = dict(zip(fit.metrics["metric"], fit.metrics["value"], strict=True))
    assert fit.info["n"] == 7043
    assert value["auc"] >= 0.845
    assert value["brier"] <= 0.136


def test_value_of_a_customer_moves_the_maximum_profit() -> None:
    rows = table() | {"worth": np.full(600, 200.0)}
    same = em.customers.churn(rows, target="left", id="id", exclude=["worth"], value="worth")
    plain = fitted()
    assert same.info["value"] == "worth"
    assert plain.info["value"] == ""
    np.testing.assert_allclose(
        same.info["expected_maximum_profit"], plain.info["expected_maximum_profit"], rtol=1e-12
    )
    # Customers who are worth less than the offer are not worth a call.
    poor = em.customers.churn(
        rows | {"worth": np.full(600, 5.0)}, target="left", id="id", exclude="worth", value="worth"
    )
    assert poor.info["expected_maximum_profit"] == 0
    free = fitted(customer_value=50.0, incentive_cost=0.0, contact_cost=0.0)
    # Calling costs nothing, so everybody is called: 0.3 accept, of those who leave.
    share = free.info["n_events"] / free.info["n"]
    np.testing.assert_allclose(free.info["expected_maximum_profit"], 0.3 * 50 * share, rtol=1e-9)
    sales = em.example()
    of_sales = em.customers.churn(sales, horizon="60 days", folds=2, value="spend_365")
    assert of_sales.info["expected_maximum_profit"] > 0


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ("wort", em.DataError, "value names column 'wort', which the table does not have; did you mean 'worth'?"),
        ("plan", em.InvalidArgument, "value names 'plan', which is not a column of numbers"),
        ("gap", em.DataError, "value names column 'gap', which is missing in row 3"),
    ],
)  # fmt: skip
def test_a_value_must_be_known(value: str, error: type[Exception], message: str) -> None:
    gap = np.ones(600)
    gap[3] = np.nan
    rows = table() | {"worth": np.ones(600), "gap": gap}
    with pytest.raises(error) as raised:
        em.customers.churn(rows, target="left", id="id", value=value)
    assert message in str(raised.value)


def test_lift_says_whom_the_highest_probabilities_catch() -> None:
    fit = fitted()
    found = fit.lift
    assert found["top"][0] == pytest.approx(0.05)
    assert found["caught"][-1] == 1
    assert (np.diff(found["caught"]) >= 0).all()
    np.testing.assert_allclose(found["lift"], found["caught"] / found["top"])
    tenth = dict(zip(fit.metrics["metric"], fit.metrics["value"], strict=True))["lift"]
    assert found["lift"][1] == pytest.approx(tenth)
    assert found.info["n_events"] == fit.info["n_events"]


def test_charts_of_calibration_and_lift() -> None:
    pytest.importorskip("altair")
    fit = fitted()
    chart = em.charts.calibration(fit.reliability).to_dict()
    values = chart["layer"][1]["data"]["values"]
    assert [row["n"] for row in values] == fit.reliability["n"].tolist()
    for measure in ("caught", "lift"):
        layers = em.charts.lift(fit.lift, measure=measure).to_dict()["layer"]
        drawn = [row[measure] for row in layers[2]["data"]["values"]]
        assert drawn[-20:] == fit.lift[measure].tolist()
        blind = layers[1]["data"]["values"]
        assert blind[-1]["at"] == 1
    with pytest.raises(em.InvalidArgument, match='measure must be "caught" or "lift"'):
        em.charts.lift(fit.lift, measure="gain")


def test_a_model_of_one_column_gives_one_reason() -> None:
    rows = {name: values for name, values in table().items() if name != "plan"}
    found = em.customers.churn(rows, target="left", id="id").predict(rows)
    assert not any("None" in one or ";" in one for one in found["reasons"].tolist())
