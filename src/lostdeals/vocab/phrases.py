"""Find many phrases in many short texts at once, the longest one first."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate
from re import Pattern, escape
from re import compile as pattern
from typing import NamedTuple

import ahocorasick_rs

from lostdeals.vocab.loading import HERE, parse

TOGETHER = 5_000
"""Texts that are looked at together, so that a million need no more room than so many."""
APART = "\ue000"
"""Between texts that are looked at together: a sign nobody writes, which folds to itself and joins with none beside it."""
SETTLED = pattern("[^\x00-\x7f\u00c0-\u017f\u2010-\u2027\u3001-\u3011\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff5e\ue000]")
"""Not one of the signs that fold by themselves, whatever stands beside them: no part of a sign made of several."""
UNEVEN = ("  ", f" {APART}", f"{APART} ")
"""Spaces that normalised texts with ``APART`` between them do not have."""
LENGTHY = 5_000
"""Signs of a text from which numpy counts them faster than a set does."""
GAP = 6
"""At most so many Chinese characters stand between the two halves of a phrase with a gap; three Latin letters count as one."""
CLAUSE_ENDS = frozenset(",;.!?:。、|()")
"""What ends a clause, after full-width marks have been folded."""
LATIN = frozenset(sign for sign in map(chr, range(0x2000)) if sign.isalnum())
"""Letters and digits of scripts that put spaces between words."""
REMEMBERED = 32_768
"""Texts, and clauses of each search, that are kept at hand: enough for the stretches in which long columns are read."""


class Hit(NamedTuple):
    """A phrase found in a text."""

    category: str
    phrase: str
    """The words as they stand in the text, in lower case, what fills a gap included."""
    start: int
    """Position in the normalised text."""
    size: int
    """Letters of the phrase itself, without what fills its gap."""


class Match(NamedTuple):
    """A phrase found in a clause."""

    start: int
    end: int
    size: int
    """As of a `Hit`."""
    category: str


@lru_cache(maxsize=REMEMBERED)
def normalise(text: str) -> str:
    """The form in which words are compared: full-width folded, lower case, white space collapsed.

    >>> normalise(" Closed－Won　ＡＢＣ ")
    'closed-won abc'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split())


def normalised(texts: Sequence[str]) -> list[str]:
    """`normalise` of many texts: each sign is folded in all of them at once where none depends on those around it.

    >>> normalised([" Closed－Won　ＡＢＣ ", "e\u0301", ""])
    ['closed-won abc', 'é', '']
    """
    out: list[str] = []
    for start in range(0, len(texts), TOGETHER):
        some = texts[start : start + TOGETHER]
        joined = APART.join(some)
        signs = _signs(joined)
        if SETTLED.search(signs) or joined.count(APART) != len(some) - 1:
            out += map(normalise, some)
            continue
        for sign in signs:
            if (plain := unicodedata.normalize("NFKC", sign).casefold()) != sign:
                joined = joined.replace(sign, plain)
        apart = joined.replace("’", "'").split(APART)
        out += apart if _evenly_spaced(joined, signs) else [" ".join(text.split()) for text in apart]
    return out


def _evenly_spaced(joined: str, signs: str) -> bool:
    """Whether texts with ``APART`` between them have no white space but single spaces within; signs: all they were made of."""
    if joined[:1] == " " or joined[-1:] == " " or any(marks in joined for marks in UNEVEN):
        return False
    return not any(sign in joined for sign in signs if sign != " " and sign.isspace())


def _signs(text: str) -> str:
    """The different signs of a text."""
    if len(text) < LENGTHY:
        return "".join(set(text))
    import numpy as np

    numbers = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return "".join(map(chr, np.flatnonzero(np.bincount(numbers)).tolist()))


def folded_each(texts: Sequence[str]) -> list[str]:
    """`folded` of many texts.

    >>> folded_each(["Closed_Won", "價格"])
    ['closed won', '价格']
    """
    return simple_each(normalised(texts))


def simple_each(written: Sequence[str], *, underscores: bool = False) -> list[str]:
    """`folded` of many texts that are normalised already; `underscores` stay where they are."""
    out: list[str] = []
    for start in range(0, len(written), TOGETHER):
        some = written[start : start + TOGETHER]
        joined = APART.join(some)
        fold = _simplest if underscores else simple
        apart = joined.count(APART) == len(some) - 1
        out += fold(joined).split(APART) if apart else map(fold, some)
    return out


@cache
def _simplified() -> dict[int, str]:
    table = parse(HERE / "traditional.toml")
    return dict(zip(map(ord, table["from"]), table["to"], strict=True))


@cache
def _traditional() -> Pattern[str]:
    """Finds a traditional character; a search looks at a text many times faster than a set asked for each character."""
    return pattern(f"[{''.join(map(chr, _simplified()))}]")


@lru_cache(maxsize=REMEMBERED)
def folded(text: str) -> str:
    """As normalised, in simplified characters and with spaces for underscores; as long as the normalised text."""
    return simple(normalise(text))


def simple(plain: str) -> str:
    """`folded` of a text that is normalised already."""
    return _simplest(plain.replace("_", " "))


def _simplest(plain: str) -> str:
    """In simplified characters."""
    return plain.translate(_simplified()) if not plain.isascii() and _traditional().search(plain) else plain


class Phrases:
    """Phrases of several categories, searched together.

    The longest phrase wins where two overlap, so 未成交 is never read as 成交 and “not too expensive” cancels
    “too expensive”: give cancelling phrases the empty category. Latin phrases match whole words only,
    an underscore is a space between them, and traditional characters stand for the simplified ones.
    A phrase may have one gap: 没*功能 is found wherever 功能 follows 没 in the same clause with at most ``GAP``
    characters between them. A half of it that lies in a cancelling phrase does not count.

    >>> Phrases({"won": ["成交"], "lost": ["未成交"], "price": ["too expensive"], "": ["not too expensive"]}).find("未成交")
    [Hit(category='lost', phrase='未成交', start=0, size=3)]
    >>> Phrases({"product": ["没*功能"], "": ["没问题"]}).find("价格没问题,功能全;没有对账功能")
    [Hit(category='product', phrase='没有对账功能', start=10, size=3)]
    """

    def __init__(self, categories: Mapping[str, Iterable[str]]) -> None:
        whole: dict[str, str] = {}
        gaps: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for category, phrases in categories.items():
            for phrase in map(folded, phrases):
                first, _, last = (half.strip() for half in phrase.strip("* ").partition("*"))
                if last:
                    gaps[first].setdefault(last, category)
                elif first:
                    whole.setdefault(first, category)
        self._whole = whole
        self._gaps = dict(gaps)
        self._lasts = {last for lasts in gaps.values() for last in lasts}
        self._pieces = list(dict.fromkeys([*whole, *gaps, *self._lasts]))
        self._latin = [piece[0] in LATIN or piece[-1] in LATIN for piece in self._pieces]
        self._automaton = ahocorasick_rs.AhoCorasick(self._pieces)
        apart = CLAUSE_ENDS.difference(*self._pieces)
        self._apart = pattern(f"[{escape(''.join(sorted(apart)))}]") if apart else None
        self._known: dict[str, list[Match]] = {}

    def whole(self, text: str) -> str | None:
        """The category of a text that is a phrase from end to end, None otherwise."""
        return self._whole.get(folded(text))

    def cancels(self, plain: str) -> bool:
        """Whether a text that is folded already is a cancelling phrase from end to end."""
        return self._whole.get(plain) == ""

    def find(self, text: str) -> list[Hit]:
        """All phrases of a text from left to right, without overlaps and without the cancelling ones.

        No phrase goes beyond its clause, and people write the same clauses again and again, so each is searched once.
        """
        return self.find_in(normalise(text))

    def find_in(self, written: str, text: str | None = None) -> list[Hit]:
        """The same of a text that is normalised already; text: the same folded, where one has it."""
        text = simple(written) if text is None else text
        return [
            Hit(match.category, written[start + match.start : start + match.end], start + match.start, match.size)
            for start, match in self.spans(text)
        ]

    def spans(self, text: str) -> list[tuple[int, Match]]:
        """The same of a text that is folded already: where the clause of each begins, and where it stands in that."""
        found: list[tuple[int, Match]] = []
        start = 0
        for clause in self._apart.split(text) if self._apart else [text]:
            matches = self._known.get(clause)
            if matches is None:
                if len(self._known) >= REMEMBERED:
                    self._known.clear()
                matches = self._known[clause] = self._within(clause)
            if matches:
                found += [(start, match) for match in matches]
            start += len(clause) + 1
        return found

    def whole_each(self, plain: Iterable[str]) -> list[str | None]:
        """`whole` of many texts that are folded already."""
        return list(map(self._whole.get, plain))

    def find_in_each(self, written: Sequence[str], plain: Sequence[str] | None = None) -> list[list[Hit]]:
        """`find_in` of many texts: a look at all of them together tells which have nothing, as most do.

        plain: the same folded, where one has them.

        >>> list(Phrases({"price": ["too dear"]}).find_in_each(["all fine", "it is too dear"]))
        [[], [Hit(category='price', phrase='too dear', start=6, size=8)]]
        """
        found = self.find_among(written, simple_each(written) if plain is None else plain)
        return [found.get(place, []) for place in range(len(written))]

    def find_among(self, written: Sequence[str], plain: Sequence[str]) -> dict[int, list[Hit]]:
        """The same, of the texts that have any phrase, by their places."""
        out = {}
        for start in range(0, len(plain), TOGETHER):
            some = plain[start : start + TOGETHER]
            ends = list(accumulate(len(text) + 1 for text in some))
            matches = self._automaton.find_matches_as_indexes(APART.join(some), overlapping=True)
            for place in {start + bisect_right(ends, begin) for _, begin, _ in matches}:
                out[place] = self.find_in(written[place], plain[place])
        return out

    def _within(self, text: str) -> list[Match]:
        """The phrases of one clause."""
        pieces = [
            (start, end, self._pieces[index])
            for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True)
            if not self._latin[index] or stands_alone(text, start, end)
        ]
        found = [
            Match(start, end, len(piece), self._whole[piece]) for start, end, piece in pieces if piece in self._whole
        ]
        if self._gaps and len(pieces) > 1:
            cancelled = [match for match in found if not match.category]
            pieces = [piece for piece in pieces if not _inside(piece, cancelled)] if cancelled else pieces
            found += self._with_gap(text, pieces)
        return _longest(found)

    def _with_gap(self, text: str, pieces: list[tuple[int, int, str]]) -> Iterator[Match]:
        """Pairs of pieces that make a phrase; a first half looks only for its own last ones, so this costs little."""
        firsts = [(start, middle, piece) for start, middle, piece in pieces if piece in self._gaps]
        if not firsts:
            return
        lasts: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for start, end, piece in pieces:
            if piece in self._lasts:
                lasts[piece].append((start, end))
        for start, middle, first in firsts:
            follow = self._gaps[first]
            for last in follow.keys() & lasts.keys():
                for again, end in lasts[last]:
                    if middle <= again and _near(text[middle:again]):
                        yield Match(start, end, len(first) + len(last), follow[last])


def _longest(found: list[Match]) -> list[Match]:
    """Of what overlaps the phrase with most letters, then the one that spans most, then the first."""
    if len(found) > 1:
        taken: list[Match] = []
        for match in sorted(found, key=lambda match: (-match.size, match.start - match.end, match)):
            if all(match.end <= other.start or other.end <= match.start for other in taken):
                taken.append(match)
        found = sorted(taken)
    return [match for match in found if match.category]


def _near(between: str) -> bool:
    """Whether what stands between two halves is short and of one clause."""
    if len(between) > 3 * GAP or not CLAUSE_ENDS.isdisjoint(between):
        return False
    return sum(1 if character > "\u2e80" else 1 / 3 for character in between) <= GAP


def _inside(piece: tuple[int, int, str], cancelled: list[Match]) -> bool:
    """Whether a piece is a part of a cancelling phrase, and not the whole of it."""
    start, end, _ = piece
    return any(
        match.start <= start and end <= match.end and end - start < match.end - match.start for match in cancelled
    )


def stands_alone(text: str, start: int, end: int) -> bool:
    """A Latin phrase must not be a piece of a longer word; a Chinese one may stand anywhere."""
    if start and text[start] in LATIN and text[start - 1] in LATIN:
        return False
    return end == len(text) or text[end - 1] not in LATIN or text[end] not in LATIN
