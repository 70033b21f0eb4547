"""What a header that is known means, as far as the values allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lostdeals.understand.aliases import Reading
from lostdeals.understand.neighbours import Claim
from lostdeals.understand.profile import Profile
from lostdeals.understand.verdicts import Verdicts
from lostdeals.understand.weighing import LISTS, Tools, claim_of

BOUGHT = 0.2
"""What a vague header of an outcome gains where its values are a yes and a no."""
PICKED = 0.45
"""What a column of notes loses where its values are picked from a list: 跟进情况 with 已报价, 洽谈中 is a stage."""
PLAIN = ("outcome", "gender", "email")
"""What values say so plainly that no header stands against it: a State of won and lost is an outcome."""
SHOWN = ("person", "company", "id", "freetext", "band", "age")
"""Kinds whose values usually show themselves; where they do not, another column may."""
CHOSEN, ALIKE, LONG, FIVE = 0.72, 0.85, 24, 5
"""Confidence of a product under Project or Subject; share of unlike values up to which, mean width below which, and cells from
which on, it is one."""
NO_STEPS = ("region", "deal")
"""What State and Deal mean where the values are no steps of a sale."""
STEPS = 0.8
"""Share of steps and ends among the values, from which on those roles are none."""
LETTERS = 3
"""Mean width of values that are words and no marks such as A and B."""
WORDS = 0.8
"""Share of the values with letters, from which on they are words."""


def read(
    number: int, readings: Sequence[Reading], profile: Profile, said: Mapping[str, float], tools: Tools
) -> dict[str, Claim]:
    """The roles that a known header means, as far as the values allow."""
    found: dict[str, Claim] = {}
    plain = {reading.role for reading in readings}
    for reading in readings:
        kind = tools.words.kinds.get(reading.role, "")
        if reading.weak and reading.role == "deal" and _picked(profile):
            found["product"] = claim_of(number, "product", "values", CHOSEN, profile)
        change = _change(reading, kind, profile, tools.judge)
        if change is None or (reading.role in NO_STEPS and profile.distinct > 1 and _steps(profile, tools)):
            continue
        listed = kind == "freetext" and any(role in said for role in LISTS)
        if listed and tools.judge.verdict(kind, profile) == "agree":
            listed = False
        against = kind not in ("stage", "staff") and plain.isdisjoint(said) and any(role in said for role in PLAIN)
        against = against or (reading.role == "source" and "region" in said)
        if reading.role not in said and (listed or against):
            change -= PICKED
        confidence = min(reading.confidence + change, 0.99)
        found[reading.role] = claim_of(number, reading.role, reading.how, confidence, profile)
    return found


def _steps(profile: Profile, tools: Tools) -> bool:
    """Whether nearly all values are steps of a sale or its ends; letters may stand for anything."""
    return profile.length >= LETTERS and tools.telling.steps(profile) >= STEPS


def _change(reading: Reading, kind: str, profile: Profile, judge: Verdicts) -> float | None:
    """What the values add to a reading's confidence; None where they forbid it."""
    verdict = judge.verdict(kind, profile)
    unsure = reading.shared or reading.weak
    if verdict == "veto" or (reading.role == "region" and judge.tells_ends(profile)):
        return None
    if reading.shared and kind in ("outcome", "stage") and profile.reaches("digits", 1.0):
        return None  # 状态 1 / 0 tells nothing without its legend
    if verdict == "agree" and reading.weak and kind == "outcome":
        return BOUGHT
    if verdict == "agree" or (reading.role == "owner" and profile.people and profile.repeated):
        return 0.03 if unsure else 0.0
    if profile.values and unsure and kind in ("outcome", "flag"):
        return -0.25 if kind == "outcome" and judge.tells_an_end(profile) else None
    if unsure:
        return -0.12
    return -0.05 if kind == "outcome" else -0.02 if kind in SHOWN else 0.0


def _picked(profile: Profile) -> bool:
    """Short words some of which come again, as what was asked for does: no two deals are called alike."""
    return (
        profile.count >= FIVE
        and profile.distinct <= ALIKE * profile.count
        and profile.length < LONG
        and profile.reaches("letters", WORDS)
    )
