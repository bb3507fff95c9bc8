"""Whom to contact, and whether it paid."""

from __future__ import annotations

import numpy as np
import pytest

import emptor as em


@pytest.fixture(scope="module")
def sales():
    return em.example()


def test_a_list_for_people(sales):
    found = em.customers.actions(sales, budget=20)
    assert len(found) == 20
    assert set(found["outcome"].tolist()) == {None}
    assert all(found["reason"].tolist())
    assert set(found["channel"].tolist()) == {"none"}
    assert found.info["consent_known"] is False
    assert found.info["last_day"] == str(sales.last_day)
    text = found.to_csv(columns=["customer", "reason", "outcome"])
    assert text.splitlines()[0] == "customer,reason,outcome"
    risk = found["value_at_risk"]
    assert (np.diff(risk) <= 0).all()


def test_the_words_say_what_the_numbers_say(sales):
    rows = em.customers.actions(sales).select("all").rows()
    for row in rows:
        assert ("orders before" in row["reason"] or "order before" in row["reason"]) == (
            row["grade"] != "due"
        )
        assert ("usually every" in row["reason"]) == row["due_now"]


def test_costs_and_consent():
    orders = em.example().orders_clean().to_pandas("all")
    tables = {"orders": orders[["order", "customer", "time", "product", "quantity", "amount"]]}
    ids = sorted(set(orders["customer"].dropna()))
    contacts = {
        "customer": ids,
        "email_consent": ["yes" if i % 2 else "no" for i in range(len(ids))],
        "phone_consent": ["no"] * len(ids),
    }
    sales = em.Sales(**tables, contacts=contacts)
    found = em.customers.actions(sales, channels={"phone": 4.0, "email": 0.5}, budget=5)
    assert len(found) == 10
    assert set(found["channel"].tolist()) == {"email"}
    allowed = {one for i, one in enumerate(ids) if i % 2}
    assert set(found["customer"].tolist()) <= allowed
    assert found.info["n_not_reachable"] > 0
    reach = em.customers.contact_channels(sales)
    assert len(reach) == len(ids)
    assert reach.info["n_not_reachable"] == len(ids) - len(allowed)


def test_a_trial_is_read_back_also_from_a_file(sales, tmp_path):
    listed = em.customers.actions(sales.as_of("2024-09-01"), budget=60, control=0.3)
    listed.save(tmp_path / "list.emptor")
    fresh = em.customers.evaluate_actions(sales, listed)
    loaded = em.customers.evaluate_actions(sales, em.load(tmp_path / "list.emptor"))
    assert fresh.to_csv() == loaded.to_csv()
    assert fresh["measure"].tolist() == ["share who bought", "purchases", "revenue"]
    assert fresh["n"][0] + fresh["n_control"][0] == len(listed)
    assert (fresh["difference_low"] <= fresh["difference"]).all()
    with pytest.raises(em.InvalidArgument, match="before the horizon is over"):
        em.customers.evaluate_actions(sales, listed, horizon="2 years")
    with pytest.raises(em.InvalidArgument, match="listed must be a Frame"):
        em.customers.evaluate_actions(sales, em.customers.rfm(sales))


def test_bad_options_are_told(sales):
    with pytest.raises(em.InvalidArgument, match="did you mean 'email'"):
        em.customers.actions(sales, channels=["emial"])
    with pytest.raises(em.InvalidArgument, match="control must lie in"):
        em.customers.actions(sales, control=1.5)
    with pytest.raises(em.InvalidArgument, match="no argument 'budgett'|unexpected keyword"):
        em.customers.actions(sales, budgett=3)
    with pytest.raises(em.DataError, match="needs the table orders"):
        em.customers.actions(em.Sales(customers={"customer": [1]}))
