"""What functions of mining say: reasons, and what to write instead."""

import pytest

import emptor as em


def refused(call):
    with pytest.raises(em.InvalidArgument) as error:
        call()
    return str(error.value)


def test_a_number_where_a_span_belongs():
    sales = em.example()
    assert refused(lambda: em.mining.bought_next(sales, window=90)) == (
        'bought_next: window must have a unit, got the number 90; write "90 days"'
    )
    assert refused(lambda: em.mining.next_basket(sales, window=30)) == (
        'next_basket: window must have a unit, got the number 30; write "30 days"'
    )


def test_lists_are_no_sales():
    assert refused(lambda: em.mining.sequences([["a", "b"]])) == (
        "sequences: sales must be an emptor.Sales, got list; write em.Sales(orders=...) or "
        "em.read(...) first; for lists of items or events of your own write "
        "em.mining.sequences_in(...)"
    )


def test_offers_have_a_reason():
    sales = em.example()
    table = em.mining.offer_table(sales, min_count=10, window="60 days")
    offers = em.mining.recommend(table, basket=["Pasta"])
    reason = offers["reason"][0]
    assert reason == "of 100 baskets with Pasta, 52 hold it too (at least 49)"
    assert offers.columns.index("reason") == offers.columns.index("source") + 1
    assert len(em.mining.recommend(table, basket=["Pasta"], top=50)["reason"]) >= 1


def test_the_words_for_a_customer():
    from emptor import _wording

    row = {"because_name": "Tea", "probability": 0.12, "probability_low": 0.004,
           "source": "customer"}  # fmt: skip
    assert _wording.recommend(row) == (
        "bought Tea lately; later in 12 of 100 visits of such buyers (at least fewer than 1)"
    )


def test_variants_can_be_left_out():
    sales = em.example()
    for function in (em.mining.association_rules, em.mining.bought_together, em.mining.bought_next):
        found = function(sales, same_family=False)
        assert found.info["n_left_out"] >= 0
        assert not found.select("all")["same_family"].any()
