"""lifetimes' utils: summaries of transactions, the same columns and pandas frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ConvergenceError",
    "calibration_and_holdout_data",
    "summary_data_from_transaction_data",
]


class ConvergenceError(ValueError):
    """The data do not tell the parameters of a model."""


def _periods(times: Any, freq: str) -> Any:
    """The beginnings of the periods times lie in."""
    import pandas

    return pandas.DatetimeIndex(times).to_period(freq).to_timestamp()


def summary_data_from_transaction_data(
    transactions: pd.DataFrame,
    customer_id_col: str,
    datetime_col: str,
    monetary_value_col: str | None = None,
    datetime_format: str | None = None,
    observation_period_end: Any = None,
    freq: str = "D",
    freq_multiplier: int = 1,
    include_first_transaction: bool = False,
) -> pd.DataFrame:
    """Frequency, recency, T and monetary_value of each customer, sorted by customer.

    Transactions of a customer within one period of ``freq`` are one purchase of their sum; times
    are counted in ``freq_multiplier`` periods. Customers without a purchase are left out.
    """
    import pandas

    times = pandas.to_datetime(transactions[datetime_col], format=datetime_format)
    last = times.max() if observation_period_end is None else observation_period_end
    end = _periods([pandas.to_datetime(last, format=datetime_format)], freq)[0]
    stamps = _periods(times, freq)
    codes, customers = pandas.factorize(transactions[customer_id_col], sort=True)
    kept = np.flatnonzero((stamps <= end) & (codes >= 0))
    codes, ticks = codes[kept], stamps.to_numpy()[kept].astype("datetime64[us]").astype(np.int64)
    order = np.lexsort((ticks, codes))
    codes, ticks = codes[order], ticks[order]
    # One row per customer and period, and where each customer's begin.
    new = np.ones(len(codes), bool)
    new[1:] = (codes[1:] != codes[:-1]) | (ticks[1:] != ticks[:-1])
    at = np.flatnonzero(new)
    codes, ticks = codes[at], ticks[at]
    first = np.flatnonzero(np.append(True, codes[1:] != codes[:-1])) if len(codes) else at
    count = np.diff(np.append(first, len(codes)))
    begin, finish = ticks[first], ticks[first + count - 1]
    # A unit of time as NumPy has it: months and years are their mean lengths there.
    unit = np.timedelta64(1, freq) / np.timedelta64(1, "us") * freq_multiplier
    final = np.int64(end.to_datetime64().astype("datetime64[us]").astype(np.int64))
    columns: dict[str, Any] = {
        "frequency": count - (0 if include_first_transaction else 1),
        "recency": (finish - begin) / unit,
        "T": (final - begin) / unit,
    }
    if monetary_value_col:
        money = transactions[monetary_value_col].to_numpy(np.float64)[kept][order]
        sums = np.add.reduceat(np.nan_to_num(money), at) if len(at) else money
        if not include_first_transaction:
            sums[first] = 0.0
        totals = np.add.reduceat(sums, first) if len(first) else sums
        columns["monetary_value"] = totals / np.maximum(columns["frequency"], 1)
    index = pandas.Index(customers[codes[first]], name=customer_id_col)
    return pandas.DataFrame(columns, index=index).astype(float)


def calibration_and_holdout_data(
    transactions: pd.DataFrame,
    customer_id_col: str,
    datetime_col: str,
    calibration_period_end: Any,
    observation_period_end: Any = None,
    freq: str = "D",
    freq_multiplier: int = 1,
    datetime_format: str | None = None,
    monetary_value_col: str | None = None,
    include_first_transaction: bool = False,
) -> pd.DataFrame:
    """The summary up to ``calibration_period_end``, and what the same customers did after.

    Columns frequency_cal, recency_cal, T_cal (and monetary_value_cal), frequency_holdout (and
    monetary_value_holdout, the mean of transactions) and duration_holdout.
    """
    import pandas

    def moment(value: Any) -> Any:
        return pandas.to_datetime(value, format=datetime_format)

    times = moment(transactions[datetime_col])
    last = moment(times.max() if observation_period_end is None else observation_period_end)
    cut = moment(calibration_period_end)
    summary = summary_data_from_transaction_data(
        transactions.loc[times <= cut],
        customer_id_col,
        datetime_col,
        monetary_value_col,
        datetime_format,
        cut,
        freq,
        freq_multiplier,
        include_first_transaction,
    ).add_suffix("_cal")
    later = transactions.loc[(times > cut) & (times <= last)]
    if later.empty:
        raise ValueError(
            "calibration_and_holdout_data: there is no transaction after calibration_period_end "
            "and up to observation_period_end"
        )
    visits = pandas.DataFrame(
        {"customer": later[customer_id_col].to_numpy(),
         "period": _periods(moment(later[datetime_col]), freq)}
    ).drop_duplicates()  # fmt: skip
    counted = visits.groupby("customer").size()
    summary["frequency_holdout"] = counted.reindex(summary.index).fillna(0).astype(float)
    if monetary_value_col:
        means = later.groupby(customer_id_col)[monetary_value_col].mean()
        summary["monetary_value_holdout"] = means.reindex(summary.index).fillna(0)
    periods = pandas.Period(last, freq) - pandas.Period(cut, freq)
    summary["duration_holdout"] = periods.n / freq_multiplier
    return summary
