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
    "BgbbFit",
    "ChurnFit",
    "ContractFit",
    "HazardModel",
    "PurchaseColumns",
    "PurchaseFit",
    "SpendFit",
    "actions",
    "bgbb_fit",
    "bgbb_purchases",
    "churn",
    "churn_counterfactuals",
    "churn_counterfactuals_table",
    "churn_features",
    "churn_scores",
    "churn_scores_table",
    "churn_table",
    "clv",
    "compare_models",
    "contact_channels",
    "contract_fit",
    "cumulative_incidence",
    "customer_history",
    "customer_products",
    "decline_stability",
    "declining",
    "discounted_purchases",
    "evaluate_actions",
    "expected_purchases",
    "expected_purchases_new",
    "expected_spend",
    "fit_bgbb",
    "fit_cohort",
    "fit_contracts",
    "fit_purchases",
    "fit_spend",
    "hazard_regression",
    "hazard_survival",
    "log_rank",
    "next_purchase",
    "nps",
    "p_alive",
    "projected_retention",
    "purchase_distribution",
    "purchase_fit",
    "purchase_summary",
    "residual_lifetime",
    "retention",
    "rfm",
    "rfm_cuts",
    "rfm_segments",
    "simulate_purchases",
    "spend_fit",
    "survival_curve",
    "survival_durations",
    "survival_quantiles",
    "survival_summary",
]

class ChurnFit:
    """
    A fitted churn model.
    """
    @staticmethod
    def from_bytes(bytes: bytes) -> ChurnFit: ...
    def lift(self) -> emptor.frame.Frame: ...
    def metrics(self) -> emptor.frame.Frame: ...
    def reliability(self) -> emptor.frame.Frame: ...
    def set_back_end(self, back_end: typing.Any) -> None: ...
    def snapshots(self) -> emptor.frame.Frame: ...
    def term(self, column: str) -> emptor.frame.Frame: ...
    def terms(self) -> emptor.frame.Frame: ...
    def to_bytes(self) -> bytes: ...
    @property
    def back_end(self) -> str: ...
    @property
    def of_sales(self) -> bool: ...
    @property
    def target(self) -> str: ...

class SpendFit:
    """
    A fitted model of spend.
    """
    @staticmethod
    def from_bytes(bytes: bytes) -> SpendFit: ...
    def table(self) -> emptor.frame.Frame: ...
    def to_bytes(self) -> bytes: ...
    @property
    def log_covariance(self) -> numpy.typing.NDArray[numpy.float64]: ...
    @property
    def p(self) -> float: ...
    @property
    def q(self) -> float: ...
    @property
    def v(self) -> float: ...

class ContractFit:
    """
    A fitted model of contracts.
    """
    @staticmethod
    def from_bytes(bytes: bytes) -> ContractFit: ...
    def table(self) -> emptor.frame.Frame: ...
    def to_bytes(self) -> bytes: ...
    @property
    def log_covariance(self) -> numpy.typing.NDArray[numpy.float64]: ...

class BgbbFit:
    """
    A fitted BG/BB model.
    """
    @staticmethod
    def from_bytes(bytes: bytes) -> BgbbFit: ...
    def table(self) -> emptor.frame.Frame: ...
    def to_bytes(self) -> bytes: ...
    @property
    def log_covariance(self) -> numpy.typing.NDArray[numpy.float64]: ...

class HazardModel:
    """
    A fitted discrete-time hazard model.
    """
    @staticmethod
    def from_bytes(bytes: bytes) -> HazardModel: ...
    def periods(self) -> emptor.frame.Frame: ...
    def terms(self) -> emptor.frame.Frame: ...
    def to_bytes(self) -> bytes: ...

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
        covariates: emptor._core.data.InputTable | None = None,
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
    def covariates(self) -> list[str]: ...
    @property
    def log_covariance(self) -> numpy.typing.NDArray[numpy.float64]: ...

def actions(
    sales: emptor._core.data.Sales,
    *,
    window: str = "90 days",
    baseline: str = "180 days",
    model: str = "mbgnbd",
    budget: float = 0.0,
    channels: collections.abc.Sequence[str] = ["phone", "email", "survey"],
    cost: collections.abc.Sequence[float] = [],
    consent: str = "given",
    control: float = 0.0,
    seed: int = 0,
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Whom to contact, why, by which channel, and what it is worth.

    A row is a customer on a list of `declining` (`grade` proven, likely or watch), or one who is
    due: the usual gap between his purchases is over and he probably still buys. `value_at_risk` is
    the revenue of the next window that his old rate would bring and that is not expected now: the
    expected loss of `declining`, else the chance that he has left times what he would spend.
    Beside it P(alive), expected purchases and revenue by the purchase and spend models, and the
    channel he allows and answers (`contact_channels`).

    With a table of contacts, whom nobody may reach is left out and counted. The rows with most at
    risk are taken until the budget is spent, and the list ends there. `control` holds a share back
    by a hash of the id: those rows are listed, cost nothing, and are not to be contacted;
    `evaluate_actions` later says whether contacting paid. Risk is not persuadability: nothing here
    says that a call helps.

    Raises InvalidArgument for options out of range, DataError without orders.

    Options
    -------
    window
        What is judged is the last so much of the data; what is at risk is the
        next as much.
    baseline
        what the window is compared with
    model
        of P(alive) and expected purchases
    budget
        The list ends where the costs of its rows would exceed this; 0 for no
        limit.
    cost
        Cost of one contact by each of `channels`; empty for 1 each, so that a
        budget is a number of customers.
    control
        Share of the list held back at random, by the id alone: the same
        customers in every run.
    seed
        another seed holds others back
    """

def bgbb_fit(parameters: collections.abc.Sequence[float]) -> BgbbFit:
    """
    A fit from known parameters, as published ones, without uncertainty.

    Raises InvalidArgument unless there are four positive numbers.
    """

def bgbb_purchases(
    fit: BgbbFit,
    frequency: typing.Annotated[numpy.typing.ArrayLike, numpy.int64],
    recency: typing.Annotated[numpy.typing.ArrayLike, numpy.int64],
    occasions: typing.Annotated[numpy.typing.ArrayLike, numpy.int64],
    *,
    horizon: int = 1,
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    How many of the next occasions each customer will use, and whether he is still there.

    `p_alive` is the chance that he is there at the next occasion. `expected_purchases` is a mean
    over `horizon` occasions, the chance that he leaves taken in. Their intervals say how well the
    parameters are known. A row with 0 of 0 occasions is a new customer. A horizon of more occasions
    than any customer had has status "extrapolated".

    Raises InvalidArgument for rows that cannot be, naming the first, or a horizon below 1.

    Options
    -------
    horizon
        how many occasions ahead
    level
        confidence of the intervals
    """

def churn(
    sales: emptor._core.data.Sales,
    *,
    horizon: str = "90 days",
    step: str = "30 days",
    max_snapshots: int = 12,
    model: str = "additive",
    back_end: typing.Any = None,
    calibration: str = "platt",
    folds: int = 5,
    level: float = 0.95,
    seed: int = 1,
    max_pairs: int = 10,
    penalty: float = 1.0,
    monotone: collections.abc.Sequence[tuple[str, int]] = [],
    value: str = "",
    customer_value: float = 200.0,
    incentive_cost: float = 10.0,
    contact_cost: float = 1.0,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> ChurnFit:
    """
    Who is leaving, and why? Learnt from who left before.

    From sales: customers are looked at on several past days (snapshots), each as the sales were
    known on that day, and have left if they bought nothing in the horizon after it. Metrics come
    from snapshots after all outcomes that model and calibration learnt from were complete, and from
    customers they did not see. From a table: one row per customer with a column that says who left;
    such a table has no times, so nothing is known of later performance.

    Raises DataError naming what is missing, InvalidArgument.

    Options
    -------
    model
        "additive" (boosted steps of columns and pairs), "logistic", or a back
        end.
    back_end
        Another library's model, needed by, and only by,
        ClassifierKind.back_end.
    calibration
        How scores become probabilities: "platt", "beta", "isotonic" or "none".
    folds
        groups of customers whose probabilities come from models of the others
    level
        confidence of the intervals of the metrics
    seed
        of what is parted at random, by hashes of ids
    max_pairs
        pairs of columns with a term of their own (additive)
    penalty
        of coefficients per standard deviation (logistic)
    monotone
        Columns of numbers along which the risk may only rise (1) or fall (-1),
        by name (additive).
    value
        The column of numbers that says what keeping a customer is worth, for
        the expected maximum profit; of sales one of churn_feature_names(), as
        "spend_365". "": customer_value for all.
    customer_value
        what keeping a customer is worth where `value` names no column
    incentive_cost
        of an offer that is taken
    contact_cost
        of an offer that is made
    target
        of a table: the column that says who left
    event
        its value for those who left; "": "Yes", "True" or 1 of two values
    id
        of a table: the column of ids; "": rows by their number
    exclude
        of a table: columns to leave out
    horizon
        Of sales: a customer has left if he buys nothing in this time after a
        snapshot.
    step
        of sales: between snapshots
    max_snapshots
        of sales: the latest ones count
    """

def churn_counterfactuals(
    fit: ChurnFit,
    data: emptor._core.data.Sales,
    *,
    threshold: float = 0.0,
    max_changes: int = 2,
    fixed: collections.abc.Sequence[str] = [],
    directions: collections.abc.Sequence[tuple[str, int]] = [],
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    What is the least that would have to be otherwise for the model to see a customer below a
    probability?

    Exact for the additive model: fewest columns first, then the smallest sum of sizes; see
    learn.counterfactuals. It reads the model, not the world: nothing here says that changing a
    column changes what a customer does. Name the columns nobody can act on in `fixed`.

    Raises InvalidArgument for other models and for names that are not columns; DataError as
    churn_scores().

    Options
    -------
    threshold
        The probability to come down to; 0: the share of the fit's rows who
        left.
    max_changes
        columns that may differ together, 1 to 3
    fixed
        columns nobody can act on, as "age"
    directions
        Columns of numbers that can only go up (1) or down (-1), by name.
    """

def churn_counterfactuals_table(
    fit: ChurnFit,
    data: emptor._core.data.InputTable,
    *,
    threshold: float = 0.0,
    max_changes: int = 2,
    fixed: collections.abc.Sequence[str] = [],
    directions: collections.abc.Sequence[tuple[str, int]] = [],
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    What is the least that would have to be otherwise for the model to see a customer below a
    probability?

    Exact for the additive model: fewest columns first, then the smallest sum of sizes; see
    learn.counterfactuals. It reads the model, not the world: nothing here says that changing a
    column changes what a customer does. Name the columns nobody can act on in `fixed`.

    Raises InvalidArgument for other models and for names that are not columns; DataError as
    churn_scores().

    Options
    -------
    threshold
        The probability to come down to; 0: the share of the fit's rows who
        left.
    max_changes
        columns that may differ together, 1 to 3
    fixed
        columns nobody can act on, as "age"
    directions
        Columns of numbers that can only go up (1) or down (-1), by name.
    """

def churn_features(
    sales: emptor._core.data.Sales,
    *,
    active: str = "365 days",
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    What does churn() learn from? One row per customer with a purchase within `active` before the
    moment, all of it as known at the moment.

    Days since the last purchase and since the first, purchases and spend of the last 30, 90 and
    365 days and their change against the time before, the usual gap between purchases and how the
    present one compares, spend per purchase, products, returns, discounts; P(alive) and expected
    purchases of a purchase model, the chance of a fall and the rhythm by `declining`, all fitted to
    what is known at the moment; touchpoints; and the attributes of the table of customers (those of
    up to 50 values; undated, taken as always known).

    Options
    -------
    active
        Customers with a purchase within this time before the moment are looked
        at.
    """

def churn_scores(
    fit: ChurnFit,
    data: emptor._core.data.Sales,
    *,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    The probability of every customer at the moment, with the band of Venn-Abers and the reasons;
    or of every row of a table with the columns of the fit, which go by name. Categories the fit did
    not see count as missing, which `diff` tells; missing columns and other types are errors.
    """

def churn_scores_table(
    fit: ChurnFit,
    data: emptor._core.data.InputTable,
    *,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    The probability of every customer at the moment, with the band of Venn-Abers and the reasons;
    or of every row of a table with the columns of the fit, which go by name. Categories the fit did
    not see count as missing, which `diff` tells; missing columns and other types are errors.
    """

def churn_table(
    table: emptor._core.data.InputTable,
    *,
    target: str = "",
    event: str = "",
    id: str = "",
    exclude: collections.abc.Sequence[str] = [],
    model: str = "additive",
    back_end: typing.Any = None,
    calibration: str = "platt",
    folds: int = 5,
    level: float = 0.95,
    seed: int = 1,
    max_pairs: int = 10,
    penalty: float = 1.0,
    monotone: collections.abc.Sequence[tuple[str, int]] = [],
    value: str = "",
    customer_value: float = 200.0,
    incentive_cost: float = 10.0,
    contact_cost: float = 1.0,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> ChurnFit:
    """
    Who is leaving, and why? Learnt from who left before.

    From sales: customers are looked at on several past days (snapshots), each as the sales were
    known on that day, and have left if they bought nothing in the horizon after it. Metrics come
    from snapshots after all outcomes that model and calibration learnt from were complete, and from
    customers they did not see. From a table: one row per customer with a column that says who left;
    such a table has no times, so nothing is known of later performance.

    Raises DataError naming what is missing, InvalidArgument.

    Options
    -------
    model
        "additive" (boosted steps of columns and pairs), "logistic", or a back
        end.
    back_end
        Another library's model, needed by, and only by,
        ClassifierKind.back_end.
    calibration
        How scores become probabilities: "platt", "beta", "isotonic" or "none".
    folds
        groups of customers whose probabilities come from models of the others
    level
        confidence of the intervals of the metrics
    seed
        of what is parted at random, by hashes of ids
    max_pairs
        pairs of columns with a term of their own (additive)
    penalty
        of coefficients per standard deviation (logistic)
    monotone
        Columns of numbers along which the risk may only rise (1) or fall (-1),
        by name (additive).
    value
        The column of numbers that says what keeping a customer is worth, for
        the expected maximum profit; of sales one of churn_feature_names(), as
        "spend_365". "": customer_value for all.
    customer_value
        what keeping a customer is worth where `value` names no column
    incentive_cost
        of an offer that is taken
    contact_cost
        of an offer that is made
    target
        of a table: the column that says who left
    event
        its value for those who left; "": "Yes", "True" or 1 of two values
    id
        of a table: the column of ids; "": rows by their number
    exclude
        of a table: columns to leave out
    horizon
        Of sales: a customer has left if he buys nothing in this time after a
        snapshot.
    step
        of sales: between snapshots
    max_snapshots
        of sales: the latest ones count
    """

def clv(
    fit: PurchaseFit,
    spend: SpendFit,
    summary: PurchaseColumns,
    *,
    horizon: str = "12 months",
    discount: str = "10 % a year",
    margin: float = 1.0,
    outcomes: bool = True,
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    What each customer will be worth within a horizon: customer lifetime value.

    Expected purchases times expected spend times margin, each purchase discounted from its own
    moment, the chance that he has left taken in. `clv` is a mean and its interval says how well the
    parameters are known; between `value_low` and `value_high` lies what a customer in fact brings,
    with at least `level` chance. Horizon and discount carry their units, so that a summary in days
    and one in weeks give the same. Values over one horizon after the other add up.

    What a customer brings beyond the horizon, what he costs and what he would have brought anyway
    are not in it. How much and how often are taken as unrelated (`correlation` of the fit of
    spend).

    Raises InvalidArgument for rows that cannot be, naming the first, or options out of range.

    Options
    -------
    horizon
        how far ahead, from each customer's T
    discount
        on every purchase from its own moment on, continuously
    margin
        share of spend that is gain, above 0 and at most 1
    outcomes
        Also the interval of what one customer may in fact bring; takes most of
        the time.
    level
        confidence of the intervals
    """

def compare_models(
    summary: PurchaseColumns,
    *,
    models: collections.abc.Sequence[str] = ["mbgnbd", "bgnbd", "pnbd", "nbd"],
    level: float = 0.95,
    holdout_frequency: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]] | None = None,
    holdout_T: float = 0.0,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Which purchase model fits these customers, and which foresees them best?

    All log-likelihoods are on one scale: densities of the same purchases, so that AIC and BIC
    compare (models with Erlang gaps see the gaps besides). A summary with a holdout is judged by
    it: `log_score` is the mean logarithm of the chance a model gave to the number of purchases a
    customer then made, `behind` how much worse that is than the best model's, with an interval. A
    model that found nobody leaving stands as "nbd" with reason "no_leaving".

    Raises InvalidArgument for rows that cannot be, no models, or Erlang models without log_gaps.

    Options
    -------
    level
        confidence of the intervals
    """

def contact_channels(
    sales: emptor._core.data.Sales,
    *,
    channels: collections.abc.Sequence[str] = ["phone", "email", "survey"],
    consent: str = "given",
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    By which channel may, and should, each customer be reached?

    Only channels are considered that a contact of the customer allows: an opt-out is never
    overruled, and without a word on record a channel is used only with `consent="not_refused"`. Of
    these the one is taken on which this customer is most likely to answer: his own answers, drawn
    towards the usual share of the channel as far as customers resemble each other (a beta-binomial
    model, its spread by the method of moments), with a credible interval. An answer is not a sale.

    Raises InvalidArgument for no channels, or a level outside (0, 1).

    Options
    -------
    level
        of the interval of the response
    """

def contract_fit(
    model: str, parameters: collections.abc.Sequence[float], *, period: str = "1 year"
) -> ContractFit:
    """
    A fit from known parameters, as published ones, without uncertainty.

    Raises InvalidArgument unless there is one positive number for each of parameter_names(model).
    """

def cumulative_incidence(
    duration: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    event: typing.Annotated[numpy.typing.ArrayLike, numpy.int32],
    *,
    entry: typing.Annotated[numpy.typing.ArrayLike, numpy.float64] | None = None,
    group: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    groups: None | collections.abc.Sequence[int] | collections.abc.Sequence[str] = None,
    causes: None | collections.abc.Sequence[int] | collections.abc.Sequence[str],
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    What share has had each kind of event by each time, when one kind rules out the others?

    Aalen and Johansen's estimate (1978), ties exact: whatever happens at a time happens to those at
    risk just before it. At every time the incidences of all causes and the survival sum to 1 (one
    minus Kaplan and Meier per cause would take those who left otherwise as still to come). The
    variance is the exact delta method (Greenwood's; Braun and Yuan 2007), summed in one pass of
    positive terms; intervals are log-log of 1 - incidence, so with one cause they are Kaplan and
    Meier's. Before the first event of a cause the high end is Clopper and Pearson's for those at
    risk. `view.event` is 0 (censored) or 1 + a code of `causes`.

    Raises InvalidArgument as check(), for an event beyond `causes`, and for no causes.

    Options
    -------
    level
        confidence of the intervals
    """

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

def decline_stability(
    sales: emptor._core.data.Sales,
    *,
    step: str = "7 days",
    snapshots: int = 4,
    window: str = "90 days",
    baseline: str = "180 days",
    min_drop: float = 0.5,
    relative_to: str = "peers",
    sort: str = "expected_loss",
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Can the lists of declining be worked through, or are they others every week?

    The lists of the moment are set beside those that `declining` would have given one step ago, two
    steps ago, and so on, each from what was known then. `share_there` says how much of today's list
    was on the earlier one, `share_stayed` how much of the earlier one is on it still. The shares
    are counts of these lists, no estimates. Who joined or left, and why, is what a comparison of
    two lists says.

    Raises InvalidArgument for options out of range, DataError without orders.

    Options
    -------
    window
        as of declining
    baseline
        as of declining
    min_drop
        as of declining
    relative_to
        as of declining
    sort
        As of declining: what the watch list is chosen by.
    step
        between snapshots
    snapshots
        how many to look back
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
    sort: str = "expected_loss",
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

    Beside it stand the rhythm (`p_gap`: how often his gaps get as long as the present silence), the
    day his rate fell where the orders say one (`change_date`), `q_value`, which lists customers on
    counts and silence together, and `score`, the chance that he buys little over the next window
    too, learnt on the snapshot one window earlier.

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
    sort
        What rows are sorted by within a list, and the watch list chosen by:
        "expected_loss" (in money), "probability" (of a fall in the window) or
        "score" (of a fall over the next window).
    all
        also return eligible customers on no list
    level
        confidence of the intervals
    likelihood_drop
        How far below the greatest penalised log-likelihood the weights that
        give the low and the high ends may lie.
    """

def discounted_purchases(
    fit: PurchaseFit,
    summary: PurchaseColumns,
    *,
    discount: str = "10 % a year",
    horizon: str | None = None,
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    How many purchases are still to come from each customer, later ones counting less: the number of
    purchases today that all of them are worth ("DERT" in the field).

    Each purchase counts (1 + rate)^-(time until it); times a customer's profit of a purchase it is
    his value. Without a horizon it takes in all of the future, which is an extrapolation of the
    model: status "extrapolated".

    Raises InvalidArgument for rows that cannot be, naming the first, a horizon of no length, or no
    discount where there is no horizon.

    Options
    -------
    discount
        by how much less a later purchase counts
    horizon
        purchases within it only; none: all that are to come
    level
        confidence of the intervals
    """

def evaluate_actions(
    sales: emptor._core.data.Sales,
    *,
    customer: collections.abc.Sequence[str],
    control: collections.abc.Sequence[int],
    day: str,
    horizon: str = "90 days",
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Did contacting pay? What customers on a list bought afterwards, beside those held back at
    random.

    The difference is the effect of being on the list and contacted, and not of anything else,
    because chance alone decided who was held back. The share who bought has Newcombe's interval,
    means have Welch's. Everybody counts who was to be contacted, reached or not.

    Raises InvalidArgument unless there is one flag per customer, a customer stands twice, or the
    data end before the horizon is over; DataError without orders. A customer who never bought
    counts as 0.

    Options
    -------
    horizon
        counted from the day of the list
    """

def expected_purchases(
    fit: PurchaseFit,
    summary: PurchaseColumns,
    horizon: str = "1 year",
    *,
    level: float = 0.95,
    intervals: bool = True,
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
    intervals
        false: the values alone, in a part of the time
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

def expected_spend(
    fit: SpendFit,
    frequency: typing.Annotated[numpy.typing.ArrayLike, numpy.int64],
    monetary_value: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    *,
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    What an order of each customer will be worth.

    The mean of a customer's future orders given his past ones: between his own mean and that of all
    customers, nearer to his own the more he has ordered. The interval holds his true mean: the
    posterior law p / Gamma(p x + q, v + x m), widened by how well the parameters are known. It is
    of his mean, not of one order.

    Raises InvalidArgument as check(), naming the first row, or a level outside (0, 1).

    Options
    -------
    level
        of the intervals
    """

def fit_bgbb(
    frequency: typing.Annotated[numpy.typing.ArrayLike, numpy.int64],
    recency: typing.Annotated[numpy.typing.ArrayLike, numpy.int64],
    occasions: typing.Annotated[numpy.typing.ArrayLike, numpy.int64],
    *,
    count: typing.Annotated[numpy.typing.ArrayLike, numpy.int64] | None = None,
    level: float = 0.95,
    max_iterations: int = 200,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> BgbbFit:
    """
    How customers use occasions that come one by one, and whether they leave: the BG/BB model.

    A year's appeal, a season, a crossing: at each of `occasions` a customer who is still there buys
    with his own chance, and leaves before the next with another (Fader, Hardie, Shang 2010). Both
    chances follow beta laws over customers. What a fit can be asked: `bgbb_purchases`.

    Under 10 customers who bought again the status is small_sample, with none not_enough_data and
    nothing is estimated.

    Raises InvalidArgument for rows that cannot be, naming the first, or options out of range.

    Options
    -------
    level
        confidence of the intervals
    max_iterations
        of Newton's method
    """

def fit_cohort(
    survivors: typing.Annotated[numpy.typing.ArrayLike, numpy.int64],
    *,
    model: str = "sbg",
    period: str = "1 year",
    level: float = 0.95,
    max_iterations: int = 100,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> ContractFit:
    """
    How customers under contract leave: a model of renewals fitted by maximum likelihood.

    Where leaving is seen (a subscription is not renewed), a cohort's retention rate rises with time
    even if nobody's changes, because those with a high chance of leaving go first. A model of how
    that chance differs over customers tells the two apart, and projects retention and lifetimes
    beyond what was seen (`projected_retention`, `residual_lifetime`). Parameters have intervals
    from the curvature of the likelihood.

    Under 10 customers lost the status is small_sample. With nobody lost, or fewer renewals seen
    than there are parameters, it is not_enough_data and nothing is estimated.

    Raises InvalidArgument for rows that cannot be, naming the first, or options out of range.

    Options
    -------
    model
        How customers leave: "sbg" (the same chance at each renewal) or "bdw"
        (one that changes with tenure).
    period
        from one renewal to the next
    level
        confidence of the intervals
    max_iterations
        of Newton's method
    """

def fit_contracts(
    tenure: typing.Annotated[numpy.typing.ArrayLike, numpy.int64],
    lost: typing.Annotated[numpy.typing.ArrayLike, numpy.uint8],
    *,
    count: typing.Annotated[numpy.typing.ArrayLike, numpy.int64] | None = None,
    model: str = "sbg",
    period: str = "1 year",
    level: float = 0.95,
    max_iterations: int = 100,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> ContractFit:
    """
    How customers under contract leave: a model of renewals fitted by maximum likelihood.

    Where leaving is seen (a subscription is not renewed), a cohort's retention rate rises with time
    even if nobody's changes, because those with a high chance of leaving go first. A model of how
    that chance differs over customers tells the two apart, and projects retention and lifetimes
    beyond what was seen (`projected_retention`, `residual_lifetime`). Parameters have intervals
    from the curvature of the likelihood.

    Under 10 customers lost the status is small_sample. With nobody lost, or fewer renewals seen
    than there are parameters, it is not_enough_data and nothing is estimated.

    Raises InvalidArgument for rows that cannot be, naming the first, or options out of range.

    Options
    -------
    model
        How customers leave: "sbg" (the same chance at each renewal) or "bdw"
        (one that changes with tenure).
    period
        from one renewal to the next
    level
        confidence of the intervals
    max_iterations
        of Newton's method
    """

def fit_purchases(
    summary: PurchaseColumns,
    *,
    model: str = "mbgnbd",
    k: int = 0,
    level: float = 0.95,
    max_iterations: int = 100,
    covariates: collections.abc.Mapping[str, collections.abc.Sequence[str]] = {},
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

    With `covariates` customers of the same buying may differ by what else is known of them: each
    column has a coefficient g for buying and one for leaving, with interval. A rate of buying (or
    of leaving, in the Pareto/NBD) is e^g times as large where a number is larger by 1, or in a
    category against the most frequent one; in the BG and MBG models g moves the odds of leaving at
    a purchase. What the fit can be asked uses each customer's own covariates.

    Where the data show no permanent leaving, a model with leaving has no greatest likelihood: the
    fit then is the "nbd" model, its status "boundary" and its reason "no_leaving"; P(alive) cannot
    rank such customers. Under 10 customers with a repeat purchase the status is small_sample, with
    none not_enough_data and nothing is estimated.

    Raises InvalidArgument for rows that cannot be, naming the first, options out of range, and
    covariates that are missing in a row, the same for all, or told by others before them.

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
    covariates
        Columns of the summary that tell customers apart, by what they act on:
        "buying", "leaving", "spread". For mbgnbd, bgnbd, pnbd and nbd.
    """

def fit_spend(
    frequency: typing.Annotated[numpy.typing.ArrayLike, numpy.int64],
    monetary_value: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    *,
    level: float = 0.95,
    max_iterations: int = 200,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> SpendFit:
    """
    What customers spend an order, and how they differ in it: the Gamma-Gamma model.

    From how many orders (`frequency`) each customer's mean spend (`monetary_value`) rests on, the
    model learns how much orders of one customer scatter and how much customers differ; the fit then
    draws each customer's mean towards that of all (`expected_spend`), the more the fewer his
    orders. Maximum likelihood (Fader and Hardie 2013, "The Gamma-Gamma Model of Monetary Value"),
    with q > 1 so that a mean exists; intervals from the curvature of the likelihood.

    It takes how much and how often as unrelated: `correlation`, with its interval, says whether the
    data agree. Under 10 customers who bought again the status is small_sample, with none
    not_enough_data and nothing is estimated; "boundary", with its reason, where customers or orders
    do not differ enough to tell.

    Raises InvalidArgument for spend of 0 or below, naming the first row, or options out of range.

    Options
    -------
    level
        confidence of the intervals
    max_iterations
        of Newton's method
    """

def hazard_regression(
    duration: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    event: typing.Annotated[numpy.typing.ArrayLike, numpy.int32],
    covariates: emptor._core.data.InputTable,
    *,
    entry: typing.Annotated[numpy.typing.ArrayLike, numpy.float64] | None = None,
    period: float = 1.0,
    link: str = "logit",
    penalty: float = 0.0,
    smoothness: float = 1.0,
    level: float = 0.95,
    max_periods: int = 600,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> HazardModel:
    """
    What moves the chance that the event comes in the next period, given that it has not come yet?

    Durations are cut into periods (0, period], (period, 2 period], ...; a row with the event had it
    in the period its duration falls into, a censored row was watched through the periods that had
    ended. An `entry` starts with the first period that begins at or after it, so that rows of one
    case with values that change over time follow each other as episodes. The likelihood is that of
    one yes or no per row and period (Cox 1972; Prentice and Gloeckler 1978; Allison 1982), with a
    baseline of its own for every period. Neither rows nor periods are copied for it. Scoring steps
    with halving; standard errors from the inverse penalised expected information. Columns that are
    constant or sums of others are left out. Groups of the view are not used.

    Raises InvalidArgument as check(); for columns of another length; for more than max_periods.

    Options
    -------
    period
        length of a period, in the unit of the durations
    penalty
        of coefficients per standard deviation; 0 is maximum likelihood
    smoothness
        of the baseline: penalty of squared steps from period to period
    level
        confidence of the intervals
    max_periods
        more are refused: take a longer period
    tolerance
        of the gain a full step still promises, relative
    """

def hazard_survival(
    model: HazardModel,
    covariates: emptor._core.data.InputTable,
    *,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    The survival of each row of a table, were its values to stay. Intervals are those of the curve
    (how well the model knows it), by the delta method on the log-log scale, each time by itself.
    Columns go by name; unseen categories count as missing.

    Raises DataError with the difference if columns are missing or of another type;
    InvalidArgument for a model without events.
    """

def log_rank(
    duration: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    event: typing.Annotated[numpy.typing.ArrayLike, numpy.int32],
    *,
    entry: typing.Annotated[numpy.typing.ArrayLike, numpy.float64] | None = None,
    group: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    groups: None | collections.abc.Sequence[int] | collections.abc.Sequence[str] = None,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Do the groups differ? Log-rank test (Mantel 1966; Peto and Peto 1972) with exact ties: the
    hypergeometric variance at each time. A group's entry counts from then on.

    Raises InvalidArgument as check(), and without groups.
    """

def next_purchase(
    fit: PurchaseFit,
    summary: PurchaseColumns,
    *,
    level: float = 0.8,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    When each customer will buy next: the median time from now, and the times between which the next
    purchase lies with chance `level`.

    That he never buys again is one of the outcomes: where it is likelier than not the median is
    infinity, and the upper end is where `p_never` exceeds its share. The times take in what chance
    does and how well the parameters are known. A median beyond the longest time any customer of the
    fit was watched has status "extrapolated".

    Raises InvalidArgument for rows that cannot be, naming the first.

    Options
    -------
    level
        chance that the next purchase lies between the two ends
    """

def nps(
    score: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    *,
    group: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    groups: None | collections.abc.Sequence[int] | collections.abc.Sequence[str] = None,
    compare: str = "none",
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Net Promoter Score: the share of promoters (9, 10) less that of detractors (0 to 6), in points.

    The interval is the adjusted Wald one that did best in the comparison by Rocks (2016): three
    quarters of an answer are added to promoters and to detractors and one and a half to passives.
    That of a change between two groups is made from both (the method of variance estimates
    recovery, as Newcombe's 1998 for shares). Answers are taken as independent and as those of
    people like the ones who did not answer, which no interval can tell.

    Raises InvalidArgument for a score that is no whole number from 0 to 10, naming its row.

    Options
    -------
    compare
        What a group's score is compared with: "none", "previous" (the group
        before it, for periods) or "rest" (all other groups together).
    level
        confidence of the intervals
    """

def p_alive(
    fit: PurchaseFit,
    summary: PurchaseColumns,
    *,
    level: float = 0.95,
    intervals: bool = True,
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
    intervals
        false: the values alone, in a part of the time
    """

def projected_retention(
    fit: ContractFit,
    horizon: int = 12,
    *,
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    What share of a cohort will still be there after each renewal?

    `survival` is the share left, `retention` the share of those there who renew. Intervals say how
    well the parameters are known, not what chance does to a cohort of a given size. Periods beyond
    the latest renewal that was seen have status "extrapolated".

    Raises InvalidArgument for a horizon below 1.

    Options
    -------
    horizon
        how many renewals ahead of a new customer
    level
        confidence of the intervals
    """

def purchase_distribution(
    fit: PurchaseFit,
    summary: PurchaseColumns,
    horizon: str = "1 year",
    *,
    most: int = 10,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    The chance of each number of purchases within a horizon, customer by customer.

    Columns `p_0`, `p_1`, ... and `p_more` add up to 1; by the fitted parameters, whose own
    uncertainty is in the intervals of expected_purchases().

    Raises InvalidArgument for rows that cannot be, naming the first, a horizon of no length, or
    `most` outside 0 to 1000.

    Options
    -------
    horizon
        how far ahead, from each customer's T
    most
        the last number with a column of its own; p_more holds what is above
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

def residual_lifetime(
    fit: ContractFit,
    tenure: typing.Annotated[numpy.typing.ArrayLike, numpy.int64],
    *,
    discount: str = "10 % a year",
    horizon: int = 0,
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    How many periods customers who are still there will stay, discounted.

    `tenure` is how often a customer has renewed. `residual_lifetime` is the number of renewals to
    come, seen just before the next one, which counts in full; later ones are discounted: Fader and
    Hardie's discounted expected residual lifetime. Times the margin of a period it is what the
    customer is still worth. `p_renew` is his chance of renewing next. Who stayed long is likelier
    to stay, whoever he is.

    Raises InvalidArgument for a negative tenure, or with neither discount nor horizon, when the
    lifetimes to come may have no mean.

    Options
    -------
    discount
        by how much less later renewals count
    horizon
        within so many renewals; 0: all that are to come
    level
        confidence of the intervals
    """

def retention(
    sales: emptor._core.data.Sales,
    *,
    period: str = "month",
    rolling: int = 3,
    new_after: str = "180 days",
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Of customers won in a period, what share buys in each period after, and what revenue stays?

    A cohort is the customers whose first purchase lies in a period. `retained` counts who bought in
    exactly that period (bracketed retention), `rolling` in it or the ones just before, `unbounded`
    in it or any later one so far, which only grows with time. Net revenue retention is the
    cohort's net revenue over that of its own period, gross counts each customer for at most what he
    brought then. Cells whose period is not over at the moment hold what came so far and have status
    extrapolated; cells after the moment have no row.

    Intervals: Wilson's for shares; for money the linearised variance of a ratio clustered by
    customer, on the log scale for net, with Student's t of Satterthwaite's degrees of freedom.
    Under 10 customers (or, for money, 10 who bought) nothing is said (not_enough_data), under 30
    the status is small_sample.

    Raises InvalidArgument for days not set, options out of range or more than 2,000 cohorts.

    Options
    -------
    period
        calendar or fiscal, see data/period.hpp
    rolling
        periods that rolling retention looks back over
    new_after
        Customers first seen this soon after the data begin are in no cohort:
        nobody knows whether they are new.
    level
        confidence of the intervals
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

def simulate_purchases(
    fit: PurchaseFit,
    *,
    customers: int = 1000,
    T: str = "1 year",
    entry: str | None = None,
    holdout: str | None = None,
    seed: int = 1,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    New customers drawn from a fitted purchase model: to plan with, and to try methods on.

    A row is a customer, as purchase_summary() would have him, with his `rate` and whether he is
    still `alive` at T. A customer's numbers depend on the seed and his place alone.

    Raises InvalidArgument for sizes or spans that make no sense, or a fit without parameters.

    Options
    -------
    T
        how long the first of them are watched
    entry
        Customers come evenly over this time, the last of them watched so much
        shorter; none: all come at once.
    holdout
        goes on after T: what they buy then stands beside
    """

def spend_fit(p: float, q: float, v: float) -> SpendFit:
    """
    A fit from known parameters, as published ones, without uncertainty.

    Raises InvalidArgument unless p and v are above 0 and q above 1.
    """

def survival_curve(
    duration: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    event: typing.Annotated[numpy.typing.ArrayLike, numpy.int32],
    *,
    entry: typing.Annotated[numpy.typing.ArrayLike, numpy.float64] | None = None,
    group: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    groups: None | collections.abc.Sequence[int] | collections.abc.Sequence[str] = None,
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    What share has not had the event by each time, some having been watched for a short while only?

    Kaplan and Meier's product limit (1958), who leaves at a time by censoring being at risk at it,
    with Greenwood's variance and log-log intervals (Kalbfleisch and Prentice 2002, 1.4); before
    the first event, where that variance is 0, the low end is Clopper and Pearson's for those still
    at risk; where nobody is left the high end is that of the time before. Beside it Nelson and
    Aalen's cumulative hazard with Aalen's variance and log intervals. O(n log n); O(n) for whole
    numbers, as days are. Intervals hold at each time by itself, and take rows as independent and
    censoring as telling nothing about the event.

    Raises InvalidArgument as check(); for a level outside (0, 1).

    Options
    -------
    level
        confidence of the intervals
    """

def survival_durations(
    sales: emptor._core.data.Sales,
    *,
    until: str = "second_purchase",
    inactive_after: str = "180 days",
    by: str = "",
    new_after: str = "180 days",
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    How long was each new customer watched, and had he come back, or fallen silent, by then?

    Days run from the first purchase; an event is dated by the day on which it could be known: "gone
    silent" by the day the silence was long enough, not by the last purchase before it, whose
    meaning only the future tells. So whoever has no event yet is censored at the moment for no
    reason of his own, and survival curves of these rows are honest.

    Raises DataError without orders or for an unknown column in `by`.

    Options
    -------
    until
        "second_purchase": the next day with a purchase. "inactive": the first
        day on which `inactive_after` has passed without one, however many
        purchases came before.
    inactive_after
        the silence that counts as gone
    by
        a column of orders, customers or products, as at the first purchase
    new_after
        Who first bought within this time from the first day of the data is left
        out: nobody knows whether he bought before.
    """

def survival_quantiles(
    duration: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    event: typing.Annotated[numpy.typing.ArrayLike, numpy.int32],
    *,
    entry: typing.Annotated[numpy.typing.ArrayLike, numpy.float64] | None = None,
    group: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    groups: None | collections.abc.Sequence[int] | collections.abc.Sequence[str] = None,
    probabilities: collections.abc.Sequence[float],
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    By when have a quarter, half, three quarters had the event? Intervals by inverting those of the
    curve (Brookmeyer and Crowley 1982): the times at which the curve's interval holds the share.

    Raises InvalidArgument unless probabilities lie in (0, 1).
    """

def survival_summary(
    duration: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    event: typing.Annotated[numpy.typing.ArrayLike, numpy.int32],
    *,
    entry: typing.Annotated[numpy.typing.ArrayLike, numpy.float64] | None = None,
    group: typing.Annotated[numpy.typing.ArrayLike, numpy.int32] | None = None,
    groups: None | collections.abc.Sequence[int] | collections.abc.Sequence[str] = None,
    horizon: float = 0.0,
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Median and restricted mean time to the event, per group.

    The restricted mean is the area under the curve up to `horizon`, with its delta-method variance
    (Andersen, Borgan, Gill and Keiding 1993, IV.3); without any event it has no interval.

    Raises InvalidArgument for a horizon that is not finite or below 0.

    Options
    -------
    horizon
        The restricted mean counts time up to here; 0: the last time at which
        every group is watched.
    """
