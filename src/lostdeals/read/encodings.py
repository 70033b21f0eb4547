"""Find out in which encoding a text file was written."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from pathlib import Path

from lostdeals.errors import LostDealsError

BLOCK = 1 << 18
"""Bytes looked at together."""
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SIMPLIFIED, TRADITIONAL = ("gb2312", 0xB0, 0xD7), ("cp950", 0xA4, 0xC6)
"""The lead bytes of the common characters: level 1 of GB 2312-1980 (3,755) and of Big5 (5,401)."""
Range = tuple[str, int, int]
COMMON = {"gb18030": (SIMPLIFIED, TRADITIONAL), "big5": (TRADITIONAL,)}
"""What is common in a Chinese encoding; GB18030 is also used for traditional characters."""
CONTROL = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1a\x1b\x01\x02\x07\x1c\x1d\x1e\x1f")
"""What makes a file binary; the others of these characters end lines or part cells somewhere."""


def encoding_of(path: Path) -> str:
    """The encoding of a text file, as Python names it.

    In this order: a byte order mark; zero bytes on every other place (UTF-16); UTF-8; GB18030 or Big5, whichever makes
    more of its characters common ones; Windows-1252, where the bytes are no plausible Chinese.
    Raises LostDealsError ``not-a-workbook`` for binary content and ``unreadable-text`` where nothing fits.
    """
    with path.open("rb") as file:
        head = file.read(BLOCK)
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    if wide := _utf16(head):
        return wide
    if sum(map(head.replace(b"\0", b"").count, CONTROL)) > len(head) / 50:
        raise LostDealsError("not-a-workbook", where=str(path))
    bad, beyond = _first_misfit(path, "utf-8")
    if bad is None or beyond:
        return "utf-8"
    name = best_guess(bad)
    if name == "big5" and _first_misfit(path, "big5")[0] is not None:
        return "cp950"  # Windows' Big5 knows a few characters more
    if not name:
        raise LostDealsError("unreadable-text", where=str(path))
    return name


def best_guess(block: bytes) -> str:
    """The encoding of bytes that are not clean UTF-8; empty where nothing fits.

    UTF-8 is kept where only a few characters are broken, as when a database cut a text in the middle of one, and where
    whole lines are good Chinese in it, as when files were put together.

    >>> [best_guess(text.encode(name)) for text, name in [("未成交", "gbk"), ("未成交", "big5"), ("señor", "latin-1")]]
    ['gb18030', 'big5', 'cp1252']
    """
    if _share(block, "utf-8") > 0.9 or _has_whole_lines(block):
        return "utf-8"
    share, name = max((_share(block, name), -rank, name) for rank, name in enumerate(COMMON))[::2]
    if share > 0.5:
        return name
    return "cp1252" if _is_western(block) else ""


def _is_western(block: bytes) -> bool:
    """Accented letters stand among plain ones; where most letters are beyond ASCII it is some other alphabet."""
    text = block.decode("cp1252", "replace")
    letters = sum(character.isalpha() or character > "\x7f" for character in text)
    beyond = sum(character > "\x7f" for character in text)
    return beyond * 2 <= letters and text.count("\ufffd") * 50 <= len(text)


def _share(block: bytes, name: str) -> float:
    """Share of the characters beyond ASCII that are plausible, punctuation aside, 0-1."""
    text = codecs.getincrementaldecoder(name)("replace").decode(block, final=False)
    if name in COMMON:
        return _commonness(text, COMMON[name])
    counts = Counter(character for character in text if character > "\x7f")
    return 1 - counts["\ufffd"] / max(counts.total(), 1)


def _commonness(text: str, ranges: tuple[Range, ...]) -> float:
    """Share of the characters beyond ASCII that are common Chinese ones, punctuation aside, 0-1."""
    counts = Counter(character for character in text if character > "\x7f")
    common = others = 0
    for character, count in counts.items():
        if any(first <= _lead(character, codec) <= last for codec, first, last in ranges):
            common += count
        elif not 0xA1 <= _lead(character, ranges[0][0]) <= 0xA3:  # punctuation
            others += count
    return common / max(common + others, 1)


def _lead(character: str, codec: str) -> int:
    return character.encode(codec, "replace")[0]


def _utf16(head: bytes) -> str:
    """UTF-16 without a mark: the zero bytes of its ASCII characters all stand on one side.

    Without a Chinese character half the bytes are zero; with some, what is left without the zeros is no UTF-8.
    """
    zeros = head.count(0)
    odd = head[1::2].count(0)
    if zeros * 100 < len(head) or zeros == 0 or 0.05 < odd / zeros < 0.95:
        return ""
    if zeros * 5 < len(head) * 2 and _fits(head.replace(b"\0", b""), "utf-8"):
        return ""
    name = "utf-16-le" if odd * 2 > zeros else "utf-16-be"
    return name if _fits(head, name) else ""


def _fits(block: bytes, name: str) -> bool:
    """A block decodes, whatever character its end may cut in two."""
    try:
        codecs.getincrementaldecoder(name)().decode(block, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _is_all(line: bytes, name: str) -> bool:
    try:
        line.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _first_misfit(path: Path, name: str) -> tuple[bytes | None, bool]:
    """The first block of a file that is not in this encoding, None where the whole file is; and whether text beyond ASCII stands before it."""
    decoder = codecs.getincrementaldecoder(name)()
    beyond = False
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            try:
                text = decoder.decode(block, final=False)
            except UnicodeDecodeError:
                return block, beyond
            beyond = beyond or not text.isascii()
    return None, beyond


def _has_whole_lines(block: bytes) -> bool:
    """A line is UTF-8 and has more common Chinese characters in it than in GB18030; by chance that does not happen."""
    lines = (line for line in block.splitlines() if not line.isascii() and _fits(line, "utf-8"))
    return any(
        _commonness(line.decode(errors="ignore"), (SIMPLIFIED, TRADITIONAL))
        > _commonness(line.decode("gb18030", "replace"), (SIMPLIFIED,))
        for line in lines
    )


def unmixed(path: Path, encoding: str) -> tuple[str, Counter[str]]:
    """The text of a UTF-8 file in which some lines were written in another encoding, and how many lines in which.

    A line that is good in no encoding keeps what of it is UTF-8.
    """
    lines = path.read_bytes().splitlines(keepends=True)
    broken = {place: _line_encoding(line) for place, line in enumerate(lines) if not _fits(line, "utf-8")}
    if "gb18030" in broken.values():  # then a line whose few characters are rare ones is more likely to be in it, too
        broken.update({place: "gb18030" for place in broken if _is_all(lines[place], "gb18030")})
    texts = [line.decode(broken.get(place, "utf-8"), "replace") for place, line in enumerate(lines)]
    found = Counter(name for name in broken.values() if name != "utf-8")
    return "".join(texts).removeprefix("\ufeff" if encoding == "utf-8-sig" else ""), found


def _line_encoding(line: bytes) -> str:
    """GB18030 or Windows-1252 for one line of a UTF-8 file, or UTF-8 where a character was only cut."""
    if _is_all(line, "gb18030") and _share(line, "gb18030") > max(0.7, _share(line, "utf-8")):
        return "gb18030"
    lone = re.fullmatch(rb"(?:[\x00-\x7f]|(?<![\x80-\xff])[\xc0-\xff](?![\x80-\xff]))*", line)
    return "cp1252" if lone else "utf-8"
