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


@pytest.mark.parametrize("width", [760, 330])
def test_labels_of_a_network_are_read_in_full_or_cut_at_a_word_and_lie_apart(pairs, width):
    drawn = charts.network(pairs, top=6, width=width).to_dict()
    labels = drawn["layer"][2]["data"]["values"]
    boxes = []
    for one in labels:
        text = " ".join(one["lines"])
        assert text == one["item"] or text.endswith("…")
        x, y = one["label_x"] * width / 2.3, -one["label_y"] * drawn["height"] / 2.3
        wide = max(map(len, one["lines"])) * 6.2
        boxes.append((x - wide / 2, y, x + wide / 2, y + 12 * len(one["lines"])))
        assert abs(x) + wide / 2 <= width / 2 + 1
    meet = [
        (a, b) for i, a in enumerate(boxes) for b in boxes[:i]
        if min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])
    ]  # fmt: skip
    assert not meet


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
