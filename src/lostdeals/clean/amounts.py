"""Read one written amount, count, size or age: units, currencies, ranges, about and at least."""

from __future__ import annotations

import re
from typing import NamedTuple

from lostdeals.clean.decimal_mark import plain_number
from lostdeals.clean.numerals import Numerals
from lostdeals.clean.wordlists import any_of
from lostdeals.vocab import Vocabulary, normalise


class Amount(NamedTuple):
    """What a text says."""

    value: float
    """In whole units; of a range its middle."""
    bare: bool = True
    """Without unit or currency of its own, so a unit in the header counts."""
    percent: bool = False
    """Said in per cent or tenths; the value is already a share."""
    at_most: bool = False
    """Said as an upper bound."""


class Amounts:
    """Reads amounts.

    >>> from lostdeals.vocab import load
    >>> amounts = Amounts(load())
    >>> [amounts.read(text).value for text in ("1.2万", "三十五万", "5k-8k", "10-20万", "$342.09K", "约2千元/月", "50-99人")]
    [12000.0, 350000.0, 6500.0, 150000.0, 342090.0, 2000.0, 74.5]
    >>> amounts.read("€ 2.900,00", ",").value, amounts.read("十几万")
    (2900.0, None)
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        money = vocabulary.section("money")
        words = money["words"]
        self._zero = frozenset(money["zero"]["words"])
        self._units: dict[str, float] = money["units"]
        self._numerals = Numerals(vocabulary)
        self._currency = re.compile(any_of(sign for signs in money["currencies"].values() for sign in signs))
        self._percent = re.compile(any_of(words["percent"]))
        self._at_most = re.compile(any_of(words["at_most"]))
        self._dropped = re.compile(any_of([*words["per"], *words["about"], *words["at_least"], *words["counters"]]))
        self._tenths = re.compile(rf"(\d(?:\.\d)?|{self._numerals.pattern})(?:{any_of(words['tenths'])})")
        self._range = re.compile(rf"(?<=\S)\s*(?:{any_of(words['range'])}|-)\s*(?=\S)")
        self._part = re.compile(rf"\s*(\d[\d.,'’ ]*|\.\d+)\s*({any_of(self._units)})?\s*")

    def read(self, text: str, decimal: str = ".") -> Amount | None:
        """The amount of a text; decimal: the mark its column uses. None where it is no amount."""
        if decimal == "." and PLAIN.fullmatch(text):
            return Amount(float(text))
        text = REMARK.sub("", normalise(text))
        if text in self._zero:
            return Amount(0.0)
        if tenths := self._tenths.fullmatch(text):
            number = self._side(tenths[1], decimal)
            return Amount(number.value / 10, percent=True) if number and number.value <= 10 else None
        text, currencies = self._currency.subn(" ", text)
        bounds = percents = 0
        if not self._part.fullmatch(text):  # most amounts are one number and perhaps a unit
            text, bounds = self._at_most.subn(" ", text)
            text, percents = self._percent.subn(" ", text)
            text = self._dropped.sub(" ", text).strip(" ,;:~")
        if negative := IN_BRACKETS.fullmatch(text):
            text = f"-{negative[1]}"
        sides = [self._side(side, decimal) for side in self._range.split(text)]
        if not 1 <= len(sides) <= 2 or any(side is None for side in sides):
            return None
        low, high = [side for side in (sides[0], sides[-1]) if side]
        start = low.value * high.unit if low.unit == 1 and low.value <= high.value / high.unit else low.value
        if start > high.value:
            return None
        middle = round((start + high.value) / 2 / (100 if percents else 1), DECIMALS)
        return Amount(middle, high.bare and not currencies, bool(percents), bool(bounds))

    def _side(self, text: str, decimal: str) -> Side | None:
        """The number of a text and its unit."""
        sign = -1 if text.startswith("-") else 1
        text = text.lstrip("+-").strip()
        if (numeral := self._numerals.read(text)) is not None:
            place: float = self._numerals.places.get(text[-1], 1)
            return Side(float(sign * numeral), place, numeral < TEN_THOUSAND)
        total, unit, position = 0.0, 1.0, 0
        while position < len(text):
            found = self._part.match(text, position)
            number = plain_number(found[1], decimal) if found else None
            if not found or number is None or (position and not unit > 1):
                return None
            own: float = self._units[found[2]] if found[2] else 1.0
            if position and own == 1 and number < 10 and number.is_integer() and unit >= 100:
                own = unit / 10  # 1万5 is 15,000
            total += number * own
            unit = max(unit, own)
            position = found.end()
        return Side(sign * total, unit, unit == 1) if text else None


class Side(NamedTuple):
    """One end of a range."""

    value: float
    unit: float
    """1 without one."""
    bare: bool
    """三十 is, 三十万 is not."""


DECIMALS = 6
"""Kept of a product: 1.1万 is 11000, not 11000.000000000002."""
TEN_THOUSAND = 10_000
PLAIN = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?")
REMARK = re.compile(r"[(\[【][^()\[\]\d【】]*[)\]】]")
IN_BRACKETS = re.compile(r"\(([^()]*\d[^()]*)\)")
