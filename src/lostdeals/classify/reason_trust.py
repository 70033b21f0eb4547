"""How sure an answer is: how often answers like it were right on notes whose wording nobody had learned from."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lostdeals.classify.reason_mix import CUES, LENGTH
from lostdeals.classify.reason_model import Floats

SIGNS = ("chance", "model", "clause", "cues", "any cue", "other cues", "length")
"""What tells whether a reason is right: the log odds of its chance; what the model alone says, of the note and of the clause
that speaks most for it; the weight of its cues, whether there is any, how many other reasons have one; and how long the note is.
One more weight for each reason follows, because some are harder than others."""
LANGUAGES = ("zh", "en")
"""Rows of the weights: a note with a Chinese character, and any other."""
HALF, SURE = 0.5, 0.8
"""Between these the confidence is lowered so that above `SURE` hardly an answer is wrong."""
CHINESE = re.compile("[\u2e80-\ufaff\U00020000-\U0003ffff]")


def signs(features: Floats, shares: Floats) -> Floats:
    """(notes, reasons, ``SIGNS``) from what `mixed_features` says and the chances of the mixture."""
    odds = np.log(shares + 1e-9) - np.log(1 - shares + 1e-3)
    cued = features[..., CUES + 1]
    others = cued.sum(axis=1, keepdims=True) - cued
    length = np.broadcast_to(features[..., LENGTH].max(axis=1, keepdims=True), odds.shape)  # told of one reason only
    return np.stack([odds, features[..., 0], features[..., 1], features[..., CUES], cued, others, length], axis=2)


def right(told: Floats, weights: Floats) -> Floats:
    """The share of answers like each that were right: a logistic regression, (notes, reasons) of `signs`.

    weights: one for each sign, or for the first of them, then one for each reason.
    """
    n = len(weights) - told.shape[1]
    return np.asarray(1 / (1 + np.exp(-(told[..., :n] @ weights[:n] + weights[n:]))))


def lowered(share: Floats, surest: float) -> Floats:
    """Shares as confidences: the same up to a half, and 0.8 where the share is ``surest``.

    A share is the middle of what may be; above 0.8 stand only those of which, all together, 95 % were right.

    >>> lowered(np.array([0.4, 0.9, 0.95, 1.0]), surest=0.9).round(2).tolist()
    [0.4, 0.8, 0.9, 1.0]
    """
    return np.interp(share, [0, HALF, surest, 1], [0, HALF, SURE, 1])


def trusted(features: Floats, shares: Floats, texts: Sequence[str], weights: Floats, surest: Floats) -> Floats:
    """(notes, reasons) confidences. weights: (languages, signs and reasons); surest: (languages,), see `lowered`."""
    told = signs(features, shares)
    chinese = languages(texts)
    out = np.empty_like(shares)
    for place in range(len(LANGUAGES)):
        mine = chinese == place
        out[mine] = lowered(right(told[mine], weights[place]), float(surest[place]))
    return out


def languages(texts: Sequence[str]) -> npt.NDArray[np.int64]:
    """The place of each text's language in ``LANGUAGES``."""
    return np.array([0 if CHINESE.search(text) else 1 for text in texts], dtype=np.int64)
