"""Read one written date: what is said around it taken off, its time of day and its zone put on."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime
from re import Match
from zoneinfo import ZoneInfo

from lostdeals.clean.clock import Clock
from lostdeals.clean.date_families import Families
from lostdeals.clean.date_numbers import dated_number
from lostdeals.clean.date_order import FIRST_YEAR, LAST_YEAR
from lostdeals.vocab import Vocabulary
from lostdeals.vocab.numerals import Numerals
from lostdeals.vocab.phrases import folded
from lostdeals.vocab.wordlists import any_of


class DateTexts:
    """Reads dates as text or number; a text of no known family is no date.

    today: gives a date without a year its year (the latest that is not more than `days_ahead` days ahead) and a year of
    two digits its century (not more than ten years ahead).
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

    def __init__(self, vocabulary: Vocabulary, today: date, tz: str | None = None, days_ahead: int = 180) -> None:
        words = vocabulary.section("dates")
        self._zone = ZoneInfo(tz) if tz else None
        self._clock = Clock(vocabulary)
        self._families = Families(vocabulary, today, days_ahead)
        self._numerals = Numerals(vocabulary)
        marks = any_of(
            [
                *(word for mark in ("year", "month", "day", "hour") for word in words["marks"][mark]),
                *words["periods"]["quarter"],
            ]
        )
        self._in_words = re.compile(rf"({self._numerals.pattern})\s?(?=\d*(?:{marks}))")
        self._parts: dict[str, int] = words["month_parts_before"]
        months = any_of(name for names in words["months"].values() for name in names)
        self._month_part = re.compile(rf"({any_of(self._parts)})[ -](?:of |in )?((?:{months})\.?(?:,? \d{{4}})?)")
        self._several = re.compile(
            rf"\d(?:st|nd|rd|th)?\s*(?:{any_of(words['several']['between'])})\s*\d|{any_of(words['several']['always'])}"
        )
        digits = "".join(self._numerals.digits)
        self._zero = re.compile(rf"(?<=[{digits}])[0○o](?=[{digits}]|{any_of(words['marks']['year'])})")
        self._nought = next(character for character, digit in self._numerals.digits.items() if digit == 0)
        ordinals = rf"(?<=\d)(?:{any_of(words['noise']['ordinals'])})"
        self._noise = re.compile(rf"[()\[\]（）,，、']|{any_of(words['noise']['words'])}|{ordinals}")

    def read(self, text: str, order: str = "ymd") -> datetime | None:
        """The date of a text; order: how all-number dates of its column are written."""
        if text[4:5] == "-" and text[7:8] == "-" and text[10:11] in ("", " ", "T"):
            try:
                return self._sane(datetime.fromisoformat(text))
            except ValueError:
                pass
        text = REMARK.sub(" ", YEAR.sub(r" 20\1", text))
        if part := self._month_part.fullmatch(" ".join(folded(text).split())):
            return self._in_month(part[2], self._parts[part[1]], order)
        rest, time = self._split(text)
        day = self._families.read(rest, order)
        try:
            return self._sane(self._clock.on(day, time)) if day else self._begin(text, order)
        except ValueError:
            return None

    def _begin(self, text: str, order: str) -> datetime | None:
        """The first day of two: November 30 → December 2."""
        first, mark, last = text.partition(next((mark for mark in RANGES if mark in text), RANGES[0]))
        if not mark:
            return None
        begin, end = self.read(first.strip(), order), self.read(last.strip(), order)
        return begin if begin and end and begin <= end else None

    def _in_month(self, text: str, part: int, order: str) -> datetime | None:
        """A day of a month: mid December is the 15th, end of Nov the last."""
        month = self.read(text, order) or self.read(f"1 {text}", order)
        if month is None or month.day != 1:
            return None
        return month.replace(day=min(part, monthrange(month.year, month.month)[1]))

    def _split(self, text: str) -> tuple[str, Match[str] | None]:
        """The day of a text, folded, and its time."""
        text = " ".join(self._noise.sub(" ", folded(text).translate(MARKS)).split()).rstrip(". ")
        text = self._in_words.sub(
            lambda found: str(self._numerals.read(found[1]) or found[1]), self._zero.sub(self._nought, text)
        )
        return self._clock.split(text)

    def day_part(self, text: str) -> str:
        """A text without its time of day, folded: 昨天 of 昨天下午3点."""
        return self._clock.split(" ".join(folded(text).split()))[0]

    def names_several(self, text: str) -> bool:
        """Whether a text names one of several days, or all of them: 5 or 6 July, 24/7."""
        return bool(self._several.search(folded(text)))

    def is_impossible(self, text: str) -> bool:
        """Whether a text that could not be read has the form of a date all the same: 2月30日, 2024-13-05."""
        return self._families.looks_dated(self._split(text)[0])

    def read_number(self, number: float) -> datetime | None:
        """The date of a number: a serial, 20240305, 202403, or seconds or milliseconds since 1970."""
        moment = dated_number(number)
        return self._sane(moment) if moment else None

    def local(self, moment: datetime) -> datetime:
        """A zoned time as local time, any other as it is."""
        if moment.tzinfo and self._zone:
            moment = moment.astimezone(self._zone)
        return moment.replace(tzinfo=None) if moment.tzinfo else moment

    def _sane(self, moment: datetime) -> datetime | None:
        return self.local(moment) if FIRST_YEAR <= moment.year <= LAST_YEAR else None


YEAR = re.compile(r"(?<=[a-zA-Z])\s?['’‘](\d\d)\b")
"""Dec '26."""
REMARK = re.compile(r"\((?![a-zA-Z]{3}[+-])[^()\d]*\)|（[^（）\d]*）")
"""3/12/26 (call)."""
RANGES = ("→", "->", " - ", " – ", " to ", " until ")
MARKS = {**dict.fromkeys(map(ord, "‐‑‒–—−"), "-"), ord("。"): "."}
