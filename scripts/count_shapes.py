"""Count what the columns of labelled sheets look like, role by role: scripts/count_shapes.py [FILE].

It reads the sheets of tests/cases that the program was built with (the fresh ones, written to measure it, are left out) and
writes vocab/shapes.toml, by which a header that nobody listed is weighed with its values.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

import pandas as pd

from lostdeals.understand.column_shape import NONE, shapes_of
from lostdeals.understand.profile import profile_of
from lostdeals.understand.values import values_of
from lostdeals.vocab import Vocabulary, load
from lostdeals.vocab.loading import HERE

FILE = HERE / "shapes.toml"
CASES = Path(__file__).parents[1] / "tests" / "cases"
SHEETS = ("columns", "columns_unseen", "columns_outside", "columns_taught")
HEADING = """\
# What columns look like, role by role: shape, and of so many labelled columns how many had each role.
# Written by scripts/count_shapes.py.
"""


def count(vocabulary: Vocabulary) -> dict[str, dict[str, int]]:
    """Shape -> role -> columns, both in alphabetical order; a column that may have several roles counts for its first."""
    shapes, values = shapes_of(vocabulary), values_of(vocabulary)
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name in SHEETS:
        for case in tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))["case"]:
            depth = max(map(len, case["columns"])) - 2
            for _, roles, *cells in case["columns"]:
                said = [None if cell == "" else cell for cell in cells]
                column = pd.Series([*said, *[None] * (depth - len(said))], dtype=object)
                shape = shapes.of(profile_of(column, values))
                role = roles.split("|")[0]
                if shape:
                    found[shape][NONE if role == "ignore" else role] += 1
    return {shape: dict(sorted(found[shape].items())) for shape in sorted(found)}


def as_toml(counts: dict[str, dict[str, int]]) -> str:
    """The counts as the file holds them."""
    lines = [
        f'["{shape}"]\n' + "\n".join(f"{role} = {n}" for role, n in roles.items()) + "\n"
        for shape, roles in counts.items()
    ]
    return HEADING + "\n" + "\n".join(lines)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if sys.argv[1:] else FILE
    target.write_text(as_toml(count(load())), encoding="utf-8")
