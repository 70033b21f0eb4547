"""E-mail addresses: what surrounds them taken off, the domain in lower case, nothing invented."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from lostdeals.clean.cells import as_text
from lostdeals.clean.columns import keys_of_roles, mapped
from lostdeals.vocab import Vocabulary
from lostdeals.vocab.wordlists import any_of

if TYPE_CHECKING:
    from lostdeals.clean.setting import Setting


class Email(NamedTuple):
    """How one cell was read."""

    text: str
    """The cleaned cell; several addresses are joined with ``; ``."""
    addresses: tuple[str, ...] = ()
    """In lower case, without placeholders: what two customers with the same address have in common."""
    issue: str | None = None
    """``invalid-email``, ``placeholder-contact`` or ``mistyped-email``."""
    meant: str | None = None
    """What a mistyped address probably was; never put in its place."""


def clean_emails(frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Every e-mail column with its addresses in one form; a cell that holds something else stays as it is."""
    return mapped(frame, dict.fromkeys(keys_of_roles(frame, "email"), lambda cell: setting.emails.read(cell).text))


class Emails:
    """Reads e-mail cells.

    >>> from lostdeals.vocab import load
    >>> emails = Emails(load())
    >>> emails.read("Li Lei <Li.Lei@Example.COM>， mailto:li@example.cn.").text, emails.read("li [at] example [dot] com").text
    ('Li.Lei@example.com; li@example.cn', 'li@example.com')
    >>> emails.read("none@none.com").issue, emails.read("li@@example").issue
    ('placeholder-contact', 'invalid-email')
    >>> emails.read("li@gmial.com")
    Email(text='li@gmial.com', addresses=('li@gmial.com',), issue='mistyped-email', meant='li@gmail.com')
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        words = vocabulary.section("invalid")["placeholder_emails"]
        self._locals, self._domains = frozenset(words["locals"]), frozenset(words["domains"])
        self._anywhere = frozenset(words["any_domain"])
        emails = vocabulary.section("emails")
        at, dot = (any_of(emails["spelled"][mark]) for mark in ("at", "dot"))
        self._at = re.compile(
            rf"\s*(?:\[(?:{at}|@)\]|[(（](?:{at}|@)[)）])\s*|\s+(?:{at})\s+(?=\S+\s+(?:{dot})\s)", re.I
        )
        self._dot = re.compile(rf"\s*(?:\[(?:{dot}|\.)\]|[(（](?:{dot}|\.)[)）])\s*|(?<=@)(\S+)\s+(?:{dot})\s+", re.I)
        labels = any_of(emails["labels"]["words"])
        glued = any_of(word for word in emails["labels"]["words"] if not word.isascii())
        self._label = re.compile(
            rf"(?<![^\s;,；，、/|<])(?:[^@\s:：;,；，、/|<]{{0,8}}[:：][ \t]*|(?:{labels})\s+|(?:{glued}))(?=\S)", re.I
        )
        self._between = re.compile(rf"[;,；，、/|]|\s(?:{any_of(emails['between']['words'])})(?=\s)|\s", re.I)
        self._slips = Slips(emails["domains"])
        self._memory: dict[Any, Email] = {}

    def read(self, cell: Any) -> Email:
        """One cell."""
        if cell not in self._memory:
            email = self._memory[cell] = self._cell(as_text(cell) or "")
            self._memory.setdefault(email.text, email)  # the cleaned cell will be read, too
        return self._memory[cell]

    def each(self, cells: Sequence[Any]) -> list[Email]:
        """Many cells."""
        return list(map(self.read, cells))

    def _cell(self, text: str) -> Email:
        parts = [text] if VALID.fullmatch(text) and not HAN.match(text) else self._parts(text)
        addresses = dict.fromkeys(_lower_domain(part) for part in parts if VALID.fullmatch(part))
        real = tuple(address.lower() for address in addresses if not self._placeholder(address.lower()))
        if not parts or not all(VALID.fullmatch(part) for part in parts):
            return Email(text, real, "invalid-email", None if real else self._slips.mended(text))
        if len(real) < len(addresses):
            return Email("; ".join(addresses), real, "placeholder-contact")
        meant = {address: self._slips.meant(address) or address for address in addresses}
        if list(meant.values()) == list(addresses):
            return Email("; ".join(addresses), real)
        return Email("; ".join(addresses), real, "mistyped-email", "; ".join(meant.values()))

    def _parts(self, text: str) -> list[str]:
        """The addresses of a cell, and whatever else is in it."""
        spread = self._dot.sub(r"\1.", self._at.sub("@", text)).replace("。", ".")
        spread = SPACED_DOT.sub(".", spread)
        spread = self._label.sub("", QUERY.sub("", AROUND_AT.sub(r"\1", spread)))
        inside = IN_BRACKETS.findall(spread)
        rest = REMARK.sub(" ", IN_BRACKETS.sub(" ", spread))
        others = [part for raw in self._between.split(rest) if raw and (part := self._bare(raw))]
        return inside + [part for part in others if "@" in part or not inside]

    def _bare(self, part: str) -> str:
        """A part without marks and labels around it, however many stand one before the other."""
        while (shorter := self._label.sub("", part.strip(MARKS))) != part:
            part = shorter
        return part

    def _placeholder(self, address: str) -> bool:
        local, _, domain = address.partition("@")
        first = domain.split(".")[0]
        return (
            local in self._anywhere
            or (local in self._locals and first in self._domains)
            or MASKED.search(local) is not None
        )


class Slips:
    """Finds addresses at a domain that is one slip away from one many people have.

    >>> slips = Slips({"common": ["qq.com", "gmail.com"], "other": ["mail.com"], "slips": ["con"], "short": ["cm"]})
    >>> [slips.meant(f"li@{domain}") for domain in ("qq.con", "qq.cm", "gmial.com", "mail.com", "firm.con", "firm.cm")]
    ['li@qq.com', 'li@qq.com', 'li@gmail.com', None, 'li@firm.com', None]
    """

    def __init__(self, domains: dict[str, list[str]]) -> None:
        self._common = domains["common"]
        self._known = frozenset([*domains["common"], *domains["other"]])
        self._labels = frozenset(domain.removesuffix(".com") for domain in self._common)
        self._slips, self._short = frozenset(domains["slips"]), frozenset(domains["short"])
        self._memory: dict[str, str | None] = {}

    def meant(self, address: str) -> str | None:
        """The address that was probably meant, None where nothing speaks for a slip."""
        local, _, domain = address.partition("@")
        if domain in self._known:
            return None
        if domain not in self._memory:
            self._memory[domain] = self._domain(domain)
        other = self._memory[domain]
        return f"{local}@{other}" if other else None

    def mended(self, text: str) -> str | None:
        """What a text that is no address may have been: li@163,com, li@@qq.com, li@qq."""
        domain = re.sub(r"[.,，。]+|\s+", ".", text.rpartition("@")[2].lower()).strip(".")
        domain = domain if "." in domain else f"{domain}.com"
        mended = f"{text.partition('@')[0].strip(MARKS)}@{domain}"
        return mended if "@" in text and domain in self._known and VALID.fullmatch(mended) else None

    def _domain(self, domain: str) -> str | None:
        from rapidfuzz.distance import OSA

        label, _, ending = domain.rpartition(".")
        if ending in self._slips or (ending in self._short and label in self._labels):
            return f"{label}.com"
        near = [other for other in self._common if len(other) >= LONG_ENOUGH and OSA.distance(domain, other) == 1]
        return near[0] if len(near) == 1 else None


def _lower_domain(address: str) -> str:
    local, _, domain = address.partition("@")
    return f"{local}@{domain.lower()}"


LONG_ENOUGH = 8
"""A domain of fewer characters has real neighbours: 163.com and 126.com, qq.com and qq.cn."""
VALID = re.compile(r"[\w!#$%&'*+?^`{}~=-]+(?:\.[\w!#$%&'*+?^`{}~=-]+)*@(?:\w(?:[\w-]*\w)?\.)+[^\W\d_][\w-]+")
"""The dot-atom form of RFC 5322 with letters of any language; quoted local parts do not occur in sheets."""
HAN = re.compile(r"[\u4e00-\u9fff]")
AROUND_AT = re.compile(r"[ \t]*(@)[ \t]*")
SPACED_DOT = re.compile(r"(?<=\w)[ \t]+\.[ \t]+(?=\w)")
IN_BRACKETS = re.compile(r"[<(（]([^<>()（）@\s]+@[^<>()（）@\s]+?)[.,;]*[>)）]")
REMARK = re.compile(r"[(（\[【][^()（）\[\]【】@]*[)）\]】]")
QUERY = re.compile(r"(?<=\w)\?(?:subject|body|cc|bcc)=\S*", re.I)
MASKED = re.compile(r"\*{2,}|\Ax{3,}\Z")
MARKS = " \t<>()（）[]\"'“”.,;:：。!"
