"""Working days: Chinese public holidays and make-up days for Chinese sheets, Monday to Friday elsewhere."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache


@lru_cache(maxsize=4096)
def next_working_day(day: date, country: str = "CN") -> date:
    """The day itself if people work on it, else the next one on which they do.

    Chinese holidays come from the State Council's yearly notice as packaged by chinesecalendar; a year for which there is
    no notice yet falls back on Monday to Friday.

    >>> next_working_day(date(2024, 10, 1)), next_working_day(date(2024, 9, 14))
    (datetime.date(2024, 10, 8), datetime.date(2024, 9, 14))
    >>> next_working_day(date(2024, 9, 14), country="")
    datetime.date(2024, 9, 16)
    """
    while not _is_working_day(day, country):
        day += timedelta(days=1)
    return day


def _is_working_day(day: date, country: str) -> bool:
    if country == "CN":
        import chinese_calendar

        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            pass
    return day.weekday() < 5
