"""Find out in which encoding a text file was written."""

from __future__ import annotations

import codecs
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
COMMON = {"gb18030": (SIMPLIFIED, TRADITIONAL), "big5": (TRADITIONAL,)}
"""What is common in a Chinese encoding; GB18030 is also used for traditional characters."""
CONTROL = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1a\x1b")


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
    bad = _first_misfit(path, "utf-8")
    if bad is None:
        return "utf-8"
    name = best_guess(bad)
    if name == "big5" and _first_misfit(path, "big5") is not None:
        return "cp950"  # Windows' Big5 knows a few characters more
    if not name:
        raise LostDealsError("unreadable-text", where=str(path))
    return name


def best_guess(block: bytes) -> str:
    """The encoding of bytes that are not clean UTF-8; empty where nothing fits.

    UTF-8 is kept where only a few characters are broken, as when a database cut a text in the middle of one.

    >>> [best_guess(text.encode(name)) for text, name in [("未成交", "gbk"), ("未成交", "big5"), ("señor", "latin-1")]]
    ['gb18030', 'big5', 'cp1252']
    """
    if _share(block, "utf-8") > 0.9:
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
    counts = Counter(character for character in text if character > "\x7f")
    if name not in COMMON:
        return 1 - counts["\ufffd"] / max(counts.total(), 1)
    common = others = 0
    for character, count in counts.items():
        if any(first <= _lead(character, codec) <= last for codec, first, last in COMMON[name]):
            common += count
        elif not 0xA1 <= _lead(character, COMMON[name][0][0]) <= 0xA3:  # punctuation
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


def _first_misfit(path: Path, name: str) -> bytes | None:
    """The first block of a file that is not in this encoding; None where the whole file is."""
    decoder = codecs.getincrementaldecoder(name)()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            try:
                decoder.decode(block, final=False)
            except UnicodeDecodeError:
                return block
    return None
