"""Words that mean a day only from another one: 昨天, 上周三, 3天前, next Friday, 明年3月."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from re import Match
from typing import Any

from lostdeals.vocab import Vocabulary, normalise
from lostdeals.vocab.numerals import Numerals
from lostdeals.vocab.phrases import folded
from lostdeals.vocab.wordlists import any_of

Reading = Callable[[Match[str], date], date | None]


class RelativeDates:
    """Reads such words from the day they were written on.

    A week without its day is its Monday and a month its first day, as 2024年3月 is; weeks start on Monday (ISO 8601).

    >>> from lostdeals.vocab import load
    >>> words = RelativeDates(load())
    >>> for text in ("昨天", "上周三", "三天前", "下下周五", "in 2 weeks", "last month", "月底", "过几天"):
    ...     print(text, words.read(text, date(2024, 6, 5)))
    昨天 2024-06-04
    上周三 2024-05-29
    三天前 2024-06-02
    下下周五 2024-06-21
    in 2 weeks 2024-06-19
    last month 2024-05-01
    月底 2024-06-30
    过几天 None
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        dates = vocabulary.section("dates")
        words = dates["relative"]
        self._numerals = Numerals(vocabulary)
        self._days: dict[str, int] = words["days"]
        self._year_words: dict[str, int] = words["year_words"]
        self._weekdays = {name: int(number) for number, names in words["weekdays"].items() for name in names}
        self._parts: dict[str, int] = dates["month_parts"]
        turn = {"last": -1, "this": 0, "next": 1}
        self._turns = {word: step for name, step in turn.items() for word in words[name]}
        self._units = {word: unit for unit, names in words["units"].items() for word in names}
        week, month = (any_of(words["units"][unit]) for unit in ("week", "month"))
        number, turns = rf"(\d{{1,3}}|an?|{self._numerals.pattern})", any_of(self._turns)
        again = any_of([*words["last"], *words["next"]])
        weekday, year = any_of(self._weekdays), any_of(dates["marks"]["year"])
        readings: dict[str, Reading] = {
            any_of(self._days): lambda found, day: day + timedelta(days=self._days[found[0]]),
            rf"{number}\s?({any_of(self._units)})\s?({any_of(words['ago'])})": lambda f, day: self._far(
                f[1], f[2], -1, day
            ),
            rf"{number}\s?({any_of(self._units)})\s?({any_of(words['ahead'])})": lambda f, day: self._far(
                f[1], f[2], 1, day
            ),
            rf"(?:{any_of(words['in'])})\s{number}\s({any_of(self._units)})": lambda f, day: self._far(
                f[1], f[2], 1, day
            ),
            rf"({again})?({turns})?\s?(?:{week})\s?({weekday})?": self._week,
            rf"({turns})\s({weekday})": lambda f, day: self._weekday(self._turns[f[1]], f[2], day),
            rf"({turns})?\s?(?:{month})\s?({any_of(self._parts)})?": self._month,
            rf"(?:{year})({any_of(dates['year_parts'])})": lambda f, day: date(day.year, *dates["year_parts"][f[1]]),
        }
        self._readings = [(re.compile(pattern), reading) for pattern, reading in readings.items()]
        self._year = re.compile(any_of(self._year_words))
        self._year_mark = dates["marks"]["year"][0]

    def read(self, text: str, day: date) -> date | None:
        """The day that a text means when it was written on ``day``, None where it means none."""
        text = folded(text)
        for pattern, reading in self._readings:
            if found := pattern.fullmatch(text):
                return reading(found, day)
        return None

    def is_relative(self, text: str) -> bool:
        """Whether a text means another day on another day: 下周三, 明年3月."""
        text = folded(text)
        return bool(self._year.search(text)) or any(pattern.fullmatch(text) for pattern, _ in self._readings)

    def with_year(self, text: str, day: date) -> str | None:
        """明年3月 as 2025年3月, None for a text without such a word."""
        text, count = self._year.subn(lambda word: f"{day.year + self._year_words[word[0]]}{self._year_mark}", text)
        return text if count else None

    def _far(self, count: str, unit: str, direction: int, day: date) -> date | None:
        n = 1 if count in ARTICLES else int(count) if count.isdigit() else self._numerals.read(count)
        if n is None or n > FURTHEST:
            return None
        if self._units[unit] == "month":
            return _month_later(day, n * direction)
        return day + timedelta(days=n * direction * (7 if self._units[unit] == "week" else 1))

    def _week(self, found: Match[str], day: date) -> date | None:
        if not found[2] and not (found[1] or found[3]):
            return None
        steps = sum(self._turns[word] for word in (found[1], found[2]) if word)
        return self._weekday(steps, found[3], day)

    def _weekday(self, weeks: int, name: str | None, day: date) -> date:
        monday = day - timedelta(days=day.weekday())
        return monday + timedelta(days=7 * weeks + (self._weekdays[name] - 1 if name else 0))

    def _month(self, found: Match[str], day: date) -> date | None:
        if not found[1] and not found[2]:
            return None
        month = _month_later(day.replace(day=1), self._turns[found[1]] if found[1] else 0)
        wanted = self._parts[found[2]] if found[2] else 1
        return month.replace(day=min(wanted, monthrange(month.year, month.month)[1]))


def made_on(cells: Iterable[Any], vocabulary: Vocabulary, read: Callable[[Any], datetime | None]) -> date | None:
    """The day a sheet was made, from the cells above its header: “导出日期：2024-03-05”, or a label and the day beside it.

    read: reads one cell as a date.

    >>> from lostdeals.vocab import load
    >>> made_on(["客户跟进表", "截至", "2024-03-05"], load(), lambda cell: datetime(2024, 3, 5) if "-" in cell else None)
    datetime.date(2024, 3, 5)
    """
    full_day = _full_day(vocabulary)
    label = re.compile(rf"(?:{any_of(vocabulary.section('dates')['made']['words'])})[\s:：]*(.*)", re.DOTALL)
    waiting = False
    for cell in cells:
        if waiting and (moment := read(cell)):
            return moment.date()
        found = label.search(normalise(cell)) if isinstance(cell, str) else None
        waiting = found is not None and not found[1]
        if found and found[1] and (day := _day_among(found[1], read, full_day)):
            return day
    return None


def _full_day(vocabulary: Vocabulary) -> re.Pattern[str]:
    """A day with its year in numbers: 2024-3-5, 2024年3月5日, 20240305."""
    year, month, day = (any_of(vocabulary.section("dates")["marks"][unit]) for unit in ("year", "month", "day"))
    return re.compile(
        rf"(?<!\d)(?:19|20)\d\d(?:(?:[-./]|{year})\s?\d{{1,2}}(?:[-./]|{month})\s?\d{{1,2}}(?:{day})?"
        r"|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)"
    )


def _day_among(text: str, read: Callable[[Any], datetime | None], full_day: re.Pattern[str]) -> date | None:
    """The day a text begins with or is the only one in: 2024-03-05 by Carmen, 李四 2024年3月5日."""
    said = text.split()
    for size in range(min(len(said), MOST_WORDS), 0, -1):
        if moment := read(" ".join(said[:size]).strip(BESIDE)):
            return moment.date()
    days = {moment.date() for part in full_day.findall(text) if (moment := read(part))}
    return days.pop() if len(days) == 1 else None


def _month_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def at_midnight(day: date) -> datetime:
    """A day as a datetime."""
    return datetime.combine(day, time())


BESIDE = " )]）】,，;；。"
MOST_WORDS = 5
"""Words that a day may have with its time: 5 March 2024 at 10:30."""
ARTICLES = frozenset({"a", "an"})
FURTHEST = 400
"""Nobody counts further back in days, weeks or months."""
