"""What can go wrong because of a file, an option or a place on disk, with a stable code."""

from __future__ import annotations

from collections.abc import Sequence

NAMED = 8
"""Names that an error lists at most."""


def likest(wanted: str, known: Sequence[str]) -> tuple[str, ...]:
    """Of the names that are known those that may have been meant first, then the others, at most ``NAMED``.

    >>> likest("Outcom", ["Name", "Outcome", "Mobile"])
    ('Outcome', 'Name', 'Mobile')
    """
    from difflib import get_close_matches

    near = get_close_matches(wanted, known, n=3, cutoff=0.4)
    return tuple(dict.fromkeys([*near, *known]))[:NAMED]


class LostDealsError(Exception):
    """A stop that the user can do something about.

    The sentences live in ``vocab/messages.toml`` under ``error.<code>`` (``what``, ``why``, ``try``, in every language);
    the error itself carries the code, the place and the values those sentences need, so nothing below the command
    line has to know the user's language.

    code: stable, kebab-case, listed in ``docs/errors.md``.
    where: ``file › sheet!cell``, as far as it is known.
    usage: True when the command was typed wrongly (exit code 2), False when the data or the file is at fault (1).

    >>> LostDealsError("no-such-file", where="leads.xlsx")
    LostDealsError('no-such-file', where='leads.xlsx')
    """

    def __init__(self, code: str, *, where: str = "", usage: bool = False, **values: object) -> None:
        super().__init__(f"{code}: {where}" if where else code)
        self.code = code
        self.where = where
        self.usage = usage
        self.values = values

    def __repr__(self) -> str:
        return f"LostDealsError({self.code!r}, where={self.where!r})"
