"""Numbers written in Chinese words."""

from __future__ import annotations

import re

from lostdeals.vocab import Vocabulary


class Numerals:
    """Reads 三十五, 两千五, 一百二十万, 二〇二四.

    >>> from lostdeals.vocab import load
    >>> numerals = Numerals(load())
    >>> [numerals.read(text) for text in ("三十五万", "两万五", "一千零五", "二〇二四", "十二", "几万")]
    [350000, 25000, 1005, 2024, 12, None]
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        words = vocabulary.section("numerals")
        self.digits: dict[str, int] = words["digits"]
        self.places: dict[str, int] = words["places"]
        characters = "".join([*self.digits, *self.places])
        self.pattern = f"[{characters}]+"
        self._zeros = "".join(character for character, digit in self.digits.items() if digit == 0)
        self._whole = re.compile(self.pattern)

    def read(self, text: str) -> int | None:
        """The number a text is from end to end, None where it is none."""
        if not self._whole.fullmatch(text):
            return None
        if all(character in self.digits for character in text):
            return int("".join(str(self.digits[character]) for character in text))
        return self._placed(text)

    def _placed(self, text: str) -> int | None:
        """The greatest place cuts the text in two; 两万五 is 25,000: a lone last digit stands one place below."""
        character = max((c for c in text if c in self.places), key=self.places.__getitem__, default="")
        if not character:
            return self.read(text)
        place = self.places[character]
        head, _, tail = text.rpartition(character)
        front = self._placed(head) if head else 1 if place < TEN_THOUSAND else None
        if len(tail) == 1 and tail in self.digits and place > TEN:
            behind: int | None = self.digits[tail] * place // TEN
        else:
            tail = tail.lstrip(self._zeros)
            behind = self._placed(tail) if tail else 0
        return None if front is None or behind is None or behind >= place else front * place + behind


TEN, TEN_THOUSAND = 10, 10_000
