"""What the values of a status column mean: a labelled set, of which no other outcome may be read as a sale."""

import tomllib
from pathlib import Path

import pytest

from frames import VOCABULARY
from lostdeals.classify.outcome_reader import outcome_reader
from lostdeals.classify.stage import stage_reader
from lostdeals.vocab.acts import acts_of

CASES = tomllib.loads((Path(__file__).parent / "cases" / "statuses.toml").read_text(encoding="utf-8"))
OUTCOMES, STAGES, ACTS = outcome_reader(VOCABULARY), stage_reader(VOCABULARY), acts_of(VOCABULARY)
FLOORS = {
    "first": (0.98, 0.02, 0.97),
    "second": (0.95, 0.01, 0.84),
    "third": (0.87, 0.02, 0.83),
    "fourth": (0.83, 0.04, 0.73),
    "fifth": (0.88, 0.03, 0.80),
    "unseen": (0.73, 0.06, 0.74),
}
"""Set -> least share of outcomes right, largest share wrong (the rest is said to be unknown), least share of stages right."""


def labelled(name):
    """Value, the outcomes it may be read as, its stage if any."""
    for outcome, values in CASES[name].items():
        if outcome == "open":
            yield from ((value, {"open"}, stage) for stage, texts in values.items() for value in texts)
        else:
            yield from ((value, {"lost", "open"} if outcome == "quiet" else {outcome}, None) for value in values)


@pytest.mark.parametrize("name", FLOORS)
def test_statuses_are_read_as_people_mean_them(name):
    cases = list(labelled(name))
    read = [(OUTCOMES.one(value), meant) for value, meant, _ in cases]
    right, wrong, stages = FLOORS[name]
    assert sum(outcome in meant for outcome, meant in read) >= right * len(cases)
    assert sum(outcome is not None and outcome not in meant for outcome, meant in read) <= wrong * len(cases)
    staged = [STAGES.one(value) == stage for value, _, stage in cases if stage not in (None, "none")]
    assert sum(staged) >= stages * len(staged)


@pytest.mark.parametrize("name", FLOORS)
def test_no_open_or_lost_status_is_read_as_a_sale(name):
    assert [value for value, meant, _ in labelled(name) if "won" not in meant and OUTCOMES.one(value) == "won"] == []


def test_what_only_sounds_like_a_sale_is_none():
    assert [value for value in CASES["traps"]["no_sale"] if OUTCOMES.one(value) == "won"] == []


@pytest.mark.parametrize("name", FLOORS)
def test_no_sale_is_read_as_a_loss(name):
    assert [value for value, meant, _ in labelled(name) if meant == {"won"} and OUTCOMES.one(value) == "lost"] == []


@pytest.mark.parametrize(
    ("text", "outcome", "stage"),
    [
        ("已验漆", None, None),
        ("已看铺", "open", "in_depth"),
        ("约看铺", "open", "in_depth"),
        ("看铺改期", "open", None),
        ("看铺后未签", "lost", None),
        ("取消认购", "lost", None),
        ("待认购", "open", "decision"),
        ("认购中", "open", "decision"),
        ("认购成功", "won", None),
        ("survey booked", "open", "in_depth"),
        ("survey cancelled", "lost", None),
        ("awaiting survey", "open", "in_depth"),
        ("about to enrol", "open", "decision"),
        ("didn't enrol", "lost", None),
        ("hasn't enrolled yet", "open", "decision"),
        ("they have enrolled", "won", None),
    ],
)
def test_one_act_is_read_in_all_its_forms(text, outcome, stage):
    assert (OUTCOMES.one(text), STAGES.one(text)) == (outcome, stage)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("已签保密协议", "open"),
        ("Signed NDA", "open"),
        ("已报名试听", "open"),
        ("Signed up for trial", "open"),
        ("已成交竞品", "lost"),
        ("同行已签", "lost"),
        ("Signed with a competitor", "lost"),
        ("Won against a competitor", "won"),
        ("Won - referral", "won"),
        ("Booked - site visit", "open"),
        ("Deposit paid then cancelled", "lost"),
        ("定金已付", "won"),
        ("待付定金", "open"),
        ("已退定", "lost"),
        ("未付尾款", "won"),
        ("成交？", "open"),
        ("not yet signed", "open"),
        ("won't sign", "lost"),
        ("看房未成交", "lost"),
        ("试听后已报名", "won"),
        ("Won (tbc)", "open"),
        ("已成交（客户在外地）", "won"),
        ("朋友介绍成交", "won"),
        ("3.5已签约", "won"),
        ("Closed - Won", "won"),
        ("下周签约", "open"),
        ("Quote sent - awaiting deposit", "open"),
    ],
)
def test_what_stands_around_a_sale_is_heeded(text, outcome):
    assert OUTCOMES.one(text) == outcome


def test_a_long_note_is_no_act():
    note = "客户上周来过店里看了两套样板间今天电话沟通说要等他爱人回来再一起决定要不要签约"
    assert (ACTS.read(note), ACTS.within(note), ACTS.guess(note)) == (None, [], None)


def test_a_users_own_act_is_read_in_all_forms(tmp_path):
    from lostdeals.vocab import load

    own = tmp_path / "mine.toml"
    own.write_text('[acts.zh_steps.acts]\nin_depth = ["验漆"]\n', encoding="utf-8")
    reader = stage_reader(load(own))
    assert [reader.one(text) for text in ("已验漆", "待验漆", "验漆", "没验漆")] == [
        "in_depth",
        "in_depth",
        "in_depth",
        None,
    ]
