"""The report: one static page a sales team can act on.

``sales.report("report.html")`` computes every list once, words it, draws it and writes one HTML
file without scripts and without any request. It needs ``pip install 'emptor[report]'``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._files import write_atomically

if TYPE_CHECKING:
    from .sales import Sales

__all__ = ["report"]


@dataclass
class Findings:
    """What the analyses found; None where the data do not allow one, with the reason beside."""

    kpis: Any = None
    bridge: Any = None
    series: Any = None
    forecast: Any = None
    total: Any = None
    nowcast: Any = None
    declining: Any = None
    actions: Any = None
    bought_next: Any = None
    bought_together: Any = None
    rfm: Any = None
    segments: Any = None
    movers: dict[str, Any] | None = None
    missing: dict[str, str] | None = None


def need_extras() -> None:
    """Says what to install before anything is computed."""
    missing = []
    for module, package in (("altair", "altair"), ("vl_convert", "vl-convert-python"),
                            ("jinja2", "jinja2")):  # fmt: skip
        try:
            __import__(module)
        except ImportError:
            missing.append(package)
    if missing:
        raise ImportError(
            f"the report needs {', '.join(missing)}: write  pip install 'emptor[report]'"
        )


def mover_levels(sales: Sales) -> list[str]:
    """Products, and the broadest kind of product that the data name."""
    named = sales.attributes["products"]
    for level in ("department", "category", "product_category", "product_type", "type", "brand"):
        if level in named:
            return ["product", level]
    return ["product"]


class Page(str):
    """The text of a report. A notebook shows where it is instead of its markup."""

    _where: str = "not written"

    @classmethod
    def _of(cls, text: str, path: str | os.PathLike[str] | None) -> Page:
        page = cls(text)
        page._where = f"written to {os.fspath(path)}" if path is not None else "not written"
        return page

    def __repr__(self) -> str:
        return f"Report of {len(self) / 1000:,.0f} thousand characters, {self._where}"


def gather(sales: Sales, **context: Any) -> Findings:
    """Runs every analysis the page shows. Data that lack a table leave their part out."""
    import emptor as em

    found = Findings(missing={}, movers={})

    def attempt(name: str, compute: Callable[[], Any]) -> None:
        try:
            setattr(found, name, compute())
        except em.DataError as error:
            found.missing[name] = str(error)

    attempt("kpis", lambda: em.metrics.kpis(sales, period="month", **context))
    attempt("bridge", lambda: em.metrics.revenue_bridge(sales, window="90 days", **context))
    attempt("series", lambda: sales.series(period="week", value="amount"))
    if found.series is not None:
        attempt("forecast", lambda: em.forecasting.forecast(found.series, **context))
        attempt("total", lambda: em.forecasting.forecast_total(found.series, **context))
    attempt("nowcast", lambda: em.forecasting.nowcast(sales.series(period="day"), **context))
    attempt("declining", lambda: em.customers.declining(sales, **context))
    attempt("actions", lambda: em.customers.actions(sales, **context))
    attempt("bought_next", lambda: em.mining.bought_next(sales, item="auto", **context))
    attempt("bought_together", lambda: em.mining.bought_together(sales, item="auto", **context))
    attempt("rfm", lambda: em.customers.rfm(sales, **context))
    attempt("segments", lambda: em.customers.rfm_segments(sales, **context))
    attempt("movers", lambda: {
        by: em.metrics.movers(sales, by=by, **context) for by in mover_levels(sales)
    })  # fmt: skip
    return found


def report(
    sales: Sales,
    path: str | os.PathLike[str] | None = None,
    *,
    title: str = "",
    threads: int | None = None,
) -> Page:
    """Writes the report to `path`, whole or not at all, and returns the page's text."""
    need_extras()
    import jinja2

    from . import __version__, _calls, _sections, _this_week

    found = gather(sales, threads=threads)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    page = environment.get_template("report.html.j2").render(
        version=__version__,
        title=title or "Sales report",
        subtitle=_sections.subtitle(sales),
        quality_line=_sections.quality_line(sales),
        actions=_this_week.actions(sales, found),
        changed=_sections.changed(sales, found),
        forecast=_sections.forecast(sales, found),
        calls=_calls.calls(sales, found),
        due=_calls.due(sales, found),
        offers=_sections.offers(sales, found),
        together=_sections.together(sales, found),
        segments=_sections.segments(sales, found),
        movers=_sections.movers(sales, found),
        method=_sections.method(sales, found),
        quality_table=_sections.quality_table(sales),
    )
    if path is not None:
        write_atomically(path, page)
    return Page._of(page, path)
