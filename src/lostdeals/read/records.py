"""Lines of text become records of cells, and what was wrong with them becomes findings."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from lostdeals.model import Finding
from lostdeals.package.letters import address

DELIMITERS = ",;\t|"
SINGLE = "\x1f"
"""What parts the cells of a file with one column: a character that no text has."""
PROBED = 100
"""Records that decide about the delimiter."""
REPAIRS = 100
"""Stray quotes that are mended before quotes are no longer believed."""

# The module's own limit of 131,072 characters is shorter than some notes; a C long holds this one everywhere.
csv.field_size_limit(2**31 - 1)


def delimiter_of(lines: Iterable[str]) -> str:
    r"""The delimiter that gives most of the first 100 records the same number of cells; SINGLE where none does.

    >>> delimiter_of(["姓名;报价\r\n", "王女士;1,5\r\n", "李先生;2,5\r\n"]), delimiter_of(["姓名\n", "王, 李\n", "赵\n"])
    (';', '\x1f')
    """
    lines = list(lines)
    best = (0.0, 1, SINGLE)
    for delimiter in DELIMITERS:
        records = islice(csv.reader(lines, delimiter=delimiter), PROBED)
        widths = Counter(len(record) for record in records if any(record))
        width = _usual(widths)
        if width > 1:
            best = max(best, (widths[width] / widths.total(), width, delimiter))
    return best[2]


class Records:
    r"""The records of a text file, to be gone through once; afterwards ``findings`` says what was met on the way.

    Zero bytes are dropped. A stray quote would swallow the lines up to the next one, or the rest of the file, into one
    cell; its line is read without quotes instead.

    >>> list(Records(['a,b\n', '"1,2\n', '3,4\n'], ","))
    [['a', 'b'], ['"1', '2'], ['3', '4']]
    """

    def __init__(self, lines: Iterable[str], delimiter: str, *, skip_spaces: bool = False) -> None:
        self._lines = iter(lines)
        self._delimiter = delimiter
        self._skip_spaces = skip_spaces
        self._widths: list[int] = []
        self._met: dict[str, list[int]] = {"nul-bytes": [], "replaced-characters": [], "stray-quote": []}

    def __iter__(self) -> Iterator[list[str]]:
        for record in self._records(self._checked()):
            self._widths.append(len(record))
            yield record

    def findings(self, name: str) -> tuple[Finding, ...]:
        """What was met, by row; `name` is the sheet's."""
        met = {**self._met, "ragged-rows": self._ragged()}
        return tuple(Finding(code, len(rows), address(name, rows[0], 1)) for code, rows in met.items() if rows)

    def _reader(self, lines: Iterable[str], *, quoted: bool = True, strict: bool = False) -> Iterator[list[str]]:
        return csv.reader(
            lines,
            delimiter=self._delimiter,
            skipinitialspace=self._skip_spaces,
            quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
            strict=strict,
        )

    def _checked(self) -> Iterator[str]:
        for line in self._lines:
            if "\0" in line:
                self._note("nul-bytes")
                line = line.replace("\0", "")
            if "\ufffd" in line:
                self._note("replaced-characters")
            yield line

    def _note(self, code: str) -> None:
        self._met[code].append(len(self._widths) + 1)

    def _records(self, lines: Iterator[str]) -> Iterator[list[str]]:
        held: list[str] = []  # the lines of the record that is being read

        def remembered(lines: Iterable[str]) -> Iterator[str]:
            for line in lines:
                held.append(line)
                yield line

        for _ in range(REPAIRS):
            for record in self._reader(remembered(lines)):
                if len(held) > 1 and self._is_stray(held):
                    break
                held.clear()
                yield record
            else:
                return
            self._note("stray-quote")
            yield from self._reader(held[:1], quoted=False)
            lines = chain(held[1:], lines)
            held = []
        yield from self._reader(lines, quoted=False)

    def _is_stray(self, held: list[str]) -> bool:
        """The quote that joins these lines is closed in the middle of a cell or not at all, so nobody meant it."""
        try:
            next(self._reader(held, strict=True))
        except csv.Error:
            return True
        return False

    def _ragged(self) -> list[int]:
        """Rows with more or fewer cells than most, blank ones and the titles above the table aside."""
        usual = _usual(Counter(width for width in self._widths if width))
        start = self._widths.index(usual) if usual else 0
        rows = enumerate(self._widths[start:], start=start + 1)
        return [row for row, cells in rows if cells not in (0, usual)]


def _usual(widths: Counter[int]) -> int:
    """The most frequent width, the larger one of two; 0 where there is none."""
    return max(widths, key=lambda width: (widths[width], width), default=0)
