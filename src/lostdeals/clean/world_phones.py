"""Telephone numbers from anywhere, by the numbering plans that ``phonenumbers`` carries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from lostdeals.clean.columns import each_distinct, keys_of_roles
from lostdeals.vocab import normalise

HOME = "CN"


class WorldNumber(NamedTuple):
    """One number of some country's plan."""

    text: str
    """E.164: + and digits."""
    key: str
    """Its digits; those of the North American plan without their leading 1, because people leave it out."""


def world_number(body: str, country: str | None = None) -> WorldNumber | None:
    """A number in E.164 form (ITU-T); None where no plan has such a number.

    A number with + or 00 needs a country's code and a length it has; one without them must be valid in ``country``
    (ISO 3166), because nothing else says that it is complete.

    >>> world_number("+44 (0)1632 960123"), world_number("00852-5500 0021").text, world_number("020 7946 0921")
    (WorldNumber(text='+441632960123', key='441632960123'), '+85255000021', None)
    >>> world_number("020 7946 0921", "GB").text, world_number("(660) 555-0121", "US").key
    ('+442079460921', '6605550121')
    """
    import phonenumbers  # 0.1 s that a sheet of Chinese numbers never pays

    dialled = INTERNATIONAL.sub("+", body)
    try:
        number = phonenumbers.parse(dialled, country)
    except phonenumbers.NumberParseException:
        return None
    known = phonenumbers.is_possible_number if dialled.startswith("+") else phonenumbers.is_valid_number
    if not known(number):
        return None
    text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return WorldNumber(text, text[2:] if number.country_code == NORTH_AMERICA else text[1:])


def row_countries(frame: pd.DataFrame, names: Mapping[str, list[str]]) -> pd.Series[Any] | None:
    """The ISO code of each row's country as a region column says it, None where none does; None for a sheet without any.

    >>> frame = pd.DataFrame({"region": ["UK", "China, Shanghai", "杭州"]}, dtype=object)
    >>> row_countries(frame, {"GB": ["uk"], "CN": ["china"]}).tolist()
    ['GB', 'CN', None]
    """
    known = {normalise(name): code for code, listed in names.items() for name in listed}

    def country(cell: Any) -> str | None:
        text = normalise(cell) if isinstance(cell, str) else ""
        parts = BETWEEN.split(text)
        return known.get(text) or known.get(parts[0].strip()) or known.get(parts[-1].strip())

    codes = np.full(len(frame), None, dtype=object)
    for key in keys_of_roles(frame, "region"):
        codes = np.where(codes == None, each_distinct(frame[key], country), codes)  # noqa: E711 - by element
    return pd.Series(codes, index=frame.index, dtype=object) if codes.astype(bool).any() else None


INTERNATIONAL = re.compile(r"\A[\s(]*(?:00|\+)[\s)]*")
BETWEEN = re.compile(r"[-/,>|·;:]")
NORTH_AMERICA = 1
