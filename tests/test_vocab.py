"""The words: complete in every language, merged with the user's own, found as the longest phrase."""

import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frames import EN, VOCABULARY, ZH
from lostdeals import schema
from lostdeals.errors import LostDealsError
from lostdeals.model import Finding
from lostdeals.vocab import Phrases, load, normalise
from lostdeals.vocab.loading import HERE, parse
from lostdeals.vocab.phrases import folded, folded_each, normalised
from lostdeals.vocab.wordings import spellings

SOURCES = sorted(HERE.parent.rglob("*.py"))


def texts(node, path=()):
    """Every {zh, en} table below a node."""
    if isinstance(node, dict):
        if "zh" in node or "en" in node:
            yield ".".join(path), node
        else:
            for key, value in node.items():
                yield from texts(value, (*path, str(key)))
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from texts(value, (*path, str(place)))


FILES = sorted(path.relative_to(HERE).as_posix() for path in HERE.rglob("*.toml"))


@pytest.mark.parametrize("file", FILES)
def test_every_text_is_there_in_both_languages_with_the_same_values(file):
    def fields(text):
        return sorted(name.split(".")[0] for _, name, _, _ in string.Formatter().parse(text) if name)

    for key, pair in texts(parse(HERE / file)):
        assert {"zh", "en"} <= set(pair), key
        if isinstance(pair["zh"], str):
            assert pair["zh"].strip(), key
            assert pair["en"].strip(), key
        if file == "messages.toml":
            assert fields(pair["zh"]) == fields(pair["en"]), key
            assert set(fields(pair.get("en_one", ""))) <= set(fields(pair["en"])), key


def test_every_error_that_is_raised_has_its_sentences():
    raised = set()
    for path in SOURCES:
        raised |= set(re.findall(r"LostDealsError\(\s*\"([a-z-]+)\"", path.read_text(encoding="utf-8")))
    told = parse(HERE / "messages.toml")["error"]
    assert raised - set(told) == set()
    assert all({"what", "why", "try"} <= set(told[code]) for code in told)


def test_every_finding_that_is_made_has_its_sentence():
    made = set()
    for path in SOURCES:
        made |= set(re.findall(r"Finding\(\s*\"([a-z-]+)\"", path.read_text(encoding="utf-8")))
    assert made - set(parse(HERE / "messages.toml")["finding"]) == set()


def test_every_role_is_in_the_vocabulary_with_a_label():
    columns = VOCABULARY.section("columns")
    for role in schema.ROLE_KINDS:
        assert {"zh", "en"} <= set(columns[role]["label"]), role
        assert columns[role]["aliases"], role


@pytest.mark.parametrize(
    ("dimension", "keys"),
    [
        ("stage", "initial interest in_depth decision"),
        ("outcome", "won lost open invalid"),
        (
            "loss_reason",
            "price product_fit service competitor budget timing no_decision decision_maker no_need unresponsive trust "
            "logistics invalid other unknown",
        ),
        ("need", "function performance price service"),
        ("intent", "high medium low"),
        ("value", "high medium low"),
        ("behaviour", "active potential dormant"),
        ("tier", "high_value potential general low_value"),
        ("grade", "A B C"),
    ],
)
def test_every_category_of_the_contract_has_a_label(dimension, keys):
    for key in keys.split():
        assert ZH.label(dimension, key)
        assert ZH.label(dimension, key) != key or key in "ABC"
        assert EN.label(dimension, key)


def test_no_word_a_user_reads_stands_in_code():
    strings = re.compile(r"(?<!\")[\"'][^\"'\n]*[\u4e00-\u9fff][^\"'\n]*[\"'](?!\")")
    found = []
    for path in SOURCES:
        code = re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        code = re.sub(r"#.*", "", code)
        found += [f"{path.name}: {text}" for text in strings.findall(code)]
    assert found == []


def test_the_users_words_are_added_to_the_shipped_ones(tmp_path):
    own = tmp_path / "mine.toml"
    own.write_text('[reasons.price]\nwords = ["肉疼"]\n[stages.initial]\nlabel = { zh = "一面" }\n', encoding="utf-8")
    vocabulary = load(own)
    assert "肉疼" in vocabulary.section("reasons")["price"]["words"]
    assert "太贵" in vocabulary.section("reasons")["price"]["words"]
    assert vocabulary.section("stages")["initial"]["label"] == {"zh": "一面", "en": "First contact"}


def test_a_broken_vocabulary_is_an_error(tmp_path):
    own = tmp_path / "mine.toml"
    own.write_text("[reasons\n", encoding="utf-8")
    with pytest.raises(LostDealsError) as stop:
        load(own)
    assert stop.value.code == "vocab-unreadable"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("未成交", ["lost"]),
        ("已成交。后来未成交", ["won", "lost"]),
        ("WON", ["won"]),
        ("a wonderful day", []),
        ("we won!", ["won"]),
        ("not won", ["lost"]),
        ("Ｗｏｎ", ["won"]),
    ],
)
def test_the_longest_phrase_wins_and_latin_words_stand_alone(text, found):
    phrases = Phrases({"won": ["成交", "已成交", "won"], "lost": ["未成交", "not won"]})
    assert [hit.category for hit in phrases.find(text)] == found


def test_a_cancelling_phrase_hides_the_cue_in_it():
    phrases = Phrases({"": ["不贵"], "price": ["贵"]})
    assert [hit.phrase for hit in phrases.find("不贵，就是有点贵")] == ["贵"]


def test_shipped_files_are_packaged_beside_the_code():
    assert {"columns.toml", "messages.toml", "scorecards/channel.toml"} <= set(FILES)
    assert Path(HERE / "help.toml").is_file()


def test_a_phrase_is_found_in_every_clause_at_its_place():
    phrases = Phrases({"price": ["太贵"], "product": ["没*功能"], "version": ["no.1"]})
    found = phrases.find("太贵，再看看。没有对账功能，太贵; No.1")
    assert [(hit.category, hit.start) for hit in found] == [
        ("price", 0),
        ("product", 7),
        ("price", 14),
        ("version", 18),
    ]
    assert phrases.find("没有。功能") == []


def test_one_thing_is_told_in_the_singular():
    one, two = (Finding("hidden-columns", n, "Leads!C2") for n in (1, 2))
    assert EN.finding(one) == "1 column is hidden; it was read, too, at Leads!C2"
    assert EN.finding(two) == "2 columns are hidden; they were read, too, first Leads!C2"
    assert ZH.finding(one) == "1 列被隐藏，照样读取，首列：Leads!C2"
    assert [EN.say("funnel.title_bare", file="a", n=n) for n in (1, 2)] == ["a · 1 person", "a · 2 people"]
    assert [ZH.say("funnel.title_bare", file="a", n=n) for n in (1, 2)] == ["a · 1 位", "a · 2 位"]


@given(
    st.lists(
        st.text(st.sampled_from("aＡß İe\u0301\u0308’、，。（价價格贵_\ue000\t\u3099か…½"), max_size=9), max_size=6
    )
)
def test_many_texts_are_folded_and_searched_as_one_by_one(texts):
    phrases = Phrases({"price": ["价格*贵", "a a"], "": ["价格不贵"]})
    assert normalised(texts) == [normalise(text) for text in texts]
    assert folded_each(texts) == [folded(text) for text in texts]
    assert phrases.find_in_each(normalised(texts)) == [phrases.find(text) for text in texts]


@given(st.lists(st.text("ab １\u3000\xa0\n\t\u2028\x1f’'未", max_size=6), max_size=5))
def test_white_space_is_the_same_alone_and_among_other_texts(texts):
    assert normalised(texts) == [normalise(text) for text in texts]


@pytest.mark.parametrize(
    ("value", "bare"),
    [
        ("1)", ")"),
        ("12 %", "%"),
        ("3 5", ""),
        ("2\x1f.\u3000", "\u3000"),
        ("a。 。", "a。"),
        ("赢单（本周）（已签）", "赢单（本周）"),
        ("3（）", ""),
        ("）", "）"),
        ("未 成 交 100 %", "未成交"),
        ("A（甲）。", "A（甲）"),
        ("S6签约", "签约"),
        ("P1 - Won", "Won"),
        ("B2B", "B2B"),
        ("A4", "A4"),
        ("Q3 won", "Q3 won"),
    ],
)
def test_one_thing_before_a_value_and_one_behind_it_are_taken_off(value, bare):
    assert spellings(value)[-1] == bare
