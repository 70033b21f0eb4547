"""Lines of text become records of cells, and what was wrong with them becomes findings."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from lostdeals.model import Finding
from lostdeals.package.letters import address
from lostdeals.read.dialect import Dialect
from lostdeals.read.kinds import agreeing, agrees
from lostdeals.read.mending import JOINED, cheapest, mended, other_header, other_quotes, other_reading, whole

PATIENCE = 1_000_000
"""Lines that are read again because of stray quotes, before every line is taken for a record of its own."""
JOINS = 200
"""Records with stray quotes that are looked for on several lines in vain, before they are not any more."""
ATTEMPTS = 1_000
"""Ragged records in a row that are tried with other marks in vain, before the file is just ragged."""
ODD = "'"
"""A record that begins so may be quoted in another way than the rest."""
MARK = "\ufeff"
"""Begins a file (BOM), and a line in it where files were put together."""
BREAK = "\ufdd5"
"""Stands for a line feed within a text, which the csv module would take for the end of the record."""
IN_LINES = ("nul-bytes", "replaced-characters", "mark-inside", "forced-text")
"""What a line may have in it besides its cells."""

_FORCED = re.compile(r'^="((?:[^"]|"")*)"$')


class Records:
    r"""The records of a text file, to be gone through once; afterwards ``findings`` says what was met on the way.

    Zero bytes are dropped. A stray quote would swallow the lines up to the next one, or the rest of the file, into one
    cell; a record with such a quote is read so that it has as many cells as the others.

    lines: with their ends, as a text file gives them.
    kinds: what each column holds where it is known (``kinds.column_kinds``); their number is the usual number of cells.
    headless: the first record is not parted as the rest, and no other can be the header.
    end: the usual end of a line, where a lone line feed may be a break within a text.
    watched: zero bytes and ="…" may stand in the lines; to look for them in each takes longer than in the file.

    >>> list(Records(['a,b\n', '"1,2\n', '3,4\n'], Dialect(), ("", "number")))
    [['a', 'b'], ['"1', '2'], ['3', '4']]
    """

    def __init__(
        self,
        lines: Iterable[str],
        dialect: Dialect,
        kinds: Sequence[str] = (),
        *,
        headless: bool = False,
        end: str = "\n",
        watched: bool = True,
    ) -> None:
        self._lines = iter(lines)
        self._dialect = dialect
        self._kinds = kinds
        self._headless = headless
        self._end = end
        self._watched = watched
        self._patience = PATIENCE
        self._joins_in_vain = 0
        self._in_vain = 0  # ragged records since one could be read otherwise
        self._again: list[str] = []  # lines to be read once more, the next one last
        self._held: list[str] = []  # the lines of the record that is being read
        self._seen: set[str] = set()  # what these lines had in them
        self._widths: list[int] = []
        self._met: dict[str, list[int]] = {
            code: [] for code in (*IN_LINES, "stray-quote", "other-delimiter", "broken-line")
        }

    def __iter__(self) -> Iterator[list[str]]:
        held, seen, widths = self._held, self._seen, self._widths
        usual = len(self._kinds) or -1  # no record has that width
        while self._patience > 0:
            try:
                for record in self._dialect.read(self._remembered(), strict=True):
                    if len(held) > 1 and self._is_swallowed(record):
                        break
                    width = len(record)
                    if width != usual or record[0][:1] == ODD:
                        record = self._reconsidered(record)
                        width = len(record)
                    if seen:
                        record = self._told(record)
                    held.clear()
                    widths.append(width)
                    yield record
                else:
                    return
            except csv.Error:
                pass
            yield self._finished(self._mended())
        for line in self._remembered():
            record = whole(line, self._dialect)
            yield self._finished(record if record or not line.strip("\r\n") else self._mended())

    def _finished(self, record: list[str]) -> list[str]:
        """The record, after what its lines had in them is noted and forgotten."""
        record = self._told(record)
        self._held.clear()
        self._widths.append(len(record))
        return record

    def findings(self, name: str) -> tuple[Finding, ...]:
        """What was met, by row; `name` is the sheet's."""
        met = {**self._met, "ragged-rows": self._ragged()}
        return tuple(Finding(code, len(rows), address(name, rows[0], 1)) for code, rows in met.items() if rows)

    def _told(self, record: list[str]) -> list[str]:
        """Note what the record's lines had in them, and take ="…" off its cells."""
        if "forced-text" in self._seen:
            cells = [_FORCED.sub(lambda found: found[1].replace('""', '"'), cell) for cell in record]
            if cells == record:
                self._seen.remove("forced-text")
            record = cells
        for code in self._seen:
            self._met[code].append(len(self._widths) + 1)
        self._seen.clear()
        return record

    def _checked(self, line: str) -> str:
        if "\0" in line:
            self._seen.add("nul-bytes")
            line = line.replace("\0", "")
        if "\ufffd" in line:
            self._seen.add("replaced-characters")
        if line.startswith(MARK):
            self._seen.add("mark-inside")
            line = line.removeprefix(MARK)
        if '="' in line:
            self._seen.add("forced-text")
        return line

    def _remembered(self) -> Iterator[str]:
        """The lines that come next, each of them held until its record is complete."""
        again, hold, watched = self._again, self._held.append, self._watched
        while again:
            hold(again.pop())
            yield self._checked(self._held[-1])
        for line in self._lines:
            hold(line)
            if (watched and ('="' in line or "\0" in line)) or (
                not line.isascii() and ("\ufffd" in line or MARK in line)
            ):
                line = self._checked(line)
            yield line
            while again:
                hold(again.pop())
                yield self._checked(self._held[-1])

    def _mended(self) -> list[str]:
        """The record that begins with the lines held; those it does not take are read again."""
        widths = [len(self._kinds), *self._widths[-1:]]
        held = [self._checked(line) for line in self._held]
        lines = chain(held, self._remembered()) if self._joins_in_vain < JOINS else held[:1]
        taken, record = mended(lines, self._dialect, widths)
        self._joins_in_vain += taken == 1 and len(record) not in widths
        self._patience -= len(self._held) - taken
        self._put_back(taken)
        if taken == 1 and len(record) != len(self._kinds) and self._kinds:
            other = other_reading(self._checked(self._held[0]), self._dialect, self._kinds)
            if other:
                self._seen.add(other[0])
                return other[1]
        self._seen.add("stray-quote")
        return record

    def _put_back(self, taken: int) -> None:
        """Let the lines held be read again, but for the first ones."""
        self._again.extend(reversed(self._held[taken:]))
        del self._held[taken:]
        self._seen.clear()
        for line in self._held:
            self._checked(line)

    def _is_swallowed(self, record: Sequence[str]) -> bool:
        """Two stray quotes lines apart look like one quoted text, but the lines between are records themselves.

        A note may hold a table, too, so all lines must be records where this one has the usual cells or no column has
        a kind that tells, and half of them otherwise.
        """
        usual = len(self._kinds)
        if not any(self._kinds) and (usual < 4 or len(record) == usual):
            return False
        if self._held[0].count(self._dialect.delimiter) < usual - 1:
            return False  # the first line is enough to acquit most notes of several lines
        needed = len(self._held) if len(record) == usual or not any(self._kinds) else len(self._held) // 2 + 1
        records = 0
        for missed, line in enumerate(self._held):
            found = cheapest(self._checked(line), self._dialect, usual)
            records += bool(found and agrees(found[1], self._kinds))
            if not records or missed + 1 - records > len(self._held) - needed:
                return False
        return True

    def _reconsidered(self, record: list[str]) -> list[str]:
        """The same line with the usual cells, where other marks give it those."""
        usual = len(self._kinds)
        if len(self._held) > 1 or not (usual and record):
            return record
        line = self._checked(self._held[0])
        if len(record) == usual:
            return self._noted("stray-quote", other_quotes(line, self._dialect, usual)) or record
        if len(record) > usual and not any(record[usual:]) and agreeing(record[:usual], self._kinds) >= 0:
            return record[:usual]
        if not any(self._widths) and (names := other_header(line, self._dialect, usual, headless=self._headless)):
            return self._noted("other-delimiter", names) or record
        if len(record) < usual and self._end == "\r\n" and line[-2:-1] != "\r" and (joined := self._joined()):
            return joined
        if self._in_vain > ATTEMPTS and len(record) > 1:
            return record
        found = other_reading(line, self._dialect, self._kinds)
        self._in_vain = 0 if found else self._in_vain + 1
        return self._noted(*found) or record if found else record

    def _joined(self) -> list[str] | None:
        """The record of which the line held is only the beginning, up to a line with the usual end."""
        for line in islice(self._remembered(), JOINED):
            if line.endswith(self._end):
                break
        text = "".join(map(self._checked, self._held))
        record = whole(text.rstrip("\r\n").replace("\n", BREAK), self._dialect)
        if len(record) == len(self._kinds) and agrees(record, self._kinds):
            self._seen.add("broken-line")
            return [cell.replace(BREAK, "\n") for cell in record]
        self._put_back(1)
        return None

    def _noted(self, code: str, record: list[str] | None) -> list[str] | None:
        if record:
            self._seen.add(code)
        return record

    def _ragged(self) -> list[int]:
        """Rows with more or fewer cells than most, blank ones and the titles above the table aside."""
        usual = len(self._kinds) or _usual(Counter(width for width in self._widths if width))
        start = self._widths.index(usual) if usual in self._widths else 0
        rows = enumerate(self._widths[start:], start=start + 1)
        return [row for row, cells in rows if cells not in (0, usual)]


def _usual(widths: Counter[int]) -> int:
    """The most frequent width, the larger one of two; 0 where there is none."""
    return max(widths, key=lambda width: (widths[width], width), default=0)
