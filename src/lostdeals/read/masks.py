"""Number formats that show zeros before a number: the phone 02157654321 is often the number 2157654321 under eleven zeros."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_TOKEN = re.compile(r'"([^"]*)"|\\(.)|(\[\$-[0-9A-Fa-f]+\])|([-() +])|([0#?])')
_SEPARATORS = re.compile(r"[-() ]")
DIGIT, DIGIT_IF_ANY = "0", "#"


@dataclass(frozen=True)
class Mask:
    """A number format made of digit places and literal text; decimals, thousands and conditions are none."""

    tokens: tuple[tuple[bool, str], ...]
    """From left to right: whether it is a place, and its character or text."""

    @classmethod
    def of(cls, code: str) -> Mask | None:
        r"""The mask that a number format is; None where it is none, or none that could show a zero before the number.

        A unit behind the number (``00"天"``) makes it a quantity, which is read better as a number.

        >>> [bool(Mask.of(code)) for code in ("00000000000", r"000\-0000\-0000;@", '"0"00', "0# ## ##", '"KH"0000')]
        [True, True, True, True, True]
        >>> [Mask.of(code) for code in ("0", "0.00", "#,##0", r"# ##0\ _€", "yyyy-mm-dd", '00"天"', "General", "@")]
        [None, None, None, None, None, None, None, None]
        """
        tokens: list[tuple[bool, str]] = []
        position = 0
        while position < len(code) and code[position] != ";":  # what follows is for negative numbers and text
            found = _TOKEN.match(code, position)
            if not found:
                return None
            quoted, escaped, _locale, bare, place = found.groups()
            literal = quoted or escaped or bare
            if literal or place:
                tokens.append((bool(place), literal or (DIGIT if place == DIGIT else DIGIT_IF_ANY)))
            position = found.end()
        mask = cls(tuple(tokens))
        return mask if mask._may_pad() else None

    def show(self, value: int) -> str:
        r"""The number as its cell shows it; digits without a place of their own stand at the first place.

        >>> Mask.of(r"000\-0000\-0000").show(2157654321), Mask.of("0000").show(1234567), Mask.of('"KH"0000').show(12)
        ('021-5765-4321', '1234567', 'KH0012')
        """
        digits = str(value)
        first = next(index for index, (is_place, _) in enumerate(self.tokens) if is_place)
        shown: list[str] = []
        for index in range(len(self.tokens) - 1, -1, -1):
            is_place, text = self.tokens[index]
            if not is_place:
                shown.append(text)
            elif index == first:
                shown.append(digits or ("0" if text == DIGIT else ""))
            else:
                shown.append(digits[-1:] or ("0" if text == DIGIT else ""))
                digits = digits[:-1]
        return "".join(reversed(shown))

    def _may_pad(self) -> bool:
        places = [text for is_place, text in self.tokens if is_place]
        if not places:
            return False
        last = max(index for index, (is_place, _) in enumerate(self.tokens) if is_place)
        unit = any(_SEPARATORS.sub("", text) for is_place, text in self.tokens[last:] if not is_place)
        before = "".join(text for is_place, text in self.tokens[:last] if not is_place)
        zeros = DIGIT in places[:-1]
        return not unit and (zeros or any(character.isdigit() for character in before))


def masks(codes: Iterable[str | None]) -> dict[int, Mask]:
    """Cell style -> mask, from the number format of each cell style in order; None stands for a built-in format."""
    found = {index: Mask.of(code) for index, code in enumerate(codes) if code}
    return {index: mask for index, mask in found.items() if mask}


def shown(value: float, mask: Mask) -> str | None:
    r"""The text of a number cell where its mask shows more than the number's own digits; None where it does not.

    >>> zeros = Mask.of("00000000000")
    >>> shown(2157654321.0, zeros), shown(13800000001.0, zeros), shown(0.5, zeros), shown(-1.0, zeros)
    ('02157654321', None, None, None)
    """
    if value < 0 or not float(value).is_integer():
        return None
    text = mask.show(int(value))
    return text if _SEPARATORS.sub("", text) != str(int(value)) else None


def shows_zeros(text: str, number: str) -> bool:
    """A text shows a number of whole digits with zeros before them.

    >>> [shows_zeros(text, "2157654321") for text in ("(021) 5765-4321", "2,157,654,321", "￥2157654321")]
    [True, False, False]
    """
    return number.isdigit() and _SEPARATORS.sub("", text).endswith(f"0{number}")
