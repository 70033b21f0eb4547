"""Concepts: words that say much the same are one thing to the model that reads reasons."""

from collections import Counter

import numpy as np
import pytest

from lostdeals.classify.concepts import concept_pieces, forms, read_concepts
from lostdeals.classify.pieces import pieces
from lostdeals.classify.reason_model import Table
from lostdeals.vocab import Vocabulary, load

VOCABULARY = load()
CONCEPTS = {
    name: words
    for theme in VOCABULARY.names("note_concepts")
    for name, words in VOCABULARY.section(f"note_concepts/{theme}").items()
}
SMALL = Vocabulary(
    {
        "note_concepts": {
            "mine": {"chief": ["头目", "the chief"], "nod": ["画圈", "nod~"], "denial": ["不画圈", "does not nod"]}
        }
    }
)


@pytest.fixture(scope="module")
def concepts():
    return read_concepts(VOCABULARY)


def told(texts, concepts):
    """What the concepts of each clause are, as numbers."""
    found = pieces(texts)
    rows = Table(concepts.keys).rows(found.hashes[: len(found.start)])
    hashes, clause = concept_pieces(found, np.append(concepts.concept, np.int16(-1))[rows])
    return [sorted(hashes[clause == place].tolist()) for place in range(len(found.text))]


def test_words_of_one_concept_say_the_same(concepts):
    one, other, english = told(["总部没点头", "董事会不同意", "headquarters vetoed"], concepts)
    assert one == other == english
    assert len(one) == 3  # two concepts and that one follows the other


def test_the_order_of_two_concepts_counts(concepts):
    one, other = told(["boss refused", "refused boss"], concepts)
    assert len(set(one) & set(other)) == 2
    assert len(set(one) ^ set(other)) == 2


def test_concepts_of_two_clauses_are_no_pair(concepts):
    assert [len(clause) for clause in told(["boss, refused"], concepts)] == [1, 1]


def test_of_words_inside_others_the_longest_counts():
    small = read_concepts(SMALL)
    assert told(["不画圈"], small) == told(["does not nod"], small)
    assert told(["不画圈"], small) != told(["画圈"], small)


def test_a_sheet_without_a_concept_has_no_pieces_of_concepts():
    assert told(["zzyzx qqq"], read_concepts(SMALL)) == [[]]
    assert told([""], read_concepts(SMALL)) == []


def test_a_word_of_two_concepts_belongs_to_the_smaller_one():
    both = Vocabulary({"note_concepts": {"mine": {"large": ["泛词", "甲", "乙"], "little": ["泛词", "丙"]}}})
    small = read_concepts(both)
    assert told(["泛词"], small) == told(["丙"], small)


def test_an_english_word_has_its_forms():
    endings = VOCABULARY.section("endings")
    assert {"refuse", "refuses", "refused", "refusing"} <= set(forms("refuse~", endings))
    assert {"deny", "denies", "denied", "denying"} <= set(forms("deny~", endings))
    assert {"stop", "stopped", "stopping"} <= set(forms("stop~", endings))
    assert list(forms("the board", endings)) == ["the board"]


def test_every_word_of_a_concept_can_be_found(concepts):
    """A word is one run of a clause: at most four Chinese characters or three words, no mark inside."""
    endings = VOCABULARY.section("endings")
    words = sorted({next(forms(word, endings)) for words in CONCEPTS.values() for word in words})
    found = pieces(words)
    runs = found.hashes[: len(found.start)]
    known = Table(concepts.keys).rows(runs) >= 0
    text = found.text[found.clause[: len(runs)]]
    tokens = np.bincount(text[found.size == 1], minlength=len(words))
    whole = set(text[known & (found.size == tokens[text])].tolist())
    assert [word for place, word in enumerate(words) if place not in whole] == []


def test_there_are_words_enough_in_both_languages():
    assert len(CONCEPTS) >= 150
    kinds = Counter("zh" if word[0] > "\u2e80" else "en" for words in CONCEPTS.values() for word in words)
    assert min(kinds.values()) >= 4000
    assert all(len(words) == len(set(words)) for words in CONCEPTS.values())
