"""What values say for and against roles where the header says little: the same few people, firms, addresses, reasons, sums."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import median

from lostdeals.understand.profile import Profile
from lostdeals.vocab import Phrases, Vocabulary

WORDY = frozenset(("words", "text", "title", "freetext"))
"""Kinds of roles that hold neither sums nor the same few people again and again."""
MOST, HALF = 0.8, 0.5
LARGE = 100
"""A number from which on it is no grade, star or count of a class."""
ENOUGH = 5
"""Cells with fewer of which a column tells nothing."""
SHORT = 40
"""Mean width of values up to which they are remarks and choices rather than notes."""
JOBS = 0.6
ADDRESSED = 0.68
"""Confidence of names as people are addressed, each once: colleagues come again, and are hardly called Mrs Hall."""
EIGHT, MANY = 8, 30
"""Rows from which on it counts a little, and much, whether values repeat."""
NEARLY_ALL, FEW = 0.95, 0.5
"""Share of unlike values of a column that hardly repeats, and of one that does."""
LISTED = (
    "stage",
    "outcome",
    "customer_type",
    "level",
    "intent",
    "urgency",
    "team",
    "gender",
    "currency",
    "education",
    "owner",
    "source",
)
SINGLE = ("name", "company", "deal", "address", "id", "email", "phone", "notes")


@dataclass(frozen=True)
class Evidence:
    """How many times likelier the values make a role or a kind of roles, and the confidence they give a role by themselves."""

    roles: Mapping[str, float] = field(default_factory=dict)
    kinds: Mapping[str, float] = field(default_factory=dict)
    alone: Mapping[str, float] = field(default_factory=dict)


class Weights:
    """The evidence of a vocabulary's words.

    >>> import pandas as pd
    >>> from lostdeals.understand.profile import profile_of
    >>> from lostdeals.understand.values import values_of
    >>> from lostdeals.vocab import load
    >>> cells = pd.Series(["Tony", "Sue", "Tony", "Marge", "Sue", "Tony"], dtype=object)
    >>> dict(Weights(load()).of(profile_of(cells, values_of(load()))).alone)
    {'owner': 0.58}
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        reasons = vocabulary.section("reasons")
        sources = vocabulary.section("dimensions")["source"]["categories"]
        self._reasons = Phrases(
            {key: [*entry.get("values", []), *entry.get("words", [])] for key, entry in reasons.items()}
        )
        self._sources = Phrases(
            {key: [*entry.get("values", []), *entry.get("words", [])] for key, entry in sources.items()}
        )
        words = vocabulary.section("structure")["shapes"]["address"]
        latin = "|".join(re.escape(word) for word in words if word.isascii())
        chinese = "|".join(word for word in words if not word.isascii())
        self._address = re.compile(
            rf"\d+\w?,? (?:\w+ ){{1,3}}(?:{latin})\b|\w+(?:{chinese})\s*\d|\d+(?:{chinese})", re.IGNORECASE
        )

    def of(self, profile: Profile) -> Evidence:
        """What a column's values say, the plainest first; nothing where there are few."""
        if profile.count < ENOUGH or profile.reaches("date", HALF) or profile.reaches("flag", MOST):
            return Evidence()
        found = self._plain(profile)
        often = self._repeating(profile)
        return Evidence(
            {**often, **{role: n * often.get(role, 1.0) for role, n in found.roles.items()}}, found.kinds, found.alone
        )

    def addresses(self, profile: Profile) -> float:
        """Share of the values that look like the address of a house."""
        return profile.once((self, "addresses"), lambda: self._share(profile, self._address))

    def sources(self, profile: Profile) -> float:
        """Share of the values that speak of where customers come from."""
        return profile.once((self, "sources"), lambda: self._met(profile, self._sources))

    def reasons(self, profile: Profile) -> float:
        """Share of the values that speak of why customers were lost."""
        return profile.once((self, "reasons"), lambda: self._met(profile, self._reasons))

    @staticmethod
    def _repeating(profile: Profile) -> Mapping[str, float]:
        """A list of choices repeats its values, names and numbers of customers do not; the more rows, the surer."""
        if profile.count < EIGHT:
            return {}
        many = profile.count >= MANY
        if profile.distinct >= NEARLY_ALL * profile.count:
            return dict.fromkeys(LISTED, 0.05 if many else 0.4)
        if profile.distinct <= FEW * profile.count:
            return dict.fromkeys(SINGLE, 0.1 if many else 0.5) | {"id": 0.1}
        return {"id": 0.2} if profile.distinct < MOST * profile.count else {}

    def _plain(self, profile: Profile) -> Evidence:
        if profile.people:
            return self._people(profile)
        if profile.reaches("addressed", JOBS) and profile.distinct >= MOST * profile.count:
            return Evidence({"name": 3.0, "owner": 0.4}, dict.fromkeys(WORDY, 0.2), {"name": ADDRESSED})
        if profile.reaches("digits", MOST):
            large = median(float(text) for text in profile.texts if profile.words.digits(text, text)) >= LARGE
            return Evidence(kinds=dict.fromkeys(WORDY, 0.1)) if large else Evidence()
        if profile.reaches("company", HALF) and profile.distinct >= MOST * profile.count:
            unlike = dict.fromkeys(("competitor", "team", "source", "customer_type"), 0.3)
            return Evidence({"company": 2.0, **unlike}, alone={"company": 0.57})
        if self.addresses(profile) >= HALF:
            return Evidence({"address": 8.0, "company": 0.3, "name": 0.1}, alone={"address": 0.65})
        if profile.reaches("job", JOBS) and profile.distinct > 1:
            return Evidence({"job_title": 4.0, "customer_type": 0.3, "occupation": 0.5})
        return self._said(profile)

    def _people(self, profile: Profile) -> Evidence:
        if profile.repeated:
            return Evidence({"name": 0.3, "referrer": 0.3, "owner": 2.0}, dict.fromkeys(WORDY, 0.1), {"owner": 0.58})
        if profile.reaches("addressed", HALF) and profile.distinct >= MOST * profile.count:
            return Evidence({"name": 4.0, "owner": 0.3}, dict.fromkeys(WORDY, 0.1), {"name": ADDRESSED})
        if profile.unlike:
            return Evidence({"name": 2.0, "owner": 0.4}, dict.fromkeys(WORDY, 0.2), {"name": 0.58})
        return Evidence()

    def _said(self, profile: Profile) -> Evidence:
        if profile.length > SHORT or profile.reaches("number", HALF):
            return Evidence()
        if self.sources(profile) >= MOST:
            return Evidence({"source": 3.0, "campaign": 0.4})
        if profile.filled < 1 and self.reasons(profile) >= HALF:
            return Evidence({"loss_reason": 3.0})
        return Evidence()

    @staticmethod
    def _share(profile: Profile, pattern: re.Pattern[str]) -> float:
        return sum(bool(pattern.search(text)) for text in profile.texts) / len(profile.texts)

    @staticmethod
    def _met(profile: Profile, phrases: Phrases) -> float:
        some: Sequence[str] = profile.texts[:60]
        return sum(bool(phrases.find(text)) for text in some) / len(some)


@lru_cache(maxsize=4)
def weights(vocabulary: Vocabulary) -> Weights:
    """The evidence of a vocabulary, made once."""
    return Weights(vocabulary)
