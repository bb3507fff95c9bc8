"""Counterfactuals of churn: the words, what is fixed, directions, and that they come true."""

from __future__ import annotations

import re

import numpy as np
import pytest

import emptor as em


def table(rows=1500, seed=1):
    random = np.random.default_rng(seed)
    calls = random.integers(0, 8, rows).astype(float)
    plan = random.choice(np.array(["monthly", "yearly"], object), rows)
    age = random.normal(40, 10, rows).round()
    z = -2 + 0.5 * calls + np.where(plan == "monthly", 1.0, -1.0) - 0.03 * (age - 40)
    left = random.random(rows) < 1 / (1 + np.exp(-z))
    return {
        "id": np.arange(rows) + 5000, "calls": calls, "plan": plan, "age": age,
        "left": np.where(left, "Yes", "No").astype(object),
    }  # fmt: skip


@pytest.fixture(scope="module")
def fit():
    return em.customers.churn(table(), target="left", id="id")


def applied(data, found):
    """The rows of the table that have an answer, with the changes made."""
    rows = {name: values.copy() for name, values in data.items()}
    chosen = []
    columns = found.to_dict("all")
    for i, customer in enumerate(columns["customer"]):
        if columns["changes"][i] == 0:
            continue
        at = int(customer) - 5000
        chosen.append(i)
        for k in (1, 2, 3):
            name, to = columns[f"change_{k}"][i], str(columns[f"change_{k}_to"][i])
            if not name:
                continue
            if match := re.match(r"(at most|above) (.*)", to):
                edge = float(match[2])
                rows[name][at] = edge if match[1] == "at most" else np.nextafter(edge, np.inf)
            else:
                rows[name][at] = to
    return rows, chosen


def test_they_come_true_in_the_model(fit):
    data = table()
    found = fit.counterfactuals(data, threshold=0.3, fixed=["age"])
    scores = fit.predict(data)["probability"]
    assert len(found) + found.info["n_below"] == 1500
    assert len(found) == (scores > 0.3).sum()
    rows, chosen = applied(data, found)
    assert len(chosen) > 300
    again = dict(zip(range(5000, 6500), fit.predict(rows)["probability"], strict=True))
    after = found["probability_after"]
    for i in chosen:
        assert again[int(found["customer"][i])] == pytest.approx(after[i], abs=1e-12)
        assert after[i] <= 0.3
    assert not {"age"} & set(found.select("all")["change_1"].tolist())


def test_words(fit):
    found = fit.counterfactuals(table(), threshold=0.2)
    texts = found["change"].tolist()
    pattern = r"with .+ \(now .+\)( and .+ \(now .+\))? the model would say \d+ %"
    assert all(re.fullmatch(pattern, one) for one in texts if one.startswith("with"))
    assert any("plan yearly (now monthly)" in one for one in texts)
    assert any("calls at most " in one for one in texts)
    assert found.columns == ["customer", "probability", "probability_after", "changes", "change"]
    none = fit.counterfactuals(table(), threshold=0.2, fixed=["calls", "plan", "age"])
    assert set(none["change"].tolist()) == {"no change of these columns gets there"}
    assert np.isnan(none["probability_after"]).all()
    assert set(none.select("all")["status"].tolist()) == {"undefined"}


def test_without_a_threshold_it_is_the_share_who_left(fit):
    found = fit.counterfactuals(table())
    assert found.info["threshold"] == pytest.approx(fit.info["n_events"] / fit.info["n"])


def test_directions_hold_numbers_to_one_way(fit):
    up = fit.counterfactuals(table(), threshold=0.3, directions={"age": 1}, max_changes=3)
    columns = up.to_dict("all")
    seen = 0
    for k in (1, 2, 3):
        to = columns[f"change_{k}_to"][columns[f"change_{k}"] == "age"].tolist()
        assert all(one.startswith("above") for one in to)
        seen += len(to)
    assert seen > 10


def test_a_monotone_fit_only_asks_for_what_helps():
    bound = em.customers.churn(table(), target="left", id="id", monotone={"calls": 1})
    columns = bound.counterfactuals(table(), threshold=0.3).to_dict("all")
    for k in (1, 2):
        to = columns[f"change_{k}_to"][columns[f"change_{k}"] == "calls"].tolist()
        assert to == [] or all(one.startswith("at most") for one in to)


def test_of_sales():
    sales = em.example()
    fit = em.customers.churn(sales, horizon="60 days", folds=2, max_snapshots=6)
    found = fit.counterfactuals(sales, threshold=0.05, fixed=["tenure_days"])
    scores = fit.predict(sales)
    assert len(found) == (scores["probability"] > 0.05).sum()
    assert set(found["customer"].tolist()) <= set(scores["customer"].tolist())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fixed": ["agee"]}, "fixed names 'agee', which is not a column of the model; it has calls, plan, age"),
        ({"directions": {"plan": 1}}, "directions of 'plan' must be 1 (up) or -1 (down), of a column of numbers"),
        ({"directions": {"age": 2}}, "directions of 'age' must be 1 (up) or -1 (down)"),
        ({"max_changes": 4}, "max_changes must be 1 to 3, found 4"),
        ({"threshold": 1.5}, "threshold must lie between 0 and 1, as 0.2"),
        ({"threshold": 0}, "threshold must lie between 0 and 1, as 0.2"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(fit, options, message):
    with pytest.raises(em.InvalidArgument) as raised:
        fit.counterfactuals(table(), **options)
    assert message in str(raised.value)


def test_other_models_are_refused():
    fit = em.customers.churn(table(), target="left", id="id", model="logistic")
    with pytest.raises(em.InvalidArgument, match="only the additive model can be searched"):
        fit.counterfactuals(table())
