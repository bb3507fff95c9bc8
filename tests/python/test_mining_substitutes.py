"""What is bought instead of each other: Sales in, a Frame out, an answer to every bad argument."""

import numpy as np
import pytest

import emptor as em
from emptor import mining


def shop(seed=1, last=360):
    """Customers who come for a breakfast or for a dinner; tea or coffee is a choice."""
    rng = np.random.default_rng(seed)
    kinds = {
        "breakfast": ["tea", "coffee", *(f"breakfast {i}" for i in range(9))],
        "dinner": ["wine", "beer", *(f"dinner {i}" for i in range(9))],
    }
    rows = []
    for customer in range(250):
        day = int(rng.integers(0, 10))
        while day < 360:
            for kind, items in kinds.items():
                share = 0.28 if rng.random() < 0.5 else 0.05
                taken = [item for item in items if rng.random() < share]
                if kind == "breakfast" and {"tea", "coffee"} <= set(taken) and rng.random() < 0.9:
                    taken.remove("tea" if rng.random() < 0.5 else "coffee")
                rows += [(customer, day, item, kind) for item in taken]
            day += int(rng.integers(2, 12))
    rows = [row for row in rows if row[1] < last]
    customer, day, item, kind = (np.array(x) for x in zip(*rows, strict=True))
    kind_of = dict(zip(item.tolist(), kind.tolist(), strict=True))
    return em.Sales(
        orders={
            "order": customer * 1000 + day,
            "customer": customer,
            "product": item,
            "time": np.datetime64("2023-01-01") + day.astype("timedelta64[D]"),
            "quantity": np.ones(len(item)),
            "amount": np.ones(len(item)),
            "store": np.where(customer % 2 == 0, "north", "south"),
        },
        products={"product": list(kind_of), "kind": list(kind_of.values())},
    )


@pytest.fixture(scope="module")
def sales():
    return shop()


def test_finds_the_choice_and_nothing_else(sales):
    found = mining.substitutes(sales)
    proven = [row for row in found.select("all").rows() if row["grade"] == "proven"]
    assert [{row["name_a"], row["name_b"]} for row in proven] == [{"tea", "coffee"}]
    (row,) = proven
    assert row["ratio_high"] < 0.5
    assert row["ratio_low"] <= row["ratio"] <= row["ratio_high"]
    assert row["occasion"] == "same"
    assert row["companions"] > 0.5
    assert row["availability_seen"]
    # Nothing was ever missing, so nobody could be seen to switch.
    assert row["switched_status"] == "not_enough_data"
    assert found.info["n_proven"] == 1
    assert found.info["n_testable"] == 22 * 21 // 2
    assert 0.9 < found.info["ratio_all"] < 1.1


def test_complements_and_columns_to_stay_within(sales):
    together = mining.substitutes(sales, relation="complements", item="kind")
    assert together.info["item"] == "kind"
    within = mining.substitutes(sales, within="kind", all_pairs=True)
    assert within.info["n_testable"] == 2 * 11 * 10 // 2
    assert all(("dinner" in r["name_a"] or r["name_a"] in ("wine", "beer"))
               == ("dinner" in r["name_b"] or r["name_b"] in ("wine", "beer"))
               for r in within.rows())  # fmt: skip
    both = mining.substitutes(sales, relation="complements")
    assert both.info["n_proven"] > 20


def test_places_are_judged_apart(sales):
    apart = mining.substitutes(sales, place="store").select("all")
    whole = mining.substitutes(sales).select("all")
    # Every customer keeps to one store, so the same visits are compared.
    assert apart.info["n_visits_compared"] == whole.info["n_visits_compared"]
    # What is on sale is judged apart: a first or last sale in one store alone leaves a visit out.
    (one, *_), (both, *_) = apart.rows(), whole.rows()
    assert (one["name_a"], one["name_b"]) == (both["name_a"], both["name_b"])
    assert 0.9 * both["expected"] < one["expected"] <= both["expected"] * 1.05


def test_any_number_of_threads_gives_the_same_bits(sales):
    one = mining.substitutes(sales, all_pairs=True, threads=1).select("all")
    two = mining.substitutes(sales, all_pairs=True, threads=2).select("all")
    assert len(one) > 100
    for column in one.columns:
        assert list(map(str, one[column])) == list(map(str, two[column]))


def test_what_lies_after_the_moment_changes_nothing():
    then = mining.substitutes(shop().as_of("2023-08-31"), all_pairs=True).select("all")
    alone = mining.substitutes(shop(last=243), all_pairs=True).select("all")
    assert 100 < len(then) == len(alone)
    for column in ("name_a", "name_b", "n_together", "expected", "p_value", "q_value", "occasion"):
        assert list(map(str, then[column])) == list(map(str, alone[column]))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"relation": "rivals"}, "relation: 'rivals' is not a relation of two items"),
        ({"period": "often"}, "period"),
        ({"min_customers": 1}, "substitutes: min_customers must be at least 2, got 1"),
        ({"min_effect": 1.0}, "substitutes: min_effect must be a share from 0 to below 1"),
        ({"within": "knid"}, "substitutes: within: no column 'knid' of products; there are kind"),
        ({"place": "stroe"}, "substitutes: no column 'stroe' in orders, customers or products"),
        ({"item": "knid"}, "did you mean"),
        ({"min_custmers": 5}, "no argument 'min_custmers'"),
    ],
)
def test_wrong_arguments_are_named(sales, arguments, message):
    with pytest.raises(em.Error) as raised:
        mining.substitutes(sales, **arguments)
    assert message in str(raised.value)
