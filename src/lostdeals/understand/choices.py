"""Headers that are nothing but the choices of their column: Yay/Nay, 新客/老客, Snap / Insta / Friend."""

from __future__ import annotations

from collections.abc import Sequence

from lostdeals.understand.neighbours import Claim
from lostdeals.understand.profile import Profile
from lostdeals.understand.weighing import Tools, claim_of

ALL = 0.8
"""Share of the values that are among the choices at least."""
HALF = 0.5
SURELY, LIKELY = 0.84, 0.66
"""Confidence where the values are known as what they are, and where half of them are."""


def chosen(number: int, name: str, profile: Profile, tools: Tools) -> list[Claim]:
    """The claims of a column that is called by its values, which then speak for themselves; none for any other.

    >>> import pandas as pd
    >>> from lostdeals.understand import match_columns
    >>> from lostdeals.vocab import load
    >>> for name, cells in (("Yay/Nay", ["Nay", "Yay"]), ("Insta/Google/Friend", ["Google", "Friend", "Insta"])):
    ...     column = pd.DataFrame({"A": cells * 3}, dtype=object)
    ...     print([match.role for match in match_columns({"A": name}, column, load(), {})])
    ['outcome']
    ['source']
    """
    if not called_by(profile.texts, tools.words.choices(name)):
        return []
    answers = profile.reaches("flag", 1.0) and profile.length > 1  # N/U: new and used are no answers
    if tools.judge.tells_ends(profile) or answers:
        return [claim_of(number, "outcome", "values", LIKELY if answers else SURELY, profile)]
    if told := tools.telling.roles(profile):
        return [claim_of(number, role, "values", confidence, profile) for role, confidence in told]
    if profile.reaches("source", HALF):
        return [claim_of(number, "source", "values", LIKELY, profile)]
    return []


def called_by(texts: Sequence[str], choices: Sequence[str]) -> bool:
    """Whether the choices of a header are what its values are, be they shortened there or here.

    >>> called_by(["Self", "Invest", "Self"], ["self use", "invest"]), called_by(["王伟", "李娜"], ["姓名", "称呼"])
    (True, False)
    """
    said = {text.strip().casefold() for text in texts if text.strip()}
    if len(choices) < 2 or not said:
        return False
    met = {text: [choice for choice in choices if text.startswith(choice) or choice.startswith(text)] for text in said}
    used = {choice for found in met.values() for choice in found}
    return len(used) >= min(2, len(said)) and sum(map(bool, met.values())) >= ALL * len(said)
