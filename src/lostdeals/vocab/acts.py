"""Read a status by what was to be done and how far that is: 已签约, 待签约, 没签成; quote sent, awaiting quote."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import ahocorasick_rs

from lostdeals.vocab.loading import Vocabulary
from lostdeals.vocab.phrases import LATIN, REMEMBERED, folded

VERB = ("{do}", "{did}", "{doing}")
"""How a form asks for one of the three forms of a verb."""
LONGEST = 20
"""Chinese characters, or words of another script, of a value that is read so; a longer one is a note."""
REACH = 4
"""Characters or words before and after an act within a longer value that may belong to it."""
LONGEST_CHINESE = 16
"""Characters of a Chinese value that is tried in two halves without a mark between them: 试听未报名."""
MARKS = r"\s*[|,;:、。/()\[\]【】→>+\n]\s*|\s+[-–—&]+\s+|(?<=[\u3400-\u9fff])\s*[-–—&]+\s*"
"""What parts a value, as it is folded."""
NUMBER = re.compile(r"\s+#\s?\w*\d\w*\s+")
"""A number within a value: po #4471 received."""


class Acts:
    """Acts and the forms around them, by the vocabulary.

    >>> from lostdeals.vocab import load
    >>> acts = acts_of(load())
    >>> [acts.read(text) for text in ("已看房", "待付定金", "没谈妥", "Quote declined", "about to sign", "银牌")]
    ['in_depth', 'decision', 'lost', 'lost', 'decision', None]
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        section = vocabulary.section("acts")
        around = section["around"]
        self._before = _longest_first(around["before"])
        self._after = _longest_first(around["after"])
        joins = sorted(around["joins"], key=len, reverse=True)
        latin = "|".join(re.escape(word) for word in joins if word.isascii())
        chinese = "|".join(re.escape(word) for word in joins if not word.isascii())
        between = rf"\s+(?:{latin})\s+|(?<=[\u3400-\u9fff]{{2}})(?:{chinese})(?=[\u3400-\u9fff]{{2}})"
        # Parts of values come again and again
        self._barer_each = lru_cache(REMEMBERED)(self._barer)
        self._read = lru_cache(REMEMBERED)(self._meaning)
        self._within_each = lru_cache(REMEMBERED)(self._within)
        self._date = _date(vocabulary)
        self._inner = re.compile(rf"(?<=\S) (?:{'|'.join(sorted(around['inner'], key=len, reverse=True))})(?= \S)")
        self._aspects = frozenset(around["aspects"])
        self._done = frozenset(around["done"])
        self._apart = re.compile(f"{MARKS}|{between}")
        self._forms: dict[tuple[str, str, str, str], str] = {}
        self._whole_only: set[tuple[str, str, str, str]] = set()
        self._acts: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for name, group in section.items():
            if name not in ("around", "guess"):
                self._learn(name, group)
        self._words = ahocorasick_rs.AhoCorasick(list(self._acts))
        guess = section["guess"]
        self._first: dict[str, str] = {
            f" {_plain(word)}{_space(word)}": key for key, words in guess["first"].items() for word in words
        }
        self._last: dict[str, str] = {
            f"{_space(word)}{_plain(word)} ": key for key, words in guess["last"].items() for word in words
        }
        self._starts, self._stops = tuple(self._first), tuple(self._last)

    def _learn(self, name: str, group: Mapping[str, Any]) -> None:
        for meaning, form in [(key, form) for key, forms in group["forms"].items() for form in forms]:
            mark = next((mark for mark in VERB if mark in form), "*")
            before, after = (_plain(part) for part in form.split(mark))
            self._forms.setdefault((name, mark, before, after), meaning)
            if form in group.get("whole", ()):
                self._whole_only.add((name, mark, before, after))
        for stage, acts in group["acts"].items():
            for act in acts:
                forms = act.split("|")
                for mark, word in zip(VERB if len(forms) > 1 else ("*",), forms, strict=True):
                    self._acts[_plain(word)].append((name, mark, stage))

    def read(self, text: str) -> str | None:
        """What a value means: won, lost, open or the stage it is at; None where it is no act in any form.

        Of several acts in it the longest counts, and what says nothing is left out (客户, “they have”) where that helps.
        """
        return next(filter(None, (self._read(said) or self._read_turned(said) for said in self.bare(text))), None)

    def _read_turned(self, plain: str) -> str | None:
        """The same of a Chinese act whose aspect stands between its words: 需求已确认 is read as 已需求确认."""
        at = min((place for sign in self._aspects if (place := plain.find(sign)) >= 0), default=0)
        return self._read(plain[at] + plain[:at] + plain[at + 1 :]) if 0 < at < len(plain) - 1 else None

    def bare(self, text: str) -> Sequence[str]:
        """A value, folded, as it stands and then with less and less of what says nothing around it.

        >>> from lostdeals.vocab import load
        >>> acts_of(load()).bare("They have signed now")
        ('they have signed now', 'they signed now', 'signed now', 'they have signed', 'they signed', 'signed')
        """
        return self._barer_each(_plain(text))

    def _barer(self, plain: str) -> Sequence[str]:
        if len(_ends(plain)) > LONGEST:
            return ()
        seen = list(dict.fromkeys((plain, self._inner.sub("", plain))))
        for said in seen:
            rest = less = ""
            if said.startswith(self._before):
                rest = next(said[len(word) :].strip() for word in self._before if said.startswith(word))
            if said.endswith(self._after):
                less = next(said[: -len(word)].strip() for word in self._after if said.endswith(word))
            dated = NUMBER.sub(" ", self._date.sub("", said)).strip() if any(map(str.isdigit, said)) else ""
            seen += [one for one in (rest, less, dated) if _is_word(one) and one not in seen]
        return tuple(seen)

    def pieces(self, text: str) -> Sequence[str]:
        """The parts of a value that marks set apart; without any, each way to cut a short Chinese one in two is worth a look."""
        return [piece for piece in self._apart.split(_plain(text)) if _is_word(piece)]

    def within(self, text: str, *, bare: bool = False) -> list[tuple[str, int]]:
        """What acts within a value mean, each with the size of the act and its form.

        An act without any form is none, as it may be a topic; with `bare` it counts, too, but neither as a sale nor as a first contact.

        >>> from lostdeals.vocab import load
        >>> acts_of(load()).within("婚房已网签三套"), acts_of(load()).within("看房"), acts_of(load()).within("看房", bare=True)
        ([('won', 3)], [], [('in_depth', 2)])
        """
        return self._within_each(_plain(text), bare)

    def _within(self, plain: str, bare: bool) -> list[tuple[str, int]]:
        ends = _ends(plain)
        if len(ends) > LONGEST:
            return []
        found: list[tuple[int, int, str]] = []
        for first, last in sorted(self._places(plain, ends)):
            start = ends[first]
            for name, mark, stage in self._acts[plain[start : ends[last]]]:
                for a in ends[max(0, first - REACH) : first + 1]:
                    for b in ends[last : last + REACH + 1]:
                        said = self._said(plain, (a, start, ends[last], b), (name, mark), stage, bare)
                        if said is not None:
                            found.append((a, b, said))
        taken: list[tuple[int, int, str]] = []
        for a, b, said in sorted(found, key=lambda one: (one[0] - one[1], one[0])):
            if all(b <= other[0] or other[1] <= a for other in taken):
                taken.append((a, b, said))
        return [(said, b - a) for a, b, said in sorted(taken)]

    def _said(
        self, plain: str, at: tuple[int, int, int, int], kind: tuple[str, str], stage: str, bare: bool
    ) -> str | None:
        """What an act within a value means in the form around it; a Chinese verb of one character only at the end, and done."""
        a, start, end, b = at
        before, after = plain[a:start].strip(), plain[end:b].strip()
        said: str | None = self._forms.get((kind[0], kind[1], before, after))
        if said is None or (kind[0], kind[1], before, after) in self._whole_only:
            return None
        if end - start == 1 and plain[start] not in LATIN and (b < len(plain) or before not in self._done):
            return None
        if not before and not after and (said in ("won", "initial") or not (bare or kind[1] == "{doing}")):
            return None
        return stage if said == "own" else said

    def guess(self, text: str) -> str | None:
        """What the first or the last words of a value say of it where nothing else does: 等孩子高考完, talking to husband."""
        for said in self.bare(text):
            plain = f" {said} "
            if not (plain.startswith(self._starts) or plain.endswith(self._stops)):
                continue
            starts = [(len(word), meaning) for word, meaning in self._first.items() if plain.startswith(word)]
            ends = [(len(word), meaning) for word, meaning in self._last.items() if plain.endswith(word)]
            return max(starts + ends)[1]
        return None

    def _meaning(self, plain: str) -> str | None:
        ends = _ends(plain)
        for first, last in sorted(self._places(plain, ends), key=lambda place: (place[0] - place[1], place[0])):
            start, end = ends[first], ends[last]
            for name, mark, stage in self._acts[plain[start:end]]:
                meaning = self._forms.get((name, mark, plain[:start].strip(), plain[end:].strip()))
                if meaning is not None:
                    return stage if meaning == "own" else meaning
        return None

    def _places(self, plain: str, ends: Sequence[int]) -> list[tuple[int, int]]:
        """Where acts stand in a value, as numbers of `ends`; one search for all acts, as most pieces of a value are none."""
        met = self._words.find_matches_as_indexes(plain, overlapping=True)
        if not met:
            return []
        number = {place: n for n, place in enumerate(ends)}
        return [(number[start], number[end]) for _, start, end in met if start in number and end in number]


@lru_cache(maxsize=1024)
def _ends(plain: str) -> tuple[int, ...]:
    """Where an act may begin or end: anywhere in Chinese, between the words of other scripts."""
    inner = (place for place in range(1, len(plain)) if not (plain[place] in LATIN and plain[place - 1] in LATIN))
    return (0, *inner, len(plain))


def halves(plain: str) -> Iterator[tuple[str, str]]:
    """The ways to cut a short Chinese value in two.

    >>> list(halves("看房未成交"))[0], list(halves("won"))
    (('看房', '未成交'), [])
    """
    if 4 <= len(plain) <= LONGEST_CHINESE and not any(sign in LATIN for sign in plain):
        for place in range(2, len(plain) - 1):
            yield plain[:place], plain[place:]


def _date(vocabulary: Vocabulary) -> re.Pattern[str]:
    """A day or another number before or after a value: 3.5已签约, moved in 1st."""
    dates = vocabulary.section("dates")
    signs = "".join(
        re.escape(mark) for key in ("year", "month", "day") for mark in dates["marks"][key] if len(mark) == 1
    )
    ordinals = "|".join(map(re.escape, dates["noise"]["ordinals"]))
    number = rf"\d[\d./{signs}:\-]*"
    return re.compile(rf"^[\d./{signs}:\-]*{number}\s*(?=\D)|[\s(]*{number}(?:{ordinals})?\)?$")


def _space(word: str) -> str:
    """The space that a word is written with, as it stands apart from the rest."""
    return " " if " " in (word[0], word[-1]) else ""


def _is_word(text: str) -> bool:
    """Whether a part of a value can say anything: no single letter or digit, as the c of 501(c)(3)."""
    return len(text) > 1 or text > "\u2e80"


def _plain(text: str) -> str:
    return folded(text).replace("'", "")


def _longest_first(words: Sequence[str]) -> tuple[str, ...]:
    """As they are folded, with the space that parts them from the rest."""
    kept = [f"{' ' if word[0] == ' ' else ''}{_plain(word)}{' ' if word[-1] == ' ' else ''}" for word in words]
    return tuple(sorted(kept, key=len, reverse=True))


@lru_cache(maxsize=4)
def acts_of(vocabulary: Vocabulary) -> Acts:
    """The acts of a vocabulary, made once."""
    return Acts(vocabulary)
