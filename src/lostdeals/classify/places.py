"""Read which place a text names: country, province, city, district, each only where it is certain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from lostdeals.vocab import Vocabulary
from lostdeals.vocab.gazetteer import BARE, COUNTRY, NICKNAME, OFFICIAL, PARTS, PROVINCE, Gazetteer, Name, gazetteer
from lostdeals.vocab.phrases import folded, stands_alone

CODE_AT_END = re.compile(r",\s*([A-Z]{2,3})(?:\s+[\dA-Z][\dA-Z -]{2,9})?\s*(?=,|$)")
"""Austin, TX 78701 · London, UK."""
CODE = re.compile(r"\s*([A-Za-z]{2,3})\s*")


class Where(NamedTuple):
    """A place by its parts, None where the text does not say."""

    country: str | None
    """Alpha-2 code of ISO 3166-1."""
    province: str | None
    """Short Chinese name, or the English name of a state."""
    city: str | None
    """Short Chinese name, or the English name."""
    district: str | None
    """Official Chinese name: 朝阳区, 昆山市."""


class Named(NamedTuple):
    """What one name in a text may mean, as numbers of places."""

    first: tuple[int, ...]
    """By itself."""
    second: tuple[int, ...]
    """Where other names say so."""
    weight: int


class PlaceReader:
    """What a text of a region or address column says about where somebody is.

    Every name speaks for the places that it may mean and for what lies in them; the place with the most names for it is
    taken, and where several have as many, what they share. A road, a house and a company named after a place say nothing.

    >>> from lostdeals.vocab import load
    >>> reader = place_reader(load())
    >>> reader.read("深圳南山"), reader.read("上海市黄浦区南京东路100号")
    (Where(country='CN', province='广东', city='深圳', district='南山区'), Where(country='CN', province='上海', city='上海', district='黄浦区'))
    >>> reader.read("辽宁朝阳").city, reader.read("朝阳"), reader.read("朝阳区").country
    ('朝阳', Where(country=None, province=None, city=None, district=None), 'CN')
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.places: Gazetteer = gazetteer(vocabulary)
        words = vocabulary.section("places/words")
        texts = list(self.places.names)
        self._names = [self.places.names[text] for text in texts]
        self._meanings = [_meanings(name) for name in self._names]
        self._latin = [text[0] < "\u2e80" for text in texts]
        self._automaton = AhoCorasick(texts, matchkind=MatchKind.LeftmostLongest)
        after, suffix = words["after"], words["suffix"]
        road = rf"[{after['turns']}]?[{after['numbers']}]*(?:{_any(after['roads'])})"
        self._after = re.compile(rf"{road}|{_any(after['things'])}")
        turn = rf"(?:(?:{_any(after['latin_turns'])}|\d\w*)\.?\s+)*"
        self._after_latin = re.compile(rf"\s+{turn}(?:{_any(after['latin'])})\b")
        not_before = rf"(?![{''.join(suffix['not_before'])}])"
        self._suffix = re.compile(rf"(?:{_any(suffix['places'])}){not_before}")
        self._district = re.compile(rf"(?:{_any(suffix['districts'])}){not_before}")
        self._found: dict[tuple[tuple[Named, ...], tuple[Named, ...]], int] = {}

    def read(self, text: str) -> Where:
        """The place that one text names."""
        return self.where(self.place(self.named(text)))

    def where(self, place: int) -> Where:
        """A place by its parts."""
        return Where(*self.places.describe(place))

    def place(self, regions: tuple[Named, ...], address: tuple[Named, ...] = ()) -> int:
        """The place that a row's names mean, 0 for none: the region columns decide, the address only adds to them."""
        key = (regions, address)
        if key not in self._found:
            self._found[key] = self._decided(regions, address)
        return self._found[key]

    def named(self, text: str, part: str | None = None, plain: str | None = None) -> tuple[Named, ...]:
        """The names in a text; `part` (``country``, ``province``, ``city``) is what its column holds, where the header says.

        plain: the text folded, where one has it.
        """
        code = CODE.fullmatch(text)
        if code and code[1].upper() in self.places.codes:
            out = [Named(tuple(self.places.codes[code[1].upper()]), (), BARE)]
        else:
            out = list(self._scan(folded(text) if plain is None else plain))
        if part in ("country", "province"):
            out = [self._fitting(one, part) for one in out]
        elif part == "city":
            out += [extra for one in out for extra in self._cities(one)]
        if "," in text:
            out += [self._of_code(match[1]) for match in CODE_AT_END.finditer(text) if match[1] in self.places.codes]
        return tuple(out)

    def _scan(self, text: str) -> Iterator[Named]:
        """Every name that stands where a place's name can stand."""
        matches = self._automaton.find_matches_as_indexes(text)
        begins = {start for _, start, _ in matches}
        before = 0
        for index, start, end in matches:
            name = self._names[index]
            if self._latin[index]:
                if not stands_alone(text, start, end) or self._after_latin.match(text, end):
                    continue
            elif not name.official and end not in begins and self._after.match(text, end):
                continue  # 北京路, but 浙江湖州 and 唐山路北 are two names
            stop = end
            if not name.official and not self._latin[index]:
                suffix = (self._district if name.local else self._suffix).match(text, end)
                stop = suffix.end() if suffix else end
            starts = start == before or not text[start - 1].isalnum()
            ends = stop == len(text) or stop in begins or not text[stop].isalnum()
            if (starts or not (name.bound or name.local)) and (not name.whole or (starts and ends)):
                before = stop
                yield self._meanings[index]["suffixed" if stop > end else "alone" if ends or name.alone else "inside"]

    def _fitting(self, one: Named, part: str) -> Named:
        """In a column of countries Georgia is the country, and it is told before any city; in a column of states it is the state."""
        every, level = one.first + one.second, PARTS.index(part) + 1
        fitting = tuple(number for number in every if self.places.places[number].level == level)
        weight = OFFICIAL if part == "country" else one.weight
        return Named(fitting, _without(every, fitting), weight) if fitting else one

    def _cities(self, one: Named) -> Iterator[Named]:
        """In a column of cities 吉林 is the city."""
        places = self.places.places
        if any(places[number].level == PROVINCE for number in one.first):
            yield Named((), tuple(number for number in one.second if places[number].level == PROVINCE + 1), 1)

    def _of_code(self, code: str) -> Named:
        """A code after a comma is a state's before it is a country's."""
        known = tuple(self.places.codes[code])
        states = tuple(number for number in known if self.places.places[number].level > COUNTRY)
        return Named(states or known, _without(known, states) if states else (), BARE)

    def _decided(self, regions: tuple[Named, ...], address: tuple[Named, ...]) -> int:
        names = regions + address
        paths = {number: set(self.places.places[number].path) for one in names for number in one.first + one.second}
        stated = {number for one in names for number in one.first}
        possible = [number for number, path in paths.items() if not stated.isdisjoint(path)]
        support = {number: (_said(regions, paths[number]), _said(address, paths[number])) for number in possible}
        best = max(support.values(), default=None)
        return self.places.shared(number for number in possible if support[number] == best)


def _said(names: tuple[Named, ...], path: set[int]) -> int:
    """How much names say for a place or for what it lies in; a second meaning says little, so that it never beats a city named."""
    return sum(
        one.weight if not path.isdisjoint(one.first) else NICKNAME if not path.isdisjoint(one.second) else 0
        for one in names
    )


def _meanings(name: Name) -> dict[str, Named]:
    """What a name says by how it stands: only a bare name of districts says more with a suffix, and less inside other words."""
    plain, every = Named(name.first, name.second, name.weight), name.first + name.second
    if not name.local:
        return dict.fromkeys(("suffixed", "alone", "inside"), plain)
    return {"suffixed": Named(every, (), OFFICIAL), "alone": plain, "inside": Named((), every, name.weight)}


@cache
def place_reader(vocabulary: Vocabulary) -> PlaceReader:
    """The reader of a vocabulary; made once."""
    return PlaceReader(vocabulary)


def _without(numbers: tuple[int, ...], others: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(number for number in numbers if number not in others)


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
