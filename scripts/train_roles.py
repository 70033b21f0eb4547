"""Train the models that guess the role of a column whose header nobody listed: scripts/train_roles.py [FILE].

It learns from every header of vocab/columns.toml, vocab/headers/*.toml and tests/cases/columns_taught*.toml, by its pieces and by
its concepts (vocab/header_concepts.toml), and from the values of labelled sheets of tests/cases what columns of each role are
made of. It writes vocab/role-model.npz. With --warm it begins from that file, which is faster and ends alike.
scikit-learn is needed here only; the program uses the arrays.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Mapping
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from lostdeals.understand.aliases import Aliases, aliases
from lostdeals.understand.column_shape import shapes_of
from lostdeals.understand.column_traits import traits
from lostdeals.understand.profile import profile_of
from lostdeals.understand.role_model import FILE, pieces, vector
from lostdeals.understand.value_model import PART
from lostdeals.understand.values import Values, values_of
from lostdeals.vocab import Vocabulary, load

CASES = Path(__file__).parents[1] / "tests" / "cases"
TAUGHT = ("columns_taught", "columns_taught_zh")
"""Labelled sheets as people keep them: their headers come as often as they do in life."""
SHEETS = ("columns", "columns_unseen", "columns_outside", *TAUGHT)
"""The sheets whose values are learned from; the fresh, plain, spoken and kept ones only measure."""
IN_SHEETS = 3
"""A trait that fewer sheets have teaches nothing."""
LONG_NUMBER = 7
"""Figures from which on a number is somebody's own."""
VALUE_FIT = 4.0
"""As FIT, of the model over values; steady between 1 and 4."""
OFTEN = 3.0
"""A header of theirs counts for at most so many."""
WEAK = 0.4
"""A header that means a role only where the values agree teaches so much of one that means it always."""
SEEN = 2
"""A piece of fewer headers than this teaches nothing."""
MET = 3
"""The same for a concept, or a pair of concepts."""
FIT = 20.0
"""Inverse strength of the regularisation (scikit-learn's C), by four-fold cross-validation among 3, 10, 20, 30, 60."""
CONCEPT_FIT = 10.0
"""The same of the model over concepts."""


def examples(vocabulary: Vocabulary) -> tuple[list[str], list[str], list[float]]:
    """Header as plain words, its role, and how much it counts; each header once per role."""
    plain = Aliases(vocabulary).asked
    found: dict[tuple[str, str], float] = {}
    for role, entry in vocabulary.section("columns").items():
        for header in entry.get("weak", []):
            found[plain(header), role] = WEAK
    listed = [
        vocabulary.section("columns"),
        *(vocabulary.section(f"headers/{name}") for name in vocabulary.names("headers")),
    ]
    for section in listed:
        for role, entry in section.items():
            for header in [*entry.get("aliases", []), *entry.get("headers", [])]:
                found[plain(header), role] = 1.0
    for (header, role), times in taught().items():
        key = plain(header), role
        found[key] = max(found.get(key, 0.0), min(float(times), OFTEN))
    texts, roles = zip(*found, strict=True)
    return list(texts), list(roles), list(found.values())


def taught() -> Counter[tuple[str, str]]:
    """The headers of the labelled sheets with their likeliest role, and how often they came; none is a role, too."""
    columns = [
        (header, roles.split("|")[0])
        for name in TAUGHT
        for case in _cases(name)
        for header, roles, *_ in case["columns"]
    ]
    return Counter(columns)


def train(vocabulary: Vocabulary, start: Mapping[str, Any] | None = None, rounds: int = 2000) -> dict[str, Any]:
    """The arrays of the two models: over pieces, and over concepts.

    start: arrays to begin with, and rounds: steps at most; from any start the same single optimum is reached, so a model
    that is one stays where it is.
    """
    texts, roles, counts = examples(vocabulary)
    features = aliases(vocabulary).concepts.features
    alike: Counter[tuple[tuple[str, ...], str]] = Counter()
    for text, role, count in zip(texts, roles, counts, strict=True):
        found = tuple(sorted(set(features(text))))
        if found:
            alike[found, role] += count  # type: ignore[assignment]
    spelled, rarity = _weighed([pieces(text) for text in texts], SEEN)
    meant, rarity_meant = _weighed([Counter(found) for found, _ in alike], MET)
    by_pieces = _fitted(spelled, (roles, counts), FIT, _part(start, ""), rounds)
    by_concepts = _fitted(
        meant, ([role for _, role in alike], list(alike.values())), CONCEPT_FIT, _part(start, "concept_"), rounds
    )
    assert by_pieces["roles"].tolist() == by_concepts.pop("roles").tolist()
    by_pieces["rarity"] = np.array(list(rarity.values()), dtype=np.float32)
    by_concepts["rarity"] = np.array(list(rarity_meant.values()), dtype=np.float32)
    by_concepts = {f"concept_{name}": array for name, array in by_concepts.items()}
    return by_pieces | by_concepts | _of_values(vocabulary, start, rounds)


def labelled(vocabulary: Vocabulary) -> tuple[list[dict[str, float]], list[str]]:
    """The traits and the role of every column of the labelled sheets that has values; a trait has to be met in some sheets."""
    shapes, tests = shapes_of(vocabulary), values_of(vocabulary)
    found: list[dict[str, float]] = []
    roles: list[str] = []
    sheets: list[int] = []
    for number, case in enumerate(case for name in SHEETS for case in _cases(name)):
        depth = max(map(len, case["columns"])) - 2
        for _, role, *cells in case["columns"]:
            said = [None if cell == "" else cell for cell in cells]
            profile = profile_of(pd.Series([*said, *[None] * (depth - len(said))], dtype=object), tests)
            if profile.values:
                found.append(traits(profile, shapes.of(profile)))
                roles.append("extra" if role.startswith("ignore") else role.split("|")[0])
                sheets.append(number)
    met: dict[str, set[int]] = {}
    for number, one in zip(sheets, found, strict=True):
        for trait in one:
            met.setdefault(trait, set()).add(number)
    often = {trait for trait, where in met.items() if len(where) >= IN_SHEETS and not _of_somebody(trait, tests)}
    return [{trait: weight for trait, weight in one.items() if trait in often} for one in found], roles


def _of_somebody(trait: str, tests: Values) -> bool:
    """A trait that only this or that person has: a whole name, an address, a long number; it would teach nothing of others."""
    text = trait.removeprefix("=").title()
    latin = " " in text and text.replace(" ", "").isalpha() and tests.given(text, text)
    chinese = trait[0] == "=" and tests.person(text, text) and not text.isascii()
    return latin or chinese or ("@" in trait and trait[0] == "=") or sum(map(str.isdigit, trait)) >= LONG_NUMBER


def _cases(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    return cases


def _of_values(vocabulary: Vocabulary, start: Mapping[str, Any] | None, rounds: int) -> dict[str, Any]:
    found, roles = labelled(vocabulary)
    fitted = _fitted(found, (roles, [1.0] * len(roles)), VALUE_FIT, _part(start, PART), rounds)
    usual = Counter(roles)
    fitted["usual"] = np.array([usual[role] / len(roles) for role in fitted["roles"]], dtype=np.float32)
    return {f"{PART}{name}": array for name, array in fitted.items()}


def _part(arrays: Mapping[str, Any] | None, part: str) -> dict[str, Any] | None:
    if arrays is None:
        return None
    found = {name: arrays[part + name] for name in ("weights", "step", "intercept", "words")}
    return found | {"roles": arrays[f"{part}roles" if f"{part}roles" in arrays else "roles"]}


def _weighed(bags: list[Counter[str]], least: int) -> tuple[list[dict[str, float]], dict[str, float]]:
    """The vectors of headers, and the rarity of each of their pieces that so many of them have."""
    seen = Counter(piece for bag in bags for piece in bag)
    rarity = {
        piece: float(np.float32(log((1 + len(bags)) / (1 + n)) + 1)) for piece, n in sorted(seen.items()) if n >= least
    }
    return [vector(bag, rarity) for bag in bags], rarity


def _fitted(
    vectors: list[dict[str, float]],
    taught: tuple[list[str], list[float]],
    fit: float,
    start: Mapping[str, Any] | None,
    rounds: int,
) -> dict[str, Any]:
    roles, counts = taught
    words = sorted({word for weights in vectors for word in weights})
    place = {word: number for number, word in enumerate(words)}
    starts = np.cumsum([0, *map(len, vectors)])
    columns = [place[word] for weights in vectors for word in weights]
    values = [weight for weights in vectors for weight in weights.values()]
    table = csr_matrix((values, columns, starts), shape=(len(vectors), len(words)))
    model = LogisticRegression(C=fit, max_iter=rounds, tol=1e-5, warm_start=True)
    if start is not None:
        model.classes_ = start["roles"]
        model.coef_ = np.zeros((len(start["roles"]), len(words)))
        for word, weights in zip(bytes(start["words"]).decode().split("\n"), start["weights"], strict=True):
            if word in place:
                model.coef_[:, place[word]] = weights * float(start["step"])
        model.intercept_ = start["intercept"].astype(float)
    model.fit(table, roles, sample_weight=counts)
    step = float(np.abs(model.coef_).max() / 127)
    return {
        "roles": model.classes_.astype(str),
        "words": np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        "weights": np.rint(model.coef_.T / step).astype(np.int8),
        "step": np.float64(step),
        "intercept": model.intercept_.astype(np.float32),
    }


if __name__ == "__main__":
    options = [option for option in sys.argv[1:] if option.startswith("--")]
    target = next((Path(option) for option in sys.argv[1:] if option not in options), FILE)
    begin = None
    if "--warm" in options:
        with np.load(FILE, allow_pickle=False) as shipped:
            begin = dict(shipped)
    np.savez_compressed(target, **train(load(), begin))
    print(f"{target}: {target.stat().st_size:,} bytes")
