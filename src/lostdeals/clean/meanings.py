"""What a number stands for in its role: years of age, people of a company, seconds on a site, a share."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

from lostdeals.clean.amounts import Amount
from lostdeals.clean.setting import Setting
from lostdeals.vocab import normalise
from lostdeals.vocab.wordlists import any_of

Meaning = Callable[[Amount | None, Any], float | None]
MONEY = ("amount", "budget", "income")
"""Roles of sums of money."""
SMALL, TEN_THOUSAND = 1000, 10_000


def meaning_of(role: str, setting: Setting, *, unit: float = 1.0) -> Meaning:
    """What an amount (or, where there is none, the cell itself) says in a role; None where it says nothing.

    unit: of the header; with one, 15个 are that many of it.

    >>> from datetime import date
    >>> from lostdeals.vocab import load
    >>> age = meaning_of("age", Setting(load(), date(2024, 6, 1), "zh"))
    >>> age(None, "90后"), age(Amount(1990), "1990"), age(Amount(18, below=True), "18岁以下"), age(Amount(350), "350")
    (29, 34, 17, None)
    """
    if role == "age":
        return _ages(setting)
    if role == "time_on_site":
        return _seconds(setting)
    if role == "company_size":
        return _sizes(setting)
    if role in MONEY and unit == 1:
        return _money(setting)
    if role == "probability":
        return lambda amount, text: amount.value if amount else None
    return lambda amount, text: amount.value if amount and not amount.percent else None


def _whole_bound(amount: Amount | None) -> float | None:
    """Under 50 people are at most 49, so that a class 50-99 does not hold them."""
    if not amount or amount.percent:
        return None
    return amount.value - 1 if amount.below else amount.value


def _ages(setting: Setting) -> Meaning:
    born = re.compile(rf"(\d[05])(?:{any_of(setting.vocabulary.section('money')['words']['generation'])})")

    def meaning(amount: Amount | None, text: Any) -> float | None:
        generation = born.fullmatch(normalise(text)) if isinstance(text, str) else None
        if generation:
            start = int(generation[1])
            century = 1900 if 2000 + start > setting.today.year else 2000
            return setting.today.year - (century + start + (MIDDLE if start % 10 == 0 else HALF_MIDDLE))
        years = _whole_bound(amount)
        if years is not None and FIRST_BIRTH <= years <= setting.today.year:
            years = setting.today.year - years
        return years if years is not None and 0 <= years <= OLDEST else None

    return meaning


def _money(setting: Setting) -> Meaning:
    """15个 of money is 150,000, as people say it; no unit of its own stands behind it, and no thousand before."""
    words = setting.vocabulary.section("money")["words"]
    slang = re.compile(rf"\d\s*(?:{any_of(words['ten_thousands'])})(?!{any_of(words['not_ten_thousands'])})")

    def meaning(amount: Amount | None, text: Any) -> float | None:
        if not amount or amount.percent:
            return None
        small = amount.value < SMALL and isinstance(text, str) and slang.search(text)
        return amount.value * TEN_THOUSAND if small else amount.value

    return meaning


def _sizes(setting: Setting) -> Meaning:
    words: dict[str, int] = setting.vocabulary.section("money")["sizes"]

    def meaning(amount: Amount | None, text: Any) -> float | None:
        one = words.get(normalise(text)) if isinstance(text, str) else None
        return one if one is not None else _whole_bound(amount)

    return meaning


def _seconds(setting: Setting) -> Meaning:
    units: dict[str, int] = setting.vocabulary.section("money")["durations"]
    part = re.compile(rf"\s*(\d+(?:\.\d+)?)\s*({any_of(units)})\s*")

    def meaning(amount: Amount | None, text: Any) -> float | None:
        if isinstance(text, timedelta):
            return text.total_seconds()
        if isinstance(text, time):
            return float(text.hour * 3600 + text.minute * 60 + text.second)
        if not isinstance(text, str):
            return amount.value if amount else None
        folded = normalise(text)
        if clock := CLOCK.fullmatch(folded):
            return float(int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + float(clock[3]))
        if folded and not part.sub("", folded):
            return sum(float(found[1]) * units[found[2]] for found in part.finditer(folded))
        return amount.value if amount and not amount.percent else None

    return meaning


CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2}(?:\.\d+)?)")
MIDDLE, HALF_MIDDLE = 5, 2
"""90后 were born 1990 to 1999, 95后 1995 to 1999."""
FIRST_BIRTH, OLDEST = 1910, 120
