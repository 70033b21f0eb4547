"""Headers that say no more than that somebody was spoken to, 跟进 or Follow up: their values tell by whom, when or with what result."""

from __future__ import annotations

from lostdeals.understand.neighbours import Claim
from lostdeals.understand.profile import Profile
from lostdeals.understand.weighing import Tools, claim_of

MOST, HALF = 0.8, 0.5
SURELY, LIKELY = 0.84, 0.76
"""Confidence where the values show what they are, and where they only look so."""
ELSE = 0.7
"""The same for short words where another column holds the stage."""
LISTED = 0.6
"""Share of the values that are known steps of a deal, from which on the column is a list of them."""
REMARK = 8
"""Mean width of values from which on they are remarks; what is shorter may be picked from a list."""
NAMES = 0.7
"""Share of the values that may be names, from which on the few that come again and again look after customers."""
FIRST, LAST = "first_contact_at", "last_contact_at"
"""The days of contacts that are counted, 首次联系 and F/U 2: they have been; of several the fullest is taken."""
FLAGS = 3
"""Values at most of a yes and no."""
OFTEN = 200
"""Nobody was spoken to so often."""


def opened(number: int, name: str, profile: Profile, tools: Tools) -> list[Claim] | None:
    """A column's claims where its header leaves open what it holds: none for a yes and no.

    None where the order of its days tells more, or nothing in it tells.

    >>> import pandas as pd
    >>> from lostdeals.understand import match_columns
    >>> from lostdeals.vocab import load
    >>> notes = ["嫌贵，再考虑", "没接电话", "约周六看房"]
    >>> for cells in (notes, ["小王", "小李", "小王", "小王"], ["已报价", "洽谈中", "已签约"], [3, 5, 1], ["是", "否"]):
    ...     column = pd.DataFrame({"A": cells}, dtype=object)
    ...     print([match.role for match in match_columns({"A": "跟进"}, column, load(), {})])
    ['notes']
    ['owner']
    ['stage']
    ['contact_count']
    ['extra']
    """
    if not profile.values or profile.reaches("date", MOST):
        told = _which(name, tools) if profile.values else None
        return [claim_of(number, told, "values", LIKELY, profile)] if told else None
    said = _said(profile, tools)
    return None if said is None else [claim_of(number, role, "values", sure, profile) for role, sure in said.items()]


def _which(name: str, tools: Tools) -> str | None:
    """The role of the day of a contact that its header counts."""
    if not tools.words.contacts.count(name):
        return None
    return FIRST if tools.words.contacts.begin(name) else LAST


def _said(profile: Profile, tools: Tools) -> dict[str, float] | None:
    if profile.reaches("flag", MOST) and profile.distinct <= FLAGS:
        return {}
    if profile.reaches("digits", MOST):
        often = all(float(text) < OFTEN for text in profile.texts if profile.words.digits(text, text))
        return {"contact_count": LIKELY} if often else None
    if not profile.reaches("letters", MOST):
        return None
    if profile.reaches("sentence", HALF):
        return {"notes": SURELY}
    if tools.telling.steps(profile) >= LISTED and profile.distinct > 1:
        return {"stage": SURELY, "notes": ELSE}
    if profile.repeated and (profile.people or (profile.reaches("person", NAMES) and profile.chinese < HALF)):
        return {"owner": SURELY}
    if profile.people:
        return {"name": LIKELY} if profile.unlike else None
    if others := {role: sure for role, sure in tools.telling.roles(profile) if role not in ("stage", "notes")}:
        return others
    if profile.length >= REMARK:
        return {"notes": SURELY}
    return {"notes": LIKELY} if profile.distinct > HALF * profile.count else {"stage": LIKELY, "notes": ELSE}
