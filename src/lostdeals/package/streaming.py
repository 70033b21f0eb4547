"""Rows of the user's sheet on their way from one zip to another, with cells of ours put in; never more than a few in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice, pairwise

from lostdeals.package.letters import number
from lostdeals.package.refusal import Refused

LONGEST_SPANS = 40
"""Bytes from the beginning of a row's tag among which its spans usually stand, before any cell."""
LONGEST_HEAD = 1 << 26
"""Bytes that may stand before the first row."""

_DATA = re.compile(rb"<((?:[^\s<>/:]+:)?)sheetData(\s[^>]*?)?(/?)>")
_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d+)["']""")
_SPANS = re.compile(rb"""[^<>]*?(\sspans\s*=\s*["'](\d+):(\d+)["'])""")
_REFERENCE = re.compile(rb"""<[^\s>]*c\s(?:[^>]*?\s)?r\s*=\s*["']([A-Za-z]+)\d+["']""")


def with_cells(
    pieces: Iterable[bytes],
    new: Iterator[tuple[int, bytes]],
    where: str,
    span: tuple[int, int],
    replaced: frozenset[int] = frozenset(),
    frame: tuple[bytes, bytes] = (b"", b""),
    counted_from: int = 0,
) -> Iterator[bytes]:
    """The sheet with cells of ours at the end of its rows. Refused where a row does not end as it is looked for.

    new: row number and cells as XML, rising; a row that the sheet does not have is made.
    span: first and last of our columns, for the rows' ``spans``.
    replaced: columns whose cells are taken out first, and whose new ones go where they belong in the row.
    frame: what stands before and behind the rows, instead of what the sheet has.
    counted_from: as the scan found it.
    """
    wanted, cells = next(new, (0, b""))
    spans: dict[bytes, bytes] = {}
    seen = counted_from - 1 if counted_from else 0
    usual = b""
    for kind, data, prefix in sections(pieces, where):
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
        count = data.count(start)
        if counted_from:
            numbers: Sequence[int] = range(seen + 1, seen + 1 + count)
        else:
            numbers = row_numbers(data, partial(rows_of, data, prefix), prefix, seen, where)
        if usual and count and not replaced and wanted == numbers[0] and data.startswith(start):
            more = list(islice(new, count - 1))
            if [number for number, _ in more] == list(numbers[1:]):
                ours_of_each = [cells, *(xml for _, xml in more)]
                if whole := _appended(data, ours_of_each, start, close, (usual, spans[usual])):
                    seen = numbers[-1]
                    wanted, cells = next(new, (0, b""))
                    yield whole
                    continue
            new = chain(more, new)
        first, *rows = data.split(start)
        out = [first]
        for row, seen in zip(rows, numbers, strict=True):
            while wanted and wanted < seen:
                out.append(b'%s r="%d">%s%s' % (start, wanted, cells, close))
                wanted, cells = next(new, (0, b""))
            ours = b""
            if wanted == seen:
                ours = cells
                wanted, cells = next(new, (0, b""))
            if not ours and not replaced:
                out += (start, row)
                continue
            at = row.find(usual, 0, LONGEST_SPANS) if usual else -1
            if 0 <= at < row.find(b">"):
                row = row[:at] + spans[usual] + row[at + len(usual) :]
            elif found := _SPANS.match(row):
                usual = found[1]
                if found[1] not in spans:
                    low, high = min(int(found[2]), span[0]), max(int(found[3]), span[1])
                    spans[found[1]] = b' spans="%d:%d"' % (low, high)
                row = row.replace(found[1], spans[found[1]], 1)
            if not replaced and row.endswith(close):
                out += (start, row[: -len(close)], ours, close)
                continue
            tag = row.find(b">")
            if row[tag - 1 : tag] == b"/":
                out += (start, row[: tag - 1].rstrip(), b">", ours, close, row[tag + 1 :]) if ours else (start, row)
                continue
            end = row.rfind(close)
            if end < 0:
                raise Refused("unusual-rows", where)
            between = _merged(row[tag + 1 : end], ours, prefix, replaced) if replaced else row[tag + 1 : end] + ours
            out += (start, row[: tag + 1], between, row[end:])
        yield b"".join(out)


def _appended(data: bytes, ours: Sequence[bytes], start: bytes, close: bytes, spans: tuple[bytes, bytes]) -> bytes:
    """Rows that follow one another without a gap, each with its cells of ours and other spans; nothing where a row is unusual.

    spans: what each of the rows must say, and what it says instead.
    """
    *others, last = data.split(close + start)
    rows = [*others, last.removesuffix(close)]
    told = [row.replace(*spans, 1) for row in rows if 0 <= row.find(spans[0], 0, row.find(b">")) < LONGEST_SPANS]
    if len(told) != len(ours) or len(rows) != len(ours) or last == rows[-1]:
        return b""
    out = [close + start] * (3 * len(rows) - 1)
    out[0::3], out[1::3] = told, ours
    return b"".join([*out, close])


def split_frame(frame: bytes) -> tuple[bytes, bytes]:
    """The frame of a sheet before and behind its rows."""
    found = _DATA.search(frame)
    assert found is not None
    opened = found[0][:-2].rstrip() + b">" if found[3] else found[0]
    name = b"</" + found[1] + b"sheetData>"
    rest = frame[found.end() :]
    return frame[: found.start()] + opened, rest if not found[3] else name + rest


def sections(pieces: Iterable[bytes], where: str) -> Iterator[tuple[str, bytes, bytes]]:
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
            raise Refused("unusual-rows" if re.search(end[:-1] + rb"\s+>", buffer) else "damaged", where)
        buffer += piece


def rows_of(data: bytes, prefix: bytes) -> list[bytes]:
    """Each row without the beginning of its tag."""
    return data.split(b"<" + prefix + b"row")[1:]


def row_numbers(data: bytes, rows: Callable[[], Sequence[bytes]], prefix: bytes, before: int, where: str) -> list[int]:
    """The numbers of rows that follow one another; a row that does not say counts on."""
    said = re.findall(b"<" + prefix + rb'row(?: r="(\d+)"|)', data)
    if b"" not in said:
        return list(map(int, said))
    numbers = []
    for row in rows():
        tag = row.find(b">")
        if tag < 0 or row[:1] not in (b" ", b">", b"/", b"\n", b"\t", b"\r") or row.count(b'"', 0, tag) % 2:
            raise Refused("unusual-rows", where)
        found = _NUMBER.search(row, 0, tag)
        before = int(found[1]) if found else before + 1
        numbers.append(before)
    return numbers


def _merged(theirs: bytes, ours: bytes, prefix: bytes, replaced: frozenset[int]) -> bytes:
    """A row's cells without those in `replaced`, with ours at their places."""
    cells = [(column, xml) for column, xml in cells_of(theirs, prefix) if column not in replaced]
    cells += cells_of(ours, prefix)
    return b"".join(xml for _, xml in sorted(cells, key=lambda cell: cell[0]))


def cells_of(xml: bytes, prefix: bytes) -> list[tuple[int, bytes]]:
    """Column and XML of each cell of a row."""
    starts = [one.start() for one in re.finditer(b"<" + prefix + rb"c(?=[\s/>])", xml)]
    found, column = [], 0
    for start, end in pairwise([*starts, len(xml)]):
        said = _REFERENCE.match(xml, start)
        column = number(said[1].decode()) if said else column + 1
        found.append((column, xml[start:end]))
    return found
