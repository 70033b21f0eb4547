"""Read a line that breaks the file's rules as a careful person would: so that it has as many cells as the others."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from lostdeals.read.dialect import Dialect
from lostdeals.read.kinds import agreeing, agrees, kind

JOINED = 50
"""Lines that a broken record may span."""
LONGEST = 200_000
"""Characters of a line up to which its quotes are weighed."""
MOST_DELIMITERS = 3_000
"""And the delimiters in it."""
SPAN = 100
"""Delimiters that a quoted text may hold where its quotes are broken."""
LITERAL, UNCLOSED, UNPAIRED, PAIR, CROSSED, INNER = 3, 4, 1, 20, 3, 1
"""What it costs to believe in: a quote that opens nothing, one that opens the rest of the line, one that closes nothing,
two around a cell that do not quote it, a quote beside a delimiter within a quoted text, any other quote there."""
CHEAP = 6
"""Two quotes that open nothing."""
UNMISTAKABLE = (";", "\t", "|")
"""Delimiters that hardly stand in a sentence."""
OTHERS = (*UNMISTAKABLE, ",", " ", ":")
"""Delimiters that a single row may have instead of the file's own."""


def mended(lines: Iterable[str], dialect: Dialect, widths: Iterable[int]) -> tuple[int, list[str]]:
    r"""The first record of lines whose quotes are broken, and how many lines it takes.

    It takes as few lines as give it one of the widths wanted, but none that is a whole record, and of the readings of
    these lines the one that believes in the fewest stray quotes; where no reading has such a width, the first line alone.

    >>> mended(['"12 inch,1\n', '"x,y",2\n'], Dialect(), [2])
    (1, ['"12 inch', '1'])
    >>> mended(['7,"says "too dear"\n', 'then hangs up",0\n'], Dialect(), [3])
    (2, ['7', 'says "too dear"\nthen hangs up', '0'])
    """
    wanted = [width for width in widths if width]
    first = text = ""
    for taken, line in enumerate(islice(lines, JOINED if wanted else 1), start=1):
        first, text = first or line, text + line
        if len(text) > LONGEST or (taken > 1 and len(whole(line, dialect)) in wanted):
            break
        if (quote := dialect.quote[-1]) not in dialect.escaped and f"\\{quote}" in text:
            record = whole(text, replace(dialect, escaped=dialect.escaped + quote))
            if len(record) in wanted:
                return taken, record
        ways = {dialect, replace(dialect, escaped="")}  # a backslash before a quote may also be the end of a path
        found = [way for width in wanted for other in ways if (way := cheapest(text, other, width))]
        if found:
            return taken, min(found, key=lambda reading: reading[0])[1]
    alone = cheapest(first, dialect)
    return 1, alone[1] if alone else next(dialect.read([first], quoted=False))


def whole(text: str, dialect: Dialect) -> list[str]:
    """The line as one record; empty where it breaks the rules of this dialect."""
    try:
        records = list(dialect.read([text], strict=True))
    except csv.Error:
        return []
    return records[0] if len(records) == 1 else []


def other_reading(text: str, dialect: Dialect, kinds: Sequence[str]) -> tuple[str, list[str]] | None:
    """A line read with other marks so that it has the usual cells, of the kinds the columns hold, and the name of its finding.

    Where no column has a kind that could confirm it, only a delimiter that does not stand in sentences is believed.

    >>> kinds = ("", "date", "number")
    >>> other_reading("王女士;2026-11-03;1,5", Dialect(), kinds), other_reading("价格;很贵,再说", Dialect(), kinds)
    (('other-delimiter', ['王女士', '2026-11-03', '1,5']), None)
    """
    least = 0 if len(whole(text, dialect)) == 1 else 1
    for other, code in _others(text, dialect):
        sure = other.delimiter in UNMISTAKABLE
        if any(kinds) or sure:
            record = whole(text, other)
            needed = least if sure else 1 if code == "stray-quote" else 2
            if len(record) == len(kinds) and agreeing(record, kinds) >= needed:
                return code, record
    if any(kinds) and dialect.quote[0] in text:
        found = cheapest(text, dialect, len(kinds))
        if found and found[0] <= CHEAP and agrees(found[1], kinds):
            return "stray-quote", found[1]
    return None


def other_header(text: str, dialect: Dialect, width: int, *, headless: bool) -> list[str] | None:
    """A first line read with another delimiter so that it names every column; None where it does not.

    headless: no other line can be the header, so that even spaces may part its names.

    >>> other_header("姓名;电话;城市", Dialect(), 3, headless=False), other_header("9月 客户 上海", Dialect(), 3, headless=False)
    (['姓名', '电话', '城市'], None)
    """
    for other, code in _others(text, dialect):
        names = (
            whole(text, other) if code == "other-delimiter" and (headless or other.delimiter in UNMISTAKABLE) else []
        )
        if len(names) == width > 2 and all(names) and not any(map(kind, names)):
            return names
    return None


def other_quotes(text: str, dialect: Dialect, width: int) -> list[str] | None:
    """A line in which every cell stands in quotes of another form; None where that is not so.

    >>> other_quotes("'王女士','太贵','0'", Dialect(), 3), other_quotes("'0012,太贵,0", Dialect(), 3)
    (['王女士', '太贵', '0'], None)
    """
    if dialect.quote[0] in text:
        return None
    for other, code in _others(text, dialect):
        filled = [cell for cell in whole(text, dialect) if cell] if code == "stray-quote" else []
        if len(filled) > 2 and all(cell[0] == other.quote[0] and cell[-1] == other.quote[-1] for cell in filled):
            record = whole(text, other)
            return record if len(record) == width else None
    return None


def _others(text: str, dialect: Dialect) -> Iterator[tuple[Dialect, str]]:
    """Dialects with one thing changed, of which the line has the marks."""
    for mark in OTHERS:
        if mark != dialect.delimiter and mark in text:
            yield replace(dialect, delimiter=mark, skip_spaces=False), "other-delimiter"
    for quote in ("'", "“”"):
        if quote != dialect.quote and quote[-1] in text:
            yield replace(dialect, quote=quote), "stray-quote"
    for mark in (dialect.quote[-1], dialect.delimiter):
        if mark and f"\\{mark}" in text and mark not in dialect.escaped:
            yield replace(dialect, escaped=dialect.escaped + mark), "stray-quote"


def cheapest(text: str, dialect: Dialect, width: int = 0) -> tuple[int, list[str]] | None:
    """The reading of one record with this many cells (0: with any number) that believes in the fewest stray quotes.

    A quote closes a cell only before a delimiter or at the end. Returns the cost and the cells, None where there is no
    such reading.
    """
    text = dialect.hidden(text.rstrip("\r\n"))
    mark, opening, closing = dialect.delimiter, dialect.quote[0], dialect.quote[-1]
    found = re.finditer(r" {2,}" if mark == "  " else re.escape(mark), text) if mark else ()
    cuts = [match.span() for match in found]
    if len(cuts) > MOST_DELIMITERS or len(text) > LONGEST:
        return None
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(text)]
    last = len(cuts)
    best: list[dict[int, tuple[int, int, str]]] = [{} for _ in starts]  # by cells to come: cost, place of the end, cell
    for place in range(last, -1, -1):
        for end, cost, cell in _cells(text, starts[place], ends, place, opening, closing):
            rest = {0: (0, 0, "")} if end == last else best[end + 1]
            for cells, (more, _, _) in rest.items():
                if cells + 1 not in best[place] or cost + more < best[place][cells + 1][0]:
                    best[place][cells + 1] = (cost + more, end, cell)
    ways = best[0]
    if (width and width not in ways) or not ways:
        return None
    left = width or min(ways, key=lambda cells: (ways[cells][0], -cells))
    cost, place, record = ways[left][0], 0, []
    while left:
        _, end, cell = best[place][left]
        record.append(dialect.shown(cell))
        place, left = end + 1, left - 1
    return cost, record


def _cells(
    text: str, start: int, ends: Sequence[int], place: int, opening: str, closing: str
) -> Iterator[tuple[int, int, str]]:
    """What may be the cell that starts here: the place of the delimiter at its end, its cost, its text."""
    cell = text[start : ends[place]]
    quoted = cell.lstrip().startswith(opening)
    if not ("\n" in cell or "\r" in cell):
        closed = cell.rstrip().endswith(closing)
        if quoted:
            yield place, PAIR if closed and len(cell.strip()) > 1 else LITERAL, cell
        else:
            yield place, UNPAIRED if closed and cell.count(closing) % 2 else 0, cell
    if not quoted:
        return
    first = text.index(opening, start) + 1
    if place < len(ends) - 1 and not any(mark in text[first:] for mark in (closing, "\n", "\r")):
        yield len(ends) - 1, UNCLOSED, text[first:]
    for end in range(place, min(place + SPAN, len(ends))):
        cell = text[first : ends[end]].rstrip(" ")
        if not cell.endswith(closing):
            continue
        inner = cell[:-1]
        left = inner.replace(closing * 2, "") if opening == closing else inner
        stray = left.count(closing)
        crossed = sum(1 for cut in ends[place:end] if text[cut - 1] == closing or text[cut + 1 : cut + 2] == opening)
        if opening == closing:
            inner = inner.replace(closing * 2, closing)
        yield end, stray * INNER + (crossed * CROSSED if stray else 0), inner
