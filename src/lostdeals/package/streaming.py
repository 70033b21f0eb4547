"""Rows of the user's sheet on their way from one zip to another, with cells of ours put in; never more than a few in memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lostdeals.package.letters import number
from lostdeals.package.refusal import Refused

LONGEST_HEAD = 1 << 26
"""Bytes that may stand before the first row."""

_DATA = re.compile(rb"<((?:[^\s<>/:]+:)?)sheetData(\s[^>]*?)?(/?)>")
_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d+)["']""")
_SPANS = re.compile(rb"""\sspans\s*=\s*["'](\d+):(\d+)["']""")
_REFERENCE = re.compile(rb"""<[^\s>]*c\s(?:[^>]*?\s)?r\s*=\s*["']([A-Za-z]+)\d+["']""")


@dataclass(frozen=True)
class Scan:
    """What a sheet's XML is like."""

    prefix: str
    """Of its elements, with the colon: ``x:``."""
    frame: bytes
    """The sheet without its rows: ``…<sheetData></sheetData>…``."""
    last_row: int
    last_column: int
    """The rightmost column with a cell, styled or filled; 0 without any."""


def scan(pieces: Iterable[bytes], where: str) -> Scan:
    """Look through a sheet once. Refused where its rows are written in a way that appending cannot be sure of."""
    head, tail, prefix = b"", b"", b""
    last_row = last_column = 0
    known: dict[bytes, int] = {}
    for kind, data, prefix in _sections(pieces, where):
        if kind == "head":
            head = data
        elif kind == "tail":
            tail = data
        else:
            if b"<!" in data or b"<?" in data:
                raise Refused("comments-in-rows", where)
            if b"extLst" in data and re.search(rb"</[^\s<>]*extLst>\s*</[^\s<>]*row>", data):
                raise Refused("unusual-rows", where)
            cell, plain = b"<" + prefix + b"c ", b"<" + prefix + b"c"
            odd = any(plain + end in data for end in (b">", b"/", b"\n", b"\r", b"\t"))
            for row in data.split(b"<" + prefix + b"row")[1:]:
                tag = row.find(b">")
                this = _row_number(row, tag, last_row, where)
                if this <= last_row:
                    raise Refused("rows-out-of-order", where)
                last_row = this
                at = -1 if odd else row.rfind(cell, tag)
                found = _REFERENCE.match(row, at) if at > 0 else None
                if found:
                    letters = found[1]
                    if letters not in known:
                        known[letters] = number(letters.decode())
                    column = known[letters]
                else:
                    column = _by_counting(row, plain, tag)
                if column > last_column:
                    last_column = column
    return Scan(prefix.decode(), head + tail, last_row, last_column)


def with_cells(
    pieces: Iterable[bytes],
    new: Iterator[tuple[int, bytes]],
    where: str,
    span: tuple[int, int],
    replaced: frozenset[int] = frozenset(),
    frame: tuple[bytes, bytes] = (b"", b""),
) -> Iterator[bytes]:
    """The sheet with cells of ours at the end of its rows.

    new: row number and cells as XML, rising; a row that the sheet does not have is made.
    span: first and last of our columns, for the rows' ``spans``.
    replaced: columns whose cells are taken out first, and whose new ones go where they belong in the row.
    frame: what stands before and behind the rows, instead of what the sheet has.
    """
    wanted, cells = next(new, (0, b""))
    spans: dict[bytes, bytes] = {}
    seen = 0
    for kind, data, prefix in _sections(pieces, where):
        start, close = b"<" + prefix + b"row", b"</" + prefix + b"row>"
        if kind == "head":
            yield frame[0]
            continue
        if kind == "tail":
            while wanted:
                yield b'%s r="%d">%s%s' % (start, wanted, cells, close)
                wanted, cells = next(new, (0, b""))
            yield frame[1]
            continue
        rows = data.split(start)
        out = [rows[0]]
        for row in rows[1:]:
            tag = row.find(b">")
            seen = _row_number(row, tag, seen, where)
            while wanted and wanted < seen:
                out.append(b'%s r="%d">%s%s' % (start, wanted, cells, close))
                wanted, cells = next(new, (0, b""))
            if wanted != seen and not replaced:
                out.append(start)
                out.append(row)
                continue
            ours = b""
            if wanted == seen:
                ours = cells
                wanted, cells = next(new, (0, b""))
            out.append(start)
            if b"spans" in row[:tag]:
                was = row[:tag]
                found = _SPANS.search(was)
                if found:
                    if found[0] not in spans:
                        low, high = min(int(found[1]), span[0]), max(int(found[2]), span[1])
                        spans[found[0]] = b' spans="%d:%d"' % (low, high)
                    row = was.replace(found[0], spans[found[0]], 1) + row[tag:]
                    tag = row.find(b">")
            if row[tag - 1 : tag] == b"/":
                out += (row[: tag - 1].rstrip(), b">", ours, close, row[tag + 1 :]) if ours else (row,)
                continue
            end = row.rfind(close)
            if replaced:
                out += (row[: tag + 1], _merged(row[tag + 1 : end], ours, prefix, replaced), row[end:])
            else:
                out += (row[:end], ours, row[end:])
        yield b"".join(out)


def split_frame(frame: bytes) -> tuple[bytes, bytes]:
    """The frame of a sheet before and behind its rows."""
    found = _DATA.search(frame)
    assert found is not None
    opened = found[0][:-2].rstrip() + b">" if found[3] else found[0]
    name = b"</" + found[1] + b"sheetData>"
    rest = frame[found.end() :]
    return frame[: found.start()] + opened, rest if not found[3] else name + rest


def _sections(pieces: Iterable[bytes], where: str) -> Iterator[tuple[str, bytes, bytes]]:
    """The head up to and with ``<sheetData>``, whole rows by the bundle, the tail; each with the prefix."""
    buffer = b""
    feed = iter(pieces)
    for piece in feed:
        buffer += piece
        found = _DATA.search(buffer)
        if found:
            break
        if len(buffer) > LONGEST_HEAD:
            raise Refused("damaged", where)
    else:
        raise Refused("damaged", where)
    prefix, end = found[1], b"</" + found[1] + b"sheetData>"
    if found[3]:  # no rows at all
        yield "head", buffer[: found.start()] + found[0][:-2].rstrip() + b">", prefix
        rest = [end, buffer[found.end() :], *feed]
        yield "tail", b"".join(rest), prefix
        return
    yield "head", buffer[: found.end()], prefix
    buffer = buffer[found.end() :]
    row = b"<" + prefix + b"row"
    while True:
        stop = buffer.find(end)
        if stop >= 0:
            yield "rows", buffer[:stop], prefix
            yield "tail", b"".join([buffer[stop:], *feed]), prefix
            return
        cut = buffer.rfind(row)
        if cut > 0:
            yield "rows", buffer[:cut], prefix
            buffer = buffer[cut:]
        piece = next(feed, b"")
        if not piece:
            raise Refused("damaged", where)
        buffer += piece


def _row_number(row: bytes, tag: int, before: int, where: str) -> int:
    if tag < 0 or row[:1] not in (b" ", b">", b"/", b"\n", b"\t", b"\r") or row.count(b'"', 0, tag) % 2:
        raise Refused("unusual-rows", where)
    found = _NUMBER.search(row, 0, tag)
    return int(found[1]) if found else before + 1


def _by_counting(row: bytes, cell: bytes, tag: int) -> int:
    """The last cell's column in a row whose cells do not all say where they are."""
    column = 0
    for found in re.finditer(re.escape(cell) + rb"(?=[\s/>])[^>]*>", row[tag:]):
        said = re.search(rb"""\sr\s*=\s*["']([A-Za-z]+)\d+""", found[0])
        column = number(said[1].decode()) if said else column + 1
    return column


def _merged(theirs: bytes, ours: bytes, prefix: bytes, replaced: frozenset[int]) -> bytes:
    """A row's cells without those in `replaced`, with ours at their places."""
    cells = [(column, xml) for column, xml in _cells(theirs, prefix) if column not in replaced]
    cells += _cells(ours, prefix)
    return b"".join(xml for _, xml in sorted(cells, key=lambda cell: cell[0]))


def _cells(xml: bytes, prefix: bytes) -> list[tuple[int, bytes]]:
    starts = [one.start() for one in re.finditer(b"<" + prefix + rb"c(?=[\s/>])", xml)]
    found, column = [], 0
    for start, end in zip(starts, [*starts[1:], len(xml)], strict=True):
        said = _REFERENCE.match(xml, start)
        column = number(said[1].decode()) if said else column + 1
        found.append((column, xml[start:end]))
    return found


def formulas_in(cells: Mapping[int, bytes]) -> bool:
    """Whether any of these cells holds a formula."""
    return any(b"<f" in xml or b":f" in xml for xml in cells.values())
