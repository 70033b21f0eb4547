"""Sign-up lists that people write one under another in a chat (接龙): a line each, parted into name, phone and the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from lostdeals.model import Finding, Sheet
from lostdeals.package.letters import letters
from lostdeals.understand.alike import is_chinese
from lostdeals.understand.cell_text import as_text
from lostdeals.understand.grid import filled
from lostdeals.understand.values import MOBILE, Values, values_of
from lostdeals.vocab import Vocabulary, normalise

LEAST, MOST, PHONES = 3, 0.8, 0.5
"""Lines of a list; share of the rows from its first line on that are one; share with a phone where no title says what it is."""
CELLS = 3
"""Cells of a line that commas have parted, at most."""
WIDE = 12
"""Columns of a sheet from which on it is looked at no further."""
PREFACE = 30
"""Rows above the list."""
ENTRY = re.compile(r"\s*(?:\(|（)?(\d{1,4})\s*(?:[.、:：．)）]\s*|\s+)(?=\D|\d{5})(.+)", re.DOTALL)
"""A line: 1. 张三 19900000001 想看房."""
NUMBER = re.compile(MOBILE.pattern + r"|(?<!\d)(?:\+?\d{1,3}[- ]?)?\(?\d{3,4}\)?[- ]\d{3,4}(?:[- ]?\d{4})?(?!\d)")
BETWEEN = re.compile(r"[\s,，、;；:：/|+＋_—–-]+")
ENDS = " ,，、;；:：/|+＋_—–-"
NAME = 4
"""Chinese characters of a name at most; a longer word is one only where a person's title is in it."""
PARTS = ("name", "phone", "rest")


@dataclass(frozen=True)
class Entry:
    """One line of a list."""

    name: str
    phone: str
    rest: str


def parted(sheets: Sequence[Sheet], vocabulary: Vocabulary) -> list[Sheet]:
    """The sheets, those that are such lists with a header and a column each for name, phone and the rest; the line itself stays.

    The header takes the place of the line above the list; where none is above, it is row 1, and each line a row further down.

    >>> from pathlib import Path
    >>> from lostdeals.vocab import load
    >>> lines = ["#接龙 看房团", "1. 张三 19900000001 想看房", "2、李四，太贵了", "3. 王姐19900000002"]
    >>> cells = pd.DataFrame({"A": lines}, index=range(1, 5), dtype=object)
    >>> found = parted([Sheet(Path("a.txt"), "a", cells)], load())[0].cells
    >>> for row in found.itertuples(index=False):
    ...     print(*row[1:], sep=" | ")
    姓名 | 电话 | 备注
    张三 | 19900000001 | 想看房
    李四 | None | 太贵了
    王姐 | 19900000002 | None
    """
    return [_parted(sheet, vocabulary) for sheet in sheets]


def _parted(sheet: Sheet, vocabulary: Vocabulary) -> Sheet:
    section = vocabulary.section("structure")["chain"]
    lines = _lines(sheet, section["titles"])
    if lines is None:
        return sheet
    words = values_of(vocabulary)
    language = "zh" if any(is_chinese(text) for _, text in lines.values()) else "en"
    cells = sheet.cells.to_numpy(dtype=object)
    full = filled(cells)
    first = min(lines)
    table = np.full((len(cells), 1 + len(PARTS)), None, dtype=object)
    table[:, 0] = [row[there][0] if there.any() else None for row, there in zip(cells, full, strict=True)]
    for place, (line, text) in lines.items():
        entry = entry_of(text, words)
        table[place] = [line, entry.name or None, entry.phone or None, entry.rest or None]
    header = np.array([section[part][language] for part in ("line", *PARTS)], dtype=object)
    index = pd.Index(sheet.cells.index)
    if first:
        table[first - 1] = header
    else:
        table = np.vstack([header, table])
        index = pd.RangeIndex(int(index[0]), int(index[0]) + len(table))
    names = list(map(letters, range(1, table.shape[1] + 1)))
    frame = pd.DataFrame(table, index=index, columns=names, dtype=object)
    said = Finding("chain-parted", len(lines), f"{sheet.name}!{names[0]}{index[max(first, 1)]}")
    return replace(
        sheet,
        cells=frame,
        findings=(*(replace(one, cells=()) for one in sheet.findings), said),
        hidden_rows=frozenset(),
        merged=(),
        widths={},
        formats={},
    )


def _lines(sheet: Sheet, titles: Sequence[str]) -> dict[int, tuple[str, str]] | None:
    """Place of a row -> its line, and the same without its number, where the sheet is a list of lines numbered in order."""
    cells = sheet.cells.to_numpy(dtype=object)
    if not cells.size or cells.shape[1] > WIDE:
        return None
    full = filled(cells)
    rows = np.flatnonzero(full.any(axis=1))
    start = next((at for at, row in enumerate(rows[:PREFACE].tolist()) if _entry(cells[row][full[row]])), None)
    if start is None:
        return None
    above = [as_text(cells[row][full[row]][0]) for row in rows[:start]]
    named = any(normalise(title) in normalise(line) for title in titles for line in above)
    widths = full.sum(axis=1)
    if (widths[rows[:start]] > 1).any() or (widths[rows[start:]] > (CELLS if named or not start else 1)).any():
        return None  # a table with a header of its own, or more than commas in a line would make
    out: dict[int, tuple[str, str]] = {}
    last = 0
    for row in rows[start:].tolist():
        found = _entry(cells[row][full[row]])
        if found and found[0] > last:
            last, out[row] = found[0], found[1:]
    phones = sum(bool(NUMBER.search(line)) for line, _ in out.values())
    if len(out) < LEAST or len(out) < MOST * (len(rows) - start) or not (named or phones >= PHONES * len(out)):
        return None
    return out


def _entry(cells: Sequence[object]) -> tuple[int, str, str] | None:
    """The number of a line, the line and what stands after its number; a comma may have parted it into cells."""
    if not isinstance(cells[0], str):
        return None
    line = "，".join(cell.strip() if isinstance(cell, str) else as_text(cell) for cell in cells)
    found = ENTRY.fullmatch(line)
    return (int(found[1]), line, found[2].strip()) if found else None


def entry_of(line: str, words: Values) -> Entry:
    """A line as name, phone and what else is said.

    >>> from lostdeals.vocab import load
    >>> entry_of("刘女士+19900000003，预算二十万，想要三室", values_of(load()))
    Entry(name='刘女士', phone='19900000003', rest='预算二十万，想要三室')
    >>> entry_of("Ann Smith 415-555-0102 too expensive", values_of(load()))
    Entry(name='Ann Smith', phone='415-555-0102', rest='too expensive')
    """
    found = NUMBER.search(line)
    phone = found[0] if found else ""
    before, after = (line[: found.start()], line[found.end() :]) if found else (line, "")
    before, after = before.strip(ENDS), after.strip(ENDS)
    if not before:
        before, after = after, ""
    name, rest = _name_of(before, words, alone=bool(after or found))
    return Entry(name, phone, "，".join(part for part in (rest, after) if part))


def _name_of(text: str, words: Values, *, alone: bool) -> tuple[str, str]:
    """The name at the front of a text and the rest of it; alone: what else is said stands elsewhere."""
    if alone and not is_chinese(text) and words.person(text, text):
        return text, ""
    first, _, rest = (BETWEEN.sub("\n", text, count=1) if is_chinese(text) else text.replace(",", "\n", 1)).partition(
        "\n"
    )
    end = len(first)
    rest = text[end:].strip(ENDS)
    if (len(first) <= NAME or words.person(first, first)) or not is_chinese(first):
        return first, rest
    titled = next((n for n in range(2, NAME + 1) if words.titled(first[:n])), 0)
    return (first[:titled], text[titled:].strip(ENDS)) if titled else ("", text)
