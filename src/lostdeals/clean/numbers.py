"""Number columns: amounts, ages, sizes, counts, shares and durations, each by its role, in the mark its column uses."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any, Self

import pandas as pd

from lostdeals.clean.amounts import DECIMALS, Amount, Amounts
from lostdeals.clean.columns import keys_of_kind, read_distinct, replaced
from lostdeals.clean.currencies import MONEY, HeaderUnits
from lostdeals.clean.decimal_mark import DecimalMark
from lostdeals.clean.setting import Setting
from lostdeals.clean.wordlists import any_of
from lostdeals.schema import NUMBER, role_of
from lostdeals.vocab import normalise


def read_numbers(frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Every number column as ``float64``; what cannot be read is empty, and the change log tells it.

    A range is its middle, 以上 the number itself; probabilities are 0-1; times on a site are seconds; ages are years.
    """
    amounts, units = Amounts(setting.vocabulary), HeaderUnits(setting.vocabulary)
    new = {}
    for key in keys_of_kind(frame, NUMBER):
        role = role_of(key)
        factor = units.factor(setting.headers.get(key, "")) if role in MONEY else 1.0
        new[key] = NumberReader(amounts, _meaning(role, setting), factor).fit(frame[key]).transform(frame[key])
        if role == "probability":
            new[key] = _shares(frame[key], new[key])
    return replaced(frame, new)


class NumberReader:
    """Reads one column. Learned: ``decimal_``, the mark its numbers use.

    meaning: what a number of this role stands for, None where it cannot be one.
    factor: the unit of the header, for numbers without a unit of their own.

    >>> from lostdeals.vocab import load
    >>> cells = pd.Series(["1.5万", "2", 3, None], dtype=object)
    >>> NumberReader(Amounts(load()), lambda amount, text: amount.value, 10_000).fit(cells).transform(cells).tolist()
    [15000.0, 20000.0, 30000.0, nan]
    """

    def __init__(self, amounts: Amounts, meaning: Meaning, factor: float = 1.0) -> None:
        self.amounts = amounts
        self.meaning = meaning
        self.factor = factor

    def fit(self, cells: pd.Series[Any]) -> Self:
        """Learn the decimal mark from the column's texts."""
        texts = {cell for cell in cells if cell.__class__ is str} if cells.dtype == object else set()
        self.decimal_ = DecimalMark().fit(texts).decimal_
        return self

    def transform(self, cells: pd.Series[Any]) -> pd.Series[Any]:
        """The column as ``float64``, NaN where a cell is empty or no number."""
        if cells.dtype != object:
            return cells if self.factor == 1 and cells.dtype == "float64" else cells.astype("float64") * self.factor
        return read_distinct(cells, self._read, "float64")

    def _read(self, cell: Any) -> float | None:
        if isinstance(cell, str):
            amount, text = self.amounts.read(cell, self.decimal_), cell
        elif isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) < HUGE:
            amount, text = Amount(float(cell)), ""
        else:
            amount, text = None, cell
        number = self.meaning(amount, text)
        if number is None or not amount or not amount.bare or self.factor == 1:
            return number
        return round(number * self.factor, DECIMALS)


def _meaning(role: str, setting: Setting) -> Meaning:
    if role == "age":
        return _ages(setting)
    if role == "time_on_site":
        return _seconds(setting)
    if role == "company_size":
        return _sizes(setting)
    if role == "probability":
        return lambda amount, text: amount.value if amount else None
    return lambda amount, text: amount.value if amount and not amount.percent else None


def _whole_bound(amount: Amount | None) -> float | None:
    """Under 50 people are at most 49, so that a class 50-99 does not hold them."""
    if not amount or amount.percent:
        return None
    return amount.value - 1 if amount.at_most else amount.value


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


def _shares(cells: pd.Series[Any], numbers: pd.Series[Any]) -> pd.Series[Any]:
    """Probabilities 0-1: a column with a plain number above 1 is in per cent, except where a cell has its own sign."""
    said = cells.map(lambda cell: isinstance(cell, str) and not cell.strip().replace(".", "").isdigit()).to_numpy(bool)
    plain = numbers.where(~said)
    if plain.gt(1).any():
        numbers = numbers.where(said, (plain / 100).round(DECIMALS))
    return numbers.where(numbers.between(0, 1))


Meaning = Callable[[Amount | None, Any], float | None]

CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2}(?:\.\d+)?)")
MIDDLE, HALF_MIDDLE = 5, 2
"""90后 were born 1990 to 1999, 95后 1995 to 1999."""
HUGE = 1e18
FIRST_BIRTH, OLDEST = 1910, 120
