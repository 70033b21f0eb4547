"""Columns that are filled where a deal was lost and nowhere else: whatever they are called, they hardly hold anything but why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lostdeals.understand.cell_text import as_text
from lostdeals.understand.neighbours import SURE, Claim
from lostdeals.understand.profile import Profile
from lostdeals.understand.values import Values, values_of
from lostdeals.understand.weighing import Tools
from lostdeals.vocab import Phrases, Vocabulary, normalise
from lostdeals.vocab.outcome_words import opposites, outcome_words
from lostdeals.vocab.wordings import closed_up

TOLD: Mapping[str, float] = {"loss_reason": 8.0, "competitor": 2.0}
"""How many times likelier a role becomes for such a column."""
BESIDE: Mapping[str, float] = {"loss_reason": 2.0, "competitor": 5.0}
"""The same where another column surely holds the reasons."""
WON_TOO: Mapping[str, float] = {"loss_reason": 0.2}
"""The same for a column that most won rows fill as well."""
DECIDES = 0.7
"""Confidence of a yes and no whose “no” has the reasons, in a sheet with no other outcome."""
PAIRED = 0.65
"""Confidence of the reasons where they and the yes and no only show themselves together."""
THOUGHT_OF = 0.005
"""Chance of loss reasons by a header, below which it rules them out."""
SURELY = 0.7
"""Confidence of an outcome column from which on its rows are told apart by it."""
LEAST = 3
"""Filled rows, and won ones, with fewer of which a column tells nothing."""
NEARLY_ALL, MOST, HALF, HARDLY_ANY = 0.9, 0.7, 0.5, 0.1
FULL = 0.9
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
            ends = ends_of(header, data[letter].iloc[:: self._step].tolist(), vocabulary)
            self._won, self._lost = ends == "won", ends == "lost"
        self.column = best.column if outcomes else -1

    def __bool__(self) -> bool:
        return bool(self._won.sum() >= LEAST and self._lost.sum() >= LEAST)

    def tells(self, column: pd.Series[Any]) -> bool:
        """Whether a column is filled in lost rows only, in at least a few of them.

        A row that says no may also be open, so not every lost row need be filled.
        """
        return only_among(filled_in(column.iloc[:: self._step].tolist(), self._values), self._won, self._lost)

    def denies(self, column: pd.Series[Any]) -> bool:
        """Whether most won rows fill a column, too: then it hardly says why customers were lost."""
        filled = filled_in(column.iloc[:: self._step].tolist(), self._values)
        return bool((filled & self._won).sum() > HALF * self._won.sum())


def deciding(
    claims: Sequence[Claim],
    headers: Mapping[str, str],
    profiles: Sequence[Profile],
    data: pd.DataFrame,
    tools: Tools,
    vocabulary: Vocabulary,
) -> list[Claim]:
    """The one yes and no of a sheet without an outcome whose “no” rows, and only they, have a loss reason.

    Took lessons? and 住进来没 are no known outcomes, and say who bought all the same. Where no column is sure to hold the
    reasons, one may whose header does not rule them out, and the pair is believed if every “no” row but a few has one.
    """
    if any(claim.role == "outcome" and claim.confidence >= SURELY for claim in claims):
        return []
    letters, step = list(headers), max(1, -(-len(data) // ROWS))
    surely = [claim for claim in claims if claim.role == "loss_reason" and claim.confidence >= SURELY]
    sure = {claim.column for claim in claims if claim.confidence > SURE or claim.how == "user"}
    told = [max(surely, key=lambda claim: claim.rank).column] if surely else []
    maybe = told or [
        number
        for number, profile in enumerate(profiles)
        if number not in sure
        and 0 < profile.filled < FULL
        and profile.reaches("letters", NEARLY_ALL)
        and not (profile.share("date") > HALF or profile.people or profile.share("flag") > HALF)
        and tools.guess(headers[letters[number]]).chances.get("loss_reason", 0.0) >= THOUGHT_OF
    ]
    cells = {number: data[letters[number]].iloc[::step].tolist() for number in maybe}
    filled = {number: filled_in(cells[number], values_of(vocabulary)) for number in maybe}
    found: list[list[Claim]] = []
    for number, profile in enumerate(profiles):
        if number in sure or number in maybe or not tools.judge.answers(profile):
            continue
        ends = ends_of(headers[letters[number]], data[letters[number]].iloc[::step].tolist(), vocabulary)
        won, lost = ends == "won", ends == "lost"
        for column in maybe if won.sum() >= LEAST else []:
            full = (filled[column] & lost).sum() >= MOST * lost.sum()
            if only_among(filled[column], won, lost) and (told or full):
                found.append(
                    [Claim(number, "outcome", "values", DECIDES, DECIDES)]
                    + ([] if told else [Claim(column, "loss_reason", "values", PAIRED, PAIRED)])
                )
    return found[0] if len(found) == 1 else []


def only_among(filled: NDArray[np.bool_], won: NDArray[np.bool_], lost: NDArray[np.bool_]) -> bool:
    """Whether hardly anything but lost rows is filled."""
    among = filled & lost
    return bool(
        among.sum() >= LEAST
        and among.sum() >= NEARLY_ALL * filled.sum()
        and (filled & won).sum() <= HARDLY_ANY * won.sum()
    )


def filled_in(cells: Sequence[object], values: Values) -> NDArray[np.bool_]:
    """Which cells say something."""
    blank: dict[object, bool] = {None: True}
    for cell in cells:
        if cell not in blank:
            blank[cell] = values.is_blank(cell)
    return np.array([not blank[cell] for cell in cells], dtype=bool)


def ends_of(header: str, cells: Sequence[object], vocabulary: Vocabulary) -> NDArray[np.str_]:
    """What each cell of a column says of the outcome; an empty text where it says nothing."""
    words, section = outcome_words(vocabulary), vocabulary.section("outcomes")
    pair = opposites(vocabulary).read([as_text(cell) for cell in dict.fromkeys(cells) if cell is not None])
    plain = {normalise(word): end for key, end in (("yes", "won"), ("no", "lost")) for word in section[key]["words"]}
    polarity = Phrases(section["polarity"])
    hits = {hit.category for hit in polarity.find(normalise(header).replace("_", " "))}
    turned = {"won": "lost", "lost": "won"} if hits == {"lost"} else {}
    known: dict[object, str] = {}
    for cell in cells:
        if cell is None or cell in known:
            continue
        text = closed_up(as_text(cell))
        end = plain.get(normalise(text)) or ("" if text not in pair else "won" if pair[text] else "lost")
        known[cell] = (
            turned.get(end, end)
            if end
            else words.whole.whole(text) or next((hit.category for hit in words.within.find(text)), "")
        )
    return np.array([known.get(cell, "") for cell in cells], dtype=str)
