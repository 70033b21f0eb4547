"""Personal values as they may be shown: enough to recognise a customer one knows, too little to reach a stranger."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from lostdeals.model import Finding
    from lostdeals.vocab import Words

MASK = "***"

_DIGIT = re.compile(r"\d")
_BETWEEN_PHONES = re.compile(r"([;,、；，]\s*)")
_EMAIL = re.compile(r"([\w.+-])[\w.+-]*@([\w-]+(?:\.[\w-]+)+)")
_PHONE = re.compile(r"(?<![\d.])(?:\+\d{1,3}[ -]?)?\(?\d{2,4}\)?[ -]?\d{3,4}[ -]?\d{2,4}(?!\d)")
_CARD = re.compile(r"(?<![\d.])\d{14,19}[Xx]?(?![\d.])")
"""An identity or bank card."""
_DAY = re.compile(r"(19|20)\d{6}")
_CHINESE = re.compile("[\u3400-\u9fff]")
_WORDS = re.compile(r"\S+")


def mask(value: object, role: str) -> object:
    """One value as it may be shown, according to the role of its column.

    Masked are what reaches or names a person: ``name``, ``referrer``, ``phone``, ``email``, ``wechat``, ``address``,
    ``birthday``, ``occasion_at`` and an ``id`` as long as a phone number or an identity card; in free text (``notes``, ``feedback``, ``deal`` …) only the numbers and e-mail addresses.
    A company, a salesperson and all the rest stay, because the reader must be able to act.

    >>> mask("王小明", "name"), mask("Li Wei", "name"), mask("13800000001", "phone")
    ('王**', 'L** W**', '138****0001')
    >>> mask("li.wei@example.com", "email"), mask("晨光贸易", "company"), mask("打 13800000001 找李总", "notes")
    ('l***@example.com', '晨光贸易', '打 138****0001 找李总')
    """
    how = _BY_ROLE.get(role.split(".", 1)[0])
    if how is None or value is None or value != value:
        return value
    if isinstance(value, date):
        return f"{value.year}-**-**"
    return how(str(value))


def masked(values: pd.Series[Any], role: str) -> pd.Series[Any]:
    """A whole column as it may be shown; each distinct value is masked once."""
    distinct = {value: mask(value, role) for value in values.dropna().unique()}
    return values.astype(object).map(distinct).astype(object).where(values.notna(), None)


def finding_text(finding: Finding, words: Words) -> str:
    """A finding as a sentence, the values it shows masked as their column asks."""
    values = dict(finding.values)
    role = str(values.get("role", ""))
    for shown in _SHOWN & values.keys():
        how, cell = role if role.split(".", 1)[0] in _BY_ROLE else "notes", values[shown]
        values[shown] = tuple(mask(one, how) for one in cell) if isinstance(cell, tuple) else mask(cell, how)
    return words.finding(replace(finding, values=values))


def _name(text: str) -> str:
    """A Chinese name keeps its first character, any other the first letter of each word."""
    return f"{text.strip()[:1]}**" if _CHINESE.search(text) else _WORDS.sub(lambda word: f"{word[0][0]}**", text)


def _phone(text: str) -> str:
    return "".join(part if number % 2 else _one_phone(part) for number, part in enumerate(_BETWEEN_PHONES.split(text)))


def _one_phone(text: str) -> str:
    """The first three and last four digits of a long number; the last two of a short one."""
    places = [found.start() for found in _DIGIT.finditer(text)]
    first, last = (3, 4) if len(places) >= 10 else (0, 2)
    hidden = set(places[first : max(len(places) - last, first)])
    return "".join("*" if place in hidden else character for place, character in enumerate(text))


def _email(text: str) -> str:
    return _EMAIL.sub(rf"\1{MASK}@\2", text) if _EMAIL.search(text) else MASK


def _start(text: str) -> str:
    return f"{text.strip()[:1]}{MASK}"


def _id(text: str) -> str:
    """A number the firm gave stays, so that a customer can be found; one as long as a phone or identity card does not."""
    return _end(text) if len(_DIGIT.findall(text)) >= 11 else text


def _end(text: str) -> str:
    return f"{MASK}{text[-3:]}" if len(text) > 6 else MASK


def _address(text: str) -> str:
    """The province or city, as far as three characters go."""
    return f"{text.strip()[:3]}{MASK}"


def _free_text(text: str) -> str:
    text = _EMAIL.sub(rf"\1{MASK}@\2", text)
    text = _CARD.sub(lambda found: _one_phone(found[0]), text)
    return _PHONE.sub(lambda found: found[0] if _DAY.fullmatch(found[0]) else _one_phone(found[0]), text)


def _date(text: str) -> str:
    return MASK


_SHOWN = frozenset({"sample", "meant"})
"""Values of a finding that are a cell's own, or what it probably should be."""
_BY_ROLE = {
    **dict.fromkeys(("name", "referrer"), _name),
    **dict.fromkeys(("birthday", "occasion_at"), _date),
    **dict.fromkeys(("notes", "feedback", "deal", "tags", "loss_reason", "need"), _free_text),
    "phone": _phone,
    "email": _email,
    "wechat": _start,
    "id": _id,
    "address": _address,
}
