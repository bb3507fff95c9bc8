"""Time zones as the core takes them: tables of changes, from the system's or tzdata's files."""

from __future__ import annotations

import datetime
import functools
import os
import struct
import zoneinfo
from importlib import resources
from typing import Any

from ._core.core import InvalidArgument
from ._core.data import TimeZone
from ._names import did_you_mean

_SECOND = 1_000_000
_END = int(datetime.datetime(2101, 1, 1, tzinfo=datetime.UTC).timestamp())
_STEP = 7 * 86_400  # the rules after the last written change never change twice in a week


def time_zone(zone: Any, argument: str = "timezone") -> TimeZone:
    """A zone by name ("Europe/London"), as "+02:00", or as a tzinfo object."""
    if zone is None or zone == "":
        return TimeZone("UTC", [], [])
    if isinstance(zone, datetime.tzinfo):
        key = getattr(zone, "key", None) or getattr(zone, "zone", None)
        if key is None:
            offset = zone.utcoffset(None)
            if offset is None:
                raise InvalidArgument(
                    f"{argument}: write the zone's name, as 'Europe/London', not {zone!r:.60}"
                )
            return _fixed(str(zone), round(offset.total_seconds()))
        zone = key
    if not isinstance(zone, str):
        raise InvalidArgument(
            f"{argument}: write the zone's name, as 'Europe/London', not {zone!r:.60}"
        )
    if zone in ("UTC", "Z"):
        return TimeZone("UTC", [], [])
    if zone[:1] in "+-" and zone[1:]:
        return _fixed(zone, _offset_seconds(zone, argument))
    changes, offsets = _table(zone, argument)
    return TimeZone(zone, list(changes), list(offsets))


def _fixed(name: str, seconds: int) -> TimeZone:
    return TimeZone(name, [-(2**62)], [seconds * _SECOND])


def _offset_seconds(text: str, argument: str) -> int:
    digits = text[1:].replace(":", "")
    if len(digits) in (2, 4) and digits.isdigit():
        hours, minutes = int(digits[:2]), int(digits[2:] or 0)
        if hours < 24 and minutes < 60:
            return (1 if text[0] == "+" else -1) * (hours * 3600 + minutes * 60)
    raise InvalidArgument(f"{argument}: '{text:.40}' is no offset; write it as '+02:00'")


@functools.lru_cache(maxsize=32)
def _table(key: str, argument: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Microseconds UTC of the changes and the offset from each on, from before 1970 to 2100."""
    try:
        zone = zoneinfo.ZoneInfo(key)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        known = zoneinfo.available_timezones()
        if not known:
            raise InvalidArgument(
                f"{argument}: no time zones are installed; run: pip install tzdata"
            ) from None
        near = did_you_mean(key, sorted(known))
        shown = near if "did you mean" in near else "; write one of a place, as 'Europe/London'"
        raise InvalidArgument(f"{argument}: no time zone '{key:.40}'{shown}") from None

    def offset_at(second: int) -> int:
        # datetime.fromtimestamp would do, but not for seconds before year 1 that files may hold.
        instant = _EPOCH + datetime.timedelta(seconds=second)
        return round(instant.astimezone(zone).utcoffset().total_seconds())  # type: ignore[union-attr]

    written = [second for second in _written_changes(key) if -(2**33) < second < _END]
    changes = [(-(2**40), offset_at(written[0] - 1 if written else 0))]
    changes += [(second, offset_at(second)) for second in written]
    # After the last written change a rule holds; it is followed by asking zoneinfo.
    at, now = (written[-1] if written else 0), changes[-1][1]
    while at < _END:
        after = at + _STEP
        then = offset_at(after)
        if then != now:
            low, high = at, after
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset_at(middle) == now else (low, middle)
            changes.append((high, then))
            now = then
        at = after
    kept = [changes[0]]
    for change in changes[1:]:
        if change[1] != kept[-1][1]:
            kept.append(change)
    return tuple(s * _SECOND for s, _ in kept), tuple(o * _SECOND for _, o in kept)


_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def _written_changes(key: str) -> list[int]:
    """The instants of the changes a zone's file writes out (RFC 9636), in seconds."""
    data = _file(key)
    header = struct.Struct(">4sc15x6l")
    magic, version, *counts = header.unpack_from(data)
    if magic != b"TZif":
        return []
    start, width, code = header.size, 4, "l"
    if version >= b"2":  # a second block with 64-bit times follows the first one
        isut, isstd, leap, time, kind, chars = counts
        start += time * 5 + kind * 6 + chars + leap * 8 + isstd + isut
        counts = list(header.unpack_from(data, start)[2:])
        start, width, code = start + header.size, 8, "q"
    times = counts[3]
    return list(struct.unpack_from(f">{times}{code}", data, start)) if width * times else []


def _file(key: str) -> bytes:
    for folder in zoneinfo.TZPATH:
        path = os.path.join(folder, key)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                return file.read()
    return resources.files("tzdata").joinpath("zoneinfo", *key.split("/")).read_bytes()
