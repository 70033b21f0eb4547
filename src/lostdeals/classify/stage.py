"""Place each customer on the four stages of following up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from lostdeals.classify.texts import labels
from lostdeals.vocab import Phrases, Vocabulary
from lostdeals.vocab.acts import acts_of, halves
from lostdeals.vocab.phrases import folded
from lostdeals.vocab.wordings import closed_up, spellings

CLOSED = ("won", "lost", "invalid")
NO_STAGE = "none"
"""Of a value that is known and names no stage."""


class StageReader:
    """What a stage's name means, by the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        stages, outcomes = vocabulary.section("stages"), vocabulary.section("outcomes")
        self._order = {key: entry["order"] for key, entry in stages.items()}
        self._values = _by_word(
            {key: labels(entry) + entry["values"] + entry["words"] for key, entry in stages.items()}
        )
        self._words = Phrases({key: entry["words"] for key, entry in stages.items()})
        self._closed = _by_word({NO_STAGE: [word for key in CLOSED for word in _said(outcomes[key])]})
        self._open = _by_word({NO_STAGE: _said(outcomes["open"])})
        self._ends = Phrases({key: outcomes[key]["words"] for key in CLOSED})
        self._acts = acts_of(vocabulary)

    def one(self, text: str) -> str | None:
        """The canonical stage of one value, None for a closed status and for words nobody knows.

        >>> from lostdeals.vocab import load
        >>> reader = StageReader(load())
        >>> reader.one("方案/报价"), reader.one("Negotiation/Review"), reader.one("2-需求客户"), reader.one("已流失")
        ('in_depth', 'decision', 'interest', None)
        >>> reader.one("报价后丢单"), reader.one("无意向"), reader.one("待总部盖章"), reader.one("Second viewing booked")
        ('in_depth', None, 'decision', 'in_depth')
        """
        text = closed_up(text)
        whole = self._named(text) or self._whole(text)
        if whole is not None:
            return whole if whole in self._order else None
        stage = self._within(text)
        if stage is not None:
            return stage
        ends = self._ends.find(text)
        acts = self._acts.within(text) or ([] if ends else self._acts.within(text, bare=True))
        known = [(size, self._order[said], said) for said, size in acts if said in self._order]
        if known:
            return max(known)[2]
        return None if ends else self._of_pieces(text)

    def named(self, text: str) -> str | None:
        """The stage that words of the vocabulary name, whatever is done there: 量尺 has its own name and is none of them."""
        whole = self._named(closed_up(text))
        return self._within(closed_up(text)) if whole is None else whole if whole in self._order else None

    def _named(self, text: str) -> str | None:
        """The stage of a value that the vocabulary lists, ``NO_STAGE`` for one that it lists as an end, None for any other."""
        for spelling in map(folded, spellings(text)):
            whole = self._values.get(spelling) or self._closed.get(spelling)
            if whole is not None:
                return whole
        return None

    def _whole(self, text: str) -> str | None:
        """The same without what says nothing around it, and by what was to be done."""
        for spelling in spellings(text):
            for said in self._acts.bare(spelling):
                whole = self._values.get(said) or self._closed.get(said)
                if whole is not None:
                    return whole
            act = self._acts.read(spelling)
            if act is not None:
                return act if act in self._order else NO_STAGE
            if folded(spelling) in self._open:
                return NO_STAGE
        return None

    def _within(self, text: str) -> str | None:
        """The stage that the longest words in a value name, outside of words for an end."""
        ends = [(hit.start, hit.start + len(hit.phrase)) for hit in self._ends.find(text)]
        hits = [
            hit
            for hit in self._words.find(text)
            if not any(start <= hit.start and hit.start + hit.size <= end for start, end in ends)
        ]
        return max(hits, key=lambda hit: (hit.size, self._order[hit.category])).category if hits else None

    def _of_pieces(self, text: str) -> str | None:
        """The furthest stage among the parts of a value, None where one of them closes it."""
        pieces = self._acts.pieces(text)
        ways = [pieces] if len(pieces) > 1 else [list(pair) for pair in halves(text)]
        for way in ways:
            known = [self._named(piece) or self._whole(piece) for piece in way]
            found = [stage for stage in known if stage in self._order]
            if found and (len(pieces) > 1 or None not in known) and NO_STAGE not in known:
                return max(found, key=lambda stage: self._order[stage])
        return None


def _said(entry: Mapping[str, Any]) -> list[str]:
    return [*entry["words"], *entry["values"]]


def _by_word(categories: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Word, folded -> its category; a word of two is the first one's."""
    out: dict[str, str] = {}
    for category, words in categories.items():
        for word in words:
            out.setdefault(folded(word), category)
    return out


@lru_cache(maxsize=4)
def stage_reader(vocabulary: Vocabulary) -> StageReader:
    """The reader of a vocabulary's stages, made once."""
    return StageReader(vocabulary)


def stage_of_date(header: str, vocabulary: Vocabulary) -> str:
    """The stage whose date a column holds: its canonical name, else the header without its words for time.

    >>> from lostdeals.vocab import load
    >>> stage_of_date("报价时间", load()), stage_of_date("Date entered Negotiation", load()), stage_of_date("量尺日期", load())
    ('in_depth', 'decision', '量尺')
    """
    words = vocabulary.section("structure")["stage_date"]["words"]
    latin = "|".join(re.escape(word) for word in words if word.isascii())
    chinese = "|".join(re.escape(word) for word in words if not word.isascii())
    text = " ".join(re.sub(rf"\b(?:{latin})\b|{chinese}", " ", header.replace("_", " "), flags=re.IGNORECASE).split())
    return stage_reader(vocabulary).named(text) or text or header
