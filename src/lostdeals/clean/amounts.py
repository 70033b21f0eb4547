"""Read one written amount, count, size or age: units, currencies, ranges, about and at least."""

from __future__ import annotations

import re
from typing import NamedTuple

from lostdeals.clean.decimal_mark import plain_number
from lostdeals.vocab import Vocabulary
from lostdeals.vocab.numerals import Numerals
from lostdeals.vocab.phrases import folded
from lostdeals.vocab.wordlists import any_of


class Amount(NamedTuple):
    """What a text says."""

    value: float
    """In whole units; of a range its middle."""
    bare: bool = True
    """Without unit or currency of its own, so a unit in the header counts."""
    percent: bool = False
    """Said in per cent or tenths; the value is already a share."""
    below: bool = False
    """Said as an upper bound that is not reached."""


class Amounts:
    """Reads amounts.

    >>> from lostdeals.vocab import load
    >>> amounts = Amounts(load())
    >>> [amounts.read(text).value for text in ("1.2万", "三十五万", "5k-8k", "10-20万", "$342.09K", "约2千元/月", "50-99人")]
    [12000.0, 350000.0, 6500.0, 150000.0, 342090.0, 2000.0, 74.5]
    >>> amounts.read("€ 2.900,00", ",").value, amounts.read("几万")
    (2900.0, None)
    >>> [amounts.read(text).value for text in ("两三万", "十几万", "五十到八十万", "介于12万和15万之间")]
    [25000.0, 150000.0, 650000.0, 135000.0]
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
        self._below = re.compile(any_of(words["below"]))
        self._labels = re.compile(rf"\A(?:{any_of(words['labels'])})[\s:：]*|\s*(?:{any_of(words['labels'])})\Z")
        self._between = re.compile(rf"(?:{any_of(words['between'])})"), re.compile(rf"\s*(?:{any_of(words['and'])})\s*")
        digits = "".join(character for character, digit in self._numerals.digits.items() if digit)
        places = "".join(self._numerals.places)
        self._two_digits = re.compile(rf"([{digits}])([{digits}])([{places}]*)")
        self._some = re.compile(rf"(\d0|[{digits}]?[{places}])(?:{any_of(words['some'])})(.*)")
        self._per = re.compile(any_of(words["per"]))
        self._dropped = re.compile(any_of([*words["about"], *words["at_least"], *words["counters"]]))
        self._tenths = re.compile(rf"(\d(?:\.\d)?|{self._numerals.pattern})(?:{any_of(words['tenths'])})")
        self._range = re.compile(rf"(?<=\S)\s*(?:{any_of(words['range'])}|-)\s*(?=\S)")
        self._part = re.compile(rf"\s*(\d[\d.,'’ ]*|\.\d+)\s*({any_of(self._units)})?\s*")

    def read(self, text: str, decimal: str = ".") -> Amount | None:
        """The amount of a text; decimal: the mark its column uses. None where it is no amount."""
        if decimal == "." and PLAIN.fullmatch(text):
            return Amount(float(text))
        text = SWISS.sub("", REMARK.sub("", folded(text)).replace(MINUS, "-"))
        if text in self._zero:
            return Amount(0.0)
        if tenths := self._tenths.fullmatch(text):
            number = self._side(tenths[1], decimal)
            return Amount(number.value / 10, percent=True) if number and number.value <= 10 else None
        text, currencies = self._currency.subn(GAP, text)
        bounds = percents = 0
        if not self._part.fullmatch(text):  # most amounts are one number and perhaps a unit
            text, bounds = self._below.subn(GAP, self._at_most.sub(GAP, text))
            text, percents = self._percent.subn(GAP, text)
            text = self._labels.sub("", text)
            text, ends = self._between[0].subn(GAP, text)
            text = self._between[1].sub("-", text) if ends else text
            text = self._dropped.sub(GAP, self._per.sub(GAP, text))  # + VAT before the bare +
        if TORN.search(text):  # 2000+500 is no 2000500
            return None
        text = text.replace(GAP, " ").strip(" ,;:~")
        if negative := IN_BRACKETS.fullmatch(text):
            text = f"-{negative[1]}"
        sides = [self._side(side, decimal) for side in self._range.split(text)]
        if not 1 <= len(sides) <= 2 or any(side is None for side in sides):
            return None
        low, high = [side for side in (sides[0], sides[-1]) if side]
        start = low.value
        if low.unit < high.unit and low.value <= high.value / high.unit:
            start = low.value * high.unit / low.unit if low.unit >= TEN_THOUSAND else low.value * high.unit
        if start > high.value:
            return None
        middle = round((start + high.value) / 2 / (100 if percents else 1), DECIMALS)
        return Amount(middle, high.bare and not currencies, bool(percents), bool(bounds))

    def _side(self, text: str, decimal: str) -> Side | None:
        """The number of a text and its unit."""
        sign = -1 if text.startswith("-") else 1
        text = text.lstrip("+-").strip()
        if vague := self._vague(text, sign):
            return vague
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

    def _vague(self, text: str, sign: int) -> Side | None:
        """两三万, two to three, is their middle; 十几万, ten and some, is 150,000."""
        if (two := self._two_digits.fullmatch(text)) and 0 < self._digit(two[2]) - self._digit(two[1]) <= CLOSE:
            ends = [self._numerals.read(digit + two[3]) for digit in two.groups()[:2]]
            if None not in ends:
                place = self._numerals.places.get(text[-1], 1)
                return Side(sign * sum(end for end in ends if end) / 2, place, place < TEN_THOUSAND)
        if some := self._some.fullmatch(text):
            tens = int(some[1]) if some[1].isdigit() else self._numerals.read(some[1])
            unit = self._units.get(some[2], 1.0) if some[2] else 1.0
            if tens is not None and tens % TEN == 0 and tens < TEN * TEN and (not some[2] or some[2] in self._units):
                return Side(sign * (tens + TEN / 2) * unit, unit, unit == 1)
        return None

    def _digit(self, character: str) -> int:
        return self._numerals.digits[character]


class Side(NamedTuple):
    """One end of a range."""

    value: float
    unit: float
    """1 without one."""
    bare: bool
    """三十 is, 三十万 is not."""


DECIMALS = 6
"""Kept of a product: 1.1万 is 11000, not 11000.000000000002."""
TEN, TEN_THOUSAND = 10, 10_000
CLOSE = 2
"""两三 and 三五 are a range, 二九 is not."""
MINUS = "\u2212"
GAP = "\x1f"
"""Where a word was taken out."""
TORN = re.compile(rf"\d[\s{GAP}]*{GAP}[\s{GAP}]*\d")
SWISS = re.compile(r"\.[-–—]+\Z")
PLAIN = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?")
REMARK = re.compile(r"[(\[【][^()\[\]\d【】]*[)\]】]")
IN_BRACKETS = re.compile(r"\(([^()]*\d[^()]*)\)")
