"""Tell the customers from repeated headers, totals, section titles and remarks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from ahocorasick_rs import BytesAhoCorasick

from lostdeals.model import Finding
from lostdeals.understand.aliases import aliases
from lostdeals.understand.beside import hints, said_again
from lostdeals.understand.grid import Grid, Places, is_whole
from lostdeals.understand.values import as_text, numbered, width_of
from lostdeals.vocab import Vocabulary, normalise

ALIKE = 0.6
"""Share of a header's cells that a repeated header has, too."""
WIDE = 0.5
"""A cell merged over more of the table than this is the title of what follows."""
SPARSE = 4
"""A table of at least so many columns has no customer in one lonely cell below a blank line at its end, and no total that
fills every cell."""
TITLE = 20
"""Characters of a subtotal's longest name."""
LAST = 5
"""Rows at the end of a table among which a total may fill every cell."""
FOOT = 10
"""Rows at the end of a table that may be signatures."""
SIGNED = 0.5
"""Share of a row's cells that are remarks, from which on it is one: 制表：周敏 | 审核：吴昊."""
LABELLED = re.compile(r"[^:：]{1,8}[:：].*", re.DOTALL)
"""日期：2026-05-01, and the label alone."""
LONG, SEEN = 16, 1_000
"""Width of the shortest line that is a sentence, and rows that tell how long values of its column are."""
STRANGE = re.compile(r"\n(?:[^\w\n]|_)")
"""A line that begins with no letter and no digit."""
OPENING = 3
"""A total says so in one of its first cells."""


def customer_rows(
    grid: Grid, lines: Sequence[int], rows: Places, vocabulary: Vocabulary
) -> tuple[Places, list[Finding]]:
    """The rows that are customers, and what the others are."""
    words = _Words(vocabulary)
    repeated = _repeated(grid, lines, rows)
    sections = {*_sections(grid, rows, words), *_titles(grid, repeated, lines)}
    found = {
        "repeated-header": sorted({*repeated, *said_again(grid, lines, rows, aliases(vocabulary))}),
        "totals-row": sorted({*_totals(grid, rows, words)}),
        "section-row": sorted(sections),
        "numbered-row": _onlynumbered(grid, lines, rows, vocabulary),
        "remark-row": [*_remarks(grid, rows, words), *hints(grid, lines, rows, vocabulary)],
    }
    findings = []
    for code, places in found.items():
        if places:
            letter = grid.sheet.cells.columns[int(grid.filled[places[0]].argmax())]
            findings.append(
                Finding(code, len(places), f"{grid.sheet.name}!{letter}{grid.sheet.cells.index[places[0]]}")
            )
    others = [row for places in found.values() for row in places]
    return np.setdiff1d(rows, others) if others else rows, findings


class _Words:
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
        self._signs = BytesAhoCorasick(sorted(map(_folded, shortest)))
        endings = "|".join(sorted(map(re.escape, map(normalise, section["rows"]["sections"])), key=len, reverse=True))
        self._section = re.compile(rf"\W*.{{0,{TITLE}}}(?:{endings})\W*(?:[:：].*)?")
        self._remarks = tuple(map(normalise, section["rows"]["remarks"]))

    def signed(self, lines: str) -> set[bytes]:
        """The lines with a word for a total in them; a column is searched as one text, because hardly one cell has any."""
        said = _folded(lines)
        return {_line_at(said, start) for _, start, _ in self._signs.find_matches_as_indexes(said)}

    def is_total(self, value: object) -> bool:
        """The value names a total and nothing more."""
        return type(value) is str and len(value) <= 2 * TITLE and bool(self._total.fullmatch(normalise(value)))

    def is_remark(self, value: object) -> bool:
        return isinstance(value, str) and normalise(value).startswith(self._remarks)

    def is_section(self, value: object) -> bool:
        return isinstance(value, str) and bool(self._section.fullmatch(normalise(value)))


def _folded(text: str) -> bytes:
    """A text's bytes without Latin capitals."""
    return text.encode("utf-8", "surrogatepass").lower()


def _line_at(text: bytes, place: int) -> bytes:
    end = text.find(b"\n", place)
    return text[text.rfind(b"\n", 0, place) + 1 : end if end >= 0 else len(text)]


def _totals(grid: Grid, rows: Places, words: _Words) -> Iterator[int]:
    """Rows that sum up others: the word in one of the first cells, and numbers beside it."""
    if not rows.size:
        return
    used = int(grid.filled[rows].any(axis=0).sum())
    if used >= SPARSE:  # a total leaves something empty, or stands at the end
        maybe = grid.widths[rows] < used
        maybe[-LAST:] = True
        rows = rows[maybe]
    before = np.zeros(len(rows), dtype=int)
    for column in range(grid.cells.shape[1]):
        here = grid.filled[rows, column]
        opening = rows[here & (before < OPENING)]
        if not opening.size and before.min() >= OPENING:
            return
        if signed := words.signed(grid.lines(column)):
            values = grid.cells[opening, column].tolist()
            maybe = {
                one for one in set(values) if type(one) is str and not signed.isdisjoint(_folded(one).split(b"\n"))
            }
            totals = {value for value in maybe if words.is_total(value)}
            for row, value in zip(opening.tolist(), values, strict=True):
                if totals and value in totals and _only_numbers(grid, row):
                    yield row
        before += here


def _only_numbers(grid: Grid, row: int) -> bool:
    """There are numbers, hardly any words, in the row: a company may be called Total."""
    said = [value for value, full in zip(grid.cells[row], grid.filled[row], strict=True) if full]
    texts = sum(isinstance(value, str) and not grid.words.number(value, as_text(value)) for value in said)
    return texts - 1 <= (len(said) - 1) / 3


def _remarks(grid: Grid, rows: Places, words: _Words) -> Iterator[int]:
    """Single cells that say a remark or a page, the signatures below a table, and single cells after its end."""
    widths = grid.widths[rows]
    said = set()
    for row in rows[widths == 1]:
        value = grid.cells[row, grid.filled[row].argmax()]
        text = as_text(value)
        if words.is_remark(value) or grid.words.page(text) or not any(sign.isalnum() for sign in text):
            said.add(int(row))
    said.update(_sentences(grid, rows))
    for row in rows[-FOOT:][widths[-FOOT:] > 1]:
        texts = [text for text in grid.texts(int(row)) if text]
        signed = [words.is_remark(text) for text in texts]
        labelled = [one or bool(LABELLED.fullmatch(text)) for one, text in zip(signed, texts, strict=True)]
        begun = any(signed) or int(row) - 1 in said or all(text.endswith((":", "：")) for text in texts)
        if grid.words.page("".join(texts)) or (begun and sum(labelled) >= SIGNED * len(texts)):
            said.add(int(row))
    said.update(_crossed_out(grid, rows))
    wide = [row for row in rows[widths > 1].tolist() if row not in said]
    if wide and np.percentile(grid.widths[wide], 75) >= SPARSE:
        after = rows[rows > wide[-1]].tolist()
        ended = next(
            (place for place, row in enumerate(after) if row in said or row - wide[-1] > 1 or _links(grid, row)),
            len(after),
        )
        said.update(after[ended:])
    yield from sorted(said)


def _sentences(grid: Grid, rows: Places) -> Iterator[int]:
    """Lines of one cell that is far longer than what else stands in its column: a word to the reader between customers."""
    widths = grid.widths[rows]
    wide = rows[widths > 1]
    if not wide.size or np.percentile(grid.widths[wide], 75) < SPARSE:
        return
    alone = rows[widths == 1]
    columns = grid.filled[alone].argmax(axis=1)
    for column in np.unique(columns):
        usual = [width_of(as_text(value)) for value in grid.cells[wide[:SEEN], column] if value is not None]
        longest = max(LONG, 2 * max(usual, default=0))
        for row in alone[columns == column]:
            if usual and width_of(as_text(grid.cells[row, column])) >= longest:
                yield int(row)


def _links(grid: Grid, row: int) -> bool:
    """The row's only cell has a link in it, or a label before a colon."""
    text = as_text(grid.cells[row, grid.filled[row].argmax()])
    return "://" in text or bool(LABELLED.fullmatch(text))


def _crossed_out(grid: Grid, rows: Places) -> Iterator[int]:
    """Rows of nothing but dashes and the like."""
    if not rows.size:
        return
    first = int(grid.filled[rows].any(axis=0).argmax())
    if not STRANGE.search(f"\n{grid.lines(first)}"):
        return
    for row, value in enumerate(grid.cells[:, first].tolist()):
        if type(value) is str and not value[:1].isalnum() and row >= rows[0]:
            said = grid.cells[row][grid.filled[row]]
            if all(isinstance(one, str) and not any(map(str.isalnum, one)) for one in said):
                yield row


def _sections(grid: Grid, rows: Places, words: _Words) -> list[int]:
    """Rows of one cell that is the title of the customers below: merged over most of the table, or a word such as 一组."""
    width = int(grid.filled[rows].any(axis=0).sum()) if rows.size else 0
    merged = {row for row, _, down, across in grid.merged if not down and across + 1 > max(WIDE * width, 1)}
    alone = [int(row) for row in rows[grid.widths[rows] == 1]]
    titled = [row for row in alone if width >= SPARSE and words.is_section(grid.cells[row, grid.filled[row].argmax()])]
    return sorted({row for row in alone if row in merged} | set(titled if len(titled) > 1 else []))


def _titles(grid: Grid, repeated: Sequence[int], lines: Sequence[int]) -> Iterator[int]:
    """Lines right above a header that comes again, of one cell or begun like the line above the first one: 客户名单 第2页."""
    known = set(repeated)
    above = grid.texts(lines[0] - 1) if lines and lines[0] else []
    first = next(filter(None, above), "")
    for row in repeated:
        while row - 1 in known:
            row -= 1
        if row and (grid.widths[row - 1] == 1 or (first and first == next(filter(None, grid.texts(row - 1)), ""))):
            yield row - 1


def _places(values: list[object], wanted: object) -> set[int]:
    """Where a value stands; a list looks for it without a step of Python."""
    out: set[int] = set()
    start = 0
    while True:
        try:
            start = values.index(wanted, start) + 1
        except ValueError:
            return out
        out.add(start - 1)


def _slowness(value: object) -> int:
    """How long it takes to tell that a value is not some text; dates take longest."""
    return 0 if isinstance(value, int | float) else 1 if value is None or isinstance(value, str) else 2


def _may_spell(lines: str, wanted: str, own: str) -> bool:
    """A name stands in a column in any capitals, other than where the header itself says it."""
    if wanted.upper() == wanted:  # Chinese has no capitals
        return lines.count(wanted) > own.count(wanted)
    return lines.casefold().count(wanted) > own.casefold().count(wanted)


def _spelled(values: list[object], wanted: str) -> set[int]:
    """Where a text stands in any capitals, with blanks around it."""
    return {
        place
        for place, text in enumerate(values)
        if type(text) is str and (wanted == text or text.strip().casefold() == wanted)
    }


def _onlynumbered(grid: Grid, lines: Sequence[int], rows: Places, vocabulary: Vocabulary) -> list[int]:
    """Lines that were numbered beforehand and are still empty."""
    if not lines:
        return []
    alone = rows[grid.widths[rows] == 1]
    first = int(grid.filled[lines[-1]].argmax())
    named = aliases(vocabulary).read(grid.texts(lines[-1])[first])
    if not alone.size or grid.widths[lines[-1]] < SPARSE or not any(one.role == "ignore" for one in named):
        return []
    return [int(row) for row in alone if is_whole(grid.cells[row, first])]


def _repeated(grid: Grid, lines: Sequence[int], rows: Places) -> list[int]:
    """Rows that are the header once more, however its capitals and blanks are written."""
    out: list[int] = []
    for line in lines:
        names = [normalise(text) for text in grid.texts(line)]
        named = [column for column, name in enumerate(names) if name]
        least = max(2, int(np.ceil(ALIKE * len(named))))
        if len(named) < 2 or not rows.size:
            continue
        # Who has enough cells alike has one among any so many, and numbers are compared faster than texts;
        # spelled otherwise, the first one tells
        places: set[int] = set()
        quick = sorted(named, key=lambda column: _slowness(grid.cells[rows[0], column]))
        for column in quick[: len(named) - least + 1]:
            places |= _places(grid.cells[rows[0] :, column].tolist(), grid.cells[line, column])
        own = as_text(grid.cells[line, named[0]])
        if _may_spell(grid.lines(named[0]), names[named[0]], own):
            places |= _spelled(grid.cells[rows[0] :, named[0]].tolist(), names[named[0]])
        below = [int(rows[0]) + place for place in sorted(places)]
        maybe = [row for row in below if rows[min(int(rows.searchsorted(row)), rows.size - 1)] == row]
        out += [
            row
            for row in maybe
            if sum(normalise(text) == names[column] for column, text in enumerate(grid.texts(row)) if text) >= least
        ]
    return out
