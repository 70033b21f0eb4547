"""What the values of a column make likely, whatever its header says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lostdeals.understand.column_traits import traits
from lostdeals.understand.linear import Linear
from lostdeals.understand.profile import Profile
from lostdeals.understand.role_model import FILE

if TYPE_CHECKING:
    from numpy.typing import NDArray

PART = "value_"
"""Before the names of its arrays in the file."""
NO_ROLE = "extra"
"""Stands for “no role”."""
STRENGTH = 0.55
"""What a likelihood counts for: values and headers are not independent of each other (an idiot's Bayes tempered)."""


class ValueModel:
    """A multinomial logistic regression over `column_traits.traits`, learned from labelled columns.

    usual: (roles,) share of the labelled columns with each role.
    """

    def __init__(self, roles: Sequence[str], linear: Linear, usual: NDArray[np.float32]) -> None:
        self._roles = list(roles)
        self._linear, self._usual = linear, np.log(usual)

    @classmethod
    def load(cls, path: Path = FILE) -> ValueModel:
        """The shipped model."""
        return _load(path)

    def likelihoods(self, profile: Profile, shape: str) -> Mapping[str, float]:
        """Role -> how many times likelier such values are in its columns than in all; those left out are 1.

        ``NO_ROLE`` for columns without a role; nothing for an empty column.
        """
        logs = self._linear.logs(traits(profile, shape)) if profile.values else None
        if logs is None:
            return {}
        return dict(zip(self._roles, np.exp((logs - self._usual) * STRENGTH).tolist(), strict=True))


@cache
def _load(path: Path) -> ValueModel:
    with np.load(path, allow_pickle=False) as arrays:
        return ValueModel(arrays[f"{PART}roles"].tolist(), Linear.of(arrays, PART), arrays[f"{PART}usual"])
