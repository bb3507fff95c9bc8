# Made by scripts/stubs; never edited.
from __future__ import annotations
import collections.abc
import emptor._core.core
import emptor._core.data
import emptor.frame
import numpy
import numpy.typing
import typing

__all__: list[str] = [
    "PurchaseColumns",
    "PurchaseFit",
    "customer_history",
    "customer_products",
    "declining",
    "expected_purchases",
    "expected_purchases_new",
    "fit_purchases",
    "p_alive",
    "purchase_fit",
    "purchase_summary",
    "rfm",
    "rfm_cuts",
    "rfm_segments",
]

class PurchaseColumns:
    """
    A summary of purchases on its way in.
    """
    def __init__(
        self,
        frequency: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]],
        recency: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]],
        T: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]],
        monetary_value: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]] | None,
        log_gaps: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]] | None,
        unit: str,
        customer: emptor._core.core.ResultColumns | None,
    ) -> None: ...
    def __len__(self) -> int: ...

class PurchaseFit:
    """
    A fitted purchase model.
    """
    @staticmethod
    def from_bytes(bytes: bytes) -> PurchaseFit: ...
    def table(self) -> emptor.frame.Frame: ...
    def to_bytes(self) -> bytes: ...
    @property
    def log_covariance(self) -> numpy.typing.NDArray[numpy.float64]: ...

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

def expected_purchases(
    fit: PurchaseFit,
    summary: PurchaseColumns,
    horizon: str = "1 year",
    *,
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    How many purchases each customer will make within a horizon, the chance that he has left taken
    in.

    `expected_purchases` is a mean, and its interval says how well the parameters are known.
    `purchases_low` and `purchases_high` hold the count one customer may come to, with both what
    chance does and how well the parameters are known. A horizon longer than any customer of the fit
    was watched has status "extrapolated".

    Raises InvalidArgument for rows that cannot be, naming the first, or a horizon of no length.

    Options
    -------
    horizon
        how far ahead, from each customer's T
    level
        confidence of the intervals
    """

def expected_purchases_new(
    fit: PurchaseFit,
    horizons: collections.abc.Sequence[str],
    *,
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    How many repeat purchases a customer who has just made his first one will make within each of
    several horizons.

    Raises InvalidArgument for a horizon of no length.
    """

def fit_purchases(
    summary: PurchaseColumns,
    *,
    model: str = "mbgnbd",
    k: int = 0,
    level: float = 0.95,
    max_iterations: int = 100,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> PurchaseFit:
    """
    How customers buy, and whether they leave: a purchase model fitted by maximum likelihood.

    From how often (`frequency`), until when (`recency`) and for how long watched (`T`) each
    customer bought, a model learns how buying rates and leaving spread over customers; the fit then
    answers who still buys (`p_alive`) and how much is to come (`expected_purchases`). Its own table
    holds the parameters with intervals from the curvature of the likelihood.

    Where the data show no permanent leaving, a model with leaving has no greatest likelihood: the
    fit then is the "nbd" model, its status "boundary" and its reason "no_leaving"; P(alive) cannot
    rank such customers. Under 10 customers with a repeat purchase the status is small_sample, with
    none not_enough_data and nothing is estimated.

    Raises InvalidArgument for rows that cannot be, naming the first, or options out of range.

    Options
    -------
    model
        How customers buy and leave: "mbgnbd", "bgnbd", "pnbd", "nbd", or
        "mbgcnbd" and "bgcnbd" for regular buyers.
    k
        Shape of the gaps of mbgcnbd and bgcnbd, 1 to 12; 0 takes the one of
        greatest likelihood.
    level
        confidence of the parameters' intervals
    max_iterations
        of Newton's method
    """

def p_alive(
    fit: PurchaseFit,
    summary: PurchaseColumns,
    *,
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    The chance that each customer still buys at all, by a fitted purchase model.

    Long silence counts against a customer the more the faster he used to buy. The interval carries
    how well the parameters are known, not whether he left: that is what the chance itself says.

    `bgnbd` and `bgcnbd` hold everybody who bought once for alive (1): they have no leaving before a
    repeat purchase. Under `nbd` nobody leaves, and the status is "undefined".

    Raises InvalidArgument for rows that cannot be, naming the first.

    Options
    -------
    level
        confidence of the intervals
    """

def purchase_fit(
    model: str, parameters: collections.abc.Sequence[float], *, unit: str, k: int = 1
) -> PurchaseFit:
    """
    A fit from known parameters, as published ones, without uncertainty.

    Raises InvalidArgument unless there is one positive number for each of parameter_names(model).
    """

def purchase_summary(
    sales: emptor._core.data.Sales,
    *,
    holdout: str | None = None,
    unit: str = "weeks",
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    When and how often each customer bought: what the purchase models are fitted to.

    A purchase occasion is a day on which goods were bought and not fully given back since: two
    orders on one day are one occasion, a day of returns is none. `frequency` counts occasions after
    the first, `recency` is the time from the first to the last of them, `T` the time from the first
    to the moment, `monetary_value` the mean spend of the occasions after the first, `log_gaps` the
    sum of the logarithms of the times between them, by which regular buyers are told. Times are in
    `unit`, which the summary carries to the fit and to every horizon.

    With `holdout` the summary sees what was known when the holdout began, and no more;
    `holdout_frequency` and `holdout_spend` count what its customers bought after.

    Raises InvalidArgument for a holdout that leaves nothing, DataError without orders.

    Options
    -------
    holdout
        Keeps the last so much of the data back: the summary then ends where the
        holdout begins, and what was bought in it stands beside.
    unit
        of recency, T and the gaps
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
