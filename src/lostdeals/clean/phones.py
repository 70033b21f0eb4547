"""Telephone numbers: Chinese ones in one form, everybody else's left as they are, nothing invented."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from lostdeals.clean.cells import as_text
from lostdeals.clean.chinese_phones import MOBILE, chinese_number
from lostdeals.clean.columns import keys_of_roles, mapped
from lostdeals.clean.wordlists import any_of
from lostdeals.vocab import Vocabulary

if TYPE_CHECKING:
    from lostdeals.clean.setting import Setting


class Phone(NamedTuple):
    """How one cell was read."""

    text: str
    """The cleaned cell; several numbers are joined with ``; ``."""
    numbers: tuple[str, ...] = ()
    """What two customers with the same phone have in common: digits, an extension after ``x``; no placeholders."""
    issue: str | None = None
    """``damaged-number``, ``placeholder-contact`` or ``odd-phone``."""


def clean_phones(frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Every phone column with its numbers in one form."""
    return mapped(frame, dict.fromkeys(keys_of_roles(frame, "phone"), lambda cell: setting.phones.read(cell).text))


class Phones:
    """Reads phone cells.

    Mobiles become 11 digits, landlines 021-65432100, service numbers 400-820-0000, extensions 转801. A number that is
    not Chinese keeps its own punctuation, and a cell with other words in it stays as it is.

    >>> from lostdeals.vocab import load
    >>> phones = Phones(load(), "zh")
    >>> [phones.read(cell).text for cell in (13800000001.0, "+86 138-0000-0001", "（021）65432100-801", "l38OOOOOOO1")]
    ['13800000001', '13800000001', '021-65432100转801', '13800000001']
    >>> phones.read("1.38E+10")
    Phone(text='1.38E+10', numbers=(), issue='damaged-number')
    """

    def __init__(self, vocabulary: Vocabulary, language: str = "zh") -> None:
        words = vocabulary.section("phones")
        self._chinese = language == "zh"
        self._mark = words["extension"]["mark"]
        self._extension = re.compile(
            rf"(.*\d)\W*?(?:{any_of(words['extension']['words'])})[\s.:：-]*(\d{{1,6}})\W*", re.I
        )
        labels = any_of(words["labels"]["words"])
        self._labels = re.compile(rf"\A\W*(?:{labels})[\s:：.)）]+|[\s(（\[【]+(?:{labels})[\s)）\]】]*\Z", re.I)
        self._between = re.compile(rf"\s*(?:[/;,；，、\n|&]|{any_of(words['between']['words'])})\s*", re.I)
        self._nobody = re.compile("|".join(words["placeholder"]["patterns"]))
        self._lucky = re.compile("|".join(words["placeholder"]["real"]))
        self._memory: dict[tuple[type, Any], Phone] = {}

    def read(self, cell: Any) -> Phone:
        """One cell: text, or a number whose digits are the phone's."""
        key = (cell.__class__, cell)
        if key not in self._memory:
            self._memory[key] = self._cell(cell)
        return self._memory[key]

    def _cell(self, cell: Any) -> Phone:
        text = as_text(cell) or ""
        if MOBILE.fullmatch(text):
            return self._checked(text, text, "")
        if whole := WHOLE.fullmatch(text):
            text = whole[1]
        if DAMAGED.fullmatch(text):
            return _restored(text) or Phone(text, issue="damaged-number")
        one = self._one(text)
        if one:
            return one
        glued = MOBILE.findall(text) if GLUED.fullmatch(text) else []
        for parts in (self._between.split(text), glued, text.split()):
            several = [self._one(part) for part in parts if part.strip()]
            if len(several) > 1 and all(several):
                return _joined([phone for phone in several if phone])
        return self._with_words(text)

    def _one(self, part: str) -> Phone | None:
        """A part that is one number and nothing else; None where it is not."""
        part = IN_BRACKETS.sub(r"\1", self._labels.sub("", part.strip()).strip(" :：,，;；.。"))
        if MASKED.fullmatch(part):
            return Phone(part, issue="placeholder-contact")
        found = self._extension.fullmatch(part) or DASHED_EXTENSION.fullmatch(part)
        body, extension = (found[1], found[2]) if found else (part, "")
        chinese = chinese_number(body, lost_zero=self._chinese and body.isdigit())
        if chinese:
            text = chinese + (self._mark + extension if extension else "")
            return self._checked(text, re.sub(r"\D", "", chinese), extension)
        digits = re.sub(r"\D", "", body)
        abroad = body.lstrip("( ").startswith(("+", "00")) or not self._chinese or NORTH_AMERICAN.fullmatch(body)
        if self._placeholder(digits):
            return Phone(part, issue="placeholder-contact")
        known = abroad or LOCAL.fullmatch(digits)
        if not FOREIGN.fullmatch(body) or not 7 <= len(digits) <= 15 or not known:
            return None
        digits = digits.removeprefix("00")
        return self._checked(part, digits[1:] if len(digits) == 11 and digits[0] == "1" else digits, extension)

    def _checked(self, text: str, digits: str, extension: str) -> Phone:
        if self._placeholder(digits):
            return Phone(text, issue="placeholder-contact")
        return Phone(text, (digits + (f"x{extension}" if extension else ""),))

    def _placeholder(self, digits: str) -> bool:
        return bool(self._nobody.fullmatch(digits)) and not self._lucky.fullmatch(digits)

    def _with_words(self, text: str) -> Phone:
        """A cell with other words keeps them; its numbers still tell duplicates."""
        inside = [phone for match in INSIDE.findall(text) if (phone := self._one(match))]
        numbers = _joined(inside).numbers
        return Phone(text, numbers, None if inside else "odd-phone")


def _joined(phones: list[Phone]) -> Phone:
    texts = dict.fromkeys(phone.text for phone in phones)
    numbers = dict.fromkeys(number for phone in phones for number in phone.numbers)
    return Phone("; ".join(texts), tuple(numbers), next((phone.issue for phone in phones if phone.issue), None))


def _restored(text: str) -> Phone | None:
    """1.3800000001E+10 shows all its digits, 1.38E+10 does not."""
    mantissa, exponent = re.split("[eE]", text)
    digits = mantissa.replace(".", "")
    full = len(digits) == int(exponent) + 1 and MOBILE.fullmatch(digits)
    return Phone(digits, (digits,)) if full else None


LOCAL = re.compile(r"[2-8]\d{6,7}")
NORTH_AMERICAN = re.compile(r"\W*(?:1\W+)?\d{3}\W{1,2}\d{3}\W\d{4}")
FOREIGN = re.compile(r"\+?[\d\s\-‐-―.()/]+")
DAMAGED = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,2}")
WHOLE = re.compile(r"(\d+)\.0+")
MASKED = re.compile(r"[+\d\s-]*(?:[*•·●]+|[xX×?？#]{2,})[*•·●?？#xX×\d\s-]*")
IN_BRACKETS = re.compile(r"\A[(（]([^()（）]*)[)）]\Z")
DASHED_EXTENSION = re.compile(
    r"((?:\+86[-\s]*)?(?:[(（]?0?\d{2,3}[)）]?[-\s]*)?\d{7,8}|[48]00-?\d{3,4}-?\d{3,4})-{1,2}(\d{1,5})"
)
GLUED = re.compile(rf"(?:{MOBILE.pattern}){{2,}}")
INSIDE = re.compile(
    r"(?<![\d.])(?:\+?86[-\s]?)?(?:1[3-9]\d(?:[-\s]?\d{4}){2}|0\d{2,3}[-\s]?\d{7,8}|[48]00-?\d{3,4}-?\d{3,4})(?![\d.])"
)
