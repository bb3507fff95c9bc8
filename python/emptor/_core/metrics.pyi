# Made by scripts/stubs; never edited.
from __future__ import annotations
import emptor._core.data
import emptor.frame
import typing

__all__: list[str] = ["explain", "kpi_names", "kpis", "movers", "revenue_bridge"]

def explain(name: str) -> str:
    """
    The definition of a key figure in words: formula, how its interval is made, what to mind.

    Raises InvalidArgument with all names for a name that is not one of them.
    """

def kpi_names() -> list[str]: ...
def kpis(
    sales: emptor._core.data.Sales,
    *,
    period: str = "month",
    by: str = "",
    level: float = 0.95,
    new_after: str = "180 days",
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    What was sold, to how many, what an order is worth, who comes back, and how that compares.

    A row is a period (and group): totals, ratios and means with interval, and beside each its
    change against the period before and the same one a year before (.1 is 10 % more); a change
    whose interval holds 0 may be chance. `explain(name)` has every formula. All as of the moment.

    A period the data begin or end inside is marked incomplete and takes no part in changes. Changes
    compare equal numbers of trading days (days with an order): the first k of either period, k
    being the smaller number. A year before is the same month, quarter or year; for weeks and days
    52 weeks before, so that weekdays match. Counted totals carry n only. Ratios, means and changes
    carry intervals clustered by customer: linearised on the log scale, Student's t with
    Satterthwaite's degrees of freedom. Under 10 customers a ratio or mean is not_enough_data, under
    30 small_sample (the share of the top tenth: under 30 and under 300).

    Raises DataError without orders or for an unknown column in `by`.

    Options
    -------
    period
        calendar or fiscal, see data/period.hpp
    by
        a column of orders, customers or products; "" for all sales together
    level
        confidence of the intervals
    new_after
        Who is new is undefined for this long after the data begin: nobody knows
        who bought before.
    """

def movers(
    sales: emptor._core.data.Sales,
    *,
    by: str = "product",
    window: str = "90 days",
    baseline: str = "before",
    level: float = 0.95,
    min_customers: int = 10,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Which items sell for more or for less than before, and how surely.

    A row is an item: `change` is its net revenue in the window less that in the baseline, with
    interval; of the items with `q_value` at most .05, at most 5 % have not really moved.

    Customers are the unit: a change is a sum over customers, its variance the sum of their squared
    contributions, as if each customer had come a Poisson number of times (the clustered "sandwich"
    of a total). What one customer did is therefore never a sure change. Says nothing about why: a
    season moves items too; compare with baseline "year" where there is one.

    Raises InvalidArgument for options or views that make no sense.

    The same on the net revenue of goods known at the moment. Raises also DataError if there are no
    orders, no such column, or the data do not reach back to the baseline.

    Options
    -------
    window
        ends at the moment
    by
        "product" or any column of orders, products or customers
    level
        confidence of the intervals
    min_customers
        who bought in either window; fewer are not tested
    """

def revenue_bridge(
    sales: emptor._core.data.Sales,
    *,
    window: str = "90 days",
    baseline: str = "before",
    new_after: str = "180 days",
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Revenue changed between two windows: how much of that is whose doing?

    A row is a step from `baseline_revenue` to `revenue` (both in info); `amount` is what it adds,
    and the amounts add up to the difference exactly. The steps are customers who are new, came
    back, bought more, bought less or stopped, and goods given back. Customers are sorted by what
    they paid for goods before returns; the amounts are sums, so they carry n and no interval, and
    say what happened, not why.

    Raises DataError without orders, or if the data begin after the baseline.

    Options
    -------
    window
        ends at the moment
    new_after
        With less data than this before the window, who is new is not known; the
        step's status is then extrapolated: at most that much is new, the rest
        had only not been seen.
    """
