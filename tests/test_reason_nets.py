"""How the networks that help to read reasons learn."""

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from lostdeals.classify.pieces import pieces

SCRIPTS = Path(__file__).parents[1] / "scripts"

pytestmark = pytest.mark.skipif(not SCRIPTS.is_dir(), reason="the scripts are not part of this copy")


@pytest.fixture(scope="module")
def nets():
    sys.path.insert(0, str(SCRIPTS))
    return importlib.import_module("reason_nets")


def chance():
    return np.random.default_rng(7)


def test_the_slopes_are_those_of_the_loss(nets):
    """Against differences of the loss itself, every unit awake."""
    weights = {name: chance().normal(size=shape) for name, shape in (("bias", 4), ("out", (4, 3)), ("base", 3))}
    reached, goals = chance().normal(size=(5, 4)), chance().dirichlet(np.ones(3), 5)

    def loss():
        units = np.maximum(reached + weights["bias"], 0)
        scores = units @ weights["out"] + weights["base"]
        return -(goals * (scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)))).sum() / len(goals)

    slopes, back = nets._slopes(weights, reached, goals, chance(), asleep=0.0)
    for own, slope in [*((weights[name], slopes[name]) for name in weights), (reached, back)]:
        for place in np.ndindex(own.shape):
            own[place] += 1e-6
            above = loss()
            own[place] -= 2e-6
            below = loss()
            own[place] += 1e-6
            assert slope[place] == pytest.approx((above - below) / 2e-6, abs=1e-4)


def test_what_matters_only_together_is_learned(nets):
    """One of two pieces means one thing, both or none another: no weights of single pieces can say that."""
    table = np.zeros((2048, 2), dtype=np.float32)
    table[:, 0], table[:, 1] = np.arange(2048) % 2, np.arange(2048) // 2 % 2
    goals = np.eye(2, dtype=np.float32)[(table[:, 0] != table[:, 1]).astype(int)]
    shape = nets.Shape(units=16, unseen=0.0, asleep=0.0, rounds=200, rate=2e-2)
    learned = nets._pieces_net(csr_matrix(table), goals, shape)
    units = np.maximum(table @ learned["into"] + learned["bias"], 0)
    assert ((units @ learned["out"] + learned["base"]).argmax(axis=1) == goals.argmax(axis=1)).all()


def test_whole_numbers_stand_for_their_weights(nets):
    weights = chance().normal(0, 0.3, (200, 8)).astype(np.float32)
    whole, step = nets._whole(weights)
    assert whole.dtype == np.int8
    assert np.abs(whole * step - weights).max() <= step / 2 + 1e-6


def test_words_are_latin_ones_and_those_of_a_dictionary_the_longest_of_each_place(nets, monkeypatch):
    monkeypatch.setattr(nets, "_candidates", lambda _: ["预算", "预", "冻结", "too", "dear", "not there"])
    monkeypatch.setattr(nets, "_vectors", lambda strings: np.eye(len(strings), 9, dtype=np.float32))
    words = nets.words_of(["预算冻结", "too dear, too late"])
    at = {word: int(np.searchsorted(words.hashes, pieces([word]).hashes[0])) for word in ("too", "dear")}
    assert len(words.hashes) == 5
    assert words.counts[1, at["too"]] == 2
    assert words.counts[1, at["dear"]] == 1
    assert words.counts.sum(axis=1).ravel().tolist() == [[2.0, 3.0]]


def test_a_share_of_what_a_note_says_is_left_out_and_the_rest_makes_up_for_it(nets):
    thin = nets._thinned(csr_matrix(np.ones((50, 40), dtype=np.float32)), chance(), 0.25)
    assert np.unique(thin.data) == pytest.approx([0, 1 / 0.75])
    assert thin.sum() == pytest.approx(2000, rel=0.05)
