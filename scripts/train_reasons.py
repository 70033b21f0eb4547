"""Train the model that reads the reason from a note: scripts/train_reasons.py [FILE].

It learns from every note of vocab/notes/zh and en, by their words, by the concepts of vocab/note_concepts/ and by vectors of
words (`reason_nets.py`), and writes vocab/reason-model.npz. How it is weighed against the cues of vocab/reasons.toml is decided by notes that a model has not learned
from: those of vocab/notes/weighing.toml, and those whose whole family it has not seen. The latter decide how sure an answer is,
too, and how well they are read is printed.
A note of a family with `also` names two reasons, and no word says which is the main one: both are learned, and either is right.
The `train` extra is needed here only; the program uses the arrays.
"""

from __future__ import annotations

import hashlib
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from reason_nets import Words, fitted_nets, words_of
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, diags, vstack
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from lostdeals.classify.concepts import Concepts, concept_pieces, read_concepts
from lostdeals.classify.pieces import Numbers, Places, pieces
from lostdeals.classify.reason_mix import FEATURES, NO_REASON, mixed_features, mixture
from lostdeals.classify.reason_model import FILE, ReasonModel, Table
from lostdeals.classify.reason_reader import ReasonReader
from lostdeals.classify.reason_trust import LANGUAGES, SIGNS, languages, signs, trusted
from lostdeals.vocab import Vocabulary, load

DIARIES = 0.5
"""How much logs of several entries together weigh there, too: most notes of a sales team are logs, and few of the corpus are."""
SILENT = 1 / 3
"""Of the logs so many, by weight, tell no reason at all."""
ENTRIES = 4
"""At most so many entries without a reason stand before the last one of such a log."""
SHORT = {"zh": 40, "en": 90}
"""Characters of such an entry at most."""
FAMILIES = 2
"""A piece of fewer families than this teaches nothing that another family could use."""
JOINED = 3
"""A run or concept of fewer families than this is none of the network's, nor is a piece of a word: they would add nothing."""
FIT = 12.0
"""Inverse strength of the regularisation (scikit-learn's C), by cross-validation over families among 3, 6, 12, 30."""
FOLDS = 6
FEWER = 80
"""Steps of a model that only says how well unseen families are read; more do not change the figures."""
LETTERS = 0.5
"""How much pieces of Latin words count beside whole words and concepts, by cross-validation over families among 0.35, 0.5, 1."""
MAIN = 0.6
"""The share of a note of two reasons that teaches the one whose file it stands in."""
SURE = 0.8
"""An answer that is surer than this is called sure."""
UNSEEN = 2.0
"""How much all notes of unseen families together weigh when cues and model are brought together, beside weighing.toml."""
RIGHT = 0.95
"""Of the answers surer than ``SURE`` so many are right, among notes of families that the model has not seen."""
LOOSE = 0.3
"""Inverse strength of the regularisation of what says how sure an answer is."""
STIFF = 1e-3
"""Strength of the regularisation of the weights that bring cues and model together."""


@dataclass(frozen=True)
class Notes:
    """The corpus."""

    texts: list[str]
    reasons: npt.NDArray[np.str_]
    """Of each note the main one."""
    also: npt.NDArray[np.str_]
    """The other one of a note that names two, else nothing."""
    families: npt.NDArray[np.str_]
    languages: npt.NDArray[np.str_]
    registers: npt.NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.texts)

    def right(self, answers: npt.NDArray[np.str_]) -> npt.NDArray[np.bool_]:
        """Whether an answer for each note is a reason that it names."""
        return (answers == self.reasons) | (answers == self.also)

    def take(self, places: npt.NDArray[np.int64]) -> Notes:
        """Some of the notes."""
        return Notes(
            [self.texts[place] for place in places],
            self.reasons[places],
            self.also[places],
            self.families[places],
            self.languages[places],
            self.registers[places],
        )


def corpus(vocabulary: Vocabulary) -> Notes:
    """Every note of vocab/notes/<language>/<reason>.toml."""
    found = []
    for language in ("en", "zh"):
        for reason in vocabulary.names(f"notes/{language}"):
            for family, block in vocabulary.section(f"notes/{language}/{reason}").items():
                name = f"{language}/{reason}/{family}"
                [also] = block.get("also") or [""]
                found += [(text, reason, also, name, language, block["register"]) for text in block["notes"]]
    texts, *rest = zip(*found, strict=True)
    return Notes(list(texts), *(np.array(part) for part in rest))


@dataclass(frozen=True)
class Evidence:
    """What the model learns from: every piece of every note, the concepts among them."""

    hashes: Numbers
    note: Places
    """The note of each."""
    counts: npt.NDArray[np.float32]
    """How much each counts."""

    @classmethod
    def of(cls, plain: Sequence[str], concepts: Concepts) -> Evidence:
        """Of notes in their plain form."""
        found = pieces(plain)
        rows = Table(concepts.keys).rows(found.hashes[: len(found.start)])
        told, clause = concept_pieces(found, np.append(concepts.concept, np.int16(-1))[rows])
        counts = np.ones(len(found.hashes) + len(told), dtype=np.float32)
        counts[len(found.start) : len(found.hashes)] = LETTERS
        hashes, clauses = np.concatenate([found.hashes, told]), np.concatenate([found.clause, clause])
        return cls(hashes, found.text[clauses], counts)


def keys_of(found: Evidence, families: Sequence[str]) -> tuple[Numbers, npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """The pieces worth knowing, how rare each is, and which are joined by the network.

    Rarity is 1 + ln((1 + notes) / (1 + notes with it)), times how much the piece counts.
    """
    family = np.unique(families, return_inverse=True)[1][found.note]
    hashes, first, place = np.unique(found.hashes, return_index=True, return_inverse=True)
    seen = np.bincount(np.unique(place * (family.max() + 1) + family) // (family.max() + 1))
    notes = np.bincount(np.unique(place * len(families) + found.note) // len(families))
    kept = seen >= FAMILIES
    rarity = (1 + np.log((1 + len(families)) / (1 + notes[kept]))) * found.counts[first[kept]]
    joined = (seen[kept] >= JOINED) & (found.counts[first[kept]] == 1)
    return hashes[kept], rarity.astype(np.float32), joined


def vectors(found: Evidence, n: int, keys: Numbers, rarity: npt.NDArray[np.float32]) -> csr_matrix:
    """(notes, pieces): how often a note has each piece times its rarity, of length 1 by the squares of all its pieces."""
    rows = Table(keys).rows(found.hashes)
    known = rows >= 0
    rows, note = rows[known], found.note[known]
    weights = rarity[rows].astype(np.float64)
    table = csr_matrix((weights, (note, rows)), shape=(n, len(keys)))
    length = np.sqrt(np.bincount(note, weights * weights, n))
    return (diags(1 / np.where(length > 0, length, 1)) @ table).astype(np.float32)


def fitted(
    notes: Notes,
    plain: list[str],
    concepts: Concepts,
    words: Words | None = None,
    start: Mapping[str, Any] | None = None,
    rounds: int = 250,
) -> dict[str, Any]:
    """The arrays of the model but for the mix, and without ``words`` but for the networks.

    start: arrays to begin with; rounds: steps of the regression at most.
    """
    found = Evidence.of(plain, concepts)
    keys, rarity, joined = keys_of(found, notes.families)
    model = LogisticRegression(C=FIT, max_iter=rounds, tol=2e-5, warm_start=True)
    if start is not None:
        model.classes_ = start["reasons"]
        model.coef_ = start["weights"][np.searchsorted(start["keys"], keys)].T * float(start["step"])
        model.intercept_ = start["intercept"].astype(float)
    table = vectors(found, len(notes), keys, rarity)
    two = np.flatnonzero(notes.also != "")
    weights = np.concatenate([np.where(notes.also == "", 1, MAIN), np.full(len(two), 1 - MAIN)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(vstack([table, table[two]]), np.concatenate([notes.reasons, notes.also[two]]), sample_weight=weights)
    step = float(np.abs(model.coef_).max() / 127)
    spoken = np.zeros(0, dtype=np.uint64) if words is None else words.hashes
    every = np.union1d(np.union1d(keys, concepts.keys), spoken)
    own, meant = np.searchsorted(every, keys), np.searchsorted(every, concepts.keys)
    nobody = np.zeros(len(every), dtype=np.bool_)
    nets = {} if words is None else fitted_nets(table, joined, words, goals(notes, model.classes_))
    return {
        "reasons": model.classes_.astype(str),
        "keys": every,
        "concept": _placed(meant, concepts.concept, np.full(len(every), -1, dtype=np.int16)),
        "rarity": _placed(own, rarity, np.zeros(len(every), dtype=np.float32)),
        "weights": _placed(own, np.rint(model.coef_.T / step), np.zeros((len(every), len(model.classes_)), np.int8)),
        "step": np.float64(step),
        "intercept": model.intercept_.astype(np.float32),
        "joined": _placed(own, joined, nobody.copy()),
        "word": _placed(np.searchsorted(every, spoken), True, nobody.copy()),
        **nets,
        "mix": np.concatenate([[1.0], np.zeros(len(FEATURES) - 1 + len(model.classes_))]),
        "trust": np.zeros((len(LANGUAGES), len(SIGNS) + len(model.classes_))),
        "surest": np.full(len(LANGUAGES), SURE),
    }


def goals(notes: Notes, names: npt.NDArray[np.str_]) -> npt.NDArray[np.float32]:
    """(notes, reasons) how much each note teaches each reason, 1 all together."""
    out = np.zeros((len(notes), len(names)), dtype=np.float32)
    two = np.flatnonzero(notes.also != "")
    out[np.arange(len(notes)), np.searchsorted(names, notes.reasons)] = np.where(notes.also == "", 1, MAIN)
    out[two, np.searchsorted(names, notes.also[two])] = 1 - MAIN
    return out


def _placed(places: Places, values: npt.NDArray[Any] | bool, out: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Values at their places among others."""
    out[places] = values
    return out


def fingerprint(notes: Notes) -> str:
    """One line for the whole corpus, so that a model can say which one it was trained on."""
    lines = sorted(f"{family}\t{text}" for family, text in zip(notes.families, notes.texts, strict=True))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def unseen_families(
    notes: Notes, plain: list[str], reader: ReasonReader, concepts: Concepts, words: Words
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """What models say of notes of which they have not seen the family, and of logs that end in such a note.

    (notes, reasons, features); (logs, reasons, features); and the place of the note that each log ends in.
    """
    whole, logs, order, ends = [], [], [], []
    chance = np.random.default_rng(0)
    for seen, unseen in GroupKFold(FOLDS).split(notes.texts, notes.reasons, notes.families):
        told = [plain[place] for place in seen]
        model = ReasonModel(fitted(notes.take(seen), told, concepts, words.take(seen), rounds=FEWER))
        some = unseen[chance.random(len(unseen)) < 0.5]
        log = [reader.plain(text) for text in diaries(notes, some, unseen, chance)]
        whole.append(read(model, reader, [plain[place] for place in unseen]))
        logs.append(read(model, reader, log))
        order.append(unseen)
        ends.append(some)
    return np.concatenate(whole)[np.argsort(np.concatenate(order))], np.concatenate(logs), np.concatenate(ends)


def diaries(
    notes: Notes, ends: npt.NDArray[np.int64], among: npt.NDArray[np.int64], chance: np.random.Generator
) -> Iterator[str]:
    """Logs: before each note one to ``ENTRIES`` short ones without a reason, drawn from those ``among``."""
    short = {
        language: [
            place
            for place in among
            if (notes.languages[place], notes.reasons[place]) == (language, NO_REASON)
            and len(notes.texts[place]) < longest
        ]
        for language, longest in SHORT.items()
    }
    for end in ends:
        language = notes.languages[end]
        entries = [*chance.choice(short[language], chance.integers(1, ENTRIES + 1)), end]
        between = ". " if language == "en" else chance.choice(["。", "；", "\n"])
        yield between.join(notes.texts[place].rstrip(".。；;") for place in entries)


def read(model: ReasonModel, reader: ReasonReader, texts: list[str]) -> npt.NDArray[np.float64]:
    """(texts, reasons, features) of texts as ``reader.plain`` gives them."""
    return mixed_features(model.chances(texts), [reader.votes(text) for text in texts], model.reasons)


def weighing(vocabulary: Vocabulary) -> tuple[list[str], npt.NDArray[np.str_]]:
    """The notes that cues and model are weighed by, and their reasons."""
    tables = vocabulary.section("notes/weighing")
    pairs = [(text, reason) for table in tables.values() for reason, texts in table.items() for text in texts]
    return [text for text, _ in pairs], np.array([reason for _, reason in pairs])


def mix_of(
    features: npt.NDArray[np.float64],
    reasons: npt.NDArray[np.str_],
    names: Sequence[str],
    counts: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """The weights of the mixture that make the true reasons likeliest. counts: how much each note counts, 1 all together."""
    truth = np.searchsorted(names, reasons)
    rows, n = np.arange(len(truth)), len(FEATURES)

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        shares = mixture(features, weights)
        slope = shares.copy()
        slope[rows, truth] -= 1
        slope *= counts[:, None]
        gradient = np.concatenate([np.einsum("nr,nrf->f", slope, features), slope.sum(axis=0)])
        value = -np.log(shares[rows, truth] + 1e-12) @ counts + STIFF * (weights @ weights)
        return value, gradient + 2 * STIFF * weights

    begin = np.concatenate([[1.0], np.zeros(n - 1 + len(names))])
    return np.asarray(minimize(loss, begin, jac=True, method="L-BFGS-B").x)


def trust_of(
    features: npt.NDArray[np.float64],
    shares: npt.NDArray[np.float64],
    notes: Notes,
    names: Sequence[str],
    counts: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The weights that say how often answers like one are right, and the share from where on ``RIGHT`` of them are.

    Both for each of ``LANGUAGES``, from answers about notes whose families the model had not seen. counts: how much each counts.
    """
    main = shares.argmax(axis=1)
    answered = main != names.index(NO_REASON)
    told = signs(features, shares)[np.arange(len(main)), main]
    table = np.hstack([told, np.eye(len(names))[main]])
    good, own = notes.right(np.array(names)[main]), languages(notes.texts)
    weights, surest = np.zeros((len(LANGUAGES), table.shape[1])), np.full(len(LANGUAGES), SURE)
    for place in range(len(LANGUAGES)):
        mine = answered & (own == place)
        fit = LogisticRegression(C=LOOSE, fit_intercept=False, max_iter=2000).fit(table[mine], good[mine], counts[mine])
        weights[place] = fit.coef_[0]
        share = fit.predict_proba(table[mine])[:, 1]
        order = np.argsort(-share)
        each = counts[mine][order]
        enough = np.flatnonzero(np.cumsum(good[mine][order] * each) >= RIGHT * np.cumsum(each))
        surest[place] = max(SURE, float(share[order][enough[-1]])) if len(enough) else 1.0
    return weights, surest


def report(
    shares: npt.NDArray[np.float64], trust: npt.NDArray[np.float64], notes: Notes, names: Sequence[str]
) -> list[str]:
    """How well notes are read, by language and register, from the chance of each reason and how far it is trusted.

    Answers are those that a customer would be given: no reason is none.
    """
    main = shares.argmax(axis=1)
    answers, sure = np.array(names)[main], trust[np.arange(len(main)), main]
    good = notes.right(answers)
    wanted = np.where(good, answers, notes.reasons)
    lines = []
    for language in LANGUAGES:
        mine = notes.languages == language
        f1 = np.mean([_f1(answers[mine] == name, wanted[mine] == name) for name in names])
        strict = np.mean([_f1(answers[mine] == name, notes.reasons[mine] == name) for name in names])
        with_reason = int((mine & (notes.reasons != NO_REASON)).sum())
        high = mine & (sure > SURE) & (answers != NO_REASON)
        lines.append(
            f"{language}: {mine.sum():,} notes, right {good[mine].mean():.1%}, macro F1 {f1:.3f} "
            f"({strict:.3f} where of two reasons only the first counts); "
            f"surer than {SURE}: {high.sum() / with_reason:.1%} of the notes with a reason, right {good[high].mean():.1%}"
        )
        for register in np.unique(notes.registers):
            some = mine & (notes.registers == register)
            lines.append(f"    {register}: {some.sum():,} notes, right {good[some].mean():.1%}")
    return lines


def _f1(said: npt.NDArray[np.bool_], true: npt.NDArray[np.bool_]) -> float:
    both = int((said & true).sum())
    return 2 * both / max(int(said.sum()) + int(true.sum()), 1)


def train(vocabulary: Vocabulary) -> tuple[dict[str, Any], list[str]]:
    """All arrays of the model, and how well it reads families that it has not seen."""
    notes = corpus(vocabulary)
    blank = ReasonModel(_empty())
    reader = ReasonReader(vocabulary, blank)
    plain = [reader.plain(text) for text in notes.texts]
    concepts = read_concepts(vocabulary)
    words = words_of(plain)
    arrays = fitted(notes, plain, concepts, words)
    names = arrays["reasons"].tolist()
    told, reasons = weighing(vocabulary)
    other = [reader.plain(text) for text in told]
    features = read(ReasonModel(arrays), reader, other)
    unseen, logs, ends = unseen_families(notes, plain, reader, concepts, words)
    silent = notes.reasons[ends] == NO_REASON
    kinds = np.where(silent, SILENT / silent.mean(), (1 - SILENT) / (1 - silent.mean()))
    sizes = [len(told), len(notes), len(ends)]
    counts = np.repeat(np.array([1, UNSEEN, DIARIES]) / sizes, sizes) / (1 + UNSEEN + DIARIES)
    counts[-len(ends) :] *= kinds
    every = np.concatenate([features, unseen, logs]), np.concatenate([reasons, notes.reasons, notes.reasons[ends]])
    arrays["mix"] = mix_of(*every, names, counts)
    arrays["corpus"] = np.array(fingerprint(notes))
    asked, last = np.concatenate([unseen, logs]), notes.take(np.concatenate([np.arange(len(notes)), ends]))
    shares = mixture(asked, arrays["mix"])
    arrays["trust"], arrays["surest"] = trust_of(
        asked, shares, last, names, np.concatenate([np.ones(len(notes)), kinds])
    )
    trust = trusted(asked, shares, last.texts, arrays["trust"], arrays["surest"])
    lines = report(shares[: len(notes)], trust[: len(notes)], notes, names)
    return arrays, [
        *lines,
        "logs that end in such a note:",
        *report(shares[len(notes) :], trust[len(notes) :], notes.take(ends), names),
    ]


def _empty() -> dict[str, Any]:
    """A model that knows nothing: the reader's cues are needed before there is one."""
    none, one = np.zeros(0), np.zeros((0, 1), dtype=np.int8)
    nets = {
        f"{name}_{part}": np.zeros(shape)
        for name in ("net", "turn")
        for part, shape in (("bias", 1), ("out", (1, 1)), ("base", 1))
    }
    return {
        "reasons": ["unknown"],
        "keys": none.astype(np.uint64),
        "concept": none.astype(np.int16),
        "rarity": none.astype(np.float32),
        "weights": one,
        "step": 1.0,
        "intercept": np.zeros(1, dtype=np.float32),
        "joined": none.astype(bool),
        "net": one,
        "net_step": 1.0,
        "word": none.astype(bool),
        "vectors": one,
        "turn": np.zeros((1, 1)),
        **nets,
        "mix": np.zeros(len(FEATURES) + 1),
        "trust": np.zeros((len(LANGUAGES), len(SIGNS) + 1)),
        "surest": np.full(len(LANGUAGES), SURE),
    }


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    trained, lines = train(load())
    np.savez_compressed(target, **trained)
    print("\n".join([*lines, f"{target}: {target.stat().st_size:,} bytes, {len(trained['keys']):,} pieces"]))
