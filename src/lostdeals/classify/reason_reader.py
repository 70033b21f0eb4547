"""Say which reasons one text names, how surely, and by which words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lostdeals.classify.texts import labels, spellings
from lostdeals.vocab import Hit, Phrases, Vocabulary, normalise

UNSPECIFIC = "other"
"""A pick-list answer that says nothing; a note may say more."""
KNOWS_NOTHING = "nothing"
"""An answer that says that nobody knows."""
AT_MOST = 3
"""Reasons of one text."""
LONG = 5
"""A cue of more Chinese characters is not surer still."""
CLOSE = 0.7
"""Another reason with this share of the main one's weight contests it."""
SUREST = 0.95
"""No words make a reading surer than an option that was picked."""
WEAK = "?"
"""After the reason of a weak cue."""
SEPARATORS = re.compile(r"[;；、,，/|+\n]")
"""Between the answers of a list from which several may be picked."""


@dataclass(frozen=True)
class Reading:
    """The reasons of one text."""

    reasons: tuple[str, ...] = ()
    """The main one first."""
    confidence: float = 0.0
    """0-1, of the main one."""
    evidence: str = ""
    """The words it was read from, in lower case."""


NOTHING = Reading()


class ReasonReader:
    """What a text says about the reason, by the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        section = dict(vocabulary.section("reasons"))
        self._sure = section.pop("reading")
        self._typed = Phrases(self._sure["typing"])
        self._weights = {key: entry.get("weight", 1.0) for key, entry in section.items()}
        values = {key: labels(entry) + entry["values"] for key, entry in section.items()}
        self._whole = Phrases({**values, KNOWS_NOTHING: self._sure["nothing"]})
        strong = {key: map(self._plain, entry["words"]) for key, entry in section.items()}
        weak = {key + WEAK: map(self._plain, entry.get("weak", [])) for key, entry in section.items()}
        cancel = (self._plain(phrase) for entry in [self._sure, *section.values()] for phrase in entry.get("not", []))
        self._cues = Phrases({**strong, **weak, "": cancel})
        self._topics = Phrases({key: entry.get("topics", []) for key, entry in section.items()})

    def column(self, text: object) -> Reading:
        """A cell of a reason column: a known option, else the cues in it, else ``other``; nothing for a blank.

        >>> from lostdeals.vocab import load
        >>> reader = ReasonReader(load())
        >>> reader.column("客户选择竞品").reasons, reader.column("价格；服务").reasons, reader.column("不清楚").reasons
        (('competitor',), ('price', 'service'), ())
        """
        if not isinstance(text, str):
            return NOTHING
        for options in ([text], SEPARATORS.split(text)):
            picked = [self._option(option) for option in options if option.strip()]
            if None not in picked:
                named = [option for option in dict.fromkeys(picked) if option and option != KNOWS_NOTHING]
                reasons = tuple(option for option in named if option != UNSPECIFIC) or tuple(named)
                return Reading(reasons, self._sure["pick_list"], normalise(text)) if reasons else NOTHING
        found = self._by_cues(text, in_note=False, weak=True)
        if found.reasons:
            return found
        topics = self._topics.find(text)
        if topics:
            return Reading((topics[0].category,), self._sure["topic"], topics[0].phrase)
        return Reading((UNSPECIFIC,), self._sure["unread"], normalise(text)[:40])

    def _option(self, text: str) -> str | None:
        return next((whole for spelling in spellings(text) if (whole := self._whole.whole(spelling))), None)

    def note(self, text: object, *, lost: bool) -> Reading:
        """What a note about a customer (lost, or not decided yet) says; nothing where no cue reaches the floor.

        >>> from lostdeals.vocab import load
        >>> ReasonReader(load()).note("客户说不贵，但老板不同意", lost=True).reasons
        ('decision_maker',)
        """
        found = self._by_cues(text, in_note=True, weak=lost) if isinstance(text, str) else NOTHING
        return found if found.confidence >= self._sure["floor"] else NOTHING

    def _by_cues(self, text: str, *, in_note: bool, weak: bool) -> Reading:
        """Every cue is a vote for its reason; the one with most weight is the main one."""
        sure = self._sure["note_words" if in_note else "column_words"]
        plain = self._plain(text)
        hits = self._cues.find(plain)
        cues = [hit for hit in hits if not hit.category.endswith(WEAK)]
        if not cues:
            if not hits or not weak:
                return NOTHING
            last = hits[-1]
            return Reading((last.category.removesuffix(WEAK),), round(sure - self._sure["weak"], 2), last.phrase)
        votes: dict[str, dict[str, float]] = {}
        for hit in cues:
            later = 1 + self._sure["newest"] * hit.start / len(plain)
            votes.setdefault(hit.category, {})[hit.phrase] = _weight(hit) * later * self._weights[hit.category]
        total = {reason: sum(weights.values()) for reason, weights in votes.items()}
        ranked = sorted(total, key=lambda reason: -total[reason])
        main = ranked[0]
        if len(votes[main]) > 1:
            sure += self._sure["second_cue"]
        elif in_note and _short(cues, main):
            sure -= self._sure["short_cue"]
        rivals = [total[reason] for reason in ranked[1:] if self._weights[reason] == 1]
        if max(rivals, default=0) > CLOSE * total[main]:
            sure -= self._sure["contest"]
        return Reading(tuple(ranked[:AT_MOST]), round(min(sure, SUREST), 2), "、".join(votes[main]))

    def _plain(self, text: str) -> str:
        """A text as it was meant: 占时 is 暂时, don't is do not."""
        text = normalise(text)
        for hit in reversed(self._typed.find(text)):
            text = text[: hit.start] + hit.category + text[hit.start + len(hit.phrase) :]
        return text


def _weight(hit: Hit) -> float:
    """Longer cues are surer: two Chinese characters weigh 0.7, four 1.1; a Latin word of nine letters 0.9."""
    return 0.3 + 0.2 * min(_size(hit.phrase, hit.size), LONG)


def _size(phrase: str, letters: int) -> float:
    """Letters as Chinese characters, three Latin ones for one."""
    return letters if any(character > "\u2e80" for character in phrase) else letters / 3


def _short(cues: list[Hit], main: str) -> bool:
    """Whether the main reason has nothing but a cue of two or three characters."""
    phrases = [hit.phrase for hit in cues if hit.category == main]
    return max(map(_size, phrases, map(len, phrases))) <= 3
