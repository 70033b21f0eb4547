"""Telephone numbers: Chinese ones in one form, others in E.164 where their country is known, nothing invented."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import is_
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from lostdeals.clean.cells import as_text
from lostdeals.clean.chinese_phones import LANDLINE, MOBILE, chinese_number
from lostdeals.clean.columns import keys_of_roles, mapped
from lostdeals.clean.local_phones import with_country
from lostdeals.clean.world_phones import HOME, row_countries, world_number
from lostdeals.distinct import combined, factorized, repeated, with_columns
from lostdeals.vocab import Vocabulary
from lostdeals.vocab.wordlists import any_of

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
    """Every phone column with its numbers in one form; a country says whose plan a number follows.

    It is that of the row in a region column, or the one that the column's other numbers name by their code.
    """
    keys, phones = keys_of_roles(frame, "phone"), setting.phones
    countries = row_countries(frame, setting.vocabulary) if keys else None
    if countries is None:
        out = mapped(frame, dict.fromkeys(keys, lambda cell: phones.read(cell).text))
    else:
        new = {key: _by_country(frame[key], countries, phones) for key in keys}
        out = with_columns(frame, {key: cells for key, cells in new.items() if cells is not frame[key]})
    local = {key: with_country(out[key].unique()) for key in keys if out[key].dtype == object}
    return mapped(out, {key: _looked_up(known) for key, known in local.items() if known})


def _looked_up(known: dict[str, str]) -> Callable[[Any], object]:
    return lambda cell: known.get(cell, cell)


def _by_country(cells: pd.Series[Any], countries: pd.Series[Any], phones: Phones) -> pd.Series[Any]:
    """A column with each number in the form of its row's country; the column itself where nothing changes."""
    codes, distinct = factorized(cells)
    rows, first = combined([codes, countries.to_numpy()], len(cells))
    said = repeated(None, len(first))
    pairs = zip(codes[first].tolist(), countries.to_numpy()[first].tolist(), strict=True)
    for place, (code, country) in enumerate(pairs):
        if code >= 0:
            said[place] = phones.read(distinct[code], country).text
    new = said[rows]
    if all(map(is_, new.tolist(), cells.to_numpy().tolist())):
        return cells
    return pd.Series(new, index=cells.index, dtype=object, name=cells.name)


class Phones:
    """Reads phone cells.

    Mobiles become 11 digits, landlines 021-65432100, service numbers 400-820-0000, extensions 转801. A number from abroad
    becomes E.164 (+14155550123) where + or the row's country says whose it is, or a mobile from Taiwan its form; otherwise
    it keeps its own punctuation. A cell with other words in it stays as it is; its numbers still tell duplicates.

    >>> from lostdeals.vocab import load
    >>> phones = Phones(load(), "zh")
    >>> [phones.read(cell).text for cell in (13800000001.0, "+86 138-0000-0001", "（021）65432100-801", "l38OOOOOOO1")]
    ['13800000001', '13800000001', '021-65432100转801', '13800000001']
    >>> phones.read("+1 (660) 555-0121 ext. 5").text, phones.read("020 7946 0921", "GB").text
    ('+16605550121x5', '+442079460921')
    >>> phones.read("0912-000-021").text, phones.read(912000021).text
    ('+886912000021', '+886912000021')
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
        glued = any_of(word for word in words["labels"]["words"] if not word.isascii())
        self._labels = re.compile(
            rf"\A\W*(?:(?:{labels})[\s:：.)）]+|(?:{glued})(?=[+\d]))|[\s(（\[【]+(?:{labels})[\s)）\]】]*\Z", re.I
        )
        self._between = re.compile(rf"\s*(?:[/;,；，、\n|&]|{any_of(words['between']['words'])})\s*", re.I)
        self._no_phone = re.compile(any_of(words["other_numbers"]["words"]), re.I)
        self._nobody = re.compile("|".join(words["placeholder"]["patterns"]))
        self._lucky = re.compile("|".join(words["placeholder"]["real"]))
        self._memory: dict[tuple[type, Any, str | None], Phone] = {}

    def read(self, cell: Any, country: str | None = None) -> Phone:
        """One cell: text, or a number whose digits are the phone's; country: ISO code of the row's, None where unknown."""
        key = (cell.__class__, cell, country)
        phone = self._memory.get(key)
        if phone is None:
            phone = self._memory[key] = self._cell(cell, country)
            if phone.text is not cell:
                self._memory.setdefault((str, phone.text, country), phone)  # the cleaned cell will be read, too
                if country == HOME and self._chinese and IN_ONE_FORM.fullmatch(phone.text):
                    self._memory.setdefault((str, phone.text, None), phone)
            elif country == HOME and MOBILE.fullmatch(cell):
                self._memory[str, cell, None] = phone  # the same wherever the row is
        return phone

    def each(self, cells: Sequence[Any]) -> list[Phone]:
        """Many cells of rows whose country is not asked for."""
        return list(map(self.read, cells))

    def _cell(self, cell: Any, country: str | None) -> Phone:
        text = as_text(cell) or ""
        if MOBILE.fullmatch(text) and country in (None, HOME):
            return self._checked(text, text, "")
        if (
            (home := LANDLINE.fullmatch(text))
            and text.isascii()
            and (country == HOME or (not country and self._chinese))
        ):
            return self._checked(text if self._placeholder(text) else "-".join(filter(None, home.groups())), text, "")
        if whole := WHOLE.fullmatch(text):
            text = whole[1]
        elif GROUPED.fullmatch(text):
            text = text.replace(",", "")
        if DAMAGED.fullmatch(text):
            digits = _restored(text)
            return self._checked(digits, digits, "") if digits else Phone(text, issue="damaged-number")
        one = self._one(text, country)
        if one:
            return one
        glued = MOBILE.findall(text) if GLUED.fullmatch(text) else []
        for parts in (self._between.split(text), glued, text.split()):
            several = [self._one(part, country) for part in parts if part.strip()]
            if len(several) > 1 and all(several):
                return _joined([phone for phone in several if phone])
        return self._with_words(text, country)

    def _one(self, part: str, country: str | None) -> Phone | None:
        """A part that is one number and nothing else; None where it is not."""
        bare = self._labels.sub("", part.strip())
        if MASKED.fullmatch(bare):
            return Phone(bare, issue="placeholder-contact")
        part = WHOLE.sub(r"\1", bare) if WHOLE.fullmatch(bare) else bare
        part = TWICE.sub("", IN_BRACKETS.sub(r"\1", part.strip(" :：,，;；.。")))
        found = self._extension.fullmatch(part) or DASHED_EXTENSION.fullmatch(part)
        body, extension = (found[1], found[2]) if found else (part, "")
        if self._placeholder(re.sub(r"\D", "", body)) and FOREIGN.fullmatch(body):
            return Phone(_compact(part), issue="placeholder-contact")
        return self._chinese_number(body, extension, country) or self._foreign_number(part, body, extension, country)

    def _chinese_number(self, body: str, extension: str, country: str | None) -> Phone | None:
        home = self._chinese if country is None else country == HOME
        if country not in (None, HOME) and not CALLING_CHINA.match(body):
            return None
        chinese = chinese_number(body, lost_zero=home and body.isdigit(), home=home)
        if not chinese:
            return None
        digits = re.sub(r"\D", "", chinese)
        text = chinese if country in (None, HOME) else f"+86{digits.removeprefix('0')}"
        return self._checked(text + (self._mark + extension if extension else ""), digits, extension)

    def _foreign_number(self, part: str, body: str, extension: str, country: str | None) -> Phone | None:
        if not FOREIGN.fullmatch(body):
            return None
        near = NEAR.match(body)
        dialled = f"+{body.lstrip('( ')}" if near and country in (None, HOME) else body
        international = dialled.lstrip("( ").startswith(("+", "00"))
        if international or country not in (None, HOME):
            if number := world_number(dialled, country):
                return self._checked(number.text + (f"x{extension}" if extension else ""), number.key, extension)
            if international:
                return None
        digits = re.sub(r"\D", "", body)
        taiwan = self._chinese and country is None and TAIWAN_MOBILE.fullmatch(digits)
        if taiwan and (number := world_number(f"0{digits.removeprefix('0')}", "TW")):
            return self._checked(number.text, number.key, extension)
        known = not self._chinese or NORTH_AMERICAN.fullmatch(body) or LOCAL.fullmatch(digits)
        if not 7 <= len(digits) <= 15 or not known:
            return None
        return self._checked(part, digits[1:] if len(digits) == 11 and digits[0] == "1" else digits, extension)

    def _checked(self, text: str, digits: str, extension: str) -> Phone:
        if self._placeholder(digits):
            return Phone(text, issue="placeholder-contact")
        return Phone(text, (digits + (f"x{extension}" if extension else ""),))

    def _placeholder(self, digits: str) -> bool:
        return bool(self._nobody.fullmatch(digits)) and not self._lucky.fullmatch(digits)

    def _with_words(self, text: str, country: str | None) -> Phone:
        """A cell with other words keeps them; its numbers still tell duplicates."""
        inside = _joined([phone for match in INSIDE.findall(text) if (phone := self._one(match, country))])
        if inside.numbers:
            return Phone(text, inside.numbers)
        local = [self._one(run, country) for run in RUN.findall(text) if not DAY.match(run)]
        if local and all(local) and not self._no_phone.search(text):
            return Phone(text, _joined([phone for phone in local if phone]).numbers)
        masked = "placeholder-contact" if MASKED_INSIDE.search(text) else None
        return Phone(text, issue=inside.issue or masked or "odd-phone")


def _joined(phones: list[Phone]) -> Phone:
    texts = dict.fromkeys(phone.text for phone in phones)
    numbers = dict.fromkeys(number for phone in phones for number in phone.numbers)
    return Phone("; ".join(texts), tuple(numbers), next((phone.issue for phone in phones if phone.issue), None))


def _restored(text: str) -> str | None:
    """The mobile that a number stands for; 1.3800000001E+10 shows all its digits, 1.38E+10 does not."""
    mantissa, exponent = re.split("[eE]", text)
    digits = mantissa.replace(".", "")
    full = len(digits) == int(exponent) + 1 and MOBILE.fullmatch(digits)
    return digits if full else None


def _compact(text: str) -> str:
    """138 0000 0000 as 13800000000, anything longer or with other marks as it is."""
    digits = re.sub(r"[\s-]", "", text)
    return digits if MOBILE.fullmatch(digits) else text


IN_ONE_FORM = re.compile(rf"{MOBILE.pattern}|0\d{{2,3}}-\d{{7,8}}")
"""Chinese numbers as they are written once cleaned."""
LOCAL = re.compile(r"[2-8]\d{6,7}")
NORTH_AMERICAN = re.compile(r"\W*(?:1\W+)?\d{3}\W{1,2}\d{3}\W\d{4}")
FOREIGN = re.compile(r"\+?[\d\s\-‐-―.()/]+")
NEAR = re.compile(r"[( ]*(?:85[23]|886)[)\s-]+\d")
"""Hong Kong, Macau and Taiwan are often written without +."""
TAIWAN_MOBILE = re.compile(r"09\d{8}|9\d{8}")
"""In a Chinese sheet nobody else's numbers look so; a spreadsheet takes the zero. Landlines do look like ours (02-2345-6789)."""
CALLING_CHINA = re.compile(r"[\s(]*(?:\+|00)[\s(]*86")
TWICE = re.compile(r"\A\++(?=\+)|\A\+86[\s-]*(?=\+86)")
DAMAGED = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,2}")
WHOLE = re.compile(r"(\d+)\.0+")
GROUPED = re.compile(r"\d{2},\d{3},\d{3},\d{3}")
MASKED = re.compile(r"[+\d\s-]*(?:[*•·●…]+|\.{3,}|[xX×?？#]{2,})[*•·●…?？#xX×.\d\s-]*")
MASKED_INSIDE = re.compile(r"\d{2,}[*•●]{2,}")
IN_BRACKETS = re.compile(r"\A[(（]([^()（）]*)[)）]\Z")
DASHED_EXTENSION = re.compile(
    r"((?:(?:\+|00)?86[-\s]*)?(?:[(（]?0?\d{2,3}[)）]?[-\s]*)?\d{7,8}|[48]00-?\d{3,4}-?\d{3,4})-{1,2}(\d{1,5})"
)
GLUED = re.compile(rf"(?:{MOBILE.pattern}[\s\-‐-―~+|.·]*){{2,}}")
RUN = re.compile(r"(?<![A-Za-z\d.])[+(（]?\d[\d\s\-‐-―.()（）]{5,}\d(?![A-Za-z\d])")
"""What may be a number beside a name, in whatever form a number by itself may have: 徐小姐 88880000, Ann 0171 555 0133."""
DAY = re.compile(r"(?:19|20)\d\d[-./ ]?(?:0?[1-9]|1[0-2])[-./ ]?(?:[0-2]?\d|3[01])(?!\d)")
INSIDE = re.compile(
    r"(?<![\d.])(?:(?:\+?86[-\s]?)?(?:1[3-9]\d(?:[-\s]?\d{4}){2}|[(（]?0\d{2,3}[)）]?[-\s]?(?:\d{7,8}|\d{4}[-\s]\d{4})"
    r"|[48]00-?\d{3,4}-?\d{3,4})|\+\d[\d\s().-]{6,18}\d|\(?\d{3}\)?[-.\s]\d{3}[-.]\d{4})(?!\.?\d)"
)
