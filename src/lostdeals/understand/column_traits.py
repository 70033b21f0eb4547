"""What the values of a column are made of: the words and pieces in them, the pattern of their signs, how they repeat."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from lostdeals.understand.profile import Profile

LENGTH = 300
"""Characters of a value that are looked at."""
READ = 16
"""Values looked at together, evenly taken: what is told of more would be surer than what was learned of a few."""
STRETCHES = 4
"""The most of such samples whose traits are averaged; a column of few unlike values has one."""
TOKENS = re.compile(r"[^\W\d_\u3400-\u9fff]+|[\u3400-\u9fff]+|\d+|\s+|[\W_]")
CHINESE = (1, 2, 3)
"""Lengths of the pieces of Chinese words."""
HEAD, TAIL = 4, 3
"""Letters of a longer Latin word that stand for it and its kin."""
CAPITALS, FIGURES = 3, 5
"""So many are told apart, and no more, in a pattern."""
SHORT = 24
"""Signs of a pattern, and of a word that is told as a whole."""
LOOKS, HABITS = 1.0, 0.7
"""Weight of a column's shape, and of its gaps and repetitions, beside words that every value has."""
FULL, HALF_FULL = 0.85, 0.4
ALIKE = (0.02, 0.08, 0.2, 0.5)
"""Steps of the chance that two of a column's cells are the same."""
FEW = 4
"""Cells with fewer of which nothing is said of their repeating."""


def traits(profile: Profile, shape: str) -> dict[str, float]:
    """Named features of a column's values and their weights: the root of the share of values that have one, averaged.

    shape: its `column_shape.Shapes.of`. An empty column has none but that it is empty.

    >>> import pandas as pd
    >>> from lostdeals.understand.profile import profile_of
    >>> from lostdeals.understand.values import values_of
    >>> from lostdeals.vocab import load
    >>> column = profile_of(pd.Series(["A12", "B7"], dtype=object), values_of(load()))
    >>> sorted(traits(column, "code").items())[:4]
    [('a', 0.7071067811865476), ('a 00', 0.7071067811865476), ('b', 0.7071067811865476), ('b 0', 0.7071067811865476)]
    """
    texts = profile.texts
    stretches = min(STRETCHES, len(texts) // (2 * READ)) or 1
    apart = (-(-len(texts) // (READ * stretches)) or 1) * stretches
    out: dict[str, float] = {}
    for start in range(stretches):
        some = texts[start * (apart // stretches) :: apart]
        counts = Counter(part for text in some for part in parts(text))
        for part, n in counts.items():
            out[part] = out.get(part, 0.0) + (n / len(some)) ** 0.5 / stretches
    out[f"shape {shape}"] = LOOKS
    out["full" if profile.filled >= FULL else "half full" if profile.filled >= HALF_FULL else "gaps"] = HABITS
    if profile.count >= FEW:
        out[f"alike {sum(profile.alike >= step for step in ALIKE)}"] = HABITS
    return out


def parts(text: str) -> set[str]:
    """The words of a value, their pieces and pairs, its pattern, and the whole of a single word.

    >>> sorted(parts("3 beds")), sorted(parts("No"))
    (['+eds', '0 beds', 'beds', 'beds+', '~0 a'], ['=no', 'no', '~Aa'])
    """
    text = " ".join(text[:LENGTH].split())
    tokens = TOKENS.findall(text)
    pattern, words = [], []
    out: set[str] = set()
    for token in tokens:
        if token.isspace():
            pattern.append(" ")
            continue
        if token.isdigit():
            word = "0" * min(len(token), FIGURES)
            pattern.append(word)
        elif "\u3400" <= token[0] <= "\u9fff":
            word = token
            pattern.append("x")
            out.update((f"^{token[0]}", f"{token[-1]}$"))
            for length in CHINESE:
                out.update(token[start : start + length] for start in range(len(token) - length + 1))
        elif token.isalpha():
            word = token.casefold()
            pattern.append(_letters(token))
            out.add(word)
            if len(word) >= HEAD:
                out.update((f"{word[:HEAD]}+", f"+{word[-TAIL:]}"))
        else:
            word = token
            pattern.append(token)
        words.append(word)
    out.update(f"{first} {second}" for first, second in pairwise(words))
    out.add("~" + "".join(pattern)[:SHORT])
    if len(words) == 1 and not text.isdigit() and len(text) <= SHORT:
        out.add(f"={text.casefold()}")
    return out


def _letters(word: str) -> str:
    if word.isupper():
        return "A" * len(word) if len(word) <= CAPITALS else "A+"
    return "Aa" if word[0].isupper() else "a"
