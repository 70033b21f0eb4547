"""Read one written date, in the families that sheets hold; a text that is none of them is no date."""

# ruff: noqa: DTZ001, DTZ007 - a sheet's dates are local days without a zone

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from re import Match
from zoneinfo import ZoneInfo

from lostdeals.clean.clock import Clock
from lostdeals.clean.date_order import FIRST_YEAR, FULL_YEAR, LAST_YEAR, SHORT_YEAR
from lostdeals.clean.numerals import Numerals
from lostdeals.clean.wordlists import any_of
from lostdeals.vocab import Vocabulary, normalise


class DateTexts:
    """Reads dates as text or number.

    today: gives a date without a year its year (the latest that is not more than 180 days ahead) and a year of two
    digits its century (not more than ten years ahead).
    tz: where zoned times are turned into; None keeps them as written.

    >>> from lostdeals.vocab import load
    >>> dates = DateTexts(load(), date(2024, 6, 1))
    >>> for text in ("2024年3月", "3月5号 下午3点半", "15 Apr, 2021 00:03:00", "45356.5", "下周"):
    ...     print(dates.read(text))
    2024-03-01 00:00:00
    2024-03-05 15:30:00
    2021-04-15 00:03:00
    2024-03-05 12:00:00
    None
    """

    def __init__(self, vocabulary: Vocabulary, today: date, tz: str | None = None) -> None:
        words = vocabulary.section("dates")
        year, month, day, hour = (f"(?:{any_of(words['marks'][mark])})" for mark in ("year", "month", "day", "hour"))
        self._today = today
        self._clock = Clock(vocabulary)
        self._zone = ZoneInfo(tz) if tz else None
        self._numerals = Numerals(vocabulary)
        self._months = {name: int(number) for number, names in words["months"].items() for name in names}
        self._parts: dict[str, int] = words["month_parts"]
        self._in_words = re.compile(rf"({self._numerals.pattern})\s?(?=\d*(?:{year}|{month}|{day}|{hour}))")
        ordinals = rf"(?<=\d)(?:{any_of(words['noise']['ordinals'])})"
        self._noise = re.compile(rf"[()\[\]（）,，、']|{any_of(words['noise']['words'])}|{ordinals}")
        self._families = self._compiled(year, month, day)

    def read(self, text: str, order: str = "ymd") -> datetime | None:
        """The date of a text; order: how all-number dates of its column are written."""
        if text[4:5] == "-" and text[7:8] == "-" and text[10:11] in ("", " ", "T"):
            try:
                return self._sane(self.local(datetime.fromisoformat(text)))
            except ValueError:
                pass
        text = " ".join(self._noise.sub(" ", normalise(text).translate(DASHES)).split()).rstrip(". ")
        text = self._in_words.sub(lambda found: str(self._numerals.read(found[1]) or found[1]), text)
        rest, time = self._clock.split(text)
        for pattern, reading in self._families:
            if found := pattern.fullmatch(rest):
                try:
                    day = reading(found, order)
                    return self._sane(self.local(self._clock.on(day, time))) if day else None
                except ValueError:
                    return None
        return None

    def read_number(self, number: float) -> datetime | None:
        """An Excel serial, 20240305, 202403, or seconds or milliseconds since 1970."""
        if FIRST_SERIAL <= number <= LAST_SERIAL:
            moment = EXCEL_EPOCH + timedelta(days=number)
            return (moment + timedelta(milliseconds=500)).replace(microsecond=0)
        if not FIRST_YEAR * 100 <= number <= LAST_SECOND * 1000 or number != int(number):
            return None
        for unit in (1, 1000):
            if FIRST_SECOND <= number / unit <= LAST_SECOND:
                return self.local(datetime.fromtimestamp(number / unit, UTC)).replace(microsecond=0)
        try:
            return self._sane(self._digits(f"{number:.0f}"))
        except ValueError:
            return None

    def local(self, moment: datetime) -> datetime:
        """A zoned time as local time, any other as it is."""
        if moment.tzinfo and self._zone:
            moment = moment.astimezone(self._zone)
        return moment.replace(tzinfo=None)

    def _compiled(self, year: str, month: str, day: str) -> list[tuple[re.Pattern[str], Reading]]:
        part = any_of(self._parts)
        s = r"\s?[-/.]\s?"
        families: dict[str, Reading] = {
            rf"(\d{{4}})(?:{s}|\s)(\d{{1,2}})(?:{s}|\s)(\d{{1,2}})\s?{day}?": lambda f, _: _day(int(f[1]), f[2], f[3]),
            rf"(\d{{1,2}})({s}|\s)(\d{{1,2}})\2(\d{{2}}|\d{{4}}|\d)\s?{day}?": self._ordered,
            rf"(\d{{4}}|\d\d)\s?{year}\s?(\d{{1,2}})\s?{month}\s?(\d{{1,2}})\s?{day}?": lambda f, _: _day(
                self._year(f[1]), f[2], f[3]
            ),
            rf"(\d{{4}}|\d\d)\s?{year}\s?(\d{{1,2}})\s?{month}?\s?({part})?": lambda f, _: self._part(
                self._year(f[1]), f[2], f[3]
            ),
            rf"(\d{{4}}){s}(\d{{1,2}})": lambda f, _: _day(int(f[1]), f[2], "1"),
            rf"(\d{{1,2}}){s}(\d{{4}})": lambda f, _: _day(int(f[2]), f[1], "1"),
            rf"(\d{{1,2}})\s?{month}\s?(\d{{1,2}})\s?{day}?": lambda f, _: self._near(f[1], f[2]),
            rf"(\d{{1,2}})\s?{month}\s?({part})?": lambda f, _: self._near(f[1], str(self._parts.get(f[2] or "", 1))),
            r"(\d{1,2})\s?[-/]\s?(\d{1,2})": lambda f, order: (
                self._near(f[2], f[1]) if order == "dmy" else self._near(f[1], f[2])
            ),
            r"(\d{5,14})(\.\d+)?": lambda f, _: self._digits(f[0]),
            r"[\d\s./-]*[a-z]+[\d\s./-]*": lambda f, _: self._named(f[0]),
        }
        return [(re.compile(pattern), reading) for pattern, reading in families.items()]

    def _ordered(self, found: Match[str], order: str) -> datetime | None:
        """Three numbers in the column's order, or in the only other order they fit."""
        parts = found[1], found[3], found[4]
        readings = [self._in_order(parts, way) for way in (order, "ymd", "dmy", "mdy")]
        others = {reading for reading in readings[1:] if reading}
        return readings[0] or (others.pop() if len(others) == 1 else None)

    def _in_order(self, parts: tuple[str, str, str], order: str) -> datetime | None:
        year, month, day = (parts[order.index(part)] for part in "ymd")
        if len(year) not in (FULL_YEAR, SHORT_YEAR) or len(day) > SHORT_YEAR:
            return None
        try:
            return _day(self._year(year), month, day)
        except ValueError:
            return None

    def _year(self, digits: str) -> int:
        if len(digits) == FULL_YEAR:
            return int(digits)
        year = self._today.year // 100 * 100 + int(digits)
        return year if year <= self._today.year + YEARS_AHEAD else year - 100

    def _near(self, month: str, day: str) -> datetime | None:
        """A date without its year."""
        latest = self._today + timedelta(days=DAYS_AHEAD)
        for year in range(latest.year, latest.year - 8, -1):  # eight years hold a 29 February
            last = monthrange(year, int(month))[1]
            if int(day) <= last or int(day) == END:
                found = datetime(year, int(month), min(int(day), last))
                if found.date() <= latest:
                    return found
        return None

    def _part(self, year: int, month: str, part: str | None) -> datetime:
        last = monthrange(year, int(month))[1]
        return datetime(year, int(month), min(self._parts.get(part or "", 1), last))

    def _digits(self, text: str) -> datetime | None:
        if "." in text or len(text) == 5:
            return self.read_number(float(text)) if FIRST_SERIAL <= float(text) <= LAST_SERIAL else None
        if len(text) in (10, 13):
            return self.read_number(int(text)) if text[0] in "123" else None
        if len(text) == 6 and FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
            return _day(int(text[:4]), text[4:], "1")
        form = {6: "%y%m%d", 8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}.get(len(text))
        return datetime.strptime(text, form) if form else None

    def _named(self, text: str) -> datetime | None:
        """A date with its month in letters."""
        name = re.search("[a-z]+", text)
        month = self._months.get(name[0]) if name else None
        numbers = re.findall(r"\d+", text)
        if not month or not name or not 1 <= len(numbers) <= 2:
            return None
        if len(numbers) == 2:
            first, second = numbers
            day, year = (second, first) if len(first) == FULL_YEAR or int(first) > 31 else (first, second)
            return _day(self._year(year), str(month), day)
        (number,) = numbers
        if len(number) == FULL_YEAR or (len(number) == SHORT_YEAR and text[name.end() :].startswith("-")):
            return _day(self._year(number), str(month), "1")
        return self._near(str(month), number)

    def _sane(self, moment: datetime | None) -> datetime | None:
        return moment if moment and FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _day(year: int, month: str, day: str) -> datetime:
    return datetime(year, int(month), int(day))


Reading = Callable[[Match[str], str], datetime | None]

EXCEL_EPOCH = datetime(1899, 12, 30)
FIRST_SERIAL, LAST_SERIAL = 20_000, 60_000
"""1954 to 2064: a smaller number in a date column is as likely a count."""
FIRST_SECOND, LAST_SECOND = 1_000_000_000, 4_000_000_000
DAYS_AHEAD, YEARS_AHEAD = 180, 10
END = 31
DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
