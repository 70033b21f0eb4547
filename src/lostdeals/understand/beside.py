"""Rows beside a header that are none of its names: the same in another language or for a program, and how to fill it in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from lostdeals.understand.aliases import Aliases
from lostdeals.understand.grid import Grid, Places
from lostdeals.vocab import Vocabulary, normalise

ALIKE = 0.6
"""Share of a row's cells that say what the whole row is."""
JUST_BELOW = 2
"""So many rows below a header may say it again, or say how to fill it in."""
TECHNICAL = re.compile(r"[A-Za-z_$][\w.$:]*(?:[_.][\w$]+|[a-z][A-Z]\w*)|[A-Za-z]+_+[A-Za-z]?")
"""A name for programs: cust_name, custName, Lead.Source, field_Xa91k__c."""
WORD = re.compile(r"[A-Za-z_$][\w.$:]*")
"""What stands among such names: id, owner."""


def said_again(grid: Grid, lines: Sequence[int], rows: Places, words: Aliases) -> list[int]:
    """Rows right below the header that say it in another language, or as a program names its columns."""
    if not lines:
        return []
    header = grid.texts(lines[-1])
    roles = [{reading.role for reading in words.read(name)} if name else set() for name in header]
    out = []
    for row in map(int, rows[:JUST_BELOW]):
        texts = grid.texts(row)
        if grid.counts_on(row) or list(filter(None, texts)) == list(filter(None, header)):
            continue
        said = [(means, text) for means, text in zip(roles, texts, strict=True) if text]
        technical = len(said) > 2 and is_technical(texts) and not is_technical(header)
        if technical or _mean_the_same(said, words):
            out.append(row)
    return out


def _mean_the_same(said: Sequence[tuple[set[str], str]], words: Aliases) -> bool:
    """Whether most texts have a role of the header above them; given up as soon as too many have none."""
    needed = max(2, ALIKE * len(said))
    missed = 0
    for means, text in said:
        missed += means.isdisjoint(reading.role for reading in words.read(text)) if means else 1
        if len(said) - missed < needed:
            return False
    return len(said) >= needed


def is_technical(texts: Sequence[str]) -> bool:
    """Nothing but different names for programs: cust_name, mobile_no, id.

    >>> is_technical(["cust_name", "mobileNo", "id"]), is_technical(["Name", "Mobile", "Id"]), is_technical(["web_form", "web_form"])
    (True, False, False)
    """
    said = [text for text in texts if text]
    return (
        len(set(said)) == len(said) > 1
        and all(WORD.fullmatch(text) for text in said)
        and sum(bool(TECHNICAL.fullmatch(text)) for text in said) >= ALIKE * len(said)
    )


def plainer(grid: Grid, row: int, words: Aliases) -> int:
    """The header for people where a row of names for programs stands right above it; else the row itself."""
    if row + 1 >= len(grid.widths) or not is_technical(grid.texts(row)):
        return row
    below = [text for text in grid.texts(row + 1) if text]
    known = sum(bool(words.read(text)) for text in below)
    enough = len(below) >= ALIKE * grid.width(row) and len(set(below)) == len(below)
    return row + 1 if enough and known >= max(2, len(below) / 2) and not is_technical(below) else row


def hints(grid: Grid, lines: Sequence[int], rows: Places, vocabulary: Vocabulary) -> list[int]:
    """Rows right below the header that say how to fill the columns in, or in which unit."""
    if not lines:
        return []
    helps = _helps(vocabulary)
    return [int(row) for row in rows[:JUST_BELOW] if helps.all([text for text in grid.texts(int(row)) if text])]


_NUMBER = re.compile(r"\+?\d(?:[\s\-]?\d){6,}")


class _Helps:
    """What stands below a header to help: required or not, a unit, what to choose from, the columns counted through."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        header = vocabulary.section("structure")["header"]
        self._begins = tuple(map(normalise, [*header["marks"], *header["hints"]]))
        self._units = {normalise(unit) for unit in header["units"]}

    def all(self, texts: Sequence[str]) -> bool:
        if len(texts) < 2 or any(_NUMBER.fullmatch(text) for text in texts):
            return False  # a customer's number among ticks
        counted = len(texts) > 2 and list(texts) == [str(number) for number in range(1, len(texts) + 1)]
        return counted or sum(map(self._one, texts)) >= ALIKE * len(texts)

    def _one(self, text: str) -> bool:
        if re.fullmatch(r"[(（\[【].*[)）\]】]", text):
            return True
        if not any(sign.isalnum() for sign in text):
            return True
        plain = normalise(re.sub(r"[()（）\[\]【】*]", "", text))
        return plain in self._units or plain.startswith(self._begins)


@lru_cache(maxsize=4)
def _helps(vocabulary: Vocabulary) -> _Helps:
    return _Helps(vocabulary)
