"""Results as files: versioned, checksummed, and nothing in them is ever run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._core.core import DataError, FormatError, _columns_from_bytes
from .frame import Frame

if TYPE_CHECKING:
    from ._churn import ChurnFit
    from ._core.mining import OfferTable
    from ._fit import Fit
    from ._hazard import HazardFit

_WHAT = slice(9, 17)  # of a file: the kind of thing it holds


def load(path: str | os.PathLike[str]) -> Frame | ChurnFit | Fit | HazardFit | OfferTable:
    """What the ``save`` of a Frame, an OfferTable or a fit wrote, to the last bit.

    Raises DataError if the file cannot be read, FormatError if it is damaged, foreign, or newer
    than this version of emptor.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise DataError(f"load: cannot read '{path}': {error.strerror}") from None
    make: Any = _columns_from_bytes
    if data[_WHAT].rstrip(b"\0") == b"offers":
        from ._core.mining import OfferTable

        make = OfferTable.from_bytes
    elif data[_WHAT].rstrip(b"\0") == b"churn":
        from ._churn import _unpickled as make
    elif data[_WHAT].rstrip(b"\0") == b"hazard":
        from ._hazard import _unpickled as make
    try:
        found = make(data)
        kind = found.info.get("kind") if isinstance(found, Frame) else None
        if kind in ("purchase_fit", "spend_fit", "contract_fit", "bgbb_fit"):
            from . import customers

            fits = {
                "purchase_fit": customers.PurchaseFit,
                "spend_fit": customers.SpendFit,
                "contract_fit": customers.ContractFit,
                "bgbb_fit": customers.BgbbFit,
            }
            return fits[kind]._from_bytes(data)
        return found
    except FormatError as error:
        raise FormatError(f"load: '{path}': {error}") from None
