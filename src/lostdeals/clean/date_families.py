"""The families of written dates: year first, by the column's order, 年月日, a month alone, a month's name, digits."""

from __future__ import annotations

# ruff: noqa: DTZ001 - a sheet's dates are local days without a zone
import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta
from re import Match

from lostdeals.clean.date_numbers import dated_digits
from lostdeals.clean.date_order import FULL_YEAR, ORDERS, SHORT_YEAR, Parts
from lostdeals.vocab import Vocabulary
from lostdeals.vocab.wordlists import any_of

Reading = Callable[[Match[str], str], datetime | None]


class Families:
    """Reads the day of a folded text without a time.

    days_ahead: a date without a year is the latest that is not further ahead of today; 0 for what has happened already.

    >>> from lostdeals.vocab import load
    >>> families = Families(load(), date(2024, 6, 1))
    >>> for text in ("24/3/5", "2024年3月", "3月底", "12月31日", "15-apr-21", "2024年q2", "3.5", "113/3/5"):
    ...     print(families.read(text, "ymd").date())
    2024-03-05
    2024-03-01
    2024-03-31
    2023-12-31
    2021-04-15
    2024-04-01
    2024-03-05
    2024-03-05
    """

    def __init__(self, vocabulary: Vocabulary, today: date, days_ahead: int = 180) -> None:
        words = vocabulary.section("dates")
        y, m, d = (f"(?:{any_of(words['marks'][mark])})" for mark in ("year", "month", "day"))
        self._today, self._days_ahead = today, days_ahead
        self._months = {name: int(number) for number, names in words["months"].items() for name in names}
        self._parts: dict[str, int] = words["month_parts"]
        self._year_parts: dict[str, list[int]] = words["year_parts"]
        part, s = any_of(self._parts), r"\s?[-/.]\s?"
        quarter, q, nth = (f"(?:{any_of(words['periods'][key])})" for key in ("quarter", "quarter_sign", "ordinal"))
        republic = any_of(words["marks"]["republic"])
        half = {
            word: number for number, key in ((1, "first_half"), (3, "second_half")) for word in words["periods"][key]
        }
        year = rf"(\d{{4}}|\d\d)\s?(?:{y})?"
        families: dict[str, Reading] = {
            rf"(\d{{4}})(?:{s}|\s)(\d{{1,2}})(?:{s}|\s)(\d{{1,2}})\s?{d}?": lambda f, _: self._day(f[1], f[2], f[3]),
            rf"(?:{republic})?\s?(1[0-3]\d)({s})(\d{{1,2}})\2(\d{{1,2}})\s?{d}?": lambda f, _: self._day(
                f[1], f[3], f[4]
            ),
            rf"(?:{republic})?\s?(1[0-3]\d)\s?{y}\s?(\d{{1,2}})\s?{m}\s?(\d{{1,2}})\s?{d}?": lambda f, _: self._day(
                f[1], f[2], f[3]
            ),
            rf"(\d{{1,2}})({s}|\s)(\d{{1,2}})\2(\d{{1,2}}|\d{{4}})\s?{d}?": self._three,
            rf"(\d{{4}}|\d\d)\s?{y}\s?(\d{{1,2}})\s?{m}\s?(\d{{1,2}})\s?{d}?": lambda f, _: self._day(f[1], f[2], f[3]),
            rf"(\d{{4}}|\d\d)\s?{y}\s?(\d{{1,2}})\s?{m}?\s?({part})?": lambda f, _: self._in_month(f[1], f[2], f[3]),
            rf"(\d{{4}}){s}(\d{{1,2}})": lambda f, _: self._in_month(f[1], f[2]),
            rf"(\d{{1,2}}){s}(\d{{4}})": lambda f, _: self._in_month(f[2], f[1]),
            rf"(\d{{1,2}})\s?{m}\s?(\d{{1,2}})\s?{d}?": lambda f, _: self._near(int(f[1]), int(f[2])),
            rf"(\d{{1,2}})\s?{m}\s?({part})?": lambda f, _: self._near(int(f[1]), self._part(f[2]), clip=True),
            rf"(\d{{1,2}})\s?[-/.]\s?(\d{{1,2}})\s?{d}?": self._two,
            rf"{year}\s?[-/]?\s?(?:{nth}?\s?([1-4])\s?{quarter}|{q}([1-4]))": lambda f, _: self._quarter(
                f[1], f[2] or f[3]
            ),
            rf"{q}([1-4])\s?[-/]?\s?(\d{{4}}|\d\d)": lambda f, _: self._quarter(f[2], f[1]),
            rf"{year}\s?[-/]?\s?({any_of(half)})": lambda f, _: self._quarter(f[1], half[f[2]]),
            rf"(\d{{4}}|\d\d)\s?{y}\s?({any_of(self._year_parts)})": self._year_part,
        }
        loose: dict[str, Reading] = {
            r"\d{5,14}(?:\.\d+)?": lambda f, _: dated_digits(f[0]),
            r"[\d\s./-]*[a-z]+[\d\s./-]*": lambda f, _: self._named(f[0]),
        }
        self._dated = [(re.compile(pattern), reading) for pattern, reading in families.items()]
        self._families = [*self._dated, *((re.compile(pattern), reading) for pattern, reading in loose.items())]

    def read(self, text: str, order: str) -> datetime | None:
        """The day of a text, None where it is none; order: how all-number dates of its column are written."""
        for pattern, reading in self._families:
            if found := pattern.fullmatch(text):
                try:
                    return reading(found, order)
                except ValueError:
                    return None
        return None

    def looks_dated(self, text: str) -> bool:
        """Whether a text has the form of a date, though no calendar may have such a day (2月30日)."""
        return any(pattern.fullmatch(text) for pattern, _ in self._dated)

    def _day(self, year: str, month: str, day: str) -> datetime:
        return datetime(self._year(year), int(month), int(day))

    def _year(self, digits: str) -> int:
        if len(digits) == FULL_YEAR:
            return int(digits)
        if len(digits) == REPUBLIC_YEAR:
            return int(digits) + REPUBLIC
        year = self._today.year // 100 * 100 + int(digits)
        return year if year <= self._today.year + YEARS_AHEAD else year - 100

    def _three(self, found: Match[str], order: str) -> datetime | None:
        """Three numbers in the column's order, or in the only other order they fit."""
        parts = found[1], found[3], found[4]
        others = {reading for other in ORDERS if (reading := self._ordered(parts, other))}
        return self._ordered(parts, order) or (others.pop() if len(others) == 1 else None)

    def _ordered(self, parts: Parts, order: str) -> datetime | None:
        year, month, day = (parts[order.index(part)] for part in "ymd")
        if len(year) not in (FULL_YEAR, SHORT_YEAR) or len(day) > SHORT_YEAR:
            return None
        try:
            return self._day(year, month, day)
        except ValueError:
            return None

    def _two(self, found: Match[str], order: str) -> datetime | None:
        """Month and day without a year."""
        first, second = int(found[1]), int(found[2])
        return self._near(second, first) if order == "dmy" else self._near(first, second)

    def _near(self, month: int, day: int, clip: bool = False) -> datetime | None:
        """A day without its year; clip: one past the month's end is its last."""
        latest = self._today + timedelta(days=self._days_ahead)
        for year in range(latest.year, latest.year - 8, -1):  # eight years hold a 29 February
            last = monthrange(year, month)[1]
            if 1 <= day <= last or clip:
                found = datetime(year, month, min(day, last))
                if found.date() <= latest:
                    return found
        return None

    def _in_month(self, year: str, month: str, part: str | None = None) -> datetime:
        last = monthrange(self._year(year), int(month))[1]
        return datetime(self._year(year), int(month), min(self._part(part), last))

    def _quarter(self, year: str, number: str | int) -> datetime:
        return datetime(self._year(year), 3 * int(number) - 2, 1)

    def _year_part(self, found: Match[str], order: str) -> datetime:
        month, day = self._year_parts[found[2]]
        return datetime(self._year(found[1]), month, day)

    def _part(self, part: str | None) -> int:
        return self._parts[part] if part else 1

    def _named(self, text: str) -> datetime | None:
        """A date with its month in letters."""
        name = re.search("[a-z]+", text)
        month = self._months.get(name[0]) if name else None
        numbers = re.findall(r"\d+", text)
        if not name or not month or not 1 <= len(numbers) <= 2:
            return None
        if len(numbers) == 2:
            first, second = numbers
            day, year = (second, first) if len(first) == FULL_YEAR or int(first) > 31 else (first, second)
            return self._day(year, str(month), day)
        (number,) = numbers
        if len(number) == FULL_YEAR or (len(number) == SHORT_YEAR and text[name.end() :].startswith("-")):
            return self._in_month(number, str(month))
        return self._near(month, int(number))


REPUBLIC_YEAR, REPUBLIC = 3, 1911
"""Digits of a year as Taiwan counts them (115/9/3 is 2026-09-03), and the year before its first."""
YEARS_AHEAD = 10
"""A year of two digits is not further ahead than this (project default)."""
