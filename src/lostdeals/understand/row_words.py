"""The vocabulary's words for rows that are no customers: totals, titles of sections, remarks, the foot of a table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ahocorasick_rs import BytesAhoCorasick

from lostdeals.understand.cell_text import numbered
from lostdeals.vocab import Vocabulary, normalise

TITLE = 20
"""Characters of a subtotal's longest name."""
MARKS = "*-=_#~ •·(（[【<《"
"""What may stand before the words of a foot: *** End of report ***."""


class RowWords:
    """The vocabulary's words for what is no customer."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        section = vocabulary.section("structure")
        totals = sorted(map(normalise, section["rows"]["totals"]), key=len, reverse=True)
        latin = "|".join(numbered(word) for word in totals if word.isascii())
        chinese = "|".join(numbered(word) for word in totals if not word.isascii())
        # The word itself with a few marks; Chinese may have a name on either side of it, Latin behind it
        self._total = re.compile(
            rf"(?:{latin}|{chinese})[^a-z]{{0,8}}|.{{0,{TITLE}}}(?:{chinese})\W*|(?:{chinese})\W.{{0,{TITLE}}}"
            rf"|(?:{latin})\W? (?:for|of|by)? ?.{{1,{TITLE}}}|.{{1,{TITLE}}} (?:{latin})\W*"
            rf"|.{{1,{TITLE}}} (?:{'|'.join(section['rows']['apart'])})\W*"
        )
        signs = {word.partition("#")[0] for word in totals} | {f" {word}" for word in section["rows"]["apart"]}
        shortest = [sign for sign in signs if not any(other in sign for other in signs - {sign})]
        self._signs = BytesAhoCorasick(sorted(map(folded, shortest)))
        endings = "|".join(sorted(map(re.escape, map(normalise, section["rows"]["sections"])), key=len, reverse=True))
        self._section = re.compile(rf"\W*.{{0,{TITLE}}}(?:{endings})\W*(?:[:：].*)?")
        self._remarks = tuple(map(normalise, section["rows"]["remarks"]))
        self._feet = (*self._remarks, *map(normalise, section["rows"]["feet"]))

    def signed(self, lines: str) -> set[bytes]:
        """The lines with a word for a total in them; a column is searched as one text, because hardly one cell has any."""
        said = folded(lines)
        return {_line_at(said, start) for _, start, _ in self._signs.find_matches_as_indexes(said)}

    def is_total(self, value: object) -> bool:
        """The value names a total and nothing more."""
        return type(value) is str and len(value) <= 2 * TITLE and bool(self._total.fullmatch(normalise(value)))

    def is_remark(self, value: object) -> bool:
        """The value begins as a remark does."""
        return isinstance(value, str) and normalise(value).startswith(self._remarks)

    def is_foot(self, texts: Sequence[str]) -> bool:
        """A row begins as the foot of a table does, or counts the rows in several cells: 共 | 5 | 人."""
        if normalise(texts[0]).lstrip(MARKS).startswith(self._feet):
            return True
        return len(texts) > 1 and self.is_total("".join(texts))

    def is_section(self, value: object) -> bool:
        """The value ends as the title of the customers below it does."""
        return isinstance(value, str) and bool(self._section.fullmatch(normalise(value)))


def folded(text: str) -> bytes:
    """A text's bytes without Latin capitals."""
    return text.encode("utf-8", "surrogatepass").lower()


def _line_at(text: bytes, place: int) -> bytes:
    end = text.find(b"\n", place)
    return text[text.rfind(b"\n", 0, place) + 1 : end if end >= 0 else len(text)]
