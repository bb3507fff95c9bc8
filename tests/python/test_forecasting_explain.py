"""Why a forecast differs from the last one."""

import numpy as np
import pytest

import emptor as em


@pytest.fixture(scope="module")
def account():
    sales = em.example()
    then = sales.as_of("2024-08-31").series(period="month", value="amount")
    now = sales.as_of("2024-10-31").series(period="month", value="amount")
    return then, now, em.forecasting.explain(now, then, horizon=2)


def test_the_amounts_add_up_to_the_new_forecast(account):
    then, now, found = account
    old = em.forecasting.forecast(then, horizon=4)
    new = em.forecasting.forecast(now, horizon=2)
    for step in (1, 2):
        part = found.filter(step=step)
        causes = part["cause"].tolist()
        assert causes == ["before", "restated", "new_period", "new_period", "now"]
        amounts = part["amount"]
        assert amounts[0] == old["forecast"][step + 1]
        assert amounts[-1] == new["forecast"][step - 1]
        assert np.isclose(amounts[:-1].sum(), amounts[-1])
        assert part["start"][0] == new["start"][step - 1]


def test_it_is_said_in_words(account):
    reasons = account[2]["reason"].tolist()
    assert reasons[0] == "the forecast as it was made then"
    assert reasons[2].startswith("September 2024 brought ")
    assert " where " in reasons[2] and reasons[2].endswith(" was expected")
    assert reasons[4] == "the forecast as it is made now"


def test_plain_arrays_and_dicts_are_matched_by_place_and_name():
    y = [float(20 + i % 5) for i in range(30)]
    found = em.forecasting.explain(y, y[:28], horizon=1, model="naive")
    assert found["cause"].tolist() == ["before", "restated", "new_period", "new_period", "now"]
    assert found["reason"].tolist()[2] == "one more period brought 23 where 22 was expected"
    by_name = em.forecasting.explain({"b": y, "a": y[:20]}, {"a": y[:20]}, horizon=1)
    kinds = dict.fromkeys(zip(by_name["series"], by_name["cause"].tolist(), strict=True))
    assert ("b", "new_series") in kinds and ("a", "restated") in kinds


def test_the_wrong_way_round_is_told(account):
    then, now, _ = account
    with pytest.raises(em.InvalidArgument, match="are the two exchanged"):
        em.forecasting.explain(then, now)


def test_the_account_is_drawn_as_a_waterfall(account):
    pytest.importorskip("altair")
    chart = em.charts.forecast_change(account[2], step=2).to_dict()
    bars = chart["data"]["values"]
    assert bars[0]["step"] == "forecast then"
    assert bars[-1]["step"] == "forecast now"
    assert np.isclose(bars[-1]["to"], account[2].filter(step=2)["amount"][-1])
    with pytest.raises(em.InvalidArgument, match="step is 9"):
        em.charts.forecast_change(account[2], step=9)
