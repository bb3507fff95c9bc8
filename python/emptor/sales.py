"""The front door: a firm's sales, read from frames and files."""

from __future__ import annotations

import datetime
import functools
import html
import os
from collections.abc import Callable, Iterable, Mapping
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from . import _input
from ._core import data as _core
from ._core.core import InvalidArgument
from ._html import STYLE
from ._names import did_you_mean
from ._zones import time_zone

if TYPE_CHECKING:
    from ._customer import CustomerPage
    from .frame import Frame

_EPOCH_DAY = datetime.date(1970, 1, 1)
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_NO_DAY = -(2**31)
_FIRST_MOMENT, _LAST_MOMENT = -(10**16), 10**17  # years 1653 to 5138


def _check_options(function: str, options: Iterable[str], init: Callable[..., None]) -> None:
    """Answers an option that does not exist with the nearest one that does."""
    code = init.__code__
    known = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    for name in options:
        if name not in known:
            raise InvalidArgument(f"{function}: no option '{name:.40}'{did_you_mean(name, known)}")


def _known_options(init: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(init)
    def checked(self: Any, *args: Any, **options: Any) -> None:
        _check_options("Sales", options, init)
        init(self, *args, **options)

    return checked


class Sales(_core.Sales):
    """A firm's sales as an immutable value: tables, and the moment they are seen from.

    Every table may be left out; an analysis that misses one says so. A table is a data frame
    (polars, pandas, pyarrow, DuckDB, anything with ``__arrow_c_stream__``), a dict of arrays or
    lists, or the path of a CSV or Parquet file.

    ``columns`` says which of your columns plays which role where the names are not recognised:
    ``{"customer": "household_id", "products.name": "title"}``. Whatever is not of a known role
    stays an attribute to group by. Times without a zone are the wall clock of ``timezone`` unless
    ``source_timezone`` says otherwise. ``date_format`` as "%d/%m/%Y" settles dates that read two
    ways. ``amount_is`` says what a bare amount is: "line" (total of the line) or "unit" (price of
    one); ``discount_is`` whether a discount is already in ("net") or must be subtracted
    ("gross"). ``exclude_products="none"`` takes postage, fees and the like as goods.
    """

    @_known_options
    def __init__(
        self,
        orders: Any = None,
        *,
        customers: Any = None,
        products: Any = None,
        campaigns: Any = None,
        contacts: Any = None,
        touchpoints: Any = None,
        columns: Mapping[str, str] | None = None,
        currency: str = "",
        timezone: Any = None,
        source_timezone: Any = None,
        date_format: str = "",
        amount_is: str = "auto",
        discount_is: str = "auto",
        decimal: str = "",
        exclude_products: str = "auto",
        threads: int | None = None,
        progress: Any = None,
        memory_limit: int | None = None,
    ) -> None:
        super().__init__()  # first, so that an object whose making fails can still be shown
        given = {
            "orders": orders,
            "customers": customers,
            "products": products,
            "campaigns": campaigns,
            "contacts": contacts,
            "touchpoints": touchpoints,
        }
        given = {name: source for name, source in given.items() if source is not None}
        if not given:
            raise InvalidArgument("Sales: give at least one table, as em.Sales(orders=df)")
        pairs = _pairs(columns)
        zone = time_zone(timezone)
        source_zone = (
            None if source_timezone is None else time_zone(source_timezone, "source_timezone")
        )
        tables = {
            name: _input.table(name, source, _wanted(name, pairs)) for name, source in given.items()
        }
        core = _core._sales(
            tables,
            columns=pairs,
            currency=currency,
            timezone=zone,
            source_timezone=source_zone,
            date_format=date_format,
            amount_is=amount_is,
            discount_is=discount_is,
            decimal=decimal,
            exclude_products=exclude_products,
            threads=threads,
            progress=progress,
            memory_limit=memory_limit,
        )
        self._become(core)

    @classmethod
    def _of(cls, core: _core.Sales) -> Sales:
        self = cls.__new__(cls)
        _core.Sales.__init__(self, core)
        return self

    # ---- time ----------------------------------------------------------------------------------

    def as_of(self, moment: str | datetime.date | datetime.datetime | np.datetime64) -> Sales:
        """The same sales as they were known at a moment.

        A date ("2011-09-01") means the end of that day. A time without a zone is the business's
        wall clock.
        """
        if isinstance(moment, np.datetime64):
            whole_days = np.datetime_data(moment.dtype)[0] in ("Y", "M", "W", "D")
            moment = np.datetime_as_string(moment, unit="D" if whole_days else "us")
        if isinstance(moment, str):
            moment = _parsed(moment)
        if isinstance(moment, datetime.datetime):
            if moment.tzinfo is None:
                wall_clock = _microseconds(moment.replace(tzinfo=datetime.UTC))
                return self._of(self._as_of(self._timezone.to_utc(wall_clock)))
            return self._of(self._as_of(_microseconds(moment)))
        if isinstance(moment, datetime.date):
            return self._of(self._as_of_day((moment - _EPOCH_DAY).days))
        raise InvalidArgument(
            f"as_of: write a date as '2011-09-01' or a datetime, not {moment!r:.40}"
        )

    @property
    def moment(self) -> datetime.datetime | None:
        """The moment everything is computed as of, on the business's wall clock.

        None without orders and without ``as_of``: then there is no last day to stop at.
        """
        instant = self._moment
        if not _FIRST_MOMENT <= instant <= _LAST_MOMENT:
            return None
        offset = datetime.timedelta(microseconds=self._timezone.to_local(instant) - instant)
        utc = _EPOCH + datetime.timedelta(microseconds=instant)
        return utc.astimezone(datetime.timezone(offset) if offset else datetime.UTC)

    @property
    def first_day(self) -> datetime.date | None:
        """The civil day of the first line."""
        return _date(self._first_day)

    @property
    def last_day(self) -> datetime.date | None:
        """The civil day of the moment: the last day observed."""
        return _date(self._last_day)

    @property
    def timezone(self) -> str:
        """The business's zone, in which days begin and end."""
        return self._timezone.name

    @property
    def coverage(self) -> dict[str, Any]:
        """How much of the lines and of net revenue customer analyses rest on."""
        return self._customer_coverage()

    # ---- results -------------------------------------------------------------------------------

    def orders_clean(self, **call: Any) -> Frame:
        """The kept order lines, with what is known of each: return, undone, not goods ..."""
        return _core.orders_clean(self, **call)

    def baskets(
        self,
        *,
        unit: str = "order",
        item: str = "",
        goods_only: bool = True,
        levels: Any = None,
        **call: Any,
    ) -> _core.Baskets:
        """What was bought together: by "order", "day" or "customer"; items at a level.

        ``levels=["department", "category"]``, columns of products with the coarsest first, puts the
        groups that items belong to into the baskets.

        ``em.baskets`` makes baskets of lists, one-hot frames, long tables and files.
        """
        return _core.baskets(
            self, unit=unit, item=item, goods_only=goods_only, levels=levels, **call
        )

    def series(
        self, *, period: str = "month", value: str = "amount", by: str = "", **call: Any
    ) -> Frame:
        """Sums by period, zeros filled in: "amount", "quantity", "orders" or "customers".

        Periods are "day", "week" (from Monday), "month", "quarter" or "year"; ``by`` makes a series
        of every value of a column. Periods the data cut are marked in ``complete``.
        """
        return _core.series(self, period=period, value=value, by=by, **call)

    def customer(self, customer: str | int) -> CustomerPage:
        """One customer's page: history, rhythm, favourites and scores, by id or by name."""
        from ._customer import CustomerPage

        return CustomerPage(self, customer)

    def report(self, path: str | os.PathLike[str] | None = None, **options: Any) -> Any:
        """The report for people: one HTML file, no scripts, no network.

        Written to ``path`` if one is given; returned as text that shows itself in one line.
        ``title=`` is what stands on top.
        """
        from .report import report

        return report(self, path, **options)

    def __copy__(self) -> Sales:
        return self

    def __deepcopy__(self, memo: Any) -> Sales:
        return self

    def __reduce__(self) -> Any:
        raise TypeError(
            "a Sales cannot be pickled: send the tables or the file it was made from and build it "
            "there, or send results, which can be"
        )

    # ---- for people ----------------------------------------------------------------------------

    def _facts(self) -> list[str]:
        sizes = self._sizes
        words = []
        if "lines" in sizes:
            words.append(
                f"{_count(sizes['lines'], 'order line')} of {_count(sizes['orders'], 'order')}"
            )
        for name in _TABLES[1:]:
            if sizes[name]:
                words.append(_count(sizes[name], name[:-1]))
        facts = [", ".join(words) or "no tables with rows"]
        span = f"{self.first_day} to {self.last_day}, " if self.first_day else ""
        moment = self.moment
        if moment is not None:
            span += f"as of {moment.replace(tzinfo=None).isoformat(' ', 'seconds')} "
        currency = f", {self.currency}" if self.currency else ""
        facts.append(f"{span}{self.timezone}{currency}")
        if self.amount_rule:
            facts.append(self.amount_rule)
        share = self._customer_coverage()["share"] if self._has_orders else float("nan")
        if share == share:
            facts.append(f"customer analyses rest on {100 * share:.1f} % of net revenue")
        return facts

    def __repr__(self) -> str:
        rows = [_HEAD, *_by_table(self._recognised)]
        widths = [max(len(row[i]) for row in rows) for i in range(len(_HEAD))]
        table = [
            "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        first, *more = self._facts()
        return "\n".join([f"Sales: {first}", *more, "", *table])

    def _repr_html_(self) -> str:
        facts = "<br>".join(html.escape(fact) for fact in self._facts())
        rows = "".join(
            "<tr>" + "".join(f'<td class="t">{html.escape(text)}</td>' for text in row) + "</tr>"
            for row in _by_table(self._recognised)
        )
        head = "".join(f'<th class="t">{name}</th>' for name in _HEAD)
        return (
            f'{STYLE}<div class="emptor"><p><b>Sales</b>: {facts}</p>'
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )


def _by_table(recognised: list[tuple[str, str, str, str]]) -> list[tuple[str, str, str, str]]:
    return sorted(recognised, key=lambda row: _TABLES.index(row[0]))


_TABLES = ("orders", "customers", "products", "campaigns", "contacts", "touchpoints")
_HEAD = ("table", "column", "is your", "read as")


def read(
    orders: str | os.PathLike[str] | IO[Any],
    *,
    customers: Any = None,
    products: Any = None,
    campaigns: Any = None,
    contacts: Any = None,
    touchpoints: Any = None,
    encoding: str = "utf-8",
    delimiter: str = "",
    threads: int | None = None,
    progress: Any = None,
    **options: Any,
) -> Sales:
    """Sales from files: CSV (also .gz), Parquet, several by a pattern, open files, "-" for stdin.

    ``orders`` and the other tables are paths, patterns as "2024-*.csv" (files of equal header are
    read as one), or open files. All other options are those of ``Sales``.
    """
    given = {
        "orders": orders,
        "customers": customers,
        "products": products,
        "campaigns": campaigns,
        "contacts": contacts,
        "touchpoints": touchpoints,
    }
    _check_options("read", options, Sales.__init__.__wrapped__)  # before a long file is read
    pairs = _pairs(options.get("columns"))
    how = {
        "encoding": encoding,
        "delimiter": delimiter,
        "threads": threads,
        "progress": progress,
    }
    tables = {}
    for name, source in given.items():
        if isinstance(source, (str, os.PathLike)) or hasattr(source, "read"):
            source = _input.table(name, source, _wanted(name, pairs), **how)
        tables[name] = source
    return Sales(**tables, threads=threads, progress=progress, **options)


def _pairs(columns: Mapping[str, str] | None) -> list[tuple[str, str]]:
    if columns is None:
        return []
    if not isinstance(columns, Mapping):
        raise InvalidArgument(
            'columns: write {"customer": "household_id"}, our name first, '
            f"not a {type(columns).__name__}"
        )
    return [(str(o), "" if t is None else str(t)) for o, t in columns.items()]


def _wanted(table: str, pairs: list[tuple[str, str]]) -> list[str]:
    """The columns of one table that were asked for by name."""
    wanted = []
    for ours, theirs in pairs:
        head, dot, _ = ours.partition(".")
        if (head if dot else "orders") == table:
            wanted.append(theirs)
    return wanted


def _parsed(text: str) -> datetime.date:
    try:
        if len(text) == 10:
            return datetime.date.fromisoformat(text)
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        raise InvalidArgument(
            f"as_of: cannot read '{text:.40}'; write it as '2011-09-01' or '2011-09-01 14:30'"
        ) from None


def _microseconds(instant: datetime.datetime) -> int:
    return (instant - _EPOCH) // datetime.timedelta(microseconds=1)


def _date(day: int) -> datetime.date | None:
    return None if day == _NO_DAY else _EPOCH_DAY + datetime.timedelta(days=day)


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
