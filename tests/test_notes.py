"""The notes that teach the reasons: their breadth, and that the model which ships is what they teach."""

import importlib.util
import re
import sys
import tomllib
import unicodedata
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning

from lostdeals.classify.concepts import read_concepts
from lostdeals.classify.pieces import pieces
from lostdeals.classify.reason_mix import FEATURES
from lostdeals.classify.reason_model import FILE, ReasonModel, Table
from lostdeals.classify.reason_reader import ReasonReader
from lostdeals.classify.reason_trust import lowered, trusted
from lostdeals.vocab import load

SCRIPT = Path(__file__).parents[1] / "scripts" / "train_reasons.py"
CASES = Path(__file__).parent / "cases"
VOCABULARY = load()
REASONS = [key for key in VOCABULARY.section("reasons") if key != "reading"] + ["unknown"]

pytestmark = pytest.mark.skipif(not SCRIPT.is_file(), reason="the scripts are not part of this copy")


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("train_reasons", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclass looks itself up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def notes(script):
    return script.corpus(VOCABULARY)


@pytest.fixture(scope="module")
def shipped():
    with np.load(FILE, allow_pickle=False) as arrays:
        return dict(arrays)


def test_there_are_notes_enough_of_every_reason_and_language(notes):
    counts = Counter(zip(notes.languages, notes.reasons, strict=True))
    assert {reason for _, reason in counts} == set(REASONS)
    assert min(counts[language, reason] for language in ("zh", "en") for reason in REASONS) >= 60
    assert len(notes) >= 2500


def test_there_are_families_enough_and_none_is_large(notes):
    sizes = Counter(notes.families)
    assert len(sizes) >= 300
    assert max(sizes.values()) <= 15


def test_a_note_of_two_reasons_names_two_different_ones(notes):
    two = notes.registers == "two"
    assert set(notes.also[two]) <= set(REASONS) - {"unknown"}
    assert not (notes.also == notes.reasons).any()
    assert two.sum() >= 1000


SHARED = 0.7

NAMES = re.compile(
    r"[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗](?:总|姐|哥|先生|女士|老师|经理|工|老板|主任|太太)|(?<=[a-z,] )[A-Z][a-z]+\b"
)


def bare(text):
    """A note without names, brands (capitals inside an English sentence), numbers and marks."""
    text = NAMES.sub("", unicodedata.normalize("NFKC", text))
    return re.sub(r"[\d\W_]+", "", text.casefold())


def near_twins(texts):
    """Pairs of notes of which at most 30 % of the shorter one's runs of three letters are not in the other; very short ones by the longer.

    Of a pair that shares more than seven tenths, the shorter note's rarest three tenths cannot all be missing in the other,
    so only notes that have one of those are compared with it (prefix filtering, Chaudhuri, Ganti and Kaushik 2006).
    """
    grams = [{text[i : i + 3] for i in range(len(text) - 2)} or {text} for text in map(bare, texts)]
    often = Counter(gram for own in grams for gram in own)
    place = {gram: number for number, gram in enumerate(sorted(often, key=lambda gram: (often[gram], gram)))}
    sizes = np.array([len(gram) for gram in grams])
    rows, numbers = np.repeat(np.arange(len(grams)), sizes), [sorted(place[gram] for gram in own) for own in grams]
    rare = [own[: len(own) - int(SHARED * len(own))] for own in numbers]
    shape = (len(grams), len(place))
    every = csr_matrix((np.ones(len(rows), dtype=np.int8), (rows, np.concatenate(numbers))), shape=shape)
    few = np.repeat(np.arange(len(grams)), [len(own) for own in rare])
    begins = csr_matrix((np.ones(len(few), dtype=np.int8), (few, np.concatenate(rare))), shape=shape)
    for start in range(0, len(grams), 2000):
        met = (begins[start : start + 2000] @ every.T).tocoo()
        one, two = met.row + start, met.col
        longer = (sizes[two] > sizes[one]) | ((sizes[two] == sizes[one]) & (two > one))
        one, two = one[longer], two[longer]
        for at in range(0, len(one), 200_000):
            some, others = one[at : at + 200_000], two[at : at + 200_000]
            common = every[some].astype(np.int32).multiply(every[others]).sum(axis=1).A1
            size = np.where(sizes[some] >= 6, sizes[some], sizes[others])
            close = common > SHARED * size
            yield from ((texts[a], texts[b]) for a, b in zip(some[close], others[close], strict=True))


def test_no_two_notes_are_near_twins(notes):
    for language in ("zh", "en"):
        assert (
            list(near_twins([text for text, own in zip(notes.texts, notes.languages, strict=True) if own == language]))
            == []
        )


def test_near_twins_are_found():
    twin = "他说隔壁店的报价便宜三千块", "他说隔壁店的报价便宜三千块钱呢"
    assert list(near_twins([twin[0], "完全不同的一句话在这里", twin[1]])) == [twin]


def test_the_model_that_ships_was_trained_on_these_notes(script, notes, shipped):
    assert str(shipped["corpus"]) == script.fingerprint(notes), "run scripts/train_reasons.py"


def test_the_script_rebuilds_the_model(script, notes, shipped):
    """From the shipped weights training goes nowhere, so it would end there from anywhere: the problem is convex."""
    reader = ReasonReader(VOCABULARY)
    plain = [reader.plain(text) for text in notes.texts]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        again = script.fitted(notes, plain, read_concepts(VOCABULARY), start=shipped, rounds=4)
    for name in ("reasons", "keys", "concept", "rarity"):
        assert np.array_equal(again[name], shipped[name]), f"{name} differ: run scripts/train_reasons.py"
    moved = np.abs(again["weights"] * again["step"] - shipped["weights"] * shipped["step"])
    assert moved.mean() < 0.02
    assert moved.max() < 0.1 * np.abs(shipped["weights"] * shipped["step"]).max()


def test_what_weighs_cues_against_the_model_suits_the_notes_that_weigh(script, shipped):
    """No other weights make their reasons much likelier, though most of what these were learned from were other notes."""
    texts, reasons = script.weighing(VOCABULARY)
    reader, model = ReasonReader(VOCABULARY), ReasonModel.load()
    plain = [reader.plain(text) for text in texts]
    features = script.mixed_features(model.chances(plain), [reader.votes(text) for text in plain], model.reasons)
    counts = np.full(len(texts), 1 / len(texts))
    best = script.mix_of(features, reasons, model.reasons, counts)
    truth = np.searchsorted(model.reasons, reasons)
    loss, least = (
        -np.log(script.mixture(features, mix)[np.arange(len(truth)), truth]).mean() for mix in (shipped["mix"], best)
    )
    assert least <= loss <= 1.2 * least


def test_the_notes_that_weigh_are_none_of_those_that_teach(script, notes):
    texts, _ = script.weighing(VOCABULARY)
    assert not set(map(bare, texts)) & set(map(bare, notes.texts))


def read_outside(file, language):
    """Notes that nobody trained on with their reason, and how each is read."""
    told = tomllib.loads((CASES / f"reasons_{file}.toml").read_text(encoding="utf-8"))[language]
    pairs = [(text, reason) for reason, texts in told.items() for text in texts]
    return pairs, ReasonReader(VOCABULARY).notes([text for text, _ in pairs], [True] * len(pairs))


@pytest.mark.parametrize(
    ("file", "language", "right"),
    [
        ("unseen", "zh", 0.87),
        ("unseen", "en", 0.8),
        ("fresh", "zh", 0.9),
        ("fresh", "en", 0.85),
        ("mixed", "zh", 0.92),
        ("mixed", "en", 0.92),
    ],
)
def test_notes_that_nobody_trained_on_are_read(file, language, right):
    pairs, read = read_outside(file, language)
    answers = [reading.reasons[0] if reading.reasons else "unknown" for reading in read]
    good = [answer == reason for answer, (_, reason) in zip(answers, pairs, strict=True)]
    sure = [reading.confidence > 0.8 for reading in read]
    assert sum(good) >= right * len(pairs)
    assert sum(high and not fine for high, fine in zip(sure, good, strict=True)) <= 0.03 * len(pairs)


@pytest.mark.parametrize("file", ["unseen", "fresh", "mixed"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_answers_that_are_sure_are_right(file, language):
    """On notes that nobody trained on, as on families that the model had not seen."""
    pairs, read = read_outside(file, language)
    sure = [
        reading.reasons[0] == reason
        for reading, (_, reason) in zip(read, pairs, strict=True)
        if reading.confidence > 0.8
    ]
    assert len(sure) >= 0.4 * len(pairs)
    assert np.mean(sure) >= 0.95


def test_a_confidence_never_exceeds_the_share_of_right_answers_and_keeps_their_order():
    shares = np.linspace(0, 1, 101)
    for surest in (0.8, 0.9, 1.0):
        confidences = lowered(shares, surest)
        assert (np.diff(confidences) >= 0).all()
        assert (confidences <= shares + 1e-9).all()
        assert (confidences[shares < surest] <= 0.8).all()


def test_the_same_reading_is_trusted_by_the_language_of_its_note(shipped):
    features = np.zeros((2, len(REASONS), len(FEATURES)))
    shares = np.full((2, len(REASONS)), 1 / len(REASONS))
    zh, en = trusted(features, shares, ["太贵了 ok", "too dear"], shipped["trust"], shipped["surest"])
    assert np.isfinite([*zh, *en]).all()
    assert not np.allclose(zh, en)


# ------------------------------------------------------------------------------------------------ pieces and chances


def test_pieces_are_the_same_wherever_a_text_stands():
    alone, among = pieces(["too dear for him, 太贵了"]), pieces(["没接", "too dear for him, 太贵了", "ok"])
    mine = among.text[among.clause] == 1
    assert sorted(alone.hashes.tolist()) == sorted(among.hashes[mine].tolist())


def test_different_pieces_have_different_numbers():
    words = [f"w{chr(97 + a)}{chr(97 + b)}{chr(97 + c)}" for a in range(26) for b in range(26) for c in range(12)]
    first = [pieces([word]).hashes[0] for word in words[:2000]]
    assert len(set(first)) == 2000


def test_numbers_are_all_alike():
    assert sorted(pieces(["差300块"]).hashes.tolist()) == sorted(pieces(["差９８７块"]).hashes.tolist())


def test_a_clause_knows_its_words():
    text = "价格没问题，老板不同意"
    found = pieces([text])
    assert [text[a:b] for a, b in zip(found.begin, found.end, strict=True)] == ["价格没问题", "老板不同意"]


def test_clauses_that_are_alike_give_their_pieces_once():
    found = pieces(["太贵了，再看看", "没接，太贵了", "差300块，差500块"], once=True)
    assert found.like.tolist() == [0, 1, 2, 0, 4, 4]
    assert sorted(set(found.clause.tolist())) == [0, 1, 2, 4]


def test_a_note_is_read_alike_alone_and_among_notes_with_its_clauses():
    model = ReasonModel.load()
    notes = ["太贵了，再看看", "没接，太贵了", "同款网上三折，太贵了，再看看"]
    among = model.chances(notes)
    for place, note in enumerate(notes):
        alone = model.chances([note])
        for name in ("note", "best", "last"):
            assert np.array_equal(getattr(alone, name)[0], getattr(among, name)[place])


def test_texts_without_a_piece_get_the_base_rates():
    model = ReasonModel.load()
    chances = model.chances(["", "……", "\n"])
    assert chances.note.shape == (3, len(model.reasons))
    assert np.allclose(np.exp(chances.note).sum(axis=1), 1)
    assert (chances.note == chances.note[0]).all()


def test_keys_are_found_and_nothing_else():
    keys = np.sort(pieces(["同款网上三折"]).hashes)
    asked = np.concatenate([keys, pieces(["完全别的话"]).hashes])
    assert Table(keys).rows(asked).tolist() == [*range(len(keys)), *[-1] * (len(asked) - len(keys))]


# ------------------------------------------------------------------------------------------------ the sheet's own


def own_sheet(n):
    """A team that codes “装不下” as logistics and “颜色” as other things than we would."""
    from frames import classified

    slang = {"competitor": "客户说走了老路子", "logistics": "客户说装不进柜", "timing": "客户说等风来"}
    rows = [(reason, f"{text}{number}号") for number in range(n) for reason, text in slang.items()]
    extra = [(None, f"{slang['competitor']}{number}号") for number in range(1000, 1010)]
    leads = classified(
        {
            "loss_reason": [
                VOCABULARY.section("reasons")[reason]["label"]["zh"] if reason else None for reason, _ in rows + extra
            ],
            "notes": [text for _, text in rows + extra],
            "outcome_class": ["lost"] * (len(rows) + len(extra)),
        }
    )
    return leads, len(rows)


def test_a_sheet_with_coded_notes_enough_teaches_its_own_words():
    from lostdeals.classify.reason import read_reasons

    leads, coded = own_sheet(60)
    frame, *_, own = read_reasons(leads, VOCABULARY)
    assert own is not None
    assert own.right > own.right_before
    assert set(frame["main_reason"][coded:]) == {"competitor"}


def test_a_few_coded_notes_teach_nothing():
    from lostdeals.classify.reason import read_reasons

    leads, _ = own_sheet(10)
    assert read_reasons(leads, VOCABULARY)[-1] is None
