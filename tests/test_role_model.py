"""The model that guesses headers nobody listed: rebuilt by its script, and as good as it says."""

import importlib.util
import re
import tomllib
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from lostdeals.understand.aliases import Aliases
from lostdeals.understand.concepts import Concepts
from lostdeals.understand.guesses import guess
from lostdeals.understand.role_model import FILE, RoleModel
from lostdeals.understand.values import values_of
from lostdeals.vocab import Vocabulary, load
from lostdeals.vocab.loading import HERE

SCRIPT = Path(__file__).parents[1] / "scripts" / "train_roles.py"
VOCABULARY = load()


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("train_roles", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def shipped():
    with np.load(FILE, allow_pickle=False) as arrays:
        return dict(arrays)


def test_the_script_rebuilds_the_model_that_ships(script, shipped):
    """From the shipped weights training goes nowhere, so it would end there from anywhere: the problem is convex."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        again = script.train(VOCABULARY, start=shipped, rounds=8)
    assert np.array_equal(again["roles"], shipped["roles"])
    for part in ("", "concept_", "value_"):
        for name in (f"{part}words", f"{part}{'usual' if part == 'value_' else 'rarity'}"):
            assert np.array_equal(again[name], shipped[name]), f"{name} differ: run scripts/train_roles.py"
        before, after = (arrays[f"{part}weights"] * arrays[f"{part}step"] for arrays in (shipped, again))
        moved = np.abs(after - before)
        assert moved.mean() < 0.02
        assert moved.max() < 0.1 * np.abs(before).max()


def test_it_knows_again_what_it_was_trained_on(script):
    texts, roles, counts = script.examples(VOCABULARY)
    step = 7  # every seventh is enough
    model, concepts = RoleModel.load(), Concepts(VOCABULARY)
    of_one_role = {text for text, times in Counter(texts).items() if times == 1}
    right = [
        model.roles(text, concepts.features(text))[0][0] == role
        for text, role, count in zip(texts[::step], roles[::step], counts[::step], strict=True)
        if count >= 1.0 and text in of_one_role and model.roles(text)
    ]
    assert sum(right) / len(right) > 0.95


def test_a_header_is_taught_under_two_roles_only_where_values_tell_them_apart():
    """车款 may be a car or its price: the kinds of values differ. Two roles of one kind would only confuse."""
    aliases = Aliases(VOCABULARY)
    for language in VOCABULARY.names("headers"):
        taught = {}
        for role, entry in VOCABULARY.section(f"headers/{language}").items():
            for header in entry["headers"]:
                taught.setdefault(aliases.asked(header), set()).add(role)
        double = {header: roles for header, roles in taught.items() if len(roles) > 1}
        assert {
            header: roles
            for header, roles in double.items()
            if len({aliases.kinds[role] for role in roles}) < len(roles)
        } == {}
        assert len(double) <= 5


def test_consent_to_be_called_is_never_taught_as_a_wish_to_be_left_alone():
    """Yes there means the opposite of yes in “do not contact”."""
    aliases = Aliases(VOCABULARY)
    for header in (
        "OK to call?",
        "Marketing consent",
        "是否同意联系",
        "可否回访",
        "Email permission",
        "Happy to be called?",
    ):
        chances = guess(header, aliases).chances
        assert max(chances, key=chances.get) != "do_not_contact", header


def test_a_header_with_no_known_piece_is_left_alone():
    assert RoleModel.load().roles("") == []


def test_the_arrays_hold_nothing_that_could_be_run():
    with np.load(FILE, allow_pickle=False) as arrays:
        parts = {"words", "weights", "step", "intercept"}
        headers = {"roles", "rarity", "concept_rarity", *parts, *(f"concept_{part}" for part in parts)}
        assert headers | {"value_roles", "value_usual", *(f"value_{part}" for part in parts)} == set(arrays.files)
    assert FILE.stat().st_size < 2_000_000


def test_nobody_stands_in_what_is_learned_of_values():
    with np.load(FILE, allow_pickle=False) as arrays:
        words = bytes(arrays["value_words"]).decode().split("\n")
    tests = values_of(VOCABULARY)
    assert [word for word in words if "@" in word and word[0] == "="] == []
    assert [word for word in words if sum(map(str.isdigit, word)) >= 7] == []
    names = [word for word in words if re.fullmatch("=?[a-z]+ [a-z]+", word)]
    assert [name for name in names if tests.given(name, name.removeprefix("=").title())] == []


def test_the_headers_it_learns_from_are_toml_by_role():
    for path in sorted((HERE / "headers").glob("*.toml")):
        section = tomllib.loads(path.read_text(encoding="utf-8"))
        assert set(section) <= set(VOCABULARY.section("columns"))
        assert sum(len(entry["headers"]) for entry in section.values()) > 3_000


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Put off by", "loss_reason"),
        ("Sticking point", "loss_reason"),
        ("Jog on", "next_contact_at"),
        ("Est. by", "owner"),
        ("谁在盯", "owner"),
        ("卡壳在哪", "loss_reason"),
        ("手里掏得出多少", "budget"),
        ("打哪儿来的", "source"),
    ],
)
def test_a_word_that_no_known_header_has_is_understood_by_what_it_is_about(header, role):
    """As far as it is any: the values have the last word."""
    chances = guess(header, Aliases(VOCABULARY)).chances
    assert max((chance, name) for name, chance in chances.items() if name)[1] == role


def test_a_phrase_is_read_whole_and_in_every_form_of_its_words():
    concepts = Concepts(VOCABULARY)
    for header in ("nudge on", "nudged on", "nudging on"):
        assert concepts.sequence(header) == [("followup",), ("when",)]
    assert concepts.sequence("went with") == [("rival",)]
    assert concepts.sequence("zorg date") == [("?",), ("when",)]
    assert concepts.sequence("") == []


def test_a_users_own_word_joins_a_concept():
    vocabulary = Vocabulary({"header_concepts": {"obstacle": {"en": ["kerfuffle"], "zh": ["幺蛾子"]}}})
    aliases = Aliases(vocabulary)
    for header in ("Kerfuffle", "幺蛾子"):
        chances = guess(header, aliases).chances
        before = guess(header, Aliases(Vocabulary({"header_concepts": {}}))).chances
        assert max(filter(None, chances), key=chances.get) == "loss_reason"
        assert chances["loss_reason"] > 5 * before.get("loss_reason", 0.01)


def test_every_word_of_the_lexicon_is_found_again():
    """An entry that the matcher could never meet (a phrase too long, a mark it drops) would be dead."""
    concepts = Concepts(VOCABULARY)
    dead = [
        word
        for concept, entry in VOCABULARY.section("header_concepts").items()
        if concept != "nothing"
        for word in (*entry["en"], *entry["zh"])
        if word[0] != "(" and not any(concept in step for step in concepts.sequence(word))
    ]
    assert dead == []
