"""What the values of a column give away without any header."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from lostdeals.understand.profile import Profile, share_from
from lostdeals.vocab import Phrases, Vocabulary
from lostdeals.vocab.acts import acts_of
from lostdeals.vocab.gazetteer import large_places
from lostdeals.vocab.outcome_words import OUTCOMES, outcome_words
from lostdeals.vocab.phrases import folded
from lostdeals.vocab.wordings import spellings

MOST, NEARLY_ALL, HALF = 0.8, 0.9, 0.5
FEW = 3
"""With fewer cells than this a column tells nothing."""
LISTED = 0.6
"""Share of the distinct values that a list of choices has from the vocabulary; the rest is the team's own."""
ENDS = 0.7
"""Confidence of a list with won and lost in it."""
STATUSES = 12
"""A list of statuses among which are won and lost has at most so many."""
CHOICES = 30
"""A list of choices has at most so many values."""


class Telling:
    """The roles that values speak for, by their shape and by the vocabulary of other columns.

    >>> from lostdeals.understand.profile import profile_of
    >>> from lostdeals.understand.values import Values
    >>> from lostdeals.vocab import load
    >>> import pandas as pd
    >>> telling = Telling(load())
    >>> for cells in (["高意向", "低意向", "中意向"], ["35岁", "28岁", "41岁"], ["A类", "B类", "A类"], ["x", "y", "z"]):
    ...     print([role for role, _ in telling.roles(profile_of(pd.Series(cells, dtype=object), Values(load())))])
    ['intent']
    ['age']
    ['level']
    []
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        dimensions = vocabulary.section("dimensions")
        stages, reasons = vocabulary.section("stages"), vocabulary.section("reasons")
        self._intent = _phrases(dimensions["intent"]["categories"], ("values", "words"))
        self._source = _phrases(dimensions["source"]["categories"], ("values", "words"))
        self._stage = _phrases(stages, ("values", "words"))
        self._reason = _phrases(reasons, ("values",))
        self._shapes = _shapes(vocabulary.section("structure")["shapes"])
        self._outcome = outcome_words(vocabulary).whole
        self._acts = acts_of(vocabulary)
        self._bare_ends = frozenset(map(folded, vocabulary.section("structure")["bare_ends"]["words"]))
        currencies = vocabulary.section("money")["currencies"]
        self._currencies = {folded(word) for code, words in currencies.items() for word in (code, *words)}

    def roles(self, profile: Profile, *, nameless: bool = False) -> list[tuple[str, float]]:
        """Roles with a confidence of 0-1, the surest first; `nameless`: the column has no header that could say more."""
        if profile.count < FEW:
            return []
        found = self._by_shape(profile, nameless) or self._by_words(profile)
        return sorted(found, key=lambda item: -item[1])

    def is_choice(self, text: str) -> bool:
        """A stage, source, reason, intent or end of a deal, and nothing more."""
        lists = (self._stage, self._source, self._reason, self._intent, self._outcome)
        return any(phrases.whole(text) is not None for phrases in lists)

    def is_step(self, text: str) -> bool:
        """A stage or an end of a deal, and nothing more."""
        return bool(self._end(text))

    def _by_shape(self, profile: Profile, nameless: bool) -> list[tuple[str, float]]:
        unlike = profile.distinct / profile.count
        if profile.reaches("email", MOST):
            return [("email", 0.85)]
        if profile.reaches("strict_phone", MOST) and profile.distinct >= FEW:
            return [("phone", 0.8)]
        if profile.reaches("url", MOST) and profile.distinct >= FEW:
            return [("website", 0.75)]
        if profile.distinct >= FEW and self._mostly(profile, "town", MOST):
            return [("region", 0.65)]
        if profile.distinct >= 2 and profile.reaches("gender", 1.0) and not profile.reaches("flag", 1.0):
            return [("gender", 0.75)]
        if all(folded(text) in self._currencies for text in profile.texts):
            return [("currency", 0.75)]
        if self._mostly(profile, "wechat", HALF):
            return [("wechat", 0.75)]
        if self._mostly(profile, "age", MOST):
            return [("age", 0.7)]
        if self._mostly(profile, "staff", MOST):
            return [("company_size", 0.7)]
        if profile.reaches("firm", MOST) and unlike >= HALF and profile.count >= 5:
            return [("company", 0.65 if profile.chinese >= MOST else 0.6)]
        if profile.reaches("sentence", HALF) and unlike >= HALF and not profile.reaches("url", HALF):
            return [("notes", 0.65)]
        if profile.reaches("job", MOST) and profile.distinct >= FEW:
            return [("job_title", 0.7)]
        if self._mostly(profile, "money", MOST):
            return [("amount", 0.6)]
        if profile.reaches("person", NEARLY_ALL) and unlike >= (HALF if nameless else MOST):
            full = sum(len(text.split()) == 2 for text in profile.texts) >= NEARLY_ALL * len(profile.texts)
            if profile.chinese >= NEARLY_ALL and profile.count >= (5 if nameless else 8):
                return [("name", 0.65)]
            if nameless and full and profile.count >= 5:
                return [("name", 0.6)]
        if nameless and profile.reaches("date", NEARLY_ALL):
            return [("created_at", 0.55)]
        return []

    def _by_words(self, profile: Profile) -> list[tuple[str, float]]:
        if not 2 <= profile.distinct <= CHOICES or profile.share("flag") > 0.0:
            return []
        if self._mostly(profile, "level", NEARLY_ALL):
            return [("level", 0.6)]
        ends = {self._outcome.whole(text) for text in profile.texts}
        if profile.distinct <= STATUSES and {"won", "lost"} <= ends and None not in ends:
            return [("outcome", ENDS)]
        if self._listed(profile, self._intent, MOST):
            return [("intent", 0.7)]
        if all(folded(text) in large_places() for text in profile.texts):
            return [("region", 0.65)]
        if profile.distinct < FEW:
            return []
        lists = (("stage", self._stage), ("source", self._source), ("loss_reason", self._reason))
        return [(role, 0.6) for role, phrases in lists if self._listed(profile, phrases, LISTED)]

    def only_ends(self, profile: Profile) -> bool:
        """Every value says that the customer was lost, or won, and nothing more."""
        return bool(profile.texts) and all(folded(text) in self._bare_ends for text in profile.texts)

    def ends_deals(self, profile: Profile) -> bool:
        """A list of statuses with won and lost among them, most of which are known."""
        if not 2 <= profile.distinct <= STATUSES:
            return False
        ends = self._ends(profile)
        return {"won", "lost"} <= set(ends) and len(ends) - ends.count("") >= LISTED * len(ends)

    def steps(self, profile: Profile) -> float:
        """Share of the values that are a step of a deal or its end, from end to end: 已报价, 洽谈中, 已签约."""
        return sum(map(bool, self._ends(profile))) / max(len(profile.texts), 1)

    def _ends(self, profile: Profile) -> tuple[str, ...]:
        return profile.once((self, "ends"), lambda: tuple(map(self._end, profile.texts)))

    def _end(self, text: str) -> str:
        """How a status ends a deal, ``open`` where it is a step of it, empty where nobody knows."""
        said = spellings(text)
        known = (self._outcome.whole(spelling) for spelling in said)
        steps = ("open" for spelling in said if self._stage.whole(spelling) is not None)
        acts = (act if act in OUTCOMES else "open" for act in map(self._acts.read, said) if act is not None)
        return next((end for end in known if end is not None), next(steps, next(acts, "")))

    def _mostly(self, profile: Profile, shape: str, least: float) -> bool:
        """Whether such a share of the values has a shape from end to end."""
        texts = profile.texts
        return bool(texts) and share_from(least, map(self._shapes[shape].fullmatch, texts), len(texts)) is not None

    def _listed(self, profile: Profile, phrases: Phrases, least: float) -> bool:
        """Whether such a share of the values is a phrase from end to end."""
        texts = profile.texts
        return share_from(least, (phrases.whole(text) is not None for text in texts), len(texts)) is not None


def _phrases(categories: dict[str, dict[str, list[str]]], lists: tuple[str, ...]) -> Phrases:
    return Phrases({key: [word for name in lists for word in entry.get(name, [])] for key, entry in categories.items()})


def _shapes(words: Mapping[str, Sequence[str]]) -> dict[str, re.Pattern[str]]:
    """What values look like that carry their meaning with them: 35岁, 50-99人, A类, ¥1,200."""
    said = {name: "|".join(map(re.escape, sorted(listed, key=len, reverse=True))) for name, listed in words.items()}
    number = rf"\d+\s*(?:(?:{said['to']})\s*\d+\s*)?"
    return {
        name: re.compile(pattern, re.IGNORECASE)
        for name, pattern in {
            "town": r"(?-i:[A-Z])[a-z.'-]+(?: (?-i:[A-Z])[a-z.'-]+){0,2}, (?-i:[A-Z]{2})(?: \d{5})?",
            "level": rf"[a-eh]\+?(?:{said['level']})?|[sv]ip\d?",
            "money": rf"(?:{said['money']}).*\d|\d.*(?:{said['money']}|{said['thousands']})",
            "age": rf"{number}(?:{said['age']}).{{0,2}}",
            "staff": rf"(?:{said['about']})?{number}(?:{said['staff']}).{{0,2}}",
            "wechat": rf"(?:{said['wechat']})[_:：]?\w{{3,}}",
        }.items()
    }


@lru_cache(maxsize=4)
def telling(vocabulary: Vocabulary) -> Telling:
    """What values tell by a vocabulary, made once."""
    return Telling(vocabulary)
