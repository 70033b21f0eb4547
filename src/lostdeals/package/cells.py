"""One value as one cell: safe text, and the XML of a worksheet cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from numbers import Integral, Real
from typing import SupportsFloat, cast
from xml.sax.saxutils import escape

from lostdeals.model import ErrorCell
from lostdeals.package.formulas import Formula

LONGEST = 32_767
"""Characters (UTF-16 units) that Excel keeps in a cell."""
DIGITS = 10**15
"""Whole numbers from here on lose digits in Excel, so they are written as text."""

ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
"""The errors that a cell of type ``e`` may hold everywhere (ECMA-376 part 1, 18.18.11)."""

ROW = "\x01"
"""Stands for the number of a row until the row is whole: in the address of a cell, and in a formula about its own row. No
text has it, because no cell may."""
_APART = "‖"
"""Between texts that are looked at together."""

DATE, DATETIME, TIME, DURATION = "date", "datetime", "time", "duration"
"""Kinds of values that need a number format of their own."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EPOCH = datetime.fromisoformat("1899-12-30")
_FIRST_DAY = datetime.fromisoformat("1900-03-01")  # before it, Excel's calendar is a day off or has no number


def text(value: str) -> str:
    r"""Text as a cell can hold it: without control characters and lone surrogates, cut where Excel would refuse it.

    Text that looks like a formula stays as it is, because it is only ever written as text.

    >>> text("=HYPERLINK(\x00'x')"), len(text("字" * 40_000))
    ("=HYPERLINK('x')", 32767)
    """
    value = printable(value)
    if not too_long(value):
        return value
    return value.encode("utf-16-le")[: LONGEST * 2].decode("utf-16-le", errors="ignore")


def held(value: str) -> str:
    r"""Text as it comes back from a cell of a workbook: as `text`, with one kind of line end.

    >>> held("a\r\nb\x00")
    'a\nb'
    """
    return text(value).replace("\r\n", "\n").replace("\r", "\n")


def printable(value: str) -> str:
    """Text of any length without control characters (tab and line ends stay) and lone surrogates."""
    return _FORBIDDEN.sub("", value)


def too_long(value: object) -> bool:
    """Excel would not take this text whole."""
    if not isinstance(value, str) or len(value) * 2 <= LONGEST:
        return False
    return len(value) > LONGEST or len(value.encode("utf-16-le", errors="ignore")) > LONGEST * 2


class Fragments(dict[object, bytes]):
    """The cell of each value from `opening` (``<c r="B7"``) on, worked out once per distinct value.

    `styles` gives the cell style of dates, times and so on by kind; `style` is that of everything else. Numbers stay
    numbers, times become Excel's serial numbers, everything else is inline text, which can never become a formula.
    Nothing stands for an empty cell unless `blanks` asks for its style. Values that are equal but of different types
    (1 and True) must not meet in one instance. `prefix` is that of the file's own elements, with its colon;
    without `edges` blanks at the ends of a text are left to the program that shows it, because the mark that keeps them
    is Excel's own and not the standard's.

    >>> Fragments('<c r="B7"', 3, {})["=1+1"].decode()
    '<c r="B7" s="3" t="inlineStr"><is><t>=1+1</t></is></c>'
    >>> Fragments("", 3, {"date": 9})[date(2026, 11, 22)].decode()
    ' s="9"><v>46348</v></c>'
    """

    def __init__(
        self,
        opening: str,
        style: int,
        styles: Mapping[str, int],
        *,
        blanks: bool = False,
        prefix: str = "",
        edges: bool = True,
    ) -> None:
        super().__init__()
        self._edges = edges
        self._opening = opening
        self._usual = f'{opening} s="{style}"' if style else opening
        self._v, self._end = f"><{prefix}v>", f"</{prefix}v></{prefix}c>"
        self._t, self._t_end = f"<{prefix}is><{prefix}t", f"</{prefix}t></{prefix}is></{prefix}c>"
        self._style, self._styles = style, styles
        self._blank = f'{opening} s="{style}"/>' if blanks else ""
        self.cut = 0
        """Texts that had to be shortened."""

    def around(self, values: Sequence[object]) -> tuple[bytes, Sequence[bytes], bytes]:
        """The cells of values that are all of one type or None: what stands before each, each, what stands behind it.

        Most columns are of tidy texts or of small whole numbers: those need no more than a look at all of them together,
        and, where none is empty, no cell of their own.

        >>> Fragments("", 0, {}).around(["Ann", "Bob"])
        (b' t="inlineStr"><is><t>', [b'Ann', b'Bob'], b'</t></is></c>')
        >>> Fragments("", 0, {}).around(["Ann", None, "B<"])
        (b'', [b' t="inlineStr"><is><t>Ann</t></is></c>', b'', b' t="inlineStr"><is><t>B&lt;</t></is></c>'], b'')
        """
        if type(values[0]) is int and None not in values:
            whole = cast("Sequence[int]", values)
            if min(whole) > -DIGITS and max(whole) < DIGITS:
                return f"{self._usual}{self._v}".encode(), [b"%d" % number for number in whole], self._end.encode()
        texts = values if None not in values else [value for value in values if value is not None]
        if texts and type(texts[0]) is str and _tidy(cast("Sequence[str]", texts)):
            before, after = f'{self._usual} t="inlineStr">{self._t}>'.encode(), self._t_end.encode()
            if all(values):
                return before, encoded(cast("Sequence[str]", values)), after
            blank, cells = self._blank.encode(), encoded([cast("str", value or "") for value in values])
            return b"", [before + value + after if value else blank for value in cells], b""
        return b"", self.each(values), b""

    def each(self, values: Sequence[object]) -> list[bytes]:
        """The cells of values, for a column in which most come again and again."""
        return list(map(self.__getitem__, values))

    def __missing__(self, value: object) -> bytes:
        if value is None:
            self[value] = fragment = self._blank.encode()
            return fragment
        kind = type(value)
        if (kind is float or kind is int) and -DIGITS < value < DIGITS:  # type: ignore[operator]  # most; what follows is slow
            number = str(int(value)) if kind is int or value.is_integer() else repr(value)  # type: ignore[call-overload, attr-defined]
            self[value] = fragment = f"{self._usual}{self._v}{number}{self._end}".encode()
            return fragment
        if value != value:  # NaN and NaT
            return self._blank.encode()
        if isinstance(value, str) and too_long(value):
            self.cut += 1  # not remembered, so that each such cell counts
            return self._text(text(value)).encode()
        self[value] = fragment = self._fragment(value).encode()
        return fragment

    def _fragment(self, value: object) -> str:
        if isinstance(value, Formula):
            return self._formula(value)
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, bool):
            return f'{self._styled()} t="b"{self._v}{int(value)}{self._end}'
        if isinstance(value, (Real, Decimal)):
            number = plain_number(value)
            return (
                self._text(number) if abs(float(value)) >= DIGITS else f"{self._styled()}{self._v}{number}{self._end}"
            )
        if isinstance(value, ErrorCell) and value.text in ERRORS:
            return f'{self._styled()} t="e"{self._v}{value.text}{self._end}'
        kind, serial = _serial(value)
        if serial is None:
            return self._text(str(value))
        return f"{self._styled(kind)}{self._v}{serial:.13g}{self._end}"

    def _formula(self, formula: Formula) -> str:
        kind, shown = (
            ("str", escape(held(formula.value)))
            if isinstance(formula.value, str)
            else ("n", plain_number(formula.value))
        )
        return f'{self._styled()} t="{kind}"><f>{escape(formula.text)}</f><v>{shown}</v></c>'

    def _text(self, value: str) -> str:
        if not value.isprintable():  # else there is nothing that a cell could not hold
            value = held(value)
        keep = ' xml:space="preserve"' if self._edges and value != value.strip() else ""
        if not value:
            return self._blank
        return f'{self._styled()} t="inlineStr">{self._t}{keep}>{_escaped(value)}{self._t_end}'

    def _styled(self, kind: str = "") -> str:
        if not kind:
            return self._usual
        style = self._styles.get(kind, self._style)
        return f'{self._opening} s="{style}"' if style else self._opening


def encoded(texts: Iterable[str]) -> list[bytes]:
    """Texts as UTF-8.

    >>> encoded(["a", "", "b"])
    [b'a', b'', b'b']
    """
    return list(map(str.encode, texts))


def _tidy(texts: Sequence[str]) -> bool:
    """Whether texts can stand in a cell as they are; a doubt is a no."""
    joined = _APART.join(texts)
    if not joined.isprintable() or "&" in joined or "<" in joined or ">" in joined:
        return False
    if " " in joined and (f" {_APART}" in joined or f"{_APART} " in joined or joined != joined.strip()):
        return False
    return len(joined) * 2 <= LONGEST or max(map(len, texts)) * 2 <= LONGEST


def _escaped(value: str) -> str:
    return escape(value) if "&" in value or "<" in value or ">" in value else value


def plain_number(value: SupportsFloat) -> str:
    """A number without a needless ``.0``, all digits kept.

    >>> plain_number(3.0), plain_number(0.1), plain_number(1234567890123456789)
    ('3', '0.1', '1234567890123456789')
    """
    if isinstance(value, Integral):
        return str(int(value))
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < DIGITS else repr(number)


def _serial(value: object) -> tuple[str, float | None]:
    """The kind of a moment and its number in Excel; None where Excel has no number for it."""
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None)
        kind = DATE if value.time() == time() else DATETIME
        return kind, _days(value - _EPOCH) if value >= _FIRST_DAY else None
    if isinstance(value, date):
        return _serial(datetime.combine(value, time()))
    if isinstance(value, time):
        return TIME, _days(timedelta(hours=value.hour, minutes=value.minute, seconds=value.second))
    if isinstance(value, timedelta) and value >= timedelta():
        return DURATION, _days(value)
    return "", None


def _days(span: timedelta) -> float:
    return span / timedelta(days=1)
