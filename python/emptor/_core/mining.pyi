# Made by scripts/stubs; never edited.
from __future__ import annotations
import collections.abc
import emptor._core.data
import emptor.frame
import numpy
import os
import typing

__all__: list[str] = [
    "OfferTable",
    "association_rules",
    "bought_next",
    "bought_together",
    "bought_together_in_baskets",
    "count_itemsets",
    "evaluate_next_basket",
    "explain",
    "frequent_itemsets",
    "itemset_chunks",
    "itemset_measures",
    "measures",
    "next_basket",
    "odds_ratio_interval",
    "offer_table",
    "recommend",
    "rule_measures",
    "rules_of_itemsets",
    "sequence_rules",
    "sequences",
    "sequences_in_events",
    "sequences_in_lists",
    "substitutes",
]

class _ItemsetParts:
    pass

class OfferTable:
    """
    Complementary offers for a live basket: made once, then looked up by any number of threads. Immutable. Saved files and pickles are versioned and checksummed.
    """
    @staticmethod
    def from_bytes(bytes: bytes) -> OfferTable:
        """
        The table behind bytes. Damaged or foreign ones are a FormatError.
        """
    @staticmethod
    def load(path: os.PathLike | str | bytes) -> OfferTable:
        """
        The table of a saved file.
        """
    def __getstate__(self) -> bytes: ...
    def __repr__(self) -> str: ...
    def __setstate__(self, arg0: bytes) -> None: ...
    def save(self, path: os.PathLike | str | bytes) -> None:
        """
        Replaces the file in one step.
        """
    def to_bytes(self) -> bytes:
        """
        Versioned, checksummed bytes, the same on every machine.
        """
    @property
    def customer_pairs(self) -> int: ...
    @property
    def has_margins(self) -> bool: ...
    @property
    def n_customers(self) -> int: ...
    @property
    def n_items(self) -> int: ...
    @property
    def pairs(self) -> int: ...

def _next_itemsets(
    parts: _ItemsetParts,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    The next part; an empty one at the end.
    """

def association_rules(
    baskets: emptor._core.data.Baskets | emptor._core.data.Sales | emptor._core.data._BasketArrays,
    *,
    min_count: int = 0,
    min_support: float = 0.0,
    min_confidence: float = 0.0,
    max_items: int = 3,
    max_consequent: int = 1,
    consequents: str | int | collections.abc.Sequence[typing.Any] | None = None,
    measures: str | collections.abc.Sequence[str] = "standard",
    significance: str = "bh",
    alpha: float = 0.05,
    redundant: bool | str = False,
    top: int = 1000,
    level: float = 0.95,
    permutations: int = 1000,
    seed: int = 1,
    holdout: float | str = 0.5,
    item: str | None = None,
    unit: str | None = None,
    goods_only: bool | None = None,
    levels: str | int | collections.abc.Sequence[typing.Any] | None = None,
    same_family: bool = True,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Rules X => y: which items are in the baskets that hold all of X more often than usual, among all
    rules of up to max_items items.

    The test is the one of bought_together with a set of items in the place of one: baskets are
    compared within sizes (Mantel and Haenszel), items compete for a basket's places, and a
    customer's baskets are one unit. By default every part Z of X is tested too, in the baskets that
    hold the rest W of X: y must be in those with Z more often (Webb's productive rules), and
    p_value is the largest of all these tests, so that a rule is found only if every item of it
    earns its place. Its confidence must also be above that of every part.

    With a hierarchy (`levels` of Sales, or baskets made by with_ancestors()) a group is in every
    basket that one of its items is in, and a rule never holds an item and its own ancestor. The
    size of a basket is the number of its most specific items, and a group takes as many of its
    places as its items do. A more general rule makes a rule redundant as a part does: among the
    baskets with a more general antecedent (items replaced by an ancestor, others left out) those
    with X must hold y more often, and among the baskets with an ancestor of y those with X must
    hold y more often.

    Corrected is for the whole space that was declared: all X of up to max_items - 1 items in
    min_count baskets with room for one more, and all y in min_count baskets. Rules below min_count
    or min_confidence count as looked at and not found.

    bh bounds the expected share of false rules among those listed; holm the chance of any; tarone
    likewise, leaving out rules whose counts could not be significant even if X and y were together
    as often as they can be. westfall_young permutes which antecedents meet which consequents among
    baskets of the same size: its q_value is the share of permutations in which any rule has so
    small a p-value, so that what rules share is not paid for twice. Its null hypothesis is that no
    X has to do with any y; that parts earn no place is judged by the same distribution, which is a
    little less than a proof. holdout looks for rules by bh in the first baskets (by date where they
    have one; else in the order given) and tests those in the rest. None of them looks at Fisher's
    test, which is there to compare.

    Purchases known at the moment of `sales` count; items have their ids and names. On baskets of
    your own, as arrays in compressed-row form with items 0 .. n_items - 1, it works the same.

    Raises InvalidArgument, DataError if orders, the column of items or an item are missing,
    Cancelled, MemoryLimit stating the estimate.

    Options
    -------
    min_count
        In how many baskets a rule must hold; 0: see min_support. Give one of
        the two, or neither: then it is 0.1 % of the baskets, and 20 at least.
    min_support
        in which share of the baskets it must hold; 0: see min_count
    max_items
        of antecedent and consequent together
    max_consequent
        items of the consequent; more than 1 only without significance
    consequents
        Only rules with these consequents, given by id or name (in arrays: by
        number). The others are not tested, so what is left has fewer tests to
        make up for.
    measures
        Further columns: names of measures(), "standard" (support, confidence,
        lift) or "all".
    significance
        "bh", "holm", "tarone", "westfall_young", "holdout" or "none"; see
        association_rules().
    alpha
        Rules with q_value <= alpha are listed: the share of chance among them
        (bh, holdout), or the chance that any of them is chance (holm, tarone,
        westfall_young).
    redundant
        Whether redundant rules stay: False leaves out those with a part of the
        antecedent that does not add to the rest, "improvement" those with a
        part of at least the same confidence (and so does False where nothing is
        tested), True none.
    same_family
        Whether rules between variants of one product, by their names, stay.
        False leaves them out before `top` cuts; they still count as looked at,
        so q-values of the rest are no smaller for it.
    top
        at most so many rules, the largest excess first; 0 lists all
    level
        confidence of the intervals
    permutations
        of westfall_young
    seed
        of westfall_young
    holdout
        share of the baskets, the latest ones, that holdout tests in
    holdout_from
        of dated baskets instead: the first day that it tests in
    item
        Of Sales alone, as what follows: the level of items, empty for products
        as ordered, a product column, or "auto" for the finest level whose
        median item has 30 buyers.
    unit
        what a basket is: order, day or customer
    goods_only
        leave out what is not goods, as postage
    levels
        Columns of products above the items, the coarsest first, as
        {"department", "category"}: rules then go across levels, but never
        between an item and a group it belongs to.
    """

def bought_next(
    sales: emptor._core.data.Sales,
    *,
    window: str = "90 days",
    washout: str | None = None,
    item: str | None = None,
    antecedents: str | int | collections.abc.Sequence[typing.Any] | None = None,
    consequents: str | int | collections.abc.Sequence[typing.Any] | None = None,
    by: str | None = None,
    min_antecedent: int = 50,
    min_events: int = 20,
    evidence: str = "affinity",
    fdr: float = 0.05,
    likely_fdr: float = 0.2,
    watch: int = 50,
    level: float = 0.95,
    max_customer_share: float = 0.2,
    min_expected: float = 5.0,
    check: str | None = None,
    all_pairs: bool = False,
    top: int = 0,
    seed: int = 0,
    same_family: bool = True,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Who bought A: what do they tend to buy on a later day, more than people with the same visits
    usually do?

    Every row is an ordered pair of items. Read it as "of 100 who bought `antecedent_name`,
    100 * `p_within` buy `consequent_name` within the window (`p_within_low` to `p_within_high`);
    with the same visits 100 * `usual` would be usual". `excess` is how many buyers that made so
    far, `n_open` and `expected_open` whom it could still reach. Rows are associations: nothing here
    says that A is the reason for B.

    `grade` says how far a row may be trusted: "proven" and "likely" keep the share of false rows at
    `fdr` and `likely_fdr`, over all pairs that can be tested, listed or not; "watch" are the pairs
    with the largest lower limit of excess buyers among the rest, so that there is something to try
    even where nothing is proven. Rows come by grade, then excess. `same_family` marks variants of
    one product, such as two colours of it.

    `info` of the result says what it rests on: pairs possible, testable and found; `window_status`,
    which is not ok if under half of the first purchases were followed for the whole window;
    `placebo_discoveries`, how many pairs the timing test finds after random visits, where there is
    nothing to find; with `check`, how pairs found in the first part of the data hold in the rest.

    How it is worked out:
    - A customer's first A counts if `washout` of data lies before it. At risk are those without B
      up to and on that day; `p_within` is Kaplan and Meier's share of them who buy B within the
      window, so that who bought A lately does not lower it, as he lowers `naive_confidence`.
    - affinity (`p_value`, `q_value`): every later visit of an A-buyer in the window is expected to
      have B with the probability that visits of that size in that 30-day period have. Observed less
      expected visits are summed by customer, and judged by the larger of the customers' own
      variance and the Poisson one.
    - timing (`timing_p`, `timing_q`, `odds_ratio`): within each customer, visits in the window
      against his other visits, allowing for the season; small counts by their exact law.

    Items are goods bought by known customers, as of the moment of `sales`. Formulas, assumptions
    and tests: docs/methods/mining/bought_next.md.

    Raises InvalidArgument for bad options; DataError for a missing table or column, or an item
    that is not there; Cancelled; MemoryLimit.

    Options
    -------
    window
        How long after A a purchase of B counts: on the days (a, a + window]. "6
        months" are calendar months. Any length is answered; info's
        window_status says whether the data are long enough for it.
    washout
        How much of the data must lie before a customer's first A for it to
        count as a first purchase; what looks like a first purchase early in the
        data often is not. Unset: as long as the window; "none": take them all.
    min_antecedent
        A needs so many customers with a first purchase
    min_events
        to be listed, a pair needs so many who first bought B afterwards
    evidence
        Which question decides the grade. "affinity": do people who bought A buy
        B later more often than visits of that size in that season do? "timing":
        does the same customer buy B after A more than before? Strict, and finds
        little in most shops.
    fdr
        grade proven: so large a share of them may be false
    likely_fdr
        grade likely: so large a share of them and the proven
    watch
        how many further pairs get grade watch
    level
        confidence of the intervals
    max_customer_share
        A pair of which one customer brings more than this share of the excess
        is counted in info, not listed.
    min_expected
        With fewer expected visits than this a pair cannot be tested for
        affinity.
    same_family
        Whether pairs between variants of one product, by their names, stay.
        False leaves them out before `top` cuts; they still count as looked at,
        so q-values of the rest are no smaller for it.
    all_pairs
        list pairs without a grade too, as "none"
    top
        keep the first `top` rows; 0: all
    seed
        of the placebo's random visits
    check
        Also find pairs in the first part of the data and see how they hold in
        the rest: the last day of that part, as "2011-07-09", or its share of
        the days, as "0.6". The answer is in info.
    antecedents
        Only these items bought first, by id or name. Empty: all. q-values are
        over the pairs asked for.
    consequents
        only these bought later
    item
        What counts as an item: a column of products or order lines; "auto": the
        finest level whose median item has 30 buyers. Empty: products as
        ordered.
    by
        A column of orders, customers or products: pairs within each of its
        values, q-values over all.
    """

def bought_together(
    sales: emptor._core.data.Sales,
    *,
    item: str | None = None,
    unit: str = "order",
    goods_only: bool = True,
    by: str | None = None,
    min_count: int = 20,
    fdr: float = 0.05,
    top: int = 0,
    level: float = 0.95,
    fisher: bool = False,
    same_family: bool = True,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Which items are bought together: in the same basket more often than usual, over all pairs.

    A row reads: `n_baskets` baskets hold both items; `expected` would be usual for how often each
    is in baskets of that size; `excess` is the difference, and the list is sorted by it. Of the
    baskets with a the share `confidence_ab` holds b. At most the share `fdr` of the rows is chance.
    Nothing here says why two items go together.

    Large baskets hold everything together, so a pair is compared within baskets of one size, and a
    customer who repeats himself counts once. The test is Mantel and Haenszel's, stratified by
    basket size (number of distinct items). In a stratum of N baskets of which shares p and q hold a
    and b, usual are N k p q (1 - c_a c_b) baskets with both: an item takes one of a basket's
    places, and the c are the ones for which every item has as many others beside it as its baskets
    hold (for small shares Hajek's approximation for sampling without replacement, 1964); k = N sum
    s^2 / (sum s)^2 removes what sizes s still differ in the stratum. The variance is that of the
    score (1{a} - p)(1{b} - q), times the customers' design effect: scores summed by customer and
    squared over scores squared by basket, at least 1. The p-value is the Poisson tail stretched to
    that mean and variance, so that small counts keep their skewness.

    Purchases known at the moment of `sales` count; items have their ids and names. On baskets of
    your own, as arrays in compressed-row form with items 0 .. n_items - 1, it works the same (in
    Python: bought_together_in_baskets(offset, item)).

    Raises InvalidArgument, DataError if orders or the column of items or of `by` are missing,
    Cancelled, MemoryLimit stating the estimate.

    Options
    -------
    min_count
        A pair is listed from this many shared baskets on, and tested when both
        items are in that many baskets of two or more items: fewer could never
        be listed.
    fdr
        Pairs with q_value <= fdr are listed: on average at most this share of
        them is chance. 1 lists every pair with min_count shared baskets.
    top
        at most so many pairs, the largest excess first; 0 lists all
    level
        confidence of the intervals
    fisher
        Also gives Fisher's exact p-value (column fisher_p), to compare with
        other tools. It takes baskets of unequal size as equal and is mostly
        wrong on shops' data.
    same_family
        Whether pairs between variants of one product, by their names, stay.
        False leaves them out before `top` cuts; they still count as looked at,
        so q-values of the rest are no smaller for it.
    item
        Of Sales alone, as what follows: the level of items, empty for products
        as ordered, a product column, or "auto" for the finest level whose
        median item has 30 buyers.
    unit
        what a basket is: order, day or customer
    goods_only
        leave out what is not goods, as postage
    by
        Column of orders, customers or products to split by: pairs of every
        group apart, q-values over all pairs of all groups. "" does not split.
    """

def bought_together_in_baskets(
    offset: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]],
    item: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]],
    *,
    customer: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]] | None = None,
    n_items: int = 0,
    min_count: int = 20,
    fdr: float = 0.05,
    top: int = 0,
    level: float = 0.95,
    fisher: bool = False,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Which items are bought together: in the same basket more often than usual, over all pairs.

    A row reads: `n_baskets` baskets hold both items; `expected` would be usual for how often each
    is in baskets of that size; `excess` is the difference, and the list is sorted by it. Of the
    baskets with a the share `confidence_ab` holds b. At most the share `fdr` of the rows is chance.
    Nothing here says why two items go together.

    Large baskets hold everything together, so a pair is compared within baskets of one size, and a
    customer who repeats himself counts once. The test is Mantel and Haenszel's, stratified by
    basket size (number of distinct items). In a stratum of N baskets of which shares p and q hold a
    and b, usual are N k p q (1 - c_a c_b) baskets with both: an item takes one of a basket's
    places, and the c are the ones for which every item has as many others beside it as its baskets
    hold (for small shares Hajek's approximation for sampling without replacement, 1964); k = N sum
    s^2 / (sum s)^2 removes what sizes s still differ in the stratum. The variance is that of the
    score (1{a} - p)(1{b} - q), times the customers' design effect: scores summed by customer and
    squared over scores squared by basket, at least 1. The p-value is the Poisson tail stretched to
    that mean and variance, so that small counts keep their skewness.

    Purchases known at the moment of `sales` count; items have their ids and names. On baskets of
    your own, as arrays in compressed-row form with items 0 .. n_items - 1, it works the same (in
    Python: bought_together_in_baskets(offset, item)).

    Raises InvalidArgument, DataError if orders or the column of items or of `by` are missing,
    Cancelled, MemoryLimit stating the estimate.

    Options
    -------
    min_count
        A pair is listed from this many shared baskets on, and tested when both
        items are in that many baskets of two or more items: fewer could never
        be listed.
    fdr
        Pairs with q_value <= fdr are listed: on average at most this share of
        them is chance. 1 lists every pair with min_count shared baskets.
    top
        at most so many pairs, the largest excess first; 0 lists all
    level
        confidence of the intervals
    fisher
        Also gives Fisher's exact p-value (column fisher_p), to compare with
        other tools. It takes baskets of unequal size as equal and is mostly
        wrong on shops' data.
    same_family
        Whether pairs between variants of one product, by their names, stay.
        False leaves them out before `top` cuts; they still count as looked at,
        so q-values of the rest are no smaller for it.
    item
        Of Sales alone, as what follows: the level of items, empty for products
        as ordered, a product column, or "auto" for the finest level whose
        median item has 30 buyers.
    unit
        what a basket is: order, day or customer
    goods_only
        leave out what is not goods, as postage
    by
        Column of orders, customers or products to split by: pairs of every
        group apart, q-values over all pairs of all groups. "" does not split.
    """

def count_itemsets(
    baskets: emptor._core.data.Baskets | emptor._core.data.Sales | emptor._core.data._BasketArrays,
    *,
    min_count: int = 0,
    min_support: float = 0.0,
    kind: str = "all",
    min_items: int = 1,
    max_items: int = 3,
    must_contain: str | int | collections.abc.Sequence[typing.Any] | None = None,
    exclude: str | int | collections.abc.Sequence[typing.Any] | None = None,
    item: str | None = None,
    unit: str | None = None,
    goods_only: bool | None = None,
    levels: str | int | collections.abc.Sequence[typing.Any] | None = None,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    How many frequent sets there are, by size, without writing any of them down.

    Options
    -------
    min_count
        In how many baskets a set must be; 0: see min_support. Give one of the
        two, or neither: then it is 0.1 % of the baskets, and 20 at least.
    min_support
        in which share of the baskets a set must be; 0: see min_count
    kind
        "all", "closed" (no larger set has the same count), "maximal" (no larger
        set is frequent) or "generators" (every smaller set has a larger count).
        What a set is does not depend on the other options: with max_items, a
        closed set is still compared with sets of any size.
    min_items
        sets of so many items or more
    max_items
        sets of at most so many items; 0 is no limit
    top
        At most so many sets, those of the largest counts first; 0 lists all.
        The search raises min_count by itself, so a small `top` is fast at any
        min_count; less so of maximal sets, which are told by min_count as
        given: it only passes by those of smaller counts.
    must_contain
        Only sets with all of these items, given by id or name (in arrays: by
        number).
    exclude
        items to leave out, as if nobody had bought them
    max_sets
        Never more than so many sets, whatever the data; 0 is no bound. Beyond
        it min_count is raised to the least count that gives no more than these,
        so that what is listed stays complete.
    item
        Of Sales alone, as what follows: the level of items, empty for products
        as ordered, a product column, or "auto" for the finest level whose
        median item has 30 buyers.
    unit
        what a basket is: order, day or customer
    goods_only
        leave out what is not goods, as postage
    levels
        Columns of products above the items, the coarsest first, as
        {"department", "category"}: sets then hold groups beside items, but
        never an item and a group it belongs to.
    """

def evaluate_next_basket(
    sales: emptor._core.data.Sales,
    *,
    models: collections.abc.Sequence[str] | None = None,
    k: int = 10,
    min_visits: int = 4,
    from_date: str | None = None,
    horizon: str | None = None,
    item: str | None = None,
    level: float = 0.95,
    replicates: int = 999,
    seed: int = 0,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Recall, NDCG and hit rate of next_basket's models on purchases held back, always beside what the
    customer, or everybody, buys most often. Models learn from what is known alone: "auto" and the
    blend choose and fit on earlier moments within it, never on what is reported.

    Holding back each customer's last purchase lets models see what others bought after it, as the
    literature does; with `from_date` nothing after that day is seen.

    With `horizon` columns within_* say how often listed items were bought within it, against what
    next_basket would have said on `from_date`.

    Raises InvalidArgument for unsorted or repeated purchases and bad options; Cancelled;
    MemoryLimit.

    The same over purchases of goods by known customers, as of the moment of `sales`.

    Raises DataError for a missing table or column.

    Options
    -------
    models
        What is compared. gp_topfreq, p_topfreq and g_topfreq are always among
        it. Empty: "auto" and these three.
    k
        length of the lists
    min_visits
        customers with fewer purchases, the held back one included, are left out
    from_date
        "": the last purchase of each customer is held back, the rest is known.
        A date as "2011-09-30": what came up to it is known, and each customer's
        first purchase after it is foretold.
    horizon
        Also how next_basket's probabilities of being bought within so long
        hold: of all customers with `min_visits` - 1 purchases up to from_date,
        whether they came again or not. Without from_date the day that leaves
        just the horizon to the end of the data. Unset: not looked at.
    item
        level, see data.items (Sales only)
    replicates
        of the bootstrap over customers
    model_options
        settings of the models; its other fields do not count
    """

def explain(name: str) -> str:
    """
    The definition of a measure of rules or item sets: its formula, its interval, what to mind.

    Raises InvalidArgument with the nearest name for one that is none.
    """

def frequent_itemsets(
    baskets: emptor._core.data.Baskets | emptor._core.data.Sales | emptor._core.data._BasketArrays,
    *,
    min_count: int = 0,
    min_support: float = 0.0,
    kind: str = "all",
    min_items: int = 1,
    max_items: int = 3,
    top: int = 0,
    must_contain: str | int | collections.abc.Sequence[typing.Any] | None = None,
    exclude: str | int | collections.abc.Sequence[typing.Any] | None = None,
    max_sets: int = 0,
    item: str | None = None,
    unit: str | None = None,
    goods_only: bool | None = None,
    levels: str | int | collections.abc.Sequence[typing.Any] | None = None,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Which sets of items are in at least min_count baskets together, with their exact counts.

    With a hierarchy (`levels` of Sales, or baskets made by with_ancestors()) a group is in every
    basket that one of its items is in, and no set holds an item and its own ancestor. Such a set is
    closed if no more specific one has the same count, and maximal if no more specific one is
    frequent: more specific by further items, or by an item in the place of its ancestor. Generators
    are told by the items they leave out, as ever. `exclude` leaves out the item itself, not what it
    belongs to.

    Purchases known at the moment of `sales` count; items have their ids and names.

    Raises InvalidArgument, DataError if orders, the column of items or an item are missing,
    Cancelled, MemoryLimit stating what was needed.

    Options
    -------
    min_count
        In how many baskets a set must be; 0: see min_support. Give one of the
        two, or neither: then it is 0.1 % of the baskets, and 20 at least.
    min_support
        in which share of the baskets a set must be; 0: see min_count
    kind
        "all", "closed" (no larger set has the same count), "maximal" (no larger
        set is frequent) or "generators" (every smaller set has a larger count).
        What a set is does not depend on the other options: with max_items, a
        closed set is still compared with sets of any size.
    min_items
        sets of so many items or more
    max_items
        sets of at most so many items; 0 is no limit
    top
        At most so many sets, those of the largest counts first; 0 lists all.
        The search raises min_count by itself, so a small `top` is fast at any
        min_count; less so of maximal sets, which are told by min_count as
        given: it only passes by those of smaller counts.
    must_contain
        Only sets with all of these items, given by id or name (in arrays: by
        number).
    exclude
        items to leave out, as if nobody had bought them
    max_sets
        Never more than so many sets, whatever the data; 0 is no bound. Beyond
        it min_count is raised to the least count that gives no more than these,
        so that what is listed stays complete.
    item
        Of Sales alone, as what follows: the level of items, empty for products
        as ordered, a product column, or "auto" for the finest level whose
        median item has 30 buyers.
    unit
        what a basket is: order, day or customer
    goods_only
        leave out what is not goods, as postage
    levels
        Columns of products above the items, the coarsest first, as
        {"department", "category"}: sets then hold groups beside items, but
        never an item and a group it belongs to.
    """

def itemset_chunks(
    baskets: emptor._core.data.Baskets | emptor._core.data.Sales | emptor._core.data._BasketArrays,
    *,
    rows: int = 100000,
    min_count: int = 0,
    min_support: float = 0.0,
    kind: str = "all",
    min_items: int = 1,
    max_items: int = 3,
    must_contain: str | int | collections.abc.Sequence[typing.Any] | None = None,
    exclude: str | int | collections.abc.Sequence[typing.Any] | None = None,
    max_sets: int = 0,
    item: str | None = None,
    unit: str | None = None,
    goods_only: bool | None = None,
    levels: str | int | collections.abc.Sequence[typing.Any] | None = None,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> _ItemsetParts:
    """
    frequent_itemsets part by part: an iterator over frames of `rows` sets each, of as many sets as there are, in the memory of the search and one part.

    The search is done when this returns; sets are written down as they are asked for, and no further than that. They come in the order of the search, not sorted; the arguments are those of frequent_itemsets, without top.
    """

def itemset_measures(
    offset: typing.Any,
    item: typing.Any,
    count: typing.Any,
    item_count: typing.Any,
    baskets: int,
    *,
    level: float = 0.95,
) -> emptor.frame.Frame:
    """
    Measures of item sets: support, all-confidence (Omiecinski 2003), cross-support ratio (Xiong and
    others 2003) and lift.

    Raises InvalidArgument for counts that cannot be.
    """

def measures() -> emptor.frame.Frame:
    """
    All measures of rules that can be asked for by name, with formula, meaning and interval.
    """

def next_basket(
    sales: emptor._core.data.Sales,
    *,
    top: int = 10,
    model: str = "auto",
    repeat: str = "both",
    customers: collections.abc.Sequence[typing.Any] | None = None,
    horizon: str | None = None,
    item: str | None = None,
    level: float = 0.95,
    neighbors: int = 300,
    pool: int = 20000,
    groups: int = 7,
    within_decay: float = 0.9,
    group_decay: float = 0.7,
    own_weight: float = 0.7,
    recency: int = 20,
    asymmetry: float = 0.75,
    locality: float = 5.0,
    window: str = "60 days",
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    What is likely in the next purchase of each customer, and why. A purchase is all a customer buys
    on a day.

    Probabilities are calibrated: the model is fitted as of an earlier moment, its scores are binned
    (repeat and new items apart, made monotone by pooling adjacent violators), and a bin's
    probability is how many of its items were in the customer's next purchase after that moment,
    shrunk towards the mean of all. "auto" compares the models there as well, and keeps gp_topfreq
    unless another is at least as good in recall, NDCG and hit rate; the blend is fitted on a moment
    before that one. Too few customers for this: status not_enough_data, and the order of
    gp_topfreq.

    With `horizon` every row also has the probability that the item is bought within so long. It is
    learnt the same way, one horizon before the moment, of all customers known then, whether they
    came again or not; a logistic regression on the score, on how often the customer comes and how
    long he has been away is fitted another horizon earlier and its bins are what is counted. With
    less than two horizons of data: status not_enough_data.

    Sources: GP-TopFreq (Li et al. 2023), UP-CF@r (Faggioli, Polato, Aiolli 2020), TIFU-KNN (Hu et
    al. 2020), item-KNN (Deshpande and Karypis 2004).

    Raises InvalidArgument for unsorted or repeated purchases and bad options; Cancelled;
    MemoryLimit.

    The same over purchases of goods by known customers, as of the moment of `sales`.

    Raises DataError for a missing table or column, and a customer that is not there.

    Options
    -------
    top
        items per customer
    repeat
        items bought before, new ones, or both
    customers
        Only these customers, by id. Empty: all with a purchase. Everybody's
        purchases are learnt from.
    horizon
        Also the probability that an item is bought within so long from the
        moment on, whether the customer comes once, often or not at all: columns
        p_within. Unset: none.
    item
        level, see data.items (Sales only)
    level
        confidence of the intervals
    neighbors
        up_cf, tifu_knn: how many customers are alike
    pool
        up_cf, tifu_knn: at most so many customers can be alike to another, a
        sample by their ids' hashes.
    groups
        tifu_knn: groups of a customer's purchases (m)
    within_decay
        tifu_knn: weight lost per purchase inside a group (r_b)
    group_decay
        tifu_knn: weight lost per group (r_g)
    own_weight
        tifu_knn: of the customer himself; the rest is his neighbours'
    recency
        up_cf, item_knn: how many of the last purchases count (r)
    asymmetry
        up_cf: power of the customer's own number of items (alpha)
    locality
        up_cf: power of the similarity (q)
    window
        timed_rules: of bought_next
    """

def odds_ratio_interval(
    n11: int, n10: int, n01: int, n00: int, *, method: str = "woolf", level: float = 0.95
) -> tuple[float, float]:
    """
    The interval of the odds ratio of a table with counts n11, n10, n01, n00.
    """

def offer_table(
    sales: emptor._core.data.Sales,
    *,
    neighbors: int = 32,
    min_count: int = 20,
    fdr: float = 0.05,
    level: float = 0.95,
    item: str | None = None,
    same_family: bool = False,
    window: str | None = None,
    margins: dict | None = None,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> OfferTable:
    """
    Makes the table from what is bought together and, with `window`, what is bought next, as of the
    moment of `sales`. A customer's offers are the consequents of what he bought lately, of those he
    never bought; their probability is per visit, spread evenly over the usual number of visits in
    the window.

    Raises InvalidArgument, DataError for missing tables or columns and unknown items, Cancelled,
    MemoryLimit.

    Options
    -------
    neighbors
        offers kept per item and per customer
    min_count
        baskets a pair must share, see bought_together
    fdr
        of bought_together and bought_next: which pairs speak for anything
    level
        of the lower limits
    item
        level, see data.items
    same_family
        Variants of one product may be offered beside each other.
    window
        Also what customers tend to buy within this span of what they bought
        lately; unset: no customers in the table.
    margins
        Margin per basket, by id of the item. Empty: offers cannot be ranked by
        margin.
    """

def recommend(
    table: OfferTable,
    *,
    basket: collections.abc.Sequence[typing.Any],
    customer: typing.Any = None,
    top: int = 5,
    value: str | None = None,
) -> emptor.frame.Frame:
    """
    The best offers for a basket, best first.

    An item stands by its strongest single reason: an item of the basket, or one the customer bought lately, whose lower limit is largest; value="amount" or "margin" ranks by that limit times what the item is worth. Items of the basket are not offered; a customer the table does not know is offered what anybody is.
    """

def rule_measures(
    both: typing.Any,
    antecedent: typing.Any,
    consequent: typing.Any,
    baskets: int,
    *,
    measures: str | collections.abc.Sequence[str] = "standard",
    level: float = 0.95,
    odds_ratio_interval: str = "woolf",
    intervals: bool = True,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Measures of rules from their counts, by the textbooks' formulas (some tools differ; see the
    page). Shares (support, confidence, jaccard) have Wilson's interval, ratios the delta method on
    the log scale, other smooth measures the delta method for the multinomial law of the four cells,
    cut where the measure ends; test statistics and measures that are flat under independence have
    none. A value is missing where the formula divides 0 by 0, an interval where the data give the
    measure no spread.

    Raises InvalidArgument for counts that cannot be, and for unknown names.

    Options
    -------
    measures
        Names of measures; "standard" stands for support, confidence and lift,
        "all" for every one.
    level
        confidence of the intervals
    intervals
        False leaves them out
    odds_ratio_interval
        Of odds_ratio: woolf, gart or exact. Where a cell is 0 the end that
        Woolf's still has is Gart's; where baskets are summed by customer the
        delta method takes the place of Woolf's and Gart's.
    """

def rules_of_itemsets(
    offset: typing.Any,
    item: typing.Any,
    count: typing.Any,
    baskets: int,
    *,
    min_confidence: float = 0.0,
    max_consequent: int = 0,
    measures: str | collections.abc.Sequence[str] = "standard",
    top: int = 0,
    level: float = 0.95,
    intervals: bool = True,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    All rules that item sets give, from their counts alone: every set split into antecedent and
    consequent in every way. `sets` must hold every part of each of its sets, as a list of all
    frequent sets does. expected is n_antecedent * n_consequent / baskets here, and nothing is
    tested: counts of sets know nothing of basket sizes and customers. item_count is not needed.

    Raises InvalidArgument that names a set of which a part is missing.

    Options
    -------
    max_consequent
        items of the consequent; 0 is no limit
    measures
        as in association_rules
    top
        at most so many rules, the largest excess first; 0 lists all
    level
        confidence of the intervals
    intervals
        False leaves them out, which is faster
    """

def sequence_rules(
    sales: emptor._core.data.Sales,
    *,
    window: str = "6 months",
    washout: str | None = None,
    completion: str | None = None,
    max_antecedent: int = 3,
    item: str | None = None,
    antecedents: str | int | collections.abc.Sequence[typing.Any] | None = None,
    consequents: str | int | collections.abc.Sequence[typing.Any] | None = None,
    by: str | None = None,
    max_sets: int = 2000,
    min_antecedent: int = 50,
    min_events: int = 20,
    evidence: str = "affinity",
    fdr: float = 0.05,
    likely_fdr: float = 0.2,
    watch: int = 50,
    level: float = 0.95,
    max_customer_share: float = 0.2,
    min_expected: float = 5.0,
    check: str | None = None,
    all_rules: bool = False,
    redundant: bool = False,
    top: int = 0,
    seed: int = 0,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    What customers who bought all of a set tend to buy later: bought_next for sets. The index day is
    the first one by which all of the set has been bought; everything after it is defined as in
    bought_next, and sets of one item give its rows. A larger set must earn its place: beside the
    affinity of those who completed it, it is tested against every part of it, whether the visits
    after the set was complete have B more often than those of people who had bought the part alone
    (score test clustered by customer, expectations by size and season). The rule's p-value is the
    largest of these; q-values are Benjamini and Hochberg's over all testable rules of the declared
    space, of all groups of `by`. Timing is tested the same way within customers: his visits after
    the set was complete against all his others, and against those when he had only a part of it.
    The same bits on any number of threads.

    `info` says what the result rests on: rules possible, testable and found; `window_status`, which
    is not ok if under half of the completions were followed for the whole window;
    `placebo_discoveries`, how many rules the timing test finds after random visits, where there is
    nothing to find; with `check`, how rules found in the first part of the data hold in the rest.

    Raises InvalidArgument for unsorted or repeated purchases, codes or days out of range, and bad
    options; Cancelled; MemoryLimit.

    The same over purchases of goods by known customers, as of the moment of `sales`.

    Raises DataError for a missing table or column, also an item that is not there.

    Options
    -------
    window
        B counts on the days (a, a + window], a being the day the set is
        completed.
    washout
        Days of data that must lie before a completion for it to count. Unset:
        the window.
    completion
        All of the set must be bought within so long; unset: whenever.
    max_antecedent
        items of a set, 1 to 5
    max_sets
        How many sets of two and more items are looked at: those that most
        customers bought. Chosen before any consequent is looked at.
    min_antecedent
        customers who completed the set
    min_events
        customers who first bought B within the window; fewer: not listed
    evidence
        Which question decides the grade. "affinity": do people who completed
        the set buy B later more often than visits of that size in that season
        do? "timing": does the same customer buy B after the set was complete
        more than before? A larger set must beat its parts in the same question.
    fdr
        false-discovery rate of grade proven
    likely_fdr
        ... of grade likely
    watch
        how many rules may have grade watch
    level
        confidence of the intervals
    max_customer_share
        A rule one customer of which brings more than this share of the excess
        is counted, not listed.
    min_expected
        a rule with fewer expected visits cannot be tested
    all_rules
        list rules of grade none too
    redundant
        List sets too that do not do better than one of their parts.
    top
        keep the first `top` rows; 0: all
    seed
        of the placebo's random visits
    check
        Also find rules in the first part of the data and see how they hold in
        the rest: the last day of that part, as "2011-07-09", or its share of
        the days, as "0.6". The answer is in info.
    antecedents
        Only these items in sets, by id or name. Empty: all. Multiplicity is
        over the rules asked for.
    item
        level, see data.items (Sales only)
    by
        A column of orders, customers or products (Sales only): rules within
        each of its values, q-values over all. Each value has its own `max_sets`
        sets.
    """

def sequences(
    sales: emptor._core.data.Sales,
    *,
    min_count: int | None = None,
    min_support: float | None = None,
    max_gap: int | str | None = "30 days",
    min_gap: int | str | None = None,
    max_span: int | str | None = "6 months",
    kind: str = "all",
    min_length: int = 2,
    max_length: int | None = None,
    max_items: int | None = 3,
    repeats: bool = True,
    top: int = 1000,
    item: str | None = None,
    must_contain: str | int | collections.abc.Sequence[typing.Any] | None = None,
    exclude: str | int | collections.abc.Sequence[typing.Any] | None = None,
    level: float = 0.95,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    What many customers bought one after the other: sequences of elements, an element being items
    bought on one day, later elements on later days within the limits of time. A customer counts
    once, if he has at least one such series of days. Definitions: docs/methods/mining/sequences.md.
    Exact: a limit of time never hides a series that another choice of days would allow. How often
    something is bought in this order says nothing on what is usual; for that see sequence_rules.
    The same bits on any number of threads.

    Raises InvalidArgument for unsorted or repeated purchases, codes out of range, and bad options;
    Cancelled; MemoryLimit.

    The same over purchases of goods by known customers, as of the moment of `sales`.

    Raises DataError for a missing table or column, also an item that is not there.

    Options
    -------
    min_count
        Customers a sequence needs; 0: the larger of 20 and 1 % of the
        customers.
    min_support
        the same as a share of the customers; 0: min_count decides
    max_gap
        An element comes at most this long after the one before it; unset: no
        limit.
    min_gap
        ... and at least this long after it; unset: on a later day.
    max_span
        The last element comes at most this long after the first one; unset: no
        limit.
    min_length
        elements (days) a listed sequence has at least
    max_length
        ... and at most; 0: no limit
    max_items
        items of one element; 0: no limit
    repeats
        false: no item twice in a sequence
    top
        Keep the first `top` rows: the least count rises while mining; 0: all.
    level
        confidence of the interval of the support
    days
        also how many days lie between the elements
    must_contain
        Only sequences with all of these items, by id or name. Empty: all
        sequences.
    exclude
        leave these items out, by id or name
    item
        level, see data.items (Sales only)
    """

def sequences_in_events(
    customer: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]],
    time: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]],
    item: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]],
    ids: typing.Any,
    *,
    min_count: int | None,
    min_support: float | None,
    max_gap: int | str | None,
    min_gap: int | str | None,
    max_span: int | str | None,
    kind: str,
    min_length: int,
    max_length: int | None,
    max_items: int | None,
    repeats: bool,
    top: int,
    must_contain: str | int | collections.abc.Sequence[typing.Any] | None,
    exclude: str | int | collections.abc.Sequence[typing.Any] | None,
    level: float,
    days: bool,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    What many customers bought one after the other: sequences of elements, an element being items
    bought on one day, later elements on later days within the limits of time. A customer counts
    once, if he has at least one such series of days. Definitions: docs/methods/mining/sequences.md.
    Exact: a limit of time never hides a series that another choice of days would allow. How often
    something is bought in this order says nothing on what is usual; for that see sequence_rules.
    The same bits on any number of threads.

    Raises InvalidArgument for unsorted or repeated purchases, codes out of range, and bad options;
    Cancelled; MemoryLimit.

    The same over purchases of goods by known customers, as of the moment of `sales`.

    Raises DataError for a missing table or column, also an item that is not there.

    Options
    -------
    min_count
        Customers a sequence needs; 0: the larger of 20 and 1 % of the
        customers.
    min_support
        the same as a share of the customers; 0: min_count decides
    max_gap
        An element comes at most this long after the one before it; unset: no
        limit.
    min_gap
        ... and at least this long after it; unset: on a later day.
    max_span
        The last element comes at most this long after the first one; unset: no
        limit.
    min_length
        elements (days) a listed sequence has at least
    max_length
        ... and at most; 0: no limit
    max_items
        items of one element; 0: no limit
    repeats
        false: no item twice in a sequence
    top
        Keep the first `top` rows: the least count rises while mining; 0: all.
    level
        confidence of the interval of the support
    days
        also how many days lie between the elements
    must_contain
        Only sequences with all of these items, by id or name. Empty: all
        sequences.
    exclude
        leave these items out, by id or name
    item
        level, see data.items (Sales only)
    """

def sequences_in_lists(
    lists: typing.Any,
    *,
    min_count: int | None,
    min_support: float | None,
    max_gap: int | str | None,
    min_gap: int | str | None,
    max_span: int | str | None,
    kind: str,
    min_length: int,
    max_length: int | None,
    max_items: int | None,
    repeats: bool,
    top: int,
    must_contain: str | int | collections.abc.Sequence[typing.Any] | None,
    exclude: str | int | collections.abc.Sequence[typing.Any] | None,
    level: float,
    days: bool,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    What many customers bought one after the other: sequences of elements, an element being items
    bought on one day, later elements on later days within the limits of time. A customer counts
    once, if he has at least one such series of days. Definitions: docs/methods/mining/sequences.md.
    Exact: a limit of time never hides a series that another choice of days would allow. How often
    something is bought in this order says nothing on what is usual; for that see sequence_rules.
    The same bits on any number of threads.

    Raises InvalidArgument for unsorted or repeated purchases, codes out of range, and bad options;
    Cancelled; MemoryLimit.

    The same over purchases of goods by known customers, as of the moment of `sales`.

    Raises DataError for a missing table or column, also an item that is not there.

    Options
    -------
    min_count
        Customers a sequence needs; 0: the larger of 20 and 1 % of the
        customers.
    min_support
        the same as a share of the customers; 0: min_count decides
    max_gap
        An element comes at most this long after the one before it; unset: no
        limit.
    min_gap
        ... and at least this long after it; unset: on a later day.
    max_span
        The last element comes at most this long after the first one; unset: no
        limit.
    min_length
        elements (days) a listed sequence has at least
    max_length
        ... and at most; 0: no limit
    max_items
        items of one element; 0: no limit
    repeats
        false: no item twice in a sequence
    top
        Keep the first `top` rows: the least count rises while mining; 0: all.
    level
        confidence of the interval of the support
    days
        also how many days lie between the elements
    must_contain
        Only sequences with all of these items, by id or name. Empty: all
        sequences.
    exclude
        leave these items out, by id or name
    item
        level, see data.items (Sales only)
    """

def substitutes(
    sales: emptor._core.data.Sales,
    *,
    relation: str = "substitutes",
    period: str = "90 days",
    item: str | None = None,
    within: str | None = None,
    place: str | None = None,
    min_customers: int = 20,
    min_expected: float = 5.0,
    min_effect: float = 0.1,
    fdr: float = 0.05,
    likely_fdr: float = 0.2,
    watch: int = 20,
    level: float = 0.95,
    all_pairs: bool = False,
    top: int = 0,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Which items are bought instead of each other: by the same customers, on the same kind of
    occasion, but not in the same visit.

    A row reads: customers who buy both items within a period put them into one visit `n_together`
    times; `expected` times would be usual for how many visits they make, how large these are and
    how often each item is in them; `ratio` is the one over the other. `occasion` says whether the
    two are bought beside the same other items: only then is it a choice between them and not two
    errands. `availability_seen` says whether the data could show that one of them was missing.

    A visit is a customer's civil day. The visits of a customer within a period are compared with
    each other, so tastes, seasons and how much a customer buys drop out; an item counts there if it
    was on sale (sold to anybody before and after, and not visibly absent between) all the time from
    the first to the last of these visits. Given how many of the visits hold each item and how many
    items each visit holds, the usual number together comes from the random tables with these
    margins (Rasch's model; items compete for a visit's places as in bought_together). The p-value
    is the tail of a Poisson law stretched to the mean, less (or plus) min_effect, and to the larger
    of the model's variance and the one clustered by customer; q-values are Benjamini and Hochberg's
    over all testable pairs. Substitutes have a grade only if the occasion is the same; the rest may
    be on watch.

    Raises InvalidArgument for unsorted or repeated purchases, codes or days out of range, and bad
    options; Cancelled; MemoryLimit.

    The same over purchases of goods by known customers, as of the moment of `sales`.

    Raises DataError for a missing table or column.

    Options
    -------
    period
        Visits of a customer are compared with each other within so long a time:
        longer finds more, shorter is safer from tastes, seasons and assortments
        that change.
    min_customers
        a pair is tested if so many bought both within a period
    min_expected
        ... and so many visits with both are expected
    min_effect
        Tested is whether a pair is farther from usual than by this share:
        smaller differences also come from visits that differ in more than their
        size.
    fdr
        false-discovery rate of grade proven
    likely_fdr
        ... of grade likely
    watch
        how many pairs may have grade watch
    level
        confidence of the intervals
    all_pairs
        list all testable pairs
    top
        keep the first `top` rows; 0: all
    item
        level, see data.items (Sales only)
    within
        Product column, as "category": only pairs with the same value of it are
        tested (Sales only).
    place
        Column of orders, as "store": visits to different places are not
        compared, and what is on sale is judged place by place (Sales only).
    """
