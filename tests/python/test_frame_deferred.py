"""Frames whose columns are written when they are first read."""

import pickle
import threading

import numpy as np
import pytest

import emptor as em
from emptor import mining


def baskets(seed=3, n=400):
    rng = np.random.default_rng(seed)
    return [sorted(set(rng.integers(0, 12, rng.integers(1, 9)).tolist())) for _ in range(n)]


def sets():
    return mining.frequent_itemsets(baskets(), min_count=3, max_items=0, threads=2)


def rules():
    found = sets()
    items = found["items"]
    return mining.rules_of_itemsets(
        items.offset, items.codes, found["count"], 400, measures=["lift", "confidence"]
    )


def equal(left, right):
    assert left.all_columns == right.all_columns
    assert left.columns == right.columns
    assert len(left) == len(right)
    for name in left.all_columns:
        a, b = left[name], right[name]
        if hasattr(a, "offset"):
            assert a.tolist() == b.tolist()
        else:
            np.testing.assert_array_equal(a, b)


@pytest.fixture(params=[sets, rules])
def made(request):
    return request.param


def test_any_part_that_is_read_first_is_a_part_of_the_whole(made):
    whole = pickle.loads(pickle.dumps(made()))
    assert len(whole) > 300
    for begin, end in [(0, 10), (5, 6), (37, 200), (0, len(whole)), (len(whole) - 3, len(whole)),
                       (7, 7)]:  # fmt: skip
        equal(made()[begin:end], whole[begin:end])
        equal(made()[begin:end][1:4], whole[begin:end][1:4])
    rows = np.arange(len(whole)) % 3 == 0
    equal(made().filter(rows), whole.filter(rows))
    equal(made()[::-2], whole[::-2])
    equal(made().tail(4), whole.tail(4))
    for name in whole.all_columns:
        frame = made()
        first = frame[name]  # before any other
        if not hasattr(first, "offset"):
            np.testing.assert_array_equal(first, whole[name])
        equal(frame, whole)
        equal(made().select([name]).head(), whole.select([name]).head())


def test_reading_twice_gives_the_same_memory(made):
    frame = made()
    for name in frame.all_columns:
        if frame.select([name]).kinds[name] in ("int64", "float64"):
            assert np.shares_memory(frame[name], frame[name])
            assert np.shares_memory(frame[name], frame[5:][name])
            assert not frame[name].flags.writeable


def test_values_outlive_the_frame(made):
    name = made().columns[-1]
    values = made()[name]
    np.testing.assert_array_equal(values, made()[name])


def test_many_short_looks_are_written_once(made):
    frame = made()
    column = frame.columns[-1]
    looks = [frame[i : i + 1] for i in range(60)]
    assert not np.shares_memory(looks[0][column], frame[column])
    whole = frame[column]
    assert np.shares_memory(whole, looks[55][column])
    np.testing.assert_array_equal([look[column][0] for look in looks], whole[:60])


def test_other_columns_and_libraries_see_the_values(made, tmp_path):
    frame = made()
    more = frame.with_column("number", np.arange(len(frame)), after=frame.columns[0])
    assert more.columns[1] == "number"
    for name in frame.all_columns:
        np.testing.assert_equal(list(more[name]), list(frame[name]))
    assert more.head(3)["number"].tolist() == [0, 1, 2]
    made().save(tmp_path / "it")
    equal(em.load(tmp_path / "it"), frame)
    assert made().to_csv() == frame.to_csv()
    assert repr(made()) == repr(frame)
    polars = pytest.importorskip("polars")
    assert made().to_polars().equals(frame.to_polars())
    assert polars.DataFrame(made()).height == len(frame)


def test_names_and_ids_of_sales():
    sales = em.example()
    whole = pickle.loads(pickle.dumps(mining.frequent_itemsets(sales, min_items=2)))
    assert whole.columns[0] == "names"
    for first in ("names", "items"):
        frame = mining.frequent_itemsets(sales, min_items=2)
        assert frame[first].tolist() == whole[first].tolist()
        equal(frame, whole)


def test_several_threads_may_read_it(made):
    frame, expected, seen = made(), made(), []
    names = frame.all_columns

    def read(name):
        values = frame[name]
        seen.append((name, values.tolist()))

    threads = [threading.Thread(target=read, args=(name,)) for name in names * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == len(threads)
    for name, values in seen:
        np.testing.assert_equal(values, expected[name].tolist())


def test_what_cannot_be_is_refused_at_the_call():
    with pytest.raises(em.MemoryLimit, match="sets were found"):
        mining.frequent_itemsets(
            [list(range(22))], min_count=1, max_items=0, memory_limit=50_000_000
        )
    with pytest.raises(em.InvalidArgument, match="no measure 'lit'"):
        mining.rules_of_itemsets([0, 1, 2, 4], [0, 1, 0, 1], [6, 5, 4], 10, measures="lit")
