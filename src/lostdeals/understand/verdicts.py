"""Whether the values agree with what the header promises, and what they say on their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Literal

from lostdeals.understand.profile import Profile
from lostdeals.vocab import Vocabulary, normalise
from lostdeals.vocab.acts import acts_of
from lostdeals.vocab.outcome_words import OUTCOMES, opposites, outcome_words
from lostdeals.vocab.wordings import spellings

Verdict = Literal["agree", "neutral", "veto"]
MOST, NEARLY_ALL, HALF = 0.8, 0.9, 0.5
NO_WORDS = {"date": MOST, "email": MOST, "strict_phone": MOST, "digits": MOST, "yes_or_no": NEARLY_ALL}
"""Test -> share of the values from which on they are something else than words."""
ENOUGH, SOME = 4, 0.1
"""So many Latin names with fewer usual first names among them than this are companies."""
MANY = 1_000_000
"""Times that something may happen."""
LONG_NAME = 7
"""Width of Chinese names that are longer than those of persons."""
LONG_TITLE = 11
"""Width from which on several words none of which is a name are a title of something."""
FEW = 0.3
"""Share of titles that look like a name by chance: Elm Street SEO."""
REPEATED = 0.6
"""Share of unlike names from which on they are a handful of colleagues rather than customers."""
REMARK = 8
"""Width of a short remark; what is shorter may be picked from a list."""
STATUSES = 12
"""Values up to which a column may be a list of statuses, each read by what was done."""
MIXED = 6
"""Unlike values at most of a yes, or a no, that also knows other words; with both there may be as many as of statuses."""
BOTH = 2
OLDEST = 120
"""Years."""
CLEAN_OUTCOME = 1
"""An outcome column may have this many values beside won, lost and invalid; with more it tells stages."""


class Verdicts:
    """The values' say in what a column is."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._outcomes = outcome_words(vocabulary)
        self._acts = acts_of(vocabulary)
        self._opposites = opposites(vocabulary)
        yesno = vocabulary.section("yesno")
        self._answers = {
            normalise(word): answer
            for key, answer in (("no", False), ("yes", True))
            for word in yesno[key]["words"]
            if any(map(str.isalpha, word))
        }
        activities = vocabulary.section("structure")["activities"]
        self._activity_ends, self._activity_done = (
            frozenset(map(normalise, activities[key])) for key in ("ends", "done")
        )
        self._kinds: dict[str, Callable[[Profile], Verdict]] = {
            "id": _id,
            "phone": lambda profile: _needs(profile, "phone", 0.3),
            "email": lambda profile: _needs(profile, "email", HALF),
            "url": _url,
            "date": _date,
            "number": _number,
            "flag": self._flag,
            "band": _band,
            "age": _age,
            "percent": _percent,
            "count": _count,
            "person": _person,
            "company": _company,
            "somebody": _somebody,
            "staff": lambda profile: _not(profile, {"date": MOST, "strict_phone": MOST}),
            "words": lambda profile: _not(profile, NO_WORDS),
            "title": lambda profile: _not(profile, NO_WORDS | {"numbered": 0.3}),
            "text": lambda profile: _not(profile, {"date": MOST, "email": MOST, "strict_phone": MOST}),
            "handle": lambda profile: _not(profile, {"date": MOST, "email": MOST, "yes_or_no": MOST}),
            "freetext": _freetext,
            "stage": self._stage,
            "outcome": self._outcome,
        }

    def verdict(self, kind: str, profile: Profile) -> Verdict:
        """Whether the values fit a kind; an empty column vetoes nothing."""
        if not profile.values or kind not in self._kinds:
            return "neutral"
        if kind in ("text", "title", "freetext", "words") and profile.reaches("guid", MOST):
            return "veto"
        if kind not in ("date", "number", "flag", "outcome", "id") and profile.reaches("opaque", MOST):
            return "neutral"
        return profile.once((self, kind), lambda: self._kinds[kind](profile))

    def tells_ends(self, profile: Profile) -> bool:
        """Some values mean won and some mean lost, whatever else there is."""
        return {"won", "lost"} <= set(self._read(profile))

    def tells_an_end(self, profile: Profile) -> bool:
        """Some values mean won or lost, yes or no, in a list of a few: Sold? P, Y."""
        if self.tells_ends(profile):
            return True
        known = bool({"won", "lost"} & set(self._read(profile))) or profile.share("yes_or_no") > 0
        answers, kinds = self._kinds_of(profile)
        most = STATUSES if len(answers) == BOTH else MIXED
        return known and 2 <= kinds <= most and not profile.reaches("sentence", HALF)

    def answers(self, profile: Profile) -> bool:
        """Nothing but yes and no, or two words of which one negates the other."""
        return profile.reaches("flag", NEARLY_ALL) or self._opposed(profile)

    def _kinds_of(self, profile: Profile) -> tuple[frozenset[bool], int]:
        """Which of yes and no are said in words, and how many unlike values there are: all spellings of a yes are one."""
        plain = profile.once((self, "plain"), lambda: frozenset(map(normalise, profile.texts)))
        answers = frozenset(self._answers[text] for text in plain if text in self._answers)
        return answers, len(answers) + sum(text not in self._answers for text in plain)

    def _opposed(self, profile: Profile) -> bool:
        """Two words of which one negates the other."""
        return profile.once((self, "opposites"), lambda: bool(self._opposites.read(profile.texts)))

    def _read(self, profile: Profile) -> tuple[str | None, ...]:
        """What each value says of how it went."""
        return profile.once((self, "ends"), lambda: tuple(self._ends(profile)))

    def _ends(self, profile: Profile) -> Iterator[str | None]:
        for text in profile.texts:
            yield (
                next(filter(None, map(self._outcomes.whole.whole, spellings(text))), None)
                or next((hit.category for hit in self._outcomes.within.find(text)), None)
                or (self._done(text) if len(profile.texts) <= STATUSES else None)
            )

    def _done(self, text: str) -> str | None:
        """What a status means by what was to be done and how far that is: 合同没签成, quote declined."""
        act = next(filter(None, map(self._acts.read, spellings(text))), None)
        return act if act is None or act in OUTCOMES else "open"

    def _flag(self, profile: Profile) -> Verdict:
        """Yes and no, or one mark here and there."""
        marked = profile.distinct == 1 and profile.length <= 2 and profile.filled < 1
        return "agree" if marked or self._opposed(profile) else _needs(profile, "flag", MOST)

    def _of_activities(self, profile: Profile) -> bool:
        """Values that say how calls and meetings ended, two of them at least, and no more: Connected, Busy, Completed."""
        said = {normalise(text) for text in profile.texts}
        return len(said & self._activity_ends) >= 2 and said <= self._activity_ends | self._activity_done

    def _stage(self, profile: Profile) -> Verdict:
        if self._of_activities(profile) and self._activity_done & {normalise(text) for text in profile.texts}:
            return "veto"
        return _not(profile, {"date": MOST, "email": MOST, "flag": NEARLY_ALL})

    def _outcome(self, profile: Profile) -> Verdict:
        if self._of_activities(profile):
            return "veto"
        if self._opposed(profile) and "open" not in self._read(profile):
            return "agree"
        if profile.reaches("date", MOST) or len(profile.values) > 60:
            return "veto"
        _, kinds = self._kinds_of(profile)
        if profile.reaches("flag", 1.0) and kinds <= 4:
            return "agree"
        if profile.reaches("digits", MOST) and len(profile.values) > 3:
            return "veto"
        seen = self._read(profile)
        said = profile.share("flag") * len(seen)
        if said >= 2 and said + sum(category is not None for category in seen) >= len(seen) and kinds <= MIXED:
            return "agree"  # yes, no and pending
        if not {"won", "lost"} & set(seen):
            return "veto" if kinds > 12 else "neutral"
        both, undecided = self.tells_ends(profile), sum(category in (None, "open") for category in seen)
        return "agree" if both and undecided <= CLEAN_OUTCOME else "neutral"


@lru_cache(maxsize=4)
def verdicts(vocabulary: Vocabulary) -> Verdicts:
    """The verdicts of a vocabulary, made once."""
    return Verdicts(vocabulary)


def _needs(profile: Profile, test: str, least: float) -> Verdict:
    return "agree" if profile.reaches(test, least) else "veto"


def _not(profile: Profile, tests: dict[str, float]) -> Verdict:
    return "veto" if any(profile.reaches(test, most) for test, most in tests.items()) else "neutral"


def _id(profile: Profile) -> Verdict:
    """A number of its own for every row; names and phones are no numbers, however seldom they repeat."""
    if profile.reaches("date", MOST) or profile.reaches("yes_or_no", MOST) or profile.length > 60:
        return "veto"
    if not profile.reaches("numbered", 0.2) and profile.share("person") + profile.share("company") >= HALF:
        return "veto"
    unlike = profile.distinct >= NEARLY_ALL * profile.count
    return "agree" if unlike and profile.reaches("numbered", HALF) else "neutral"


def _freetext(profile: Profile) -> Verdict:
    """Sentences, or short remarks that hardly repeat; a handful of values that do are a pick list."""
    if _not(profile, {"date": NEARLY_ALL, "yes_or_no": NEARLY_ALL, "email": MOST, "strict_phone": MOST}) == "veto":
        return "veto"
    unlike = profile.distinct >= HALF * profile.count and profile.length >= REMARK
    return "agree" if profile.reaches("sentence", 0.3) or unlike else "neutral"


def _url(profile: Profile) -> Verdict:
    """Web addresses; example.ro is one where the header says so, whatever the ending."""
    if profile.reaches("url", HALF):
        return "agree"
    return "neutral" if profile.reaches("domain", HALF) else "veto"


def _date(profile: Profile) -> Verdict:
    if profile.reaches("date", HALF):
        return "agree"
    return "neutral" if profile.reaches("datelike", HALF) else "veto"


def _band(profile: Profile) -> Verdict:
    if profile.reaches("number", HALF):
        return "agree"
    return _not(profile, {"date": MOST, "email": MOST, "yes_or_no": NEARLY_ALL, "sentence": HALF})


def _age(profile: Profile) -> Verdict:
    """Nobody is 212; the age of a deal in days may be."""
    return "veto" if _beyond(profile, OLDEST) > 0.1 else _band(profile)


def _number(profile: Profile) -> Verdict:
    """Sums and durations; shares of something are neither."""
    return "veto" if profile.reaches("percent", MOST) else _needs(profile, "number", HALF)


def _percent(profile: Profile) -> Verdict:
    return "veto" if _beyond(profile, 100) > 0.1 else _needs(profile, "number", HALF)


def _count(profile: Profile) -> Verdict:
    """Nobody is called 8,473,829,816 times: that is a number of something."""
    return "veto" if _beyond(profile, MANY) > 0.1 else _needs(profile, "number", HALF)


def _beyond(profile: Profile, most: float) -> float:
    """Share of the values that are numbers above a limit."""
    numbers = [float(text) for text in profile.texts if re.fullmatch(r"\d{1,20}(?:\.\d+)?", text)]
    return sum(number > most for number in numbers) / max(len(profile.texts), 1)


def _person(profile: Profile) -> Verdict:
    """A name hardly repeats; 固定电话 in four thousand rows is no name."""
    few = profile.count >= 50 and profile.distinct <= 0.02 * profile.count
    if (
        few
        or _not(
            profile,
            {"date": MOST, "email": MOST, "phone": MOST, "url": MOST, "digits": MOST, "flag": MOST, "sentence": HALF},
        )
        == "veto"
    ):
        return "veto"
    if profile.reaches("company", 0.3) and not profile.reaches("person", HALF):
        return "veto"
    if profile.share("person") <= FEW and profile.count >= ENOUGH and _titled(profile):
        return "veto"
    if profile.count >= ENOUGH and profile.distinct <= REPEATED * profile.count:
        return "neutral"
    return "agree" if profile.reaches("person", 0.6) and not _strange(profile) else "neutral"


def _somebody(profile: Profile) -> Verdict:
    """Whoever sent a customer: a person, or a firm."""
    if _person(profile) == "agree":
        return "agree"
    return _not(profile, {"date": MOST, "email": MOST, "url": MOST, "digits": MOST, "flag": MOST, "sentence": HALF})


def _titled(profile: Profile) -> bool:
    """Longer than persons are called, in several Latin words: Request from website #88, Otter Cove refit."""
    several = sum(" " in text for text in profile.texts) >= MOST * len(profile.texts)
    return several and profile.chinese < HALF and profile.length > LONG_TITLE


def _two_words(profile: Profile) -> bool:
    """Most are two or three Latin words, as people are called."""
    return sum(len(text.split()) in (2, 3) for text in profile.texts) >= MOST * len(profile.texts)


def _strange(profile: Profile) -> bool:
    """Latin names of several words, and hardly a usual first name among them."""
    several = sum(" " in text for text in profile.texts) >= HALF * len(profile.texts)
    return several and profile.chinese < HALF and profile.count >= ENOUGH and not profile.reaches("given", SOME)


def _company(profile: Profile) -> Verdict:
    """客户名称 may be a company or a person: two to four characters without 公司, 店 or 厂 are a person, as is Anna Smith."""
    if _not(profile, {"date": MOST, "email": MOST, "digits": MOST, "flag": MOST, "strict_phone": MOST}) == "veto":
        return "veto"
    if profile.reaches("company", 0.3):
        return "agree"
    if profile.reaches("person", MOST) and profile.chinese >= HALF:
        return "veto"
    if _strange(profile) and profile.reaches("person", HALF):
        return "agree"
    if profile.reaches("person", MOST) and profile.reaches("given", HALF) and _two_words(profile):
        return "veto"
    long = profile.length >= (LONG_NAME if not profile.reaches("person", SOME * 2) else 9)
    return "agree" if profile.chinese >= HALF and long else "neutral"
