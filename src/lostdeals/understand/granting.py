"""Grant the claims: each column one role, a role that only one column may hold once, and the name of every LEADS column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from lostdeals.model import ColumnMatch
from lostdeals.understand.aliases import Aliases
from lostdeals.understand.neighbours import TAKEN, Claim
from lostdeals.understand.profile import Profile
from lostdeals.understand.told import SHARED

SAMPLES = 5
"""Values of a column that are kept to be shown."""
CONSOLED = 0.15
"""A column whose role went to another is not given one that suits it so much less."""
STILL_READ = "do_not_contact"
"""A unique role whose other columns keep their meaning all the same: nobody is called because a second column said so."""


def granted(claims: Iterable[Claim], names: Sequence[str], words: Aliases) -> dict[int, Claim]:
    """Column -> the claim that is granted: the best first, of equals the one called like the role; a unique role once."""
    out: dict[int, Claim] = {}
    taken: set[str] = set()
    claims = list(claims)
    best: dict[int, float] = {}
    for claim in claims:
        best[claim.column] = max(best.get(claim.column, 0.0), claim.confidence)
    for claim in sorted(
        claims,
        key=lambda claim: (-round(claim.rank, 3), -words.called(claim.role, names[claim.column]), claim.column),
    ):
        second_choice = claim.confidence < best[claim.column] - CONSOLED
        if claim.column not in out and claim.role not in taken and not second_choice:
            out[claim.column] = claim
            taken |= {claim.role} - SHARED
    return out


def matches_of(
    letters: Sequence[str],
    names: Sequence[str],
    given: Mapping[int, Claim],
    claims: Iterable[Claim],
    whys: Mapping[int, str],
    words: Aliases,
) -> tuple[ColumnMatch, ...]:
    """What is said of each column: its claim where one was granted, else why it has none."""
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
            unsure = round(wanted[number].confidence * TAKEN, 2)
            match = ColumnMatch(letter, name, "extra", wanted[number].how, unsure, key, "taken")
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
            while plain in used:
                plain = f"{plain} ({letter})"
            out[number] = plain
            used.add(plain)
    return out


def with_values(match: ColumnMatch, profile: Profile) -> ColumnMatch:
    """A match with how full its column is, and some of its values."""
    return replace(
        match,
        filled=profile.filled,
        placeholders=profile.placeholders,
        said=profile.count,
        distinct=profile.distinct,
        samples=profile.values[:: max(1, len(profile.values) // SAMPLES)][:SAMPLES],
    )
