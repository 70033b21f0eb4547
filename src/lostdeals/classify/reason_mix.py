"""Bring together what the cues and the model say of a note: one chance for each reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from lostdeals.classify.reason_model import Chances, Floats, log_shares

NO_REASON = "unknown"
"""The model's answer for a note that names no reason."""
READINGS = ("note", "best clause", "last clause", "net", "words")
"""What the model says of a note."""
FEATURES = (
    *READINGS,
    "cues",
    "any cue",
    "weak cues",
    "nothing",
    *(f"{reading}, by length" for reading in READINGS),
    "length",
)
"""What is weighed for each reason, in the order of the weights; a length is the natural logarithm of the number of clauses."""
CUES, LENGTH = FEATURES.index("cues"), FEATURES.index("length")


class Votes(NamedTuple):
    """The cues of one note."""

    strong: dict[str, dict[str, float]]
    """Reason -> phrase as written -> weight."""
    weak: dict[str, str]
    """Reason -> its last weak cue."""


def mixed_features(chances: Chances, votes: Sequence[Votes], reasons: Sequence[str]) -> Floats:
    """(notes, reasons, ``FEATURES``) of what is weighed.

    The model's readings, the weight of the cues, whether there is any, weak ones, and for ``unknown`` whether a note has no
    cue at all; then the readings times the length, because the more entries a log has, the less all of them together say and
    the more the last one; and for ``unknown`` the length.
    """
    place = {reason: number for number, reason in enumerate(reasons)}
    out = np.zeros((len(votes), len(reasons), len(FEATURES)))
    told = (chances.note, chances.best, chances.last, chances.net, chances.words)
    for number, reading in enumerate(told):
        out[..., number] = reading
    cued = [
        (number, place[reason], sum(phrases.values()))
        for number, vote in enumerate(votes)
        for reason, phrases in vote.strong.items()
    ]
    weak = [(number, place[reason]) for number, vote in enumerate(votes) for reason in vote.weak]
    if cued:
        rows, reason, weight = map(list, zip(*cued, strict=True))
        out[rows, reason, CUES], out[rows, reason, CUES + 1] = weight, 1.0
    if weak:
        rows, reason = map(list, zip(*weak, strict=True))
        out[rows, reason, CUES + 2] = 1.0
    out[[number for number, vote in enumerate(votes) if not vote.strong], place[NO_REASON], CUES + 3] = 1.0
    length = np.log(np.maximum(np.bincount(chances.found.text, minlength=len(votes)), 1))
    out[..., CUES + 4 : LENGTH] = out[..., :CUES] * length[:, None, None]
    out[:, place[NO_REASON], LENGTH] = length
    return out


def mixture(features: Floats, mix: Floats) -> Floats:
    """(notes, reasons) chances: a conditional logit (McFadden 1974) over ``FEATURES``, with one more weight for each reason."""
    n = len(FEATURES)
    return np.asarray(np.exp(log_shares(features @ mix[:n] + mix[n:])))
