"""Telephone numbers from anywhere, by the numbering plans that ``phonenumbers`` carries."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from lostdeals.clean.columns import each_distinct, keys_of_roles
from lostdeals.distinct import repeated
from lostdeals.vocab import Vocabulary
from lostdeals.vocab.gazetteer import gazetteer
from lostdeals.vocab.phrases import folded

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


def country_of(text: str) -> tuple[int, str | None]:
    """The calling code of a number in E.164 form, and the country that has it (the largest where several share one).

    >>> country_of("+85255000021")
    (852, 'HK')
    """
    import phonenumbers

    code = phonenumbers.parse(text.partition("x")[0], None).country_code or 0
    region = phonenumbers.region_code_for_country_code(code)
    return code, region if len(region) == 2 and region.isalpha() else None


def row_countries(frame: pd.DataFrame, vocabulary: Vocabulary) -> pd.Series[Any] | None:
    """The code of each row's numbering plan as a region column tells it, None where none does; None for a sheet without any.

    A cell counts where it, or its first or last part, is the name of a place in one country only.

    >>> from lostdeals.vocab import load
    >>> frame = pd.DataFrame({"region": ["UK", "China, Shanghai", "杭州", "香港", "somewhere"]}, dtype=object)
    >>> row_countries(frame, load()).tolist()
    ['GB', 'CN', 'CN', 'HK', None]
    """
    keys = keys_of_roles(frame, "region")
    if not keys:
        return None
    places, own = gazetteer(vocabulary), vocabulary.section("phones")["own_plan"]

    def plan(text: str) -> str | None:
        name = places.names.get(folded(text))
        numbers = name.first if name else tuple(places.codes.get(text.upper(), ()))
        found = {own.get(province or "", country) for country, province, *_ in map(places.describe, numbers)}
        return found.pop() if len(found) == 1 else None

    def country(cell: Any) -> str | None:
        if not isinstance(cell, str):
            return None
        parts = [part.strip() for part in BETWEEN.split(cell)]
        return plan(cell.strip()) or plan(parts[0]) or plan(parts[-1])

    codes = repeated(None, len(frame))
    for key in keys:
        codes = np.where(codes == None, each_distinct(frame[key], country), codes)  # noqa: E711 - by element
    return pd.Series(codes, index=frame.index, dtype=object) if codes.astype(bool).any() else None


INTERNATIONAL = re.compile(r"\A[\s(]*(?:00|\+)[\s)]*")
BETWEEN = re.compile(r"[-/,>|·;:]")
NORTH_AMERICA = 1
