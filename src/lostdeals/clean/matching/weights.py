"""How much each level of agreement speaks for one customer, and how that adds up (Fellegi & Sunter 1969)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lostdeals.clean.matching.comparison import Comparer
from lostdeals.clean.matching.levels import ALMOST, LEVELS, MISSING, NEARLY, PARTLY, SAME, Array, Levels, Mask


@dataclass(frozen=True)
class Kinds:
    """Places of the fields by what they say."""

    who: tuple[int, ...]
    """Names and contacts, and columns that at times hold a part of the name."""
    exactly: tuple[int, ...]
    """Birthdays and ids, which say who it is only where they agree exactly: the next number is the next customer's."""
    addresses: tuple[int, ...]
    contacts: tuple[int, ...]
    apiece: tuple[tuple[int, ...], ...]
    """What says something of its own: the parts of the name, the company, the address, a contact, a birthday …"""
    firm: tuple[int, ...]
    """What a whole firm shares: its name and contacts."""

    @classmethod
    def of(cls, comparer: Comparer) -> Kinds:
        """From the roles of the fields."""
        fields = list(enumerate(comparer.fields))
        crossed = {place for couple in comparer.crossing for place in couple}
        exactly = {place for place, one in fields if one.role in ("birthday", "id")}
        named = {place for place, one in fields if one.kind == "contact" or one.role in ("name", "company", "deal")}
        return cls(
            tuple(sorted((named | crossed) - exactly)),
            tuple(sorted(exactly)),
            tuple(place for place, one in fields if one.role == "address"),
            tuple(place for place, one in fields if one.kind == "contact"),
            _apiece(comparer, crossed),
            tuple(place for place, one in fields if one.kind == "contact" or one.role == "company"),
        )


def _apiece(comparer: Comparer, crossed: set[int]) -> tuple[tuple[int, ...], ...]:
    """Places of the fields that say one thing, region and gender left out: many share those."""
    kinds: dict[str, list[int]] = {}
    for place, one in enumerate(comparer.fields):
        if one.role not in ("region", "gender"):
            kinds.setdefault("name" if place in crossed else one.role, []).append(place)
    return tuple(map(tuple, kinds.values()))


@dataclass(frozen=True)
class Weights:
    """What was estimated."""

    bits: Array
    """A row per field, a column per level, the last for a missing value: log2(m / u)."""
    given: Array
    """What exact agreement on the field of the row still says where that of the column agrees exactly, in bits."""
    near_given: Array
    """The same of partial agreement on the field of the row."""
    prior: float
    """log2 of the odds that two random rows are one customer."""
    kinds: Kinds
    places: tuple[int, ...] = ()
    """Of the fields that say where it is: somebody who moved differs in all of them, which counts once."""
    once: tuple[int, ...] = ()
    """Of the fields whose agreement counts once."""

    def probability(self, levels: Levels) -> Array:
        """How probable it is that each pair is one customer, 0-1."""
        odds = np.clip(self.evidence(levels) + self.prior, -60, 60)
        return np.where(self._anchored(levels), 1 / (1 + np.exp2(-odds)), 0.0)

    def evidence(self, levels: Levels) -> Array:
        """What the levels of each pair say in sum, in bits: above 0 for one customer, below for two."""
        elsewhere, shared, total = np.zeros((3, len(levels)))
        for place, bits in enumerate(self.speaks(levels).T):
            if place in self.places:
                total += np.maximum(bits, 0)
                np.minimum(elsewhere, bits, out=elsewhere)
            elif place in self.once:
                total += np.minimum(bits, 0)
                np.maximum(shared, bits, out=shared)
            else:
                total += bits
        return np.asarray(total + elsewhere + shared)

    def speaks(self, levels: Levels) -> Array:
        """What each field says of each pair, in bits; a row per pair."""
        out = np.empty(levels.shape)
        exact = levels >= SAME
        for place in range(levels.shape[1]):
            bits = self.bits[place, levels[:, place]]
            near = ~exact[:, place] & (levels[:, place] >= PARTLY)
            for limits, level in ((self.given, exact[:, place]), (self.near_given, near)):
                for other in np.flatnonzero(np.isfinite(limits[place])):
                    np.minimum(bits, limits[place, other], out=bits, where=level & exact[:, other])
            out[:, place] = bits
        return out

    def well_founded(self, levels: Levels) -> Mask:
        """Whether a contact agrees, or two things of their own do: a name and a city are not enough to act on."""
        contact = (levels[:, self.kinds.contacts] >= SAME).any(axis=1)
        others = [(levels[:, places] >= NEARLY).any(axis=1) for places in self.kinds.apiece]
        return np.asarray(contact | (np.sum(others, axis=0, dtype=np.int64) >= 2))

    def _anchored(self, levels: Levels) -> Mask:
        """Whether a name, a contact or a birthday agrees; where no name or contact is known, an address will do."""
        who = levels[:, self.kinds.who]
        agreed = (who >= PARTLY).any(axis=1) | (levels[:, self.kinds.exactly] >= SAME).any(axis=1)
        silent = (who <= MISSING).all(axis=1) & (levels[:, self.kinds.addresses] >= ALMOST).any(axis=1)
        return np.asarray(agreed | silent)


def nothing_learned(comparer: Comparer) -> Weights:
    """For a sheet without a pair to compare."""
    fields = len(comparer.fields)
    unlimited = np.full((fields, fields), np.inf)
    return Weights(np.zeros((fields, LEVELS + 1)), unlimited, unlimited, -np.inf, Kinds.of(comparer))
