"""The words for won, lost, open and invalid, compiled once for all who ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lostdeals.model import Outcome
from lostdeals.vocab.loading import Vocabulary
from lostdeals.vocab.phrases import Phrases, normalise

OUTCOMES: tuple[Outcome, ...] = ("lost", "invalid", "won", "open")
"""In the order that decides between phrases of one length."""


@dataclass(frozen=True)
class OutcomeWords:
    """What values say of the outcome."""

    whole: Phrases
    """Labels, values and words, to be met from end to end."""
    within: Phrases
    """Words that say it within a longer text, too."""


@lru_cache(maxsize=4)
def outcome_words(vocabulary: Vocabulary) -> OutcomeWords:
    """The outcome words of a vocabulary, made once.

    >>> from lostdeals.vocab import load
    >>> outcome_words(load()).whole.whole("丢单"), [hit.category for hit in outcome_words(load()).within.find("Closed Won")]
    ('lost', ['won'])
    """
    section = vocabulary.section("outcomes")
    return OutcomeWords(
        whole=Phrases(
            {
                key: [*section[key].get("label", {}).values(), *section[key]["values"], *section[key]["words"]]
                for key in OUTCOMES
            }
        ),
        within=Phrases({key: section[key]["words"] for key in OUTCOMES}),
    )


FEW = 4
"""A column of more values than this is no yes and no."""


class Opposites:
    """Yes and no in words of a column's own: 住了 and 没住, booked and not booked.

    >>> from lostdeals.vocab import load
    >>> opposites = Opposites(load())
    >>> opposites.read(["住了", "没住", "再看看"]), opposites.read(["买走", "没"]), opposites.read(["高", "低"])
    ({'没住': False, '住了': True}, {'没': False, '买走': True}, {})
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        words = vocabulary.section("yesno")
        self._before = tuple(words["negation"]["before"])
        self._around = tuple(words["negation"]["around"])
        self._no = {normalise(word) for word in words["no"]["words"]} - {"0", "0.0"}
        self._yes = {normalise(word) for word in words["yes"]["words"]}

    def read(self, texts: Sequence[str]) -> dict[str, bool]:
        """Each value that is a yes or a no of such a pair; none where there is no pair."""
        plain = {text: normalise(text) for text in dict.fromkeys(texts)}
        if not 2 <= len(plain) <= FEW:
            return {}
        for text, words in plain.items():
            for mark in self._before:
                asked = self._bare(words.removeprefix(mark)) if words.startswith(mark) else ""
                other = next((one for one, said in plain.items() if asked and self._bare(said) == asked), None)
                if other is not None and other != text:
                    return {text: False, other: True}
        if len(plain) == 2:
            no = [text for text, words in plain.items() if words in self._no]
            yes = [text for text in plain if text not in no]
            if len(no) == len(yes) == 1 and plain[yes[0]] not in self._yes and not any(map(str.isdigit, yes[0])):
                return {no[0]: False, yes[0]: True}
        return {}

    def _bare(self, words: str) -> str:
        for around in self._around:
            words = words.removeprefix(around).removesuffix(around)
        return words.strip()


@lru_cache(maxsize=4)
def opposites(vocabulary: Vocabulary) -> Opposites:
    """The pairs of a vocabulary, made once."""
    return Opposites(vocabulary)
