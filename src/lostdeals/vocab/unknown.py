"""The words for “we do not know”: an answer that can be counted, and nothing to learn from."""

from __future__ import annotations

from lostdeals.vocab.loading import Vocabulary
from lostdeals.vocab.phrases import normalise


def unknown_words(vocabulary: Vocabulary) -> frozenset[str]:
    """未知, 不清楚, unknown … as `normalise` gives them.

    >>> from lostdeals.vocab import load
    >>> {"未知", "unknown"} <= unknown_words(load()), "其他" in unknown_words(load())
    (True, False)
    """
    return frozenset(normalise(word) for word in vocabulary.section("blanks")["unknown"]["words"])
