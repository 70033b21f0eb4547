"""Find what a text speaks of: the concepts of ``vocab/note_concepts/``, and which follows which within a clause.

A concept is a set of words that say much the same (boss, headquarters, 领导). What a note says in words that no other note
has is known by its concepts still.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from lostdeals.classify.pieces import Numbers, Pieces, Places, mixed, pieces, run_of_two
from lostdeals.vocab import Vocabulary

ENDINGS = "~"
"""Stands for the endings of an English word (``vocab/endings.toml``)."""
VOWELS = frozenset("aeiou")
NEVER_DOUBLED = frozenset("wxy") | VOWELS


@dataclass(frozen=True)
class Concepts:
    """The words of all concepts as pieces."""

    keys: Numbers
    """(words,) their hashes, rising."""
    concept: npt.NDArray[np.int16]
    """(words,) the number of the concept of each."""


def read_concepts(vocabulary: Vocabulary) -> Concepts:
    """Every concept; a word of several belongs to the one with fewest words, which says most.

    A word is a run that `pieces` makes: up to four Chinese characters or three words.
    """
    endings = vocabulary.section("endings")
    concepts = [
        [form for word in words for form in forms(word, endings)]
        for theme in vocabulary.names("note_concepts")
        for _, words in sorted(vocabulary.section(f"note_concepts/{theme}").items())
    ]
    order = sorted(range(len(concepts)), key=lambda number: len(concepts[number]))
    texts = [word for number in order for word in concepts[number]]
    owner = np.repeat(order, [len(concepts[number]) for number in order])
    found = pieces(texts)
    runs = np.arange(len(found.start))
    text = found.text[found.clause[runs]]
    tokens = np.bincount(text[found.size == 1], minlength=len(texts))
    whole = found.size == tokens[text]
    first = np.argsort(text[whole], kind="stable")
    keys, place = np.unique(found.hashes[runs][whole][first], return_index=True)
    return Concepts(keys, owner[text[whole][first][place]].astype(np.int16))


def forms(word: str, endings: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The forms of a word, or of a phrase with such words.

    >>> from lostdeals.vocab import load
    >>> [form for form in forms("push~ back", load().section("endings")) if form.split()[0] in ("push", "pushed", "pushing")]
    ['push back', 'pushed back', 'pushing back']
    """
    parts = [_forms(part.removesuffix(ENDINGS), endings) if part.endswith(ENDINGS) else [part] for part in word.split()]
    for chosen in product(*parts):
        yield " ".join(chosen)


def _forms(word: str, endings: Mapping[str, Sequence[str]]) -> list[str]:
    if word.endswith("e"):
        return [word + end for end in endings["e"]] + [word[:-1] + end for end in endings["without_e"]]
    found = [word + end for end in endings["stem"]]
    if word.endswith("y"):
        found += [word[:-1] + end for end in endings["y"]]
    elif word[-1] not in NEVER_DOUBLED and word[-2:-1] in VOWELS:
        found += [word + word[-1] + end for end in endings["doubled"]]
    return found


def concept_pieces(found: Pieces, concept: npt.NDArray[np.int16]) -> tuple[Numbers, Places]:
    """Each concept that stands in a clause and each pair that follow one another, as pieces; and the clause of each.

    concept: of each run of ``found``, -1 where it is no word of one. Of words inside others the longest counts.
    """
    hits = outermost(found, np.flatnonzero(concept >= 0))
    told = mixed(concept[hits].astype(np.uint64) + SALT)
    clause = found.clause[hits]
    pairs = clause[:-1] == clause[1:]
    return (
        np.concatenate([told, run_of_two(told)[pairs]]),
        np.concatenate([clause, clause[1:][pairs]]),
    )


def outermost(found: Pieces, runs: Places) -> Places:
    """Of some runs those inside no other one of them, as they follow one another."""
    start, size = found.start[runs], found.size[runs].astype(np.int64)
    order = np.argsort(start * 8 - size, kind="stable")
    runs, end = runs[order], (start + size)[order]
    reach = np.maximum.accumulate(end)
    return np.asarray(runs[np.append(True, end[1:] > reach[:-1])[: len(end)]])


SALT = np.uint64(0x5DEECE66D)
"""Keeps the numbers of concepts apart from those of other pieces."""
