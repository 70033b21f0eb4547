"""What can go wrong because of a file, an option or a place on disk, with a stable code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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


@dataclass(frozen=True)
class Named:
    """A key of the vocabulary among the values of an error; it is shown with its label where the user's language has one."""

    key: str
    """What may be typed."""
    label: Mapping[str, str] | str = field(compare=False)
    """What it is called, by language or in all of them."""

    def names(self) -> tuple[str, ...]:
        """All that it may be called."""
        return (self.key, *((self.label,) if isinstance(self.label, str) else self.label.values()))


def likest_named(wanted: str, known: Sequence[Named | str], most: int | None = NAMED) -> tuple[Named | str, ...]:
    """`likest` by key or label; all that are known where `most` is None.

    >>> source = Named("source", {"zh": "来源", "en": "Source"})
    >>> likest_named("客户来源", ["电话", source])[0] == likest_named("sorce", ["电话", source])[0] == source
    True
    """
    from difflib import get_close_matches

    owner = {name: one for one in known for name in (one.names() if isinstance(one, Named) else (one,))}
    order = get_close_matches(wanted, list(owner), n=5, cutoff=0.4)
    return tuple(dict.fromkeys([*(owner[name] for name in order), *known]))[:most]


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
