"""The steps of matching in their order: from a cleaned LEADS frame to pairs of rows with the chance that they are one customer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lostdeals.clean.emails import Emails
from lostdeals.clean.matching.blocking import candidates
from lostdeals.clean.matching.comparison import Comparer
from lostdeals.clean.matching.estimation import estimate
from lostdeals.clean.matching.fields import Field, fields
from lostdeals.clean.matching.forms import Sounds
from lostdeals.clean.matching.levels import Array, Codes, Levels, Mask, Pairs, Texts
from lostdeals.clean.matching.tokens import Tokens
from lostdeals.clean.matching.weights import Weights, nothing_learned
from lostdeals.vocab import Vocabulary


@dataclass(frozen=True)
class Found:
    """The pairs of a sheet that may be one customer, most of them not."""

    pairs: Pairs
    """In order; see `blocking.Pairs`."""
    levels: Levels
    chances: Array
    """Of each pair, 0-1."""
    comparer: Comparer
    weights: Weights

    @property
    def rows(self) -> tuple[Codes, Codes]:
        """Positions of the first and second row of every pair."""
        first, second = np.divmod(self.pairs, max(self.comparer.rows, 1))
        return first, second

    def at_least(self, chance: float) -> Found:
        """The pairs with at least this chance."""
        return self._only(self.chances >= chance)

    def well_founded(self) -> Found:
        """The pairs that agree on more than a name and a city."""
        return self._only(self.weights.well_founded(self.levels))

    def _only(self, keep: Mask) -> Found:
        return Found(self.pairs[keep], self.levels[keep], self.chances[keep], self.comparer, self.weights)


def search(leads: pd.DataFrame, known: pd.DataFrame, vocabulary: Vocabulary, emails: Emails) -> Found:
    """Choose the fields, block, compare and weigh; `known` are the `fields.contacts` of the leads."""
    compared = fields(leads, known, vocabulary, emails)
    tokens, sounds = _once_per_text(compared, Sounds(vocabulary))
    pairs = candidates(compared, tokens, sounds, len(leads))
    comparer = Comparer.of(compared, tokens, sounds, len(leads))
    levels = comparer.levels(pairs)
    weights = estimate(levels, comparer) if len(pairs) else nothing_learned(comparer)
    return Found(pairs, levels, weights.probability(levels), comparer, weights)


def _once_per_text(compared: list[Field], sounds: Sounds) -> tuple[dict[str, Tokens], dict[str, Texts]]:
    """The words and the sound of every text; columns that are numbered together share theirs."""
    tokens: dict[str, Tokens] = {}
    heard: dict[str, Texts] = {}
    done: dict[int, str] = {}
    for one in compared:
        if one.kind != "text":
            continue
        first = done.setdefault(id(one.texts), one.key)
        if first == one.key:
            tokens[one.key] = Tokens.of(one.texts)
            heard[one.key] = np.array(sounds.each(one.texts.tolist()), dtype=object)
        tokens[one.key], heard[one.key] = tokens[first], heard[first]
    return {key: words for key, words in tokens.items() if words.wordy}, heard
