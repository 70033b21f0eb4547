"""Several columns that may say who bought: the one whose “no” rows have the reasons, else a listed one, else the last step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lostdeals.understand.lost_only import HARDLY_ANY, LEAST, ROWS, SURELY, ends_of, filled_in
from lostdeals.understand.neighbours import SURE, Claim
from lostdeals.understand.values import values_of
from lostdeals.vocab import Vocabulary

AHEAD = 0.02
"""How far the column that is believed goes ahead of the best of the others."""
LISTED = 0.8
"""Confidence of a vague header, Booked, with its yes and no."""
MORE = 2
"""Rows more that the earlier of two steps has at least."""


def decided(
    claims: Sequence[Claim], headers: Mapping[str, str], data: pd.DataFrame, vocabulary: Vocabulary
) -> list[Claim]:
    """The claims, that of the believed outcome ahead of its rivals; none is changed where one is known by its header.

    Booked? Attended? Joined? are three yes and no: who joined had booked and attended before, so joining is the sale.
    """
    claims = list(claims)
    rivals = [claim for claim in claims if claim.role == "outcome"]
    if len({claim.column for claim in rivals}) < 2 or any(
        claim.how == "user" or (claim.how == "alias" and claim.confidence > SURE) for claim in rivals
    ):
        return claims
    letters, step = list(headers), max(1, -(-len(data) // ROWS))
    ends: dict[int, NDArray[np.str_]] = {
        claim.column: ends_of(
            headers[letters[claim.column]], data[letters[claim.column]].iloc[::step].tolist(), vocabulary
        )
        for claim in rivals
    }
    best = _with_reasons(claims, ends, letters, data.iloc[::step], vocabulary)
    if best is None:
        listed = {claim.column for claim in rivals if claim.how == "alias" and claim.confidence >= LISTED}
        best = listed.pop() if len(listed) == 1 else None if listed else _last_step(ends)
    if best is None:
        return claims
    rank = max(claim.rank for claim in rivals) + AHEAD
    return [
        replace(claim, rank=rank, confidence=max(claim.confidence, SURELY))
        if claim.column == best and claim in rivals
        else claim
        for claim in claims
    ]


def _with_reasons(
    claims: Sequence[Claim],
    ends: Mapping[int, NDArray[np.str_]],
    letters: Sequence[str],
    data: pd.DataFrame,
    vocabulary: Vocabulary,
) -> int | None:
    """The one rival of whose rows hardly a won one and some lost ones have a reason."""
    reasons = {claim.column for claim in claims if claim.role == "loss_reason" and claim.confidence >= SURELY}
    told = [filled_in(data[letters[column]].tolist(), values_of(vocabulary)) for column in reasons]
    found = {
        column
        for column, said in ends.items()
        for filled in told
        if (filled & (said == "lost")).sum() >= LEAST
        and (filled & (said == "won")).sum() <= HARDLY_ANY * (said == "won").sum()
    }
    return found.pop() if len(found) == 1 else None


def _last_step(ends: Mapping[int, NDArray[np.str_]]) -> int | None:
    """The rival whose yes every other rival's yes goes before, in rows enough to tell."""
    won = {column: said == "won" for column, said in ends.items()}
    for column, mine in won.items():
        others = [theirs for other, theirs in won.items() if other != column]
        if mine.sum() >= LEAST and all(
            not (mine & ~theirs).any() and theirs.sum() >= mine.sum() + MORE for theirs in others
        ):
            return column
    return None
