"""The Chinese numbering plan: mobiles, landlines and service numbers, each in one form."""

from __future__ import annotations

import re


def chinese_number(body: str, lost_zero: bool = False, home: bool = True) -> str | None:
    """A number of the Chinese plan in its one form, None where it is none.

    lost_zero: a spreadsheet may have taken the leading zero of a landline.
    home: a number without +86 is Chinese; elsewhere only a mobile is, for 020 7946 0921 is in London, too.

    >>> chinese_number("+86 138-0000-0021"), chinese_number("(0571)00000021"), chinese_number("4008000021")
    ('13800000021', '0571-00000021', '400-800-0021')
    >>> chinese_number("2100000021", lost_zero=True), chinese_number("1-660-555-0121")
    ('021-00000021', None)
    >>> chinese_number("020 0000 0021", home=False), chinese_number("+86 20 0000 0021", home=False)
    (None, '020-00000021')
    """
    compact = PUNCTUATION.sub("", body)
    if not compact.isascii() or LONE_ONE.match(body):
        return None
    if LETTERS.search(compact):
        compact = compact.translate(LOOK_ALIKE)
        return compact if MOBILE.fullmatch(compact) else None
    prefix = COUNTRY.match(compact)
    digits = compact[prefix.end() :] if prefix else compact
    if not digits.isdigit():
        return None
    if MOBILE.fullmatch(digits.removeprefix("0")):
        return digits.removeprefix("0")
    if not (home or prefix):
        return None
    if SERVICE.fullmatch(digits):
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    if (prefix or lost_zero) and LANDLINE.fullmatch(f"0{digits}"):
        digits = f"0{digits}"
    area = LANDLINE.fullmatch(digits)
    return f"{area[1] or area[3]}-{area[2] or area[4]}" if area else None


MOBILE = re.compile(r"1[3-9]\d{9}")
SERVICE = re.compile(r"[48]00[1-9]\d{6}")
LANDLINE = re.compile(r"(010|02\d)(\d{8})|(0[3-9]\d{2})(\d{7,8})")
"""Area codes of three digits go with eight, those of four with seven or eight (numbering plan of the MIIT)."""
COUNTRY = re.compile(r"(?:\+|00)86(?=\d{9,12}\Z)|0?86(?=1[3-9]\d{9}\Z|0\d{9,11}\Z|(?:10|2\d)\d{8}\Z)")
PUNCTUATION = re.compile(r"[\s\-‐-―−.·()（）\[\]_]|(?<=\d)/(?=\d{7,8}\Z)")
LETTERS = re.compile("[A-Za-z|]")
LOOK_ALIKE = str.maketrans("OoIlL|", "001111")
LONE_ONE = re.compile(r"\W*1\W+\d{3}\W+\d{3}\W")
