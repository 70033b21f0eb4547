"""Find out how a text file parts and quotes its cells: complete readings of its first lines are compared.

Where the ordinary reading leaves no doubt, no other is tried.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from lostdeals.read.dialect import Dialect
from lostdeals.read.mending import mended
from lostdeals.read.reading import QUOTES, RARE, SURE, USUAL, WEAK, Reading

PROBED = 100
"""Records that decide."""
TRACE = 0.25
"""Times a delimiter has to stand in the text, per line."""
BETTER = 1.05
"""So many times better than the ordinary reading another one has to be."""
ENOUGH = 10
"""Records after which a quote that is never closed may be one that the end of the lines cuts off."""

_RUN = re.compile(r"[^\w\s\"'\\]{2,4}|\t{2,4}")
_QUOTED_AFTER_SPACE = ' +"(?!")'


def reading_of(lines: Sequence[str], delimiter: str | None = None) -> Reading:
    r"""The best reading of a file's first lines; `delimiter` where the file itself names it.

    >>> lines = ["姓名;报价\r\n", "王女士;1,5\r\n", "李先生;2,5\r\n"]
    >>> reading_of(lines).dialect.delimiter, reading_of(["姓名\n", "王, 李\n", "赵\n"]).dialect.delimiter
    (';', '')
    >>> reading_of(["'姓名'||'备注'\n", "'王女士'||'贵\\'s'\n"]).dialect
    Dialect(delimiter='||', quote="'", escaped="'\\", skip_spaces=False, padded=False, wrapped=False)
    """
    best = _best(lines, delimiter)
    if not best.is_credible and not delimiter:
        return _unwrapped(lines) or _below(lines) or _read(lines, Dialect(""))
    return _spaced(lines, best)


def _best(lines: Sequence[str], delimiter: str | None) -> Reading:
    """The ordinary reading, or one of the others where it leaves a doubt and they are better."""
    readings = [_read(lines, Dialect(mark)) for mark in ([delimiter] if delimiter else USUAL)]
    ordinary = max(readings, key=lambda reading: (reading.share, reading.width, reading.dialect.delimiter))
    rivals = sum(reading.share >= SURE for reading in readings)
    if ordinary.width == 1 or ordinary.is_doubtful or rivals > 1:
        others = [_read(lines, dialect) for dialect in _candidates(lines, delimiter)]
        others = [reading for reading in others if reading.is_credible and _is_quoted_so(lines, reading)]
        best = max((*readings, *others), key=lambda reading: reading.score)
        if best.score >= BETTER * ordinary.score or rivals > 1:
            return best
    return ordinary


def _unwrapped(lines: Sequence[str]) -> Reading | None:
    """The reading of lines that each stand in quotes as a whole; None where they do not, or hold one cell."""
    filled = [text for line in lines if (text := line.strip())]
    if not filled or sum(text[0] == text[-1] == '"' for text in filled) < SURE * len(filled):
        return None
    cells = [cell for record in Dialect("").read(lines) for cell in record]
    if any("\n" in cell or "\r" in cell for cell in cells):
        return None
    inner = _best([f"{cell}\n" for cell in cells], None)
    whole = inner.width > 1 and inner.share >= SURE and len(inner.records[0]) == inner.width
    return _read(lines, replace(inner.dialect, wrapped=True)) if whole else None


def _below(lines: Sequence[str]) -> Reading | None:
    """The reading of what comes below more titles than are looked at; None where that is no table of three columns."""
    if len(lines) <= PROBED:
        return None
    found = max((_read(lines[-PROBED:], Dialect(mark)) for mark in USUAL), key=lambda reading: reading.score)
    return found if found.width > 2 and found.share >= SURE else None


def _is_quoted_so(lines: Sequence[str], reading: Reading) -> bool:
    """Other quotes than the usual ones hold cells together, or stand around every name of the header."""
    first, last = reading.dialect.quote[0], reading.dialect.quote[-1]
    if first == '"':
        return True
    plain = _read(lines, replace(reading.dialect, quote='"'))
    if plain.share < reading.share or plain.width != reading.width:
        return True
    return all(cell[0] == first and cell[-1] == last for cell in plain.usual[0] if cell)


def _read(lines: Sequence[str], dialect: Dialect) -> Reading:
    """The first records; a line that breaks the rules of quoting is taken alone."""
    records: list[Sequence[str]] = []
    misfits: dict[int, str] = {}
    start = 0
    while start < len(lines) and len(records) < PROBED:
        taken = 0

        def counted(start: int = start) -> Iterator[str]:
            nonlocal taken
            for line in lines[start:]:
                taken += 1
                yield line

        read = 0
        try:
            for record in dialect.read(counted(), strict=True):
                records.append(record)
                read = taken
                if len(records) == PROBED:
                    break
            break
        except csv.Error:
            if start + taken == len(lines) and len(records) > ENOUGH:
                break
            start += read + 1
            misfits[len(records)] = lines[start - 1]
            records.append([])
    width = Reading(dialect, records).width
    for place, line in misfits.items():
        records[place] = mended([line], dialect, [width] if width > 1 else [])[1]
    return Reading(dialect, records, len(misfits))


def _candidates(lines: Sequence[str], delimiter: str | None) -> Iterator[Dialect]:
    """Other ways to read these lines, of those that leave a trace in them."""
    text = "".join(lines)
    needed = TRACE * sum(bool(line.strip()) for line in lines)
    runs = Counter(run for line in lines for run in set(_RUN.findall(line)))
    marks = [mark for mark in (*USUAL, *RARE, *WEAK) if text.count(mark) >= needed]
    marks += [spaced for mark in USUAL if text.count(spaced := f" {mark} ") >= needed]
    marks += [run for run, count in runs.most_common(5) if count >= needed and run not in marks]
    quotes = [
        '"',
        *(quote for quote in QUOTES if len(re.findall(rf"(?:^|[^\w\s]|\s){quote[0]}", text, re.MULTILINE)) > 1),
    ]
    pads = (False, True) if re.search(r"""["'`\u201d][ \t]+(?:[^\w\s]|[\r\n])""", text) else (False,)
    itself = "" if re.search(r"\\[^\W_]", text.replace("\\\\", "")) else "\\"  # where C:\x stands, a backslash is one
    for mark, quote, padded in product([delimiter] if delimiter else marks, quotes, pads):
        escapes = [end for end in (quote[-1], mark) if f"\\{end}" in text]
        for escaped in {"", *escapes, "".join(escapes)}:
            yield Dialect(mark, quote, escaped and escaped + itself, padded=padded)


def _spaced(lines: Sequence[str], reading: Reading) -> Reading:
    """The same reading, without the spaces that stand at nearly every delimiter."""
    mark = reading.dialect.delimiter
    if reading.width < 2 or mark in (" ", "  ") or mark[-1:] == " ":
        return reading
    after = [cell for record in reading.usual for cell in record[1:] if cell]
    before = [cell for record in reading.usual for cell in record[:-1] if cell]
    spaced_after = sum(cell[0] == " " for cell in after) >= SURE * max(len(after), 1)
    spaced_before = sum(cell[-1] in " \t" for cell in before) >= SURE * max(len(before), 1)
    if spaced_before:
        return _read(lines, replace(reading.dialect, padded=True))
    if spaced_after or re.search(re.escape(mark) + _QUOTED_AFTER_SPACE, "".join(lines)):
        return _read(lines, replace(reading.dialect, skip_spaces=True))
    return reading
