"""Train what the `semantic` extra reads unsure notes by: scripts/train_meaning.py [FILE].

Needs the extra, and the corpus as `train_reasons.py` reads it; writes vocab/reason-meaning.npz. It learns from what a model says
of notes whose families it has not seen, and prints how much better such notes are read.
Vectors of the whole corpus take about ten CPU minutes.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from reason_nets import words_of
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from train_reasons import FOLDS, Notes, corpus, report, trust_of, unseen_families

from lostdeals.classify.concepts import read_concepts
from lostdeals.classify.reason_meaning import FILE, is_unsure, read_meaning, sentence_vectors, signs
from lostdeals.classify.reason_mix import NO_REASON, mixture
from lostdeals.classify.reason_model import ReasonModel
from lostdeals.classify.reason_reader import ReasonReader
from lostdeals.classify.reason_trust import trusted
from lostdeals.vocab import load

AXES = 64
"""Directions that are kept; twice as many read no better by cross-validation over families."""
STRENGTH = 0.1
"""Inverse strength of the regularisation."""

Floats = npt.NDArray[np.float64]


def axes_of(vectors: npt.NDArray[np.float32]) -> dict[str, Any]:
    """The middle of all vectors, and their principal axes scaled so that notes differ by 1 along each."""
    middle = vectors.mean(axis=0)
    _, size, axes = np.linalg.svd(vectors - middle, full_matrices=False)
    scale = np.sqrt(len(vectors)) / size[:AXES]
    return {"middle": middle.astype(np.float32), "axes": (axes[:AXES].T * scale).astype(np.float32)}


def weights_of(table: Floats, notes: Notes, names: list[str]) -> Floats:
    """The weights of chances and vectors, the last row the intercepts."""
    fit = LogisticRegression(C=STRENGTH, max_iter=500).fit(table, notes.reasons)
    assert fit.classes_.tolist() == names
    return np.vstack([fit.coef_.T, fit.intercept_]).astype(np.float32)


def train(
    notes: Notes, features: Floats, vectors: npt.NDArray[np.float32], model: ReasonModel
) -> tuple[dict[str, Any], list[str]]:
    """The arrays, and how families are read that were not seen; features: of `unseen_families`."""
    shares, names = mixture(features, model.mix), model.reasons
    trust = trusted(features, shares, notes.texts, model.trust, model.surest)
    unsure = np.flatnonzero(is_unsure(shares, trust, names.index(NO_REASON)))
    arrays = axes_of(vectors)
    table = signs(shares[unsure], vectors[unsure], arrays)
    some = notes.take(unsure)
    again = shares.copy()
    for seen, unseen in GroupKFold(FOLDS).split(some.texts, some.reasons, some.families):
        arrays["weights"] = weights_of(table[seen], some.take(seen), names)
        again[unsure[unseen]] = read_meaning(shares[unsure[unseen]], vectors[unsure[unseen]], arrays)
    arrays["trust"], arrays["surest"] = trust_of(features[unsure], again[unsure], some, names, np.ones(len(unsure)))
    arrays["weights"] = weights_of(table, some, names)
    lines = ["without:", *report(shares, trust, notes, names)]
    trust[unsure] = trusted(features[unsure], again[unsure], some.texts, arrays["trust"], arrays["surest"])
    return arrays, [*lines, "with:", *report(again, trust, notes, names)]


def main(target: Path) -> None:
    """Train, write and print."""
    vocabulary, model = load(), ReasonModel.load()
    notes, reader = corpus(vocabulary), ReasonReader(vocabulary)
    vectors = np.concatenate([sentence_vectors()(notes.texts[at : at + 256]) for at in range(0, len(notes), 256)])
    plain = [reader.plain(text) for text in notes.texts]
    features, _, _ = unseen_families(notes, plain, reader, read_concepts(vocabulary), words_of(plain))
    arrays, lines = train(notes, features, vectors, model)
    np.savez_compressed(target, **arrays)
    print("\n".join([*lines, f"{target}: {target.stat().st_size:,} bytes"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FILE)
