"""The roles that the user gives to columns, and where they cannot all hold."""

from __future__ import annotations

from collections.abc import Mapping

from lostdeals.errors import LostDealsError, Named, likest_named
from lostdeals.schema import REPEATABLE, ROLES
from lostdeals.understand.remembered import role_called
from lostdeals.vocab import Vocabulary, normalise

SHARED = REPEATABLE | {"ignore"}
"""Roles that several columns may hold."""


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
            known = [Named(role, vocabulary.section("columns")[role]["label"]) for role in ROLES]
            raise LostDealsError("unknown-role", where=where, usage=True, role=wanted, near=likest_named(wanted, known))
        out.update(dict.fromkeys(letters_of(headers, header), role))
    refuse_twice(out, headers, where)
    return out


def refuse_twice(told: Mapping[str, str], headers: Mapping[str, str], where: str) -> None:
    """Raise LostDealsError ``role-told-twice`` (usage) where two columns are told a role that only one may hold."""
    holders: dict[str, list[str]] = {}
    for letter, role in told.items():
        holders.setdefault(role, []).append(f"{letter} {headers[letter]}".strip())
    for role, columns in holders.items():
        if len(columns) > 1 and role not in SHARED:
            raise LostDealsError(
                "role-told-twice", where=where, usage=True, role=role, columns=tuple(columns), first=columns[0][0]
            )


def with_told(earlier: Mapping[str, str], later: Mapping[str, str]) -> dict[str, str]:
    """What was told before and what is told now, which wins: a role that only one column may hold moves to its new column.

    >>> with_told({"A": "name", "B": "phone"}, {"C": "name", "D": "phone"})
    {'B': 'phone', 'C': 'name', 'D': 'phone'}
    """
    moved = set(later.values()) - SHARED
    return {letter: role for letter, role in earlier.items() if role not in moved} | dict(later)


def letters_of(headers: Mapping[str, str], wanted: str) -> list[str]:
    """The columns that a header or a letter names: the exact header, else the header but for case and width, else the letter."""
    for same in (str, normalise):
        found = [letter for letter, header in headers.items() if header and same(header) == same(wanted)]
        if found:
            return found
    return [letter for letter in headers if letter == wanted.strip().upper()]
