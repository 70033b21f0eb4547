"""What a header that nobody listed may mean: the role model's word and that of the nearest known headers."""

from __future__ import annotations

from lostdeals.understand.aliases import CHOICES, JOINT, Aliases, Reading
from lostdeals.understand.role_model import RoleModel

LEAST = 0.12
"""Probability below which the model's word is noise."""
NO_ROLE = ("extra", "ignore")
SURE_OF_NONE = 0.6
"""Probability of “no role” from which on nothing else is tried."""
AGREED = 0.06
"""What a reading gains where the model and a near header say the same."""


def guesses(header: str, aliases: Aliases) -> list[Reading]:
    """The roles a header may mean, at most ``CHOICES``, the likeliest first; the values have the last word.

    >>> from lostdeals.vocab import load
    >>> [(reading.role, reading.how) for reading in guesses("带看业务员", Aliases(load()))[:1]]
    [('owner', 'model')]
    """
    group, _, own = header.rpartition(JOINT)
    if aliases.about_others(group):
        return []
    chances = RoleModel.load().roles(aliases.words(own))
    if chances and chances[0][0] in NO_ROLE and chances[0][1] >= SURE_OF_NONE:
        return []
    found = {
        role: Reading(role, "model", confidence_of(chance))
        for role, chance in chances[: CHOICES + 1]
        if chance >= LEAST and role not in NO_ROLE
    }
    for near in aliases.near(header):
        other = found.get(near.role)
        if other is None:
            found[near.role] = near
        else:
            confidence = round(min(max(near.confidence, other.confidence) + AGREED, 0.95), 2)
            found[near.role] = Reading(
                near.role, near.how if near.confidence > other.confidence else "model", confidence
            )
    return sorted(found.values(), key=lambda reading: -reading.confidence)[:CHOICES]


def confidence_of(chance: float) -> float:
    """How often the model is right that gives a role this probability, as measured on headers it has not seen."""
    return round(0.45 + 0.45 * chance, 2)
