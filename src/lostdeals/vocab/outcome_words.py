"""The words for won, lost, open and invalid, compiled once for all who ask."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from lostdeals.model import Outcome
from lostdeals.vocab.loading import Vocabulary
from lostdeals.vocab.phrases import Phrases

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
