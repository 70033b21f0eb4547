"""Number columns: amounts, ages, sizes, counts, shares and durations, each by its role, in the mark its column uses."""

from __future__ import annotations

from typing import Any, Self

import pandas as pd

from lostdeals.clean.amounts import DECIMALS, Amount, Amounts
from lostdeals.clean.columns import keys_of_kind, read_distinct
from lostdeals.clean.currencies import HeaderUnits
from lostdeals.clean.decimal_mark import DecimalMark
from lostdeals.clean.meanings import Meaning, meaning_of
from lostdeals.clean.setting import Setting
from lostdeals.distinct import with_columns
from lostdeals.schema import MONEY, NUMBER, role_of


def read_numbers(frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Every number column as ``float64``; what cannot be read is empty, and the change log tells it.

    A range is its middle, 以上 the number itself; probabilities are 0-1; times on a site are seconds; ages are years.
    """
    amounts, units = Amounts(setting.vocabulary), HeaderUnits(setting.vocabulary)
    new = {}
    for key in [*keys_of_kind(frame, NUMBER), *(key for key in frame.columns if key in setting.amounts)]:
        role = "amount" if key in setting.amounts else role_of(key)
        factor = units.factor(setting.headers.get(key, "")) if role in MONEY else 1.0
        new[key] = (
            NumberReader(amounts, meaning_of(role, setting, unit=factor), factor).fit(frame[key]).transform(frame[key])
        )
        if role == "probability":
            new[key] = _shares(frame[key], new[key])
    return with_columns(frame, new)


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


def _shares(cells: pd.Series[Any], numbers: pd.Series[Any]) -> pd.Series[Any]:
    """Probabilities 0-1: a column with a plain number above 1 is in per cent, except where a cell has its own sign."""
    said = cells.map(lambda cell: isinstance(cell, str) and not cell.strip().replace(".", "").isdigit()).to_numpy(bool)
    plain = numbers.where(~said)
    if plain.gt(1).any():
        numbers = numbers.where(said, (plain / 100).round(DECIMALS))
    return numbers.where(numbers.between(0, 1))


HUGE = 1e18
