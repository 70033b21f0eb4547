"""The model that guesses headers nobody listed: rebuilt by its script, and as good as it says."""

import importlib.util
import tomllib
import warnings
from pathlib import Path

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from lostdeals.understand.aliases import Aliases
from lostdeals.understand.role_model import FILE, RoleModel
from lostdeals.vocab import load
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
        again = script.train(VOCABULARY, start=shipped, rounds=15)
    for name in ("roles", "words", "rarity"):
        assert np.array_equal(again[name], shipped[name]), f"{name} differ: run scripts/train_roles.py"
    moved = np.abs(again["weights"] * again["step"] - shipped["weights"] * shipped["step"])
    assert moved.mean() < 0.02
    assert moved.max() < 0.1 * np.abs(shipped["weights"] * shipped["step"]).max()


def test_it_knows_again_what_it_was_trained_on(script):
    texts, roles, counts = script.examples(VOCABULARY)
    step = 7  # every seventh is enough
    model = RoleModel.load()
    right = [
        model.roles(text)[0][0] == role
        for text, role, count in zip(texts[::step], roles[::step], counts[::step], strict=True)
        if count == 1.0 and model.roles(text)
    ]
    assert sum(right) / len(right) > 0.97


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
    aliases, model = Aliases(VOCABULARY), RoleModel.load()
    for header in ("OK to call?", "Marketing consent", "是否同意联系", "可否回访", "Email permission"):
        assert model.roles(aliases.asked(header))[0][0] != "do_not_contact", header


def test_a_header_with_no_known_piece_is_left_alone():
    assert RoleModel.load().roles("") == []


def test_the_arrays_hold_nothing_that_could_be_run():
    with np.load(FILE, allow_pickle=False) as arrays:
        assert {"roles", "words", "rarity", "weights", "step", "intercept"} == set(arrays.files)
    assert FILE.stat().st_size < 2_000_000


def test_the_headers_it_learns_from_are_toml_by_role():
    for path in sorted((HERE / "headers").glob("*.toml")):
        section = tomllib.loads(path.read_text(encoding="utf-8"))
        assert set(section) <= set(VOCABULARY.section("columns"))
        assert sum(len(entry["headers"]) for entry in section.values()) > 3_000
