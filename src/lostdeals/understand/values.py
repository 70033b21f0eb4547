"""The tests that a cell is put to: phone, e-mail, date, number, yes or no, person, company."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time, timedelta
from functools import lru_cache

from lostdeals.model import ErrorCell
from lostdeals.understand.cell_text import CHINESE, numbered
from lostdeals.vocab import Phrases, Vocabulary, normalise

MOBILE = re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?[\d*]{4}[- ]?\d{4}(?!\d)")
PHONE = r"(?:\+\d[\d\s().x-]{7,}|\(?0?\d{2,4}\)?[-. ]\d{3,4}[-. ]?\d{4}|0\d{2,3}-?\d{7,8})"
GROUPED = re.compile(r"(?:\+|\(?0)[\d\s().-]+|\d{3}[-. ]\d{3}[-. ]\d{4}")
SENTENCE_MARK = re.compile(r"[，。；！？!?;]|, [a-z]")
DAY_OF_YEAR = re.compile(
    r"(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])|[A-Za-z]{3,9}\.?\s\d{1,2}|\d{1,2}\s[A-Za-z]{3,9}\.?"
)
LOOSE_DATE = re.compile(
    r"[A-Za-z]{3,9}[-\s.,'’]+(?:19|20)?\d\d|[A-Za-z]{3,9}\.?,?\s\d{1,2}[-/.\s](?:\d{1,2}|[A-Za-z]{3,9})(?:[-/.\s]\d{2,4})?"
)
"""Aug 2025, Jan-24, Mon 3/4, Sat 14 June 25; Room 101 looks the same, so that only a header makes it a date."""
CODE = re.compile(r"[A-Za-z]{1,3}[-_/ ]?\d{3,}")
GUID = re.compile(r"\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?", re.IGNORECASE)
SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+1[0-2]", re.IGNORECASE)
LETTER = 120
"""Characters from which on a cell needs more than one e-mail address for every half of them, and is no address of a house."""
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
URL = re.compile(
    r"(https?://|www\.)\S+"
    r"|[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|cn|net|org|io|co|edu|gov|info|biz|de|uk|fr|eu|me|ai|hk|tw)\b\S*",
    re.IGNORECASE,
)
DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
YEAR, MONTH, DAY = "\ue000", "\ue001", "\ue002"
"""Stand for the marks of dates.toml, which a pattern cannot name."""
DATE = re.compile(
    rf"""
    (?:19|20)?\d\d\s*[-/.{YEAR}]\s*\d{{1,2}}\s*[-/.{MONTH}]\s*\d{{1,2}}.*       # 2024-03-05, 24/3/5, 2024Y3M5D
    | \d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}\b.*                                # 05.03.2024
    | (?:\d{{4}}{YEAR})?\d{{1,2}}{MONTH}\d{{1,2}}\s*{DAY}?.*                     # 3M5D
    | \d{{1,2}}(?:st|nd|rd|th)?[-\s]?[A-Za-z]{{3,9}}\.?,?[-\s]?\d{{2,4}}\b.*   # 15 Apr, 2021
    | [A-Za-z]{{3,9}}\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}\b.*           # April 15, 2021
    | (?:19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])                # 20240305
    | (?:19|20)\d{{2}}[-/.{YEAR}]\d{{1,2}}{MONTH}?                             # 2024-03
    """,
    re.VERBOSE,
)
NUMBER = r"[^\d\s@]{0,8}\s*\d[\d., ']*\s*[^\d@]{0,10}"
OPAQUE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9+/=_-]{16,}")
COUPLE = re.compile(r"\s*[&+/]\s*|\s+and\s+")
LATIN_NAME = re.compile(r"[A-Z][\w'’.-]*(?:\s[A-Z][\w'’.-]*){0,3}")
SURNAME_FIRST = re.compile(r"[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*)?, ([A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*)?)")
"""Hayes, Imogen; what stands behind the comma is the first name."""
INITIAL = re.compile(r"[a-z]\.(?:[a-z]\.)?")
SMALL_END = re.compile(r"^[A-Z].* [a-z]{3,}$")
"""Harbour Cafe website is something for a company, not its name."""
_ALL_CHINESE = re.compile(r"[\u3400-\u9fff·]+")
SERIALS = (15_000, 75_000)
"""Day numbers of Excel between 1941 and 2105."""


class Values:
    """The tests that values are put to, with the vocabulary's words.

    >>> from lostdeals.vocab import load
    >>> tests = Values(load())
    >>> tests.phone("１３８ 0000 0002", "138 0000 0002"), tests.person("欧阳小红", "欧阳小红"), tests.is_blank("暂无")
    (True, True, True)
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        words = vocabulary.section("structure")["values"]
        blanks = vocabulary.section("blanks")
        self._blank = {normalise(word) for word in blanks["everywhere"]["words"]}
        self._blank_marks = blanks["marks"] + " "
        self._blank_beginnings = {word[:1] for word in self._blank}
        self._begins: dict[str, bool] = {}
        dates, numerals = vocabulary.section("dates")["marks"], vocabulary.section("numerals")
        self._date_marks = {
            mark: sign for key, sign in (("year", YEAR), ("month", MONTH), ("day", DAY)) for mark in dates[key]
        }
        self._date_mark = re.compile(_any(self._date_marks))
        extension = _any(vocabulary.section("phones")["extension"]["words"])
        self._strict_phone = re.compile(rf"{PHONE}(?:\s?(?:{extension})\s?\d+)?", re.IGNORECASE)
        to = _any(["-", *vocabulary.section("money")["words"]["range"]])
        self._number = re.compile(rf"{NUMBER}(?:(?:{to}){NUMBER})?")
        self._numerals = re.compile(rf"(?:{_any([*numerals['digits'], *numerals['places']])}){{1,8}}\D{{0,3}}")
        yesno = vocabulary.section("yesno")
        self._flags = {normalise(word) for key in ("yes", "no") for word in yesno[key]["words"]}
        self._company = Phrases({"company": words["company"]})
        self._money = re.compile(_any(vocabulary.section("structure")["shapes"]["money"]), re.IGNORECASE)
        self._given = {normalise(name) for name in words["given_names"]}
        self._honorifics = frozenset(words["honorifics"])
        self._jobs = Phrases({"job": words["jobs"]})
        self._surnames = set(words["surnames"])
        self._double_surnames = tuple(words["double_surnames"])
        self._person_endings = tuple(words["person_endings"])
        self._person_beginnings = tuple(words["person_beginnings"])
        self._genders = {normalise(word) for word in words["gender"]}
        self._vague_dates = Phrases({"date": words["vague_dates"]})
        self._vague_numbers = {normalise(word) for word in words["vague_numbers"]}
        self._sources, self._reasons = (
            Phrases({key: [*entry.get("values", []), *entry.get("words", [])] for key, entry in categories.items()})
            for categories in (vocabulary.section("dimensions")["source"]["categories"], vocabulary.section("reasons"))
        )
        places = vocabulary.section("structure")["shapes"]["address"]
        latin = _any(word for word in places if word.isascii())
        chinese = _any(word for word in places if not word.isascii())
        self._address = re.compile(
            rf"\d+\w?,? (?:\w+ ){{1,3}}(?:{latin})\b|\w(?:{chinese})\s*\d|\d+(?:{chinese})", re.IGNORECASE
        )
        pages = vocabulary.section("structure")["rows"]["pages"]
        said = "|".join(numbered(normalise(page).replace(" ", "")) for page in pages)
        self._page = re.compile(rf"\W*(?:{said})\W*")

    def page(self, text: str) -> bool:
        """Nothing but 第1页 共2页, Page 3 of 7: what a printout says between its pages."""
        return bool(self._page.fullmatch(re.sub(r"\s", "", normalise(text))))

    def is_blank(self, value: object) -> bool:
        """Empty, or filled with something that means it: 无, N/A, Select, #REF!."""
        if isinstance(value, str):
            if value and value[0].isalnum() and self._begins_no_blank(value[0]):
                return False
            plain = normalise(value).strip(self._blank_marks)
            return not plain or plain in self._blank
        return value is None or isinstance(value, ErrorCell)

    def _begins_no_blank(self, sign: str) -> bool:
        """No blank begins with a letter or digit: most cells are told by their first sign."""
        if sign not in self._begins:
            self._begins[sign] = normalise(sign)[:1] not in self._blank_beginnings
        return self._begins[sign]

    def phone(self, value: object, text: str) -> bool:
        """A cell with a phone in it, maybe several, maybe with a name before it."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return 1e6 <= value < 1e14 and value == int(value)
        if "@" in text or len(text) > 80 or self.date(value, text):
            return False
        if MOBILE.search(text) or SCIENTIFIC.fullmatch(text):
            return True
        digits = sum(character.isdigit() or character == "*" for character in text)
        return (
            7 <= digits <= 40
            and sum(character.isalpha() for character in text) <= 6
            and (GROUPED.fullmatch(text) is not None or not re.search(r"\d\.\d{3,}$", text))
        )

    def strict_phone(self, value: object, text: str) -> bool:
        """A cell that can hardly be anything but a phone."""
        if isinstance(value, str) and GROUPED.fullmatch(text) and 9 <= sum(map(str.isdigit, text)) <= 15:
            return True
        return bool(
            MOBILE.fullmatch(text)
            or (
                isinstance(value, str)
                and (self._strict_phone.fullmatch(text) or (MOBILE.search(text) and len(text) < 30))
            )
        )

    def email(self, value: object, text: str) -> bool:
        """An e-mail address, or several; a letter with addresses in its head is none."""
        found = EMAIL.search(text)
        return found is not None and (len(text) <= LETTER or len(text) <= LETTER * text.count("@") / 2)

    def url(self, value: object, text: str) -> bool:
        """A web address."""
        return bool(URL.fullmatch(text))

    def domain(self, value: object, text: str) -> bool:
        """Words joined by dots, such as example.ro."""
        return bool(DOMAIN.fullmatch(text))

    def date(self, value: object, text: str) -> bool:
        """A date that shows itself as one."""
        marked = text if text.isascii() else self._date_mark.sub(lambda found: self._date_marks[found[0]], text)
        return isinstance(value, date) or bool(DATE.fullmatch(marked))

    def datelike(self, value: object, text: str) -> bool:
        """Anything that may stand for a date under such a header: a serial, seconds since 1970, a year, 下周三; no time of day."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return (
                SERIALS[0] <= value <= SERIALS[1]
                or 1900 <= value <= 2100
                or 1e9 <= value < 1e13
                or bool(DAY_OF_YEAR.fullmatch(text))
                or self.date(value, text)
            )
        if isinstance(value, time | timedelta):
            return False
        if DAY_OF_YEAR.fullmatch(text):
            return True
        if self.date(value, text) or LOOSE_DATE.fullmatch(text) or bool(self._vague_dates.find(text)):
            return len(text) < 60
        return text.replace(".", "", 1).isdecimal() and (
            SERIALS[0] <= float(text) <= SERIALS[1] or 1900 <= float(text) <= 2100
        )

    def number(self, value: object, text: str) -> bool:
        """A number, an amount or a range, with its unit."""
        if isinstance(value, bool | date):
            return False
        if isinstance(value, int | float):
            return True
        if self.date(value, text) or "@" in text or (CODE.fullmatch(text) and not self._money.match(text)):
            return False
        return (
            bool(self._number.fullmatch(text) or self._numerals.fullmatch(text))
            or normalise(text) in self._vague_numbers
        )

    def percent(self, value: object, text: str) -> bool:
        """A share of something: 35 %."""
        return text.endswith("%") and any(map(str.isdigit, text))

    def digits(self, value: object, text: str) -> bool:
        """Nothing but digits."""
        return text.replace(".", "", 1).lstrip("-").isdecimal()

    def numbered(self, value: object, text: str) -> bool:
        """A digit somewhere; a job hardly has one."""
        return any(character.isdigit() for character in text)

    def flag(self, value: object, text: str) -> bool:
        """Yes or no, 0 and 1 among them."""
        return isinstance(value, bool) or normalise(text) in self._flags

    def yes_or_no(self, value: object, text: str) -> bool:
        """Yes or no, said in words."""
        return isinstance(value, bool) or (normalise(text) in self._flags and not text.isdecimal())

    def opaque(self, value: object, text: str) -> bool:
        """A key or a hash that tells nothing."""
        return bool(OPAQUE.fullmatch(text))

    def person(self, value: object, text: str) -> bool:
        """A person's name: a surname and one to three characters, 张经理, two or three capitalised words."""
        if not isinstance(value, str) or self.company(value, text):
            return False
        if _ALL_CHINESE.fullmatch(text):
            if text.startswith(self._double_surnames) and 3 <= len(text) <= 4:
                return True
            named = text[0] in self._surnames and 2 <= len(text) <= 3
            return named or (
                2 <= len(text) <= 5
                and (
                    text.endswith(self._person_endings) or (len(text) <= 3 and text.startswith(self._person_beginnings))
                )
            )
        if any(character.isdigit() for character in text):
            return False
        if surname_first := SURNAME_FIRST.fullmatch(text):
            return self.given(value, surname_first[1])
        return all(LATIN_NAME.fullmatch(part) for part in COUPLE.split(text))

    def titled(self, text: str) -> bool:
        """A Chinese name that ends as one is addressed: 王姐, 陈总, 刘女士."""
        return bool(_ALL_CHINESE.fullmatch(text)) and len(text) > 1 and text.endswith(self._person_endings)

    def company(self, value: object, text: str) -> bool:
        """Something with 公司, 厂, Ltd … in it."""
        return (
            isinstance(value, str)
            and len(text) > 2
            and bool(self._company.find(text))
            and not (SMALL_END.search(text) and not self._company.find(text.rsplit(" ", 1)[-1]))
        )

    def job(self, value: object, text: str) -> bool:
        """What somebody does in a firm: 采购经理, VP Sales."""
        return isinstance(value, str) and len(text) <= 40 and bool(self._jobs.find(text))

    def given(self, value: object, text: str) -> bool:
        """A Latin name that begins with a usual first name, or has one behind its comma; companies are called otherwise."""
        surname_first = SURNAME_FIRST.fullmatch(text)
        first = normalise((surname_first[1] if surname_first else text).split(" ", 1)[0])
        return (
            bool(INITIAL.fullmatch(first)) or first.strip(".") in self._honorifics or first.split("-")[0] in self._given
        )

    def address(self, value: object, text: str) -> bool:
        """The address of a house: 4 Mill Lane, 人民路12号."""
        return len(text) <= LETTER and bool(self._address.search(text))

    def source(self, value: object, text: str) -> bool:
        """Where customers come from: Google, a friend."""
        return bool(self._sources.find(text))

    def reason(self, value: object, text: str) -> bool:
        """Why customers are lost: too dear, no answer."""
        return bool(self._reasons.find(text))

    def guid(self, value: object, text: str) -> bool:
        """A key that a program has made."""
        return bool(GUID.fullmatch(text))

    def firm(self, value: object, text: str) -> bool:
        """Nothing but the name of a company: no sentence that only speaks of one."""
        return self.company(value, text) and len(text) <= 60 and not SENTENCE_MARK.search(text)

    def gender(self, value: object, text: str) -> bool:
        """Male or female."""
        return normalise(text) in self._genders

    def sentence(self, value: object, text: str) -> bool:
        """Text somebody wrote: nine Chinese characters or eight words."""
        return isinstance(value, str) and (len(CHINESE.findall(text)) >= 9 or text.count(" ") >= 7)

    def letters(self, value: object, text: str) -> bool:
        """At least one letter or Chinese character."""
        return any(character.isalpha() for character in text)


@lru_cache(maxsize=4)
def values_of(vocabulary: Vocabulary) -> Values:
    """The tests of a vocabulary, made once."""
    return Values(vocabulary)


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
