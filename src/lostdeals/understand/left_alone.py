"""Columns of those who asked not to be called, in which remarks and days stand beside the yes and no."""

from __future__ import annotations

from collections.abc import Sequence

from lostdeals.understand.aliases import Reading
from lostdeals.understand.neighbours import SURE, Claim
from lostdeals.understand.profile import Profile
from lostdeals.understand.weighing import NOBODY_CALLS, Tools, claim_of

CERTAIN = 0.95
"""Chance of the role by the header alone, from which on a header that nobody listed is as good as one that is."""
REMARKED = SURE + 0.02
"""Confidence of the role where the values are not plain."""
OTHER_THINGS = ("strict_phone", "email", "url", "digits")
"""What stands in no such column, whatever its header: numbers of calls, the customers' phones."""
MOST, HALF, GAPS = 0.8, 0.5, 0.9


def left_alone(
    number: int, name: str, readings: Sequence[Reading], profile: Profile, tools: Tools
) -> list[Claim] | None:
    """The claim of a column whose header asks not to be called, whatever remarks its cells hold; None for any other.

    A remark is taken for a yes when the cells are read, so that nobody is called who may have asked not to be.

    >>> import pandas as pd
    >>> from lostdeals.understand import match_columns
    >>> from lostdeals.vocab import load
    >>> for cells in (["Y", None, "Y, 2026-03-01"], ["是", "投诉过", None], [3, 5, 12]):
    ...     column = pd.DataFrame({"A": cells}, dtype=object)
    ...     print([match.role for match in match_columns({"A": "DNC"}, column, load(), {})])
    ['do_not_contact']
    ['do_not_contact']
    ['extra']
    """
    if not profile.values or tools.agrees(NOBODY_CALLS, profile):
        return None
    listed = {reading.role for reading in readings} == {NOBODY_CALLS}
    if listed and any(reading.weak or reading.shared for reading in readings):
        return None
    certain = not (readings or tools.words.lacks(NOBODY_CALLS, name)) and _certain(name, tools)
    if not (listed or certain) or any(profile.reaches(kind, MOST) for kind in OTHER_THINGS):
        return None
    plain = profile.share("flag") > 0
    dated = profile.reaches("date", MOST)
    if not plain and (profile.filled >= GAPS if dated else certain or _told_of_all(profile)):
        return None
    return [claim_of(number, NOBODY_CALLS, "alias" if listed else "model", REMARKED, profile)]


def _certain(name: str, tools: Tools) -> bool:
    return tools.guess(name).chances.get(NOBODY_CALLS, 0.0) >= CERTAIN


def _told_of_all(profile: Profile) -> bool:
    """Whole sentences in most rows are notes about everybody."""
    return profile.reaches("sentence", HALF) and profile.filled >= HALF
