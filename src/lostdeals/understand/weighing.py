"""Weigh what a header that nobody listed may mean with how well its values fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lostdeals.model import How
from lostdeals.understand.aliases import OTHERS, Aliases
from lostdeals.understand.column_shape import Shapes
from lostdeals.understand.guesses import LEAST, NONE, Guess, guess
from lostdeals.understand.neighbours import SURE, Claim
from lostdeals.understand.profile import Profile
from lostdeals.understand.telling import Telling
from lostdeals.understand.value_model import NO_ROLE, ValueModel
from lostdeals.understand.verdicts import Verdicts

LISTS = ("stage", "outcome", "intent", "level")
"""What a column with the header of notes may be instead."""
UNSURE = ("stage", "intent", "level", "source", "loss_reason", "region")
"""Lists of words that other columns may have, too; won and lost side by side are an outcome under any header."""
DOUBTED = 0.2
"""What a list of words loses as a role where the header hardly means one: an index of low, medium and high is no intent."""
TOLD = 5.0
"""How many times likelier a role becomes where the values give it away by themselves."""
WORDY = frozenset(("words", "text", "title", "freetext"))
"""Kinds of roles that hold no sums."""
HALF = 0.5
LETTERS = 5
"""Cells with fewer of which a column of answers may be letters that stand for something else."""
HARDLY, THOUGHT = 0.003, 0.1
"""A role that is not likelier is not thought of any longer, unless the header makes it so likely."""
REFUSED = 0.6
"""Part of the chance of roles that the values forbid which is left for none: a header that was misread says little."""
UNTHOUGHT = 0.005
"""Chance of a role that the header does not bring to mind and the values do."""
NONE_AT_LEAST = 0.05
"""Chance of no role at least, however sure the header seems: it grows where the values are against what the header says."""
PLAINLY, OTHERS_SAY = 8.0, 0.6
"""From so many times likelier by the other columns on, they are believed by themselves, with this confidence."""
UNLIKELY = 0.1
"""What is left of the chance of a role of words where the values are amounts."""
LACKING, ENDING = 0.05, 6.0
"""What is left of the chance of a role whose word is not in the header or whose choices are not among the values, and how many
times likelier one becomes that shows itself: Renewal ID with numbers of its own, Renewal $."""
CODE = 3
"""Mean characters of a number that is somebody's own; counts are shorter."""
KNOWN_AS_NONE = 0.9
"""A header that surely means no role gets none for its values: Approved by, Guarantor."""
FLAGS = 0.9
"""Share of yes and no among the values from which on a column says nothing else."""
FLOOR = 0.55
"""A guess that is less sure leaves the column without a role."""
WHY = ("loss_reason", "competitor")
"""Roles that tell why somebody was lost, which a bare end does not."""
DECIDES = frozenset(("outcome", "loss_reason", "do_not_contact"))
"""Roles by which rows are lost or left alone: values alone, under a header that means something else, are not enough."""
NOBODY_CALLS, GRAVE = "do_not_contact", 0.8
"""Whoever is in that column is called by nobody: a guess has to be so sure."""
GUESS_AT_MOST = 0.9
"""What nobody listed is never more certain."""
PERSONAL = ("phone", "email", "wechat", "website", "address", "gender", "birthday", "age")
"""What a header says of a salesperson or a referrer is not the customer's."""


@dataclass(frozen=True)
class Tools:
    """What a column is judged with."""

    words: Aliases
    judge: Verdicts
    telling: Telling
    shapes: Shapes
    values: ValueModel

    def guess(self, name: str) -> Guess:
        """What a header alone makes likely."""
        return guess(name, self.words)

    def likelihoods(self, profile: Profile) -> Mapping[str, float]:
        """How many times likelier the values are in a column of each role than elsewhere."""
        return profile.once(
            (self.values, "likelihoods"), lambda: self.values.likelihoods(profile, self.shapes.of(profile))
        )

    def about_others(self, name: str, profile: Profile) -> bool:
        """Whether a header speaks of somebody else than the customer; staff is the same few people in many rows."""
        return self.words.about_others(name, ("other_people",) if profile.unlike else OTHERS)

    def agrees(self, role: str, profile: Profile) -> bool:
        """Whether the values are as the role wants them."""
        return self.judge.verdict(self.words.kinds.get(role, ""), profile) == "agree"


def guessed(
    number: int,
    name: str,
    profile: Profile,
    said: Mapping[str, float],
    tools: Tools,
    told: Mapping[str, float] | None = None,
) -> Iterator[Claim]:
    """The roles of a header that nobody listed: chances by its words times how well the values fit (Bayes' rule).

    A role that the values forbid is out; the others share what is left. told: how many times likelier other columns make a
    role.
    """
    guess = tools.guess(name)
    shorter = tools.words.without_particle(name)
    if shorter and _forbidden(guess, profile, tools) >= HALF:
        guess = tools.guess(shorter)
    told = told or {}
    chances = _chances(name, profile, said, tools, guess.chances, told)
    total = sum(chances.values())
    by_others = {role: OTHERS_SAY for role, factor in told.items() if factor >= PLAINLY}
    alone = {**by_others, **said} if guess.chances.get(NONE, 0.0) < KNOWN_AS_NONE else said
    hardly_any = guess.chances.get(NONE, 0.0) > HALF
    for role, chance in chances.items():
        if role == NONE:
            continue
        confidence = confidence_of(chance / total)
        how: How = "fuzzy" if role in guess.near else "model"
        unthought = role in by_others or guess.chances.get(role, 0.0) < LEAST
        if unthought and alone.get(role, 0.0) > confidence:
            doubt = DOUBTED if hardly_any and role in UNSURE and role not in by_others else 0.0
            how, confidence = "values", max(confidence, round(alone[role] - doubt, 2))
        if confidence >= (GRAVE if role == NOBODY_CALLS else FLOOR):
            yield claim_of(number, role, how, confidence, profile)


def _forbidden(guess: Guess, profile: Profile, tools: Tools) -> float:
    """The chance of roles that the values forbid."""
    return sum(chance for role, chance in guess.chances.items() if role != NONE and not fit(role, profile, tools))


def _chances(
    name: str,
    profile: Profile,
    said: Mapping[str, float],
    tools: Tools,
    by_header: Mapping[str, float],
    told: Mapping[str, float],
) -> dict[str, float]:
    """What header, values and other columns make of each role together; not yet shares of one."""
    likely = tools.likelihoods(profile)
    others = tools.about_others(name, profile)
    refused = 0.0
    out: dict[str, float] = {}
    for role in {**by_header, **said, **told, **likely}:
        chance = by_header.get(role, 0.0)
        if role in (NONE, NO_ROLE) or (others and role in PERSONAL and chance < SURE):
            continue
        factor = told.get(role, 1.0) * likely.get(role, 1.0)
        if not chance and factor <= 1 and role not in said:
            continue
        factor *= _shown(role, name, profile, said, tools)
        kind = tools.words.kinds.get(role, "")
        if "amount" in said and kind in WORDY:
            factor *= UNLIKELY
        if role in said or (factor > 1 and (role not in DECIDES or told.get(role, 1.0) > 1)):
            chance = max(chance, LEAST if role in said else UNTHOUGHT)
        if chance < THOUGHT and chance * factor < HARDLY and role not in said:
            continue
        fits = fit(role, profile, tools)
        refused += 0.0 if fits else by_header.get(role, 0.0)
        out[role] = chance * fits * factor
        if role in said:
            out[role] = max(out[role], LEAST) * TOLD
    none = max(by_header.get(NONE, 0.0) + REFUSED * refused, NONE_AT_LEAST)
    return out | {NONE: none * likely.get(NO_ROLE, 1.0) * told.get(NONE, 1.0)}


def _shown(role: str, name: str, profile: Profile, said: Mapping[str, float], tools: Tools) -> float:
    """What is left of, or added to, the chance of a role that shows itself by a word of the header, or by its values."""
    if role not in said and tools.words.lacks(role, name):
        return LACKING
    if role == "intent" and role not in said and profile.reaches("letters", FLAGS) and profile.count >= LETTERS:
        return LACKING
    if role == "id" and profile.length >= CODE and tools.agrees("id", profile) and tools.words.ends_as("id", name):
        return 1.0 if tools.words.numbers_another(name) else ENDING
    return 1.0


def fit(role: str, profile: Profile, tools: Tools) -> float:
    """How many times likelier the values are in a column of this role than elsewhere; 0 where they are impossible."""
    kind = tools.words.kinds.get(role, "")
    verdict = tools.judge.verdict(kind, profile)
    if (
        verdict == "veto"
        or (kind == "id" and profile.reaches("strict_phone", FLAGS))
        or (kind not in ("flag", "outcome") and profile.reaches("flag", FLAGS))
    ):
        return 0.0
    if not profile.values:
        return 1.0
    if role in WHY and tools.telling.only_ends(profile):
        return 0.0  # Withdrawn / declined: Withdrawn says that somebody left, and not why
    if kind == "outcome" and profile.distinct == 1 and profile.filled == 1.0 and profile.reaches("flag", 1.0):
        return 0.0  # Consult booked? Y in every row tells nobody apart
    if kind in ("flag", "outcome", "freetext") and verdict != "agree":
        return 0.3 if kind == "outcome" and tools.judge.tells_ends(profile) else 0.05
    return 1.0


def confidence_of(chance: float) -> float:
    """How often a guess with this chance is right, as measured on headers that nobody had listed."""
    return round(min(0.4 + 0.55 * chance, GUESS_AT_MOST), 2)


def claim_of(number: int, role: str, how: How, confidence: float, profile: Profile) -> Claim:
    """A column's claim to a role; of several, the fuller column comes first."""
    fill = profile.filled if profile.values else 1.0
    unlike = profile.distinct / profile.count if role == "id" and profile.count else 1.0
    return Claim(number, role, how, round(confidence, 2), confidence * (1 + fill) / 2 * unlike)
