"""A header as plain words: for looking it up, and for the role model."""

from __future__ import annotations

import re

from lostdeals.vocab import Vocabulary, normalise

REMEMBERED = 20_000
"""Headers whose words are kept, because each is asked for several times."""
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
BRACKETS = re.compile(r"[(\[{【〔<][^)\]}】〕>]*[)\]}】〕>]?")
HANZI = re.compile(r"[\u3400-\u9fff]+")
BOTH = re.compile(r"[\u3400-\u9fff] [a-z]|[a-z.] [\u3400-\u9fff]")
COUNT, NUMBER = re.compile(r"^#\s*(?:of\s+)?(?=[^\W\d])"), re.compile(r"(?<=[^\W\d])\s*#$")
"""# calls and Order #."""
MARKS = "?%$€£"
"""Marks that say what a header asks for: Signed? is yes or no, Signed may be a day."""
JOINT = "·"
"""Between the two rows of a header: 基本情况·水平."""


class HeaderWords:
    """What a header says without the marks, brackets and prefixes that exports and forms put around it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        rules = vocabulary.section("structure")
        header = rules["header"]
        self._simplified = str.maketrans(rules["traditional"]["from"], rules["traditional"]["to"])
        self._marks = re.compile("|".join(re.escape(mark) for mark in sorted(header["marks"], key=len, reverse=True)))
        self._abbreviations: dict[str, str] = header["abbreviations"]
        self._prefixes = tuple(header["prefixes"])
        self._suffixes = tuple(header["suffixes"])
        self._known_words: dict[str, str] = {}

    def words(self, header: str) -> str:
        """A header as plain words: no brackets, marks or prefixes, camelCase taken apart.

        >>> from lostdeals.vocab import load
        >>> HeaderWords(load()).words("property_dealName"), HeaderWords(load()).words("Deal - Lost reason"), HeaderWords(load()).words("預算（萬元）")
        ('deal name', 'lost reason', '预算')
        """
        known = self._known_words.get(header)
        if known is None:
            known = self._in_words(header)
            if len(self._known_words) < REMEMBERED:
                self._known_words[header] = known
        return known

    def _in_words(self, header: str) -> str:
        plain = self.plain(CAMEL.sub(" ", header))
        bare = BRACKETS.sub(" ", plain)
        plain = self._marks.sub(" ", bare if bare.strip(" *:：") else plain)
        plain = re.sub(r"_+", " ", plain)
        plain = re.sub(r"(?<=\w)[ .-]*\d+\b", "", plain)
        plain = " ".join(plain.strip(" *:：#-–—.?？").split())
        for prefix in self._prefixes:
            if plain.startswith(prefix) and len(plain) > len(prefix) + 1:
                plain = plain.removeprefix(prefix)
        for suffix in self._suffixes:
            if plain.endswith(suffix) and len(plain) > len(suffix) + 1:
                plain = plain.removesuffix(suffix)
        plain = " ".join(self._abbreviations.get(word.strip("."), word) for word in plain.split())
        return re.sub(r"^(\w+) (?:of|for|from) (?:the )?(.+)$", r"\2 \1", plain)

    def asked(self, header: str) -> str:
        """A header as the role model reads it: plain words, then those in brackets, each behind a bracket, then its marks.

        >>> from lostdeals.vocab import load
        >>> HeaderWords(load()).asked("Signed? (Y/N)"), HeaderWords(load()).asked("对接人（客户方，必填）")
        ('signed (y (n (?', '对接人 (客户方')
        """
        plain = self.plain(CAMEL.sub(" ", header))
        words = re.sub(r"[^\w\s#&.-]", " ", self.words(header))
        bare = BRACKETS.sub(" ", plain)
        inside = self._marks.sub(" ", " ".join(BRACKETS.findall(plain))) if bare.strip(" *:：") else ""
        ending = next((end for end in self._suffixes if bare.replace("_", " ").rstrip().endswith(end)), "")
        aside = [*re.findall(r"[^\W\d_]+|\d+|[%$¥€£]", f"{inside} {ending}"), *(mark for mark in MARKS if mark in bare)]
        aside = ["0" if word.isdigit() else word for word in aside]
        return " ".join([*words.split(), *(f"({word}" for word in aside)])

    def plain(self, text: str) -> str:
        """A header in small, narrow and simplified characters; # before or after a word is a number."""
        plain = normalise(text).translate(self._simplified)
        return COUNT.sub("number of ", NUMBER.sub(" number", plain)) if "#" in plain else plain
