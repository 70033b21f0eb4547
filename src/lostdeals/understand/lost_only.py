"""Columns that are filled where a deal was lost and nowhere else: whatever they are called, they hardly hold anything but why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lostdeals.understand.neighbours import Claim
from lostdeals.understand.values import as_text, values_of
from lostdeals.vocab import Phrases, Vocabulary, normalise
from lostdeals.vocab.outcome_words import outcome_words

TOLD: Mapping[str, float] = {"loss_reason": 8.0, "competitor": 2.0}
"""How many times likelier a role becomes for such a column."""
SURELY = 0.7
"""Confidence of an outcome column from which on its rows are told apart by it."""
LEAST = 3
"""Filled rows, and won ones, with fewer of which a column tells nothing."""
NEARLY_ALL, HARDLY_ANY = 0.9, 0.1
ROWS = 4_000
"""Rows looked at, evenly over the sheet."""


class LostOnly:
    """Which rows of a sheet were won and which lost, by its likeliest outcome column; none where it has no sure one."""

    def __init__(
        self, claims: Sequence[Claim], headers: Mapping[str, str], data: pd.DataFrame, vocabulary: Vocabulary
    ) -> None:
        self._values = values_of(vocabulary)
        outcomes = [claim for claim in claims if claim.role == "outcome" and claim.confidence >= SURELY]
        self._won = self._lost = np.zeros(0, dtype=bool)
        self._step = max(1, -(-len(data) // ROWS))
        if outcomes:
            best = max(outcomes, key=lambda claim: claim.rank)
            letter, header = list(headers.items())[best.column]
            ends = self._ends(header, data[letter].iloc[:: self._step].tolist(), vocabulary)
            self._won, self._lost = ends == "won", ends == "lost"
        self.column = best.column if outcomes else -1

    def __bool__(self) -> bool:
        return bool(self._won.sum() >= LEAST and self._lost.sum() >= LEAST)

    def tells(self, column: pd.Series[Any]) -> bool:
        """Whether a column is filled in lost rows only, in at least a few of them.

        A row that says no may also be open, so not every lost row need be filled.
        """
        cells = column.iloc[:: self._step].tolist()
        blank: dict[object, bool] = {}
        for cell in cells:
            if cell is not None and cell not in blank:
                blank[cell] = self._values.is_blank(cell)
        filled = np.array([cell is not None and not blank[cell] for cell in cells], dtype=bool)
        among = filled & self._lost
        return bool(
            among.sum() >= LEAST
            and among.sum() >= NEARLY_ALL * filled.sum()
            and (filled & self._won).sum() <= HARDLY_ANY * self._won.sum()
        )

    def _ends(self, header: str, cells: Sequence[object], vocabulary: Vocabulary) -> NDArray[np.str_]:
        words, section = outcome_words(vocabulary), vocabulary.section("outcomes")
        plain = {
            normalise(word): end for key, end in (("yes", "won"), ("no", "lost")) for word in section[key]["words"]
        }
        polarity = Phrases(section["polarity"])
        hits = {hit.category for hit in polarity.find(normalise(header).replace("_", " "))}
        turned = {"won": "lost", "lost": "won"} if hits == {"lost"} else {}
        known: dict[object, str] = {}
        for cell in cells:
            if cell is None or cell in known:
                continue
            text = as_text(cell)
            end = plain.get(normalise(text))
            known[cell] = (
                turned.get(end, end)
                if end
                else words.whole.whole(text) or next((hit.category for hit in words.within.find(text)), "")
            )
        return np.array([known.get(cell, "") for cell in cells], dtype=str)
