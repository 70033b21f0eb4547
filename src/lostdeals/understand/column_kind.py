"""Whether a cell is one of its column's: a phone among phones, a person among persons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lostdeals.understand.cell_text import CHINESE, as_text
from lostdeals.understand.values import Values

LEAST = 3
"""Cells with fewer of which a column holds nothing in particular."""
MOST, HARDLY_ANY = 0.8, 0.2
TESTS = ("email", "strict_phone", "url", "date")
"""Shapes that tell by themselves that a cell is in another column than its own."""
LENIENT = {"strict_phone": "phone"}
"""What is still one where the column holds them."""


class ColumnKind:
    """What the cells of a column are, and whether another one is of them."""

    def __init__(self, cells: Sequence[object], words: Values) -> None:
        self._words = words
        said = [(cell, as_text(cell)) for cell in dict.fromkeys(cells) if not words.is_blank(cell)]
        self._shares = {test: self._share(said, test) for test in (*TESTS, "number", "person", "company")}
        enough = len(cells) >= LEAST
        self.kind = next((test for test in (*TESTS, "number") if enough and self._shares[test] >= MOST), "")
        chinese = sum(bool(CHINESE.search(text)) for _, text in said) >= len(said) / 2
        people = chinese or self._share(said, "given") >= 1 / 2
        if (
            not self.kind
            and enough
            and self._shares["person"] >= MOST
            and people
            and self._shares["company"] < HARDLY_ANY
        ):
            self.kind = "person"

    def place(self, value: object) -> int:
        """1 for a cell of what the column holds, -1 for one of what it does not, 0 where that cannot be told."""
        text = as_text(value)
        if self.kind == "person":
            return 1 if self._is("person", value, text) and not self._is("company", value, text) else -1
        if self.kind:
            return 1 if self._is(LENIENT.get(self.kind, self.kind), value, text) else -1
        strange = any(self._is(test, value, text) for test in TESTS if self._shares[test] < HARDLY_ANY)
        return -1 if strange else 0

    def _share(self, said: Sequence[tuple[object, str]], test: str) -> float:
        return sum(self._is(test, value, text) for value, text in said) / max(len(said), 1)

    def _is(self, test: str, value: object, text: str) -> bool:
        found: Callable[[object, str], bool] = getattr(self._words, test)
        return found(value, text)
