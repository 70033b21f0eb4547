"""Train the model that guesses the role of a header nobody listed: scripts/train_roles.py [FILE].

It learns from every header of vocab/columns.toml and vocab/headers/*.toml, and writes vocab/role-model.npz.
scikit-learn is needed here only; the program uses the arrays.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from math import log
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from lostdeals.understand.aliases import Aliases
from lostdeals.understand.role_model import FILE, pieces, vector
from lostdeals.vocab import Vocabulary, load

WEAK = 0.4
"""A header that means a role only where the values agree teaches so much of one that means it always."""
SEEN = 2
"""A piece of fewer headers than this teaches nothing."""
FIT = 20.0
"""Inverse strength of the regularisation (scikit-learn's C), by four-fold cross-validation among 3, 10, 20, 30, 60."""


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
    texts, roles = zip(*found, strict=True)
    return list(texts), list(roles), list(found.values())


def train(vocabulary: Vocabulary, start: Mapping[str, Any] | None = None, rounds: int = 2000) -> dict[str, Any]:
    """The arrays of the model.

    start: arrays to begin with, and rounds: steps at most; from any start the same single optimum is reached, so a model
    that is one stays where it is.
    """
    texts, roles, counts = examples(vocabulary)
    bags = [pieces(text) for text in texts]
    seen = Counter(piece for bag in bags for piece in bag)
    words = sorted(piece for piece, n in seen.items() if n >= SEEN)
    rarity = {piece: float(np.float32(log((1 + len(bags)) / (1 + seen[piece])) + 1)) for piece in words}
    place = {piece: number for number, piece in enumerate(words)}
    vectors = [vector(bag, rarity) for bag in bags]
    starts = np.cumsum([0, *map(len, vectors)])
    columns = [place[piece] for weights in vectors for piece in weights]
    values = [weight for weights in vectors for weight in weights.values()]
    table = csr_matrix((values, columns, starts), shape=(len(bags), len(words)))
    model = LogisticRegression(C=FIT, max_iter=rounds, tol=1e-5, warm_start=True)
    if start is not None:
        model.classes_ = start["roles"]
        model.coef_ = start["weights"].T * float(start["step"])
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
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    np.savez_compressed(target, **train(load()))
    print(f"{target}: {target.stat().st_size:,} bytes")
