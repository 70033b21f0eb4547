"""Say which columns repeat another one, and let what the leak guard says of one hold for both."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from lostdeals.evaluation import LeftOut, Repeat
from lostdeals.model import Layout
from lostdeals.score.features import origin, part_of
from lostdeals.score.leakage import Guard


def guard_repeats(guard: Guard, same: Mapping[str, str], kept: frozenset[str], layout: Layout) -> Guard:
    """The guard's decisions, with columns left out that repeat one it has left out because of the outcome.

    kept: features that the user keeps.
    """
    left_out = dict(guard.left_out)
    for later, first in same.items():
        for name, other in ((later, first), (first, later)):
            why = left_out[other].why if other in left_out else "asked-out"
            if name not in left_out and why not in ("asked-out", "repeats-left-out") and name not in kept:
                header = layout.header(origin(name))
                left_out[name] = LeftOut(header, "repeats-left-out", {"other": layout.header(origin(other))})
    questions = {name: asked for name, asked in guard.questions.items() if name not in left_out}
    return Guard(left_out, questions)


def told_repeats(same: Mapping[str, str], layout: Layout) -> tuple[Repeat, ...]:
    """Which columns were taken once, by their headers."""
    return tuple(
        Repeat(layout.header(origin(later)), layout.header(origin(first)))
        for later, first in same.items()
        if not part_of(later) and not part_of(first)
    )


def says_one_of(traits: Collection[str], name: str, same: Mapping[str, str]) -> bool:
    """Whether a feature is one of these, or repeats one under another name.

    >>> says_one_of({"gender"}, "extra.title", {"extra.title": "gender"}), says_one_of({"gender"}, "source", {})
    (True, False)
    """
    told = {same.get(trait, trait) for trait in traits}
    return name in traits or same.get(name, name) in told
