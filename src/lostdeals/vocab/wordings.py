"""The values of a column in the forms in which words are looked for, worked out once for all who look."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lostdeals.vocab.phrases import folded_each, normalised, simple_each

NUMBERED = re.compile(r"\s*\d+\s*[-.、:：)]*\s*(?=\D)")
"""What systems put before a value: 1-潜在客户, 2输单, 03.Qualified."""
LETTERED = re.compile(r"\s*[a-z]\d{1,2}(?:\s*[-.、:：)]+\s*|\s*(?=[\u3400-\u9fff]))(?=\D)", re.IGNORECASE)
"""The same with a letter before the number: S6签约, P1-报价."""
COUNTED = re.compile(r"\s+\d+\s*%?\s*$")
"""What they put behind it: 成功 100; or a remark in brackets: A（重点客户）."""
STOPS = "。．.…!！;；,，"
"""What people put behind it: 否。"""
WITHIN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
"""White space between two Chinese characters: letters spread out to fill a cell, or a line broken by hand."""
SIGNS = r"\s…·•*\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
SIGNED, SIGNED_OFF = re.compile(rf"[{SIGNS}\-]+(?=[^\W\d])"), re.compile(rf"(?<=\w)\s*[{SIGNS}]+$")
"""Signs and pictures that people put before and behind a value: ✅已签约, ★重点, …跟进."""
LONGEST = 200
"""Characters of a value; a longer text is a note."""


def closed_up(text: str) -> str:
    """A text without white space within Chinese words.

    >>> closed_up("未 成 交"), closed_up("not won")
    ('未成交', 'not won')
    """
    return text if text.isascii() or len(text.split(None, 1)) < 2 else WITHIN.sub("", text)


def spellings(text: str) -> tuple[str, ...]:
    """A value as it stands, and without what surrounds it, with spaces for underscores and none within Chinese words.

    >>> spellings("6-已开发票"), spellings("paid_search"), spellings("A （重点客户）"), spellings("✅ 已签约"), spellings("未 成交。"), spellings("已签约")
    (('6-已开发票', '已开发票'), ('paid_search', 'paid search'), ('A （重点客户）', 'A'), ('✅ 已签约', '已签约'), ('未 成交。', '未成交'), ('已签约',))
    """
    plain = closed_up(_bare(text).replace("_", " "))
    return (text,) if plain == text else (text, plain)


def _bare(text: str) -> str:
    """A value without a number or signs before it and without one thing behind it; its ends tell which may be there."""
    first = text.lstrip()[:1]
    before = LETTERED if first.isalpha() else NUMBERED if first.isdigit() else SIGNED
    if found := before.match(text):
        text = text[found.end() :]
    last = text.rstrip()[-1:]
    if last in (")", "）"):
        opened = max(text.rfind("("), text.rfind("（"))
        return text[:opened].rstrip() if opened >= 0 else text
    if last == "%" or last.isdigit():
        return COUNTED.sub("", text)
    if last and last in STOPS:
        return text.rstrip().rstrip(STOPS).rstrip()
    return text if last.isalnum() else SIGNED_OFF.sub("", text)


@dataclass(frozen=True)
class Wordings:
    """The distinct values of a column in the forms in which words are looked for, each worked out once for all who look."""

    texts: Sequence[str]
    """An empty text for a value that is none."""
    written: Sequence[str]
    """As `lostdeals.vocab.normalise` folds them."""

    @classmethod
    def of(cls, values: Sequence[object]) -> Wordings:
        """Of the distinct values of a column.

        >>> said = Wordings.of(["6-已開發票", 3, "Paid_Search"])
        >>> said.written, said.plain, said.bare
        (['6-已開發票', '', 'paid_search'], ['6-已开发票', '', 'paid search'], {0: '已开发票'})
        """
        texts = [value if isinstance(value, str) else "" for value in values]
        return cls(texts, normalised(texts))

    @cached_property
    def plain(self) -> Sequence[str]:
        """In simplified characters, with spaces for underscores."""
        return simple_each(self.written)

    @cached_property
    def bare(self) -> Mapping[int, str]:
        """Place -> `plain` without what surrounds the value (see `spellings`), where anything does."""
        within = {
            place: forms[1]
            for place, text in enumerate(self.texts)
            if len(text) <= LONGEST and _may_be_wrapped(text) and len(forms := spellings(text)) > 1
        }
        plain = dict(zip(within, folded_each(list(within.values())), strict=True))
        return {place: text for place, text in plain.items() if text != self.plain[place]}


def _may_be_wrapped(text: str) -> bool:
    """Whether a quick look leaves it open that something surrounds a value or spreads it; spares most texts the search."""
    bare = text.strip()
    if bare != text or "_" in text or bare[1:2].isdigit() or not (bare[:1].isalpha() and bare[-1:].isalpha()):
        return True
    return closed_up(text) != text
