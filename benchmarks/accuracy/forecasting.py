#!/usr/bin/env python3
"""Accuracy and coverage on M1, Tourism and M3 (series and test periods of the competitions).

    PYTHONPATH=build/release/python python benchmarks/accuracy/forecasting.py [--model dotm]

Every frequency is forecast twice: all its series in one call (together) and each in a call of its
own (alone), because the intervals of a call are corrected over all its series. sMAPE is the mean of
200 |e| / (|y| + |f|), MASE and MSIS (95 %) are scaled by the in-sample seasonal naive error (12,
4, 1), coverage is that of the intervals of all test periods, "sums" of the test period's sum. The
numbers after +- are 1.96 standard errors over series. Options were chosen on M1 and Tourism; M3 is
reported.
"""

import argparse
import csv
import sys
from pathlib import Path

import numpy as np

import emptor as em

SEASON = {"YEARLY": 1, "QUARTERLY": 4, "MONTHLY": 12, "OTHER": 1}


def read(path: Path) -> dict[str, list[tuple[np.ndarray, np.ndarray]]]:
    series: dict[tuple[str, str], dict[str, list[float]]] = {}
    with path.open() as file:
        for row in csv.DictReader(file):
            one = series.setdefault((row["period"], row["series_id"]), {"train": [], "test": []})
            one[row["split"]].append(float(row["y"]))
    found: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    for (period, _), one in series.items():
        found.setdefault(period, []).append((np.array(one["train"]), np.array(one["test"])))
    return found


def forecasts(
    train: list[np.ndarray], together: bool, **options: object
) -> tuple[em.Frame, em.Frame]:
    """Steps and sums, as arrays by name, in the order of the series."""
    calls = [dict(enumerate(train))] if together else [{0: y} for y in train]
    steps = [em.forecasting.forecast(call, **options).select("all") for call in calls]
    sums = [em.forecasting.forecast_total(call, **options).select("all") for call in calls]

    def joined(frames: list[em.Frame]) -> dict[str, np.ndarray]:
        names = [name for name in frames[0].all_columns if name != "series"]
        return {name: np.concatenate([frame[name] for frame in frames]) for name in names}

    return joined(steps), joined(sums)


def within(table: dict, name: str, level: int, actual: np.ndarray) -> np.ndarray:
    low, high = table[f"{name}_low_{level}"], table[f"{name}_high_{level}"]
    return ((actual >= low) & (actual <= high)).astype(float)


def mean(values: np.ndarray) -> str:
    values = values[np.isfinite(values)]
    return f"{values.mean():7.3f} +- {1.96 * values.std() / np.sqrt(len(values)):.3f}"


def report(name: str, period: str, series: list, model: str, together: bool) -> list[np.ndarray]:
    m, h = SEASON[period], len(series[0][1])
    train = [y for y, _ in series]
    actual = np.concatenate([y for _, y in series])
    steps, sums = forecasts(train, together, horizon=h, season_length=m, model=model)

    def by_series(values: np.ndarray) -> np.ndarray:
        return values.reshape(len(series), h).mean(axis=1)

    scale = np.array([np.abs(y[m:] - y[:-m]).mean() for y in train])
    scale[scale == 0] = np.nan
    error = np.abs(actual - steps["forecast"])
    smape = by_series(200 * error / (np.abs(actual) + np.abs(steps["forecast"])))
    mase = by_series(error) / scale
    low, high = steps["forecast_low_95"], steps["forecast_high_95"]
    msis = high - low + 40 * (np.maximum(low - actual, 0) + np.maximum(actual - high, 0))
    total = actual.reshape(len(series), h).sum(axis=1)
    covered = [by_series(within(steps, "forecast", level, actual)) for level in (80, 95)]
    summed = [within(sums, "total", level, total) for level in (80, 95)]
    print(
        f"{name:<8} {period:<10} {len(series):5} {'together' if together else 'alone':<9}"
        f"{mean(smape)} {mean(mase)} {np.nanmean(by_series(msis) / scale):7.2f}"
        f"   {covered[0].mean():.3f} {mean(covered[1])}   {summed[0].mean():.3f} {mean(summed[1])}"
    )
    return [smape, mase]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data/forecast"))
    parser.add_argument("--model", default="auto")
    parser.add_argument("sets", nargs="*", default=["m1", "tourism", "m3"])
    arguments = parser.parse_args()
    if not arguments.data.is_dir():
        print(f"skipped: {arguments.data} is not there")
        return 0
    print(
        "set      period    series call          sMAPE            MASE          MSIS"
        "   80 %      95 %           sums 80 %   95 %"
    )
    for name in arguments.sets:
        every: list[list[np.ndarray]] = []
        for period, series in read(arguments.data / f"{name}.csv").items():
            every.append(report(name, period, series, arguments.model, together=True))
            report(name, period, series, arguments.model, together=False)
        smape, mase = (np.concatenate([one[i] for one in every]) for i in (0, 1))
        print(f"{name:<8} all        {len(smape):5}          {mean(smape)} {mean(mase)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
