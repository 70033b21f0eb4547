"""Give every column its role: what the user says, then the header's words, then the values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

import pandas as pd

from lostdeals.errors import LostDealsError
from lostdeals.model import ColumnMatch, How
from lostdeals.schema import REPEATABLE, ROLES
from lostdeals.understand.aliases import Aliases, Reading, aliases
from lostdeals.understand.guesses import guesses
from lostdeals.understand.profile import Profile, profile_of
from lostdeals.understand.remembered import role_called
from lostdeals.understand.telling import telling
from lostdeals.understand.values import values_of
from lostdeals.understand.verdicts import Verdicts, verdicts
from lostdeals.vocab import Vocabulary, normalise

SAMPLES = 5
"""Values of a column that are kept to be shown."""
NEIGHBOURS = 3
"""Dated columns of a stage stand at most this many columns apart."""

AGREED = 0.06
"""What a vague header gains where its values say the same on their own, and what it loses where they say another thing."""
CONTRADICTED = 0.12
PICKED = 0.45
"""What a column of notes loses where its values are picked from a list: 跟进情况 with 已报价, 洽谈中 is a stage."""
LISTS = ("stage", "outcome", "intent", "level")
"""What a column with the header of notes may be instead."""
SURE = 0.85
"""An exact header that the values do not contradict needs no other word."""
STILL_READ = "do_not_contact"
"""A unique role whose other columns keep their meaning all the same: nobody is called because a second column said so."""


@dataclass(frozen=True)
class Claim:
    """One column that would take one role."""

    column: int
    role: str
    how: How
    confidence: float
    rank: float
    """Confidence, up to half of it for the fill rate: who gets a role that only one column may hold."""


def match_columns(
    headers: Mapping[str, str], data: pd.DataFrame, vocabulary: Vocabulary, told: Mapping[str, str]
) -> tuple[ColumnMatch, ...]:
    """A role for each column of a table.

    headers: letter -> header as written; data: the table's rows, one column per letter;
    told: letter -> role as the user says, which always wins.

    >>> from lostdeals.vocab import load
    >>> data = pd.DataFrame({"A": ["王伟", "李娜"], "B": ["13800000001", None]}, dtype=object)
    >>> [(match.key, match.how) for match in match_columns({"A": "客户名称", "B": "联系方式"}, data, load(), {})]
    [('name', 'alias'), ('phone', 'alias')]
    """
    letters = list(headers)
    names = [headers[letter] for letter in letters]
    profiles = [profile_of(data[letter], values_of(vocabulary)) for letter in letters]
    words = aliases(vocabulary)
    readings = [(words.read(name) or guesses(name, words)) if name else [] for name in names]
    judge, told_by = verdicts(vocabulary), telling(vocabulary)
    claims: list[Claim] = []
    whys: dict[int, str] = {}
    for number, letter in enumerate(letters):
        profile = profiles[number]
        if letter in told:
            claims.append(Claim(number, told[letter], "user", 1.0, 1.0 + profile.filled))
        elif len(data) and not profile.values:
            whys[number] = "empty"
        elif _numbers_rows(names[number], readings[number], profile):
            whys[number] = "index"
        else:
            said = told_by.roles(profile, nameless=not names[number])
            found, why = _claims(number, names[number], readings[number], profile, judge, words, said)
            claims += found
            whys[number] = why
    claims = _stage_dates(claims)
    matches = _matches(letters, names, _given(claims), claims, whys, words)
    return tuple(_with_values(match, profile) for match, profile in zip(matches, profiles, strict=True))


def _with_values(match: ColumnMatch, profile: Profile) -> ColumnMatch:
    return replace(
        match,
        filled=profile.filled,
        placeholders=profile.placeholders,
        distinct=profile.distinct,
        samples=profile.values[:: max(1, len(profile.values) // SAMPLES)][:SAMPLES],
    )


def user_roles(
    headers: Mapping[str, str], mapping: Mapping[str, str], vocabulary: Vocabulary, where: str
) -> dict[str, str]:
    """Letter -> role, as far as the user's headers are on this sheet; `where` the user has said it.

    Raises LostDealsError ``unknown-role`` (usage) for a role that does not exist; a role may be given by its label, too.
    """
    out: dict[str, str] = {}
    for header, wanted in mapping.items():
        role = role_called(wanted, vocabulary)
        if role is None:
            near = get_close_matches(wanted, ROLES, n=3, cutoff=0.5) or ROLES
            raise LostDealsError("unknown-role", where=where, usage=True, role=wanted, near=", ".join(near))
        out.update(dict.fromkeys(letters_of(headers, header), role))
    return out


def letters_of(headers: Mapping[str, str], wanted: str) -> list[str]:
    """The columns that a header or a letter names: the exact header, else the header but for case and width, else the letter."""
    for same in (str, normalise):
        found = [letter for letter, header in headers.items() if header and same(header) == same(wanted)]
        if found:
            return found
    return [letter for letter in headers if letter == wanted.strip().upper()]


def _claims(
    number: int,
    name: str,
    readings: Sequence[Reading],
    profile: Profile,
    judge: Verdicts,
    words: Aliases,
    said: Sequence[tuple[str, float]],
) -> tuple[list[Claim], str]:
    """The roles a column may take, and the reason where its header's plain reading was not taken.

    said: the roles that the values speak for on their own. A header that is known has the first word; the values confirm
    or forbid it. Where it is vague or only resembles a known one, what the values say themselves weighs as much.
    """
    found: dict[str, Claim] = {}
    for reading in readings:
        change = _change(reading, words.kinds.get(reading.role, ""), profile, judge)
        if change is not None:
            confidence = min(reading.confidence + change, 0.99)
            found[reading.role] = _claim(number, reading.role, reading.how, confidence, profile)
    listed = any(role in LISTS and role not in found for role, _ in said)
    for role, claim in found.items():
        if listed and words.kinds.get(role) == "freetext" and judge.verdict("freetext", profile) != "agree":
            found[role] = _claim(number, role, claim.how, claim.confidence - PICKED, profile)
    clear = {reading.role for reading in readings if reading.exact and not reading.weak and not reading.shared}
    if any(role in clear and claim.confidence > SURE for role, claim in found.items()):
        return list(found.values()), ""
    others = words.about_others(name)
    alone = [(role, confidence) for role, confidence in said if role == "notes" or not others]
    for claim in list(found.values()):
        agreed = any(role == claim.role for role, _ in alone)
        change = AGREED if agreed else -CONTRADICTED if alone else 0.0
        found[claim.role] = _claim(number, claim.role, claim.how, min(claim.confidence + change, 0.95), profile)
    for role, confidence in alone:
        if role not in found:
            found[role] = _claim(number, role, "values", confidence, profile)
    return list(found.values()), "values" if readings and not any(reading.role in found for reading in readings) else ""


def _change(reading: Reading, kind: str, profile: Profile, judge: Verdicts) -> float | None:
    """What the values add to a reading's confidence; None where they forbid it."""
    verdict = judge.verdict(kind, profile)
    unsure = reading.shared or reading.weak or not reading.exact
    if verdict == "veto" or (not reading.exact and kind not in ("flag", "outcome") and profile.share("flag") >= 0.9):
        return None
    if reading.shared and kind in ("outcome", "stage") and profile.share("digits") == 1.0:
        return None  # 状态 1 / 0 tells nothing without its legend
    if verdict == "agree":
        return 0.03 if unsure else 0.0
    if profile.values and unsure and kind in ("outcome", "flag"):
        return -0.25 if kind == "outcome" and judge.tells_ends(profile) else None
    if profile.values and not reading.exact and kind == "freetext":
        return None
    return -0.12 if reading.shared or reading.weak else -0.05 if kind == "outcome" else 0.0


def _claim(number: int, role: str, how: How, confidence: float, profile: Profile) -> Claim:
    fill = profile.filled if profile.values else 1.0
    unlike = profile.distinct / profile.count if role == "id" and profile.count else 1.0
    return Claim(number, role, how, round(confidence, 2), confidence * (1 + fill) / 2 * unlike)


def _numbers_rows(name: str, readings: Sequence[Reading], profile: Profile) -> bool:
    """序号 and a nameless first column that only count the rows."""
    asked = any(reading.role == "ignore" for reading in readings)
    return (asked or not name) and bool(profile.values) and profile.counts_up


def _stage_dates(claims: list[Claim]) -> list[Claim]:
    """报价时间 beside 签约时间 are dates of stages; alone it is not, and 签约时间 is the closing date."""
    dated = sorted({claim.column for claim in claims if claim.role == "stage_date"})
    grouped = {a for a in dated if any(a != b and abs(a - b) <= NEIGHBOURS for b in dated)}
    out = []
    for claim in claims:
        if claim.role == "stage_date" and claim.how != "user":
            if claim.column not in grouped:
                continue
            claim = replace(claim, rank=claim.rank + 1)
        out.append(claim)
    return out


def _given(claims: Iterable[Claim]) -> dict[int, Claim]:
    """Column -> the claim that is granted: the best first, a unique role once."""
    out: dict[int, Claim] = {}
    taken: set[str] = set()
    for claim in sorted(claims, key=lambda claim: (-claim.rank, claim.column)):
        if claim.column not in out and claim.role not in taken:
            out[claim.column] = claim
            taken |= {claim.role} - REPEATABLE - {"ignore"}
    return out


def _matches(
    letters: Sequence[str],
    names: Sequence[str],
    given: Mapping[int, Claim],
    claims: Iterable[Claim],
    whys: Mapping[int, str],
    words: Aliases,
) -> tuple[ColumnMatch, ...]:
    wanted = {claim.column: claim for claim in sorted(claims, key=lambda claim: claim.rank)}
    keys = _keys(letters, names, given, words)
    out = []
    for number, (letter, name) in enumerate(zip(letters, names, strict=True)):
        claim, why = given.get(number), whys.get(number, "")
        if claim is not None:
            match = ColumnMatch(letter, name, claim.role, claim.how, claim.confidence, keys[number], why)
        elif why in ("empty", "index"):
            match = ColumnMatch(
                letter, name, "ignore", "values", 1.0 if why == "empty" else 0.95, f"ignore.{letter}", why
            )
        elif number in wanted:
            key = f"{STILL_READ}.{number}" if wanted[number].role == STILL_READ else keys[number]
            match = ColumnMatch(letter, name, "extra", wanted[number].how, wanted[number].confidence, key, "taken")
        else:
            match = ColumnMatch(
                letter, name, "extra", "values" if why else "none", 0.6 if why else 0.5, keys[number], why
            )
        out.append(match)
    return tuple(out)


def _keys(letters: Sequence[str], names: Sequence[str], given: Mapping[int, Claim], words: Aliases) -> dict[int, str]:
    """The LEADS column of each column: ``phone``, ``phone.2`` in the order of the role's levels, ``extra.<header>``."""
    out: dict[int, str] = {}
    holders: dict[str, list[int]] = {}
    for number, claim in given.items():
        if claim.role not in ("extra", "ignore"):
            holders.setdefault(claim.role, []).append(number)
    for role, numbers in holders.items():
        ordered = sorted(numbers, key=lambda number: (words.level(role, names[number]), number))
        out.update({number: role if place == 1 else f"{role}.{place}" for place, number in enumerate(ordered, 1)})
    used: set[str] = set()
    for number, (letter, name) in enumerate(zip(letters, names, strict=True)):
        if number in given and given[number].role == "ignore":
            out[number] = f"ignore.{letter}"
        elif number not in out:
            plain = f"extra.{name or letter}"
            out[number] = f"{plain} ({letter})" if plain in used else plain
            used.add(out[number])
    return out
