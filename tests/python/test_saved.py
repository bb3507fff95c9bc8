"""Frames as files: everything comes back, damage is told."""

from __future__ import annotations

import datetime
import pickle

import numpy as np
import pytest

import emptor as em


def everything() -> em.Frame:
    return em.Frame(
        {
            "real": [1.5, float("nan")],
            "whole": np.array([3, -(2**62)]),
            "truth": [True, False],
            "text": ['caf\u00e9, "x"', None],
            "day": np.array(["2011-12-09", "NaT"], "datetime64[D]"),
            "time": np.array(["2011-12-09T12:50", "NaT"], "datetime64[us]"),
            "items": [("tea", "milk"), ()],
        },
        docs={"real": "a number"},
        info={"n": 3, "share": 0.5, "yes": True, "name": "x", "e": em.Estimate(1, 0, 2, n=5)},
        hidden=["whole"],
    )


def same(a: em.Frame, b: em.Frame) -> None:
    assert a.columns == b.columns
    assert set(a.all_columns) == set(b.all_columns)
    assert a.docs == b.docs
    assert a.info == b.info
    assert a.select("all").kinds == {k: b.select("all").kinds[k] for k in a.all_columns}
    assert a.to_csv() == b.to_csv()


def test_every_kind(tmp_path) -> None:
    frame = everything()
    frame.save(tmp_path / "all.emptor")
    same(frame, em.load(tmp_path / "all.emptor"))
    same(frame, pickle.loads(pickle.dumps(frame)))
    chosen = frame.select(["text", "real"])[1:]
    chosen.save(tmp_path / "part.emptor")
    same(chosen, em.load(tmp_path / "part.emptor"))
    same(chosen, pickle.loads(pickle.dumps(chosen)))


def test_results_of_analyses(tmp_path) -> None:
    sales = em.example()
    for name, frame in {
        "together": em.mining.bought_together(sales),
        "next": em.mining.bought_next(sales, window="30 days"),
        "basket": em.mining.next_basket(sales, top=2),
        "rfm": em.customers.rfm(sales),
        "kpis": em.metrics.kpis(sales),
    }.items():
        frame.save(tmp_path / name)
        again = em.load(tmp_path / name)
        same(frame, again)
        same(frame.select("all"), again.select("all"))


def test_pickles_keep_any_info() -> None:
    frame = em.Frame({"n": [1]}, info={"when": datetime.date(2011, 12, 9)})
    assert pickle.loads(pickle.dumps(frame)).info == frame.info
    with pytest.raises(em.InvalidArgument, match="info 'when' is of type date"):
        frame.save("never-written")


def test_damage_and_foreign_files(tmp_path) -> None:
    path = tmp_path / "x"
    everything().save(path)
    good = path.read_bytes()
    for bad, text in (
        (good[:-1], "bytes after its header"),
        (good[:-1] + b"?", "its checksum is wrong"),
        (b"PK" + good, "no file of emptor's"),
        (b"", "no file of emptor's"),
    ):
        path.write_bytes(bad)
        with pytest.raises(em.FormatError, match=text):
            em.load(path)
