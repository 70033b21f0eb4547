"""The time of day behind a written date: 10:30, 下午3点半, 3 pm, 10:00Z, 10:00+08:00."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from re import Match

from lostdeals.vocab import Vocabulary
from lostdeals.vocab.wordlists import any_of


class Clock:
    """Finds the time at the end of a text (folded, lower case) and puts it on a day.

    >>> from lostdeals.vocab import load
    >>> clock = Clock(load())
    >>> day, time = clock.split("3月5日 下午3点半")
    >>> day, clock.on(datetime(2024, 3, 5), time).isoformat()
    ('3月5日', '2024-03-05T15:30:00')
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        words = vocabulary.section("dates")
        marks = {name: f"(?:{any_of(forms)})" for name, forms in words["marks"].items()}
        half = any_of([*words["half_day"]["am"], *words["half_day"]["pm"]])
        self._zones: dict[str, int] = words["zones"]
        self._pm = frozenset(words["half_day"]["pm"])
        self._half = re.compile(rf"\s?(?:{half})\Z")
        self._unclear = re.compile(rf"(?<=[\d\s])(?:{any_of(words['unclear_zones']['words'])})(?=\s|\Z)")
        time = (
            rf"(?P<before>{half})?\s?(?<!\d)(?:"
            rf"(?P<hour>\d{{1,2}})\s?(?::|{marks['hour']})\s?(?:(?P<minute>\d{{1,2}})|(?P<half>{marks['half_hour']}))?"
            rf"(?:(?::|{marks['minute']})\s?(?P<second>\d{{1,2}}(?:\.\d+)?)?)?{marks['second']}?"
            rf"|(?<![\d/.-])(?P<full>\d{{1,2}})(?=\s?(?:{half})))"
            rf"\s?(?P<after>{half})?\s?(?P<zone>{any_of(self._zones)})?\s?(?P<offset>[+-]\d{{1,2}}(?::?\d\d)?)?"
        )
        self._time = re.compile(rf"{time}\Z")
        self._time_first = re.compile(rf"\A{time}\s+(?=\d)")

    def split(self, text: str) -> tuple[str, Match[str] | None]:
        """The part before the time, and the time; a mere 上午 without an hour is dropped."""
        text = " ".join(self._unclear.sub(" ", YEAR_LAST.sub(r"\1 \4 \2 \3", text)).split())
        time = self._time.search(text)
        if not time:
            first = self._time_first.match(text)
            return (text[first.end() :], first) if first else (self._half.sub("", text), None)
        return ISO_T.sub("", text[: time.start()].rstrip()), time

    def on(self, day: datetime, time: Match[str] | None) -> datetime:
        """The day at that time, with its zone where the text names one. ValueError where there is no such time."""
        if not time:
            return day
        hour, half = int(time["hour"] or time["full"]), time["before"] or time["after"]
        if half and hour <= NOON:
            hour = hour % NOON + NOON * (half in self._pm)
        minute = 30 if time["half"] else int(time["minute"] or 0)
        moment = day.replace(hour=hour, minute=minute) + timedelta(seconds=float(time["second"] or 0))
        if not time["zone"] and not time["offset"]:
            return moment
        minutes = self._zones[time["zone"]] if time["zone"] else 0
        return moment.replace(tzinfo=timezone(timedelta(minutes=minutes + _minutes(time["offset"] or "+0"))))


def _minutes(offset: str) -> int:
    """+08:00, +0800 and +8 are 480."""
    digits = offset[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return -minutes if offset[0] == "-" else minutes


YEAR_LAST = re.compile(r"\A(.*\D\d{1,2}) (\d{1,2}:\d\d(?::\d\d)?)((?: [a-z]{3,4})?) (\d{4})\Z")
"""How C and Java print a date: tue mar 5 10:00:00 cst 2024."""
ISO_T = re.compile(r"(?<=\d)t\Z")
NOON = 12
