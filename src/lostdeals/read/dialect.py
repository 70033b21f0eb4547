"""How the cells of a text file are parted and quoted, and reading it so with the csv module.

The csv module knows delimiters and quotes of one character. What is longer, curly or escaped is first rewritten with
characters that no text may hold (Unicode's noncharacters, section 23.7 of the standard), and put back in each cell.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

_DELIMITER, _QUOTE = "\ufdd0", "\ufdd1"
_ESCAPED = "\ufdd2\ufdd3\ufdd4"
_PADDING = " \t"

# The module's own limit of 131,072 characters is shorter than some notes; a C long holds this one everywhere.
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True)
class Dialect:
    r"""How a text file parts, quotes and escapes.

    >>> dialect = Dialect("||", "“”", escaped='"”', padded=True)
    >>> list(dialect.read(['a || “b||c” || “say “hi\\””\n']))
    [['a', 'b||c', 'say “hi”']]
    """

    delimiter: str = ","
    """As written; empty for a single column, and two spaces stand for two or more."""
    quote: str = '"'
    """One character, or an opening and a closing one."""
    escaped: str = ""
    r"""What is written with a backslash before it within a text: quotes (``\"``), delimiters (``\,``), backslashes (``\\``)."""
    skip_spaces: bool = False
    """A space after a delimiter is no part of the cell."""
    padded: bool = False
    """Neither are spaces and tabs on either side of it."""
    wrapped: bool = False
    """Every line as a whole stands in quotes once more."""

    def read(self, lines: Iterable[str], *, strict: bool = False, quoted: bool = True) -> Iterator[list[str]]:
        """The records of these lines; a strict reading raises csv.Error at a quote that is closed within a cell or never."""
        if self.wrapped:
            outer = csv.reader(lines, delimiter=_DELIMITER, strict=strict, quoting=csv.QUOTE_MINIMAL)
            lines = (f"{cell}\n" for record in outer for cell in record or [""])
        plain = self._is_plain
        records = csv.reader(
            lines if plain else map(self._rewritten, lines),
            delimiter=self.delimiter if len(self.delimiter) == 1 else _DELIMITER,
            quotechar=self.quote if len(self.quote) == 1 else _QUOTE,
            skipinitialspace=(self.skip_spaces or self.padded) and self.delimiter != " ",
            quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
            strict=strict,
        )
        return records if plain else ([self._put_back(cell) for cell in record] for record in records)

    @property
    def _is_plain(self) -> bool:
        return len(self.delimiter) < 2 and len(self.quote) == 1 and not (self.escaped or self.padded)

    @cached_property
    def _escapes(self) -> dict[str, str]:
        return {f"\\{mark}": sign for mark, sign in zip(self.escaped, _ESCAPED, strict=False)}

    @cached_property
    def _escape(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self._escapes)))

    @cached_property
    def _edges(self) -> re.Pattern[str]:
        """A quote that opens or closes a cell, with the padding outside of it."""
        delimiter = re.escape(self.delimiter if len(self.delimiter) == 1 else _DELIMITER)
        pad = f"[{_PADDING.replace(self.delimiter, '')}]*" if self.padded else ""
        opening, closing = (re.escape(mark) for mark in (self.quote[0], self.quote[-1]))
        return re.compile(rf"(?:(?<={delimiter})|^){pad}{opening}|{closing}{pad}(?={delimiter}|[\r\n]*$)")

    def hidden(self, text: str) -> str:
        """The text with each escaped character as one that no text may hold."""
        if not self.escaped or "\\" not in text:
            return text
        return self._escape.sub(lambda found: self._escapes[found[0]], text)

    def shown(self, text: str) -> str:
        """The text with the characters that were escaped."""
        for mark, sign in zip(self.escaped, _ESCAPED, strict=False):
            text = text.replace(sign, mark)
        return text

    def _rewritten(self, line: str) -> str:
        line = self.hidden(line)
        if self.delimiter == "  ":
            line = re.sub(r" {2,}(?![\r\n])", _DELIMITER, line)
        elif len(self.delimiter) > 1:
            line = line.replace(self.delimiter, _DELIMITER)
        if len(self.quote) > 1 or (self.padded and self.quote in line):
            line = self._edges.sub(_QUOTE if len(self.quote) > 1 else self.quote, line)
        return line

    def _put_back(self, cell: str) -> str:
        if self.padded:
            cell = cell.strip(_PADDING)
        if self.escaped:
            cell = self.shown(cell)
        if len(self.delimiter) > 1:
            cell = cell.replace(_DELIMITER, self.delimiter)
        return cell
