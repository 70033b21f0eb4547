"""Which currency an amount is in, from its sign, its own column or the header."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.clean.amounts import PLAIN
from lostdeals.clean.columns import each_distinct, keys_of_roles
from lostdeals.clean.setting import Setting
from lostdeals.distinct import repeated, with_columns
from lostdeals.schema import MONEY
from lostdeals.vocab import Vocabulary, normalise
from lostdeals.vocab.wordlists import any_of

ASKED = 200
"""Amounts of a column that are asked for their currency."""


def fill_currencies(frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """The ``currency`` column as ISO codes, its empty cells filled from the signs of the row's amounts.

    A frame without that column stays as it is.
    """
    if "currency" not in frame:
        return frame
    signs, units = Currencies(setting.vocabulary), HeaderUnits(setting.vocabulary)
    codes = each_distinct(frame["currency"], signs.code).to_numpy()
    for key in (key for role in MONEY for key in keys_of_roles(frame, role)):
        cells = frame[key]
        inherited = repeated(units.currency(setting.headers.get(key, "")), len(cells))
        inherited[cells.isna().to_numpy()] = None
        own = each_distinct(cells, signs.within).to_numpy() if cells.dtype == object else inherited
        codes = np.where(codes != None, codes, np.where(own != None, own, inherited))  # noqa: E711 - by element
    return with_columns(frame, {"currency": pd.Series(codes, index=frame.index, dtype=object)})


def main_currency(frame: pd.DataFrame, setting: Setting) -> str | None:
    """The ISO code that most amounts of a frame name, by their own column, their signs or their header; None without any."""
    signs, units = Currencies(setting.vocabulary), HeaderUnits(setting.vocabulary)
    said: Counter[object] = Counter()
    for key in (key for role in (*MONEY, "currency") for key in keys_of_roles(frame, role)):
        cells = frame[key].dropna().iloc[:ASKED]
        inherited = units.currency(setting.headers.get(key, ""))
        codes = [signs.within(cell) or inherited for cell in cells.tolist()]
        said.update(code for code in codes if code is not None)
    return str(said.most_common(1)[0][0]) if said else None


class Currencies:
    """Finds currency signs and words.

    >>> from lostdeals.vocab import load
    >>> signs = Currencies(load())
    >>> signs.within("$342.09K"), signs.within("$5,000 CAD"), signs.within("1,000"), signs.code("人民币")
    ('USD', 'CAD', None, 'CNY')
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        currencies: dict[str, list[str]] = vocabulary.section("money")["currencies"]
        self._codes: dict[str, str] = {sign: code for code, signs in currencies.items() for sign in signs}
        self._signs = re.compile(any_of(self._codes))

    def within(self, cell: Any) -> str | None:
        """The first currency that a text names; $5,000 CAD is in Canadian dollars."""
        if not isinstance(cell, str) or PLAIN.fullmatch(cell):
            return None
        found: list[str] = self._signs.findall(normalise(cell))
        clear = [sign for sign in found if len(sign) > 1 or sign.isalpha()]
        return self._codes[(clear or found)[0]] if found else None

    def code(self, cell: Any) -> object:
        """The ISO code of a text that is a currency from end to end, any other cell as it is."""
        return self._codes.get(normalise(cell), cell) if isinstance(cell, str) else cell


class HeaderUnits:
    """Reads the unit that a header gives to the plain numbers below it.

    >>> from lostdeals.vocab import load
    >>> units = HeaderUnits(load())
    >>> units.factor("报价（万元）"), units.currency("报价（万元）"), units.currency("expected_mrr_usd"), units.factor("单元数")
    (10000.0, 'CNY', 'USD', 1.0)
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        money = vocabulary.section("money")
        self._units: dict[str, float] = money["units"]
        self._codes: dict[str, str] = {sign: code for code, signs in money["currencies"].items() for sign in signs}
        sign = any_of(self._codes)
        self._unit = re.compile(rf"({sign})?\s?({any_of(self._units)})?\s?({sign})?(?:/.*)?")
        self._sign = re.compile(any_of(sign for sign in self._codes if len(sign) == 3 or not sign.isalpha()))

    def factor(self, header: str) -> float:
        """What a plain number below this header is multiplied by; 1 where the header has no unit."""
        return next((float(self._units[found[2]]) for found in self._found(header) if found[2]), 1.0)

    def currency(self, header: str) -> str | None:
        """The ISO code of the header's currency."""
        for found in self._found(header):
            if sign := found[1] or found[3]:
                return self._codes[sign]
        latin = self._sign.search(normalise(header))
        return self._codes[latin[0]] if latin else None

    def _found(self, header: str) -> list[re.Match[str]]:
        places = [bracket or end for bracket, end in UNIT_PLACE.findall(normalise(header))]
        return [found for place in places if (found := self._unit.fullmatch(place.split(":")[-1].strip()))]


UNIT_PLACE = re.compile(r"[(\[【]([^()\[\]【】]+)[)\]】]|/\s*(.+)\Z")
