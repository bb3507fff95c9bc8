# Made by scripts/stubs; never edited.
from __future__ import annotations
import emptor._core.data
import emptor.frame
import typing

__all__: list[str] = [
    "customer_history",
    "customer_products",
    "declining",
    "rfm",
    "rfm_cuts",
    "rfm_segments",
]

def customer_history(
    sales: emptor._core.data.Sales,
    customer: str | int,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    What has one customer done, day by day?

    `customer` is an id, or a name only one customer has. A row is a day with any order line: what
    was bought and kept as of the moment, what came back, and the days since the purchase before.
    Beside it the rhythm: the usual gap, the days since the last purchase, and the share of the
    customer's own gaps that were shorter. These numbers describe; `declining` says whether a
    silence is unusual.

    Raises InvalidArgument if no customer has that id or name, or several have the name; DataError
    without orders.
    """

def customer_products(
    sales: emptor._core.data.Sales,
    customer: str | int,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    What does one customer buy, and how often? Goods bought for money and kept, the favourite first.

    Raises as customer_history.
    """

def declining(
    sales: emptor._core.data.Sales,
    *,
    window: typing.Any = "90 days",
    baseline: typing.Any = "180 days",
    min_drop: float = 0.5,
    min_baseline_orders: int = 3,
    relative_to: str = "peers",
    fdr: float = 0.05,
    fdr_likely: float = 0.2,
    watch: int = 50,
    all: bool = False,
    level: float = 0.95,
    likelihood_drop: float = 2.0,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Who buys less than before, how sure that is, and what it costs.

    A row is a customer: `drop` is the share of the buying rate that is gone (1 has stopped, under 0
    buys more), `expected_lost_revenue` what that costs over the next window, both with interval,
    and `reason` says what was seen. `list` says how sure it is: on average at most 5 % of the
    proven and 20 % of the likely have not fallen by `min_drop`; watch are the others with most to
    lose, so that there is work even when nothing is proven. A drop relative to "peers" is one
    against the median customer, the market's own change taken out; "own" takes nothing out but the
    season.

    Method: the ratio mixture (docs/methods/customers/declining.md). Rates follow one gamma law or
    two, the ratio of the two rates a mixture of fixed laws with a penalty towards "unchanged"
    (Stephens 2017), fitted by maximum likelihood, so that the false share of the lists holds also
    where few or none have declined. Customers who first bought inside the baseline are exposed from
    the day after. Under 10 eligible customers nothing is estimated (status not_enough_data).

    Raises InvalidArgument for windows, sizes or options that make no sense.

    Options
    -------
    window
        The window ends at the moment and the baseline where the window begins.
    baseline
        what the window is compared with
    window_days
        Any two windows instead; the baseline must end before the window begins,
        and only one of them may be given: an unset baseline still ends where
        the window begins.
    min_drop
        what counts as declining: half of the rate is gone
    min_baseline_orders
        purchase occasions in the baseline a customer must have
    relative_to
        "peers": the median customer's change is taken out; "own": only the
        season, where known.
    fdr
        Greatest mean false share of the proven list; nobody on it has more than
        twice that chance of being a false alarm.
    fdr_likely
        Greatest mean false share of the likely list, the proven not counted.
    watch
        length of the watch list
    all
        also return eligible customers on no list
    level
        confidence of the intervals
    likelihood_drop
        How far below the greatest penalised log-likelihood the weights that
        give the low and the high ends may lie.
    """

def rfm(
    sales: emptor._core.data.Sales,
    *,
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Who are the best customers, and who is slower than usual?

    A row is a customer: recency (days since the last purchase), frequency (days with a purchase)
    and monetary value (net amount of all lines, returns included), scored 1 to 5 by quintiles and
    named by segment. Scores compare customers with each other, today; they are no forecast.

    Options
    -------
    level
        of the intervals of revenue shares
    """

def rfm_cuts(
    sales: emptor._core.data.Sales,
    *,
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    The cut points of the scores, one row per cut.

    Options
    -------
    level
        of the intervals of revenue shares
    """

def rfm_segments(
    sales: emptor._core.data.Sales,
    *,
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Customers and revenue by segment. Intervals of the revenue shares take customers as drawn from a
    population of such customers (linearised variance of a ratio).
    """
