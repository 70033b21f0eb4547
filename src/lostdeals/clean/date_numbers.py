"""Dates that are written as one number: Excel serials, 20240305, seconds since 1970."""

from __future__ import annotations

# ruff: noqa: DTZ001, DTZ007 - a sheet's dates are local days without a zone
from datetime import UTC, datetime, timedelta

from lostdeals.clean.date_order import FIRST_YEAR, LAST_YEAR


def dated_number(number: float) -> datetime | None:
    """The date of a number; in UTC where it counts seconds or milliseconds since 1970, None where it is no date.

    >>> dated_number(45356.5).isoformat(), dated_number(20240305).isoformat(), dated_number(1709600000).isoformat()
    ('2024-03-05T12:00:00', '2024-03-05T00:00:00', '2024-03-05T00:53:20+00:00')
    """
    if FIRST_SERIAL <= number <= LAST_SERIAL:
        moment = EXCEL_EPOCH + timedelta(days=number)
        return (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    if not FIRST_YEAR * 100 <= number <= LAST_SECOND * 1000 or number != int(number):
        return None
    for unit in (1, 1000):
        if FIRST_SECOND <= number / unit <= LAST_SECOND:
            return datetime.fromtimestamp(number // unit, UTC)
    try:
        return _written(f"{number:.0f}")
    except ValueError:
        return None


def dated_digits(text: str) -> datetime | None:
    """The date of a text of digits, perhaps with a fraction; ValueError where its month or day does not exist.

    >>> dated_digits("202403051030").isoformat(), dated_digits("45356").isoformat(), dated_digits("12345")
    ('2024-03-05T10:30:00', '2024-03-05T00:00:00', None)
    """
    if "." in text or len(text) == len(str(LAST_SERIAL)):
        return dated_number(float(text)) if float(text) <= LAST_SERIAL else None
    return dated_number(int(text)) if len(text) in (10, 13) else _written(text)


def _written(digits: str) -> datetime | None:
    """Year, month, day and time one after the other."""
    if len(digits) == 6 and FIRST_YEAR <= int(digits[:4]) <= LAST_YEAR:
        return datetime(int(digits[:4]), int(digits[4:]), 1)
    form = {6: "%y%m%d", 8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}.get(len(digits))
    return datetime.strptime(digits, form) if form else None


EXCEL_EPOCH = datetime(1899, 12, 30)
FIRST_SERIAL, LAST_SERIAL = 20_000, 60_000
"""1954 to 2064: a smaller number in a date column is as likely a count."""
FIRST_SECOND, LAST_SECOND = 1_000_000_000, 4_000_000_000
"""2001 to 2096."""
