"""Item sets part by part."""

import pytest

import emptor as em

LISTS = [list(range(50)), list(range(50)), [1, 2]]


def rows(frame):
    return set(zip(map(tuple, frame["items"]), frame["count"].tolist(), strict=True))


def test_parts_hold_every_set_once():
    sales = em.example()
    whole = rows(em.mining.frequent_itemsets(sales, min_count=100))
    parts = list(em.mining.itemset_chunks(sales, min_count=100, rows=100))
    assert [len(part) for part in parts[:-1]] == [100] * (len(parts) - 1)
    assert sum(len(part) for part in parts) == len(whole)
    assert set().union(*map(rows, parts)) == whole
    assert parts[0].columns == em.mining.frequent_itemsets(sales, min_count=100).columns


def test_of_too_many_sets_a_few_can_be_had():
    parts = em.mining.itemset_chunks(LISTS, min_count=2, max_items=0, rows=1000)
    first = next(parts)
    assert len(first) == 1000
    assert len(next(parts)) == 1000
    with pytest.raises(em.MemoryLimit):
        em.mining.frequent_itemsets(LISTS, min_count=2, max_items=0, memory_limit=10**9)


def test_nothing_is_no_part():
    assert list(em.mining.itemset_chunks([["a"], ["b"]], min_count=2)) == []


def test_bad_input_is_answered():
    with pytest.raises(em.InvalidArgument) as error:
        em.mining.itemset_chunks(LISTS, min_count=2, rows=0)
    assert str(error.value) == "itemset_chunks: rows is 0; write how many sets a part has"
    with pytest.raises(em.InvalidArgument, match="no argument 'row'; did you mean 'rows'"):
        em.mining.itemset_chunks(LISTS, row=3)
    with pytest.raises(em.InvalidArgument, match="item, unit, goods_only and levels are for Sales"):
        em.mining.itemset_chunks(em.baskets(LISTS), unit="day")
