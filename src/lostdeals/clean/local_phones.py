"""Numbers written without their country beside others of one country: 9123 4502 beside +852 9123 4504."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from lostdeals.clean.chinese_phones import LANDLINE, MOBILE
from lostdeals.clean.world_phones import NORTH_AMERICA, country_of, world_number

SURE = 2
"""Different numbers with a country's code, from which a column is about that country."""
LONG_DISTANCE = re.compile(r"\+[1-9]\d{6,14}(?:x\d+)?")
CHINA = "+86"
BARE = re.compile(r"[(（]?\d[\d\s\-.()（）]{5,}\d")
AREA = re.compile(r"0\d{2,3}-\d{7,8}.*")


def with_country(cells: Iterable[Any]) -> dict[str, str]:
    """Cleaned phones of one column without a country, and what they are with the one that all others of the column have.

    Nothing where the codes are those of several countries or of North America, whose numbers are known without; where a
    landline with a Chinese area code shows that a number without one may be Chinese, too; or where most numbers are Chinese.

    >>> with_country(["+85255000021", "+85291000022", "9123 4502", "13800000021", "12345"])
    {'9123 4502': '+85291234502'}
    >>> with_country(["+85255000021", "+85291000022", "9123 4502", "021-00000021"])
    {}
    """
    texts = {cell for cell in cells if isinstance(cell, str)}
    abroad = sorted(
        text for text in texts if text[0] == "+" and not text.startswith(CHINA) and LONG_DISTANCE.fullmatch(text)
    )
    if len(abroad) < SURE or any(AREA.fullmatch(text) for text in texts):
        return {}
    code, country = country_of(abroad[0])
    mobiles = {text for text in texts if MOBILE.fullmatch(text)}
    bare = [text for text in texts - mobiles if BARE.fullmatch(text) and not LANDLINE.fullmatch(text)]
    same = all(text.startswith(f"+{code}") for text in abroad)
    if not same or country is None or code == NORTH_AMERICA or len(mobiles) > len(abroad) + len(bare):
        return {}
    found = {text: world_number(text, country) for text in sorted(bare)}
    return {text: number.text for text, number in found.items() if number is not None}
