"""E-mail addresses: what surrounds them taken off, the domain in lower case, nothing invented."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from lostdeals.clean.cells import as_text
from lostdeals.clean.columns import keys_of_roles, mapped
from lostdeals.vocab import Vocabulary

if TYPE_CHECKING:
    from lostdeals.clean.setting import Setting


class Email(NamedTuple):
    """How one cell was read."""

    text: str
    """The cleaned cell; several addresses are joined with ``; ``."""
    addresses: tuple[str, ...] = ()
    """In lower case, without placeholders: what two customers with the same address have in common."""
    issue: str | None = None
    """``invalid-email`` or ``placeholder-contact``."""


def clean_emails(frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Every e-mail column with its addresses in one form; a cell that holds something else stays as it is."""
    return mapped(frame, dict.fromkeys(keys_of_roles(frame, "email"), lambda cell: setting.emails.read(cell).text))


class Emails:
    """Reads e-mail cells.

    >>> from lostdeals.vocab import load
    >>> emails = Emails(load())
    >>> emails.read("Li Lei <Li.Lei@Example.COM>， mailto:li@example.cn.").text
    'Li.Lei@example.com; li@example.cn'
    >>> emails.read("none@none.com").issue, emails.read("li@@example").issue
    ('placeholder-contact', 'invalid-email')
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        words = vocabulary.section("invalid")["placeholder_emails"]
        self._locals, self._domains = frozenset(words["locals"]), frozenset(words["domains"])
        self._anywhere = frozenset(words["any_domain"])
        self._memory: dict[Any, Email] = {}

    def read(self, cell: Any) -> Email:
        """One cell."""
        if cell not in self._memory:
            self._memory[cell] = self._cell(as_text(cell) or "")
        return self._memory[cell]

    def _cell(self, text: str) -> Email:
        if VALID.fullmatch(text):
            parts = [text]
        else:
            spread = LABEL.sub("", AROUND_AT.sub(r"\1", text.replace("。", ".")))
            inside = IN_BRACKETS.findall(spread)
            others = [part for raw in BETWEEN.split(IN_BRACKETS.sub(" ", spread)) if (part := raw.strip(MARKS))]
            parts = inside + [part for part in others if "@" in part or not inside]
        addresses = dict.fromkeys(_lower_domain(part) for part in parts if VALID.fullmatch(part))
        real = tuple(address.lower() for address in addresses if not self._placeholder(address.lower()))
        if not parts or not all(VALID.fullmatch(part) for part in parts):
            return Email(text, real, "invalid-email")
        return Email("; ".join(addresses), real, None if len(real) == len(addresses) else "placeholder-contact")

    def _placeholder(self, address: str) -> bool:
        local, _, domain = address.partition("@")
        return local in self._anywhere or (local in self._locals and domain.split(".")[0] in self._domains)


def _lower_domain(address: str) -> str:
    local, _, domain = address.partition("@")
    return f"{local}@{domain.lower()}"


VALID = re.compile(r"[\w!#$%&'*+?^`{}~=-]+(?:\.[\w!#$%&'*+?^`{}~=-]+)*@(?:[\w-]+\.)+[^\W\d_][\w-]+")
"""The dot-atom form of RFC 5322 with letters of any language; quoted local parts do not occur in sheets."""
AROUND_AT = re.compile(r"[ \t]*(@)[ \t]*")
IN_BRACKETS = re.compile(r"<([^<>@\s]+@[^<>@\s]+?)[.,;]*>")
BETWEEN = re.compile(r"[;,；，、/|\s]+")
LABEL = re.compile(r"(?<![^\s;,；，、/|<])[^@\s:：;,；，、/|<]{0,8}[:：][ \t]*")
MARKS = " \t<>()（）[]\"'“”.,;:：。!"
