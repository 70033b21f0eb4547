"""Headers that say no more than that somebody was spoken to, and the how manieth time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lostdeals.understand.alike import squash
from lostdeals.understand.header_words import JOINT, HeaderWords

NUMBERED = re.compile(r"[\s#(no.]*\d\s*\)?$")
"""The end of F/U 2, Call #3, Nudge (1)."""


class ContactWords:
    """The words of such headers. header: the section of the vocabulary about headers; text: what takes them apart.

    >>> from lostdeals.vocab import load
    >>> words = ContactWords(load().section("structure")["header"], HeaderWords(load()))
    >>> words.leave_open("回访二"), words.count("F/U 2"), words.begin("1st call"), words.count("Next call")
    (True, True, True, False)
    """

    def __init__(self, header: Mapping[str, Any], text: HeaderWords) -> None:
        self._text = text
        self._open = {squash(text.plain(word)) for word in header["open"]}
        counting = header["counting"]
        self._counted = re.compile(rf"^(?:{_any(counting['before'])})\s*|(?<=\w)\s*(?:{_any(counting['after'])})$")
        self._firsts = tuple(counting["first"])

    def leave_open(self, header: str) -> bool:
        """Whether a header says no more than that somebody was spoken to, maybe the how manieth time: 跟进, 回访二, 2nd call."""
        words, bare = self._words(header)
        return bool({words, bare} & self._open)

    def count(self, header: str) -> bool:
        """Whether a header says the how manieth time somebody was spoken to: 回访二, F/U 2, 2nd call, Callback no. 3."""
        words, bare = self._words(header)
        own = self._text.plain(header.rpartition(JOINT)[2]).strip()
        return bare in self._open and (bare != words or NUMBERED.search(own) is not None)

    def begin(self, header: str) -> bool:
        """Whether a header begins with a word for the first time: 首次联系, 1st call."""
        return self._text.plain(header.rpartition(JOINT)[2]).startswith(self._firsts)

    def _words(self, header: str) -> tuple[str, str]:
        """A header without its group, and without what counts it."""
        words = self._text.words(header.rpartition(JOINT)[2])
        return squash(words), squash(self._counted.sub("", words))


def _any(words: Sequence[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
