# Made by scripts/stubs; never edited.
from __future__ import annotations
import collections.abc
import emptor.frame
import numpy
import numpy.typing
import typing

__all__: list[str] = [
    "Baskets",
    "InputColumn",
    "InputTable",
    "Sales",
    "TimeZone",
    "array_column",
    "baskets",
    "concatenate",
    "dictionary_column",
    "import_batch",
    "import_stream",
    "null_column",
    "orders_clean",
    "parse_csv",
    "period_numbers",
    "period_starts",
    "read_csv",
    "scan_objects",
    "series",
    "table_of",
    "text_column",
    "time_column",
]

class InputColumn:
    """
    One incoming column.
    """

class InputTable:
    """
    A table on its way in.
    """
    def __len__(self) -> int: ...
    def columns(self) -> list[InputColumn]: ...
    @property
    def names(self) -> list: ...

class TimeZone:
    """
    A zone as its table of changes, in microseconds.
    """
    def __init__(
        self, name: str, utc: collections.abc.Sequence[int], offset: collections.abc.Sequence[int]
    ) -> None: ...
    def to_local(self, utc: int) -> int: ...
    def to_utc(self, local: int) -> int: ...
    @property
    def name(self) -> str: ...

class Sales:
    @typing.overload
    def __init__(self) -> None: ...
    @typing.overload
    def __init__(self, sales: Sales) -> None: ...
    def _as_of(self, moment: int) -> Sales: ...
    def _as_of_day(self, day: int) -> Sales: ...
    def _become(self, sales: Sales) -> None: ...
    def _behaviour_coverage(self) -> dict: ...
    def _customer_coverage(self) -> dict: ...
    def quality(self) -> emptor.frame.Frame:
        """
        What was found in the data: rows rejected, repaired and suspicious, with their lines and reasons.
        """
    @property
    def _first_day(self) -> int: ...
    @property
    def _has_orders(self) -> bool: ...
    @property
    def _last_day(self) -> int: ...
    @property
    def _moment(self) -> int: ...
    @property
    def _recognised(self) -> list: ...
    @property
    def _sizes(self) -> dict: ...
    @property
    def _timezone(self) -> TimeZone: ...
    @property
    def amount_rule(self) -> str:
        """
        How the amount of a line was formed, in words.
        """
    @property
    def attributes(self) -> dict:
        """
        Names of the columns one can group by, per table.
        """
    @property
    def currency(self) -> str:
        """
        Three letters, or empty.
        """

class Baskets:
    """
    Baskets in compressed-row form: basket b holds the distinct items item[offset[b]:offset[b + 1]].
    """
    def __len__(self) -> int: ...
    def __repr__(self) -> str: ...
    def _with(
        self,
        weight: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]] | None,
        customer: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]] | None,
    ) -> Baskets: ...
    def _with_ancestors(
        self, item: collections.abc.Sequence[str], parent: collections.abc.Sequence[str]
    ) -> Baskets: ...
    @property
    def coverage(self) -> dict: ...
    @property
    def customer(self) -> numpy.ndarray[typing.Any, numpy.dtype[typing.Any]]:
        """
        codes, -1 unknown
        """
    @property
    def day(self) -> typing.Any: ...
    @property
    def item(self) -> numpy.ndarray[typing.Any, numpy.dtype[typing.Any]]:
        """
        codes into item_names and item_ids
        """
    @property
    def item_ids(self) -> numpy.ndarray[typing.Any, numpy.dtype[typing.Any]]: ...
    @property
    def item_names(self) -> list[str]: ...
    @property
    def level(self) -> str:
        """
        what an item is: product, or a product column
        """
    @property
    def missing(self) -> int:
        """
        entries without an item or a basket
        """
    @property
    def offset(self) -> numpy.ndarray[typing.Any, numpy.dtype[typing.Any]]: ...
    @property
    def parent(self) -> numpy.ndarray[typing.Any, numpy.dtype[typing.Any]]:
        """
        per item the code of what it belongs to, -1 nothing; empty without a hierarchy
        """
    @property
    def repeated(self) -> int:
        """
        entries that named an item of their basket again; it counts once
        """
    @property
    def unbought(self) -> int:
        """
        rows of the hierarchy about nothing that is in a basket
        """
    @property
    def weight(self) -> numpy.ndarray[typing.Any, numpy.dtype[typing.Any]]:
        """
        how many times each basket counts; empty: once
        """

class _BasketArrays:
    @property
    def item(self) -> numpy.ndarray[typing.Any, numpy.dtype[typing.Any]]: ...

def _basket_arrays(
    offset: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]],
    item: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]],
) -> _BasketArrays | None: ...
def _baskets_of_arrays(
    offset: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]],
    item: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]],
    names: collections.abc.Sequence[str] | None = None,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> Baskets:
    """
    Baskets in compressed-row form; items are ids, or codes into sorted names.
    """

def _baskets_of_lists(
    lists: typing.Any,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> Baskets:
    """
    Baskets of a sequence of sequences of ids.
    """

def _baskets_of_table(
    rows: InputTable,
    *,
    order: str = "",
    item: str = "",
    customer: str = "",
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> Baskets:
    """
    Baskets of a long table, one row per item of a basket.
    """

def _baskets_of_text(
    text: str,
    *,
    delimiter: str = "",
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> Baskets:
    """
    Baskets of a text with a basket a line.
    """

def _sales(
    tables: collections.abc.Mapping[str, InputTable],
    *,
    columns: collections.abc.Sequence[tuple[str, str]] = [],
    currency: str = "",
    timezone: TimeZone,
    source_timezone: TimeZone | None = None,
    date_format: str = "",
    amount_is: str = "auto",
    discount_is: str = "auto",
    decimal: str = "",
    exclude_products: str = "auto",
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> Sales: ...
def _subtract_span(day: int, span: str, argument: str) -> int: ...
def array_column(
    name: str, array: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]], valid: typing.Any
) -> InputColumn: ...
def baskets(
    sales: Sales,
    *,
    unit: str = "order",
    item: str = "",
    goods_only: bool = True,
    levels: str | int | collections.abc.Sequence[typing.Any] | None = None,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> Baskets:
    """
    Baskets of purchases (bought for money, not fully given back), sorted by order, by customer and
    day, or by customer; those without any item are left out. Lines without a customer are part of
    baskets by order, and left out by day and by customer. With `by`, groups come first: what a
    basket holds of several groups is a basket in each.

    Raises DataError for a column that is not there, or an item that belongs to two groups of
    `levels`; InvalidArgument for levels named twice

    Options
    -------
    item
        see items()
    goods_only
        leave out what is not goods
    by
        Column of orders, customers or products to split baskets by; lines
        without a value are left out. "": not split.
    levels
        Columns of products above the items, the coarsest first: baskets also
        hold the groups that their items belong to, called as "category: tea". A
        product without a value skips that level.
    """

def concatenate(
    tables: collections.abc.Sequence[InputTable], names: collections.abc.Sequence[str]
) -> InputTable: ...
def dictionary_column(
    name: str,
    indices: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]],
    valid: typing.Any,
    values: InputColumn,
) -> InputColumn: ...
def import_batch(
    schema: typing.Any, array: typing.Any, wanted: collections.abc.Sequence[str]
) -> InputTable: ...
def import_stream(capsule: typing.Any, wanted: collections.abc.Sequence[str]) -> InputTable: ...
def null_column(name: str, rows: int) -> InputColumn: ...
def orders_clean(
    sales: Sales,
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    The order lines that were kept, with what is known of each at the moment: whether it is a
    return, was undone by one, is not goods, is free or a duplicate. Raises DataError without an
    orders table.
    """

def parse_csv(
    bytes: bytes,
    name: str,
    *,
    delimiter: str = "",
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> InputTable:
    """
    The same from bytes in memory, which are taken over. `name` stands for the file in messages.

    Options
    -------
    delimiter
        0 detects comma, semicolon, tab or pipe from the header and first lines
    """

def period_numbers(
    days: typing.Annotated[numpy.typing.ArrayLike, numpy.int32], period: str
) -> numpy.typing.NDArray[numpy.int32]: ...
def period_starts(
    numbers: typing.Annotated[numpy.typing.ArrayLike, numpy.int32], period: str
) -> numpy.typing.NDArray[numpy.int32]: ...
def read_csv(
    path: str,
    *,
    delimiter: str = "",
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> InputTable:
    """
    Reads a CSV file (RFC 4180: quotes, doubled quotes, newlines inside quotes; UTF-8 with or
    without a byte-order mark; LF, CRLF or CR). The first line names the columns. All cells are
    text; empty ones are missing. Lines with too few or too many fields are refused by line number
    and counted in InputTable.refused; nothing else is dropped. Blank lines are skipped.

    Raises FormatError if the file is empty, a quote never closes, a name repeats or bytes are not
    UTF-8 text (with the line); DataError if it cannot be opened.

    Options
    -------
    delimiter
        0 detects comma, semicolon, tab or pipe from the header and first lines
    """

def scan_objects(objects: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]]) -> list: ...
def series(
    sales: Sales,
    *,
    period: str = "month",
    value: str = "amount",
    by: str = "",
    threads: int | None = None,
    progress: typing.Any = None,
    memory_limit: int | None = None,
) -> emptor.frame.Frame:
    """
    Sums by period from the first to the last period of the data, zeros filled in. The first and the
    last period are marked incomplete if the data begin or end inside them.

    Options
    -------
    by
        a column of orders, customers or products
    value
        net revenue; or "quantity", "orders", "customers"
    """

def table_of(columns: collections.abc.Sequence[InputColumn], rows: int) -> InputTable: ...
def text_column(
    name: str, objects: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]]
) -> InputColumn: ...
def time_column(
    name: str,
    array: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]],
    valid: typing.Any,
    unit: str,
    zoned: bool,
    timezone: str,
) -> InputColumn: ...
