#!/usr/bin/env python3
"""Do the scores of `declining` say who stays away, on orders they have not seen?

    PYTHONPATH=build/release/python python benchmarks/accuracy/declining.py [--data ../shared/data]

Online Retail and CDNOW are cut at a moment: scores are those of `declining` as of it, and what was
bought afterwards judges them. Customers with eight weeks of history and a repeat purchase before
the window count. Declined is who bought at most half of what his old rate would bring, the market's
own change taken out; lost purchases are what the old rate would bring less what was bought. The old
rate is the posterior mean of a gamma-Poisson model of the baseline alone. After +- stand 1.96
standard errors of a bootstrap over customers, the same resamples for all scores; "beside naive" is
the difference in AUC to the naive drop with its 95 % interval.
"""

import argparse
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln, ndtri
from scipy.stats import rankdata

import emptor as em

# First day, first day of the window, of the time after it, and the day that ends it.
SPLITS = {
    "Online Retail": ("2010-12-01", "2011-06-01", "2011-08-15", "2011-11-01"),
    "CDNOW": ("1997-01-01", "1997-11-01", "1998-02-01", "1998-05-01"),
}
RESAMPLES = 1000


def read(name: str, data: Path) -> em.Sales:
    if name == "Online Retail":
        return em.read(data / "online_retail/online_retail.csv")
    table: dict[str, list] = {"customer": [], "time": [], "quantity": [], "amount": []}
    with (data / "cdnow/CDNOW_master.txt").open() as file:
        next(file)
        for line in file:
            customer, day, quantity, amount = line.split()
            table["customer"].append(int(customer))
            table["time"].append(f"{day[:4]}-{day[4:6]}-{day[6:]}")
            table["quantity"].append(int(quantity))
            table["amount"].append(float(amount))
    table["order"], table["product"] = list(range(len(table["time"]))), ["cd"] * len(table["time"])
    return em.Sales(orders=table)


def days(text: str) -> np.datetime64:
    return np.datetime64(text, "D")


def old_rates(n: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """Posterior means of rates, gamma by maximum likelihood of counts that are at least one."""

    def loss(x: np.ndarray) -> float:
        r, alpha = np.exp(x)
        none = r * np.log(alpha / (alpha + exposure))
        value = gammaln(r + n) - gammaln(r) + none + n * np.log(exposure / (alpha + exposure))
        return -(value - np.log(-np.expm1(none))).sum()

    r, alpha = np.exp(minimize(loss, [0, np.log(50.0)], method="Nelder-Mead").x)
    return (r + n) / (alpha + exposure)


def auc(score: np.ndarray, event: np.ndarray) -> float:
    ranks, n = rankdata(score), event.sum()
    return (ranks[event].sum() - n * (n + 1) / 2) / (n * (len(event) - n))


def measure(score: np.ndarray, event: np.ndarray, lost: np.ndarray) -> np.ndarray:
    """AUC, precision and lost purchases of the tenth with the highest scores."""
    top = np.argsort(-score, kind="stable")[: round(len(score) / 10)]
    return np.array([auc(score, event), event[top].mean(), lost[top].sum()])


def alive(sales: em.Sales, horizon: str, wanted: list) -> tuple[np.ndarray, np.ndarray]:
    """1 - P(alive) and expected purchases of the purchase model alone."""
    summary = em.customers.purchase_summary(sales)
    fit = em.customers.fit_purchases(summary)
    place = {one: at for at, one in enumerate(summary["customer"].tolist())}
    at = [place[one] for one in wanted]
    expected = em.customers.expected_purchases(fit, summary, horizon=horizon)
    gone = 1 - em.customers.p_alive(fit, summary)["p_alive"][at]
    gone = np.nan_to_num(gone, nan=0.0)  # P(alive) is not defined: nobody is seen to leave
    return gone, expected["expected_purchases"][at]


def split(name: str, data: Path) -> None:
    first, window, after, until = (days(day) for day in SPLITS[name])
    sales = read(name, data)
    then = sales.as_of(str(after - 1))
    found = em.customers.declining(
        then, window=(str(window), str(after - 1)), baseline=(str(first), str(window - 1)),
        min_baseline_orders=2, all=True,
    ).select("all")  # fmt: skip
    later = em.customers.declining(
        sales.as_of(str(until - 1)), window=(str(after), str(until - 1)),
        baseline=(str(first), str(window - 1)), min_baseline_orders=2, all=True,
    ).select("all")  # fmt: skip
    came = dict(zip(later["customer"].tolist(), later["window_orders"].tolist(), strict=True))
    summary = em.customers.purchase_summary(then).select("all")
    began = dict(zip(summary["customer"].tolist(), summary["first_order"], strict=True))

    who = found["customer"].tolist()
    exposure = np.array([(window - began[one]).astype(int) - 1 for one in who], float)
    keep = (exposure >= 55) & np.array([one in came for one in who])
    n1 = (found["baseline_orders"] - 1)[keep].astype(float)
    exposure = exposure[keep]
    n2 = found["window_orders"][keep].astype(float)
    n3 = np.array([came[one] for one, kept in zip(who, keep, strict=True) if kept], float)
    rate = old_rates(n1, exposure)
    watched, ahead = float((after - window).astype(int)), float((until - after).astype(int))
    expected = rate * ahead
    event = n3 <= 0.5 * n3.sum() / expected.sum() * expected
    lost = expected - n3

    since = (after - 1 - found["last_order"]).astype(int)[keep].astype(float)
    gone, to_come = alive(
        then, f"{int(ahead)} days", [one for one, kept in zip(who, keep, strict=True) if kept]
    )
    score = found["score"][keep]
    scores = {
        "naive: drop in per cent": 1 - (n2 / watched) / (n1 / exposure),
        "days since the last order": since,
        "1 - P(alive), MBG/NBD": gone,
        "p_gap: silence in his rhythm": -ndtri(np.clip(found["p_gap"][keep], 1e-12, 1)),
        "p_steady: counts and silence": -found["p_steady"][keep],
        "probability (mixture)": found["probability"][keep] + 1e-6 * -found["drop"][keep],
        "score": score,
        "expected loss (mixture)": found["expected_lost_revenue_high"][keep]
        / found["order_value"][keep],
        "expected loss, MBG/NBD": expected - to_come,
        "score x old rate": score * rate,
    }
    random = np.random.default_rng(1)
    draws = random.integers(0, len(n1), (RESAMPLES, len(n1)))
    resampled = {
        label: np.array([measure(s[d], event[d], lost[d]) for d in draws])
        for label, s in scores.items()
    }
    naive = resampled["naive: drop in per cent"][:, 0]
    learnt = f"{found.info['score_n']} customers as of {found.info['score_window_last']}"
    print(f"\n{name}: {len(n1)} customers, {event.mean():.0%} declined; score learnt on {learnt}\n")
    print(
        "| ranked by | AUC | precision of the top tenth | lost purchases in it | AUC beside naive |"
    )
    print("|---|---|---|---|---|")
    for label, s in scores.items():
        value, drawn = measure(s, event, lost), resampled[label]
        spread = 1.96 * drawn.std(axis=0)
        low, high = np.quantile(drawn[:, 0] - naive, [0.025, 0.975])
        print(f"| {label} | {value[0]:.3f} ± {spread[0]:.3f} | {value[1]:.2f} ± {spread[1]:.2f} | "
              f"{value[2]:.0f} ± {spread[2]:.0f} | {low:+.3f} to {high:+.3f} |")  # fmt: skip
    brier = np.mean((score - event) ** 2)
    base = event.mean() * (1 - event.mean())
    cuts = np.quantile(score, [0, 0.25, 0.5, 0.75, 1])
    bins = np.clip(np.searchsorted(cuts, score, side="right") - 1, 0, 3)
    told = ", ".join(
        f"{score[bins == b].mean():.2f}/{event[bins == b].mean():.2f}" for b in range(4)
    )
    print(f"\nBrier score {brier:.4f} against {base:.4f}; said/seen by quarter of the score {told}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    for name in SPLITS:
        split(name, parser.parse_args().data)


if __name__ == "__main__":
    main()
