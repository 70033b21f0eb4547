"""Names, organisations and addresses in the form in which they are compared: what people write differently is folded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from lostdeals.vocab import Vocabulary
from lostdeals.vocab.gazetteer import CITY, PROVINCE, gazetteer
from lostdeals.vocab.phrases import APART, normalised, simple_each
from lostdeals.vocab.wordlists import any_of


class Forms:
    """Folds texts by ``vocab/matching.toml``.

    A masked text (王**) and a mere surname (王女士) fold to nothing: they tell nobody.

    >>> from lostdeals.vocab import load
    >>> forms = Forms(load())
    >>> [forms.person(text) for text in ("Dr. Bill O’Neill", "O'Neill, William", "王 芳女士", "王女士", "王**")]
    ['oneill william', 'oneill william', '王芳', '', '']
    >>> forms.organisations(["上海样例科技有限公司", "样例科技（上海）股份有限公司", "The Example Co., Inc."])
    ['样例科技 上海', '样例科技 上海', 'example']
    >>> forms.addresses(["12 North Example Street", "广东省样例市一号路3号"])
    ['12 n example st', '广东样例一号路3号']
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        words, names = vocabulary.section("matching"), vocabulary.section("names")
        person, organisation, address = words["person"], words["organisation"], words["address"]
        people, forms, firms = names["people"], names["legal_forms"]["words"], names["firms"]["words"]
        self._titles = frozenset([*person["titles"], *(title.strip(".") for title in people["before"])])
        self._nicknames: Mapping[str, str] = person["nicknames"]
        self._title_after = re.compile(f"(?:{any_of([*person['titles_after'], *people['behind']])})+$")
        latin = [form for form in forms if form.isascii()]
        self._legal = frozenset([*organisation["small"], *(form.replace(".", "") for form in latin)])
        self._legal_zh = re.compile(any_of(form for form in forms if not form.isascii()))
        joined = "|".join(r"\.?\s?".join(map(re.escape, MARKS.split(form))) for form in latin if MARKS.search(form))
        self._joined = re.compile(rf"(?<![a-z0-9])(?:{joined})\.?(?![a-z0-9])")
        self._short: Mapping[str, str] = organisation["short"]
        self._marks = frozenset([*latin, *(word for word in firms if word.isascii())])
        self._marks_zh = re.compile(any_of(word for word in [*forms, *firms] if not word.isascii()))
        self._address_short: Mapping[str, str] = address["short"]
        self._address_marks: Mapping[str, str] = address["marks_zh"]
        self._fillers = re.compile(any_of(address["fillers_zh"]))
        towns = {place.key for place in gazetteer(vocabulary).places if place.level in (PROVINCE, CITY)}
        self._places = re.compile(any_of(town for town in towns if len(town) > 1 and not town.isascii()))

    def names(self, texts: Sequence[str]) -> list[str]:
        """Names that may be persons' or organisations'; their own words tell which."""
        return list(map(self._name, self.folded(texts)))

    def person(self, text: str) -> str:
        """Titles and marks dropped, short forms in full, Latin words in alphabetical order."""
        return self._person(*self.folded([text]))

    def organisations(self, texts: Sequence[str]) -> list[str]:
        """Legal forms dropped, long words in short; a Chinese place stands at the end, Latin words in alphabetical order."""
        return list(map(self._organisation, self.folded(texts)))

    def addresses(self, texts: Sequence[str]) -> list[str]:
        """Long words in short, 省 and 市 dropped."""
        return _by_script(
            self.folded(texts),
            lambda joined: BETWEEN_WORDS.sub("", self._fillers.sub("", self._with_usual_marks(joined))),
            lambda text: " ".join(self._in(self._address_short, WORD.findall(text.replace("'", "")))),
        )

    def _with_usual_marks(self, text: str) -> str:
        for mark, usual in self._address_marks.items():
            text = text.replace(mark, usual)
        return text

    def plains(self, texts: Sequence[str]) -> list[str]:
        """The words of any other texts, without marks and accents."""
        return _by_script(
            self.folded(texts),
            lambda joined: BETWEEN_WORDS.sub("", joined),
            lambda text: " ".join(WORD.findall(text.replace("'", ""))),
        )

    def folded(self, texts: Sequence[str]) -> list[str]:
        """Width, case, accents and traditional characters; nothing where a text is masked."""
        out = [text.lower() if text.isascii() else "" for text in texts]
        places = [place for place, text in enumerate(texts) if not text.isascii()]
        for place, text in zip(places, self._without_accents([texts[place] for place in places]), strict=True):
            out[place] = text
        # Most columns have none of these letters, and asking for one costs a tenth of the search
        every = APART.join(out)
        masks = [mark for mark in MASKING if mark in every]
        if masks:
            out = ["" if any(mark in text for mark in masks) and MASK.search(text) else text for text in out]
        return out

    def _without_accents(self, texts: Sequence[str]) -> list[str]:
        folded = simple_each(normalised(texts), underscores=True)
        return [
            text if text.isascii() or HAN.search(text) else ACCENT.sub("", unicodedata.normalize("NFKD", text))
            for text in folded
        ]

    def _name(self, text: str) -> str:
        if HAN.search(text):
            whole = self._marks_zh.search(text) or len(HAN.findall(text)) > LONGEST_PERSON
            return self._organisation(text) if whole else self._person(text)
        return self._organisation(text) if self._marks.intersection(WORD.findall(text)) else self._person(text)

    def _person(self, text: str) -> str:
        if HAN.search(text):
            bare = "".join(WORD.findall(IN_BRACKETS.sub("", text) or text))
            name = self._title_after.sub("", bare) or bare
            return name if len(name) > 1 else ""
        words = [word for word in WORD.findall(text.replace("'", "")) if word not in self._titles]
        return " ".join(sorted(self._in(self._nicknames, words)))

    def _organisation(self, text: str) -> str:
        if not HAN.search(text):
            text = self._joined.sub(" ", text.replace("'", "").replace("&", " and "))
            words = WORD.findall(text)
            return " ".join(sorted(self._in(self._short, [word for word in words if word not in self._legal] or words)))
        bare = "".join(WORD.findall(text))
        core = self._legal_zh.sub("", bare) or bare
        places = self._places.findall(core)
        rest = self._places.sub("", core) if places else core
        return f"{rest} {''.join(sorted(set(places)))}" if places and len(rest) > 1 else core

    @staticmethod
    def _in(table: Mapping[str, str], words: Iterable[str]) -> list[str]:
        return [table.get(word, word) for word in words]


def _by_script(texts: Sequence[str], chinese: Callable[[str], str], latin: Callable[[str], str]) -> list[str]:
    """Texts folded on: those with Chinese characters all together, with ``APART`` between them, each other one by itself."""
    out, places = list(texts), []
    for place, text in enumerate(texts):
        if HAN.search(text) and APART not in text:
            places.append(place)
        else:
            out[place] = chinese(text.replace(APART, "")) if HAN.search(text) else latin(text)
    if places:
        joined = chinese(APART.join(out[place] for place in places))
        for place, text in zip(places, joined.split(APART), strict=True):
            out[place] = text
    return out


class Sounds:
    """How words sound: Chinese characters as toneless pinyin, Latin words after Soundex (Russell 1918, as in Knuth 1973).

    >>> from lostdeals.vocab import load
    >>> sounds = Sounds(load())
    >>> sounds.of("李伟") == sounds.of("李卫"), sounds.of("smith john"), sounds.of("jon smyth")
    (True, 'j500s530', 'j500s530')
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._readings: dict[str, str] = {}
        self._words: dict[str, str] = {}

    def of(self, text: str) -> str:
        """The sounds of a folded text, of Latin words in alphabetical order."""
        if text.isascii():
            words = text.split()
            return self._word(text) if len(words) == 1 else "".join(sorted(map(self._word, words)))
        readings = self._read()
        return "".join(map(readings.get, text, text)).strip()

    def each(self, texts: Sequence[str]) -> list[str]:
        """`of` many texts: the signs of all that are not Latin are looked up together."""
        out = list(texts)
        others = [place for place, text in enumerate(texts) if not text.isascii()]
        joined = APART.join([out[place] for place in others])
        if joined.count(APART) == len(others) - 1:
            readings = self._read()
            codes, signs = pd.factorize(np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32))
            said = np.array([readings.get(sign, sign) for sign in map(chr, signs.tolist())], dtype=object)
            heard = "".join(said[codes].tolist()).split(APART)
        else:
            heard = [self.of(out[place]) for place in others]
        for place, sound in zip(others, heard, strict=True):
            out[place] = sound.strip()
        return [self.of(text) if text.isascii() else sound for text, sound in zip(texts, out, strict=True)]

    def _read(self) -> Mapping[str, str]:
        """The sound of each Chinese character, with a space behind it."""
        if not self._readings:
            rows = (row.split() for row in self._vocabulary.section("sounds")["syllables"])
            self._readings = {character: f"{sound} " for sound, characters in rows for character in characters}
        return self._readings

    def _word(self, word: str) -> str:
        if word not in self._words:
            digits = word[1:].translate(SOUNDEX)
            first = word[:1].translate(SOUNDEX)
            tail = REPEATED.sub(r"\1", first + digits)[1:] if first.isdigit() else REPEATED.sub(r"\1", digits)
            self._words[word] = word if word[:1].isdigit() else (word[:1] + VOWELS.sub("", tail) + "000")[:4]
        return self._words[word]


HAN = re.compile(r"[\u3400-\u9fff]")
WORD = re.compile(r"[^\W_]+")
BETWEEN_WORDS = re.compile(rf"[^\w{APART}]+|_+")
"""What stands between words, but for what stands between texts."""
ACCENT = re.compile(r"[\u0300-\u036f]")
MARKS = re.compile(r"[./& ,]+")
MASKING = ("*", "•", "●", "×", "xxx")
MASK = re.compile(r"\*|[•●×]{2,}|(?<![a-z])x{3,}(?![a-z])")
IN_BRACKETS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
LONGEST_PERSON = 4
"""Chinese characters of the longest usual name of a person."""
SOUNDEX = str.maketrans("bfpvcgjkqsxzdtlmnraeiouyhw", "11112222222233455600000077")
REPEATED = re.compile(r"([0-9])(?:7*\1)+")
VOWELS = re.compile(r"[^1-6]")
