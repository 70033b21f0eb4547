"""What a header that nobody listed may mean: the role model's word, weighed with the nearest known headers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lostdeals.understand.aliases import Aliases
from lostdeals.understand.header_words import JOINT
from lostdeals.understand.role_model import RoleModel

NONE = ""
"""Stands for “no role”."""
LEAST = 0.01
"""Probability below which a role is not thought of."""
NEARNESS = 3.0
"""How much more likely a near header makes its role, per unit of likeness."""
OTHERS = 0.1
"""What is left of the chance of an id where the header numbers something else: 城市ID, Product ID."""
CONSENT, REFUSED = "@consent", "do_not_contact"
NEGATED = frozenset(("@not", "@leave_alone"))
"""A header that asks whether one may call says the opposite of one that asks whether one must not."""
ALIKE = 0.75
"""Likeness from which on the near header is the reason, not the model."""


@dataclass(frozen=True)
class Guess:
    """The roles a header may have, before its values are looked at."""

    chances: Mapping[str, float]
    """Role -> probability, together 1; ``NONE`` for no role."""
    near: frozenset[str] = frozenset()
    """Roles that a known header much like it has."""


def guess(header: str, aliases: Aliases) -> Guess:
    """The chances of every role by the words of a header; all for none where it speaks of somebody else.

    >>> from lostdeals.vocab import load
    >>> found = guess("带看业务员", Aliases(load()))
    >>> max(found.chances, key=found.chances.get)
    'owner'
    """
    group, _, own = header.rpartition(JOINT)
    if not own or aliases.about_others(group):
        return Guess({NONE: 1.0})
    chances: dict[str, float] = {}
    asked = aliases.asked(own)
    concepts = aliases.concepts.features(asked)
    for role, chance in RoleModel.load().roles(asked, concepts):
        name = NONE if role in ("extra", "ignore") else role
        if name == NONE or chance >= LEAST:
            chances[name] = chances.get(name, 0.0) + chance
    if CONSENT in concepts and not NEGATED.intersection(concepts):
        chances.pop(REFUSED, None)
    if aliases.numbers_another(own):
        chances["id"] = chances.get("id", 0.0) * OTHERS
    near = {reading.role: reading.confidence for reading in aliases.near(header)}
    for role, likeness in near.items():
        chances[role] = chances.get(role, LEAST) * (1 + NEARNESS * likeness)
    total = sum(chances.values())
    alike = frozenset(role for role, likeness in near.items() if likeness >= ALIKE)
    return Guess({role: chance / total for role, chance in chances.items()} if total else {NONE: 1.0}, alike)
