"""The places of the world as one tree, and every name that is written for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property

from lostdeals.errors import LostDealsError
from lostdeals.vocab.loading import HERE, Vocabulary
from lostdeals.vocab.phrases import folded

WORLD, COUNTRY, PROVINCE, CITY, DISTRICT = range(5)
"""Levels of the tree: a state counts as a province, and what lies below a city is a district."""
PARTS = ("country", "province", "city", "district")
CHINA, ABROAD, BEYOND_CHINA = "CN", "abroad", "beyond-china"
"""Keys of three countries; the last two have no name: not the seller's, and not China."""
MUNICIPALITIES = {"110000", "120000", "310000", "500000", "810000", "820000"}
"""Codes of the provinces that are cities themselves: 北京 天津 上海 重庆 香港 澳门."""
NICKNAME, BARE, OFFICIAL = 1, 2, 3
"""How much a name says against others."""
SHORTEST = 2
"""Letters of an official name that turns up by chance: 和县 in 市和县."""


@dataclass(frozen=True)
class Place:
    """One place of the tree."""

    level: int
    key: str
    """What results are written with: a country's alpha-2 code, the short Chinese or the English name, a district's official name."""
    labels: Mapping[str, str]
    """Language -> what is shown; the key in a language that is missing."""
    path: tuple[int, ...]
    """The places around it from the country down, itself last."""
    municipal: bool = False
    """A province that is a city, too."""
    ranked: bool = False
    """A Chinese city that has a tier."""


@dataclass(frozen=True)
class Name:
    """One way of writing a place, and which places it may mean."""

    first: tuple[int, ...]
    """What it means by itself; several where they are as likely, so that only what they share is certain."""
    second: tuple[int, ...]
    """What it may mean where other names say so."""
    weight: int
    official: bool
    """It has its suffix: 朝阳区."""
    local: bool
    """A bare name that only districts have."""
    alone: bool
    """A bare name of a district that needs nothing around it."""
    bound: bool
    """A name that may be a piece of ordinary words: 三明 in 三明治."""
    whole: bool
    """A name only where it fills a part of the text: 沪, 海外."""


class _How(Enum):
    """How a text came to mean a place."""

    OFFICIAL, COUNTRY, BARE, LATIN, TOLD, NEAR = range(6)


class Gazetteer:
    """``vocab/places/``: the divisions of China, the countries, large cities abroad, and other names of all these.

    >>> from lostdeals.vocab import load
    >>> places = gazetteer(load())
    >>> [places.describe(number) for number in places.names["襄樊市"].first]
    [('CN', '湖北', '襄阳', None)]
    >>> [places.describe(number)[2:] for number in places.names["朝阳区"].first], places.names["朝阳"].first
    ([('北京', '朝阳区'), ('长春', '朝阳区')], ())
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._words = vocabulary.section("places/words")
        self._tiers = vocabulary.section("places/tiers")
        self._alone, self._bound, self._unclear = (
            {folded(text) for text in self._words[table]["words"]} for table in ("alone", "bound", "unclear")
        )
        self._whole = {folded(text) for text in [*self._words["whole"], *self._abroad()]}
        self._numbers: dict[tuple[int, str], int] = {}
        self._meanings: defaultdict[str, list[tuple[_How, int]]] = defaultdict(list)
        self.places: list[Place] = [Place(WORLD, "", {}, ())]
        self.codes: dict[str, list[int]] = {}
        """Codes of countries and states in capitals, with what each may stand for."""
        self._read_countries()
        self._read_divisions()
        self._read_world()
        self._read_words()
        self.names: dict[str, Name] = {text: self._name(text, found) for text, found in self._meanings.items()}

    def describe(self, number: int) -> tuple[str | None, str | None, str | None, str | None]:
        """Country, province, city and district of a place; None where it does not say."""
        parts: list[str | None] = [None] * len(PARTS)
        for place in (self.places[step] for step in self.places[number].path):
            parts[place.level - 1] = None if place.key in (ABROAD, BEYOND_CHINA) else place.key
            if place.municipal:
                parts[CITY - 1] = place.key
        country, province, city, district = parts
        return country, province, city, district

    def country(self, number: int) -> str | None:
        """The country's key, the two nameless ones included; None for the world."""
        path = self.places[number].path
        return self.places[path[0]].key if path else None

    def tier(self, number: int) -> str | None:
        """The tier of the city that a place is or lies in; None where there is no city, or it has no tier."""
        cities: Mapping[str, list[str]] = self._tiers["cities"]
        for place in (self.places[step] for step in self.places[number].path):
            if place.ranked:
                return next((tier for tier, names in cities.items() if place.key in names), "third_or_lower")
        return None

    def shared(self, numbers: Iterable[int]) -> int:
        """The smallest place that all of these lie in; 0, the world, where they have nothing in common."""
        common = 0
        for steps in zip(*(self.places[number].path for number in numbers), strict=False):
            if len(set(steps)) > 1:
                break
            common = steps[0]
        return common

    @cached_property
    def labels(self) -> Mapping[tuple[str, str], Mapping[str, str]]:
        """(``country`` … ``district``, key) -> what is shown per language."""
        return {(PARTS[place.level - 1], place.key): place.labels for place in self.places if place.labels}

    def _abroad(self) -> list[str]:
        return [text for words in self._words["abroad"].values() for text in words]

    def _read_countries(self) -> None:
        for alpha2, alpha3, chinese, english, others in _rows("countries", 5):
            number = self._add(0, COUNTRY, alpha2, {"zh": chinese, "en": english})
            for text in (chinese, english, *others.split("|")):
                self._may_mean(text, _How.COUNTRY, number)
            for code in (alpha2, alpha3):
                self.codes.setdefault(code, []).append(number)
        for key, words in zip((ABROAD, BEYOND_CHINA), self._words["abroad"].values(), strict=True):
            number = self._add(0, COUNTRY, key, {})
            for text in words:
                self._may_mean(text, _How.TOLD, number)

    def _read_divisions(self) -> None:
        china, unranked = self._numbers[0, CHINA], self._tiers["unranked"]
        above: dict[str, int] = {}
        for code, official, short, latin in _rows("divisions", 4):
            spellings = latin.split("|")
            labels = {"en": spellings[0]} if latin else {}
            province, city = code[:2], code[:4]
            if code.endswith("0000"):
                municipal = code in MUNICIPALITIES
                ranked = municipal and short not in unranked
                number = above[province] = self._add(china, PROVINCE, short, labels, municipal=municipal, ranked=ranked)
            elif code.endswith("00") or city.endswith("90"):
                number = self._add(above[province], CITY, short, labels, ranked=True)
                above[city if code.endswith("00") else code] = number
                self._numbers[above[province], official] = number
            else:
                number = self._add(above.get(city, above[province]), DISTRICT, official, labels)
                self._numbers.setdefault((self.places[number].path[-2], short), number)
            self._may_mean(official, _How.OFFICIAL, number)
            self._may_mean(short, _How.BARE, number)
            for text in spellings:
                self._may_mean(text, _How.LATIN, number)

    def _read_world(self) -> None:
        for parent, code, english, chinese, others in _rows("world", 5):
            above = self._numbers[0, parent] if (0, parent) in self._numbers else self._state(parent)
            labels = {"zh": chinese} if chinese else {}
            number = self._add(above, PROVINCE if code else CITY, english, labels)
            for text in (english, chinese, *others.split("|")):
                self._may_mean(text, _How.BARE, number)
            if code:
                self._numbers[above, code] = number
            if code.isupper():
                self.codes.setdefault(code, []).append(number)

    def _state(self, parent: str) -> int:
        country, code = parent.split("-")
        return self._numbers[self._numbers[0, country], code]

    def _read_words(self) -> None:
        for names in (*self._words["means"].values(), self._words["whole"]):
            for text, path in names.items():
                self._may_mean(text, _How.TOLD, self._at(path, text))
        for text, path in self._words["near"].items():
            self._may_mean(text, _How.NEAR, self._at(path, text))
        for text in self._words["never"]["words"]:
            self._meanings[folded(text)] = []

    def _at(self, path: object, text: str) -> int:
        """The place of a path such as 江苏/苏州 or US/California; what lies in it and is new is added.

        Raises LostDealsError ``vocab-unreadable`` where its first part is neither a province nor a country.
        """
        first, *rest = str(path).split("/")
        number = self._numbers.get((self._numbers[0, CHINA], first)) or self._numbers.get((0, first))
        if number is None:
            raise LostDealsError("vocab-unreadable", where="places.words", reason=f"{text} = {path!r}")
        for part in rest:
            place = self.places[number]
            level = DISTRICT if place.municipal else min(place.level + 1, DISTRICT)
            number = self._numbers.get((number, part)) or self._add(number, level, part, {})
        return number

    def _add(
        self,
        above: int,
        level: int,
        key: str,
        labels: Mapping[str, str],
        *,
        municipal: bool = False,
        ranked: bool = False,
    ) -> int:
        number = len(self.places)
        self.places.append(Place(level, key, labels, (*self.places[above].path, number), municipal, ranked))
        self._numbers.setdefault((above, key), number)
        return number

    def _may_mean(self, text: str, how: _How, number: int) -> None:
        if text:
            self._meanings[folded(text)].append((how, number))

    def _name(self, text: str, meanings: Iterable[tuple[_How, int]]) -> Name:
        by: defaultdict[_How, set[int]] = defaultdict(set)
        for how, number in meanings:
            by[how].add(number)
        bare, given = by[_How.BARE] | by[_How.LATIN], by[_How.TOLD] | by[_How.OFFICIAL]
        level = min((self.places[number].level for number in bare), default=DISTRICT)
        largest = {number for number in bare if self.places[number].level == level}
        if level == DISTRICT and (len(largest) > 1 or (by[_How.LATIN] and not self._known_alone(largest))):
            largest = set()
        first = set() if text in self._unclear else given or by[_How.COUNTRY] or largest
        return Name(
            first=tuple(sorted(first)),
            second=tuple(sorted({number for _, number in meanings} - first)),
            weight=OFFICIAL if by[_How.OFFICIAL] else NICKNAME if given else BARE,
            official=bool(by[_How.OFFICIAL]),
            local=level == DISTRICT and bool(bare) and not given and not by[_How.COUNTRY],
            alone=text in self._alone,
            bound=text in self._bound or (bool(by[_How.OFFICIAL]) and len(text) == SHORTEST),
            whole=len(text) == 1 or text in self._whole,
        )

    def _known_alone(self, numbers: set[int]) -> bool:
        """Whether a district's Latin name is as plain as its Chinese one: Kunshan, not Chengguan."""
        return any(self.places[number].key[:-1] in self._alone for number in numbers)


@cache
def gazetteer(vocabulary: Vocabulary) -> Gazetteer:
    """The places by a vocabulary; built once."""
    return Gazetteer(vocabulary)


@cache
def large_places() -> frozenset[str]:
    """The names, folded, of countries and of the provinces and cities of China; quick, because the tree is not built.

    >>> {"浙江", "苏州市", "germany"} <= large_places(), "昆山市" in large_places()
    (True, False)
    """
    countries = {name for row in _rows("countries", 5) for name in (row[2], row[3], *row[4].split("|"))}
    china = {name for row in _rows("divisions", 4) if row[0].endswith("00") for name in (*row[1:3], *row[3].split("|"))}
    return frozenset(map(folded, (countries | china) - {""}))


def _rows(table: str, width: int) -> Iterator[list[str]]:
    """The lines of ``vocab/places/<table>.tsv``, cells that are left out at the end as empty texts."""
    for line in (HERE / "places" / f"{table}.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            cells = line.split("\t")
            yield [*cells, *[""] * (width - len(cells))]
