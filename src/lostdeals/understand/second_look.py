"""Known headers held against what their values look like: Deal? over yes and no, Title over professions, Job over what is to be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lostdeals.understand.aliases import Reading
from lostdeals.understand.guesses import LEAST, NONE
from lostdeals.understand.neighbours import Claim
from lostdeals.understand.profile import Profile
from lostdeals.understand.value_model import NO_ROLE
from lostdeals.understand.weighing import (
    DECIDES,
    HALF,
    HARDLY,
    PERSONAL,
    UNTHOUGHT,
    Tools,
    claim_of,
    confidence_of,
    fit,
)

ENOUGH = 5
"""Cells with fewer of which the values are not asked."""
TRUST = 0.5
"""Chance that a known header means what it is known for, before what headers like it held is asked."""
SURE = 0.85
"""Chance of a role from which on the values are believed."""
ENDS = frozenset(("stage", "outcome"))
"""Told apart by what their values say of the end, not by what they look like."""
OF_OTHERS = frozenset(("referrer", "competitor"))
"""Whose telephone is not the customer's."""
IN_PARTS = ("name",)
"""Roles that two columns may hold a part of each, which other rules tell."""
NOTHING = frozenset(("extra", "ignore"))
"""Headers that say there is no role."""
OF_A_FEW = frozenset(("owner", "team"))
"""Headers of a few people or places, whose values cannot stand against them: how often each comes tells more."""


def shares(name: str, readings: Sequence[Reading], profile: Profile, tools: Tools) -> Mapping[str, float]:
    """The chances of roles by a known header and the values together; nothing where the values are not asked."""
    roles = {reading.role for reading in readings}
    if profile.count < ENOUGH or not roles or roles & NOTHING or roles >= ENDS:
        return {}
    if profile.reaches("opaque", SURE):
        return {}  # keys and hashes tell nothing, whatever they stand for
    likely = tools.likelihoods(profile)
    guess = tools.guess(name)
    if roles & OF_A_FEW and max(guess.chances.get(role, 0.0) for role in roles) < HALF:
        return {}  # a manager may be the customer's own
    chances = {role: (1 - TRUST) * chance for role, chance in guess.chances.items()}
    for role in roles:
        chances[role] = chances.get(role, 0.0) + TRUST / len(roles)
    found = {NONE: chances.get(NONE, 0.0) * likely.get(NO_ROLE, 1.0)}
    for role in {**chances, **likely}:
        if role not in (NONE, NO_ROLE):
            chance = max(chances.get(role, 0.0), UNTHOUGHT) * likely.get(role, 1.0)
            found[role] = chance * fit(role, profile, tools) if chance >= HARDLY else 0.0
    total = sum(found.values())
    thought_of = (
        max(found.values()) >= LEAST
    )  # otherwise the values forbid all that the header means, and show nothing else
    return {role: chance / total for role, chance in found.items()} if thought_of else {}


def contradicted(
    number: int,
    readings: Sequence[Reading],
    profile: Profile,
    tools: Tools,
    chances: Mapping[str, float],
    *,
    others: bool,
) -> list[Claim] | None:
    """The claim of a column to the role that its values show, against its known header; None where they let it stand.

    A header that means one thing only is believed unless its values cannot be that, are a yes and no, or shares. An empty
    list where a vague header's values show no role at all. chances: its `shares`; others: it speaks of somebody else.

    >>> import pandas as pd
    >>> from lostdeals.understand import match_columns
    >>> from lostdeals.vocab import load
    >>> for cells in (["no", "yes", "no", "wait"], ["roof", "new kitchen", "loft", "roof repair"]):
    ...     column = pd.DataFrame({"A": cells * 2}, dtype=object)
    ...     print([match.role for match in match_columns({"A": "Deal?"}, column, load(), {})])
    ['outcome']
    ['deal']
    """
    roles = {reading.role for reading in readings}
    best = max(chances, key=lambda role: chances[role], default=NONE)
    if chances.get(best, 0.0) < SURE or best in roles or {best, *roles} >= ENDS:
        return None
    if roles & OF_A_FEW or any(tools.agrees(role, profile) for role in roles):
        return None
    answers = profile.reaches("flag", HALF) or profile.reaches("percent", HALF)
    if not answers and not all(_open(reading, profile, tools) for reading in readings):
        return None
    if best in PERSONAL and (others or roles & OF_OTHERS):
        return None
    if best in DECIDES and not (best == "outcome" and profile.repeated):
        return None
    if best == NONE:
        return [] if all(reading.weak for reading in readings) else None
    return [claim_of(number, best, "values", confidence_of(chances[best]), profile)]


def _open(reading: Reading, profile: Profile, tools: Tools) -> bool:
    """Whether a reading is vague, or one that the values forbid."""
    return (
        reading.weak
        or reading.shared
        or tools.judge.verdict(tools.words.kinds.get(reading.role, ""), profile) == "veto"
    )


def firmer(claim: Claim, chances: Mapping[str, float], profile: Profile) -> Claim:
    """A vague header's claim, surer where its values look like nothing else."""
    share = chances.get(claim.role, 0.0) if claim.role not in IN_PARTS else 0.0
    surer = claim_of(claim.column, claim.role, claim.how, max(claim.confidence, confidence_of(share)), profile)
    return surer if share >= SURE else claim
