"""Charts of mining: what they draw, on real results, and what they refuse."""

import pytest

import emptor as em
from emptor import charts


@pytest.fixture(scope="module")
def pairs():
    return em.mining.bought_together(em.example(), fdr=1)


@pytest.fixture(scope="module")
def order():
    return em.Frame(
        {"sequence": ["tea > milk", "milk", "tea > sugar + cup > milk"], "count": [9, 8, 3]}
    )


def marks(chart):
    return [layer["mark"]["type"] for layer in chart.to_dict()["layer"]]


def data(chart):
    return chart.to_dict()["data"]["values"]


def test_rules_are_points_of_support_and_lift(pairs):
    drawn = data(charts.rules(pairs, top=7))
    assert len(drawn) == 7
    for row, name_a, name_b, lift in zip(
        drawn, pairs["name_a"], pairs["name_b"], pairs["lift"], strict=False
    ):
        assert row["rule"] == f"{name_a} → {name_b}" and row["lift"] == lift


def test_a_matrix_of_pairs_has_both_halves(pairs):
    drawn = data(charts.matrix(pairs, top=5))
    cells = {(row["from"], row["to"]) for row in drawn}
    assert len(cells) == 10 and all((b, a) in cells for a, b in cells)


def test_a_network_is_the_same_every_time_and_stays_in_its_frame(pairs):
    one, two = (charts.network(pairs, top=12).to_dict() for _ in range(2))
    assert one == two
    lines, dots, _ = one["layer"]
    assert [layer["mark"]["type"] for layer in one["layer"]] == ["rule", "circle", "text"]
    assert len(lines["data"]["values"]) == 12
    places = {(p["x"], p["y"]) for p in dots["data"]["values"]}
    assert len(places) == len(dots["data"]["values"]) > 3
    assert all(abs(x) <= 1 and abs(y) <= 1 for x, y in places)


def test_sequences_flow_from_purchase_to_purchase(order):
    chart = charts.sequence_flow(order)
    assert marks(chart) == ["rule", "circle", "text"]
    lines = chart.to_dict()["layer"][0]["data"]["values"]
    assert [(line["x"], line["step"], line["customers"]) for line in lines] == [
        (1, "tea > milk", 9), (1, "tea > sugar + cup", 3), (2, "sugar + cup > milk", 3)
    ]  # fmt: skip


def test_every_chart_becomes_a_picture(pairs, order):
    for chart in (charts.rules(pairs), charts.matrix(pairs), charts.network(pairs),
                  charts.sequence_flow(order)):  # fmt: skip
        assert charts.svg(chart).startswith("<svg")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f: charts.rules(f), "charts.rules: the frame must have support, lift and excess"),
        (lambda f: charts.network(f), "charts: give a frame of association_rules, bought_together"),
        (lambda f: charts.sequence_flow(em.Frame({"a": [1]})), "give a frame of mining.sequences"),
        (
            lambda f: charts.sequence_flow(f.filter(count=8)),
            "no sequence has two purchases or more",
        ),
    ],
)
def test_other_frames_are_refused(order, call, message):
    with pytest.raises(em.InvalidArgument, match=message):
        call(order)
