"""Train the model that guesses the role of a header nobody listed: scripts/train_roles.py [FILE].

It learns from every header of vocab/columns.toml, vocab/headers/*.toml and tests/cases/columns_taught.toml, by its pieces and by its concepts
(vocab/header_concepts.toml), and writes vocab/role-model.npz. With --warm it begins from that file, which is faster and ends alike.
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
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from lostdeals.understand.aliases import Aliases, aliases
from lostdeals.understand.role_model import FILE, pieces, vector
from lostdeals.vocab import Vocabulary, load

SHEETS = Path(__file__).parents[1] / "tests" / "cases" / "columns_taught.toml"
"""Labelled sheets as people keep them: their headers come as often as they do in life."""
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
    cases = tomllib.loads(SHEETS.read_text(encoding="utf-8"))["case"]
    columns = [(header, roles.split("|")[0]) for case in cases for header, roles, *_ in case["columns"]]
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
    bags = [Counter(found) for found, _ in alike]
    by_pieces = _fitted(([pieces(text) for text in texts], roles, counts), SEEN, FIT, _part(start, ""), rounds)
    by_concepts = _fitted(
        (bags, [role for _, role in alike], list(alike.values())), MET, CONCEPT_FIT, _part(start, "concept_"), rounds
    )
    assert by_pieces["roles"].tolist() == by_concepts.pop("roles").tolist()
    return by_pieces | {f"concept_{name}": array for name, array in by_concepts.items()}


def _part(arrays: Mapping[str, Any] | None, part: str) -> dict[str, Any] | None:
    if arrays is None:
        return None
    return {name: arrays[part + name] for name in ("weights", "step", "intercept", "words")} | {
        "roles": arrays["roles"]
    }


def _fitted(
    taught: tuple[list[Counter[str]], list[str], list[float]],
    least: int,
    fit: float,
    start: Mapping[str, Any] | None,
    rounds: int,
) -> dict[str, Any]:
    bags, roles, counts = taught
    seen = Counter(piece for bag in bags for piece in bag)
    words = sorted(piece for piece, n in seen.items() if n >= least)
    rarity = {piece: float(np.float32(log((1 + len(bags)) / (1 + seen[piece])) + 1)) for piece in words}
    place = {piece: number for number, piece in enumerate(words)}
    vectors = [vector(bag, rarity) for bag in bags]
    starts = np.cumsum([0, *map(len, vectors)])
    columns = [place[piece] for weights in vectors for piece in weights]
    values = [weight for weights in vectors for weight in weights.values()]
    table = csr_matrix((values, columns, starts), shape=(len(bags), len(words)))
    model = LogisticRegression(C=fit, max_iter=rounds, tol=1e-5, warm_start=True)
    if start is not None:
        model.classes_ = start["roles"]
        model.coef_ = np.zeros((len(start["roles"]), len(words)))
        for piece, weights in zip(bytes(start["words"]).decode().split("\n"), start["weights"], strict=True):
            if piece in place:
                model.coef_[:, place[piece]] = weights * float(start["step"])
        model.intercept_ = start["intercept"].astype(float)
    model.fit(table, roles, sample_weight=counts)
    step = float(np.abs(model.coef_).max() / 127)
    return {
        "roles": model.classes_.astype(str),
        "words": np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        "rarity": np.array([rarity[piece] for piece in words], dtype=np.float32),
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
