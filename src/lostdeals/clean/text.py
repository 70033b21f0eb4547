"""Tidy the text of cells: stray spaces, characters nobody sees, full-width letters and digits."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pandas as pd

from lostdeals.clean.cells import as_text
from lostdeals.clean.columns import keys_of_roles, mapped
from lostdeals.clean.setting import Setting
from lostdeals.distinct import factorized
from lostdeals.model import ErrorCell
from lostdeals.schema import ROLE_KINDS, TEXT, role_of

LONG = frozenset({"notes", "feedback", "loss_reason", "need"})
"""Roles whose text may have lines and paragraphs."""
LINES = LONG | {"phone", "email"}
"""Roles where a new line separates things."""


def tidy_text(frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Text trimmed and folded (empty where nothing is left), and a number, date or yes/no in a text column written out as text.

    Phones stored as numbers are left to the phone step, which knows what their digits mean.
    """
    keys = keys_of_roles(frame, *ROLE_KINDS, "extra")
    return mapped(frame, {key: _tidier(role_of(key)) for key in keys if not _is_tidy(frame[key])})


def _is_tidy(cells: pd.Series[Any]) -> bool:
    """Whether a look at all texts of a column together finds nothing to tidy, as in most; a doubt is a no."""
    if cells.dtype != object:
        return False
    codes, distinct = factorized(cells)
    if not all(distinct) or {type(value) for value in distinct} != {str}:
        return False
    if _untidy(APART.join(["", *distinct, ""])):
        return False
    return all(value is None for value in cells.to_numpy()[codes < 0].tolist())


def _untidy(joined: str) -> bool:
    """Whether there is anything to tidy in texts with ``APART`` around each; of printable signs a space is the only blank."""
    if not joined.isprintable():
        return bool(UNTIDY.search(joined) or DIRTY.search(joined) or RUNS.search(joined))
    return any(marks in joined for marks in UNTIDY_MARKS) or bool(WIDE.search(joined))


def tidy(text: str, *, lines: bool = False) -> str:
    r"""One text without control characters and outer spaces; full-width letters, digits and ＠．－＋ become half-width.

    lines: new lines and runs of spaces stay (notes); otherwise every run of white space is one space.

    >>> tidy(" １３８\u200b－ＡＢＣ　公司 \t 甲"), tidy("客户：“太贵”。\r\n 再联系 ", lines=True)
    ('138-ABC 公司 甲', '客户：“太贵”。\n 再联系')
    """
    if DIRTY.search(text):
        text = LINE_ENDS.sub("\n", text).translate(FOLD)
    if not lines and RUNS.search(text):
        text = RUNS.sub(" ", text)
    return text.strip()


def unwrapped(text: str) -> str:
    """A value without what keeps a spreadsheet from reading it as a number.

    >>> unwrapped('="00123"'), unwrapped("'00123")
    ('00123', '00123')
    """
    while text[:1] in WRAPPERS and (wrapped := AS_FORMULA.fullmatch(text) or APOSTROPHE.fullmatch(text)):
        text = wrapped[1].strip()
    return text


def _tidier(role: str) -> Callable[[Any], object]:
    if role == "extra":
        return lambda cell: (cell.translate(INVISIBLE).strip() or None) if isinstance(cell, str) else cell
    if ROLE_KINDS[role] != TEXT or role == "phone":
        return lambda cell: (unwrapped(tidy(cell, lines=True)) or None) if isinstance(cell, str) else cell
    lines = role in LINES
    wrap = str if role in LONG else unwrapped
    return lambda cell: cell if isinstance(cell, ErrorCell) else (wrap(tidy(as_text(cell) or "", lines=lines)) or None)


INVISIBLE: dict[int, str | None] = {
    **dict.fromkeys([*range(32), *range(127, 160)]),
    **dict.fromkeys([0x00AD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]),
    ord("\n"): "\n",
    ord("\t"): " ",
    **dict.fromkeys([0x00A0, 0x2007, 0x202F, 0x3000, 0x2028, 0x2029], " "),
}
"""Control characters, zero-width and direction marks vanish; the odd spaces of web pages and Chinese input become one."""

HALF_WIDTH = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()},
    **{ord(wide): narrow for wide, narrow in zip("＠．－＋／％＃＆＿＊", "@.-+/%#&_*", strict=True)},
}
FOLD = {**INVISIBLE, **HALF_WIDTH}
"""Chinese punctuation (，。：；！？（）) is not here: it stays."""

DIRTY = re.compile("[" + "".join(re.escape(chr(code)) for code in FOLD if chr(code) != "\n") + "]|_x000D_")
LINE_ENDS = re.compile(r"(?:_x000D_)?\r\n?|_x000D_\n?")
RUNS = re.compile(r"\s{2,}|[^\S ]")
WRAPPERS = ("=", "'")
CARRIAGE_RETURN = "_x000D_"
"""How a spreadsheet's file writes one."""
APART = "‖"
"""Between texts that are looked at together."""
UNTIDY = re.compile(rf"{APART}[\s={WRAPPERS[1]}]|\s{APART}")
UNTIDY_MARKS = ("  ", f" {APART}", *(APART + mark for mark in (" ", *WRAPPERS)), CARRIAGE_RETURN)
WIDE = re.compile("[" + "".join(map(chr, HALF_WIDTH)) + "]")
AS_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
APOSTROPHE = re.compile(r"'([+\d][^']*)")
