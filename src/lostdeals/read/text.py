"""Read a text file with separated values (.csv .tsv .txt, and what bears another name but is one)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import TextIO

from lostdeals.errors import LostDealsError
from lostdeals.model import Finding, Sheet
from lostdeals.package.letters import address
from lostdeals.read.choosing import reading_of
from lostdeals.read.encodings import encoding_of, unmixed
from lostdeals.read.grid import frame, grid
from lostdeals.read.html import looks_like_html, read_html
from lostdeals.read.reading import USUAL, Reading
from lostdeals.read.records import Records
from lostdeals.read.spreadsheet_xml import looks_like_spreadsheet_xml, read_spreadsheet_xml
from lostdeals.read.thousands import mended, torn
from lostdeals.read.web_archive import looks_like_web_archive, read_web_archive

HEAD = 1 << 18
"""Characters in which the dialect is looked for."""
BLOCK = 1 << 20
"""Bytes looked through at a time."""
BLANK = ' \t\r\n,;|"\0\ufeff\u3000\x1a'
"""What a file may hold and still be empty."""
END = "\x1a"
"""CP/M's and DOS's mark of the end of a file (Ctrl-Z)."""
ENDS = ("\x1e", "\u2028", "\x85")
"""What ends a record in a file without line ends: the separator of ASCII, of Unicode and of EBCDIC."""

_NAMED = re.compile(r'"?sep=([^"\r\n]{1,3})"?(?:\r\n|\r|\n)', re.IGNORECASE)
_OTHER_KIND = re.compile(
    r"""\ufeff?\s*(?:
    %PDF | \{\\rtf
    | ID;P[^\n]*(?s:.{0,4000}?)\nC;(?:[A-Z]\d+;)*[XYK][\d"]  # SYLK
    | TABLE\s+0,1\s  # DIF
    | BEGIN:V(?:CARD|CALENDAR)\b
    | <\?xml\b | <([A-Za-z][\w:.-]*)(?:\s[^<>]*)?>\s*<(?!/)
    | (?:INSERT\s+INTO|CREATE\s+TABLE)\b
    | \[?\s*\{\s*"[^"\n]*"\s*: | \[\s*\[\s*["\d] | \[\s*"[^\n]*\]\s*?$
    )""",
    re.VERBOSE | re.MULTILINE,
)


def read_text(path: Path) -> list[Sheet]:
    """The one sheet of a text file (one per table where it is HTML); every cell is the text as written.

    A row's number is its record's place in the file, blank records included, as a spreadsheet program would show it; a
    first line ``sep=;`` is obeyed and not counted. A cell ``="0012"``, by which programs keep Excel from making a
    number of it, is the text 0012. Lines in another encoding than the rest are read in theirs.
    Raises LostDealsError ``empty-file``, ``not-a-workbook``, ``unsupported-format`` or ``unreadable-text``.
    """
    encoding = encoding_of(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        sheets = _sheets(path, file, encoding)
    if encoding.startswith("utf-8") and any(said.code == "replaced-characters" for said in sheets[0].findings):
        text, found = unmixed(path, encoding)
        if found:
            said = tuple(Finding("mixed-encodings", count, values={"encoding": name}) for name, count in found.items())
            sheets = _sheets(path, StringIO(text, newline=""), encoding, said)
    return sheets


def _sheets(path: Path, file: TextIO, encoding: str, said: tuple[Finding, ...] = ()) -> list[Sheet]:
    head = file.read(HEAD)
    if len(head) < HEAD and not head.strip(BLANK):
        raise LostDealsError("empty-file", where=str(path))
    if looks_like_spreadsheet_xml(head):
        return read_spreadsheet_xml(path, head + file.read())
    if looks_like_html(head):
        return read_html(path, head + file.read(), encoding)
    if looks_like_web_archive(head):
        return read_web_archive(path)
    if _OTHER_KIND.match(head):
        raise LostDealsError("unsupported-format", where=str(path))
    if not re.search("[\r\n]", head) and (end := next((end for end in ENDS if end in head), "")):
        file = StringIO((head + file.read()).replace(end, "\n"), newline="")
        head = file.read(HEAD)
    named = _NAMED.match(head)
    start = named.end() if named else 0
    first = _whole_lines(head[start:])
    if not any(line.strip(BLANK) for line in first):
        raise LostDealsError("empty-file", where=str(path))
    asked = named[1].replace("\\t", "\t") if named else None
    reading = reading_of(first, asked if asked and any(asked in line for line in first) else None)
    file.seek(0)
    file.read(start)
    forced, ended = _signs(path, encoding)
    lines: Iterable[str] = _ended(file) if ended else file
    end = "\r\n" if sum(line.endswith("\r\n") for line in first) > len(first) / 2 else "\n"
    headless = reading.begins_with_values
    records = Records(lines, reading.dialect, reading.kinds, headless=headless, end=end, watched=forced)
    delimiter = reading.dialect.delimiter
    apart = torn(_parted(reading, first)) if delimiter == "," else None
    joined: list[int] = []
    ragged: list[int] = []
    cells = frame(grid(mended(records, apart, joined, ragged) if apart else records))
    findings = [*said, *_about(reading, encoding), *records.findings(path.stem)]
    if apart and joined:
        findings = [one for one in findings if one.code != "ragged-rows"]
        findings.append(Finding("thousands-apart", len(joined), address(path.stem, joined[0], apart.column + 1)))
        findings += [Finding("ragged-rows", len(ragged), address(path.stem, ragged[0], 1))] if ragged else []
    return [Sheet(path, path.stem, cells, encoding=encoding, delimiter=delimiter, findings=tuple(findings))]


def _parted(reading: Reading, lines: Sequence[str]) -> list[list[str]]:
    """The records of some lines; none where they are no plain ones."""
    try:
        return list(reading.dialect.read(lines))
    except csv.Error:
        return []


def _about(reading: Reading, encoding: str) -> Iterator[Finding]:
    """What is unusual about the file as a whole."""
    if encoding == "cp1252":
        yield Finding("encoding-guessed", values={"encoding": encoding})
    dialect = reading.dialect
    if dialect.delimiter not in ("", *USUAL):
        yield Finding("unusual-delimiter", values={"delimiter": _shown(dialect.delimiter)})
    if dialect.quote != '"':
        yield Finding("unusual-quotes", values={"quotes": dialect.quote})
    if dialect.wrapped:
        yield Finding("wrapped-lines")
    if dialect.escaped:
        yield Finding("backslash-escapes")


def _shown(delimiter: str) -> str:
    r"""A delimiter so that one can see it: ``\t\t``, ``␠␠``."""
    return ascii(delimiter)[1:-1].replace(" ", "\u2420") if not delimiter.strip() or delimiter < " " else delimiter


def _whole_lines(head: str) -> list[str]:
    """The lines of the head, without the last one where it may be cut."""
    lines = list(StringIO(head, newline=""))
    return lines[:-1] if len(head) == HEAD and len(lines) > 1 else lines


def _signs(path: Path, encoding: str) -> tuple[bool, bool]:
    """Zero bytes or ="…" may stand somewhere in a file, and the mark of its end at its end."""
    found = encoding.startswith(("utf-16", "utf-32"))
    tail = block = b""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found = found or b"\0" in block or (b"=" in block and (b'="' in block or block.endswith(b"=")))
            tail = block[-4:]
    return found, END.encode() in tail


def _ended(lines: Iterable[str]) -> Iterator[str]:
    """The lines without the mark of the file's end."""
    for line in lines:
        if line.strip(END + "\r\n") or END not in line:
            yield line.replace(END, "")
